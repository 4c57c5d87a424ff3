"""A document on a terminal: its text with quotations in the colours of their speakers, and who they are."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

from rich.console import Console
from rich.style import Style
from rich.text import Text

from svodka.view.days import days_of
from svodka.view.html.spans import Span, spans_of
from svodka.view.html.speakers import Speaker, colour_of, speakers_of
from svodka.view.visible import visible
from svodka.writers.documents import Document

# Colours of nobody and of speakers. Background and foreground are both given, so that it does not matter whether the
# terminal is dark or light.
_OF_MANY = tuple(
    f"#1b1b1f on {background}"
    for background in (
        "#d5d5dc", "#a7d9ff", "#fbca93", "#aae5b5", "#f7bff1", "#88e7ec", "#ffbeb1", "#d3cbff", "#d7da94", "#91e1ff",
        "#ffbcd7", "#92e8d1", "#e6c4ff",
    )
)  # fmt: skip
_OF_16 = (
    "black on white", "black on bright_cyan", "black on bright_yellow", "black on bright_green",
    "black on bright_magenta", "bright_white on blue", "bright_white on red",
)  # fmt: skip
_LAYERS = {"source": "underline", "cue": "underline", "date": "italic", "per": "bold", "org": "bold", "loc": "bold"}
# What is put into the text is told from it by being dim, whatever it stands in.
_INSERTED = Style(color="default", bgcolor="default", bold=False, italic=False, underline=False, dim=True)
READABLE_WIDTH = 100
"""Columns of a text on a terminal, at most."""

# Offset → what is put there, with its style.
_Insertions = defaultdict[int, list[tuple[str, Style | str]]]
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class _Look:
    """What marks are made of on a terminal, or in a pipe.

    Attributes:
        has_colours: Whether colours tell speakers apart; where not, every quotation stands in brackets.
        has_16_colours: Whether there are no more than 16.
        brackets: Around quotations.
        day_brackets: Around the days that a date means.
        is_raised: Whether numbers of speakers can be raised.
    """

    has_colours: bool
    has_16_colours: bool
    brackets: tuple[str, str]
    day_brackets: tuple[str, str]
    is_raised: bool

    @classmethod
    def of(cls, console: Console) -> "_Look":
        """The look that a terminal can show."""
        has_colours = console.color_system is not None and not console.no_color
        has_16_colours = console.color_system in ("standard", "windows")
        if console.encoding.startswith("utf"):
            return cls(has_colours, has_16_colours, ("⟦", "⟧"), ("⟨", "⟩"), is_raised=True)
        return cls(has_colours, has_16_colours, ("[", "]"), ("<", ">"), is_raised=False)

    def mark(self, mark: str) -> str:
        """The mark of a speaker, as it follows a quotation."""
        return mark.translate(_RAISED) if self.is_raised else f"({mark})"

    def colour(self, speaker: int) -> str:
        """The colour of a speaker; 0 is nobody."""
        if not self.has_colours:
            return ""
        colours = _OF_16 if self.has_16_colours else _OF_MANY
        return colours[colour_of(speaker, len(colours) - 1)]

    def style(self, span: Span) -> str:
        """The style of a span."""
        if span.layer == "quote":
            return self.colour(span.speaker or 0)
        is_unnamed = span.attributes.get("data-kind", "name") != "name"
        return "" if is_unnamed else _LAYERS[span.layer]


def show_text(document: Document, console: Console) -> None:
    """Print headline and facts, the text with what was found in it, and a legend.

    Names are bold, dates are italic with their days behind them, cues and sources are underlined. A quotation has the
    colour of its speaker and ends in the speaker's number; one within another, and each where there are no colours,
    stands in brackets. A pipe gets paragraphs as whole lines.
    """
    look = _Look.of(console)
    width = min(console.width, READABLE_WIDTH)
    is_pipe = not console.is_terminal
    speakers = speakers_of(document)
    for line in chain(_head(document), _text(document, speakers, look), _legend(speakers, look)):
        console.print(line, width=None if is_pipe else width, soft_wrap=is_pipe)


def _head(document: Document) -> Iterator[Text]:
    row = document.row
    if row["title"]:
        yield Text(visible(row["title"], one_line=True), style="bold")
    facts = (row["doc_id"], row["source"], row["author"], row["published_day"], row["url"])
    yield Text(" · ".join(visible(str(fact), one_line=True) for fact in facts if fact), style="dim")
    if row["status"] != "ok":
        yield Text(f"{row['status']}: see the problems below", style="bold red")
    yield Text()


def _text(document: Document, speakers: list[Speaker], look: _Look) -> Iterator[Text]:
    """The lines of the text."""
    text, spans = document.text, sorted(spans_of(document, speakers), key=lambda span: span.order)
    before, behind = _insertions(document, spans, look)
    begins: dict[int, int] = {}
    ends: dict[int, int] = {}
    shown = Text()
    inserted: list[tuple[Style | str, int, int]] = []
    places = {0, len(text), *(span.start for span in spans), *(span.end for span in spans)}
    for start, end in pairwise((*sorted(places), len(text))):
        ends[start] = len(shown)
        for piece, style in (*behind[start], *before[start]):
            inserted.append((style, len(shown), len(shown) + len(piece)))
            shown.append(piece)
        begins[start] = len(shown)
        shown.append(visible(text[start:end].replace("\r\n", "\n")))
    for span in spans:
        shown.stylize(look.style(span), begins[span.start], ends[span.end])
    for place in inserted:
        shown.stylize(*place)
    shown.rstrip()
    yield from shown.split("\n", allow_blank=True)
    yield Text()


def _insertions(document: Document, spans: list[Span], look: _Look) -> tuple[_Insertions, _Insertions]:
    """What is put before and behind offsets of the text."""
    before, behind = _Insertions(list), _Insertions(list)
    opening, closing = look.day_brackets
    for row in document.dates:
        days = days_of(row)
        if (row["start_date"] or row["end_date"]) and days != row["text"]:
            behind[row["end"]].append((f" {opening}{days}{closing}", _INSERTED))
    opening, closing = look.brackets
    quotes = [span for span in spans if span.layer == "quote"]
    for span in quotes:
        if span.is_nested or not look.has_colours:
            before[span.start].append((opening, _INSERTED))
    for span in reversed(quotes):  # the inner one closes first
        if span.is_nested or not look.has_colours:
            behind[span.end].append((closing, _INSERTED))
        if span.label is not None and (span.speaker or not look.has_colours):
            behind[span.end].append((look.mark(span.label), f"bold {look.colour(span.speaker or 0)}"))
    return before, behind


def _legend(speakers: list[Speaker], look: _Look) -> Iterator[Text]:
    for speaker in speakers:
        yield _speaker(speaker, look)
    if not speakers:
        yield Text("no quotation found", style="dim")
    yield Text()


def _speaker(speaker: Speaker, look: _Look) -> Text:
    n_quotes = len(speaker.quotes)
    media = dict.fromkeys(row["via"] for row in speaker.quotes if row["via"])
    facts = [
        *([speaker.role] if speaker.role else []),
        f"{n_quotes} quotation{'s' if n_quotes > 1 else ''}",
        *([f"via {', '.join(media)}"] if media else []),
    ]
    name = visible(speaker.name, one_line=True)
    return Text.assemble(
        (f" {look.mark(speaker.mark)} ", look.colour(speaker.number)),
        (f" {name}", "bold" if speaker.number else ""),
        *(visible(f" · {fact}", one_line=True) for fact in facts),
    )
