"""One document of the database, as the writers and the view have it."""

import json
import sqlite3
from typing import Any

import pyarrow as pa

from svodka.schema import TABLES, Table
from svodka.writers.documents import Document, Row


def document(connection: sqlite3.Connection, doc_id: str) -> Document | None:
    """A document with all its rows; None where there is none of that key.

    Args:
        connection: A database.
        doc_id: Key of the document.

    Returns:
        Rows as in the contract, lists and booleans as Python's, and dates and moments as strings of ISO 8601.
    """
    rows = {name: _rows(connection, table, doc_id) for name, table in TABLES.items()}
    found = rows.pop("documents")
    return Document(found[0], **rows) if found else None


def _rows(connection: sqlite3.Connection, table: Table, doc_id: str) -> list[Row]:
    columns = table.all_columns
    names = ", ".join(f'"{column.name}"' for column in columns)
    order = ", ".join(table.keys) or "rowid"
    found = connection.execute(f"SELECT {names} FROM {table.name} WHERE doc_id = ? ORDER BY {order}", (doc_id,))
    return [
        {column.name: _value(value, column.type) for column, value in zip(columns, row, strict=True)} for row in found
    ]


def _value(stored: Any, arrow: pa.DataType) -> Any:  # noqa: ANN401
    if stored is None:
        return None
    if pa.types.is_nested(arrow):
        return json.loads(stored)
    return bool(stored) if pa.types.is_boolean(arrow) else stored
