"""The quotes stage: every quotation of a document with its speaker."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Self

from spacy.tokens import Doc

from svodka.document import get_title, set_records
from svodka.records import Quote
from svodka.stages.columns import columns
from svodka.stages.pymorphy import Backend, Dictionary, get_dictionary
from svodka.stages.quotes.attribute import Resolver
from svodka.stages.quotes.author_before import announced_before
from svodka.stages.quotes.block import find_turns
from svodka.stages.quotes.confidence import features_of
from svodka.stages.quotes.content import is_whole
from svodka.stages.quotes.cues import Lexicon, closed_class, get_lexicon
from svodka.stages.quotes.direct import find_direct, is_floating
from svodka.stages.quotes.found import Found
from svodka.stages.quotes.fragment import find_fragments
from svodka.stages.quotes.headline import find_headline, headline_of
from svodka.stages.quotes.indirect import find_indirect
from svodka.stages.quotes.marks import Quoted, find_quoted
from svodka.stages.quotes.overlaps import merged, resolve_overlaps
from svodka.stages.quotes.quoted_speech import BEFORE, segments
from svodka.stages.quotes.scorer import Scorer, dump_scorers, load_scorers, parse_scorers, probability, save_scorers
from svodka.stages.quotes.speakers import Speaker
from svodka.stages.quotes.view import OPEN_MARKS, Span, View
from svodka.stages.quotes.zones import Zones

_WEIGHTS = "weights.json"
_OPEN_MARK = re.compile(f"[{''.join(OPEN_MARKS)}]")

# rules that find what stands beside the author's words, no clause of a verb
_BESIDE = frozenset(("indirect.parenthetical", "indirect.according_to"))
_INTERLOCUTORS = closed_class("interlocutor")
_Attribution = tuple[Speaker, str | None]
_Level = tuple[list[Quoted], list[Span] | None]


def find_quotes(
    doc: Doc,
    dictionary: Dictionary,
    scorers: Mapping[str, Scorer] | None = None,
    make_resolver: Callable[..., Resolver] = Resolver,
) -> list[Quote]:
    """Quotations of a document.

    Args:
        doc: A document with tree, entities and the people stage's mentions; it is only read.
        dictionary: The pymorphy adapter, for speakers in the nominative.
        scorers: The models that choose; None for those that svodka ships.
        make_resolver: What finds the speakers; the recipe of the models gives one that looks on.

    Returns:
        Quotations in reading order; `parent` is the position of the one that holds another.
    """
    if not len(columns(doc)):
        return []
    view = View(doc)
    lexicon = get_lexicon()
    quoted = find_quoted(view)
    headline = headline_of(view, get_title(doc))
    scorers = scorers or load_scorers()
    found = _find(view, quoted, headline, lexicon, scorers)
    if headline is not None:
        for item in found:
            if item.form == "inline" and item.end <= headline[1]:
                item.form = "headline"
        found += find_headline(view, headline, quoted, found, lexicon)
    found.sort(key=lambda item: (item.start, -item.end))
    speech = merged(span for item in found if item.type == "direct" for span in item.segments)
    resolver = make_resolver(view, lexicon, dictionary, scorers, speech)
    speakers: dict[int, _Attribution] = {}
    for item in sorted(found, key=lambda item: (item.form == "headline", _place(view, item))):
        speaker = resolver.resolve(item)
        speakers[id(item)] = speaker, resolver.medium(item, speaker)
    found = [item for item in found if not _repeats(item, found, speakers)]
    return _records(view, found, speakers, lexicon, scorers)


def _find(
    view: View, quoted: list[Quoted], headline: Span | None, lexicon: Lexicon, scorers: Mapping[str, Scorer]
) -> list[Found]:
    zones = Zones(view)
    found = find_turns(view, lexicon)
    claimed: set[int] = set()
    blocks = sorted(span for turn in found for span in turn.segments)
    outside, levels = _apart(quoted, blocks)
    levels.append((outside, None))
    while levels:
        items, within = levels.pop()
        held: dict[int, list[Span]] = {}
        for members, quotation in find_direct(view, items, lexicon, within):
            found.append(quotation)
            held.update(dict.fromkeys(members, quotation.segments))
        for number, item in enumerate(items):
            if number in held:
                claimed.add(id(item))
            if item.children:
                levels.append((item.children, held.get(number) or within))
    body = [item for item in outside if headline is None or item.start >= headline[1]]
    found += _floating(view, body, claimed, found, lexicon)
    for direct in sorted(found, key=lambda item: (item.start, -item.end)):
        zones.add(direct.segments)
    zones.quoted = {item.start - 1: item for item in quoted}
    indirect = [
        clause for clause in find_indirect(view, zones, lexicon) if not clause.inside or _third_party(view, clause)
    ]
    found += resolve_overlaps(indirect)
    found += find_fragments(view, outside, found, headline, lexicon, scorers["fragment"])
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


def _floating(view: View, quoted: list[Quoted], claimed: set[int], found: list[Found], lexicon: Lexicon) -> list[Found]:
    """Whole sentences in marks that go on after an attributed quotation, or after a sentence that announces them.

    A paragraph in marks right after an attributed one goes on with it and becomes a part of it.
    """
    added: list[Found] = []
    by_line = {view.line_number(item.end): item for item in found if item.form == "inline" and not item.inside}
    for item in quoted:
        if id(item) in claimed or not is_floating(view, item):
            continue
        spans = segments(view, item.parts)
        announced = announced_before(view, item, lexicon)
        line = view.line_number(item.start)
        before = by_line.get(line - 1)
        goes_on = before is not None and before.rule in BEFORE and view.lines[line][0] >= item.start - 1
        if announced is None and before is not None and goes_on and spans:
            before.segments += spans
            by_line[view.line_number(item.end)] = before
            continue
        added.append(announced or Found(spans, "direct", "direct.floating", confidence=0.6))
    return [item for item in added if item.segments]


def _repeats(item: Found, found: list[Found], speakers: dict[int, _Attribution]) -> bool:
    """«Орлов считает, что P. Об этом он заявил …»: the sentence pointed at is his words already."""
    if item.rule != "indirect.backward":
        return False
    speaker = speakers[id(item)][0].name
    return any(
        other is not item
        and item.start <= other.start
        and other.end <= item.end
        and speakers[id(other)][0].name == speaker
        for other in found
    )


def _third_party(view: View, item: Found) -> bool:
    """Whether reported speech inside direct speech names a source other than those who talk."""
    source = item.source
    if source is None or source.head is None or item.cue is None or view.feature(item.cue[0], "Person") in ("1", "2"):
        return False
    bodies = view.feature(item.cue[0], "Number") == "Plur" and view.feature(source.head, "Case") == "Loc"
    if not bodies and not view.has_subject(item.cue[0]):
        return item.rule == "indirect.according_to"
    return view.folded[source.head] not in _INTERLOCUTORS and view.feature(source.head, "Person") not in ("1", "2")


def _place(view: View, item: Found) -> int:
    return view.starts[item.cue[0]] if item.cue is not None else item.start


def _records(
    view: View, found: list[Found], speakers: dict[int, _Attribution], lexicon: Lexicon, scorers: Mapping[str, Scorer]
) -> list[Quote]:
    kept: list[tuple[list[Span], Found]] = []
    sure: dict[int, float] = {}
    for item in found:
        spans = [span for span in (view.trim(span) for span in sorted(item.segments)) if span is not None]
        if spans:
            features = features_of(view, item, spans, speakers[id(item)][0], lexicon)
            sure[id(item)] = probability(scorers["attribution"](features))
            kept.append((spans, item))
    kept.sort(key=lambda quotation: (quotation[0][0][0], -quotation[0][-1][1]))
    contents = [spans for spans, _ in kept]
    records: list[Quote] = []
    for number, (spans, item) in enumerate(kept):
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
                polarity=_polarity(view, item, lexicon),
                rule=item.rule,
                confidence=round(sure[id(item)], 2),
                parent=_parent(contents, number),
            )
        )
    return records


def _type(view: View, item: Found, spans: list[Span]) -> str:
    """An indirect quotation that holds quoted words with a small initial is mixed."""
    if item.type != "indirect":
        return item.type
    for start, end in spans:
        if _OPEN_MARK.search(view.text, max(start - 2, 0), end) is None:  # a space may follow the mark
            continue
        first, last = view.tokens_of((start, end))
        if is_whole(view, (start, end)):
            # «Как заявил Орлов, «P»» are his words; after «что» a clause is reported
            return "direct" if item.rule in _BESIDE and len(spans) == 1 else "mixed"
        for index in range(first, last - 1):
            # a mark with a space after it closes: «"Вега" планирует»
            opens = view.words[index] in OPEN_MARKS and view.starts[index + 1] == view.ends[index]
            if opens and view.words[index + 1][:1].islower():
                return "mixed"
    return "indirect"


def _polarity(view: View, item: Found, lexicon: Lexicon) -> str:
    """«опровергла, что P» denies its content; «не отрицает, что P» does not."""
    verb = lexicon.verbs.get(item.cue_lemma or "")
    if verb is None or verb.kind != "deny" or item.type != "indirect" or item.cue is None:
        return "asserted"
    return "asserted" if view.folded[max(item.cue[0] - 1, 0)] == "не" else "negated"


def _parent(contents: list[list[Span]], number: int) -> int | None:
    """The nearest quotation before this one that holds all of it."""
    first, last = contents[number][0][0], contents[number][-1][1]
    for other in range(number - 1, max(number - 40, -1), -1):
        holder = contents[other]
        if last <= holder[-1][1] and any(start <= first and last <= end for start, end in holder):
            return other
    return None


class QuotesStage:
    """Component that writes ``doc._.quotes``.

    Args:
        backend: pymorphy3 or pymorphy2.

    Attributes:
        scorers: The models that choose; None for those that svodka ships.
    """

    def __init__(self, backend: Backend = "pymorphy3") -> None:
        self.dictionary = get_dictionary(backend)
        self.scorers: Mapping[str, Scorer] | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Write the quotations of a document, replacing what was there."""
        set_records(doc, "quotes", find_quotes(doc, self.dictionary, self.scorers))
        return doc

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write weights of the user's own into a folder, for `spacy.load`; those that svodka ships stay with it."""
        file = Path(path) / _WEIGHTS
        if self.scorers is None:
            file.unlink(missing_ok=True)
        else:
            file.parent.mkdir(exist_ok=True)
            save_scorers(self.scorers, file)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:
        """Read what `to_disk` wrote; no file means the weights that svodka ships."""
        file = Path(path) / _WEIGHTS
        self.scorers = load_scorers(file) if file.exists() else None
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """What `to_disk` writes, in memory."""
        return json.dumps(None if self.scorers is None else dump_scorers(self.scorers)).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Read what `to_bytes` gave."""
        values = json.loads(data)
        self.scorers = None if values is None else parse_scorers(values)
        return self
