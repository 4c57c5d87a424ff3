"""Speed as a ratio to natasha, both measured in this process on the same texts, one core, BLAS on one thread.

    python tests/bench/speed.py [CORPUS] [--docs N]

natasha is used as its README shows: segments, tags, parses, finds entities, lemmatises every token and normalises every
span, document by document. svodka runs all its stages and makes the tables. Prints microseconds a token and the ratio,
the best of two interleaved passes each; absolute figures say little on a shared machine.
"""

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path

import click

import svodka
from svodka import _compat
from svodka.records import Article

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"


def natasha_pass(articles: list[Article]) -> Callable[[], int]:
    """A pass of natasha over the articles; gives the number of tokens."""
    import os

    os.environ["PYMORPHY2_DICT_PATH"] = str(_compat.package_path("pymorphy2_dicts_ru") / "data")
    _compat.mend_inspect()
    from natasha import Doc, MorphVocab, NewsEmbedding, NewsMorphTagger, NewsNERTagger, NewsSyntaxParser, Segmenter

    embedding, segmenter, vocabulary = NewsEmbedding(), Segmenter(), MorphVocab()
    morphology, syntax = NewsMorphTagger(embedding), NewsSyntaxParser(embedding)
    entities = NewsNERTagger(embedding)

    def run() -> int:
        n_tokens = 0
        for article in articles:
            doc = Doc(article.text)
            doc.segment(segmenter)
            doc.tag_morph(morphology)
            doc.parse_syntax(syntax)
            doc.tag_ner(entities)
            for token in doc.tokens:
                token.lemmatize(vocabulary)
            for span in doc.spans:
                span.normalize(vocabulary)
            n_tokens += len(doc.tokens)
        return n_tokens

    return run


def svodka_pass(articles: list[Article]) -> Callable[[], int]:
    """A pass of svodka over the articles, tables included; gives the number of tokens."""
    nlp = svodka.load()
    return lambda: len(svodka.extract(articles, nlp=nlp).arrow("tokens"))


def microseconds(run: Callable[[], int]) -> tuple[float, int]:
    """Processor time a token."""
    begin = time.process_time()
    n_tokens = run()
    return 1e6 * (time.process_time() - begin) / n_tokens, n_tokens


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, default=SAMPLES)
    parser.add_argument("--docs", type=int, default=200)
    arguments = parser.parse_args()
    found = [item for item in svodka.read(arguments.corpus) if isinstance(item, Article)]
    articles = found[: arguments.docs]
    passes = {"svodka": svodka_pass(articles), "natasha": natasha_pass(articles)}
    best: dict[str, float] = {}
    for _ in range(2):
        for name, run in passes.items():
            each, n_tokens = microseconds(run)
            best[name] = min(best.get(name, each), each)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ratio = best["natasha"] / best["svodka"]
    click.echo(f"{len(articles)} documents, {n_tokens} tokens; peak {peak:.0f} MB")
    click.echo(
        f"microseconds a token: natasha {best['natasha']:.0f}, svodka with all stages and tables {best['svodka']:.0f}"
    )
    click.echo(f"svodka is {ratio:.2f} times as fast")


if __name__ == "__main__":
    main()
