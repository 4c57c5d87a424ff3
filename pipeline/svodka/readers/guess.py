"""What the bytes of a Russian text are encoded in.

UTF-16 is told by its zero bytes, UTF-8 by its form, and the one-byte encodings by the letters that they make of the
bytes: each pair of neighbouring characters costs something, and the encoding whose text is the least odd wins.
"""

import codecs
import math
from collections import Counter
from functools import lru_cache
from itertools import pairwise

# How often a letter stands in Russian texts, per 10,000 letters (Lyashevskaya, Sharov. Frequency dictionary, 2009).
_FREQUENCIES = {
    "о": 1097, "е": 845, "а": 801, "и": 735, "н": 670, "т": 626, "с": 547, "р": 473, "в": 454, "л": 440, "к": 349,
    "м": 321, "д": 298, "п": 281, "у": 262, "я": 201, "ы": 190, "ь": 174, "г": 170, "з": 165, "б": 159, "ч": 144,
    "й": 121, "х": 97, "ж": 94, "ш": 73, "ю": 64, "ц": 48, "щ": 36, "э": 32, "ф": 26, "ъ": 4, "ё": 4,
}  # fmt: skip
_LETTER_COSTS = {letter: math.log(10_000 / frequency) for letter, frequency in _FREQUENCIES.items()}
_VOWELS = frozenset("аеёиоуыэюя")
# How much odder a vowel or consonant is after another letter than anywhere: (first is a vowel, second is one) → cost.
_ALTERNATION_COSTS = {(True, True): 1.4, (True, False): -0.4, (False, True): -0.5, (False, False): 0.6}
_TYPOGRAPHIC = frozenset("«»—–…№„“”’\xa0")

# In nats, as the logarithms above.
_TYPOGRAPHIC_COST, _ODD_COST = 5.0, 14.0
_CAPITAL_COST, _CAPITAL_INSIDE_COST, _MISPLACED_COST = 2.0, 12.0, 6.0
# A text has to be so much likelier in its encoding than in any other, and no odder than so much a character.
_SURE, _MOST_COST = 8.0, 4.5
_MAC_COST = 4.0  # files from old Macintoshes are rare, and most letters are where windows-1251 has them
_SURE_BYTES = 3  # fewer bytes beyond ASCII tell nothing

CYRILLIC = ("cp1251", "koi8-r", "cp866", "mac-cyrillic", "iso8859-5")
"""The one-byte encodings of Russian texts, the commonest first, by the names that Python knows."""

_COMMON_NAMES = {"cp1251": "windows-1251", "koi8-r": "KOI8-R", "cp866": "CP866 (DOS)", "mac-cyrillic": "Mac Cyrillic"}

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins as that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF16_LEAST, _UTF16_MOST = 8, 1024  # characters by which UTF-16 is told without a mark


def common_name(encoding: str) -> str:
    """What people call an encoding that Python knows by another name."""
    return _COMMON_NAMES.get(encoding, encoding)


def encoding_of_mark(head: bytes) -> str | None:
    """The encoding that the byte-order mark at the beginning of a file names; None where there is none."""
    return next((encoding for mark, encoding in _BOMS if head.startswith(mark)), None)


def guess_encoding(head: bytes, *, is_whole: bool = True) -> str | None:
    """The encoding of a Russian text.

    Args:
        head: The text, or its beginning.
        is_whole: Whether that is all of it; a beginning may end within a character.

    Returns:
        A name that Python knows; ``utf-8`` also for a text in UTF-8 of which some bytes are damaged; None where no
        encoding is surely the right one.
    """
    return encoding_of_mark(head) or _utf16(head) or _utf8(head, is_whole) or _cyrillic(head)


def _utf16(head: bytes) -> str | None:
    """UTF-16 without a mark, where nearly all is Russian or ASCII when read so."""
    if len(head) < 2 * _UTF16_LEAST or not (b"\0" in head or b"\4" in head):  # the upper byte of a letter
        return None
    head = head[: min(len(head) // 2, _UTF16_MOST) * 2]
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head.decode(encoding, "replace")
        if sum(map(_is_usual, text)) >= 0.95 * len(text):
            return encoding
    return None


def _is_usual(char: str) -> bool:
    return " " <= char <= "~" or "А" <= char <= "ё" or char in "\r\n\t" or char in _TYPOGRAPHIC


def _utf8(head: bytes, is_whole: bool) -> str | None:
    """UTF-8, if most of what is beyond ASCII has its form: other encodings make characters of it by chance only."""
    try:
        codecs.utf_8_decode(head, "strict", is_whole)
    except UnicodeDecodeError:
        n_bytes = sum(byte >= 0x80 for byte in head)
        n_fit = sum(2 for char in head.decode("utf-8", "ignore") if "А" <= char <= "ё")
        return "utf-8" if n_fit > n_bytes / 4 else None
    return "utf-8"


def _cyrillic(head: bytes) -> str | None:
    pairs = {pair: n for pair, n in Counter(pairwise(b"\n" + head)).items() if max(pair) >= 0x80}
    n_bytes = sum(n for (_, byte), n in pairs.items() if byte >= 0x80)
    if n_bytes < _SURE_BYTES:
        return None
    costs = {encoding: _cost(pairs, encoding) for encoding in CYRILLIC}
    costs["mac-cyrillic"] += _MAC_COST
    best = min(costs, key=costs.__getitem__)
    text = head.decode(best, "replace")
    others = (costs[other] for other in CYRILLIC if other != best and head.decode(other, "replace") != text)
    is_sure = costs[best] <= _MOST_COST * n_bytes and min(others, default=math.inf) - costs[best] >= _SURE
    return best if is_sure else None


def _cost(pairs: dict[tuple[int, int], int], encoding: str) -> float:
    table = _characters(encoding)
    return sum(n * _pair_cost(table[first], table[second]) for (first, second), n in pairs.items())


@lru_cache(maxsize=len(CYRILLIC))
def _characters(encoding: str) -> str:
    return bytes(range(256)).decode(encoding, "replace")


@lru_cache(maxsize=2**16)
def _pair_cost(first: str, second: str) -> float:
    """How odd the second character is after the first; ASCII costs only where it does not go with what is before."""
    if second.isascii():
        return _MISPLACED_COST if second.isalpha() and first.isalpha() else 0.0
    letter = second.lower()
    if letter not in _LETTER_COSTS:
        return _sign_cost(first, second)
    cost = _LETTER_COSTS[letter]
    if first.lower() in _LETTER_COSTS:
        cost += _ALTERNATION_COSTS[first.lower() in _VOWELS, letter in _VOWELS]
        if first.islower() and second != letter:
            cost += _CAPITAL_INSIDE_COST
        return cost
    if first.isalpha() or first in "»—…":
        cost += _MISPLACED_COST
    return cost + (_CAPITAL_COST if second != letter else 0.0)


def _sign_cost(first: str, second: str) -> float:
    if second not in _TYPOGRAPHIC:
        return _ODD_COST
    is_misplaced = second in "»…”\xa0" if first.isspace() else second in "«„№" and first.isalpha()
    return _TYPOGRAPHIC_COST + (_MISPLACED_COST if is_misplaced else 0.0)
