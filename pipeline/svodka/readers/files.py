"""Which files an input stands for, and what their articles are called by default."""

import logging
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from svodka.errors import InputError
from svodka.readers.databases.urls import database_name, file_of, is_url, shown, squeezed_scheme
from svodka.run.manifest import MANIFEST

logger = logging.getLogger("svodka.readers")


# What Chrome and Firefox, and Internet Explorer, put behind the name of a page for the folder of its parts.
_OF_PAGE = ("_files", ".files")

PACKED = (".gz", ".bz2", ".xz")
"""Endings of packed files."""

_ARCHIVES = {".zip": "`unzip`", ".7z": "`7z x`", ".rar": "`unrar x`"} | dict.fromkeys(
    (".tar", ".tgz", ".tbz2", ".txz", *(f".tar{packed}" for packed in PACKED)), "`tar -xf`"
)
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
        path: The file, as the user or the walk named it; `STDIN` for standard input.
        ending: What it is read by, such as ``.jsonl.gz``.
        name: What its articles are called by: the stem of the file's name if no other file of the run has it,
            otherwise its path within the folder that was given.
        url: The URL of a database, with its password; empty for files. It is not to be shown.
        tables: Tables beside a text that tell of its title, date and the like; see `svodka.readers.beside`.
    """

    path: Path
    ending: str
    name: str
    url: str = field(default="", repr=False)
    tables: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    ending: str
    relative: str  # to the folder that was given, with the ending
    url: str = field(default="", repr=False)

    def names(self) -> tuple[str, str, str, str]:
        """Names to call it by, the shortest first."""
        stem = self.relative.removesuffix(self.relative[-len(self.ending) :])
        return stem.rpartition("/")[2], stem, self.relative, self.path.as_posix()


def find_files(inputs: Iterable[str | Path], endings: Collection[str]) -> list[InputFile | InputError]:
    """The files that inputs stand for, in the order of the inputs, those of a folder sorted by path.

    Hidden files and files with other endings are passed over inside folders; the latter are counted in a warning.

    Args:
        inputs: Files, folders and URLs of databases; a folder stands for all files below it.
        endings: Endings of file names that can be read, in lowercase with the dot.

    Returns:
        Files, each once; in the place of an input that cannot be used the error that says why.
    """
    found: list[_Found | InputError] = []
    for given in inputs:
        try:
            if is_url(given):
                found.append(_database(str(given)))
                continue
            path = Path(given)
            found.extend(_in_folder(path, endings) if path.is_dir() else [_single(path, endings)])
        except InputError as error:
            found.append(error)
        except (OSError, ValueError) as error:  # a name too long, or with a NUL
            found.append(InputError(f"is no file or folder: {error}", source=_short(Path(given))))
    return _named(_without_repeats(found))


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


def _single(path: Path, endings: Collection[str]) -> _Found:
    if path == STDIN:
        return _Found(path, ".jsonl", "stdin.jsonl")
    if not path.exists():
        if scheme := squeezed_scheme(path):  # what follows it may be a password
            raise InputError("is a URL that was made a path; give it as a string", source=f"{scheme}://…")
        raise InputError("there is no such file or folder; check the path", source=_short(path))
    ending = _ending(path.name, endings)
    if ending is None and (unpack := _unpacking(path.name)):
        raise InputError(f"archives are not read; unpack it with {unpack}, and give the folder", source=str(path))
    if ending is None:
        message = f"files of this kind are not read; the name has to end in one of: {_listed(endings)}"
        raise InputError(message, source=str(path))
    return _Found(path, ending, path.name)


def _in_folder(folder: Path, endings: Collection[str]) -> list[_Found | InputError]:
    found: list[_Found] = []
    passed_over: Counter[str] = Counter()
    archive: str | None = None
    errors: list[InputError] = []
    walked = sorted(set(endings) - set(DATABASES))
    for path in _walk(folder, errors.append):
        ending = _ending(path.name, walked)
        if path.is_dir():
            within = path.relative_to(folder).as_posix() if path != folder else path.absolute().name
            found.append(_Found(path, SAVED_DATA_SET, within + SAVED_DATA_SET))
        elif ending is None and path.suffix.lower() in _OF_BRAT:
            continue
        elif ending is None:
            passed_over[path.suffix or path.name] += 1
            archive = archive or (path.name if _unpacking(path.name) else None)
        elif path.is_file():
            found.append(_Found(path, ending, path.relative_to(folder).as_posix()))
        else:
            errors.append(InputError("is no regular file; a link that leads nowhere?", source=str(path)))
    if passed_over:
        kinds = ", ".join(f"{kind} ({count})" for kind, count in sorted(passed_over.items()))
        logger.warning("%s: %d files passed over, their kinds are not read: %s", folder, passed_over.total(), kinds)
        if not passed_over.keys().isdisjoint(DATABASES):
            logger.warning("%s: databases are read only where they are named themselves", folder)
        if archive:
            logger.warning("%s: archives are not read; unpack %s with %s", folder, archive, _unpacking(archive))
    if not found and not errors:
        message = f"the folder has nothing to read; files are read that end in one of: {_listed(walked)}"
        errors.append(InputError(message, source=str(folder)))
    return sorted(found, key=lambda file: file.path) + errors


def _walk(folder: Path, on_error: Callable[[InputError], None]) -> Iterator[Path]:
    def report(error: OSError) -> None:
        on_error(InputError(f"the folder cannot be read: {error.strerror}", source=str(error.filename)))

    for parent, folders, files in os.walk(folder, onerror=report):
        if MANIFEST in files:
            logger.warning("%s: passed over, for it holds the tables of a run", parent)
            folders.clear()
            continue
        if "dataset_dict.json" in files or {"dataset_info.json", "state.json"} <= set(files):
            yield Path(parent)  # a data set, which knows its files
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(".") and not _is_of_page(name, files)]
        # the cache of `datasets` has data sets, and beside them what describes them and was once computed of them
        hidden = (".", "cache-", "dataset_info") if "dataset_info.json" in files else (".",)
        for name in files:
            if not name.startswith(hidden):
                yield Path(parent, name)


def _is_of_page(folder: str, files: Collection[str]) -> bool:
    """Whether a folder holds the pictures and frames of a page that a browser saved beside it."""
    stem = next((folder.removesuffix(end) for end in _OF_PAGE if folder.endswith(end)), None)
    return stem is not None and any(f"{stem}{ending}" in files for ending in (".html", ".htm", ".xhtml"))


def _ending(name: str, endings: Collection[str]) -> str | None:
    lowered = name.lower()
    return max((ending for ending in endings if lowered.endswith(ending)), key=len, default=None)


def _listed(endings: Collection[str]) -> str:
    """The endings for a message, those of packed files in few words."""
    plain = sorted(ending for ending in endings if not ending.endswith(PACKED) or Path(ending).stem not in endings)
    return f"{', '.join(plain)}; texts may be packed: {', '.join(PACKED)}"


def _unpacking(name: str) -> str | None:
    """What unpacks an archive of that name; None where it is none."""
    return next((command for end, command in _ARCHIVES.items() if name.lower().endswith(end)), None)


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
        InputFile(file.path, file.ending, name(file), file.url) if isinstance(file, _Found) else file for file in found
    ]


def _short(path: Path) -> str:
    """The path; only its beginning where somebody passed a text instead."""
    return str(path) if len(str(path)) <= 300 else f"{str(path)[:299]}…"
