"""Tokens and sentences: razdel, over a copy of the text without stress marks and soft hyphens, mapped back.

Lines of a news text are paragraphs, headlines and list items: a sentence ends at a line break, save where the text is
wrapped at a fixed width. razdel itself reads a line break as a space.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from razdel import sentenize, tokenize
from spacy.tokens import Doc
from spacy.vocab import Vocab

# Soft hyphen, zero-width characters, byte-order mark: they are written inside words and are no part of them.
_IGNORABLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# Stress marks, and the breve and diaeresis of a decomposed й and ё.
_COMBINING = "\u0300\u0301\u0306\u0308"
_ODD = re.compile(f"[{_IGNORABLE}{_COMBINING}]")
_LINE_BREAK = re.compile("[\n\r\u2028\u2029]+")
_SENTENCE_END = frozenset('.!?…:;»"”')
# Posts quoted in news end their sentences with emoji, smileys and hashtags; razdel does not know them as ends.
_POST_END = re.compile(
    r"(?:[\U0001F300-\U0001FAFF\u2600-\u27BF\u2800]\uFE0F?|[:;=]-?[)D(]|(?<!\()\){2,}|#\w+)\s+(?=[А-ЯЁA-Z@])"
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
    plain, offsets = _plain_text(text)
    tokens = [(token.start, token.stop) for token in tokenize(plain)]
    starts = _sentence_starts(plain, tokens, max_sentence_tokens)
    if offsets is not None:
        tokens = [(offsets[start], offsets[stop]) for start, stop in tokens]
    return Segmentation(tokens, starts)


def _plain_text(text: str) -> tuple[str, list[int] | None]:
    """The text that razdel reads, and the offset of each of its characters, and of its end, in the stored text."""
    if not _ODD.search(text):
        return text, None
    characters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        before = characters[-1] if characters else " "
        if character in _COMBINING and before.isalpha():
            composed = unicodedata.normalize("NFC", before + character)
            if len(composed) == 1:
                characters[-1] = composed
            continue
        # between two spaces such a character stands for itself, so that no token is lost
        if character in _IGNORABLE and not before.isspace():
            continue
        characters.append(character)
        offsets.append(offset)
    offsets.append(len(text))
    return "".join(characters), offsets


def _is_wrapped(text: str) -> bool:
    """Whether lines end at a fixed width: most single line breaks are followed by a small letter."""
    breaks = re.findall(r"\S[ \t]*\r?\n[ \t]*(\S)", text)
    return len(breaks) > 2 and sum(character.islower() for character in breaks) > len(breaks) / 3


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    wrapped = _is_wrapped(text)
    start = 0
    for match in _LINE_BREAK.finditer(text):
        line = text[start : match.start()].rstrip()
        following = text[match.end() : match.end() + 1]
        blank = len(match.group().replace("\r\n", "\n")) > 1
        continues = following.islower() and bool(line) and line[-1] not in _SENTENCE_END
        if blank or not (wrapped or continues):
            yield start, match.start()
            start = match.end()
    yield start, len(text)


def _sentence_starts(text: str, tokens: list[tuple[int, int]], limit: int) -> list[int]:
    begins = [start + sentence.start for start, end in _paragraphs(text) for sentence in sentenize(text[start:end])]
    begins = sorted({*begins, *(match.end() for match in _POST_END.finditer(text))})
    starts: list[int] = []
    current = -1
    for index, (token_start, _) in enumerate(tokens):
        sentence = bisect_right(begins, token_start)
        if sentence != current or index - starts[-1] >= limit:
            starts.append(index)
            current = sentence
    return starts


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
        cut = segment(text, max_sentence_tokens=self.max_sentence_tokens)
        begins = set(cut.sentence_starts)
        words: list[str] = []
        spaces: list[bool] = []
        starts: list[bool | int | None] = []

        def add_gap(gap: str) -> None:
            if gap.startswith(" ") and words:
                spaces[-1] = True
                gap = gap[1:]
            if gap:
                words.append(gap)
                spaces.append(False)
                starts.append(False)

        end_before = 0
        for index, (start, end) in enumerate(cut.tokens):
            add_gap(text[end_before:start])
            words.append(text[start:end])
            spaces.append(False)
            starts.append(index in begins)
            end_before = end
        add_gap(text[end_before:])
        if starts:
            starts[0] = True
        # leading white space is of the first sentence
        if len(starts) > 1 and words[0].isspace():
            starts[1] = False
        return Doc(self.vocab, words=words, spaces=spaces, sent_starts=list(starts))

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
