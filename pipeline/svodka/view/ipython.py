"""How a Doc looks in a notebook. spaCy's Doc is a C type, which takes no ``_repr_html_``."""

import sys

from spacy.tokens import Doc


def register_formatter() -> None:
    """Where IPython runs, have it show the Docs that svodka made; others look as ever.

    https://ipython.readthedocs.io/en/stable/config/integrating.html
    """
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
    shell = get_ipython() if get_ipython else None
    if shell is not None:
        formatter = shell.display_formatter.formatters["text/html"]
        if Doc not in formatter.type_printers:  # somebody's own is theirs
            formatter.for_type(Doc, _html)


def _html(doc: Doc) -> str | None:
    from svodka.view.notebook import doc_html

    return doc_html(doc)
