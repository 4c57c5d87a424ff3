"""The models against slovnet's own executor, the kernels against each other and against brute force."""

import hashlib
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from conftest import ROOT
from svodka.errors import ConfigError
from svodka.neural import compiled, portable, weights
from svodka.neural.decode import best_tree, is_tree
from svodka.neural.layout import Layout
from svodka.neural.models import Kernels, NeuralModels, Trees, get_kernels
from svodka.neural.weights import Array, Ids, load_embedding, load_model, weight_files
from svodka.neural.word_rows import WordRows
from svodka.stages.entities import spans_of
from svodka.stages.tokenize import segment

Documents = list[list[list[str]]]
KERNELS: tuple[Kernels, ...] = ("compiled", "portable")
scores = st.integers(1, 5).flatmap(lambda n: arrays(np.float32, (n, n + 1), elements=st.integers(-9, 9).map(float)))


def matrices(rows: int, columns: int) -> st.SearchStrategy[Array]:
    return arrays(np.float32, (rows, columns), elements=st.floats(-4, 4, width=32))


@pytest.fixture(scope="module")
def documents() -> Documents:
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
def sentences(documents: Documents) -> list[list[str]]:
    return list(itertools.chain.from_iterable(documents))


@pytest.fixture(scope="module", params=KERNELS)
def models(request: pytest.FixtureRequest) -> NeuralModels:
    return NeuralModels(kernels=request.param)


@pytest.fixture(scope="module")
def slovnet() -> dict[str, object]:
    from navec import Navec
    from slovnet import NER, Morph, Syntax

    files = weight_files()
    navec = Navec.load(str(files["embedding"]))
    kinds = {"morphology": Morph, "syntax": Syntax, "entities": NER}
    return {name: kind.load(str(files[name])).navec(navec) for name, kind in kinds.items()}


def tags_of(found: tuple[Ids, tuple[str, ...]]) -> list[str]:
    return [found[1][tag] for tag in found[0]]


def test_tags_are_slovnets(models: NeuralModels, sentences: list[list[str]], slovnet: dict[str, object]) -> None:
    expected = [token.tag for markup in slovnet["morphology"].map(sentences) for token in markup.tokens]
    assert tags_of(models.tag_morphology(Layout.of_words(sentences))) == expected


def test_heads_and_relations_are_slovnets(
    models: NeuralModels, sentences: list[list[str]], slovnet: dict[str, object]
) -> None:
    trees = models.parse_syntax(Layout.of_words(sentences))
    tokens = [list(markup.tokens) for markup in slovnet["syntax"].map(sentences)]
    expected = [int(token.head_id) for sentence in tokens for token in sentence]
    relations = [token.rel for sentence in tokens for token in sentence]
    assert trees.argmax_heads.tolist() == expected
    stop = 0
    for sentence in tokens:
        start, stop = stop, stop + len(sentence)
        assert is_tree(trees.heads[start:stop].tolist())
        if is_tree(expected[start:stop]):
            assert trees.heads[start:stop].tolist() == expected[start:stop]
    kept = [word for word, head in enumerate(trees.heads.tolist()) if head == expected[word]]
    assert [trees.labels[trees.relations[word]] for word in kept] == [relations[word] for word in kept]


def test_entities_are_slovnets(models: NeuralModels, documents: Documents, slovnet: dict[str, object]) -> None:
    infer = slovnet["entities"].infer
    words = [list(itertools.chain.from_iterable(document)) for document in documents]
    expected = list(infer.decoder(infer.process(infer.encoder(words))))
    found = tags_of(models.tag_entities(Layout.of_words(words)))
    assert list(spans_of(found)) == list(spans_of([tag for tags in expected for tag in tags]))


def same_trees(one: Trees, other: Trees) -> bool:
    names = ("heads", "argmax_heads", "relations")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


words = st.one_of(
    st.text(min_size=1, max_size=12).filter(lambda word: not word.isspace()),
    st.sampled_from(["Мост", "заявил", ",", "Орлов", ".", "16", "числа", "Ёлкин-Палкин", "ТАСС", "中文", "נאום", "😀"]),
)
lengths_of_sentences = st.lists(st.integers(0, 30), min_size=1, max_size=6)


