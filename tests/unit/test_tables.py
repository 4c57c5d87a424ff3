"""Docs → nested rows → flat tables, and what check says of them."""

import csv
import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from spacy.language import Language

from svodka.check import check_tables
from svodka.document import set_records
from svodka.engine import make_doc
from svodka.errors import SchemaError
from svodka.records import Article, DateExpr, Entity, Mention, Problem, Quote
from svodka.rows import articles_to_batch, batch_to_articles, nested_batch
from svodka.schema import NESTED, TABLES
from svodka.tables import Batch, Tables

TEXT = "Мэр Орлов сказал 16 числа:\n «Мост готов»."
ARTICLE = Article(
    text=TEXT, doc_id="a", published=dt.datetime(2021, 9, 7, 1, 30, tzinfo=dt.timezone(dt.timedelta(hours=3)))
)


@pytest.fixture
def tables(core: Language) -> Tables:
    """Hand-made records over a real Doc."""
    doc = core(make_doc(core, ARTICLE))
    span = {"start": 4, "end": 9}
    set_records(doc, "mentions", [Mention(**span, label="PER", normal="Орлов", entity=0, rule="t")])
    set_records(doc, "entities", [Entity(label="PER", name="Орлов", gender="Masc", role="мэр", n_mentions=1)])
    day = dt.date(2021, 9, 16)
    set_records(doc, "dates", [DateExpr(start=17, end=25, type="DATE", value="2021-09-16", edtf="2021-09-16",
                                        start_date=day, end_date=day, granularity="day", rule="t")])  # fmt: skip
    quote = Quote(segments=((29, 39),), type="direct", form="inline", cue=(10, 16), cue_lemma="сказать", mention=(4, 9),
                  speaker="Орлов", speaker_kind="person", entity=0, rule="t")  # fmt: skip
    set_records(doc, "quotes", [quote])
    empty = core(make_doc(core, Article(text="Ничего.", doc_id="b")))
    problem = Problem(doc_id=None, source="x.jsonl:3", stage="read", error_type="InputError", message="no text")
    return Tables.from_rows([Batch(nested_batch([doc, empty]), (problem,))])


def test_the_tables_are_clean(tables: Tables) -> None:
    assert check_tables(tables) == []


def test_rows_say_what_the_records_say(tables: Tables) -> None:
    quote = tables.quotes.iloc[0]
    assert (quote["text"], quote["cue"], quote["mention"], quote["speaker"]) == (
        "Мост готов",
        "сказал",
        "Орлов",
        "Орлов",
    )
    assert quote["segments"] == [(29, 39)]
    assert quote["sent_id"] == 1
    date = tables.dates.iloc[0]
    assert (date["text"], date["start_date"]) == ("16 числа", dt.date(2021, 9, 16))
    assert tables.mentions.iloc[0]["token_start"] == 1
    assert list(tables.documents["n_tokens"]) == [11, 2]
    assert tables.errors["source"].tolist() == ["x.jsonl:3"]


def test_anchor_is_the_day_where_it_was_published() -> None:
    assert ARTICLE.anchor == dt.date(2021, 9, 7)
    (back,) = batch_to_articles(articles_to_batch([ARTICLE]))
    assert back.anchor == dt.date(2021, 9, 7)
    assert back.published == ARTICLE.published


def test_frames_have_good_types(tables: Tables) -> None:
    assert str(tables.documents["published"].dtype) == "datetime64[us, UTC]"
    assert str(tables.tokens["head"].dtype) == "Int32"
    assert str(tables.quotes["type"].dtype) == "category"
    assert tables.dates["start_date"].dtype == pd.ArrowDtype(pa.date32())
    assert tables.tokens["head"].isna().sum() == 3  # a root a sentence


def test_parquet_round_trip(tables: Tables, tmp_path: Path) -> None:
    tables.to_parquet(tmp_path)
    back = Tables.read_parquet(tmp_path)
    for name in TABLES:
        assert back.arrow(name).equals(tables.arrow(name)), name
        pd.testing.assert_frame_equal(back[name], tables[name])


def test_csv_has_values_as_a_reader_expects_them(tables: Tables, tmp_path: Path) -> None:
    tables.to_csv(tmp_path)
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(TABLES)

    def rows(name: str) -> list[dict[str, str]]:
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    (quote,) = rows("quotes")
    assert (quote["text"], quote["confidence"], quote["via"]) == ("Мост готов", "1.0", "")
    assert json.loads(quote["segments"]) == [{"start": 29, "end": 39}]
    (date,) = rows("dates")
    assert (date["start_date"], date["mod"]) == ("2021-09-16", "")
    first, _ = rows("documents")
    assert (first["text"], first["published"]) == (TEXT, "2021-09-06T22:30:00+00:00")


def test_no_documents_make_empty_tables() -> None:
    empty = Tables.from_rows([])
    assert all(len(empty[name]) == 0 for name in empty)
    assert nested_batch([]).schema == NESTED


@pytest.mark.parametrize(
    ("table", "column", "value", "rule"),
    [
        ("quotes", "start", 28, "offsets"),
        ("quotes", "quote_id", None, "null"),
        ("quotes", "type", "spoken", "enum"),
        ("quotes", "entity_id", 7, "reference"),
        ("quotes", "speaker", "", "empty"),
        ("quotes", "segments", [{"start": 29, "end": 29}], "segments"),
        ("mentions", "doc_id", "z", "reference"),
        ("dates", "text", "15 числа", "offsets"),
        ("quotes", "cue_end", None, "offsets"),
        ("documents", "text_sha256", "0", "hash"),
        ("documents", "n_chars", 3, "count"),
        ("documents", "n_sents", 9, "count"),
    ],
)
def test_check_finds_what_is_broken(tables: Tables, table: str, column: str, value: object, rule: str) -> None:
    arrow = tables.arrow(table)
    rows = arrow.to_pylist()
    rows[0][column] = value
    loose = pa.schema([field.with_nullable(True) for field in arrow.schema])
    broken = Tables.__new__(Tables)
    broken._arrow = {name: tables.arrow(name) for name in tables} | {table: pa.Table.from_pylist(rows, schema=loose)}
    broken._frames = {}
    assert rule in {violation.rule for violation in check_tables(broken)}


def test_check_finds_a_key_that_stands_twice(tables: Tables) -> None:
    twice = Tables({name: tables.arrow(name) for name in tables} | {
        "quotes": pa.concat_tables([tables.arrow("quotes")] * 2),
    })  # fmt: skip
    assert [violation.rule for violation in check_tables(twice)] == ["key"]


def test_other_columns_are_refused(tables: Tables, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="missing columns"):
        Tables({"quotes": tables.arrow("quotes").drop_columns(["speaker"])})
    with pytest.raises(SchemaError, match="no tables here"):
        Tables.read_parquet(tmp_path)
    (tmp_path / "quotes.parquet").write_bytes(b"PAR1")
    with pytest.raises(SchemaError, match=r"quotes\.parquet"):
        Tables.read_parquet(tmp_path)


def test_files_carry_the_contract(tables: Tables, tmp_path: Path) -> None:
    tables.to_parquet(tmp_path)
    schema = pq.read_schema(tmp_path / "quotes.parquet")
    assert schema.metadata[b"svodka.schema"] == b"1.2"
    assert schema.field("speaker").metadata[b"description"].startswith(b"Canonical name")
