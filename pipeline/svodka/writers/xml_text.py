"""Strings in XML 1.0, which cannot hold every character that a text can."""

import re

REPLACEMENT = "\ufffd"
"""What stands in for a character that XML cannot hold: U+FFFD, one code point and one unit of UTF-16."""

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
