"""Which files an input stands for, and what their articles are called by default."""

import logging
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from svodka.errors import InputError
from svodka.readers.archives.archive import Archive, Member, Problems, walk
from svodka.readers.archives.kinds import ARCHIVES, OTHER_ARCHIVES, WACZ, WACZ_FOLDER, new_archive
from svodka.readers.databases.urls import database_name, file_of, is_url, shown, squeezed_scheme
from svodka.readers.folders import walk_files
from svodka.readers.unpacking import PACKED

logger = logging.getLogger("svodka.readers")

_SHEET = "save the sheet as CSV, or give what `pandas.read_excel` makes of it to `svodka.extract`"
_OFFICE = "save it as plain text; many at once: `soffice --headless --convert-to 'txt:Text (encoded):UTF8' FILES`"
# Files that people have texts in, and how they become files that are read.
_WAYS_OUT = {
    **dict.fromkeys((".xlsx", ".xls", ".ods"), _SHEET),
    **dict.fromkeys((".docx", ".doc", ".odt", ".rtf"), _OFFICE),
    ".pdf": "make text of it with `pdftotext`",
}
# What brat keeps beside its texts: annotations and configuration.
_OF_BRAT = (".ann", ".conf")

STDIN = Path("-")
"""The input that is read from standard input, as JSON lines."""

DATABASES = (".db", ".ddb", ".duckdb", ".sqlite", ".sqlite3")
"""Endings of databases, which are read only where they are named: many a folder has one of some program."""

SAVED_DATA_SET, DATABASE_URL = "/", "://"
"""Endings of inputs that are no files: a folder that `datasets` saved, and the URL of a database."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read.

    Attributes:
        path: The file, as the user or the walk named it, in an archive as if that were a folder; `STDIN` for standard
            input.
        ending: What it is read by, such as ``.jsonl.gz``.
        name: What its articles are called by: the stem of the file's name if no other file of the run has it,
            otherwise its path within the folder or archive that was given.
        url: The URL of a database, with its password; empty for files. It is not to be shown.
        tables: Tables beside a text that tell of its title, date and the like; see `svodka.readers.beside`.
        member: The file in its archive; None for one that lies on the disk.
    """

    path: Path
    ending: str
    name: str
    url: str = field(default="", repr=False)
    tables: tuple["InputFile", ...] = ()
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    ending: str
    relative: str  # to the folder or archive that was given, with the ending
    url: str = field(default="", repr=False)
    member: Member | None = None

    def names(self) -> tuple[str, str, str, str]:
        """Names to call it by, the shortest first."""
        stem = self.relative.removesuffix(self.relative[-len(self.ending) :])
        return stem.rpartition("/")[2], stem, self.relative, self.path.as_posix()

    def on_disk(self) -> Path:
        """The file, or its archive."""
        return self.member.archive.path if self.member else self.path


def find_files(inputs: Iterable[str | Path], endings: Collection[str]) -> list[InputFile | InputError]:
    """The files that inputs stand for, in the order of the inputs, those of a folder sorted by path.

    Hidden files and files with other endings are passed over inside folders; the latter are counted in a warning. An
    archive is a folder, too; the files of a tar archive stay in its order, for it is read from beginning to end.

    Args:
        inputs: Files, folders and URLs of databases; a folder stands for all files below it.
        endings: Endings of file names that can be read, in lowercase with the dot.

    Returns:
        Files, each once; in the place of an input that cannot be used the error that says why.
    """
    found: list[_Found | InputError] = []
    for given in inputs:
        try:
            found.extend([_database(str(given))] if is_url(given) else _at(Path(given), endings))
        except InputError as error:
            found.append(error)
        except (OSError, ValueError) as error:  # a name too long, or with a NUL
            found.append(InputError(f"is no file or folder: {error}", source=_short(Path(given))))
    return _named(_without_repeats(found))


def archive_of(file: InputFile | InputError) -> Archive | None:
    """The archive of a file, None for one that lies on the disk."""
    return file.member.archive if isinstance(file, InputFile) and file.member else None


def one_archive_open(files: Iterable[InputFile | InputError]) -> Iterator[InputFile | InputError]:
    """The files, one after another; what was opened of an archive is closed behind its last file."""
    for archive, group in groupby(files, archive_of):
        with archive or nullcontext():
            yield from group


