"""Names of files for documents: safe on every system, whatever their ids hold."""

import re
from hashlib import blake2b

_ODD = re.compile(r"[^\w-]+")
# Names that Windows keeps for itself, with any ending.
_RESERVED = re.compile(r"(?i)con|prn|aux|nul|com\d|lpt\d")
_LONGEST = 80  # code points; in UTF-8 a name of letters stays below the 255 bytes that systems allow


class FileNames:
    """Gives each document a name that no other has, be it on a disk that takes «A» and «a» for one.

    An id of at most 80 letters, digits, «_» and «-» is its own name; what is odd in another becomes «_», and a hash of
    the id tells it apart.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, doc_id: str) -> str:
        """The name, without an ending, of a document that is not asked for twice."""
        plain = _ODD.sub("_", doc_id)[:_LONGEST]
        name = plain
        if plain != doc_id or not plain or _RESERVED.fullmatch(plain) or plain.casefold() in self._taken:
            name = f"{plain}-{blake2b(doc_id.encode(), digest_size=6).hexdigest()}"
        self._taken.add(name.casefold())
        return name
