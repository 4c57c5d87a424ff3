"""Roles of a person: the words around a name that say who it is.

Before the name: «министром иностранных дел Сергеем Лавровым»; after it, up to the end of the clause: «Карим Масимов,
председатель Комитета национальной безопасности Казахстана:». A role begins with a word of
`lexicons/people_roles.tsv`, or with adjectives that agree with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from svodka.stages.columns import Columns, fold
from svodka.stages.people.declension import read_table
from svodka.stages.people.phrase import nominative_phrase
from svodka.stages.people.spelling import respell
from svodka.stages.people.tokens import begins_sentence, case_of, is_plural, join, spacing, without_space
from svodka.stages.pymorphy import Dictionary

_LONGEST_ROLE = 16
_WEAK = frozenset({"family", "people"})
# After an office these begin a second role even in the genitive: «президента США республиканца», «главы МВД генерала».
_RANKS = frozenset({"army", "people"})
# «приятель по имени Аслан»: the words that bring in the name are no part of the role.
_NAMING = frozenset({"имя", "фамилия", "прозвище", "кличка"})
_MODIFIERS = frozenset({"ADJ", "VERB", "NUM"})
_ROLE_POS = frozenset({"NOUN", "PROPN", "ADJ", "VERB"})
# They end a role before a name unless they are declined, as participles are.
_ENDING_POS = frozenset({"VERB", "AUX", "PRON", "SCONJ", "PART", "ADV"})
# Cases that are one form of masculine persons, so that tags confuse them.
_ANIMATE = frozenset({"Gen", "Acc"})
_CLAUSE_ENDS = frozenset(",:;.!?)(—–-…")
_BEFORE_APPOSITION = frozenset(",(—–-")
# Prepositions before the organisation a role belongs to.
_AT = frozenset({"в", "во", "при", "на", "от", "из"})
_QUOTES = frozenset("«»\"“”„'")
_OPENING = frozenset("«„“(")
_CLOSING = {"»": "«„", "”": "“„", "“": "„", '"': '"', ")": "("}
# Prepositions that can stand inside a role: «представитель в ООН», «министр по делам», «посол при Ватикане».
_INSIDE_ROLE = frozenset({"по", "в", "во", "на", "при", "с", "со", "от", "из", "за", "у", "к"})


class FoundRole(NamedTuple):
    """A role phrase tied to a name.

    Attributes:
        start: First token.
        end: One past the last token.
        text: The phrase in the nominative singular.
        organization: The organisation in it, nominative.
        weak: Whether it only says who somebody is (жена, житель), so that an office comes first.
        rule: before or after the name.
    """

    start: int
    end: int
    text: str
    organization: str | None
    weak: bool
    rule: str


@dataclass(frozen=True, slots=True)
class RoleWord:
    """An entry of the lexicon.

    Attributes:
        group: state, law, army …
        relation: Whether a genitive after it can name whose he is.
        governs: Case of the noun that a participle governs: «управляющий делами», «исполняющий обязанности»; Gen for
            the undeclined «врио», which agrees with nothing.
    """

    group: str
    relation: bool
    governs: str = ""


# Endings of «управляющий» in all cases, genders and numbers.
_PARTICIPLE_ENDINGS = ("ий", "его", "ему", "им", "ем", "ая", "ей", "ую", "ие", "их", "ими")


@cache
def _lexicon() -> dict[str, RoleWord]:
    lexicon: dict[str, RoleWord] = {}
    for row in read_table("people_roles.tsv"):
        governs = row["governs"].strip("-")
        word = RoleWord(row["class"], row["relation"] == "yes", governs)
        role = fold(row["role"])
        # a participle's lemma is its verb, so its forms are looked up as they stand
        participle = governs and role.endswith("ий")
        forms = [role.removesuffix("ий") + ending for ending in _PARTICIPLE_ENDINGS] if participle else [role]
        lexicon |= dict.fromkeys(forms, word)
    return lexicon


def role_word(tokens: Columns, place: int) -> RoleWord | None:
    """Entry of a role word, None where the word is none: «министром» → state."""
    if tokens.pos[place] not in _ROLE_POS:
        return None
    lexicon = _lexicon()
    return lexicon.get(tokens.lemmas[place]) or lexicon.get(tokens.folded[place])


def _agrees(case: str, name_case: str) -> bool:
    return bool(case) and (case == name_case or (case in _ANIMATE and name_case in _ANIMATE))


@dataclass(frozen=True, slots=True)
class RoleFinder:
    """Finds the roles that the words around a name give.

    Attributes:
        tokens: The tokens of a document with parts of speech, features and lemmas.
        names: For each of them the number of the person mention it belongs to, from 1, or 0.
        organizations: First token and one past the last of each organisation of the entity model.
        dictionary: The pymorphy adapter.
    """

    tokens: Columns
    names: Sequence[int]
    organizations: Mapping[int, int]
    dictionary: Dictionary

    def find(self, start: int, end: int) -> list[FoundRole]:
        """The roles of the name [start, end): those after it, then those before it in reading order."""
        return [*self._after(start, end), *self._before(start)]

    def _before(self, start: int) -> list[FoundRole]:
        """Roles that stand right before the name and agree with it in case."""
        tokens, names = self.tokens, self.names
        if start and tokens.pos[start - 1] == "ADP":
            return []
        name_case = case_of(tokens, start)
        limit = max(tokens.sentences[tokens.sentence_of[start]][0], start - _LONGEST_ROLE)
        heads: list[int] = []
        for place in range(start - 1, limit - 1, -1):
            if self._ends_role(place):
                break
            if tokens.lowers[place] == "и" and names[place - 1]:
                # «футболисты Иванов и Петров»: the second name shares a role in the plural, and has no other
                if place == start - 1:
                    return self._before_first(place)
                break
            entry = None if names[place] else role_word(tokens, place)
            if entry is None or not (tokens.pos[place] in ("NOUN", "PROPN") or entry.governs):
                continue
            if _agrees(case_of(tokens, place), name_case) or entry.governs == "Gen":
                heads.append(place)
        heads.reverse()
        return self._chain(heads, start, limit) if heads else []

    def _before_first(self, conjunction: int) -> list[FoundRole]:
        """Roles before the first of two coordinated names, those in the plural marked as shared."""
        tokens, names = self.tokens, self.names
        first = conjunction - 1
        while first > 0 and names[first - 1] == names[conjunction - 1]:
            first -= 1
        return [
            role._replace(rule="shared")
            for role in self._before(first)
            if any(is_plural(tokens, place) for place in (role.end - 1, role.start, role.start + 1))
        ]

    def _ends_role(self, place: int) -> bool:
        """Whether a word cannot stand inside a role before a name."""
        tokens = self.tokens
        pos = tokens.pos[place]
        if tokens.is_space[place] or (pos in ("PUNCT", "SYM") and tokens.words[place] not in _QUOTES):
            return True
        if pos == "ADP":
            return tokens.lowers[place] not in _INSIDE_ROLE
        return pos in _ENDING_POS and not case_of(tokens, place)

    def _chain(self, heads: Sequence[int], start: int, limit: int) -> list[FoundRole]:
        """Roles of the heads before a name: the first governs what follows, unless another in its case begins."""
        tokens = self.tokens
        genitive = case_of(tokens, start) in ("Gen", "Acc")
        places = [place for place in heads if not (genitive and self._owns_name(place, start))]
        if not places:
            return []
        if genitive and len(places) > 1 and self._is_owner(start):
            places = places[-1:]
        plural = is_plural(tokens, places[0])
        if plural and not self._has_second_name(start):
            return []
        begins = [places[0]]
        for place in places[1:]:
            entry = role_word(tokens, place)
            rank = entry is not None and entry.group in _RANKS
            if is_plural(tokens, place) and not plural:
                continue
            if tokens.pos[place - 1] != "CCONJ" and (rank or case_of(tokens, place) != "Gen"):
                begins.append(place)
        firsts = [self._first_modifier(place, limit) for place in begins]
        roles = []
        for head, first, last in zip(begins, firsts, [*firsts[1:], start], strict=True):
            last = self._without_attributes(head, last)
            if first < last:
                roles.append(self._role(first, last, head, "before"))
        return roles

    def _without_attributes(self, head: int, last: int) -> int:
        """The end of a role without what belongs to the name: «подруга 31-летняя Ольга», «приятель по имени Аслан»."""
        tokens = self.tokens
        case = case_of(tokens, head)
        while (
            last > head + 1
            and tokens.pos[last - 1] == "ADJ"
            and not tokens.words[last - 1].istitle()
            and case_of(tokens, last - 1) == case != "Gen"
        ):
            last -= 1
        if last > head + 2 and tokens.lemmas[last - 1] in _NAMING and tokens.pos[last - 2] == "ADP":
            last -= 2
        return last

    def _owns_name(self, head: int, start: int) -> bool:
        """Whether a genitive name right after a role can be its owner: «адвоката Иванова», «жены Петра»."""
        if head != start - 1:
            return False
        entry, words = role_word(self.tokens, head), self.tokens.words
        alone = start + 1 >= len(words) or not words[start + 1].istitle()
        return entry is not None and entry.relation and (alone or entry.group == "family")

    def _is_owner(self, start: int) -> bool:
        """Whether the role goes on to another name: «советника президента США Дональда Трампа Майкла Флинна»."""
        tokens, names = self.tokens, self.names
        place = self._end_of_name(start)
        while place < len(names) and not names[place] and not self._ends_role(place) and tokens.pos[place] != "CCONJ":
            place += 1
        return place < len(names) and bool(names[place]) and _agrees(case_of(tokens, place), case_of(tokens, start))

    def _has_second_name(self, start: int) -> bool:
        end = self._end_of_name(start)
        return end + 1 < len(self.names) and self.tokens.words[end] in (",", "и") and bool(self.names[end + 1])

    def _end_of_name(self, start: int) -> int:
        names = self.names
        end = start
        while end < len(names) and names[end] == names[start]:
            end += 1
        return end

    def _first_modifier(self, head: int, limit: int) -> int:
        """First of the adjectives and participles before a role that agree with it."""
        tokens, case, first = self.tokens, case_of(self.tokens, head), head
        while first > limit:
            pos, features = tokens.pos[first - 1], tokens.features[first - 1]
            participle = pos != "VERB" or features.get("VerbForm") == "Part"
            if pos not in _MODIFIERS or not participle or not _agrees(features.get("Case", ""), case):
                break
            first -= 1
        return first

    def _after(self, start: int, end: int) -> list[FoundRole]:
        """The role in apposition after the name, up to the end of its clause."""
        tokens, names = self.tokens, self.names
        pos, words = tokens.pos, tokens.words
        sentence_end = tokens.sentences[tokens.sentence_of[end - 1]][1]
        if end + 1 >= sentence_end or words[end] not in _BEFORE_APPOSITION:
            return []
        first = head = end + 1
        while head < sentence_end and pos[head] in _MODIFIERS and not role_word(tokens, head):
            head += 1
        if head >= sentence_end or not role_word(tokens, head) or is_plural(tokens, head):
            return []
        case = case_of(tokens, head)
        if case != "Nom" and (words[end] in "—–-" or not _agrees(case, case_of(tokens, start))):
            return []
        last = head + 1
        while last < sentence_end and last - head < _LONGEST_ROLE:
            if tokens.is_space[last] or words[last] in _CLAUSE_ENDS:
                break
            if pos[last] == "PUNCT" and words[last] not in _QUOTES:
                break
            if pos[last] in ("VERB", "AUX", "PRON", "SCONJ") and not case_of(tokens, last):
                return []  # «…, министр ответил»: the word is the subject of its own clause
            if names[last] and case_of(tokens, last) == case != "Gen":
                return []  # «…, мэр Лондона Кен Ливингстон»: the role of the next in a list
            last += 1
        while last > head + 1 and (words[last - 1] in _OPENING or pos[last - 1] in ("CCONJ", "ADP")):
            last -= 1
        return [self._role(first, last, head, "after")]

    def _role(self, first: int, last: int, head: int, rule: str) -> FoundRole:
        entry = role_word(self.tokens, head)
        return FoundRole(
            start=first,
            end=last,
            text=self._uncapitalized(first, self._nominative(first, last, head)),
            organization=self._organization(head, last),
            weak=entry is not None and entry.group in _WEAK,
            rule=rule,
        )

    def _nominative(self, first: int, last: int, head: int) -> str:
        """The role in the nominative; what a participle governs is kept: «управляющим делами»."""
        tokens, dictionary = self.tokens, self.dictionary
        entry = role_word(tokens, head)
        if entry is None or not entry.governs:
            return nominative_phrase(tokens, without_space(tokens, first, last), dictionary, number="Sing")
        words = tokens.words[first:last]
        for place in range(first, head + 1) if entry.governs != "Gen" else ():
            reading = dictionary.best(tokens.words[place], tokens.pos[place], tokens.feats[place])
            inflected = reading.inflect("Nom") if reading else None
            if inflected and case_of(tokens, place):
                words[place - first] = respell(tokens.words[place], inflected)
        return join(words, spacing(tokens, range(first, last)))

    def _uncapitalized(self, first: int, text: str) -> str:
        """The phrase without the capital that its sentence gave it; «Президент» elsewhere keeps its own."""
        tokens = self.tokens
        word = tokens.words[first]
        if not word[:1].isupper() or word[1:2].isupper():
            return text
        begins = begins_sentence(tokens, first) or (
            first > 0 and begins_sentence(tokens, first - 1) and tokens.words[first - 1] in _OPENING
        )
        common = tokens.pos[first] != "PROPN" or tokens.lemmas[first] in _lexicon()
        return text[0].lower() + text[1:] if begins and common else text

    def _organization(self, head: int, last: int) -> str | None:
        """What follows the role words, where it has an organisation: «глава комитета Госдумы» → «комитет Госдумы»."""
        tokens, pos = self.tokens, self.tokens.pos
        first = next((place for place in range(head + 1, last) if place in self.organizations), None)
        if first is None or self.organizations[first] > last:
            return None
        while first - 1 > head and self._before_organization(first - 1):
            first -= 1
        while pos[first] in ("CCONJ", "PUNCT") and tokens.words[first] not in _QUOTES:
            first += 1
        if pos[first - 1] == "ADP" and tokens.lowers[first - 1] not in _AT:
            return None
        return nominative_phrase(tokens, self._balanced(first, last), self.dictionary)

    def _before_organization(self, place: int) -> bool:
        """Whether a word belongs to the organisation named after it: «комитета Госдумы», «клуба «Челси»»."""
        tokens = self.tokens
        if tokens.words[place] in _QUOTES or tokens.pos[place] == "CCONJ":
            return True
        declined = tokens.pos[place] in ("NOUN", "PROPN", "ADJ") and case_of(tokens, place) in ("Gen", "Loc")
        return declined and not role_word(tokens, place)

    def _balanced(self, first: int, last: int) -> list[int]:
        """The words without a quotation mark at an end that has no partner between them."""
        places = without_space(self.tokens, first, last)
        if len(places) > 1:
            texts = [self.tokens.words[place] for place in places]
            closing, opening = texts[-1], texts[0]
            if closing in _CLOSING and not any(mark in texts[:-1] for mark in _CLOSING[closing]):
                places.pop()
            elif opening in _QUOTES and not any(opening in _CLOSING.get(mark, "") for mark in texts[1:]):
                places.pop(0)
        return places
