"""Rows of what holds a table: frames, Arrow streams, data sets, cursors.

They are taken batch by batch, and of a batch only the columns that hold a field of an article.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from hashlib import blake2b
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
import pyarrow as pa

from svodka.errors import InputError
from svodka.readers.columns import Columns
from svodka.readers.rows import Row

Item = TypeVar("Item")

BATCH_ROWS = 256
"""Rows that are asked for at once."""

# Of a single value: a string that is not UTF-8, a moment beyond the year 9999, a time zone nobody knows.
_VALUE_ERRORS = (ValueError, OverflowError, KeyError, NotImplementedError, pa.ArrowException)


class Numbering:
    """What the rows of a source are called, one after another.

    Args:
        source: What stands before the number of a row where messages name it: ``record ``, ``news.db:``.
        name: What stands before it in the id of an article that has none of its own.
    """

    def __init__(self, source: str, name: str) -> None:
        self._source = source
        self._name = name
        self._number = 0

    def row(self, values: Mapping[str, object]) -> Row:
        """The next row."""
        self._number += 1
        return Row(values, f"{self._source}{self._number}", f"{self._name}{self._number}")

    def error(self, message: str) -> InputError:
        """The error of the next row."""
        self._number += 1
        return InputError(message, source=f"{self._source}{self._number}")

    def skip(self, rows: int = 1) -> None:
        """Pass over rows that are called otherwise."""
        self._number += rows


def is_table(value: object) -> bool:
    """Whether it is something that `table_rows` reads; a single column, such as pandas' Series, is a list of texts."""
    if _is_a(value, "pandas", "Series") or _is_a(value, "polars", "Series") or isinstance(value, pa.ChunkedArray):
        return False
    return (
        _is_a(value, "datasets", "Dataset")
        or _is_a(value, "polars", "LazyFrame")
        or _is_a(value, "pyarrow.dataset", "Dataset", "Scanner")
        or any(hasattr(value, method) for method in ("itertuples", "__arrow_c_stream__", "fetchmany"))
    )


def is_data_set(value: object) -> bool:
    """Whether it is a data set of Hugging Face."""
    return _is_a(value, "datasets", "Dataset", "IterableDataset")


def table_rows(table: Any, finder: Columns, numbering: Numbering) -> Iterator[Row | InputError]:  # noqa: ANN401
    """The rows of a table that is in memory, or that a library fetches.

    Args:
        table: A DataFrame of pandas or Dask, a polars DataFrame or LazyFrame, a `datasets.Dataset`, a data set of
            pyarrow, a DuckDB relation, a cursor of DB-API 2.0 (https://peps.python.org/pep-0249/), a result of
            SQLAlchemy, or anything else that gives a stream by Arrow's interface (https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html).
        finder: Finds the fields among its columns.
        numbering: Calls its rows.

    Yields:
        A row, or the error of a row; where the table itself fails, its error last.
    """
    try:
        if hasattr(table, "itertuples"):
            # Dask computes one part after another; otherwise it would hold all of them
            parts = (part.compute() for part in table.partitions) if hasattr(table, "partitions") else (table,)
            for part in guarded(parts):
                yield from _pandas_rows(part, finder, numbering)
        elif _is_a(table, "datasets", "Dataset") and table.format["type"] == "custom":  # what the user's function gives
            for record in guarded(table):
                yield mapping_row(record, finder, numbering)
        elif hasattr(table, "fetchmany") and not hasattr(table, "__arrow_c_stream__"):
            yield from sequence_rows(_column_names(table), guarded(_fetched(table)), finder, numbering)
        else:
            yield from batch_rows(guarded(_batches(table, finder)), finder, numbering)
    except InputError as error:
        yield numbering.error(error.args[0])


def mapping_row(record: Mapping[Any, object], finder: Columns, numbering: Numbering) -> Row | InputError:
    """The row that a mapping of names to values is."""
    try:
        return numbering.row({field: plain(record[name]) for field, name in finder.find(map(str, record)).items()})
    except InputError as error:
        return numbering.error(error.args[0])


def batch_rows(batches: Iterable[pa.RecordBatch], finder: Columns, numbering: Numbering) -> Iterator[Row | InputError]:
    """The rows of Arrow's batches.

    Raises:
        InputError: They have no column with the text, or one that is needed twice.
    """
    for batch in batches:
        found = find_columns(batch.schema.names, finder)
        columns = {field: batch.column(name) for field, name in found.items()}
        for index in range(batch.num_rows):
            try:
                values = {field: plain(column[index].as_py()) for field, column in columns.items()}
            except _VALUE_ERRORS as error:
                yield numbering.error(
                    f"a value cannot be read ({type(error).__name__}: {error}); write it anew from its source"
                )
            else:
                yield numbering.row(values)


def sequence_rows(
    names: Sequence[str], rows: Iterable[Any], finder: Columns, numbering: Numbering
) -> Iterator[Row | InputError]:
    """The rows that are sequences of values in the order of the names, or mappings.

    Raises:
        InputError: There is no column with the text, or one that is needed twice.
    """
    positions = {field: names.index(name) for field, name in find_columns(names, finder).items()}
    try:
        for row in rows:
            if isinstance(row, Mapping):
                yield mapping_row(row, finder, numbering)
                continue
            try:
                values = {field: plain(row[position]) for field, position in positions.items()}
            except InputError as error:
                yield numbering.error(error.args[0])
            else:
                yield numbering.row(values)
    except InputError as error:  # of the rows, which end here
        yield numbering.error(error.args[0])


