"""The pipeline over a stream of articles, in this process or in several; the order is always the input's."""

import atexit
import gc
import logging
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import chain, islice

import pyarrow as pa
from spacy.language import Language

from svodka.config import Config, RunConfig
from svodka.engine import batches, has_own_stages, load, make_doc, run_stages
from svodka.lexical import batch_memory
from svodka.records import Article, Problem
from svodka.rows import batch_to_articles, join_batches, nested_batch, undone_batch
from svodka.run import limits
from svodka.tables import Batch

logger = logging.getLogger(__name__)

# Objects kept between two collections of cyclic garbage, of which a batch leaves dozens; Python's own value is 700.
_COLLECT_EVERY = 1_000_000


def process_batch(nlp: Language, articles: pa.RecordBatch, run: RunConfig | None = None) -> pa.RecordBatch:
    """Articles (`svodka.rows.ARTICLE_SCHEMA`) in, nested rows (`svodka.schema.NESTED`) out, one for each.

    Args:
        nlp: The pipeline.
        articles: The articles.
        run: Limits of a document; the default ones if not given. A document over a limit, or that nothing can be done
            with, has its text in its row, and why in `errors`.
    """
    return process(nlp, batch_to_articles(articles), run or RunConfig())


def process(nlp: Language, articles: list[Article], run: RunConfig) -> pa.RecordBatch:
    """As `process_batch`, of a list."""
    alone = articles[0] if len(articles) == 1 else None
    try:
        if all(len(article.text) <= run.document_characters for article in articles):
            with limits.time_limit(run.document_seconds):
                return _rows(nlp, articles)
        if alone is not None:
            return undone_batch(alone, limits.too_long(alone, run.document_characters))
    except limits.OutOfTimeError:
        if alone is not None:
            return undone_batch(alone, limits.timeout(alone, run.document_seconds))
    except Exception as error:  # a boundary: whichever document it was is found one by one
        logger.debug("a batch failed", exc_info=True)
        if alone is not None:
            return undone_batch(alone, limits.failed(alone, error))
    return join_batches(process(nlp, [article], run) for article in articles)


def _rows(nlp: Language, articles: list[Article]) -> pa.RecordBatch:
    hidden = has_own_stages(nlp)
    with batch_memory(nlp):
        docs = [make_doc(nlp, article, hidden=hidden) for article in articles]
        return nested_batch(docs, run_stages(nlp, docs))


def run_batches(
    nlp: Language, items: Iterable[Article | Problem], *, batch_size: int = 32, run: RunConfig | None = None
) -> Iterator[Batch]:
    """Run in this process.

    Args:
        nlp: The pipeline.
        items: Articles and the problems met on the way to them, as `svodka.read` yields them.
        batch_size: Articles that go through the models at once.
        run: Limits of a document; the default ones if not given.
    """
    for batch in batches(items, batch_size):
        articles = [item for item in batch if isinstance(item, Article)]
        problems = tuple(item for item in batch if isinstance(item, Problem))
        yield Batch(process(nlp, articles, run or RunConfig()), problems)


def run_lists(config: Config, lists: Iterable[list[Article]], workers: int) -> Generator[pa.RecordBatch, None, None]:
    """The nested rows of lists of articles, in their order.

    Args:
        config: Configuration of the pipeline.
        lists: What goes through the models at once; drawn from as the work goes on.
        workers: Processes; with one, the work is done in this process.

    Raises:
        RunStoppedError: Worker processes die before they have begun.
    """
    stream = iter(lists)
    first = list(islice(stream, 1))
    if not first:  # nothing is loaded for nothing
        return
    lists = chain(first, stream)
    if workers == 1:
        nlp = load_warm(config)
        with rare_collections():
            for articles in lists:
                yield process(nlp, articles, config.run)
    else:
        from svodka.run.workers import WorkerPool

        with closing(WorkerPool(config, workers)) as pool, rare_collections():
            yield from pool.map(lists)


def load_warm(config: Config) -> Language:
    """The pipeline, with all that it loads or compiles on first use, so that no document's time pays for it."""
    nlp = load(config)
    process(nlp, [Article(text="Мост откроют вовремя.")], RunConfig(document_seconds=None))
    return nlp


def collect_rarely() -> None:
    """Let the garbage collector look seldom, and never at what is loaded: it would cost a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_EVERY, *gc.get_threshold()[1:])
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)  # else Python looks through all that is remembered once more before it ends


@contextmanager
def rare_collections() -> Iterator[None]:
    """As `collect_rarely`, for a while."""
    before = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.freeze()  # what is remembered by now is old, and no collection begins with it
        gc.set_threshold(*before)
        gc.unfreeze()
