"""Articles from what is in memory: dicts, DataFrames, texts."""

import datetime as dt
import logging
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from svodka.errors import InputError
from svodka.readers import articles_from_records, read
from svodka.readers.records import Record, Records
from svodka.records import Article, Problem

MOMENT = dt.datetime(2021, 9, 7, 15, 30, tzinfo=dt.UTC)


def make(records: Records, columns: dict[str, str] | None = None) -> tuple[list[Article], list[Problem]]:
    items = list(articles_from_records(records, columns))
    articles = [item for item in items if isinstance(item, Article)]
    return articles, [item for item in items if isinstance(item, Problem)]


def test_texts_are_numbered() -> None:
    articles, problems = make(["Мост\r\n", "Лес"])
    assert problems == []
    assert [(article.doc_id, article.text) for article in articles] == [("1", "Мост\r\n"), ("2", "Лес")]


def test_single_record_is_a_list_of_one() -> None:
    singles: list[Record] = ["Мост", {"body": "Мост"}, Article(text="Мост")]
    for record in singles:
        [article], problems = make(record)
        assert problems == []
        assert (article.doc_id, article.text) == ("1", "Мост")


def test_dicts_with_common_names(caplog: pytest.LogCaptureFixture) -> None:
    records: list[Record] = [{"doc_id": 7, "body": "Мост", "date": "2021-09-07", "headline": ""}, {"body": "Лес"}]
    with caplog.at_level(logging.INFO, "svodka.readers"):
        [first, second], problems = make(records)
    assert problems == []
    assert (first.doc_id, first.anchor, first.title) == ("7", dt.date(2021, 9, 7), None)
    assert second.doc_id == "2"
    assert caplog.text.count("records: column 'body' is read as text") == 1


def test_columns_may_be_named() -> None:
    [article], _ = make([{"lead": "Мост", "text": "Лес"}], {"text": "lead"})
    assert article.text == "Мост"
    with pytest.raises(InputError, match="lead is no field of an article"):
        articles_from_records([], {"lead": "text"})


def test_articles_pass_unchanged() -> None:
    article = Article(text="Мост", doc_id="m", title="", published=MOMENT, source="Вести")
    assert make([article]) == ([article], [])


def test_what_read_yields_passes_unchanged(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes('{"text": "Мост"}\n{"text": ""}\n{"text": "Лес"}'.encode())
    items = list(read(tmp_path / "a.jsonl"))
    assert [type(item) for item in items] == [Article, Problem, Article]
    assert list(articles_from_records(items)) == items


def test_data_frame() -> None:
    frame = pd.DataFrame(
        {
            "id": [10, None],  # pandas makes floats of them
            "Text": ["Мост", "Лес"],
            "title": pd.array(["О мосте", pd.NA], dtype="string"),
            "url": [None, float("nan")],
            "date": [pd.Timestamp(MOMENT), pd.NaT],
            0: [1, 2],
        },
        index=["x", "x"],
    )
    [first, second], problems = make(frame)
    assert problems == []
    assert (first.doc_id, first.text, first.title, first.url) == ("10", "Мост", "О мосте", None)
    assert first.published == MOMENT
    assert type(first.published) is dt.datetime
    assert (second.doc_id, second.title, second.url, second.published) == ("2", None, None, None)


def test_data_frame_columns_of_integers_and_missing_texts() -> None:
    frame = pd.DataFrame({"id": [1, 2, 3], "text": ["Мост", None, pd.NA], "timestamp": [1631028600] * 3})
    [article], problems = make(frame)
    assert article.published == MOMENT
    assert [problem.source for problem in problems] == ["record 2", "record 3"]
    assert [problem.doc_id for problem in problems] == ["2", "3"]
    assert all("the text is empty" in problem.message for problem in problems)


def test_bad_records_cost_only_themselves() -> None:
    records = [
        "Первый",
        "",
        17,
        {"id": "n", "title": "Без текста"},
        {"text": b"bytes"},
        {"text": "половина \ud83d пары"},
        {"text": "Мост", "title": "\udc00"},
        {"id": "1", "text": "Повтор"},
        Article(text=" ", doc_id="пустой"),
        "Последний",
    ]
    articles, problems = make(records)  # type: ignore[arg-type]
    assert [article.doc_id for article in articles] == ["1", "10"]
    expected = {
        "record 2": "the text is empty",
        "record 3": "int is no article; pass dicts, texts, Article objects, a DataFrame",
        "record 4": "no column with the text; the columns here are: id, title",
        "record 5": "the text is of type bytes",
        "record 6": "character 9 of the text is half of a surrogate pair (U+D83D)",
        "record 7": "character 0 of the title is half of a surrogate pair (U+DC00)",
        "record 8": "the id '1' is taken by an earlier article",
    }
    assert [problem.source for problem in problems] == [*expected, None]
    for problem, message in zip(problems, expected.values(), strict=False):
        assert problem.message.startswith(message)
        assert (problem.stage, problem.error_type) == ("read", "InputError")
    assert problems[-1].doc_id == "пустой"


def test_records_are_taken_one_by_one() -> None:
    def endless() -> Iterator[str]:
        while True:
            yield "Мост"

    items = articles_from_records(endless())
    assert [item.doc_id for item, _ in zip(items, range(3), strict=False)] == ["1", "2", "3"]