@given(st.data(), lengths_of_sentences)
def test_kernels_agree_on_any_words_and_any_batch(data: st.DataObject, lengths: list[int]) -> None:
    sentences = [data.draw(st.lists(words, min_size=length, max_size=length)) for length in lengths]
    together = Layout.of_words(sentences)
    tags, trees, entities = [], [], []
    for kernels in KERNELS:
        model = shared_models(kernels)
        tags.append(tags_of(model.tag_morphology(together)))
        trees.append(model.parse_syntax(together))
        entities.append(tags_of(model.tag_entities(together)))
        alone = [tags_of(model.tag_morphology(Layout.of_words([sentence]))) for sentence in sentences]
        assert list(itertools.chain.from_iterable(alone)) == tags[-1]
        alone = [tags_of(model.tag_entities(Layout.of_words([sentence]))) for sentence in sentences]
        assert list(itertools.chain.from_iterable(alone)) == entities[-1]
    assert tags[0] == tags[1]
    assert entities[0] == entities[1]
    assert same_trees(*trees)


_shared: dict[Kernels, NeuralModels] = {}


def shared_models(kernels: Kernels) -> NeuralModels:
    if kernels not in _shared:
        _shared[kernels] = NeuralModels(kernels=kernels)
    return _shared[kernels]


def test_results_do_not_depend_on_the_neighbours(models: NeuralModels, documents: Documents) -> None:
    together = models.parse_syntax(Layout.of_words([*itertools.chain.from_iterable(documents)]))
    alone = [models.parse_syntax(Layout.of_words(document)) for document in documents]
    assert together.heads.tolist() == [head for trees in alone for head in trees.heads]
    assert together.relations.tolist() == [relation for trees in alone for relation in trees.relations]


def test_a_sentence_longer_than_a_block(models: NeuralModels, sentences: list[list[str]]) -> None:
    sentence = list(itertools.chain.from_iterable(sentences))[:2000]
    layout = Layout.of_words([sentence])
    assert len(tags_of(models.tag_entities(layout))) == len(sentence) == 2000
    assert len(tags_of(models.tag_morphology(layout))) == 2000
    assert is_tree(models.parse_syntax(layout).heads.tolist())


def test_forgotten_words_come_back_the_same(sentences: list[list[str]]) -> None:
    layout = Layout.of_words(sentences)
    roomy, cramped = NeuralModels(["morphology"]), NeuralModels(["morphology"], capacity=1100)
    for _ in range(2):
        assert tags_of(cramped.tag_morphology(layout)) == tags_of(roomy.tag_morphology(layout))


def test_least_recently_used_rows_give_way() -> None:
    rows = WordRows([load_model("entities")], load_embedding(), frequent=np.array([7, 8]), capacity=4)
    slots = rows.slots(np.array([-1, 7, 100, 101, 102, 103]))
    assert slots[:2].tolist() == [0, 1]
    kept = rows.tables[0][3 * slots[2 + 2]].copy()  # of word 102
    rows.slots(np.array([102, 103]))
    assert sorted(rows.slots(np.array([200, 201]))) == sorted(slots[[2, 3]]), "100 and 101 gave way"
    (again,) = rows.slots(np.array([102]))
    assert again == slots[4]
    assert np.array_equal(rows.tables[0][3 * again], kept)


def test_rows_computed_at_once_are_those_computed_on_sight() -> None:
    words = np.array([100, -1, 101, 7, 102, 103, 104, 100])
    at_once, on_sight = (
        WordRows([load_model("entities")], load_embedding(), frequent=np.array([7]), capacity=4) for _ in range(2)
    )
    at_once.prepare(words)  # four of the five that are missing
    for some in (words[:4], words[4:]):
        one, other = (rows.tables[0][3 * rows.slots(some) + 1] for rows in (at_once, on_sight))
        assert np.array_equal(one, other)
        assert np.array_equal(one.any(axis=1), some >= 0), "only a gap has no products"


def test_frequent_words_come_first() -> None:
    embedding = load_embedding()
    assert sorted(embedding.by_frequency.tolist()) == list(range(len(embedding.indexes)))
    frequent = embedding.by_frequency[:1000]
    assert frequent[0] == embedding.unknown
    assert {embedding.row_of(word) for word in ("в", "и", ",", "сообщил", "россии")} <= set(frequent.tolist())
    assert embedding.row_of("посетовал") not in frequent


def test_frequent_rows_are_those_computed_on_sight() -> None:
    some = np.array([5, 1000, 200_000])
    model, embedding = load_model("syntax"), load_embedding()
    prepared = WordRows([model], embedding, frequent=some, capacity=8)
    on_sight = WordRows([model], embedding, frequent=np.zeros(0, dtype=np.int64), capacity=8)
    for tap in range(3):
        one, other = (rows.tables[0][3 * rows.slots(some) + tap] for rows in (prepared, on_sight))
        assert np.array_equal(one, other)


