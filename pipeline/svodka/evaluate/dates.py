"""Date expressions and their values against gold.

DATE and TIME are measured for spans and for values; DURATION, SET and AGE for being found and typed, and one of them
predicted as a DATE or TIME is a false hit. Spans are compared without a leading preposition and a trailing «года» or
«г.», and also by overlap. A value is the inclusive interval of days. Judging values apart from spans follows TempEval-3
(UzZaman et al. 2013); the protocol is svodka's own.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language

from svodka.document import get_dates
from svodka.evaluate.gold import load_gold, read_predictions
from svodka.evaluate.markup import GoldArticle
from svodka.evaluate.report import Disagreement, Report, Score, Tally
from svodka.records import DateExpr

POINTS = ("DATE", "TIME")

_PREPOSITIONS = "в во на по к ко с со за до от о об через около после из под перед"
_LEADING = re.compile(rf"(?:{'|'.join(_PREPOSITIONS.split())})\s+", re.IGNORECASE)
_TRAILING = re.compile(r"(?:\s*(?:гг?\.?|год(?:а|у|ом|ах|ы|ов)?))?[\s.,;:]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """What the evaluation compares of a date expression, gold or predicted.

    Attributes:
        start: First code point.
        end: One past the last code point.
        type: DATE, TIME, DURATION, SET or AGE.
        edtf: EDTF value.
        first_day: Inclusive; None where open or unknown.
        last_day: Inclusive; None where open or unknown.
    """

    start: int
    end: int
    type: str
    edtf: str | None
    first_day: dt.date | None
    last_day: dt.date | None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Expression":
        """The expression in a gold item or in a row of the table `dates`."""
        return cls(
            start=row["start"],
            end=row["end"],
            type=row["type"],
            edtf=row.get("edtf"),
            first_day=_day(row.get("start_date")),
            last_day=_day(row.get("end_date")),
        )

    @classmethod
    def from_record(cls, record: DateExpr) -> "Expression":
        """The expression in a record."""
        return cls(
            start=record.start,
            end=record.end,
            type=record.type,
            edtf=record.edtf,
            first_day=record.start_date,
            last_day=record.end_date,
        )

    @property
    def days(self) -> tuple[dt.date | None, dt.date | None]:
        """The value: first and last day."""
        return self.first_day, self.last_day

    def __str__(self) -> str:
        return f"{self.edtf} ({self.first_day}…{self.last_day})"

    def overlaps(self, other: "Expression") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def core(self, text: str) -> tuple[int, int]:
        """The span without a leading preposition and a trailing «года»."""
        leading = _LEADING.match(text, self.start, self.end)
        start = leading.end() if leading else self.start
        trailing = _TRAILING.search(text[start : self.end])
        return start, start + trailing.start() if trailing and trailing.start() else self.end


def _day(value: str | dt.date | None) -> dt.date | None:
    return dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value


def evaluate_dates(gold: Path, predictions: Path | None = None, *, nlp: Language | None = None) -> Report:
    """Measure date expressions.

    Args:
        gold: Date cases or gold articles (`svodka.evaluate.gold.load_gold`).
        predictions: A folder of tables with dates.parquet; its documents have the ids of gold.
        nlp: The pipeline to run over the gold texts where there are no predictions.

    Returns:
        span and span overlap of DATE and TIME; the shares of right values (over gold that has one) and EDTF strings;
        other found and other type, of DURATION, SET and AGE; and how many DATE and TIME were found in texts that have
        no expression at all.

    Raises:
        InputError: Gold or predictions cannot be read, or there are neither predictions nor a pipeline.
    """
    articles = load_gold(gold)
    return score(articles, predicted_dates(articles, predictions, nlp))


def predicted_dates(
    articles: Sequence[GoldArticle], tables: Path | None, nlp: Language | None
) -> dict[str, list[Expression]]:
    """Expressions by document, from a folder of tables or from the pipeline; errors as of `read_predictions`."""
    return read_predictions(
        [gold.article for gold in articles],
        "dates",
        tables,
        nlp,
        from_row=Expression.from_row,
        from_doc=lambda doc: map(Expression.from_record, get_dates(doc)),
    )


def score(articles: Iterable[GoldArticle], predicted: Mapping[str, Sequence[Expression]]) -> Report:
    """The figures of predictions by document; a document without any has none."""
    comparisons = (_compare(gold, predicted.get(gold.article.doc_id, ())) for gold in articles)
    return Report.of("dates", comparisons, _figures)


def _figures(tally: Tally) -> tuple[Score, ...]:
    return (
        tally.f1("span", "span", "predicted", "gold", "gold span"),
        tally.f1("span overlap", "overlap", "predicted", "gold", "gold overlap"),
        tally.ratio("value", "value", "valued"),
        tally.ratio("edtf", "edtf", "with edtf"),
        tally.ratio("other found", "other found", "other"),
        tally.ratio("other type", "other type", "other"),
        tally.count("false in negative", "false in negative"),
    )


def _compare(gold: GoldArticle, predicted: Sequence[Expression]) -> tuple[Counter[str], list[Disagreement]]:
    text, doc_id = gold.article.text, gold.article.doc_id
    expected = [Expression.from_row(item) for item in gold.dates]
    points = [item for item in expected if item.type in POINTS]
    answers = [item for item in predicted if item.type in POINTS]
    gold_cores, answer_cores = {item.core(text) for item in points}, {item.core(text) for item in answers}
    count = Counter({"gold": len(points), "predicted": len(answers)})
    errors = []
    for answer in answers:
        found = any(answer.overlaps(item) for item in points)
        count.update({"span": answer.core(text) in gold_cores, "overlap": found, "false in negative": not expected})
        if not found:
            errors.append(Disagreement.at(doc_id, "spurious", text, answer.start, answer.end, None, answer))
    for item in points:
        hits = [answer for answer in answers if answer.overlaps(item)]
        valued = any(item.days)
        right = any(answer.days == item.days for answer in hits)
        count.update(
            {
                "gold span": item.core(text) in answer_cores,
                "gold overlap": bool(hits),
                "valued": valued,
                "value": valued and right,
                "with edtf": bool(item.edtf),
                "edtf": bool(item.edtf) and any(answer.edtf == item.edtf for answer in hits),
            }
        )
        if not hits:
            errors.append(Disagreement.at(doc_id, "missed", text, item.start, item.end, item, None))
        elif valued and not right:
            values = ", ".join(map(str, hits))
            errors.append(Disagreement.at(doc_id, "value", text, item.start, item.end, item, values))
    for item in expected:
        if item.type not in POINTS:
            types = {answer.type for answer in predicted if answer.overlaps(item)}
            count.update({"other": 1, "other found": bool(types), "other type": item.type in types})
            if item.type not in types:
                errors.append(
                    Disagreement.at(doc_id, "type", text, item.start, item.end, item.type, ", ".join(sorted(types)))
                )
    return count, errors
