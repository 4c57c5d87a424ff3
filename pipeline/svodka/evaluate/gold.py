"""Where gold comes from, and predictions to compare it with: the input of every layer's evaluation but syntax.

Gold is a folder of JSON documents with character spans, a folder of articles in markup (`svodka.evaluate.markup`), a
JSONL file of date cases, or one of stand-off annotation, which names the corpus that holds the texts. Predictions are a
folder of svodka's tables, or the pipeline itself, run over the gold texts.
"""

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pyarrow.dataset as ds
from spacy.language import Language
from spacy.tokens import Doc

from svodka.engine import make_doc
from svodka.errors import InputError
from svodka.evaluate.markup import GoldArticle, GoldDate, iso_days, read_gold
from svodka.readers import read
from svodka.records import Article

Item = TypeVar("Item")

_DEFAULTS: dict[str, Any] = {
    "form": "inline",
    "cue_span": None,
    "mention_span": None,
    "speaker": None,
    "speaker_kind": "unknown",
    "via": None,
    "aliases": [],
    "parent": None,
    "polarity": "asserted",
}

_IMPORT = "; `svodka gold import` makes gold of what was corrected in brat or Label Studio"


def load_gold(path: Path) -> list[GoldArticle]:
    """Read gold articles in order of file names.

    Args:
        path: A folder of ``*.json`` documents (doc, text, quotes with spans), a folder of ``*.gold`` articles in
            markup, one file of either, or a ``*.jsonl`` file of date cases (id, text, published or anchor, gold) or of
            stand-off annotation: a line ``{"corpus": PATH}``, relative to the file, and then ``{"id": ARTICLE, "dates":
            [[start, end, type, EDTF or null], …]}`` or ``{"id": ARTICLE, "quotes": [{"id", "type", "spans", …}, …]}``;
            what a quotation leaves out is inline, asserted, without cue, mention, speaker, medium, parent, aliases.

    Raises:
        InputError: The path does not exist, holds no gold, or a file of it cannot be read.
    """
    if path.is_dir():
        files = sorted(path.glob("*.json")) or sorted(path.glob("*.gold"))
    else:
        files = [path] if path.exists() else []
    if not files:
        message = f"no gold here; give a folder of .json or .gold articles, or a .jsonl file{_IMPORT}"
        raise InputError(message, source=str(path))
    return [article for file in files for article in _read_file(file)]


