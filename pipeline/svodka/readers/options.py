"""What a caller may ask of all readers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from svodka.errors import InputError
from svodka.readers.columns import check_columns


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read; a reader takes from it what concerns its format.

    Attributes:
        columns: Field → name of the column or key that holds it, where that is none of the common names.
        encoding: What text files are encoded in, by a name that Python knows; None to tell it by their bytes.
        query: What to ask a database for, in its SQL.
        any_language: Whether pages of web archives are kept that are in another language than Russian.
        warned_encodings: Those that the log has warned of, so that it need not do so for each of many files.

    Raises:
        InputError: `columns` names a field that articles do not have, or `encoding` is unknown.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    query: str | None = None
    any_language: bool = False
    warned_encodings: set[str] = field(default_factory=set, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", check_columns(self.columns))
        if self.encoding is not None:
            try:
                "".encode(self.encoding)
            except (LookupError, ValueError) as error:
                message = f"there is no encoding {self.encoding!r}; common ones are utf-8, windows-1251, koi8-r"
                raise InputError(message) from error
