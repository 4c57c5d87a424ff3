"""Chats and channels that Telegram exported to JSON."""

import datetime as dt
import json
from pathlib import Path

from svodka.readers import read
from svodka.records import Article, Problem

POST = {"id": 7, "type": "message", "date": "2021-09-08T01:30:00", "from": "Вести Заречного", "text": "Мост открыли."}


def write(path: Path, *posts: dict[str, object]) -> Path:
    chat = {"name": "Вести Заречного", "type": "public_channel", "id": 12, "messages": posts}
    path.write_text(json.dumps(chat, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def articles(path: Path) -> list[Article]:
    items = list(read(path))
    assert all(isinstance(item, Article) for item in items), items
    return [item for item in items if isinstance(item, Article)]


def test_posts_are_articles_with_their_own_moment(tmp_path: Path) -> None:
    moment = {"date_unixtime": "1631053800"}  # 2021-09-07 22:30 in Greenwich
    service = {"id": 1, "type": "service", "date": "2021-09-01T10:00:00", "action": "create_channel", "text": ""}
    [article] = articles(write(tmp_path / "result.json", service, POST | moment, POST | {"id": 8, "text": " \n"}))
    assert (article.doc_id, article.source, article.author) == ("result:7", "Вести Заречного", None)
    assert article.text == "Мост открыли."
    assert article.published == dt.datetime(2021, 9, 7, 22, 30, tzinfo=dt.UTC)
    assert article.anchor == dt.date(2021, 9, 8)  # on the clock of who exported


def test_older_exports_have_the_moment_on_the_clock_only(tmp_path: Path) -> None:
    [article] = articles(write(tmp_path / "result.json", POST))
    assert article.anchor == dt.date(2021, 9, 8)


def test_parts_of_a_text_are_joined_and_signatures_are_authors(tmp_path: Path) -> None:
    parts = [{"type": "bold", "text": "Мост"}, " открыли 🌉\n\n", {"type": "link", "text": "https://example.org"}]
    [article] = articles(write(tmp_path / "result.json", POST | {"text": parts, "author": "Анна Лебедева"}))
    assert article.text == "Мост открыли 🌉\n\nhttps://example.org"
    assert article.author == "Анна Лебедева"


def test_all_chats_of_an_account_are_read(tmp_path: Path) -> None:
    chats = [
        {"name": name, "type": "private_group", "id": number, "messages": [POST]}
        for number, name in ((1, "А"), (2, "Б"))
    ]
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"about": "…", "chats": {"list": chats}}, indent=1), encoding="utf-8")
    found = articles(path)
    assert [article.doc_id for article in found] == ["result:1:7", "result:2:7"]
    assert [(article.source, article.author) for article in found] == [
        ("А", "Вести Заречного"),
        ("Б", "Вести Заречного"),
    ]


def test_chat_without_texts_and_wrong_days_are_told(tmp_path: Path) -> None:
    [problem] = read(write(tmp_path / "a.json", POST | {"text": ""}))
    assert isinstance(problem, Problem)
    assert "no message of the chat has text" in problem.message
    [wrong, right] = read(write(tmp_path / "b.json", POST | {"date": "вчера", "date_unixtime": "1"}, POST | {"id": 9}))
    assert isinstance(wrong, Problem)
    assert (wrong.doc_id, "вчера" in wrong.message) == ("b:7", True)
    assert isinstance(right, Article)
