"""Write pipeline/README.md: the reference of the API, the tables and the command, made from what the code says itself.

``make reference`` runs it, and a test compares. What is listed stands in `SECTIONS`; `reference.md.jinja` is the form.
Docstrings are read by griffe (https://mkdocstrings.github.io/griffe), which does not import what they describe.
"""

import re
from collections.abc import Iterator
from functools import partial
from inspect import cleandoc
from pathlib import Path
from typing import Any

import click
import griffe
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from svodka.cli import main
from svodka.schema import ALL_TABLES, SCHEMA_VERSION
from svodka.view.contract import type_name
from svodka.writers.formats import FORMATS

HERE = Path(__file__).parent
TARGET = HERE / "README.md"

SECTIONS = {
    "Pipeline": ("load", "make_doc", "read", "extract", "show", "view.notebook.Shown"),
    "Articles and tables": ("Article", "Tables", "check.check_tables", "check.Violation"),
    "Records": tuple(f"records.{name}" for name in ("Quote", "DateExpr", "Mention", "Entity", "Role", "Problem")),
    "Configuration": ("Config", *(f"config.{name}Config" for name in ("Tokenize", "Morphology", "Quotes", "Run"))),
    "Corpora": (
        *("run.folder.run_to_folder", "run.folder.Summary", "run.folder.plan_run", "run.folder.Plan"),
        *("run.stream.run_to_jsonl", "link.folder.link_folder", "link.folder.LinkSummary"),
        *("run.spark.start_session", "run.spark.extract", "run.spark.table", "run.spark.run_on_spark"),
    ),
    "Evaluation": (
        *(f"evaluate.{name}.evaluate_{name}" for name in ("quotes", "dates", "names", "entities", "roles", "coref")),
        *("evaluate.registry.evaluate_registry", "evaluate.ud.evaluate_ud"),
        *(f"evaluate.report.{name}" for name in ("Report", "Score", "Disagreement")),
        *("evaluate.gold.load_gold", "evaluate.markup.read_gold"),
        *(f"evaluate.markup.Gold{name}" for name in ("Article", "Quote", "Date", "Entity")),
        *(f"evaluate.quotes.{name}" for name in ("score", "Prediction", "pair", "is_speaker")),
    ),
    "Adaptation": (
        *("corrections.gold.import_gold", "corrections.gold.ImportSummary"),
        *("adapt.command.adapt_to", "adapt.command.AdaptSummary"),
        *(f"adapt.comparison.{name}" for name in ("Comparison", "Figure", "Choices")),
    ),
    "Errors": tuple(
        f"errors.{name}Error"
        for name in ("Svodka", "Input", "Config", "Stage", "Schema", "MissingLibrary", "Export", "Run", "RunStopped")
    ),
}
"""What is listed, by its place below ``svodka``."""

EXTENSIONS = ("quotes", "dates", "people", "entities", "mentions", "roles")
"""What ``doc._`` has of svodka."""

# Public methods that only svodka calls, and those that write formats, which have a section of their own.
_LEFT_OUT = re.compile(r"from_rows?|from_quote|keep_text|at|of|(to|from)_plain|to_(?!json$|text$)\w+|_.*")


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def plain(annotation: Any) -> str:  # noqa: ANN401
    """Types as they are written, without quotes around them, and bounds in signs."""
    text = re.sub(r"(^|-> |: )'([\w.\[\], |]+)'", r"\1\2", str(annotation))
    text = re.sub(r"Annotated\[(\w+), Field\((.*?)\)\]", r"\1 (\2)", text)
    return re.sub(r"\b(ge|gt|le)=", lambda found: {"ge": "≥ ", "gt": "> ", "le": "≤ "}[found[1]], text)


def signature(function: griffe.Function, title: str) -> str:
    """The call with types and defaults, a line for each argument where it is long."""
    line = re.sub(r"\((self|cls)(, )?", "(", plain(function.signature(name=title, return_type=True)), count=1)
    if len(line) <= 100:
        return line
    head, arguments, returns = re.fullmatch(r"([\w.]+)\((.*)\)( -> .*)", line).groups()  # type: ignore[union-attr]
    return "\n".join([f"{head}(", *(f"    {one}," for one in re.split(r", (?=\*|\w+: )", arguments)), f"){returns}"])


