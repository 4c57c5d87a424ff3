"""What strangers try: with requests, with SQL, with a database, through a page of another site."""

import asyncio
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from click.testing import CliRunner

import explore_data
from explore_site import ask, ask_one, check_answer, site_of
from odd_texts import HOSTILE
from svodka.cli import main
from svodka.errors import InputError
from svodka.explore.database import prepare
from svodka.explore.site import addresses, bounds
from svodka.explore.site.app import build_site
from svodka.explore.site.guard import Guard

pytestmark = pytest.mark.engine

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


def asked(sql: str, ending: str = ".json") -> str:
    return f"/data{ending}?{urlencode({'sql': sql})}"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:x@evil.example", 421),
        ("127.0.0.1:x@evil.example", 421),
        ("user@localhost", 421),
        ("[::1]evil.example", 421),
        ("[::1", 421),
        ("::1", 421),
        ("[::1%25eth0]", 421),
        ('localhost:"><script>', 421),
        ("localhost:999999", 421),
        ("localhost evil.example", 421),
        ("2130706433", 421),
        ("127.1", 421),
        ("0.0.0.0", 421),
        ("localhost.", 200),
        ("[::1]", 200),
        ("127.9.9.9:80", 200),
    ],
)
def test_a_host_is_ours_or_is_refused(host: str, status: int) -> None:
    answer = ask_one("small", "/speakers.json", headers={"host": host})
    assert answer.status == status
    check_answer(host, answer)
    assert status == 200 or host not in answer.text


def test_no_page_of_another_site_loads_anything_but_links_are_followed() -> None:
    for site in ("cross-site", "same-site"):
        for mode, target, status in (
            ("no-cors", "image", 403),
            ("cors", "empty", 403),
            ("navigate", "iframe", 403),
            ("navigate", "document", 200),
        ):
            headers = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": target}
            assert ask_one("small", "/speakers.json", headers=headers).status == status, headers
    for path in ("/speakers.json", asked("select 1"), "/data/quotes.json", "/quotes.csv"):
        answer = ask_one("small", path, headers={"origin": "https://evil.example", "sec-fetch-site": "same-origin"})
        assert answer.status == 200
        assert not [name for name in answer.headers if name.startswith("access-control")]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_cookies_of_other_sites_of_this_machine_are_not_read() -> None:
    # http.cookies raises an error at some of them
    for cookie in ("a/b=1", "ds_actor=x; ds_messages=y", "[;=\x01"):
        headers = {"cookie": cookie, "authorization": "Basic x"}
        assert ask_one("small", "/speakers", headers=headers).status == 200, cookie
    assert ask_one("small", asked("select :_cookie_x"), headers={"cookie": "x=secret"}).text.count("secret") == 0


def test_odd_targets_are_refused_and_lead_nowhere_else() -> None:
    async def status(**scope: Any) -> int:  # noqa: ANN401
        sent: list[Any] = []

        async def send(message: Any) -> None:  # noqa: ANN401
            sent.append(message)

        whole = {"type": "http", "method": "GET", "headers": [(b"host", b"localhost")], "query_string": b"", **scope}
        await Guard(site_of("small").client.app, (), in_network=False)(whole, None, send)  # type: ignore[arg-type]
        return int(sent[0].get("status", 0))

    for target in (b"http://evil.example/", b"*", b"evil", b"/\\evil.example/"):
        assert asyncio.run(status(raw_path=target, path=target.decode())) == 400, target
    assert asyncio.run(status(raw_path=b"/quotes", path="/quotes", query_string=b"q=" + b"a" * 70_000)) == 414
    assert asyncio.run(status(type="websocket", path="/quotes")) == 0
    for path in ("//evil.example/", "//evil.example//", "/%5Cevil.example/", "/documents/a%0d%0aSet-Cookie:x=y/"):
        answer = ask_one("small", f"http://localhost{path}")
        assert answer.status == 302
        location = answer.headers["location"]
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))
        assert "\r" not in location


