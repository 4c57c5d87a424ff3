"""Train the models that choose speakers and tell speech from names, and measure them by cross-validation.

    python models/speaker/train.py GOLD…

GOLD: folders or files of gold quotations (`svodka.evaluate.gold.load_gold`). The weights go to
pipeline/svodka/weights/speaker.json, the scores to models/speaker/scores.json.

The pipeline runs over the texts with a resolver that looks on: wherever it asks a model, the candidates are kept with
their features, and gold says which are right. While examples are gathered the right candidate is taken, so that what
follows in the document sees right speakers before it.
"""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from pathlib import Path
from typing import Any

import click
import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from spacy.tokens import Doc

import svodka
from svodka.evaluate.gold import annotate, load_gold
from svodka.evaluate.markup import GoldArticle, GoldQuote
from svodka.evaluate.quotes import CLOSE, PAIRED, Prediction, content_words, is_speaker, score
from svodka.stages.pymorphy import get_dictionary
from svodka.stages.quotes.attribute import Resolver
from svodka.stages.quotes.candidates import candidates
from svodka.stages.quotes.confidence import features_of
from svodka.stages.quotes.found import Found, Source
from svodka.stages.quotes.phrases import noun_kind
from svodka.stages.quotes.referents import NOUNS
from svodka.stages.quotes.scorer import Scorer, probability
from svodka.stages.quotes.sources import named
from svodka.stages.quotes.speakers import Asked, Speaker
from svodka.stages.quotes.stage import find_quotes

HERE = Path(__file__).parent
WEIGHTS = HERE.parents[1] / "pipeline" / "svodka" / "weights" / "speaker.json"
FOLDS = 10
BEFORE_QUOTES = ("morphology", "syntax", "entities", "dates", "people")
RARE = 3  # a feature seen less often gets no weight
STRENGTH = {"source": 0.5, "referent": 0.5, "fragment": 0.5, "attribution": 0.3}
CHOOSING = ("source", "referent")  # one of several candidates, or none
KEEPING = {"fragment": 0.45, "attribution": 0.5}  # the least probability to keep; the best for F1 is half of F1
THRESHOLDS = [log(p / (1 - p)) for p in (0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)]
ALL = Scorer(100.0, {}, 0.0)
NOTHING = Scorer(0.0, {}, 0.0)
Examples = dict[str, list["Example"]]


@dataclass(slots=True)
class Example:
    """A choice: the features of each candidate and whether it is right; none may be."""

    doc: str
    features: list[Sequence[str]]
    right: list[bool]
    what: str = ""


class Watching(Resolver):
    """A resolver that notes what it asks, and takes what gold says."""

    gold: GoldArticle
    examples: Examples

    def _quote_at(self, place: int) -> GoldQuote | None:
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
        return bool(quote["speaker"]) and is_speaker(self._by_phrase(asked.head, asked.span, kind).name, quote)

    def resolve(self, found: Found) -> Speaker:
        """The speaker as the resolver finds him; whether gold has the quotation is noted."""
        speaker = super().resolve(found)
        best, quote = self._paired(found)
        spans = sorted(found.segments)
        if found.features:
            self._note("fragment", found.features, best >= PAIRED, found.rule)
        right = quote is not None and best >= CLOSE and is_speaker(speaker.name, quote)
        features = features_of(self.view, found, spans, speaker, self.lexicon)
        self._note("attribution", features, right, found.rule)
        return speaker

    def _note(self, model: str, features: Sequence[str], right: bool, what: str) -> None:
        self.examples[model].append(Example(self.gold.article.doc_id, [features], [right], what))

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

    def choose_source(self, cue: int, ruled: Source) -> Source:
        """The source that gold names; the candidates are noted."""
        quote = self._quote_at(self.view.starts[cue])
        if quote is None or quote["cue_span"] is None:
            return super().choose_source(cue, ruled)
        found = candidates(self.view, cue, ruled, self.lexicon)
        right = [_names(self, candidate.head, quote, self.view.starts[cue]) for candidate in found]
        self.examples["source"].append(
            Example(self.gold.article.doc_id, [c.features for c in found], right, self.view.words[cue])
        )
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
        self.examples["referent"].append(Example(self.gold.article.doc_id, features, right, asked.kind))
        if taken is None:
            return None if asked.kind in NOUNS else super().choose(asked)
        return replace(taken, mention=asked.span)


def _names(resolver: Watching, head: int, quote: GoldQuote, place: int) -> bool:
    """Whether a candidate is the words that gold says name the source."""
    view, span = resolver.view, quote["mention_span"]
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


def gather(gold: Sequence[GoldArticle], docs: Sequence[Doc], scorers: Mapping[str, Scorer]) -> Examples:
    """Everything the models are asked over gold."""
    examples: Examples = {name: [] for name in STRENGTH}
    dictionary = get_dictionary("pymorphy3")
    for article, doc in zip(gold, docs, strict=True):

        def watch(*arguments: Any, article: GoldArticle = article) -> Watching:  # noqa: ANN401
            resolver = Watching(*arguments)
            resolver.gold, resolver.examples = article, examples
            return resolver

        find_quotes(doc, dictionary, scorers, watch)
    return examples


def examples_of(gold: Sequence[GoldArticle], docs: Sequence[Doc]) -> Examples:
    """The examples of all models.

    First of quoted words, all of them kept; then of the rest, as the model of these leaves them.
    """
    models = dict.fromkeys(STRENGTH, NOTHING)
    earlier = {"fragment": gather(gold, docs, models | {"fragment": ALL})["fragment"]}
    return gather(gold, docs, models | train(earlier)) | earlier


