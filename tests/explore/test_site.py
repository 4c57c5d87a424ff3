"""The site: what every page has to hold, asked without a browser."""

import asyncio
import csv
import io
import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qsl, quote, urldefrag, urlencode, urljoin, urlsplit
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from datasette.app import Datasette

import explore_data
from explore_site import Answer, Looker, ask, ask_one, check_answer, named, page_of, site_of
from svodka.cli import main
from svodka.explore.search.documents import search_documents
from svodka.explore.search.rows import all_rows
from svodka.explore.search.selection import Filters
from svodka.explore.site import addresses
from svodka.explore.site.app import build_site
from svodka.view.visible import visible

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("corpus", ["small", "hostile"])
def test_links_lead_somewhere_and_every_page_is_as_it_has_to_be(corpus: str) -> None:
    seen: dict[str, Answer] = {}
    waiting = ["/", *_tables(corpus), "/data?sql=select+*+from+quotes_full+where+type=:t&t=direct", "/documents?month="]
    anchors: set[tuple[str, str]] = set()
    while new := [path for path in dict.fromkeys(waiting) if path not in seen]:
        waiting = []
        for path, answer in ask(corpus, *new).items():
            seen[path] = answer
            assert answer.status == 200, (path, answer.text[:500])
            check_answer(path, answer)
            links = answer.page.links if answer.page else []
            for link in links[:14] if path.startswith("/data") else links:  # of rows some
                if link.startswith(("http://", "https://")):
                    continue
                target, anchor = urldefrag(urljoin(path, link))
                anchors |= {(target, anchor)} if anchor else set()
                if _is_followed(target):
                    waiting.append(target)
    for target, anchor in anchors:
        page = seen[target].page
        assert page is not None
        assert anchor in page.ids, (target, anchor)
    assert len(seen) > 100


def _tables(corpus: str) -> list[str]:
    return [f"/data/{name}" for name in named(corpus, "SELECT name, description FROM schema_tables")]


def _is_followed(target: str) -> bool:
    """Each choice alone, not each of all the choices together; tables as they are."""
    parameters = parse_qsl(urlsplit(target).query, keep_blank_values=True)
    return len(parameters) <= (0 if target.startswith("/data/") else 1)


@pytest.mark.parametrize("corpus", ["samples", "hostile"])
def test_every_document_and_speaker_has_a_page_that_shows_it_as_text(corpus: str) -> None:
    titles = named(corpus, "SELECT doc_id, title FROM documents")
    for doc_id, answer in zip(titles, ask(corpus, *map(addresses.document, titles)).values(), strict=True):
        assert answer.status == 200
        check_answer(doc_id, answer)
        page = answer.page
        assert page is not None
        with closing(site_of(corpus).get_database().connect()) as connection:
            quotes = connection.execute("SELECT quote_id FROM quotes WHERE doc_id = ?", (doc_id,)).fetchall()
        assert {f"q{quote_id}" for (quote_id,) in quotes} <= set(page.ids)
        assert {f"#q{quote_id}" for (quote_id,) in quotes} <= set(page.links)
        assert visible(titles[doc_id] or doc_id) in page.text
    names = named(corpus, "SELECT speaker_id, speaker FROM speakers")
    for speaker_id, answer in zip(names, ask(corpus, *map(addresses.speaker, names)).values(), strict=True):
        assert answer.status == 200
        check_answer(speaker_id, answer)
        assert answer.page is not None
        assert visible(names[speaker_id]) in answer.page.text


def test_what_is_typed_is_shown_as_text_and_stays() -> None:
    for typed in (
        '"><script>alert(1)</script>',
        "{{ 7 * 7 }}",
        "'; DROP TABLE quotes; --",
        "\x00",
        "﷽" * 2000,
        '"',
        "*",
    ):
        for page in ("/quotes", "/documents", "/speakers", "/charts", "/facets/role"):
            path = f"{page}?{urlencode({'q': typed, 'role': typed})}"
            answer = ask_one("small", path)
            assert answer.status == 200, path
            check_answer(path, answer)
            assert answer.page is not None
            if page != "/facets/role":
                (box,) = (one for one in answer.page.all("input") if one.get("name") == "q")
                assert box["value"] == typed.replace("\x00", "\ufffd") or "\x00" in typed
            assert "49" not in answer.page.text or "{{" not in typed


