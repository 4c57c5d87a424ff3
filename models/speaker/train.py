"""Train the models that choose speakers and tell speech from names, and measure them by cross-validation.

    python models/speaker/train.py GOLD…

GOLD: folders or files of gold quotations (`svodka.evaluate.gold.load_gold`). The weights go to
pipeline/svodka/weights/speaker.json, the scores to models/speaker/scores.json. How it is done stands in `svodka.adapt`.
"""

import json
import logging
from dataclasses import replace
from math import log
from pathlib import Path

import click

from svodka.adapt.examples import Corpus
from svodka.adapt.training import examples_of, tables_of, train
from svodka.adapt.validation import answers_of, cross_validate, parts_of
from svodka.evaluate.gold import load_gold
from svodka.stages.quotes.scorer import save_scorers

HERE = Path(__file__).parent
WEIGHTS = HERE.parents[1] / "pipeline" / "svodka" / "weights" / "speaker.json"
# the least probability of a source: of two as good in cross-validation, what names fewer wrong ones in articles read
# beside the gold
LEAST = {"source": 0.15}


@click.command()
@click.argument("folders", metavar="GOLD...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=WEIGHTS, help="Where the weights go.")
@click.option("--validate/--no-validate", default=True, help="Whether to cross-validate.")
def main(folders: tuple[Path, ...], out: Path, validate: bool) -> None:
    """Train on gold folders."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    sets = {folder.stem: load_gold(folder) for folder in folders}
    corpus = Corpus.read([article for articles in sets.values() for article in articles])
    tables = tables_of(examples_of(corpus))
    parts = list(parts_of(corpus, tables))
    tables |= tables_of(answers_of(corpus, parts))
    logging.info("%d articles; %s", len(corpus.gold), {name: len(table.examples) for name, table in tables.items()})
    scorers = dict(train(tables))
    for name, least in LEAST.items():
        threshold = round(log(least / (1 - least)), 3)
        scorers[name] = replace(scorers[name], threshold=max(scorers[name].threshold, threshold))
    save_scorers(scorers, out)
    if validate:
        scores = cross_validate(sets, corpus, tables, parts)
        logging.info(json.dumps(scores, indent=1))
        (HERE / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
