"""Which column or key of a source holds which field of an article.

`ALIASES` is the one place where names are known; everything else asks `Columns`.
"""

import logging
import re
from collections.abc import Iterable, Mapping

from svodka.errors import InputError

logger = logging.getLogger("svodka.readers")

# Field → names understood for it, the best first. Case, spaces and punctuation do not count: pubDate is pub_date.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "doc_id", "document_id", "article_id", "news_id", "uid", "uuid", "guid", "textid"),
    "text": ("text", "body", "content", "full_text", "article_text", "main_text", "article_body", "news_text",
             "plain_text", "article", "текст", "текст_статьи", "текст_новости"),
    "title": ("title", "headline", "header", "heading", "article_title", "news_title", "textname", "заголовок",
              "название"),
    "author": ("author", "authors", "byline", "автор", "авторы"),
    "url": ("url", "link", "href", "uri", "permalink", "ссылка"),
    "published": (
        "published", "date", "pub_date", "published_at", "publication_date", "publish_date", "date_published",
        "date_publish", "published_date", "post_date", "datetime", "date_time", "timestamp", "time", "дата",
        "дата_публикации",
    ),
    "published_day": ("published_day",),  # as svodka writes it: where `published` is in UTC, it may be the day before
    "source": ("source", "outlet", "publisher", "media", "site", "source_name", "source_domain", "источник", "издание",
               "сайт"),
}  # fmt: skip

_NAMES_SHOWN = 20


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


_FIELD_KEYS = {field: [_key(name) for name in names] for field, names in ALIASES.items()}


def check_columns(columns: Mapping[str, str] | None) -> dict[str, str]:
    """The caller's own field → column names, checked.

    Raises:
        InputError: A field that articles do not have.
    """
    unknown = sorted(set(columns or ()) - set(ALIASES))
    if unknown:
        message = f"columns: {', '.join(unknown)} is no field of an article; the fields are {', '.join(ALIASES)}"
        raise InputError(message)
    return dict(columns or {})


class Columns:
    """Finds the fields of an article among the names of one source, and says once what it took for what.

    Args:
        explicit: Field → column name; such a field is looked for under this name only.
        source: File to name in messages.
    """

    def __init__(self, explicit: Mapping[str, str], source: str) -> None:
        self._explicit = explicit
        self._source = source
        self._never_seen = dict(explicit)
        self._announced: set[tuple[str, str]] = set()
        self._told: tuple[str, ...] | None = None  # for which names the log has what is read
        self._names: tuple[str, ...] | None = None
        self._found: dict[str, str] = {}

    def find(self, names: Iterable[str]) -> dict[str, str]:
        """Field → name, for the fields that are there; `text` always is.

        Raises:
            InputError: None of the names can be the text.
        """
        names = tuple(names)
        found = self.match(names)
        if names != self._told:
            self._told = names
            self._announce()
        if "text" not in found:
            raise InputError(self._no_text(names))
        return found

    def warn_of_unseen(self) -> None:
        """Say which columns the caller named and the source never had; to be called at its end."""
        for field, name in self._never_seen.items():
            logger.warning("%s: there is no column %r, so no article has its %s", self._source, name, field)

    def match(self, names: Iterable[str]) -> dict[str, str]:
        """Field → name, for the fields that are there, with or without the text."""
        names = tuple(names)
        if names != self._names:  # rows of one file mostly have the same keys
            self._names, self._found = names, self._match(names)
        return self._found

    def _match(self, names: tuple[str, ...]) -> dict[str, str]:
        by_key: dict[str, str] = {}
        for name in names:
            if name not in self._explicit.values():
                by_key.setdefault(_key(name), name)
        found = {field: name for field, name in self._explicit.items() if name in names}
        for field, keys in _FIELD_KEYS.items():
            if field not in self._explicit:
                # The field's own name is looked for as it is first: `text` is the text even beside `Text`.
                matches = [field] if field in names else [by_key[key] for key in keys if key in by_key]
                if matches:
                    found[field] = matches[0]
        return found

    def _announce(self) -> None:
        for field, name in self._found.items():
            self._never_seen.pop(field, None)
            if name != field and (field, name) not in self._announced:
                self._announced.add((field, name))
                logger.info("%s: column %r is read as %s", self._source, name, field)

    def _no_text(self, names: tuple[str, ...]) -> str:
        have = ", ".join(names[:_NAMES_SHOWN]) + (", …" if len(names) > _NAMES_SHOWN else "") or "none"
        if "text" in self._explicit:
            return f"no column {self._explicit['text']!r} to read the text from; the columns here are: {have}"
        return (
            f"no column with the text; the columns here are: {have}. Call it `text`, or say which one it is: "
            "--columns text=…, in Python columns={'text': '…'}"
        )
