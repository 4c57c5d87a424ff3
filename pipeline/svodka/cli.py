"""The command ``svodka``. Each command imports what it needs, so that help is instant."""

import gc
import logging
import sys
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from svodka import __version__
from svodka.errors import SvodkaError
from svodka.evaluate.command import AS_JSON, CONFIG, evaluate
from svodka.view.visible import visible
from svodka.writers.formats import FORMATS

if TYPE_CHECKING:
    from rich.console import Console

_EXISTING = click.Path(exists=True, path_type=Path)


class _Input(click.Path):
    """A path, or the URL of a database, which a path would change."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        return value if isinstance(value, str) and "://" in value else super().convert(value, param, ctx)


class _Group(click.Group):
    """A group whose commands end with a clear message, not with a traceback, when the user can mend what is wrong."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401
        try:
            return super().invoke(ctx)
        except SvodkaError as error:
            raise click.ClickException(visible(str(error))) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="svodka")
@click.option("-v", "--verbose", count=True, help="Tell more; twice for debugging.")
def main(verbose: int) -> None:
    """Russian news to tables: tokens, names, dates, and every quotation with its speaker."""
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    told = logging.StreamHandler()
    told.setFormatter(_Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[told])
    for handler in logging.getLogger().handlers:
        handler.setLevel(level)  # a run logs more into its folder than is told here


