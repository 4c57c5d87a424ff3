"""Canonical names of persons, which stand in the nominative, taken apart."""

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from svodka.stages.columns import fold
from svodka.stages.people.declension import AGREEMENTS
from svodka.stages.people.names import is_initial, parts_of_words
from svodka.stages.people.readings import is_known_as, name_particles, part_of, word_readings
from svodka.stages.pymorphy import Dictionary

_PIECES = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\.")
# «Леннарт Берг (Lennart Berg)»: the other spelling is left out, and so is what the span took too much of.
_BRACKET = re.compile(r" ?\([^)]*\)?")
# «Наталия» and «Наталья» are one name.
_SOFT = re.compile("ь(?=[яею])")


class Name(NamedTuple):
    """What of a name tells its bearer, folded: lower case, е for ё.

    Attributes:
        given: First name; empty where there is none.
        middle: Patronymic, second names or their initial; empty where there is none.
        last: Last word of the surname, or the only word of the name; empty for a first name with a patronymic.
        initials: Initials of a name without first name.
        part: What the only word of a name is by itself: given, surname or any.
    """

    given: str
    middle: str
    last: str
    initials: tuple[str, ...] = ()
    part: str = "any"

    @property
    def is_full(self) -> bool:
        """Whether it has a first name and a surname."""
        return bool(self.given and self.last)

    @property
    def is_lone(self) -> bool:
        """Whether it has one word and no initials."""
        return not self.given and not self.initials

    @property
    def fullness(self) -> int:
        """How much of a name it gives."""
        return 4 * self.is_full + 2 * bool(self.middle) * (1 + (len(self.middle) > 1)) + len(self.initials)


@lru_cache(maxsize=100_000)
def take_apart(name: str, dictionary: Dictionary) -> Name:
    """The parts of a canonical name of a person.

    Args:
        name: The name in the nominative.
        dictionary: The pymorphy adapter.

    >>> from svodka.stages.pymorphy import get_dictionary
    >>> take_apart("Пётр Ильич Орлов", get_dictionary())[:3]
    ('петр', 'ильич', 'орлов')
    >>> take_apart("Орлов П. И.", get_dictionary()).initials
    ('п', 'и')
    """
    pieces = _PIECES.findall(_BRACKET.sub("", name))
    pairs = pairwise([*pieces, "."])
    initials = [fold(piece) for piece, following in pairs if following == "." and is_initial(piece)]
    texts = [piece for piece in pieces if piece != "." and fold(piece) not in {*initials, *name_particles()}]
    words = [(fold(text), part_of(text, text, dictionary)) for text in texts]
    if initials and len(words) > 1 and words[0][1] != "surname":  # «Джордж У. Буш»
        return Name(_soft(words[0][0]), initials[0], words[-1][0])
    given, patronymic, surname = parts_of_words(words, tuple(initials))
    if patronymic and not surname and not is_known_as(patronymic, "patronymic", dictionary):  # «Аркадий Дворкович»
        patronymic, surname = "", (patronymic,)
    middle = _soft(patronymic or " ".join(surname[:-1]))
    last = surname[-1] if surname else ""
    if not given:
        return Name("", "", last or fold(name), tuple(initials), words[0][1] if words else "any")
    if not last and not patronymic:
        return Name("", "", given, tuple(initials), "given")
    return Name(_soft(given), middle, last)


def _soft(given: str) -> str:
    """A name with «ья» written as «ия»."""
    return _SOFT.sub("и", given)


@lru_cache(maxsize=10_000)
def is_unisex(given: str, dictionary: Dictionary) -> bool:
    """Whether both women and men bear a first name: «Саша», «Женя»."""
    genders = {
        gender
        for reading in word_readings(given, dictionary)
        if reading.part == "given" and reading.known and fold(reading.lemma) == given
        for gender, case in map(AGREEMENTS.__getitem__, reading.agreements)
        if case == "Nom"
    }
    return {"Masc", "Fem"} <= genders
