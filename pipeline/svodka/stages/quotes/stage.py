"""The quotes stage: every quotation of a document with its speaker."""

from dataclasses import replace

from spacy.tokens import Doc

from svodka.document import get_article, set_records
from svodka.records import Quote
from svodka.stages.pymorphy import Backend, Dictionary, get_dictionary
from svodka.stages.quotes.attribute import Resolver
from svodka.stages.quotes.block import find_turns
from svodka.stages.quotes.clauses import Zones
from svodka.stages.quotes.cues import Lexicon, get_lexicon
from svodka.stages.quotes.direct import announced_before, find_direct, is_floating, segments
from svodka.stages.quotes.found import Found
from svodka.stages.quotes.fragment import find_fragments
from svodka.stages.quotes.headline import find_headline, headline_of
from svodka.stages.quotes.indirect import find_indirect
from svodka.stages.quotes.marks import Quoted, find_quoted
from svodka.stages.quotes.referents import Speaker
from svodka.stages.quotes.view import CLOSE_MARKS, OPEN_MARKS, Span, View


_Attribution = tuple[Speaker, str | None]
_Level = tuple[list[Quoted], list[Span] | None]


def find_quotes(doc: Doc, dictionary: Dictionary) -> list[Quote]:
    """Quotations of a document.

    Args:
        doc: A document with tree, entities and the people stage's mentions; it is only read.
        dictionary: The pymorphy adapter, for speakers in the nominative.

    Returns:
        Quotations in reading order; `parent` is the position of the one that holds another.
    """
    if not len(doc):
        return []
    view = View(doc)
    lexicon = get_lexicon()
    quoted = find_quoted(view)
    headline = headline_of(view, get_article(doc).title)
    found = _find(view, quoted, headline, lexicon)
    if headline is not None:
        for item in found:
            if item.form == "inline" and item.end <= headline[1]:
                item.form = "headline"
        found += find_headline(view, headline, quoted, found, lexicon)
    found.sort(key=lambda item: (item.start, -item.end))
    resolver = Resolver(view, lexicon, dictionary)
    speakers: dict[int, _Attribution] = {}
    for item in sorted(found, key=lambda item: (item.form == "headline", _place(view, item))):
        speaker = resolver.resolve(item)
        speakers[id(item)] = speaker, resolver.medium(item, speaker)
    return _records(view, found, speakers)


def _find(view: View, quoted: list[Quoted], headline: Span | None, lexicon: Lexicon) -> list[Found]:
    zones = Zones(view)
    found = find_turns(view, lexicon)
    claimed: set[int] = set()
    blocks = sorted(span for turn in found for span in turn.segments)
    outside, levels = _apart(quoted, blocks)
    levels.append((outside, None))
    while levels:
        items, within = levels.pop()
        direct = find_direct(view, items, lexicon, within)
        found += direct.values()
        spans = [span for item in direct.values() for span in item.segments]
        for item in items:
            own = [span for span in spans if span[0] < item.end and item.start < span[1]]
            if own:
                claimed.add(id(item))
            if item.children:
                levels.append((item.children, own or within))
    body = [item for item in outside if headline is None or item.start >= headline[1]]
    found += _floating(view, body, claimed, lexicon)
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        zones.add(item.segments)
    zones.quoted = {item.start - 1: item for item in quoted}
    indirect = [item for item in find_indirect(view, zones, lexicon) if not item.inside or _third_party(view, item)]
    found += _without_doubles(_relayed(view, indirect))
    found += find_fragments(view, outside, found, lexicon)
    return found


def _apart(quoted: list[Quoted], blocks: list[Span]) -> tuple[list[Quoted], list[_Level]]:
    """Quoted words outside speech by layout, and those inside it with the speech that holds them."""
    outside: list[Quoted] = []
    inside: list[_Level] = []
    position = 0
    for item in quoted:
        while position < len(blocks) and blocks[position][1] <= item.start:
            position += 1
        if position < len(blocks) and blocks[position][0] <= item.start and item.end <= blocks[position][1]:
            inside.append(([item], [blocks[position]]))
        else:
            outside.append(item)
    return outside, inside


def _floating(view: View, quoted: list[Quoted], claimed: set[int], lexicon: Lexicon) -> list[Found]:
    """Whole sentences in marks that go on after an attributed quotation, or after a sentence that announces them."""
    added = []
    for item in quoted:
        if id(item) in claimed or not is_floating(view, item):
            continue
        spans = segments(view, item.parts)
        continued = Found(spans, "direct", "direct.floating", confidence=0.6)
        added.append(announced_before(view, item, lexicon) or continued)
    return [item for item in added if item.segments]


