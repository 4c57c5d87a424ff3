"""The language of the search: what is typed, and what FTS5 is asked for.

- ``заявление мэра``: both words, each in any form: «заявления», «заявлением», «мэром»;
- ``"паводок в городе"`` or ``«паводок в городе»``: these words as they stand, in this order;
- ``мост*``: words that begin so;
- ``-мост``, ``-"новый мост"``: without it;
- ``мэр Петров ИЛИ Орлов`` (or ``OR``, ``|``): the mayor, and one of the two.

Case, accents, and е or ё do not count, and a hyphen within a word is no minus. Everything else is punctuation, so that
there is no wrong query. The forms of a word are those that share a lemma with it. A dictionary form means its own
lemma; of another form the lemmas are all that pymorphy reads it as, since nothing tells which one is meant (``стали``
is of «стать» and of «сталь»). Lemmas of the corpus are the tagger's, which read each word in its sentence. The word as
it stands is found in any case.
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

# Probabilities of readings by OpenCorpora: a dictionary form that is meant as such, and a reading that occurs at all.
_LIKELY = 0.1
_POSSIBLE = 0.005

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
_ODD = re.compile(r"[^\x00-\x7fа-я]")


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase that is looked for.

    Attributes:
        kind: word: in any form; phrase: as it stands; prefix: what begins so.
        text: What was typed, lower case.
        words: The words as they stand, folded; several are a phrase.
        lemmas: Lemmas of a word, each as words.
    """

    kind: Literal["word", "phrase", "prefix"]
    text: str
    words: Words
    lemmas: tuple[Words, ...] = ()

    @property
    def explained(self) -> str:
        """How it is looked for, for a reader."""
        if self.kind == "phrase":
            return f"«{self.text}» as it stands"
        if self.kind == "prefix":
            return f"{self.text}…"
        if len(self.lemmas) < 2:
            return f"{self.text} in any form" if self.lemmas else self.text
        lemmas = ", ".join("-".join(lemma) for lemma in self.lemmas)
        return f"{self.text}: {lemmas} in any form"

    def expression(self, column: Column) -> str:
        """What FTS5 is asked for (https://sqlite.org/fts5.html#full_text_query_syntax)."""
        itself = f'"{" ".join(self.words)}"'
        if self.lemmas == (self.words,):
            return itself  # in either column, which takes half the time
        as_it_stands = f"{column} : {itself}{' *' if self.kind == 'prefix' else ''}"
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
    ('мосты in any form', 'without «новый мост» as it stands')
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


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """A word as the search compares it: lower case, е for ё, no accents; й stays.

    >>> fold("Ёлочный"), fold("Café")
    ('елочный', 'cafe')
    """
    lower = word.lower().replace("ё", "е")
    if not _ODD.search(lower):
        return lower
    return _ODD.sub(_base, unicodedata.normalize("NFC", lower))


@lru_cache(maxsize=20_000)
def folded_words(text: str) -> Words:
    """The words of a text as FTS5 has them."""
    return tuple(fold(word) for word in WORD.findall(text))


def _base(letter: re.Match[str]) -> str:
    """A letter without its accents."""
    return "".join(one for one in unicodedata.normalize("NFD", letter[0]) if not unicodedata.combining(one))


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
    text = (word or found["quoted"] or found["phrase"] or "").strip().lower()
    words = tuple(word for word in folded_words(text) if word)
    if not words:
        return None
    if word is None:
        return Term("phrase", text, words)
    return Term("prefix", text, words) if found["prefix"] else Term("word", text, words, _lemmas(word))


def _lemmas(word: str) -> tuple[Words, ...]:
    """The lemmas of a word.

    Of readings that hardly occur there are none. A word that is the dictionary form of a lemma means this lemma:
    «Песков» is the name, and no sand.
    """
    if not any(map(str.isalpha, word)):
        return ()
    scores: dict[Words, float] = {}
    for reading in get_dictionary().analyses(word):
        lemma = folded_words(reading.lemma)
        scores[lemma] = scores.get(lemma, 0) + reading.score
    itself = folded_words(word)
    if scores.get(itself, 0) >= _LIKELY:
        return (itself,)
    lemmas = [lemma for lemma, score in scores.items() if lemma and score >= _POSSIBLE]
    return tuple(lemmas[:_MOST_LEMMAS])
