"""Tables and documents on a terminal: readable with and without colours, and no text steers it."""

import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from rich.console import Console

from conftest import ROOT
from export_data import hostile_tables, odd_texts, sample_tables, tables_of
from svodka.cli import main
from svodka.tables import Tables
from svodka.view.choosing import NEEDED, find_document
from svodka.view.terminal import show_document, show_tables
from svodka.writers.documents import Document, documents

TEXT = (
    "«Мост откроют 16 числа», — сообщил мэр Заречного Иван Орлов. — «Приезжайте».\r\n"
    "«Анна Петрова сказала: „Мост готов“», — рассказал Орлов."
)


def document_of(text: str, **fields: str) -> Document:
    return next(documents([tables_of(text, **fields)], NEEDED))


def printed(document: Document, **options: object) -> str:
    out = io.StringIO()
    show_document(document, Console(file=out, highlight=False, **{"width": 80, **options}), limit=0)
    return out.getvalue()


def call(*arguments: object, **options: object) -> Result:
    return CliRunner().invoke(main, ["view", *map(str, arguments)], **options)


def test_a_pipe_gets_whole_lines_with_brackets_and_numbers() -> None:
    lines = printed(document_of(TEXT, title="Мост")).splitlines()
    assert lines[0] == "Мост"
    assert lines[3:5] == [
        "«⟦Мост откроют 16 числа ⟨2021-09-16⟩⟧», — сообщил мэр Заречного Иван Орлов. — «⟦Приезжайте⟧¹».",
        "«⟦Анна Петрова сказала: „⟦Мост готов⟧²“⟧¹», — рассказал Орлов.",
    ]
    assert " ¹  Иван Орлов · мэр Заречного · 2 quotations" in lines
    assert any(line.split() == ["16", "числа", "2021-09-16", "2021-09-16"] for line in lines)


@pytest.mark.parametrize("system", ["standard", "256", "truecolor"])
def test_colours_tell_speakers_apart_whatever_the_terminal_has(system: str) -> None:
    shown = printed(document_of(TEXT), force_terminal=True, color_system=system, no_color=False)
    first, second = (shown.partition(words)[0].rpartition("\x1b[")[2] for words in ("Приезжайте", "Мост готов"))
    assert first != second
    for colours in (first, second):  # background and foreground, so that both dark and light terminals will do
        codes = colours.partition("m")[0].split(";")
        assert {code[0] for code in codes if len(code) == 2 or code in ("104", "106", "103")} >= {"3"}
    assert "„\x1b" in shown
    assert "⟦" in shown  # a quotation within another is framed
    assert "⟧¹" not in shown


def test_a_terminal_without_colours_has_brackets_and_is_underlined() -> None:
    shown = printed(document_of(TEXT), force_terminal=True, no_color=True)
    assert "⟦" in shown
    assert "\x1b[4mсообщил\x1b[0m" in shown


def test_an_encoding_without_the_brackets_has_others() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="cp1251")
    show_document(document_of("«Мост готов», - сказал Орлов."), Console(file=out, width=80))
    out.flush()
    assert "«[Мост готов](1)»" in out.buffer.getvalue().decode("cp1251")


def test_lines_of_a_terminal_end_between_words_wide_characters_count_twice() -> None:
    text = "Мост 漢字" * 3 + " и слово за словом " * 20 + "о" * 300
    lines = printed(document_of(text), force_terminal=True, no_color=True, width=40).splitlines()
    body = [line for line in lines if "слово" in line]
    assert all(len(line.rstrip()) <= 40 for line in body)
    assert all(word in ("Мост", "и", "слово", "за", "словом", "") for line in body[1:-1] for word in line.split(" "))


def test_a_document_without_anything_and_one_that_failed() -> None:
    assert "no quotation found" in printed(document_of("Дождь."))
    row = {**document_of("Дождь.").row, "status": "failed"}
    problem = {"source": "a.jsonl:3", "doc_id": "a", "stage": "run", "message": "it took too long\x1b[2J"}
    shown = printed(Document(row, errors=[problem]))
    assert "failed: see the problems below" in shown
    assert "a.jsonl:3: run: it took too long\\x1b[2J" in shown


