"""Elements of TEI, and text in them."""

from typing import TYPE_CHECKING

from svodka.writers.xml_text import REPLACEMENT, split_forbidden

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "http://www.tei-c.org/ns/1.0"
XML_ID, XML_LANG, XML_SPACE = (f"{{http://www.w3.org/XML/1998/namespace}}{name}" for name in ("id", "lang", "space"))


def add(parent: "_Element", name: str, text: str | None = None, **attributes: str) -> "_Element":
    """Add an element of TEI, with a text, at the end of another; ``id`` and ``lang`` are those of XML."""
    child = parent.makeelement(f"{{{NAMESPACE}}}{name}")
    for key, value in attributes.items():
        child.set({"id": XML_ID, "lang": XML_LANG}.get(key, key.replace("_", "-")), value)
    parent.append(child)
    if text is not None:
        add_text(child, text)
    return child


def add_text(element: "_Element", text: str) -> None:
    """Add text at the end of an element; a character that XML cannot hold is a ``g`` that the header describes."""
    for number, piece in enumerate(split_forbidden(text)):
        if number % 2:
            add(element, "g", ref=f"#{character_id(piece)}").text = REPLACEMENT
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + piece
        else:
            element.text = (element.text or "") + piece


def character_id(char: str) -> str:
    r"""The xml:id of the description of a character.

    >>> character_id("\x00")
    'U-0000'
    """
    return f"U-{ord(char):04X}"
