"""Chats that Telegram Desktop exported, and saved pages of channels: an article for each post."""

import datetime as dt
from pathlib import Path

from svodka import read
from svodka.records import Article, Problem
from web_pages import PARAGRAPHS

MOSCOW = dt.timezone(dt.timedelta(hours=3))


def exported(number: int, text: str, author: str = "", zone: str = " UTC+03:00", extra: str = "") -> str:
    name = f'<div class="from_name">\n{author}\n </div>' if author else ""
    return f"""<div class="message default clearfix{"" if author else " joined"}" id="message{number}">
<div class="body"><div class="pull_right date details" title="0{number}.09.2021 23:30:10{zone}">23:30</div>{name}{extra}
<div class="text">\n{text}\n</div></div></div>"""


def export(*messages: str, chat: str = "Вестник Заречья") -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"/><title>Exported Data</title></head><body>
<div class="page_wrap"><div class="page_header"><div class="content"><div class="text bold">
{chat}
</div></div></div>
<div class="page_body chat_page"><div class="history"><div class="message service" id="message-1"><div class="body
details">7 September 2021</div></div>{"".join(messages)}</div></div></div></body></html>"""


def shown(number: int, text: str, extra: str = "") -> str:
    return f"""<div class="tgme_widget_message_wrap"><div class="tgme_widget_message js-widget_message"
data-post="vestnik/{number}"><div class="tgme_widget_message_author"><a class="tgme_widget_message_owner_name">
<span dir="auto">Вестник</span></a></div>{extra}<div class="tgme_widget_message_text js-message_text">{text}</div>
<div class="tgme_widget_message_footer"><span class="tgme_widget_message_from_author">Анна Соколова</span>
<time class="message_video_duration">0:15</time><a class="tgme_widget_message_date"><time
datetime="2021-09-07T12:30:00+00:00">12:30</time></a></div></div></div>"""


def read_posts(path: Path, name: str, page: str) -> list[Article]:
    (path / name).write_text(page)
    posts = list(read(path / name))
    assert all(isinstance(post, Article) for post in posts), posts
    return [post for post in posts if isinstance(post, Article)]


def test_export_of_a_channel_and_of_a_chat(tmp_path: Path) -> None:
    forwarded = '<div class="forwarded body"><div class="from_name">Сойка</div></div>'
    page = export(
        exported(1, f"<strong>{PARAGRAPHS[0]}</strong><br><br>{PARAGRAPHS[1]} 🌉", "Вестник Заречья"),
        exported(2, PARAGRAPHS[2], zone=""),
        exported(3, PARAGRAPHS[3], "Анна Соколова", extra=forwarded),
        exported(4, "Да."),
        '<div class="message default clearfix" id="message5"><div class="media_wrap"></div></div>',
    )
    posts = read_posts(tmp_path, "messages2.html", page)
    assert [post.doc_id for post in posts] == [f"messages2:{number}" for number in (1, 2, 3, 4)]
    assert [post.text for post in posts] == [f"{PARAGRAPHS[0]}\n{PARAGRAPHS[1]} 🌉", *PARAGRAPHS[2:], "Да."]
    assert [post.author for post in posts] == [None, None, "Анна Соколова", "Анна Соколова"]
    assert {post.source for post in posts} == {"Вестник Заречья"}
    assert posts[0].published == dt.datetime(2021, 9, 1, 23, 30, 10, tzinfo=MOSCOW)
    assert [(str(post.anchor), post.published_from) for post in posts[:2]] == [
        ("2021-09-01", "html"),
        ("2021-09-02", "html"),
    ]


def test_saved_page_of_a_channel(tmp_path: Path) -> None:
    answer = '<div class="tgme_widget_message_reply"><div class="js-message_reply_text">О мосте…</div></div>'
    page = f"""<html><head><meta charset="utf-8"><title>Вестник – Telegram</title></head><body>
<main class="tgme_main">{shown(100, PARAGRAPHS[0])}
{shown(101, f"{PARAGRAPHS[2]}<br/>{PARAGRAPHS[3]}", answer)}</main>"""
    first, second = read_posts(tmp_path, "vestnik.html", page)
    assert (first.doc_id, first.url, first.text) == ("vestnik:100", "https://t.me/vestnik/100", PARAGRAPHS[0])
    assert second.text == f"{PARAGRAPHS[2]}\n{PARAGRAPHS[3]}"
    assert (second.source, second.author) == ("Вестник", "Анна Соколова")
    assert second.published == dt.datetime(2021, 9, 7, 12, 30, tzinfo=dt.UTC)


def test_export_without_text(tmp_path: Path) -> None:
    (tmp_path / "messages.html").write_text(export(exported(1, " ", "Вестник Заречья")))
    (problem,) = read(tmp_path)
    assert isinstance(problem, Problem)
    assert "no message on the page has text" in problem.message