def test_only_the_files_of_pages_are_served() -> None:
    for name in ("document.css", "site.css", "site.js", "icon.svg"):
        assert ask_one("small", f"/static/{name}").status == 200
    names = (
        "",
        "../app.py",
        "%2e%2e/app.py",
        "..%2fapp.py",
        "/etc/passwd",
        "~2E~2E~2Fapp.py",
        "a" * 300,
        "%00",
        "SITE.CSS",
    )
    for path in (*(f"/static/{name}" for name in names), "/-/static/app.css", "/-/static-plugins/svodka-explore/x"):
        answer = ask_one("small", path)
        assert answer.status in (302, 404), path
        check_answer(path, answer)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("attach database '/tmp/x.db' as x", "must be a SELECT"),
        ("vacuum into '/tmp/x.db'", "must be a SELECT"),
        ("select * from pragma_journal_mode", "disallowed PRAGMA"),
        ("select 1; drop table quotes", "one statement at a time"),
        ("with x as (select 1) delete from quotes", "readonly"),
        ("with x(a) as (values(1)) replace into svodka_meta select a, a from x", "readonly"),
        ("select readfile('/etc/passwd')", "no such function"),
        ("select load_extension('x')", "not authorized"),
        ("select fts3_tokenizer('simple')", "not authorized"),
        ("select printf('%.*c', 900000000, 'x')", "not authorized"),
        ("select format('%*d', 2000000000, 1)", "not authorized"),
        ("select randomblob(900000000)", "too big"),
        ("select length(hex(zeroblob(400000000)))", "too big"),
        (f"select 'a' like '%{'b' * 1000}%'", "too complex"),
        ("select * from [\x1b[2J\x07\u202e]", "no such table"),
        ("select \x1b", "unrecognized token"),
    ],
)
def test_sql_reads_the_database_and_nothing_else(sql: str, told: str, capfd: pytest.CaptureFixture[str]) -> None:
    as_page, as_json = ask_one("small", asked(sql, "")), ask_one("small", asked(sql))
    assert (as_page.status, as_json.status) == (400, 400)
    assert told in as_json.text
    check_answer(sql, as_page)
    assert capfd.readouterr().err == ""  # nor does anything reach the terminal


def test_answers_to_sql_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "_LARGEST_ANSWER", 1000)
    assert "the answer is too large" in ask_one("small", asked("select d.text from documents d, tokens")).text
    assert ask_one("small", asked("select doc_id from documents")).status == 200


def test_an_endless_question_ends_and_others_are_answered_meanwhile() -> None:
    site = build_site(explore_data.database())
    site._settings["sql_time_limit_ms"] = site.sql_time_limit_ms = 700

    async def answers() -> tuple[list[Any], float, float]:
        await site.invoke_startup()
        begin = time.monotonic()
        questions = [asyncio.create_task(site.client.get(asked(ENDLESS))) for _ in range(4)]
        await asyncio.sleep(0.2)
        assert (await site.client.get("/speakers")).status_code == 200
        served = time.monotonic() - begin
        return await asyncio.gather(*questions), served, time.monotonic() - begin

    found, served, ended = asyncio.run(answers())
    assert served < ended
    for answer in found:
        assert answer.status_code == 400
        assert "longer than a question may take" in answer.json()["error"]


def test_no_search_breaks_the_site() -> None:
    odd = [
        "сверх" * 200,
        "а" + "-то" * 300,
        "a" * 1000,
        "а* ИЛИ " * 300,
        "-а " * 300,
        '"' * 999,
        "\ud800",
        *HOSTILE[:12],
    ]
    typed = [quote(one.encode("utf-8", "surrogatepass")) for one in odd]
    paths = [f"/quotes?q={one}" for one in typed]
    paths += [f"/documents?q={one}" for one in typed[:5]]
    paths += [f"/quotes?page={one}" for one in ("-1", "1e9", "NaN", "9" * 30, "%00", "1.5")]
    paths += [
        "/quotes?" + "&".join(f"q={number}" for number in range(3000)),
        "/quotes?q=%FF%FE&q&=&%00=1&" + "&" * 5000,
    ]
    for path, answer in ask("small", *paths).items():
        assert answer.status in (200, 400), path[:99]
        check_answer(path, answer)


