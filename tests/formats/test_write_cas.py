"""UIMA CAS: dkpro-cassis reads the text and every annotation back as the tables have them."""

import warnings
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cassis
from hypothesis import given, settings
from lxml import etree

from export_data import hostile_tables, odd_texts, sample_tables, tables_of
from svodka.tables import Tables
from svodka.writers import cas_types as types
from svodka.writers.cas import write_cas
from svodka.writers.documents import Document, Row, documents
from svodka.writers.filenames import FileNames
from svodka.writers.formats import export
from svodka.writers.xml_text import replace_forbidden

TABLES = ("sentences", "tokens", "mentions", "entities", "roles", "dates", "quotes")


@cache
def type_system() -> Any:  # noqa: ANN401
    """The types as a reader of TypeSystem.xml has them."""
    return cassis.load_typesystem(types.type_system().to_xml())


def written(tables: Tables) -> list[tuple[Document, Any]]:
    """The documents of tables, each with its CAS."""
    names = FileNames()
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("error")  # cassis only warns of an offset between two halves of a character
        target = Path(folder) / "cas"
        export([tables], "cas", target)
        return [
            (document, cassis.load_cas_from_xmi(target / f"{names.name(document.doc_id)}.xmi", type_system()))
            for document in documents([tables], TABLES)
        ]


def check(tables: Tables) -> None:
    for document, cas in written(tables):
        assert cas.typecheck() == []
        assert len(cas.views) == 1
        assert cas.sofa_string == replace_forbidden(document.text)
        assert len(cas.sofa_string) == len(document.text)
        check_tokens(document, cas)
        check_spans(document, cas)
        check_quotations(document, cas)


def spans(cas: Any, name: str) -> list[tuple[int, int]]:  # noqa: ANN401
    return sorted((found.begin, found.end) for found in cas.select(name))


def of_rows(rows: list[Row]) -> list[tuple[int, int]]:
    return sorted((row["start"], row["end"]) for row in rows)


def check_tokens(document: Document, cas: Any) -> None:  # noqa: ANN401
    assert spans(cas, types.SENTENCE) == of_rows(document.sentences)
    tokens = cas.select(types.TOKEN)
    heads = {
        (found.Dependent.begin, found.Dependent.end): (found.Governor.begin, found.DependencyType)
        for name in (types.DEPENDENCY, types.ROOT)
        for found in cas.select(name)
    }
    assert len(tokens) == len(document.tokens)
    for row, token in zip(document.tokens, tokens, strict=True):
        assert token.get_covered_text() == replace_forbidden(row["text"])
        assert (token.lemma and token.lemma.value) == (row["lemma"] and replace_forbidden(row["lemma"]))
        assert (token.pos and token.pos.PosValue) == row["pos"]
        assert (token.morph and token.morph.value) == row["feats"]
        if row["dep"] is not None:
            head = row if row["head"] is None else document.tokens[row["head"]]
            assert heads[row["start"], row["end"]] == (head["start"], row["dep"])


def check_spans(document: Document, cas: Any) -> None:  # noqa: ANN401
    names = {row["entity_id"]: replace_forbidden(row["name"]) for row in document.entities}
    mentions = {
        (found.begin, found.end, found.label, found.kind, found.normal, found.entity, found.entityId)
        for found in cas.select(types.MENTION)
    }
    assert mentions == {
        (*_span(row), row["label"], row["kind"], replace_forbidden(row["normal"]),
         names.get(row["entity_id"]), None if row["entity_id"] is None else str(row["entity_id"]))
        for row in document.mentions
    }  # fmt: skip
    assert spans(cas, types.NAMED_ENTITY) == of_rows([row for row in document.mentions if row["kind"] == "name"])
    roles = {(found.begin, found.end, found.title, found.person) for found in cas.select(types.ROLE)}
    assert roles == {(*_span(row), replace_forbidden(row["role"]), names[row["entity_id"]]) for row in document.roles}
    dates = {
        (found.begin, found.end, found.dateType, found.value, found.edtf, found.firstDay, found.lastDay)
        for found in cas.select(types.DATE)
    }
    assert dates == {
        (*_span(row), row["type"], row["value"], row["edtf"], _iso(row["start_date"]), _iso(row["end_date"]))
        for row in document.dates
    }


