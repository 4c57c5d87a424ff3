"""What a dataset holds, counted table by table as it is written."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc

_ROW = re.compile(r":\d+$")
_FILE = re.compile(r":\d+$|\.\w{1,7}$")


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
