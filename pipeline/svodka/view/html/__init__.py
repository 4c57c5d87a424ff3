"""A document as HTML: the text with its quotations by speaker, their cues and sources, names and dates."""

from svodka.view.html.page import (
    document_html,
    framed_html,
    page_html,
    quote_html,
    style_html,
    text_html,
)
from svodka.view.html.spans import TABLES
from svodka.view.html.speakers import Speaker, in_order, speakers_of

__all__ = [
    "TABLES",
    "Speaker",
    "document_html",
    "framed_html",
    "in_order",
    "page_html",
    "quote_html",
    "speakers_of",
    "style_html",
    "text_html",
]
