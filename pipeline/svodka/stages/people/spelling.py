"""Letters kept as the author wrote them when a word changes its ending."""

import re

from svodka.stages.columns import fold

_ACRONYM = re.compile(r"^([А-ЯЁ]{2,})(?:а|у|ом|е|ы|и|ов|ам|ами|ах)?$")


def respell(written: str, inflected: str) -> str:
    """The inflected form with the capitals and the ё of the written one.

    >>> respell("Пугачевой", "пугачёва"), respell("Ростове-на-Дону", "ростов-на-дону")
    ('Пугачева', 'Ростов-на-Дону')
    """
    if written == inflected:
        return written
    if written.count("-") == inflected.count("-") > 0:
        return "-".join(respell(*parts) for parts in zip(written.split("-"), inflected.split("-"), strict=True))
    ours, theirs = fold(written), fold(inflected)
    kept = min(len(ours), len(theirs))
    while ours[:kept] != theirs[:kept]:  # forms differ at the end, so this takes fewer steps than from the start
        kept -= 1
    rest = inflected[kept:]
    if len(written) > 1 and written.isupper():
        rest = rest.upper()
    elif kept == 0 and written[:1].isupper():
        rest = rest[:1].upper() + rest[1:]
    return written[:kept] + rest


def bare_acronym(word: str) -> str | None:
    """An acronym without a case ending, None where the word is none.

    >>> bare_acronym("МИДа"), bare_acronym("США"), bare_acronym("Мид")
    ('МИД', 'США', None)
    """
    match = _ACRONYM.match(word)
    return match.group(1) if match else None
