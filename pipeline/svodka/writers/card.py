"""The card of a dataset: ``README.md`` with YAML in front, as the Hugging Face hub reads it.

The keys are those of https://github.com/huggingface/hub-docs/blob/main/datasetcard.md.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from svodka import __version__
from svodka.schema import ALL_TABLES, SCHEMA_VERSION, Table
from svodka.view.contract import type_name
from svodka.view.visible import visible

_MOST_OUTLETS = 20
_ROW = re.compile(r":\d+$")
_FILE = re.compile(r":\d+$|\.\w{1,7}$")
_MARKDOWN = re.compile(r"[\\`*_\[\]|~$]")
# What YAML takes for nothing but a string.
_PLAIN = re.compile(r"[a-z][a-z0-9_/*.-]*")
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
# Types that `datasets` calls otherwise than Arrow.
_DTYPES = {pa.bool_(): "bool", pa.date32(): "date32", pa.float32(): "float32"}


@dataclass(slots=True)
class Contents:
    """What a dataset holds.

    Attributes:
        rows: Rows of each table that is there.
        n_bytes: Bytes of each table in memory.
        outlets: Documents by outlet: the host of their address, else the file they came from.
        languages: Languages of the documents.
        first: First day of publication.
        last: Last day of publication.
        undated: Documents without a day.
    """

    rows: Counter[str] = field(default_factory=Counter)
    n_bytes: Counter[str] = field(default_factory=Counter)
    outlets: Counter[str] = field(default_factory=Counter)
    languages: set[str] = field(default_factory=set)
    first: date | None = None
    last: date | None = None
    undated: int = 0

    def count(self, name: str, table: pa.Table) -> None:
        """Count the rows of a table, or of a part of it."""
        self.rows[name] += table.num_rows
        self.n_bytes[name] += table.nbytes
        if name == "documents" and table.num_rows:
            self._count_documents(table)

    def _count_documents(self, table: pa.Table) -> None:
        self.languages.update(table["language"].unique().to_pylist())
        self.outlets.update(map(_outlet, table["url"].to_pylist(), table["source"].to_pylist()))
        self.undated += table["published"].null_count
        ends = pc.min_max(table["published"]).as_py()
        if ends["min"] is not None:
            self.first = min(filter(None, (self.first, ends["min"].date())))
            self.last = max(filter(None, (self.last, ends["max"].date())))


def _outlet(url: str | None, source: str | None) -> str:
    try:
        host = urlsplit(url or "").hostname
    except ValueError:  # say, a broken IPv6 address
        host = None
    if host:
        return host.removeprefix("www.")
    if source and _FILE.search(source):
        return PurePosixPath(_ROW.sub("", source).replace("\\", "/")).name  # the folders are nobody's business
    return source or "unknown"


def card(contents: Contents, title: str | None, license: str | None) -> str:
    """The card of a dataset.

    Args:
        contents: What the dataset holds.
        title: Its title.
        license: Its licence, as the hub calls it.
    """
    front = "\n".join(_yaml(_front(contents, title, license)))
    return f"---\n{front}\n---\n\n{_body(contents, title, license)}"


def _front(contents: Contents, title: str | None, license: str | None) -> dict[str, Any]:
    """The metadata that the hub reads."""
    default = default_table(contents)
    filled = {name: rows for name, rows in contents.rows.items() if rows}  # `datasets` cannot read a table without any
    return {
        "pretty_name": title or _TITLE,
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


def markdown(text: str) -> str:
    r"""Text of strangers as Markdown that shows it, in one line.

    >>> markdown("<b>«Дождь»|\n`x`")
    '&lt;b&gt;«Дождь»\\|\\\\n\\`x\\`'
    """
    shown = visible(text, one_line=True).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(r"\\\g<0>", shown)


def _body(contents: Contents, title: str | None, license: str | None) -> str:
    tables = [ALL_TABLES[name] for name in contents.rows]
    return _BODY.format(
        title=markdown(title or _TITLE),
        version=__version__,
        schema=SCHEMA_VERSION,
        documents=f"{contents.rows['documents']:,}",
        counts="\n".join(
            f"| `{table.name}` | {contents.rows[table.name]:,} | {table.description} |" for table in tables
        ),
        days=_days(contents),
        outlets=_outlets(contents),
        table=default_table(contents),
        columns="\n\n".join(map(_columns, tables)),
        license=markdown(license)
        if license
        else "*To be filled in: the rights to the texts, and those to the tables.*",
    )


def _days(contents: Contents) -> str:
    if contents.first is None:
        return "No document has a day of publication."
    undated = f"; {contents.undated:,} documents have no day" if contents.undated else ""
    return f"Published from {contents.first} to {contents.last}{undated}."


def _outlets(contents: Contents) -> str:
    # of equally frequent ones the first by name, whatever the order of documents
    known = sorted(contents.outlets.items(), key=lambda one: (-one[1], one[0]))
    lines = ["| Source | Documents |", "|---|---:|"]
    lines += [f"| {markdown(name)} | {count:,} |" for name, count in known[:_MOST_OUTLETS]]
    rest = known[_MOST_OUTLETS:]
    if rest:
        lines.append(f"| {len(rest):,} others | {sum(count for _, count in rest):,} |")
    return "\n".join(lines)


def _columns(table: Table) -> str:
    lines = [f"### `{table.name}`", "", table.description]
    if table.keys:
        lines += ["", f"Key: {', '.join(f'`{name}`' for name in table.keys)}."]
    lines += ["", "| Column | Type | Null | Meaning |", "|---|---|---|---|"]
    for column in table.all_columns:
        values = f" One of: {', '.join(f'`{value}`' for value in column.values)}." if column.values else ""
        points = f" Refers to `{column.refers_to}`." if column.refers_to else ""
        null = "yes" if column.nullable else ""
        kind = type_name(column.type)
        lines.append(f"| `{column.name}` | `{kind}` | {null} | {markdown(column.description)}{values}{points} |")
    return "\n".join(lines)


_TITLE = "Russian news: quotations, names and dates"

_BODY = """\
# {title}

