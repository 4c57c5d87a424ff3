"""The card of a dataset: ``README.md`` with YAML in front, as the Hugging Face hub reads it."""

import re

from svodka import __version__
from svodka.schema import ALL_TABLES, SCHEMA_VERSION, Table
from svodka.view.contract import type_name
from svodka.view.visible import visible
from svodka.writers.huggingface.contents import Contents
from svodka.writers.huggingface.front_matter import default_table, front_matter

_MOST_OUTLETS = 20
_MARKDOWN = re.compile(r"[\\`*_\[\]|~$]")


def card(contents: Contents, title: str | None, license: str | None) -> str:
    """The card of a dataset.

    Args:
        contents: What the dataset holds.
        title: Its title.
        license: Its licence, as the hub calls it.
    """
    title = title or _TITLE
    return f"---\n{front_matter(contents, title, license)}\n---\n\n{_body(contents, title, license)}"


def markdown(text: str) -> str:
    r"""Text of strangers as Markdown that shows it, in one line.

    >>> markdown("<b>«Дождь»|\n`x`")
    '&lt;b&gt;«Дождь»\\|\\\\n\\`x\\`'
    """
    shown = visible(text, one_line=True).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(r"\\\g<0>", shown)


def _body(contents: Contents, title: str, license: str | None) -> str:
    tables = [ALL_TABLES[name] for name in contents.rows]
    return _BODY.format(
        title=markdown(title),
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
