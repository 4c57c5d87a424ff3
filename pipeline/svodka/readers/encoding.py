"""Files as text: telling their encoding, and decoding them by lines.

Whatever a file is encoded in, its lines come as UTF-8. UTF-8 itself passes as it is; all else is decoded on the way,
and a byte that its encoding does not have makes its line one that cannot be read.
"""

import codecs
import contextlib
import io
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, Protocol, cast

from svodka.errors import InputError
from svodka.readers.files import STDIN, InputFile
from svodka.readers.guess import common_name, encoding_of_mark, guess_encoding
from svodka.readers.opening import open_bytes
from svodka.readers.unpacking import MOST_EXPANSION, PROGRAMS, BombError, DamagedError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

logger = logging.getLogger("svodka.readers")

BOM = b"\xef\xbb\xbf"
UTF_8 = "utf-8"

# A file or line is not held in memory beyond so many bytes: it is no article.
MOST_BYTES = 2**27
_HEAD_BYTES = 2**18  # by so much of a file its encoding is told
_BLOCK_BYTES = 2**16
_DAMAGES = (OSError, ValueError)

# A byte that an encoding does not have becomes half of a surrogate pair, which no encoding makes of whole text.
_ESCAPE = "svodka.escape"
_ESCAPED = 0xDC00


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return chr(_ESCAPED + error.object[error.start]), error.end


codecs.register_error(_ESCAPE, _escape)


class Text(Protocol):
    """A file of which UTF-8 is read."""

    def readline(self, size: int, /) -> bytes:
        """The next line with its end, or so much of it."""

    def read(self, size: int, /) -> bytes:
        """About so many bytes, none at the end."""


class Line(NamedTuple):
    """A physical line of a file, with its end, as UTF-8.

    Attributes:
        number: From 1.
        offset: Byte of the (unpacked) file it begins at, were the file UTF-8.
        data: The line, a byte-order mark at the start of the file left out; empty where it is too long.
        is_too_long: Whether the line has more than `MOST_BYTES`.
        encoding: What the file is encoded in.
    """

    number: int
    offset: int
    data: bytes
    is_too_long: bool = False
    encoding: str = UTF_8

    def decode(self, path: Path) -> str:
        """The text of the line.

        Raises:
            InputError: It cannot be decoded, or is too long.
        """
        if self.is_too_long:
            raise InputError(f"the line has more than {MOST_BYTES} bytes, which is no article; cut the file into lines")
        return decode(self.data, path, self.offset, self.encoding)


@contextlib.contextmanager
def open_text(
    file: InputFile, encoding: str | None = None, *, warned: set[str] | None = None, is_quiet: bool = False
) -> Iterator[tuple[Text, str]]:
    """The file as UTF-8, and what it is encoded in.

    The encoding is told by the beginning of the file, and is said in the log where it is not UTF-8. Where it cannot be
    told, the file is taken for UTF-8, and what is not UTF-8 in it becomes the errors of its lines.

    Args:
        file: The file, which may be packed.
        encoding: What the caller says it is encoded in; a byte-order mark knows better.
        warned: Encodings that were warned of; this file's is added, and said quietly if it is among them.
        is_quiet: Whether nothing is said, for the file is opened once more.

    Raises:
        OSError: The file cannot be opened.
        InputError: It can be unpacked only by other means.
    """
    with open_bytes(file) as opened:
        begun = _Begun(opened, 1 if file.path == STDIN else _HEAD_BYTES)
        told = encoding_of_mark(begun.head) or encoding
        found = told or guess_encoding(begun.head, is_whole=begun.is_whole) or UTF_8
        found = UTF_8 if found.lower() == "utf-8-sig" else codecs.lookup(found).name
        if encoding is None and found != UTF_8 and not is_quiet:
            _tell(file.path, found, set() if warned is None else warned)
        with io.BufferedReader(begun, _BLOCK_BYTES) as buffered:
            yield (cast(Text, buffered) if found == UTF_8 else _Recoded(buffered, found)), found


def _tell(path: Path, encoding: str, warned: set[str]) -> None:
    shown = common_name(encoding)
    if encoding in warned:
        logger.info("%s: is read as %s, as its bytes look", path, shown)
        return
    warned.add(encoding)
    logger.warning(
        "%s: is read as %s, as its bytes look; if that is wrong, name the encoding by --encoding; other files that are "
        "read so are not told of, the column `encoding` has what was found",
        path,
        shown,
    )


class _Begun(io.RawIOBase):
    """A file whose beginning has been read already: it is read from its beginning all the same.

    Attributes:
        head: Its beginning.
        is_whole: Whether that is all.
    """

    def __init__(self, file: IO[bytes], n_bytes: int) -> None:
        self._file = cast(io.BufferedReader, file)
        self._damage: Exception | None = None  # met at the end of the head, to be told in its place
        self.is_whole = False
        blocks: list[bytes] = []
        try:
            while n_bytes > 0 and not self.is_whole:
                blocks.append(self._file.read1(_BLOCK_BYTES))
                n_bytes -= len(blocks[-1])
                self.is_whole = not blocks[-1]
        except _DAMAGES as error:
            self._damage = error
        self.head = b"".join(blocks)
        self._position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        if self._position < len(self.head):
            block = self.head[self._position : self._position + len(view)]
            self._position += len(block)
        elif self._damage is not None:
            raise self._damage
        else:
            block = self._file.read1(len(view))
        view[: len(block)] = block
        return len(block)


