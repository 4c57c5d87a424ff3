"""The commands ``svodka evaluate …``. Each imports what it needs, so that help is instant."""

import sys
from collections.abc import Callable, Iterable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from svodka.evaluate.report import Report
    from svodka.neural.models import Kernels

_EXISTING = click.Path(exists=True, path_type=Path)


@click.group()
def evaluate() -> None:
    """Measure a layer on gold, or check the quality floors."""


AS_JSON = click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
_ERRORS = click.option("--errors", default=0, type=click.IntRange(0), help="Disagreements to list.")
CONFIG = click.option("--config", default="default", show_default=True, help="Preset (default, fast) or TOML file.")


def _print_reports(reports: Iterable[tuple[Path, "Report"]], as_json: bool, errors: int) -> None:
    for path, report in reports:
        click.echo(report.to_json() if as_json else f"{path}\n{report.to_text(errors)}")


@evaluate.command()
@click.argument("files", nargs=-1, required=True, type=_EXISTING)
@click.option("--gold-tokens", is_flag=True, help="Take the treebank's tokens and sentences, not the raw text.")
@AS_JSON
@CONFIG
def ud(files: tuple[Path, ...], gold_tokens: bool, as_json: bool, config: str) -> None:
    """Tokens, sentences, UPOS, features, lemmas, UAS and LAS on CoNLL-U files, by the CoNLL 2018 protocol."""
    from svodka.config import get_config
    from svodka.engine import load
    from svodka.evaluate.ud import evaluate_ud

    stages = ("morphology", "syntax")
    nlp = load(get_config(config).model_copy(update={"stages": stages}))
    _print_reports(((file, evaluate_ud(nlp, file, gold_tokens=gold_tokens)) for file in files), as_json, 0)


def _on_gold(command: "Callable[..., None]") -> "Callable[..., None]":
    """Arguments and options of a command that measures a layer on gold."""
    tables = click.argument("tables", type=_EXISTING, required=False)
    return click.argument("gold", type=_EXISTING)(tables(AS_JSON(_ERRORS(CONFIG(command)))))


def _evaluate_layer(
    layer: "Callable[..., Report]", gold: Path, tables: Path | None, as_json: bool, errors: int, config: str
) -> None:
    from svodka.engine import load

    report = layer(gold, tables) if tables else layer(gold, nlp=load(config))
    _print_reports([(gold, report)], as_json, errors)


def _evaluate_pipeline(layer: "Callable[..., Report]", gold: Path, as_json: bool, errors: int, config: str) -> None:
    """As `_evaluate_layer`, of a layer that needs the pipeline itself."""
    from svodka.engine import load

    _print_reports([(gold, layer(gold, nlp=load(config)))], as_json, errors)


@evaluate.command()
@_on_gold
def quotes(**options: Any) -> None:  # noqa: ANN401
    """Quotations and their speakers: GOLD is a folder of markup or JSON, TABLES what `svodka run` wrote, or nothing."""
    from svodka.evaluate.quotes import evaluate_quotes

    _evaluate_layer(evaluate_quotes, **options)


@evaluate.command()
@_on_gold
def dates(**options: Any) -> None:  # noqa: ANN401
    """Date expressions and their values: GOLD is a folder of markup, a JSONL file of cases, or NEREL's (spans only)."""
    from svodka.evaluate.nerel import evaluate_dates_or_nerel

    _evaluate_layer(evaluate_dates_or_nerel, **options)


@evaluate.command()
@_on_gold
def names(gold: Path, tables: Path | None, **options: Any) -> None:  # noqa: ANN401
    """Persons, organisations and places: GOLD is a folder of markup, factRuEval's or NEREL's, or RuNormAS.

    RuNormAS (a .jsonl file) has normal forms; it is measured by the pipeline alone, without TABLES.
    """
    from svodka.evaluate.names import evaluate_names
    from svodka.evaluate.normals import evaluate_normals, is_runormas

    if is_runormas(gold):
        _evaluate_pipeline(evaluate_normals, gold, **options)
    else:
        _evaluate_layer(evaluate_names, gold, tables, **options)


@evaluate.command()
@click.argument("gold", type=_EXISTING)
@AS_JSON
@_ERRORS
@CONFIG
def entities(gold: Path, as_json: bool, errors: int, config: str) -> None:
    """Mentions joined to persons, organisations and places: GOLD is factRuEval's folder."""
    from svodka.evaluate.entities import evaluate_entities

    _evaluate_pipeline(evaluate_entities, gold, as_json, errors, config)


@evaluate.command()
@_on_gold
def registry(**options: Any) -> None:  # noqa: ANN401
    """Persons and organisations joined across documents: GOLD is a folder in brat's format with ids, as NEREL."""
    from svodka.evaluate.registry import evaluate_registry

    _evaluate_layer(evaluate_registry, **options)


@evaluate.command()
@_on_gold
def coref(**options: Any) -> None:  # noqa: ANN401
    """Pronouns and nominal mentions tied to named entities: GOLD is a JSONL file of RuCoCo, gzipped or not."""
    from svodka.evaluate.coref import evaluate_coref

    _evaluate_layer(evaluate_coref, **options)


@evaluate.command()
@_on_gold
def roles(**options: Any) -> None:  # noqa: ANN401
    """Roles of persons: GOLD is a folder of NEREL or factRuEval."""
    from svodka.evaluate.roles import evaluate_roles

    _evaluate_layer(evaluate_roles, **options)


@evaluate.command()
@click.argument("corpus", type=_EXISTING)
@click.option("--docs", default=1000, show_default=True, type=click.IntRange(1), help="Articles to compare.")
@click.option("--kernels", default="auto", show_default=True, type=click.Choice(["auto", "compiled", "portable"]))
@AS_JSON
def engine(corpus: Path, docs: int, kernels: "Kernels", as_json: bool) -> None:
    """Compare the engine with razdel, slovnet and natasha, whose work it does faster.

    Tokens, sentences, tags, heads, relations, entity spans and lemmas over the first articles of CORPUS. Floats are
    summed in another order, so near-ties may fall the other way: each is listed with its margin. The exit code is 1 if
    anything else differs.
    """
    from svodka.evaluate.engine import compare_engine
    from svodka.readers import read
    from svodka.records import Article

    articles = (item for item in read(corpus) if isinstance(item, Article))
    equality = compare_engine(islice(articles, docs), kernels=kernels)
    click.echo(equality.to_json() if as_json else equality.to_text())
    sys.exit(bool(equality.apart))


@evaluate.command()
@click.option("--update", is_flag=True, help="Raise the floors to what is measured now; a floor is never lowered.")
@click.option("--floors", default="tests/floors.json", show_default=True, type=click.Path(exists=True, path_type=Path),
              help="File of floors; paths in it are relative to the folder it is called from.")  # fmt: skip
def gate(update: bool, floors: Path) -> None:
    """Measure every layer whose gold is present and fail where a figure is below its floor.

    Gold that is absent is named and skipped.
    """
    from svodka.evaluate.gate import check, measurer
    from svodka.evaluate.gate import update as raise_floors

    root = Path.cwd()
    measure = cache(measurer())  # what was measured to raise a floor is not measured again to check it
    if update:
        raise_floors(floors, root, measure)
    results = check(floors, root, measure)
    for result in results:
        click.echo(result.to_text())
    failed = sum(not result.ok for result in results)
    if failed:
        raise click.ClickException(f"{failed} of {len(results)} floors do not hold")
