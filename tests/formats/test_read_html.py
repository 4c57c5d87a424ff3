"""Saved pages of the web, read as a user reads them: by path."""

import datetime as dt
import gzip
import json
import logging
import random
from email.message import EmailMessage
from pathlib import Path

import pytest

from svodka import read
from svodka.records import Article, Problem
from web_pages import PARAGRAPHS, TEXT, TITLE, agency, day_of, front_page, plain, read_page, tables, weblog

MOSCOW = dt.timezone(dt.timedelta(hours=3))


def test_news_agency(tmp_path: Path) -> None:
    article = read_page(tmp_path / "most.html", agency())
    rest = ["Длина моста — 500 метров.", "Ширина моста — 20 метров.", "Год\tРасходы", "2019\t500 млн"]
    speech = ["— Когда откроют вторую полосу?", "— Через год, — ответил подрядчик."]
    assert article.text.split("\n") == [*PARAGRAPHS, *rest, *speech]
    assert article.doc_id == "most"
    assert article.title == TITLE
    assert article.author == "Анна Соколова"
    assert article.url == "https://soyka.example/20210907/most-1749.html"
    assert article.source == "Агентство «Сойка»"
    assert article.published == dt.datetime(2021, 9, 7, 15, 30, tzinfo=MOSCOW)
    assert article.published_from == "metadata"
    assert article.encoding == "utf-8"


def test_weblog_with_dates_of_change_and_comments(tmp_path: Path) -> None:
    article = read_page(tmp_path / "most.htm", weblog())
    assert article.text == TEXT
    assert article.author == "Анна Соколова"
    assert article.published == dt.datetime(2021, 9, 7, 23, 30, tzinfo=MOSCOW)
    assert article.published_from == "html"
    assert article.anchor == dt.date(2021, 9, 7)


def test_tables_of_2003(tmp_path: Path) -> None:
    article = read_page(tmp_path / "most.htm", tables().encode("cp1251"))
    assert article.text == TEXT
    assert article.encoding == "cp1251"
    assert article.published == dt.datetime(2003, 9, 7, 15, 30, tzinfo=dt.UTC)
    assert article.published_from == "html"


def test_brief_news_among_links(tmp_path: Path) -> None:
    menu = "".join(f'<a href="/{number}">Рубрика {number}</a>' for number in range(30))
    others = "".join(
        f'<p><a href="/n">Новость дня номер {number}</a> <time datetime="2023-05-12"></time></p>'
        for number in range(30)
    )
    page = f"""<html><head><meta charset="utf-8"><title>{TITLE} - Новости - Заречье</title></head><body>
<nav>{menu}</nav><div class="topic"><time datetime="2021-09-07T15:30">15:30</time><h1>{TITLE}</h1>
<div class="text"><p>{PARAGRAPHS[2]}</p></div></div><h4>Последние новости</h4><div>{others}</div></body></html>"""
    article = read_page(tmp_path / "a.html", page)
    assert (article.title, article.text) == (TITLE, PARAGRAPHS[2])
    assert article.anchor == dt.date(2021, 9, 7)


def test_heading_with_the_name_of_a_rubric(tmp_path: Path) -> None:
    article = read_page(
        tmp_path / "a.html", plain().replace("<h1>", "<h1>Новости</h1><h2>").replace("</h1><p>", "</h2><p>")
    )
    assert (article.title, article.text) == (TITLE, TEXT)


def test_date_in_address_only(tmp_path: Path) -> None:
    head = '<meta property="og:url" content="https://vestnik.example/news/2021/09/07/most/">'
    article = read_page(tmp_path / "a.html", plain(head))
    assert article.published == dt.datetime(2021, 9, 7, tzinfo=dt.UTC)
    assert article.published_from == "url"
    assert article.source == "vestnik.example"


@pytest.mark.parametrize(
    ("head", "before", "after", "expected"),
    [
        ('<meta property="article:published_time" content="20210907T1530">', "", "", ("2021-09-07", "metadata")),
        ('<meta name="mediator_published_time" content="2021-09-07 15:30:00">', "", "", ("2021-09-07", "metadata")),
        # published, not modified
        ('<meta property="article:modified_time" content="2023-01-01">', "", "", (None, None)),
        ("", "", '<time datetime="2021-09-07T15:30">15:30</time>', ("2021-09-07", "html")),
        ("", "", '<span itemprop="datePublished" content="2021-09-07">вчера</span>', ("2021-09-07", "html")),
        ("", "", "<div>07.09.2021 в 15:30 | Общество</div>", ("2021-09-07", "html")),
        ("", "<i>15:30, 7 сент. 2021 г.</i>", "", ("2021-09-07", "html")),
        ("", "", "<div>15:30 07.09.2021 (обновлено: 16:00 08.09.2021)</div>", ("2021-09-07", "html")),
        # two that differ
        ("", "<i>12.05.2023</i>", "<div>07.09.2021</div>", (None, None)),
        # not the day of the reader, of a change, or of the text
        ("", "<i>Сегодня 12 мая 2023</i>", "", (None, None)),
        ("", "", "<div>Обновлено 12.05.2023</div>", (None, None)),
        ("", "", "<div>Фото Ивана Крота, 01.02.2019</div>", (None, None)),
        ("", "", "<p>7 сентября 2021 года в Заречном открыли мост.</p>", (None, None)),
        ("", "", '<div class="comments"><time datetime="2021-09-08">8</time></div>', (None, None)),
        # no dates of databases without one
        ('<meta name="date" content="1970-01-01T00:00:00Z">', "", "", (None, None)),
        ('<meta name="date" content="0000-00-00">', "", "<div>07.09.2021</div>", ("2021-09-07", "html")),
        ('<meta name="date" content="32.13.2021">', "", "", (None, None)),
    ],
)
def test_dates(tmp_path: Path, head: str, before: str, after: str, expected: tuple[str | None, str | None]) -> None:
    assert day_of(tmp_path / "a.html", plain(head, before, after)) == expected


