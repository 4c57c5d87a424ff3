"""The metadata of a card, YAML that the hub reads.

The keys are those of https://github.com/huggingface/hub-docs/blob/main/datasetcard.md.
"""

import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from svodka.schema import ALL_TABLES
from svodka.writers.huggingface.contents import Contents

# What YAML takes for nothing but a string.
_PLAIN = re.compile(r"[a-z][a-z0-9_/*.-]*")
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
# Types that `datasets` calls otherwise than Arrow.
_DTYPES = {pa.bool_(): "bool", pa.date32(): "date32", pa.float32(): "float32"}


def front_matter(contents: Contents, title: str, license: str | None) -> str:
    """The metadata of a card, without the lines of hyphens around them.

    Args:
        contents: What the dataset holds.
        title: Its title.
        license: Its licence, as the hub calls it; «unknown» if there is none.
    """
    return "\n".join(_yaml(_metadata(contents, title, license)))


def _metadata(contents: Contents, title: str, license: str | None) -> dict[str, Any]:
    default = default_table(contents)
    filled = {name: rows for name, rows in contents.rows.items() if rows}  # `datasets` cannot read a table without any
    return {
        "pretty_name": title,
        "language": sorted(contents.languages) or ["ru"],
        "license": license or "unknown",
        "annotations_creators": ["machine-generated"],
        "language_creators": ["found"],
        "multilinguality": ["monolingual"],
        "source_datasets": ["original"],
        "task_categories": ["token-classification"],
        "task_ids": ["named-entity-recognition", "parsing", "part-of-speech"],
        "size_categories": [_size(contents.rows[default])],
        "tags": ["news", "russian", "quotations", "quote-attribution", "coreference", "temporal-expressions", "svodka"],
        "configs": [
            {"config_name": name, "data_files": [{"split": "train", "path": f"data/{name}/*.parquet"}]}
            | ({"default": True} if name == default else {})
            for name in filled
        ],
        "dataset_info": [
            {
                "config_name": name,
                "features": [_feature(field) for field in ALL_TABLES[name].schema],
                "splits": [{"name": "train", "num_bytes": contents.n_bytes[name], "num_examples": rows}],
            }
            for name, rows in filled.items()
        ],
    }


def default_table(contents: Contents) -> str:
    """The table that is shown first."""
    return "quotes" if contents.rows["quotes"] else "documents"


def _size(rows: int) -> str:
    """The hub's name for a number of rows.

    >>> _size(999), _size(1000), _size(20_000_000)
    ('n<1K', '1K<n<10K', '10M<n<100M')
    """
    edges = ["1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T"]
    place = max(len(str(rows)) - 3, 0)
    if place == 0:
        return f"n<{edges[0]}"
    return f"{edges[place - 1]}<n<{edges[place]}" if place < len(edges) else f"n>{edges[-1]}"


def _feature(field: pa.Field) -> dict[str, Any]:
    return {"name": field.name, **_feature_type(field.type)}


def _feature_type(arrow: pa.DataType) -> dict[str, Any]:
    """A type as `datasets` writes it in a card."""
    if pa.types.is_struct(arrow):
        return {"struct": [_feature(field) for field in arrow]}
    if pa.types.is_list(arrow):
        item = _feature_type(arrow.value_type)
        return {"list": item.get("struct") or item["dtype"]}
    return {"dtype": _DTYPES.get(arrow, str(arrow))}


def _yaml(value: Any, indent: str = "") -> Iterator[str]:  # noqa: ANN401
    """The lines of a value of dicts, lists and scalars as YAML."""
    items = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for key, item in items:
        head = f"{indent}-" if key is None else f"{indent}{key}:"
        if not isinstance(item, dict | list):
            yield f"{head} {_scalar(item)}"
        elif key is None:
            first, *rest = _yaml(item, indent + "  ")
            yield f"{head} {first.lstrip()}"
            yield from rest
        else:
            yield head
            yield from _yaml(item, indent + "  ")


def _scalar(value: str | int) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return value if _PLAIN.fullmatch(value) and value not in _WORDS else f'"{"".join(map(_yaml_char, value))}"'


def _yaml_char(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    return char if char.isprintable() else f"\\U{ord(char):08x}"
