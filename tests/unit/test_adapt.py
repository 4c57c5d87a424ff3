"""Small models moved to a user's gold: the solver, what is chosen, and `svodka adapt` from gold to tables."""

import json
import subprocess
import sys
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from svodka.adapt import moving
from svodka.adapt.command import AdaptSummary, adapt_to
from svodka.adapt.comparison import FIGURES
from svodka.adapt.examples import Example
from svodka.adapt.moving import move
from svodka.adapt.training import RARE, Table, tables_of
from svodka.adapt.validation import calibration, fit, folds_of
from svodka.cli import main
from svodka.errors import ConfigError, ExportError, InputError, MissingLibraryError
from svodka.evaluate.quotes import evaluate_quotes
from svodka.stages.quotes.scorer import MODELS, Scorer, load_scorers, save_scorers

# An outlet that puts what somebody said in marks, as the reason of what he did: svodka takes it for a figure of speech.
_SPEAKERS = ("Иван Орлов", "Пётр Лосев", "Олег Дроздов", "Павел Зимин", "Семён Карпов", "Игорь Бобров", "Антон Ершов")
_DEEDS = (
    ("Директор завода", "уволил бригаду", "рабочие", "совсем обленились"),
    ("Тренер", "снял вратаря с матча", "вратарь", "пока не готов"),
    ("Мэр", "закрыл мост", "мост", "еле держится"),
    ("Режиссёр", "отменил премьеру", "актёры", "не выучили роли"),
    ("Капитан", "вернул судно в порт", "мотор", "опять заглох"),
)


def _article(number: int) -> str:
    speaker = _SPEAKERS[number % len(_SPEAKERS)]
    role, deed, noun, reason = _DEEDS[number % len(_DEEDS)]
    _, other_deed, other_noun, other = _DEEDS[(number + 1) % len(_DEEDS)]
    surname = speaker.split()[1]
    return (
        f"id: outlet-{number}\n\n{role} {speaker} {deed}, потому что "
        f'{noun} «<quote id="1" type="mixed" speaker="{speaker}">{reason}</quote>».\n\n'
        f'«<quote id="2" type="direct" speaker="{speaker}">Решение принято, обсуждать его я не буду</quote>», — '
        f'<cue quote="2">сказал</cue> <mention quote="2">{surname}</mention>.\n\n'
        f"Раньше {surname} {other_deed}, потому что "
        f'{other_noun} «<quote id="3" type="mixed" speaker="{speaker}">{other}</quote>».\n'
    )


