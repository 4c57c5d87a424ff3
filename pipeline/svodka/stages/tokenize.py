"""Tokens and sentences: razdel, over a copy of the text without stress marks and soft hyphens, mapped back.

Lines of a news text are paragraphs, headlines and list items: a sentence ends at a line break, save where the text is
wrapped at a fixed width. razdel itself reads a line break as a space.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress, pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from spacy.attrs import ORTH, SENT_START
from spacy.tokens import Doc
from spacy.vocab import Vocab

from svodka.lexical import get_string_ids
from svodka.records import Sentences
from svodka.stages.columns import set_columns
from svodka.stages.segment import cut_words, sentence_ends

_Indices = npt.NDArray[np.int64]

# Soft hyphen, zero-width characters, byte-order mark: they are written inside words and are no part of them.
_IGNORABLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# Stress marks, and the breve and diaeresis of a decomposed й and ё.
_COMBINING = "\u0300\u0301\u0306\u0308"
_ODD = re.compile(f"[{_IGNORABLE}{_COMBINING}]")
_LINE_BREAK = re.compile("[\n\r\u2028\u2029]+")
_SENTENCE_END = frozenset('.!?…:;»"”')
# Posts quoted in news end their sentences with emoji, smileys and hashtags; razdel does not know them as ends.
# (One class of first characters, told apart behind it, so that the search skips all others at once; a run of brackets
# is read from its first one only, without that which closes «(».)
_EMOJI = "\U0001f300-\U0001faff\u2600-\u27bf\u2800"
_BRACKETS = r"(?<=\))(?<!\(\))(?:(?<!\)\))|(?<=\(\)\)))\)++"
_POST_END = re.compile(
    rf"[{_EMOJI}:;=)#](?:(?<=[{_EMOJI}])\uFE0F?|(?<=[:;=])-?[)D(]|{_BRACKETS}|(?<=#)\w+)\s+(?=[А-ЯЁA-Z@])"
)
_MAX_SENTENCE_TOKENS = 400


def clean(word: str) -> str:
    """The word without soft hyphens, zero-width characters and stress marks, й and ё composed.

    >>> clean("за\u0301мок"), clean("прави\u00adтельство")
    ('замок', 'правительство')
    """
    if not _ODD.search(word):
        return word
    composed = unicodedata.normalize("NFC", word)
    return _ODD.sub("", composed) or word


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Tokens and sentences of a text.

    Attributes:
        tokens: (start, end) of each token, in order, no token empty; together they cover all that is not white space.
        sentence_starts: Index of the first token of each sentence.
    """

    tokens: list[tuple[int, int]]
    sentence_starts: list[int]


def segment(text: str, *, max_sentence_tokens: int = _MAX_SENTENCE_TOKENS) -> Segmentation:
    """Cut a text into tokens and sentences.

    Args:
        text: Any text; it is not changed and the offsets point into it.
        max_sentence_tokens: A longer run without a sentence end (a list, a table) is cut here.
    """
    cut = _cut(text, max_sentence_tokens)
    places = list(zip(cut.starts.tolist(), cut.ends.tolist(), strict=True))
    numbers = (np.cumsum(cut.is_token) - 1)[cut.sentence_starts]
    return Segmentation(list(compress(places, cut.is_token)), numbers.tolist())


@dataclass(frozen=True, slots=True)
class _Cut:
    """A text cut as spaCy stores it: white space beyond one space after a token is a word too.

    Attributes:
        words: Together with the spaces they are the text.
        spaces: Whether a space follows each word.
        starts: First code point of each word.
        ends: One past the last code point of each word.
        is_token: Which of the words are tokens.
        sentence_starts: Which of the words begin sentences.
    """

    words: list[str]
    spaces: list[bool]
    starts: _Indices
    ends: _Indices
    is_token: npt.NDArray[np.bool_]
    sentence_starts: _Indices


