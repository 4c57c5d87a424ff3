"""The benchmark as a whole: runs its parts in processes of their own and says what they come to."""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import svodka
from svodka.errors import InputError
from svodka.records import Article

SEEN, UNSEEN = 750, 300
_FLAT_FROM = 1000
_MOST = {"dates": 5, "people": 5, "quotes": 6}  # µs a token


@dataclass(frozen=True, slots=True)
class Figure:
    """One result.

    Attributes:
        name: What was measured.
        text: The result as it is read.
        value: The number that is compared.
        floor: What it must reach, or, negative, what it must not pass; None where nothing is asked.
    """

    name: str
    text: str
    value: float
    floor: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the result is what is asked."""
        return self.floor is None or (self.value >= self.floor if self.floor >= 0 else self.value <= -self.floor)

    def __str__(self) -> str:
        """The figure with what is asked of it."""
        if self.floor is None:
            return f"{self.name}: {self.text}"
        asked = f"at least {self.floor:g}" if self.floor >= 0 else f"at most {-self.floor:g}"
        return f"{self.name}: {self.text}  [{asked}]{'' if self.holds else '  NOT REACHED'}"


def machine() -> str:
    """The machine and the day, for a figure that is published."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    python = platform.python_version()
    return f"{model}, {os.cpu_count()} cores, Python {python}, {datetime.now(tz=UTC).date().isoformat()}"


def measure(corpus: Path, documents: int | None = None) -> Iterator[Figure]:
    """Measure everything; figures come as they are ready.

    Args:
        corpus: Articles, as `svodka.read` reads them.
        documents: How many of them; all if not given.

    Raises:
        InputError: There are too few articles for unseen ones.
    """
    n_articles = sum(isinstance(item, Article) for item in svodka.read(corpus))
    if n_articles < SEEN + UNSEEN:
        raise InputError(f"{corpus}: {n_articles} articles; {SEEN + UNSEEN} are needed")
    part("load")  # what is prepared once for this machine is prepared now
    load = part("load")
    yield Figure("import and load", f"{load['seconds']:.1f} s", load["seconds"], -2)
    arguments = {"corpus": str(corpus)}
    for name, seen, floor in (("warm", SEEN, 8.0), ("empty caches", 0, 5.5)):
        engine = partial(part, "engine", **arguments, seen=seen, unseen=UNSEEN)
        found, seconds = _beside_natasha(arguments, (seen, seen + UNSEEN), engine)
        ratio = seconds / found["seconds"]
        per_token = [1e6 * each / found["tokens"] for each in (found["seconds"], seconds)]
        text = f"{ratio:.2f} times natasha ({per_token[0]:.1f} against {per_token[1]:.1f} µs a token)"
        yield Figure(f"natasha's work, {found['documents']} unseen articles, {name}", text, ratio, floor)
        alone = part("natasha", **arguments, first=seen, last=seen + UNSEEN, with_dawg2=False)
        ratio = alone["seconds"] / found["seconds"]
        text = f"{ratio:.2f} times natasha ({1e6 * alone['seconds'] / found['tokens']:.1f} µs a token)"
        yield Figure("  the same, natasha as pip installs it, without DAWG2", text, ratio)
    yield from _profile(part("profile", **arguments, seen=SEEN, unseen=UNSEEN))
    yield from _whole_run(arguments, min(documents or n_articles, n_articles))
    yield from _length(arguments)


def _beside_natasha(
    arguments: dict[str, Any], articles: tuple[int, int], measure: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], float]:
    """A measurement, and natasha's seconds for articles [first, last).

    natasha does one half before and one after it, in processes of its own: a machine that slows down slows both.
    """
    first, last = articles
    middle = (first + last) // 2
    before = part("natasha", **arguments, first=first, last=middle)
    found = measure()
    after = part("natasha", **arguments, first=middle, last=last)
    return found, before["seconds"] + after["seconds"]


def _profile(found: dict[str, Any]) -> Iterator[Figure]:
    for step, seconds in found["seconds"].items():
        per_token = 1e6 * seconds / found["tokens"]
        promised = -_MOST[step] if step in _MOST else None
        yield Figure(f"  {step}", f"{per_token:.2f} µs a token", per_token, promised)


def _whole_run(arguments: dict[str, Any], documents: int) -> Iterator[Figure]:
    run = {**arguments, "documents": documents}
    one, seconds = _beside_natasha(arguments, (0, documents), partial(part, "run", **run, workers=1))
    ratio = seconds / one["wall"]
    text = f"{ratio:.2f} times natasha ({one['wall']:.1f} s against {seconds:.1f} s)"
    name = f"svodka run, {one['documents']} articles, {one['tokens']} tokens, start-up to Parquet"
    yield Figure(name, text, ratio, 6)
    yield Figure(
        "articles a core-hour", f"{3600 * one['documents'] / one['wall']:,.0f}", one["documents"] / one["wall"]
    )
    yield Figure("peak memory of that run", f"{one['peak']:.0f} MB", one["peak"], -900)
    early = [megabytes for done, megabytes in one["resident"] if done <= _FLAT_FROM]
    later = [megabytes for done, megabytes in one["resident"] if done >= _FLAT_FROM]
    if early and later:
        growth = 100 * (max(later) / later[0] - 1)
        name = f"memory from the {_FLAT_FROM:,}th article on"
        yield Figure(name, f"at most {growth:.1f} % above what it was then", growth, -5)
    if (os.cpu_count() or 1) > 1:
        before, two, after = (part("run", **run, workers=workers)["wall"] for workers in (1, 2, 1))
        speedup = (before + after) / 2 / two
        text = f"{speedup:.2f} times one ({two:.1f} s, between {before:.1f} and {after:.1f} s)"
        yield Figure("two workers", text, speedup, 1.8)


def _length(arguments: dict[str, Any]) -> Iterator[Figure]:
    short, long = (part("length", **arguments, characters=size) for size in (250_000, 1_000_000))
    ratio = long["seconds"] / short["seconds"]
    text = f"{long['seconds']:.1f} s and {long['peak']:.0f} MB, {ratio:.1f} times a quarter of it"
    yield Figure("a document of a million characters", text, ratio, -5)


def part(name: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
    """Run one part (`svodka.bench.parts`) in a process of its own.

    Returns:
        What it found, and ``wall``: its seconds from start to end.

    Raises:
        InputError: It failed; the message is its last line.
    """
    command = [sys.executable, "-m", "svodka.bench.parts", name, json.dumps(arguments)]
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - begin
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise InputError(f"the benchmark {name!r} failed: {lines[-1] if lines else done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {**found, "wall": wall}
