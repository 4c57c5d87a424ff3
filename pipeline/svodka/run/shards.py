"""Cutting a stream of articles into shards by what it holds, so that the same articles make the same shard again.

A shard ends behind an article whose id and text have a digest that says so (content-defined chunking, as of
Muthitacharoen, Chen and Mazières, «A low-bandwidth network file system», SOSP 2001): an article that is added, changed
or gone changes the shard it is in, and no other, wherever it stands. Nothing depends on workers or batches.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

import orjson

from svodka.records import Article, Problem

# A shard has at least a quarter of the mean number of articles, at most four times as many; characters end it too, so
# that long articles make no huge files.
_LEAST, _MOST = 0.25, 4
_MOST_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class Shard:
    """Articles that are done and kept together.

    Attributes:
        key: Sixteen hexadecimal digits that differ where anything in its articles or problems does.
        articles: Articles in the order of the input.
        problems: What could not be read among them.
    """

    key: str
    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]


def cut(items: Iterable[Article | Problem], mean: int) -> Iterator[Shard]:
    """Cut a stream into shards.

    Args:
        items: Articles and problems, as `svodka.read` yields them.
        mean: How many of them a shard is to have, about.
    """
    taken: list[Article | Problem] = []
    total = blake2b(digest_size=8)
    n_characters = 0
    for item in items:
        total.update(_digest(type(item).__name__, *item.to_plain().values()))
        taken.append(item)
        ends = False
        if isinstance(item, Article):
            n_characters += len(item.text)
            ends = int.from_bytes(_digest(item.doc_id, item.text)) % mean == 0 and len(taken) >= mean * _LEAST
        if ends or len(taken) >= mean * _MOST or n_characters >= _MOST_CHARACTERS:
            yield _shard(total.hexdigest(), taken)
            taken, total, n_characters = [], blake2b(digest_size=8), 0
    if taken:
        yield _shard(total.hexdigest(), taken)


def _shard(key: str, taken: list[Article | Problem]) -> Shard:
    articles = tuple(item for item in taken if isinstance(item, Article))
    return Shard(key, articles, tuple(item for item in taken if isinstance(item, Problem)))


def _digest(*values: object) -> bytes:
    return blake2b(orjson.dumps(values), digest_size=16).digest()
