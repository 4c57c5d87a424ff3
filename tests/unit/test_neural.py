"""The models against slovnet's own executor, and the decoders against brute force."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from conftest import ROOT
from svodka.neural.decode import best_tree, is_tree, viterbi
from svodka.neural.encoder import Layout
from svodka.neural.models import parse_syntax, tag_entities, tag_morphology
from svodka.neural.weights import load_model, weight_files
from svodka.stages.entities import spans_of
from svodka.stages.tokenize import segment

scores = st.integers(1, 5).flatmap(lambda n: arrays(np.float32, (n, n + 1), elements=st.integers(-9, 9).map(float)))


@pytest.fixture(scope="module")
def documents() -> list[list[list[str]]]:
    lines = (ROOT / "data/samples/articles.jsonl").read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        text = json.loads(line)["text"]
        cut = segment(text)
        bounds = [*cut.sentence_starts, len(cut.tokens)]
        found.append([
            [text[start:end] for start, end in cut.tokens[first:last]]
            for first, last in itertools.pairwise(bounds)
        ])  # fmt: skip
    return found


@pytest.fixture(scope="module")
def sentences(documents: list[list[list[str]]]) -> list[list[str]]:
    return list(itertools.chain.from_iterable(documents))


@pytest.fixture(scope="module")
def slovnet() -> dict[str, object]:
    from navec import Navec
    from slovnet import NER, Morph, Syntax

    files = weight_files()
    navec = Navec.load(str(files["embedding"]))
    kinds = {"morphology": Morph, "syntax": Syntax, "entities": NER}
    return {name: kind.load(str(files[name])).navec(navec) for name, kind in kinds.items()}


def test_tags_are_slovnets(sentences: list[list[str]], slovnet: dict[str, object]) -> None:
    expected = [[token.tag for token in markup.tokens] for markup in slovnet["morphology"].map(sentences)]
    assert tag_morphology(Layout.of(sentences)) == expected


def test_heads_and_relations_are_slovnets(sentences: list[list[str]], slovnet: dict[str, object]) -> None:
    trees = parse_syntax(Layout.of(sentences))
    expected = list(slovnet["syntax"].map(sentences))
    heads = [[int(token.head_id) for token in markup.tokens] for markup in expected]
    relations = [[token.rel for token in markup.tokens] for markup in expected]
    assert [tree.argmax_heads for tree in trees] == heads
    for tree, own_heads, own_relations in zip(trees, heads, relations, strict=True):
        assert is_tree(tree.heads)
        if is_tree(own_heads):
            assert tree.heads == own_heads
        kept = [index for index, head in enumerate(tree.heads) if head == own_heads[index]]
        assert [tree.relations[index] for index in kept] == [own_relations[index] for index in kept]


def test_entities_are_slovnets(documents: list[list[list[str]]], slovnet: dict[str, object]) -> None:
    infer = slovnet["entities"].infer
    words = [list(itertools.chain.from_iterable(document)) for document in documents]
    expected = list(infer.decoder(infer.process(infer.encoder(words))))
    assert [list(spans_of(tags)) for tags in tag_entities(Layout.of(words))] == [
        list(spans_of(tags)) for tags in expected
    ]


def test_results_do_not_depend_on_the_neighbours(documents: list[list[list[str]]]) -> None:
    together = parse_syntax(Layout.of(itertools.chain.from_iterable(documents)))
    alone = [tree for document in documents for tree in parse_syntax(Layout.of(document))]
    assert together == alone


def test_a_long_document_goes_through_in_blocks(sentences: list[list[str]]) -> None:
    words = list(itertools.chain.from_iterable(sentences)) * 4
    (tags,) = tag_entities(Layout.of([words]))
    assert len(tags) == len(words)
    assert set(tags) <= set(load_model("entities").labels)


@given(scores)
def test_best_tree_is_the_best(matrix: np.ndarray) -> None:
    tree = best_tree(matrix)
    assert is_tree(tree)
    words = range(len(matrix))
    best = max(
        sum(matrix[word, head] for word, head in zip(words, heads, strict=True))
        for heads in itertools.product(range(len(matrix) + 1), repeat=len(matrix))
        if is_tree(heads)
    )
    assert sum(matrix[word, head] for word, head in zip(words, tree, strict=True)) == pytest.approx(best, abs=1e-3)


@given(arrays(np.float32, (4, 3), elements=st.integers(-9, 9).map(float)),
       arrays(np.float32, (3, 3), elements=st.integers(-9, 9).map(float)))  # fmt: skip
def test_viterbi_is_the_best(emissions: np.ndarray, transitions: np.ndarray) -> None:
    def total(tags: tuple[int, ...]) -> float:
        steps = sum(transitions[before, tag] for before, tag in itertools.pairwise(tags))
        return float(steps + sum(emissions[index, tag] for index, tag in enumerate(tags)))

    best = max(total(tags) for tags in itertools.product(range(3), repeat=4))
    assert total(tuple(viterbi(emissions, transitions))) == pytest.approx(best, abs=1e-3)


@pytest.mark.parametrize(
    ("heads", "expected"),
    [([0], True), ([2, 0, 2], True), ([0, 0], False), ([2, 1], False), ([0, 3, 2], False), ([0, 1, 2, 3], True)],
)
def test_is_tree(heads: list[int], expected: bool) -> None:
    assert is_tree(heads) is expected