def itself(thing: griffe.Object | griffe.Alias) -> griffe.Object:
    """What a name that is imported or inherited stands for."""
    return thing.final_target if isinstance(thing, griffe.Alias) else thing


def parts(thing: griffe.Object | griffe.Alias) -> dict[str, Any]:
    """What a docstring has, by kind: text, parameters, attributes, returns (its text), raises."""
    found = {part.kind.value: part.value for part in thing.docstring.parsed} if thing.docstring else {}
    of = itself(thing)
    for one in found.get("returns", ()):  # griffe takes words before a colon for the type
        typed = isinstance(of, griffe.Function) and str(one.annotation) == str(of.annotation)
        found["returns"] = one.description if typed else f"{one.annotation}: {one.description}"
    return dict.fromkeys(("text", "parameters", "attributes", "returns", "raises"), ()) | found


def attributes(thing: griffe.Class) -> list[tuple[str, str, str, str]]:
    """Name, type, default and meaning of the attributes and properties of a class, inherited ones too."""
    told = {one.name: one.description for one in parts(thing)["attributes"]}
    rows = []
    for name, found in {**thing.members, **thing.all_members}.items():  # its own before inherited ones
        member = itself(found)
        if isinstance(member, griffe.Attribute) and member.annotation and not name.startswith("_"):
            default = None if "property" in member.labels or "field(" in str(member.value) else member.value
            meaning = told.get(name) or (member.docstring.value if member.docstring else "")
            rows.append((name, plain(member.annotation), "" if default is None else str(default), meaning))
    return rows


def methods(thing: griffe.Class) -> list[griffe.Function]:
    """The functions of a class that users call."""
    members = map(itself, thing.members.values())
    return [one for one in members if isinstance(one, griffe.Function) and not _LEFT_OUT.fullmatch(one.name)]


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command, click.Context]]:
    """A command and those below it, each with its whole name."""
    context = click.Context(command, info_name=name)
    yield name, command, context
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            yield from commands(command.commands[below], f"{name} {below}")


def linked(text: str, near: str = "", *, anchors: dict[str, str]) -> str:
    """Docstring text as Markdown, with links to what is listed; of things that share a name, to that of `near`."""
    text = re.sub(r"(?m)^::\n\n", "", re.sub(r":\w+:`|``", "`", text))

    def link(found: re.Match[str]) -> str:
        anchor = anchors.get(f"{near}.{found[1]}") or anchors.get(found[1])
        return f"[{found[0]}](#{anchor})" if anchor else found[0]

    return re.sub(r"`([^`]+)`", link, text)


def render() -> str:
    """The reference as Markdown."""
    one_thing: griffe.GoogleOptions = {"returns_multiple_items": False, "returns_named_value": False}
    package = griffe.load("svodka", search_paths=[HERE], docstring_parser="google", docstring_options=one_thing)
    listed = {title: [(f"svodka.{name}", package[name]) for name in names] for title, names in SECTIONS.items()}
    every_command = list(commands(main, "svodka"))
    anchors = {name: slug(name) for name, _, _ in every_command[1:]} | {"svodka.schema": slug("Tables")}
    for title, thing in (entry for entries in reversed(listed.values()) for entry in reversed(entries)):
        # by its last name, too; of two that share it the first is meant
        anchors |= {title: slug(title), thing.canonical_path: slug(title), thing.name: slug(title)}
    environment = Environment(
        loader=FileSystemLoader(HERE), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # Markdown, not HTML: nothing to escape
    environment.filters |= {"linked": partial(linked, anchors=anchors), "slug": slug, "clean": cleandoc}
    environment.filters["line"] = lambda text: " ".join(text.split())
    environment.filters["cell"] = lambda text: " ".join(text.split()).replace("|", "\\|")
    page = environment.get_template("reference.md.jinja").render(
        package=package, sections=listed, extensions=EXTENSIONS, formats=FORMATS, tables=ALL_TABLES,
        version=SCHEMA_VERSION, commands=every_command, parts=parts, attributes=attributes, methods=methods,
        signature=signature, type_name=type_name,
    )  # fmt: skip
    return re.sub(r"\n{3,}", "\n\n", page).strip() + "\n"


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