def check_databases(inputs: Iterable[str | Path]) -> None:
    """Refuse inputs that a query cannot be put to.

    Raises:
        InputError: An input is no database; the message names it.
    """
    for given in inputs:
        if not is_url(given) and Path(given).suffix.lower() not in DATABASES:
            message = f"is no database, so no query can be put to it; databases end in {', '.join(DATABASES)}"
            raise InputError(message, source=_short(Path(given)))


def _database(url: str) -> _Found:
    path = file_of(url)
    if path is None:
        return _Found(Path(shown(url)), DATABASE_URL, database_name(url) + DATABASE_URL, url)
    if not path.exists():
        raise InputError("there is no such database; check the path", source=_short(path))
    ending = _ending(path.name, DATABASES)
    return _Found(path, ending or DATABASES[0], path.name if ending else path.name + DATABASES[0])


def _at(path: Path, endings: Collection[str]) -> list[_Found | InputError]:
    if path == STDIN:
        return [_Found(path, ".jsonl", "stdin.jsonl")]
    if path.is_dir():
        return _in_folder(path, endings)
    if not path.exists():
        if scheme := squeezed_scheme(path):  # what follows it may be a password
            raise InputError("is a URL that was made a path; give it as a string", source=f"{scheme}://…")
        raise InputError("there is no such file or folder; check the path", source=_short(path))
    if _ending(path.name, ARCHIVES):
        found = _in_archive(path, endings)
        return found or [InputError(f"the archive has nothing to read; {_listed(endings)}", source=str(path))]
    ending = _ending(path.name, endings)
    if ending is None and (other := _ending(path.name, OTHER_ARCHIVES)):
        message = f"archives of this kind are not read; unpack it with {OTHER_ARCHIVES[other]}, and give the folder"
        raise InputError(message, source=str(path))
    if ending is None:
        way_out = _WAYS_OUT.get(path.suffix.lower()) or _listed(endings)
        raise InputError(f"files of this kind are not read; {way_out}", source=str(path))
    return [_Found(path, ending, path.name)]


