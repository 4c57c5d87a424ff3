"""The labeling interface of Label Studio, in which annotation by `svodka.corrections.scheme` is corrected.

The labels stay above the text while it scrolls, and what a region has beside it; where none is chosen, the guide stands
there. Tags: https://labelstud.io/tags/; the classes that the style names are those of Label Studio 1.23.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from svodka.corrections.scheme import CHOICES, FIELDS, RELATIONS

CONTINUES = "Continues"
"""The relation of a further part of a quotation to the part before it."""

SHOWN_FIELDS: Mapping[str, tuple[str, ...]] = {name: of for name, of in FIELDS.items() if name not in ("value", "mod")}
"""The fields; those that are only to be read cannot be shown without a way to write in them."""


class Look(NamedTuple):
    """How a label is shown.

    Attributes:
        colour: Its name is written in it on white, words of the text have three tenths of it behind them.
        key: What is pressed to choose it.
        hint: What it means.
    """

    colour: str
    key: str
    hint: str


LOOKS: Mapping[str, Look] = {
    "DirectQuote": Look("#9a6700", "q", "words as they were said"),
    "IndirectQuote": Look("#bc4c00", "w", "what was said, told by the author"),
    "MixedQuote": Look("#cf222e", "e", "a few words in marks within the author's sentence"),
    "Cue": Look("#57606a", "r", "words that introduce speech: сообщил, по словам"),
    "Source": Look("#8250df", "t", "words that name who speaks and are no name: пресс-служба, эксперты"),
    "Person": Look("#0969da", "a", "a mention of a person"),
    "Organization": Look("#0f766e", "s", "a mention of an organisation"),
    "Place": Look("#2f7d1f", "d", "a mention of a place"),
    "Role": Look("#4f46e5", "f", "what a person is: мэр, министр обороны"),
    "Date": Look("#bf3989", "g", "a day, month, year or longer"),
    "Time": Look("#a21caf", "z", "a time of day"),
    "Duration": Look("#9d174d", "x", "how long: два года"),
    "Set": Look("#86198f", "c", "how often: по пятницам"),
    "Age": Look("#be185d", "v", "how old: 40 лет"),
}
"""The labels in the order of the menu."""

_HINTS = {
    "speaker": "if not what Speaker points at; - is nobody",
    "via": "medium that relays the words",
    "aliases": "other names of the speaker: A | B",
    "name": "nominative and full; - is unknown",
    "role": "nominative",
    "edtf": "2024-03-14, 2024-03, 2024-03-16/2024-03-17",
    "start": "first day, if EDTF cannot say it: 2024-03-14",
    "end": "last day, if EDTF cannot say it: 2024-03-14",
}
_GUIDE = (
    "Click on coloured words: what they have is shown here. Handles move their ends, Backspace removes them.",
    "New: press the key of a label, then draw over the words. What lies on the same words is told apart in the list of "
    "regions.",
    "Who speaks: choose the quotation, press Alt+R, click on the Person, Organization, Place or Source that says it. "
    "The name of that is the speaker; a wrong name is corrected at every mention.",
    "Where no words name the speaker, write the name into «speaker». A quotation without either has no speaker; - is "
    "nobody, whatever Speaker points at.",
    "In the same way go from a quotation to its Cue, from a Role to its Person, and from a further part of a quotation "
    "to the part before it. A relation needs no label: what it is follows from its ends.",
    "Not chosen means: Form inline, Polarity asserted, Naming name, SpeakerKind as the source is labelled.",
)
# Browsers hide `area`, of which Label Studio makes the handles at the borders of a region.
_STYLE = """
.svodka-labels { position: sticky; top: 0; z-index: 110; background: var(--color-neutral-background, #fff); }
.svodka-columns { display: flex; gap: 20px; align-items: flex-start; }
.svodka-text { flex: 1; min-width: 0; }
.svodka-text .lsf-htx-richtext, .svodka-text .htx-richtext { line-height: 2; padding: 16px 0 0 44px; }
.svodka-text .htx-highlight area { display: inline-block; }
.svodka-beside { flex: 0 0 260px; position: sticky; top: 84px; max-height: calc(100vh - 250px); overflow-y: auto; }
.svodka-beside h4, .svodka-beside h6 { font-size: 14px; line-height: 1.35; margin: 10px 0 0 !important; }
.svodka-guide h4, .svodka-guide h6 { font-weight: normal; }
.svodka-beside .ant-form-item { margin-bottom: 0; }
"""


def label_config() -> str:
    """The code of the interface."""
    controls: dict[tuple[str, ...], list[str]] = {}  # by the labels at which they are shown
    for name, labels in SHOWN_FIELDS.items():
        controls.setdefault(labels, []).append(_field(name))
    for name, choice in CHOICES.items():
        controls.setdefault(choice.labels, []).append(_choices(name, choice.values))
    guide = {"className": "svodka-guide", "visibleWhen": "no-region-selected"}
    beside = [_element("View", guide, [_header(line) for line in _GUIDE])]
    for labels, of_labels in controls.items():
        when = {"visibleWhen": "region-selected", "whenTagName": "label", "whenLabelValue": ",".join(labels)}
        beside.append(_element("View", when, of_labels))
    text = _element("Text", {"name": "text", "value": "$text", "granularity": "symbol"})
    columns = [_view("svodka-text", [text]), _view("svodka-beside", beside)]
    inside = [
        f"<Style>{escape(_STYLE)}</Style>\n",
        _header("$title", size=4),
        _header("$published_day"),
        _view("svodka-labels", [_labels()]),
        _relations(),
        _view("svodka-columns", columns),
    ]
    return _element("View", {}, inside)


def _labels() -> str:
    labels = [
        _element("Label", {"value": name, "background": look.colour, "hotkey": look.key, "hint": look.hint})
        for name, look in LOOKS.items()
    ]
    return _element("Labels", {"name": "label", "toName": "text", "choice": "single"}, labels)


def _relations() -> str:
    relations = [_element("Relation", {"value": name}) for name in (*RELATIONS, CONTINUES)]
    return _element("Relations", {"choice": "single"}, relations)


def _choices(name: str, values: Iterable[str]) -> str:
    of_region = {"name": name, "toName": "text", "perRegion": "true", "choice": "single", "layout": "inline"}
    choices = [_element("Choice", {"value": value}) for value in values]
    return _header(name) + _element("Choices", of_region, choices)


def _field(name: str) -> str:
    of_region = {"name": name, "toName": "text", "perRegion": "true", "rows": "1", "maxSubmissions": "1"}
    return _header(name) + _element("TextArea", {**of_region, "editable": "true", "placeholder": _HINTS[name]})


def _view(name: str, inside: Sequence[str]) -> str:
    return _element("View", {"className": name}, inside)


def _header(text: str, size: int = 6) -> str:
    return _element("Header", {"size": str(size), "value": text})


def _element(tag: str, attributes: Mapping[str, str], inside: Sequence[str] = ()) -> str:
    head = f"<{tag}" + "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    if not inside:
        return f"{head}/>\n"
    lines = "".join(inside).splitlines(keepends=True)
    return f"{head}>\n{''.join(f'  {line}' for line in lines)}</{tag}>\n"
