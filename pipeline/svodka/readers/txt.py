"""Plain text: a file is an article."""

from collections.abc import Iterator

from svodka.errors import InputError
from svodka.readers.encoding import BOM, MOST_BYTES, blocks, decode, open_text
from svodka.readers.files import InputFile
from svodka.readers.options import ReadOptions
from svodka.readers.rows import Row


def read_txt(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The article of a plain-text file, packed or not, called as the file is; line ends are kept as they are stored.

    Args:
        file: The file.
        options: Its `encoding` is what the file is encoded in.

    Yields:
        One row, or the error of a text that cannot be decoded.

    Raises:
        InputError: The file is too long for an article, or is packed and damaged.
        OSError: The file cannot be opened.
    """
    data = bytearray()
    with open_text(file, options.encoding, warned=options.warned_encodings) as (opened, encoding):
        for block in blocks(opened, file.path):
            data += block
            if len(data) > MOST_BYTES:
                message = f"it has more than {MOST_BYTES} bytes; a plain text is one article: cut it into articles"
                raise InputError(message, source=str(file.path), doc_id=file.name)
    source = str(file.path)
    mark = len(BOM) if data.startswith(BOM) else 0
    try:
        text = decode(bytes(data[mark:]), file.path, mark, encoding)
    except InputError as error:
        yield InputError(error.args[0], source=source, doc_id=file.name)
    else:
        yield Row({"text": text}, source, file.name, encoding=encoding)
