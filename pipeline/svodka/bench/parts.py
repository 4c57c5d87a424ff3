"""What is measured; each part runs in a fresh process of its own (``python -m svodka.bench.parts PART JSON``).

A part prints one line of JSON on its standard output.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import svodka
from svodka.errors import InputError
from svodka.records import Article

_SLICE = 32
_CORE = ("morphology", "syntax", "entities")


def load() -> dict[str, float]:
    """Seconds to import svodka and load the default pipeline."""
    program = (
        "import time; begin = time.perf_counter(); import svodka; svodka.load(); print(time.perf_counter() - begin)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return {"seconds": float(done.stdout)}


def natasha(corpus: str, first: int, last: int, with_dawg2: bool = True) -> dict[str, float]:
    """Seconds natasha takes for articles [first, last), loading left out.

    Args:
        corpus: Path.
        first: First article.
        last: One past the last article.
        with_dawg2: Whether pymorphy2 finds the C++ reader of its dictionary, which svodka brings and natasha does not.
    """
    if not with_dawg2:
        sys.modules["dawg"] = None  # type: ignore[assignment]  # so an import of it fails
    from svodka.bench.baseline import Natasha

    work = Natasha()
    texts = [article.text for article in _articles(corpus)[first:last]]
    work(texts[0])
    begin = time.perf_counter()
    n_tokens = sum(map(work, texts))
    return {"seconds": time.perf_counter() - begin, "tokens": n_tokens, "documents": len(texts)}


def engine(corpus: str, seen: int, unseen: int) -> dict[str, float]:
    """Seconds svodka takes for the work of natasha, tokens to normalised entities, over articles not seen before.

    Args:
        corpus: Path.
        seen: Articles that are read before; not timed.
        unseen: Articles that are timed.
    """
    from svodka.engine import hold, make_doc, run_stages
    from svodka.run.local import rare_collections
    from svodka.stages.people.stage import nominatives
    from svodka.stages.pymorphy import get_dictionary

    nlp, dictionary = svodka.load({"stages": _CORE}), get_dictionary()

    def work(articles: Sequence[Article]) -> int:
        docs = [make_doc(nlp, article) for article in articles]
        with hold(nlp, docs):
            run_stages(nlp, docs)
            for doc in docs:
                nominatives(doc, dictionary)
        return sum(map(len, docs))

    articles = _articles(corpus)
    work([Article(text="Мост откроют вовремя.")])  # the compiled kernels are read from disk
    with rare_collections():
        for some in _slices(articles[:seen]):
            work(some)
        timed = articles[seen : seen + unseen]
        begin = time.perf_counter()
        n_tokens = sum(map(work, _slices(timed)))
        return {"seconds": time.perf_counter() - begin, "tokens": n_tokens, "documents": len(timed)}


def profile(corpus: str, seen: int, unseen: int) -> dict[str, Any]:
    """Seconds of each step of a run over articles not seen before."""
    from svodka.engine import make_doc
    from svodka.rows import nested_batch
    from svodka.run.local import rare_collections
    from svodka.run.shards import Shard
    from svodka.run.writer import ShardWriter
    from svodka.schema import TABLES

    nlp = svodka.load()
    watch, n_tokens = _Stopwatch(), 0

    def work(articles: Sequence[Article], writer: ShardWriter) -> int:
        with watch("tokenize"):
            docs = [make_doc(nlp, article, hidden=True) for article in articles]
        for name, component in nlp.pipeline:
            with watch(name.removeprefix("svodka_")):
                if hasattr(component, "pipe"):
                    list(component.pipe(docs, batch_size=len(docs)))
                else:
                    list(map(component, docs))
        with watch("rows"):
            rows = nested_batch(docs)
        with watch("parquet"):
            writer.write(rows)
        return len(rows["tokens"].flatten())

    articles = _articles(corpus)
    with rare_collections(), tempfile.TemporaryDirectory() as folder:
        with ShardWriter(Path(folder), Shard("seen", (), ()), tuple(TABLES)) as writer:
            for some in _slices(articles[:seen]):
                work(some, writer)
        watch.seconds.clear()
        with ShardWriter(Path(folder), Shard("unseen", (), ()), tuple(TABLES)) as writer:
            n_tokens = sum(work(some, writer) for some in _slices(articles[seen : seen + unseen]))
            with watch("parquet"):
                writer.finish()
    return {"seconds": watch.seconds, "tokens": n_tokens}


def run(corpus: str, documents: int, workers: int, copies: int = 1) -> dict[str, Any]:
    """A run into a folder as `svodka run` makes it, with the memory of this process as the articles go by."""
    from svodka.run.folder import run_to_folder

    resident: list[tuple[int, float]] = []
    n_done = 0

    def on_rows(rows: Any) -> None:  # noqa: ANN401
        nonlocal n_done
        n_done += rows.num_rows
        resident.append((n_done, _resident_megabytes()))

    def items() -> Iterator[Any]:
        for copy in range(copies):
            for number, article in enumerate(svodka.read(corpus)):
                if number == documents:
                    break
                yield article if not copy else Article(**{**article.to_plain(), "doc_id": f"{article.doc_id}#{copy}"})

    with tempfile.TemporaryDirectory() as folder:
        summary = run_to_folder(items(), folder, workers=workers, on_rows=on_rows)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    return {
        "tokens": summary.rows["tokens"],
        "documents": summary.rows["documents"],
        "peak": peak,
        "resident": resident,
    }


def length(corpus: str, characters: int) -> dict[str, float]:
    """Seconds for one document of so many characters, all stages and rows."""
    from svodka.engine import make_doc, run_stages
    from svodka.rows import nested_batch

    nlp = svodka.load()
    text = "\n\n".join(article.text for article in _articles(corpus))
    text *= characters // len(text) + 1
    times = []
    for size in (1000, characters):
        begin = time.perf_counter()
        with nlp.memory_zone():
            docs = [make_doc(nlp, text[:size])]
            nested_batch(docs, run_stages(nlp, docs))
        times.append(time.perf_counter() - begin)
    return {"seconds": times[-1], "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _articles(corpus: str) -> list[Article]:
    articles = [item for item in svodka.read(corpus) if isinstance(item, Article)]
    if not articles:
        raise InputError(f"{corpus}: no article can be read there")
    return articles


def _slices(articles: Sequence[Article]) -> Iterator[Sequence[Article]]:
    for start in range(0, len(articles), _SLICE):
        yield articles[start : start + _SLICE]


class _Stopwatch:
    """Seconds spent under each name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        begin = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begin


def _resident_megabytes() -> float:
    """Memory this process holds now; 0 where the system does not tell."""
    status = Path("/proc/self/statm")
    if not status.exists():
        return 0.0
    return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


PARTS: dict[str, Callable[..., dict[str, Any]]] = {
    function.__name__: function for function in (load, natasha, engine, profile, run, length)
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(PARTS[sys.argv[1]](**json.loads(sys.argv[2]))) + "\n")