def test_marks_of_charts_lead_to_as_many_quotations_as_they_say() -> None:
    page = page_of("small", "/charts")
    marks = {
        one["href"]: int(re.sub(r"[^0-9]", "", one["aria-label"].rpartition(":")[2].partition(",")[0]))
        for one in page.all("a")
        if re.match(r"(\d{4}(-\d\d)?: )?[\d,]+(, |$)", one.get("aria-label", ""))
    }
    marks |= {one["href"]: one_count for one, one_count in _rows_with_numbers("/charts")}
    assert len(marks) >= 8
    for path, count in marks.items():
        assert re.search(rf"\b{count} quotations?\b", page_of("small", path).text), (path, count)


def _rows_with_numbers(path: str) -> Iterator[tuple[dict[str, str], int]]:
    """The rows of charts of lengths: the link of the name, and the number."""
    html = ask_one("small", path).text
    for row in re.findall(
        r'<th scope="row" lang="ru">(<a href=[^>]*>)[^<]*</a></th>\s*<td>.*?<td class="number">(\d+)</td>', html, re.S
    ):
        yield Looker(row[0]).tags[0][1], int(row[1])


def test_files_have_what_the_search_has() -> None:
    for filters in (Filters(), Filters(text="мост"), Filters(speaker=""), Filters(type="direct", via=""), Filters("ы")):
        with explore_data.opened() as connection:
            rows = list(all_rows(connection, filters))
        as_csv, as_json = (ask_one("small", addresses.quotes_file(filters, one)) for one in ("csv", "json"))
        check_answer("csv", as_csv)
        assert json.loads(as_json.text) == rows
        written = list(csv.DictReader(io.StringIO(as_csv.text, newline="")))
        assert written == [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
        assert f"{len(rows)} quotation" in page_of("small", addresses.quotes(filters)).text
    assert as_csv.text.startswith("doc_id,quote_id,")  # nothing found
    assert 'filename="quotes.csv"' in as_csv.headers["content-disposition"]
    for name in ("months", "speakers", "media"):
        found = json.loads(ask_one("small", f"/charts/{name}.json").text)
        assert found
        assert list(csv.DictReader(io.StringIO(ask_one("small", f"/charts/{name}.csv").text))) == [
            {key: str(value) for key, value in row.items()} for row in found
        ]
    assert [row["speaker_id"] for row in json.loads(ask_one("small", "/speakers.json?kind=group").text)] == [
        "group: жители"
    ]


@pytest.mark.parametrize(("text", "month"), [("", None), ("мост", None), ("", ""), ("", "2021-11"), ("слон", None)])
def test_files_have_the_documents_that_were_found(text: str, month: str | None) -> None:
    with explore_data.opened() as connection:
        hits = search_documents(connection, text, month=month, limit=99).hits
    as_csv, as_json = (ask_one("small", addresses.documents_file(one, q=text, month=month)) for one in ("csv", "json"))
    rows = json.loads(as_json.text)
    assert [(row["doc_id"], row["n_quotes"]) for row in rows] == [(hit.doc_id, hit.n_quotes) for hit in hits]
    texts = dict(explore_data.tables().documents.set_index("doc_id")["text"])
    assert [row["text"] for row in rows] == [texts[hit.doc_id] for hit in hits]
    written = list(csv.DictReader(io.StringIO(as_csv.text, newline="")))
    assert written == [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    assert (
        addresses.documents_file("csv", q=text, month=month)
        in page_of("small", addresses.documents(q=text, month=month)).links
        or not hits
    )


def test_a_spreadsheet_computes_nothing_of_a_file() -> None:
    plain, safe = (ask_one("hostile", f"/quotes.csv{end}").text for end in ("", "?spreadsheet=1"))
    assert safe.startswith("\ufeff")
    cells = [cell for row in csv.reader(io.StringIO(safe[1:], newline="")) for cell in row]
    assert len(cells) == sum(map(len, csv.reader(io.StringIO(plain, newline=""))))
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/nothing", 404, "There is no such page"),
        ("/-/versions", 404, "There is no page"),
        ("/-/threads.json", 404, "There is no page"),
        ("/documents/" + "нет".encode().hex("~").upper(), 404, "There is no document"),
        ("/speakers/nobody~3Cb~3E", 404, "There is no speaker 'nobody<b>'"),
        ("/facets/colour", 404, "There is no facet 'colour'; there are speaker, head"),
        ("/charts/pie.csv", 404, "There is no chart 'pie'; there are months"),
        ("/quotes?page=99", 404, "the last one is page 1"),
        ("/quotes?page=0", 400, "pages are numbers from 1 on"),
        ("/quotes?page=²", 400, "pages are numbers from 1 on"),
        ("/quotes?order=best", 400, "there are relevance, newest, oldest"),
        ("/speakers?kind=robot", 400, "there are person, organization"),
        ("/speakers.csv?kind=robot", 400, "there are person, organization"),
        ("/data/nothing", 404, "Table not found"),
        ("/data?sql=delete+from+quotes", 400, "Statement must be a SELECT"),
        ("/_internal", 403, "permission"),
    ],
)
def test_errors_are_pages_that_help(path: str, status: int, told: str) -> None:
    answer = ask_one("small", path)
    assert answer.status == status
    check_answer(path, answer)
    assert told in (answer.page.text if answer.page else json.loads(answer.text)["error"])


