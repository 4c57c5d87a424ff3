"""What was extracted, on a terminal."""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc
from rich import box
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from svodka.records import joined
from svodka.schema import CORPUS_TABLES
from svodka.tables import Tables
from svodka.view.coloured import READABLE_WIDTH, show_text
from svodka.view.days import days_of, period_of
from svodka.view.visible import visible
from svodka.writers.documents import Document, Row, segments_of

# Column → its part of the width; the others are as wide as what stands in them.
_WIDE = {"doc_id": 2, "name": 3, "speaker": 2, "role": 4, "text": 6}


def show_tables(tables: Tables, console: Console, *, limit: int = 25) -> None:
    """Print a summary: what was read, the people, the quotations with their speakers, the dates, the problems.

    Args:
        tables: What to show.
        console: Where to print.
        limit: Rows of each list, 0 for all.
    """
    console.print(_overview(tables))
    entities = tables.arrow("entities")
    people = entities.filter(pc.equal(entities["label"], "PER")).sort_by([("n_mentions", "descending")])
    _show_list(console, "People", _first(people, limit), people.num_rows, ("doc_id", "name", "role", "n_mentions"))
    quotes = tables.arrow("quotes")
    said = _said(tables, _first(quotes, limit))
    _show_list(console, "Quotations", said, quotes.num_rows, ("doc_id", "speaker", "type", "text"))
    dates = tables.arrow("dates")
    dated = _with_days(_first(dates, limit))
    _show_list(console, "Dates", dated, dates.num_rows, ("doc_id", "text", "value", "days"))
    errors = tables.arrow("errors")
    _show_problems(console, _first(errors, limit), errors.num_rows)


def show_document(document: Document, console: Console, *, limit: int = 25) -> None:
    """Print a document: its text in colour with a legend, the people, the dates, the problems.

    Args:
        document: What to show.
        console: Where to print.
        limit: Rows of each list, 0 for all.
    """
    show_text(document, console)
    end = limit or None
    people = [row for row in document.entities if row["label"] == "PER"]
    people.sort(key=lambda row: -row["n_mentions"])
    width = min(console.width, READABLE_WIDTH)
    _show_list(console, "People", people[:end], len(people), ("name", "role", "n_mentions"), width)
    dated = _with_days(document.dates[:end])
    _show_list(console, "Dates", dated, len(document.dates), ("text", "value", "days"), width)
    _show_problems(console, document.errors[:end], len(document.errors))


def _overview(tables: Tables) -> Text:
    shown = Text()
    for name in tables:
        n_rows = tables.arrow(name).num_rows
        if n_rows or name not in CORPUS_TABLES:
            shown.append(f"{n_rows:,} ", style="bold").append(f"{name}  ")
    if (period := period_of(tables)) is not None:
        shown.append(f"\n{period}", style="dim")
    return shown


def _first(table: pa.Table, limit: int) -> list[Row]:
    rows: list[Row] = (table.slice(0, limit) if limit else table).to_pylist()
    return rows


def _said(tables: Tables, quotes: list[Row]) -> list[Row]:
    """Quotations with their content as the text."""
    documents = tables.arrow("documents")
    named = documents.filter(pc.is_in(documents["doc_id"], pa.array([row["doc_id"] for row in quotes], pa.string())))
    texts = dict(zip(named["doc_id"].to_pylist(), named["text"].to_pylist(), strict=True))
    return [{**row, "text": joined(texts[row["doc_id"]], segments_of(row))} for row in quotes]


def _with_days(dates: Iterable[Row]) -> list[Row]:
    return [{**row, "days": days_of(row) if row["start_date"] or row["end_date"] else ""} for row in dates]


def _show_list(
    console: Console, title: str, rows: list[Row], n_rows: int, columns: tuple[str, ...], width: int | None = None
) -> None:
    if not rows:
        return
    rest = n_rows - len(rows)
    caption = f"and {rest:,} more: --limit 0 shows all" if rest else None
    grid = Grid(title=title, title_style="bold", caption=caption, expand=True, box=box.SIMPLE_HEAD, show_edge=False)
    grid.title_justify = grid.caption_justify = "left"
    for column in columns:
        is_number = column == "n_mentions"
        grid.add_column(column, ratio=_WIDE.get(column), overflow="fold", justify="right" if is_number else "left")
    for row in rows:
        grid.add_row(*(Text(visible(" ".join(str(row[column] or "").split()))) for column in columns))
    console.print(grid, width=width)
    console.print()


def _show_problems(console: Console, rows: list[Row], n_rows: int) -> None:
    for row in rows:
        # one line each: a path folded into a column cannot be copied
        place = visible(row["source"] or row["doc_id"] or "?", one_line=True)
        message = visible(f"{row['stage']}: {row['message']}", one_line=True)
        console.print(Text.assemble((f"{place}: ", "bold red"), message), soft_wrap=True)
    if n_rows > len(rows):
        console.print(f"and {n_rows - len(rows):,} more problems: --limit 0 shows all")
