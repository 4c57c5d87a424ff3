"""Apache Spark: the pipeline over a DataFrame of articles, and ``svodka run --engine spark``.

Spark distributes, starts lost work again and balances; svodka works on Arrow batches in its Python workers
(`mapInArrow`), where the models are loaded once. svodka has to be installed on every node.
"""

import os
import shutil
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa

from svodka.config import Config, get_config
from svodka.engine import batches
from svodka.errors import ConfigError, InputError, RunError, RunStoppedError
from svodka.libraries import require
from svodka.readers.columns import ALIASES, Columns
from svodka.readers.rows import Row
from svodka.records import Article, Problem
from svodka.rows import ARTICLE_SCHEMA, articles_to_batch, batch_to_articles, unread_row
from svodka.run.folder import FolderRun, Summary, table_names, writing_to
from svodka.run.local import collect_rarely, load_warm, process
from svodka.run.manifest import WAITING, Entry, Made
from svodka.run.shards import Shard
from svodka.run.store import Store
from svodka.run.workers import WorkerPool
from svodka.run.writer import ShardWriter
from svodka.schema import DOCUMENTS, NESTED, TABLES

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from svodka.run.progress import RunProgress

# Nested rows, and in their place what could not be one: null but in `errors`.
_ROWS = pa.schema([field.with_nullable(True) for field in NESTED])
_INPUT = "_input"
_PROBLEMS = b"svodka.problems"
_JAVA = "Java 17 or newer"


def extract(
    articles: "DataFrame", config: Config | str | Path | dict[str, Any] | None = None, *, batch_size: int | None = None
) -> "DataFrame":
    """Nested rows of a DataFrame of articles; lazy, as everything in Spark.

    Args:
        articles: Columns `id` and `text`, and perhaps `title`, `url`, `published` and `source`, or common other names
            of these, as `svodka.read` understands them. Ids have to be unique: `dropDuplicates` sees to it. A moment of
            publication is of the day it has in the session's time zone.
        config: As for `svodka.load`.
        batch_size: Articles that go through the models at once; the configuration's if not given.

    Returns:
        A row for each article, in the same partitions and order: the columns of `documents`, and each other table as an
        array of structs; `table` makes tables of them. What cannot be used has null everywhere but in `errors`, and in
        `doc_id` where it has an id.

    Raises:
        MissingLibraryError: pyspark is not installed.
        ConfigError: The configuration cannot work.
        InputError: The DataFrame has no column with the text, or with ids.
    """
    _require_pyspark()
    from pyspark.sql.functions import col
    from pyspark.sql.pandas.types import from_arrow_schema

    settings = get_config(config)
    found = Columns({}, "DataFrame").find(articles.columns)
    if "id" not in found:
        raise InputError(
            f"the DataFrame has no column with ids ({', '.join(ALIASES['id'])}), and its rows have no numbers as those "
            "of a file have: give each article an id of its own"
        )
    renamed = articles.select([col(f"`{name}`").alias(field) for field, name in found.items()])
    work = partial(_extract, config=settings.model_dump_json(), batch_size=batch_size or settings.run.batch_size)
    return renamed.mapInArrow(work, from_arrow_schema(_ROWS))


def table(nested: "DataFrame", name: str) -> "DataFrame":
    """A flat table of nested rows, with the columns of the contract.

    Args:
        nested: What `extract` returns.
        name: Name of the table.

    Raises:
        ConfigError: There is no such table.
    """
    from pyspark.sql.functions import inline

    table_names([name])
    if name == DOCUMENTS.name:
        return nested.where("text is not null").select(DOCUMENTS.schema.names)
    return nested.select("doc_id", inline(name)).select(TABLES[name].schema.names)


