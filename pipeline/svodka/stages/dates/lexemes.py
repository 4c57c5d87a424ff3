"""Cuts a text into lexemes and looks up what each can mean in the lexicons of time.

The grammar needs finer units than the tokenizer's («11–17» is three lexemes, «15:30» one), so it reads the text itself;
offsets are those of the text.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

Reading = tuple[str, object]
LEXICONS = ("dates_words.tsv", "dates_numerals.tsv", "dates_holidays.tsv")

# A number with what is glued to it, a word, a line break, or any other sign.
_LEXEME = re.compile(
    r"(?P<iso>(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-]))"
    r"|(?P<number>\d+(?:[.,:/]\d+)*)(?:[-‑](?P<suffix>[а-яё]+)|(?P<glued>(?:(?:ти)?летн|дневн)[а-яё]+|(?:го|й|е)\b))?"
    r"|(?P<word>[^\W\d_]+)|\n|[^\s]",
    re.IGNORECASE,
)
_DATE = re.compile(r"(\d{1,2})[./](\d{2})[./](\d{4}|\d{2})")
_CLOCK = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)(?::([0-5]\d))?")
_ORDINAL = re.compile(r"(?:о?[йеяюм]|[оыи]?[йм]|[ыи]?е|[ыи]?х|[оыиья]?[ея]|о?го|о?му|[ыи]?ми|у?ю)")
_SINGULAR = re.compile(r"[ыои]?й|о?го|о?му|[ыо]?м")
_DECADE = re.compile(r"[ыи]?(?:е|х|ми)|м")
_ROMAN = re.compile("[IVX\u0425]{1,6}")  # with the Cyrillic letter that stands for X in many texts
_DASHES = frozenset("-–—−‒‑")
_FIRST_YEAR, _LAST_YEAR = 1000, 2199


class Lexeme(NamedTuple):
    """A stretch of text without blanks inside.

    Attributes:
        start: First code point.
        end: One past the last.
        word: The text in lower case with е for ё.
        readings: What it can be in the grammar: pairs of kind and value; none if it has nothing to do with time.
        upper: Whether it begins with a capital.
    """

    start: int
    end: int
    word: str
    readings: tuple[Reading, ...]
    upper: bool


def fold(text: str) -> str:
    """Lower case with е for ё: the form in which the lexicons are written."""
    return text.lower().replace("ё", "е")


def read_lexicon(name: str) -> Iterator[tuple[str, str, str]]:
    """Rows (kind, value, forms) of a lexicon; lines that begin with # are comments."""
    text = resources.files("svodka").joinpath("lexicons", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            kind, value, forms = line.split("\t")
            yield kind, value, forms


class Lexicon:
    """Words of time: single words by form, phrases as sequences of word alternatives.

    Args:
        literals: Words that the grammar names itself; they get a reading of their own, in quotes.

    Attributes:
        phrases: (kind, value, words), each word a tuple of its forms.
    """

    def __init__(self, literals: frozenset[str]) -> None:
        words: dict[str, list[Reading]] = {}
        adjectives: dict[str, list[tuple[str, str]]] = {"prefix": [], "prefix_ten": [], "adj_stem": []}
        self.phrases: list[tuple[str, object, tuple[tuple[str, ...], ...]]] = []
        for name in LEXICONS:
            for kind, text, forms in read_lexicon(name):
                value: object = int(text) if re.fullmatch(r"-?\d+", text) else text
                parts = tuple(tuple(part.split("/")) for part in forms.split())
                if kind in adjectives:
                    adjectives[kind] += [(form, text) for form in parts[0]]
                elif len(parts) > 1:
                    self.phrases.append((kind, value, parts))
                else:
                    for form in parts[0]:
                        words.setdefault(form, []).append((kind, value))
                        if kind in {"unit", "units"}:
                            words[form].append((f"{kind}:{value}", value))
        inner = {form for _, _, parts in self.phrases for part in parts for form in part}
        for form in literals | inner:
            words.setdefault(form, []).append((f"'{form}'", None))
        self._stems = dict(adjectives["adj_stem"])
        self._prefixes = dict(adjectives["prefix"])
        for ten, tens in adjectives["prefix_ten"]:
            self._prefixes[ten] = tens
            for form, number in adjectives["prefix"]:
                if number.isdigit() and 1 < int(number) < 10:
                    self._prefixes[ten + form] = str(int(tens) + int(number))
        stems = "|".join(sorted(self._stems, key=len, reverse=True))
        self._adjective = re.compile(
            rf"([а-я]*?)({stems})(?:[иы]й|ого|ему|ому|[иы]м|[ое]м|ая|яя|ой|ей|ую|юю|ое|ее|[иы]е|[иы]х|[иы]ми|его)"
        )
        self._words = {form: tuple(readings) for form, readings in words.items()}
        self.readings = lru_cache(maxsize=1 << 16)(self._look_up)

    def _look_up(self, word: str) -> tuple[Reading, ...]:
        """Readings of a word in folded form."""
        known = self._words.get(word)
        if known is not None:
            return known
        length = self._length_adjective(word, None)
        return (length,) if length else ()

    def _length_adjective(self, word: str, number: str | None) -> Reading | None:
        """«двухлетний», or with a number given «летний» after «47-»: ("length_adj", TIMEX3 duration)."""
        match = self._adjective.fullmatch(word)
        if match is None or (number is None) != bool(match[1]):
            return None
        amount = number or self._prefixes.get(match[1])
        if amount is None:
            return None
        unit = self._stems[match[2]]
        return "length_adj", f"PT{amount}{unit[1]}" if unit[0] == "T" else f"P{amount}{unit}"

    def scan(self, text: str) -> list[Lexeme]:
        """All lexemes of a text."""
        lexemes = []
        readings = self.readings
        for match in _LEXEME.finditer(text):
            kind = match.lastgroup
            raw = match[0]
            if kind == "word":
                word = raw.lower().replace("ё", "е")
                if word == "c":  # the Latin letter, a common slip for the preposition
                    word = "с"
                found = readings(word)
                if not found and len(raw) < 7 and _ROMAN.fullmatch(raw):
                    found = _roman(raw)
            elif kind is None:
                word = raw
                found = (("dash", None), *readings(raw)) if raw in _DASHES else readings(raw)
            else:
                word = fold(raw)
                found = self._numeric(match)
            lexemes.append(Lexeme(match.start(), match.end(), word, found, raw[0].isupper()))
        return lexemes

    def _numeric(self, match: re.Match[str]) -> tuple[Reading, ...]:
        if match["iso"]:
            year, month, day = map(int, match["iso"].split("-"))
            return (("date", (year, month, day)),)
        number, suffix = match["number"], match["suffix"] or match["glued"]
        if suffix:
            return self._suffixed(number, fold(suffix)) if number.isascii() and number.isdigit() else ()
        if number.isdigit():
            return _plain(number) if number.isascii() else ()
        if found := _DATE.fullmatch(number):
            year = int(found[3]) if len(found[3]) == 4 else 2000 + int(found[3]) - (100 if int(found[3]) > 49 else 0)
            return (("date", (year, int(found[2]), int(found[1]))),)
        if re.fullmatch(r"\d{1,3},\d", number):
            return (("decimal", number.replace(",", ".")),)
        if found := re.fullmatch(r"(\d{4})/(\d{4}|\d{2})", number):
            first = int(found[1])
            last = int(found[2]) if len(found[2]) == 4 else first - first % 100 + int(found[2])
            return (("year_span", (first, last)),) if last == first + 1 else ()
        if found := _CLOCK.fullmatch(number):
            hour, minute = int(found[1]), found[2]
            if hour == 24 and minute != "00":
                return ()
            kind = "clock" if ":" in number else "dotted_clock"
            if kind == "dotted_clock" and len(found[1]) == 1:
                return ()
            return ((kind, f"T{hour % 24:02}:{minute}:{found[3] or '00'}"),)
        return ()

    def _suffixed(self, number: str, suffix: str) -> tuple[Reading, ...]:
        if len(number) > 4:
            return ()
        value = int(number)
        length = self._length_adjective(suffix.removeprefix("ти"), number)
        if length:
            return (length,)
        if suffix in {"ти", "и", "х", "ми", "ю"} and len(number) < 3:
            found: tuple[Reading, ...] = (("int", value),)
        else:
            found = ()
        if _ORDINAL.fullmatch(suffix):
            year = len(number) == 4 and _FIRST_YEAR <= value <= _LAST_YEAR
            if not year:
                found += (("ordinal", value),)
            elif _SINGULAR.fullmatch(suffix):
                found += (("year_ordinal", value),)
            if value % 10 == 0 and _DECADE.fullmatch(suffix) and ((year and suffix != "м") or 0 <= value < 100):
                found += (("decade", value),)
        return found


def _plain(number: str) -> tuple[Reading, ...]:
    if len(number) > 4:
        return ()
    value = int(number)
    if len(number) == 4:
        return (("y4", value), ("int", value)) if _FIRST_YEAR <= value <= _LAST_YEAR else ()
    return (("int", value),)


def _roman(text: str) -> tuple[Reading, ...]:
    values = {"I": 1, "V": 5, "X": 10, "Х": 10}
    digits = [values[letter] for letter in text]
    total = sum(-d if d < max(digits[i + 1 :], default=0) else d for i, d in enumerate(digits))
    return (("roman", total),) if total else ()
