"""Quotations and their speakers against gold.

The content of a quotation is the set of its words, so quotation marks, dashes and edge punctuation never matter. Gold
and predicted quotations of a document are paired one to one, the greatest overlap J first (words in both divided by
words in either), and none below one half. The headline, *attributed*, counts the pairs with J ≥ 0.8 whose predicted
speaker is the gold speaker. Negated and hypothetical speech that gold has as such and a prediction calls so is counted
on neither side.

The protocol is svodka's own; scoring spans by the words they share follows Pareti et al. 2013, «Automatically Detecting
and Attributing Indirect Quotations».
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os.path import commonprefix
from pathlib import Path
from typing import Any

from spacy.language import Language

from svodka.document import get_quotes
from svodka.evaluate.gold import load_gold, read_predictions
from svodka.evaluate.markup import GoldArticle, GoldQuote
from svodka.evaluate.report import Disagreement, Report, Score, Tally
from svodka.records import Quote

PAIRED, CLOSE = 0.5, 0.8
TYPES = ("direct", "indirect", "mixed")
FORMS = ("inline", "block", "dash", "headline", "document")

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What the evaluation reads of a predicted quotation.

    Attributes:
        segments: (start, end) of the parts of the content.
        type: direct, indirect or mixed.
        speaker: Canonical name; None where the source is not known.
        polarity: asserted, negated or hypothetical.
    """

    segments: tuple[tuple[int, int], ...]
    type: str | None
    speaker: str | None
    polarity: str = "asserted"

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Prediction":
        """The prediction in a row of the table `quotes`."""
        segments = tuple((segment["start"], segment["end"]) for segment in row["segments"])
        polarity = row.get("polarity") or "asserted"
        return cls(segments=segments, type=row["type"], speaker=row["speaker"] or None, polarity=polarity)

    @classmethod
    def from_quote(cls, quote: Quote) -> "Prediction":
        """The prediction in a record."""
        speaker = quote.speaker or None
        return cls(segments=quote.segments, type=quote.type, speaker=speaker, polarity=quote.polarity)


def evaluate_quotes(gold: Path, predictions: Path | None = None, *, nlp: Language | None = None) -> Report:
    """Measure quotations.

    Args:
        gold: Gold articles (`svodka.evaluate.gold.load_gold`).
        predictions: A folder of tables with quotes.parquet; its documents have the ids of gold.
        nlp: The pipeline to run over the gold texts where there are no predictions.

    Returns:
        attributed, attributed@.5, quote@.5, quote@.8 and quote exact; over the pairs speaker (lenient), speaker strict
        and type; recall and speaker by type and by form.

    Raises:
        InputError: Gold or predictions cannot be read, or there are neither predictions nor a pipeline.
    """
    articles = load_gold(gold)
    predicted = read_predictions(
        [gold.article for gold in articles],
        "quotes",
        predictions,
        nlp,
        from_row=Prediction.from_row,
        from_doc=lambda doc: map(Prediction.from_quote, get_quotes(doc)),
    )
    return score(articles, predicted)


def score(articles: Iterable[GoldArticle], predicted: Mapping[str, Sequence[Prediction]]) -> Report:
    """The figures of predictions by document; a document without any has none."""
    comparisons = (compare(gold, predicted.get(gold.article.doc_id, ())) for gold in articles)
    return Report.of("quotes", comparisons, _figures)


def _figures(tally: Tally) -> tuple[Score, ...]:
    groups = [name for name in (*TYPES, *FORMS) if tally.total(f"gold {name}")]
    return (
        tally.f1("attributed", "close speaker", "predicted", "gold"),
        tally.f1("attributed@.5", "speaker", "predicted", "gold"),
        tally.f1("quote@.5", "paired", "predicted", "gold"),
        tally.f1("quote@.8", "close", "predicted", "gold"),
        tally.f1("quote exact", "exact", "predicted", "gold"),
        tally.ratio("speaker", "speaker", "paired"),
        tally.ratio("speaker strict", "strict speaker", "paired"),
        tally.ratio("type", "type", "paired"),
        *(tally.ratio(f"recall {name}", f"paired {name}", f"gold {name}") for name in groups),
        *(tally.ratio(f"speaker {name}", f"speaker {name}", f"paired {name}") for name in groups),
    )


