"""JSON lines, packed or not: a line is an article."""

from collections.abc import Iterator, Mapping

import orjson

from svodka.errors import InputError
from svodka.readers.columns import Columns
from svodka.readers.corpora import Corpus
from svodka.readers.encoding import Line, lines, open_text
from svodka.readers.files import InputFile
from svodka.readers.options import ReadOptions
from svodka.readers.rows import Row


def read_jsonl(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The articles of a JSONL file, line by line; blank lines are passed over.

    Args:
        file: The file.
        options: Its `columns` are the caller's own field → key, its `encoding` is what the file is encoded in.

    Yields:
        A row, or the error of a line that is none.

    Raises:
        InputError: The file as a whole cannot be read further.
        OSError: The file cannot be opened.
    """
    with open_text(file, options.encoding, warned=options.warned_encodings) as (opened, encoding):
        make = ObjectRows(file, options, encoding)
        for line in lines(opened, file.path, encoding):
            if line.data.isspace():
                continue
            try:
                record = _parse(line, file)
            except InputError as error:
                yield InputError(error.args[0], source=f"{file.path}:{line.number}")
            else:
                yield make.row(record, line.number, line.number)
        make.finish()


class ObjectRows:
    """Makes the rows of one file of JSON objects.

    Args:
        file: The file.
        options: As of the reader.
        encoding: What the file is encoded in.
    """

    def __init__(self, file: InputFile, options: ReadOptions, encoding: str) -> None:
        self._file = file
        self._finder = Columns(options.columns, str(file.path))
        self._corpus = Corpus(file.path, options)
        self._encoding = encoding

    def row(self, record: Mapping[str, object], number: int, line: int) -> Row | InputError:
        """The row of an object, or the error why it is none.

        Args:
            record: The object.
            number: What it is called by within the file, unless it has an id.
            line: Where it begins.
        """
        source = f"{self._file.path}:{line}"
        try:
            values = {field: record[key] for field, key in self._finder.find(record).items()}
        except InputError as error:
            return InputError(error.args[0], source=source)
        values = self._corpus.values(record, values)
        return Row(values, source, f"{self._file.name}:{number}", encoding=self._encoding)

    def finish(self) -> None:
        """Say at the end what the file did not have."""
        self._finder.warn_of_unseen()


def _parse(line: Line, file: InputFile) -> dict[str, object]:
    try:
        record = orjson.loads(line.data.rstrip(b"\r\n"))
    except orjson.JSONDecodeError as error:
        line.decode(file.path)  # a wrong encoding is the better explanation
        message = f"the line is no JSON: {error.msg} at character {error.pos + 1}; each line has to be one JSON object"
        raise InputError(message) from error
    if not isinstance(record, dict):
        message = (
            f'the line is a JSON {type(record).__name__}, but has to be an object: {{"text": …}}. '
            "A file with one array is read if its name ends in .json"
        )
        raise InputError(message)
    return record
