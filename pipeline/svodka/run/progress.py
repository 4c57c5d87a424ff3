"""How far a run is, on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        """Articles a second."""
        return Text(f"{task.speed:.1f} a second" if task.speed else "")


class RunProgress:
    """A bar with rate and remaining time; nothing where the output is no terminal.

    It is refreshed by those who do the work, and has no thread of its own: workers are forked from this process.
    """

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(),
            TimeElapsedColumn(), TimeRemainingColumn(),
        )  # fmt: skip
        self._bar = Progress(
            *columns,
            console=console,
            disable=not console.is_terminal,
            transient=True,
            auto_refresh=False,
            speed_estimate_period=120,
        )
        self._task = self._bar.add_task("reading", total=None)

    @classmethod
    @contextmanager
    def shown(cls) -> Iterator[Self]:
        """A bar on the terminal for a while."""
        progress = cls()
        with progress._bar:
            yield progress

    def read(self, n_articles: int) -> None:
        """So many articles are read through."""
        self._bar.update(self._task, completed=n_articles, refresh=True)

    def begin(self, n_articles: int | None) -> None:
        """So many articles have to be done; None where it is not known."""
        self._bar.reset(self._task, total=n_articles, description="articles")

    def advance(self, n_articles: int) -> None:
        """So many more articles are done."""
        self._bar.update(self._task, advance=n_articles, refresh=True)
