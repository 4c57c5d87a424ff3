"""Spans of dates and times against NEREL, which marks them by another guide.

NEREL (Loukachevitch et al. 2021) calls lengths and repetitions DATE too, nests a date in the time that holds it («в
ночь на [19 декабря]» is both), gives no values, and keeps words of quantity («более 20 лет», «в течение года»). So all
expressions but ages are compared with its DATE and TIME, in two ways: as NEREL has them, and by svodka's guide, without
the nested spans and the words of quantity. Both leave out a leading preposition and a trailing «года», as the other
figures of dates do. An expression that NEREL marks as an AGE is neither right nor wrong.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from spacy.language import Language

from svodka.evaluate.brat import AnnotatedText, is_brat, read_brat
from svodka.evaluate.dates import POINTS, Expression, evaluate_dates, predicted_dates
from svodka.evaluate.markup import GoldArticle, GoldDate
from svodka.evaluate.report import Disagreement, Report, Score, Tally

_LABELS = (*POINTS, "AGE")
_AMOUNT = (
    r"(?:(?:в|на)\s+(?:течени[еи]|протяжении|период)|(?:не\s+)?(?:более|менее|больше|меньше)(?:\s+чем)?|почти|свыше"
    r"|около|примерно|чуть|уже|ещё|еще|всего|спустя|ровно|старше|младше|порядка|как\s+минимум)\s+"
)
_QUANTITY = re.compile(rf"(?:{_AMOUNT})+", re.IGNORECASE)

Span = tuple[int, int]


def read_nerel(folder: Path) -> list[GoldArticle]:
    """Texts with their DATE, TIME and AGE spans; arguments and errors as of `svodka.evaluate.brat.read_brat`."""
    return [_with_dates(text) for text in read_brat(folder)]


def evaluate_nerel_dates(gold: Path, predictions: Path | None = None, *, nlp: Language | None = None) -> Report:
    """Measure the spans of dates and times.

    Args:
        gold: Folder of NEREL.
        predictions: A folder of tables with dates.parquet; its documents are called as the texts are.
        nlp: The pipeline to run over the texts where there are no predictions.

    Returns:
        span: as NEREL has them; span by the guide: without nesting and quantity; DATE and TIME: the precision of the
        expressions that svodka itself calls so.

    Raises:
        InputError: Gold or predictions cannot be read, or there are neither predictions nor a pipeline.
    """
    articles = read_nerel(gold)
    predicted = predicted_dates(articles, predictions, nlp)
    comparisons = (_compare(article, predicted.get(article.article.doc_id, ())) for article in articles)
    return Report.of("dates", comparisons, _figures)


def evaluate_dates_or_nerel(gold: Path, predictions: Path | None = None, *, nlp: Language | None = None) -> Report:
    """Dates with their values, or only their spans where the gold is NEREL's; arguments and errors as of both."""
    measure = evaluate_nerel_dates if is_brat(gold) else evaluate_dates
    return measure(gold, predictions, nlp=nlp)


def _with_dates(annotated: AnnotatedText) -> GoldArticle:
    text = annotated.article.text
    dates = [
        GoldDate(start=start, end=end, type=label, edtf=None, start_date=None, end_date=None, text=text[start:end])
        for start, end, label in annotated.spans
        if label in _LABELS
    ]
    return GoldArticle(annotated.article, [], dates, [])


def _figures(tally: Tally) -> tuple[Score, ...]:
    return (
        tally.f1("span", "right", "predicted", "gold", "found"),
        tally.f1("span by the guide", "right by the guide", "predicted", "outer", "found by the guide"),
        tally.ratio("DATE and TIME", "right points", "points"),
    )


def _compare(gold: GoldArticle, predicted: Sequence[Expression]) -> tuple[Counter[str], list[Disagreement]]:
    text, doc_id = gold.article.text, gold.article.doc_id
    spans = [Expression.from_row(item) for item in gold.dates]
    marked = [item for item in spans if item.type in POINTS]
    outer = [item for item in marked if not any(_inside(item, other) for other in marked)]
    ages = {item.core(text) for item in spans if item.type == "AGE"}
    everything = {item.core(text) for item in marked}
    answers = [item for item in predicted if item.type != "AGE" and item.core(text) not in ages - everything]
    found = {item.core(text) for item in predicted}
    points = [item for item in answers if item.type in POINTS]
    by_guide, found_by_guide = _plain(outer, text), _plain(predicted, text)
    counts = Counter(
        {
            "gold": len(marked),
            "found": sum(item.core(text) in found for item in marked),
            "predicted": len(answers),
            "right": sum(item.core(text) in everything for item in answers),
            "outer": len(outer),
            "found by the guide": sum(core in found_by_guide.values() for core in by_guide.values()),
            "right by the guide": sum(core in by_guide.values() for core in _plain(answers, text).values()),
            "points": len(points),
            "right points": sum(item.core(text) in everything for item in points),
        }
    )
    return counts, list(_disagreements(doc_id, text, outer, predicted))


def _inside(item: Expression, other: Expression) -> bool:
    return other.start <= item.start and item.end <= other.end and (item.start, item.end) != (other.start, other.end)


def _plain(items: Sequence[Expression], text: str) -> Mapping[Span, Span]:
    """Of each span its core without words of quantity."""
    plain = {}
    for item in items:
        quantity = _QUANTITY.match(text, item.start, item.end)
        start = quantity.end() if quantity and quantity.end() < item.end else item.start
        core = Expression(start=start, end=item.end, type="", edtf=None, first_day=None, last_day=None).core(text)
        plain[item.start, item.end] = core
    return plain


def _disagreements(
    doc_id: str, text: str, outer: Sequence[Expression], predicted: Sequence[Expression]
) -> Iterator[Disagreement]:
    for item in outer:
        hits = [answer for answer in predicted if answer.overlaps(item)]
        if item.core(text) not in {hit.core(text) for hit in hits}:
            shown = ", ".join(text[hit.start : hit.end] for hit in hits) or None
            yield Disagreement.at(
                doc_id, "span" if hits else "missed", text, item.start, item.end, text[item.start : item.end], shown
            )
