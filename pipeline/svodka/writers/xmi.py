"""XMI, in which UIMA keeps a text and its annotations."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from svodka.writers.xml_text import quote_attribute, replace_forbidden

_SOFA = 1  # the xmi:id of the text


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation that is written; others can refer to it.

    Attributes:
        id: Its xmi:id.
        span: Its (start, end) in code points.
    """

    id: int
    span: tuple[int, int]


class Xmi:
    """A text with annotations (https://uima.apache.org/d/uimaj-current/references.html#ugr.ref.xmi).

    Offsets are given in code points and written in units of UTF-16, as UIMA counts. XML 1.0 cannot hold every
    character: U+FFFD stands for each that it cannot, so that offsets stay.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._units = list(accumulate((1 + (char > "\uffff") for char in text), initial=0))
        self._prefixes: dict[str, str] = {}
        self._lines: list[str] = []

    def add(self, type_name: str, span: tuple[int, int], features: dict[str, object]) -> Annotation:
        """Add an annotation.

        Args:
            type_name: Name of its type, with the package.
            span: Its (start, end).
            features: Values of its features; one that is None is left out.
        """
        added = Annotation(len(self._lines) + _SOFA + 1, span)
        place = f'sofa="{_SOFA}" begin="{self._units[span[0]]}" end="{self._units[span[1]]}"'
        values = "".join(f" {name}={_written(value)}" for name, value in features.items() if value is not None)
        self._lines.append(f'  <{self._tag(type_name)} xmi:id="{added.id}" {place}{values}/>')
        return added

    def _tag(self, type_name: str) -> str:
        package, _, name = type_name.rpartition(".")
        if package not in self._prefixes:
            last = package.rpartition(".")[2]
            taken = sum(prefix.startswith(last) for prefix in self._prefixes.values())
            self._prefixes[package] = f"{last}{taken or ''}"
        return f"{self._prefixes[package]}:{name}"

    def content(self) -> str:
        """The file."""
        packages = {"cas": "uima.cas", **{prefix: package for package, prefix in self._prefixes.items()}}
        namespaces = "".join(
            f' xmlns:{prefix}="http:///{package.replace(".", "/")}.ecore"' for prefix, package in packages.items()
        )
        members = " ".join(str(number + _SOFA + 1) for number in range(len(self._lines)))
        text = quote_attribute(replace_forbidden(self._text))
        return "\n".join(
            (
                '<?xml version="1.0" encoding="UTF-8"?>',
                f'<xmi:XMI xmlns:xmi="http://www.omg.org/XMI"{namespaces} xmi:version="2.0">',
                '  <cas:NULL xmi:id="0"/>',
                *self._lines,
                f'  <cas:Sofa xmi:id="{_SOFA}" sofaNum="1" sofaID="_InitialView" mimeType="text/plain" '
                f"sofaString={text}/>",
                f'  <cas:View sofa="{_SOFA}" members="{members}"/>',
                "</xmi:XMI>\n",
            )
        )


def _written(value: object) -> str:
    if isinstance(value, int):
        return f'"{value}"'
    if isinstance(value, Annotation):
        return f'"{value.id}"'
    if isinstance(value, float):
        return f'"{round(value, 6)}"'  # as it was before it had 32 bits
    return _quoted(str(value))


@lru_cache(maxsize=65536)  # lemmas and the like recur
def _quoted(value: str) -> str:
    return quote_attribute(replace_forbidden(value))
