"""A folder of tables linked: the registry written beside them, and the links into its entities."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from svodka.errors import RunError, SchemaError
from svodka.link.authority import read_authority
from svodka.link.registry import NEEDED, link_tables
from svodka.run.folder import writing_to
from svodka.run.manifest import MANIFEST, Manifest, table_files
from svodka.schema import ENTITIES, REGISTRY, REGISTRY_ENTITIES
from svodka.stages.pymorphy import get_dictionary


@dataclass(frozen=True, slots=True)
class LinkSummary:
    """What linking a folder did.

    Attributes:
        n_entities: Entities of documents.
        n_rows: Rows of the registry.
        n_shared: Rows that stand in several documents.
        n_linked: Rows with an id of the authority file.
        n_ambiguous: Rows that several rows of the authority file fit.
    """

    n_entities: int
    n_rows: int
    n_shared: int
    n_linked: int
    n_ambiguous: int


def link_folder(folder: str | Path, authority: str | Path | None = None) -> LinkSummary:
    """Join the entities of a folder of tables into ``registry`` and ``registry_entities``.

    The links of entities are those of this authority file; without one there are none. Files get their names when they
    are whole.

    Args:
        folder: Where ``svodka run`` wrote documents and entities, a file or a folder of shards each; roles, mentions
            and quotes are used where they are there.
        authority: The authority file.

    Raises:
        SchemaError: The folder has no documents or entities, or tables of another version.
        InputError: The authority file cannot be used.
        RunError: A run into the folder is not at its end.
        RunStoppedError: The folder cannot be written to.
    """
    folder = Path(folder)
    with writing_to(folder) if (folder / MANIFEST).exists() else nullcontext():
        return _link(folder, authority)


def _link(folder: Path, authority: str | Path | None) -> LinkSummary:
    known = read_authority(Path(authority)) if authority else None
    manifest = Manifest.read(folder)
    if manifest is not None and not manifest.complete:
        raise RunError(f"{folder}: the last run has not come to its end; let the same command go on, then link")
    places = {name: table_files(folder, name, manifest) for name in NEEDED}
    for name in ("documents", "entities"):
        if not places[name]:
            message = f"no table {name!r}; `svodka run INPUT --out {folder}` writes it, with --tables entities too"
            raise SchemaError(f"{folder}: {message}")
    tables = {name: _read(name, files) for name, files in places.items() if files}
    linked = link_tables(tables, get_dictionary(), known)
    links = _links_of_entities(linked.entities, linked.links)
    rewritten = [file for file in places["entities"] if _write_links(file, links)]
    for table, rows in ((REGISTRY, linked.registry), (REGISTRY_ENTITIES, linked.entities)):
        path = folder / f"{table.name}.parquet"
        pq.write_table(rows, _partial(path), compression="zstd")
        rewritten.append(path)
    for path in rewritten:
        _partial(path).replace(path)
    return LinkSummary(
        n_entities=linked.entities.num_rows,
        n_rows=linked.registry.num_rows,
        n_shared=pc.sum(pc.greater(linked.registry["n_documents"], 1)).as_py() or 0,
        n_linked=len(linked.links),
        n_ambiguous=linked.n_ambiguous,
    )


def _partial(path: Path) -> Path:
    return path.with_suffix(".parquet.partial")


def _read(name: str, files: list[Path]) -> pa.Table:
    try:
        return ds.dataset(files, format="parquet").to_table(columns=list(NEEDED[name]))
    except (pa.ArrowInvalid, OSError) as error:
        raise SchemaError(f"{files[0]}: not the table {name!r} of this version: {error}") from error


def _links_of_entities(entities: pa.Table, links: Mapping[str, str]) -> dict[tuple[str, int], str]:
    """Ids in the authority file by document and entity."""
    linked = entities.filter(pc.is_in(entities["registry_id"], pa.array(list(links), pa.string())))
    columns = (linked[name].to_pylist() for name in ("doc_id", "entity_id", "registry_id"))
    return {(doc_id, entity_id): links[row] for doc_id, entity_id, row in zip(*columns, strict=True)}


def _write_links(path: Path, links: dict[tuple[str, int], str]) -> bool:
    """Write a file of entities anew with these links, under a temporary name; whether they differ from those it has."""
    place = ENTITIES.schema.get_field_index("link")
    with pq.ParquetFile(path) as file:
        groups = [file.read_row_group(number) for number in range(file.num_row_groups)]
    found = [
        pa.array(
            map(links.get, zip(group["doc_id"].to_pylist(), group["entity_id"].to_pylist(), strict=True)), pa.string()
        )
        for group in groups
    ]
    if all(group["link"].combine_chunks().equals(column) for group, column in zip(groups, found, strict=True)):
        return False
    with pq.ParquetWriter(_partial(path), ENTITIES.schema, compression="zstd") as writer:
        for group, column in zip(groups, found, strict=True):
            writer.write_table(group.set_column(place, ENTITIES.schema.field(place), column))
    return True
