"""Mentions of persons joined to persons, against FactRuEval's coreference.

B³ (Bagga and Baldwin 1998, «Algorithms for Scoring Coreference Chains») over the mentions of persons by name: of each
mention, how much of its cluster is gold's (precision) and how much of gold's it holds (recall). Measured twice: «B³
given» with gold's spans for the entity model's, so that only the joining counts; «B³» with svodka's own spans, where a
mention that is missed has no recall and one that is none no precision. «joined rightly»: among the pairs of mentions
that svodka joins, given gold's spans, the share that gold joins.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from itertools import combinations
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span

from svodka.document import get_mentions
from svodka.evaluate.factrueval import FactText, read_factrueval
from svodka.evaluate.gold import annotate
from svodka.evaluate.markup import GoldArticle
from svodka.evaluate.report import Disagreement, Report, Score, Tally

Place = tuple[int, int]
Clusters = Mapping[Place, Hashable]
"""The entity of each mention, by its first code point and one past its last."""


def evaluate_entities(gold: Path, *, nlp: Language) -> Report:
    """Measure how mentions of persons are joined.

    Args:
        gold: A folder in FactRuEval's format.
        nlp: The pipeline to run over its texts.

    Returns:
        «B³ given», «B³» and «joined rightly», as the module says.

    Raises:
        InputError: Gold cannot be read.
    """
    texts = list(read_factrueval(gold))
    docs = annotate(nlp, (GoldArticle(text.article, [], [], []) for text in texts))
    comparisons = (_compare(nlp, text, doc) for text, doc in zip(texts, docs, strict=True))
    return Report.of("entities", comparisons, _figures)


def _compare(nlp: Language, text: FactText, doc: Doc) -> tuple[Mapping[str, float], list[Disagreement]]:
    people = [found for found in text.objects if found.kind == "Person"]
    key: dict[Place, Hashable] = {
        (found.whole.start, found.whole.end): found.entity or ("alone", number) for number, found in enumerate(people)
    }
    own = _clusters(doc)
    given = {place: entity for place, entity in _clusters(_with_persons(nlp, doc, key)).items() if place in key}
    pairs: Counter[str] = Counter()
    errors = []
    for one, other in combinations(sorted(given), 2):
        joined, belong = given[one] == given[other], key[one] == key[other]
        pairs.update({"joined": joined, "rightly joined": joined and belong})
        if joined != belong:
            kind = "merged" if joined else "apart"
            words = doc.text[slice(*one)]
            errors.append(Disagreement.at(text.article.doc_id, kind, doc.text, *other, None, words))
    shares = {f"own {name}": share for name, share in b_cubed(key, own).items()}
    shares |= {f"given {name}": share for name, share in b_cubed(key, given).items()}
    return shares | pairs, errors


def _with_persons(nlp: Language, doc: Doc, persons: Iterable[Place]) -> Doc:
    """The document with these persons for the entity model's, read by the people stage once more."""
    spans = [doc.char_span(start, end, "PER", alignment_mode="expand") for start, end in persons]
    taken: set[int] = {token.i for span in spans if span is not None for token in span}
    others = [span for span in doc.ents if span.label_ != "PER" and not taken & set(range(span.start, span.end))]
    doc.set_ents(_disjoint(spans) + others)
    people: Doc = nlp.get_pipe("svodka_people")(doc)
    return people


def _disjoint(spans: Iterable[Span | None]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted((span for span in spans if span is not None), key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _clusters(doc: Doc) -> dict[Place, Hashable]:
    return {
        (mention.start, mention.end): mention.entity
        for mention in get_mentions(doc)
        if mention.label == "PER" and mention.kind == "name"
    }


def b_cubed(key: Clusters, response: Clusters) -> dict[str, float]:
    """The sums of B³ over the mentions of a document.

    Args:
        key: Gold.
        response: What is measured.

    Returns:
        precision and recall, each summed over the mentions of its side, and how many these are: predicted and gold.
    """
    return {
        "predicted": len(response),
        "gold": len(key),
        "precision": _shares(response, key),
        "recall": _shares(key, response),
    }


def _shares(clusters: Clusters, others: Clusters) -> float:
    """Of each mention the share of its cluster that the others join with it, summed; none where they lack it."""
    members: dict[Hashable, list[Place]] = defaultdict(list)
    for place, entity in clusters.items():
        members[entity].append(place)
    return sum(
        sum(others.get(other, ()) == others[place] for other in members[entity]) / len(members[entity])
        for place, entity in clusters.items()
        if place in others
    )


def _figures(tally: Tally) -> tuple[Score, ...]:
    return (
        tally.f1("B³ given", "given precision", "given predicted", "given gold", "given recall"),
        tally.f1("B³", "own precision", "own predicted", "own gold", "own recall"),
        tally.ratio("joined rightly", "rightly joined", "joined"),
    )
