"""JSON: an array of articles, one article, or articles one after another, on lines of their own or not."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from svodka.errors import InputError
from svodka.readers.chats import chats_in, post_rows
from svodka.readers.encoding import BOM, MOST_BYTES, blocks, decode, open_text
from svodka.readers.files import InputFile
from svodka.readers.jsonl import ObjectRows, read_jsonl
from svodka.readers.options import ReadOptions
from svodka.readers.rows import Row

_STRUCTURE = re.compile(rb'["\[\]{}]')
_BACKSLASH = ord("\\")
_SEPARATORS = b" \t\r\n,"
_SHOWN = 40


def read_json(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The articles of a JSON file, object by object, never the whole file at once.

    Args:
        file: The file.
        options: Its `columns` are the caller's own field → key, its `encoding` is what the file is encoded in.

    Yields:
        A row, or the error of an object that is none, or of what stands between objects.

    Raises:
        InputError: The file as a whole cannot be read further.
        OSError: The file cannot be opened.
    """
    head = _head(file, options)
    if _has_lines(head):
        yield from read_jsonl(file, options)
        return
    is_array = head.lstrip().startswith(b"[")
    with open_text(file, options.encoding, warned=options.warned_encodings) as (opened, encoding):
        make = ObjectRows(file, options, encoding)
        values = split_values(blocks(opened, file.path), is_array=is_array)
        for number, (line, value) in enumerate(values, start=1):
            try:
                record = _parse(value, file.path, encoding)
            except InputError as error:
                yield InputError(error.args[0], source=f"{file.path}:{line}")
                continue
            if chats := chats_in(record):
                yield from post_rows(chats, str(file.path), file.name, encoding)
            else:
                yield make.row(record, number, line)
        make.finish()


def _head(file: InputFile, options: ReadOptions) -> bytes:
    """The beginning of the file; less where it is damaged, which is told when it is read."""
    with open_text(file, options.encoding, is_quiet=True) as (opened, _):
        try:
            return next(blocks(opened, file.path), b"").removeprefix(BOM)
        except InputError:
            return b""


def _has_lines(head: bytes) -> bool:
    """Whether objects stand on lines of their own, some of which may be broken."""
    lines = head.split(b"\n")
    if len(lines) == 1:  # a line that goes beyond the head is an object by itself, or else an array
        return head.lstrip().startswith(b"{")
    return not head.lstrip().startswith(b"[") and any(line.startswith(b"{") and _is_object(line) for line in lines)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _parse(value: bytes | InputError, path: Path, encoding: str) -> dict[str, object]:
    if isinstance(value, InputError):
        raise value
    try:
        record = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        decode(value, path, encoding=encoding)  # a wrong encoding is the better explanation
        raise InputError(f"the object is no JSON: {error.msg} at its character {error.pos + 1}; mend it") from error
    if not isinstance(record, dict):
        raise InputError(f'a JSON {type(record).__name__} stands in the place of an article: {{"text": …}}')
    return record


def split_values(file_blocks: Iterable[bytes], *, is_array: bool) -> Iterator[tuple[int, bytes | InputError]]:
    """The objects and arrays that stand one after another or in one array, as bytes, with the line each begins on.

    Args:
        file_blocks: The file by blocks, cut anywhere.
        is_array: Whether they stand in an array.

    Yields:
        Line and value; an error in the place of what is no object or array, is cut off, or too long.
    """
    splitter = _Splitter(level=int(is_array))
    for number, block in enumerate(file_blocks):
        yield from splitter.feed(block if number else block.removeprefix(BOM))
    yield from splitter.finish()


def _string_end(block: bytes, position: int) -> int | None:
    """Where the string ends that goes on at a position; None where it goes on beyond the block."""
    while (quote := block.find(b'"', position)) >= 0:
        if _n_backslashes(block, quote, position) % 2 == 0:
            return quote + 1
        position = quote + 1
    return None


def _n_backslashes(block: bytes, end: int, start: int = 0) -> int:
    """How many backslashes stand before an end."""
    first = end
    while first > start and block[first - 1] == _BACKSLASH:
        first -= 1
    return end - first


