"""What notebooks show of tables: how much there is of what, who is quoted most, a few quotations, problems."""

import re
from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from svodka.schema import ALL_TABLES
from svodka.tables import Tables
from svodka.view.cards import cards_html
from svodka.view.days import period_of
from svodka.view.html.markup import escaped
from svodka.view.quotations import Texts
from svodka.writers.documents import Row

_MOST_QUOTED, _EXAMPLES, _PROBLEMS = 6, 3, 3
# Code points of the quotations that serve as examples.
_SHORT = (40, 250)
_ALIGNED = dict.fromkeys(("rows", "quotations", "documents"), "right")
_COLUMNS = Markup('<div style="display: flex; flex-wrap: wrap; gap: 0 3rem">{}</div>')


def summary_html(tables: Tables) -> Markup:
    """Tables on a screen."""
    quotes, errors = tables.arrow("quotes"), tables.arrow("errors")
    problems = errors.slice(0, _PROBLEMS).to_pylist()
    lists = _COLUMNS.format(_counts(tables) + _most_quoted(quotes))
    more = _more(errors.num_rows - len(problems))
    examples = _examples(quotes)
    heading = Markup("<p><b>Quotations, for example</b></p>") if examples else Markup("")
    inner = Markup("").join([_period(tables), lists, *map(_problem, problems), more, heading])
    cards = cards_html(examples, Texts(tables.arrow("documents")))
    return Markup('<div class="svodka" style="max-width: none">{}</div>').format(inner) + cards


def _period(tables: Tables) -> Markup:
    period = period_of(tables)
    return Markup("") if period is None else Markup('<p class="facts">{}</p>').format(period)


def _counts(tables: Tables) -> Markup:
    counts = {name: tables.arrow(name).num_rows for name in tables}
    rows = [
        (f"{n_rows:,}", Markup("<code>{}</code>").format(name), _short(ALL_TABLES[name].description))
        for name, n_rows in counts.items()
        if n_rows or name == "documents"
    ]
    return _table("Tables", ("rows", "table", "a row is"), rows)


def _short(description: str) -> str:
    return re.split("[;.]", description, maxsplit=1)[0]


def _most_quoted(quotes: pa.Table) -> Markup:
    named = quotes.filter(pc.is_valid(quotes["speaker"]))
    if not named.num_rows:
        return Markup("")
    counted = named.group_by("speaker", use_threads=False).aggregate([
        ("quote_id", "count"), ("doc_id", "count_distinct"), ("role", "first")
    ])  # fmt: skip
    most = counted.sort_by([("quote_id_count", "descending"), ("speaker", "ascending")]).slice(0, _MOST_QUOTED)
    rows = [
        (escaped(row["speaker"]), escaped(row["role_first"] or ""), f"{row['quote_id_count']:,}",
         f"{row['doc_id_count_distinct']:,}")
        for row in most.to_pylist()
    ]  # fmt: skip
    return _table("Most quoted", ("speaker", "role", "quotations", "documents"), rows)


def _examples(quotes: pa.Table) -> list[Row]:
    """A few quotations with a speaker that are neither long nor scraps, from all over the table."""
    shortest, longest = _SHORT
    lengths = pc.subtract(quotes["end"], quotes["start"])
    is_short = pc.and_(pc.greater_equal(lengths, shortest), pc.less_equal(lengths, longest))
    is_direct = pc.and_(pc.is_valid(quotes["speaker"]), pc.equal(quotes["type"], "direct"))
    named = quotes.filter(pc.and_(is_direct, is_short))
    places = [named.num_rows * (2 * place + 1) // (2 * _EXAMPLES) for place in range(_EXAMPLES)]
    rows: list[Row] = named.take(sorted(set(places))).to_pylist() if named.num_rows else []
    return rows


def _problem(row: Row) -> Markup:
    place = row["source"] or row["doc_id"] or "?"
    return Markup('<p class="facts"><b>{}: {}</b>: {}</p>').format(*map(escaped, (place, row["stage"], row["message"])))


def _more(n_problems: int) -> Markup:
    more = Markup('<p class="facts">and {} more problems: see <code>tables.errors</code></p>')
    return more.format(f"{n_problems:,}") if n_problems > 0 else Markup("")


def _table(caption: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> Markup:
    def line(element: str, values: Sequence[object]) -> Markup:
        aligned = zip((_ALIGNED.get(name, "left") for name in names), values, strict=True)
        cell = Markup('<{0} style="padding-block: 0.1rem; text-align: {1}">{2}</{0}>')
        return Markup("<tr>{}</tr>").format(Markup("").join(cell.format(element, *one) for one in aligned))

    return Markup(
        '<div class="table" tabindex="0" role="group" aria-label="{0}">'
        '<table style="width: auto"><caption style="text-align: left"><b>{0}</b></caption>'
        "<thead>{1}</thead><tbody>{2}</tbody></table></div>"
    ).format(caption, line("th", names), Markup("").join(line("td", row) for row in rows))
