"""spaCy's lexical attributes (``token.like_num``, ``token.shape_`` …) without their price.

spaCy works all of them out for every word form that is new, which takes longer than cutting the text into tokens. The
slow ones are told quicker. Words that are in the vocabulary to stay are known by their number in its string store.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from spacy.attrs import IS_STOP, LIKE_EMAIL, LIKE_NUM, LIKE_URL, SHAPE
from spacy.lang import lex_attrs
from spacy.lang.ru import lex_attrs as russian_lex_attrs
from spacy.lang.ru.stop_words import STOP_WORDS
from spacy.language import Language
from spacy.vocab import Vocab

_NUMBER_WORDS = frozenset(russian_lex_attrs._num_words)
# Characters from which on spaCy calls a form no more than long.
_LONG = 100
# These functions take a short way for words of letters only, which most new forms are. They are of this module, not
# wrapped ones of spaCy's, so that a vocabulary can be pickled.


def like_num(text: str) -> bool:
    """Whether the form is a number in figures or words."""
    if text.isalpha():
        return text.lower() in _NUMBER_WORDS
    # spaCy looks through a list of 1,400 words for every form
    word = text.strip("+-±~%").replace(",", "").replace(".", "").lower()
    might_be = word in _NUMBER_WORDS or any(map(str.isdigit, word))
    return might_be and bool(russian_lex_attrs.like_num(text))  # type: ignore[no-untyped-call]


def like_url(text: str) -> bool:
    """Whether the form is an address of a page."""
    return not text.isalpha() and bool(lex_attrs.like_url(text))


def like_email(text: str) -> bool:
    """Whether the form is a mail address."""
    return "@" in text and bool(lex_attrs.like_email(text))


def shape(text: str) -> str:
    """Outline of the form, «Xxxx»."""
    if text.isalpha() and len(text) < _LONG:
        if text.islower():
            return "xxxx"[: len(text)]
        if text[0].isupper() and text[1:].islower():
            return "Xxxxx"[: len(text)]
    return str(lex_attrs.word_shape(text))


def is_stop(text: str) -> bool:
    """Whether spaCy counts the form among the stop words."""
    return text.lower() in STOP_WORDS


# Strings that a run's vocabulary keeps: the words of a thousand articles, nine in ten of those of all others.
_KEPT = 60_000


def quicken_lexical_attributes(vocab: Vocab) -> None:
    """Tell the attributes that take long to work out in a quicker way; their values stay spaCy's."""
    slow = {LIKE_NUM: like_num, LIKE_URL: like_url, LIKE_EMAIL: like_email, SHAPE: shape, IS_STOP: is_stop}
    vocab.lex_attr_getters.update(slow)  # type: ignore[attr-defined]


class StringIds(dict[str, int]):
    """Numbers of strings in a vocabulary's string store, to which they are added.

    Those are remembered that stay there, that is, were not added in a memory zone.

    Args:
        vocab: The vocabulary.
    """

    def __init__(self, vocab: Vocab) -> None:
        super().__init__()
        self._vocab, self._add = vocab, vocab.strings.add

    def __missing__(self, key: str) -> int:
        """Add a string that is not known to be there."""
        number = self._add(key)
        if len(self) < _KEPT and not self._vocab.in_memory_zone:  # type: ignore[attr-defined]
            self[key] = number
        return number


@lru_cache(maxsize=2)
def get_string_ids(vocab: Vocab) -> StringIds:
    """The numbers of the strings of a vocabulary."""
    return StringIds(vocab)


@contextmanager
def batch_memory(nlp: Language) -> Iterator[None]:
    """Keep the memory of a run flat: when the vocabulary is full, what a batch of Docs adds to it is given back.

    The words it has by then stay, for making them anew for each batch takes longer than cutting the text into tokens.
    """
    if len(nlp.vocab.strings) < _KEPT:
        yield
    else:
        with nlp.memory_zone():
            yield
