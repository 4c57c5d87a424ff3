"""JSON lines, packed or not: a line is an article."""

from collections.abc import Iterator

import orjson

from svodka.errors import InputError
from svodka.readers.columns import Columns
from svodka.readers.encoding import Line, lines, open_bytes
from svodka.readers.files import InputFile
from svodka.readers.options import ReadOptions
from svodka.readers.rows import Row


def read_jsonl(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The articles of a JSONL file, line by line; blank lines are passed over.

    Args:
        file: The file.
        options: Its `columns` are the caller's own field → key.

    Yields:
        A row, or the error of a line that is none.

    Raises:
        InputError: The file as a whole cannot be read further.
        OSError: The file cannot be opened.
    """
    finder = Columns(options.columns, str(file.path))
    with open_bytes(file.path) as opened:
        for line in lines(opened, file.path):
            if line.data.isspace():
                continue
            source = f"{file.path}:{line.number}"
            try:
                record = _parse(line, file)
                values = {field: record[key] for field, key in finder.find(record).items()}
            except InputError as error:
                yield InputError(error.args[0], source=source)
            else:
                yield Row(values, source, f"{file.name}:{line.number}")
    finder.warn_of_unseen()


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
            "A file with one array becomes lines by `jq -c '.[]'`"
        )
        raise InputError(message)
    return record
