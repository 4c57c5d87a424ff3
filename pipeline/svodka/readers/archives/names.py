"""What the files of an archive are called: names decoded, and made paths within the archive."""

from collections.abc import Iterable, Iterator

from svodka.readers.guess import CYRILLIC, guess_encoding

_MOST_CHARACTERS, _MOST_FOLDERS = 4096, 64
_HEAD_BYTES = 2**16  # of names, by which their encoding is told


def decode_names(names: Iterable[bytes], default: str) -> Iterator[str]:
    """Names as characters: each in UTF-8 if it is that, else all in the encoding that they look like.

    Args:
        names: The names of an archive that does not say what they are encoded in.
        default: The encoding where they tell nothing.
    """
    names = list(names)
    encoding: str | None = None
    for name in names:
        try:
            yield name.decode()
        except UnicodeDecodeError:
            encoding = encoding or _encoding(names, default)
            yield name.decode(encoding, "replace")


def _encoding(names: Iterable[bytes], default: str) -> str:
    guess = guess_encoding(b"\n".join(name for name in names if not name.isascii())[:_HEAD_BYTES])
    return guess if guess in CYRILLIC else default


def path_within(name: str) -> str:
    """The path of a file within its archive; as tar does, ``/`` at the beginning is left out.

    >>> path_within("./Новости//1.txt")
    'Новости/1.txt'

    Raises:
        ValueError: The name leads out of the archive, or is no name; the message says so.
    """
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ValueError("its name leads out of the archive")
    if not parts or "\0" in name:
        raise ValueError("its name is none")
    if len(name) > _MOST_CHARACTERS or len(parts) > _MOST_FOLDERS:
        raise ValueError(f"its name has more than {_MOST_CHARACTERS} characters or {_MOST_FOLDERS} folders")
    return "/".join(parts)
