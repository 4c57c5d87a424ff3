"""Unpacking what gzip, bzip2, xz and zstd packed, as far as it is sound and grows as texts do."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import IO, TYPE_CHECKING, cast

import pyarrow as pa

from svodka.errors import InputError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PROGRAMS = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd"}
"""Endings of packed files, and the programs that pack them, all with the same options."""

PACKED = tuple(PROGRAMS)
"""Endings of packed files."""

MOST_EXPANSION, FREE_BYTES = 100, 2**24
"""So many times as large may a file become; text becomes four times, seldom ten. Small files may do as they like."""

DAMAGES = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, ValueError)
"""What the libraries raise where a file is damaged."""

_MAGICS = {b"\x1f\x8b": ".gz", b"BZh": ".bz2", b"\xfd7zXZ\0": ".xz", b"\x28\xb5\x2f\xfd": ".zst"}
_BLOCK_BYTES = 2**16


class UnpackingError(OSError):
    """Something packed that cannot be read further.

    Args:
        reason: Why.
        explanation: What to tell the user where lines do not matter.
    """

    def __init__(self, reason: str, explanation: str) -> None:
        super().__init__(reason)
        self.explanation = explanation


class DamagedError(UnpackingError):
    """Something packed that is cut off or damaged from where it was read.

    Args:
        reason: What is wrong.
        test: The command that tells whether it is whole.
    """

    def __init__(self, reason: str, test: str) -> None:
        super().__init__(reason, f"the packed file is cut off or damaged ({reason}); `{test}` tells more. Get it anew")
        self.test = test


class BombError(UnpackingError):
    """Something packed that grows without measure."""

    def __init__(self) -> None:
        reason = f"more than {MOST_EXPANSION} times as large"
        super().__init__(
            reason,
            f"the packed file becomes {reason} when it is unpacked, which no text does: it is damaged, or made to fill "
            "a disk. If it is sound, unpack it and give that file",
        )


class _ZstdFile(io.RawIOBase):
    """A file that zstd packed (RFC 8878), which may have several frames, unpacked; going back means to begin anew."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._begin()

    def _begin(self) -> None:
        self._stream = pa.CompressedInputStream(pa.PythonFile(_Kept(self._file), "r"), "zstd")
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        block = self._read(len(view))
        view[: len(block)] = block
        return len(block)

    def _read(self, n_bytes: int) -> bytes:
        try:
            block: bytes = self._stream.read(n_bytes)
        except OSError as error:
            if "too much memory" not in str(error):
                raise
            message = (
                "the packed file wants more than 128 MB of memory to be unpacked, as `zstd --long` can make it; unpack "
                "it with `zstd -d --long=31`"
            )
            raise InputError(message) from error
        self._position += len(block)
        return block

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET:
            raise io.UnsupportedOperation("the end is not known")
        if offset < self._position:
            self._file.seek(0)
            self._begin()
        while self._position < offset and self._read(min(offset - self._position, _BLOCK_BYTES)):
            pass
        return self._position

    def tell(self) -> int:
        return self._position


class _Kept:
    """A file that pyarrow does not close."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, n_bytes: int) -> bytes:
        return self._file.read(n_bytes)

    def close(self) -> None:
        pass


_UNPACKERS: Mapping[str, Callable[[IO[bytes]], IO[bytes]]] = {
    ".gz": lambda file: cast(IO[bytes], gzip.GzipFile(fileobj=file)),
    ".bz2": lambda file: cast(IO[bytes], bz2.BZ2File(file)),
    ".xz": lambda file: cast(IO[bytes], lzma.LZMAFile(file)),  # noqa: SIM115  (who opens it closes it)
    ".zst": lambda file: cast(IO[bytes], io.BufferedReader(_ZstdFile(file), _BLOCK_BYTES)),
}


def unpack(file: IO[bytes], packing: str) -> IO[bytes]:
    """What a file holds that is packed.

    Args:
        file: The file, at its beginning.
        packing: One of `PACKED`.
    """
    return _UNPACKERS[packing](file)


class _Unpacked(io.RawIOBase):
    """What is unpacked, with clear errors where it is damaged or grows without measure."""

    def __init__(self, file: IO[bytes], n_packed: int, test: str) -> None:
        self._file = file
        self._most = most_bytes(n_packed)
        self._test = test
        self._n_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        if self._n_bytes > self._most:
            raise BombError
        try:
            block = cast(io.BufferedReader, self._file).read1(len(view))
        except DAMAGES as error:
            raise DamagedError(str(error), self._test) from error
        view[: len(block)] = block
        self._n_bytes += len(block)
        return len(block)

    def close(self) -> None:
        self._file.close()
        super().close()


def checked(unpacked: IO[bytes], n_packed: int, test: str) -> IO[bytes]:
    """What is unpacked, with clear errors where it is damaged or grows without measure: `DamagedError`, `BombError`.

    Args:
        unpacked: What is unpacked; closed with the result.
        n_packed: How many bytes it has while it is packed.
        test: The command that tells whether it is whole.
    """
    return cast(IO[bytes], io.BufferedReader(_Unpacked(unpacked, n_packed, test), _BLOCK_BYTES))


def most_bytes(n_packed: int) -> int:
    """How large something may become that has so many bytes while it is packed."""
    return max(FREE_BYTES, MOST_EXPANSION * n_packed)


def packing_of(head: bytes) -> str | None:
    """What the bytes that a file begins with say it is packed by; None where it is not."""
    return next((packing for magic, packing in _MAGICS.items() if head.startswith(magic)), None)


def test_of(packing: str, name: str) -> str:
    """The command that tells whether a packed file is whole."""
    return f"{PROGRAMS[packing]} -t {name}"
