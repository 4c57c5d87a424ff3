"""Where a role phrase begins and ends around its head, and whether it agrees with a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from svodka.stages.columns import Columns
from svodka.stages.people.names import is_initial
from svodka.stages.people.role_words import role_word
from svodka.stages.people.tokens import ANIMATE, case_of
from svodka.stages.pymorphy import Dictionary

LONGEST_ROLE = 16
QUOTES = frozenset("«»\"“”„'")
OPENING = frozenset("«„“(")
_PARTNERS = {"«": "»", "„": "“”", "“": "”", '"': '"'}
_LONGEST_QUOTED = 10
_MODIFIERS = frozenset({"ADJ", "VERB"})
_NOMINAL = frozenset({"NOUN", "PROPN", "X"})
_DEPENDENTS = frozenset({"ADJ", "VERB", "DET", "NUM"})
# Prepositions that go on a role before any noun («министр по делам»), and those that do before a name of a place or
# an organisation only: «посол в Париже», not «директор в среду».
_BEFORE_NOUN = frozenset({"по"})
_BEFORE_NAME = frozenset({"в", "во", "на", "при", "от", "из"})
# Names with these endings are never declined; with the second ones they may be undeclined, but are no nominative else.
_UNDECLINED_ENDINGS = frozenset("оэё")
_OBLIQUE_ENDINGS = frozenset("уюиые")
_NAME_PARTS = frozenset({"Name", "Surn", "Patr"})
_ADJECTIVAL_ENDINGS = ("ого", "его")
_ACTING = ["и", ".", "о", "."]
ACTING = ("и.о.", "и. о.", "И.о.", "И. о.", "И.О.", "И. О.")
_CASES = frozenset({"Nom", "Gen", "Dat", "Acc", "Ins", "Loc"})


def agree(case: str, other: str) -> bool:
    """Whether a role in one case can belong to a name in the other."""
    return bool(case) and (case == other or (case in ANIMATE and other in ANIMATE))


def is_acting(tokens: Columns, place: int) -> bool:
    """Whether «и. о.» begins here."""
    return tokens.lowers[place : place + len(_ACTING)] == _ACTING


@dataclass(frozen=True, slots=True)
class RolePhrases:
    """Role phrases of a document.

    Attributes:
        tokens: The tokens of a document with parts of speech, features and lemmas.
        names: For each of them the number of the person mention it belongs to, from 1, or 0.
        organizations: First token and one past the last of each organisation.
        dictionary: The pymorphy adapter.
    """

    tokens: Columns
    names: Sequence[int]
    organizations: Mapping[int, int]
    dictionary: Dictionary

    def is_head(self, place: int) -> bool:
        """Whether a word heads a role: a noun of the lexicon, or a participle that governs one."""
        entry = None if self.names[place] else role_word(self.tokens, place)
        if entry is None or self.tokens.pos[place] in ("NOUN", "PROPN") or entry.governs:
            return entry is not None
        # «участковый Иван Орлов»: an adjective that stands alone
        following = place + 1
        alone = following < len(self.names) and (self.names[following] or self.tokens.pos[following] == "PUNCT")
        return self.tokens.pos[place] == "ADJ" and bool(alone)

    def is_undeclined(self, head: int) -> bool:
        """Whether a role shows no case: «врио главы», «и. о. министра»."""
        entry = role_word(self.tokens, head)
        return (entry is not None and entry.governs == "Gen") or self._is_acting(head)

    def is_one_of(self, head: int) -> bool:
        """Whether a plural stands for one: «один из лидеров»."""
        return bool(self.case_of_one(head))

    def case_of_one(self, head: int) -> str:
        """Case of «один» before a plural that stands for one, empty where it does not."""
        tokens, place = self.tokens, self.first_modifier(head, 0)
        one_of = place > 1 and tokens.lowers[place - 1] == "из" and tokens.lemmas[place - 2] == "один"
        return case_of(tokens, place - 2) if one_of else ""

    def head_from(self, place: int, limit: int) -> int | None:
        """The head of the role that begins at a place, adjectives and participles before it skipped."""
        tokens = self.tokens
        if is_acting(tokens, place):
            place += len(_ACTING)
        elif place + 1 < limit and tokens.lemmas[place] == "один" and tokens.lowers[place + 1] == "из":
            place += 2
        participle = None
        while place < limit:
            if self.is_head(place):
                return place if participle is None or self._modifies(participle, place) else None
            if tokens.pos[place] == "VERB":
                participle = place
            modifies = tokens.pos[place] in _MODIFIERS and case_of(tokens, place)
            if self.names[place] or not (modifies or tokens.lowers[place] == "и"):
                return None
            place += 1
        return None

    def _is_acting(self, head: int) -> bool:
        """Whether «и. о.» stands before a role."""
        return head >= len(_ACTING) and is_acting(self.tokens, head - len(_ACTING))

    def first_modifier(self, head: int, limit: int) -> int:
        """First of the adjectives and participles before a role that agree with it."""
        tokens, first = self.tokens, head
        if self._is_acting(head):
            return max(limit, head - len(_ACTING))
        while first > limit:
            if self._modifies(first - 1, head):
                first -= 1
            elif tokens.lowers[first - 1] == "и" and first - 1 > limit and first < head:
                # «общественный и политический деятель»
                if tokens.pos[first - 2] != "ADJ" or not self._modifies(first - 2, head):
                    break
                first -= 2
            else:
                break
        return first

    def _modifies(self, place: int, head: int) -> bool:
        """Whether an adjective or participle agrees with a role; of adjectives the case is enough: «новым главой»."""
        pos, features, of_head = self.tokens.pos[place], self.tokens.features[place], self.tokens.features[head]
        if pos not in _MODIFIERS or not agree(features.get("Case", ""), of_head.get("Case", "")):
            return False
        if pos == "ADJ":
            return True
        same = all(features.get(name) == of_head.get(name) for name in ("Gender", "Number"))
        return features.get("VerbForm") == "Part" and (same or of_head.get("Number") == "Plur")

    def is_gap(self, place: int) -> bool:
        """Whether a token is white space within a line, such as a no-break space."""
        return self.tokens.is_space[place] and "\n" not in self.tokens.words[place]

    def could_agree(self, head: int, start: int, end: int) -> bool:
        """Whether a name may have the case of a role without showing it, whatever its tag: «лидера Ким Чен Ына»."""
        words = self.tokens.words[start:end]
        word = next((word for word in words if not is_initial(word) and word != "."), "")
        return case_of(self.tokens, head) in _possible_cases(word, self.dictionary)

    def could_be(self, start: int, case: str) -> bool:
        """Whether the name that begins here may have a case, whatever its tag."""
        return case in _possible_cases(self.tokens.words[start], self.dictionary)

    def end_of(self, head: int, limit: int) -> int:
        """One past the last word of the role that a head begins: its genitives, organisation and prepositions."""
        tokens, names, organizations = self.tokens, self.names, self.organizations
        pos, words = tokens.pos, tokens.words
        limit = min(limit, head + LONGEST_ROLE)
        case, governed = case_of(tokens, head), self._governed_case(head)
        place = end = head + 1
        while place < limit:
            if self.is_gap(place):
                place += 1
            elif place in organizations:
                place = end = organizations[place]
            elif names[place]:
                if case_of(tokens, place) != "Gen" or case in ANIMATE:
                    break
                place = end = self.end_of_name(place)
            elif words[place] in _PARTNERS:
                closing = self._closing(place, limit)
                if closing is None:
                    break
                place = end = closing + 1
            elif pos[place] == "ADP":
                following = self._object_case(place, governed)
                if following is None:
                    break
                governed = following
                place += 1
            elif words[place] == "и" or words[place] == ",":
                if not self.is_coordinated(place, limit, case):
                    break
                place += 1
            elif self._depends(place, case, governed):
                place += 1
                if pos[place - 1] in _NOMINAL:
                    end = place
            else:
                break
        return min(end, limit)

    def end_of_name(self, start: int) -> int:
        """One past the last token of the name that begins here."""
        names, end = self.names, start
        while end < len(names) and names[end] == names[start]:
            end += 1
        return end

    def start_of_name(self, last: int) -> int:
        """First token of the name whose last token this is."""
        names, start = self.names, last
        while start > 0 and names[start - 1] == names[last]:
            start -= 1
        return start

    def _governed_case(self, head: int) -> str:
        entry = role_word(self.tokens, head)
        return entry.governs if entry is not None else ""

    def _depends(self, place: int, case: str, governed: str) -> bool:
        """Whether a word can depend on a role in this case; `governed` is another case that may stand there."""
        tokens = self.tokens
        pos, own = tokens.pos[place], case_of(tokens, place)
        if pos not in _NOMINAL and not (pos in _DEPENDENTS and own):
            return False
        if own == case != "Gen" and self.is_head(place):
            return False
        return own in ("Gen", governed) or (pos in _NOMINAL and tokens.words[place].isupper())

    def _object_case(self, preposition: int, governed: str) -> str | None:
        """Case of the noun after a preposition, None where the two are no part of a role."""
        tokens = self.tokens
        place = preposition + 1
        if place >= len(tokens) or self.names[place]:
            return None
        named = tokens.words[place][:1].isupper() or place in self.organizations
        goes_on = governed == "Dat" and tokens.lowers[preposition] == "с"  # «по связям с общественностью»
        if not goes_on and tokens.lowers[preposition] not in (_BEFORE_NAME if named else _BEFORE_NOUN):
            return None
        return case_of(tokens, place) or None

    def is_coordinated(self, conjunction: int, limit: int, case: str) -> bool:
        """Whether a conjunction or comma goes on with another genitive: «министр экономики и финансов»."""
        tokens = self.tokens
        place = conjunction + 1
        while place < limit and tokens.pos[place] == "ADJ":
            place += 1
        if place >= limit or tokens.pos[place] not in _NOMINAL or self.names[place]:
            return False
        if self.is_head(place) or case_of(tokens, place) != "Gen" or case_of(tokens, conjunction - 1) != "Gen":
            return False
        if tokens.words[conjunction] == "и":
            return True
        return case != "Gen" and place + 1 < limit and tokens.words[place + 1] == "и"

    def _closing(self, opening: int, limit: int) -> int | None:
        """The mark that closes a quoted name."""
        words = self.tokens.words
        partners = _PARTNERS[words[opening]]
        last = min(limit, opening + _LONGEST_QUOTED)
        return next((place for place in range(opening + 1, last) if words[place] in partners), None)


@lru_cache(maxsize=4_000)
def _possible_cases(word: str, dictionary: Dictionary) -> frozenset[str]:
    """Cases that a word of a name can have as it is written, whatever its tag."""
    undeclined = word[-1:] in _UNDECLINED_ENDINGS and not word.endswith(_ADJECTIVAL_ENDINGS)
    if undeclined or word[:1].isascii():
        return _CASES
    known = [reading for reading in dictionary.analyses(word) if reading.known and reading.grammemes & _NAME_PARTS]
    readings = known or [reading for reading in dictionary.analyses(word) if reading.pos == "NOUN"]
    cases = frozenset(
        reading.features.get("Case", "") for reading in readings if reading.features.get("Number") != "Plur"
    )
    return cases | (_CASES - {"Nom"}) if word[-1:] in _OBLIQUE_ENDINGS else cases
