"""CoNLL-U: documents whose tokens and sentences are given, and kept.

The format is that of Universal Dependencies (https://universaldependencies.org/format.html). White space stands in MISC
as UDPipe writes it (https://ufal.mff.cuni.cz/udpipe/1/users-manual). Metadata stand in comments, ``# title = …``; one
that a comment cannot hold as it is stands as udapi writes it, ``# json_title = "…"``.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from svodka.errors import InputError
from svodka.readers.columns import Columns
from svodka.readers.encoding import MOST_BYTES, Line, lines
from svodka.readers.files import InputFile
from svodka.readers.opening import open_bytes
from svodka.readers.options import ReadOptions
from svodka.readers.rows import Row

if TYPE_CHECKING:
    from pathlib import Path

NOT_HELD = "\ufffd"
"""What UD refuses as the trace of a wrong encoding."""

_N_COLUMNS = 10
_PUBLISHED_FROM = ("metadata", "html", "url", "text")
_ID = re.compile(r"\d+(?:[-.]\d+)?", re.ASCII)
_NEWDOC = re.compile(r"newdoc(?:[ _]id)?\s*(?:=\s*(?P<id>.*))?")
_JSON = re.compile(r"(?:doc_)?json_(?P<key>[^\s=]+)")
_ESCAPES = {" ": "s", "\t": "t", "\r": "r", "\n": "n", "|": "p", "\\": "\\"}
_ESCAPED = {letter: char for char, letter in _ESCAPES.items()}
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|U(00(?:0[0-9a-f]|10)[0-9a-f]{4})|(.))")


def escape(text: str) -> str:
    r"""A text as a value in MISC, as UDPipe escapes white space; other characters that cannot stand there by number.

    >>> print(escape("а\n |\u2028"))
    а\n\s\p\u2028
    """
    literal = "".join(char if _is_plain(char) else _by_number(char) for char in text)
    if unicodedata.is_normalized("NFC", f"={literal}"):
        return literal
    return "".join(char if _is_plain(char) and char.isascii() else _by_number(char) for char in text)


def unescape(value: str) -> str:
    r"""The text of `escape`; a backslash before anything else stands for itself.

    >>> unescape("а\\n\\s\\p\\u2028\\x")
    'а\n |\u2028\\x'
    """
    return _ESCAPE.sub(_meant, value)


def _is_plain(char: str) -> bool:
    return char.isprintable() and char not in _ESCAPES and char not in ("=", NOT_HELD)


def _by_number(char: str) -> str:
    if char in _ESCAPES:
        return f"\\{_ESCAPES[char]}"
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _meant(match: re.Match[str]) -> str:
    number = match[1] or match[2]
    return chr(int(number, 16)) if number else _ESCAPED.get(match[3], match[0])


@dataclass(slots=True)
class Sentence:
    """The lines of a sentence.

    Attributes:
        number: Line of the file it begins at, from 1.
        comments: Its comments without «#».
        rows: The ten columns of each of its lines.
        error: What is wrong with the first line that is none of CoNLL-U.
    """

    number: int
    comments: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    error: InputError | None = None

    def add(self, line: Line, path: "Path") -> None:
        """Take a line; one that cannot be read makes the `error`."""
        try:
            text = line.decode(path).rstrip("\r\n")
            if text.startswith("#"):
                self.comments.append(text[1:].strip())
            else:
                self.rows.append(_columns(text))
        except InputError as error:
            self.error = self.error or InputError(error.args[0], source=f"{path}:{line.number}")

    def fields(self) -> dict[str, str]:
        """Key → value of its comments; those in JSON by their own key."""
        found = {}
        for comment in self.comments:
            key, _, value = (part.strip() for part in comment.partition("="))
            if match := _JSON.fullmatch(key):
                key, value = match["key"], _from_json(value)
            if key and value:
                found[key] = value
        return found


def read_sentences(file: IO[bytes], path: "Path") -> Iterator[Sentence]:
    """The sentences of a file, one after another.

    Raises:
        InputError: The file as a whole cannot be read further.
    """
    sentence = None
    for line in lines(file, path):
        if line.data.strip() or line.is_too_long:
            sentence = sentence or Sentence(line.number)
            sentence.add(line, path)
        elif sentence:
            yield sentence
            sentence = None
    if sentence:
        yield sentence


def read_conllu(file: InputFile, options: ReadOptions) -> Iterator[Row | InputError]:
    """The documents of a CoNLL-U file with their tokens and sentences; what else the file says of them is not read.

    A document begins at ``# newdoc``; a file without it is one article, called as the file. The text is restored to the
    code point where MISC tells white space (SpaceAfter, SpacesAfter, SpacesBefore, SpacesInToken); otherwise as
    ``# text`` has it, sentences joined by a space, and by a line break at ``# newpar``. A multiword token (1-2) is one
    token, as it stands in the text; empty nodes (1.1) are none. Comments of a document's first sentence are its
    metadata, by the names that all readers know: ``# title``, ``# url``, ``# date``.

    Args:
        file: The file, in UTF-8, as the format wants it.
        options: Its `columns` are the caller's own field → key of a comment.

    Yields:
        A row a document, and the error of each sentence that cannot be read; its document does without it.

    Raises:
        InputError: The file cannot be read further, or a document is too long for an article.
        OSError: The file cannot be opened.
    """
    finder = Columns(options.columns, str(file.path))
    document = _Document(file.name, file, 1)
    with open_bytes(file) as opened:
        for sentence in read_sentences(opened, file.path):
            matches = (_NEWDOC.fullmatch(comment) for comment in sentence.comments)
            if newdoc := next(filter(None, matches), None):
                yield from document.rows(finder)
                document = _Document(newdoc["id"] or f"{file.name}:{sentence.number}", file, sentence.number)
            document.add(sentence)
            if sentence.error:
                yield sentence.error
    yield from document.rows(finder)
    finder.warn_of_unseen()


def _columns(text: str) -> list[str]:
    columns = text.split("\t")
    if len(columns) != _N_COLUMNS:
        message = f"{len(columns)} columns, CoNLL-U has {_N_COLUMNS}, with tabs between them"
        raise InputError(f"{message}; mend the line, its sentence is left out")
    if not _ID.fullmatch(columns[0]):
        raise InputError(f"{columns[0]!r} is no ID such as 1, 1-2 or 1.1; mend the line, its sentence is left out")
    if not columns[1].strip():
        raise InputError("the FORM is empty; mend the line, its sentence is left out")
    return columns


def _from_json(value: str) -> str:
    """The string that a JSON value is; "" where it is another, which is no metadata."""
    try:
        found = json.loads(value)
    except ValueError:
        return ""
    return found if isinstance(found, str) else ""


class _Document:
    """A document that is being read.

    Args:
        default_id: Its id where no comment gives one.
        file: Where it stands.
        number: The line it begins at.
    """

    def __init__(self, default_id: str, file: InputFile, number: int) -> None:
        self._default_id = default_id
        self._file = file
        self._number = number
        self._fields: dict[str, str] | None = None
        self._pieces: list[str] = []
        self._length = 0
        self._tokens: list[tuple[tuple[int, int], ...]] = []
        self._space: str | None = ""  # after the last token; None where it is only known to be there

    def add(self, sentence: Sentence) -> None:
        """Append a sentence, if it can be read.

        Raises:
            InputError: The document is too long for an article.
        """
        fields = sentence.fields()
        if self._fields is None:
            self._fields = fields
        tokens = [] if sentence.error else list(_surface(sentence.rows))
        if not tokens:
            return
        if self._space is None:
            is_paragraph = any(comment.split()[:1] == ["newpar"] for comment in sentence.comments)
            self._space = "\n" if is_paragraph else " "
        spans = []
        for token, space in zip(tokens, _spaces(tokens, fields.get("text")), strict=True):
            self._append(self._space or "")
            self._append(token.before)
            start = self._length
            self._append(token.text)
            spans.append((start, self._length))
            self._space = space
        self._tokens.append(tuple(spans))
        if self._length > MOST_BYTES:
            message = f"a document of more than {MOST_BYTES} characters is no article; begin articles with «# newdoc»"
            raise InputError(message, source=f"{self._file.path}:{self._number}", doc_id=self._default_id)

    def rows(self, finder: Columns) -> Iterator[Row]:
        """The document as a row, if it has any token."""
        if not self._tokens:
            return
        self._append(self._space or "")
        comments = (self._fields or {}) | {"text": "".join(self._pieces)}
        values = {name: comments[key] for name, key in finder.find(comments).items()}
        published_from = comments.get("published_from")
        yield Row(
            values,
            f"{self._file.path}:{self._number}",
            self._default_id,
            published_from=published_from if published_from in _PUBLISHED_FROM else None,
            tokens=tuple(self._tokens),
        )

    def _append(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)


@dataclass(frozen=True, slots=True)
class _Token:
    """A token of the surface.

    Attributes:
        form: Its FORM.
        text: What stands in the document.
        before: White space before it that belongs to no other token.
        after: White space after it; None where MISC does not tell it.
    """

    form: str
    text: str
    before: str
    after: str | None


def _surface(rows: Sequence[Sequence[str]]) -> Iterator[_Token]:
    """The tokens as they stand in the text: multiword tokens for their words, no empty nodes."""
    covered = 0
    for number, form, *_, misc in rows:
        first, _, last = number.partition("-")
        if "." in number or int(first) <= covered:
            continue
        covered = int(last or covered)
        told = dict(item.partition("=")[::2] for item in misc.split("|"))
        after = unescape(told["SpacesAfter"]) if "SpacesAfter" in told else None
        if after is None and told.get("SpaceAfter") == "No":
            after = ""
        surface = unescape(told.get("SpacesInToken", "")) or form
        yield _Token(form, surface, unescape(told.get("SpacesBefore", "")), after)


def _spaces(tokens: Sequence[_Token], text: str | None) -> Iterator[str | None]:
    """The white space after each token; what MISC does not tell is looked up in the text of the sentence."""
    looked_up = _between([token.form for token in tokens], text or "") or [" "] * (len(tokens) - 1)
    for token, space in zip(tokens, [*looked_up, None], strict=True):
        yield space if token.after is None else token.after


def _between(forms: Sequence[str], text: str) -> list[str] | None:
    """The white space between words that spell a text; None where they do not."""
    spaces = []
    position = 0
    for form in forms:
        start = len(text) - len(text[position:].lstrip())
        if not text.startswith(form, start):
            return None
        spaces.append(text[position:start])
        position = start + len(form)
    return None if text[position:].strip() else spaces[1:]
