"""The dictionary against pymorphy itself, with both of its readers, and the lemmas against natasha's."""

import importlib.util
import json
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from svodka.bench.baseline import natasha_vocabulary
from svodka.stages.pymorphy import Backend, Dictionary, get_dictionary

BACKENDS = ["pymorphy3", "pymorphy2"]
WORDS = [
    "стали", "еще", "ещё", "все", "Нём", "замка", "министерства", "данный", "многие", "Гутерриш", "таков", "кофе",
    "США", "наилучшего", "получше", "великий", "интереснейшими", "бежавшего", "сделав", "прочтите", "двумя", "оба",
    "пальто", "Ивановой", "Ивановна", "Неждановой", "Сяочуань", "Салтыкова-Щедрина", "бутявкать", "глокая",
    "куздрячила", "псевдокошками", "супермост", "нанотрубках", "кто-нибудь", "смотри-ка", "по-хорошему",
    "экипажей-новичков", "человек-паук", "2014-м", "12", "12.5", "XIV", "BBC", "«", "А", "г", "ъъъ", "\x00",
    "\u00ad", "İ", "",
]  # fmt: skip
INFLECTIONS = [
    ("Nom",), ("Nom", "Sing"), ("Nom", "Plur"), ("Ins", "Plur"), ("Nom", "Sing", "Fem"), ("Loc", "Sing", "Neut"),
    ("Par",), ("Voc", "Sing"), ("INFN",), ("past", "Masc"),
]  # fmt: skip
GRAMMEMES = {
    "Nom": "nomn", "Ins": "ablt", "Loc": "loct", "Par": "gen2", "Voc": "voct", "Sing": "sing", "Plur": "plur",
    "Fem": "femn", "Neut": "neut", "Masc": "masc",
}  # fmt: skip


def check(word: str, dictionary: Dictionary) -> None:
    """Readings, their order, scores and inflections are pymorphy's."""
    analyses, parses = dictionary.analyses(word), dictionary._analyzer.parse(word.lower())
    assert [
        (analysis.word, analysis.lemma, analysis.grammemes, analysis.score, analysis.known) for analysis in analyses
    ] == [(parse.word, parse.normal_form, parse.tag.grammemes, parse.score, parse.is_known) for parse in parses]
    for analysis, parse in zip(analyses, parses, strict=True):
        for wanted in INFLECTIONS:
            inflected = parse.inflect({GRAMMEMES.get(value, value) for value in wanted})
            assert analysis.inflect(*wanted) == (inflected and inflected.word)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("word", [word for word in WORDS if word != "\x00"])
def test_readings_are_pymorphys(backend: str, word: str) -> None:
    check(word, get_dictionary(backend))


PARTS = [
    "не", "авто", "экс-", "вице-", "супер", "топ-", "при", "по-", "наи", "стали", "еще", "сильным", "министр", "гора",
    "газовый", "бутявка", "Иванов", "нём", "и", "ка", "-то", "-ка", "-", "зелёных", "вкать", "XL", "5",
]  # fmt: skip


@given(
    st.text("абвгдеёийклмнопрстуя-", min_size=1, max_size=12)
    | st.sampled_from(WORDS).map(lambda word: f"при{word}")
    | st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map("".join)
    | st.lists(st.sampled_from(PARTS), min_size=2, max_size=3).map("-".join),
    st.sampled_from(BACKENDS),
)
def test_readings_of_made_words_are_pymorphys(word: str, backend: Backend) -> None:
    if "\x00" not in word:
        check(word, get_dictionary(backend))


@pytest.mark.parametrize("word", ["\x00", "да\x00"])
def test_a_character_without_a_name_has_no_reading(word: str) -> None:
    assert get_dictionary().analyses(word) == ()
    assert get_dictionary().lemma(word, "NOUN", "Case=Nom") == word
    assert not get_dictionary().is_known(word)


@pytest.mark.parametrize("pos", ["NOUN", "PROPN", "ADJ", "VERB", "AUX", "DET", "ADV", "NUM", "X"])
@pytest.mark.parametrize(
    "feats",
    ["", "Case=Gen|Number=Sing", "Case=Nom|Gender=Fem|Number=Sing", "Tense=Past|VerbForm=Part|Voice=Act",
     "Animacy=Inan|Case=Acc|Gender=Neut|Number=Sing"],
)  # fmt: skip
def test_lemmas_are_natashas_for_any_tag(pos: str, feats: str) -> None:
    vocabulary, dictionary = natasha_vocabulary(), get_dictionary("pymorphy2")
    features = dict(feature.split("=") for feature in feats.split("|") if feature)
    for word in WORDS:
        if word.isprintable() and word:
            folded = word.lower().replace("ё", "е")  # natasha looks up words without ё
            assert dictionary.lemma(folded, pos, feats) == vocabulary.lemmatize(word, pos, features), word


def test_a_word_is_looked_up_as_written() -> None:
    assert get_dictionary().lemma("нём", "PRON", "Case=Loc|Gender=Masc|Number=Sing|Person=3") == "он"


def test_the_readings_of_a_tag_share_what_it_says() -> None:
    first, second = (get_dictionary().analyses(word)[0] for word in ("мостами", "столами"))
    assert first.features is second.features
    assert first.grammemes is second.grammemes
    with pytest.raises(TypeError):
        first.features["Case"] = "Nom"  # type: ignore[index]


READINGS = """
import json, sys
if sys.argv[1] == "portable":
    sys.modules["dawg"] = None
from svodka.stages.pymorphy import get_dictionary
words, found = json.load(sys.stdin), {}
for backend in ("pymorphy3", "pymorphy2"):
    dictionary = get_dictionary(backend)
    assert (type(dictionary._analyzer.dictionary.words).__mro__[1].__module__ == "dawg") == (sys.argv[1] == "compiled")
    for word in words:
        found[f"{backend} {word}"] = [
            [one.word, one.lemma, one.score, one.known, sorted(one.grammemes), one.inflect("Ins", "Plur")]
            for one in dictionary.analyses(word)
        ] + [dictionary.is_known(word)]
print(json.dumps(found))
"""


@pytest.mark.skipif(importlib.util.find_spec("dawg") is None, reason="dawg2 is not installed: there is one reader only")
def test_both_readers_give_the_same() -> None:
    text = (ROOT / "data/samples/articles.jsonl").read_text(encoding="utf-8")
    words = json.dumps([*WORDS, *sorted(set(re.findall(r"[а-яё-]+", text.lower())))[::2]])
    compiled, portable = (
        subprocess.run(
            [sys.executable, "-c", READINGS, reader], input=words, capture_output=True, check=True, text=True
        )
        for reader in ("compiled", "portable")
    )
    assert json.loads(compiled.stdout) == json.loads(portable.stdout)