def find_columns(names: Sequence[str], finder: Columns) -> dict[str, str]:
    """Field → name of the column that holds it.

    Raises:
        InputError: None holds the text, or a column that is needed has its name with another.
    """
    found = finder.find(names)
    twice = next((name for name in found.values() if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"the column {twice!r} is there more than once; rename all but one")
    return found


def one_line(error: Exception) -> str:
    """What an error says, without the picture of the query that databases add on further lines."""
    return " ".join(str(error).partition("\n\n")[0].split()) or type(error).__name__


def guarded(items: Iterable[Item], said: Callable[[Exception], str] = one_line) -> Iterator[Item]:
    """The items, with an error that explains itself where the library that gives them fails.

    Args:
        items: What a library gives.
        said: Says what its error says.

    Raises:
        InputError: It has failed.
    """
    iterator = iter(items)
    while True:
        try:
            item = next(iterator)
        except StopIteration:
            return
        except (InputError, MemoryError):
            raise
        except Exception as error:  # of any library, whose errors have no common class
            raise InputError(f"this row and those after it cannot be had: {said(error)}") from error
        yield item


def plain(value: Any) -> object:  # noqa: ANN401
    """A value as Python has it: not numpy's or torch's, nor a number or id of a database's own type.

    Raises:
        InputError: The value is the error of a value that could not be read.
    """
    if isinstance(value, InputError):
        raise value
    if isinstance(value, np.datetime64):
        return value.astype("datetime64[us]").item()
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Decimal):
        return None if value.is_nan() else int(value) if value == value.to_integral_value() else float(value)
    return str(value) if isinstance(value, UUID) else value


def join_splits(splits: Iterable[tuple[str, Iterable[Item]]]) -> Iterator[Item]:
    """The rows of the splits of a data set, one split after another.

    An id that an earlier split has is told apart by the split: ``test:7``. Eight bytes of the hash of each id are
    remembered for it.

    Args:
        splits: Names of the splits with their rows.
    """
    earlier: set[bytes] = set()
    for split, rows in splits:
        own: set[bytes] = set()
        for row in rows:
            if isinstance(row, Row) and (doc_id := _doc_id(row)) is not None:
                digest = blake2b(doc_id.encode(), digest_size=8).digest()
                if digest in earlier:
                    row = replace(row, values={**row.values, "id": f"{split}:{doc_id}"})
                own.add(digest)
            yield row
        earlier |= own


def _doc_id(row: Row) -> str | None:
    try:
        return row.to_article().doc_id
    except InputError:
        return None


def _is_a(value: object, module: str, *names: str) -> bool:
    """Whether it is of a class of a library that need not be imported: one that is not has made no values."""
    return module in sys.modules and any(isinstance(value, getattr(sys.modules[module], name)) for name in names)


def _batches(table: Any, finder: Columns) -> Iterator[pa.RecordBatch]:  # noqa: ANN401
    """The batches of a table by the way that does not hold all of them at once."""
    frames: Iterable[Any] = [table]
    if _is_a(table, "duckdb", "DuckDBPyRelation"):  # Arrow's interface would begin with the whole answer
        reader = "to_arrow_reader" if hasattr(table, "to_arrow_reader") else "fetch_arrow_reader"
        yield from getattr(table, reader)(BATCH_ROWS)
        return
    if _is_a(table, "pyarrow.dataset", "Dataset"):
        names = find_columns(table.schema.names, finder).values()
        table = table.scanner(columns=list(dict.fromkeys(names)), batch_size=BATCH_ROWS)
    if _is_a(table, "pyarrow.dataset", "Scanner"):
        yield from table.to_reader()
        return
    if _is_a(table, "datasets", "Dataset"):
        names = find_columns(table.column_names, finder).values()
        frames = table.select_columns(list(dict.fromkeys(names))).with_format("arrow").iter(BATCH_ROWS)
    elif _is_a(table, "polars", "LazyFrame"):
        lazy = table.select(list(dict.fromkeys(find_columns(table.collect_schema().names(), finder).values())))
        frames = lazy.collect_batches(maintain_order=True) if hasattr(lazy, "collect_batches") else [lazy.collect()]
    for frame in frames:
        yield from pa.RecordBatchReader.from_stream(frame)


def _pandas_rows(frame: Any, finder: Columns, numbering: Numbering) -> Iterator[Row | InputError]:  # noqa: ANN401
    """The rows of a DataFrame as its own values: Arrow would refuse a column of numbers and strings."""
    names = [str(name) for name in frame.columns]
    index = [name for name in frame.index.names if name is not None and str(name) not in names]
    if index:  # a column until somebody made it the index
        frame = frame.reset_index(level=index)
        names = [str(name) for name in frame.columns]
    wanted = list(dict.fromkeys(names.index(name) for name in find_columns(names, finder).values()))
    tuples = frame.iloc[:, wanted].itertuples(index=False, name=None)
    yield from sequence_rows([names[position] for position in wanted], guarded(tuples), finder, numbering)


def _column_names(cursor: Any) -> list[str]:  # noqa: ANN401
    """The names of the columns of a cursor, or of a result of SQLAlchemy.

    Raises:
        InputError: It has no rows to fetch.
    """
    description = getattr(cursor, "description", None)
    if description is None and not hasattr(cursor, "keys"):
        raise InputError("there are no rows to fetch; execute a SELECT first")
    return [str(column[0]) for column in description] if description else list(cursor.keys())


def _fetched(cursor: Any) -> Iterator[Any]:  # noqa: ANN401
    if hasattr(cursor, "__iter__"):  # which knows best how many rows to ask for at once
        yield from cursor
    else:
        while rows := cursor.fetchmany(BATCH_ROWS):
            yield from rows
