"""Which files are read, what their articles are called, and plain text."""

import logging
import os
import sys
from pathlib import Path
from typing import IO, Any

import pytest

from svodka.errors import InputError
from svodka.readers import read
from svodka.records import Article, Problem


def read_all(*inputs: str | Path) -> tuple[list[Article], list[Problem]]:
    items = list(read(*inputs))
    problems = [item for item in items if isinstance(item, Problem)]
    assert all(problem.stage == "read" and problem.error_type == "InputError" for problem in problems)
    return [item for item in items if isinstance(item, Article)], problems


def write(path: Path, content: str | bytes = "Мост открыли.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def ids(*inputs: str | Path) -> list[str]:
    articles, problems = read_all(*inputs)
    assert problems == []
    return [article.doc_id for article in articles]


# --- plain text ---------------------------------------------------------------------------------------------------


def test_text_file_is_an_article(tmp_path: Path) -> None:
    path = write(tmp_path / "мост.txt", "Мост открыли.\n")
    assert read_all(path) == ([Article(text="Мост открыли.\n", doc_id="мост", source=str(path), encoding="utf-8")], [])
    assert read_all(str(path))[0][0].doc_id == "мост"


@pytest.mark.parametrize(
    "text",
    [
        "Строка.\r\nСтрока.\rСтрока.\n\n",
        "Абзац.\u2028Абзац.\u2029\x85\x0c\x1c",
        "сту\u0301л\u00a0и\u00adстол 👩‍👩‍👧 \U0001f1f7\U0001f1fa",
        "нуль\x00внутри",
        " \ufeffне метка\ufeff",
        "я" * 1_000_000,
    ],
)
def test_text_is_kept_exactly(tmp_path: Path, text: str) -> None:
    articles, problems = read_all(write(tmp_path / "a.txt", text))
    assert problems == []
    assert articles[0].text == text


def test_byte_order_mark_is_left_out_at_the_start_only(tmp_path: Path) -> None:
    articles, _ = read_all(write(tmp_path / "a.txt", "\ufeffМост\ufeff открыли."))
    assert articles[0].text == "Мост\ufeff открыли."


def test_damaged_utf8_is_not_taken_for_another_encoding(tmp_path: Path) -> None:
    _, [problem] = read_all(write(tmp_path / "a.txt", "Мост через реку открыли".encode() + b"\xd0"))
    assert "byte 43 (0xd0) is not UTF-8" in problem.message
    assert "looks like" not in problem.message
    assert "iconv -c -f utf-8" in problem.message


@pytest.mark.parametrize("text", ["", " \r\n\t\u00a0", "\x00\x00", "\ufeff", "\u200b\u00ad"])
def test_text_without_a_visible_character_is_refused(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "a.txt", text)
    write(tmp_path / "b.txt")
    articles, [problem] = read_all(tmp_path)
    assert [article.doc_id for article in articles] == ["b"]
    assert (problem.doc_id, problem.source) == ("a", str(path))
    assert "remove the article, or fill it in" in problem.message


# --- folders ------------------------------------------------------------------------------------------------------


def test_folder_is_walked_in_sorted_order(tmp_path: Path) -> None:
    for name in ("c.txt", "a.txt", "b/z.txt", "b/y.TXT", "b/я/x.txt"):
        write(tmp_path / name)
    assert ids(tmp_path) == ["a", "y", "z", "x", "c"]


def test_hidden_and_unknown_files_are_passed_over_and_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("a.txt", ".b.txt", ".git/c.txt", "d.pdf", "sub/e.pdf", "_SUCCESS"):
        write(tmp_path / name)
    with caplog.at_level(logging.WARNING, "svodka.readers"):
        assert ids(tmp_path) == ["a"]
    assert f"{tmp_path}: 3 files passed over, their kinds are not read: .pdf (2), _SUCCESS (1)" in caplog.text


@pytest.mark.parametrize(
    ("name", "way_out"),
    [("a.PDF", "`pdftotext`"), ("b.xlsx", "`pandas.read_excel`"), ("c.docx", "`soffice --headless")],
)
def test_office_files_are_refused_with_the_way_to_make_text_of_them(
    tmp_path: Path, name: str, way_out: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path / name)
    _, [problem] = read_all(path)
    assert problem.message.startswith("files of this kind are not read; ")
    assert way_out in problem.message
    for other in ("other.txt", f"z{path.suffix}"):
        write(tmp_path / other)
    assert ids(tmp_path) == ["other"]
    assert caplog.text.count(problem.message) == 1  # for all files of such kinds


def test_hidden_file_named_explicitly_is_read(tmp_path: Path) -> None:
    assert ids(write(tmp_path / ".a.txt")) == [".a"]


def test_same_stems_are_told_apart_by_folder(tmp_path: Path) -> None:
    for name in ("a.txt", "2020/a.txt", "2021/a.txt", "2021/b.txt"):
        write(tmp_path / name)
    assert ids(tmp_path) == ["2020/a", "2021/a", "b", "a"]


def test_same_stems_are_told_apart_by_ending_or_whole_path(tmp_path: Path) -> None:
    write(tmp_path / "x" / "a.jsonl", '{"text": "Мост"}')
    write(tmp_path / "x" / "a.csv", "text\nМост")
    assert ids(tmp_path / "x") == ["a.csv:1", "a.jsonl:1"]
    one, other = write(tmp_path / "y" / "a.txt"), write(tmp_path / "z" / "a.txt")
    assert ids(one, other) == [(tmp_path / name / "a").as_posix() + ".txt" for name in ("y", "z")]


def test_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    assert ids(path, tmp_path, path) == ["a"]


def test_folder_with_nothing_to_read(tmp_path: Path) -> None:
    write(tmp_path / "empty" / "a.pdf")
    write(tmp_path / "b.txt")
    articles, [problem] = read_all(tmp_path / "empty", tmp_path / "b.txt")
    assert len(articles) == 1
    assert problem.source == str(tmp_path / "empty")
    assert "nothing to read" in problem.message
    assert ".jsonl, " in problem.message
    assert "texts may be packed: .gz, .bz2, .xz" in problem.message


# --- inputs that cannot be read -----------------------------------------------------------------------------------


def test_missing_file_costs_nothing_else(tmp_path: Path) -> None:
    articles, [problem] = read_all(tmp_path / "no.txt", write(tmp_path / "a.txt"))
    assert [article.doc_id for article in articles] == ["a"]
    assert problem.source == str(tmp_path / "no.txt")
    assert "no such file or folder; check the path" in problem.message


def test_unknown_ending_named_explicitly(tmp_path: Path) -> None:
    path = write(tmp_path / "a.docy")
    articles, [problem] = read_all(path, write(tmp_path / "a.txt"))
    assert len(articles) == 1
    assert problem.source == str(path)
    assert ".csv, " in problem.message


def test_text_instead_of_a_path() -> None:
    _, [problem] = read_all("Мост через реку открыли. " * 200)
    assert "no file or folder" in problem.message
    assert len(problem.source or "") == 300


def test_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "a.txt")
    write(tmp_path / "b.txt")
    articles, [problem] = read_all(tmp_path)
    assert [article.doc_id for article in articles] == ["b"]
    assert problem.source == str(tmp_path / "a.txt")


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv.gz", "a.parquet", "a.zip", "a.tar.gz"])
def test_unreadable_file(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # By a patch, for root may read everything.
    path = write(tmp_path / name)
    write(tmp_path / "b.txt")
    original = Path.open

    def refuse(self: Path, mode: str = "r") -> IO[Any]:
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return original(self, mode)

    monkeypatch.setattr(Path, "open", refuse)
    articles, [problem] = read_all(tmp_path)
    assert [article.doc_id for article in articles] == ["b"]
    assert problem.source == str(path)
    assert "Permission denied" in problem.message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_folder(tmp_path: Path) -> None:
    write(tmp_path / "sub" / "a.txt")
    write(tmp_path / "b.txt")
    (tmp_path / "sub").chmod(0)
    articles, [problem] = read_all(tmp_path)
    (tmp_path / "sub").chmod(0o700)
    assert [article.doc_id for article in articles] == ["b"]
    assert problem.source == str(tmp_path / "sub")


def test_no_inputs() -> None:
    with pytest.raises(InputError, match="at least one file or folder"):
        read()


# --- ids over the whole run ---------------------------------------------------------------------------------------


def test_repeated_id_over_files_first_wins(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", '{"id": "x", "text": "Первый"}\n{"id": "y", "text": "Второй"}')
    write(tmp_path / "b.csv", "id,text\nx,Третий\nz,Четвёртый\n")
    write(tmp_path / "y.txt", "Пятый")
    articles, problems = read_all(tmp_path)
    assert [article.text for article in articles] == ["Первый", "Второй", "Четвёртый"]
    assert [problem.source for problem in problems] == [f"{tmp_path}/b.csv:2", f"{tmp_path}/y.txt"]
    assert "the id 'x' is taken by an earlier article" in problems[0].message


def test_refused_article_takes_no_id(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"id": "x", "text": ""}\n{"id": "x", "text": "Мост"}')
    articles, [problem] = read_all(path)
    assert [article.doc_id for article in articles] == ["x"]
    assert problem.doc_id == "x"


def test_published_is_for_articles_without_a_date(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Дождь.", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": "Снег.", "published": "2020-01-05"}\n', encoding="utf-8")
    days = [str(item.anchor) for item in read(tmp_path, published="07.09.2021") if isinstance(item, Article)]
    assert days == ["2021-09-07", "2020-01-05"]
    with pytest.raises(InputError, match="date of publication"):
        read(tmp_path, published="вчера")


def test_missing_library_costs_only_the_files_that_need_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_text("<p>Мост открыт.</p>", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Мост открыт.", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "lxml.html", None)
    monkeypatch.setitem(sys.modules, "lxml", None)
    problem, article = read(tmp_path)
    assert isinstance(problem, Problem)
    assert problem.source == str(tmp_path / "a.html")
    assert "pip install 'svodka[html]'" in problem.message
    assert isinstance(article, Article)
    assert article.doc_id == "b"