def check_quotations(document: Document, cas: Any) -> None:  # noqa: ANN401
    content = [found for found in cas.select(types.QUOTATION) if found.part == "content"]
    links = cas.select(types.QUOTATION_LINK)
    assert all((link.begin, link.end) == (link.Dependent.begin, link.Dependent.end) for link in links)
    for row in document.quotes:
        parts = [found for found in content if found.quoteId == str(row["quote_id"])]
        assert [(part.begin, part.end) for part in parts] == [_span(part) for part in row["segments"]]
        ids = [part.xmiID for part in parts]  # cassis takes all annotations for equal
        linked = {
            kind: [link.Dependent for link in links if link.link == kind and link.Governor.xmiID in ids]
            for kind in ("cue", "source", "contains", "next")
        }
        for kind, column in (("cue", "cue"), ("source", "mention")):
            texts = [found.get_covered_text() for found in linked[kind]]
            assert texts == ([] if row[column] is None else [replace_forbidden(row[column])])
        assert [found.xmiID for found in linked["next"]] == ids[1:]
        inner = [str(quote["quote_id"]) for quote in document.quotes if quote["parent_id"] == row["quote_id"]]
        assert sorted(found.quoteId for found in linked["contains"]) == inner
        for part in parts:
            assert part.speaker == (row["speaker"] and replace_forbidden(row["speaker"]))
            assert (part.quoteType, part.form, part.polarity) == (row["type"], row["form"], row["polarity"])
            assert abs(part.confidence - row["confidence"]) < 1e-6


def _span(row: Row) -> tuple[int, int]:
    return row["start"], row["end"]


def _iso(day: Any) -> str | None:  # noqa: ANN401
    return day and day.isoformat()


@settings(max_examples=15)
@given(odd_texts())
def test_text_and_annotations_are_read_back(text: str) -> None:
    check(tables_of(text))


def test_hostile_texts_and_samples() -> None:
    check(hostile_tables())
    check(sample_tables())


def test_offsets_are_those_of_utf16(tmp_path: Path) -> None:
    tables = tables_of("😀 «Мост 😀 открыт», — сказал Иван Орлов.")
    write_cas([tables], tmp_path)
    root = etree.parse(next(tmp_path.glob("*.xmi"))).getroot()
    text = root.find("{*}Sofa").get("sofaString").encode("utf-16-le")
    [quotation] = [found for found in root.iter("{*}Quotation") if found.get("part") == "content"]
    begin, end = int(quotation.get("begin")), int(quotation.get("end"))
    assert text[2 * begin : 2 * end].decode("utf-16-le") == "Мост 😀 открыт"
    assert begin == 4


def test_file_is_right_without_the_library(tmp_path: Path) -> None:
    """An XML parser and UTF-16 are enough to find the words of the odd texts."""
    write_cas([hostile_tables()], tmp_path)
    names = FileNames()
    for document in documents([hostile_tables()], TABLES):
        root = etree.parse(tmp_path / f"{names.name(document.doc_id)}.xmi").getroot()
        text = root.find("{*}Sofa").get("sofaString").encode("utf-16-le")
        words = [
            text[2 * int(found.get("begin")) : 2 * int(found.get("end"))].decode("utf-16-le")
            for found in root.iter("{*}Token")
        ]
        assert text.decode("utf-16-le") == replace_forbidden(document.text)
        assert words == [replace_forbidden(row["text"]) for row in document.tokens]


