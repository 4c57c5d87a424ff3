"""The engine against the packages it stands in for: razdel's tokens and sentences, slovnet's tags, natasha's lemmas.

Compared is what the engine itself gives, before trees are repaired and entity spans are cut at sentence ends. Floats
are summed in another order than slovnet's, so where two labels have all but one score the two may choose apart: such a
difference is given with its margin.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import chain, islice, pairwise, zip_longest

import numpy as np
from razdel import sentenize, tokenize

from svodka.bench.baseline import natasha_vocabulary
from svodka.neural.decode import TIE
from svodka.neural.layout import Layout
from svodka.neural.models import Kernels, NeuralModels
from svodka.neural.weights import Array, Ids, Mask, weight_files
from svodka.records import Article
from svodka.stages.entities import spans_of
from svodka.stages.morphology import lemmatize, split_tag
from svodka.stages.pymorphy import Dictionary
from svodka.stages.segment import cut_words, sentence_ends
from svodka.stages.tokenize import clean

LAYERS = ("tokens", "sentences", "tags", "heads", "relations", "spans", "lemmas")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where the engine says something else.

    Attributes:
        doc_id: Document.
        layer: One of `LAYERS`.
        text: The word, or what stands there.
        reference: What the reference says.
        engine: What the engine says.
        margin: By how much slovnet's own scores set the two apart; None where there are no scores.
    """

    doc_id: str
    layer: str
    text: str
    reference: str
    engine: str
    margin: float | None = None


@dataclass(slots=True)
class Equality:
    """What a comparison found.

    Attributes:
        n_documents: Documents compared.
        compared: Items compared, by layer.
        differences: Where the engine differs.
    """

    n_documents: int = 0
    compared: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    def add(self, doc_id: str, layer: str, text: str, reference: str, engine: str, margin: float | None = None) -> None:
        """Note a difference."""
        self.differences.append(
            Difference(doc_id=doc_id, layer=layer, text=text, reference=reference, engine=engine, margin=margin)
        )

    @property
    def apart(self) -> list[Difference]:
        """The differences that are no near-ties."""
        return [one for one in self.differences if one.margin is None or one.margin > TIE]

    def to_text(self) -> str:
        """A line a layer, then the differences."""
        differing = Counter(one.layer for one in self.differences)
        apart = Counter(one.layer for one in self.apart)
        lines = [f"{self.n_documents} documents; a near-tie is a margin of at most {TIE:g} between slovnet's scores"]
        for layer in LAYERS:
            counts = f"{differing[layer]} differ, {differing[layer] - apart[layer]} of them near-ties"
            lines.append(f"  {layer:10} {self.compared[layer]:>9} compared, {counts}")
        for one in self.differences:
            margin = "" if one.margin is None else f", margin {one.margin:.1e}"
            lines.append(f"{one.doc_id}: {one.layer}: {one.text!r}: {one.reference} → {one.engine}{margin}")
        return "\n".join(lines)

    def to_json(self) -> str:
        """The same for machines."""
        values = {"documents": self.n_documents, "compared": self.compared, "differences": self.differences}
        return json.dumps(values, ensure_ascii=False, default=asdict)


def compare_engine(articles: Iterable[Article], *, kernels: Kernels = "auto", batch_size: int = 32) -> Equality:
    """Compare over articles; slovnet takes some 0.1 ms a token.

    Args:
        articles: Articles.
        kernels: See `svodka.neural.models.get_kernels`.
        batch_size: Articles that go through the engine at once.
    """
    engine, slovnet, lemmas = NeuralModels(kernels=kernels), _Slovnet(), _Lemmas()
    result = Equality()
    batch: list[Article] = []
    for article in chain(articles, [None]):
        if article is not None:
            batch.append(article)
        if batch and (article is None or len(batch) == batch_size):
            _compare_batch(batch, engine, slovnet, lemmas, result)
            result.n_documents += len(batch)
            batch = []
    return result