def test_parameters_that_datasette_does_not_expect_are_wrong_questions() -> None:
    for parameter in (
        "_sort=none", "_next=9223372036854775808", "_through=%27",
        "_timelimit=null", "_json_infinity=x", "_size=NaN", "_where=%27", "_col=x", "_search_x=x",
        "text__arraycontains=x", "_nl=%00",
    ):  # fmt: skip
        for ending in ("", ".json", ".csv"):
            answer = ask_one("small", f"/data/quotes{ending}?{parameter}")
            assert answer.status in (200, 302, 400), (parameter, ending)
            check_answer(parameter, answer)
    for path in ("/data.csv?sql=", "/data/sqlite_master/1", "/data/quotes/" + "9" * 30, "/data/quotes/~00,1.json"):
        assert ask_one("small", path).status in (400, 404), path


@pytest.mark.parametrize(
    "statement",
    [
        f"DROP VIEW speakers; CREATE VIEW speakers AS {ENDLESS}",
        "DROP TABLE schema_tables; CREATE VIEW schema_tables AS SELECT 'a' AS name, 'b' AS description",
        "DROP TABLE facet_values",
        "ALTER TABLE documents ADD COLUMN more TEXT AS (hex(zeroblob(1000000000)))",
        "UPDATE svodka_meta SET value = '\x1b]0;evil' WHERE name = 'schema'",
    ],
)
def test_a_database_that_svodka_did_not_write_so_is_refused(statement: str, tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    shutil.copy(explore_data.database(), path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIEW mine AS SELECT 1")
        connection.commit()
        assert prepare(path) == path  # further ones are the user's
        connection.executescript(statement)
    with pytest.raises(InputError):
        prepare(path)
    refused = CliRunner().invoke(main, ["explore", str(path)])
    assert refused.exit_code == 1
    assert "\x1b" not in refused.output


def test_a_database_that_goes_away_is_told_of(tmp_path: Path) -> None:
    for name, spoil in (("removed", os.remove), ("cut", lambda path: os.truncate(path, 20_000))):
        path = tmp_path / f"{name}.sqlite"
        shutil.copy(explore_data.database(), path)
        site = build_site(path)
        assert asyncio.run(site.client.get("/")).status_code == 200
        spoil(path)
        for page in ("/", "/quotes", "/quotes.csv", "/quotes.json"):
            answer = asyncio.run(site.client.get(page))
            assert answer.status_code == 503, (name, page)
            assert "start svodka explore again" in answer.text


def test_ids_make_no_headers_and_no_paths() -> None:
    for doc_id in (
        "a\r\nX-Evil: 1",
        "../../etc/passwd",
        "x.json",
        "quotes.csv",
        "~",
        ".",
        "//evil.example",
        "\x00",
        "%2e",
    ):
        assert addresses.from_path(addresses.in_path(doc_id)) == doc_id
        answer = ask_one("small", addresses.document(doc_id))
        assert (answer.status, "x-evil" in answer.headers) == (404, False)
        check_answer(doc_id, answer)


def test_an_interruption_ends_downloads_and_questions(tmp_path: Path) -> None:
    with _served() as (served, port):
        with _asking(port, "/data.db"), _asking(port, asked(ENDLESS)), _asking(port, "/quotes", method="GE"):
            time.sleep(0.3)
            served.send_signal(signal.SIGINT)
            output, errors = served.communicate(timeout=60)  # a client that reads nothing would hold it for ever
        assert (served.returncode, output, errors) == (0, "", "")


@contextmanager
def _served() -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [sys.executable, "-m", "svodka", "explore", str(explore_data.database()), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        try:
            assert served.stdout is not None
            yield served, int(served.stdout.readline().split("127.0.0.1:")[1].split("/")[0])
        finally:
            served.kill()


@contextmanager
def _asking(port: int, path: str, method: str = "GET") -> Iterator[None]:
    """A client that asks and then reads nothing."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"[: None if method == "GET" else 9].encode()
        )
        yield


def test_what_is_logged_does_not_steer_the_terminal() -> None:
    script = """
import logging
from svodka.cli import main
main(["explore", "--help"], standalone_mode=False)
try:
    raise ValueError("\x1b]0;evil\x07")
except ValueError:
    logging.getLogger("svodka.explore").exception("failed: \u202e")
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stderr
    assert "evil" in told
    assert not {"\x1b", "\x07", "\u202e"} & set(told)
