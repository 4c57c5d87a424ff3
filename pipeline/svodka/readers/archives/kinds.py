"""Which archives are read, by the endings of their names."""

from collections.abc import Mapping
from pathlib import Path

from svodka.readers.archives.archive import Archive
from svodka.readers.archives.tars import TarArchive
from svodka.readers.archives.zips import ZipArchive
from svodka.readers.unpacking import PACKED

WACZ, WACZ_FOLDER = ".wacz", "archive/"
"""Ending of web archives as zip, and the folder in them that their WARC files lie in.

https://specs.webrecorder.net/wacz/1.1.1/ has the format; the rest is their index and what was taken from the pages.
"""

_KINDS: Mapping[str, type[Archive]] = {
    ".zip": ZipArchive,
    WACZ: ZipArchive,
    ".tar": TarArchive,
    **{f".tar{packing}": TarArchive for packing in PACKED},
    **dict.fromkeys((".tgz", ".tbz", ".tbz2", ".txz", ".tzst"), TarArchive),
}
ARCHIVES = tuple(_KINDS)
"""Endings of archives that are read."""

OTHER_ARCHIVES = {".7z": "`7z x`", ".rar": "`unrar x`"}
"""Endings of archives that are not, and what unpacks them."""


def new_archive(path: Path, ending: str) -> Archive:
    """The archive at a path, not opened yet.

    Args:
        path: The file.
        ending: That of its name, one of `ARCHIVES`.
    """
    return _KINDS[ending](path)