@pytest.fixture(scope="module")
def outlet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve articles of that outlet."""
    folder = tmp_path_factory.mktemp("outlet")
    for number in range(12):
        (folder / f"{number:02}.gold").write_text(_article(number), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def done(outlet: Path, tmp_path_factory: pytest.TempPathFactory) -> AdaptSummary:
    return adapt_to([outlet], tmp_path_factory.mktemp("weights") / "outlet.json", folds=4)


def examples(n: int, *, odd: float = 0.0) -> list[Example]:
    """Choices of one candidate among two: «near» is right, in a share `odd` of documents «far» is."""
    found = []
    for number in range(n):
        near = number % 100 >= 100 * odd
        found.append(Example(f"doc{number % (n // 2)}", [["near", "noun"], ["far", "noun"]], [near, not near]))
    return found


# ---- the solver


def test_a_model_from_nothing_is_that_of_logistic_regression() -> None:
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(1)
    matrix = rng.random((200, 6)) < 0.4
    labels = matrix @ rng.normal(size=6) + rng.normal(size=200) > 0.3
    rows = [[f"f{column}" for column in np.flatnonzero(row)] for row in matrix]
    table = Table([Example(str(i), [row], [bool(y)]) for i, (row, y) in enumerate(zip(rows, labels, strict=True))])
    ours = table.fit(table.places(), 0.5)
    theirs = LogisticRegression(C=0.5, tol=1e-8).fit(matrix.astype(float), labels)
    assert ours.bias == pytest.approx(theirs.intercept_[0], abs=2e-3)
    assert [ours.weights[f"f{column}"] for column in range(6)] == pytest.approx(list(theirs.coef_[0]), abs=2e-3)


def test_weights_move_from_the_prior_as_far_as_examples_and_strength_take_them() -> None:
    prior = Scorer(0.25, {"near": -1.0, "far": 1.0, "absent": 2.5}, -0.75)
    table = Table(examples(40))
    weights = [table.fit(table.places(), strength, prior).weights["near"] for strength in (1e-6, 0.03, 0.3, 3.0)]
    assert weights[0] == -1.0
    assert weights == sorted(set(weights))
    assert table.fit(table.places()[:4], 0.3, prior).weights["near"] < weights[2]
    moved = table.fit(table.places(), 0.3, prior)
    assert moved.weights["absent"] == 2.5
    assert moved.threshold == -0.75


def test_at_the_solution_the_pull_of_examples_equals_that_of_the_prior() -> None:
    prior = Scorer(0.5, {"near": 0.3, "far": 0.1}, 0.0)
    table = Table(examples(60, odd=0.3))
    moved = table.fit(table.places(), 0.2, prior)
    rows = [(features, right) for e in table.examples for features, right in zip(e.features, e.right, strict=True)]
    errors = [right - 1 / (1 + np.exp(-moved(features))) for features, right in rows]
    pull = {
        name: sum(error for error, (row, _) in zip(errors, rows, strict=True) if name in row)
        for name in ("near", "far")
    }
    for name, of_examples in pull.items():
        assert of_examples == pytest.approx((moved.weights[name] - prior.weights[name]) / 0.2, abs=0.05)
    assert sum(errors) == pytest.approx((moved.bias - prior.bias) / 0.2, abs=0.05)


def test_a_feature_seen_rarely_gets_a_weight_only_if_it_had_one() -> None:
    rare = [Example(f"r{i}", [["known", "new"]], [True]) for i in range(RARE - 1)]
    table = Table([*examples(20), *rare])
    moved = table.fit(table.places(), 1.0, Scorer(0.0, {"known": 0.5}, 0.0))
    assert "new" not in moved.weights
    assert moved.weights["known"] > 0.5
    assert {"near", "far", "noun"} <= set(moved.weights)
    table = Table([*examples(20), *rare, Example("r9", [["new"]], [True])])
    assert table.fit(table.places(), 1.0, Scorer(0.0, {}, 0.0)).weights["new"] > 0


# ---- what is chosen


def test_the_weights_stay_where_the_examples_are_what_they_say() -> None:
    right = log(0.9 / 0.1)
    scorer = Scorer(0.0, {"near": right, "far": -right}, 0.0)
    assert move("source", Table(examples(100, odd=0.1)), np.arange(100), scorer) == moving.Moved(scorer, None)


def test_the_weights_move_where_the_examples_contradict_them() -> None:
    scorer = Scorer(0.0, {"near": -2.0, "far": 2.0}, 0.0)
    table = Table(examples(100, odd=0.1))
    moved = move("source", table, table.places(), scorer)
    assert moved.strength in moving.STRENGTHS[1:]
    assert moved.scorer(["near"]) > moved.scorer(["far"])


def test_examples_of_one_document_move_nothing() -> None:
    table = Table([Example("one", [["near"], ["far"]], [True, False])] * 30)
    scorer = Scorer(0.0, {"far": 2.0}, 0.0)
    assert move("source", table, table.places(), scorer) == moving.Moved(scorer, None)
    assert move("source", table, table.places(docs=()), scorer) == moving.Moved(scorer, None)


def test_examples_without_a_candidate_cost_nothing() -> None:
    empty = [Example(f"e{i}", [], []) for i in range(6)]
    assert tables_of({"source": empty, "referent": []}) == {}
    table = Table([*empty, *examples(20)])
    scorer = Scorer(0.0, {"far": 2.0}, 0.0)
    assert table.fit(np.arange(6), 0.3, scorer) == scorer
    assert move("source", table, table.places(), scorer).strength is not None


@pytest.mark.parametrize(("n", "moves"), [(40, True), (3, False)])
def test_the_threshold_moves_only_where_another_is_surely_better(n: int, moves: bool) -> None:
    # weights that are right as odds, but nobody is chosen below a threshold far too high
    found = [Example(str(i), [["near"]], [i % 4 > 0]) for i in range(n)]
    scorer = Scorer(0.0, {"near": log(3)}, 3.0)
    moved = move("source", Table(found), np.arange(n), scorer).scorer
    assert (moved.threshold < log(3)) == moves
    assert (moved.threshold == 3.0) != moves
    assert move("fragment", Table(found), np.arange(n), scorer).scorer.threshold == 3.0


def test_parts_are_apart_by_document_and_no_more_than_documents() -> None:
    parts = list(folds_of([f"d{i}" for i in range(7)], 3))
    assert sorted(place for part in parts for place in part) == list(range(7))
    assert len(parts) == 3
    assert sorted(folds_of(["a", "b", "c"], 10)) == [[0], [1], [2]]
    table = Table(examples(20))
    for train, test in table.folds(5, table.places()):
        assert not {table.docs[i] for i in train} & {table.docs[i] for i in test}


def test_calibration_counts_tenths() -> None:
    table = calibration([(0.05, False), (0.08, True), (1.0, True)])
    assert table == [{"predicted": 0.065, "right": 0.5, "of": 2}, {"predicted": 1.0, "right": 1.0, "of": 1}]


def test_the_fit_of_probabilities_is_in_both_means_the_loss_and_the_tenths() -> None:
    assert fit([(0.5, True), (0.5, False), (0.8, True), (0.8, True)]) == {
        "predicted": 0.65,
        "right": 0.75,
        "log loss": round(-(2 * log(0.5) + 2 * log(0.8)) / 4, 4),
        "calibration error": 0.1,
    }
    assert fit([(0.9, False)])["log loss"] == round(-log(0.1), 4)


# ---- the command


def test_an_outlet_with_a_habit_of_its_own_gains(done: AdaptSummary, outlet: Path) -> None:
    figures = {figure.name: figure for figure in done.comparison.figures}
    assert tuple(figures) == tuple(FIGURES)
    assert (done.n_documents, done.n_quotes, done.comparison.folds) == (12, 36, 4)
    for figure in figures.values():
        assert figure.gain == pytest.approx(figure.after - figure.before)
        for value, (low, high) in (
            (figure.before, figure.before_interval),
            (figure.after, figure.after_interval),
            (figure.gain, figure.gain_interval),
        ):
            assert low <= value <= high
    assert figures["found"].gain_interval[0] > 0
    assert figures["attributed"].gain_interval[0] > 0
    assert "fragment" in done.adapted
    fragment = next(choices for choices in done.comparison.choices if choices.name == "fragment")
    assert fragment.n_examples == 24
    assert fragment.after > fragment.before
    assert fragment.loss_after < fragment.loss_before


def _by_a_pronoun(number: int) -> str:
    """The speaker is whoever the passage is about, where svodka takes the man named last."""
    speaker, other = (_SPEAKERS[(number + place) % len(_SPEAKERS)] for place in (0, 2))
    return (
        f"id: pronoun-{number}\n\nВчера {speaker} встретился с журналистами. Рядом стоял {other}. «<quote id='1' "
        f"type='direct' speaker='{speaker}'>Мост откроют вовремя</quote>», — <cue quote='1'>сказал</cue> "
        f"<mention quote='1'>он</mention>.\n\n«<quote id='2' type='direct' speaker='{speaker}'>Дорогу починят к "
        f"осени</quote>», — <cue quote='2'>добавил</cue> <mention quote='2'>{speaker}</mention>.\n"
    )


def test_an_outlet_whose_pronouns_mean_somebody_else_gains_speakers(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}.gold").write_text(_by_a_pronoun(number), encoding="utf-8")
    done = adapt_to([tmp_path], tmp_path / "weights.json", folds=4)
    found, speaker, _ = done.comparison.figures
    assert (found.before, found.after) == (1.0, 1.0)
    assert speaker.gain_interval[0] > 0
    assert "referent" in done.adapted
    referent = next(choices for choices in done.comparison.choices if choices.name == "referent")
    assert (referent.before, referent.after) == (0.0, 1.0)


def test_before_is_what_evaluation_measures(done: AdaptSummary, outlet: Path, nlp: object) -> None:
    report = evaluate_quotes(outlet, nlp=nlp)  # type: ignore[arg-type]
    for figure, name in zip(done.comparison.figures, ("quote@.8", "speaker", "attributed"), strict=True):
        assert figure.before == pytest.approx(report[name].value)
        assert figure.before_interval == pytest.approx(report[name].interval)


def test_the_command_line_from_gold_to_figures_and_tables(done: AdaptSummary, outlet: Path, tmp_path: Path) -> None:
    out = tmp_path / "weights" / "моё.json"
    config = tmp_path / "weights" / "my.toml"
    told = CliRunner().invoke(main, ["adapt", str(outlet), "--out", str(out), "--folds", "2"], catch_exceptions=False)
    assert told.exit_code == 0
    assert out.read_bytes() == done.out.read_bytes()  # twice the same
    assert "12 documents, 36 quotations; cross-validated by document in 2 parts" in told.output
    assert "flattering if they were trained on this gold" in told.output
    toml = told.output[told.output.index("[quotes]") :]
    config.write_text(toml, encoding="utf-8")
    measure = ["evaluate", "quotes", str(outlet), "--json", "--config", str(config)]
    scores = json.loads(CliRunner().invoke(main, measure, catch_exceptions=False).stdout)["scores"]
    assert scores[0]["name"] == "attributed"
    assert scores[0]["value"] > done.comparison.figures[-1].before + 0.2
    (tmp_path / "a.txt").write_text(
        "Капитан Олег Судаков вернул судно в порт, потому что мотор «опять заглох».", encoding="utf-8"
    )
    run = ["run", str(tmp_path / "a.txt"), "--out", "-", "--config", str(config)]
    (row,) = map(json.loads, CliRunner().invoke(main, run, catch_exceptions=False).stdout.splitlines())
    assert [quote["speaker"] for quote in row["quotes"]] == ["Олег Судаков"]


def test_gold_that_svodka_finds_already_moves_nothing_that_chooses(tmp_path: Path) -> None:
    folder = tmp_path / "gold"
    folder.mkdir()
    for number, speaker in enumerate((*_SPEAKERS, *_SPEAKERS[:4])):
        text = (
            f"id: {number}\n\nМэр {speaker} открыл мост.\n\n«<quote id='1' type='direct' speaker='{speaker}'>Мост "
            f"готов, работы закончены</quote>», — <cue quote='1'>сказал</cue> <mention quote='1'>{speaker}</mention>.\n"
        )
        (folder / f"{number}.gold").write_text(text, encoding="utf-8")
    out = tmp_path / "weights.json"
    done = adapt_to([folder], out, folds=20)  # more than documents: each is left out once
    assert done.comparison.folds == 11
    assert set(done.adapted) <= {"attribution"}
    shipped, mine = load_scorers(), load_scorers(out)
    assert {name: mine[name] for name in MODELS[:3]} == {name: shipped[name] for name in MODELS[:3]}
    assert "The models that choose stay: adapted ones get no more quotations right on this gold." in done.to_text()
    values = json.loads(done.to_json())
    assert values["strengths"].keys() == set(MODELS)
    assert values["comparison"]["figures"][2] == {
        "name": "attributed", "before": 1.0, "before_interval": [1.0, 1.0], "after": 1.0, "after_interval": [1.0, 1.0],
        "gain": 0.0, "gain_interval": [0.0, 0.0],
    }  # fmt: skip


def test_adaptation_starts_from_the_weights_of_the_configuration(outlet: Path, tmp_path: Path) -> None:
    shipped = load_scorers()
    weights = shipped["source"].weights | {"a feature of mine": 4.5}
    mine = shipped | {"source": replace(shipped["source"], weights=weights)}
    save_scorers(mine, tmp_path / "mine.json")
    (tmp_path / "mine.toml").write_text('[quotes]\nweights = "mine.json"\n', encoding="utf-8")
    adapt_to([outlet], tmp_path / "out.json", folds=2, config=str(tmp_path / "mine.toml"))
    assert load_scorers(tmp_path / "out.json")["source"].weights["a feature of mine"] == 4.5


# ---- what cannot be done


def test_gold_that_is_too_little_is_refused(outlet: Path, tmp_path: Path) -> None:
    few = [outlet / f"{number:02}.gold" for number in range(3)]
    with pytest.raises(InputError, match="documents: 3, quotations: 9; it takes at least 2 and 10 to adapt"):
        adapt_to(few, tmp_path / "out.json", folds=10)
    with pytest.raises(InputError, match="two documents of the gold have the id 'outlet-0'"):
        adapt_to([outlet, *few], tmp_path / "out.json", folds=10)
    assert not (tmp_path / "out.json").exists()


def test_a_file_that_is_no_file_of_weights_is_not_replaced(outlet: Path) -> None:
    gold = outlet / "00.gold"
    before = gold.read_bytes()
    with pytest.raises(ExportError, match="is there and is no file of weights"):
        adapt_to([outlet], gold, folds=10)
    assert gold.read_bytes() == before
    with pytest.raises(ExportError, match=r"the weights cannot be written: (Not a directory|File exists)"):
        adapt_to([outlet], gold / "weights.json", folds=10)


def test_a_wrong_configuration_is_told(outlet: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no configuration 'fats'"):
        adapt_to([outlet], tmp_path / "out.json", folds=10, config="fats")


def test_a_missing_library_is_told(outlet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(MissingLibraryError, match=r"pip install 'svodka\[adapt\]'"):
        adapt_to([outlet], tmp_path / "out.json", folds=10)


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = "import sys, svodka.adapt.command; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"sklearn", "scipy"} & set(loaded)
