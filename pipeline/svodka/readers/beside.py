"""Folders of plain texts with a table beside them that tells of each its title, date, address and the like.

So are the news of Taiga laid out (https://tatianashavrina.github.io/taiga_site/), and the folders of brat that svodka
writes. A table is told by what it holds: it has no column with a text, but one that names the text files.
"""

import html
import logging
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

import orjson

from svodka.errors import InputError
from svodka.readers.addresses import site_of
from svodka.readers.columns import Columns
from svodka.readers.csv import read_records
from svodka.readers.encoding import Line, lines, open_text
from svodka.readers.files import InputFile, one_archive_open
from svodka.readers.options import ReadOptions
from svodka.readers.published import MONTHS_BY_BEGINNING
from svodka.readers.rows import Row
from svodka.readers.unpacking import PACKED

logger = logging.getLogger("svodka.readers")

Record = Mapping[str, object]

_TAIGA = "textid"  # the column that names the text files in Taiga
_KEYS = (_TAIGA, "file", "file_name", "filename", "filepath", "path", "id", "doc_id", "uid", "text_id")
_ENDINGS = tuple(f"{ending}{packing}" for ending in (".csv", ".tsv", ".jsonl") for packing in ("", *PACKED))
_TEXTS = tuple(f".txt{packing}" for packing in ("", *PACKED))
_TRIED = 100  # rows by which a table is told

_ADDRESS = re.compile(r"https?://\S+")
# As N+1 writes them, «21 Янв. 2017», and as dates are written in full.
_MONTH = re.compile(r"(?<=\d )([А-Яа-я]{3})[а-я]*\.?(?= \d{4})")


def find_tables(files: Iterable[InputFile | InputError]) -> list[InputFile | InputError]:
    """The files, those that only tell of texts beside them being named by the texts and left out themselves.

    Args:
        files: What was found.

    Returns:
        The same in the same order, without the tables; a text has the tables of the nearest folder above it.
    """
    files = list(files)
    candidates = {file.path.parent for file in files if isinstance(file, InputFile) and file.ending in _ENDINGS}
    texts: dict[Path, list[Path]] = {}  # below each folder that has a candidate
    for file in files:
        if isinstance(file, InputFile) and file.ending in _TEXTS:
            for folder in candidates.intersection(file.path.parents):
                texts.setdefault(folder, []).append(file.path)
    tables: dict[Path, tuple[InputFile, ...]] = {}
    for file in one_archive_open(files):
        if isinstance(file, InputFile) and file.ending in _ENDINGS and file.path.parent in texts:
            folder = file.path.parent
            if _tells_of(file, texts[folder]):
                tables[folder] = (*tables.get(folder, ()), file)
    if not tables:
        return files
    taken = {table.path for listed in tables.values() for table in listed}
    rest = [file for file in files if isinstance(file, InputError) or file.path not in taken]
    return [_with_tables(file, tables) if isinstance(file, InputFile) else file for file in rest]


def _with_tables(file: InputFile, tables: Mapping[Path, tuple[InputFile, ...]]) -> InputFile:
    if file.ending not in _TEXTS:
        return file
    nearest = next((folder for folder in file.path.parents if folder in tables), None)
    return file if nearest is None else replace(file, tables=tables[nearest])


def _tells_of(table: InputFile, texts: Iterable[Path]) -> bool:
    """Whether a table tells of texts; in an archive it is then had ready, for it is read before them."""
    try:
        tells = _has_names(table, texts)
    except (InputError, OSError):  # which is told when the file is read
        return False
    if tells and table.member:
        with suppress(OSError):
            table.member.archive.keep(table.member)
    return tells


def _has_names(table: InputFile, texts: Iterable[Path]) -> bool:
    known: set[str] = set()
    columns = Columns({}, str(table.path))
    for record in islice(_records(table, None, is_quiet=True), _TRIED):
        if isinstance(record, InputError):
            continue
        if _TAIGA in record:
            return True
        if "text" in columns.match(record):
            return False
        known = known or {name for text in texts for name in _names(text, table.path.parent)}
        if any(str(record[column]) in known for column in _KEYS if column in record):
            return True
    return False


def _names(text: Path, folder: Path) -> list[str]:
    """What a table may call a text, the surest first."""
    relative = text.relative_to(folder).as_posix()
    ending = next(ending for ending in sorted(_TEXTS, key=len, reverse=True) if relative.lower().endswith(ending))
    stem = text.name[: -len(ending)]
    # the texts of Fontanka are called fontanka_20150404068 where the table has 20150404068
    return [relative, relative[: -len(ending)], text.name, stem, stem.partition("_")[2]]


