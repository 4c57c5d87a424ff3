"""Cuts a text into lexemes and looks up what each can mean in the lexicons of time.

The grammar needs finer units than the tokenizer's («11–17» is three lexemes, «15:30» one), so it reads the text itself;
offsets are those of the text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Set
from functools import lru_cache
from itertools import accumulate, compress, count, product

from svodka.stages.columns import fold
from svodka.stages.lexicons import read_rows

Reading = tuple[str, object]
LEXICONS = ("dates_words.tsv", "dates_numerals.tsv", "dates_holidays.tsv")

# A number with what is glued to it.
_NUMBER = (
    r"(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-])"
    r"|\d{4}(?=,\d{4}\b)"
    r"|\d+(?:[.,:/]\d+)*(?:[-‑][а-я]+|(?:(?:ти)?летн|дневн)[а-я]+|(?:го|й|е)\b)?"
)
# A word, a number, a line break or any other sign, and the blanks behind it. The first alternative says nothing new:
# letters of a range are found faster than letters by their property.
_LEXEME = re.compile(rf"(?:[а-я]+\b|[^\W\d_]+|{_NUMBER}|\n|\S)[^\S\n]*")
_PARTS = re.compile(r"(?P<number>[^а-я]*\d)(?:[-‑]?(?P<suffix>[а-я]+))?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DATE = re.compile(r"(\d{1,2})[./](\d{2})[./](\d{4}|\d{2})")
_CLOCK = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)(?::([0-5]\d))?")
_ORDINAL = re.compile(r"(?:о?[йеяюм]|[оыи]?[йм]|[ыи]?е|[ыи]?х|[оыиья]?[ея]|о?го|о?му|[ыи]?ми|у?ю)")
_SINGULAR = re.compile(r"[ыои]?й|о?го|о?му|[ыо]?м")
_DECADE = re.compile(r"[ыи]?(?:е|х|ми)|м")
_ROMAN = re.compile("[IVX\u0425]{1,6}")  # with the Cyrillic letter that stands for X in many texts
_FIGURE = re.compile("[0-9IVX\u0425]")  # what numbers are made of, Arabic and Roman
_ENDINGS = (
    *("ий", "ый", "ого", "его", "ому", "ему", "им", "ым", "ом", "ем", "ая", "яя", "ой", "ей", "ую", "юю"),
    *("ое", "ее", "ие", "ые", "их", "ых", "ими", "ыми"),
)
# Words in which Latin letters stand for Cyrillic ones that look alike
_LATIN, _CYRILLIC = "aceopxy", "а-я"
_TWINS = str.maketrans(_LATIN, "асеорху")
_TWIN = re.compile(f"[{_LATIN}](?:(?=[{_CYRILLIC}])|(?<=[{_CYRILLIC}][{_LATIN}]))")
_MIXED = re.compile(f"(?=[{_LATIN}]*[{_CYRILLIC}])[{_CYRILLIC}{_LATIN}]*[{_LATIN}][{_CYRILLIC}{_LATIN}]*")
_DASHES = frozenset("-–—−‒‑")
_LATIN_C = "c"  # a common slip for the preposition «с»
_FIRST_YEAR, _LAST_YEAR = 1000, 2199
_FIRST_SHORT_YEAR = 40  # «в 98-м» is a year, «в 12-м» may be anything
_LAST_DAY = 31


class Lexemes:
    """The lexemes of a text: stretches without blanks inside, numbered from 0.

    The text is cut at once; what a lexeme means is looked up when it is asked for.

    Args:
        text: The text.
        lexicon: What words mean.

    Attributes:
        text: The text.
    """

    def __init__(self, text: str, lexicon: "Lexicon") -> None:
        self.text = text
        self._lexicon = lexicon
        folded = fold(text.replace("\u0130", "\u0131"))  # İ is the one letter whose small form is longer
        if _TWIN.search(folded):  # Latin letters are rare enough to be asked for first
            folded = _MIXED.sub(lambda word: word[0].translate(_TWINS), folded)
        first = _LEXEME.search(folded)
        pieces = _LEXEME.findall(folded)
        self._starts = list(accumulate(map(len, pieces), initial=first.start() if first else 0))
        self._words = [piece.rstrip() or "\n" for piece in pieces]

    def __len__(self) -> int:
        return len(self._words)

    def word(self, index: int) -> str:
        """Folded form of a lexeme; empty outside the text."""
        if not 0 <= index < len(self._words):
            return ""
        word = self._words[index]
        return "с" if word == _LATIN_C else word

    def start(self, index: int) -> int:
        """First code point of a lexeme."""
        return self._starts[index]

    def end(self, index: int) -> int:
        """One past the last code point of a lexeme."""
        return self._starts[index] + len(self._words[index])

    def upper(self, index: int) -> bool:
        """Whether a lexeme begins with a capital."""
        return self.text[self._starts[index]].isupper()

    def readings(self, index: int) -> tuple[Reading, ...]:
        """What a lexeme can be in the grammar: pairs of kind and value; none if it has nothing to do with time."""
        word = self._words[index]
        known = self._lexicon.words.get(word)
        if known is not None:
            return known
        if word[0].isdecimal():
            return self._lexicon.number(word)
        roman = len(word) < 7 and _ROMAN.fullmatch(self.text, self._starts[index], self.end(index))
        return _roman(roman[0]) if roman else ()

    def among(self, words: Set[str]) -> list[int]:
        """The lexemes that are one of some words or may be a number, in order."""
        found = compress(count(), map(words.__contains__, self._words))
        numbers = (bisect_right(self._starts, match.start()) - 1 for match in _FIGURE.finditer(self.text))
        return sorted({*found, *numbers})


def read_lexicon(name: str) -> Iterator[tuple[str, str, str]]:
    """Rows (kind, value, forms) of a lexicon; lines that begin with # are comments."""
    return ((kind, value, forms) for kind, value, forms in read_rows(name))