def test_without_a_cache_folder_rows_are_prepared_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file, not a folder")
    monkeypatch.setattr("svodka.neural.word_rows.cache_folder", lambda: blocked / "svodka")
    rows = WordRows([load_model("entities")], load_embedding(), frequent=np.array([7]), capacity=4)
    assert rows.tables[0][3 * rows.slots(np.array([7]))[0]].any()


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other.tar"
    other.write_bytes(b"other weights")
    files = weight_files() | {"syntax": other}
    monkeypatch.setattr(weights, "weight_files", lambda: files)
    with pytest.raises(ConfigError, match=hashlib.sha256(b"other weights").hexdigest()) as refused:
        weights.check_weights()
    assert str(other) in str(refused.value)
    assert "pip install natasha==1.6.0" in str(refused.value)
    other.unlink()
    with pytest.raises(ConfigError, match="are missing"):
        weights.check_weights()


def test_asking_for_kernels_that_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    assert get_kernels("portable") is portable
    assert get_kernels("auto") is compiled
    monkeypatch.setattr("svodka.neural.compiled", None)
    monkeypatch.setitem(__import__("sys").modules, "svodka.neural.compiled", None)
    monkeypatch.delattr("svodka.neural.compiled")
    assert get_kernels("auto") is portable
    with pytest.raises(ConfigError, match="pip install numba"):
        get_kernels("compiled")


@given(scores)
def test_best_tree_is_the_best(matrix: Array) -> None:
    tree = best_tree(matrix)
    assert is_tree(tree)
    assert compiled.best_tree(matrix).tolist() == tree
    words = range(len(matrix))
    best = max(
        sum(matrix[word, head] for word, head in zip(words, heads, strict=True))
        for heads in itertools.product(range(len(matrix) + 1), repeat=len(matrix))
        if is_tree(heads)
    )
    assert sum(matrix[word, head] for word, head in zip(words, tree, strict=True)) == pytest.approx(best, abs=1e-3)


@given(st.integers(1, 100).flatmap(lambda n: st.tuples(matrices(3, n), matrices(1, n))))
def test_labels_of_both_kernels_agree(scores_and_bias: tuple[Array, Array]) -> None:
    scores, bias = scores_and_bias
    one, other = (kernels.best_labels(scores, bias[0]) for kernels in (compiled, portable))
    assert one.tolist() == other.tolist()


@given(st.integers(1, 25).flatmap(lambda n: matrices(n, n + 1)))
def test_trees_of_both_kernels_agree(matrix: Array) -> None:
    assert compiled.best_tree(matrix).tolist() == best_tree(matrix)


@pytest.mark.parametrize("kernels", [compiled, portable])
@given(arrays(np.float32, (4, 3), elements=st.integers(-9, 9).map(float)),
       arrays(np.float32, (3, 3), elements=st.integers(-9, 9).map(float)))  # fmt: skip
def test_best_tags_are_the_best(kernels: object, emissions: Array, transitions: Array) -> None:
    def total(tags: tuple[int, ...]) -> float:
        steps = sum(transitions[before, tag] for before, tag in itertools.pairwise(tags))
        return float(steps + sum(emissions[index, tag] for index, tag in enumerate(tags)))

    best = max(total(tags) for tags in itertools.product(range(3), repeat=4))
    found = kernels.best_tags(emissions, transitions, np.array([0]), np.array([4]))
    assert total(tuple(found)) == pytest.approx(best, abs=1e-3)


@given(matrices(20, 8), matrices(8, 8), st.lists(st.integers(0, 5), min_size=1, max_size=3))
def test_tags_of_both_kernels_agree(emissions: Array, transitions: Array, lengths: list[int]) -> None:
    sizes = np.array(lengths, dtype=np.int64)
    starts = 1 + np.cumsum(sizes + 1) - sizes - 1
    one, other = (kernels.best_tags(emissions, transitions, starts, sizes) for kernels in (compiled, portable))
    assert one.tolist() == other.tolist()


@given(matrices(12, 16), st.lists(st.booleans(), min_size=12, max_size=12), matrices(16, 48), matrices(1, 48))
def test_convolutions_agree(inputs: Array, is_word: list[bool], kernel: Array, constant: Array) -> None:
    mask = np.array(is_word)
    inputs = np.maximum(inputs, 0) * mask[:, None]
    arguments = (inputs, mask, kernel, constant[0], constant[0, :16].copy())
    assert compiled.convolution(*arguments) == pytest.approx(portable.convolution(*arguments), abs=1e-3)


@pytest.mark.parametrize(
    ("heads", "expected"),
    [([0], True), ([2, 0, 2], True), ([0, 0], False), ([2, 1], False), ([0, 3, 2], False), ([0, 1, 2, 3], True)],
)
def test_is_tree(heads: list[int], expected: bool) -> None:
    assert is_tree(heads) is expected
    assert compiled.is_tree(np.array(heads)) is expected
