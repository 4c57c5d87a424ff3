"""What was extracted, on a terminal."""

import datetime as dt
from typing import Any

import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table as Grid
from rich.text import Text

from svodka.schema import CORPUS_TABLES
from svodka.tables import Tables
from svodka.view.visible import visible


def show_tables(tables: Tables, console: Console, *, doc_id: str | None = None, limit: int = 25) -> None:
    """Print a summary: what was read, the quotations with their speakers, the dates, the problems.

    Args:
        tables: What to show.
        console: Where to print.
        doc_id: Only this document.
        limit: Rows of each list, 0 for all.
    """
    console.print(_overview(tables, doc_id))
    for title, frame, columns in (
        ("People", _people(tables), ("doc_id", "name", "role", "n_mentions")),
        ("Quotations", _quotes(tables), ("doc_id", "speaker", "type", "text")),
        ("Dates", _dates(tables), ("doc_id", "text", "value", "days")),
    ):
        rows = frame if doc_id is None else frame[frame["doc_id"] == doc_id]
        if len(rows):
            console.print(_list(title, rows, columns, limit))
    _show_problems(tables.arrow("errors").to_pylist(), console, doc_id, limit)


def _show_problems(rows: list[dict[str, Any]], console: Console, doc_id: str | None, limit: int) -> None:
    chosen = [row for row in rows if doc_id in (None, row["doc_id"])]
    for row in chosen[: limit or None]:
        # one line each: a path folded into a column cannot be copied
        place = visible(row["source"] or row["doc_id"] or "?", one_line=True)
        message = visible(f"{row['stage']}: {row['message']}", one_line=True)
        console.print(Text.assemble((f"{place}: ", "bold red"), message), soft_wrap=True)
    if limit and len(chosen) > limit:
        console.print(f"and {len(chosen) - limit} more problems: --limit 0 shows all")


def _overview(tables: Tables, doc_id: str | None) -> RenderableType:
    counts = Text()
    for name in tables:
        frame = tables.arrow(name)
        if name in CORPUS_TABLES and (doc_id is not None or not frame.num_rows):
            continue
        n_rows = frame.num_rows if doc_id is None else frame["doc_id"].to_pylist().count(doc_id)
        counts.append(f"{n_rows:,} ".replace(",", " "), style="bold").append(f"{name}  ")
    documents = tables.documents if doc_id is None else tables.documents[tables.documents["doc_id"] == doc_id]
    published = documents["published"].dropna()
    if len(published):
        period = Text(f"published {published.min():%Y-%m-%d} to {published.max():%Y-%m-%d}", style="dim")
        return Group(counts, period)
    return counts


def _people(tables: Tables) -> pd.DataFrame:
    people = tables.entities[tables.entities["label"] == "PER"]
    return people.sort_values("n_mentions", ascending=False, kind="stable")


def _quotes(tables: Tables) -> pd.DataFrame:
    quotes = tables.quotes.copy()
    texts = dict(zip(tables.documents["doc_id"], tables.documents["text"], strict=True))
    quotes["text"] = [
        " … ".join(texts[doc_id][start:end] for start, end in segments)
        for doc_id, segments in zip(quotes["doc_id"], quotes["segments"], strict=True)
    ]
    quotes["type"] = quotes["type"].astype(str)
    return quotes


def _dates(tables: Tables) -> pd.DataFrame:
    dates = tables.dates.copy()
    days = zip(*(tables.arrow("dates")[name].to_pylist() for name in ("start_date", "end_date")), strict=True)
    dates["days"] = [_days(start, end) for start, end in days]
    return dates


def _days(start: dt.date | None, end: dt.date | None) -> str:
    if start == end:
        return str(start) if start else ""
    return f"{start or '…'} – {end or '…'}"


def _list(title: str, frame: pd.DataFrame, columns: tuple[str, ...], limit: int) -> Grid:
    shown = frame.head(limit) if limit else frame
    rest = len(frame) - len(shown)
    grid = Grid(title=title, title_justify="left", title_style="bold", caption_justify="left", expand=True,
                caption=f"and {rest} more: --limit 0 shows all" if rest else None)  # fmt: skip
    for column in columns:
        grid.add_column(column, ratio=4 if column in ("text", "message") else 1, overflow="fold")
    for row in shown[list(columns)].itertuples(index=False):
        grid.add_row(*(escape("" if pd.isna(value) else visible(" ".join(str(value).split()))) for value in row))
    return grid
