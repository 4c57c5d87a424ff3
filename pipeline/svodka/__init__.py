"""svodka reads Russian news and writes tables: tokens, names, dates, and every quotation with its speaker.

    import svodka
    nlp = svodka.load()                  # a spaCy Language
    doc = nlp("«Мост откроют в мае», — сообщил мэр Иван Орлов.")
    doc._.quotes                         # records with spans
    tables = svodka.extract(articles)    # tables.quotes is a pandas DataFrame

Everything is imported when it is first asked for, so that ``import svodka`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from svodka import _compat

if TYPE_CHECKING:
    from svodka.config import Config as Config
    from svodka.engine import extract as extract
    from svodka.engine import load as load
    from svodka.engine import make_doc as make_doc
    from svodka.readers import read as read
    from svodka.records import Article as Article
    from svodka.tables import Tables as Tables
    from svodka.view.notebook import show as show

__version__ = "0.1.0"

_compat.pin_blas_threads()

_PUBLIC = {
    "Article": "svodka.records",
    "Config": "svodka.config",
    "Tables": "svodka.tables",
    "extract": "svodka.engine",
    "load": "svodka.engine",
    "make_doc": "svodka.engine",
    "read": "svodka.readers",
    "show": "svodka.view.notebook",
}

__all__ = ["Article", "Config", "Tables", "__version__", "extract", "load", "make_doc", "read", "show"]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name in _PUBLIC:
        value = getattr(import_module(_PUBLIC[name]), name)
        globals()[name] = value  # later look-ups skip this function
        return value
    raise AttributeError(f"module 'svodka' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