def _compare_batch(
    articles: Sequence[Article], engine: NeuralModels, slovnet: "_Slovnet", lemmas: "_Lemmas", result: Equality
) -> None:
    owners: list[str] = []  # the document of each sentence
    sentences: list[list[str]] = []
    documents: list[list[str]] = []
    for article in articles:
        found = _sentences(article, result)
        sentences += found
        owners += [article.doc_id] * len(found)
        documents.append(list(chain.from_iterable(found)))
    layout = Layout.of_words(sentences)
    tags, tag_labels = engine.tag_morphology(layout)
    trees = engine.parse_syntax(layout)
    # another head has a relation of its own, with which slovnet's cannot be compared
    kept = trees.heads == trees.argmax_heads
    stop = 0
    for doc_id, words, scores in zip(owners, sentences, slovnet.scores(sentences), strict=True):
        start, stop = stop, stop + len(words)
        own_tags = tags[start:stop]
        same_head = trees.argmax_heads[start:stop] == scores["heads"].argmax(axis=1)
        for layer, own, labels, mask in (
            ("tags", own_tags, tag_labels, None),
            ("heads", trees.argmax_heads[start:stop], None, None),
            ("relations", trees.relations[start:stop], trees.labels, kept[start:stop] & same_head),
        ):
            _compare_scores(result, doc_id, layer, words, own, scores[layer], labels, mask)
        for word, tag in zip(words, own_tags, strict=True):
            result.compared["lemmas"] += 1
            one, other = lemmas.of_natasha(word, tag_labels[tag]), lemmas.of_engine(word, tag_labels[tag])
            if one != other:
                result.add(doc_id, "lemmas", word, one, other)
    own_spans, span_labels = engine.tag_entities(Layout.of_words(documents))
    stop = 0
    for article, words in zip(articles, documents, strict=True):
        start, stop = stop, stop + len(words)
        _compare_spans(result, article.doc_id, words, own_spans[start:stop], span_labels, slovnet)


def _compare_scores(
    result: Equality,
    doc_id: str,
    layer: str,
    words: Sequence[str],
    own: Ids,
    scores: Array,
    labels: Sequence[str] | None,
    mask: Mask | None,
) -> None:
    """Compare labels with the best ones of slovnet's scores, (words, labels)."""
    best = scores.argmax(axis=1)
    differ = (own != best) if mask is None else (own != best) & mask
    result.compared[layer] += len(own) if mask is None else int(mask.sum())
    for word in np.flatnonzero(differ).tolist():
        one, other = int(best[word]), int(own[word])
        names = (str(one), str(other)) if labels is None else (labels[one], labels[other])
        result.add(doc_id, layer, words[word], *names, margin=float(scores[word, one] - scores[word, other]))


def _compare_spans(
    result: Equality, doc_id: str, words: Sequence[str], own: Ids, labels: Sequence[str], slovnet: "_Slovnet"
) -> None:
    best, scores = slovnet.entities(words)
    own_spans, spans = ({*spans_of([labels[tag] for tag in side])} for side in (own, best))
    result.compared["spans"] += len(spans)
    for first, last, label in sorted(own_spans ^ spans):
        sides = ("–", label) if (first, last, label) in own_spans else (label, "–")
        result.add(doc_id, "spans", " ".join(words[first:last]), *sides, scores(best) - scores(own))


def _sentences(article: Article, result: Equality) -> list[list[str]]:
    """Words of each sentence by razdel; what the engine cuts otherwise is noted."""
    text = article.text
    tokens, bounds = list(tokenize(text)), list(sentenize(text))
    own_words, _, _ = cut_words(text)
    own_words = [word for word in own_words if not word.isspace()]
    _compare_cuts(result, article.doc_id, "tokens", [token.text for token in tokens], own_words)
    ends = [sentence.stop for sentence in bounds[:-1]]
    _compare_cuts(result, article.doc_id, "sentences", ends, list(sentence_ends(text, 0, len(text))))
    starts = np.searchsorted([token.start for token in tokens], [sentence.start for sentence in bounds]).tolist()
    parts = [tokens[first:last] for first, last in pairwise([*starts, len(tokens)])]
    return [[token.text for token in part] for part in parts if part]


