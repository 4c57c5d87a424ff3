"""The values that stages produce: plain, frozen, comparable.

Every ``start`` and ``end`` is a half-open offset in Unicode code points into the document's text as stored. ``None``
means unknown. Records refer to each other by their position in the document's list of that kind.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

from svodka.errors import InputError

Sentences: TypeAlias = tuple[tuple[tuple[int, int], ...], ...]
"""Sentences of tokens of a text, each its (start, end)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A value that can be written down as a dict of plain values (for ``Doc.user_data`` and DocBin) and read back."""

    def to_plain(self) -> dict[str, Any]:
        """The fields as None, bool, int, float, str and lists of them; dates as ISO strings."""
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}

    @classmethod
    def from_plain(cls, values: dict[str, Any]) -> Self:
        """The record that `to_plain` wrote down."""
        return cls(**values)


def _plain(value: Any) -> Any:  # noqa: ANN401
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _date(value: Any) -> dt.date | None:  # noqa: ANN401
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


BETWEEN_SEGMENTS = " … "
"""What joins the segments of a quotation where they are shown as one text."""


def joined(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The words of a text at some spans, as one text.

    >>> joined("Мост, сказал он, готов", [(0, 4), (17, 22)])
    'Мост … готов'
    """
    return BETWEEN_SEGMENTS.join(text[start:end] for start, end in spans)


def from_float32(value: float) -> float:
    """A number as it was before it was stored in 32 bits.

    >>> from_float32(0.9100000262260437)
    0.91
    """
    return round(value, 6)


class InText:
    """A place of a text, which those know that ``doc._.quotes`` and its like give: it is no part of their value."""

    __slots__ = ("_whole",)
    _whole: str

    def keep_text(self, whole: str) -> None:
        """Let it know the text that its offsets point into; it is not compared, copied or written down with it."""
        object.__setattr__(self, "_whole", whole)

    @property
    def whole(self) -> str | None:
        """The text that its offsets point into, where it knows it."""
        return getattr(self, "_whole", None)

    @property
    def text(self) -> str | None:
        """Its words, where it knows the text; the parts of a quotation are joined by « … »."""
        whole = self.whole
        return None if whole is None else joined(whole, self._spans)

    @property
    def _spans(self) -> tuple[tuple[int, int], ...]:
        raise NotImplementedError


