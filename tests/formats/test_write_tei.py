"""TEI: valid by TEI's own declarations, its text the document's, its elements where the tables say."""

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from export_data import hostile_tables, odd_texts, sample_tables, tables_of
from svodka.tables import Tables
from svodka.writers.documents import Document, documents
from svodka.writers.formats import export
from svodka.writers.tei.dates import datable
from svodka.writers.tei.nesting import Span, nest
from svodka.writers.tei.writer import write_tei

TEI = "{http://www.tei-c.org/ns/1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
TABLES = ("sentences", "mentions", "entities", "roles", "dates", "quotes")
KEYS = {"sent": "sentences", "quote": "quotes", "mention": "mentions", "role": "roles", "date": "dates"}


@dataclass
class Body:
    """The text of a file, with the offsets of its elements and paragraphs."""

    text: str = ""
    spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    paragraphs: list[tuple[int, int]] = field(default_factory=list)

    def read(self, element: Any) -> "Body":  # noqa: ANN401
        if element.tag == f"{TEI}g":
            self.text += chr(int(element.get("ref").removeprefix("#U-"), 16))
            return self
        start = len(self.text)
        self.text += element.text or ""
        for child in element:
            self.read(child)
            self.text += child.tail or ""
        if element.tag == f"{TEI}p":
            self.paragraphs.append((start, len(self.text)))
        elif element.get(XML_ID):
            key = element.get(XML_ID).partition(".")[0]
            self.spans.setdefault(key, []).append((start, len(self.text)))
        return self


