"""Parquet: a row is an article."""

import os
from collections.abc import Iterator, Mapping
from itertools import accumulate, pairwise, starmap

import pyarrow as pa
import pyarrow.parquet as pq

from svodka.errors import InputError
from svodka.readers.columns import Columns
from svodka.readers.files import InputFile
from svodka.readers.opening import open_seekable
from svodka.readers.options import ReadOptions
from svodka.readers.rows import Row

_BATCH_ROWS = 256
_BUFFER_BYTES = 2**20  # with pre_buffer off, so much of a column is held instead of a whole chunk
# A row group may become so many times as large as the file when it is unpacked, and so many bytes in any case.
_MOST_EXPANSION, _FREE_BYTES = 100, 2**28
_ERRORS = (pa.ArrowException, OSError, ValueError, RuntimeError)  # the last two for damage in names and statistics


def read_parquet(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The articles of a Parquet file, of which only the columns that hold a field are read.

    Args:
        file: The file.
        options: Its `columns` are the caller's own field → column.

    Yields:
        A row, or the error of a row or of a group of rows that is damaged.

    Raises:
        InputError: The file is no Parquet, or has no column with the text.
        OSError: The file cannot be opened.
    """
    path = str(file.path)
    finder = Columns(options.columns, path)
    with open_seekable(file) as opened:
        try:
            most_bytes = max(_FREE_BYTES, _MOST_EXPANSION * opened.seek(0, os.SEEK_END))
            opened.seek(0)
            schema = pq.read_schema(opened)
            found = finder.find(schema.names)
            twice = next((name for name in found.values() if schema.names.count(name) > 1), None)
            if twice is not None:
                raise InputError(f"the column {twice!r} is there more than once; rename all but one")
            # a text that is stored once stays so, however many rows have it
            strings = [name for name in found.values() if pa.types.is_string(schema.field(name).type)]
            opened.seek(0)
            parquet = pq.ParquetFile(opened, buffer_size=_BUFFER_BYTES, pre_buffer=False, read_dictionary=strings)
            lengths = [parquet.metadata.row_group(group).num_rows for group in range(parquet.num_row_groups)]
        except _ERRORS as error:
            message = f"the file is no Parquet, or is cut off or damaged: {error}. Get it anew, or write it anew"
            raise InputError(message, source=path) from error
        except InputError as error:
            raise InputError(error.args[0], source=path) from error
        ends = list(accumulate(lengths, initial=1))
        for group, rows in enumerate(starmap(range, pairwise(ends))):
            yield from _read_group(parquet, most_bytes, group, rows, found, file)
    finder.warn_of_unseen()


def _read_group(
    parquet: pq.ParquetFile, most_bytes: int, group: int, rows: range, found: Mapping[str, str], file: InputFile
) -> Iterator[Row | InputError]:
    number, last = rows.start, rows.stop - 1
    try:
        # of the group as a whole: pyarrow ends the process where the statistics of a column are damaged
        if parquet.metadata.row_group(group).total_byte_size > most_bytes:
            message = (
                f"rows {number} to {last} become more than {_MOST_EXPANSION} times as large when they are unpacked, "
                "which no text does. If the file is sound, write it anew without compression"
            )
            yield InputError(message, source=f"{file.path}:{number}")
            return
        batches = parquet.iter_batches(_BATCH_ROWS, row_groups=[group], columns=list(found.values()))
        for batch in batches:
            for index in range(batch.num_rows):
                source = f"{file.path}:{number}"
                try:
                    values = {field: batch.column(name)[index].as_py() for field, name in found.items()}
                except UnicodeDecodeError as error:
                    message = f"byte {error.start} of a string is not UTF-8; write the file anew from its source"
                    yield InputError(message, source=source)
                else:
                    yield Row(values, source, f"{file.name}:{number}")
                number += 1
    except _ERRORS as error:
        message = f"rows {number} to {last} are damaged: {error}. Get the file anew, or write it anew"
        yield InputError(message, source=f"{file.path}:{number}")
