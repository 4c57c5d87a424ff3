"""A client of the explorer's site, and what every answer of it has to hold."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx

import explore_data
from export_data import hostile_tables, sample_tables
from svodka.explore.site.app import build_site
from svodka.tables import Tables
from svodka.writers.formats import export

_POLICY = {
    "default-src": "'none'", "style-src": "'self'", "img-src": "'self' data:", "script-src": "'self'",
    "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
}  # fmt: skip


class Answer:
    """What the site answered, its HTML looked through."""

    def __init__(self, response: Any) -> None:  # noqa: ANN401
        self.status: int = response.status_code
        self.headers = response.headers
        self.text: str = response.text
        is_html = self.text and "text/html" in self.headers.get("content-type", "")
        self.page = Looker(self.text) if is_html else None


class Looker(HTMLParser):
    """Tags of a page with their attributes, its links and its ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        self.ids = [attributes["id"] for _, attributes in self.tags if "id" in attributes]
        self.links = [attributes["href"] for tag, attributes in self.tags if tag == "a" and "href" in attributes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@cache
def site_of(corpus: str) -> Any:  # noqa: ANN401
    tables: dict[str, Callable[[], Tables]] = {
        "small": explore_data.tables, "samples": sample_tables, "hostile": hostile_tables
    }  # fmt: skip
    if corpus == "small":
        return build_site(explore_data.database())
    path = Path(mkdtemp()) / "a ?#%41 б.sqlite"  # Datasette would take some of it for options
    export([tables[corpus]()], "sqlite", path)
    return build_site(path)


def ask(corpus: str, *paths: str, method: str = "GET", **more: Any) -> dict[str, Answer]:  # noqa: ANN401
    """Answers by path."""
    transport = httpx.ASGITransport(app=site_of(corpus).client.app)

    async def answers() -> dict[str, Answer]:
        # Datasette's own client makes a new one a request, which reads all certificates each time
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", verify=False) as client:
            return {path: Answer(await client.request(method, path, **more)) for path in paths}

    return asyncio.run(answers())


def ask_one(corpus: str, path: str, **more: Any) -> Answer:  # noqa: ANN401
    return ask(corpus, path, **more)[path]


def page_of(corpus: str, path: str) -> Looker:
    answer = ask_one(corpus, path)
    assert answer.status == 200, (path, answer.text)
    assert answer.page is not None
    return answer.page


def named(corpus: str, statement: str) -> dict[str, str]:
    with closing(site_of(corpus).get_database().connect()) as connection:
        return dict(connection.execute(statement).fetchall())


def check_answer(path: str, answer: Answer) -> None:
    """What holds of every answer, whatever it is."""
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy == _POLICY, path
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers
    if answer.page is not None:
        check_page(path, answer.page)


def check_page(path: str, page: Looker) -> None:
    """What holds of every page: nothing foreign, nothing within it that does something, a frame for all readers."""
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (path, tag, attributes)
        assert tag not in ("style", "iframe", "object", "embed", "base", "img"), (path, tag)
        for name in ("src", "action") + (("href",) if tag == "link" else ()):
            assert attributes.get(name, "/").startswith("/"), (path, tag, attributes)
            assert not attributes.get(name, "").startswith("//")
        if tag == "a":
            target = attributes["href"]
            assert target.startswith(("/", "#", "?", "http://", "https://")), (path, target)
            assert not target.startswith("//")
    assert [one["src"] for one in page.all("script")] == ["/static/site.js"]
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == len(page.all("main")) == 1, path
    assert len(page.ids) == len(set(page.ids)), path
    labelled = {one.get("for") for one in page.all("label")}
    for tag in ("input", "select", "textarea"):
        for field in page.all(tag):
            assert field.get("type") == "hidden" or field["id"] in labelled, (path, field)
