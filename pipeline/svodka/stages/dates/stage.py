"""The dates stage: expressions of time with their values, in reading order."""

import datetime as dt
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from operator import itemgetter

from spacy.tokens import Doc

from svodka.document import get_anchor, set_records
from svodka.records import DateExpr
from svodka.stages.columns import columns
from svodka.stages.dates import expressions as ex
from svodka.stages.dates.nature import Nature, nature_of
from svodka.stages.dates.patterns import grammar
from svodka.stages.dates.periods import Period, containing
from svodka.stages.dates.resolve import FUTURE, MOVABLE, OPEN, Context, Value, resolve
from svodka.stages.dates.site import Site, not_street, not_title, words
from svodka.stages.dates.tense import direction

Found = tuple[int, int, ex.Expression, str]
# How many sentences back «в тот же день» can look, and how many «16 числа» and «5 апреля».
_REFERENCE_REACH, _MONTH_REACH = 5, 1
_REFERENCES = 6  # how many expressions back
_SAID_AGAIN = frozenset(["day.adverb", "day.eve"])
_NEEDS_MONTH = frozenset(["day.ordinal"])  # «18-го» is a day only where a month was named
_DATELINE_CHARS, _DATELINE_WORDS = 300, 3
_DATELINE_END = frozenset(["", ".", ",", "\n", "—", "–", "-", ":", "/", "|", "("])


def find_dates(doc: Doc, anchor: dt.date | None) -> list[DateExpr]:
    """Find the expressions of time of a text and give them values.

    Spans are those of the annotation guide: without the preposition that only places the expression («в [мае]»), with
    the one that makes a range («[с мая]»).

    Args:
        doc: The text. Sentences, tags and the tree are used where they are there, and are not required.
        anchor: Day of publication. None takes a full date from the first lines of the text as anchor; if there is none,
            relative expressions get a TIMEX3 value with placeholders and no dates. Today's date is never used.

    Returns:
        Records in reading order that do not overlap.
    """
    rules = grammar()
    tokens = columns(doc)
    site = Site(rules.lexicon.scan(tokens.text), tokens)
    found = [item for item in rules.find(site) if _accepted(site, item)]
    if not found:
        return []
    anchor_from = "published"
    if anchor is None:
        anchor, anchor_from = _anchor_from_text(site, found), "text"
    return list(_Passage(site, tokens.sentences, anchor, anchor_from).records(_members(found)))


