"""Tar archives, packed or not: pax, GNU and ustar, as `tarfile` reads them.

What is packed can only be read forwards, so that files are read in the order of the archive; going back means to begin
anew.
"""

import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfileobj
from typing import IO, cast

from svodka.errors import InputError
from svodka.readers.archives.archive import Archive, Entry, Member, grown, logger, part
from svodka.readers.unpacking import DAMAGES, DamagedError, most_bytes, packing_of, test_of, unpack

_ERRORS = (*DAMAGES, tarfile.TarError, IndexError, ArithmeticError)
_MOST_HEADER_BYTES = 2**20
_HEAD_BYTES = 2**20  # of a file are read at once, for readers look at beginnings twice
_MAGIC_BYTES = 6
_IN_MEMORY = 2**20


class _Forwards:
    """A file that `tarfile` looks for headers in, of which nothing makes it go back or read all into memory.

    Attributes:
        last: What was read last.
    """

    def __init__(self, file: IO[bytes], most_bytes: int) -> None:
        self._file, self._most, self._position = file, most_bytes, 0
        self.last = b""

    def tell(self) -> int:
        return self._position

    def seek(self, position: int) -> int:
        if position < self._position:
            raise tarfile.ReadError("a file has less than no bytes")
        if position > self._most:
            raise grown("on the way to its end")
        self._position = self._file.seek(position)
        return self._position

    def read(self, n_bytes: int) -> bytes:
        if n_bytes > _MOST_HEADER_BYTES:
            raise tarfile.ReadError(f"a header has {n_bytes} bytes")
        self.last = self._file.read(n_bytes)
        self._position += len(self.last)
        return self.last


class TarArchive(Archive):
    """A tar archive; what it is packed by is told by its bytes."""

    is_sequential = True
    names_encoding = "cp1251"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._file: IO[bytes] | None = None
        self._packing: str | None = None
        self._unpacked: IO[bytes] | None = None
        self._begun: tuple[Member, bytes] | None = None
        self._kept: dict[Member, IO[bytes]] = {}

    @property
    def test(self) -> str:
        """As of `Archive`."""
        return test_of(self._packing, self.path.name) if self._packing else f"tar -tf {self.path.name}"

    def entries(self) -> Iterator[Entry]:
        """As of `Archive`."""
        most = most_bytes(self.path.stat().st_size)
        stream = _Forwards(self._opened(), most)
        name = ""
        try:
            with tarfile.open(fileobj=cast(IO[bytes], stream), mode="r:", encoding="utf-8") as tar:
                while (info := tar.next()) is not None:
                    tar.members = []  # type: ignore[attr-defined]  # which would hold all of them
                    if info.offset_data + info.size > most:
                        raise grown(f"with {_shown(info.name)}")
                    name = _shown(info.name)
                    if not info.isdir():
                        yield Entry(
                            info.name.encode(errors="surrogateescape"), info.size, info.offset_data, _problem(info)
                        )
            if stream.last.strip(b"\0"):
                raise tarfile.ReadError("what follows is no header")
        except _ERRORS as error:
            where = f"after {name} " if name else ""
            message = (
                f"the archive is cut off or damaged {where}({error}); the files before are read. Get it anew; "
                f"`{self.test}` tells whether it is whole"
            )
            raise InputError(message if name else f"is no tar archive, or is damaged ({error}); get it anew") from error
        if not stream.last:
            logger.warning("%s: has no mark at its end; is it cut off?", self.path)

    def open(self, member: Member) -> IO[bytes]:
        """As of `Archive`."""
        if kept := self._kept.get(member):
            return part(kept, 0, member.size, self.test)
        file = self._opened()
        if self._begun is None or self._begun[0] != member:
            self._begun = member, _head(part(file, member.place, member.size, self.test))
        return part(file, member.place, member.size, self.test, self._begun[1])

    def open_in_place(self, member: Member) -> IO[bytes] | None:
        """As of `Archive`."""
        self._opened()
        return None if self._packing else self.open(member)

    def keep(self, member: Member) -> None:
        """As of `Archive`.

        Raises:
            OSError: There is no room for a copy, or the archive is damaged there.
        """
        if self._packing and member not in self._kept:
            copy = cast(IO[bytes], tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115  (forget closes it)
            try:
                copyfileobj(self.open(member), copy)
            except OSError:
                copy.close()
                raise
            self._kept[member] = copy

    def forget(self) -> None:
        """As of `Archive`."""
        for copy in self._kept.values():
            copy.close()
        self._kept.clear()
        self.close()

    def close(self) -> None:
        """As of `Archive`."""
        for file in (self._unpacked, self._file):
            if file is not None:
                file.close()
        self._file = self._unpacked = self._begun = None

    def _opened(self) -> IO[bytes]:
        if self._unpacked is None:
            self._file = self.path.open("rb")
            self._packing = packing_of(self._file.read(_MAGIC_BYTES))
            self._file.seek(0)
            self._unpacked = unpack(self._file, self._packing) if self._packing else self._file
        return self._unpacked


def _head(file: IO[bytes]) -> bytes:
    """What a file begins with; nothing where that is damaged, for then all before the damage is to be read."""
    try:
        return file.read(_HEAD_BYTES)
    except DamagedError:
        return b""


def _shown(name: str) -> str:
    return name.encode(errors="replace").decode()


def _problem(info: tarfile.TarInfo) -> str:
    if info.issym() or info.islnk():
        return "it is a link, which is not followed"
    if not info.isreg():
        return "it is a device or a pipe, and no file"
    if info.issparse():
        return "it is stored with holes; unpack the archive, and give the folder"
    return ""
