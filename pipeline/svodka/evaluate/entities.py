"""Mentions of persons, organisations and places joined to entities, against FactRuEval's coreference.

B³ (Bagga and Baldwin 1998, «Algorithms for Scoring Coreference Chains») over the mentions by name, as
`svodka.evaluate.names` reads them: of each mention, how much of its cluster is gold's (precision) and how much of
gold's it holds (recall). «PER given» and its like have gold's spans for the entity model's, so that only the joining
counts; «PER» has svodka's own spans, where a mention that is missed has no recall and one that is none no precision.
«joined rightly»: among the pairs of persons' mentions that svodka joins, given gold's spans, the share that gold joins.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from itertools import combinations
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import filter_spans

from svodka.document import get_mentions
from svodka.evaluate.factrueval import FactText, read_factrueval
from svodka.evaluate.gold import annotate
from svodka.evaluate.names import LABELS, Name, NamedText, as_in_gold, names_of_objects, outermost
from svodka.evaluate.report import Disagreement, Report, Score, Tally

Place = tuple[int, int]
Clusters = Mapping[Place, Hashable]
"""The entity of each mention, by its first code point and one past its last."""


def evaluate_entities(gold: Path, *, nlp: Language) -> Report:
    """Measure how mentions are joined.

    Args:
        gold: A folder in FactRuEval's format.
        nlp: The pipeline to run over its texts.

    Returns:
        B³ of PER, ORG and LOC, with gold's spans («PER given») and with svodka's own («PER»), and «joined rightly»:
        of the pairs of persons' mentions that svodka joins, given gold's spans, the share that gold joins.

    Raises:
        InputError: Gold cannot be read.
    """
    texts = list(read_factrueval(gold))
    docs = annotate(nlp, (text.article for text in texts))
    comparisons = (_compare(nlp, text, doc) for text, doc in zip(texts, docs, strict=True))
    return Report.of("entities", comparisons, _figures)


def _compare(nlp: Language, text: FactText, doc: Doc) -> tuple[Mapping[str, float], list[Disagreement]]:
    named = names_of_objects(text)
    entity_of: dict[Place, Hashable] = {
        (span.start, span.end): found.entity for found in text.objects for span in (found.whole, *found.spans)
    }
    keys: dict[str, dict[Place, Hashable]] = {label: {} for label in LABELS}
    for number, name in enumerate(named.names):
        keys[name.label][name[:2]] = entity_of[name[:2]] or ("alone", number)
    own, given = _clusters(named, doc), _clusters(named, _with_names(nlp, doc, named.names))
    shares: dict[str, float] = {}
    for label, key in keys.items():
        known = {place: entity for place, entity in given[label].items() if place in key}
        shares |= {f"{label} given {name}": share for name, share in b_cubed(key, known).items()}
        shares |= {f"{label} {name}": share for name, share in b_cubed(key, own[label]).items()}
    pairs: Counter[str] = Counter()
    errors = []
    for label, key in keys.items():
        for one, other in combinations(sorted(given[label].keys() & key.keys()), 2):
            joined, belong = given[label][one] == given[label][other], key[one] == key[other]
            if label == "PER":
                pairs.update({"joined": joined, "rightly joined": joined and belong})
            if joined != belong:
                kind = f"{label} {'merged' if joined else 'apart'}"
                errors.append(
                    Disagreement.at(text.article.doc_id, kind, doc.text, *other, predicted=doc.text[slice(*one)])
                )
    return shares | pairs, errors


def _with_names(nlp: Language, doc: Doc, names: Iterable[Name]) -> Doc:
    """The document with these names for the entity model's, read by the people stage once more."""
    spans = [doc.char_span(name.start, name.end, name.label, alignment_mode="expand") for name in names]
    doc.set_ents(filter_spans(span for span in spans if span is not None))
    people: Doc = nlp.get_pipe("svodka_people")(doc)
    return people


def _clusters(named: NamedText, doc: Doc) -> dict[str, dict[Place, Hashable]]:
    """The entity of each outermost mention by name, by label."""
    clusters: dict[str, dict[Place, Hashable]] = {label: {} for label in LABELS}
    mentions = [mention for mention in get_mentions(doc) if mention.kind == "name"]
    names = [Name(mention.start, mention.end, mention.label, str(mention.entity)) for mention in mentions]
    for name in outermost(as_in_gold(named, names, LABELS)):
        clusters[name.label][name[:2]] = name.name
    return clusters


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
    kinds = [f"{label}{given}" for label in LABELS for given in (" given", "")]
    scores = [
        tally.f1(kind, f"{kind} precision", f"{kind} predicted", f"{kind} gold", f"{kind} recall") for kind in kinds
    ]
    return (*scores, tally.ratio("joined rightly", "rightly joined", "joined"))