def run_on_spark(
    items: Iterable[Article | Problem],
    folder: str | Path,
    *,
    config: Config | None = None,
    master: str | None = None,
    batch_size: int | None = None,
    tables: Sequence[str] | None = None,
    workers: int | None = None,
    prune: bool = False,
    retry: bool = False,
    progress: "RunProgress | None" = None,
) -> Summary:
    """As `svodka.run.folder.run_to_folder`, shards being done by the executors of Spark.

    The driver reads the inputs and lays the articles of each shard into the folder; executors write the tables of a
    shard there. So the folder has to be one that all of them see. What is lost with an executor is done by another.

    Args:
        items: As there.
        folder: As there.
        config: As there.
        master: Spark's master; that of `spark-submit` or of the session there is, if not given.
        batch_size: As there.
        tables: As there.
        workers: Refused: it is Spark that has executors and cores.
        prune: As there.
        retry: As there.
        progress: A bar.

    Raises:
        MissingLibraryError: pyspark is not installed.
        ConfigError: Java is missing, or an option does not go with Spark.
        RunError: As there.
        RunStoppedError: As there, and where Spark gives up.
    """
    begin = time.perf_counter()
    if workers is not None:
        raise ConfigError(
            "--workers is of the local engine; Spark has --master local[N], or the cores of its executors"
        )
    _require_pyspark()
    config = config or Config()
    names = table_names(tables)
    folder = Path(folder).absolute()
    with writing_to(folder):
        made = Made.by(config, names)
        store = Store(folder, made, retry=retry)
        run = FolderRun(store, names)
        with store.running():
            shards = dict(_lay_out(run.missing(items, config.run.shard_articles), folder))
            if shards:
                if progress:
                    progress.begin(sum(shards.values()))
                work = partial(
                    _do_shards,
                    folder=str(folder),
                    config=config.model_dump_json(),
                    made=made.model_dump_json(),
                    batch_size=batch_size or config.run.batch_size,
                )
                for entry in _collect(master, work, shards, folder, progress):
                    store.add(entry)
                    run.count(entry.articles)
            shutil.rmtree(folder / _INPUT, ignore_errors=True)
            return run.publish(begin, prune=prune)


def _lay_out(shards: Iterable[Shard], folder: Path) -> Iterator[tuple[str, int]]:
    """Write the input of each shard where the executors find it; its key and the number of its articles."""
    shutil.rmtree(folder / _INPUT, ignore_errors=True)
    (folder / _INPUT).mkdir()
    for shard in shards:
        problems = orjson.dumps([problem.to_plain() for problem in shard.problems])
        batch = articles_to_batch(shard.articles)
        with pa.ipc.new_file(_input(folder, shard.key), ARTICLE_SCHEMA.with_metadata({_PROBLEMS: problems})) as file:
            file.write_batch(batch)
        yield shard.key, len(shard.articles)


def _input(folder: Path, key: str) -> str:
    return str(folder / _INPUT / f"{key}.arrow")


def _collect(
    master: str | None,
    work: "Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]",
    shards: dict[str, int],
    folder: Path,
    progress: "RunProgress | None",
) -> list[Entry]:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    spark = start_session(master)
    try:
        keys = spark.sparkContext.parallelize([(key,) for key in shards], len(shards))
        done = spark.createDataFrame(keys, "key string").mapInArrow(work, "entry string")
        with ThreadPoolExecutor(1) as thread:
            future = thread.submit(done.collect)
            try:
                _watch(future.done, shards, folder, progress)
                rows = future.result()
            except BaseException:
                spark.sparkContext.cancelAllJobs()
                raise
    except (Py4JError, PySparkException) as error:
        reason = str(error).strip().partition("\n")[0]
        raise RunStoppedError(
            f"Spark has given up: {reason}. What is done is kept, and the same command goes on"
        ) from error
    finally:
        spark.stop()
    return [Entry.model_validate_json(row["entry"]) for row in rows]


def _watch(is_done: Any, shards: dict[str, int], folder: Path, progress: "RunProgress | None") -> None:  # noqa: ANN401
    """Show how far executors are until they are at the end; each shard they finish is seen in the folder."""
    seen: set[str] = set()
    while not is_done():
        time.sleep(0.2)
        for key in {path.name for path in (folder / WAITING).glob("*")} & shards.keys() - seen:
            seen.add(key)
            if progress:
                progress.advance(shards[key])


