"""Writing a shard: each table under a temporary name, read back, and all of them named in one step."""

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from svodka.errors import RunStoppedError
from svodka.records import Problem
from svodka.run.manifest import WAITING, Entry, sync_folder, waiting_folder, write_entry
from svodka.run.shards import Shard
from svodka.schema import ERRORS, TABLES
from svodka.tables import Batch, flatten

# Rows of a row group: what a file looks like depends neither on batches nor on how they came.
_GROUP_ROWS = 32_768
# Rows that are read back at once.
_READ_ROWS = 8192
# Stages of `errors` that say that an input could not be read.
_READ = "read"


class ShardWriter:
    """Writer of the tables of a shard. They have their names when all are whole, else nothing is left of them.

    Args:
        folder: The folder of tables.
        shard: What is written.
        tables: Names of the tables to write.
    """

    def __init__(self, folder: Path, shard: Shard, tables: Sequence[str]) -> None:
        self._shard, self._folder = shard, folder
        # a name of its own each time, for an engine may start the same work twice
        self._place = folder / WAITING / f"{shard.key}.{uuid.uuid4().hex}.partial"
        self._place.mkdir(parents=True)
        self._files = {name: _TableWriter(self._place / f"{name}.parquet", TABLES[name].schema) for name in tables}
        self._undone = 0
        self._write_problems(shard.problems)

    def write(self, rows: pa.RecordBatch) -> None:
        """Add nested rows of the shard's articles."""
        self.write_flat(flatten(Batch(rows)))

    def write_flat(self, tables: dict[str, pa.Table]) -> None:
        """Add rows of flat tables."""
        self._undone += sum(stage != _READ for stage in tables[ERRORS.name]["stage"].to_pylist())
        for name, file in self._files.items():
            file.write(tables[name])

    def _write_problems(self, problems: Iterable[Problem]) -> None:
        rows = [problem.to_plain() for problem in problems]
        self._files[ERRORS.name].write(pa.Table.from_pylist(rows, schema=ERRORS.schema))

    def finish(self) -> Entry:
        """Close the files, read them back, and give them their place.

        Raises:
            RunStoppedError: A file does not hold what was written.
            OSError: The disk is full, or gone.
        """
        sources = [article.source for article in self._shard.articles]
        entry = Entry(
            key=self._shard.key,
            articles=len(self._shard.articles),
            problems=len(self._shard.problems),
            first=sources[0] if sources else None,
            last=sources[-1] if sources else None,
            rows={name: file.finish() for name, file in self._files.items()},
            undone=self._undone,
        )
        write_entry(self._place, entry)
        place = waiting_folder(self._folder, self._shard.key)
        if place.exists():  # another process was quicker, or it is done again
            shutil.rmtree(place)
        self._place.rename(place)
        sync_folder(place.parent)
        return entry

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()
        shutil.rmtree(self._place, ignore_errors=True)


class _TableWriter:
    """Writer of one file, in row groups of the same size."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path = path
        self._schema = schema
        self._file = path.open("wb")
        self._writer = pq.ParquetWriter(self._file, schema, compression="zstd", write_page_checksum=True)
        self._waiting: list[pa.Table] = []
        self._n_waiting = 0
        self._n_rows = 0

    def write(self, table: pa.Table) -> None:
        self._waiting.append(table)
        self._n_waiting += table.num_rows
        self._n_rows += table.num_rows
        while self._n_waiting >= _GROUP_ROWS:
            self._write_group()

    def _write_group(self) -> None:
        rows = pa.concat_tables(self._waiting)
        # in one chunk each, for pages end with chunks
        self._writer.write_table(rows.slice(0, _GROUP_ROWS).combine_chunks())
        rest = rows.slice(_GROUP_ROWS)
        self._waiting, self._n_waiting = [rest] if rest.num_rows else [], rest.num_rows

    def finish(self) -> int:
        """Write what is left, and read the file back; the number of its rows."""
        if self._n_waiting:
            self._write_group()
        self._writer.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if count_rows(self._path, self._schema, whole=True) != self._n_rows:
            raise RunStoppedError(f"{self._path}: the disk does not hold what was written; check it, and run again")
        return self._n_rows

    def close(self) -> None:
        """Let go of the file, whole or not; what its disk refuses does not matter any more."""
        if not self._file.closed:
            with contextlib.suppress(OSError, pa.ArrowException):
                self._writer.close()
            self._writer.is_open = False  # else it tries once more when it is forgotten
            with contextlib.suppress(OSError):
                self._file.close()


def count_rows(path: Path, schema: pa.Schema, *, whole: bool = False) -> int | None:
    """Rows of a Parquet file; None where it is missing, damaged or of another schema.

    Args:
        path: The file.
        schema: The schema that it has to have.
        whole: Whether to read all of it, with the checksums of its pages, and not only its end.
    """
    rows: int
    try:
        # page by page, in this thread: a whole file at once would be most of what a run holds
        with pq.ParquetFile(path, page_checksum_verification=True, pre_buffer=False, buffer_size=2**16) as file:
            if not file.schema_arrow.equals(schema):
                return None
            if whole:
                rows = sum(batch.num_rows for batch in file.iter_batches(_READ_ROWS, use_threads=False))
            else:
                rows = file.metadata.num_rows
            return rows
    except (pa.ArrowException, OSError):
        return None
