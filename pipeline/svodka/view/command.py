"""``svodka view``: what the command does with tables and with articles, on a terminal and as a page."""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import click
from rich.console import Console

from svodka.config import Config, get_config
from svodka.errors import ExportError, InputError
from svodka.readers import read
from svodka.records import Article, Problem
from svodka.run.local import load_warm, run_batches
from svodka.run.manifest import MANIFEST, table_files, write_whole
from svodka.schema import ALL_TABLES
from svodka.tables import Tables
from svodka.view.choosing import NEEDED, find_document, unknown_document
from svodka.view.html import page_html
from svodka.view.terminal import show_document, show_tables
from svodka.view.visible import visible
from svodka.writers.documents import Document, documents
from svodka.writers.parts import read_parts

_STANDARD_OUTPUT = Path("-")
_ROWS = 25


@dataclass(frozen=True, slots=True)
class Chosen:
    """What there is to be seen.

    Attributes:
        documents: The documents.
        rest: What to say of those that were left out, None where these are all; to be called behind the last.
        problems: What could not be read on the way to them.
    """

    documents: Iterator[Document]
    rest: Callable[[], str | None] = lambda: None
    problems: list[Problem] = field(default_factory=list)


def view_source(
    source: Path | str,
    console: Console,
    *,
    doc_id: str | None = None,
    out: Path | None = None,
    limit: int = _ROWS,
    published: str | None = None,
    config: str | None = None,
) -> None:
    """Show tables or articles, and tell the user what was left out.

    Args:
        source: A folder of tables, or what `svodka.read` takes.
        console: Where to print.
        doc_id: Only this document.
        out: Page to write, ``-`` for standard output; None to print.
        limit: Documents, and rows of each list; 0 for all.
        published: Day of publication of articles whose source gives none.
        config: Preset or TOML file for articles; None for the default.

    Raises:
        InputError: There is no such document, nothing can be read, or an option is for articles and these are tables.
        ExportError: The page cannot be written.
    """
    if not _has_tables(source):
        chosen = _of_articles(source, doc_id, limit, published, get_config(config))
    elif published is not None or config is not None:
        raise InputError(
            "these are tables, made already; --published and --config are for articles", source=str(source)
        )
    elif doc_id is None and out is None:
        show_tables(Tables.read_parquet(source), console, limit=limit)
        return
    else:
        chosen = _of_tables(Path(source), doc_id, limit)
    if out is None:
        _print(chosen, console, _ROWS if doc_id is None and limit else limit)
    else:
        _write_page(chosen, out, source)
    for problem in chosen.problems:
        click.echo(visible(f"{problem.source or problem.doc_id}: {problem.message}", one_line=True), err=True)


def _has_tables(source: Path | str) -> bool:
    folder = Path(source)
    is_run = (folder / MANIFEST).exists()
    return is_run or (folder.is_dir() and any(table_files(folder, name, None) for name in ALL_TABLES))


def _of_tables(folder: Path, doc_id: str | None, limit: int) -> Chosen:
    if doc_id is not None:
        return Chosen(iter([_find_document(folder, doc_id)]))
    parts = list(read_parts(folder))
    left = sum(part.arrow("documents").num_rows for part in parts) - limit
    rest = f"{left:,} more documents: --limit 0 shows all" if limit and left > 0 else None
    return Chosen(islice(documents(parts, NEEDED), limit or None), lambda: rest)


def _find_document(folder: Path, doc_id: str) -> Document:
    others: list[str] = []
    for part in read_parts(folder):
        document = find_document(part, doc_id)
        if document is not None:
            return document
        others += part.arrow("documents")["doc_id"].to_pylist()
    raise unknown_document(doc_id, others, str(folder))


def _of_articles(source: Path | str, doc_id: str | None, limit: int, published: str | None, config: Config) -> Chosen:
    """Articles, processed as they are looked at."""
    problems: list[Problem] = []
    articles = _sorted_out(read(source, published=published), problems)
    if doc_id is not None:
        articles = iter([_find_article(articles, doc_id, source)])
    first = next(articles, None)
    if first is None and problems:
        raise InputError(problems[0].message, source=problems[0].source)
    if first is None:
        raise InputError("there is no article in it", source=str(source))
    articles = chain([first], articles)
    batches = run_batches(
        load_warm(config), islice(articles, limit or None), batch_size=config.run.batch_size, run=config.run
    )
    made = (document for batch in batches for document in documents([Tables.from_rows([batch])], NEEDED))

    def rest() -> str | None:
        return None if next(articles, None) is None else "there are more articles: --limit 0 shows all"

    return Chosen(made, rest, problems)


def _sorted_out(items: Iterable[Article | Problem], problems: list[Problem]) -> Iterator[Article]:
    for item in items:
        if isinstance(item, Article):
            yield item
        else:
            problems.append(item)


def _find_article(articles: Iterable[Article], doc_id: str, source: Path | str) -> Article:
    others: list[str] = []
    for article in articles:
        if article.doc_id == doc_id:
            return article
        others.append(article.doc_id)
    raise unknown_document(doc_id, others, str(source))


def _print(chosen: Chosen, console: Console, n_rows: int) -> None:
    for number, document in enumerate(chosen.documents):
        if number:
            console.rule(style="dim")
        show_document(document, console, limit=n_rows)
    if rest := chosen.rest():
        click.echo(rest, err=True)


def _write_page(chosen: Chosen, out: Path, source: Path | str) -> None:
    shown = list(chosen.documents)
    title = str(source) if len(shown) > 1 else shown[0].row["title"] or shown[0].doc_id
    page = page_html(shown, title=title).encode()
    if out == _STANDARD_OUTPUT:
        sys.stdout.buffer.write(page)
    else:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            write_whole(out, page)
        except OSError as error:
            raise ExportError(f"{out}: the page cannot be written: {error.strerror or error}") from error
    counted = f"{out}: {len(shown):,} document{'s' if len(shown) > 1 else ''}"
    click.echo("; ".join(filter(None, (counted, chosen.rest()))), err=out == _STANDARD_OUTPUT)