def start_session(master: str | None = None) -> "SparkSession":
    """The session there is, or a new one in which svodka works well.

    Args:
        master: Spark's master; that of ``spark-submit`` if not given.

    Raises:
        MissingLibraryError: pyspark is not installed.
        ConfigError: Java is missing, or the master does not answer.
    """
    _require_pyspark()
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    if master is None or master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if master is not None and master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # nobody else is to reach it
    builder = SparkSession.builder.appName("svodka run").config("spark.ui.showConsoleProgress", "false")
    if master is not None:
        builder = builder.master(master)
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        builder = builder.config(f"spark.executorEnv.{variable}", "1")
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError) as error:
        raise ConfigError(f"Spark does not start: {error}. It needs {_JAVA}, and a master that answers") from error


def _require_pyspark() -> None:
    # what svodka asks of it goes by Arrow, not by pandas
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    require("pyspark", "spark", besides=_JAVA)


@cache
def _pipeline(config: str) -> Any:  # noqa: ANN401
    """The pipeline of this Python worker, which Spark keeps for one task after another."""
    nlp = load_warm(Config.model_validate_json(config))
    collect_rarely()
    return nlp


def _work(config: str, lists: Iterable[list[Article]]) -> Iterator[pa.RecordBatch]:
    """The nested rows of lists of articles.

    A task that has failed before may have died of a document; it is tried again in a process that may die.
    """
    from pyspark import TaskContext

    settings = Config.model_validate_json(config)
    context = TaskContext.get()
    if context is not None and context.attemptNumber():
        with closing(WorkerPool(settings, 1)) as pool:
            yield from pool.map(lists)
    else:
        nlp = _pipeline(config)
        for articles in lists:
            yield process(nlp, articles, settings.run)


def _extract(stream: Iterator[pa.RecordBatch], config: str, batch_size: int) -> Iterator[pa.RecordBatch]:
    """Batches of articles' fields → batches of nested rows, one for each."""
    waiting: list[list[Article | Problem]] = []

    def lists() -> Iterator[list[Article]]:
        for batch in batches(_items(stream), batch_size):
            waiting.append(batch)
            yield [item for item in batch if isinstance(item, Article)]

    for rows in _work(config, lists()):
        yield _with_problems(rows, waiting.pop(0))


def _items(stream: Iterator[pa.RecordBatch]) -> Iterator[Article | Problem]:
    for batch in stream:
        for values in batch.to_pylist():
            try:
                article = Row(values, None, "").to_article()
                if not article.doc_id:
                    raise InputError("the article has no id; give each its own")
                yield article
            except InputError as error:
                yield Problem(
                    doc_id=error.doc_id or None, source=None, stage="read", error_type="InputError", message=str(error)
                )


def _with_problems(rows: pa.RecordBatch, items: list[Article | Problem]) -> pa.RecordBatch:
    """The rows, and where an item is a problem a row that has it in `errors` and is null elsewhere."""
    if rows.num_rows == len(items):
        return pa.RecordBatch.from_arrays(rows.columns, schema=_ROWS)
    documents = iter(rows.to_pylist())
    made = [next(documents) if isinstance(item, Article) else unread_row(item) for item in items]
    return pa.RecordBatch.from_pylist(made, schema=_ROWS)


def _do_shards(
    stream: Iterator[pa.RecordBatch], folder: str, config: str, made: str, batch_size: int
) -> Iterator[pa.RecordBatch]:
    """Do the shards whose keys come in, write their tables, and give back what the manifest has to know of them.

    Raises:
        RunError: This node has another version of what makes the tables.
    """
    asked = Made.model_validate_json(made)
    different = Made.by(Config.model_validate_json(config), asked.tables).differences(asked)
    if different:
        raise RunError(f"a node has other versions than the driver: {'; '.join(different)}; install the same on all")
    for keys in stream:
        for key in keys["key"].to_pylist():
            with pa.ipc.open_file(_input(Path(folder), key)) as file:
                problems = [Problem.from_plain(values) for values in orjson.loads(file.schema.metadata[_PROBLEMS])]
                articles = batch_to_articles(file.read_all().combine_chunks().to_batches()[0])
            with ShardWriter(Path(folder), Shard(key, tuple(articles), tuple(problems)), asked.tables) as writer:
                for rows in _work(config, batches(articles, batch_size)):
                    writer.write(rows)
                entry = writer.finish()
            yield pa.RecordBatch.from_pydict({"entry": [entry.model_dump_json()]})
