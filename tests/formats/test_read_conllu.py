"""Reading CoNLL-U: texts, tokens and sentences as they are given."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

import svodka
from odd_texts import HOSTILE, PIECES
from shared_data import shared
from svodka.evaluate import ud
from svodka.readers.conllu import escape, unescape
from svodka.records import Article, Problem


def row(number: str, form: str, misc: str = "_") -> str:
    return f"{number}\t{form}\t_\t_\t_\t_\t_\t_\t_\t{misc}\n"


def read(tmp_path: Path, text: str, name: str = "news.conllu") -> list[Article | Problem]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="\n")
    return list(svodka.read(path))


def article(tmp_path: Path, text: str) -> Article:
    (found,) = read(tmp_path, text)
    assert isinstance(found, Article), found
    return found


def words(article: Article) -> list[list[str]]:
    return [[article.text[start:end] for start, end in sentence] for sentence in article.tokens or ()]


def test_documents_with_their_metadata(tmp_path: Path) -> None:
    text = (
        "# newdoc id = a-1\n# title = Мост открыт\n# link = https://example.org/1\n# date = 07.09.2021\n"
        "# site = Вести\n# author = И. Орлов\n# text = Мост открыт.\n"
        + row("1", "Мост") + row("2", "открыт", "SpaceAfter=No") + row("3", ".") + "\n"
        "# newdoc\n" + row("1", "Да") + "\n# newdoc_id = t-3\n" + row("1", "Нет")
    )  # fmt: skip
    first, second, third = read(tmp_path, text)
    assert isinstance(first, Article)
    assert (first.doc_id, first.text, first.title) == ("a-1", "Мост открыт.", "Мост открыт")
    assert (first.url, first.source, first.author) == ("https://example.org/1", "Вести", "И. Орлов")
    assert str(first.published) == "2021-09-07 00:00:00+00:00"
    assert first.tokens == (((0, 4), (5, 11), (11, 12)),)
    assert isinstance(second, Article)
    assert isinstance(third, Article)
    assert (second.doc_id, second.text) == ("news:12", "Да")
    assert second.source == f"{tmp_path / 'news.conllu'}:12"
    assert (third.doc_id, third.text) == ("t-3", "Нет")


def test_file_without_documents_is_one_article(tmp_path: Path) -> None:
    found = article(tmp_path, row("1", "Да", "SpaceAfter=No") + row("2", ".") + "\n" + row("1", "Нет") + "\n\n\n")
    assert (found.doc_id, found.text) == ("news", "Да. Нет")
    assert words(found) == [["Да", "."], ["Нет"]]


def test_packed_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "news.conllu.gz"
    path.write_bytes(gzip.compress(row("1", "Да").encode()))
    (found,) = svodka.read(path)
    assert isinstance(found, Article)
    assert (found.doc_id, found.text) == ("news", "Да")


def test_white_space_is_as_misc_has_it(tmp_path: Path) -> None:
    text = (
        (
            row("1", "Да", r"SpacesAfter=\s\t\p|SpacesBefore=\r\n\u2028")
            + row("2", "10 000", r"SpacesInToken=10\u00a0000")
            + "\n"
            + row("1", "Нет", r"SpacesAfter=\n\\ \x")
        )
        .replace(r"\p", "")
        .replace(r"\\ \x", "")
    )
    found = article(tmp_path, text)
    assert found.text == "\r\n\u2028Да \t10\u00a0000 Нет\n"
    assert words(found) == [["Да", "10\u00a0000"], ["Нет"]]


def test_white_space_is_else_as_the_text_has_it(tmp_path: Path) -> None:
    text = "# text = Да,\u00a0 нет .\n" + row("1", "Да") + row("2", ",") + row("3", "нет") + row("4", ".")
    assert article(tmp_path, text).text == "Да,\u00a0 нет ."


def test_text_that_does_not_fit_is_not_believed(tmp_path: Path) -> None:
    text = "# text = Да — нет\n" + row("1", "Да", "SpaceAfter=No") + row("2", ",") + row("3", "нет")
    assert article(tmp_path, text).text == "Да, нет"


def test_paragraphs_are_lines(tmp_path: Path) -> None:
    text = "# newpar\n" + row("1", "Да") + "\n# newpar id = 2\n" + row("1", "Нет", r"SpacesAfter=\n\n")
    text += "\n# newpar\n" + row("1", "Может") + "\n" + row("1", "быть")
    assert article(tmp_path, text).text == "Да\nНет\n\nМожет быть"


def test_multiword_tokens_are_one_and_empty_nodes_none(tmp_path: Path) -> None:
    text = (
        row("1-2", "никому", "SpaceAfter=No") + row("1", "ни") + row("2", "кому") + row("2.1", "дали")
        + row("3", ",") + row("3.1", "_") + "\n" + row("0.1", "_") + row("1", "да")
    )  # fmt: skip
    found = article(tmp_path, text)
    assert found.text == "никому, да"
    assert words(found) == [["никому", ","], ["да"]]


def test_comment_in_json_is_unpacked(tmp_path: Path) -> None:
    text = '# newdoc id = a%20b\n# doc_json_doc_id = "a b"\n# json_title = "а\\nб"\n# json_site = [1]\n'
    found = article(tmp_path, text + "# doc_json_url = {\n" + row("1", "Да"))
    assert (found.doc_id, found.title, found.url) == ("a b", "а\nб", None)


def test_broken_line_costs_its_sentence(tmp_path: Path) -> None:
    text = (
        "# newdoc id = a\n" + row("1", "Да") + "\n"
        + row("1", "Снег") + "2\tидёт\n" + "\n"
        + row("1", "Нет") + "\n"
        + "1 Дождь _ _ _ _ _ _ _ _\n\n" + row("один", "Град") + "\n" + row("1", " ") + "\n"
    )  # fmt: skip
    *errors, found = read(tmp_path, text)
    assert isinstance(found, Article)
    assert (found.text, words(found)) == ("Да Нет", [["Да"], ["Нет"]])
    problems = [error for error in errors if isinstance(error, Problem)]
    path = tmp_path / "news.conllu"
    assert [problem.source for problem in problems] == [f"{path}:{line}" for line in (5, 9, 11, 13)]
    assert problems[0].message == (
        "2 columns, CoNLL-U has 10, with tabs between them; mend the line, its sentence is left out"
    )
    assert problems[2].message.startswith("'один' is no ID such as 1, 1-2 or 1.1")
    assert problems[3].message.startswith("the FORM is empty")


def test_wrong_encoding_costs_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "news.conllu"
    path.write_bytes(row("1", "Снег идёт").encode("cp1251") + b"\n" + row("1", "Да").encode())
    error, found = svodka.read(path)
    assert isinstance(error, Problem)
    assert "is not UTF-8" in error.message
    assert isinstance(found, Article)
    assert found.text == "Да"


def test_document_without_a_sentence_is_none(tmp_path: Path) -> None:
    text = "# newdoc id = a\n1\tДа\n\n# newdoc id = b\n" + row("1", "Нет")
    error, found = read(tmp_path, text)
    assert isinstance(error, Problem)
    assert isinstance(found, Article)
    assert (found.doc_id, found.text) == ("b", "Нет")


def test_caller_names_a_comment(tmp_path: Path) -> None:
    path = tmp_path / "news.conllu"
    path.write_text("# rubric = Мост\n" + row("1", "Да"), encoding="utf-8")
    (found,) = svodka.read(path, columns={"title": "rubric"})
    assert isinstance(found, Article)
    assert found.title == "Мост"


def test_document_too_long_ends_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svodka.readers.conllu.MOST_BYTES", 10)
    text = "# newdoc id = a\n" + row("1", "Дождь") + "\n" + row("1", "Метель") + "\n" + row("1", "Снег")
    (error,) = read(tmp_path, text)
    assert isinstance(error, Problem)
    assert error.message.startswith("a document of more than 10 characters is no article")


@given(st.text() | st.sampled_from(PIECES + HOSTILE))
def test_escapes_come_back(text: str) -> None:
    escaped = escape(text)
    assert unescape(escaped) == text
    assert not set(escaped) & set(" \t\n\r|=\ufffd\u2028\x00")


def test_given_tokens_are_kept_by_the_pipeline(tmp_path: Path, nlp: Language) -> None:
    text = (
        "# newpar\n" + row("1", "Иван") + row("2", "Орлов") + row("3-4", "сказалбы", r"SpacesAfter=\s\s")
        + row("3", "сказал") + row("4", "бы") + row("5", "10 000", "SpaceAfter=No") + row("6", "?!?") + "\n"
        + row("1", "да") + row("2", ".")
    )  # fmt: skip
    tables = svodka.extract([article(tmp_path, text)], nlp=nlp)
    assert tables.tokens.text.tolist() == ["Иван", "Орлов", "сказалбы", "10 000", "?!?", "да", "."]
    assert tables.tokens.sent_id.tolist() == [0, 0, 0, 0, 0, 1, 1]
    assert tables.documents.text[0] == "Иван Орлов сказалбы  10 000?!? да ."


@pytest.mark.parametrize("path", ["gold/ud/GSD/ru_gsd-ud-dev.conllu", "gold/ud/Taiga/ru_taiga-ud-dev.conllu"])
def test_treebank_keeps_its_tokens(path: str, tmp_path: Path, core: Language) -> None:
    whole = shared(path).read_text(encoding="utf-8")
    part = tmp_path / "part.conllu"
    part.write_text("\n\n".join(whole.split("\n\n")[:150]) + "\n\n", encoding="utf-8")
    tables = svodka.extract(svodka.read(part), nlp=core)
    golds = list(ud.read_conllu(part))
    assert tables.errors.empty
    assert tables.tokens.text.tolist() == [form for gold in golds for form in gold.forms]
    assert tables.documents.n_sents.tolist() == [sum(gold.sent_starts) for gold in golds]
    assert [text.split() for text in tables.documents.text] == [gold.text.split() for gold in golds]
