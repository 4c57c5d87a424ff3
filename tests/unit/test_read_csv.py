"""CSV: every row that cannot be used is named, and costs nothing else."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from reading import read_all, texts, write
from svodka.readers import read
from svodka.records import Article


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["id", "text", "date"], ["n1", "Мост; река, берег\tи лес", "2021/09/07"]]
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    [article], problems = read_all(path)
    assert problems == []
    assert (article.doc_id, article.text, article.anchor) == ("n1", rows[1][1], dt.date(2021, 9, 7))


@pytest.mark.parametrize("named", ["sep=;\n", "\ufeffsep=;\r\n"])
def test_delimiter_is_named_before_the_header(tmp_path: Path, named: str) -> None:
    path = write(tmp_path / "a.csv", f"{named}id;text\n1;Мост\n2;Лес;\n3\n")
    articles, [problem] = read_all(path)
    assert [(article.doc_id, article.source) for article in articles] == [("1", f"{path}:3"), ("2", f"{path}:4")]
    assert problem.source == f"{path}:5"


def test_text_is_kept_exactly(tmp_path: Path) -> None:
    text = '  Он сказал: «да».\r\nПотом:\n\n"нет"\r, \u2028сту\u0301л\u00a0нуль\x00 '
    quoted = text.replace('"', '""')
    path = write(tmp_path / "a.csv", f'text,n\r\n"{quoted}",1\r\n')
    articles, problems = read_all(path)
    assert problems == []
    assert texts(articles) == [text]


def test_long_text_and_limit_of_the_module(tmp_path: Path) -> None:
    limit = csv.field_size_limit()
    path = write(tmp_path / "a.csv", "id,text\n1," + "я" * 1_000_000 + "\n2,Мост\n")
    for item in read(path):
        assert isinstance(item, Article)
        assert csv.field_size_limit() == limit
    articles, problems = read_all(path)
    assert problems == []
    assert [len(article.text) for article in articles] == [1_000_000, 4]


def test_rows_of_a_wrong_width(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'id,text\n1,"Мост\nчерез реку"\n2,Река, берег\n3\n\n4,Лес\n')
    articles, problems = read_all(path)
    assert texts(articles) == ["Мост\nчерез реку", "Лес"]
    assert [problem.source for problem in problems] == [f"{path}:4", f"{path}:5"]
    assert "the row has 3 fields, the header has 2; put a field that holds ','" in problems[0].message
    assert "the row has 1 fields" in problems[1].message


def test_default_ids_count_rows(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'text\n"Мост\nчерез реку"\nЛес\n')
    articles, _ = read_all(path)
    assert [(article.doc_id, article.source) for article in articles] == [("a:1", f"{path}:2"), ("a:2", f"{path}:4")]


def test_without_a_text_column(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,lead,topic\n1,x,y\n2,x,y\n")
    other = write(tmp_path / "b.csv", "text\nМост\n")
    articles, [problem] = read_all(path, other)
    assert texts(articles) == ["Мост"]
    assert problem.source == str(path)
    assert "no column with the text; the columns here are: id, lead, topic. Call it `text`" in problem.message
    assert "--columns text=…" in problem.message


@pytest.mark.parametrize("data", ["", "\n\r\n\n", "\ufeff"])
def test_that_is_empty(tmp_path: Path, data: str) -> None:
    _, [problem] = read_all(write(tmp_path / "a.csv", data))
    assert "first line has to name the columns" in problem.message


def test_with_nothing_but_a_header_has_no_rows(tmp_path: Path) -> None:
    assert read_all(write(tmp_path / "a.csv", "id,text\n")) == ([], [])


def test_row_in_another_encoding(tmp_path: Path) -> None:
    head = "id,text\n1,Мост\n".encode()
    row = '2,"Река,\nсообщил мэр"\n'.encode("cp1251")
    path = write(tmp_path / "a.csv", head + row + "3,Лес\n".encode())
    articles, [problem] = read_all(path)
    assert texts(articles) == ["Мост", "Лес"]
    assert problem.source == f"{path}:3"
    assert f"byte {len(head) + 3} (0xd0) is not UTF-8" in problem.message


def test_quotation_mark_not_doubled(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'id,text\n1,"Мост"\n2,"Он сказал "да" и ушёл"\n3,"Лес"\n')
    articles, [problem] = read_all(path)
    assert texts(articles) == ["Мост", "Лес"]
    assert problem.source == f"{path}:3"
    assert "line 3 cannot be read as CSV" in problem.message
    assert "write a quotation mark inside a field twice" in problem.message


@pytest.mark.parametrize("after", ["3,Лес\n4,Поле\n", '3,Лес\n4,Поле\n5,"Луг"\n'])
def test_quotation_mark_never_closed_swallows_no_rows(tmp_path: Path, after: str) -> None:
    path = write(tmp_path / "a.csv", f'id,text\n1,Мост\n2,"Река\n{after}')
    articles, [problem] = read_all(path)
    assert [article.doc_id for article in articles] == ["1", *(line[0] for line in after.splitlines())]
    assert problem.source == f"{path}:3"


def test_cut_off_inside_a_text_makes_no_rows_of_its_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'id,text\n1,Мост\n2,"Река.\n\nБерег, лес.\n\nПоле')
    articles, [problem] = read_all(path)
    assert texts(articles) == ["Мост"]
    assert problem.source == f"{path}:3"
    assert "lines 3 to 7 cannot be read as CSV: unexpected end of data" in problem.message