def test_metadata_goes_before_address_and_markup(tmp_path: Path) -> None:
    head = '<link rel="canonical" href="https://a.example/2021/09/08/most"><meta name="date" content="2021-09-07">'
    page = plain(head, after='<time datetime="2021-09-09">9</time>')
    assert day_of(tmp_path / "a.html", page) == ("2021-09-07", "metadata")


def test_day_is_that_of_the_place(tmp_path: Path) -> None:
    # Half past nine in the evening of Greenwich is the next day in Moscow, as the address says.
    head = '<link rel="canonical" href="https://a.example/2021/09/08/most">'
    head += '<meta property="article:published_time" content="2021-09-07T21:30:00Z">'
    article = read_page(tmp_path / "a.html", plain(head))
    assert article.anchor == dt.date(2021, 9, 8)
    assert article.published == dt.datetime(2021, 9, 7, 21, 30, tzinfo=dt.UTC)


def test_broken_json_ld(tmp_path: Path) -> None:
    script = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2021-09-07T10:00:00",,}</script>'
    )
    assert day_of(tmp_path / "a.html", plain(script)) == ("2021-09-07", "metadata")


def test_dates_of_other_articles_do_not_count(tmp_path: Path) -> None:
    others = [{"@type": "Article", "headline": "Иное", "datePublished": f"2020-01-0{day}"} for day in (1, 2)]
    script = f'<script type="application/ld+json">{json.dumps(others)}</script>'
    assert day_of(tmp_path / "a.html", plain(script)) == (None, None)
    others.append({"@type": "Article", "headline": TITLE, "datePublished": "2021-09-07"})
    script = f'<script type="application/ld+json">{json.dumps(others)}</script>'
    assert day_of(tmp_path / "a.html", plain(script)) == ("2021-09-07", "metadata")


@pytest.mark.parametrize(
    ("encoding", "declared", "name"),
    [
        ("cp1251", "windows-1251", "cp1251"),
        ("koi8-r", "koi8-r", "koi8-r"),
        ("koi8-r", "", "koi8-r"),
        ("cp1251", "utf-8", "cp1251"),  # wrong
        ("cp1251", "iso-8859-1", "cp1251"),  # of a server that knows no other
        ("utf-8", "windows-1251", "utf-8"),  # wrong
        ("utf-16", "windows-1251", "utf-16-le"),  # a byte-order mark is stronger
        ("utf-8-sig", "koi8-r", "utf-8"),
        ("cp1251", "unicode_escape", "cp1251"),  # no encoding of pages
    ],
)
def test_encodings(tmp_path: Path, encoding: str, declared: str, name: str) -> None:
    article = read_page(tmp_path / "a.html", tables(charset=declared).encode(encoding, errors="xmlcharrefreplace"))
    assert (article.text, article.encoding) == (TEXT, name)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r"])
def test_page_that_was_taken_for_a_western_one(tmp_path: Path, encoding: str) -> None:
    """Programs save so what was sent without a charset, and browsers with an entity for the no-break space."""
    page = plain().encode(encoding, errors="xmlcharrefreplace")
    for saved in (page.decode("latin-1"), page.decode("latin-1").replace("Ð\xa0", "Ð&nbsp;")):
        article = read_page(tmp_path / "a.html", saved)
        assert (article.text, article.title, article.encoding) == (TEXT, TITLE, encoding)
    kept = page.replace(b"\xd0\xa0", b"\xd0&nbsp;") if encoding == "utf-8" else page  # as Chromium's MHTML has it
    assert read_page(tmp_path / "a.html", kept.replace(b"utf-8", b"windows-1252")).text == TEXT


