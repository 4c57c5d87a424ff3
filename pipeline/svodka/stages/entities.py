"""PER, ORG and LOC spans: slovnet's, mended where they run over a sentence end."""

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span

from svodka.document import layers


def spans_of(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """(first, last + 1, label) of each run of BIO tags.

    A span without a beginning is taken as one, as CRF outputs may have it.

    >>> list(spans_of(["B-PER", "I-PER", "O", "I-LOC"]))
    [(0, 2, 'PER'), (3, 4, 'LOC')]
    """
    start, label = 0, ""
    for index, tag in enumerate([*tags, "O"]):
        inside = tag.startswith("I-") and tag[2:] == label
        if label and not inside:
            yield start, index, label
            label = ""
        if tag[0] in "BI" and not inside:
            start, label = index, tag[2:]


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
        words = [token for token in doc if not token.is_space]
        numbers = [0] * len(doc)
        for number, sentence in enumerate(doc.sents):
            numbers[sentence.start : sentence.end] = [number] * len(sentence)
        sentence_of = [numbers[token.i] for token in words]
        spans = []
        for start, end, label in mended_spans(tags, sentence_of):
            # a span never begins or ends with the full stop it was cut at
            while end > start and words[end - 1].text == "." and end - start > 1:
                end -= 1
            spans.append(Span(doc, words[start].i, words[end - 1].i + 1, label=label))
        doc.set_ents(spans)
        return doc
