"""The SQLite database that the explorer reads: the one that was given, or one made of a folder of tables.

That of a folder is kept in the user's cache and made anew when the tables have changed.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

from svodka import __version__
from svodka.errors import InputError
from svodka.run.manifest import code_digest
from svodka.schema import ALL_TABLES, SCHEMA_VERSION
from svodka.writers.databases.sqlite import defined, definitions
from svodka.writers.formats import export
from svodka.writers.parts import read_parts

_log = logging.getLogger(__name__)
_MAGIC = b"SQLite format 3\x00"  # https://sqlite.org/fileformat2.html#the_database_header


def prepare(tables: str | Path, report: Callable[[str], object] = _log.info) -> Path:
    """The database of tables, written where it is not there yet.

    Args:
        tables: A SQLite database that ``svodka export --to sqlite`` wrote, or a folder of tables.
        report: Is told what takes long.

    Returns:
        The path of the database.

    Raises:
        InputError: There is no such thing, it is no database of this version of svodka, or none can be kept.
        SchemaError: The folder holds no tables, or one cannot be read.
        ExportError: The tables break the contract.
    """
    path = Path(tables)
    if path.is_dir():
        return _of_folder(path, report)
    if not path.is_file():
        raise InputError("there is no such file or folder", source=str(path))
    _verify(path)
    return path


@contextmanager
def connect(path: Path) -> Iterator[sqlite3.Connection]:
    """A database, read-only; nobody may change the file meanwhile."""
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        yield connection


def _verify(path: Path) -> None:
    """Refuse what is no database of the explorer."""
    advice = "give a folder of tables, or a database that `svodka export TABLES --to sqlite` wrote"
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise InputError(f"this is no SQLite database; {advice}", source=str(path))
    try:
        with connect(path) as connection:
            versions = dict(connection.execute("SELECT name, value FROM svodka_meta").fetchall())
            found = defined(connection)
    except sqlite3.Error as error:
        raise InputError(f"this database is none of svodka's ({error}); {advice}", source=str(path)) from error
    schema = versions.get("schema")
    if schema != SCHEMA_VERSION or "quote_facets" not in found:
        raise InputError(
            f"this database is of svodka {versions.get('svodka')}, schema {schema}, and here is svodka {__version__}, "
            f"schema {SCHEMA_VERSION}: write it anew with `svodka export TABLES --to sqlite`",
            source=str(path),
        )
    if not found.items() >= definitions().items():
        raise InputError(
            f"this database has other views or tables than svodka wrote: do not open it if it is not yours; {advice}",
            source=str(path),
        )


def _of_folder(folder: Path, report: Callable[[str], object]) -> Path:
    place = hashlib.sha256(str(folder.resolve()).encode(errors="surrogateescape")).hexdigest()[:16]
    kept = user_cache_path("svodka") / "explore" / place
    try:
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)  # the tables may be for nobody else
    except OSError as error:
        advice = "export the tables with `svodka export TABLES --to sqlite`, and give that file"
        raise InputError(f"the database cannot be kept there ({error.strerror}); {advice}", source=str(kept)) from error
    with FileLock(kept / "lock"):  # a second process waits for the first, and finds what that one made
        target = kept / f"{_fingerprint(folder)}.sqlite"
        if not target.exists():
            report(f"{folder}: writing a database for the search, which takes minutes for a large corpus …")
            for older in kept.glob("*.sqlite*"):
                with suppress(PermissionError):  # Windows removes no file that is open; the next time will do
                    older.unlink()
            export(read_parts(folder), "sqlite", target)
    return target


def _fingerprint(folder: Path) -> str:
    """What changes when the tables or what is made of them do."""
    digest = hashlib.sha256(code_digest().encode())
    patterns = [f"{name}{rest}" for name in ALL_TABLES for rest in (".parquet", "/*.parquet")]
    for path in sorted(path for pattern in ("_manifest.json", *patterns) for path in folder.glob(pattern)):
        found = path.stat()
        digest.update(f"\n{path.relative_to(folder)} {found.st_size} {found.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]
