"""Corrected annotation of brat or Label Studio made into gold: a file a document in svodka's markup."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from svodka.corrections import brat, label_studio
from svodka.corrections.build import Warn, gold_of
from svodka.corrections.scheme import Annotation
from svodka.errors import InputError
from svodka.evaluate.markup import format_gold, parse_gold
from svodka.records import Article
from svodka.writers.filenames import FileNames


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What was imported.

    Attributes:
        n_documents: Documents, a file each.
        n_quotes: Quotations in them, negated and hypothetical ones too.
        n_dates: Date expressions.
        n_mentions: Mentions by name of persons, organisations and places.
        warnings: What could not be used, «file:line: what», and what it cost.
    """

    n_documents: int
    n_quotes: int
    n_dates: int
    n_mentions: int
    warnings: tuple[str, ...]


def import_gold(source: Path, out: Path) -> ImportSummary:
    """Write what was corrected in another tool as gold, for ``svodka evaluate`` and ``svodka adapt``.

    Args:
        source: A folder that ``svodka export --to brat`` wrote, or what Label Studio exports as JSON: a file, or a
            folder of such files.
        out: Folder for ``NAME.gold``; new or empty.

    Raises:
        InputError: The source is neither, or cannot be read; the folder holds something.
    """
    if out.is_dir() and any(out.iterdir()):
        raise InputError(
            "the folder holds something, perhaps other gold; give a new one, or remove it", source=str(out)
        )
    warnings: list[str] = []

    def warn(place: str, message: str) -> None:
        warnings.append(f"{place}: {message}")

    names = FileNames()
    seen: set[str] = set()
    total: Counter[str] = Counter()
    for article, annotation in _documents(source, warn):
        if article.doc_id in seen:
            warn(str(source), f"a second document {article.doc_id!r}; the first is kept")
            continue
        seen.add(article.doc_id)
        gold = gold_of(article, annotation, warn)
        try:
            content = format_gold(gold)
            parse_gold(content)
        except InputError as error:
            warn(article.doc_id, f"cannot be written as gold and is left out: {error}")
            continue
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{names.name(article.doc_id)}.gold").write_text(content, encoding="utf-8", newline="\n")
        quotes = len(gold.quotes) + len(gold.unasserted)
        total.update(n_documents=1, n_quotes=quotes, n_dates=len(gold.dates), n_mentions=len(gold.entities))
    if not total:
        told = f" ({warnings[0]})" if warnings else ""
        raise InputError(f"nothing to make gold of{told}", source=str(source))
    return ImportSummary(**total, warnings=tuple(warnings))


def _documents(source: Path, warn: Warn) -> Iterator[tuple[Article, Annotation]]:
    if source.is_dir() and next(source.rglob("*.ann"), None) is not None:
        return brat.read_corrections(source, warn)
    files = sorted(source.glob("*.json")) if source.is_dir() else [source]
    if not files:
        raise InputError("neither .ann files of brat nor .json files of Label Studio are here", source=str(source))
    return (document for file in files for document in label_studio.read_corrections(file, warn))
