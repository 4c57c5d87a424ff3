"""CoNLL-U: what the conllu package, UD's validator, udapi and spaCy read in the file, and svodka itself."""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import conllu
import pyarrow as pa
import pytest
import udapi  # type: ignore[import-untyped]
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.training.converters.conllu_to_docs import conllu_to_docs
from udtools import Validator

import svodka
from export_data import SENTENCES, hostile_tables, odd_texts, sample_tables, tables_of
from svodka.errors import ExportError
from svodka.records import Article
from svodka.tables import Tables
from svodka.writers.documents import Document, documents

TYPES: dict[Any, str] = {"PER": "person", "ORG": "organization", "LOC": "place"}
NEEDED = {"sentences", "tokens", "mentions", "entities"}


@cache
def validator(level: int) -> Validator:
    return Validator(lang="ud", level=level, check_coref=True, output=None)


def errors_of(path: Path, *, level: int = 2) -> list[str]:
    """What UD's validator finds wrong with a file, mentions and entities included."""
    state = validator(level).validate_files([str(path)])
    return [str(incident) for incident in state.error_tracker if incident.is_error()]


def written(tables: Tables, folder: Path) -> Path:
    path = folder / "news.conllu"
    tables.to_conllu(path)
    return path


def udapi_document(path: Path) -> udapi.Document:
    document = udapi.Document()
    document.from_conllu_string(path.read_text(encoding="utf-8"))
    return document


def parsed(path: Path) -> list[conllu.TokenList]:
    with path.open(encoding="utf-8") as file:
        return list(conllu.parse_incr(file))


def read_back(path: Path) -> list[Article]:
    articles = list(svodka.read(path))
    assert all(isinstance(article, Article) for article in articles), articles
    return [article for article in articles if isinstance(article, Article)]


def spans_of(document: Document) -> tuple[tuple[tuple[int, int], ...], ...]:
    """The sentences of a document as articles have them."""
    return tuple(
        tuple((token["start"], token["end"]) for token in document.tokens if token["sent_id"] == sentence["sent_id"])
        for sentence in document.sentences
    )


def assert_same(tables: Tables, path: Path) -> None:
    """The conllu package reads the tokens of the tables, and svodka the texts with their tokens."""
    there = list(documents([tables], NEEDED))
    sentences = iter(parsed(path))
    for document, article in zip(there, read_back(path), strict=True):
        assert article.doc_id == document.doc_id
        assert article.text == document.text
        assert article.tokens == spans_of(document)
        for column in ("title", "author", "url", "published", "published_from", "source"):
            assert getattr(article, column) == document.row[column], column
        for sentence in document.sentences:
            assert_same_words(document, sentence, next(sentences))
    assert next(sentences, None) is None


def assert_same_words(document: Document, sentence: dict[str, Any], words: conllu.TokenList) -> None:
    first = sentence["token_start"]
    for token, word in zip(document.tokens[first : sentence["token_end"]], words, strict=True):
        assert word["id"] == token["token_id"] - first + 1
        if token["text"].isascii() and token["text"].isprintable():
            assert word["form"] == token["text"]
        assert word["upos"] == token["pos"]
        assert "|".join(f"{name}={value}" for name, value in (word["feats"] or {}).items()) == (token["feats"] or "")
        assert word["head"] == (0 if token["head"] is None else token["head"] - first + 1)
        assert word["deprel"] == token["dep"]


@settings(max_examples=25)
@given(st.lists(odd_texts(), min_size=1, max_size=3))
@example(["=\u0338 и\u0306 \u1161x \u0301а 1\x1c2 _ # 1"])
def test_odd_texts_are_valid_and_come_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    tables = tables_of(*texts, title="«Дождь»\n= \x00", source=" а\u2028 ")
    path = written(tables, tmp_path_factory.mktemp("conllu"))
    assert errors_of(path) == []
    assert_same(tables, path)


def test_hostile_texts_are_valid_and_come_back(tmp_path: Path) -> None:
    path = written(hostile_tables(), tmp_path)
    assert errors_of(path) == []
    assert_same(hostile_tables(), path)
    assert not set(path.read_text(encoding="utf-8")) & set("\x00\r\x85\u2028\ufffd")


