"""A document as HTML: nothing of the text is lost, nothing of it is taken for markup, elements nest."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export_data import hostile_tables, odd_texts, sample_tables
from svodka.view.cards import cards_html
from svodka.view.html import TABLES, document_html, page_html, quote_html, speakers_of, style_html, text_html
from svodka.view.html.markup import escaped, marked
from svodka.view.html.spans import Span
from svodka.view.html.speakers import N_COLOURS
from svodka.view.quotations import Texts
from svodka.writers.documents import Document, documents

_VOID = {"br", "meta"}


class Reader(HTMLParser):
    """Reads HTML strictly: every element is closed, in the order of nesting."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(str(html))  # Markup would escape what is added to it
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def of_class(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.elements if name in (attributes.get("class") or "").split()]


def shown(text: str) -> str:
    """A text as a page shows it."""
    return Reader(escaped(text)).text


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(odd_texts())
    places = st.integers(0, len(text))
    layers = st.sampled_from(["quote", "cue", "source", "date", "per"])
    drawn = draw(st.lists(st.tuples(places, places, layers), max_size=8))
    found = [Span(*sorted((one, other)), layer, text, 3, anchor="a", label="3") for one, other, layer in drawn]
    return text, found


@given(spans())
def test_elements_nest_however_spans_lie(case: tuple[str, list[Span]]) -> None:
    text, found = case
    reader = Reader(marked(text, found))
    assert reader.text == shown(text)
    assert {tag for tag, _ in reader.elements} <= {"span", "br"}
    real = [span for span in found if span.start < span.end]
    assert len(reader.of_class("speaker-3")) >= len(real)
    # of a span that was cut only the first part has the anchor, only the last one the label
    for name in ("id", "data-speaker"):
        assert sum(name in attributes for _, attributes in reader.elements) == len(real)


def test_spans_that_cross_are_cut_where_the_outer_one_ends() -> None:
    html = marked("раз два три", [Span(0, 7, "quote", "", 1, anchor="q0", label="1"), Span(4, 11, "per", "Два")])
    assert re.sub(r' title="[^"]*"', "", html) == (
        '<span class="quote speaker-1" id="q0" data-speaker="1">раз <span class="per">два</span></span>'
        '<span class="per"> три</span>'
    )


def test_a_slice_has_the_parts_of_spans_in_it() -> None:
    html = marked("раз два три", [Span(0, 7, "per", "имя"), Span(8, 11, "loc", "место")], 4, 7)
    assert html == '<span class="per" title="имя">два</span>'


def test_line_ends_stay() -> None:
    assert escaped("а\r\nб\rв") == "а&#13;\nб&#13;<br>в"
    assert Reader(escaped("а\x00б\u202ev")).text == "аU+0000бU+202Ev"


@pytest.fixture(scope="module")
def samples() -> list[Document]:
    return list(documents([sample_tables()], TABLES))


def test_each_layer_of_the_samples_is_marked(samples: list[Document]) -> None:
    for document in samples:
        reader = Reader(text_html(document, speakers_of(document), "d-"))
        assert reader.text == shown(document.text)
        anchors = [attributes["id"] for attributes in reader.of_class("quote") if "id" in attributes]
        assert sorted(map(str, anchors)) == sorted(f"d-q{row['quote_id']}" for row in document.quotes)
        cues = {(row["cue_start"], row["cue_end"]) for row in document.quotes if row["cue"]}
        assert len(reader.of_class("cue")) >= len(cues)
        assert len(reader.of_class("date")) >= len(document.dates)
        assert len(reader.of_class("nested")) >= sum(row["parent_id"] is not None for row in document.quotes)


def test_a_date_has_its_days_on_hover(samples: list[Document]) -> None:
    for document in samples:
        reader = Reader(text_html(document, speakers_of(document)))
        titles = [str(attributes["title"]) for attributes in reader.of_class("date")]
        for row in document.dates:
            if row["start_date"] and row["start_date"] == row["end_date"]:
                assert any(title.startswith(f"{row['start_date']} · {row['type']}") for title in titles)


def test_speakers_have_numbers_and_their_quotations(samples: list[Document]) -> None:
    for document in samples:
        speakers = speakers_of(document)
        assert [one.number for one in speakers if one.number] == list(
            range(1, len([s for s in speakers if s.number]) + 1)
        )
        said = [id(row) for one in speakers for row in one.quotes]
        assert sorted(said) == sorted(map(id, document.quotes))
        assert all(row["speaker"] is None for one in speakers if not one.number for row in one.quotes)


def test_the_style_sheet_has_a_colour_for_each_speaker() -> None:
    assert set(re.findall(r"\.speaker-(\d+) \{", style_html())) == {str(colour) for colour in range(N_COLOURS + 1)}


def test_a_quotation_stands_in_its_sentence(samples: list[Document]) -> None:
    row = samples[0].quotes[0]
    speaker = next(one for one in speakers_of(samples[0]) if row in one.quotes)
    reader = Reader(quote_html(samples[0], row, speaker))
    assert row["text"] in reader.text
    assert row["cue"] is None or row["cue"] in reader.text
    assert reader.of_class("quote")


def test_speakers_of_cards_keep_their_numbers() -> None:
    quotes = sample_tables().arrow("quotes").to_pylist()
    cards = cards_html(quotes, Texts(sample_tables().arrow("documents")))
    numbers: dict[tuple[str, str], int] = {}
    expected = [
        str(numbers.setdefault((row["speaker_kind"], row["speaker"]), len(numbers) + 1)) if row["speaker"] else "?"
        for row in quotes
    ]
    assert re.findall(r'<span class="chip speaker-\d+">([^<]+)</span>', cards) == expected
    assert 12 < len(numbers) < len(quotes)


def test_a_page_needs_nothing_else_and_takes_no_text_for_markup() -> None:
    found = list(documents([hostile_tables()], TABLES))
    reader = Reader(re.sub(r"<style>.*?</style>", "", page_html(found, "<Заголовок>"), flags=re.DOTALL))
    tags = {tag for tag, _ in reader.elements}
    assert not tags & {"script", "img", "link", "iframe", "svg", "object"}
    for _, attributes in reader.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style")]
        href = attributes.get("href") or "#"
        assert href.startswith(("#", "https://", "http://"))
    ids = [attributes["id"] for _, attributes in reader.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    assert "<Заголовок>" in reader.text
    for document in found:
        assert shown(document.text) in reader.text
        Reader(document_html(document, speaker_url=lambda speaker: f'/"><script>{speaker.name}'))
