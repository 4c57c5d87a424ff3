"""``Tables.to_*``: a method a format."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, cast

from svodka.writers.formats import export

if TYPE_CHECKING:
    from svodka.tables import Tables


class Exports:
    """The methods of `svodka.tables.Tables` that write it in other formats.

    A file is replaced if it is there. A folder has to be new or empty, but for those of Parquet and CSV, where files of
    the same names are replaced. For tables that are larger than memory, ``svodka export`` goes shard by shard.

    Each raises `ExportError` where the tables cannot be written so, and `MissingLibraryError` where the format needs a
    library that is not installed.
    """

    def _export(self, name: str, target: str | Path, **options: object) -> None:
        export([cast("Tables", self)], name, target, **options)

    def to_parquet(self, folder: str | Path, tables: Collection[str] | None = None) -> None:
        """Write one Parquet file a table; see `svodka.writers.parquet.write_parquet`."""
        self._export("parquet", folder, tables=tables)

    def to_csv(self, folder: str | Path, tables: Collection[str] | None = None, *, spreadsheet: bool = False) -> None:
        """Write one CSV file a table; see `svodka.writers.csv.write_csv`."""
        self._export("csv", folder, tables=tables, spreadsheet=spreadsheet)

    def to_jsonl(self, file: str | Path) -> None:
        """Write JSON lines, a document a line; see `svodka.writers.jsonl.write_jsonl`."""
        self._export("jsonl", file)

    def to_sqlite(self, file: str | Path) -> None:
        """Write a SQLite database; see `svodka.writers.databases.sqlite.write_sqlite`."""
        self._export("sqlite", file)

    def to_duckdb(self, file: str | Path) -> None:
        """Write a DuckDB database; see `svodka.writers.databases.duckdb.write_duckdb`."""
        self._export("duckdb", file)

    def to_huggingface(self, folder: str | Path, *, title: str | None = None, license: str | None = None) -> None:
        """Write a dataset for the Hugging Face hub; see `svodka.writers.huggingface.dataset.write_huggingface`."""
        self._export("huggingface", folder, title=title, license=license)

    def to_conllu(self, file: str | Path) -> None:
        """Write CoNLL-U; see `svodka.writers.conllu.write_conllu`."""
        self._export("conllu", file)

    def to_brat(self, folder: str | Path) -> None:
        """Write brat's stand-off annotation; see `svodka.writers.brat.write_brat`."""
        self._export("brat", folder)

    def to_tei(self, folder: str | Path) -> None:
        """Write TEI, a file a document; see `svodka.writers.tei.writer.write_tei`."""
        self._export("tei", folder)

    def to_docbin(self, file: str | Path) -> None:
        """Write spaCy's DocBin; see `svodka.writers.docbin.write_docbin`."""
        self._export("docbin", file)

    def to_label_studio(self, folder: str | Path) -> None:
        """Write tasks for Label Studio; see `svodka.writers.label_studio.write_label_studio`."""
        self._export("label-studio", folder)

    def to_prodigy(self, file: str | Path) -> None:
        """Write tasks for Prodigy; see `svodka.writers.prodigy.write_prodigy`."""
        self._export("prodigy", file)

    def to_cas(self, folder: str | Path) -> None:
        """Write UIMA CAS for INCEpTION; see `svodka.writers.cas.write_cas`."""
        self._export("cas", folder)
