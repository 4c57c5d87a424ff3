"""Nested rows → flat tables, and `Tables`: what a researcher gets back."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from svodka.errors import SchemaError
from svodka.records import Problem
from svodka.run.manifest import Manifest, table_files
from svodka.schema import ALL_TABLES, DOCUMENTS, ERRORS, SCHEMA_VERSION, TABLES, Table
from svodka.view.quotations import Quotations
from svodka.writers.methods import Exports

logger = logging.getLogger(__name__)

# Columns whose few values come again and again: category in pandas.
_CATEGORIES = frozenset((
    "language", "status", "published_from", "pos", "feats", "dep", "label", "kind", "gender", "type", "form",
    "speaker_kind", "polarity", "rule", "granularity", "mod", "anchor_from", "stage", "error_type", "cue_lemma",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Batch:
    """What comes out of the pipeline for a batch of articles.

    Attributes:
        rows: Nested rows, one a document (`svodka.schema.NESTED`).
        problems: Inputs that never became a document.
    """

    rows: pa.RecordBatch
    problems: tuple[Problem, ...] = ()


def flatten(batch: Batch) -> dict[str, pa.Table]:
    """The flat tables of a batch, by Arrow kernels."""
    rows = pa.Table.from_batches([batch.rows]).combine_chunks()
    doc_id = rows["doc_id"].combine_chunks()
    flat = {DOCUMENTS.name: rows.select(DOCUMENTS.schema.names).cast(DOCUMENTS.schema)}
    for name, table in TABLES.items():
        if table is DOCUMENTS:
            continue
        column = rows[name].combine_chunks()
        values = column.flatten()
        arrays = [doc_id.take(pc.list_parent_indices(column)), *values.flatten()]
        flat[name] = pa.Table.from_arrays(arrays, schema=table.schema)
    if batch.problems:
        unread = [problem.to_plain() for problem in batch.problems]
        flat[ERRORS.name] = pa.concat_tables([pa.Table.from_pylist(unread, schema=ERRORS.schema), flat[ERRORS.name]])
    return flat


class Tables(Exports, Mapping[str, pd.DataFrame]):
    """The tables of a run, and those that ``svodka link`` made of them.

    Each table of `svodka.schema.ALL_TABLES` is an attribute and an item: ``tables.quotes``, ``tables["quotes"]`` is a
    pandas DataFrame with `category`, `Int32`, `datetime64[us, UTC]` and `date32` columns; ``tables.arrow("quotes")``
    is the Arrow table with the exact schema.

    Args:
        arrow_tables: Arrow tables by name; a table that is left out is empty.

    Raises:
        SchemaError: A table does not have the columns of the contract.
    """

    def __init__(self, arrow_tables: Mapping[str, pa.Table]) -> None:
        for name in arrow_tables:
            if name not in ALL_TABLES:
                raise SchemaError(f"no table {name!r} in the contract; there are {', '.join(ALL_TABLES)}")
        self._arrow = {name: _conform(arrow_tables.get(name), table) for name, table in ALL_TABLES.items()}
        self._frames: dict[str, pd.DataFrame] = {}

    @classmethod
    def from_rows(cls, batches: Iterable[Batch]) -> "Tables":
        """The tables of what the pipeline yields."""
        parts: dict[str, list[pa.Table]] = {name: [] for name in TABLES}
        for batch in batches:
            for name, table in flatten(batch).items():
                parts[name].append(table)
        return cls({name: pa.concat_tables(tables) for name, tables in parts.items() if tables})

    @classmethod
    def read_parquet(cls, folder: str | Path) -> "Tables":
        """The tables that `to_parquet` or ``svodka run`` wrote.

        Raises:
            SchemaError: The folder holds no tables, or tables of another contract.
        """
        return cls(dict(read_folder(folder)))

    def arrow(self, name: str) -> pa.Table:
        """A table as Arrow, with the exact schema of the contract."""
        return self._arrow[name]

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            frame = _to_pandas(self._arrow[name])
            self._frames[name] = Quotations.of(frame, self._arrow["documents"]) if name == "quotes" else frame
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrow)

    def __len__(self) -> int:
        return len(self._arrow)

    @property
    def documents(self) -> pd.DataFrame:
        """One row an article."""
        return self["documents"]

    @property
    def sentences(self) -> pd.DataFrame:
        """One row a sentence."""
        return self["sentences"]

    @property
    def tokens(self) -> pd.DataFrame:
        """One row a token."""
        return self["tokens"]

    @property
    def mentions(self) -> pd.DataFrame:
        """One row a place that names somebody or something."""
        return self["mentions"]

    @property
    def entities(self) -> pd.DataFrame:
        """One row a person, organisation or place of a document."""
        return self["entities"]

    @property
    def roles(self) -> pd.DataFrame:
        """One row a place that gives a person a role."""
        return self["roles"]

    @property
    def dates(self) -> pd.DataFrame:
        """One row a date or time expression."""
        return self["dates"]

    @property
    def quotes(self) -> Quotations:
        """One row a quotation; a frame that a notebook shows as text."""
        return cast("Quotations", self["quotes"])

    @property
    def errors(self) -> pd.DataFrame:
        """One row a thing that could not be read or done."""
        return self["errors"]

    @property
    def registry(self) -> pd.DataFrame:
        """One row a person, organisation or place of the corpus; empty before ``svodka link``."""
        return self["registry"]

    @property
    def registry_entities(self) -> pd.DataFrame:
        """The row of the registry of each entity; empty before ``svodka link``."""
        return self["registry_entities"]

    def _repr_html_(self) -> str:
        from svodka.view.notebook import tables_html

        return tables_html(self)

    def __repr__(self) -> str:
        counts = ", ".join(f"{table.num_rows} {name}" for name, table in self._arrow.items())
        return f"Tables({counts})"


def read_folder(folder: str | Path) -> Iterator[tuple[str, pa.Table]]:
    """Name and Arrow table of each Parquet file, or folder of Parquet files, that is a table of the contract.

    Raises:
        SchemaError: There is none, or one cannot be read.
        RunError: The manifest of a run cannot be read.
    """
    path = Path(folder)
    if path.is_file():
        raise SchemaError(f"{path} is a file; give the folder that `svodka run` wrote")
    manifest = Manifest.read(path)
    if manifest is not None and not manifest.complete:
        logger.warning("%s: the last run has not come to its end; the same command goes on", path)
    found = False
    for name in ALL_TABLES:
        files = table_files(path, name, manifest)
        found = found or bool(files)
        if files:
            yield name, read_files(files)
    if not found:
        raise SchemaError(f"{path}: no tables here; `svodka run INPUT --out {path}` writes them")


def read_files(files: Iterable[Path]) -> pa.Table:
    """The rows of Parquet files of one table, in the order of the files; there is at least one.

    Raises:
        SchemaError: One cannot be read.
    """
    tables = []
    for file in files:
        try:
            tables.append(pq.read_table(file))
        except (pa.ArrowInvalid, OSError) as error:
            raise SchemaError(f"{file}: not a Parquet table: {error}") from error
    return pa.concat_tables(tables)


def _conform(table: pa.Table | None, contract: Table) -> pa.Table:
    if table is None:
        return contract.schema.empty_table()
    if table.schema.names != contract.schema.names:
        missing = [name for name in contract.schema.names if name not in table.schema.names]
        extra = [name for name in table.schema.names if name not in contract.schema.names]
        raise SchemaError(
            f"table {contract.name!r} is not of schema version {SCHEMA_VERSION}: "
            f"missing columns {missing}, unknown columns {extra}; run svodka again on the articles"
        )
    try:
        return table.cast(contract.schema)
    except (pa.ArrowInvalid, ValueError) as error:
        raise SchemaError(f"table {contract.name!r}: {error}") from error


def _to_pandas(table: pa.Table) -> pd.DataFrame:
    def dtype(arrow: pa.DataType) -> Any:  # noqa: ANN401
        if pa.types.is_date32(arrow):
            return pd.ArrowDtype(arrow)
        return None

    frame: pd.DataFrame = table.to_pandas(types_mapper=dtype)
    for field in table.schema:
        if field.name in _CATEGORIES:
            frame[field.name] = frame[field.name].astype("category")
        elif pa.types.is_int32(field.type) and field.nullable:
            column = table[field.name]
            values = column.fill_null(0).to_numpy().astype(np.int32)
            frame[field.name] = pd.arrays.IntegerArray(values, column.is_null().to_numpy().astype(bool))
        elif pa.types.is_list(field.type):
            items = table[field.name].to_pylist()
            if field.name == "segments":
                items = [[(one["start"], one["end"]) for one in item] for item in items]
            frame[field.name] = pd.Series(items, dtype=object)
    return frame