def test_a_long_text_of_one_line_is_shown() -> None:
    text = TEXT.replace("\r\n", " ") * 50
    assert printed(document_of(text), force_terminal=True, no_color=True).count("Приезжайте") == 50


@given(text=odd_texts())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_steers_a_terminal_and_none_of_it_is_lost(text: str) -> None:
    document = document_of(text, title=text, url=text, source=text)
    shown = printed(document, width=1000)
    assert all(char.isprintable() or char in " \n\xad\xa0\ufffe\U0010ffff" for char in shown), shown
    coloured = printed(document, force_terminal=True, color_system="truecolor", no_color=False)
    assert all(part[0] == "[" and part[1:].partition("m")[1] for part in coloured.split("\x1b")[1:])


@pytest.mark.parametrize("tables", [sample_tables, hostile_tables], ids=["samples", "hostile"])
def test_every_document_and_every_summary_can_be_shown(tables: "type[Tables]") -> None:
    out = io.StringIO()
    show_tables(tables(), Console(file=out, width=60), limit=0)
    assert out.getvalue().count("\n") > 20
    for document in documents([tables()], NEEDED):
        shown = printed(document)
        for quote in document.quotes:
            assert quote["speaker"] is None or quote["speaker"].split()[0][:5] in shown


def test_one_document_of_tables_on_the_terminal_and_as_a_page(tmp_path: Path) -> None:
    sample_tables().to_parquet(tmp_path / "tables")
    shown = call(tmp_path / "tables", "--doc", "vishnya-bridge")
    assert shown.exit_code == 0, shown.output
    assert "⟦Опоры рассчитаны на сто лет⟧" in shown.stdout
    unknown = call(tmp_path / "tables", "--doc", "vishna-bridge")
    assert unknown.exit_code == 1
    assert "there is no document 'vishna-bridge'; there are: 'vishnya-bridge' …" in unknown.output
    page = tmp_path / "new" / "page.html"
    written = call(tmp_path / "tables", "--doc", "vishnya-bridge", "-o", page)
    assert written.stdout == f"{page}: 1 document\n"
    assert "<title>" in page.read_text(encoding="utf-8")
    streamed = call(tmp_path / "tables", "--doc", "vishnya-bridge", "-o", "-")
    assert streamed.stdout == page.read_text(encoding="utf-8")
    several = call(tmp_path / "tables", "-o", page, "--limit", "3")
    assert several.stdout == f"{page}: 3 documents; 19 more documents: --limit 0 shows all\n"
    assert page.read_text(encoding="utf-8").count("<article ") == 3
    assert call(tmp_path / "tables", "--published", "2021-09-07").exit_code == 1
    assert call(tmp_path / "tables", "-o", page / "no" / "page.html").exit_code == 1


def test_a_run_that_wrote_only_quotations_is_shown(tmp_path: Path) -> None:
    tables = Tables({name: sample_tables().arrow(name) for name in ("documents", "quotes")})
    tables.to_parquet(tmp_path)
    assert "⟦Опоры рассчитаны на сто лет⟧" in call(tmp_path, "--doc", "vishnya-bridge").stdout
    assert find_document(tables, "nobody") is None


def test_articles_are_read_on_the_spot(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    shown = call(tmp_path / "a.txt", "--published", "2021-09-07")
    assert "16 числа ⟨2021-09-16⟩" in shown.stdout
    streamed = call("-", input='{"text": "«Мост готов», — сказал Орлов."}\n{"text": "Дождь."}\n')
    assert "⟦Мост готов⟧¹" in streamed.stdout
    first = call(ROOT / "data" / "samples" / "articles.jsonl", "--limit", "1", "--config", "fast")
    assert first.stderr == "there are more articles: --limit 0 shows all\n"
    assert call(tmp_path / "no.txt").exit_code == 1
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    both = call(tmp_path)
    assert both.exit_code == 0
    assert "empty.txt" in both.stderr
    assert call(tmp_path, "--doc", "b").output.endswith("there is no document 'b'; there are: 'a'\n")
