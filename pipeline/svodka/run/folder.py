"""A run into a folder: Parquet written as the batches come, renamed when whole."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from svodka.config import Config
from svodka.engine import load_for_run
from svodka.errors import ConfigError
from svodka.records import Article, Problem
from svodka.run.local import rare_collections, run_batches, run_workers
from svodka.schema import DOCUMENTS, TABLES
from svodka.tables import Batch, flatten

# Documents a row group: what a file looks like does not depend on the batch size.
_GROUP_DOCUMENTS = 128


@dataclass(slots=True)
class Summary:
    """What a run did.

    Attributes:
        rows: Rows of each table.
        statuses: Documents by status.
        seconds: Wall-clock time, loading included.
    """

    rows: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """0: all done; 1: there are rows in `errors`; 2: no document was done."""
        if not self.rows["documents"]:
            return 2
        return 1 if self.rows["errors"] else 0


class ParquetFolder:
    """Writer of one Parquet file a table; the files have their names only when all are whole.

    Args:
        folder: Made if missing.
        tables: Names of the tables to write.
    """

    def __init__(self, folder: Path, tables: Sequence[str] = tuple(TABLES)) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._paths = {name: folder / f"{name}.parquet" for name in tables}
        self._writers = {
            name: pq.ParquetWriter(self._partial(path), TABLES[name].schema, compression="zstd")
            for name, path in self._paths.items()
        }
        self._waiting: list[pa.RecordBatch] = []
        self._n_waiting = 0

    @staticmethod
    def _partial(path: Path) -> Path:
        return path.with_suffix(".parquet.partial")

    def write(self, batch: Batch) -> None:
        """Add a batch."""
        if batch.problems:
            self._write_flat(flatten(Batch(batch.rows.slice(0, 0), batch.problems)))
        self._waiting.append(batch.rows)
        self._n_waiting += batch.rows.num_rows
        while self._n_waiting >= _GROUP_DOCUMENTS:
            self._write_group(_GROUP_DOCUMENTS)

    def _write_group(self, n_documents: int) -> None:
        rows = pa.Table.from_batches(self._waiting).combine_chunks()
        group, rest = rows.slice(0, n_documents), rows.slice(n_documents)
        self._waiting = rest.to_batches()
        self._n_waiting = rest.num_rows
        for one in group.combine_chunks().to_batches():
            self._write_flat(flatten(Batch(one)))

    def _write_flat(self, tables: dict[str, pa.Table]) -> None:
        for name, writer in self._writers.items():
            if tables[name].num_rows:
                writer.write_table(tables[name])

    def flush(self) -> None:
        """Write what has not made a whole row group yet."""
        if self._n_waiting:
            self._write_group(self._n_waiting)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.flush()
        for writer in self._writers.values():
            writer.close()
        for path in self._paths.values():
            if kind is None:
                self._partial(path).replace(path)
            else:
                self._partial(path).unlink(missing_ok=True)


def run_to_folder(
    items: Iterable[Article | Problem],
    folder: str | Path,
    *,
    config: Config | None = None,
    workers: int | None = None,
    batch_size: int | None = None,
    tables: Sequence[str] | None = None,
    on_batch: Callable[[Batch], None] | None = None,
) -> Summary:
    """Run the pipeline over articles and write the tables as they come; memory does not grow with the corpus.

    Args:
        items: Articles and reading problems, as `svodka.read` yields them.
        folder: Where the Parquet files go.
        config: Configuration; the default one if not given.
        workers: Processes; the configuration's if not given.
        batch_size: Articles at once; the configuration's if not given.
        tables: Names of the tables to write besides documents and errors; all if not given.
        on_batch: Called with each batch, for a progress bar.

    Raises:
        ConfigError: A table name is unknown.
    """
    begin = time.perf_counter()
    config = config or Config()
    names = _table_names(tables)
    workers = workers or config.run.workers
    batch_size = batch_size or config.run.batch_size
    if workers > 1:
        stream = run_workers(config, items, workers=workers, batch_size=batch_size)
    else:
        stream = run_batches(load_for_run(config), items, batch_size=batch_size)
    summary = Summary()
    with rare_collections(), ParquetFolder(Path(folder), names) as writer:
        for batch in stream:
            writer.write(batch)
            _count(summary, batch)
            if on_batch:
                on_batch(batch)
    summary.seconds = time.perf_counter() - begin
    return summary


def _table_names(tables: Sequence[str] | None) -> list[str]:
    if not tables:
        return list(TABLES)
    unknown = [name for name in tables if name not in TABLES]
    if unknown:
        raise ConfigError(f"no table {unknown[0]!r}; there are {', '.join(TABLES)}")
    # without these two a run cannot be understood
    return [name for name in TABLES if name in tables or name in (DOCUMENTS.name, "errors")]


def _count(summary: Summary, batch: Batch) -> None:
    summary.rows["documents"] += batch.rows.num_rows
    summary.rows["errors"] += len(batch.problems)
    summary.statuses.update(batch.rows["status"].to_pylist())
    for name in TABLES:
        if name != DOCUMENTS.name:
            summary.rows[name] += len(batch.rows[name].flatten())