News articles in Russian and what is in them: quotations with their speakers, persons, organisations and places, roles,
dates, and the morphology and syntax of tokens, as far as the tables below have rows. The annotation was made by svodka
{version} (schema {schema}), automatically; nobody has corrected it.

| Table | Rows | A row is |
|---|---:|---|
{counts}

## Sources

{days}

{outlets}

## How to load it

```python
from datasets import load_dataset

PATH = "."  # this folder, or the name of the dataset on the hub
rows = load_dataset(PATH, "{table}", split="train")
documents = load_dataset(PATH, "documents", split="train")
```

Each table that has rows is a configuration with one split, `train`. Rows of different tables belong together by
`doc_id`, and by the keys below. With `streaming=True` nothing has to be downloaded whole.

## Offsets

Offsets count Unicode code points, as Python's strings do, from 0; the end is the position behind the last character:

```python
texts = dict(zip(documents["doc_id"], documents["text"]))
for row in rows.select(range(min(3, len(rows)))):
    if "start" in row:
        assert texts[row["doc_id"]][row["start"]:row["end"]] == row["text"]
```

The content of a quotation is the spans of `segments`: without quotation marks, and without the author's words that
interrupt it. Null means unknown.

## Tables

{columns}

## How it was made

Articles were read and annotated by svodka {version}: tokens and sentences, morphology and syntax, names, dates, then
persons with their roles, and quotations. The tables keep the contract of schema {schema}; `svodka check` verifies keys,
references, offsets and closed values. The same version gives the same tables for the same articles.

## How good it is

The README of svodka has measurements of each layer on published gold, and says how to repeat them. What is true there
need not be true of these texts: measure on a sample of them that you have corrected (`svodka gold import`,
`svodka evaluate`).

## Limits

- The annotation has errors. A speaker, role or date is what rules and models make of the text, not a fact about
  the world; check a quotation in its article before you cite it.
- That the text says that somebody said something does not mean that it was said: see `polarity` and `via`.
- The texts are of others, and may contain personal data and errors of their own.
- `documents.source` names the file that an article came from, with the path that svodka was given. Look at it before
  you publish.

## Licence

{license}

## Citation

*To be filled in: how to cite the corpus.*
"""
