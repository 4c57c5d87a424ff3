"""Building the pipeline, spaCy's own tools with it, and what one bad document costs."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import spacy
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import svodka
from svodka.config import Config
from svodka.engine import make_doc, run_stages
from svodka.errors import ConfigError, InputError
from svodka.run.folder import run_to_folder
from svodka.stages.quotes.scorer import load_scorers, save_scorers

TEXT = "«Мост скоро откроют», — сообщил мэр Иван Орлов.\n\nПо словам Орлова, работы закончат 16 числа."


def layers(doc: Doc) -> tuple[object, ...]:
    """All that the pipeline wrote."""
    tokens = [(t.text, t.lemma_, t.pos_, str(t.morph), t.head.i, t.dep_) for t in doc]
    entities = [(entity.start, entity.end, entity.label_) for entity in doc.ents]
    return tokens, entities, doc._.quotes, doc._.dates, doc._.mentions, doc._.entities


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"stages": ["quotes"]}, "'quotes' needs .* 'morphology'"),
        ({"stages": ["morphology", "people"]}, "put 'entities' before 'people'"),
        ({"stages": ["entities", "quotes", "morphology"]}, "'quotes' needs"),
        ({"stage": []}, "unknown key 'stage'; known here: stages"),
        ({"morphology": {"backed": "pymorphy3"}}, "unknown key 'morphology.backed'; known here: backend"),
        ({"morphology": {"backend": "pymorphy"}}, "morphology.backend"),
        ("fats", "no configuration 'fats': give one of default, fast"),
        ("nowhere.toml", "nowhere.toml"),
    ],
)
def test_what_cannot_work_is_refused_with_the_mend(config: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        svodka.load(config)


def test_config_from_toml(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'stages = ["morphology"]\n[morphology]\nbackend = "pymorphy2"\n[run]\nworkers = 2\n', encoding="utf-8"
    )
    config = Config.from_toml(path)
    assert config.morphology.backend == "pymorphy2"
    assert config.fingerprint() != Config().fingerprint()
    assert config.fingerprint() == config.model_copy(update={"run": Config().run}).fingerprint()
    path.write_text("stages = [", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"mine\.toml: not a TOML file"):
        Config.from_toml(path)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Weights by which no quotation that is not certain finds its speaker, and everyone is unsure."""
    scorers = load_scorers()
    path = tmp_path / "weights.json"
    save_scorers(scorers | {"attribution": replace(scorers["attribution"], bias=-100.0)}, path)
    return path


def is_unsure(nlp: Language) -> bool:
    return {quote.confidence for quote in nlp(TEXT)._.quotes} == {0.0}


