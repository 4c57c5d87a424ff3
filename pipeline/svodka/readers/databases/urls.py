"""URLs of databases, as SQLAlchemy has them: ``postgresql+psycopg://user:password@host:5432/news``.

https://docs.sqlalchemy.org/en/20/core/engines.html#database-urls describes them. Nothing secret of them is ever shown.
"""

import re
from pathlib import Path

from svodka.errors import InputError

_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_SQUEEZED = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]+):/(?!/)", re.IGNORECASE)  # what Path makes of a URL
# user and password, which may hold anything but «@»; the host, its port; the database; options, such as a password
_REST = re.compile(
    r"(?:[^:/]*(?::[^@]*)?@)?(?P<host>[\w.-]*|\[[\da-f:]*\])(?P<port>:\d+)?(?:/(?P<name>[^?@:]*))?(?:\?.*)?",
    re.IGNORECASE | re.DOTALL,
)
_FILES = ("sqlite", "duckdb")  # databases that are files, which need no SQLAlchemy
_WEB = ("http", "https", "ftp", "s3", "gs", "hf", "file")


def is_url(given: object) -> bool:
    """Whether an input is the URL of something."""
    return isinstance(given, str) and _URL.match(given) is not None


def squeezed_scheme(path: Path) -> str | None:
    """The scheme of a URL that was made a path on the way here; None for other paths."""
    found = _SQUEEZED.match(path.as_posix())
    return found["scheme"] if found else None


def shown(url: str) -> str:
    """The URL without user, password and options; only its scheme where it is unclear what of it may be shown."""
    scheme, rest = _parts(url)
    found = _REST.fullmatch(rest)
    return f"{scheme}://{found['host']}{found['port'] or ''}/{found['name'] or ''}" if found else f"{scheme}://…"


def database_name(url: str) -> str:
    """What to call the articles of a database by."""
    scheme, rest = _parts(url)
    found = _REST.fullmatch(rest)
    return found["name"] if found and found["name"] else scheme.partition("+")[0]


def file_of(url: str) -> Path | None:
    """The file that the URL of a SQLite or DuckDB database names; None for other databases.

    Raises:
        InputError: It names none, or is no URL of a database.
    """
    scheme, rest = _parts(url)
    kind = scheme.partition("+")[0].lower()
    if kind in _WEB:
        message = "svodka reads files and databases, and fetches nothing; download it first"
        raise InputError(message, source=shown(url))
    if kind not in _FILES:
        return None
    if not rest.startswith("/") or rest.strip("/") in ("", ":memory:"):
        raise InputError(f"it names no file; a file is named as in {kind}:///news.db", source=f"{scheme}://…")
    return Path(rest[1:].partition("?")[0])


def _parts(url: str) -> tuple[str, str]:
    found = _URL.match(url)
    return (found["scheme"], found["rest"]) if found else ("", "")
