"""Comma-, semicolon- or tab-separated values with a header: a record is an article."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from svodka.errors import InputError
from svodka.readers.columns import Columns
from svodka.readers.corpora import Corpus, writes_backslashes
from svodka.readers.encoding import Line, lines, open_text
from svodka.readers.files import InputFile
from svodka.readers.options import ReadOptions
from svodka.readers.rows import Row

_DELIMITERS = (",", ";", "\t")
_NAMED_DELIMITER = re.compile(rb"sep=([,;\t])")  # a line before the header, which Excel heeds
_MAX_FIELD = 2**24  # characters; so much of a file is held when a quotation mark is never closed


def read_csv(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The articles of a CSV file, record by record; a record may go over several lines.

    The delimiter is the comma, semicolon or tab that gives the header most fields, or that a line ``sep=;`` before it
    names; quoting is that of RFC 4180. Line ends inside a field are kept as they are stored.

    Args:
        file: The file.
        options: Its `columns` are the caller's own field → column, its `encoding` is what the file is encoded in.

    Yields:
        A row, or the error of a record that is none.

    Raises:
        InputError: The file as a whole cannot be read further, or has no column with the text.
        OSError: The file cannot be opened.
    """
    finder, corpus = Columns(options.columns, str(file.path)), Corpus(file.path, options)
    with open_text(file, options.encoding, warned=options.warned_encodings) as (opened, encoding):
        delimiter, records = read_records(lines(opened, file.path, encoding), file.path)
        header = next(records, None)
        if header is None:
            raise InputError("the file is empty; its first line has to name the columns", source=str(file.path))
        names, positions = _header(header[1], finder, file.path)
        for number, (line, record) in enumerate(records, start=1):
            source = f"{file.path}:{line}"
            if isinstance(record, InputError):
                yield InputError(record.args[0], source=source)
                continue
            if len(record) == len(names) + 1 and not record[-1]:  # a delimiter at the end of the line
                record.pop()
            if len(record) != len(names):
                message = (
                    f"the row has {len(record)} fields, the header has {len(names)}; "
                    f"put a field that holds {delimiter!r} or a line end into quotation marks"
                )
                yield InputError(message, source=source)
            else:
                values = {field: record[position] for field, position in positions.items()}
                values = corpus.values(dict(zip(names, record, strict=True)), values)
                yield Row(values, source, f"{file.name}:{number}", encoding=encoding)
    finder.warn_of_unseen()


def read_records(file_lines: Iterator[Line], path: Path) -> tuple[str, Iterator[tuple[int, list[str] | InputError]]]:
    """The delimiter of a file, and its records with the number of their first line, the header being the first.

    Args:
        file_lines: The lines of the file.
        path: Its path, for messages.

    Returns:
        The records; an error in the place of one that is broken.
    """
    first = next(file_lines, Line(1, 0, b""))
    delimiter = _delimiter(first)
    if found := _NAMED_DELIMITER.fullmatch(first.data.rstrip(b"\r\n")):
        delimiter = found[1].decode()
        first = next(file_lines, Line(2, 0, b""))
    has_backslashes = writes_backslashes(first.data.decode("utf-8", "replace"))
    return delimiter, _records(chain([first], file_lines), path, delimiter, has_backslashes=has_backslashes)


def _delimiter(first: Line) -> str:
    header = first.data.decode("utf-8", "replace")
    return max(_DELIMITERS, key=lambda delimiter: _width(header, delimiter))


def _header(record: list[str] | InputError, finder: Columns, path: Path) -> tuple[list[str], dict[str, int]]:
    """The names of the columns, and the position of each field among them."""
    try:
        if isinstance(record, InputError):
            raise record
        names = [name.strip() for name in record]
        return names, {field: names.index(name) for field, name in finder.find(names).items()}
    except InputError as error:
        raise InputError(error.args[0], source=str(path)) from error


def _records(
    file_lines: Iterator[Line], path: Path, delimiter: str, *, has_backslashes: bool
) -> Iterator[tuple[int, list[str] | InputError]]:
    again: deque[Line] = deque()  # lines to read once more
    taken: list[Line] = []  # lines of the record being read
    width = 0

    def decoded() -> Iterator[str]:
        while line := again.popleft() if again else next(file_lines, None):
            taken.append(line)
            text = line.data.decode("utf-8", "replace")
            yield text.replace('\\"', '""') if has_backslashes else text

    reader = csv.reader(decoded(), delimiter=delimiter, strict=True)
    while True:
        taken.clear()
        record: list[str] | InputError | None
        try:
            record = _next(reader)
            for line in taken:
                line.decode(path)
        except csv.Error as error:
            record, others = _broken(error, taken, delimiter, width)
            again.extendleft(reversed(others))
            reader = csv.reader(decoded(), delimiter=delimiter, strict=True)
        except InputError as error:
            if not taken or error.source:  # of the file, not of the record
                raise
            record = error
        if record is None:
            return
        if record:  # a blank line is no record
            width = width or len(record) if isinstance(record, list) else width
            yield taken[0].number, record


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    # The limit is the whole module's, so it is raised for the moment of parsing only.
    limit = csv.field_size_limit(_MAX_FIELD)
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(limit)


def _broken(error: csv.Error, taken: list[Line], delimiter: str, width: int) -> tuple[InputError, list[Line]]:
    """The error of a record whose quotation marks do not match, and the lines it swallowed that are rows by themselves.

    A mark that is never closed swallows what follows. Only where each of those lines has as many fields as the header
    they surely are rows; lines of prose are left out.
    """
    others = taken[1:]
    if width < 2 or any(_width(line.data.decode("utf-8", "replace"), delimiter) != width for line in others):
        others = []
    lost = taken[: len(taken) - len(others)]
    where = f"line {lost[0].number}" if len(lost) == 1 else f"lines {lost[0].number} to {lost[-1].number}"
    message = (
        f"{where} cannot be read as CSV: {error}. Put fields into quotation marks, "
        'and write a quotation mark inside a field twice: ""'
    )
    return InputError(message), others


def _width(line: str, delimiter: str) -> int:
    """How many fields a line has by itself; 0 if it is no CSV."""
    try:
        return len(_next(csv.reader([line], delimiter=delimiter)) or ())
    except csv.Error:
        return 0
