"""A run into a folder of tables: done shard by shard, gone on with if interrupted, done again only where needed."""

import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from filelock import FileLock, Timeout

from svodka.config import Config
from svodka.engine import batches
from svodka.errors import ConfigError, RunError, RunStoppedError
from svodka.records import Article, Problem
from svodka.run.local import run_lists
from svodka.run.manifest import Made
from svodka.run.shards import Shard, cut
from svodka.run.store import Store
from svodka.run.writer import ShardWriter
from svodka.schema import DOCUMENTS, ERRORS, TABLES
from svodka.view.visible import visible

logger = logging.getLogger(__name__)

LOG = "_run.log"
_LOCK = "_lock"
# Seconds between two lines of the log that say how far the run is.
_SAY_EVERY = 60


@dataclass(slots=True)
class Summary:
    """What a run did.

    Attributes:
        rows: Rows of each table, of all documents of the folder.
        n_done: Articles done by this run.
        n_skipped: Articles that the folder had already.
        n_kept: Documents that no input has, kept.
        n_removed: Documents that no input has, removed.
        seconds: Wall-clock time, loading included.
    """

    rows: Counter[str] = field(default_factory=Counter)
    n_done: int = 0
    n_skipped: int = 0
    n_kept: int = 0
    n_removed: int = 0
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """0: all done; 1: there are rows in `errors`; 2: there is no document."""
        if not self.rows["documents"]:
            return 2
        return 1 if self.rows["errors"] else 0

    def __str__(self) -> str:
        rows = ", ".join(f"{count} {name}" for name, count in self.rows.items() if count or name == "quotes")
        rate = f", {self.n_done / self.seconds:.1f} articles a second" if self.n_done and self.seconds else ""
        notes = (
            (self.n_skipped, "articles skipped, for they were done before"),
            (self.n_kept, "documents kept that no input has (--prune removes them)"),
            (self.n_removed, "documents removed that no input has"),
        )
        return "; ".join([f"{rows}; {self.seconds:.1f} s{rate}", *(f"{n} {what}" for n, what in notes if n)])


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will have to do.

    Attributes:
        n_articles: Articles of the inputs.
        n_skipped: Those that the folder has already.
        n_problems: What cannot be read.
    """

    n_articles: int
    n_skipped: int
    n_problems: int


def plan_run(
    items: Iterable[Article | Problem],
    folder: str | Path,
    *,
    config: Config | None = None,
    tables: Sequence[str] | None = None,
    retry: bool = False,
    on_articles: Callable[[int], None] | None = None,
) -> Plan:
    """Read the inputs through, and tell what `run_to_folder` would do with the same arguments; nothing is written.

    Args:
        items: As there.
        folder: As there.
        config: As there.
        tables: As there.
        retry: As there.
        on_articles: Called now and then with the number of articles read.

    Raises:
        ConfigError: A table name is unknown.
        RunError: The folder holds tables of another configuration or version.
    """
    config = config or Config()
    store = Store(Path(folder), Made.by(config, table_names(tables)), retry=retry)
    n_articles = n_skipped = n_problems = 0
    for shard in cut(items, config.run.shard_articles):
        n_articles += len(shard.articles)
        n_problems += len(shard.problems)
        n_skipped += len(shard.articles) if store.has(shard.key) else 0
        if on_articles:
            on_articles(n_articles)
    return Plan(n_articles, n_skipped, n_problems)


def run_to_folder(
    items: Iterable[Article | Problem],
    folder: str | Path,
    *,
    config: Config | None = None,
    workers: int | None = None,
    batch_size: int | None = None,
    tables: Sequence[str] | None = None,
    prune: bool = False,
    retry: bool = False,
    n_articles: int | None = None,
    on_rows: Callable[[pa.RecordBatch], None] | None = None,
) -> Summary:
    """Run the pipeline over articles into a folder of tables; memory does not grow with the corpus.

    The work is cut into shards by what the articles are. A finished shard is kept whatever happens, and one that the
    folder has is not done again. When all is done the shards become the tables: documents
    that the inputs have otherwise than before are replaced, those that they do not have stay, before the others, unless
    `prune` is set. The bytes of the tables do not depend on `workers`, `batch_size` or interruptions.

    Args:
        items: Articles and reading problems, as `svodka.read` yields them.
        folder: Where the tables go: a folder of Parquet files each, beside ``_manifest.json`` and ``_run.log``.
        config: Configuration; the default one if not given.
        workers: Processes; the configuration's if not given.
        batch_size: Articles at once; the configuration's if not given.
        tables: Names of the tables to write besides documents and errors; all if not given.
        prune: Whether documents that the inputs do not have are removed.
        retry: Whether shards are done again in which a stage failed or a document met a limit.
        n_articles: Articles that have to be done, where that is known, for the log.
        on_rows: Called with the nested rows of each batch that is done, for a progress bar.

    Raises:
        ConfigError: A table name is unknown.
        RunError: Another run is writing to the folder, or it holds tables of another configuration or version.
        RunStoppedError: The folder cannot be written to, say because the disk is full, or workers die before they have
            begun. What is done is kept.
    """
    begin = time.perf_counter()
    config = config or Config()
    names = table_names(tables)
    with writing_to(Path(folder)):
        store = Store(Path(folder), Made.by(config, names), retry=retry)
        run = FolderRun(store, names, n_articles, on_rows)
        lists = run.lists(items, config.run.shard_articles, batch_size or config.run.batch_size)
        with store.running(), closing(run):
            with closing(run_lists(config, lists, workers or config.run.workers)) as stream:
                for rows in stream:
                    run.write(rows)
            return run.publish(begin, prune=prune)


class FolderRun:
    """The articles of a run on their way to shards, and their rows on the way to files.

    Args:
        store: The shards of the folder.
        tables: Names of the tables to write.
        n_articles: Articles that have to be done, where that is known.
        on_rows: Called with the nested rows of each batch.
    """

    def __init__(
        self,
        store: Store,
        tables: Sequence[str],
        n_articles: int | None = None,
        on_rows: Callable[[pa.RecordBatch], None] | None = None,
    ) -> None:
        self._store, self._tables, self._n_articles, self._on_rows = store, tables, n_articles, on_rows
        self._order: list[str] = []
        self._waiting: deque[tuple[Shard, bool]] = deque()
        self._open = ExitStack()
        self._writer: ShardWriter | None = None
        self._summary = Summary()
        self._began = self._said = time.monotonic()

    def missing(self, items: Iterable[Article | Problem], shard_articles: int) -> Iterator[Shard]:
        """The shards of the inputs that have to be done; those of problems alone are done here."""
        for shard in cut(items, shard_articles):
            self._order.append(shard.key)
            if self._store.has(shard.key):
                self._summary.n_skipped += len(shard.articles)
                logger.info("shard %s: %d articles skipped, done before", shard.key, len(shard.articles))
                continue
            for problem in shard.problems:
                logger.info("%s: %s: %s", problem.source, problem.stage, problem.message)
            if shard.articles:
                yield shard
            else:
                with ShardWriter(self._store.folder, shard, self._tables) as writer:
                    self._store.add(writer.finish())

    def lists(
        self, items: Iterable[Article | Problem], shard_articles: int, batch_size: int
    ) -> Iterator[list[Article]]:
        """The articles that have to be done, as many as go through the models at once; `write` takes their rows."""
        for shard in self.missing(items, shard_articles):
            n_left = len(shard.articles)
            for articles in batches(shard.articles, batch_size):
                n_left -= len(articles)
                self._waiting.append((shard, not n_left))
                yield articles

    def write(self, rows: pa.RecordBatch) -> None:
        """Write the rows of the next list."""
        shard, is_last = self._waiting.popleft()
        if self._writer is None:
            self._writer = self._open.enter_context(ShardWriter(self._store.folder, shard, self._tables))
        self._writer.write(rows)
        self.count(rows.num_rows)
        for doc_id, problems in zip(rows["doc_id"].to_pylist(), rows[ERRORS.name].to_pylist(), strict=True):
            for problem in problems:
                logger.info("document %s: %s: %s", doc_id, problem["stage"], problem["message"])
        if is_last:
            self._store.add(self._writer.finish())
            logger.info("shard %s: %d articles done", shard.key, len(shard.articles))
            self.close()
        if self._on_rows:
            self._on_rows(rows)

    def count(self, n_articles: int) -> None:
        """Take note of articles that are done."""
        self._summary.n_done += n_articles
        now = time.monotonic()
        if now - self._said > _SAY_EVERY:
            self._said = now
            done = self._summary.n_done
            rate = done / (now - self._began)
            left = f", {(self._n_articles - done) / rate / 60:.0f} minutes left" if self._n_articles and rate else ""
            logger.info("%d of %s articles done, %.1f a second%s", done, self._n_articles or "?", rate, left)

    def close(self) -> None:
        """Leave nothing of a shard that is not finished."""
        self._open.close()
        self._writer = None

    def publish(self, begin: float, *, prune: bool) -> Summary:
        """Make the tables of the shards, and say what was done since `begin`."""
        published = self._store.publish(self._order, prune=prune)
        summary = self._summary
        summary.rows.update(published.rows)
        summary.n_kept, summary.n_removed = published.n_kept, published.n_removed
        summary.seconds = time.perf_counter() - begin
        logger.info("end: %s", summary)
        return summary


def table_names(tables: Sequence[str] | None) -> list[str]:
    """The tables a run writes.

    Raises:
        ConfigError: A name is unknown.
    """
    if not tables:
        return list(TABLES)
    unknown = [name for name in tables if name not in TABLES]
    if unknown:
        raise ConfigError(f"no table {unknown[0]!r}; there are {', '.join(TABLES)}")
    # without these two a run cannot be understood
    return [name for name in TABLES if name in tables or name in (DOCUMENTS.name, ERRORS.name)]


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Have a folder for oneself and a log in it; what its disk refuses is a `RunError` that says what to do.

    Raises:
        RunError: Another run has it.
        RunStoppedError: It cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / _LOCK, timeout=0), _log(folder / LOG):
            yield
    except Timeout as error:
        raise RunError(f"another run is writing to {folder}: wait for its end, or give --out another folder") from error
    except OSError as error:
        raise RunStoppedError(
            f"{folder} cannot be written to: {error.strerror or error}. What is done is kept: make room on the disk, "
            "or see to the rights, and the same command goes on"
        ) from error


class _LogLine(logging.Formatter):
    """A message on a line of its own, whatever names and ids are in it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the library's name)
        """The line."""
        return visible(super().formatMessage(record), one_line=True)


class _LogFile(logging.FileHandler):
    """A log that a full disk costs lines, and the run nothing."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (the library's name)
        """Go on without the line."""


@contextmanager
def _log(path: Path) -> Iterator[None]:
    """Write what svodka logs to a file as well."""
    parent = logging.getLogger("svodka")
    handler = _LogFile(path, encoding="utf-8", errors="backslashreplace")
    handler.setFormatter(_LogLine("%(asctime)s %(levelname)s %(message)s"))
    level = parent.level
    parent.addHandler(handler)
    parent.setLevel(min(logging.INFO, parent.getEffectiveLevel()))
    try:
        yield
    finally:
        parent.setLevel(level)
        parent.removeHandler(handler)
        handler.close()