def _records(table: InputFile, encoding: str | None, *, is_quiet: bool = False) -> Iterator[Record | InputError]:
    with open_text(table, encoding, is_quiet=is_quiet) as (opened, found):
        table_lines = lines(opened, table.path, found)
        if ".jsonl" in table.ending:
            yield from map(_object, table_lines)
            return
        first = next(table_lines, Line(1, 0, b""))
        table_lines = chain([first], table_lines)
        rows = _plain_rows(table_lines) if _is_plain(first) else read_records(table_lines, table.path)[1]
        header = next(rows, (1, []))[1]
        names = [] if isinstance(header, InputError) else [name.strip() for name in header]
        for _, row in rows:
            yield row if isinstance(row, InputError) else dict(zip(names, row, strict=False))


def _object(line: Line) -> Record | InputError:
    try:
        record = orjson.loads(line.data)
    except orjson.JSONDecodeError as error:
        return InputError(f"the line is no JSON: {error.msg}")
    return record if isinstance(record, dict) else InputError("the line is no JSON object")


def _is_plain(header: Line) -> bool:
    """Whether fields are parted by tabs and never quoted, as in Taiga."""
    return b"\t" in header.data and b'"' not in header.data


def _plain_rows(table_lines: Iterable[Line]) -> Iterator[tuple[int, list[str] | InputError]]:
    for line in table_lines:
        yield line.number, line.data.decode("utf-8", "replace").rstrip("\r\n").split("\t")


def _values(record: Record, columns: Columns) -> dict[str, Any]:
    values: dict[str, Any] = {field: record[name] for field, name in columns.match(record).items() if field != "text"}
    return _of_taiga(record, values) if _TAIGA in record else values


def _of_taiga(record: Record, values: dict[str, Any]) -> dict[str, Any]:
    """The fields of Taiga's columns: `source` is the address, day and time of day stand apart."""
    columns = {name: value for name, value in record.items() if isinstance(value, str)}
    addresses = (_ADDRESS.search(columns.get(name, "")) for name in ("source", "tags"))  # Fontanka has it behind tags
    address = next((found[0] for found in addresses if found), None)
    moment = " ".join(filter(None, (columns.get("date", "").strip(), columns.get("time", "").strip())))
    return values | {
        "title": html.unescape(columns.get("textname", "")),
        "url": address,
        "source": columns.get("segment") or site_of(address),
        "published": _MONTH.sub(lambda found: MONTHS_BY_BEGINNING.get(found[1].lower(), found[0]), moment),
    }


class TablesBeside:
    """Adds to texts what the tables beside them tell. One folder's tables are held at a time, and those on the disk."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._tables: tuple[InputFile, ...] = ()
        self._shown = ""
        self._database: sqlite3.Connection | None = None
        self._n_without = 0

    def describe(self, rows: Iterable[Row | InputError], file: InputFile) -> Iterator[Row | InputError]:
        """The rows of a text, with what its tables tell of it."""
        if file.tables != self._tables:
            self.close()
            self._open(file.tables)
        for row in rows:
            yield row if isinstance(row, InputError) else self._described(row, file)

    def close(self) -> None:
        """Forget the tables, and say how many texts they did not tell of."""
        if self._database is not None:
            if self._n_without:
                logger.warning("%s: tells nothing of %d texts beside it", self._shown, self._n_without)
            self._database.close()
        self._database, self._tables, self._n_without = None, (), 0

    def _open(self, tables: tuple[InputFile, ...]) -> None:
        self._tables, self._shown = tables, ", ".join(str(table.path) for table in tables)
        self._database = sqlite3.connect("", check_same_thread=False)  # a file that SQLite removes
        self._database.execute("CREATE TABLE described (name TEXT PRIMARY KEY, fields BLOB) WITHOUT ROWID")
        for table in tables:
            n_bad, is_taiga = 0, False
            columns = Columns(self._options.columns, str(table.path))
            for record in _records(table, self._options.encoding):
                if isinstance(record, InputError):
                    n_bad += 1
                    continue
                is_taiga = is_taiga or _TAIGA in record
                told = orjson.dumps(_values(record, columns))
                names = [(str(record[column]), told) for column in _KEYS if column in record]
                self._database.executemany("INSERT OR IGNORE INTO described VALUES (?, ?)", names)
            if n_bad:
                logger.warning("%s: %d lines cannot be read", table.path, n_bad)
            kind = "; laid out as Taiga" if is_taiga else ""
            logger.info("%s: tells of the texts beside it%s", table.path, kind)

    def _described(self, row: Row, file: InputFile) -> Row:
        assert self._database is not None
        for name in filter(None, _names(file.path, self._tables[0].path.parent)):
            found = self._database.execute("SELECT fields FROM described WHERE name = ?", (name,)).fetchone()
            if found is not None:
                self._database.execute("DELETE FROM described WHERE name = ?", (name,))  # of two texts one is meant
                return replace(row, values={**orjson.loads(found[0]), **row.values})
        self._n_without += 1
        return row
