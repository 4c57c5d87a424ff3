"""PER, ORG and LOC spans: slovnet's, mended where they run over a sentence end."""

from collections.abc import Iterator, Sequence
from itertools import compress

import numpy as np
from spacy.tokens import Doc

from svodka.document import layers
from svodka.stages.columns import columns, write_entities


def spans_of(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """(first, last + 1, label) of each run of BIO tags.

    A span without a beginning is taken as one, as CRF outputs may have it.

    >>> list(spans_of(["B-PER", "I-PER", "O", "I-LOC"]))
    [(0, 2, 'PER'), (3, 4, 'LOC')]
    """
    start, end, label = 0, -1, ""
    for index in [index for index, tag in enumerate(tags) if tag != "O"]:
        tag = tags[index]
        if index != end or tag != f"I-{label}":
            if label:
                yield start, end, label
            start, label = index, tag[2:]
        end = index + 1
    if label:
        yield start, end, label


def mended_spans(tags: Sequence[str], sentence_of: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """Spans that keep inside one sentence: one that runs over a sentence end is cut there.

    The model reads the document as one sequence and joins «Новости Беларуси. Во Дворце Независимости».

    Args:
        tags: BIO tag of each word.
        sentence_of: Number of the sentence of each word.
    """
    for start, end, label in spans_of(tags):
        first = start
        for index in range(start + 1, end + 1):
            if index == end or sentence_of[index] != sentence_of[first]:
                yield first, index, label
                first = index


class EntitiesStage:
    """Component that writes ``doc.ents``."""

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer on one document."""
        tags = layers(doc)["neural"].pop("entities")
        tokens = columns(doc)
        words = np.flatnonzero(tokens.is_word).tolist()
        sentence_of = list(compress(tokens.sentence_of, tokens.is_word))
        spans = []
        for start, end, label in mended_spans(tags, sentence_of):
            # a span never begins or ends with the full stop it was cut at
            while end - start > 1 and tokens.words[words[end - 1]] == ".":
                end -= 1
            spans.append((words[start], words[end - 1] + 1, label))
        write_entities(doc, spans)
        return doc
