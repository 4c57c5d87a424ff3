"""Worker processes that may die: what one was working on is done again, and a document that ends them is left out.

The pipeline is loaded once: the first workers are forked from the process that has it, and share its memory, where that
is safe; elsewhere, and where one has died, a worker loads it itself. Workers exchange Arrow batches only: a pickled Doc
carries its whole vocabulary. Each has a pipe of its own, so that nothing is shared that a dying process could leave
locked, and a thread of the parent that waits for it, so that it is known which one died of what.
"""

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

import pyarrow as pa
from spacy.language import Language

from svodka.config import Config
from svodka.errors import RunStoppedError
from svodka.records import Article
from svodka.rows import ARTICLE_SCHEMA, articles_to_batch, join_batches, undone_batch
from svodka.run import limits
from svodka.run.local import collect_rarely, load_warm, process_batch
from svodka.schema import NESTED

logger = logging.getLogger(__name__)

# Lists under way for each worker: enough that none waits, few enough that memory stays flat.
_AHEAD = 3
# A document is tried so often before it is left out for ending its worker, and the models before the run is given up.
_TRIES, _LOAD_TRIES = 3, 10
_READY = b"ready"


class WorkerPool:
    """Processes that have the pipeline.

    Args:
        config: Configuration of their pipeline and limits of a document.
        n_workers: How many.
    """

    def __init__(self, config: Config, n_workers: int) -> None:
        self._n_workers = n_workers
        self._workers: list[_Worker] = []
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        loaded = _load(config) if can_fork() else None
        for _ in range(n_workers):
            worker = _Worker(config, loaded)
            self._workers.append(worker)
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(n_workers, thread_name_prefix="svodka-worker")

    def map(self, lists: Iterable[list[Article]]) -> Iterator[pa.RecordBatch]:
        """The nested rows of each list of articles, in their order."""
        waiting: deque[Future[pa.RecordBatch]] = deque()
        stream = iter(lists)
        while True:
            for articles in islice(stream, max(self._n_workers * _AHEAD - len(waiting), 0)):
                waiting.append(self._threads.submit(self._do, articles))
            if not waiting:
                return
            yield waiting.popleft().result()

    def _do(self, articles: list[Article]) -> pa.RecordBatch:
        worker = self._idle.get()
        try:
            return worker.do(articles)
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """End the workers; what they are doing is lost."""
        for worker in self._workers:
            worker.close()
        self._threads.shutdown(cancel_futures=True)


class _ClosedError(Exception):
    """The pool was closed while a thread waited for its worker."""


class _TooSlowError(Exception):
    """A worker did not answer in time."""


class _Worker:
    """A process, started anew whenever it dies."""

    def __init__(self, config: Config, loaded: Language | None) -> None:
        self._config = config
        self._closed = False
        self._lock = threading.Lock()
        self._start("spawn" if loaded is None else "fork", loaded)

    def _start(self, method: str, loaded: Language | None = None) -> None:
        with self._lock:
            if self._closed:
                raise _ClosedError
            context: Any = multiprocessing.get_context(method)
            self._pipe, theirs = context.Pipe()
            arguments = (theirs, os.getpid(), self._config.model_dump(), loaded)
            self._process = context.Process(target=_serve, args=arguments, daemon=True)
            self._process.start()
            theirs.close()  # so that the death of the process is the end of the pipe
            self._ready = False

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._process.kill()

    def do(self, articles: list[Article]) -> pa.RecordBatch:
        """The nested rows of articles, whatever happens to the process."""
        seconds = self._config.run.document_seconds
        alone = articles[0] if len(articles) == 1 else None
        for _ in range(_TRIES if alone else 1):
            try:
                return self._ask(articles, seconds)
            except _TooSlowError:
                self._restart()
                if alone:
                    return undone_batch(alone, limits.timeout(alone, seconds))
            except (EOFError, OSError):
                exit_code = self._restart()
        if alone:
            return undone_batch(alone, limits.died(alone, exit_code))
        return join_batches(self.do([article]) for article in articles)

    def _ask(self, articles: list[Article], seconds: float | None) -> pa.RecordBatch:
        self._wait_until_ready()
        self._pipe.send_bytes(articles_to_batch(articles).serialize())
        if not self._pipe.poll(seconds):
            raise _TooSlowError
        return pa.ipc.read_record_batch(pa.py_buffer(self._pipe.recv_bytes()), NESTED)

    def _wait_until_ready(self) -> None:
        for _ in range(_LOAD_TRIES):
            if self._ready:
                return
            try:
                self._ready = self._pipe.recv_bytes() == _READY
            except (EOFError, OSError):
                exit_code = self._restart()
        if not self._ready:
            raise RunStoppedError(
                f"worker processes die while they load the models (exit code {exit_code}); "
                "short of memory? Run fewer workers"
            )

    def _restart(self) -> int | None:
        """Start the process anew; the exit code of the one before."""
        if not self._closed:
            self._process.kill()
        self._process.join()
        self._pipe.close()
        exit_code: int | None = self._process.exitcode
        if not self._closed:
            logger.warning("worker process %s ended (exit code %s): another takes over", self._process.pid, exit_code)
        self._start("spawn")  # this process has threads by now, which a fork would not survive
        return exit_code


def can_fork() -> bool:
    """Whether a fork is safe: system libraries elsewhere than on Linux forbid it, and threads do not survive it."""
    return sys.platform == "linux" and threading.active_count() == 1


def _load(config: Config) -> Language:
    nlp = load_warm(config)
    collect_rarely()
    return nlp


def _serve(pipe: Connection, parent: int, config: dict[str, Any], loaded: Language | None) -> None:
    """What a worker does until its parent ends it or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all: the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    logging.disable()  # what goes wrong is in the rows, and the parent says it
    settings = Config.from_dict(config)
    # the parent measures the time of a document, and ends this process when it is over
    run = settings.run.model_copy(update={"document_seconds": None})
    nlp = loaded or _load(settings)
    pipe.send_bytes(_READY)
    while True:
        try:
            articles = pipe.recv_bytes()
        except EOFError:
            return
        rows = process_batch(nlp, pa.ipc.read_record_batch(pa.py_buffer(articles), ARTICLE_SCHEMA), run)
        pipe.send_bytes(rows.serialize())


def _end_with(parent: int) -> None:
    """End this process when the parent is gone: a forked brother holds its end of the pipe open."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