def test_page_whose_letters_are_lost(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(plain().encode("cp1251").decode("utf-8", errors="replace"))
    (problem,) = read(tmp_path)
    assert isinstance(problem, Problem)
    assert "most letters of the page are lost" in problem.message


def test_encoding_of_the_user_is_stronger(tmp_path: Path) -> None:
    page = tables(charset="koi8-r").encode("cp1251")
    article = read_page(tmp_path / "a.html", page, encoding="windows-1251")
    assert (article.text, article.encoding) == (TEXT, "cp1251")


def test_saved_by_browsers(tmp_path: Path) -> None:
    saved = "<!-- saved from url=(0035)https://a.example/2021/09/07/most/ -->\n"
    assert read_page(tmp_path / "chrome.html", saved + plain()).url == "https://a.example/2021/09/07/most/"
    single = (
        "<html><!--\n Page saved with SingleFile \n url: https://a.example/most \n saved date: Tue May 02 2023\n-->"
    )
    picture = f'<img src="data:image/png;base64,{"A" * 5_000_000}">'
    article = read_page(tmp_path / "single.html", single + plain(after=picture))
    assert (article.url, article.published, article.text) == ("https://a.example/most", None, TEXT)


@pytest.mark.parametrize("coding", ["quoted-printable", "base64", "8bit"])
def test_mhtml(tmp_path: Path, coding: str) -> None:
    message = EmailMessage()
    message["Snapshot-Content-Location"] = "https://a.example/2021/09/07/most"
    message["Subject"] = "Что-то иное"
    message["Date"] = "Fri, 12 May 2023 10:00:00 +0300"
    message.make_related()
    page = EmailMessage()
    page.set_content(plain().replace("utf-8", "x-unknown"), subtype="html", charset="windows-1251", cte=coding)
    picture = EmailMessage()
    picture.set_content(b"\x89PNG", maintype="image", subtype="png")
    message.attach(page)
    message.attach(picture)
    article = read_page(tmp_path / "most.mhtml", message.as_bytes())
    assert (article.text, article.url, article.encoding) == (TEXT, "https://a.example/2021/09/07/most", "cp1251")
    assert (article.anchor, article.published_from) == (dt.date(2021, 9, 7), "url")


def test_mhtml_without_page(tmp_path: Path) -> None:
    (tmp_path / "a.mht").write_bytes(b"MIME-Version: 1.0\r\nContent-Type: image/png\r\n\r\nabc")
    (problem,) = read(tmp_path)
    assert isinstance(problem, Problem)
    assert "no part of it is text/html" in problem.message


def test_page_without_article(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(front_page())
    (tmp_path / "b.html").write_text("")
    (tmp_path / "c.html.gz").write_bytes(gzip.compress(plain().encode())[:-20])
    problems = [item for item in read(tmp_path) if isinstance(item, Problem)]
    assert [(problem.doc_id, problem.message[:12]) for problem in problems] == [
        ("a", "no text of a"),
        ("b", "no text of a"),
        ("c", "the packed f"),
    ]


def test_too_long(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(plain(after="<p>Раз.</p>" * 500_000))
    (problem,) = read(tmp_path)
    assert isinstance(problem, Problem)
    assert "pages up to" in problem.message


def test_folder_beside_a_page_is_passed_over(tmp_path: Path) -> None:
    for name in ("most.html", "most_files/frame.html", "старое.htm", "старое.files/frame.htm", "own_files/page.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(plain())
    assert [item.doc_id for item in read(tmp_path)] == ["most", "page", "старое"]


def test_page_is_read_the_same_again_and_quietly(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG - 1)
    (tmp_path / "a.html").write_text(agency())
    (tmp_path / "b.html").write_text("<html>")
    first, again = list(read(tmp_path)), list(read(tmp_path))
    assert first == again
    assert {record.name for record in caplog.records if record.levelno >= logging.INFO} <= {"svodka.readers"}


def test_odd_characters(tmp_path: Path) -> None:
    odd = "Мэр \x00\x1b сказал: «Мост 🌉 готов\u2028и открыт е\u0308 &#0; &#xD800; &lt;script&gt; ]]&gt;»."
    article = read_page(tmp_path / "a.html", plain(after=f"<p>{odd}</p>"))
    assert "Мэр сказал: «Мост 🌉 готов и открыт е\u0308" in article.text
    assert "<script> ]]>»." in article.text


def test_damaged_pages_cost_only_themselves(tmp_path: Path) -> None:
    chance = random.Random(7)
    pages = [page.encode() for page in (agency(), weblog(), tables(), plain())]
    pieces = [b"<", b"\x00", b"\xff", b">", b"</", b'"', b"&#", b"<td>", b"<!--", b"<script>"]
    for number in range(80):
        page = bytearray(chance.choice(pages))
        for _ in range(chance.randrange(1, 8)):
            at = chance.randrange(len(page))
            page[at : at + chance.randrange(3)] = chance.choice(pieces)
        (tmp_path / f"{number}.html").write_bytes(bytes(page[: chance.randrange(1, 2 * len(page))]))
    items = list(read(tmp_path))
    assert len(items) == 80
    assert {item.error_type for item in items if isinstance(item, Problem)} == {"InputError"}
    assert sum(isinstance(item, Article) for item in items) > 20


@pytest.mark.parametrize("piece", ["<div>", "<table><tr><td>", "<b>", "<ul><li>", "<a href=x>", "<blockquote>"])
def test_deep_nesting(tmp_path: Path, piece: str) -> None:
    (tmp_path / "a.html").write_text(plain(after=piece * 3000 + "Мост открыт для всех жителей города Заречного."))
    (item,) = read(tmp_path)
    assert isinstance(item, Article | Problem)
