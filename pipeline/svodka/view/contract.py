"""The contract of tables, for reading."""

import json

import pyarrow as pa

from svodka.errors import SchemaError
from svodka.schema import ALL_TABLES, SCHEMA_VERSION, Column, Table


def contract_text(table: str | None = None) -> str:
    """The tables with a line for each column.

    Args:
        table: Only this one.

    Raises:
        SchemaError: There is no such table.
    """
    head = [] if table else [f"schema version {SCHEMA_VERSION}; `?` marks columns where null (unknown) may stand", ""]
    return "\n".join([*head, *("\n".join(_lines(one)) for one in _chosen(table))])


def contract_json(table: str | None = None) -> str:
    """The same for a program: version, tables, columns with type, nullability, values and reference.

    Raises:
        SchemaError: There is no such table.
    """
    tables = [
        {
            "name": one.name,
            "description": one.description,
            "key": list(one.keys) or None,
            "columns": [
                {
                    "name": column.name,
                    "type": type_name(column.type),
                    "nullable": column.nullable,
                    "description": column.description,
                    "values": list(column.values) or None,
                    "refers_to": column.refers_to,
                }
                for column in one.all_columns
            ],
        }
        for one in _chosen(table)
    ]
    return json.dumps({"schema_version": SCHEMA_VERSION, "tables": tables}, ensure_ascii=False, indent=1)


def type_name(arrow: pa.DataType) -> str:
    """The name of an Arrow type as the contract writes it.

    >>> type_name(pa.timestamp("us", tz="UTC"))
    'timestamp[us, UTC]'
    """
    if pa.types.is_list(arrow):
        return f"list<{type_name(arrow.value_type)}>"
    if pa.types.is_struct(arrow):
        return f"struct<{', '.join(field.name for field in arrow)}>"
    return str(arrow).replace("tz=", "").replace("date32[day]", "date32")


def _chosen(table: str | None) -> list[Table]:
    if table is None:
        return list(ALL_TABLES.values())
    if table not in ALL_TABLES:
        raise SchemaError(f"no table {table!r}; there are {', '.join(ALL_TABLES)}")
    return [ALL_TABLES[table]]


def _lines(table: Table) -> list[str]:
    columns = table.all_columns
    width = max(len(column.name) for column in columns) + 1
    return [f"{table.name}: {table.description}", *(_line(column, width) for column in columns), ""]


def _line(column: Column, width: int) -> str:
    name = column.name + ("?" if column.nullable else "")
    values = f" One of: {', '.join(column.values)}." if column.values else ""
    return f"  {name:{width}} {type_name(column.type):20} {column.description}{values}"
