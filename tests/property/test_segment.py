"""Tokens and sentence ends against razdel itself: made text, tricky cases, and corpora beside the checkout."""

import itertools

import pytest
import razdel
from hypothesis import example, given, settings
from hypothesis import strategies as st

import svodka
from shared_data import shared
from svodka.records import Article
from svodka.stages import segment
from svodka.stages.segment import cut_words, sentence_ends

PIECES = [
    "слово", "Слово", "СССР", "в", "А", "covid", "Yahoo!", "yahoo", "Δσ", "mβж", "5", "2020", "٣", "½", "Ⅷ", "_", "тыс",
    "т.", "д.", "г.", "им.", "и. о.", "дж.", "XIV.", "1)", "§", "повел.", "-", "–", "—", "‑", ",", ".", "...", "…",
    "?!", ";", ":", ":)", ":-(((", "=(", "/", "\\", "**", "--", "***", '"', "«", "»", "„", "“", "”", "'", "’", "(",
    ")", "[", "}", "№", "%", "$", " ", " ", " ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u2028", "\x1c", "\x85", "😀",
    "\u0301", "\u00ad", "\u200b", "\x00", "ß", "İ", "\u017f", "\u212a", "ё", "Ё", "і", "中",
]  # fmt: skip
texts = (
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
    | st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
)
TRICKY = [
    "5, 6", "5,6", "5 ,6", "5. 6", "5.", "1/ 2", "1 /2", "слово -то", "слово- то", "слово - то", "! -то", "-то", "то-",
    "_а б_ в", "_ а", "Yahoo! yahoo !", "кто-то-там", "2014-м", "a_b", "12.05.2020, 5", "Ку-ку-", "19-летний",
    "Covid19", "№5", "...", "?!.", ":-)", ":)))))", "=(( да", "**", "***", "----", "ΔP", "1. Да. 2. Нет.",
    "А. С. Пушкин. Т. е. так. И др. Все.", "т.д. Потом", "в 2010 г. Москва. В г. Москве", "«Да.» Нет. «Да». Нет",
    'Сказал: "Да." Нет. "Нет" . Да', "XIV. Глава", "(Да.) Нет. [1] Да", "Да :) Нет ;) Да ;) нет", "Да; Нет; да",
    "Да. ", " Да. Нет", "Да.\u00a0Нет", "Да.  Нет", "Да!\nНет", "слово. словоХ. Слово", "а. б", "a) Да. б) Нет.",
    "длинноеслово. Очень", "длинноеслово. оченьдлинноеслово", "ч. т. д. Это", "Ок. – Да", "Да. – да", "повел. Накл. Да",
]  # fmt: skip


def check(text: str) -> None:
    words, spaces, white = cut_words(text)
    assert white == [index for index, word in enumerate(words) if word.isspace()]
    assert "".join(word + " " * space for word, space in zip(words, spaces.tolist(), strict=True)) == text
    assert [word for word in words if not word.isspace()] == [token.text for token in razdel.tokenize(text)]
    ends = list(sentence_ends(text, 0, len(text)))
    bounds = itertools.pairwise([0, *ends, len(text)])
    assert [text[start:end].strip() for start, end in bounds] == [sentence.text for sentence in razdel.sentenize(text)]


@settings(max_examples=400)
@given(texts)
@example("")
@example(" ")
def test_any_text(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", TRICKY)
def test_tricky_cases(text: str) -> None:
    check(text)


def test_every_pair_of_pieces_with_and_without_a_space() -> None:
    for left, right in itertools.product(PIECES, repeat=2):
        for text in (
            f"{left}{right}",
            f"{left} {right}",
            f"а{left} {right}а",
            f"5{left} {right}5",
            f"Да{left} {right}Да",
        ):
            check(text)


def test_a_part_is_cut_as_if_it_were_alone() -> None:
    text = "Он. Да. Нет. Вот и др. Всё. А."
    for start, end in itertools.combinations(range(len(text) + 1), 2):
        alone = [start + stop for stop in sentence_ends(text[start:end], 0, end - start)]
        assert list(sentence_ends(text, start, end)) == alone


def test_a_full_memory_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "_chunks", segment._Chunks(3))
    for text in ("раз, два, три, четыре, пять, раз, два", "а" * 1000, "5, 6, 7, 8"):
        check(text)
        assert len(segment._chunks) <= 3


@pytest.mark.parametrize("name", ["newsru.jsonl.gz", "lenta_sample.csv"])
def test_corpus(name: str) -> None:
    articles = [article for article in svodka.read(shared(f"corpora/{name}")) if isinstance(article, Article)]
    for article in articles[::8]:
        check(article.text)
