"""A bounded memory of what was worked out, quicker than `functools.lru_cache` where a whole list asks at once."""

from collections.abc import Hashable
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memo(dict[K, V]):
    """A dict that works out what it lacks, and forgets what has not been asked for in a while.

    What is asked for goes into the present generation. When that is full it becomes the past one, and what is not asked
    for until the next change is forgotten. So ``map(memo.__getitem__, keys)`` runs at the speed of a dict.

    Args:
        limit: Items of a generation; twice as many are kept at most.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._past: dict[K, V] = {}

    def work_out(self, key: K) -> V:
        """The value of a key that is not known; to be defined."""
        raise NotImplementedError

    def __missing__(self, key: K) -> V:
        """Take the value from the past generation, or work it out."""
        if len(self) >= self._limit:
            self._past = dict(self)
            self.clear()
        value = self._past.pop(key) if key in self._past else self.work_out(key)
        self[key] = value
        return value
