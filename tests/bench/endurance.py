"""A long run, as it is overnight: the articles of a corpus again and again, each time under ids of their own.

It prints how memory grows, and checks that every article is there once and in its place. ``make endurance``.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq

import svodka
from svodka.records import Article
from svodka.run.folder import run_to_folder

# Figures of memory.
_FIGURES = 10


def again_and_again(corpus: Path) -> Iterator[Article]:
    """The articles of a corpus without end."""
    for number in count():
        for item in svodka.read(corpus):
            if isinstance(item, Article):
                yield replace(item, doc_id=f"{number}#{item.doc_id}")


def megabytes() -> float:
    """Memory of this process and of its workers, pages that they share counted once."""
    me = psutil.Process()
    return sum(process.memory_full_info().pss for process in (me, *me.children())) / 2**20


def main(corpus: Path, n_articles: int, workers: int = 2) -> None:
    """Run, print, check."""
    n_done = 0
    memory: list[float] = []

    def on_rows(rows: pa.RecordBatch) -> None:
        nonlocal n_done
        n_done += rows.num_rows
        if n_done * _FIGURES // n_articles > len(memory):
            memory.append(megabytes())
            sys.stdout.write(f"{n_done} articles: {memory[-1]:.0f} MB\n")
            sys.stdout.flush()

    with tempfile.TemporaryDirectory() as folder:
        articles = islice(again_and_again(corpus), n_articles)
        summary = run_to_folder(articles, folder, workers=workers, on_rows=on_rows)
        sys.stdout.write(f"{summary}\n")
        ids = pq.read_table(Path(folder) / "documents", columns=["doc_id"])["doc_id"].to_pylist()
    expected = [article.doc_id for article in islice(again_and_again(corpus), n_articles)]
    same = ids == expected
    growth = max(memory) / memory[0] - 1
    sys.stdout.write(f"ids in the order of the input, each once: {same}; memory at most {growth:.1%} above the first\n")
    sys.exit(not same)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