def _cut(text: str, max_sentence_tokens: int) -> _Cut:
    plain, offsets = _plain_text(text)
    words, spaces, white = cut_words(plain)
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    stops = np.cumsum(lengths + spaces)
    starts = stops - lengths - spaces
    is_token = np.ones(len(words), dtype=np.bool_)
    is_token[white] = False
    tokens = np.flatnonzero(is_token)
    sentence_starts = tokens[_sentence_starts(plain, starts[tokens], max_sentence_tokens)]
    ends = starts + lengths
    if offsets is not None:
        places = np.array(offsets, dtype=np.int64)
        starts, ends = places[starts], places[ends]
        words = [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    return _Cut(words, spaces.tolist(), starts, ends, is_token, sentence_starts)


def _given(text: str, sentences: Sentences) -> _Cut:
    """The cut that given tokens make."""
    words: list[str] = []
    starts: list[int] = []
    spaces: list[bool] = []
    is_token: list[bool] = []
    sentence_starts: list[int] = []
    position = 0

    def add_space(end: int) -> None:
        """The white space up to an offset: one space is of the word before it, more of it is a word."""
        nonlocal position
        if words and text[position:end].startswith(" "):
            spaces[-1] = True
            position += 1
        if position < end:
            add(end, False)

    def add(end: int, token: bool) -> None:
        nonlocal position
        words.append(text[position:end])
        starts.append(position)
        spaces.append(False)
        is_token.append(token)
        position = end

    for sentence in sentences:
        for number, (start, end) in enumerate(sentence):
            add_space(start)
            if number == 0:
                sentence_starts.append(len(words))
            add(end, True)
    add_space(len(text))
    begins = np.array(starts, dtype=np.int64)
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    return _Cut(
        words, spaces, begins, begins + lengths, np.array(is_token, dtype=np.bool_), np.array(sentence_starts, np.int64)
    )


def _plain_text(text: str) -> tuple[str, list[int] | None]:
    """The text that razdel reads, and the offset of each of its characters, and of its end, in the stored text."""
    if not _ODD.search(text):
        return text, None
    characters: list[str] = []
    offsets: list[int] = []
    position = 0
    for match in _ODD.finditer(text):
        odd, offset = match.group(), match.start()
        characters += text[position:offset]
        offsets += range(position, offset)
        position = offset + 1
        before = characters[-1] if characters else " "
        if odd in _COMBINING and before.isalpha():
            composed = unicodedata.normalize("NFC", before + odd)
            if len(composed) == 1:
                characters[-1] = composed
        # between two spaces such a character stands for itself, so that no token is lost
        elif odd not in _IGNORABLE or before.isspace():
            characters.append(odd)
            offsets.append(offset)
    characters += text[position:]
    offsets += range(position, len(text) + 1)
    return "".join(characters), offsets


def _is_wrapped(text: str) -> bool:
    """Whether lines end at a fixed width: many single line breaks are followed by a small letter."""
    lines = [line.removesuffix("\r").strip(" \t") for line in text.split("\n")]
    breaks: list[str] = []
    counted = False
    for line, following in pairwise(lines):
        # a line of one character is the end of one break and not the beginning of another
        counted = bool(line and following) and not (
            line[-1].isspace() or following[0].isspace() or (counted and len(line) == 1)
        )
        if counted:
            breaks.append(following[0])
    return len(breaks) > 2 and sum(map(str.islower, breaks)) > len(breaks) / 3


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    wrapped = _is_wrapped(text)
    start = line_start = 0
    last = ""  # what the lines so far end with
    for match in _LINE_BREAK.finditer(text):
        last = text[line_start : match.start()].rstrip()[-1:] or last
        line_start = match.end()
        blank = len(match.group().replace("\r\n", "\n")) > 1
        continues = text[line_start : line_start + 1].islower() and last and last not in _SENTENCE_END
        if blank or not (wrapped or continues):
            yield start, match.start()
            start, last = line_start, ""
    yield start, len(text)


def _sentence_starts(text: str, tokens: _Indices, limit: int) -> list[int]:
    """Which of the tokens, given by their offsets, begin sentences: each first one after a sentence's end."""
    begins: list[int] = []
    for start, end in _paragraphs(text):
        begins.append(start)
        begins += sentence_ends(text, start, end)
    begins += (match.end() for match in _POST_END.finditer(text))
    starts = {0, len(tokens), *np.searchsorted(tokens, begins).tolist()}
    return [index for start, end in pairwise(sorted(starts)) for index in range(start, end, limit)]


class RazdelTokenizer:
    """spaCy tokenizer that cuts with razdel and marks sentence starts.

    The Doc's text is the given text: white space beyond one space after a token becomes a white-space token, which
    belongs to the sentence before it.

    Args:
        vocab: The pipeline's vocabulary.
        max_sentence_tokens: See `segment`.
    """

    def __init__(self, vocab: Vocab, max_sentence_tokens: int = _MAX_SENTENCE_TOKENS) -> None:
        self.vocab = vocab
        self.max_sentence_tokens = max_sentence_tokens

    def __call__(self, text: str) -> Doc:
        """The Doc of a text."""
        return self._doc(text, _cut(text, self.max_sentence_tokens))

    def from_tokens(self, text: str, sentences: Sentences) -> Doc:
        """The Doc of a text whose tokens are known.

        Args:
            text: The text.
            sentences: Sentences of (start, end) of tokens, in order; only white space lies between them.
        """
        return self._doc(text, _given(text, sentences))

    def hidden_doc(self, text: str, sentences: Sentences | None = None) -> Doc:
        """The Doc of a text for svodka's stages alone: its tokens are in its columns, and spaCy is spared them.

        Args:
            text: The text.
            sentences: As for `from_tokens`, where its tokens are known.
        """
        cut = _cut(text, self.max_sentence_tokens) if sentences is None else _given(text, sentences)
        return self._doc(text, cut, hidden=True)

    def _doc(self, text: str, cut: _Cut, *, hidden: bool = False) -> Doc:
        begins = np.full(len(cut.words), -1, np.int64)
        begins[cut.sentence_starts] = 1
        if not cut.is_token[:1].all():
            begins[1:2] = -1  # leading white space is of the first sentence
        begins[:1] = 1
        attributes = {SENT_START: begins.view(np.uint64)}
        if hidden:
            doc = Doc(self.vocab)
        else:
            ids = list(map(get_string_ids(self.vocab).__getitem__, cut.words))
            doc = Doc(self.vocab, words=cast(Any, ids), spaces=cut.spaces)
            doc.from_array([SENT_START], cast(Any, attributes[SENT_START]))
            attributes[ORTH] = np.array(ids, dtype=np.uint64)
        lists = {"words": cut.words, "is_word": cut.is_token}
        set_columns(doc, text, cut.starts, cut.ends, attributes, hidden=hidden, **lists)
        return doc

    # spaCy saves and loads a tokenizer with its pipeline; this one is rebuilt from the config alone.
    def to_bytes(self, **kwargs: Any) -> bytes:  # noqa: ANN401
        """Nothing to save: the config tells all."""
        return b""

    def from_bytes(self, data: bytes, **kwargs: Any) -> "RazdelTokenizer":  # noqa: ANN401
        """Nothing to load."""
        return self

    def to_disk(self, path: str | Path, **kwargs: Any) -> None:  # noqa: ANN401
        """Nothing to save: the config tells all."""

    def from_disk(self, path: str | Path, **kwargs: Any) -> "RazdelTokenizer":  # noqa: ANN401
        """Nothing to load."""
        return self
