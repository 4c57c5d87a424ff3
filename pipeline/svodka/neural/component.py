"""The component that runs the models over a batch of Docs, in one pass, for the stages that come after it."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from spacy.tokens import Doc, Token

from svodka.document import layers
from svodka.neural.encoder import Layout
from svodka.neural.models import parse_syntax, tag_entities, tag_morphology
from svodka.stages.tokenize import clean


class NeuralStage:
    """Component that runs the heads the later stages read, and leaves their results in ``doc._.svodka["neural"]``.

    Args:
        heads: Any of morphology, syntax, entities.
    """

    def __init__(self, heads: Sequence[str]) -> None:
        self.heads = frozenset(heads)

    def __call__(self, doc: Doc) -> Doc:
        """Run over one document."""
        self._run([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int) -> Iterator[Doc]:
        """Run over a stream, `batch_size` documents at a time."""
        docs = iter(stream)
        while batch := list(itertools.islice(docs, batch_size)):
            self._run(batch)
            yield from batch

    def _run(self, docs: Sequence[Doc]) -> None:
        sentences = [[_words(sentence) for sentence in doc.sents] for doc in docs]
        by_sentence = Layout.of(sentence for doc in sentences for sentence in doc if sentence)
        results: dict[str, Iterator[Any]] = {}
        if "morphology" in self.heads:
            results["tags"] = iter(tag_morphology(by_sentence))
        if "syntax" in self.heads:
            results["trees"] = iter(
                [tree.heads, tree.relations, tree.argmax_heads] for tree in parse_syntax(by_sentence)
            )
        entities = (
            tag_entities(Layout.of(list(itertools.chain.from_iterable(doc)) for doc in sentences))
            if "entities" in self.heads
            else None
        )
        for index, doc in enumerate(docs):
            n_sentences = sum(bool(sentence) for sentence in sentences[index])
            found: dict[str, list[Any]] = {
                name: list(itertools.islice(values, n_sentences)) for name, values in results.items()
            }
            if "tags" in found:
                found["tags"] = list(itertools.chain.from_iterable(found["tags"]))
            if entities is not None:
                found["entities"] = entities[index]
            layers(doc)["neural"] = found


def _words(sentence: Iterable[Token]) -> list[str]:
    return [clean(token.text) for token in sentence if not token.is_space]
