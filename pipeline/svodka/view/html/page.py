"""Documents and quotations as pieces of HTML, and pages of them that need nothing else."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from importlib.resources import files
from operator import itemgetter
from typing import Any, TypeAlias

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from svodka.records import BETWEEN_SEGMENTS
from svodka.view.days import days_of
from svodka.view.html.markup import marked, shown
from svodka.view.html.spans import quote_spans, spans_of
from svodka.view.html.speakers import Speaker, in_order, speakers_of
from svodka.writers.documents import Document, Row, part_of, segments_of

SpeakerURL: TypeAlias = Callable[[Speaker], str | None]

_KINDS = {"PER": "person", "ORG": "organisation", "LOC": "place"}


def text_html(document: Document, speakers: Iterable[Speaker], prefix: str = "") -> Markup:
    """The text with all that was found in it.

    Args:
        document: The rows of the document; those of `TABLES` are needed.
        speakers: Its speakers.
        prefix: What the anchors of quotations begin with: ``PREFIXq3`` is that of the quotation 3.
    """
    return marked(document.text, spans_of(document, speakers, prefix))


def document_html(
    document: Document,
    prefix: str = "",
    *,
    speakers: Sequence[Speaker] | None = None,
    speaker_url: SpeakerURL | None = None,
    is_open: bool = False,
) -> Markup:
    """The text with all that was found in it, a legend, and lists; `style_html` gives it its look.

    Args:
        document: The rows of the document; those of `TABLES` are needed.
        prefix: What the anchors of quotations begin with, so that several documents can be on one page.
        speakers: Its speakers, where they are known already.
        speaker_url: Where the name of a speaker leads, if anywhere.
        is_open: Whether the lists are shown at once.
    """
    speakers = speakers_of(document) if speakers is None else speakers
    return _render(
        "document.html",
        document=document,
        text=text_html(document, speakers, prefix),
        speakers=speakers,
        content=partial(_content, document),
        prefix=prefix,
        speaker_url=speaker_url or (lambda speaker: None),
        is_open=is_open,
    )


def quote_html(document: Document, row: Row, speaker: Speaker) -> Markup:
    """One quotation of a document: its source, and its sentences with content, cue and mention marked."""
    context = _context(document, row, speaker)
    return _render("quote.html", document=document, row=row, speaker=speaker, context=context)


def _context(document: Document, row: Row, speaker: Speaker) -> Markup:
    """The sentences of one quotation, with those of its cue and mention, and these three marked."""
    spans = [*segments_of(row), *filter(None, (part_of(row, "cue"), part_of(row, "mention")))]
    start, end = min(start for start, _ in spans), max(end for _, end in spans)
    first = bisect_right(document.sentences, start, key=itemgetter("end"))
    behind = bisect_left(document.sentences, end, key=itemgetter("start"))
    for sentence in document.sentences[first:behind]:
        start, end = min(start, sentence["start"]), max(end, sentence["end"])
    return marked(document.text, quote_spans(document, [(row, speaker)]), start, end)


def page_html(documents: Iterable[Document], title: str) -> str:
    """A page that needs nothing else: no network, no script.

    Args:
        documents: What it shows.
        title: Its title, which is also its heading where there are several documents.
    """
    return str(_render("page.html", documents=list(documents), title=title, style=style()))


def framed_html(body: Markup, title: str) -> str:
    """The same of anything else: a heading, and HTML that has the classes of the style sheet."""
    return str(_render("frame.html", body=body, title=title, style=style()))


@cache
def style() -> Markup:
    """The style sheet, read once: each output of a notebook has it."""
    return Markup(files("svodka.view.html").joinpath("style.css").read_text(encoding="utf-8"))


def style_html() -> Markup:
    """The style sheet as an element, for notebooks."""
    return Markup("<style>\n{}</style>").format(style())


def _content(document: Document, row: Row) -> Markup:
    return Markup(BETWEEN_SEGMENTS).join(marked(document.text, [], start, end) for start, end in segments_of(row))


def _render(template: str, **values: Any) -> Markup:  # noqa: ANN401
    return Markup(_environment().get_template(template).render(**values))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("svodka.view.html"),
        autoescape=True,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "days": days_of,
        "by_quotation": in_order,
        "html": partial(document_html, is_open=True),
    }
    environment.tests["web_address"] = lambda url: bool(url) and url.startswith(("https://", "http://"))
    environment.globals["kinds"] = _KINDS
    return environment