def _third_party(view: View, item: Found) -> bool:
    """Whether reported speech inside direct speech names a source other than those who talk."""
    source = item.source
    if source is None or source.head is None or item.cue is None or view.feature(item.cue[0], "Person") in ("1", "2"):
        return False
    bodies = view.feature(item.cue[0], "Number") == "Plur" and view.feature(source.head, "Case") == "Loc"
    if not bodies and not any(view.deps[child].startswith("nsubj") for child in view.children[item.cue[0]]):
        return item.rule == "indirect.according_to"
    return view.folded[source.head] not in ("я", "мы", "вы", "ты", "мне", "нам") and view.feature(
        source.head, "Person"
    ) not in ("1", "2")


def _without_doubles(found: list[Found]) -> list[Found]:
    """One quotation for one stretch of text: the more certain rule wins, then the longer content."""
    kept: list[Found] = []
    for item in sorted(found, key=lambda item: (-item.confidence, item.start - item.end)):
        if not any(_same(item, other) for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda item: item.start)


def _size(spans: list[Span]) -> int:
    return sum(end - start for start, end in spans)


def _overlap(one: Found, other: Found) -> int:
    return sum(
        max(0, min(end, other_end) - max(start, other_start))
        for start, end in one.segments
        for other_start, other_end in other.segments
    )


def _same(one: Found, other: Found) -> bool:
    shared = _overlap(one, other)
    return shared > 0.6 * max(_size(one.segments), _size(other.segments))


def _relayed(view: View, found: list[Found]) -> list[Found]:
    """A medium that relays a whole sentence which itself attributes its words becomes their `via`."""
    dropped: set[int] = set()
    for item in found:
        if (
            item.rule not in ("indirect.parenthetical", "indirect.according_to", "indirect.backward")
            or item.source is None
        ):
            continue
        inner = [
            other
            for other in found
            if other is not item and _may_relay(item, other) and _overlap(item, other) and id(other) not in dropped
        ]
        inner = [other for other in inner if not other.inside and _holds_most(item, other)]
        if inner:
            dropped.add(id(item))
            for other in inner:
                if other.via is None:
                    other.via = item.source.head
    return [item for item in found if id(item) not in dropped]


def _holds_most(item: Found, other: Found) -> bool:
    """Whether a quotation makes up a sentence that a medium relays, or ends it."""
    return _size(other.segments) > 0.4 * _size(item.segments) or abs(other.end - item.end) <= 2


def _may_relay(item: Found, other: Found) -> bool:
    """Whether one attribution may stand inside another: a clause's, or one of the same sort that comes before."""
    if item.rule != other.rule:
        return True
    return item.cue is not None and other.cue is not None and other.cue[0] < item.cue[0]


def _place(view: View, item: Found) -> int:
    return view.starts[item.cue[0]] if item.cue is not None else item.start


def _records(view: View, found: list[Found], speakers: dict[int, _Attribution]) -> list[Quote]:
    records: list[Quote] = []
    for item in found:
        spans = [span for span in (view.trim(span) for span in sorted(item.segments)) if span is not None]
        if not spans:
            continue
        speaker, medium = speakers[id(item)]
        cue = view.span_of(*item.cue) if item.cue is not None else None
        mention = view.span_of(*speaker.mention) if speaker.mention is not None else None
        records.append(
            Quote(
                segments=tuple(spans),
                type=_type(view, item, spans),
                form=item.form,
                cue=cue,
                cue_lemma=item.cue_lemma,
                mention=mention,
                speaker=speaker.name,
                speaker_kind=speaker.kind if speaker.name is not None else "unknown",
                entity=speaker.entity,
                role=speaker.role,
                via=medium,
                rule=item.rule,
                confidence=item.confidence,
            )
        )
    records.sort(key=lambda quote: (quote.start, -quote.end))
    return [replace(quote, parent=_parent(records, number)) for number, quote in enumerate(records)]


def _type(view: View, item: Found, spans: list[Span]) -> str:
    """An indirect quotation that holds quoted words with a small initial is mixed."""
    if item.type != "indirect":
        return item.type
    for start, end in spans:
        first, last = view.tokens_of((start, end))
        if first > 0 and last < view.size and view.words[first - 1] in OPEN_MARKS and view.words[last] in CLOSE_MARKS:
            return "mixed"
        for index in range(first, last - 1):
            if view.words[index] in OPEN_MARKS and view.words[index + 1][:1].islower():
                return "mixed"
    return "indirect"


def _parent(records: list[Quote], number: int) -> int | None:
    """The nearest quotation before this one that holds all of it."""
    quote = records[number]
    for other in range(number - 1, max(number - 40, -1), -1):
        holder = records[other]
        if any(start <= quote.start and quote.end <= end for start, end in holder.segments):
            return other
    return None


class QuotesStage:
    """Component that writes ``doc._.quotes``.

    Args:
        backend: pymorphy3 or pymorphy2.
    """

    def __init__(self, backend: Backend = "pymorphy3") -> None:
        self.dictionary = get_dictionary(backend)

    def __call__(self, doc: Doc) -> Doc:
        set_records(doc, "quotes", find_quotes(doc, self.dictionary))
        return doc