def fit(examples: Iterable[Example], strength: float) -> Scorer:
    """A logistic model over the candidates of all examples, and the threshold with the most right choices."""
    examples = list(examples)
    rows = [dict.fromkeys(features, 1) for example in examples for features in example.features]
    labels = [right for example in examples for right in example.right]
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(rows)
    seen = np.asarray(matrix.sum(axis=0)).ravel()
    model = LogisticRegression(C=strength, max_iter=5000).fit(matrix[:, seen >= RARE], labels)
    names = [name for name, times in zip(vectorizer.get_feature_names_out(), seen, strict=True) if times >= RARE]
    weights = {name: round(float(weight), 3) for name, weight in zip(names, model.coef_[0], strict=True)}
    return Scorer(round(float(model.intercept_[0]), 3), weights, 0.0)


def _is_right(scorer: Scorer, example: Example, threshold: float) -> bool:
    scores = [scorer(features) for features in example.features]
    best = max(range(len(scores)), key=scores.__getitem__, default=None)
    if best is None or scores[best] <= threshold:
        return not any(example.right)
    return example.right[best]


def with_threshold(examples: Sequence[Example], strength: float) -> Scorer:
    """A model whose threshold was chosen by cross-validation by document."""
    groups = [example.doc for example in examples]
    right = np.zeros(len(THRESHOLDS))
    for train, test in GroupKFold(5).split(examples, groups=groups):
        scorer = fit([examples[i] for i in train], strength)
        for number, threshold in enumerate(THRESHOLDS):
            right[number] += sum(_is_right(scorer, examples[i], threshold) for i in test)
    final = fit(examples, strength)
    return Scorer(final.bias, final.weights, round(float(THRESHOLDS[int(right.argmax())]), 3))


def train(examples: Examples, leave_out: frozenset[str] = frozenset()) -> dict[str, Scorer]:
    """All models, without the examples of some documents."""
    scorers = {}
    for name in examples:
        strength = STRENGTH[name]
        kept = [example for example in examples[name] if example.doc not in leave_out]
        if name in CHOOSING:
            scorers[name] = with_threshold(kept, strength)
        else:
            least = KEEPING[name]
            scorers[name] = replace(fit(kept, strength), threshold=round(log(least / (1 - least)), 3))
    return scorers


def cross_validate(
    gold: Mapping[str, Sequence[GoldArticle]], docs: Sequence[Doc], examples: Examples
) -> dict[str, Any]:
    """The figures of `svodka evaluate quotes` where the models have not seen the document, and of each choice.

    Args:
        gold: The articles by the name of their set.
        docs: The same articles, read by the pipeline, in the same order.
        examples: What the models are asked over them.
    """
    dictionary = get_dictionary("pymorphy3")
    ids = [article.article.doc_id for articles in gold.values() for article in articles]
    predicted: dict[str, list[Prediction]] = {}
    sure: list[tuple[float, bool]] = []
    kinds: dict[str, list[bool]] = {}
    for _, test in GroupKFold(FOLDS).split(ids, groups=ids):
        held = frozenset(ids[i] for i in test)
        scorers = train(examples, held)
        for name, scorer in scorers.items():
            for example in examples[name]:
                if example.doc in held:
                    kind = f"{name} {example.what}" if name == "referent" else name
                    kinds.setdefault(kind, []).append(_is_right(scorer, example, scorer.threshold))
                    if name == "attribution":
                        sure.append((probability(scorer(example.features[0])), example.right[0]))
        for i in test:
            predicted[ids[i]] = [Prediction.from_quote(q) for q in find_quotes(docs[i], dictionary, scorers)]
    figures = {
        name: {one.name: round(one.value, 4) for one in score(articles, predicted).scores if one.value is not None}
        for name, articles in gold.items()
    }
    choices = {name: {"right": round(float(np.mean(v)), 4), "of": len(v)} for name, v in kinds.items()}
    return {"choices": choices, "calibration": calibration(sure), "quotes": figures}


def calibration(sure: Sequence[tuple[float, bool]]) -> list[dict[str, float]]:
    """Tenths of predicted probability with the share that is right."""
    table = []
    for low in range(10):
        inside = [(p, right) for p, right in sure if low / 10 <= p < (low + 1) / 10 + (low == 9)]
        if inside:
            predicted, right = np.mean(inside, axis=0)
            table.append({"predicted": round(float(predicted), 3), "right": round(float(right), 3), "of": len(inside)})
    return table


def save(scorers: Mapping[str, Scorer], path: Path) -> None:
    """Write weights, the heaviest first."""
    models = {
        name: {
            "bias": scorer.bias,
            "threshold": scorer.threshold,
            "weights": dict(sorted(scorer.weights.items(), key=lambda item: -abs(item[1]))),
        }
        for name, scorer in scorers.items()
    }
    path.write_text(json.dumps({"models": models}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@click.command()
@click.argument("folders", metavar="GOLD...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=WEIGHTS, help="Where the weights go.")
@click.option("--validate/--no-validate", default=True, help="Whether to cross-validate.")
def main(folders: tuple[Path, ...], out: Path, validate: bool) -> None:
    """Train on gold folders."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    nlp = svodka.load({"stages": BEFORE_QUOTES})
    sets = {folder.stem: load_gold(folder) for folder in folders}
    gold = [article for articles in sets.values() for article in articles]
    docs = list(annotate(nlp, [article.article for article in gold]))
    examples = examples_of(gold, docs)
    logging.info("%d articles; %s", len(gold), {name: len(found) for name, found in examples.items()})
    scorers = train(examples)
    save(scorers, out)
    if validate:
        scores = cross_validate(sets, docs, examples)
        logging.info(json.dumps(scores, indent=1))
        (HERE / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
