"""Parquet, one file a table, with the exact schema of the contract."""

from collections.abc import Collection, Iterable
from contextlib import ExitStack
from pathlib import Path

import pyarrow.parquet as pq

from svodka.schema import ALL_TABLES
from svodka.tables import Tables
from svodka.writers.parts import written_tables


def write_parquet(parts: Iterable[Tables], folder: Path, *, tables: Collection[str] | None = None) -> None:
    """Write tables as ``NAME.parquet``.

    Args:
        parts: The tables.
        folder: An existing folder.
        tables: Names of the tables to write; all by default, the registry only where there is one.

    Raises:
        ExportError: There is no table of such a name.
    """
    writers: dict[str, pq.ParquetWriter] = {}
    with ExitStack() as stack:
        for part in parts:
            for name in written_tables(part, tables):
                if name not in writers:
                    writer = pq.ParquetWriter(folder / f"{name}.parquet", ALL_TABLES[name].schema, compression="zstd")
                    writers[name] = stack.enter_context(writer)
                writers[name].write_table(part.arrow(name))
