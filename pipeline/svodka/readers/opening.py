"""Opening files: on the disk, in archives, packed, or coming through standard input."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from shutil import copyfileobj
from typing import IO

from svodka.errors import InputError
from svodka.readers.files import STDIN, InputFile
from svodka.readers.unpacking import PACKED, UnpackingError, checked, test_of, unpack


@contextlib.contextmanager
def open_bytes(file: InputFile) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked if its name ends in one of `PACKED`; those of standard input if it is `STDIN`.

    Raises:
        OSError: The file cannot be opened. An `UnpackingError` comes where it cannot be read further.
    """
    if file.path == STDIN:
        yield sys.stdin.buffer
        return
    packing = file.path.suffix.lower()
    with _stored(file) as stored:
        if packing not in PACKED:
            yield stored
            return
        n_packed = file.member.size if file.member else os.fstat(stored.fileno()).st_size
        with unpack(stored, packing) as unpacked:
            yield checked(unpacked, n_packed, test_of(packing, file.path.name))


@contextlib.contextmanager
def open_seekable(file: InputFile) -> Iterator[IO[bytes]]:
    """The bytes of a file as it is stored, to go to and fro in.

    What is packed in an archive is copied into a temporary file that has no name, so that nothing is left of it,
    whatever happens.

    Raises:
        InputError: There is no room for the copy.
        OSError: The file cannot be opened, or is damaged in its archive.
    """
    if file.member is None:
        with file.path.open("rb") as stored:
            yield stored
    elif (in_place := file.member.archive.open_in_place(file.member)) is not None:
        yield in_place
    else:
        with _stored(file) as packed, tempfile.TemporaryFile() as copy:
            try:
                copyfileobj(packed, copy)
                copy.seek(0)
            except UnpackingError:
                raise
            except OSError as error:
                message = (
                    f"there is no room in {tempfile.gettempdir()} for a copy of {file.member.size} bytes, which this "
                    f"file needs while it is read ({error.strerror}); name a folder with more room in TMPDIR, or "
                    "unpack the archive, and give the folder"
                )
                raise InputError(message, source=str(file.path)) from error
            yield copy


def _stored(file: InputFile) -> IO[bytes]:
    return file.path.open("rb") if file.member is None else file.member.archive.open(file.member)
