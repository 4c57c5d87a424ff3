"""The table of quotations as a frame that a notebook shows as text: content in its sentence, and who says it."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self, cast

import pandas as pd
import pyarrow as pa

NEEDED = ("doc_id", "start", "end", "segments", "text", "speaker", "type", "form")
"""Columns without which a quotation cannot be shown."""

_OF_DOCUMENTS = ("doc_id", "text", "published_day", "author", "url", "status")


class Texts:
    """The texts that quotations are of, with what is known of them; a pickle leaves them behind.

    Args:
        documents: Arrow table of documents, which is not copied.
    """

    def __init__(self, documents: pa.Table | None = None) -> None:
        self._documents = None if documents is None else documents.select(_OF_DOCUMENTS)
        self._places: dict[str, int] | None = None
        self._latest: tuple[str, dict[str, Any]] | None = None  # quotations of one document mostly stand together

    def get(self, doc_id: str) -> dict[str, Any] | None:
        """The row of a document, None where it is not known."""
        if self._documents is None:
            return None
        if self._places is None:
            self._places = {one: place for place, one in enumerate(self._documents["doc_id"].to_pylist())}
        place = self._places.get(doc_id)
        if place is None:
            return None
        if self._latest is None or self._latest[0] != doc_id:
            self._latest = doc_id, self._documents.slice(place, 1).to_pylist()[0]
        return self._latest[1]

    def __reduce__(self) -> tuple[type["Texts"], tuple[()]]:
        return Texts, ()


class Quotation(pd.Series):
    """A row of `Quotations`."""

    _metadata: ClassVar[list[str]] = [*getattr(pd.Series, "_metadata", ()), "_texts"]
    _texts: Texts | None = None

    @property
    def _constructor(self) -> Callable[..., "Quotation"]:
        return Quotation

    def _repr_html_(self) -> str | None:
        from svodka.view.notebook import quotation_html

        return quotation_html(self, self._texts) if is_quotation(self) else None


class Quotations(pd.DataFrame):
    """A frame of quotations that knows the texts they are of.

    It does what every frame does; what is made of it shows as ever where it has not the columns of `NEEDED` any more.
    ``pd.DataFrame(quotations)`` is the plain frame.

    https://pandas.pydata.org/docs/development/extending.html#subclassing-pandas-data-structures
    """

    _metadata: ClassVar[list[str]] = ["_texts"]
    _texts: Texts | None = None

    @classmethod
    def of(cls, frame: pd.DataFrame, documents: pa.Table) -> Self:
        """The table `quotes` as pandas has it, with the table of documents."""
        made = cls(frame)
        made._texts = Texts(documents)
        return made

    @property
    def _constructor(self) -> Callable[..., "Quotations"]:
        return Quotations

    @property
    def _constructor_sliced(self) -> Callable[..., pd.Series]:
        columns = self.columns

        def sliced(*args: Any, **kwargs: Any) -> pd.Series:  # noqa: ANN401
            series = pd.Series(*args, **kwargs)
            return Quotation(series) if series.index.is_(columns) and is_quotation(series) else series

        return sliced

    def _repr_html_(self) -> str | None:
        from svodka.view.notebook import quotations_html

        most, fewest = pd.get_option("display.max_rows"), pd.get_option("display.min_rows")
        limit = len(self) if most is None or len(self) <= most else fewest or most
        if not pd.get_option("display.notebook_repr_html") or not are_quotations(self.head(limit)):
            return cast(str | None, super()._repr_html_())  # type: ignore[misc]  # the stubs do not know it
        return quotations_html(self, self._texts, limit)


def are_quotations(frame: pd.DataFrame) -> bool:
    """Whether a frame has rows, and all have what it takes to be shown as text."""
    if frame.empty or not frame.columns.is_unique or not set(NEEDED) <= set(frame.columns):
        return False
    return all(map(is_quotation, records_of(frame[list(NEEDED)])))


def records_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as dicts."""
    return cast(list[dict[str, Any]], frame.to_dict("records"))


def is_quotation(row: Mapping[str, Any] | pd.Series) -> bool:
    """Whether a row has what it takes to be shown as text."""
    if not all(name in row for name in NEEDED):
        return False
    are_strings = all(isinstance(row[name], str) for name in ("doc_id", "text", "type", "form"))
    are_numbers = all(pd.api.types.is_integer(row[name]) for name in ("start", "end"))
    return are_strings and are_numbers and pd.api.types.is_list_like(row["segments"])
