"""Strings in XML 1.0, which cannot hold every character that a text can."""

import re

REPLACEMENT = "\ufffd"
"""What stands in for a character that XML cannot hold: U+FFFD, one code point and one unit of UTF-16."""

# In an attribute a line break would be read as a space; XML 1.1 takes U+0085 and U+2028 for line breaks too.
_ESCAPES = {ord(char): f"&#{ord(char)};" for char in "\t\n\r\x85\u2028"}
_ESCAPES |= {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;"}

# What is no Char of https://www.w3.org/TR/xml/#charsets
_FORBIDDEN = re.compile("([\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff])")


def replace_forbidden(text: str) -> str:
    r"""The text with U+FFFD for each character that XML cannot hold, so that offsets stay.

    >>> replace_forbidden("дождь\x00\t😀")
    'дождь\ufffd\t😀'
    """
    return _FORBIDDEN.sub(REPLACEMENT, text)


def split_forbidden(text: str) -> list[str]:
    r"""The text in pieces: by turns what XML can hold, be it empty, and one character that it cannot.

    >>> split_forbidden("дождь\x00снег")
    ['дождь', '\x00', 'снег']
    """
    return _FORBIDDEN.split(text)


def quote_attribute(value: str) -> str:
    r"""A value of an attribute that XML can hold, escaped and in quotation marks.

    >>> quote_attribute('«Мост» & "снег"\n')
    '"«Мост» &amp; &quot;снег&quot;&#10;"'
    """
    return f'"{value.translate(_ESCAPES)}"'
