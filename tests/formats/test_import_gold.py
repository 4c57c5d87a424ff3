"""Corrections made in brat and Label Studio come back as gold that svodka is measured by."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings

from corrections_data import Ann, Export, both, bridge, imported, to_brat, to_label_studio
from export_data import hostile_tables, odd_texts, sample_tables, tables_of
from svodka.cli import main
from svodka.corrections.gold import import_gold
from svodka.errors import InputError
from svodka.evaluate.dates import evaluate_dates
from svodka.evaluate.names import evaluate_names
from svodka.evaluate.quotes import content_words, evaluate_quotes
from svodka.tables import Tables


def wordless(tables: Tables) -> bool:
    """Whether a quotation has no word, so that the evaluation pairs it with none."""
    texts = dict(zip(*(tables.arrow("documents")[name].to_pylist() for name in ("doc_id", "text")), strict=True))
    return any(
        not content_words(texts[row["doc_id"]], [(one["start"], one["end"]) for one in row["segments"]])
        for row in tables.arrow("quotes").to_pylist()
    )


def assert_perfect(tables: Tables, gold: Path, folder: Path) -> None:
    """Every figure of the tables is 1 on the gold that was made of them; one that nothing counts for is not asked."""
    tables.to_parquet(folder)
    layers = [evaluate_dates, evaluate_names] if wordless(tables) else [evaluate_dates, evaluate_names, evaluate_quotes]
    for layer in layers:
        report = layer(gold, folder)
        counted = {score.name: score.value for score in report.scores if score.n_items}
        assert set(counted.values()) - {1.0} == set(), (report.layer, counted)
        assert report.disagreements == ()


@both
def test_what_nobody_corrected_is_perfect(tmp_path: Path, export: Export) -> None:
    tables = sample_tables()
    done = import_gold(export(tables, tmp_path / "out"), tmp_path / "gold")
    assert done.warnings == ()
    assert (done.n_documents, done.n_quotes) == (22, tables.arrow("quotes").num_rows)
    assert done.n_dates == tables.arrow("dates").num_rows
    assert_perfect(tables, tmp_path / "gold", tmp_path / "tables")


@both
def test_hostile_documents_come_back(tmp_path: Path, export: Export) -> None:
    tables = hostile_tables()
    done, golds = imported(export(tables, tmp_path / "out"), tmp_path / "gold")
    assert done.warnings == ()
    expected = {row["doc_id"]: row for row in tables.arrow("documents").to_pylist()}
    assert {gold.article.doc_id for gold in golds} == expected.keys()
    for gold in golds:
        row = expected[gold.article.doc_id]
        assert gold.article.text == row["text"]
        assert (gold.article.title, gold.article.url, gold.article.published) == (
            row["title"], row["url"], row["published"],
        )  # fmt: skip
    assert_perfect(tables, tmp_path / "gold", tmp_path / "tables")


@settings(max_examples=25)
@given(odd_texts())
def test_odd_texts_come_back_from_both_alike(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    tables = tables_of(text)
    folder = tmp_path_factory.mktemp("gold")
    contents = []
    for name, export in (("brat", to_brat), ("ls", to_label_studio)):
        done, (gold,) = imported(export(tables, folder / name), folder / f"{name} gold")
        assert done.warnings == ()
        assert gold.article.text == text
        contents.append(gold)
        assert_perfect(tables, folder / f"{name} gold", folder / f"{name} tables")
    assert contents[0] == contents[1]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", "{", "not a JSON file"),
        ("a.json", "{}", "not what Label Studio exports as JSON"),
        ("a.json", '[{"text": "Дождь.", "label": []}]', "take «JSON», not «JSON-MIN»"),
        ("a.json", "[]", "nothing to make gold of"),
        ("a.json", '[{"data": {"title": ""}, "annotations": [{"result": []}]}]', r"its data has no text"),
        ("a.txt", "Дождь.", "neither .ann files of brat nor .json files of Label Studio"),
        ("a.ann", "T1\tPerson 0 1\tД", "has no text beside it"),
        ("documents.jsonl", "Дождь.", "neither .ann files"),
    ],
)
def test_sources_that_are_none(tmp_path: Path, name: str, content: str, message: str) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        import_gold(source, tmp_path / "gold")
    assert not (tmp_path / "gold").exists()


@both
def test_an_export_that_is_no_gold_yet_is_told_how_to_become_it(tmp_path: Path, export: Export) -> None:
    source = export(bridge(), tmp_path / "out")
    with pytest.raises(InputError, match="`svodka gold import` makes gold of what was corrected in brat or Label"):
        evaluate_quotes(source)


def test_gold_that_is_there_is_not_mixed_with(tmp_path: Path) -> None:
    source = to_brat(bridge(), tmp_path / "brat")
    import_gold(source, tmp_path / "gold")
    with pytest.raises(InputError, match="the folder holds something"):
        import_gold(source, tmp_path / "gold")


def test_the_command(tmp_path: Path) -> None:
    ann = Ann(to_brat(bridge(), tmp_path / "brat"))
    ann.add("совсем не то\x1b[2J")
    ann.save()
    done = CliRunner().invoke(main, ["gold", "import", str(tmp_path / "brat"), "--out", str(tmp_path / "gold")])
    assert done.exit_code == 0
    assert done.stdout == f"{tmp_path / 'gold'}: 1 documents, 3 quotations, 2 dates, 5 mentions\n"
    assert "not a line of brat's" in done.stderr
    assert "\x1b" not in done.stderr
