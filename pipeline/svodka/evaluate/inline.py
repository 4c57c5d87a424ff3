"""Tags inside a text: the spans they name, and the text that remains without them."""

import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from svodka.errors import InputError


@dataclass(frozen=True, slots=True)
class TagRule:
    """What a tag may carry.

    Attributes:
        required: Attributes that every opening tag has.
        optional: Attributes that it may have.
        values: The closed lists of values, by attribute.
    """

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


TAGS: Mapping[str, TagRule] = {
    "quote": TagRule(
        required=("id",),
        optional=("type", "form", "speaker", "kind", "via", "aliases", "polarity"),
        values={
            "type": ("direct", "indirect", "mixed"),
            "form": ("inline", "block", "dash", "headline", "document"),
            "kind": ("person", "organization", "group", "document", "unknown"),
            "polarity": ("asserted", "negated", "hypothetical"),
        },
    ),
    "cue": TagRule(required=("quote",)),
    "mention": TagRule(required=("quote",)),
    "date": TagRule(
        optional=("type", "edtf", "start", "end"), values={"type": ("DATE", "TIME", "DURATION", "SET", "AGE")}
    ),
    "person": TagRule(required=("name",), optional=("role",)),
    "organization": TagRule(required=("name",)),
    "place": TagRule(required=("name",)),
}


@dataclass(frozen=True, slots=True)
class Span:
    """One tagged stretch of the text.

    Attributes:
        tag: Name of the tag.
        start: First code point.
        end: One past the last code point.
        attributes: Attributes of the opening tag.
        place: «line:column» of the opening tag, for messages; not compared.
    """

    tag: str
    start: int
    end: int
    attributes: Mapping[str, str] = field(default_factory=dict)
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """A text without its markup, and the spans that the markup named, in the order of their opening tags."""

    text: str
    spans: list[Span]

    def tagged(self, *tags: str) -> list[Span]:
        """The spans of these tags."""
        return [span for span in self.spans if span.tag in tags]


