"""The language of the search: what is typed, and what FTS5 is asked for.

- ``заявление мэра``: both words, each in any form: «заявления», «заявлением», «мэром»;
- ``"паводок в городе"`` or ``«паводок в городе»``: these words as they stand, in this order;
- ``мост*``: words that begin so;
- ``-мост``, ``-"новый мост"``: without it;
- ``мэр Петров ИЛИ Орлов`` (or ``OR``, ``|``): the mayor, and one of the two.

Case, accents, and е or ё do not count, and a hyphen within a word is no minus. Everything else is punctuation, so that
there is no wrong query. The forms of a word are those that share a lemma with it: its lemmas are all that pymorphy
reads it as, since nothing tells which one is meant (``стали`` is of «стать» and of «сталь»); lemmas of the corpus are
the tagger's, which read each word in its sentence. The word as it stands is found in any case.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from svodka.stages.pymorphy import get_dictionary

Words: TypeAlias = tuple[str, ...]
Column: TypeAlias = Literal["content", "text"]

_MOST_CHARACTERS = 1000
_MOST_TERMS = 32
_MOST_LEMMAS = 8

# What FTS5 takes for words are letters and digits; a hyphen, or a point in a number, makes a phrase of them.
_MARKS = "\u0300-\u036f"
WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*")
_ITEM = re.compile(
    rf"""
    (?P<minus>(?<!\w)[-−])?
    (?: ["“”„](?P<quoted>[^"“”„]*)["“”„] | «(?P<phrase>[^«»]*)»
    | (?P<word>\d+(?:[.,:/]\d+)+ | {WORD.pattern}(?:[-‐‑–]{WORD.pattern})*)(?P<prefix>\*)? )
    | (?P<alternative>\|)
    """,
    re.VERBOSE,
)  # fmt: skip
_ALTERNATIVES = ("ИЛИ", "OR")


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase that is looked for.

    Attributes:
        kind: word: in any form; phrase: as it stands; prefix: what begins so.
        words: The words as they stand, folded; several are a phrase.
        lemmas: Lemmas of a word, each as words.
    """

    kind: Literal["word", "phrase", "prefix"]
    words: Words
    lemmas: tuple[Words, ...] = ()

    @property
    def explained(self) -> str:
        """How it is looked for, for a reader."""
        text = " ".join(self.words)
        if self.kind == "word":
            lemmas = ", ".join("-".join(lemma) for lemma in self.lemmas)
            return f"{'-'.join(self.words)}: {lemmas} in any form" if self.lemmas else text
        return f"«{text}» as it stands" if self.kind == "phrase" else f"{text}…: any word that begins so"

    def expression(self, column: Column) -> str:
        """What FTS5 is asked for (https://sqlite.org/fts5.html#full_text_query_syntax)."""
        as_it_stands = f'{column} : "{" ".join(self.words)}"{" *" if self.kind == "prefix" else ""}'
        return " OR ".join([as_it_stands, *(f'lemmas : "{" ".join(lemma)}"' for lemma in self.lemmas)])


@dataclass(frozen=True, slots=True)
class Query:
    """How a text was understood.

    Attributes:
        text: What was typed.
        wanted: What has to occur: of each group one term.
        unwanted: What must not occur.
        is_cut: Whether there was more than is looked for.
    """

    text: str
    wanted: tuple[tuple[Term, ...], ...] = ()
    unwanted: tuple[Term, ...] = ()
    is_cut: bool = False

    @property
    def finds_nothing(self) -> bool:
        """Whether something was typed that has nothing to look for, neither letter nor digit."""
        return bool(self.text.strip()) and not self.wanted and not self.unwanted

    @property
    def explained(self) -> tuple[str, ...]:
        """How it was understood, for a reader; nothing where nothing was typed."""
        if self.finds_nothing:
            return ("nothing to look for: no letter and no digit",)
        lines = [" or ".join(term.explained for term in group) for group in self.wanted]
        lines += [f"without {term.explained}" for term in self.unwanted]
        return (*lines, "the rest is not looked for: it is too long") if self.is_cut else tuple(lines)

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms that are to be found."""
        return tuple(term for group in self.wanted for term in group)

    def wanted_in(self, column: Column) -> str:
        """FTS5's expression of what has to occur; there has to be something."""
        return " AND ".join(f"({_any_of(group, column)})" for group in self.wanted)

    def unwanted_in(self, column: Column) -> str:
        """FTS5's expression of what must not occur; there has to be something."""
        return _any_of(self.unwanted, column)


@lru_cache(maxsize=256)
def parse(text: str) -> Query:
    """What is looked for. Any text will do.

    >>> parse("мосты -«новый мост»").explained
    ('мосты: мост in any form', 'without «новый мост» as it stands')
    """
    whole = unicodedata.normalize("NFC", text)
    items = list(_items(whole[:_MOST_CHARACTERS]))
    wanted: list[tuple[Term, ...]] = []
    unwanted: list[Term] = []
    joins = False
    for term, is_unwanted in items[:_MOST_TERMS]:
        if term is None:
            joins = bool(wanted)
        elif is_unwanted:
            unwanted.append(term)
        elif joins:
            wanted[-1] = (*wanted[-1], term)
            joins = False
        else:
            wanted.append((term,))
    is_cut = len(whole) > _MOST_CHARACTERS or len(items) > _MOST_TERMS
    return Query(text, tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(unwanted)), is_cut)


def fold(word: str) -> str:
    """A word as the search compares it: lower case, е for ё, no accents; й stays.

    >>> fold("Ёлочный"), fold("Café")
    ('елочный', 'cafe')
    """
    composed = unicodedata.normalize("NFC", word.lower())
    return "".join(letter if letter == "й" else _base(letter) for letter in composed)


def folded_words(text: str) -> Words:
    """The words of a text as FTS5 has them."""
    return tuple(fold(word) for word in WORD.findall(text))


def _base(letter: str) -> str:
    kept = [one for one in unicodedata.normalize("NFD", letter) if not unicodedata.combining(one)]
    return "".join(kept)


def _any_of(terms: Iterable[Term], column: Column) -> str:
    return " OR ".join(term.expression(column) for term in terms)


def _items(text: str) -> Iterator[tuple[Term | None, bool]]:
    """Terms with whether they are unwanted; None is an «or»."""
    for found in _ITEM.finditer(text):
        word, is_unwanted = found["word"], bool(found["minus"])
        if found["alternative"] or (word in _ALTERNATIVES and not is_unwanted):
            yield None, False
        elif (term := _term(word, found)) is not None:
            yield term, is_unwanted


def _term(word: str | None, found: re.Match[str]) -> Term | None:
    words = folded_words(word or found["quoted"] or found["phrase"] or "")
    if not any(words):
        return None
    if word is None:
        return Term("phrase", words)
    return Term("prefix", words) if found["prefix"] else Term("word", words, _lemmas(word))


def _lemmas(word: str) -> tuple[Words, ...]:
    readings = get_dictionary().analyses(word)
    lemmas = dict.fromkeys(folded_words(reading.lemma) for reading in readings)
    return tuple(lemma for lemma in lemmas if lemma)[:_MOST_LEMMAS]
