"""The addresses of the site's pages: what leads where, with which parameters."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any
from urllib.parse import urlencode

from svodka.explore.search.selection import Filters
from svodka.libraries import require

PARAMETERS = {field.name: "q" if field.name == "text" else field.name for field in fields(Filters)}
"""What is filtered by → parameter of an address."""

_USUAL = (("q", ""), ("page", 1))


def query(values: Mapping[str, object]) -> str:
    """Parameters as the end of an address; what is None, no words and the first page are left out.

    >>> query({"q": "мост", "page": 2, "role": None, "speaker": ""})
    '?q=%D0%BC%D0%BE%D1%81%D1%82&page=2&speaker='
    """
    given = {name: value for name, value in values.items() if value is not None and (name, value) not in _USUAL}
    return f"?{urlencode(given)}" if given else ""


def parameters(filters: Filters) -> dict[str, object]:
    """Filters as parameters."""
    return {parameter: getattr(filters, name) for name, parameter in PARAMETERS.items()}


def quotes(filters: Filters, **more: object) -> str:
    """The quotations that pass filters."""
    return f"/quotes{query(parameters(filters) | more)}"


def quotes_with(filters: Filters, **changes: Any) -> str:  # noqa: ANN401
    """The quotations that pass filters of which some are changed."""
    return quotes(replace(filters, **changes))


def quotes_file(filters: Filters, file_format: str, **more: object) -> str:
    """All quotations that pass filters as a file."""
    return f"/quotes.{file_format}{query(parameters(filters) | more)}"


def facet(name: str, filters: Filters, **more: object) -> str:
    """All values of a facet."""
    return f"/facets/{name}{query(parameters(filters) | more)}"


def charts(filters: Filters) -> str:
    """The charts of the quotations that pass filters."""
    return f"/charts{query(parameters(filters))}"


def chart_file(name: str, filters: Filters, file_format: str) -> str:
    """The numbers of a chart."""
    return f"/charts/{name}.{file_format}{query(parameters(filters))}"


def speaker(speaker_id: str, **more: object) -> str:
    """The page of a speaker."""
    return f"/speakers/{in_path(speaker_id)}{query(more)}"


def speakers(**parameters: object) -> str:
    """The list of speakers."""
    return f"/speakers{query(parameters)}"


def speakers_file(file_format: str, **parameters: object) -> str:
    """The list of speakers as a file."""
    return f"/speakers.{file_format}{query(parameters)}"


def document(doc_id: str, quote_id: int | None = None) -> str:
    """The page of a document, at a quotation."""
    return f"/documents/{in_path(doc_id)}{'' if quote_id is None else f'#q{quote_id}'}"


def documents(**parameters: object) -> str:
    """The list of documents."""
    return f"/documents{query(parameters)}"


def documents_file(file_format: str, **parameters: object) -> str:
    """The list of documents as a file."""
    return f"/documents.{file_format}{query(parameters)}"


def in_path(value: str) -> str:
    """A value as one part of a path: https://docs.datasette.io/en/stable/internals.html#tilde-encoding.

    >>> in_path("../я")
    '~2E~2E~2F~D1~8F'
    """
    encoded: str = require("datasette.utils", "explore").tilde_encode(value)
    return encoded


def from_path(part: str) -> str:
    """The value that a part of a path stands for.

    >>> from_path("~2E~2E~2F~D1~8F")
    '../я'
    """
    value: str = require("datasette.utils", "explore").tilde_decode(part)
    return value