class DatesStage:
    """The spaCy component that writes the layer `dates`."""

    requires: tuple[str, ...] = ()
    provides: tuple[str, ...] = ("dates",)

    def __init__(self) -> None:
        grammar()  # compiled before the first document

    def __call__(self, doc: Doc) -> Doc:
        """Find the dates of a document, counted from its article's publication."""
        set_records(doc, "dates", find_dates(doc, get_anchor(doc)))
        return doc

    def pipe(self, stream: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """Process documents one by one, in order."""
        for doc in stream:
            yield self(doc)


def _accepted(site: Site, item: Found) -> bool:
    """Neither a title between quotation marks, nor the date in the name of a street, nor the middle of a word."""
    start, end, expression, _ = item
    if isinstance(expression, ex.Quantity) and expression.type == "SET":
        return True
    if not not_title(site, start, end) or not not_street(site, start, end):
        return False
    lexemes = site.lexemes
    if start > 1 and site.word(start - 1) in {"-", "‑"} and lexemes.end(start - 1) == lexemes.start(start):
        return lexemes.end(start - 2) != lexemes.start(start - 1)
    return True


def _members(found: Iterable[Found]) -> Iterator[Found]:
    for start, end, expression, rule in found:
        if isinstance(expression, ex.Several):
            for first, last, member in expression.members:
                yield first, last, member, rule
        else:
            yield start, end, expression, rule


def _anchor_from_text(site: Site, found: Iterable[Found]) -> dt.date | None:
    """The day of a dateline: a full date in the first lines with at most three words before it on its line."""
    for start, end, expression, _ in found:
        if site.lexemes.start(start) > _DATELINE_CHARS:
            return None
        before = [site.word(i) for i in range(start)]
        line = before[len(before) - before[::-1].index("\n") :] if "\n" in before else before
        day = expression.day if isinstance(expression, ex.Clock) and expression.day is not None else expression
        is_full = isinstance(day, ex.Day) or (
            isinstance(day, ex.Named) and day.unit == "monthday" and isinstance(day.of, ex.Year)
        )
        if is_full and sum(word.isalpha() for word in line) <= _DATELINE_WORDS and site.word(end) in _DATELINE_END:
            value = resolve(day, Context(None))
            if value is not None and value.start is not None:
                return value.start
    return None


class _Passage:
    """Walks through the expressions of a text and remembers what later ones can refer to."""

    def __init__(
        self, site: Site, sentences: Sequence[tuple[int, int]], anchor: dt.date | None, anchor_from: str
    ) -> None:
        self._site = site
        self._sentences = sentences
        self._anchor = anchor
        self._anchor_from = anchor_from
        self._references: deque[tuple[int, Period]] = deque(maxlen=_REFERENCES)
        self._day: tuple[int, Period] | None = None
        self._month: tuple[int, Period] | None = None
        self._frame: tuple[int, Period] | None = None
        self._span: tuple[int, Period] | None = None
        self._repeated = 0

    def records(self, found: Iterable[Found]) -> Iterator[DateExpr]:
        """The records of all expressions that exist in a calendar."""
        items = list(found)
        for (start, end, expression, rule), following in zip_longest(items, items[1:]):
            begin, stop = self._site.lexemes.start(start), self._site.lexemes.end(end - 1)
            first, last = self._site.place(begin), self._site.place(stop - 1) + 1
            sentence = bisect_right(self._sentences, first, key=itemgetter(0))
            expression = self._approximate(start, expression)
            if rule in _SAID_AGAIN and following is not None and self._says_again(end, following):
                expression = following[2]
            nature = nature_of(expression)
            context = self._context(nature, first, last, sentence)
            if rule in _NEEDS_MONTH and context.month is None:
                continue
            value = resolve(expression, context)
            if value is None:
                continue
            if value.type == "SET":
                self._repeated = sentence
            self._remember(start, nature, value, sentence)
            yield self._record(begin, stop, nature, value, rule)

    def _says_again(self, end: int, following: Found) -> bool:
        """«накануне, 14 августа», «вчера (в среду)»: a day that is named again beside it is the one that was meant."""
        start, _, expression, _ = following
        named = isinstance(expression, ex.Day) or (
            isinstance(expression, ex.Named) and expression.unit in {"monthday", "weekday"}
        )
        between = [self._site.word(i) for i in range(end, start)]
        return named and between[:1] in ([","], ["("]) and set(between[1:]) <= {"в", "во"}

    def _approximate(self, start: int, expression: ex.Expression) -> ex.Expression:
        """«около 2010 года», «примерно в мае»: the word stays outside the span but marks the value."""
        before = start - 2 if self._site.word(start - 1) in words("placing") else start - 1
        if self._site.word(before) in words("approximate") and not isinstance(expression, ex.Quantity):
            return ex.Approximate(expression)
        return expression

    def _context(self, nature: Nature, first: int, last: int, sentence: int) -> Context:
        tokens = self._site.tokens
        side, sure = OPEN, True
        if tokens is not None and nature.needs_direction:
            side, sure = direction(tokens, first, last, counted=nature.is_counted, since=nature.is_since)
        return Context(
            self._anchor,
            side,
            sure,
            references=self._referred_to(sentence) if nature.is_anaphoric else (),
            day=_reached(self._day, sentence, _REFERENCE_REACH),
            repeated=self._repeated == sentence,
            month=_reached(self._month, sentence, _MONTH_REACH),
            frame=self._told_of(sentence) if side != FUTURE else None,
            span=_reached(self._span, sentence, _REFERENCE_REACH),
        )

    def _remember(self, start: int, nature: Nature, value: Value, sentence: int) -> None:
        period = value.period
        if period is None:
            return
        self._references.appendleft((sentence, period))
        if value.mod != "BEFORE":
            self._day = (sentence, period) if period.unit == "day" else None
        if period.unit in MOVABLE and value.start is not None and value.end is not None:
            self._span = sentence, period
        if period.unit in {"day", "month"} and nature.names_month:
            self._month = sentence, containing(period.start, "month")
        if self._anchor is not None and nature.names_year and self._is_frame(start, period, value, sentence):
            self._frame = (sentence, period) if period.start.year < self._anchor.year else None
        elif nature.counts_from_anchor:
            self._frame = None

    def _referred_to(self, sentence: int) -> tuple[Period, ...]:
        return tuple(period for at, period in self._references if sentence - at <= _REFERENCE_REACH)

    def _told_of(self, sentence: int) -> Period | None:
        """A day or month with its year from here or the sentence before; a year only from the same sentence."""
        reach = 0 if self._frame is not None and self._frame[1].unit == "year" else _MONTH_REACH
        return _reached(self._frame, sentence, reach)

    def _is_frame(self, start: int, period: Period, value: Value, sentence: int) -> bool:
        """Whether what follows is told of this time: a day, a month, or a year that opens a sentence."""
        if value.start is None or value.end is None or period.unit not in {"day", "month", "year"}:
            return False
        return period.unit != "year" or self._opens_sentence(start, sentence)

    def _opens_sentence(self, start: int, sentence: int) -> bool:
        """At most a preposition stands before it in its sentence."""
        first = self._site.place(self._site.lexemes.start(start))
        return first - self._sentences[sentence - 1][0] <= 1

    def _record(self, begin: int, stop: int, nature: Nature, value: Value, rule: str) -> DateExpr:
        relative = value.start is not None or value.end is not None
        anchored = relative and not nature.is_absolute and self._anchor is not None
        return DateExpr(
            start=begin,
            end=stop,
            type=value.type,
            value=value.timex,
            edtf=value.edtf,
            start_date=value.start,
            end_date=value.end,
            granularity=value.granularity,
            mod=value.mod,
            anchor_date=self._anchor if anchored else None,
            anchor_from=self._anchor_from if anchored else None,
            rule=rule,
        )


def _reached(remembered: tuple[int, Period] | None, sentence: int, reach: int) -> Period | None:
    """What was remembered, if it stands at most so many sentences back."""
    return remembered[1] if remembered is not None and sentence - remembered[0] <= reach else None
