"""Reading files, folders and archives, whatever their format."""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path

from svodka.errors import InputError, MissingLibraryError
from svodka.readers.arrow import read_arrow, read_saved
from svodka.readers.beside import TablesBeside, find_tables
from svodka.readers.conllu import read_conllu
from svodka.readers.csv import read_csv
from svodka.readers.databases.database import read_database, read_url
from svodka.readers.files import (
    DATABASE_URL,
    DATABASES,
    SAVED_DATA_SET,
    InputFile,
    archive_of,
    check_databases,
    find_files,
    one_archive_open,
)
from svodka.readers.json import read_json
from svodka.readers.jsonl import read_jsonl
from svodka.readers.options import ReadOptions
from svodka.readers.parquet import read_parquet
from svodka.readers.published import parse_published
from svodka.readers.rows import Row, to_articles
from svodka.readers.txt import read_txt
from svodka.readers.unpacking import PACKED, UnpackingError
from svodka.readers.web.html import read_html, read_mhtml
from svodka.readers.web.warc import read_warc, read_wet
from svodka.records import Article, Problem

# A reader yields rows, and errors in the place of rows that cannot be used. It raises an error that ends its file.
Reader = Callable[[InputFile, ReadOptions], Iterator[Row | InputError]]

_TEXT_READERS: Mapping[str, Reader] = {
    ".txt": read_txt,
    ".jsonl": read_jsonl,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
}
READERS: Mapping[str, Reader] = {
    **{f"{ending}{packed}": reader for ending, reader in _TEXT_READERS.items() for packed in ("", *PACKED)},
    ".parquet": read_parquet,
    **dict.fromkeys((".arrow", ".feather"), read_arrow),
    **dict.fromkeys(DATABASES, read_database),
    **{f"{ending}{packed}": read_html for ending in (".html", ".htm", ".xhtml") for packed in ("", ".gz")},
    **dict.fromkeys((".mht", ".mhtml"), read_mhtml),
    **dict.fromkeys((".warc", ".warc.gz", ".warc.zst"), read_warc),
    **dict.fromkeys((".wet", ".wet.gz", ".warc.wet", ".warc.wet.gz"), read_wet),
    ".conllu": read_conllu,
    ".conllu.gz": read_conllu,
}

_READERS_OF_NO_FILES: Mapping[str, Reader] = {SAVED_DATA_SET: read_saved, DATABASE_URL: read_url}


def read(
    *inputs: str | Path,
    columns: Mapping[str, str] | None = None,
    published: dt.date | str | None = None,
    encoding: str | None = None,
    query: str | None = None,
    any_language: bool = False,
) -> Iterator[Article | Problem]:
    """Read articles from files, folders and archives, one after another, never a whole file of rows at once.

    A row of JSONL, JSON, CSV or Parquet has `text` and may have `id`, `title`, `author`, `url`, `published` and
    `source`. Other common names of these (`date`, `body`, `doc_id` …) are understood, and so are the layouts of
    well-known corpora (Lenta, RIA, Gazeta, ODS, Taiga); the logger ``svodka.readers`` tells at level INFO which were.
    Where there is no date, a whole one in the address is taken. A table beside plain texts that names them, as Taiga
    has it, tells of their titles and dates. Texts of all these kinds may be packed (.gz, .bz2, .xz, .zst). A row
    without an id is called ``<file name>:<row>``, a plain-text file is called as its file. Where files of the run share
    a name, they are called by their path within the folder given.

    An archive (.zip, .tar, .tar.gz, .tgz, .tar.bz2, .tar.xz, .tar.zst) is read as the folder that it was made of; the
    source of an article is then ``news.zip/texts/1.txt``. Nothing is unpacked to the disk, but that what has to be gone
    to and fro in, such as Parquet in a packed archive, is copied to a temporary file while it is read. Archives in
    archives, encrypted files and links are problems, and so is what is larger than a hundred times its archive.

    A saved page (HTML, MHTML) is an article, and so is each page of a web archive (WARC, WACZ) that has one, and each
    text of a WET file. The text of a page is what trafilatura finds to be the article, a paragraph a line.

    Texts are never changed, so that offsets point into what the source holds; only a byte-order mark at the start of
    a file is no part of them, nor is the markup of RIA's corpus.

    Args:
        inputs: Files, archives and folders. Folders are walked in sorted order; hidden files and unknown endings are
            passed over, and so are tables that a run wrote, databases, and archives beside which lies what they hold.
            ``-`` is standard input, as JSON lines. A database is a file of SQLite or DuckDB, or a URL as SQLAlchemy has
            them, such as ``postgresql://user:password@host/news``.
        columns: Field → name of the column or key that holds it, such as ``{"text": "lead"}``, where that is none
            of the common names.
        published: Day or moment of publication of the articles whose source gives none, such as plain texts.
        encoding: What text files are encoded in, such as ``windows-1251``; told by their bytes if not given.
        query: What to ask databases for, in their SQL; each row of the answer is an article. Without it the one table
            that has a column with the text is read.
        any_language: Whether to keep pages of web archives that are in another language than Russian.

    Returns:
        Articles in the order of the inputs, and a problem in the place of all that could not be read. A problem costs
        nothing but its own article: an article with a date that cannot be read is one, for its relative dates would
        resolve wrongly.

    Raises:
        InputError: There are no inputs, `columns` names a field that articles do not have, `published` is no date,
            `encoding` is unknown, or there is a `query` and an input that is no database.
    """
    if not inputs:
        raise InputError("nothing to read; name at least one file or folder")
    for given in inputs:
        if not isinstance(given, str | PathLike):
            kind = type(given).__name__
            raise InputError(f"{kind} is no file or folder; svodka.extract(…) takes tables and records as they are")
    if query is not None:
        check_databases(inputs)
    options = ReadOptions(columns or {}, encoding, query, any_language)
    articles = to_articles(_rows(inputs, options))
    day = parse_published(published)
    return articles if day is None else (_dated(item, day) for item in articles)


def _dated(item: Article | Problem, day: dt.datetime) -> Article | Problem:
    return replace(item, published=day) if isinstance(item, Article) and item.published is None else item


def _rows(inputs: tuple[str | Path, ...], options: ReadOptions) -> Iterator[Row | InputError]:
    files = find_tables(find_files(inputs, READERS))
    try:
        with contextlib.closing(TablesBeside(options)) as tables:
            for file in one_archive_open(files):
                if isinstance(file, InputError):
                    yield file
                else:
                    yield from _file_rows(file, options, tables)
    finally:
        for archive in {archive for file in files if (archive := archive_of(file))}:
            archive.forget()


def _file_rows(file: InputFile, options: ReadOptions, tables: TablesBeside) -> Iterator[Row | InputError]:
    source = str(file.path)
    try:
        reader = READERS.get(file.ending) or _READERS_OF_NO_FILES[file.ending]
        rows = reader(file, options)
        yield from tables.describe(rows, file) if file.tables else rows
    except InputError as error:
        error.source = error.source or source
        yield error
    except MissingLibraryError as error:  # the other files can do without it
        yield InputError(error.args[0], source=source)
    except UnpackingError as error:
        yield InputError(error.explanation, source=source)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}; check that it is there and may be read"
        yield InputError(message, source=source)