def _compare_cuts(
    result: Equality, doc_id: str, layer: str, reference: Sequence[object], engine: Sequence[object]
) -> None:
    result.compared[layer] += len(reference)
    for number, (one, other) in enumerate(zip_longest(reference, engine)):
        if one != other:  # what follows is out of step
            result.add(doc_id, layer, f"item {number}", str(one), str(other))
            return


class _Slovnet:
    """slovnet's own executor, with its scores."""

    def __init__(self) -> None:
        from navec import Navec
        from slovnet import NER, Morph, Syntax

        files = weight_files()
        navec = Navec.load(str(files["embedding"]))
        kinds = {"morphology": Morph, "syntax": Syntax, "entities": NER}
        self._infers = {name: kind.load(str(files[name])).navec(navec).infer for name, kind in kinds.items()}

    def scores(self, sentences: Sequence[Sequence[str]]) -> list[dict[str, Array]]:
        """For each sentence the scores of its words' tags, heads (0 is the root) and relations to the best head."""
        found: list[dict[str, Array]] = [{} for _ in sentences]
        # sentences of like length together, so that little is padded
        order = sorted(range(len(sentences)), key=lambda number: len(sentences[number]))
        ordered = [sentences[number] for number in order]
        for name, outputs in (("morphology", ("tags",)), ("syntax", ("heads", "relations"))):
            infer = self._infers[name]
            numbers = iter(order)
            for batch in infer.encoder(ordered):
                predicted = infer.model(batch.word_id, batch.shape_id, batch.pad_mask)
                layers = (predicted,) if name == "morphology" else (predicted.head_id, predicted.rel_id)
                for place, number in enumerate(islice(numbers, len(batch.word_id))):
                    n_words = len(sentences[number])
                    for output, layer in zip(outputs, layers, strict=True):
                        width = n_words + 1 if output == "heads" else None
                        found[number][output] = layer[place, :n_words, :width]
        return found

    def entities(self, words: Sequence[str]) -> tuple[Ids, Callable[[Ids], float]]:
        """The best sequence of tags of a document, and the score of any sequence."""
        if not words:
            return np.zeros(0, dtype=np.int64), lambda tags: 0.0
        infer = self._infers["entities"]
        (batch,) = infer.encoder([words])
        emissions = infer.model(batch.word_id, batch.shape_id, batch.pad_mask)
        crf = infer.model.head.crf
        (best,) = crf.decode(emissions, ~batch.pad_mask)
        transitions = crf.transitions.array

        def score(tags: Ids) -> float:
            steps = transitions[tags[:-1], tags[1:]].sum(dtype=np.float64)
            return float(emissions[0][np.arange(len(tags)), tags].sum(dtype=np.float64) + steps)

        return best, score


class _Lemmas:
    """Lemmas by natasha and by the engine, for the same tag, over the same dictionary."""

    def __init__(self) -> None:
        self._vocabulary = natasha_vocabulary()
        self._dictionary = Dictionary("pymorphy2")
        self.of_natasha = lru_cache(maxsize=200_000)(self._of_natasha)
        self.of_engine = lru_cache(maxsize=200_000)(self._of_engine)

    def _of_natasha(self, word: str, tag: str) -> str:
        pos, *feats = tag.split("|")
        # svodka reads a word without the soft hyphens and zero-width characters inside it
        lemma: str = self._vocabulary.lemmatize(clean(word), pos, dict(feat.split("=", 1) for feat in feats))
        return lemma

    def _of_engine(self, word: str, tag: str) -> str:
        # natasha looks words up without ё; the morphology stage mends that
        return lemmatize(word.lower().replace("ё", "е"), *split_tag(tag), self._dictionary)
