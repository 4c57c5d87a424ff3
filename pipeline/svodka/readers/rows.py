"""From the row of a source to an article, or to the problem that it is."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from numbers import Integral, Real

from svodka.errors import InputError
from svodka.readers.addresses import date_of_url
from svodka.readers.published import parse_published
from svodka.records import Article, Problem, Sentences

# pandas' marks of a missing value, known by name so that pandas need not be imported.
_MISSING = ("NAType", "NaTType")


@dataclass(frozen=True, slots=True)
class Row:
    """What a source tells about one article.

    Attributes:
        values: Field → value as the source has it, the fields being those of `columns.ALIASES`.
        source: File and line; None where the rows come from neither.
        default_id: Id of the article where the source gives none.
        published_from: Where `published` was read, if it is not in the metadata of the source: html, url or text. Where
            there is none, a whole date in the URL is taken.
        encoding: What the text was decoded from.
        tokens: Its sentences and tokens, where the source has them; see `svodka.records.Article`.
    """

    values: Mapping[str, object]
    source: str | None
    default_id: str
    published_from: str | None = None
    encoding: str | None = None
    tokens: Sentences | None = None

    def to_article(self) -> Article:
        """The article, its text exactly as it is in the source.

        Raises:
            InputError: The row has no text, or a value that cannot be used.
        """
        doc_id = _identifier(self.values.get("id")) or self.default_id
        try:
            text = _text(self.values.get("text"))
            url = _string("url", self.values.get("url"))
            published = parse_published(_present(self.values.get("published")))
            published_from = self.published_from
            if published is None and url is not None and (of_url := date_of_url(url)):
                published, published_from = dt.datetime.combine(of_url, dt.time()), "url"
            day = parse_published(_present(self.values.get("published_day")))
            return Article(
                text=text,
                doc_id=doc_id,
                title=_string("title", self.values.get("title")),
                author=_author(self.values.get("author")),
                url=url,
                published=published,
                published_from=published_from if published else None,
                anchor=day and day.date(),
                source=_string("source", self.values.get("source")) or self.source,
                encoding=self.encoding,
                tokens=_tokens(text, self.tokens),
            )
        except InputError as error:
            error.doc_id = doc_id
            raise


def to_articles(rows: Iterable[Row | Article | Problem | InputError]) -> Iterator[Article | Problem]:
    """The articles of all rows of a run; what cannot be one becomes a problem and costs nothing else.

    Of several articles with one id the first is taken. Eight bytes of each id's hash are remembered, so that two ids
    of a million articles are taken for one another once in some forty million runs.
    """
    seen: set[int] = set()
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        try:
            if isinstance(row, InputError):
                raise row
            article = _checked(row) if isinstance(row, Article) else row.to_article()
            digest = int.from_bytes(blake2b(article.doc_id.encode(), digest_size=8).digest())
            if digest in seen:
                # The id belongs to the article that came first, so this problem bears none.
                raise InputError(f"the id {article.doc_id!r} is taken by an earlier article; give each its own id")
            seen.add(digest)
        except InputError as error:
            source = error.source or (None if isinstance(row, InputError) else row.source)
            yield Problem(
                doc_id=error.doc_id, source=source, stage="read", error_type="InputError", message=error.args[0]
            )
        else:
            yield article


def _checked(article: Article) -> Article:
    """The article, if its text and id can be used; it may have been made by anybody."""
    try:
        _text(article.text)
        _tokens(article.text, article.tokens)
        if _string("id", article.doc_id) is None:
            raise InputError("the id is empty; give each article its own id")
    except InputError as error:
        error.doc_id = article.doc_id
        raise
    return article


def _tokens(text: str, sentences: Sentences | None) -> Sentences | None:
    """The tokens of a text, if they lie in it in order, and only white space lies between them."""
    if sentences is None:
        return None
    edges = [0, *(offset for sentence in sentences for span in sentence for offset in span), len(text)]
    is_rising = all(start < end for start, end in zip(edges[1:-1:2], edges[2:-1:2], strict=True))
    if edges != sorted(edges) or not is_rising or not all(sentences):
        raise InputError("the tokens are empty, overlap or lie outside the text; give (start, end) in reading order")
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if text[start:end].strip():
            raise InputError(f"no token holds {text[start:end].strip()[:20]!r}; give every word and mark a token")
    return sentences


def _author(value: object) -> str | None:
    """Author or authors, by name or as schema.org has them; None where there is nothing of the kind."""
    names = [name.get("name") if isinstance(name, Mapping) else name for name in _listed(value)]
    return _string("author", "; ".join(name for name in names if isinstance(name, str) and name.strip()))


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else (value,)


def _present(value: object) -> object | None:
    """The value, None where it is one of the marks of a missing value (null, NaN, NaT, NA)."""
    if type(value).__name__ in _MISSING or (isinstance(value, Real) and value != value):
        return None
    return value


def _text(value: object) -> str:
    value = _present(value)
    if value is None or value == "":
        raise InputError("the text is empty; remove the article, or fill it in")
    if not isinstance(value, str):
        raise InputError(f"the text is of type {type(value).__name__}; it has to be a string")
    _refuse_surrogates("text", value)
    if not any(char.isprintable() and not char.isspace() for char in value):
        raise InputError("the text has only spaces and control characters; remove the article, or fill it in")
    return value


def _string(field: str, value: object) -> str | None:
    """A field that is a string, or None where it is missing or blank."""
    value = _present(value)
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputError(f"the {field} is of type {type(value).__name__}; it has to be a string")
    _refuse_surrogates(field, value)
    return value if value.strip() else None


def _identifier(value: object) -> str | None:
    """An id as a string; a whole number that pandas or JSON made a float loses its «.0»."""
    if isinstance(value, Integral) and not isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return _string("id", value)


def _refuse_surrogates(field: str, value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        message = (
            f"character {error.start} of the {field} is half of a surrogate pair (U+{ord(value[error.start]):04X}), "
            "which is no character: repair what cut the pair in two, or leave the half out"
        )
        raise InputError(message) from error
