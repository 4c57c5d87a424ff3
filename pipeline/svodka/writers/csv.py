"""Comma-separated values, one file a table (RFC 4180, UTF-8)."""

import csv
import logging
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import pyarrow as pa

from svodka.tables import Tables
from svodka.writers.parts import written_tables
from svodka.writers.plain import plain_values

logger = logging.getLogger(__name__)

# What a spreadsheet takes for the beginning of a formula
# (https://owasp.org/www-community/attacks/CSV_Injection, also for the apostrophe).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Units of UTF-16 that a cell of Excel holds, which puts what is longer into the rows below
# (https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3).
_CELL = 32_767


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
            before a string that they would take for a formula; such a string is one character longer than its offsets
            say. What is longer than a cell holds (32,767) is cut there, and a warning says how often. Excel splits at
            commas only where the settings of the country do; in Russian ones open the file by «Data», «From Text/CSV»,
            where ids such as 001 can be kept as text, too.

    Raises:
        ExportError: There is no table of such a name.
    """
    files: dict[str, IO[str]] = {}
    n_cut = 0
    with ExitStack() as stack:
        for part in parts:
            for name in written_tables(part, tables):
                table = part.arrow(name)
                if name not in files:
                    path = folder / f"{name}.csv"
                    encoding = "utf-8-sig" if spreadsheet else "utf-8"
                    files[name] = stack.enter_context(path.open("w", encoding=encoding, newline=""))
                    csv.writer(files[name]).writerow(table.schema.names)
                n_cut += _write_rows(files[name], table, spreadsheet)
    if n_cut:
        logger.warning("%d texts were cut, for a cell of a spreadsheet holds %d characters", n_cut, _CELL)


def not_a_formula(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula.

    >>> not_a_formula("=1+1"), not_a_formula("Дождь")
    ("'=1+1", 'Дождь')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def _write_rows(file: IO[str], table: pa.Table, spreadsheet: bool) -> int:
    """Write the rows of a table.

    Returns:
        How many strings were cut.
    """
    writer = csv.writer(file)
    n_cut = 0
    for batch in table.to_batches(max_chunksize=4096):
        columns = []
        for column in batch.columns:
            values = plain_values(column)
            if spreadsheet and pa.types.is_string(column.type):
                whole = [value and not_a_formula(str(value)) for value in values]
                values = [value and _cell(value) for value in whole]
                n_cut += sum(one != other for one, other in zip(values, whole, strict=True))
            columns.append(values)
        writer.writerows(zip(*columns, strict=True))
    return n_cut


def _cell(text: str) -> str:
    """As much of a text as a cell holds."""
    if 2 * len(text) <= _CELL:
        return text
    return text.encode("utf-16-le")[: 2 * _CELL].decode("utf-16-le", "ignore")