def test_addresses_with_percents_lead_to_those_of_the_site() -> None:
    answer = ask_one("small", f"/speakers/{quote('group: жители')}")
    assert answer.status == 302
    assert page_of("small", answer.headers["location"]).text.count("жители")


def test_only_reading_is_allowed_and_only_under_the_names_of_this_machine() -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = ask_one("small", "/quotes", method=method)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
        check_answer(method, answer)
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8001", "10.0.0.7", ""):
        answer = ask_one("small", "/quotes", headers={"host": host})
        assert answer.status == 421, host
        assert "заяв" not in answer.text
        check_answer(host, answer)
    for host in ("localhost", "LOCALHOST:8001", "127.0.0.1:9", "[::1]:8001"):
        assert ask_one("small", "/quotes", headers={"host": host}).status == 200, host
    head = ask_one("small", "/quotes", method="HEAD")
    assert (head.status, head.text) == (200, "")
    check_answer("head", head)
    site = build_site(explore_data.database(), hosts=["Tower.local"], in_network=True)
    for host, status in (("tower.local:80", 200), ("10.0.0.7", 200), ("evil.example", 421)):
        assert asyncio.run(site.client.get("/", headers={"host": host})).status_code == status


def test_pages_name_the_corpus() -> None:
    site = build_site(explore_data.database(), name="<b>Заречье</b>")
    text = Answer(asyncio.run(site.client.get("/speakers"))).text
    named = "&lt;b&gt;Заречье&lt;/b&gt;"
    assert f"Speakers · {named} · svodka</title>" in text
    assert f"{named}</span>" in text


def test_a_name_leads_to_its_speaker() -> None:
    assert "Speakers of that name: Пётр Орлов (2)" in page_of("small", "/quotes?q=Орлова").text
    assert "of that name" not in page_of("small", "/quotes?q=мост").text
    assert "of that name" not in page_of("small", "/quotes?q=Орлов&speaker=x").text


def test_many_months_are_counted_by_year(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [link for link in page_of("small", "/quotes").links if "year=" in link]
    monkeypatch.setattr("svodka.explore.site.pages._MOST_MONTHS", 2)
    links = page_of("small", "/quotes").links
    assert [link for link in links if "year=" in link] == ["/quotes?year=2022", "/quotes?year=2021", "/quotes?year="]
    assert not [link for link in links if "month=" in link]
    assert "/quotes?month=2021-11&year=2021" in page_of("small", "/quotes?year=2021").links


def test_the_database_cannot_be_written() -> None:
    database = site_of("small").get_database()
    with pytest.raises(PermissionError):
        database.connect(write=True)
    with closing(database.connect()) as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM quotes")


def test_other_sites_of_datasette_are_not_touched() -> None:
    build_site(explore_data.database())
    other = Datasette(memory=True)
    answer = asyncio.run(other.client.get("/"))
    assert "Datasette" in answer.text
    assert "content-security-policy" not in answer.headers
    assert asyncio.run(other.client.get("/quotes")).status_code == 404
    assert asyncio.run(other.client.get("/", headers={"host": "evil.example"})).status_code == 200


def test_the_command_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "svodka", "explore", str(explore_data.database()), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        try:
            assert served.stdout is not None
            told = served.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:(\d+)/", told)
            assert address, told
            with urlopen(address[0] + "quotes.json") as answer:
                assert len(json.load(answer)) == len(explore_data.tables().quotes)
            taken = CliRunner().invoke(main, ["explore", str(explore_data.database()), "--port", address[1]])
            assert taken.exit_code == 1
            assert f"cannot listen on port {address[1]} of '127.0.0.1'" in taken.output
            assert "--port 0 takes any that is free" in taken.output
        finally:
            served.send_signal(signal.SIGINT)
        rest, errors = served.communicate(timeout=30)
    assert (served.returncode, rest, errors) == (0, "", "")
