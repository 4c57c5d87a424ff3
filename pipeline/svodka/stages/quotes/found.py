"""What the rules hand to the stage: a quotation as found, its source not yet resolved."""

from dataclasses import dataclass

from svodka.stages.quotes.view import Span


@dataclass(slots=True)
class Source:
    """The words that name a source.

    Attributes:
        head: Head token of the phrase; None where nothing names the source.
        span: Tokens [first, last) of the phrase.
        others: Heads of the further members of «Иванов и Петров».
        kind: named; dropped (the subject is left out); document; unknown (impersonal, nobody is meant); in interviews
            interviewee, asks (the journalist), initials («А. Л.»), literal (a name only by its place)
            and turn (nothing but the dash).
        gender: What the verb shows of the source.
        number: What the verb shows of the source.
        path: How it was found: tree (the subject of the cue itself), adjacent, inherited, antecedent, locative,
            doubtful (a subject that does not agree), else "".
    """

    head: int | None = None
    span: Span | None = None
    others: tuple[int, ...] = ()
    kind: str = "named"
    gender: str | None = None
    number: str | None = None
    path: str = ""


@dataclass(slots=True)
class Found:
    """A quotation with offsets, and the tokens that attribute it.

    Attributes:
        segments: Offsets of the content.
        type: direct, indirect or mixed.
        rule: Id of the rule.
        form: inline, block, dash, headline or document.
        cue: Tokens [first, last) of the cue.
        cue_lemma: Its lemma.
        source: Who is said to speak; None where the words continue those before.
        via: Head token of the medium that relays.
        confidence: 0 to 1; which of two that share text is kept.
        features: What a model weighed, if one did.
        inside: Whether it stands inside another quotation.
        same_as: The quotation that has the same speaker.
        answers: The quotation that this one answers: its speaker is somebody else.
        line: Number of the line of a turn.
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
    features: tuple[str, ...] = ()
    inside: bool = False
    same_as: "Found | None" = None
    answers: "Found | None" = None
    line: int = -1

    @property
    def start(self) -> int:
        """First offset of the content."""
        return self.segments[0][0]

    @property
    def end(self) -> int:
        """End of the content."""
        return self.segments[-1][1]
