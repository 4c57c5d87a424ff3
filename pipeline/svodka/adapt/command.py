"""``svodka adapt``: the models of quotations, moved to a user's gold."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from threadpoolctl import threadpool_limits

from svodka.adapt.comparison import Choices, Comparison, Figure, compare_moves
from svodka.adapt.examples import Corpus, gather, gather_answers, gather_quoted
from svodka.adapt.moving import Moved, move_all
from svodka.adapt.training import tables_of
from svodka.config import get_config
from svodka.errors import ConfigError, ExportError, InputError
from svodka.evaluate.gold import load_gold
from svodka.evaluate.markup import GoldArticle
from svodka.libraries import require
from svodka.stages.quotes.scorer import Scorer, load_scorers, save_scorers

FEWEST_QUOTES = 10
FEWEST_DOCUMENTS = 2
_NEVER_CHOOSES = "attribution"  # it says only how sure a quotation is


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaptSummary:
    """What adaptation did.

    Attributes:
        out: The file of weights.
        n_documents: Documents of the gold.
        n_quotes: Quotations of the gold.
        comparison: Before and after, in cross-validation.
        strengths: By model how far its weights might move in the file: the variance of the prior; None where they stay.
    """

    out: Path
    n_documents: int
    n_quotes: int
    comparison: Comparison
    strengths: Mapping[str, float | None]

    @property
    def adapted(self) -> list[str]:
        """The models whose weights moved."""
        return [name for name, strength in self.strengths.items() if strength is not None]

    def to_json(self) -> str:
        """The summary as JSON."""
        return json.dumps({**asdict(self), "out": str(self.out), "adapted": self.adapted}, ensure_ascii=False, indent=1)

    def to_text(self) -> str:
        """The summary to be read."""
        figures = [("", "before", "after", "gain"), *map(_figure_cells, self.comparison.figures)]
        models = [_MODEL_HEADER, *(self._model_cells(choices) for choices in self.comparison.choices)]
        return "\n".join(
            (
                f"{self.n_documents} documents, {self.n_quotes} quotations; cross-validated by document in "
                f"{self.comparison.folds} parts",
                "",
                *_aligned(figures),
                "",
                *_aligned(models),
                "",
                _LEGEND,
                "",
                self._verdict(),
            )
        )

    def _model_cells(self, choices: Choices) -> tuple[str, ...]:
        strength = self.strengths[choices.name]
        shares = (choices.before, choices.after, choices.loss_before, choices.loss_after)
        cells = (f"{share:.3f}" for share in shares)
        return (choices.name, str(choices.n_examples), *cells, "stays" if strength is None else f"{strength:g}")

    def _verdict(self) -> str:
        chosen = [name for name in self.adapted if name != _NEVER_CHOOSES]
        told = []
        if chosen:
            told.append(f"{', '.join(chosen)}: moved.")
            if self.comparison.figures[-1].gain_interval[0] <= 0:
                told.append("The gain may be chance, its interval holds 0; more gold would tell.")
        else:
            told.append("The models that choose stay: adapted ones get no more quotations right on this gold.")
        if _NEVER_CHOOSES in self.adapted:
            told.append(f"{_NEVER_CHOOSES}: moved, the column `confidence` fits this gold better.")
        if not self.adapted:
            told.append(f"Nothing moved: {self.out} has the weights there were, and there is no need to use it.")
            return "\n".join(told)
        told.append(f"The weights are in {self.out}. A configuration in its folder, for --config, uses them:")
        return "\n".join((*told, "", "[quotes]", f"weights = {json.dumps(self.out.name, ensure_ascii=False)}"))


_MODEL_HEADER = ("model", "examples", "right before", "after", "loss before", "after", "strength")
_LEGEND = """\
before: the weights there were; flattering if they were trained on this gold, as svodka's are on data/standoff
after:  weights adapted on the other parts; intervals of 95 %, by bootstrap over documents, the gain's of pairs
found:  F1 of quotations, 0.8 of the words; speaker: share of those found that have the right one; attributed: both, F1
loss:   negative log likelihood of an example; strength: how far weights may move, the variance of the prior"""


def adapt_to(gold: Sequence[Path], out: Path, *, folds: int, config: str = "default") -> AdaptSummary:
    """Move the models of quotations to gold, measure what that gains, and write the weights.

    Args:
        gold: Folders and files that `svodka.evaluate.gold.load_gold` takes.
        out: The file of weights.
        folds: Parts of the cross-validation; documents where they are fewer.
        config: Preset or TOML file: how gold is read, and the weights to start from if it names any.

    Raises:
        InputError: The gold cannot be read, or is not enough.
        ConfigError: The configuration cannot work.
        ExportError: The file cannot be written.
        MissingLibraryError: scikit-learn is not installed.
    """
    for library in ("sklearn", "scipy.optimize"):
        require(library, "adapt")
    settings = get_config(config)
    _check_target(out)
    articles = [article for path in gold for article in load_gold(path)]
    n_quotes = _check(articles)
    scorers = settings.quotes.weights or load_scorers()
    corpus = Corpus.read(articles, settings)
    tables = tables_of(gather(corpus, scorers) | gather_quoted(corpus, scorers) | gather_answers(corpus, scorers))
    with threadpool_limits(1, user_api="blas"):  # more only wait for each other over matrices as small as these
        comparison = compare_moves(corpus, tables, scorers, folds)
        moved = _kept(move_all(tables, scorers), scorers, comparison)
    _save({name: model.scorer for name, model in moved.items()}, out)
    return AdaptSummary(
        out=out,
        n_documents=len(articles),
        n_quotes=n_quotes,
        comparison=comparison,
        strengths={name: model.strength for name, model in moved.items()},
    )


def _check(articles: Sequence[GoldArticle]) -> int:
    """The number of quotations, where there are enough."""
    ids = Counter(article.article.doc_id for article in articles)
    twice = next((doc_id for doc_id, times in ids.items() if times > 1), None)
    if twice is not None:
        raise InputError(f"two documents of the gold have the id {twice!r}; leave one out, or give it another id")
    n_quotes = sum(len(article.quotes) for article in articles)
    if len(articles) < FEWEST_DOCUMENTS or n_quotes < FEWEST_QUOTES:
        raise InputError(
            f"too little gold, documents: {len(articles)}, quotations: {n_quotes}; it takes at least "
            f"{FEWEST_DOCUMENTS} and {FEWEST_QUOTES} to adapt, and some 20 documents to gain by it"
        )
    return n_quotes


def _kept(moved: Mapping[str, Moved], scorers: Mapping[str, Scorer], comparison: Comparison) -> dict[str, Moved]:
    """The moved models where cross-validation says that they help, the others as they were.

    Those that choose go together, by the quotations that are right; the one that says how sure they are goes by itself.
    """
    helps = dict.fromkeys(moved, comparison.figures[-1].gain > 0)
    helps[_NEVER_CHOOSES] = any(
        choices.loss_after < choices.loss_before for choices in comparison.choices if choices.name == _NEVER_CHOOSES
    )
    return {name: model if helps[name] else Moved(scorers[name], None) for name, model in moved.items()}


def _check_target(out: Path) -> None:
    """Refuse to replace what is no file of weights, say the gold itself, and make the folder, before the work."""
    try:
        if out.exists():
            load_scorers(out)
        out.parent.mkdir(parents=True, exist_ok=True)
    except ConfigError as error:
        raise ExportError(f"{out} is there and is no file of weights; give another file to --out") from error
    except OSError as error:
        raise _unwritable(out, error) from error


def _save(scorers: Mapping[str, Scorer], out: Path) -> None:
    try:
        save_scorers(scorers, out)
    except OSError as error:
        raise _unwritable(out, error) from error


def _unwritable(out: Path, error: OSError) -> ExportError:
    return ExportError(f"{out}: the weights cannot be written: {error.strerror}")


def _figure_cells(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name,
        f"{figure.before:.3f} ({figure.before_interval[0]:.3f} to {figure.before_interval[1]:.3f})",
        f"{figure.after:.3f} ({figure.after_interval[0]:.3f} to {figure.after_interval[1]:.3f})",
        f"{figure.gain:+.3f} ({figure.gain_interval[0]:+.3f} to {figure.gain_interval[1]:+.3f})",
    )


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in enumerate(row)
        ).rstrip()
        for row in (list(zip(cells, widths, strict=True)) for cells in rows)
    ]
