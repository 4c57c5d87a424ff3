"""What a request asks for: filters, order and page, each held against what there is."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

from svodka.explore.search.selection import Filters
from svodka.explore.site.addresses import PARAMETERS, from_path
from svodka.explore.site.answers import PageError, not_found_there
from svodka.schema import TABLES

Value = TypeVar("Value", bound=str)

KINDS = next(column.values for column in TABLES["quotes"].columns if column.name == "speaker_kind")
"""What a speaker can be."""

PAGE_SIZE = 25
_AROUND = 2


def filters_of(request: Any) -> Filters:  # noqa: ANN401
    """The filters of the parameters of an address; others are left to others."""
    given = {name: request.args.get(parameter) for name, parameter in PARAMETERS.items()}
    return Filters(**{name: value for name, value in given.items() if value is not None})


def key_of(request: Any) -> str:  # noqa: ANN401
    """The key in the path of a request.

    Raises:
        Exception: It is written with percents, which Datasette then writes as it wants them.
    """
    part: str = request.url_vars["id"]
    if "%" in part:
        raise not_found_there()
    return from_path(part)


def chosen_of(request: Any, name: str, values: Collection[Value], usual: Value) -> Value:  # noqa: ANN401
    """A parameter that has to be one of some values.

    Raises:
        PageError: It is none of them.
    """
    value = request.args.get(name) or usual
    for one in values:
        if one == value:
            return one
    raise PageError(f"There is no {name} {value!r}; there are {', '.join(filter(None, values))}.", status=400)


def kind_of(request: Any) -> str | None:  # noqa: ANN401
    """What speakers have to be; None where that does not matter.

    Raises:
        PageError: No speaker can be that.
    """
    return chosen_of(request, "kind", ("", *KINDS), "") or None


def page_of(request: Any) -> int:  # noqa: ANN401
    """The page that is asked for, from 1 on.

    Raises:
        PageError: It is no number of a page.
    """
    value = request.args.get("page") or "1"
    if not (value.isascii() and value.isdecimal() and 0 < len(value) < 10 and int(value)):
        raise PageError(f"There is no page {value!r}: pages are numbers from 1 on.", status=400)
    return int(value)


def offset_of(number: int) -> int:
    """How many rows stand before a page."""
    return (number - 1) * PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a list.

    Attributes:
        number: The one that is shown, from 1 on.
        last: The last one.
        address: Makes the address of a page.
    """

    number: int
    last: int
    address: Callable[[int], str]

    @property
    def shown(self) -> list[int | None]:
        """The pages that are linked: the first, the last, those around this one; None where some are left out.

        >>> Pages(5, 20, str).shown
        [1, None, 3, 4, 5, 6, 7, None, 20]
        """
        near = range(max(1, self.number - _AROUND), min(self.last, self.number + _AROUND) + 1)
        numbers = sorted({1, *near, self.last})
        shown: list[int | None] = numbers[:1]
        for before, number in pairwise(numbers):
            shown += [number] if number == before + 1 else [None, number]
        return shown


def pages_of(number: int, total: int, address: Callable[[int], str], size: int = PAGE_SIZE) -> Pages:
    """The pages of a list of so many rows.

    Raises:
        PageError: The page is behind the last one.
    """
    last = max(1, -(-total // size))
    if number > last:
        message = f"There is no page {number:,}; the last one is page {last:,}."
        raise PageError(message, links={f"Page {last:,}": address(last)})
    return Pages(number, last, address)