def test_document_is_described() -> None:
    fields = {"author": "А. Перо", "title": 'Мост\n"<i>"', "url": "https://example.org/?a=1&b=2"}
    _, cas = written(tables_of("«Мост готов», — сказал Орлов.", **fields))[0]
    [document] = cas.select(types.METADATA)
    assert (document.documentTitle, document.documentUri) == (fields["title"], fields["url"])
    assert (document.language, document.documentId) == ("ru", "../a b")
    assert {found.key: found.value for found in cas.select(types.FIELD)} == {
        "author": "А. Перо",
        "published": "2021-09-07T00:00:00+00:00",
    }
    assert cas.sofa_mime == "text/plain"


def test_types_are_those_of_dkpro_core() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of how cassis opens its own file
        core = cassis.load_dkpro_core_typesystem()
    names = [found.name for found in type_system().get_types() if found.name.startswith("de.tudarmstadt")]
    names.remove(types.METADATA)  # cassis has no copy of it
    assert len(names) == 9
    for name in names:
        ours, theirs = type_system().get_type(name), core.get_type(name)
        assert ours.supertype.name == theirs.supertype.name
        ranges = {feature.name: feature.rangeType.name for feature in theirs.features}
        assert all(ranges[feature.name] == feature.rangeType.name for feature in ours.features)


def test_types_merge_with_those_of_dkpro_core() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of how cassis opens its own file
        core = cassis.load_dkpro_core_typesystem()
    for merged in (cassis.merge_typesystems(core, type_system()), cassis.merge_typesystems(type_system(), core)):
        names = {found.name for found in merged.get_types()}
        assert names == {found.name for found in (*core.get_types(), *type_system().get_types())}
        assert merged.get_type(types.TOKEN).get_feature("stem") is not None
        assert merged.get_type(types.QUOTATION_LINK).get_feature("Governor").rangeType.name == types.QUOTATION


def test_types_of_a_file_are_those_it_is_written_with(tmp_path: Path) -> None:
    write_cas([tables_of("Дождь.")], tmp_path)
    read, made = (
        {
            found.name: (found.description, found.supertype.name, [(f.name, f.rangeType.name) for f in found.features])
            for found in known.get_types()
        }
        for known in (cassis.load_typesystem(tmp_path / "TypeSystem.xml"), types.type_system())
    )
    assert read == made


def test_inception_takes_the_types_for_layers() -> None:
    """Spans have features of plain types only, relations a Governor and a Dependent of one type of spans."""
    reserved = {"address", "begin", "end", "class", "sofa", "type", "view"}
    layers = [found for found in type_system().get_types() if found.name.startswith("webanno.custom.")]
    assert len(layers) == 5
    for layer in layers:
        ranges = {feature.name: feature.rangeType.name for feature in layer.features}
        assert reserved.isdisjoint(ranges)
        assert layer.supertype.name == "uima.tcas.Annotation"
        plain = {name for name, kind in ranges.items() if kind.startswith("uima.cas.")}
        others = {name: kind for name, kind in ranges.items() if name not in plain}
        ends = dict.fromkeys(("Governor", "Dependent"), types.QUOTATION)
        assert others == (ends if layer.name == types.QUOTATION_LINK else {})


def test_what_is_not_set_is_no_row_in_uima(tmp_path: Path) -> None:
    """UIMA reads 0 where an integer is not set, which is the number of a row: so no number of a row is one."""
    assert all("uima.cas.Integer" not in {feature.rangeType.name for feature in found.features}
               for found in type_system().get_types() if found.name.startswith("webanno.custom."))  # fmt: skip
    write_cas([tables_of("Он ушёл. «Мост готов», — сказал Орлов.")], tmp_path)
    root = etree.parse(next(tmp_path.glob("*.xmi"))).getroot()
    numbers = {found.get("part"): found.get("quoteId") for found in root.iter("{*}Quotation")}
    assert numbers == {"content": "0", "cue": None, "source": None}


def test_same_files_every_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_cas([hostile_tables()], tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert {"README.txt", "TypeSystem.xml"} < set(files)
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
