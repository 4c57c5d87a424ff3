"""The shards of a folder: which are there, adding one, and making them the tables once a run is whole."""

import logging
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from svodka.errors import RunError
from svodka.run.manifest import (
    WAITING,
    Entry,
    Made,
    Manifest,
    find_shards,
    table_path,
    waiting_entries,
    waiting_folder,
)
from svodka.run.shards import Shard
from svodka.run.writer import ShardWriter, count_rows
from svodka.schema import CORPUS_TABLES, DOCUMENTS, TABLES

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Published:
    """What became of documents that no input has any more.

    Attributes:
        rows: Rows of each table.
        n_kept: Such documents that are kept.
        n_removed: Such documents that are removed.
    """

    rows: dict[str, int]
    n_kept: int
    n_removed: int


class Store:
    """The shards of a folder.

    Args:
        folder: The folder; it may be empty or missing.
        made: What tables are to be made by.
        retry: Whether shards are taken for missing that a second try could change.

    Raises:
        RunError: The folder holds tables of another configuration or version, or tables that no run wrote.
    """

    def __init__(self, folder: Path, made: Made, *, retry: bool = False) -> None:
        self.folder, self._retry = folder, retry
        self._manifest = _manifest(folder, made)
        adopted = [entry for entry in waiting_entries(folder) if entry.key not in self._manifest.known]
        self._manifest = self._manifest.model_copy(update={"waiting": (*self._manifest.waiting, *adopted)})
        self._known = self._manifest.known
        self._places = find_shards(folder)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Say in the folder that a run is under way; nothing half done is there before it, nor after it."""
        self._sweep()
        self._save(complete=False)
        try:
            yield
        finally:
            self._sweep()

    def _sweep(self) -> None:
        for path in (self.folder / WAITING).glob("*.partial"):
            shutil.rmtree(path, ignore_errors=True)

    def has(self, key: str) -> bool:
        """Whether a shard is there, its files whole."""
        entry = self._known.get(key)
        if entry is None or (self._retry and entry.undone):
            return False
        files = self._places.get(key, {})
        return all(
            name in files and count_rows(files[name], TABLES[name].schema) == n_rows
            for name, n_rows in entry.rows.items()
        )

    def add(self, entry: Entry) -> None:
        """Enter a shard that `ShardWriter` has finished."""
        self._known[entry.key] = entry
        others = (other for other in self._manifest.waiting if other.key != entry.key)
        self._save(complete=False, waiting=(*others, entry))

    def publish(self, order: Iterable[str], *, prune: bool = False) -> Published:
        """Make the tables of the shards of a run.

        Args:
            order: Keys of all shards of the inputs.
            prune: Whether documents that are in none of them are removed; else they keep their rows, before the others.
        """
        wanted = list(dict.fromkeys(order))
        before = self._manifest.shards
        self._places = find_shards(self.folder)
        left_over, n_left_over = self._left_over(set(wanted))
        shards = [*([] if prune else left_over), *(self._known[key] for key in wanted)]
        for number, entry in enumerate(shards):
            for name in entry.rows:
                path = table_path(self.folder, name, number, entry.key)
                path.parent.mkdir(exist_ok=True)
                if self._places[entry.key][name] != path:
                    self._places[entry.key][name].replace(path)
        keys = {entry.key for entry in shards}
        is_new = [entry.key for entry in before] != [entry.key for entry in shards] or any(
            entry.key in keys for entry in self._manifest.waiting
        )
        waiting = () if prune else tuple(entry for entry in self._manifest.waiting if entry.key not in keys)
        self._save(complete=True, shards=tuple(shards), waiting=waiting)
        self._clear(keys, {entry.key for entry in waiting})
        if is_new:
            self._forget_registry()
        rows = {name: sum(entry.rows.get(name, 0) for entry in shards) for name in self._manifest.made.tables}
        return Published(rows, 0 if prune else n_left_over, n_left_over if prune else 0)

    def _left_over(self, wanted: set[str]) -> tuple[list[Entry], int]:
        """Shards of documents that the wanted ones do not have, and how many documents those are."""
        gone = [entry for entry in self._manifest.shards if entry.key not in wanted]
        if not gone:
            return [], 0
        present = pa.concat_arrays([pa.array([], pa.string()), *(self._ids(key) for key in sorted(wanted))])
        kept, count = [], 0
        for entry in gone:
            ids = self._ids(entry.key)
            lost = ids.filter(pc.invert(pc.is_in(ids, present)))
            if len(lost):
                kept.append(entry if len(lost) == len(ids) else self._without(entry, lost))
                count += len(lost)
        return kept, count

    def _ids(self, key: str) -> pa.Array:
        """Ids of the documents of a shard."""
        column = pq.read_table(self._places[key][DOCUMENTS.name], columns=["doc_id"])["doc_id"]
        return column.combine_chunks()

    def _without(self, entry: Entry, ids: pa.Array) -> Entry:
        """A shard made of one by leaving only these documents."""
        digest = blake2b(entry.key.encode(), digest_size=8)
        for doc_id in ids.to_pylist():
            digest.update(f"{doc_id}\n".encode())
        key = digest.hexdigest()
        with ShardWriter(self.folder, Shard(key, (), ()), tuple(entry.rows)) as writer:
            files = {name: pq.read_table(self._places[entry.key][name]) for name in entry.rows}
            rows = {name: table.filter(pc.is_in(table["doc_id"], ids)) for name, table in files.items()}
            writer.write_flat(rows)
            written = writer.finish()
        self._known[key] = written
        self._places[key] = {name: waiting_folder(self.folder, key) / f"{name}.parquet" for name in entry.rows}
        return written

    def _clear(self, published: set[str], waiting: set[str]) -> None:
        """Remove files of shards that are no part of the tables, and what is left of their waiting."""
        for name in TABLES:
            for path in (self.folder / name).glob("*-*.parquet*"):
                if path.suffix != ".parquet" or path.stem.partition("-")[2] not in published:
                    path.unlink()
        for path in (self.folder / WAITING).glob("*"):
            if path.name not in waiting:
                shutil.rmtree(path)
        if not waiting:
            shutil.rmtree(self.folder / WAITING, ignore_errors=True)

    def _forget_registry(self) -> None:
        """Remove what `svodka link` made of other documents than those there are now."""
        for name in CORPUS_TABLES:
            path = self.folder / f"{name}.parquet"
            if path.exists():
                path.unlink()
                logger.warning("%s was of other documents and is removed: `svodka link %s` makes it", path, self.folder)

    def _save(
        self, *, complete: bool, shards: Sequence[Entry] | None = None, waiting: Sequence[Entry] | None = None
    ) -> None:
        update: dict[str, object] = {"complete": complete}
        if shards is not None:
            update["shards"] = tuple(shards)
        if waiting is not None:
            update["waiting"] = tuple(waiting)
        self._manifest = self._manifest.model_copy(update=update)
        self._manifest.write(self.folder)


def _manifest(folder: Path, made: Made) -> Manifest:
    manifest = Manifest.read(folder)
    foreign = [folder / f"{name}.parquet" for name in TABLES]
    foreign += [folder / name for name in TABLES] if manifest is None else []
    for path in foreign:
        if path.exists():
            raise RunError(f"{folder} has a table that no run of this version wrote ({path.name}): give another folder")
    if manifest is None:
        return Manifest(made=made)
    different = made.differences(manifest.made)
    if different:
        raise RunError(
            f"the tables of {folder} are made by other settings than those of this run: {'; '.join(different)}. "
            f"Give --out another folder, or the settings of {folder}; or delete it, and all is done anew"
        )
    return manifest


def check_files(folder: Path) -> list[str]:
    """What is wrong with the files of a folder that a run wrote, read to their ends; nothing of other folders.

    Args:
        folder: The folder.

    Returns:
        A sentence for each fault; the same command as before mends them all.

    Raises:
        RunError: The manifest cannot be read.
    """
    manifest = Manifest.read(folder)
    if manifest is None:
        return []
    faults = [] if manifest.complete else [f"{folder}: the last run has not come to its end; the same command goes on"]
    places = find_shards(folder)
    for entry in manifest.shards or manifest.waiting:
        for name, n_rows in entry.rows.items():
            path = places.get(entry.key, {}).get(name)
            found = None if path is None else count_rows(path, TABLES[name].schema, whole=True)
            if found != n_rows:
                state = "missing" if path is None else "damaged" if found is None else f"of {found} rows, not {n_rows}"
                faults.append(f"{path or folder / name}: the file of shard {entry.key} is {state}")
    return faults
