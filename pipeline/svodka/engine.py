"""Build the pipeline from a configuration, and run it: one batch of articles in, one batch of nested rows out."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import spacy
from spacy.language import Language
from spacy.tokens import Doc

import svodka.document
import svodka.factories  # both register with spaCy
from svodka.config import STAGES, Config, get_config
from svodka.document import set_article
from svodka.errors import ConfigError, InputError
from svodka.lexical import quicken_lexical_attributes
from svodka.records import Article, Problem
from svodka.stages.columns import held

if TYPE_CHECKING:
    from svodka.stages.quotes.stage import QuotesStage
    from svodka.stages.tokenize import RazdelTokenizer
    from svodka.tables import Tables

logger = logging.getLogger(__name__)

Item = TypeVar("Item", bound=Article | Problem)

# Heads of the models that each stage reads.
_HEADS = ("morphology", "syntax", "entities")
_MAX_CHARACTERS = 100_000_000
# Characters after which a batch is whole, whatever the number of its articles: memory grows with them.
_BATCH_CHARACTERS = 500_000


def load(config: Config | str | Path | dict[str, Any] | None = None) -> Language:
    """The pipeline as a spaCy `Language`.

    Args:
        config: A preset («default», «fast»), a TOML file, a dict, a `Config`, or nothing for the default.

    Returns:
        A pipeline whose Docs have ``doc.ents``, ``doc._.quotes``, ``doc._.dates`` and ``doc._.people``. Give it texts,
        or Docs of `make_doc`, which know their publication date.

    Raises:
        ConfigError: The configuration cannot work; the message names the key or the stage, and the mend.
    """
    svodka.document.register()  # once more: a notebook may have been started since
    settings = get_config(config)
    backend = {"backend": settings.morphology.backend}
    components: dict[str, dict[str, Any]] = {}
    heads = [stage for stage in settings.stages if stage in _HEADS]
    if heads:
        components["svodka_neural"] = {"heads": heads, "kernels": settings.run.kernels}
    for stage in settings.stages:
        components[f"svodka_{stage}"] = backend if stage in ("morphology", "people", "quotes") else {}
    tokenizer = {"@tokenizers": "svodka.RazdelTokenizer.v1", **settings.tokenize.model_dump()}
    nlp = spacy.blank("ru", config={"nlp": {"tokenizer": tokenizer}})
    quicken_lexical_attributes(nlp.vocab)
    for name, values in components.items():
        component = nlp.add_pipe(name, config=values)
        if name == "svodka_quotes":
            cast("QuotesStage", component).scorers = settings.quotes.weights
    nlp.max_length = _MAX_CHARACTERS
    check_order(nlp)
    return nlp


def check_order(nlp: Language) -> None:
    """Refuse a pipeline in which a stage stands before one that it needs, or without it.

    Raises:
        ConfigError: Names the stage, what it needs and the stage that gives it.
    """
    givers = {layer: stage for stage in STAGES for layer in nlp.get_factory_meta(f"svodka_{stage}").assigns}
    given: set[str] = set()
    for name in nlp.pipe_names:
        meta = nlp.get_pipe_meta(name)
        for layer in meta.requires:
            if meta.factory.startswith("svodka_") and layer not in given:
                giver = givers.get(layer, "neural")
                stage = name.removeprefix("svodka_")
                raise ConfigError(
                    f"the stage {stage!r} needs {layer}, which {giver!r} gives: "
                    f"put {giver!r} before {stage!r} in `stages`, or leave {stage!r} out"
                )
        given.update(meta.assigns)


def make_doc(nlp: Language, article: Article | str, *, hidden: bool = False) -> Doc:
    """A Doc for ``nlp(doc)``, whose stages know what is known of the article: relative dates count from its day.

    Args:
        nlp: The pipeline.
        article: The article, or only its text. Where it has tokens they are kept.
        hidden: Whether only svodka's stages will see the Doc, which has no tokens of its own then.

    Returns:
        The Doc, cut into tokens; no other stage has run.
    """
    if isinstance(article, str):
        article = Article(text=article)
    tokenizer = cast("RazdelTokenizer", nlp.tokenizer)
    if hidden:
        doc = tokenizer.hidden_doc(article.text, article.tokens)
    elif article.tokens is None:
        doc = nlp.make_doc(article.text)
    else:
        doc = tokenizer.from_tokens(article.text, article.tokens)
    set_article(doc, article)
    return doc


def doc_from_tokens(nlp: Language, words: Sequence[str], spaces: Sequence[bool], sent_starts: Sequence[bool]) -> Doc:
    """A Doc of tokens and sentences that are given, for ``nlp(doc)``.

    Args:
        nlp: The pipeline.
        words: The tokens.
        spaces: Whether a space follows each.
        sent_starts: Whether each begins a sentence.
    """
    return Doc(nlp.vocab, words=list(words), spaces=list(spaces), sent_starts=[bool(start) for start in sent_starts])


def run_stages(nlp: Language, docs: Sequence[Doc]) -> list[Problem]:
    """Run the stages over Docs in place.

    A stage that fails on a document costs that document this stage and those that need its layers, and no other
    document anything.

    Returns:
        A row for each document and stage that failed.
    """
    with hold(nlp, docs):
        return _run_stages(nlp, docs)


def hold(nlp: Language, docs: Sequence[Doc]) -> AbstractContextManager[None]:
    """Within it nobody looks whether Docs have changed, if all stages are svodka's own: they tell each other."""
    return held(docs) if has_own_stages(nlp) else nullcontext()


