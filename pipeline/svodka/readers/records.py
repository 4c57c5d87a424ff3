"""Articles that are in memory already."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias, cast

from svodka.errors import InputError
from svodka.readers.columns import Columns, check_columns
from svodka.readers.rows import Row, to_articles
from svodka.records import Article, Problem

if TYPE_CHECKING:
    import pandas as pd

Record: TypeAlias = Mapping[str, object] | Article | Problem | str
Records: TypeAlias = "Iterable[Record] | Record | pd.DataFrame"


def articles_from_records(records: Records, columns: Mapping[str, str] | None = None) -> Iterator[Article | Problem]:
    """Make articles from dicts, a DataFrame's rows, bare texts, or what :func:`svodka.readers.read` yields.

    The names of fields are understood as by that function. What has no id is called by its number: "1", "2", …
    Articles and problems pass unchanged.

    Args:
        records: The records, or a single one of them; what `svodka.readers.read` yields passes through.
        columns: Field → name of the key or column that holds it.

    Returns:
        Articles in the order of the records, and a problem in the place of each record that is none.

    Raises:
        InputError: `columns` names a field that articles do not have.
    """
    return to_articles(_rows(records, Columns(check_columns(columns), "records")))


def _rows(records: Records, finder: Columns) -> Iterator[Row | Article | Problem | InputError]:
    for number, record in enumerate(_each(records), start=1):
        source = f"record {number}"
        if isinstance(record, Article | Problem):
            yield record
        elif isinstance(record, str):
            yield Row({"text": record}, source, str(number))
        elif isinstance(record, Mapping):
            try:
                values = {field: record[name] for field, name in finder.find(map(str, record)).items()}
            except InputError as error:
                yield InputError(error.args[0], source=source)
            else:
                yield Row(values, source, str(number))
        else:
            message = f"{type(record).__name__} is no article; pass dicts, texts, Article objects or a DataFrame"
            yield InputError(message, source=source)
    finder.warn_of_unseen()


def _each(records: Records) -> Iterator[object]:
    if isinstance(records, str | Article | Problem | Mapping):
        yield records
    elif hasattr(records, "itertuples"):  # a DataFrame, known by this method lest pandas be imported
        frame = cast("pd.DataFrame", records)
        names = [str(name) for name in frame.columns]
        for values in frame.itertuples(index=False, name=None):
            yield dict(zip(names, values, strict=True))
    else:
        yield from records