def test_weights_count_from_the_folder_of_their_toml_file(weights: Path) -> None:
    path = weights.with_name("mine.toml")
    path.write_text('[quotes]\nweights = "weights.json"\n', encoding="utf-8")
    config = Config.from_toml(path)
    assert config == Config.from_dict({"quotes": {"weights": weights}})
    assert is_unsure(svodka.load(path))
    path.write_text('[quotes]\nweights = "wait.json"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"mine\.toml: quotes\.weights: .*wait\.json: the weights cannot be read: No"):
        Config.from_toml(path)
    weights.write_text("{}", encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"^quotes\.weights: .*weights\.json: no weights as `svodka adapt` writes them"
    ):
        svodka.load({"quotes": {"weights": str(weights)}})
    for wrong in (5, {"models": {}}):
        with pytest.raises(ConfigError, match=r"^quotes\.weights: .*models"):
            Config.from_dict({"quotes": {"weights": wrong}})
    with pytest.raises(ConfigError, match=r"unknown key 'quotes\.weight'; known here: weights"):
        Config.from_dict({"quotes": {"weight": "weights.json"}})


def test_a_configuration_holds_its_weights_and_its_fingerprint_follows_them(weights: Path, tmp_path: Path) -> None:
    values = {"quotes": {"weights": str(weights)}}
    config = Config.from_dict(values)
    moved = weights.rename(tmp_path / "moved.json")
    assert Config.from_dict({"quotes": {"weights": moved}}).fingerprint() == config.fingerprint()
    assert config.fingerprint() != Config().fingerprint()
    scorers = load_scorers(moved)
    save_scorers(scorers | {"source": replace(scorers["source"], bias=0.001)}, weights)
    assert Config.from_dict(values).fingerprint() != config.fingerprint()
    weights.unlink()
    # as processes and Spark's workers get it, where the file need not be
    for copy in (Config.from_dict(config.model_dump()), Config.model_validate_json(config.model_dump_json())):
        assert copy == config
        assert copy.fingerprint() == config.fingerprint()
    assert is_unsure(svodka.load(config))
    assert re.fullmatch("[0-9a-f]{16}", config.settings()["quotes"]["weights"])
    assert Config().settings()["quotes"] == {"weights": None}


def test_worker_processes_have_the_weights(weights: Path, tmp_path: Path) -> None:
    config = Config.from_dict({"quotes": {"weights": weights}})
    weights.unlink()
    articles = [svodka.Article(text=TEXT, doc_id=str(number)) for number in range(4)]
    run_to_folder(articles, tmp_path / "out", config=config, workers=2, batch_size=1)
    quotes = svodka.Tables.read_parquet(tmp_path / "out").quotes
    assert len(quotes) == 8
    assert set(quotes["confidence"]) == {0.0}


def test_a_pipeline_with_weights_of_its_own_to_disk_and_back(weights: Path, nlp: Language, tmp_path: Path) -> None:
    mine = svodka.load({"quotes": {"weights": weights}})
    weights.unlink()
    mine.to_disk(tmp_path / "model")
    assert is_unsure(spacy.load(tmp_path / "model"))
    assert is_unsure(svodka.load().from_bytes(mine.to_bytes()))
    mine.from_bytes(nlp.to_bytes())
    assert not is_unsure(mine)
    mine.to_disk(tmp_path / "model")  # over what was there
    assert layers(spacy.load(tmp_path / "model")(TEXT)) == layers(nlp(TEXT))


def test_pipe_gives_what_one_by_one_gives(nlp: Language) -> None:
    texts = [TEXT, "", "Дождь.", TEXT * 2]
    assert [layers(doc) for doc in nlp.pipe(texts, batch_size=3)] == [layers(nlp(text)) for text in texts]


def test_docbin_and_bytes_keep_every_layer(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert doc._.quotes
    binary = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (back,) = DocBin().from_bytes(binary).get_docs(spacy.blank("ru").vocab)
    assert layers(back) == layers(doc)
    assert layers(Doc(nlp.vocab).from_bytes(doc.to_bytes())) == layers(doc)


def test_pipeline_to_disk_and_back(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    assert again.pipe_names == nlp.pipe_names
    assert layers(again(TEXT)) == layers(nlp(TEXT))


def test_displacy_draws(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert "Иван Орлов" in displacy.render(doc, style="ent", jupyter=False)
    assert "nsubj" in displacy.render(next(doc.sents), style="dep", jupyter=False)


def test_make_doc_knows_the_publication_date(nlp: Language) -> None:
    article = svodka.Article(text=TEXT, doc_id="7", published="2021-09-07")
    (date,) = [date for date in nlp(make_doc(nlp, article))._.dates if date.value == "2021-09-16"]
    assert date.anchor_from == "published"
    assert str(date.start_date) == "2021-09-16"


class Fragile:
    """A stage that fails on one word."""

    def __call__(self, doc: Doc) -> Doc:
        if "беда" in doc.text:
            raise ValueError("the word is беда")
        return doc


def test_a_failing_document_costs_only_itself() -> None:
    nlp = svodka.load({"stages": ["morphology", "entities"]})
    Language.component("fragile", func=Fragile())
    nlp.add_pipe("fragile", after="svodka_morphology")
    tables = svodka.extract(["Москва.", "Москва, беда.", "Тверь."], nlp=nlp)
    assert list(tables.documents["status"]) == ["ok", "partial", "ok"]
    (error,) = tables.errors.to_dict("records")
    assert (error["doc_id"], error["stage"], error["error_type"], error["message"]) == (
        "2", "fragile", "ValueError", "the word is беда",
    )  # fmt: skip
    assert tables.tokens["doc_id"].nunique() == 3  # its tokens are there
    assert tables.tokens.groupby("doc_id")["lemma"].count()["2"] == 4


def test_only_stages_that_need_a_failed_one_are_left_out() -> None:
    nlp = svodka.load()

    def fail(doc: Doc) -> Doc:
        raise ValueError("no dates today")

    nlp.replace_pipe("svodka_dates", "svodka_dates")
    nlp._components = [(name, fail if name == "svodka_dates" else component) for name, component in nlp._components]
    tables = svodka.extract([TEXT], nlp=nlp)
    assert tables.errors["stage"].tolist() == ["dates"]
    assert len(tables.quotes)
    nlp._components = [(name, fail if name == "svodka_entities" else component) for name, component in nlp._components]
    tables = svodka.extract([TEXT], nlp=nlp)
    assert tables.errors["stage"].tolist() == ["entities", "dates"]
    assert not len(tables.quotes)
    assert tables.tokens["lemma"].notna().all()


def test_a_batch_that_fails_is_tried_one_by_one(core: Language) -> None:
    docs = [make_doc(core, "Да."), make_doc(core, "Нет.")]

    class Broken:
        def __call__(self, doc: Doc) -> Doc:
            if doc.text == "Нет.":
                raise RuntimeError("no")
            return doc

        def pipe(self, stream: object, *, batch_size: int) -> object:
            raise RuntimeError("the batch")

    nlp = svodka.load({"stages": []})
    Language.component("broken", func=Broken())
    nlp.add_pipe("broken")
    problems = run_stages(nlp, docs)
    assert [(problem.doc_id, problem.stage, problem.message) for problem in problems] == [("1", "broken", "no")]


def test_extract_takes_what_a_user_has(nlp: Language) -> None:
    import pandas as pd

    frame = pd.DataFrame({"text": [TEXT], "id": [5], "published": [pd.Timestamp("2021-09-07")]})
    for articles in ([TEXT], [{"text": TEXT}], frame, [svodka.Article(text=TEXT)]):
        tables = svodka.extract(articles, nlp=nlp)
        assert len(tables.documents) == 1
        assert tables.quotes["speaker"].tolist()[0] == "Иван Орлов"
    with pytest.raises(InputError, match="takes articles"):
        svodka.extract("data")


def test_extract_takes_what_read_yields(nlp: Language, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Дождь."}\nbroken\n', encoding="utf-8")
    tables = svodka.extract(svodka.read(tmp_path), nlp=nlp)
    assert len(tables.documents) == 1
    assert tables.errors["source"].tolist()[0].endswith("a.jsonl:2")


def test_an_article_refuses_a_date_it_cannot_read() -> None:
    with pytest.raises(InputError, match="ISO date"):
        svodka.Article(text=TEXT, published="вчера")
