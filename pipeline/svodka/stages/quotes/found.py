"""What the rules hand to the stage: a quotation as found, its source not yet resolved."""

from dataclasses import dataclass, field

from svodka.stages.quotes.view import Span


@dataclass(slots=True)
class Source:
    """The words that name a source.

    Attributes:
        head: Head token of the phrase; None where nothing names the source.
        span: Tokens [first, last) of the phrase.
        others: Heads of the further members of «Иванов и Петров».
        kind: named, dropped (the subject is left out), document, unknown (impersonal, nobody is meant).
        gender: What the verb shows of a source that is left out.
        number: What the verb shows of a source that is left out.
    """

    head: int | None = None
    span: Span | None = None
    others: tuple[int, ...] = ()
    kind: str = "named"
    gender: str | None = None
    number: str | None = None


@dataclass(slots=True)
class Found:
    """A quotation with offsets, and the tokens that attribute it.

    Attributes:
        segments: Offsets of the content.
        type: direct, indirect or mixed.
        form: inline, block, dash, headline or document.
        rule: Id of the rule.
        cue: Tokens [first, last) of the cue.
        cue_lemma: Its lemma.
        source: Who is said to speak; None where the words continue those before.
        via: Head tokens of the medium that relays.
        confidence: 0 to 1.
        inside: Whether it was looked for inside another quotation.
        speaker: Name of the speaker where the layout tells it without words to point at.
    """

    segments: list[Span]
    type: str
    rule: str
    form: str = "inline"
    cue: Span | None = None
    cue_lemma: str | None = None
    source: Source | None = None
    via: int | None = None
    confidence: float = 0.9
    inside: bool = False
    speaker: str | None = None
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def start(self) -> int:
        """First offset of the content."""
        return self.segments[0][0]

    @property
    def end(self) -> int:
        """End of the content."""
        return self.segments[-1][1]
