"""What the quotes rules read of a document: lines, trees, mentions."""

import spacy
from spacy.tokens import Doc

from svodka.document import set_records
from svodka.records import Mention
from svodka.stages.quotes.view import View

_VOCAB = spacy.blank("ru").vocab
_WORDS = ["Иван", "Орлов", "не", "пришёл", ".", "\n\n", "Если", "бы", "он", "пришёл", "!"]
_HEADS = [3, 0, 3, 3, 3, 5, 9, 9, 9, 9, 9]
_DEPS = ["nsubj", "flat:name", "advmod", "ROOT", "punct", "", "mark", "aux", "nsubj", "ROOT", "punct"]


def view() -> View:
    starts = [index in (0, 6) for index in range(len(_WORDS))]
    doc = Doc(_VOCAB, words=_WORDS, heads=_HEADS, deps=_DEPS, sent_starts=list[bool | int | None](starts))
    set_records(doc, "mentions", [Mention(start=0, end=10, label="PER", normal="Иван Орлов", rule="name")])
    return View(doc)


def test_dependents_of_each_sentence() -> None:
    seen = view()
    assert list(seen.children(3)) == [0, 2, 4]
    assert list(seen.children(9)) == [6, 7, 8, 10]
    assert list(seen.children(5)) == []  # white space hangs on nothing
    assert [seen.edges(index) for index in (3, 0, 2, 9)] == [(0, 4), (0, 1), (2, 2), (6, 10)]


def test_dependents_by_word() -> None:
    seen = view()
    words = frozenset(("если", "бы"))
    assert [seen.has_child(index, words) for index in (3, 8, 9)] == [False, False, True]


def test_lines_have_no_white_space_around_them() -> None:
    seen = View(Doc(_VOCAB, words=[" \tРаз два \r\n\n \u2028три\x0bчетыре "], spaces=[False]))
    assert [seen.text[start:end] for start, end in seen.lines] == ["Раз два", "три\x0bчетыре"]
    assert [seen.line_number(offset) for offset in (0, 3, 20)] == [0, 0, 1]


def test_mentions_by_token() -> None:
    assert view().mention_at == [0, 0, *[-1] * 9]
