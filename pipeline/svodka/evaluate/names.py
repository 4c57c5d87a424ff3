"""Names of persons, organisations and places against gold.

Mentions are measured by label twice: the span is gold's exactly, or shares a character with it. Gold and predictions
are compared flat: names inside other names do not count. The guides differ, so gold is read as follows.

- NEREL (Loukachevitch et al. 2021): PERSON, ORGANIZATION, and as LOC its CITY, COUNTRY, STATE_OR_PROVINCE, DISTRICT and
  LOCATION; of these the outermost. It marks adjectives too («российский» is a COUNTRY), which svodka does not.
- FactRuEval (Starostin et al. 2016, «FactRuEval 2016: Evaluation of Named Entity Recognition and Fact Extraction
  Systems for Russian»), as Kukushkin's naeval reads it: the whole span of a person, the name spans of an organisation
  or place, and of two that overlap the one that begins first. It keeps the place that ends an organisation's name apart
  («Минобороны» + «РФ»): a mention that reaches over just that place counts as the name. An organisation that has no
  name, only a descriptor («правительство» + «Китая»), is neither gold nor an error where svodka has exactly its span.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from svodka.document import get_entities, get_mentions, has_layer
from svodka.evaluate.brat import is_brat, read_brat
from svodka.evaluate.factrueval import FactText, is_factrueval, read_factrueval
from svodka.evaluate.gold import load_gold, predictions_by_document, read_table
from svodka.evaluate.report import Disagreement, Report, Score, Tally
from svodka.records import Article

LABELS = ("PER", "ORG", "LOC")

_NEREL = {
    "PERSON": "PER",
    "ORGANIZATION": "ORG",
    **dict.fromkeys(("CITY", "COUNTRY", "STATE_OR_PROVINCE", "DISTRICT", "LOCATION"), "LOC"),
}
# FactRuEval's object type: our label, and the spans of the object that are its name (None: all of them, as one).
_FACTRUEVAL: dict[str, tuple[str, frozenset[str] | None]] = {
    "Person": ("PER", None),
    "Org": ("ORG", frozenset({"org_name"})),
    "LocOrg": ("LOC", frozenset({"loc_name"})),
    "Location": ("LOC", frozenset({"loc_name"})),
}


Span = tuple[int, int, str]


class Name(NamedTuple):
    """A mention by name: its place, its label, and the canonical name of what it names, where that is known."""

    start: int
    end: int
    label: str
    name: str | None = None

    @property
    def span(self) -> Span:
        """Its place and label."""
        return self.start, self.end, self.label


@dataclass(frozen=True, slots=True)
class NamedText:
    """An article and the names in it.

    Attributes:
        article: The article.
        names: Its names, none inside another.
        other_spans: Spans of the predictions that count as a span of gold, or as nothing.
    """

    article: Article
    names: list[Name]
    other_spans: Mapping[Span, Span | None] = field(default_factory=dict)


def evaluate_names(gold: Path, predictions: Path | None = None, *, nlp: Language | None = None) -> Report:
    """Measure mentions by name.

    Args:
        gold: A folder of FactRuEval's or NEREL's, or articles in markup (`svodka.evaluate.gold.load_gold`).
        predictions: A folder of tables with mentions and entities; its documents have the ids of gold.
        nlp: The pipeline to run over the gold texts where there are no predictions.

    Returns:
        names and names overlap over all labels that the gold annotates, the same by label; where gold has canonical
        names, «canonical»: the share of exactly found mentions whose entity has that name.

    Raises:
        InputError: Gold or predictions cannot be read, or there are neither predictions nor a pipeline.
    """
    texts = list(_read_names(gold))
    articles = [text.article for text in texts]
    predicted = predictions_by_document(articles, predictions, nlp, from_tables=_from_tables, from_doc=_from_doc)
    return score(texts, predicted)


def score(texts: Sequence[NamedText], predicted: Mapping[str, Sequence[Name]]) -> Report:
    """The figures of predictions by document, over the labels that occur in gold."""
    labels = [label for label in LABELS if any(name.label == label for text in texts for name in text.names)]
    counts: list[Counter[str]] = []
    disagreements: list[Disagreement] = []
    for text in texts:
        answers = outermost(as_in_gold(text, predicted.get(text.article.doc_id, ()), labels))
        counts.append(_count(text.names, answers))
        disagreements += _errors(text, answers)
    return Report(layer="names", scores=_figures(Tally(counts), labels), disagreements=tuple(disagreements))


def as_in_gold(text: NamedText, predicted: Iterable[Name], labels: Sequence[str]) -> Iterator[Name]:
    """The predictions with a label of gold, their spans by the guide of gold."""
    for name in predicted:
        span = text.other_spans.get(name.span, name.span)
        if span is not None and name.label in labels:
            yield Name(*span, name.name)


def outermost(names: Iterable[Name]) -> list[Name]:
    """The names that lie in no longer one."""
    kept: list[Name] = []
    for name in sorted(names, key=lambda name: (name.start, -name.end)):
        if not kept or name.end > kept[-1].end or name[:2] == kept[-1][:2]:
            kept.append(name)
    return kept


def _figures(tally: Tally, labels: Sequence[str]) -> tuple[Score, ...]:
    scores = []
    for label in ("names", *labels):
        counts = (f"predicted {label}", f"gold {label}")
        scores.append(tally.f1(label, f"exact {label}", *counts))
        scores.append(tally.f1(f"{label} overlap", f"overlap {label}", *counts, f"gold overlap {label}"))
    if tally.total("named"):
        scores.append(tally.ratio("canonical", "canonical", "named"))
    return tuple(scores)


def _count(gold: Sequence[Name], answers: Sequence[Name]) -> Counter[str]:
    count: Counter[str] = Counter()
    found = {answer[:3]: answer.name for answer in answers}
    places = {name[:3] for name in gold}
    for answer in answers:
        for label in ("names", answer.label):
            hit = any(_overlap(answer, name) for name in gold)
            count.update({f"predicted {label}": 1, f"exact {label}": answer[:3] in places, f"overlap {label}": hit})
    for name in gold:
        for label in ("names", name.label):
            hit = any(_overlap(answer, name) for answer in answers)
            count.update({f"gold {label}": 1, f"gold overlap {label}": hit})
        if name.name is not None and name[:3] in found:
            answer_name = found[name[:3]]
            count.update(
                {
                    "named": 1,
                    "canonical": answer_name is not None and folded_name(answer_name) == folded_name(name.name),
                }
            )
    return count


def _errors(text: NamedText, answers: Sequence[Name]) -> Iterator[Disagreement]:
    places, found = {name[:3] for name in text.names}, {answer[:3] for answer in answers}
    for name in sorted({*text.names, *answers}, key=lambda name: name[:3]):
        if name[:3] not in places & found:
            kind = "missed" if name[:3] in places else "spurious"
            sides = (name.label, None) if kind == "missed" else (None, name.label)
            yield Disagreement.at(text.article.doc_id, kind, text.article.text, name.start, name.end, *sides)


def _overlap(one: Name, other: Name) -> bool:
    return one.label == other.label and one.start < other.end and other.start < one.end


def folded_name(name: str) -> str:
    """A name without case, ё and runs of white space."""
    return " ".join(name.casefold().replace("ё", "е").split())


def _read_names(path: Path) -> Iterator[NamedText]:
    if is_factrueval(path):
        yield from map(names_of_objects, read_factrueval(path))
        return
    if is_brat(path):
        for text in read_brat(path):
            spans = [Name(span.start, span.end, _NEREL[span.label]) for span in text.spans if span.label in _NEREL]
            yield NamedText(text.article, outermost(set(spans)))
        return
    for gold in load_gold(path):
        names = [Name(item["start"], item["end"], item["label"], item["name"]) for item in gold.entities]
        yield NamedText(gold.article, outermost(names))


def names_of_objects(text: FactText) -> NamedText:
    """FactRuEval's names as the module says."""
    names = []
    other_spans: dict[Span, Span | None] = {}
    for found in text.objects:
        if found.kind not in _FACTRUEVAL:
            continue
        label, name_kinds = _FACTRUEVAL[found.kind]
        if name_kinds is None:
            names.append(Name(*found.whole[:2], label))
            continue
        own = [Name(span.start, span.end, label) for span in found.spans if span.label in name_kinds]
        names += own
        if label == "ORG" and own:
            places = [span.end for span in found.spans if span.label == "loc_name"]
            other_spans |= {(own[-1].start, end, label): own[-1].span for end in places if end > own[-1].end}
        elif label == "ORG":
            other_spans[found.whole.start, found.whole.end, label] = None
    return NamedText(text.article, _flat(names), other_spans)


def _flat(names: Iterable[Name]) -> list[Name]:
    """The names without those that begin inside an earlier one; of two that begin together the longer stays."""
    kept: list[Name] = []
    for name in sorted(set(names), key=lambda name: (name.start, -name.end)):
        if not kept or kept[-1].end <= name.start:
            kept.append(name)
    return kept


def _from_doc(doc: Doc) -> list[Name]:
    """The mentions by name; before the people stage, the entities of the tagger."""
    if not has_layer(doc, "mentions"):
        return [Name(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]
    entities = get_entities(doc)
    return [
        Name(
            mention.start,
            mention.end,
            mention.label,
            entities[mention.entity].name if mention.entity is not None else None,
        )
        for mention in get_mentions(doc)
        if mention.kind == "name"
    ]


def _from_tables(tables: Path) -> dict[str, list[Name]]:
    canonical = {
        (doc_id, row["entity_id"]): row["name"]
        for doc_id, rows in read_table(tables, "entities").items()
        for row in rows
    }
    return {
        doc_id: [
            Name(row["start"], row["end"], row["label"], canonical.get((doc_id, row["entity_id"])))
            for row in rows
            if row["kind"] == "name"
        ]
        for doc_id, rows in read_table(tables, "mentions").items()
    }
