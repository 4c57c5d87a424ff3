"""Normal forms of names against RuNormAS, the shared task of Dialogue 2021; case, ё and white space do not count."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from svodka.document import get_mentions
from svodka.evaluate.gold import annotate, read_json_lines
from svodka.evaluate.names import folded_name
from svodka.evaluate.report import Disagreement, Report, Score, Tally
from svodka.records import Article, Mention
from svodka.stages.people.stage import normalize_person, normalize_phrase
from svodka.stages.pymorphy import Dictionary, get_dictionary

Place = tuple[int, int]


def is_runormas(gold: Path) -> bool:
    """Whether a path is a file of JSON lines, gzipped or not."""
    return gold.is_file() and ".jsonl" in gold.suffixes


def evaluate_normals(gold: Path, *, nlp: Language) -> Report:
    """Measure normal forms.

    Args:
        gold: The JSONL file: id, text, entities with segments and normal. Entities in several pieces are left out.
        nlp: The pipeline.

    Returns:
        «normal»: the share of right forms among the mentions found with exactly gold's span; «found»: their share in
        gold; «normal given»: the share of right forms of all gold spans, those that are no mention being normalised as
        the person or the phrase that they are.

    Raises:
        InputError: The file is not in that layout.
    """
    items = list(read_json_lines(gold, "RuNormAS", _normals_of))
    docs = annotate(nlp, (article for article, _ in items))
    comparisons = (_compare(article, expected, doc) for (article, expected), doc in zip(items, docs, strict=True))
    return Report.of("names", comparisons, _figures)


def _figures(tally: Tally) -> tuple[Score, ...]:
    return (
        tally.ratio("normal", "normal", "found"),
        tally.ratio("found", "found", "gold"),
        tally.ratio("normal given", "given", "gold"),
    )


def _compare(article: Article, expected: dict[Place, str], doc: Doc) -> tuple[Counter[str], list[Disagreement]]:
    mentions = get_mentions(doc)
    found = {(mention.start, mention.end): mention.normal for mention in mentions}
    dictionary = get_dictionary()
    count: Counter[str] = Counter()
    errors = []
    for (start, end), normal in expected.items():
        own = found.get((start, end))
        answer = own if own is not None else _normal(doc, start, end, mentions, dictionary)
        right = folded_name(answer) == folded_name(normal)
        count.update({"gold": 1, "found": own is not None, "normal": own is not None and right, "given": right})
        if not right:
            kind = "normal" if own is not None else "normal given"
            errors.append(Disagreement.at(article.doc_id, kind, article.text, start, end, normal, answer))
    return count, errors


def _normal(doc: Doc, start: int, end: int, mentions: Sequence[Mention], dictionary: Dictionary) -> str:
    """The nominative of a span that is no mention: of a person where it shares letters with one."""
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        return doc.text[start:end]
    people = (mention for mention in mentions if mention.label == "PER" and mention.kind == "name")
    if any(mention.start < end and start < mention.end for mention in people):
        return normalize_person(span, dictionary)[0]
    return normalize_phrase(span, dictionary)


def _normals_of(values: dict[str, Any]) -> tuple[Article, dict[Place, str]]:
    forms = {
        (entity["segments"][0][0], entity["segments"][0][1]): str(entity["normal"])
        for entity in values["entities"]
        if len(entity["segments"]) == 1
    }
    return Article(text=values["text"], doc_id=str(values["id"])), forms
