"""Comma-separated values, one file a table (RFC 4180, UTF-8)."""

import csv
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import pyarrow as pa

from svodka.tables import Tables
from svodka.writers.parts import written_tables
from svodka.writers.plain import plain_values

# What a spreadsheet takes for the beginning of a formula
# (https://owasp.org/www-community/attacks/CSV_Injection, also for the apostrophe).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(
    parts: Iterable[Tables], folder: Path, *, tables: Collection[str] | None = None, spreadsheet: bool = False
) -> None:
    """Write tables as ``NAME.csv``.

    A null is an empty field, dates are ISO 8601, lists and structs JSON. Strings are written as they are, so that
    offsets still slice the texts. pandas takes words such as «NA» and «null», which texts have, for nulls unless it is
    told otherwise: ``pandas.read_csv(file, keep_default_na=False, na_values=[""], dtype_backend="pyarrow")``, which
    keeps whole numbers whole, too.

    Args:
        parts: The tables.
        folder: An existing folder.
        tables: Names of the tables to write; all by default, the registry only where there is one.
        spreadsheet: Write what Excel and its like read well and safely: with a byte-order mark, and with an apostrophe
            before a string that they would take for a formula. Such a string is one character longer than its offsets
            say. Excel splits at commas only where the settings of the country do; in Russian ones open the file by
            «Data», «From Text/CSV».

    Raises:
        ExportError: There is no table of such a name.
    """
    files: dict[str, IO[str]] = {}
    with ExitStack() as stack:
        for part in parts:
            for name in written_tables(part, tables):
                table = part.arrow(name)
                if name not in files:
                    path = folder / f"{name}.csv"
                    encoding = "utf-8-sig" if spreadsheet else "utf-8"
                    files[name] = stack.enter_context(path.open("w", encoding=encoding, newline=""))
                    csv.writer(files[name]).writerow(table.schema.names)
                _write_rows(files[name], table, spreadsheet)


def not_a_formula(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula.

    >>> not_a_formula("=1+1"), not_a_formula("Дождь")
    ("'=1+1", 'Дождь')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def _write_rows(file: IO[str], table: pa.Table, spreadsheet: bool) -> None:
    writer = csv.writer(file)
    for batch in table.to_batches(max_chunksize=4096):
        columns = [_strings(column, spreadsheet) for column in batch.columns]
        writer.writerows(zip(*columns, strict=True))


def _strings(column: pa.Array, spreadsheet: bool) -> Iterable[object]:
    values = plain_values(column)
    if spreadsheet and pa.types.is_string(column.type):
        return [value and not_a_formula(str(value)) for value in values]
    return values
