"""Zip archives, with names as Windows writes them; https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT."""

import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from svodka.errors import InputError
from svodka.readers.archives.archive import Archive, Entry, Member, grown, part
from svodka.readers.unpacking import DAMAGES, BombError, DamagedError, checked, most_bytes

_ENCRYPTED, _UTF_8 = 0x1, 0x800  # flags
_WINDOWS = 0  # the system that MS-DOS and Windows call themselves
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_OTHER_METHODS = {9: "Deflate64", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES encryption"}
_LOCAL_HEADER = struct.Struct("<26xHH")  # lengths of name and extra field, which stand between it and the file
_EXTRA_FIELD, _UNICODE_PATH = struct.Struct("<HH"), 0x7075
_ERRORS = (*DAMAGES, NotImplementedError, RuntimeError, IndexError, struct.error)


class ZipArchive(Archive):
    """A zip archive."""

    is_sequential = False
    names_encoding = "cp866"  # of Russian Windows

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._file: IO[bytes] | None = None
        self._zip: zipfile.ZipFile | None = None

    @property
    def test(self) -> str:
        """As of `Archive`."""
        return f"unzip -t {self.path.name}"

    def entries(self) -> Iterator[Entry]:
        """As of `Archive`."""
        left = most_bytes(self.path.stat().st_size)
        for number, info in enumerate(self._opened().infolist()):
            name = _name(info)
            if name[-1:] in ("/", b"/"):
                continue
            problem = _problem(info)
            left -= 0 if problem else info.file_size
            if left < 0:
                raise grown(f"with {info.filename}")
            yield Entry(name, info.file_size, number, problem)

    def open(self, member: Member) -> IO[bytes]:
        """As of `Archive`."""
        info = self._info(member)
        try:
            opened = self._opened().open(info)
        except _ERRORS as error:
            raise DamagedError(str(error), self.test) from error
        return checked(opened, info.compress_size, self.test)

    def open_in_place(self, member: Member) -> IO[bytes] | None:
        """As of `Archive`."""
        info = self._info(member)
        if info.compress_type != zipfile.ZIP_STORED:
            return None
        self.open(member).close()  # which looks at the header
        assert self._file is not None
        self._file.seek(info.header_offset)
        lengths = _LOCAL_HEADER.unpack(self._file.read(_LOCAL_HEADER.size))
        start = info.header_offset + _LOCAL_HEADER.size + sum(lengths)
        return part(self._file, start, info.file_size, self.test)

    def close(self) -> None:
        """As of `Archive`."""
        if self._zip is not None:
            self._zip.close()
        if self._file is not None:
            self._file.close()
        self._zip = self._file = None

    def _opened(self) -> zipfile.ZipFile:
        if self._zip is None:
            self._file = self.path.open("rb")
            try:
                self._zip = zipfile.ZipFile(self._file)
            except _ERRORS as error:
                message = (
                    f"is no zip archive, or is cut off or damaged ({error}); get it anew, or save what is whole with "
                    f"`zip -FF {self.path.name} --out whole.zip`"
                )
                raise InputError(message, source=str(self.path)) from error
        return self._zip

    def _info(self, member: Member) -> zipfile.ZipInfo:
        infos = self._opened().infolist()
        if member.place >= len(infos):
            raise DamagedError("the archive has changed since it was looked at", self.test)
        return infos[member.place]


def _name(info: zipfile.ZipInfo) -> str | bytes:
    """The name of a file; as bytes where nothing tells what they are encoded in."""
    if info.flag_bits & _UTF_8:
        return info.filename
    raw = info.orig_filename.encode("cp437", "replace").partition(b"\0")[0]
    if info.create_system == _WINDOWS and b"/" not in raw:
        raw = raw.replace(b"\\", b"/")
    return _unicode_path(info.extra) or raw


def _unicode_path(extra: bytes) -> str | None:
    """The name in UTF-8 that Info-ZIP writes besides; None where there is none."""
    while len(extra) >= _EXTRA_FIELD.size:
        kind, length = _EXTRA_FIELD.unpack_from(extra)
        field, extra = extra[_EXTRA_FIELD.size : _EXTRA_FIELD.size + length], extra[_EXTRA_FIELD.size + length :]
        if kind == _UNICODE_PATH:
            return field[5:].decode(errors="replace") or None  # behind version and checksum
    return None


def _problem(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted; unpack the archive with its password, and give the folder"
    if info.compress_type not in _METHODS:
        method = _OTHER_METHODS.get(info.compress_type, f"method {info.compress_type}")
        return f"it is packed by {method}, which Python does not know; unpack the archive, and give the folder"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link, which is not followed"
    if info.file_size > most_bytes(info.compress_size):
        return BombError().explanation
    return ""