class _PassedOver:
    """Counts the files of a folder or archive that are not read, and says so in the end."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._kinds: Counter[str] = Counter()
        self._archives: list[Path] = []
        self._ways_out: dict[str, Path] = {}  # with the first file of such a kind

    def add(self, path: Path) -> None:
        """Count a file, if it is one that somebody could expect to be read."""
        if path.suffix.lower() not in _OF_BRAT:
            self._kinds[path.suffix or path.name] += 1
        if _ending(path.name, OTHER_ARCHIVES):
            self._archives.append(path)
        if way_out := _WAYS_OUT.get(path.suffix.lower()):
            self._ways_out.setdefault(way_out, path)

    def warn(self) -> None:
        """Say what was passed over."""
        if not self._kinds:
            return
        kinds = ", ".join(f"{kind} ({count})" for kind, count in sorted(self._kinds.items()))
        logger.warning("%s: %d files passed over, their kinds are not read: %s", self._top, self._kinds.total(), kinds)
        if not self._kinds.keys().isdisjoint(DATABASES):
            logger.warning("%s: databases are read only where they lie on the disk and are named", self._top)
        for way_out, path in self._ways_out.items():
            logger.warning("%s: files of this kind are not read; %s", path, way_out)
        if self._archives:
            archive = self._archives[0]
            way = OTHER_ARCHIVES[archive.suffix.lower()]
            logger.warning("%s: archives of this kind are not read; unpack %s with %s", self._top, archive.name, way)


def _in_folder(folder: Path, endings: Collection[str]) -> list[_Found | InputError]:
    found: list[_Found] = []
    errors: list[InputError] = []
    passed_over = _PassedOver(folder)
    walked = set(endings) - set(DATABASES)

    def report(error: OSError) -> None:
        errors.append(InputError(f"the folder cannot be read: {error.strerror}", source=str(error.filename)))

    for path, is_data_set in walk_files(os.walk(folder, onerror=report)):
        if is_data_set:
            within = path.relative_to(folder).as_posix() if path != folder else path.absolute().name
            found.append(_Found(path, SAVED_DATA_SET, within + SAVED_DATA_SET))
            continue
        is_archive, ending = _ending(path.name, ARCHIVES) is not None, _ending(path.name, walked)
        if ending is None and not is_archive:
            passed_over.add(path)
        elif not path.is_file():
            errors.append(InputError("is no regular file; a link that leads nowhere?", source=str(path)))
        elif is_archive:
            for file in _beside(path, folder, endings):
                found.append(file) if isinstance(file, _Found) else errors.append(file)
        elif ending is not None:
            found.append(_Found(path, ending, path.relative_to(folder).as_posix()))
    passed_over.warn()
    if not found and not errors:
        errors.append(InputError(f"the folder has nothing to read; {_listed(walked)}", source=str(folder)))
    return sorted(found, key=_Found.on_disk) + errors


def _beside(path: Path, folder: Path, endings: Collection[str]) -> list[_Found | InputError]:
    """The files of an archive in a folder, unless that has them unpacked, too."""
    found = _in_archive(path, endings, f"{path.relative_to(folder).as_posix()}/")
    if not found:
        logger.warning("%s: has nothing to read", path)
    ending = _ending(path.name, ARCHIVES) or ""
    first = next((file.member.name for file in found if isinstance(file, _Found) and file.member), "")
    places = (path.parent / first, path.with_name(path.name[: -len(ending)]) / first)
    if first and any(map(os.path.exists, places)):
        logger.warning("%s: passed over, for what it holds lies unpacked beside it", path)
        return []
    return found


def _in_archive(path: Path, endings: Collection[str], within: str = "") -> list[_Found | InputError]:
    archive = new_archive(path, _ending(path.name, ARCHIVES) or "")
    problems = Problems()
    members = archive.members(problems)
    walked = set(endings) - set(DATABASES)
    if path.name.lower().endswith(WACZ):
        members = {name: member for name, member in members.items() if name.startswith(WACZ_FOLDER)}
    found: list[_Found] = []
    passed_over = _PassedOver(path)
    for file, is_data_set in walk_files(walk(path, members)):
        member = members.get(file.relative_to(path).as_posix())
        ending = _ending(file.name, walked)
        if member and ending and not member.problem:
            found.append(_Found(file, ending, f"{within}{member.name}", member=member))
        elif problem := _why_not(file, member, ending, is_data_set=is_data_set):
            problems.add(problem, str(file))
        else:
            passed_over.add(file)
    passed_over.warn()
    in_order = sorted(found, key=_place if archive.is_sequential else _path)
    return [*in_order, *problems.errors()]


def _why_not(file: Path, member: Member | None, ending: str | None, *, is_data_set: bool) -> str:
    """Why something in an archive is not read that could be expected to be; nothing where it could not."""
    if is_data_set:
        return "is a data set that `datasets` saved, which has to lie on the disk; unpack the archive"
    if _ending(file.name, (*ARCHIVES, *OTHER_ARCHIVES)):
        return "archives in archives are not read; unpack the outer one, and give the folder"
    return member.problem if member and ending else ""


def _place(file: _Found) -> int:
    return file.member.place if file.member else 0


def _path(file: _Found) -> Path:
    return file.path


def _ending(name: str, endings: Iterable[str]) -> str | None:
    lowered = name.lower()
    return max((ending for ending in endings if lowered.endswith(ending)), key=len, default=None)


def _listed(endings: Collection[str]) -> str:
    """What can be read, for a message; the endings of packed files in few words."""
    plain = sorted(ending for ending in endings if not ending.endswith(PACKED) or Path(ending).stem not in endings)
    return (
        f"files are read that end in one of: {', '.join(plain)}; texts may be packed: {', '.join(PACKED)}; "
        "archives end in .zip, .wacz, .tar, .tar.gz and the like"
    )


def _without_repeats(found: Iterable[_Found | InputError]) -> Iterator[_Found | InputError]:
    seen: set[Path] = set()
    for file in found:
        if isinstance(file, _Found):
            path = file.path.absolute()
            if path in seen:
                logger.info("%s: named twice, read once", file.path)
                continue
            seen.add(path)
        yield file


def _named(found: Iterable[_Found | InputError]) -> list[InputFile | InputError]:
    found = list(found)
    files = [file for file in found if isinstance(file, _Found)]
    levels = [Counter(names) for names in zip(*(file.names() for file in files), strict=True)]

    def name(file: _Found) -> str:
        pairs = zip(file.names(), levels, strict=True)
        return next((name for name, used in pairs if used[name] == 1), file.path.as_posix())

    return [
        InputFile(file.path, file.ending, name(file), file.url, member=file.member)
        if isinstance(file, _Found)
        else file
        for file in found
    ]


def _short(path: Path) -> str:
    """The path; only its beginning where somebody passed a text instead."""
    return str(path) if len(str(path)) <= 300 else f"{str(path)[:299]}…"
