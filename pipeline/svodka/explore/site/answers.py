"""How the site answers: the database is asked, pages are made from templates, errors told, files sent in pieces."""

import json
import logging
import sqlite3
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.resources import files
from typing import Any, TypeVar

from markupsafe import Markup, escape

from svodka.explore.site import addresses
from svodka.explore.site.guard import Send
from svodka.libraries import require
from svodka.schema import ALL_TABLES
from svodka.view.html.markup import shown
from svodka.view.visible import visible

Result = TypeVar("Result")

_LOG = logging.getLogger(__name__)
_NO_PAGE = ("404", "Database not found")
"""What Datasette says where it has no page."""

_DATASETTE = "/data"
_MISUNDERSTOOD = "The tables cannot be asked that: a parameter of the address has no meaning there."

_HTML = "text/html; charset=utf-8"
_FILES = {
    # the style of highlighted texts, which notebooks and the site share
    "document.css": ("svodka.view.html", "style.css", "text/css; charset=utf-8"),
    "site.css": ("svodka.explore.site", "static/site.css", "text/css; charset=utf-8"),
    "site.js": ("svodka.explore.site", "static/site.js", "text/javascript; charset=utf-8"),
    "icon.svg": ("svodka.explore.site", "static/icon.svg", "image/svg+xml"),
}
"""Name of a file that pages need → package, path in it, type."""


class PageError(Exception):
    """What is asked for is not there, or not asked for in a way that can be answered.

    Args:
        message: What is wrong and what to do, for the reader of the page.
        status: Status of HTTP.
        links: Where to go on: text → address.
    """

    def __init__(self, message: str, *, status: int = 404, links: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.links = dict(links or {})


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that Datasette sends.

    Attributes:
        body: What is sent, whole or in pieces.
        content_type: Its type.
        status: Status of HTTP.
        headers: Further headers.
    """

    body: str | AsyncGenerator[str, None]
    content_type: str = _HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    async def asgi_send(self, send: Send) -> None:
        """Send it as ASGI has it: https://asgi.readthedocs.io/en/latest/specs/www.html."""
        named = {"content-type": self.content_type, **self.headers}
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in named.items()]
        start = {"type": "http.response.start", "status": self.status, "headers": headers}
        if isinstance(self.body, str):
            await send(start)
            await send({"type": "http.response.body", "body": self.body.encode()})
            return
        async with aclosing(self.body) as pieces:  # what is behind them is closed whatever happens
            first = await anext(pieces, "")  # what fails at once is told as an error
            await send(start)
            await send({"type": "http.response.body", "body": first.encode(), "more_body": True})
            async for piece in pieces:
                await send({"type": "http.response.body", "body": piece.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def prepare(env: Any, corpus: str) -> None:  # noqa: ANN401
    """Give the templates what they need: the name of the corpus, addresses, and text in which controls show."""
    env.trim_blocks = env.lstrip_blocks = True
    env.finalize = shown
    env.filters.update(number=number, seen=_seen)
    env.globals.update(corpus=corpus, to=addresses, contract=ALL_TABLES)


def _seen(value: object) -> Markup:
    """The same of what Datasette made, which can be HTML."""
    return Markup(visible(escape(value)))


def number(value: int) -> str:
    """A number as people read it.

    >>> number(12345)
    '12,345'
    """
    return f"{value:,}"


async def ask(datasette: Any, question: Callable[[sqlite3.Connection], Result]) -> Result:  # noqa: ANN401
    """Ask the database in a thread, so that others are answered meanwhile."""
    answer: Result = await datasette.get_database().execute_fn(question)
    return answer


async def page(datasette: Any, request: Any, template: str, *, status: int = 200, **context: object) -> Answer:  # noqa: ANN401
    """A page from a template of the site."""
    html: str = await datasette.render_template(f"svodka/{template}.html", context, request=request)
    return Answer(html, status=status)


async def nothing_there(request: Any) -> Answer:  # noqa: ANN401
    """Answer that there is no such page."""
    raise PageError(f"There is no page {request.path}.")


async def file(request: Any) -> Answer:  # noqa: ANN401
    """A file that pages need; there are no others, so that no path leads out of their folder."""
    name = request.url_vars["name"]
    if name not in _FILES:
        raise PageError(f"There is no page {request.path}.")
    package, path, content_type = _FILES[name]
    return Answer(files(package).joinpath(path).read_text(encoding="utf-8"), content_type)


async def error(datasette: Any, request: Any, exception: Exception) -> Answer:  # noqa: ANN401
    """The page, or the JSON, that tells what went wrong."""
    if request.path.startswith(_DATASETTE) and _is_unforeseen(exception):
        _LOG.warning("Datasette cannot answer %s: %r", request.path, exception)
        exception = PageError(str(getattr(exception, "message", "")) or _MISUNDERSTOOD, status=HTTPStatus.BAD_REQUEST)
    status, message = _told(exception)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.error("%s failed", request.path, exc_info=exception)
    elif status == HTTPStatus.SERVICE_UNAVAILABLE:
        _LOG.error("%s failed: %r", request.path, exception)
    if request.path.endswith(".json"):
        body = json.dumps({"ok": False, "status": status, "error": message}, ensure_ascii=False)
        return Answer(body, "application/json; charset=utf-8", status)
    links = getattr(exception, "links", {})
    return await page(datasette, request, "error", status=status, title=_title(status), message=message, links=links)


def _is_unforeseen(exception: Exception) -> bool:
    """Whether it is what Datasette runs into with parameters that mean nothing, of which it has not thought."""
    is_broken = type(exception) is sqlite3.DatabaseError or isinstance(exception, FileNotFoundError)
    is_slow = getattr(exception, "message_is_html", False)
    status = getattr(exception, "status", HTTPStatus.INTERNAL_SERVER_ERROR)
    return status == HTTPStatus.INTERNAL_SERVER_ERROR and not is_broken and not is_slow


def _told(exception: Exception) -> tuple[int, str]:
    """The status and the message of an error, of ours or of Datasette."""
    if getattr(exception, "message_is_html", False):  # that is so of nothing else in Datasette
        return HTTPStatus.BAD_REQUEST, "This took longer than a question may take; ask for less."
    if isinstance(exception, FileNotFoundError | sqlite3.DatabaseError):
        return HTTPStatus.SERVICE_UNAVAILABLE, "The database has been changed or removed; start svodka explore again."
    status = getattr(exception, "status", HTTPStatus.INTERNAL_SERVER_ERROR)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return status, "Something went wrong in svodka; the terminal tells what."
    message = str(getattr(exception, "message", exception))
    return status, "There is no such page." if message in _NO_PAGE else message


def _title(status: int) -> str:
    return {400: "That cannot be asked", 404: "Not found"}.get(status, HTTPStatus(status).phrase)


def not_found_there() -> Exception:
    """What makes Datasette look whether an address was meant that is written in another way."""
    missing: Exception = require("datasette.utils.asgi", "explore").NotFound("404")
    return missing
