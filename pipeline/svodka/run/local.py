"""The pipeline over a stream of articles, in one process or several; the order is always the input's.

The pipeline is loaded once: workers are forked from the process that has it, and share its memory, where that is safe,
and load it themselves elsewhere. They exchange Arrow batches only: a pickled Doc carries its whole vocabulary.
"""

import gc
import itertools
import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from spacy.language import Language

from svodka.config import Config
from svodka.engine import batches, hold, load_for_run, make_doc, run_stages
from svodka.lexical import batch_memory
from svodka.records import Article, Problem
from svodka.rows import articles_to_batch, batch_to_articles, nested_batch
from svodka.tables import Batch

# Batches under way for each worker: enough that none waits, few enough that memory stays flat.
_AHEAD = 3
# Objects kept between two collections of cyclic garbage, of which a batch leaves dozens; Python's own value is 700.
_COLLECT_EVERY = 1_000_000


def process_batch(nlp: Language, articles: pa.RecordBatch) -> pa.RecordBatch:
    """Articles (`svodka.rows.ARTICLE_SCHEMA`) in, nested rows (`svodka.schema.NESTED`) out, one for each."""
    return _process(nlp, batch_to_articles(articles))


def _process(nlp: Language, articles: list[Article]) -> pa.RecordBatch:
    with batch_memory(nlp):
        docs = [make_doc(nlp, article) for article in articles]
        with hold(nlp, docs, hidden=True):
            problems = run_stages(nlp, docs)
            return nested_batch(docs, problems)


def run_batches(nlp: Language, items: Iterable[Article | Problem], *, batch_size: int = 32) -> Iterator[Batch]:
    """Run in this process.

    Args:
        nlp: The pipeline.
        items: Articles and the problems met on the way to them, as `svodka.read` yields them.
        batch_size: Articles that go through the models at once.
    """
    for articles, problems in batches(items, batch_size):
        yield Batch(_process(nlp, articles), tuple(problems))


def collect_rarely() -> None:
    """Let the garbage collector look seldom, and never at what is loaded: it would cost a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_EVERY, *gc.get_threshold()[1:])


@contextmanager
def rare_collections() -> Iterator[None]:
    """As `collect_rarely`, for a while."""
    before = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


_worker_nlp: Language | None = None


def _can_fork() -> bool:
    """Whether a fork is safe: system libraries elsewhere than on Linux forbid it, and threads do not survive it."""
    return sys.platform == "linux" and threading.active_count() == 1


def _start_worker(config: dict[str, Any]) -> None:
    global _worker_nlp
    if _worker_nlp is None:
        _worker_nlp = load_for_run(Config.from_dict(config))
        collect_rarely()


def _work(articles: pa.RecordBatch) -> pa.RecordBatch:
    assert _worker_nlp is not None
    return process_batch(_worker_nlp, articles)


def _start_pool(config: Config, workers: int) -> ProcessPoolExecutor:
    """A pool whose workers have the pipeline."""
    global _worker_nlp
    can_fork = _can_fork()
    if can_fork:
        _worker_nlp = load_for_run(config)
        _process(_worker_nlp, [Article(text="Мост откроют вовремя.")])  # what is loaded on first use is shared as well
        collect_rarely()
    context = multiprocessing.get_context("fork" if can_fork else "spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(config.model_dump(),))
    pool.submit(os.getpid).result()  # a fork starts all workers at the first call
    _worker_nlp = None
    return pool


def run_workers(
    config: Config, items: Iterable[Article | Problem], *, workers: int, batch_size: int = 32
) -> Iterator[Batch]:
    """Run in several processes.

    Args:
        config: Configuration of the workers' pipeline.
        items: As for `run_batches`.
        workers: Processes.
        batch_size: As for `run_batches`.
    """
    pool = _start_pool(config, workers)
    waiting: deque[tuple[Future[pa.RecordBatch], tuple[Problem, ...]]] = deque()
    with pool:
        stream = batches(items, batch_size)
        while True:
            for articles, problems in itertools.islice(stream, max(workers * _AHEAD - len(waiting), 0)):
                waiting.append((pool.submit(_work, articles_to_batch(articles)), tuple(problems)))
            if not waiting:
                return
            future, problems_ = waiting.popleft()
            yield Batch(future.result(), problems_)
