"""Columns as plain values, for formats that know numbers and strings only."""

from typing import Any

import orjson
import pyarrow as pa

from svodka.records import from_float32


def plain_values(column: pa.Array) -> list[Any]:
    """The values of a column: dates and moments as ISO 8601, lists and structs as JSON, null as None.

    >>> plain_values(pa.array([0.1, None], pa.float32()))
    [0.1, None]
    """
    values: list[Any] = column.to_pylist()
    if pa.types.is_nested(column.type):
        return [None if value is None else orjson.dumps(value).decode() for value in values]
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        return [None if value is None else value.isoformat() for value in values]
    if pa.types.is_float32(column.type):
        return [None if value is None else from_float32(value) for value in values]
    return values