class _Recoded:
    """A file in another encoding, read as UTF-8."""

    def __init__(self, file: "io.BufferedReader[_Begun]", encoding: str) -> None:
        self._text = io.TextIOWrapper(file, encoding, errors=_ESCAPE, newline="\n")

    def readline(self, size: int, /) -> bytes:
        return self._text.readline(size).encode(UTF_8, "surrogatepass")

    def read(self, size: int, /) -> bytes:
        return self._text.read(size).encode(UTF_8, "surrogatepass")


def lines(file: Text, path: Path, encoding: str = UTF_8) -> Iterator[Line]:
    r"""The lines of a file; only ``\n`` ends a line, for U+2028 and its like stand inside texts.

    Args:
        file: The file, as UTF-8.
        path: Its path, for messages.
        encoding: What it is encoded in.

    Raises:
        InputError: The file is packed and cut off, damaged, or grows without measure when it is unpacked; the lines
            before that are yielded.
    """
    number = offset = 0
    while data := _read(file.readline, MOST_BYTES + 1, path, number):
        number += 1
        begin, size = offset, len(data)
        if number == 1 and data.startswith(BOM):
            begin, data = len(BOM), data[len(BOM) :]
        is_too_long = size > MOST_BYTES
        if is_too_long:
            data, rest = b"", data
            while rest and not rest.endswith(b"\n"):
                rest = _read(file.readline, MOST_BYTES + 1, path, number)
                size += len(rest)
        yield Line(number, begin, data, is_too_long, encoding)
        offset += size


def blocks(file: Text, path: Path) -> Iterator[bytes]:
    """The file by blocks, with the byte-order mark that it may begin with.

    Raises:
        InputError: As of `lines`.
    """
    number = 0
    while data := _read(file.read, _BLOCK_BYTES, path, number):
        yield data
        number += data.count(b"\n")


def _read(read: Callable[[int], bytes], size: int, path: Path, number: int) -> bytes:
    try:
        return read(size)
    except UnicodeError as error:
        message = f"the file cannot be decoded ({error}); name another encoding"
        raise InputError(message, source=f"{path}:{number + 1}") from error
    except DamagedError as error:
        message = (
            f"the packed file is cut off or damaged after line {number} ({error}); the lines before it are read. "
            f"Get it anew; `{error.test}` tells whether it is whole"
        )
        raise InputError(message, source=f"{path}:{number + 1}") from error
    except BombError as error:
        message = (
            f"the packed file has become more than {MOST_EXPANSION} times as large after line {number}, which no "
            "text does: it is damaged, or made to fill a disk. If it is sound, unpack it and give that file"
        )
        raise InputError(message, source=f"{path}:{number + 1}") from error


def decode(data: bytes, path: Path, offset: int = 0, encoding: str = UTF_8) -> str:
    """The text of UTF-8 bytes, nothing in it changed.

    Args:
        data: The bytes.
        path: Their file, for the message.
        offset: Byte of the file that they begin at.
        encoding: What the file is encoded in, if they have been made UTF-8 by `open_text`.

    Raises:
        InputError: They are no UTF-8; the message names the byte, what they look like, and what to do.
    """
    try:
        return data.decode(UTF_8)
    except UnicodeDecodeError as error:
        if encoding != UTF_8:
            byte = ord(data[error.start : error.start + 3].decode(UTF_8, "surrogatepass")) - _ESCAPED
            message = (
                f"byte {byte:#04x} is no character of {common_name(encoding)}, which the file is read as; the text is "
                "damaged there, or the encoding is another: name it by --encoding"
            )
        else:
            message = f"byte {offset + error.start} ({data[error.start]:#04x}) is not UTF-8; {_way_out(data, path)}"
        raise InputError(message) from error


def _way_out(data: bytes, path: Path) -> str:
    encoding = guess_encoding(data)
    if encoding is not None and encoding != UTF_8:
        return (
            f"it looks like {common_name(encoding)}: name this encoding by --encoding if the whole file is in it, or "
            f"convert it with {_iconv(encoding, path)}"
        )
    return (
        "the text is damaged there, or in another encoding: name that by --encoding, save the text as UTF-8, or drop "
        f"what is damaged with {_iconv('utf-8', path, '-c ')}"
    )


def _iconv(encoding: str, path: Path, options: str = "") -> str:
    """The command that converts a file, packed or not."""
    convert = f"iconv {options}-f {encoding} -t utf-8"
    unpack = PROGRAMS.get(path.suffix.lower())
    if unpack:
        return f"`{unpack} -dc {path.name} | {convert} > utf8-{path.stem}`"
    return f"`{convert} {path.name} > utf8-{path.name}`"
