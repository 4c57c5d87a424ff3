"""What is asked of every database, whatever its kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from svodka.errors import InputError
from svodka.readers.columns import Columns
from svodka.readers.frames import Numbering
from svodka.readers.rows import Row

ONLY_READING = "only one SELECT is run, and it may do nothing but read"


@dataclass(frozen=True, slots=True)
class DatabaseTable:
    """A table or a view.

    Attributes:
        name: What to call it in messages.
        reference: What to call it in a query, quoted.
        columns: Names of its columns, as they are.
    """

    name: str
    reference: str
    columns: list[str]


class Database(Protocol):
    """A database that is open for reading."""

    def tables(self) -> Sequence[DatabaseTable]:
        """Its tables and views, but those that only serve others, sorted.

        Raises:
            InputError: They cannot be listed.
        """
        ...

    def quote(self, name: str) -> str:
        """The name of a column as a query has it."""
        ...

    def rows(self, query: str, finder: Columns, numbering: Numbering) -> Iterator[Row | InputError]:
        """The rows of what a query gives, fetched batch by batch.

        Raises:
            InputError: The query fails, or gives no column with the text.
        """
        ...


def double_quoted(name: str) -> str:
    """A name as standard SQL quotes it."""
    return '"' + name.replace('"', '""') + '"'