class Lexicon:
    """Words of time: single words by form, phrases as sequences of word alternatives.

    Args:
        literals: Words that the grammar names itself; they get a reading of their own, in quotes.

    Attributes:
        words: Readings of each word by its folded form.
        phrases: (kind, value, words), each word a tuple of its forms.
        number: From a number with what is glued to it to its readings.
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
        prefixes = dict(adjectives["prefix"])
        for ten, tens in adjectives["prefix_ten"]:
            prefixes[ten] = tens
            for form, number in adjectives["prefix"]:
                if number.isdigit() and 1 < int(number) < 10:
                    prefixes[ten + form] = str(int(tens) + int(number))
        for dash in _DASHES:
            words[dash] = [("dash", None), *words.get(dash, ())]
        self.words = {form: tuple(readings) for form, readings in words.items()}
        self.words[_LATIN_C] = self.words.get("с", ())
        stems = dict(adjectives["adj_stem"])
        for (prefix, amount), (stem, unit) in product(prefixes.items(), stems.items()):
            length = (_length(amount, unit),)
            for ending in _ENDINGS:
                self.words.setdefault(prefix + stem + ending, length)
        self._adjectives = {stem + ending: unit for stem, unit in stems.items() for ending in _ENDINGS}
        self.number = lru_cache(maxsize=1 << 13)(self._number)

    def scan(self, text: str) -> Lexemes:
        """All lexemes of a text."""
        return Lexemes(text, self)

    def _number(self, word: str) -> tuple[Reading, ...]:
        """Readings of a number with what is glued to it."""
        parts = _PARTS.fullmatch(word)
        if parts is None:
            return ()
        number, suffix = parts["number"], parts["suffix"]
        if suffix:
            return self._suffixed(number, suffix) if number.isascii() and number.isdigit() else ()
        if number.isdigit():
            return _plain(number) if number.isascii() else ()
        if found := _ISO.fullmatch(number):
            return (("date", (int(found[1]), int(found[2]), int(found[3]))),)
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
        unit = self._adjectives.get(suffix.removeprefix("ти"))
        if unit:
            return (_length(number, unit),)
        if suffix in {"ти", "и", "х", "ми", "ю"} and len(number) < 3:
            found: tuple[Reading, ...] = (("int", value),)
        else:
            found = ()
        if _ORDINAL.fullmatch(suffix):
            year = len(number) == 4 and _FIRST_YEAR <= value <= _LAST_YEAR
            if not year:
                found += (("ordinal", value),)
                if suffix == "го" and 1 <= value <= _LAST_DAY:
                    found += (("ordinal_day", value),)
                if suffix == "м" and _FIRST_SHORT_YEAR <= value < 100:
                    found += (("ordinal_year", value),)
            elif _SINGULAR.fullmatch(suffix):
                found += (("year_ordinal", value),)
            if value % 10 == 0 and _DECADE.fullmatch(suffix) and ((year and suffix != "м") or 0 <= value < 100):
                found += (("decade", value),)
        return found


def _length(amount: str, unit: str) -> Reading:
    """«двухлетний»: its TIMEX3 duration."""
    return "length_adj", f"PT{amount}{unit[1]}" if unit[0] == "T" else f"P{amount}{unit}"


def _plain(number: str) -> tuple[Reading, ...]:
    if len(number) > 4:
        return ()
    value = int(number)
    if len(number) == 4:
        return (("y4", value), ("int", value)) if _FIRST_YEAR <= value <= _LAST_YEAR else (("int", value),)
    return (("int", value),)


def _roman(text: str) -> tuple[Reading, ...]:
    values = {"I": 1, "V": 5, "X": 10, "Х": 10}
    digits = [values[letter] for letter in text]
    total = sum(-d if d < max(digits[i + 1 :], default=0) else d for i, d in enumerate(digits))
    return (("roman", total),) if total else ()
