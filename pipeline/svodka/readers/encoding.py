"""Files as bytes and UTF-8: opening them, decoding, and telling what else a text may be encoded in."""

import contextlib
import gzip
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple, cast

from svodka.errors import InputError
from svodka.readers.files import STDIN

BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")

# Encodings of Russian texts by the names that iconv knows.
_CYRILLIC = {"cp1251": "windows-1251", "koi8-r": "KOI8-R", "cp866": "CP866 (DOS)"}
_LOWERCASE = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")


# A file or line is not held in memory beyond so many bytes: it is no article.
MOST_BYTES = 2**27
# A packed file may become so many times as large; text becomes four times, seldom ten. Small files may do as they like.
_MOST_EXPANSION, _FREE_BYTES = 100, 2**24


class Line(NamedTuple):
    """A physical line of a file, with its end, as bytes.

    Attributes:
        number: From 1.
        offset: Byte of the (unpacked) file it begins at.
        data: The line, a byte-order mark at the start of the file left out; empty where it is too long.
        is_too_long: Whether the line has more than `MOST_BYTES`.
    """

    number: int
    offset: int
    data: bytes
    is_too_long: bool = False

    def decode(self, path: Path) -> str:
        """The text of the line.

        Raises:
            InputError: It is no UTF-8, or too long.
        """
        if self.is_too_long:
            raise InputError(f"the line has more than {MOST_BYTES} bytes, which is no article; cut the file into lines")
        return decode(self.data, path, self.offset)


@contextlib.contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked if its name ends in .gz; those of standard input if it is `STDIN`."""
    if path == STDIN:
        yield sys.stdin.buffer
        return
    with path.open("rb") as file:
        if path.suffix.lower() == ".gz":
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield cast(IO[bytes], unpacked)
        else:
            yield file


def lines(file: IO[bytes], path: Path) -> Iterator[Line]:
    r"""The lines of a file; only ``\n`` ends a line, for U+2028 and its like stand inside texts.

    Raises:
        InputError: The file is UTF-16, or is packed and cut off, damaged, or grows without measure when it is unpacked;
            the lines before that are yielded.
    """
    number = offset = 0
    while data := _next_line(file, path, number):
        number += 1
        begin, size = offset, len(data)
        if number == 1:
            refuse_utf16(data, path)
            if data.startswith(BOM):
                begin, data = len(BOM), data[len(BOM) :]
        is_too_long = size > MOST_BYTES
        if is_too_long:
            data, rest = b"", data
            while rest and not rest.endswith(b"\n"):
                rest = _next_line(file, path, number)
                size += len(rest)
                _refuse_bomb(path, offset + size, number)
        yield Line(number, begin, data, is_too_long)
        offset += size
        _refuse_bomb(path, offset, number)


def _next_line(file: IO[bytes], path: Path, number: int) -> bytes:
    try:
        return file.readline(MOST_BYTES + 1)
    except (EOFError, gzip.BadGzipFile, gzip.zlib.error) as error:  # type: ignore[attr-defined]
        message = (
            f"the packed file is cut off or damaged after line {number} ({error}); the lines before it are read. "
            f"Get it anew; `gzip -t {path.name}` tells whether it is whole"
        )
        raise InputError(message, source=f"{path}:{number + 1}") from error


def _refuse_bomb(path: Path, n_bytes: int, number: int) -> None:
    if n_bytes > _FREE_BYTES and path.suffix.lower() == ".gz":
        packed = os.stat(path).st_size  # noqa: PTH116  (stat of Path costs ten times as much, and this is per line)
        if n_bytes > packed * _MOST_EXPANSION:
            message = (
                f"the packed file has become more than {_MOST_EXPANSION} times as large after line {number}, which no "
                "text does: it is damaged, or made to fill a disk. If it is sound, unpack it and give that file"
            )
            raise InputError(message, source=f"{path}:{number + 1}")


def refuse_utf16(data: bytes, path: Path) -> None:
    """Refuse the beginning of a file that says it is UTF-16.

    Raises:
        InputError: It does.
    """
    if data.startswith(_UTF16_BOMS):
        message = f"the file is UTF-16, not UTF-8; convert it with {_iconv('utf-16', path)}"
        raise InputError(message, source=str(path))


def decode(data: bytes, path: Path, offset: int = 0) -> str:
    """The text of UTF-8 bytes, nothing in it changed.

    Args:
        data: The bytes.
        path: Their file, for the message.
        offset: Byte of the file that they begin at.

    Raises:
        InputError: They are no UTF-8; the message names the byte, what they look like, and what to do.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"byte {offset + error.start} ({data[error.start]:#04x}) is not UTF-8"
        encoding = guess_encoding(data)
        if encoding is not None:
            message += f"; it looks like {_CYRILLIC[encoding]}: convert it with {_iconv(encoding, path)}"
        else:
            message += (
                "; the text is damaged there, or in another encoding: save it as UTF-8, or drop what is damaged with "
                f"{_iconv('utf-8', path, '-c ')}"
            )
        raise InputError(message) from error


def guess_encoding(data: bytes) -> str | None:
    """The encoding of a Russian text that is not UTF-8: the one that makes most of its bytes lowercase letters.

    Returns:
        A name that Python and iconv know; None where no encoding explains most of the bytes, or UTF-8 does best.
    """
    high = sum(byte >= 0x80 for byte in data)

    def explained(encoding: str) -> int:
        return sum(char in _LOWERCASE for char in data.decode(encoding, errors="ignore"))

    best = max(_CYRILLIC, key=explained)
    # A Cyrillic letter takes two bytes in UTF-8.
    return best if explained(best) > max(high / 2, 2 * explained("utf-8")) else None


def _iconv(encoding: str, path: Path, options: str = "") -> str:
    """The command that converts a file, packed or not."""
    convert = f"iconv {options}-f {encoding} -t utf-8"
    if path.suffix.lower() == ".gz":
        return f"`gzip -dc {path.name} | {convert} > utf8-{path.stem}`"
    return f"`{convert} {path.name} > utf8-{path.name}`"
