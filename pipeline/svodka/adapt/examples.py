"""What the small models of quotations are asked over gold, and which answers are right.

The quotes stage runs over the texts with a resolver that looks on: wherever it asks a model, the candidates are kept
with their features, and gold says which are right. The models that choose learn from documents where the right
candidate is taken, so that what follows sees right speakers before it; the one that says how sure an answer is learns
from the answers that the stage gives by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

from spacy.tokens import Doc

from svodka.config import Config
from svodka.engine import load
from svodka.evaluate.gold import annotate
from svodka.evaluate.markup import GoldArticle, GoldQuote
from svodka.evaluate.quotes import CLOSE, PAIRED, Prediction, content_words, is_speaker
from svodka.stages.pymorphy import Dictionary, get_dictionary
from svodka.stages.quotes.attribute import Resolver
from svodka.stages.quotes.candidates import candidates
from svodka.stages.quotes.confidence import features_of
from svodka.stages.quotes.found import Found, Source
from svodka.stages.quotes.phrases import named, noun_kind
from svodka.stages.quotes.referents import NOUNS
from svodka.stages.quotes.scorer import Scorer
from svodka.stages.quotes.speakers import Asked, Speaker
from svodka.stages.quotes.stage import find_quotes

BEFORE_QUOTES = ("morphology", "syntax", "entities", "dates", "people")
ALL = Scorer(100.0, {}, 0.0)
NOTHING = Scorer(0.0, {}, 0.0)


@dataclass(slots=True)
class Example:
    """A choice.

    Attributes:
        doc: Id of its document.
        features: Features of each candidate.
        right: Whether each is right; none may be.
        what: What was asked, for figures by kind.
    """

    doc: str
    features: list[Sequence[str]]
    right: list[bool]
    what: str = ""


Examples = dict[str, list[Example]]
"""Examples by model."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Gold, read by the pipeline as far as the quotes stage.

    Attributes:
        gold: The articles.
        docs: Their Docs.
        dictionary: What the quotes stage works with.
    """

    gold: Sequence[GoldArticle]
    docs: Sequence[Doc]
    dictionary: Dictionary

    @classmethod
    def read(cls, gold: Sequence[GoldArticle], config: Config | None = None) -> Self:
        """Run the stages before quotes over gold."""
        settings = (config or Config()).model_copy(update={"stages": BEFORE_QUOTES})
        docs = list(annotate(load(settings), [article.article for article in gold]))
        return cls(gold, docs, get_dictionary(settings.morphology.backend))

    @property
    def ids(self) -> list[str]:
        """The ids of the documents."""
        return [article.article.doc_id for article in self.gold]

    def part(self, places: Sequence[int]) -> Self:
        """The documents at some places."""
        return replace(self, gold=[self.gold[i] for i in places], docs=[self.docs[i] for i in places])

    def predict(self, place: int, scorers: Mapping[str, Scorer]) -> list[Prediction]:
        """The quotations that some models find in the document at a place."""
        found = find_quotes(self.docs[place], self.dictionary, scorers)
        return [Prediction.from_quote(quote) for quote in found]


def gather(corpus: Corpus, scorers: Mapping[str, Scorer]) -> Examples:
    """What the models that choose are asked over gold, which chooses where it can.

    Args:
        corpus: The gold.
        scorers: The models that choose where gold says nothing.
    """
    return _watched(_Led, corpus, scorers)


def gather_quoted(corpus: Corpus, scorers: Mapping[str, Scorer]) -> Examples:
    """What the model `fragment` is asked: about all quoted words, those included that it leaves out."""
    return {"fragment": gather(corpus, {**scorers, "fragment": ALL})["fragment"]}


def gather_answers(corpus: Corpus, scorers: Mapping[str, Scorer]) -> Examples:
    """What the model `attribution` is asked: about the quotations and speakers that come out of the stage."""
    return _watched(_Judging, corpus, scorers)


def _watched(watching: "type[_Watching]", corpus: Corpus, scorers: Mapping[str, Scorer]) -> Examples:
    examples: Examples = {name: [] for name in watching.notes}
    for article, doc in zip(corpus.gold, corpus.docs, strict=True):
        find_quotes(doc, corpus.dictionary, scorers, partial(watching, article, examples))
    return examples


class _Watching(Resolver):
    """A resolver that notes what some models are asked, `notes`.

    Args:
        gold: The article.
        examples: Where it notes.
        arguments: Those of a resolver.
    """

    notes: tuple[str, ...]

    def __init__(self, gold: GoldArticle, examples: Examples, *arguments: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments)
        self.gold = gold
        self.examples = examples

    def _note(self, model: str, features: list[Sequence[str]], right: list[bool], what: str) -> None:
        self.examples[model].append(Example(self.gold.article.doc_id, features, right, what))

    def _paired(self, found: Found) -> tuple[float, GoldQuote | None]:
        """The gold quotation with the most words in common, and how much that is."""
        text = self.gold.article.text
        ours = content_words(text, found.segments)
        best: tuple[float, GoldQuote | None] = (0.0, None)
        for quote in self.gold.quotes:
            theirs = content_words(text, quote["spans"])
            overlap = len(ours & theirs) / max(len(ours | theirs), 1)
            if overlap > best[0]:
                best = overlap, quote
        return best


class _Judging(_Watching):
    """One that takes what the models choose, and notes whether that is right."""

    notes = ("attribution",)

    def resolve(self, found: Found) -> Speaker:
        """The speaker as the resolver finds him; whether he and the words are those of gold is noted."""
        speaker = super().resolve(found)
        best, quote = self._paired(found)
        right = quote is not None and best >= CLOSE and is_speaker(speaker.name, quote)
        features = features_of(self.view, found, sorted(found.segments), speaker, self.lexicon)
        self._note("attribution", [features], [right], found.rule)
        return speaker


class _Led(_Watching):
    """One that takes what gold says."""

    notes = ("source", "referent", "fragment")

    def resolve(self, found: Found) -> Speaker:
        """The speaker as the resolver finds him; whether gold has the quoted words is noted."""
        if found.features:
            best, _ = self._paired(found)
            self._note("fragment", [found.features], [best >= PAIRED], found.rule)
        return super().resolve(found)

    def choose_source(self, cue: int, ruled: Source) -> Source:
        """The source that gold names; the candidates are noted."""
        quote = self._quote_at(self.view.starts[cue])
        if quote is None or quote["cue_span"] is None:
            return super().choose_source(cue, ruled)
        found = candidates(self.view, cue, ruled, self.lexicon)
        right = [self._names(candidate.head, quote) for candidate in found]
        self._note("source", [candidate.features for candidate in found], right, self.view.words[cue])
        best = next((candidate.head for candidate, is_right in zip(found, right, strict=True) if is_right), None)
        if best == ruled.head:
            return ruled
        source = Source(kind="dropped") if best is None else named(self.view, best)
        source.gender, source.number = ruled.gender, ruled.number
        return source

    def choose(self, asked: Asked) -> Speaker | None:
        """The speaker that gold names; the candidates are noted."""
        quote = self._quote_at(asked.place)
        if quote is None:
            return super().choose(asked)
        found = self.referents.candidates(asked)
        right = [is_speaker(speaker.name, quote) and bool(quote["speaker"]) for speaker, _ in found]
        features: list[Sequence[str]] = [features for _, features in found]
        taken = next((speaker for (speaker, _), is_right in zip(found, right, strict=True) if is_right), None)
        if asked.kind in NOUNS:
            features.append(self.referents.new(asked))
            right.append(self._is_new(asked, quote))
        if not any(right) and quote["speaker"]:
            return super().choose(asked)  # nobody here is right: nothing to learn
        self._note("referent", features, right, asked.kind)
        if taken is None:
            return None if asked.kind in NOUNS else super().choose(asked)
        return replace(taken, mention=asked.span)

    def _quote_at(self, place: int) -> GoldQuote | None:
        """The gold quotation whose cue, or whose first words, stand at a place."""
        for quote in self.gold.quotes:
            span = quote["cue_span"]
            if span and span[0] <= place < span[1]:
                return quote
        return next((quote for quote in self.gold.quotes for start, end in quote["spans"] if start == place), None)

    def _is_new(self, asked: Asked, quote: GoldQuote) -> bool:
        """Whether the phrase itself is the name that gold gives."""
        if asked.head is None or asked.span is None:
            return False
        kind = noun_kind(self.view, asked.head, self.lexicon)
        return bool(quote["speaker"]) and is_speaker(self.by_phrase(asked.head, asked.span, kind).name, quote)

    def _names(self, head: int, quote: GoldQuote) -> bool:
        """Whether a candidate is the words that gold says name the source."""
        view, span = self.view, quote["mention_span"]
        if span is None:
            return False
        source = named(view, head)
        first, last = view.tokens_of((span[0], span[1]))
        tops = [
            index for index in range(first, last) if not first <= view.heads[index] < last or view.heads[index] == index
        ]
        top = tops[0] if tops else first
        if head == top:
            return True
        assert source.span is not None
        if not source.span[0] <= top < source.span[1] or head > top:
            return False
        return view.feature(head, "Case") in (view.feature(top, "Case"), None) or view.pos[top] in ("PROPN", "X")