def has_own_stages(nlp: Language) -> bool:
    """Whether nothing of somebody else is in the pipeline."""
    if type(nlp.tokenizer).__module__ != "svodka.stages.tokenize":
        return False
    return all(nlp.get_pipe_meta(name).factory.startswith("svodka_") for name in nlp.pipe_names)


def _run_stages(nlp: Language, docs: Sequence[Doc]) -> list[Problem]:
    problems: list[Problem] = []
    missing: list[set[str]] = [set() for _ in docs]  # layers that a failed stage did not give
    for name, component in nlp.pipeline:
        meta = nlp.get_pipe_meta(name)
        ready = []
        for doc, lost in zip(docs, missing, strict=True):
            if lost.intersection(meta.requires):
                lost.update(meta.assigns)
            else:
                ready.append((doc, lost))
        if _pipe(component, [doc for doc, _ in ready]):
            continue
        for doc, lost in ready:
            try:
                component(doc)
            except Exception as error:  # a boundary: the error becomes a row
                problems.append(_problem(doc, name.removeprefix("svodka_"), error))
                lost.update(meta.assigns)
    return problems


def _pipe(component: Any, docs: list[Doc]) -> bool:  # noqa: ANN401
    """Whether the component could work on the whole batch at once."""
    if not hasattr(component, "pipe"):
        return False
    try:
        list(component.pipe(docs, batch_size=max(len(docs), 1)))
    except Exception:  # a boundary: whichever document it was is found one by one
        logger.debug("%r failed on a batch", component, exc_info=True)
        return False
    return True


def _problem(doc: Doc, stage: str, error: Exception) -> Problem:
    article = doc._.svodka.get("article", {}) if doc._.svodka else {}
    logger.warning("document %s: stage %s failed: %s: %s", article.get("doc_id"), stage, type(error).__name__, error)
    logger.debug("where it failed", exc_info=error)
    return Problem(
        doc_id=article.get("doc_id"),
        source=article.get("source"),
        stage=stage,
        error_type=type(error).__name__,
        message=str(error) or repr(error),
    )


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Items `size` at a time, fewer where the articles among them are long."""
    batch: list[Item] = []
    n_characters = 0
    for item in items:
        batch.append(item)
        n_characters += len(item.text) if isinstance(item, Article) else 0
        if len(batch) == size or n_characters >= _BATCH_CHARACTERS:
            yield batch
            batch, n_characters = [], 0
    if batch:
        yield batch


def extract(
    articles: Iterable[Any],
    *,
    config: Config | str | Path | dict[str, Any] | None = None,
    nlp: Language | None = None,
    columns: Mapping[str, str] | None = None,
) -> "Tables":
    """Tables of articles.

    Args:
        articles: `Article` records, dicts with ``text`` and perhaps ``id``, ``title``, ``url``, ``published``, or bare
            strings; a frame of pandas or polars, an Arrow table, a Hugging Face data set, a DuckDB relation or a
            cursor; what `svodka.read` yields is welcome too.
        config: As for `load`; not together with `nlp`.
        nlp: A pipeline already loaded.
        columns: Field → name of the key or column that holds it, where that is none of the common names.

    Returns:
        The tables; articles that could not be read, and stages that failed, are in ``tables.errors``.

    Raises:
        ConfigError: The configuration cannot work.
        InputError: `articles` is one string: give a list. Or `columns` names a field that articles do not have.
    """
    from svodka.readers import articles_from_records
    from svodka.run.local import run_batches
    from svodka.tables import Tables

    if isinstance(articles, str | Path):
        raise InputError("extract() takes articles: for a text, extract([text]); for files, extract(svodka.read(path))")
    settings = get_config(config)
    pipeline = nlp or load(settings)
    rows = run_batches(pipeline, articles_from_records(articles, columns), batch_size=settings.run.batch_size)
    return Tables.from_rows(rows)