def compare(gold: GoldArticle, predicted: Sequence[Prediction]) -> tuple[Counter[str], list[Disagreement]]:
    """Counts of a document, by the names that figures are made of, and where gold and prediction differ."""
    text, doc_id = gold.article.text, gold.article.doc_id
    predicted = _without_unasserted(gold, predicted)
    pairs = pair([quote["spans"] for quote in gold.quotes], [quote.segments for quote in predicted], text)
    partner = {ours: (overlap, predicted[theirs]) for overlap, ours, theirs in pairs}
    count = Counter({"predicted": len(predicted), "gold": len(gold.quotes)})
    errors = []

    def note(kind: str, segments: Sequence[tuple[int, int]], expected: object, found: object) -> None:
        errors.append(Disagreement.at(doc_id, kind, text, segments[0][0], segments[-1][1], expected, found))

    for index, quote in enumerate(gold.quotes):
        groups = (quote["type"], quote["form"])
        count.update(f"gold {group}" for group in groups)
        if index not in partner:
            note("missed", quote["spans"], f"{quote['type']}: {quote['speaker']}", None)
            continue
        overlap, answer = partner[index]
        right = is_speaker(answer.speaker, quote)
        count.update(f"paired {group}" for group in groups)
        count.update(f"speaker {group}" for group in groups if right)
        count.update(
            {
                "paired": 1,
                "close": overlap >= CLOSE,
                "exact": overlap == 1,
                "speaker": right,
                "close speaker": right and overlap >= CLOSE,
                "strict speaker": is_canonical_speaker(answer.speaker, quote),
                "type": answer.type == quote["type"],
            }
        )
        if not right:
            note("speaker", quote["spans"], quote["speaker"], answer.speaker)
        if answer.type != quote["type"]:
            note("type", quote["spans"], quote["type"], answer.type)
    paired = {theirs for _, _, theirs in pairs}
    for index, answer in enumerate(predicted):
        if index not in paired:
            note("spurious", answer.segments or [(0, 0)], None, f"{answer.type}: {answer.speaker}")
    return count, errors


def _without_unasserted(gold: GoldArticle, predicted: Sequence[Prediction]) -> list[Prediction]:
    """The predictions but for negated and hypothetical speech that gold has as such: the guide does not count it."""
    told = [index for index, quote in enumerate(predicted) if quote.polarity != "asserted"]
    spans = [quote["spans"] for quote in gold.unasserted]
    pairs = pair(spans, [predicted[index].segments for index in told], gold.article.text)
    right = {told[theirs] for _, _, theirs in pairs}
    return [quote for index, quote in enumerate(predicted) if index not in right]


# ---- spans


def content_words(text: str, segments: Iterable[Sequence[int]]) -> frozenset[int]:
    """Offsets of the words that lie inside the segments."""
    return frozenset(start + word.start() for start, end in segments for word in _WORD.finditer(text[start:end]))


def pair(
    gold: Sequence[Iterable[Sequence[int]]], predicted: Sequence[Iterable[Sequence[int]]], text: str
) -> list[tuple[float, int, int]]:
    """Pair quotations one to one, the greatest overlap first.

    Args:
        gold: Segments of each gold quotation.
        predicted: Segments of each predicted quotation.
        text: The text they point into.

    Returns:
        (J, position in gold, position in predicted) of each pair; J is at least one half.
    """
    ours = [content_words(text, segments) for segments in gold]
    theirs = [content_words(text, segments) for segments in predicted]
    overlaps = [
        (len(left & right) / len(left | right), i, j)
        for i, left in enumerate(ours)
        for j, right in enumerate(theirs)
        if left & right
    ]
    free_gold, free_predicted = set(range(len(ours))), set(range(len(theirs)))
    pairs = []
    for overlap, i, j in sorted(overlaps, reverse=True):
        if overlap >= PAIRED and i in free_gold and j in free_predicted:
            free_gold.remove(i)
            free_predicted.remove(j)
            pairs.append((overlap, i, j))
    return pairs


# ---- speakers


def fold(name: str) -> str:
    """The words of a name without case, ё and punctuation: «Пётр „Лев“» → «петр лев»."""
    return " ".join(_WORD.findall(name.casefold().replace("ё", "е")))


def is_canonical_speaker(predicted: str | None, gold: GoldQuote) -> bool:
    """Strict match: the predicted name is gold's canonical name or one of its aliases, or neither side has any."""
    if not predicted:
        return not gold["speaker"]
    return fold(predicted) in map(fold, _accepted(gold))


def is_speaker(predicted: str | None, gold: GoldQuote) -> bool:
    """Lenient match: the right source under a shorter or inflected name.

    A person is recognised by the last word of the name, the surname, if the prediction says nothing else or says the
    whole name; another source by half of its words, if half of the predicted words are gold's.
    """
    if is_canonical_speaker(predicted, gold):
        return True
    if not predicted:
        return False
    is_person = gold["speaker_kind"] == "person"
    same = _same_person if is_person else _same_source
    words = fold(predicted).split()
    return any(same(words, fold(answer).split()) for answer in _accepted(gold))


def _accepted(gold: GoldQuote) -> list[str]:
    return [name for name in (gold["speaker"], *gold["aliases"]) if name]


def _same_person(predicted: list[str], gold: list[str]) -> bool:
    if not predicted or not gold:
        return False
    found = _known(gold, among=predicted)
    if len(found) == len(gold):
        return True
    return gold[-1] in found and len(_known(predicted, among=gold)) == len(predicted)


def _same_source(predicted: list[str], gold: list[str]) -> bool:
    if not predicted or not gold:
        return False
    return 2 * len(_known(gold, among=predicted)) >= len(gold) and (
        2 * len(_known(gold, among=predicted)) >= len(predicted) or len(_known(predicted, among=gold)) == len(predicted)
    )


def _known(words: list[str], among: list[str]) -> list[str]:
    return [word for word in words if any(_one_lexeme(word, other) for other in among)]


def _one_lexeme(one: str, other: str) -> bool:
    """Whether two folded words look like forms of one: a common beginning, and at most three letters after it."""
    shared = len(commonprefix([one, other]))
    return one == other or (shared >= 3 and max(len(one), len(other)) - shared <= 3)
