"""The formats that tables are written in: the one list that the command, `Tables` and the README go by."""

import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from svodka.errors import ExportError

if TYPE_CHECKING:
    from svodka.tables import Tables


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes:
        name: What ``svodka export --to`` calls it.
        description: What is written.
        writer: ``module:function`` of the function that writes parts (`svodka.writers.parts`) to a path.
        target: Whether it is one file or a folder.
        ending: Ending of the file, or of the files of the folder.
        extra: Extra of svodka that brings its library; None where nothing is missing.
        library: What writes it.
        verified_with: What the tests read it with.
        keeps_old: Whether other files in the folder stay, so that it need not be empty.
    """

    name: str
    description: str
    writer: str
    target: Literal["file", "folder"]
    ending: str
    extra: str | None
    library: str
    verified_with: str
    keeps_old: bool = False

    def load(self) -> "Callable[..., None]":
        """The function that writes it: ``write(parts, target, **options)``."""
        module, _, function = self.writer.partition(":")
        write: Callable[..., None] = getattr(import_module(module), function)
        return write


FORMATS = {
    format.name: format
    for format in (
        Format("parquet", "a file a table", "svodka.writers.parquet:write_parquet", "folder", ".parquet", None,
               "pyarrow", "pyarrow, pandas, polars, DuckDB", keeps_old=True),
        Format("csv", "a file a table", "svodka.writers.csv:write_csv", "folder", ".csv", None,
               "csv", "csv, pandas, DuckDB", keeps_old=True),
        Format("jsonl", "a line a document, all tables nested in it", "svodka.writers.jsonl:write_jsonl", "file",
               ".jsonl", None, "orjson", "json, DuckDB"),
        Format("sqlite", "a database with keys, views and full-text search", "svodka.writers.databases.sqlite:"
               "write_sqlite", "file", ".sqlite", None, "sqlite3", "sqlite3"),
        Format("duckdb", "a database with keys and views", "svodka.writers.databases.duckdb:write_duckdb", "file",
               ".duckdb", "duckdb", "duckdb", "duckdb"),
        Format("huggingface", "a dataset with its card", "svodka.writers.huggingface.dataset:write_huggingface",
               "folder", ".parquet", None, "pyarrow", "datasets, huggingface_hub"),
        Format("conllu", "Universal Dependencies, entities in MISC", "svodka.writers.conllu:write_conllu", "file",
               ".conllu", None, "—", "conllu, udtools, udapi, spaCy"),
        Format("brat", "stand-off annotation", "svodka.writers.brat:write_brat", "folder", ".ann", None, "—",
               "bratly"),
        Format("tei", "TEI P5, a file a document", "svodka.writers.tei.writer:write_tei", "folder", ".xml", "tei",
               "lxml", "lxml, RELAX NG, TEI's DTD"),
        Format("docbin", "spaCy's Docs", "svodka.writers.docbin:write_docbin", "file", ".spacy", None, "spaCy",
               "spaCy"),
        Format("label-studio", "tasks with pre-annotations, and the interface", "svodka.writers.label_studio:"
               "write_label_studio", "folder", ".json", None, "orjson", "label-studio-sdk"),
        Format("prodigy", "tasks with pre-annotations", "svodka.writers.prodigy:write_prodigy", "file", ".jsonl", None,
               "orjson", "spaCy, srsly"),
        Format("cas", "UIMA CAS, for INCEpTION", "svodka.writers.cas:write_cas", "folder", ".xmi", "cas",
               "dkpro-cassis", "dkpro-cassis, lxml"),
    )
}  # fmt: skip
"""The formats by name."""


def get_format(name: str) -> Format:
    """A format by its name.

    Raises:
        ExportError: There is none of that name.
    """
    if name not in FORMATS:
        raise ExportError(f"no format {name!r}; there are {', '.join(FORMATS)}")
    return FORMATS[name]


def export(parts: "Iterable[Tables]", name: str, target: str | Path, **options: Any) -> None:  # noqa: ANN401
    """Write tables in a format.

    What is written is put in its place when it is whole, and one file of that name is replaced. A folder must not hold
    anything, since what was corrected in it would be lost; only files of Parquet and CSV are put beside others.

    Args:
        parts: Tables, in parts of whole documents (`svodka.writers.parts.read_parts`).
        name: Name of the format.
        target: File or folder.
        options: What else its writer takes.

    Raises:
        ExportError: There is no such format, it takes no such option, or the tables cannot be written in it, or not
            there.
        MissingLibraryError: Its library is not installed.
    """
    chosen = get_format(name)
    path = Path(target)
    write = chosen.load()
    _, _, *known = signature(write).parameters
    unknown = [option for option in options if option not in known]
    if unknown:
        own = f"its options are {', '.join(known)}" if known else "it has none"
        raise ExportError(f"{name} has no option {', '.join(unknown)}; {own}")
    place = path.parent if chosen.target == "file" else path
    unfinished = place / f".{path.name}.partial"
    _check_target(chosen, path, unfinished)
    is_new = not place.exists()
    try:
        place.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(unfinished, ignore_errors=True)  # of an export that was ended by force
        unfinished.mkdir()
        write(parts, unfinished / path.name if chosen.target == "file" else unfinished, **options)
        for done in sorted(unfinished.iterdir()):
            done.replace(place / done.name)
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        if is_new:
            with suppress(OSError):  # where it is not empty
                place.rmdir()


def _check_target(chosen: Format, path: Path, unfinished: Path) -> None:
    """Refuse to write where something is that must not be lost.

    Raises:
        ExportError: There is.
    """
    from svodka.run.manifest import MANIFEST

    if chosen.target == "file":
        if path.is_dir():
            raise ExportError(f"{path} is a folder; this format is one file")
    elif path.is_file() or (
        not chosen.keeps_old and path.is_dir() and any(one != unfinished for one in path.iterdir())
    ):
        raise ExportError(f"{path} is there already and may hold work of yours; give a new folder, or remove it")
    elif chosen.name == "parquet" and (path / MANIFEST).exists():
        raise ExportError(f"{path} is a folder of `svodka run`, whose tables these would hide; give another")