class _Splitter:
    """Cuts blocks of JSON into values by counting brackets outside strings.

    Args:
        level: How many brackets are open between the values.
    """

    def __init__(self, level: int) -> None:
        self._level = level
        self._depth = 0
        self._is_string = False
        self._held = b""  # a backslash at the end of a block, whose character is in the next
        self._block = b""
        self._position = self._counted = 0  # of the block: what has been taken, and where lines have been counted to
        self._line = self._begin = 1
        self._value = bytearray()
        self._is_too_long = False
        self._between = b""

    def feed(self, block: bytes) -> Iterator[tuple[int, bytes | InputError]]:
        """The values that end in a block."""
        block = self._held + block
        self._held = b"\\" if _n_backslashes(block, len(block)) % 2 else b""
        self._block = block[: len(block) - len(self._held)]
        self._position = self._counted = 0
        for position in self._brackets():
            if self._block[position] in b"[{":
                yield from self._open(position)
            else:
                yield from self._close(position)
        if self._depth > self._level:
            self._keep(len(self._block))
        else:
            self._stray(len(self._block))
        self._count(len(self._block))

    def finish(self) -> Iterator[tuple[int, bytes | InputError]]:
        """What is wrong with the end of the file."""
        if self._depth > self._level:
            yield self._begin, InputError("the file is cut off within this object; get it anew")
            return
        yield from self._tell_stray()
        if self._depth:
            yield self._line, InputError("the file is cut off before the end of its array; get it anew")

    def _brackets(self) -> Iterator[int]:
        """Where the brackets of the block stand that are in no string."""
        position: int | None = 0
        while position is not None:
            if self._is_string:
                position = _string_end(self._block, position)
                self._is_string = position is None
            elif found := _STRUCTURE.search(self._block, position):
                position = found.end()
                self._is_string = found[0] == b'"'
                if not self._is_string:
                    yield found.start()
            else:
                return

    def _open(self, position: int) -> Iterator[tuple[int, InputError]]:
        if self._depth == self._level:
            yield from self._pass(position, position)
            self._begin = self._line
        self._depth += 1
        if self._depth == self._level:  # the bracket of the array itself
            yield from self._pass(position, position + 1)

    def _close(self, position: int) -> Iterator[tuple[int, bytes | InputError]]:
        self._depth -= 1
        if self._depth == self._level:
            self._keep(position + 1)
            yield self._begin, self._taken()
        elif self._depth < 0:  # a bracket that nothing opens stands between values
            self._depth = 0
        elif self._depth < self._level:  # the end of the array itself
            yield from self._pass(position, position + 1)
            self._level = 0

    def _count(self, end: int) -> None:
        self._line += self._block.count(b"\n", self._counted, end)
        self._counted = end

    def _keep(self, end: int) -> None:
        part = self._block[self._position : end]
        self._position = end
        if len(self._value) + len(part) > MOST_BYTES:
            self._is_too_long = True
            self._value.clear()
        elif not self._is_too_long:
            self._value += part

    def _taken(self) -> bytes | InputError:
        value, is_too_long = bytes(self._value), self._is_too_long
        self._value.clear()
        self._is_too_long = False
        if is_too_long:
            return InputError(f"the object has more than {MOST_BYTES} bytes, which is no article")
        return value

    def _pass(self, end: int, position: int) -> Iterator[tuple[int, InputError]]:
        """Pass over what stands between values, where only separators should."""
        self._count(end)
        self._stray(end)
        self._position = position
        yield from self._tell_stray()

    def _stray(self, end: int) -> None:
        between = self._between + self._block[self._position : end]
        self._between = between.lstrip(_SEPARATORS)[:_SHOWN]

    def _tell_stray(self) -> Iterator[tuple[int, InputError]]:
        if self._between:
            shown = self._between.rstrip(_SEPARATORS).decode("utf-8", "replace")
            yield self._line, InputError(f"«{shown}» stands in the place of an article; each has to be a JSON object")
            self._between = b""
