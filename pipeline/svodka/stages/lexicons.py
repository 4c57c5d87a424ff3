"""Lexicons that more than one stage reads, from the tables in ``svodka/lexicons``."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def read_rows(name: str) -> Iterator[list[str]]:
    """Columns of each line of a lexicon that is neither empty nor a comment."""
    text = files("svodka").joinpath("lexicons", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


@cache
def speech_verbs() -> frozenset[str]:
    """Lemmas of verbs that introduce speech, writing or thought, lower case, е for ё.

    >>> "сообщить" in speech_verbs()
    True
    """
    return frozenset(lemma for lemma, *_ in read_rows("cue_verbs.tsv"))
