"""The layouts of well-known Russian news corpora, told by their columns and by what stands in them.

Most need no more than the common names of columns. What is peculiar to a corpus is mended here, and the log says which
one a file was taken for. Where the caller names columns, nothing is mended.
"""

import html
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from svodka.readers.addresses import site_of
from svodka.readers.options import ReadOptions

logger = logging.getLogger("svodka.readers")

Values = dict[str, Any]

_TRIED = 100  # rows by which a corpus is told
_BLOCKS = ("address|article|aside|blockquote|center|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|ol|p|pre|"
           "section|table|tbody|td|tfoot|th|thead|tr|ul")  # fmt: skip
_BLOCK = re.compile(rf"</?(?:{_BLOCKS})(?:[\s/][^<>]*)?>", re.IGNORECASE)
_BREAK = re.compile(r"<br(?:[\s/][^<>]*)?>", re.IGNORECASE)
_TAG = re.compile(r"<(?:/?[a-z]|!--)[^<>]*>", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """What the rows of a corpus are told by, and how they become articles.

    Attributes:
        name: What the log calls it.
        columns: Columns it has.
        is_it: Whether a row with these columns is of the corpus.
        mend: Changes the values of the fields of one row.
        note: What the log says was done.
    """

    name: str
    columns: frozenset[str]
    is_it: Callable[[Mapping[str, object]], bool]
    mend: Callable[[Values], Values]
    note: str = ""


class Corpus:
    """Finds the corpus that the rows of one file are of, and mends their values.

    Args:
        path: The file.
        options: With columns of the caller's own nothing is mended.
    """

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self._path = path
        self._tries = 0 if options.columns else _TRIED
        self._layout: Layout | None = None

    def values(self, record: Mapping[str, object], values: Values) -> Values:
        """The values of the fields of a row.

        Args:
            record: Column → value.
            values: Field → value, as the columns have it.
        """
        if self._layout is None and self._tries:
            self._tries -= 1
            self._layout = next((layout for layout in LAYOUTS if _is_of(layout, record)), None)
            if self._layout is not None:
                logger.info("%s: laid out as %s%s", self._path, self._layout.name, self._layout.note)
        if self._layout is not None and record.keys() >= self._layout.columns:
            return self._layout.mend(values)
        return values


def _is_of(layout: Layout, record: Mapping[str, object]) -> bool:
    return record.keys() >= layout.columns and layout.is_it(record)


def text_of_markup(markup: str) -> str:
    r"""The text of simple markup, a paragraph each block, a line each break, entities resolved.

    >>> text_of_markup("<p>Мост <b>открыли</b>.</p><p>Река&nbsp;&mdash; Ока.</p>")
    'Мост открыли.\n\nРека\xa0— Ока.'
    """
    paragraphs = []
    for block in _BLOCK.split(markup):
        lines = (_SPACES.sub(" ", _TAG.sub("", line)).strip(" ") for line in _BREAK.split(block))
        paragraphs.append("\n".join(lines).strip("\n"))
    return html.unescape("\n\n".join(filter(None, paragraphs)))


def _from(site: str) -> Callable[[Mapping[str, object]], bool]:
    def is_it(record: Mapping[str, object]) -> bool:
        return site_of(record.get("url")) == site

    return is_it


def _outlet(name: str) -> Callable[[Values], Values]:
    def mend(values: Values) -> Values:
        return {"source": name, **values}

    return mend


def _is_marked_up(record: Mapping[str, object]) -> bool:
    text = record["text"]
    return len(record) == 2 and isinstance(text, str) and _BLOCK.search(text) is not None


def _ria(values: Values) -> Values:
    title, text = values.get("title"), values["text"]
    return {
        "source": "РИА Новости",
        "title": html.unescape(title) if isinstance(title, str) else title,
        "text": text_of_markup(text) if isinstance(text, str) else text,
    }


def _ods(values: Values) -> Values:
    """A dash is nothing, and a line end is written as a backslash and n."""
    mended = {field: None if value == "-" else value for field, value in values.items()}
    for field in ("title", "text"):
        value = mended.get(field)
        mended[field] = value.replace("\\n", "\n") if isinstance(value, str) else value
    return {"source": site_of(values.get("url")), **mended}


def _site(values: Values) -> Values:
    return {"source": site_of(values.get("url")), **values}


_ODS_COLUMNS = frozenset({"date", "url", "edition", "topics", "authors", "title", "text", "reposts_fb", "comm_count"})

LAYOUTS = (
    # https://github.com/yutkin/Lenta.Ru-News-Dataset: v1.0 has no date, v1.1 has 2016/11/04
    Layout(
        "Lenta.Ru-News-Dataset",
        frozenset({"url", "title", "text", "topic", "tags"}),
        _from("lenta.ru"),
        _outlet("Lenta.ru"),
    ),
    # https://github.com/IlyaGusev/gazeta
    Layout(
        "the Gazeta dataset",
        frozenset({"url", "title", "text", "summary", "date"}),
        _from("gazeta.ru"),
        _outlet("Газета.Ru"),
    ),
    # https://github.com/RossiyaSegodnya/ria_news_dataset
    Layout(
        "the RIA (Rossiya Segodnya) dataset",
        frozenset({"title", "text"}),
        _is_marked_up,
        _ria,
        "; markup is taken out of the texts, offsets count without it",
    ),
    # https://github.com/ods-ai-ml4sg/proj_news_viz
    Layout(
        "the news of ODS (proj_news_viz)",
        _ODS_COLUMNS,
        lambda _: True,
        _ods,
        "; «\\n» in the texts becomes a line end, offsets count with it",
    ),
    # https://github.com/buriy/russian-nlp-datasets
    Layout(
        "the news of buriy/russian-nlp-datasets",
        frozenset({"url", "edition", "topics", "title", "text"}),
        lambda record: len(record) == 6,
        _site,
    ),
)


def writes_backslashes(header: str) -> bool:
    r"""Whether the CSV with this header writes a quotation mark inside a field as ``\"``, as that of ODS does."""
    return set(re.split(r'[",\s]+', header)) >= _ODS_COLUMNS