_ESCAPES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
# What is not seen, or ends a line for one program and not for another: written by its number.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_NUMBER = re.compile("#x([0-9a-fA-F]{1,6})")
_TOKEN = re.compile(
    r"""<(?P<slash>/?)(?P<tag>[a-z]+)(?P<attributes>(?:\s+[a-z]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*>
      | &(?P<escape>\w+|\#x[0-9a-fA-F]+);
      | (?P<stray>[<&])""",
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def parse_markup(markup: str, *, source: str | None = None, first_line: int = 1) -> AnnotatedText:
    """Separate a text from its inline markup.

    A closing tag ends the span of its name that was opened last. Where two spans of one name cross, the closing tag
    repeats attributes of the one that it ends: ``</quote id="1">``.

    Args:
        markup: Text with tags of `TAGS`; «<» and «&» of the text itself are written ``&lt;`` and ``&amp;``.
        source: File the markup came from, for messages.
        first_line: Number of the markup's first line in that file.

    Returns:
        The text and its spans.

    Raises:
        InputError: An unknown tag, attribute or value, a missing attribute, an unclosed, unopened or empty span, a
            stray «<» or «&»; the message has the file, line and column, and says what to write instead.
    """
    pieces: list[str] = []
    length = last = 0
    spans: list[Span] = []
    opened: list[Span] = []  # those of `spans` that are not closed yet; their `end` is not known

    for match in _TOKEN.finditer(markup):
        place = _place(markup, match.start(), first_line)
        literal = markup[last : match.start()]
        if match["escape"]:
            character = _character(match["escape"])
            if character is None:
                raise input_error(f"unknown escape {match[0]}; write &amp; for the character &", source, place)
            literal += character
        pieces.append(literal)
        length += len(literal)
        last = match.end()
        if match["stray"]:
            name = _name_of(match["stray"])
            raise input_error(f"{match['stray']} begins no complete tag or escape; write {name} for it", source, place)
        if match["escape"]:
            continue
        tag, attributes = match["tag"], _read_attributes(match["attributes"])
        if not match["slash"]:
            _check_tag(tag, attributes, source, place)
            opened.append(Span(tag, length, length, attributes, place))
            spans.append(opened[-1])
            continue
        span = _last_opened(opened, tag, attributes)
        if span is None:
            raise input_error(f"{match[0]} closes nothing; open <{tag} …> before it or take it away", source, place)
        if span.start == length:
            raise input_error(f"<{tag}> holds no text; put it around the words it annotates", source, span.place)
        del opened[_index_of(opened, span)]
        spans[_index_of(spans, span)] = replace(span, end=length)
    if opened:
        message = f"<{opened[-1].tag}> is never closed; add </{opened[-1].tag}>"
        raise input_error(message, source, opened[-1].place)
    pieces.append(markup[last:])
    return AnnotatedText("".join(pieces), sorted(spans, key=_opening_order))


def write_markup(annotated: AnnotatedText) -> str:
    """Write spans into their text as inline markup: the inverse of `parse_markup`.

    Raises:
        InputError: A span that is empty or outside the text, a tag that `TAGS` does not allow, or two crossing spans
            of one tag with the same attributes, which markup cannot tell apart.
    """
    text = annotated.text
    opening: dict[int, list[Span]] = defaultdict(list)
    closing: dict[int, list[Span]] = defaultdict(list)
    for span in sorted(annotated.spans, key=_opening_order):
        _check_tag(span.tag, span.attributes, None, f"{span.start}:{span.end}")
        if not 0 <= span.start < span.end <= len(text):
            raise InputError(f"<{span.tag}> from {span.start} to {span.end} is empty or outside the text")
        opening[span.start].append(span)
        closing[span.end].append(span)

    pieces: list[str] = []
    opened: list[Span] = []
    last = 0
    for position in sorted({*opening, *closing}):
        pieces.append(_escape(text[last:position]))
        last = position
        for span in sorted(closing[position], key=lambda span: _index_of(opened, span), reverse=True):
            pieces.append(_closing_tag(opened, span))
            del opened[_index_of(opened, span)]
        for span in opening[position]:
            pieces.append(f"<{span.tag}{_write_attributes(span.attributes)}>")
            opened.append(span)
    pieces.append(_escape(text[last:]))
    return "".join(pieces)


def _opening_order(span: Span) -> tuple[int, int]:
    return span.start, -span.end


def _index_of(spans: list[Span], span: Span) -> int:
    """Where this very span stands; an equal one may stand beside it."""
    return next(index for index, other in enumerate(spans) if other is span)


def _last_opened(opened: list[Span], tag: str, attributes: Mapping[str, str]) -> Span | None:
    """The span opened last that has this tag and at least these attributes."""
    for span in reversed(opened):
        if span.tag == tag and attributes.items() <= span.attributes.items():
            return span
    return None


def _closing_tag(opened: list[Span], span: Span) -> str:
    """The closing tag with as many attributes as it needs to be understood."""
    pairs = list(span.attributes.items())
    for count in range(len(pairs) + 1):
        attributes = dict(pairs[:count])
        if _last_opened(opened, span.tag, attributes) is span:
            return f"</{span.tag}{_write_attributes(attributes)}>"
    raise InputError(f"two <{span.tag}> spans cross at {span.end} and have the same attributes; merge or part them")


def _read_attributes(markup: str) -> dict[str, str]:
    return {name: unescape(double or single) for name, double, single in _ATTRIBUTE.findall(markup)}


def _write_attributes(attributes: Mapping[str, str]) -> str:
    pieces = []
    for name, value in attributes.items():
        mark = "'" if '"' in value and "'" not in value else '"'
        pieces.append(f" {name}={mark}{_escape(value, mark)}{mark}")
    return "".join(pieces)


def _name_of(character: str) -> str:
    return next(f"&{name};" for name, value in _ESCAPES.items() if value == character)


def _escape(text: str, mark: str = "") -> str:
    """The text with «&», «<», «>», controls and, in an attribute, a double mark replaced by their names."""
    escaped = number_controls(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return escaped.replace('"', "&quot;") if mark == '"' else escaped


def number_controls(text: str) -> str:
    r"""The text with ``&#xd;`` for a carriage return, and the like for other controls; not for tabs and line feeds.

    >>> number_controls("Дождь\r\n")
    'Дождь&#xd;\n'
    """
    return _CONTROL.sub(lambda match: f"&#x{ord(match[0]):x};", text)


def unescape(text: str) -> str:
    """The text with the characters that escapes of `write_markup` stand for."""
    return re.sub(r"&(\w+|#x[0-9a-fA-F]+);", lambda match: _character(match[1]) or match[0], text)


def _character(escape: str) -> str | None:
    """The character that an escape stands for; None where there is none."""
    number = _NUMBER.fullmatch(escape)
    if number is None:
        return _ESCAPES.get(escape)
    code = int(number[1], 16)
    return chr(code) if code <= sys.maxunicode and not 0xD800 <= code <= 0xDFFF else None


def _check_tag(tag: str, attributes: Mapping[str, str], source: str | None, place: str) -> None:
    rule = TAGS.get(tag)
    if rule is None:
        raise input_error(f"unknown tag <{tag}>; the tags are {', '.join(TAGS)}", source, place)
    for name in rule.required:
        if name not in attributes:
            raise input_error(f'<{tag}> lacks the attribute {name}; write <{tag} {name}="…">', source, place)
    for name, value in attributes.items():
        known = rule.required + rule.optional
        if name not in known:
            raise input_error(f"<{tag}> has no attribute {name}; it may have {', '.join(known)}", source, place)
        if value not in rule.values.get(name, (value,)):
            raise input_error(f'{name}="{value}" is none of {", ".join(rule.values[name])}', source, place)


def _place(markup: str, position: int, first_line: int) -> str:
    line = markup.count("\n", 0, position) + first_line
    return f"{line}:{position - markup.rfind(chr(10), 0, position)}"


def input_error(message: str, source: str | None, place: str) -> InputError:
    """An error at a «line:column» of a file, or of markup that came from no file."""
    return InputError(message, source=f"{source}:{place}" if source else place)