class _SpanInText(InText):
    __slots__ = ()
    start: int
    end: int

    @property
    def _spans(self) -> tuple[tuple[int, int], ...]:
        return ((self.start, self.end),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Record):
    """One news text and what its source tells about it.

    Attributes:
        text: The text as stored; all offsets point into it. It is never changed.
        doc_id: Key of the document, unique in a run.
        title: Headline, if the source has one apart from the text.
        author: Who wrote it, as the source has it.
        url: Address of the page.
        published: Moment of publication, aware; an ISO string or a day will do, of which a day is midnight UTC.
        published_from: Where that moment was read: metadata, html, url or text.
        anchor: Calendar day of publication where it was published; relative dates count from it.
            Taken from `published` in its own time zone when not given.
        source: File and line, or outlet, the article came from.
        encoding: What the bytes of the text were decoded from, by the name that Python knows; None where it came as a
            string.
        tokens: Sentences as tuples of the (start, end) of their tokens, where the source has them; they are kept.

    Raises:
        InputError: `published` is a string and no ISO date.
    """

    text: str
    doc_id: str = "1"
    title: str | None = None
    author: str | None = None
    url: str | None = None
    published: dt.datetime | None = None
    published_from: str | None = None
    anchor: dt.date | None = None
    source: str | None = None
    encoding: str | None = None
    tokens: Sentences | None = None

    def __post_init__(self) -> None:
        if self.tokens is not None:
            sentences = tuple(tuple((start, end) for start, end in sentence) for sentence in self.tokens)
            object.__setattr__(self, "tokens", sentences)
        published = self.published
        if isinstance(published, str):
            try:
                published = dt.datetime.fromisoformat(published)
            except ValueError as error:
                message = f"published must be an ISO date such as 2021-09-07, not {published!r}"
                raise InputError(message, doc_id=self.doc_id) from error
        if isinstance(published, dt.date) and not isinstance(published, dt.datetime):
            published = dt.datetime.combine(published, dt.time())
        if published is not None and published.tzinfo is None:
            published = published.replace(tzinfo=dt.UTC)
        anchor = _date(self.anchor)
        if anchor is None and published is not None:
            anchor = published.date()
        object.__setattr__(self, "published", published)
        object.__setattr__(self, "anchor", anchor)
        if published is not None and self.published_from is None:
            object.__setattr__(self, "published_from", "metadata")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention(_SpanInText, Record):
    """One place of the text that names somebody or something.

    Attributes:
        start: First code point.
        end: One past the last code point.
        label: PER, ORG or LOC.
        kind: name, role (any noun without a name: «министр», «ведомство») or pronoun.
        normal: The mention in the nominative.
        entity: Position of its entity in the document's entities.
        rule: Id of the rule that found it.
    """

    start: int
    end: int
    label: str
    kind: str = "name"
    normal: str
    entity: int | None = None
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity(Record):
    """A person, organisation or place of one document, with all its mentions joined.

    Attributes:
        label: PER, ORG or LOC.
        name: Canonical name: nominative, the fullest form the document supports.
        gender: Masc or Fem, persons only.
        role: Role or title in the nominative («председатель комитета»), persons only.
        organization: Organisation the role belongs to, nominative.
        n_mentions: How many mentions the document has.
        link: Id in the user's authority file.
    """

    label: str
    name: str
    gender: str | None = None
    role: str | None = None
    organization: str | None = None
    n_mentions: int = 0
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(_SpanInText, Record):
    """A place of the text that gives a person a role.

    Attributes:
        start: First code point.
        end: One past the last code point.
        entity: Position of the person in the document's entities.
        role: Role or title in the nominative, its organisation included.
        organization: Organisation the role belongs to, nominative.
        rule: Id of the rule that found it.
    """

    start: int
    end: int
    entity: int
    role: str
    organization: str | None = None
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateExpr(_SpanInText, Record):
    """A date or time expression and its value.

    Attributes:
        start: First code point.
        end: One past the last code point.
        type: DATE, TIME, DURATION, SET or AGE (TIMEX3's types and AGE).
        value: TIMEX3 value («2021-09-16», «P3D», «XXXX-WXX-3»).
        edtf: Extended Date/Time Format string, None where the expression is no point or interval.
        start_date: First day, inclusive; None where open or unknown.
        end_date: Last day, inclusive; None where open or unknown.
        granularity: Finest unit named: time, day, week, month, quarter, half, season, year, decade, century.
        mod: START, MID, END, APPROX, BEFORE or AFTER (TIMEX3 mod).
        anchor_date: Day it was counted from.
        anchor_from: Where that day came from: published or text.
        rule: Id of the rule.
    """

    start: int
    end: int
    type: str
    value: str
    edtf: str | None = None
    start_date: dt.date | None = None
    end_date: dt.date | None = None
    granularity: str
    mod: str | None = None
    anchor_date: dt.date | None = None
    anchor_from: str | None = None
    rule: str

    def __post_init__(self) -> None:
        for name in ("start_date", "end_date", "anchor_date"):
            object.__setattr__(self, name, _date(getattr(self, name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(InText, Record):
    """A quotation and its source.

    Attributes:
        segments: Content as (start, end) pairs in reading order, without quotation marks and author's words.
        type: direct, indirect or mixed.
        form: inline, block, dash, headline or document.
        cue: (start, end) of the words that introduce the speech.
        cue_lemma: Lemma of the cue.
        mention: (start, end) of the words that name the source.
        speaker: Canonical name of the source.
        speaker_kind: person, organization, group, document or unknown.
        entity: Position of the speaker in the document's entities.
        role: Role of the speaker.
        via: Medium that relays the words.
        polarity: asserted, negated or hypothetical.
        rule: Id of the rule.
        confidence: 0 to 1.
        parent: Position of the quotation that contains this one.
    """

    segments: tuple[tuple[int, int], ...]
    type: str
    form: str
    cue: tuple[int, int] | None = None
    cue_lemma: str | None = None
    mention: tuple[int, int] | None = None
    speaker: str | None = None
    speaker_kind: str = "unknown"
    entity: int | None = None
    role: str | None = None
    via: str | None = None
    polarity: str = "asserted"
    rule: str
    confidence: float = 1.0
    parent: int | None = None

    def __post_init__(self) -> None:
        segments = tuple((int(start), int(end)) for start, end in self.segments)
        object.__setattr__(self, "segments", segments)
        for name in ("cue", "mention"):
            value = getattr(self, name)
            object.__setattr__(self, name, tuple(value) if value is not None else None)

    @property
    def start(self) -> int:
        """First code point of the content."""
        return self.segments[0][0]

    @property
    def end(self) -> int:
        """One past the last code point of the content."""
        return self.segments[-1][1]

    @property
    def _spans(self) -> tuple[tuple[int, int], ...]:
        return self.segments

    def _repr_html_(self) -> str | None:
        from svodka.view.notebook import record_html

        return record_html(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(Record):
    """A row of the table `errors`: something that could not be read or done, and what it cost.

    Attributes:
        doc_id: The document, None where the input did not get as far as an id.
        source: File and line, or the article's source.
        stage: read, the name of the stage, or run where a limit of the run was met.
        error_type: Class of the error; of run: timeout, too_long or died.
        message: What is wrong, and the way out.
    """

    doc_id: str | None
    source: str | None
    stage: str
    error_type: str
    message: str
