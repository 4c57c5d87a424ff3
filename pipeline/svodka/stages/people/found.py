"""A name found in the text, before it is joined with others."""

from typing import NamedTuple


class Found(NamedTuple):
    """A name in the text.

    Attributes:
        start: First token.
        end: One past the last token.
        label: PER, ORG or LOC.
        rule: name, or how it differs from the entity model's: name-initials, name-title, name-quote, name-label,
            name-owner, name-institution.
    """

    start: int
    end: int
    label: str
    rule: str = "name"
