"""What archives have in common: the files in them, each of which opens like one on the disk."""

import io
import logging
import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self, cast

from svodka.errors import InputError
from svodka.readers.archives.names import decode_names, path_within
from svodka.readers.unpacking import DAMAGES, MOST_EXPANSION, DamagedError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

logger = logging.getLogger("svodka.readers")

_BUFFER_BYTES = 2**16
_MOST_SHOWN = 300  # characters of a name that cannot be used


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive.

    Attributes:
        archive: The archive.
        name: Its path within.
        size: How many bytes it has when it is unpacked.
        place: Where the archive has it: a number that its format knows.
        problem: Why it cannot be read; empty where it can.
    """

    archive: "Archive" = field(repr=False)
    name: str
    size: int
    place: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What an archive says of a file in it; the fields are those of `Member`, the name as it stands there."""

    name: str | bytes
    size: int
    place: int
    problem: str = ""


class Problems:
    """What is wrong in an archive: an error for all files that have the same problem."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, int]] = {}

    def add(self, problem: str, source: str) -> None:
        """Note a problem of a file, or of the archive."""
        first, n_files = self._found.get(problem, (source, 0))
        self._found[problem] = first, n_files + 1

    def errors(self) -> list[InputError]:
        """The errors, each with the first file that has it."""
        return [
            InputError(f"{problem} ({n_files} files of the archive)" if n_files > 1 else problem, source=first)
            for problem, (first, n_files) in self._found.items()
        ]


class Archive(ABC):
    """An archive on the disk, open from the first file that is opened until it is closed; it can be opened again.

    Args:
        path: The archive.
    """

    is_sequential: bool
    """Whether its files are best read as they stand in it, not by their paths."""
    names_encoding: str
    """What names are encoded in of which nothing tells."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    @abstractmethod
    def test(self) -> str:
        """The command that tells whether it is whole."""

    @abstractmethod
    def entries(self) -> Iterator[Entry]:
        """The files in the order of the archive, whatever their kind, without folders.

        Raises:
            InputError: The archive cannot be read, or not further.
        """

    @abstractmethod
    def open(self, member: Member) -> IO[bytes]:
        """A file of the archive. It raises `DamagedError` or `BombError` where it cannot be read further."""

    @abstractmethod
    def open_in_place(self, member: Member) -> IO[bytes] | None:
        """A file of the archive to go to and fro in, where it stands there unpacked; None where it does not."""

    def keep(self, member: Member) -> None:  # noqa: B027  (only archives need it that cannot be gone back in)
        """Have a file ready that will be read out of its turn, till `forget`."""

    def forget(self) -> None:
        """Close the archive, and let go of what was kept."""
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Close the archive."""

    def members(self, problems: "Problems") -> dict[str, Member]:
        """The files by their paths. Of files of one name the last is taken, as by unpacking.

        Args:
            problems: Gets what is wrong.
        """
        entries: list[Entry] = []
        with self:
            try:
                entries.extend(self.entries())
            except InputError as error:
                problems.add(error.args[0], str(self.path))
            except OSError as error:
                problems.add(f"the file cannot be read: {error.strerror or error}", str(self.path))
        members: dict[str, Member] = {}
        n_repeated = 0
        for entry, name in zip(entries, self._names(entries), strict=True):
            try:
                path = path_within(name)
            except ValueError as error:
                problems.add(f"{error}; it is left out", f"{self.path}/{name[:_MOST_SHOWN]}")
                continue
            n_repeated += path in members
            members[path] = Member(self, path, entry.size, entry.place, entry.problem)
        if n_repeated:
            logger.warning("%s: %d files have the name of a later one, which is read", self.path, n_repeated)
        return members

    def _names(self, entries: list[Entry]) -> Iterator[str]:
        raw = (entry.name for entry in entries if isinstance(entry.name, bytes))
        decoded = decode_names(raw, self.names_encoding)
        for entry in entries:
            yield next(decoded) if isinstance(entry.name, bytes) else entry.name


def grown(place: str) -> InputError:
    """The error of an archive whose files together are larger than `most_bytes` allows."""
    return InputError(
        f"the archive becomes more than {MOST_EXPANSION} times as large {place}, which no texts do: it is damaged, or "
        "made to fill a disk. If it is sound, unpack it, and give the folder"
    )


class _Part(io.RawIOBase):
    """A part of a file, as a file."""

    def __init__(self, file: IO[bytes], start: int, size: int, test: str, head: bytes = b"") -> None:
        self._file, self._start, self._size, self._test, self._head = file, start, size, test, head
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._position = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence] + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        n_bytes = min(len(view), self._size - self._position)
        if n_bytes <= 0:
            return 0
        block = self._head[self._position : self._position + n_bytes] or self._read(n_bytes)
        view[: len(block)] = block
        self._position += len(block)
        return len(block)

    def _read(self, n_bytes: int) -> bytes:
        try:
            self._file.seek(self._start + self._position)
            block = cast(io.BufferedReader, self._file).read1(n_bytes)
        except DAMAGES as error:
            raise DamagedError(str(error), self._test) from error
        if not block:
            raise DamagedError(f"{self._size - self._position} bytes are missing", self._test)
        return block


def part(file: IO[bytes], start: int, size: int, test: str, head: bytes = b"") -> IO[bytes]:
    """A part of a file, as a file; it raises `DamagedError` where the file is damaged or cut off.

    Args:
        file: The file, which others may read, too; it stays open.
        start: Where the part begins.
        size: How many bytes it has.
        test: The command that tells whether the file is whole.
        head: What it begins with, if that has been read already.
    """
    return cast(IO[bytes], io.BufferedReader(_Part(file, start, size, test, head), _BUFFER_BYTES))


def walk(top: Path, names: Iterable[str]) -> Iterator[tuple[str, list[str], list[str]]]:
    """What `os.walk` would tell of the folder that an archive was made of; folders taken out of its list are left out.

    Args:
        top: The archive.
        names: Paths of the files in it.
    """
    tree: dict[str, tuple[list[str], list[str]]] = {"": ([], [])}
    for name in names:
        folder, _, file = name.rpartition("/")
        _lists_of(tree, folder)[1].append(file)
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        folders, files = tree[folder]
        yield os.path.join(top, folder) if folder else str(top), folders, files  # noqa: PTH118  (as os.walk has it)
        waiting.extend(f"{folder}/{name}" if folder else name for name in folders)


def _lists_of(tree: dict[str, tuple[list[str], list[str]]], folder: str) -> tuple[list[str], list[str]]:
    """The folders and files of a folder, which is added where it is new."""
    if folder not in tree:
        tree[folder] = ([], [])
        parent, _, name = folder.rpartition("/")
        _lists_of(tree, parent)[0].append(name)
    return tree[folder]
