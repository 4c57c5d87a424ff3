"""Limits of one document, so that none costs a run more than itself: how long it may be and how long it may take."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from svodka.records import Article, Problem

# Stage of the rows of `errors` that are of the run and of no stage of the pipeline.
STAGE = "run"
# Seconds after which what is out of time is told so once more: numba loses what is raised while it calls a kernel.
_AGAIN = 1.0


class OutOfTimeError(BaseException):
    """The time of a document is over. No `Exception`, so that the boundaries that catch those let it through."""


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise `OutOfTimeError` in what is done within it after so many seconds.

    Only the main thread of a process can be stopped so, and only where the system has interval timers (not on Windows);
    elsewhere there is no limit. Compiled code is stopped when it returns.
    """
    if not seconds or threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise OutOfTimeError

    begin = time.monotonic()
    handler = signal.signal(signal.SIGALRM, stop)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if left:  # somebody else's alarm goes on
            signal.setitimer(signal.ITIMER_REAL, max(left - (time.monotonic() - begin), 0.001), interval)


def timeout(article: Article, seconds: float | None) -> Problem:
    """The row of `errors` of a document that took too long."""
    message = f"the document took more than {seconds:g} s: split it, or raise document_seconds under [run]"
    return _problem(article, "timeout", message)


def too_long(article: Article, most: int) -> Problem:
    """The row of `errors` of a document that has too many characters."""
    message = (
        f"the document has {len(article.text)} characters, more than {most}: is it a whole file of articles? "
        "Split it, or raise document_characters under [run]"
    )
    return _problem(article, "too_long", message)


def died(article: Article, exit_code: int | None) -> Problem:
    """The row of `errors` of a document that ended the process that worked on it, twice."""
    how = f"signal {-exit_code}" if exit_code is not None and exit_code < 0 else f"exit code {exit_code}"
    message = f"the worker process died of it ({how}); short of memory? Split the document, or run fewer workers"
    return _problem(article, "died", message)


def failed(article: Article, error: Exception) -> Problem:
    """The row of `errors` of a document that failed outside the stages."""
    return _problem(article, type(error).__name__, str(error) or repr(error))


def _problem(article: Article, error_type: str, message: str) -> Problem:
    return Problem(doc_id=article.doc_id, source=article.source, stage=STAGE, error_type=error_type, message=message)
