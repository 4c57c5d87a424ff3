"""Pages and texts among the records of a WARC file; a damaged record costs only itself.

https://iipc.github.io/warc-specifications/specifications/warc-zstd/ says how zstd packs them: a frame a record, perhaps
with a dictionary for all of them in a frame before.
"""

import datetime as dt
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from svodka.errors import InputError
from svodka.libraries import require
from svodka.readers.encoding import MOST_BYTES
from svodka.readers.files import InputFile
from svodka.readers.opening import open_seekable
from svodka.readers.unpacking import packing_of

# Where the next record may begin: a member of gzip, a frame of zstd, or the line that opens a record.
_BEGINNINGS = {
    ".gz": re.compile(rb"\x1f\x8b\x08[\x00-\x1f]"),
    ".zst": re.compile(rb"\x28\xb5\x2f\xfd"),
    None: re.compile(rb"WARC/\d\.\d\r?\n"),
}
_DICTIONARY, _FRAME_HEADER = 0x184D2A5D, struct.Struct("<II")  # number of the kind of frame, and length
_MOST_DICTIONARY_BYTES = 2**24
_CHUNK, _OVERLAP = 2**20, 16
_MOST_FALSE_BEGINNINGS = 1000
_HEAD = 2**15
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_HTML = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
# Archives differ in whether they keep what a page was packed with, and the header that says so.
_PACKED = ("all", "transfer", "content", "none")
_ERRORS = (OSError, ValueError, RuntimeError, EOFError)


@dataclass(frozen=True, slots=True)
class Record:
    """A page, or the text of one.

    Attributes:
        number: Of all records of the file, from 1.
        url: Address of the page.
        data: The page as bytes, unpacked, or the text in UTF-8.
        languages: Codes of ISO 639-3 that the archive gives it, the most frequent first.
        charset: Encoding that its HTTP header names.
        fetched: When it was fetched.
    """

    number: int
    url: str | None
    data: bytes
    languages: tuple[str, ...] = ()
    charset: str | None = None
    fetched: dt.datetime | None = None


class _DamagedError(Exception):
    """What cannot be read of a record, so that the place of the next one is uncertain."""


def records(file: InputFile) -> Iterator[Record | InputError]:
    """The responses with status 200 and resources that are HTML, and the conversions of a file.

    An error stands in the place of a damaged record; after it reading goes on where the next one seems to begin.

    Args:
        file: A WARC or WET file, packed by gzip or zstd or not.
    """
    warc = require("fastwarc.warc", "warc")
    number, n_false = 0, 0
    with open_seekable(file) as opened:
        dictionary = _dictionary(opened)
        start = len(dictionary)
        opened.seek(start)
        packing = packing_of(opened.read(_FRAME_HEADER.size))
        if packing == ".zst" and not hasattr(require("fastwarc.stream_io", "warc"), "ZstdReader"):
            raise InputError("this needs FastWARC 2, an older one is installed: pip install --upgrade 'svodka[warc]'")
        while n_false < _MOST_FALSE_BEGINNINGS:
            is_open = False
            rest = _Rest(opened, dictionary, start)
            try:
                for record in warc.ArchiveIterator(rest, parse_http=False, strict_mode=False):
                    number, start, is_open = number + 1, rest.place(record.stream_pos), True
                    yield from _read(warc, record, number, file)
                    n_false, is_open = 0, False
                return
            except (*_ERRORS, _DamagedError) as error:
                if not n_false:
                    number += not is_open
                    message = f"the record is cut off or damaged ({error}); it is left out, reading goes on after it"
                    yield InputError(message, source=f"{file.path}:{number}")
                n_false += 1
            following = _find(opened, _BEGINNINGS.get(packing, _BEGINNINGS[None]), start + 1)
            if following is None:
                return
            start = following
    message = "the rest of the archive is damaged, no record of it can be read; get the file anew"
    yield InputError(message, source=f"{file.path}:{number}")


class _Rest:
    """A file from a place on, before which the dictionary is read that zstd packed it with."""

    def __init__(self, opened: IO[bytes], dictionary: bytes, start: int) -> None:
        self._opened, self._dictionary, self._start = opened, dictionary, start
        self._position = 0
        opened.seek(start)

    def read(self, n_bytes: int) -> bytes:
        block = self._dictionary[self._position : self._position + n_bytes] or self._opened.read(n_bytes)
        self._position += len(block)
        return block

    def tell(self) -> int:
        return self._position

    def place(self, position: int) -> int:
        """Where in the file a position lies."""
        return self._start + position - len(self._dictionary)


