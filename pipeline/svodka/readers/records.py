"""Articles that are in memory already, or that a library fetches: dicts, texts, frames, data sets, cursors."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any, TypeAlias

import pyarrow as pa

from svodka.errors import InputError
from svodka.readers.columns import Columns, check_columns
from svodka.readers.frames import Numbering, is_data_set, is_table, join_splits, mapping_row, plain, table_rows
from svodka.readers.rows import Row, to_articles
from svodka.records import Article, Problem

Record: TypeAlias = Mapping[str, object] | Article | Problem | str
Records: TypeAlias = Any
"""Records, or a table that `svodka.readers.frames.table_rows` takes, or several, or splits by their names."""

_Item: TypeAlias = Row | Article | Problem | InputError
_COLUMNS = "a dict is one article, and the text of this is a list; give columns of many as pandas.DataFrame(…)"
_WELCOME = "pass dicts, texts, Article objects, a DataFrame, a table of Arrow, a data set or a cursor"


def articles_from_records(records: Records, columns: Mapping[str, str] | None = None) -> Iterator[Article | Problem]:
    """Make articles from what is in memory or is fetched as it is asked for.

    That is dicts, named tuples and rows of databases, bare texts, what :func:`svodka.readers.read` yields, and tables:
    DataFrames of pandas, polars and Dask, LazyFrames, tables, batches and data sets of Arrow, whatever has
    ``__arrow_c_stream__`` (Ibis, Narwhals …), data sets of Hugging Face, relations of DuckDB, cursors of DB-API 2.0
    that have executed a SELECT; also an iterator of such tables, and a mapping of names of splits to tables, such as a
    `DatasetDict`. Only a batch of a table is held at a time.

    The names of fields are understood as by `read`. What has no id is called by its number: "1", "2", …; in a split
    "train:1". An id that an earlier split has becomes "test:7". Articles and problems pass unchanged.

    Args:
        records: The records, or a single one of them; what `svodka.readers.read` yields passes through.
        columns: Field → name of the key or column that holds it.

    Returns:
        Articles in the order of the records, and a problem in the place of each record that is none.

    Raises:
        InputError: `columns` names a field that articles do not have.
    """
    return to_articles(_rows(records, Columns(check_columns(columns), "records")))


def _rows(records: Records, finder: Columns) -> Iterator[_Item]:
    if _are_splits(records):
        splits = ((str(name), Numbering(f"{name}: record ", f"{name}:")) for name in records)
        pairs = zip(splits, records.values(), strict=True)
        yield from join_splits((name, _of_one(split, finder, numbering)) for (name, numbering), split in pairs)
    else:
        yield from _of_one(records, finder, Numbering("record ", ""))
    finder.warn_of_unseen()


def _are_splits(records: Records) -> bool:
    return (
        isinstance(records, Mapping)
        and bool(records)
        and all(is_table(split) or is_data_set(split) for split in records.values())
    )


def _of_one(records: Records, finder: Columns, numbering: Numbering) -> Iterator[_Item]:
    for item in _each(records):
        record = _as_python(item)
        if isinstance(record, Article | Problem):
            numbering.skip()
            yield record
        elif isinstance(record, str):
            yield numbering.row({"text": plain(record)})
        elif is_table(record):
            yield from table_rows(record, finder, numbering)
        elif isinstance(record, Mapping):
            has_columns = isinstance(record.get(finder.match(map(str, record)).get("text")), list)
            yield numbering.error(_COLUMNS) if has_columns else mapping_row(record, finder, numbering)
        else:
            yield numbering.error(_no_article(record))


def _each(records: Records) -> Iterable[object]:
    is_single = isinstance(records, str | Article | Problem | Mapping) or is_table(records)
    return [records] if is_single or not hasattr(records, "__iter__") else records


def _as_python(record: Any) -> Any:  # noqa: ANN401
    """A record as a dict or a string, where it is a row that a database gave, a named tuple, or Arrow's scalar."""
    if isinstance(record, pa.Scalar):
        return record.as_py()
    if hasattr(record, "_asdict"):
        return record._asdict()
    return dict(record) if isinstance(record, sqlite3.Row) else record


def _no_article(record: object) -> str:
    kind = type(record).__name__
    if isinstance(record, PurePath):
        return f"{kind} is no article; for files, svodka.read(path)"
    if hasattr(record, "toLocalIterator"):
        return "this is a DataFrame of Spark: svodka.run.spark.extract(…) takes it"
    if hasattr(record, "collect"):
        return f"{kind} is no article; pass what its collect() gives"
    if hasattr(record, "cursor") or hasattr(record, "connect"):
        return f"{kind} is no article; pass what connection.execute('select …') returns"
    return f"{kind} is no article; {_WELCOME}"
