"""``svodka run``: what the command does with its options, its messages and its exit code."""

import logging
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar, Self

import click

from svodka.config import Config, get_config
from svodka.errors import ConfigError, RunStoppedError, SvodkaError
from svodka.records import Article, Problem
from svodka.run.folder import LOG, Summary, plan_run, run_to_folder
from svodka.run.progress import RunProgress
from svodka.run.stream import run_to_jsonl
from svodka.view.visible import visible

_STREAM = Path("-")
_NOTHING_DONE, _STOPPED, _INTERRUPTED, _PIPE_CLOSED, _TERMINATED = 2, 3, 130, 141, 143

Source = Callable[[], Iterable[Article | Problem]]


class _TerminatedError(BaseException):
    """The process was asked to end, as a cluster's scheduler does."""


def run_command(
    source: Source,
    *,
    can_read_twice: bool,
    out: Path,
    out_format: str | None,
    config: str,
    tables: str | None,
    engine: str,
    master: str | None,
    prune: bool,
    retry: bool,
    **work: Any,  # noqa: ANN401
) -> int:
    """Run, and tell the user what was done.

    Args:
        source: Gives the articles, from the first on at each call.
        can_read_twice: Whether it can be called twice.
        out: Where the tables go: a folder, or ``-``.
        out_format: parquet or jsonl; None for what `out` asks for.
        config: Preset or TOML file.
        tables: Names of tables, comma-separated.
        engine: local or spark.
        master: Spark's master.
        prune: As for `run_to_folder`.
        retry: As there.
        work: `workers` and `batch_size`, as there.

    Returns:
        The exit code.
    """
    go_on = "" if out == _STREAM else "; what is done is kept, and the same command goes on"
    unread = _Unread()
    try:
        settings = get_config(config)
        work["tables"] = [name.strip() for name in tables.split(",")] if tables else None
        _check_options(out, out_format, engine, master)
        with _Stop() as stop:

            def items() -> Iterator[Article | Problem]:
                return stop.watch(unread.watch(source()))

            if out == _STREAM:
                summary = run_to_jsonl(items(), sys.stdout.buffer, config=settings, **work)
            elif engine == "spark":
                from svodka.run.spark import run_on_spark

                with RunProgress.shown() as progress:
                    summary = run_on_spark(
                        items(),
                        out,
                        config=settings,
                        master=master,
                        prune=prune,
                        retry=retry,
                        progress=progress,
                        **work,
                    )
            else:
                summary = _run(items, can_read_twice, out, settings, prune=prune, retry=retry, **work)
    except RunStoppedError as error:
        click.echo(f"Error: {visible(str(error))}", err=True)
        return _STOPPED
    except SvodkaError as error:
        click.echo(f"Error: {visible(str(error))}", err=True)
        return _NOTHING_DONE
    except BrokenPipeError:
        # the reader has enough; what Python would still flush goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    except KeyboardInterrupt:
        click.echo(f"interrupted{go_on}", err=True)
        return _INTERRUPTED
    except _TerminatedError:
        click.echo(f"terminated{go_on}", err=True)
        return _TERMINATED
    _report(summary, out, unread)
    return summary.exit_code


def _check_options(out: Path, out_format: str | None, engine: str, master: str | None) -> None:
    if out_format not in (None, "jsonl" if out == _STREAM else "parquet"):
        raise ConfigError("JSON lines go to standard output (--format jsonl --out -), Parquet goes into a folder")
    if out == _STREAM and engine != "local":
        raise ConfigError("Spark writes into a folder; give --out one")
    if master is not None and engine != "spark":
        raise ConfigError("--master is Spark's; add --engine spark")


def _run(
    source: Source,
    can_read_twice: bool,
    folder: Path,
    config: Config,
    *,
    prune: bool,
    retry: bool,
    **work: Any,  # noqa: ANN401
) -> Summary:
    with RunProgress.shown() as progress:
        n_articles = None
        if can_read_twice:
            with _silent_readers():
                plan = plan_run(
                    source(), folder, config=config, tables=work["tables"], retry=retry, on_articles=progress.read
                )
            n_articles = plan.n_articles - plan.n_skipped
        progress.begin(n_articles)
        return run_to_folder(
            source(),
            folder,
            config=config,
            prune=prune,
            retry=retry,
            n_articles=n_articles,
            on_rows=lambda rows: progress.advance(rows.num_rows),
            **work,
        )


@contextmanager
def _silent_readers() -> Iterator[None]:
    """Within it readers do not say what they will say when the inputs are read once more."""
    logger = logging.getLogger("svodka.readers")
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = False


class _Unread:
    """The first of what cannot be read, to be told at the end: most often it is all there is."""

    _MOST = 3

    def __init__(self) -> None:
        self._problems: dict[Problem, None] = {}  # a set that keeps the order; inputs may be read twice

    def watch(self, items: Iterable[Article | Problem]) -> Iterator[Article | Problem]:
        """The items as they are."""
        for item in items:
            if isinstance(item, Problem) and len(self._problems) < self._MOST:
                self._problems[item] = None
            yield item

    def lines(self) -> Iterator[str]:
        """A line each."""
        for problem in self._problems:
            yield visible(f"  {problem.source or problem.doc_id or 'an input'}: {problem.message}", one_line=True)


def _report(summary: Summary, out: Path, unread: _Unread) -> None:
    to_folder = out != _STREAM
    click.echo(f"{out}: {summary}", err=not to_folder)
    if summary.rows["errors"]:
        where = (
            f"see the table errors, `svodka view {out}`, or {out / LOG}" if to_folder else "see `errors` in the lines"
        )
        click.echo("\n".join([f"{summary.rows['errors']} problem(s): {where}", *unread.lines()]), err=True)


class _Stop:
    """Within it SIGINT and SIGTERM end the work by an exception, so that nothing is left half done.

    What a signal raises is lost if it comes to a destructor, or to numba calling a kernel: `watch` raises it once more.
    """

    _ERRORS: ClassVar[dict[int, type[BaseException]]] = {
        signal.SIGINT: KeyboardInterrupt,
        signal.SIGTERM: _TerminatedError,
    }

    def __init__(self) -> None:
        self._asked: type[BaseException] | None = None
        self._before: dict[int, Any] = {}

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._asked = self._ERRORS[number]
        raise self._asked

    def watch(self, items: Iterable[Article | Problem]) -> Iterator[Article | Problem]:
        """The items, until a signal has come."""
        for item in items:
            if self._asked:
                raise self._asked
            yield item

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._stop) for number in self._ERRORS}
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
