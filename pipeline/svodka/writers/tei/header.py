"""The header of a TEI file: the source, what was done to it, and who and what the text names."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from svodka import __version__
from svodka.schema import QUOTES
from svodka.writers.documents import Document, Row
from svodka.writers.tei.elements import NAMESPACE, XML_LANG, add
from svodka.writers.tei.sources import Sources

if TYPE_CHECKING:
    from lxml.etree import _Element

CATEGORIES = ("type", "form", "polarity")
"""The columns of `quotes` that the header lists the values of, for ``said`` to point to with ``ana``."""

_EDITORIAL = {
    "quotation": "Quotation marks and the author's words between parts of a quotation stay outside said.",
    "segmentation": "A p is a line of the source, and the white space between paragraphs is the source's, so that the "
    "text of body is the source to the character. Elements that would cross are split, their parts tied by next and "
    "prev. An xml:id such as quote-3 or quote-3.2 is of row 3 of svodka's table of quotes.",
    "interpretation": "All annotation was made by a program; cert is its confidence.",
}
_MEANINGS = {
    "direct": "the words themselves",
    "indirect": "in the words of the text",
    "mixed": "in the words of the text, with words of the source among them",
    "inline": "within a sentence or paragraph",
    "block": "a paragraph of its own",
    "dash": "a line of dialogue that begins with a dash",
    "headline": "in the headline",
    "document": "the words of a document, or of who issued it",
    "asserted": "the text says that it was said",
    "negated": "the text says that it was not said",
    "hypothetical": "the text says that it may be said, or was not yet",
}
_KINDS = {"person": ("person", "persName"), "group": ("personGrp", "persName"), "organization": ("org", "orgName")}
_NAMES = {"PER": _KINDS["person"], "ORG": _KINDS["organization"], "LOC": ("place", "placeName")}
_SEXES = {"Masc": "M", "Fem": "F"}


def add_header(root: "_Element", document: Document, sources: Sources) -> None:
    """Add the header of a document; the text has to be there already, for the characters in it are described."""
    header = root.makeelement(f"{{{NAMESPACE}}}teiHeader")
    header.set(XML_LANG, "en")
    root.insert(0, header)
    _add_file(add(header, "fileDesc"), document, sources)
    encoding = add(header, "encodingDesc")
    profile = add(header, "profileDesc")
    _add_profile(profile, document, sources)
    _add_encoding(encoding, root)
    _indent(header, 1)


def _add_file(parent: "_Element", document: Document, sources: Sources) -> None:
    row = document.row
    language: str = row["language"]
    statement = add(parent, "titleStmt")
    bibl = parent.makeelement(f"{{{NAMESPACE}}}bibl")
    bibl.set(XML_LANG, language)
    for place in (statement, bibl):
        add(place, "title", row["title"] or document.doc_id)
        if row["author"] is not None:
            add(place, "author", row["author"])
    statement[0].set(XML_LANG, language)
    if row["published"] is not None:
        moment = row["published"].isoformat()
        day = moment.removesuffix("T00:00:00+00:00")
        add(bibl, "date", day, when_iso=day)
    for kind, value in (("URI", row["url"]), ("svodka", document.doc_id), ("source", row["source"])):
        if value is not None:
            add(bibl, "idno", value, type=kind)
    publication = add(parent, "publicationStmt")
    add(publication, "p", "Not published: made by svodka from the source that is described below.")
    documents = [(name, key) for (kind, name, _), key in sources.others.items() if kind == "document"]
    if documents:
        notes = add(parent, "notesStmt")
        for name, key in documents:
            quoted = add(add(notes, "relatedItem", type="quoted"), "bibl", id=key, lang=language)
            add(quoted, "title", name)
    add(parent, "sourceDesc").append(bibl)


def _add_profile(parent: "_Element", document: Document, sources: Sources) -> None:
    language: str = document.row["language"]
    add(add(parent, "langUsage"), "language", ident=language)
    lists = {name: parent.makeelement(f"{{{NAMESPACE}}}{name}") for name in ("listPerson", "listOrg", "listPlace")}
    kinds = {"person": "listPerson", "personGrp": "listPerson", "org": "listOrg", "place": "listPlace"}
    roles: dict[int, list[Row]] = {}
    for role in document.roles:
        roles.setdefault(role["entity_id"], []).append(role)
    for row in document.entities:
        kind, name = _NAMES[row["label"]]
        element = add(lists[kinds[kind]], kind, id=f"entity-{row['entity_id']}")
        add(element, name, row["name"])
        if kind == "person":
            _add_person(element, row, roles.get(row["entity_id"], []))
        if row["link"] is not None:
            add(element, "idno", row["link"], type="authority")
    for (of_kind, text, role_name), key in sources.others.items():
        if of_kind != "document":
            kind, name = _KINDS.get(of_kind, _KINDS["group"])
            element = add(lists[kinds[kind]], kind, id=key)
            add(element, name, text)
            if role_name is not None and name == "persName":
                add(element, "occupation", role_name)
    for place, names in (("particDesc", ("listPerson", "listOrg")), ("settingDesc", ("listPlace",))):
        found = [lists[name] for name in names if len(lists[name])]
        if found:
            add(parent, place, lang=language).extend(found)


def _add_person(element: "_Element", entity: Row, roles: list[Row]) -> None:
    if entity["gender"] is not None:
        add(element, "sex", value=_SEXES[entity["gender"]])
    for name, column in (("occupation", "role"), ("affiliation", "organization")):
        for value in _distinct([entity[column], *(role[column] for role in roles)]):
            add(element, name, value)


def _distinct(values: Iterable[Any]) -> list[str]:
    return [value for value in dict.fromkeys(values) if value is not None]


def _add_encoding(parent: "_Element", root: "_Element") -> None:
    editorial = add(parent, "editorialDecl")
    for name, text in _EDITORIAL.items():
        add(add(editorial, name), "p", text)
    classes = add(parent, "classDecl")
    for column in QUOTES.columns:
        if column.name in CATEGORIES:
            taxonomy = add(classes, "taxonomy", id=column.name)
            add(taxonomy, "desc", column.description)
            for value in column.values:
                add(add(taxonomy, "category", id=value), "catDesc", _MEANINGS[value])
    chars = sorted({g.get("ref", "#").removeprefix("#") for g in root.iter(f"{{{NAMESPACE}}}g")})
    if chars:
        declared = add(parent, "charDecl")
        for char in chars:
            add(add(declared, "char", id=char), "mapping", char.replace("-", "+"), type="codepoint")
    application = add(add(parent, "appInfo"), "application", ident="svodka", version=__version__)
    add(application, "label", "svodka")


def _indent(element: "_Element", depth: int) -> None:
    """Put the children of an element on lines of their own, but for those in a text."""
    if not len(element) or element.text or element[0].tag == f"{{{NAMESPACE}}}g":
        return
    element.text = "\n" + "  " * (depth + 1)
    for child in element:
        _indent(child, depth + 1)
        child.tail = "\n" + "  " * (depth + 1)
    element[-1].tail = "\n" + "  " * depth