def _read_file(file: Path) -> Iterator[GoldArticle]:
    try:
        if file.suffix == ".json":
            yield _quotes_document(json.loads(file.read_text(encoding="utf-8")))
        elif file.suffix == ".jsonl":
            yield from _cases(file)
        else:
            yield read_gold(file)
    except (AttributeError, KeyError, TypeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        message = f"not the layout of gold ({type(error).__name__}: {error}){_IMPORT}"
        raise InputError(message, source=str(file)) from error


def corpus_of(gold: Path) -> Path | None:
    """The corpus that holds the texts of stand-off annotation; None for gold with its own texts."""
    if gold.suffix != ".jsonl" or not gold.is_file():
        return None
    with gold.open(encoding="utf-8") as lines:
        header: dict[str, Any] = json.loads(next(lines, "{}"))
    return gold.parent / header["corpus"] if header.keys() == {"corpus"} else None


def _cases(file: Path) -> Iterator[GoldArticle]:
    with file.open(encoding="utf-8", newline="\n") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    corpus = corpus_of(file)
    if corpus is None:
        yield from map(_date_case, rows)
        return
    if not corpus.exists():
        raise InputError(f"the texts of this gold are not here: there is no {corpus.resolve()}", source=str(file))
    texts = {article.doc_id: article for article in read(corpus) if isinstance(article, Article)}
    for row in rows[1:]:
        article = texts[row["id"]]
        dates = [_standoff_date(article.text, *item) for item in row.get("dates", [])]
        quotes: list[Any] = [{**_DEFAULTS, **quote} for quote in row.get("quotes", [])]
        yield GoldArticle(article, quotes, dates, [])


def _standoff_date(text: str, start: int, end: int, type_: str, edtf: str | None) -> GoldDate:
    first, last = iso_days(edtf)
    return GoldDate(start=start, end=end, text=text[start:end], type=type_, edtf=edtf, start_date=first, end_date=last)


def _quotes_document(values: dict[str, Any]) -> GoldArticle:
    article = Article(text=values["text"], doc_id=values["doc"], published=values.get("published"))
    return GoldArticle(article, [{**_DEFAULTS, **quote} for quote in values["quotes"]], [], [])  # type: ignore[typeddict-item]


def _date_case(values: dict[str, Any]) -> GoldArticle:
    published = values.get("published") or values.get("anchor")
    article = Article(text=values["text"], doc_id=str(values["id"]), published=published)
    return GoldArticle(article, [], values["gold"], [])


def read_json_lines(path: Path, corpus: str, from_values: Callable[[dict[str, Any]], Item]) -> Iterator[Item]:
    """What is made of each line of a file of JSON lines, gzipped or not.

    Args:
        path: The file.
        corpus: Name of the corpus that has this layout, for the error.
        from_values: Makes an item of the values of a line.

    Raises:
        InputError: A line is not in that layout.
    """
    open_text = gzip.open if path.suffix == ".gz" else open
    with open_text(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                item = from_values(json.loads(line))
            except (KeyError, TypeError, ValueError) as error:
                raise InputError(f"not the layout of {corpus} ({error})", source=f"{path}:{number}") from error
            yield item


def annotate(nlp: Language, articles: Iterable[Article]) -> Iterator[Doc]:
    """The pipeline's Docs of the gold texts, with their publication dates, in the order of `articles`."""
    return nlp.pipe(make_doc(nlp, article) for article in articles)


def predictions_by_document(
    articles: Sequence[Article],
    tables: Path | None,
    nlp: Language | None,
    *,
    from_tables: Callable[[Path], dict[str, Item]],
    from_doc: Callable[[Doc], Item],
) -> dict[str, Item]:
    """What is compared with gold, by document: what tables hold, or what the pipeline finds in the gold texts.

    Args:
        articles: The gold texts.
        tables: Folder of tables, if there is one.
        nlp: The pipeline to run where there is none.
        from_tables: Reads the predictions of all documents.
        from_doc: Makes the predictions of a Doc.

    Raises:
        InputError: A table cannot be read, or there are neither tables nor a pipeline.
    """
    if tables is not None:
        return from_tables(tables)
    if nlp is None:
        raise InputError("give a folder of predictions or a pipeline")
    docs = annotate(nlp, articles)
    return {article.doc_id: from_doc(doc) for article, doc in zip(articles, docs, strict=True)}


def read_predictions(
    articles: Sequence[Article],
    table: str,
    tables: Path | None,
    nlp: Language | None,
    *,
    from_row: Callable[[dict[str, Any]], Item],
    from_doc: Callable[[Doc], Iterable[Item]],
) -> dict[str, list[Item]]:
    """As `predictions_by_document`, where the predictions are the rows of one table.

    Args:
        articles: The gold texts.
        table: Name of the table.
        tables: Folder of tables, if there is one.
        nlp: The pipeline to run where there is none.
        from_row: Makes a prediction of a row.
        from_doc: Makes the predictions of a Doc.

    Raises:
        InputError: The table cannot be read, or there are neither tables nor a pipeline.
    """

    def from_tables(folder: Path) -> dict[str, list[Item]]:
        return {doc_id: list(map(from_row, rows)) for doc_id, rows in read_table(folder, table).items()}

    return predictions_by_document(
        articles, tables, nlp, from_tables=from_tables, from_doc=lambda doc: list(from_doc(doc))
    )


def read_table(tables: Path, name: str) -> dict[str, list[dict[str, Any]]]:
    """Rows of a table by document.

    Args:
        tables: Folder of tables: NAME.parquet, or a folder NAME of shards.
        name: Name of the table.

    Raises:
        InputError: The folder has no such table.
    """
    source = tables / name if (tables / name).is_dir() else tables / f"{name}.parquet"
    if not source.exists():
        raise InputError(f"no table {name!r}; write it with `svodka run INPUT --out {tables}`", source=str(tables))
    rows = defaultdict(list)
    for row in ds.dataset(source, format="parquet").to_table().to_pylist():
        rows[str(row["doc_id"])].append(row)
    return dict(rows)
