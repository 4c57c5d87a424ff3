"""Comma-separated values, one file a table (RFC 4180, UTF-8)."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

# What a spreadsheet takes for the beginning of a formula
# (https://owasp.org/www-community/attacks/CSV_Injection, also for the apostrophe).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(tables: Mapping[str, pa.Table], folder: Path, *, spreadsheet: bool = False) -> None:
    """Write tables as ``NAME.csv``.

    A null is an empty field, dates are ISO 8601, lists and structs JSON. Strings are written as they are, so that
    offsets still slice the texts.

    Args:
        tables: Arrow tables by name.
        folder: Made if missing; files of the same names are replaced.
        spreadsheet: Write what Excel and its like read well and safely: with a byte-order mark, and with an apostrophe
            before a string that they would take for a formula. Such a string is one character longer than its offsets
            say.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig" if spreadsheet else "utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(table.schema.names)
            for batch in table.to_batches(max_chunksize=4096):
                columns = [_strings(column, spreadsheet) for column in batch.columns]
                writer.writerows(zip(*columns, strict=True))


def _strings(column: pa.Array, spreadsheet: bool) -> Iterable[object]:
    values: list[Any] = column.to_pylist()
    if pa.types.is_nested(column.type):
        return [None if value is None else orjson.dumps(value).decode() for value in values]
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        return [None if value is None else value.isoformat() for value in values]
    if pa.types.is_float32(column.type):
        return [None if value is None else round(value, 6) for value in values]  # as it was before it had 32 bits
    if spreadsheet and pa.types.is_string(column.type):
        return [f"'{value}" if value and value.startswith(_FORMULA) else value for value in values]
    return values
