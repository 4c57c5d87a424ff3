"""Text of strangers in messages, logs and on a terminal: what steers these is shown and does nothing."""

import re

# Controls, surrogates, and what turns the direction of writing or is not seen (Unicode TR 36).
_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")


def visible(text: str, *, one_line: bool = False) -> str:
    r"""The text with an escape in the place of each character that would steer a terminal.

    Args:
        text: Any text.
        one_line: Whether line ends and tabs are escaped too.

    >>> visible("Дождь\x1b[2J")
    'Дождь\\x1b[2J'
    """
    shown = _STEERS.sub(_escape, text)
    return shown.replace("\n", r"\n").replace("\t", r"\t") if one_line else shown


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
