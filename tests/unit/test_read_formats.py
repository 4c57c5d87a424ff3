"""JSONL and Parquet, and what they share with CSV: every row that cannot be used is named, and costs nothing else."""

import csv
import datetime as dt
import gzip
import logging
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reading import read_all, texts, write
from svodka.errors import InputError
from svodka.readers import read
from svodka.records import Article


def write_table(path: Path, columns: dict[str, object], **options: int) -> Path:
    pq.write_table(pa.table(columns), path, **options)
    return path


FULL = {
    "id": "n1",
    "text": " Мост\r\nоткрыли, «сообщил»; мэр.\u2028Конец. ",
    "title": "Мост",
    "url": "https://example.org/1",
    "published": "2021-09-07T00:30:00+03:00",
    "source": "Вести",
    "extra": "лишнее",
}


# --- what all formats have in common ------------------------------------------------------------------------------


@pytest.fixture(params=["a.jsonl", "a.jsonl.gz", "a.csv", "a.csv.gz", "a.parquet"])
def rows_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The row FULL and one with nothing but a text, in each format."""
    path = tmp_path / str(request.param)
    rows = [FULL, {"text": "Второй"}]
    if path.name == "a.parquet":
        return write_table(path, {name: [row.get(name) for row in rows] for name in FULL})
    if path.name.startswith("a.jsonl"):
        data = b"\n".join(map(orjson.dumps, rows))
    else:
        plain = tmp_path / "plain"
        with plain.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(FULL))
            writer.writeheader()
            writer.writerows(rows)
        data = plain.read_bytes()
        plain.unlink()
    return write(path, gzip.compress(data) if path.suffix == ".gz" else data)


def test_fields_of_a_row(rows_file: Path) -> None:
    [full, bare], problems = read_all(rows_file)
    assert problems == []
    published = dt.datetime.fromisoformat(FULL["published"])
    assert full == Article(
        text=FULL["text"],
        doc_id="n1",
        title="Мост",
        url="https://example.org/1",
        published=published,
        source="Вести",
        encoding=None if rows_file.suffix == ".parquet" else "utf-8",
    )
    assert full.anchor == dt.date(2021, 9, 7)
    assert bare.doc_id == "a:2"
    assert (bare.title, bare.url, bare.published) == (None, None, None)
    assert (bare.source or "").startswith(f"{rows_file}:")


def test_columns_may_be_named(rows_file: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "svodka.readers"):
        [article, *_], _ = read_all(rows_file, columns={"text": "extra", "title": "subject"})
    assert (article.text, article.title) == ("лишнее", None)
    assert f"{rows_file}: column 'extra' is read as text" in caplog.text
    assert f"{rows_file}: there is no column 'subject', so no article has its title" in caplog.text


def test_column_named_for_the_text_is_missing(rows_file: Path) -> None:
    articles, problems = read_all(rows_file, columns={"text": "lead"})
    assert articles == []
    assert "no column 'lead' to read the text from; the columns here are: id, text, title" in problems[0].message


def test_unknown_field_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="rubric is no field of an article; the fields are id, text"):
        read(tmp_path, columns={"rubric": "by"})


# --- JSONL --------------------------------------------------------------------------------------------------------


def test_common_names_are_understood_and_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    row = '{"Doc-ID": 17, "headline": "Мост", "body": "Река", "pubDate": "07.09.2021", "link": "u", "author": "x"}'
    path = write(tmp_path / "a.jsonl", f"{row}\n{row.replace('17', '18')}\n")
    with caplog.at_level(logging.INFO, "svodka.readers"):
        articles, problems = read_all(path)
    assert problems == []
    assert [article.doc_id for article in articles] == ["17", "18"]
    assert (articles[0].title, articles[0].url, articles[0].anchor) == ("Мост", "u", dt.date(2021, 9, 7))
    assert articles[0].source == f"{path}:1"
    assert [record.getMessage() for record in caplog.records if "as published" in record.getMessage()] == [
        f"{path}: column 'pubDate' is read as published"
    ]


def test_own_name_of_a_field_comes_first(tmp_path: Path) -> None:
    [article], _ = read_all(write(tmp_path / "a.jsonl", '{"content": "б", "Text": "в", "text": "а", "body": "г"}'))
    assert article.text == "а"


def test_broken_lines_cost_only_themselves(tmp_path: Path) -> None:
    lines = [
        '{"text": "Первый"}',
        '{"text": "Обрыв',
        "",
        '["text"]',
        "null",
        '{"title": "Без текста", "lead": "x"}',
        '{"text": null, "id": "n"}',
        '{"text": ["Мост"]}',
        '{"text": "\\ud83d"}',
        '{"text": "Мост", "published": "вчера"}',
        '{"text": "Мост", "title": {"ru": "Мост"}}',
        '{"text": "Мост", "id": true}',
        "  \r",
        '{"text": "Последний"}\r',
    ]
    path = write(tmp_path / "a.jsonl", "\n".join(lines) + "\n")
    articles, problems = read_all(path)
    assert texts(articles) == ["Первый", "Последний"]
    assert [article.doc_id for article in articles] == ["a:1", "a:14"]
    expected = {
        2: "the line is no JSON: unexpected end of data at character",
        4: "the line is a JSON list, but has to be an object",
        5: "the line is a JSON NoneType",
        6: "no column with the text; the columns here are: title, lead. Call it `text`, or say which one it is",
        7: "the text is empty",
        8: "the text is of type list; it has to be a string",
        9: "the line is no JSON: no low surrogate in string",
        10: "the date of publication «вчера» is not understood (no known form); accepted are 2021-09-07",
        11: "the title is of type dict",
        12: "the id is of type bool",
    }
    assert [problem.source for problem in problems] == [f"{path}:{line}" for line in expected]
    for problem, message in zip(problems, expected.values(), strict=True):
        assert problem.message.startswith(message)
    assert [problem.doc_id for problem in problems][4:6] == ["n", "a:8"]


def test_line_in_another_encoding(tmp_path: Path) -> None:
    good = '{"text": "Мост"}\n'.encode()
    path = write(
        tmp_path / "a.jsonl", good + '{"text": "Река вышла из берегов, сообщила мэрия"}\n'.encode("cp1251") + good
    )
    articles, [problem] = read_all(path)
    assert [article.doc_id for article in articles] == ["a:1", "a:3"]
    assert problem.source == f"{path}:2"
    assert f"byte {len(good) + 10} (0xd0) is not UTF-8; it looks like windows-1251" in problem.message


def test_way_out_for_a_packed_file(tmp_path: Path) -> None:
    good = '{"text": "Мост"}\n'.encode()
    packed = gzip.compress(good * 2 + '{"text": "Река, сообщил мэр"}'.encode("koi8-r"))
    _, [problem] = read_all(write(tmp_path / "a.jsonl.gz", packed))
    assert "`gzip -dc a.jsonl.gz | iconv -f koi8-r -t utf-8 > utf8-a.jsonl`" in problem.message


def test_lines_end_at_line_feeds_only(tmp_path: Path) -> None:
    text = "Абзац.\u2028Абзац.\u2029\x85"
    path = write(tmp_path / "a.jsonl", f'\ufeff{{"text": "{text}"}}\r\n{{"text": "\ufeffВторой"}}')
    articles, problems = read_all(path)
    assert problems == []
    assert texts(articles) == [text, "\ufeffВторой"]


@pytest.mark.parametrize(("number", "expected"), [("17", "17"), ("17.0", "17"), ("-1", "-1"), ('"007"', "007")])
def test_ids_are_strings(tmp_path: Path, number: str, expected: str) -> None:
    [article], _ = read_all(write(tmp_path / "a.jsonl", f'{{"id": {number}, "text": "Мост"}}'))
    assert article.doc_id == expected


@pytest.mark.parametrize("number", ["1.5", "12345678901234567890123"])
def test_id_that_no_integer_holds_is_refused(tmp_path: Path, number: str) -> None:
    articles, [problem] = read_all(write(tmp_path / "a.jsonl", f'{{"id": {number}, "text": "Мост"}}'))
    assert articles == []
    assert "the id is of type float" in problem.message


def test_empty_fields_are_unknown(tmp_path: Path) -> None:
    row = '{"id": "", "text": "Мост", "title": " ", "url": null, "published": "", "source": ""}'
    path = write(tmp_path / "a.jsonl", row)
    assert read_all(path) == ([Article(text="Мост", doc_id="a:1", source=f"{path}:1", encoding="utf-8")], [])


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.gz"])
def test_packed_file_that_is_cut_off(tmp_path: Path, name: str) -> None:
    rows = [f"Мост номер {number}, квадрат {number**7}" for number in range(5000)]
    data = "text\n" + "\n".join(f'"{row}"' for row in rows) if ".csv" in name else ""
    data = data or "\n".join(f'{{"text": "{row}"}}' for row in rows)
    packed = gzip.compress(data.encode())
    path = write(tmp_path / name, packed[: len(packed) // 2])
    other = write(tmp_path / "b.txt", "Мост")
    articles, [problem] = read_all(path, other)
    assert 1000 < len(articles) - 1 < 4000
    assert texts(articles) == [*rows[: len(articles) - 1], "Мост"]
    last = len(articles) - 1 + (".csv" in name)
    assert problem.source == f"{path}:{last + 1}"
    assert f"cut off or damaged after line {last} (" in problem.message
    assert f"gzip -t {name}" in problem.message


@pytest.mark.parametrize("data", [b"\x1f\x8b", b"no gzip at all", gzip.compress(b'{"text": "a"}', mtime=0)[:-1] + b"?"])
def test_packed_file_that_is_none(tmp_path: Path, data: bytes) -> None:
    _, [problem] = read_all(write(tmp_path / "a.jsonl.gz", data))
    assert "cut off or damaged after line" in problem.message


def test_empty_packed_file_has_no_rows(tmp_path: Path) -> None:
    assert read_all(write(tmp_path / "a.jsonl.gz", gzip.compress(b""))) == ([], [])


# --- Parquet ------------------------------------------------------------------------------------------------------


def test_parquet_types(tmp_path: Path) -> None:
    moment = dt.datetime(2021, 9, 7, 15, 30, tzinfo=dt.UTC)
    types = [pa.timestamp("ns", "UTC"), pa.timestamp("s", "Europe/Moscow"), pa.timestamp("us", "UTC")]
    for number, kind in enumerate(types):
        columns = {
            "id": pa.array([number * 10, None], pa.int64()),
            "text": pa.array(["Мост", "Лес"]).dictionary_encode(),
            "date": pa.array([moment, None], kind),
            "vector": [[0.5], [1.5]],
        }
        [first, second], problems = read_all(write_table(tmp_path / "a.parquet", columns))
        assert problems == []
        assert (first.doc_id, first.published, first.anchor) == (str(number * 10), moment, dt.date(2021, 9, 7))
        assert type(first.published) is dt.datetime
        assert (second.doc_id, second.published) == ("a:2", None)


def test_parquet_days_and_large_strings(tmp_path: Path) -> None:
    columns = {"body": pa.array(["Мост"], pa.large_string()), "date": pa.array([dt.date(2021, 9, 7)])}
    [article], _ = read_all(write_table(tmp_path / "a.parquet", columns))
    assert article.published == dt.datetime(2021, 9, 7, tzinfo=dt.UTC)


def test_parquet_rows_that_cannot_be_used(tmp_path: Path) -> None:
    columns = {"text": ["Мост", None, " ", "Лес"], "date": ["2021-09-07", None, None, "7 сентября"], "id": list("abcd")}
    path = write_table(tmp_path / "a.parquet", columns)
    articles, problems = read_all(path)
    assert [article.doc_id for article in articles] == ["a"]
    assert [problem.source for problem in problems] == [f"{path}:{row}" for row in (2, 3, 4)]
    assert [problem.doc_id for problem in problems] == list("bcd")
    assert "«7 сентября» is not understood" in problems[2].message


def test_parquet_string_that_is_not_utf8(tmp_path: Path) -> None:
    values = pa.array([b"A", b"\xcc\xee\xf1\xf2", "Лес".encode()], pa.binary()).view(pa.string())
    path = write_table(tmp_path / "a.parquet", {"text": values})
    articles, [problem] = read_all(path)
    assert texts(articles) == ["A", "Лес"]
    assert problem.source == f"{path}:2"
    assert "byte 0 of a string is not UTF-8" in problem.message


def test_parquet_without_a_text_column(tmp_path: Path) -> None:
    path = write_table(tmp_path / "a.parquet", {"id": ["1"], "lead": ["x"]})
    _, [problem] = read_all(path)
    assert problem.source == str(path)
    assert "the columns here are: id, lead" in problem.message


@pytest.mark.parametrize("cut", [0, 3, 200, -1])
def test_parquet_that_is_cut_off(tmp_path: Path, cut: int) -> None:
    path = write_table(tmp_path / "a.parquet", {"text": [f"Мост {number}" for number in range(100)]})
    path.write_bytes(path.read_bytes()[:cut])
    other = write(tmp_path / "b.txt", "Мост")
    articles, [problem] = read_all(path, other)
    assert texts(articles) == ["Мост"]
    assert problem.source == str(path)
    assert "the file is no Parquet, or is cut off or damaged" in problem.message


def test_parquet_damaged_group_of_rows_costs_only_itself(tmp_path: Path) -> None:
    path = write_table(tmp_path / "a.parquet", {"text": [f"Мост {row}" for row in range(30)]}, row_group_size=10)
    damaged = bytearray(path.read_bytes())
    column = pq.ParquetFile(path).metadata.row_group(1).column(0)
    start = column.dictionary_page_offset or column.data_page_offset
    damaged[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    path.write_bytes(damaged)
    articles, [problem] = read_all(path)
    assert texts(articles) == [f"Мост {row}" for row in [*range(10), *range(20, 30)]]
    assert problem.source == f"{path}:11"
    assert "rows 11 to 20 are damaged" in problem.message
