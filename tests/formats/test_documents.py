"""Tables by parts and by documents."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from click.testing import CliRunner
from spacy.language import Language

import svodka
from export_data import hostile_tables, sample_tables
from run_data import SAMPLES, write_config
from svodka.cli import main
from svodka.corrections.gold import import_gold
from svodka.errors import ExportError
from svodka.evaluate.gold import load_gold
from svodka.schema import TABLES
from svodka.tables import Tables
from svodka.writers.documents import documents
from svodka.writers.parts import read_parts


def test_documents_have_all_rows_in_order() -> None:
    tables = hostile_tables()
    found = list(documents([tables], TABLES))
    assert [document.row for document in found] == tables.arrow("documents").to_pylist()
    for name in ("sentences", "tokens", "mentions", "entities", "roles", "dates", "quotes"):
        rows = [row for document in found for row in getattr(document, name)]
        assert rows == tables.arrow(name).to_pylist()
    assert all(row["doc_id"] == document.doc_id for document in found for row in document.tokens)
    assert all(document.text == document.row["text"] for document in found)


def test_scattered_rows_are_found() -> None:
    tables = sample_tables()
    arrow = {name: tables.arrow(name) for name in TABLES}
    order = pc.sort_indices(arrow["quotes"], [("quote_id", "ascending")])
    scattered = Tables(arrow | {"quotes": arrow["quotes"].take(order)})
    expected = [document.quotes for document in documents([tables], ["quotes"])]
    assert [document.quotes for document in documents([scattered], ["quotes"])] == expected


def test_missing_table_is_named() -> None:
    tables = Tables({"documents": sample_tables().arrow("documents")})
    assert len(list(documents([tables], ["quotes"]))) == 22
    with pytest.raises(ExportError, match=r"needs the table 'tokens'.*--tables tokens"):
        list(documents([tables], ["tokens"]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("run")
    config = write_config(place / "config.toml", shard_articles=6)
    out = place / "out"
    arguments = ["run", str(SAMPLES), "--out", str(out), "--config", str(config)]
    assert CliRunner().invoke(main, arguments, catch_exceptions=False).exit_code == 0
    return out


def test_parts_are_shards(folder: Path) -> None:
    parts = list(read_parts(folder))
    assert len(parts) > 1
    whole = Tables.read_parquet(folder)
    for name in TABLES:
        assert pa.concat_tables([part.arrow(name) for part in parts]).equals(whole.arrow(name))


def test_registry_comes_last(folder: Path) -> None:
    assert CliRunner().invoke(main, ["link", str(folder)], catch_exceptions=False).exit_code == 0
    *parts, last = read_parts(folder)
    assert not any(part.arrow("registry").num_rows for part in parts)
    assert last.arrow("registry").num_rows
    assert not last.arrow("documents").num_rows


def test_command_writes_what_the_method_writes(folder: Path, tmp_path: Path) -> None:
    arguments = ["export", str(folder), "--to", "csv", "--out", str(tmp_path / "csv"), "--tables", "quotes, dates"]
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    Tables.read_parquet(folder).to_csv(tmp_path / "method", ["quotes", "dates"])
    names = sorted(path.name for path in (tmp_path / "csv").iterdir())
    assert names == ["dates.csv", "quotes.csv"]
    for name in names:
        assert (tmp_path / "csv" / name).read_bytes() == (tmp_path / "method" / name).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "csv", "--tables", "quotations"], "no table 'quotations'; there are documents"),
        (["--to", "csv", "--title", "x"], "csv has no option title; its options are tables, spreadsheet"),
        (["--to", "jsonl", "--title", "x"], "jsonl has no option title; it has none"),
        (["--to", "xls"], "'xls' is not one of"),
    ],
)
def test_what_cannot_be_written_is_said(folder: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(main, ["export", str(folder), "--out", str(tmp_path / "x"), *arguments])
    assert done.exit_code
    assert said in done.output


def test_the_day_of_publication_is_that_of_the_place(nlp: Language, tmp_path: Path) -> None:
    article = {"id": "night", "text": "Мост откроют завтра.", "published": "2021-09-07T00:30:00+03:00"}
    tables = svodka.extract([article], nlp=nlp)
    row = tables.arrow("documents").to_pylist()[0]
    assert (str(row["published"].date()), str(row["published_day"])) == ("2021-09-06", "2021-09-07")
    assert str(tables.arrow("dates")["edtf"][0]) == "2021-09-08"
    tables.to_brat(tmp_path / "brat")
    tables.to_label_studio(tmp_path / "tasks")
    tables.to_conllu(tmp_path / "night.conllu")
    tables.to_jsonl(tmp_path / "night.jsonl")
    tables.to_parquet(tmp_path / "tables")
    for path in ("brat", "night.conllu", "night.jsonl", "tables/documents.parquet"):
        again = svodka.extract(svodka.read(tmp_path / path), nlp=nlp)
        assert again.arrow("dates").equals(tables.arrow("dates")), path
    import_gold(tmp_path / "brat", tmp_path / "gold")
    (gold,) = load_gold(tmp_path / "gold")
    assert gold.article.anchor == dt.date(2021, 9, 7)
