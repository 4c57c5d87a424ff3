"""The user's authority file: who is who, with an id for each."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from svodka.errors import InputError
from svodka.stages.columns import fold
from svodka.stages.people.synonyms import key_of_name

COLUMNS = ("id", "name", "aliases", "gender", "roles")
_REQUIRED = ("id", "name")
_GENDERS = ("", "Masc", "Fem")


class AuthorityRow(NamedTuple):
    """Somebody or something of the authority file.

    Attributes:
        id: Its id, such as a Wikidata QID.
        gender: Masc, Fem, or empty.
        roles: Words of its roles, folded.
    """

    id: str
    gender: str
    roles: frozenset[str]

    @property
    def is_person(self) -> bool:
        """Whether it is surely a person."""
        return bool(self.gender or self.roles)


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority file.

    Attributes:
        by_name: Its rows by each name and alias, as `match_key` makes them alike.
    """

    by_name: dict[str, list[AuthorityRow]] = field(default_factory=dict)

    def of_person(self, names: Iterable[str], gender: str | None, roles: frozenset[str]) -> list[AuthorityRow]:
        """The rows that a person with these names, gender and words of roles can be; one where it is clear.

        A surname alone says little of who has a full name too; and «Владимир» alone is as well a town, so that it takes
        only what is surely a person.
        """
        full = {name for name in names if " " in name}
        rows = [
            row
            for row in self._named(full or names)
            if (full or row.is_person) and not (gender and row.gender and row.gender != gender)
        ]
        for narrower in (
            [row for row in rows if gender and row.gender == gender],
            [row for row in rows if row.roles & roles],
        ):
            if len(rows) > 1 and narrower:
                rows = [row for row in rows if row in narrower]
        return rows

    def of_thing(self, names: Iterable[str]) -> list[AuthorityRow]:
        """The rows that an organisation or place with these names can be."""
        return [row for row in self._named(names) if not row.is_person]

    def _named(self, names: Iterable[str]) -> list[AuthorityRow]:
        return list({row.id: row for name in names for row in self.by_name.get(match_key(name), ())}.values())


def match_key(name: str) -> str:
    """What spellings of a name have in common, whatever the order of its words.

    >>> match_key("Орлов Пётр"), match_key("Петр Орлов")
    ('орлов петр', 'орлов петр')
    """
    return " ".join(sorted(key_of_name(name).split()))


def role_words(roles: Iterable[str]) -> frozenset[str]:
    """The telling words of roles, folded.

    >>> sorted(role_words(["бывший мэр Заречного"]))
    ['заречного', 'мэр']
    """
    words = {word.strip('«»"(),.') for role in roles for word in fold(role).split()}
    return frozenset(word for word in words if len(word) > _SHORTEST_ROLE - 1 and word not in _STATES)


# «мэр», «маг», but not «по» and «и»
_SHORTEST_ROLE = 3
_STATES = frozenset(
    ("бывший", "бывшая", "новый", "новая", "первый", "первая", "старший", "младший", "для", "при", "или")
)


def read_authority(path: Path) -> Authority:
    """Read an authority file: a TSV with a header, UTF-8.

    Args:
        path: Columns id, name, aliases («A|B»), gender (Masc, Fem or empty) and roles («A|B»); the last three may be
            missing. Names stand in the nominative.

    Raises:
        InputError: A column is unknown or missing, an id stands twice or is empty, or a gender is none.
    """
    by_name: dict[str, list[AuthorityRow]] = defaultdict(list)
    lines: dict[str, int] = {}
    for line, values in _rows(path):
        at = f"{path}:{line}"
        if not values["id"] or not values["name"]:
            raise InputError("id and name must not be empty", source=at)
        if values["id"] in lines:
            raise InputError(f"the id {values['id']!r} stands in line {lines[values['id']]} too", source=at)
        if values["gender"] not in _GENDERS:
            raise InputError(f"gender is Masc, Fem or empty, not {values['gender']!r}", source=at)
        lines[values["id"]] = line
        row = AuthorityRow(values["id"], values["gender"], role_words(_items(values["roles"])))
        for key in {match_key(name) for name in (values["name"], *_items(values["aliases"]))}:
            by_name[key].append(row)
    return Authority(dict(by_name))


def _items(cell: str) -> Sequence[str]:
    return [item.strip() for item in cell.split("|") if item.strip()]


def _rows(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    """Line number and cells of each row; cells that are missing are empty."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            header = [name.strip() for name in next(reader, [])]
            unknown = [name for name in header if name not in COLUMNS]
            missing = [name for name in _REQUIRED if name not in header]
            if unknown or missing:
                wrong = f"unknown column {unknown[0]!r}" if unknown else f"no column {missing[0]!r}"
                raise InputError(f"{wrong}; the first line names columns of {', '.join(COLUMNS)}", source=f"{path}:1")
            for cells in reader:
                if len(cells) > len(header):
                    message = f"{len(cells)} cells, but the first line names {len(header)} columns"
                    raise InputError(message, source=f"{path}:{reader.line_num}")
                if any(cells):
                    given = dict(zip(header, (cell.strip() for cell in cells), strict=False))
                    yield reader.line_num, {name: given.get(name, "") for name in COLUMNS}
    except UnicodeDecodeError as error:
        raise InputError("not UTF-8; save the authority file as UTF-8 text", source=str(path)) from error