def test_samples_are_valid_and_come_back(tmp_path: Path) -> None:
    path = written(sample_tables(), tmp_path)
    assert errors_of(path) == []
    assert_same(sample_tables(), path)


def test_run_over_the_file_gives_the_same_tables(tmp_path: Path, nlp: Language) -> None:
    tables = tables_of(*SENTENCES, "  Министр  сказал,\u00a0что\n\n\u00adда\u00ad.\r\nНет…  ")
    again = svodka.extract(svodka.read(written(tables, tmp_path)), nlp=nlp)
    for name in tables:
        assert again.arrow(name).equals(tables.arrow(name)), name


def test_file_to_read(tmp_path: Path) -> None:
    tables = tables_of("  Сообщил мэр Заречного Иван\u00a0Орлов. \nДа\u0306.", url="https://example.org/1")
    place = '{"eid": "e1", "label": "LOC", "name": "Заречный"}'
    person = '{"eid": "e2", "label": "PER", "name": "Иван Орлов", "gender": "Masc", "role": "мэр Заречного"}'
    verb = "Aspect=Perf|Gender=Masc|Mood=Ind|Number=Sing|Tense=Past|VerbForm=Fin|Voice=Act"
    noun = "Case=Nom|Gender=Masc|Number=Sing"
    name = "kind:name,normal"
    assert written(tables, tmp_path).read_text(encoding="utf-8").splitlines() == [
        "# newdoc id = ..%2Fa%20b",
        "# global.Entity = eid-etype-head-other",
        '# json_doc_id = "../a b"',
        "# url = https://example.org/1",
        "# published = 2021-09-07T00:00:00+00:00",
        "# published_day = 2021-09-07",
        "# published_from = metadata",
        "# source = record 1",
        f"# json_entities = [{place}, {person}]",
        "# newpar",
        "# sent_id = ..%2Fa%20b-1",
        "# text = Сообщил мэр Заречного Иван Орлов.",
        rf"1	Сообщил	сообщить	VERB	_	{verb}	0	root	_	SpacesBefore=\s\s",
        f"2	мэр	мэр	NOUN	_	Animacy=Anim|{noun}	1	nsubj	_	_",
        "3	Заречного	заречный	PROPN	_	Animacy=Inan|Case=Gen|Gender=Masc|Number=Sing	2	nmod	_	"
        f"Entity=(e1-place-1-{name}:Заречный)",
        f"4	Иван	иван	PROPN	_	Animacy=Anim|{noun}	2	appos	_	"
        rf"Entity=(e2-person-1-{name}:Иван%20Орлов|SpacesAfter=\u00a0",
        f"5	Орлов	орлов	PROPN	_	Animacy=Anim|{noun}	4	flat:name	_	Entity=e2)|SpaceAfter=No",
        r"6	.	.	PUNCT	_	_	1	punct	_	SpacesAfter=\s\n",
        "",
        "# newpar",
        "# sent_id = ..%2Fa%20b-2",
        "# text = Дӑ.",
        rf"1	Дӑ	дӑ	PROPN	_	Animacy=Anim|{noun}	0	root	_	SpaceAfter=No|SpacesInToken=\u0414\u0430\u0306",
        "2	.	.	PUNCT	_	_	1	punct	_	_",
        "",
    ]


@pytest.mark.parametrize("tables", [sample_tables, hostile_tables])
def test_udapi_finds_the_mentions_and_entities(tables: Any, tmp_path: Path) -> None:  # noqa: ANN401
    there = [document for document in documents([tables()], NEEDED) if document.tokens]
    found = udapi_document(written(tables(), tmp_path))
    assert found.coref_mentions
    trees = list(found.trees)
    starts = [number for number, tree in enumerate(trees) if tree.newdoc]
    ends = [*starts[1:], len(trees)]
    for document, start, end in zip(there, starts, ends, strict=True):
        told = trees[start].json.get("entities", [])
        eids = {entity["eid"]: number for number, entity in enumerate(told)}
        mentions = set()
        for sentence, tree in zip(document.sentences, trees[start:end], strict=True):
            first = sentence["token_start"]
            for mention in {one for node in tree.descendants for one in node.coref_mentions}:
                place = (first + mention.words[0].ord - 1, first + mention.words[-1].ord)
                how = (mention.other["kind"], unquote(mention.other["normal"]))
                mentions.add((*place, eids[mention.entity.eid], mention.entity.etype, *how))
        columns = ("token_start", "token_end", "entity_id", "label", "kind", "normal")
        assert mentions == {tuple(TYPES.get(row[name], row[name]) for name in columns) for row in document.mentions}
        names = ("label", "name", "gender", "role", "organization", "link")
        assert [[one.get(name) for name in names] for one in told] == [
            [one[name] for name in names] for one in document.entities
        ]


