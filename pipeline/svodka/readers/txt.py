"""Plain text: a file is an article."""

from collections.abc import Iterator

from svodka.errors import InputError
from svodka.readers.encoding import BOM, MOST_BYTES, decode, open_bytes, refuse_utf16
from svodka.readers.files import InputFile
from svodka.readers.options import ReadOptions
from svodka.readers.rows import Row


def read_txt(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The article of a plain-text file, called as the file is; line ends are kept as they are stored.

    Args:
        file: The file.
        options: Not used.

    Yields:
        One row, or the error of an encoding other than UTF-8.
    """
    with open_bytes(file.path) as opened:
        data = opened.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        message = f"the file has more than {MOST_BYTES} bytes; a plain text is one article: cut it into articles"
        raise InputError(message, source=str(file.path), doc_id=file.name)
    refuse_utf16(data, file.path)
    mark = len(BOM) if data.startswith(BOM) else 0
    source = str(file.path)
    try:
        yield Row({"text": decode(data[mark:], file.path, mark)}, source, file.name)
    except InputError as error:
        yield InputError(error.args[0], source=source, doc_id=file.name)
