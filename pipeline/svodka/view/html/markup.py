"""Spans → HTML: the text as it is, with an element around each span, however they lie."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from markupsafe import Markup, escape

from svodka.view.html.spans import Span
from svodka.view.html.speakers import colour_of
from svodka.view.visible import visible

# What HTML cannot hold or would not show: controls, and what turns the direction of writing. Tabs and line ends stay.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def marked(text: str, spans: Iterable[Span], start: int = 0, end: int | None = None) -> Markup:
    r"""The text with its spans as elements; spans that cross are cut, so that elements nest.

    Args:
        text: The text that the offsets of the spans point into.
        spans: The spans, in any order.
        start: First code point that is wanted.
        end: One past the last; None for the end of the text.

    Returns:
        HTML whose text is that of the slice, but for controls, which are shown as their code.

    >>> print(marked("Орлов <b>", [Span(0, 5, "per", "Иван Орлов")]))
    <span class="per" title="Иван Орлов">Орлов</span> &lt;b&gt;
    """
    stop = len(text) if end is None else end
    html: list[str] = []
    position = start
    for piece in _nest(spans, start, stop):
        html.append(escaped(text[position : piece.position]))
        html.append(piece.tag)
        position = piece.position
    html.append(escaped(text[position:stop]))
    return Markup("".join(html))  # every part of it is escaped


def escaped(text: str) -> Markup:
    """Text as HTML: what could steer the browser or turn the direction of writing is shown and does nothing."""
    parts = _CONTROL.split(text)
    if len(parts) == 1:
        return _line_ends(text)
    controls = map(_control, _CONTROL.findall(text))
    return Markup("").join(part for pair in zip(map(_line_ends, parts), (*controls, ""), strict=True) for part in pair)


def shown(value: object) -> object:
    """What a template shows of a value, in attributes too: strings without what would steer the browser."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _line_ends(text: str) -> Markup:
    html = escape(text)
    if "\r" not in text:
        return html
    # the parser would take a carriage return for a line end, and two of them for one
    return Markup(re.sub("\r(?!\n)", "&#13;<br>", html).replace("\r", "&#13;"))


def _control(character: str) -> Markup:
    code = f"U+{ord(character):04X}"
    return Markup('<span class="control" title="{0}">{0}</span>').format(code)


@dataclass(frozen=True, slots=True)
class _Tag:
    position: int
    tag: str


@dataclass(slots=True)
class _Open:
    span: Span
    end: int


def _nest(spans: Iterable[Span], start: int, stop: int) -> Iterator[_Tag]:
    """Opening and closing tags in the order of the text.

    A span that goes on behind the end of the one it lies in is cut there, and its rest is opened again behind it.
    """
    ordered = sorted((one for one in spans if one.start < one.end), key=lambda one: one.order)
    waiting = [
        (max(one.start, start), -min(one.end, stop), number, one)
        for number, one in enumerate(ordered)
        if one.start < stop and one.end > start
    ]
    heapify(waiting)
    opened: list[_Open] = []
    while waiting:
        begin, minus_end, number, span = heappop(waiting)
        while opened and opened[-1].end <= begin:
            yield _closing(opened.pop())
        end = -minus_end
        if opened and opened[-1].end < end:
            heappush(waiting, (opened[-1].end, -end, number, span))
            end = opened[-1].end
        is_first, is_last = begin <= max(span.start, start), end >= min(span.end, stop)
        opened.append(_Open(span, end))
        yield _Tag(begin, _opening(span, is_first=is_first, is_last=is_last))
    while opened:
        yield _closing(opened.pop())


def _closing(one: _Open) -> _Tag:
    return _Tag(one.end, f"</{_element(one.span)}>")


def _element(span: Span) -> str:
    return "time" if "datetime" in span.attributes else "span"


def _opening(span: Span, *, is_first: bool, is_last: bool) -> str:
    classes = [span.layer]
    if span.speaker is not None:
        classes.append(f"speaker-{colour_of(span.speaker)}")
    if span.is_nested:
        classes.append("nested")
    attributes = {"class": " ".join(classes), "title": visible(span.title, one_line=True), **span.attributes}
    if span.anchor is not None and is_first:
        attributes["id"] = span.anchor
    if span.label is not None and is_last:
        attributes["data-speaker"] = span.label
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{_element(span)}{written}>"
