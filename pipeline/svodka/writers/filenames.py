"""Names of files for documents: safe on every system, whatever their ids hold."""

import re
from hashlib import blake2b

# A hyphen in front would make an option of the name, a colon, which becomes a full stop, would hide it.
_ODD = re.compile(r"^[-:]|:(?!\d+$)|[^\w:-]+")
# Names that Windows keeps for itself, with any ending.
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(:.*)?")
_LONGEST = 120  # bytes of UTF-8; with hash and ending within the 143 that the strictest file systems allow


class FileNames:
    """Gives each document a name that no other has, be it on a disk that takes «A» and «a» for one.

    An id of letters, digits, «_» and «-», of at most 120 bytes, is its own name, and so is «news:12», which the reader
    gives to a row, as «news.12»; what is odd in another becomes «_», and a hash of the id tells it apart.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, doc_id: str) -> str:
        """The name, without an ending, of a document that is not asked for twice."""
        plain = _ODD.sub("_", doc_id).encode()[:_LONGEST].decode(errors="ignore") or "_"
        name = plain.replace(":", ".")
        if plain != doc_id or _RESERVED.fullmatch(plain) or name.casefold() in self._taken:
            name = f"{plain.replace(':', '_')}-{blake2b(doc_id.encode(), digest_size=6).hexdigest()}"
        self._taken.add(name.casefold())
        return name