def written(tables: Tables) -> list[tuple[Document, Any]]:
    """The documents of tables, each with the root of its file."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "tei"
        export([tables], "tei", target)
        roots = {}
        for path in target.iterdir():
            root = etree.parse(path, etree.XMLParser(huge_tree=True)).getroot()
            roots[Body().read(root.find(f".//{TEI}idno[@type='svodka']")).text] = root
    return [(document, roots[document.doc_id]) for document in documents([tables], TABLES)]


@cache
def subset() -> Any:  # noqa: ANN401
    """What svodka writes, strictly."""
    return etree.RelaxNG(etree.parse(Path(__file__).with_name("svodka_tei.rng")))


@cache
def tei_dtd() -> Any:  # noqa: ANN401
    """The DTD of TEI P5 4.8.0 that the TEI Consortium's tools made for trafilatura, which brings it.

    What it lacks are the modules spoken (of which dur-iso is used), analysis (s, ana) and gaiji (g, charDecl).
    """
    dtd = (files("trafilatura") / "data" / "tei_corpus.dtd").read_text(encoding="utf-8")
    for old, new in (
        ("_DUMMY_model.gLike", "g"),
        ("macro.paraContent '(#PCDATA|", "macro.paraContent '(#PCDATA|g|"),
        ('model.encodingDescPart "', 'model.encodingDescPart "charDecl |'),
        ('model.segLike "seg"', 'model.segLike "seg | s"'),
    ):
        assert old in dtd
        dtd = dtd.replace(old, new)
    namespace = 'xmlns CDATA "http://www.tei-c.org/ns/1.0"'
    dtd += f"""
        <!ELEMENT s %macro.phraseSeq;> <!ATTLIST s {namespace} %att.global.attributes;>
        <!ELEMENT g (#PCDATA)> <!ATTLIST g {namespace} ref CDATA #IMPLIED>
        <!ELEMENT charDecl (char)+> <!ELEMENT char (mapping)*> <!ATTLIST char xml:id ID #IMPLIED>
        <!ELEMENT mapping (#PCDATA)> <!ATTLIST mapping type CDATA #IMPLIED> <!ATTLIST said ana CDATA #IMPLIED>
        <!ATTLIST date dur-iso CDATA #IMPLIED> <!ATTLIST time dur-iso CDATA #IMPLIED>"""
    return etree.DTD(io.StringIO(dtd))


def check(tables: Tables) -> None:
    """Check all files of tables: that they are valid, that their text and every element is the tables'."""
    for document, root in written(tables):
        assert subset().validate(root), subset().error_log
        check_pointers(root)
        body = Body().read(root.find(f".//{TEI}body"))
        assert body.text == document.text
        inside = {offset for span in body.paragraphs for offset in range(*span)}
        assert all(document.text[offset] in " \t\r\n" for offset in set(range(len(document.text))) - inside)
        assert all("\n" not in document.text[start:end] for start, end in body.paragraphs)
        for key, spans in expected(document).items():
            assert offsets(body.spans[key]) == offsets(spans) & inside, key
            assert len(offsets(body.spans[key])) == sum(end - start for start, end in body.spans[key])


def offsets(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {offset for span in spans for offset in range(*span)}


def expected(document: Document) -> dict[str, list[tuple[int, int]]]:
    """The spans of each element that stands for a row."""
    found = {}
    for kind, table in KEYS.items():
        for number, row in enumerate(getattr(document, table)):
            parts = row.get("segments", [row])
            found[f"{kind}-{number}"] = [(part["start"], part["end"]) for part in parts]
    return found


def check_pointers(root: Any) -> None:  # noqa: ANN401
    """All pointers lead somewhere; parts of an element are chained in order."""
    by_id = {element.get(XML_ID): element for element in root.iter() if element.get(XML_ID)}
    for element in root.iter():
        for name in ("who", "ref", "corresp", "source", "ana", "next", "prev"):
            for pointer in element.get(name, "").split():
                assert pointer.removeprefix("#") in by_id, pointer
        if element.get("next"):
            following = by_id[element.get("next").removeprefix("#")]
            assert following.get("prev") == f"#{element.get(XML_ID)}"
            assert following.tag == element.tag
    parts: dict[str, int] = {}
    for key in by_id:
        name, dot, number = key.partition(".")
        parts[name] = parts.get(name, 0) + 1
        assert (int(number) if dot else 1) == parts[name]
        assert bool(dot) == bool(by_id[key].get("prev"))


@settings(max_examples=25)
@given(odd_texts())
def test_text_and_elements_are_the_tables(text: str) -> None:
    check(tables_of(text))


def test_hostile_texts_and_samples() -> None:
    check(hostile_tables())
    check(sample_tables())


def test_valid_by_the_declarations_of_tei() -> None:
    for tables in (hostile_tables(), sample_tables()):
        for _, root in written(tables):
            assert tei_dtd().validate(root), tei_dtd().error_log.filter_from_errors()


def test_declarations_of_tei_refuse_what_is_wrong() -> None:
    _, root = written(tables_of("«Мост готов», — сказал Орлов."))[0]
    root.find(f".//{TEI}said").set("speaker", "Орлов")
    assert not tei_dtd().validate(root)
    assert not subset().validate(root)


def test_line_breaks_are_read_back() -> None:
    text = " Дождь.\r\nСнег\x85и\u2028град.\n\n\t\nВетер\x0b.\n "
    _, root = written(tables_of(text))[0]
    assert Body().read(root.find(f".//{TEI}body")).text == text
    assert [p.text for p in root.find(f".//{TEI}body")] == [None, None, None]
    assert len(root.findall(f".//{TEI}charDecl/{TEI}char")) == 1


def test_quotation_of_two_segments_in_a_person_s_words() -> None:
    text = "«Мост открыт, — сказал мэр Заречного Иван Орлов газете. — Приезжайте»."
    fields = {"author": "А. Перо", "title": "Мост & «берег»", "url": "https://example.org/?a&b"}
    document, root = written(tables_of(text, **fields))[0]
    first, second = root.iter(f"{TEI}said")
    who = first.get("who")
    assert (first.get("direct"), first.get("next"), second.get("prev")) == ("true", "#quote-0.2", "#quote-0")
    assert second.get("who") == who
    assert "".join(first.itertext()) + "".join(second.itertext()) == "Мост открытПриезжайте"
    person = root.find(f".//{TEI}person[@{XML_ID}='{who.removeprefix('#')}']")
    assert person.findtext(f"{TEI}persName") == "Иван Орлов"
    assert person.findtext(f"{TEI}occupation") == document.entities[int(who.rpartition("-")[2])]["role"]
    assert person.find(f"{TEI}sex").get("value") == "M"
    assert [cue.text for cue in root.iter(f"{TEI}seg")] == ["сказал"]
    assert root.find(f".//{TEI}seg").get("corresp") == "#quote-0"
    bibl = root.find(f".//{TEI}sourceDesc/{TEI}bibl")
    assert bibl.findtext(f"{TEI}title") == "Мост & «берег»"
    assert bibl.findtext(f"{TEI}author") == "А. Перо"
    assert bibl.findtext(f"{TEI}idno[@type='URI']") == "https://example.org/?a&b"
    assert bibl.find(f"{TEI}date").get("when-iso") == "2021-09-07"


def test_sources_that_are_no_entities_are_listed() -> None:
    text = "Эксперты считают, что мост нужен. «Мост нужен», — говорится в докладе. Эксперты заявили, что мост дорог."
    document, root = written(tables_of(text))[0]
    kinds = [quote["speaker_kind"] for quote in document.quotes]
    assert kinds == ["group", "document", "group"]
    experts, report, again = root.iter(f"{TEI}said")
    group = root.find(f".//{TEI}personGrp")
    assert experts.get("who") == again.get("who") == f"#{group.get(XML_ID)}"
    assert report.get("who") is None
    quoted = root.find(f".//{TEI}relatedItem/{TEI}bibl")
    assert report.get("source") == f"#{quoted.get(XML_ID)}"
    assert quoted.findtext(f"{TEI}title") == "доклад"


def test_tables_without_entities_have_no_references_to_them() -> None:
    whole = tables_of("«Мост готов», — сказал мэр Заречного Иван Орлов.")
    names = ("documents", "sentences", "mentions", "roles", "quotes")
    _, root = written(Tables({name: whole.arrow(name) for name in names}))[0]
    check_pointers(root)
    assert root.findtext(f".//{TEI}person/{TEI}persName") == "Иван Орлов"
    assert root.find(f".//{TEI}said").get("who") == "#source-0"


def test_same_files_every_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_tei([hostile_tables()], tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def date(edtf: str | None, start: str | None = None, end: str | None = None) -> dict[str, Any]:
    days = {"start_date": start and dt.date.fromisoformat(start), "end_date": end and dt.date.fromisoformat(end)}
    return {"type": "DATE", "value": "PXY", "edtf": edtf, **days}


def undated(kind: str, value: str) -> dict[str, Any]:
    return date(None) | {"type": kind, "value": value}


@pytest.mark.parametrize(
    ("row", "attributes"),
    [
        (date("2021"), {"when-iso": "2021"}),
        (date("2021-09"), {"when-iso": "2021-09"}),
        (date("2021-09-07T10:30:00"), {"when-iso": "2021-09-07T10:30:00"}),
        (date("2021-09~"), {"when-iso": "2021-09", "precision": "low"}),
        (date("2021?"), {"when-iso": "2021", "cert": "low"}),
        (date("2021%"), {"when-iso": "2021", "precision": "low", "cert": "low"}),
        (date("2021-09/2021-10-02"), {"from-iso": "2021-09", "to-iso": "2021-10-02"}),
        (date("../2021"), {"to-iso": "2021"}),
        (date("2021-22/..", "2021-06-01"), {"from-iso": "2021-06-01"}),
        (date("2021-22", "2021-06-01", "2021-08-31"), {"from-iso": "2021-06-01", "to-iso": "2021-08-31"}),
        (date("199X", "1990-01-01", "1999-12-31"), {"from-iso": "1990-01-01", "to-iso": "1999-12-31"}),
        (date(None), {}),
        (undated("DURATION", "P3D"), {"type": "duration", "dur-iso": "P3D"}),
        (undated("SET", "P3D"), {"type": "set", "dur-iso": "P3D"}),
        (undated("DATE", "XXXX-10-14"), {"when": "--10-14"}),
        (undated("DATE", "XXXX-10"), {"when": "--10"}),
        (undated("DATE", "XXXX-WXX-5"), {}),
    ],
)
def test_dates(row: dict[str, Any], attributes: dict[str, str]) -> None:
    assert datable(row) == attributes


@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(1, 8), st.integers(0, 3)).map(
            lambda drawn: (drawn[0], drawn[0] + drawn[1], drawn[2])
        ),
        max_size=9,
    )
)
def test_pieces_nest_and_cover_their_spans(drawn: list[tuple[int, int, int]]) -> None:
    spans = [Span(start, end, rank, number) for number, (start, end, rank) in enumerate(drawn)]
    pieces: dict[int, list[tuple[int, int]]] = {span.key: [] for span in spans}
    stack: list[tuple[Span[int], int]] = []
    last = 0
    for event in nest(spans):
        assert event.offset >= last
        last = event.offset
        if event.opens:
            stack.append((event.span, event.offset))
        else:
            span, start = stack.pop()
            assert span is event.span
            pieces[span.key].append((start, event.offset))
    assert not stack
    for span in spans:
        parts = pieces[span.key]
        assert all(start < end for start, end in parts)
        assert [start for start, _ in parts] == [span.start, *(end for _, end in parts[:-1])]
        assert parts[-1][1] == span.end
    lowest = min((span.rank for span in spans), default=0)
    alone = [span for span in spans if span.rank == lowest]
    if len(alone) == 1:
        assert len(pieces[alone[0].key]) == 1  # nothing of a higher rank splits it