class _Formatter(logging.Formatter):
    """Messages in which the text of strangers does not steer the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record))


def _console() -> "Console":
    from rich.console import Console

    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that has not every letter shows the others
    # a pipe gets whole lines: a table folded to 80 columns would be of no use there
    return Console(highlight=False, width=None if sys.stdout.isatty() else 120)


def _field_and_column(pair: str) -> tuple[str, str]:
    field, equals, name = pair.partition("=")
    if not equals:
        raise click.BadParameter(f"{pair!r} names no field; write text={pair}", param_hint="--columns")
    return field.strip(), name.strip()


@main.command()
@click.argument("inputs", nargs=-1, required=True, type=_Input(path_type=Path, allow_dash=True))
@click.option(
    "--out",
    "out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False, allow_dash=True),
    help="Folder for the tables; - for JSON lines on standard output.",
)
@click.option(
    "--format",
    "out_format",
    type=click.Choice(["parquet", "jsonl"]),
    help="Tables in a folder, or nested rows on standard output.  [default: as --out asks for]",
)
@click.option("--workers", type=click.IntRange(1), help="Processes.  [default: 1]")
@click.option(
    "--batch-size", type=click.IntRange(1), help="Articles that go through the models at once.  [default: 32]"
)
@click.option("--config", default="default", show_default=True, help="Preset (default, fast) or TOML file.")
@click.option("--published", metavar="DATE", help="Day of publication of articles whose source gives none.")
@click.option("--columns", metavar="FIELD=NAME,…", help="Columns or keys that hold a field, such as text=lead,id=nid.")
@click.option("--encoding", help="Encoding of text files, such as windows-1251.  [default: told by their bytes]")
@click.option("--query", metavar="SQL", help="What to ask a database; a row of the answer is an article.")
@click.option("--any-language", is_flag=True, help="Keep pages of web archives that are not in Russian.")
@click.option("--tables", help="Tables to write, comma-separated; documents and errors always are.  [default: all]")
@click.option("--prune", is_flag=True, help="Remove documents from the folder that the inputs do not have.")
@click.option("--retry", is_flag=True, help="Do shards again in which a stage failed or a document met a limit.")
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Processes of this machine, or Apache Spark (svodka[spark]).",
)
@click.option("--master", metavar="URL", help="Spark's master, such as local[4] or spark://host:7077.")
def run(
    inputs: tuple[Path | str, ...],
    published: str | None,
    columns: str | None,
    encoding: str | None,
    query: str | None,
    any_language: bool,
    **options: Any,  # noqa: ANN401
) -> None:
    """Read articles and write their tables.

    INPUTS are files, folders, and zip and tar archives of texts, JSON, CSV, Parquet, Arrow and CoNLL-U, of saved pages
    and web archives; a database file or URL; - is standard input, as JSON lines. A row has `text`, and may have `id`,
    `title`, `author`, `url`, `published` and `source`; a plain text or a page is one article, its file's name is the
    id.

    What an interrupted run has done is kept, and the same command goes on from there; what the folder has is not done
    again. The exit code is 0 when all went well, 1 when the table `errors` has rows, 2 when nothing was done, 3 when
    the run could not go on to its end, 130 and 143 when it was interrupted or terminated.
    """
    from svodka.readers import read
    from svodka.run.command import run_command

    named = dict(_field_and_column(pair) for pair in columns.split(",")) if columns else None
    articles = partial(
        read, *inputs, columns=named, published=published, encoding=encoding, query=query, any_language=any_language
    )
    code = run_command(articles, can_read_twice=Path("-") not in inputs, **options)
    gc.freeze()  # the process ends: nothing of it needs to be looked through once more
    sys.exit(code)


def _formats() -> str:
    lines = [
        f"  {format.name:14}{format.target:8}{format.description}{f' (svodka[{format.extra}])' if format.extra else ''}"
        for format in FORMATS.values()
    ]
    return "\n".join(("\b", "Formats:", *lines))


@main.command(epilog=_formats())
@click.argument("folder", type=_EXISTING)
@click.option("--to", "out_format", required=True, type=click.Choice(list(FORMATS)), help="Format.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File or folder to write.")
@click.option("--tables", help="Tables to write, comma-separated (parquet, csv).  [default: all]")
@click.option("--spreadsheet", is_flag=True, help="CSV that Excel reads well and computes nothing in.")
@click.option("--title", help="Title of the dataset (huggingface).")
@click.option("--license", help="Licence of the dataset, as the hub calls it, such as cc-by-4.0 (huggingface).")
def export(folder: Path, out_format: str, out: Path, tables: str | None, **options: Any) -> None:  # noqa: ANN401
    """Write the tables of FOLDER in another format.

    A file is replaced if it is there; a folder has to be new or empty, but for those of parquet and csv.
    """
    from svodka.writers.formats import export as write
    from svodka.writers.parts import read_parts

    given = {name: value for name, value in options.items() if value}
    if tables is not None:
        given["tables"] = [name.strip() for name in tables.split(",")]
    write(read_parts(folder), out_format, out, **given)
    click.echo(f"{out}: {out_format}")


@main.command()
@click.argument("source", type=_Input(path_type=Path, allow_dash=True))
@click.option("--doc", "doc_id", metavar="ID", help="Only this document.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write a page that needs nothing else; - for standard output.",
)
@click.option(
    "--limit", default=25, show_default=True, type=click.IntRange(0), help="Documents, or rows of each list; 0 for all."
)
@click.option("--published", metavar="DATE", help="Day of publication of articles whose source gives none.")
@click.option("--config", help="Preset (default, fast) or TOML file, for articles.")
def view(source: Path | str, **options: Any) -> None:  # noqa: ANN401
    """Show what was extracted: people, quotations with their speakers, dates, problems.

    SOURCE is a folder of tables, of which a summary is shown, or with --doc one document: its text with quotations in
    the colours of their speakers, cues and sources underlined, names bold, and the days that dates mean. It can also be
    anything that `svodka run` reads, such as one text: articles are processed on the spot, and nothing is kept.
    """
    from svodka.view.command import view_source

    view_source(source, _console(), **options)


@main.command()
@click.argument("tables", type=_EXISTING)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address of this machine to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 for any free.")
@click.option("--open/--no-open", "opens", default=False, show_default=True, help="Open the site in the browser.")
def explore(tables: Path, host: str, port: int, opens: bool) -> None:
    """Search TABLES in a browser: quotations, speakers, documents, charts.

    TABLES is a folder that `svodka run` wrote, or a database that `svodka export --to sqlite` wrote. The site is made
    on this machine, for this machine, and only reads; Ctrl-C ends it. It needs svodka[explore].
    """
    from svodka.explore.command import explore as serve

    serve(tables, host=host, port=port, opens=opens)


@main.command()
@click.argument("folder", type=_EXISTING)
def check(folder: Path) -> None:
    """Verify tables: keys, references, offsets, closed values. The exit code is 1 when something is broken.

    Of what `svodka run` wrote it first verifies that each file is whole and has the rows that `_manifest.json` says.
    """
    from svodka.check import check_tables
    from svodka.run.store import check_files
    from svodka.tables import Tables

    faults = check_files(folder)
    for fault in faults:
        click.echo(visible(fault))
    if faults:
        sys.exit(1)
    tables = Tables.read_parquet(folder)
    violations = check_tables(tables)
    for violation in violations:
        click.echo(visible(str(violation)))
    if violations:
        sys.exit(1)
    counts = ", ".join(f"{tables.arrow(name).num_rows} {name}" for name in tables)
    click.echo(f"{folder}: clean ({counts})")


@main.command()
@click.argument("folder", type=_EXISTING)
@click.option(
    "--authority", type=_EXISTING, help="TSV with columns id, name, aliases (A|B), gender (Masc, Fem), roles (A|B)."
)
def link(folder: Path, authority: Path | None) -> None:
    """Join persons, organisations and places across the documents of a FOLDER that `svodka run` wrote.

    Writes the tables registry (one row each, with names, roles by date, counts) and registry_entities (which entity is
    which row) beside the others. Joins only what names, gender, roles and dates make sure. With an authority file, such
    as one made of Wikidata, `link` gets its ids in registry and entities. Links anew when documents have been added.
    """
    from svodka.link.folder import link_folder

    done = link_folder(folder, authority)
    click.echo(f"{folder}: {done.n_entities} entities, {done.n_rows} rows, {done.n_shared} of several documents")
    if authority is not None:
        click.echo(f"{done.n_linked} rows linked to {authority}; {done.n_ambiguous} ambiguous, left without")


@main.command()
@click.argument("corpus", type=_EXISTING)
@click.option("--docs", type=click.IntRange(1), help="Articles of the whole run.  [default: all]")
def bench(corpus: Path, docs: int | None) -> None:
    """Measure speed as a ratio to natasha on the same articles, step by step, and memory.

    CORPUS has at least 1,050 articles; all of newsru.com's 2,343 take ten minutes. The exit code is 1 where a figure is
    not what the project promises.
    """
    from svodka.bench.report import machine, measure

    click.echo(machine())
    failed = 0
    for figure in measure(corpus, docs):
        asked = (
            ""
            if figure.floor is None
            else f"  [{'at least' if figure.floor >= 0 else 'at most'} {abs(figure.floor):g}]"
        )
        click.echo(f"{figure.name}: {figure.text}{asked}{'' if figure.holds else '  NOT REACHED'}")
        failed += not figure.holds
    sys.exit(bool(failed))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
@click.argument("table", required=False)
def schema(table: str | None, as_json: bool) -> None:
    """Print the contract: every table and column with its type and meaning; or one TABLE."""
    from svodka.view.contract import contract_json, contract_text

    click.echo(contract_json(table) if as_json else contract_text(table))


@main.group()
def gold() -> None:
    """Gold of your own: corrected annotation, to measure and adapt the pipeline by."""


@gold.command("import")
@click.argument("source", type=_EXISTING)
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the gold.")
def import_(source: Path, out: Path) -> None:
    """Make gold of what was corrected in brat or Label Studio.

    SOURCE is a folder that `svodka export --to brat` wrote, or what Label Studio exports as JSON: a file, or a folder
    of such files. OUT, which has to be new or empty, gets a file a document in svodka's markup, for `svodka evaluate`
    and `svodka adapt`.
    """
    from svodka.corrections.gold import import_gold

    done = import_gold(source, out)
    for warning in done.warnings:
        click.echo(visible(warning), err=True)
    click.echo(f"{out}: {done.n_documents} documents, {done.n_quotes} quotations, {done.n_dates} dates, "
               f"{done.n_mentions} mentions")  # fmt: skip


@main.command()
@click.argument("gold", nargs=-1, required=True, type=_EXISTING)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File for the weights.")
@click.option("--folds", default=10, show_default=True, type=click.IntRange(2), help="Parts of the cross-validation.")
@AS_JSON
@CONFIG
def adapt(gold: tuple[Path, ...], out: Path, folds: int, as_json: bool, config: str) -> None:
    """Train the models that choose speakers and tell speech from names on GOLD of yours.

    GOLD are folders or files that `svodka evaluate quotes` takes. The weights are those svodka ships, or those that
    --config names, moved as far as GOLD supports it; cross-validation says what they gain on articles they have not
    seen. Use them by a configuration with `[quotes] weights = "FILE"`. It needs svodka[adapt].
    """
    from svodka.adapt.command import adapt_to

    done = adapt_to(gold, out, folds=folds, config=config)
    click.echo(done.to_json() if as_json else done.to_text())


main.add_command(evaluate)
