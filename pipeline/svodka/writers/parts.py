"""The tables of a folder piece by piece, so that a corpus of any size can be written in another format."""

from collections.abc import Collection, Iterator
from pathlib import Path

from svodka.errors import ExportError, SchemaError
from svodka.run.manifest import Manifest, find_shards, table_files
from svodka.schema import ALL_TABLES, CORPUS_TABLES, TABLES
from svodka.tables import Tables, read_files


def read_parts(folder: str | Path) -> Iterator[Tables]:
    """The tables of a folder shard by shard, in the order of their rows; each document is whole in one part.

    Tables that ``svodka link`` made are in a last part of their own, for they refer to documents of all others.

    Raises:
        SchemaError: The folder holds no tables, or one cannot be read.
        RunError: The manifest of a run cannot be read.
    """
    path = Path(folder)
    manifest = Manifest.read(path)
    if manifest is None:
        yield Tables.read_parquet(path)
        return
    shards = find_shards(path)
    if not shards:
        raise SchemaError(f"{path}: no tables here; `svodka run INPUT --out {path}` writes them")
    for entry in manifest.shards or manifest.waiting:
        yield Tables({name: read_files([file]) for name, file in shards.get(entry.key, {}).items()})
    of_corpus = {name: read_files(files) for name in CORPUS_TABLES if (files := table_files(path, name, manifest))}
    if of_corpus:
        yield Tables(of_corpus)


def written_tables(part: Tables, names: Collection[str] | None) -> list[str]:
    """The tables of a part to write where these are asked for; those of ``svodka link`` only if they have rows.

    Raises:
        ExportError: There is no such table.
    """
    unknown = sorted(set(names or ()) - set(ALL_TABLES))
    if unknown:
        raise ExportError(f"no table {', '.join(map(repr, unknown))}; there are {', '.join(ALL_TABLES)}")
    return [
        name
        for name in ALL_TABLES
        if (name in TABLES or part.arrow(name).num_rows) and (names is None or name in names)
    ]
