"""Arrow's IPC formats: files ending in .arrow and .feather, and data sets as `datasets` saves them to disk.

https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc has the formats:
`datasets` writes streams, Feather of version 2 is the file format.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import orjson
import pyarrow as pa
from pyarrow import ipc

from svodka.errors import InputError
from svodka.readers.columns import Columns
from svodka.readers.files import InputFile
from svodka.readers.frames import Numbering, batch_rows, find_columns, join_splits
from svodka.readers.opening import open_seekable
from svodka.readers.options import ReadOptions
from svodka.readers.rows import Row

SPLITS, STATE = "dataset_dict.json", "state.json"
"""What `save_to_disk` calls its files that list the splits of a data set, and the Arrow files of one of them."""

_FILE_FORMAT, _FEATHER_1 = b"ARROW1", b"FEA1"
_ERRORS = (pa.ArrowException, OSError, ValueError, RuntimeError, MemoryError)  # the last for a length that is damaged
# Strings are checked as bytes, so that one that is not UTF-8 costs its row and not the batch.
_AS_BYTES = {pa.string(): pa.binary(), pa.large_string(): pa.large_binary(), pa.string_view(): pa.binary_view()}
_MOST_ROWS_OF_A_BYTE = 100  # of the file; a batch that says it has more is damaged, or made to fill a disk


def read_arrow(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The articles of an Arrow file, of which only the columns that hold a field are read.

    Args:
        file: The file.
        options: Its `columns` are the caller's own field → column.

    Yields:
        A row, or the error of a row or of a batch that is damaged.

    Raises:
        InputError: The file is no Arrow file, or has no column with the text, or is damaged from here on.
        OSError: The file cannot be opened.
    """
    finder = Columns(options.columns, str(file.path))
    with open_seekable(file) as opened:
        yield from _file_rows(opened, file.path, finder, Numbering(f"{file.path}:", f"{file.name}:"))
    finder.warn_of_unseen()


def read_saved(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The articles of a folder that `save_to_disk` of `datasets` wrote, its splits in the order of the data set.

    An id that an earlier split has is told apart by the split: ``test:7``. Other files of the folder, such as what the
    library keeps there of work on the data set, are passed over.

    Args:
        file: The folder.
        options: Its `columns` are the caller's own field → column.

    Yields:
        A row, or the error of a row, of a batch or of a split.

    Raises:
        InputError: The folder's lists of its files cannot be read.
        OSError: They cannot be opened.
    """
    folder = file.path
    finder = Columns(options.columns, str(folder))
    if (folder / SPLITS).exists():
        splits = [(name, folder / name) for name in _names(folder / SPLITS)]
        yield from join_splits(
            (name, _split_rows(path, finder, Numbering(f"{path}:", f"{file.name}/{name}:"))) for name, path in splits
        )
    else:
        yield from _split_rows(folder, finder, Numbering(f"{folder}:", f"{file.name}:"))
    finder.warn_of_unseen()


def _split_rows(folder: Path, finder: Columns, numbering: Numbering) -> Iterator[Row | InputError]:
    try:
        for name in _names(folder / STATE):
            with (folder / name).open("rb") as opened:
                yield from _file_rows(opened, folder / name, finder, numbering)
    except InputError as error:
        yield error
    except OSError as error:
        yield InputError(f"the data set is not whole: {error.strerror or error}", source=str(error.filename or folder))


def _names(listing: Path) -> list[str]:
    """The names of the splits or files that a data set says it has; each lies beside the listing.

    Raises:
        InputError: The listing is none.
        OSError: It cannot be opened.
    """
    message = f"is no {listing.name} of a data set; save the data set anew by save_to_disk"
    try:
        said = orjson.loads(listing.read_bytes())
        names = said["splits"] if listing.name == SPLITS else [file["filename"] for file in said["_data_files"]]
        if all(name not in (".", "..") and Path(name).name == name for name in names):
            return list(names)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(message, source=str(listing)) from error
    raise InputError(message, source=str(listing))


def _file_rows(opened: IO[bytes], path: Path, finder: Columns, numbering: Numbering) -> Iterator[Row | InputError]:
    most_rows = _MOST_ROWS_OF_A_BYTE * opened.seek(0, os.SEEK_END)
    opened.seek(0)
    with _explained(path):
        reader = _open(opened, finder)
    batches = iter(_batches(reader))
    while True:
        with _explained(path):
            batch = next(batches, None)
        if batch is None:
            return
        try:
            _check(batch, most_rows)
        except _ERRORS as error:
            message = f"this row and all {batch.num_rows} of its batch are damaged: {error}. Get the file anew"
            yield numbering.error(message)
            numbering.skip(batch.num_rows - 1)
        else:
            yield from batch_rows([batch], finder, numbering)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Make clear errors of what pyarrow says of a file.

    Raises:
        InputError: Within, the file could not be read, or has no column with the text.
    """
    try:
        yield
    except _ERRORS as error:
        message = f"the file is no Arrow file, or is cut off or damaged from here on: {error}. Get it anew"
        raise InputError(message, source=str(path)) from error
    except InputError as error:
        raise InputError(error.args[0], source=str(path)) from error


def _open(opened: IO[bytes], finder: Columns) -> ipc.RecordBatchStreamReader | ipc.RecordBatchFileReader:
    """A reader of the columns that hold a field."""
    head = opened.read(len(_FILE_FORMAT))
    if head.startswith(_FEATHER_1):
        raise InputError("the file is of version 1 of Feather, which is out of use; write it anew, or as Parquet")
    opener = ipc.open_file if head == _FILE_FORMAT else ipc.open_stream
    opened.seek(0)
    names = opener(opened).schema.names
    positions = sorted({names.index(name) for name in find_columns(names, finder).values()})
    opened.seek(0)
    return opener(opened, options=ipc.IpcReadOptions(included_fields=positions))


def _batches(reader: ipc.RecordBatchStreamReader | ipc.RecordBatchFileReader) -> Iterator[pa.RecordBatch]:
    if isinstance(reader, ipc.RecordBatchFileReader):
        return (reader.get_batch(number) for number in range(reader.num_record_batches))
    return iter(reader)


def _check(batch: pa.RecordBatch, most_rows: int) -> None:
    """Refuse what would lead pyarrow outside of its memory, or never come to an end.

    Raises:
        ValueError: The batch is damaged (pyarrow's error is one, too).
    """
    if batch.num_rows > most_rows:
        raise ValueError(f"it says it has {batch.num_rows} rows, more than a file of this size can hold")
    for column in batch.columns:
        (column.view(_AS_BYTES[column.type]) if column.type in _AS_BYTES else column).validate(full=True)
