"""spaCy's registered factories of svodka's stages: entry points, so ``spacy.load`` and configs find them.

spaCy imports this module for everybody who creates a pipeline, so it imports nothing heavy. What a factory `assigns`
and `requires` is checked when a pipeline is built (`svodka.engine.check_order`).
"""

from collections.abc import Callable
from typing import Any

from spacy.language import Language
from spacy.util import registry


@registry.tokenizers("svodka.RazdelTokenizer.v1")  # type: ignore[untyped-decorator]
def create_tokenizer(max_sentence_tokens: int = 400) -> Callable[[Language], Any]:
    """Razdel's tokens and sentences; see `svodka.stages.tokenize.RazdelTokenizer`."""

    def create(nlp: Language) -> Any:  # noqa: ANN401
        import svodka.document  # noqa: F401  (registers the Doc extensions)
        from svodka.stages.tokenize import RazdelTokenizer

        return RazdelTokenizer(nlp.vocab, max_sentence_tokens)

    return create


@Language.factory(
    "svodka_neural",
    assigns=["doc._.svodka"],
    default_config={"heads": ["morphology", "syntax", "entities"], "kernels": "auto"},
)
def create_neural(nlp: Language, name: str, heads: list[str], kernels: str) -> Any:  # noqa: ANN401
    """Slovnet's models, one pass for all; see `svodka.neural.component.NeuralStage`."""
    from svodka.neural.component import NeuralStage

    return NeuralStage(heads, kernels)  # type: ignore[arg-type]


@Language.factory(
    "svodka_morphology",
    requires=["doc._.svodka"],
    assigns=["token.pos", "token.morph", "token.lemma"],
    default_config={"backend": "pymorphy3"},
)
def create_morphology(nlp: Language, name: str, backend: str) -> Any:  # noqa: ANN401
    """Part of speech, features, lemma; see `svodka.stages.morphology.MorphologyStage`."""
    from svodka.stages.morphology import MorphologyStage

    return MorphologyStage(backend)  # type: ignore[arg-type]


@Language.factory("svodka_syntax", requires=["doc._.svodka"], assigns=["token.head", "token.dep"])
def create_syntax(nlp: Language, name: str) -> Any:  # noqa: ANN401
    """Dependency trees; see `svodka.stages.syntax.SyntaxStage`."""
    from svodka.stages.syntax import SyntaxStage

    return SyntaxStage()


@Language.factory("svodka_entities", requires=["doc._.svodka"], assigns=["doc.ents"])
def create_entities(nlp: Language, name: str) -> Any:  # noqa: ANN401
    """PER, ORG and LOC spans; see `svodka.stages.entities.EntitiesStage`."""
    from svodka.stages.entities import EntitiesStage

    return EntitiesStage()


@Language.factory("svodka_dates", requires=["token.pos", "token.morph", "token.lemma"], assigns=["doc._.dates"])
def create_dates(nlp: Language, name: str) -> Any:  # noqa: ANN401
    """Date and time expressions; see `svodka.stages.dates.stage.DatesStage`."""
    from svodka.stages.dates.stage import DatesStage

    return DatesStage()


@Language.factory(
    "svodka_people",
    requires=["token.pos", "token.morph", "token.lemma", "doc.ents"],
    assigns=["doc._.mentions", "doc._.entities", "doc._.people", "doc._.roles"],
    default_config={"backend": "pymorphy3"},
)
def create_people(nlp: Language, name: str, backend: str) -> Any:  # noqa: ANN401
    """Entities, their names and roles; see `svodka.stages.people.stage.PeopleStage`."""
    from svodka.stages.people.stage import PeopleStage

    return PeopleStage(backend)  # type: ignore[arg-type]


@Language.factory(
    "svodka_quotes",
    requires=["token.pos", "token.morph", "token.lemma", "token.dep", "doc._.entities"],
    assigns=["doc._.quotes"],
    default_config={"backend": "pymorphy3"},
)
def create_quotes(nlp: Language, name: str, backend: str) -> Any:  # noqa: ANN401
    """Quotations and their speakers; see `svodka.stages.quotes.stage.QuotesStage`."""
    from svodka.stages.quotes.stage import QuotesStage

    return QuotesStage(backend)  # type: ignore[arg-type]