def _dictionary(opened: IO[bytes]) -> bytes:
    """The frame with the dictionary that a file begins with; nothing where there is none."""
    opened.seek(0)
    head = opened.read(_FRAME_HEADER.size)
    if len(head) < _FRAME_HEADER.size:
        return b""
    kind, length = _FRAME_HEADER.unpack(head)
    is_there = kind == _DICTIONARY and length <= _MOST_DICTIONARY_BYTES
    return head + opened.read(length) if is_there else b""


def _find(opened: IO[bytes], beginning: re.Pattern[bytes], position: int) -> int | None:
    """The first place from `position` on where a record may begin."""
    opened.seek(position)
    window = b""
    while chunk := opened.read(_CHUNK):
        window = window[-_OVERLAP:] + chunk
        if found := beginning.search(window):
            return opened.tell() - len(window) + found.start()
    return None


def _read(warc: Any, record: Any, number: int, file: InputFile) -> Iterator[Record | InputError]:  # noqa: ANN401
    """The record, if it is a page or a text; nothing otherwise."""
    kinds = warc.WarcRecordType
    is_page = record.record_type == kinds.response
    if not is_page and record.record_type != kinds.conversion and not _is_bare_page(warc, record):
        return
    length = record.content_length
    head = _bytes(record.reader, min(_HEAD, MOST_BYTES))
    if is_page and not _is_html(warc, head):
        return
    data = head + _bytes(record.reader, max(0, min(length, MOST_BYTES) - len(head)))
    fields = {name.lower(): value for name, value in record.headers.to_tuples()}
    if problem := _problem(warc, data, length, fields):
        yield InputError(problem, source=f"{file.path}:{number}")
        return
    http, data = _unpacked(warc, data) if is_page else (None, data)
    yield Record(
        number,
        fields.get("warc-target-uri", "").strip("<> ") or None,
        data,
        tuple(code.strip() for code in fields.get("warc-identified-content-language", "").split(",") if code.strip()),
        http.http_charset if http is not None else None,
        _moment(fields.get("warc-date")),
    )


def _problem(warc: Any, data: bytes, length: int, fields: dict[str, str]) -> str | None:  # noqa: ANN401
    """Why the bytes of a record cannot be used.

    Raises:
        _DamagedError: There are fewer than it should have.
    """
    if length > MOST_BYTES:
        return f"the record has {length} bytes, which no page has; records up to {MOST_BYTES} are read"
    if len(data) < length:
        raise _DamagedError(f"{len(data)} of {length} bytes")
    if truncated := fields.get("warc-truncated"):
        return f"the page was cut off when it was archived ({truncated}), so its text may lack the end; get it anew"
    if digest := fields.get("warc-block-digest"):
        whole = _detached(warc, data)
        whole.headers.set("WARC-Block-Digest", digest)
        if not whole.verify_block_digest():
            return f"the record is damaged: its checksum is not {digest}; get the file anew"
    return None


def _is_bare_page(warc: Any, record: Any) -> bool:  # noqa: ANN401
    """Whether a record is a page without the header it was sent with, as archives made of files have them."""
    kind = (record.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    return record.record_type == warc.WarcRecordType.resource and kind in _HTML_TYPES


def _is_html(warc: Any, head: bytes) -> bool:  # noqa: ANN401
    """Whether a response, of which the beginning is given, is a page that was sent well."""
    http = _detached(warc, head)
    try:
        http.parse_http(auto_decode="none", quirks_mode=True)
        if http.http_headers.status_code != 200:
            return False
        kind = http.http_content_type
        return kind in _HTML_TYPES if kind else _HTML.search(head) is not None
    except _ERRORS:
        return False


def _unpacked(warc: Any, data: bytes) -> tuple[Any, bytes]:  # noqa: ANN401
    """A response, and its page: unpacked as its header says, as far as that is true."""
    for packed in _PACKED:
        http = _detached(warc, data)
        try:
            http.parse_http(auto_decode=packed, quirks_mode=True)
            return http, _bytes(http.reader, MOST_BYTES)
        except _ERRORS:
            continue
    raise _DamagedError("its HTTP header cannot be read")


def _detached(warc: Any, data: bytes) -> Any:  # noqa: ANN401
    """A record of its own: if reading that fails, the archive can still be read on."""
    record = warc.WarcRecord()
    record.init_headers(warc.WarcRecordType.response)
    record.set_bytes_content(data)
    record.is_http = True
    return record


def _bytes(reader: Any, most: int) -> bytes:  # noqa: ANN401
    pieces = []
    while most > 0 and (piece := reader.read(most)):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def _moment(value: str | None) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(value) if value else None
    except ValueError:
        return None
