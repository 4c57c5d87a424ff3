"""What a page of the web is encoded in, by the rules that browsers follow.

Order: byte-order mark, charset of the HTTP header, charset of the `meta` element, else the bytes themselves
(https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding). Declarations are often wrong,
so one that the bytes contradict is not believed.
"""

import codecs
import re
from functools import cache

from svodka.readers.guess import guess_encoding

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Browsers look at 1024 bytes first, and at the rest as it comes.
_PRESCANNED, _GUESSED_FROM = 2**14, 2**17
_META = re.compile(rb"<(?:meta|\?xml)\b[^>]*?\b(?:charset|encoding)\s*=\s*[\"']?\s*([\w:-]+)", re.IGNORECASE)
# https://encoding.spec.whatwg.org/#names-and-labels: Latin-1 and ASCII mean windows-1252, and x- names are old ones.
_LABELS = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "x-cp1251": "cp1251"}
# Python has codecs under other names that are no encodings of pages, such as punycode.
_ENCODINGS = re.compile(r"utf-(?:8|16|32)|cp\d+|iso8859-\d+|koi8-[rtu]|mac-|gb|big5|euc|shift|kz1048|ptcp154")
_WIDE = ("utf-16", "utf-32")
_WESTERN = "cp1252"
_HIGH = bytes(range(0x80, 0x100))  # above ASCII
_SIGNS = re.escape(_HIGH.decode(_WESTERN, errors="ignore"))
_WESTERN_WORDS = re.compile(rf"[\x80-\xff{_SIGNS}]{{4,}}")
_CYRILLIC = re.compile(r"[А-Яа-яё]")
# Browsers write so the second byte of «Р», where they took it for one of windows-1252.
_NBSP, _NBSP_BYTES = re.compile(r"(?<=[ÐÑ])&nbsp;"), re.compile(rb"(?<=[\xd0\xd1])&nbsp;")
_WORDS = re.compile(rb"[\x80-\xff]{4,}")


def decode_page(data: bytes, charset: str | None = None, override: str | None = None) -> tuple[str, str]:
    """The characters of a page; bytes that are none become U+FFFD.

    Args:
        data: The page.
        charset: What the HTTP or MIME header says.
        override: What the caller knows better.

    Returns:
        The characters, and the name that Python has for the encoding.

    >>> decode_page("<p>Мост".encode("koi8-r"), "koi8-r")
    ('<p>Мост', 'koi8-r')
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace"), encoding
    if override:
        encoding = codecs.lookup(override).name
        return data.decode(encoding, errors="replace"), encoding
    encoding = _encoding(data, charset)
    if encoding == "utf-8":
        data = _NBSP_BYTES.sub(b"\xa0", data)
    text = data.decode(encoding, errors="replace")
    return _decoded_again(text) or (text, encoding)


def _decoded_again(text: str) -> tuple[str, str] | None:
    """The characters of a page that was taken for a Western one when it was saved: «ÐœÐ¾ÑÑ‚» or «Ìîñò» for «Мост».

    Browsers and programs save so what was sent to them without a charset; all bytes can be had back.
    """
    if sum(map(len, _WESTERN_WORDS.findall(text))) <= 2 * len(_CYRILLIC.findall(text)):
        return None
    try:
        data = b"".join(map(_western_byte, _NBSP.sub("\xa0", text)))
    except UnicodeEncodeError:
        return None
    guess = "utf-8" if _is_in(data, "utf-8") else _guess(data)
    if guess is None:
        return None
    decoded = data.decode(guess, errors="replace")
    return (decoded, guess) if _CYRILLIC.search(decoded) else None


@cache
def _western_byte(char: str) -> bytes:
    """What a browser makes the character of: windows-1252, or the byte itself where that has none."""
    try:
        return char.encode(_WESTERN)
    except UnicodeEncodeError:
        return char.encode("latin-1")


def _encoding(data: bytes, charset: str | None) -> str:
    """The encoding that is declared, if the bytes allow it; else the one they look like."""
    found = _META.search(data, 0, _PRESCANNED)
    in_page = _known(found[1].decode("ascii", errors="ignore")) if found else None
    if in_page is not None and in_page.startswith(_WIDE):  # it could not be read if it were true
        in_page = "utf-8"
    declared = _known(charset) or in_page
    if declared is None or not declared.startswith("utf-"):
        # Russian in a one-byte encoding is never UTF-8 by chance.
        if not data.isascii() and _is_in(data, "utf-8"):
            return "utf-8"
        if declared is not None and declared != _WESTERN:
            return declared
    elif _is_in(data, declared):
        return declared
    return _guess(data) or declared or "utf-8"


def _known(label: str | None) -> str | None:
    """Python's name of the encoding that a label means."""
    name = (label or "").strip(" \t\r\n\"'").lower()
    try:
        encoding = codecs.lookup(_LABELS.get(name, name)).name
    except (LookupError, ValueError):  # a label with a NUL
        return None
    return encoding if _ENCODINGS.match(encoding) else None


def _is_in(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeError:
        return False
    return True


def _guess(data: bytes) -> str | None:
    """The Cyrillic encoding of bytes, if most of those above ASCII stand in words, as those of Western texts do not."""
    data = data[:_GUESSED_FROM]
    words = _WORDS.findall(data)
    n_high = len(data) - len(data.translate(None, _HIGH))
    if 2 * sum(map(len, words)) < n_high or not words:
        return None
    return guess_encoding(b" ".join(words))