def test_spacy_reads_the_words(tmp_path: Path) -> None:
    text = written(sample_tables(), tmp_path).read_text(encoding="utf-8")
    docs = conllu_to_docs(text, n_sents=1, no_print=True)  # type: ignore[no-untyped-call]
    tokens = sample_tables().tokens
    assert [token.text for doc in docs for token in doc] == tokens.text.tolist()


def test_file_without_morphology_and_syntax_keeps_level_1(tmp_path: Path) -> None:
    tables = svodka.extract(SENTENCES, nlp=svodka.load({"stages": ["entities"]}))
    path = written(tables, tmp_path)
    assert errors_of(path, level=1) == []
    assert {word["head"] for sentence in parsed(path) for word in sentence} == {None}
    assert [article.text for article in read_back(path)] == SENTENCES


def test_document_without_tokens_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tables = tables_of("Дождь.", "Снег.")
    rows = tables.arrow("documents").to_pylist()
    rows[0] |= {"n_tokens": 0, "n_sents": 0, "status": "failed"}
    arrow = {name: tables.arrow(name) for name in tables}
    arrow["documents"] = pa.Table.from_pylist(rows, schema=arrow["documents"].schema)
    for name in ("tokens", "sentences", "mentions", "entities"):
        kept = [row for row in arrow[name].to_pylist() if row["doc_id"] != "../a b"]
        arrow[name] = pa.Table.from_pylist(kept, schema=arrow[name].schema)
    path = written(Tables(arrow), tmp_path)
    assert [article.text for article in read_back(path)] == ["Снег."]
    assert "'../a b' has no tokens" in caplog.text


def test_tables_without_tokens_are_refused(tmp_path: Path) -> None:
    arrow = {name: sample_tables().arrow(name) for name in ("documents", "quotes")}
    with pytest.raises(ExportError, match="needs the table"):
        Tables(arrow).to_conllu(tmp_path / "x.conllu")


def test_nested_and_crossing_mentions(tmp_path: Path) -> None:
    """A mention within another, two that begin at one word, and two that cross."""
    tables = tables_of("Министр обороны Сербии Иван Орлов прибыл.")
    row = tables.arrow("mentions").to_pylist()[0]
    spans = [(0, 3, "PER"), (0, 2, "ORG"), (2, 3, "LOC"), (1, 4, "ORG"), (3, 5, "PER")]
    mentions = [
        row | {"mention_id": number, "entity_id": number, "token_start": start, "token_end": end, "label": label,
               "kind": "name", "normal": "Орлов (старший)-1, |=%"}
        for number, (start, end, label) in enumerate(spans)
    ]  # fmt: skip
    entity = tables.arrow("entities").to_pylist()[0]
    entities = [entity | {"entity_id": number, "label": label} for number, (_, _, label) in enumerate(spans)]
    arrow = {name: tables.arrow(name) for name in ("documents", "sentences", "tokens")}
    arrow["mentions"] = pa.Table.from_pylist(mentions, schema=tables.arrow("mentions").schema)
    arrow["entities"] = pa.Table.from_pylist(entities, schema=tables.arrow("entities").schema)
    path = written(Tables(arrow), tmp_path)
    assert errors_of(path) == []
    marks = [(word["misc"] or {}).get("Entity") for word in parsed(path)[0]]
    other = "-kind:name,normal:Орлов%20%28старший%29%2D1%2C%20%7C%3D%25"
    assert [mark and mark.replace(other, "") for mark in marks] == [
        "(e1-person-1(e2-organization-1", "e2)(e4-organization-1", "(e3-place-1)e1)", "e4)(e5-person-1", "e5)",
        None, None,
    ]  # fmt: skip
    assert {mention.span for mention in udapi_document(path).coref_mentions} == {"1-3", "1-2", "3", "2-4", "4-5"}
