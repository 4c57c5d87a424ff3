"""What a folder of tables holds: ``_manifest.json``, which is true at every moment, and the files it stands for.

A finished shard lies in ``_shards/KEY/TABLE.parquet``, with its `Entry` beside it, until the run is whole; then its
files become ``TABLE/NUMBER-KEY.parquet``, numbered in the order of the input. What is in no entry is left from a run
that was interrupted.
"""

import importlib.metadata
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from svodka import __version__
from svodka.config import Config
from svodka.errors import RunError
from svodka.schema import SCHEMA_VERSION, TABLES

MANIFEST = "_manifest.json"
WAITING = "_shards"
_ENTRY = "shard.json"

# Packages whose versions decide what is in the tables.
_PACKAGES = (
    "natasha", "navec", "slovnet", "razdel", "pymorphy2", "pymorphy2-dicts-ru", "pymorphy3", "pymorphy3-dicts-ru",
)  # fmt: skip


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(_Stored):
    """A shard that is whole.

    Attributes:
        key: Hash of its input: articles with all that is known of them, and what could not be read.
        articles: Articles of its input.
        problems: What could not be read among them.
        first: Source of the first article.
        last: Source of the last article.
        rows: Rows of each table.
        undone: Rows of `errors` that a second try could change: of stages and of limits.
    """

    key: str
    articles: int
    problems: int
    first: str | None
    last: str | None
    rows: dict[str, int]
    undone: int


class Made(_Stored):
    """What the tables are made by; a folder holds tables of one such only.

    Attributes:
        svodka: Version.
        code: Digest of the files of the package, lexicons and weights included: a change of a rule changes tables.
        tables_schema: Version of the contract of tables.
        config: Fingerprint of the configuration.
        settings: The configuration, but for how the work is done.
        tables: Tables that are written.
        shard_articles: Articles of a shard, about.
        packages: Versions of the packages that decide what is in the tables.
    """

    svodka: str
    code: str
    tables_schema: str
    config: str
    settings: dict[str, Any]
    tables: tuple[str, ...]
    shard_articles: int
    packages: dict[str, str]

    @classmethod
    def by(cls, config: Config, tables: Iterable[str]) -> Self:
        """What this program makes tables by."""
        return cls(
            svodka=__version__,
            code=code_digest(),
            tables_schema=SCHEMA_VERSION,
            config=config.fingerprint(),
            settings=config.settings(),
            tables=tuple(tables),
            shard_articles=config.run.shard_articles,
            packages={name: importlib.metadata.version(name) for name in _PACKAGES},
        )

    def differences(self, other: Self) -> list[str]:
        """What differs, in words."""
        mine, theirs = _flat(self.model_dump(mode="json")), _flat(other.model_dump(mode="json"))
        names = [name for name in mine | theirs if mine.get(name) != theirs.get(name)]
        if len(names) > 1 and "config" in names:
            names.remove("config")  # the settings say it better
        return [f"{name} {mine.get(name)}, not {theirs.get(name)}" for name in names]


@cache
def code_digest() -> str:
    """What changes when any file of svodka does."""
    digest = blake2b(digest_size=8)
    package = Path(__file__).parents[1]
    for path in sorted(package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """Nested values under the last of their keys, which are unique among what tables are made by."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= _flat(value) if isinstance(value, dict) else {name: value}
    return flat


class Manifest(_Stored):
    """The contents of a folder.

    Attributes:
        made: What the tables are made by.
        complete: Whether the last run went through; if not, the same command goes on.
        shards: The tables, shard by shard in the order of their rows.
        waiting: Shards that a run has done so far and that are no part of the tables yet.
    """

    made: Made
    complete: bool = False
    shards: tuple[Entry, ...] = ()
    waiting: tuple[Entry, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> "Manifest | None":
        """The manifest of a folder, None if it has none.

        Raises:
            RunError: It cannot be read.
        """
        path = folder / MANIFEST
        try:
            return cls.model_validate_json(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValidationError) as error:
            raise RunError(
                f"{path}: the manifest is damaged, or of another version of svodka: {error}. Give another folder, or "
                f"delete {folder} and run again"
            ) from error

    def write(self, folder: Path) -> None:
        """Replace the manifest of a folder, in one step."""
        write_whole(folder / MANIFEST, self.model_dump_json(indent=1).encode())

    @property
    def known(self) -> dict[str, Entry]:
        """All shards by key, the waiting ones included."""
        return {entry.key: entry for entry in (*self.shards, *self.waiting)}


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there whole, or as it was before, whatever happens."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)  # it is there still where the disk is full, or an interruption came
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder outlive a loss of power, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def waiting_folder(folder: Path, key: str) -> Path:
    """Where a finished shard waits for the end of the run."""
    return folder / WAITING / key


def write_entry(shard: Path, entry: Entry) -> None:
    """Put its entry beside the files of a shard, so that it is known even if the manifest is not written any more."""
    write_whole(shard / _ENTRY, entry.model_dump_json(indent=1).encode())


def waiting_entries(folder: Path) -> Iterator[Entry]:
    """The finished shards that wait in a folder, whether or not the manifest knows them.

    Raises:
        RunError: An entry is damaged.
    """
    for path in sorted((folder / WAITING).glob(f"*/{_ENTRY}")):
        if not path.parent.name.endswith(".partial"):
            try:
                yield Entry.model_validate_json(path.read_bytes())
            except (OSError, ValidationError) as error:
                raise RunError(f"{path}: damaged: {error}; delete {path.parent} and run again") from error


def table_path(folder: Path, table: str, number: int, key: str) -> Path:
    """Where a shard of a table lies when the run is whole."""
    return folder / table / f"{number:06}-{key}.parquet"


def find_shards(folder: Path, tables: Iterable[str] = TABLES) -> dict[str, dict[str, Path]]:
    """Shard → table → file, of all files of these tables that have the names of shards, whatever step they are at."""
    found: dict[str, dict[str, Path]] = defaultdict(dict)
    for name in tables:
        for path in (folder / name).glob("*-*.parquet"):
            found[path.stem.partition("-")[2]][name] = path
        for path in (folder / WAITING).glob(f"*/{name}.parquet"):
            if not path.parent.name.endswith(".partial"):
                found[path.parent.name][name] = path
    return dict(found)


def table_files(folder: Path, table: str, manifest: Manifest | None) -> list[Path]:
    """The files of a table of a folder in the order of its rows; none where it does not have the table.

    Args:
        folder: The folder.
        table: Name of the table.
        manifest: The manifest of the folder, if a run wrote it. Of a first run that has not come to its end, those
            shards are the table that are done.
    """
    single = folder / f"{table}.parquet"
    if manifest is None or single.exists():
        return [single] if single.exists() else sorted((folder / table).glob("*.parquet"))
    places = find_shards(folder, (table,))
    entries = manifest.shards or manifest.waiting
    return [path for entry in entries if (path := places.get(entry.key, {}).get(table))]
