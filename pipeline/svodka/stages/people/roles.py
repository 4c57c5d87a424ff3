"""Roles of a person: the words around a name that say who it is.

Before the name: «министром иностранных дел Сергеем Лавровым»; after it, in apposition, in brackets, behind a dash:
«Карим Масимов, председатель Комитета национальной безопасности Казахстана:». A role begins with a word of
`lexicons/people_roles.tsv`, or with adjectives that agree with it; several stand side by side or are coordinated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from svodka.stages.people.role_forms import role_organization, role_text
from svodka.stages.people.role_phrase import LONGEST_ROLE, RolePhrases, agree
from svodka.stages.people.role_words import PERSONAL, role_word
from svodka.stages.people.tokens import ANIMATE, case_of, is_plural

# After an office these begin a second role even in the genitive: «президента США республиканца», «главы МВД генерала».
_RANKS = frozenset({"army", "people"})
# «приятель по имени Аслан»: the words that bring in the name are no part of the role.
_NAMING = frozenset({"имя", "фамилия", "прозвище", "кличка"})
# They end a role before a name unless they are declined, as participles are.
_ENDING_POS = frozenset({"VERB", "AUX", "PRON", "SCONJ", "PART", "ADV"})
_DASHES = frozenset("—–-")
_JOINTS = frozenset({",", "и", "/", *_DASHES})
# Prepositions that can stand inside a role: «представитель в ООН», «министр по делам», «посол при Ватикане».
_INSIDE_ROLE = frozenset({"по", "в", "во", "на", "при", "с", "со", "от", "из", "за", "у", "к"})
# What ends the clause that a role in apposition fills.
_APPOSITION_ENDS = frozenset({",", ":", ";", ".", "!", "?", "…", "(", ")", "—", "–", "-", "»", '"', "”"})
# «Иван Орлов, ныне директор школы», «Орлов, в прошлом министр»: they change nothing about the role.
_BEFORE_LATER_ROLE = frozenset({"ныне", "тогда", "также", "это", "сейчас", "теперь", "впоследствии", "тоже"})
_LONGEST_BRACKET = 60
_LONGEST_MARKED = 10
# What opens what a mark closes.
_OPENINGS = {"»": "«", "”": "“„", "“": "„", '"': '"', ")": "("}
_SECOND_NAME = 8


class FoundRole(NamedTuple):
    """A role phrase tied to a name.

    Attributes:
        start: First token.
        end: One past the last token.
        text: The phrase in the nominative singular.
        organization: The organisation in it, nominative.
        weak: Whether it only says who somebody is (жена, житель), so that an office comes first.
        rule: before: before the name; shared: before several names; after: after it, between commas; bracket: in
            brackets after it; definition: after it and a dash; predicate: said of it by a verb; carried: said by a
            verb of a clause without a subject, of the person of the sentences before.
    """

    start: int
    end: int
    text: str
    organization: str | None
    weak: bool
    rule: str


@dataclass(frozen=True, slots=True)
class RoleFinder:
    """Finds the roles that the words around a name give.

    Attributes:
        phrases: The role phrases of the document.
    """

    phrases: RolePhrases

    def find(self, start: int, end: int) -> list[FoundRole]:
        """The roles of the name [start, end): those after it, then those before it in reading order."""
        return [*self._after(start, end), *self._before(start)]

    def role(self, first: int, last: int, head: int, rule: str) -> FoundRole:
        """The role [first, last) with this head."""
        entry = role_word(self.phrases.tokens, head)
        return FoundRole(
            start=first,
            end=last,
            text=role_text(self.phrases, first, last, head),
            organization=role_organization(self.phrases, head, last),
            weak=entry is not None and entry.group in PERSONAL,
            rule=rule,
        )

    # ---- before the name

    def _before(self, start: int) -> list[FoundRole]:
        """Roles that stand right before the name and agree with it in case."""
        tokens, names, phrases = self.phrases.tokens, self.phrases.names, self.phrases
        last = self._end_before(start)
        if not last or tokens.pos[last - 1] == "ADP":
            return []
        if tokens.words[last - 1] in (",", "и"):
            # «футболисты Иванов и Петров»: the second name shares a role in the plural, and has no other
            return self._shared(last - 1)
        limit = max(tokens.sentences[tokens.sentence_of[start]][0], start - LONGEST_ROLE)
        heads = self._heads_before(last, limit, genitive=case_of(tokens, start) in ANIMATE)
        owned = bool(heads) and self._owns_name(heads[-1], start)
        if owned:
            heads.pop()
        end, name_case = phrases.end_of_name(start), case_of(tokens, start)
        agreeing = [
            place
            for place in heads
            if agree(phrases.case_of_one(place) or case_of(tokens, place), name_case) or phrases.is_undeclined(place)
        ]
        if end < len(names) and names[end] and agree(name_case, case_of(tokens, end)):
            return []  # «советник Путина Песков»: the first of two names is the owner
        if not (agreeing or owned or names[last - 1]):
            others = [place for place in heads if not self._is_of_family(place)] or heads
            agreeing = [place for place in others[:1] if self._could_be_of(place, start, end)]
        return self._chain(agreeing, start, last, limit) if agreeing else []

    def _could_be_of(self, head: int, start: int, end: int) -> bool:
        """Whether a role may be that of an undeclined name, and the name not the owner of «адвокат Саакашвили»."""
        entry = role_word(self.phrases.tokens, head)
        owned = entry is not None and entry.relation and head == start - 1 and end - start == 1
        tokens = self.phrases.tokens
        # «подозреваемый по делу Гамова»: a lone surname is what its tag says
        genitive = end - start == 1 and case_of(tokens, start) == "Gen" and case_of(tokens, head) == "Nom"
        return not (owned or genitive) and self.phrases.could_agree(head, start, end)

    def _heads_before(self, last: int, limit: int, *, genitive: bool) -> list[int]:
        """Places of the role words before a name, up to what cannot stand in a role."""
        tokens, names, phrases = self.phrases.tokens, self.phrases.names, self.phrases
        heads: list[int] = []
        listed = False
        place = last - 1
        while place >= limit:
            mark = tokens.words[place]
            if mark in _OPENINGS:
                opening = self._opening(place, limit)
                if opening is None:
                    break
                place = opening
            elif mark == "," or mark in _DASHES:
                # a list of roles, or of what a minister is of
                begins_role = bool(heads) and phrases.first_modifier(heads[-1], limit) == place + 1
                of_list = mark == "," and phrases.is_coordinated(place, last, "")
                if not (begins_role or of_list) or names[place - 1]:
                    break
                if mark in _DASHES and phrases.is_head(place - 1) and is_plural(tokens, place - 1):
                    break  # «видные политики — министр Иван Орлов»
                listed = listed or begins_role
            elif names[place]:
                next_role = phrases.first_modifier(heads[-1], limit) if heads else last
                if (listed and case_of(tokens, place) != "Gen") or (genitive and place + 1 != next_role):
                    break
                place = phrases.start_of_name(place)
            elif self._ends_role(place) or (mark == "и" and names[place - 1]):
                break
            elif phrases.is_head(place):
                heads.append(place)
            place -= 1
        heads.reverse()
        return heads

    def _end_before(self, start: int) -> int:
        """One past the last token before a name that can be a role's: a dash and «, 40-летний» are skipped."""
        tokens = self.phrases.tokens
        while start > 0 and self.phrases.is_gap(start - 1):
            start -= 1
        first = self.phrases.first_modifier(start, tokens.sentences[tokens.sentence_of[start]][0])
        if first < 2 or self.phrases.names[first - 2]:
            return start
        if tokens.words[first - 1] in _DASHES:
            start = first - 1
            while start > 0 and self.phrases.is_gap(start - 1):
                start -= 1
        elif tokens.words[first - 1] == "," and (first < start or self._is_enclosed(start)):
            start = first - 1
        return start

    def _is_enclosed(self, start: int) -> bool:
        """Whether a comma follows a name that stands behind one: «Президент России, Иван Орлов, уехал»."""
        end = self.phrases.end_of_name(start)
        return self.phrases.tokens.words[end : end + 1] == [","]

    def _opening(self, closing: int, limit: int) -> int | None:
        """The mark that opens what a mark closes: «комитета (МОК)», «клуба «Парус»»."""
        words = self.phrases.tokens.words
        partners = _OPENINGS[words[closing]]
        first = max(limit, closing - _LONGEST_MARKED)
        return next((place for place in range(closing - 1, first, -1) if words[place] in partners), None)

    def _shared(self, joint: int) -> list[FoundRole]:
        """Roles before the first of several coordinated names, those in the plural, marked as shared."""
        tokens, names = self.phrases.tokens, self.phrases.names
        last = joint - 1
        while last > max(0, joint - _SECOND_NAME) and not (names[last] or self._ends_names(last)):
            last -= 1
        if last < 0 or not names[last]:
            return []
        first = self.phrases.start_of_name(last)
        return [
            role._replace(rule="shared")
            for role in self._before(first)
            if role.rule == "shared" or any(is_plural(tokens, place) for place in range(role.start, role.start + 2))
        ]

    def _ends_names(self, place: int) -> bool:
        """Whether a word cannot stand between two coordinated names."""
        tokens = self.phrases.tokens
        return tokens.is_space[place] or tokens.words[place] in ".,;:" or tokens.pos[place] == "VERB"

    def _ends_role(self, place: int) -> bool:
        """Whether a word cannot stand inside a role before a name."""
        tokens = self.phrases.tokens
        pos = tokens.pos[place]
        if tokens.is_space[place]:
            return not self.phrases.is_gap(place)
        if pos in ("PUNCT", "SYM"):
            return tokens.words[place] != "№"
        if pos == "ADP":
            return tokens.lowers[place] not in _INSIDE_ROLE
        return pos in _ENDING_POS and not case_of(tokens, place)

    def _chain(self, heads: Sequence[int], start: int, end: int, limit: int) -> list[FoundRole]:
        """Roles of the heads before a name: the first governs what follows, unless another in its case begins."""
        tokens, phrases = self.phrases.tokens, self.phrases
        genitive = case_of(tokens, start) in ANIMATE
        plural = is_plural(tokens, heads[0]) and self._has_second_name(start)
        places = [place for place in heads if plural or not is_plural(tokens, place) or phrases.is_one_of(place)]
        if genitive and len(places) > 1 and (self._is_owner(start) or self._is_of_family(places[0])):
            places = places[1:]
        if not places:
            return []
        begins = [places[0]]
        case = case_of(tokens, places[0])
        for place in places[1:]:
            entry = role_word(tokens, place)
            rank = entry is not None and entry.group in _RANKS
            first = phrases.first_modifier(place, limit)
            joined = tokens.lowers[first - 1] in _JOINTS
            if tokens.pos[first - 1] == "ADP":
                begins = [place]  # «при министре Иване Орлове»: what stands before is the role of somebody else
            elif joined and not agree(case_of(tokens, place), case) and tokens.words[first - 1] != "и":
                begins = [place]
            elif agree(case_of(tokens, place), case) if joined else rank or case_of(tokens, place) != "Gen":
                begins.append(place)
        firsts = [phrases.first_modifier(place, limit) for place in begins]
        roles = []
        for head, first, last in zip(begins, firsts, [*firsts[1:], end], strict=True):
            while last > head + 1 and tokens.lowers[last - 1] in _JOINTS:
                last -= 1
            last = self._without_attributes(head, last)
            if first < last:
                roles.append(self.role(first, last, head, "before"))
        return roles

    def _without_attributes(self, head: int, last: int) -> int:
        """The end of a role without what belongs to the name: «подруга 31-летняя Ольга», «приятель по имени Аслан»."""
        tokens = self.phrases.tokens
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

    def _is_of_family(self, head: int) -> bool:
        entry = role_word(self.phrases.tokens, head)
        return entry is not None and entry.group == "family"

    def _owns_name(self, head: int, start: int) -> bool:
        """Whether a genitive name right after a role can be its owner: «адвоката Иванова», «жены Петра»."""
        case = case_of(self.phrases.tokens, start)
        if head != start - 1 or (case not in ANIMATE and self.phrases.could_be(start, "Nom")):
            return False
        entry, words = role_word(self.phrases.tokens, head), self.phrases.tokens.words
        alone = start + 1 >= len(words) or not words[start + 1].istitle()
        return entry is not None and entry.relation and (alone or entry.group == "family")

    def _is_owner(self, start: int) -> bool:
        """Whether the role goes on to another name: «советника президента США Дональда Трампа Майкла Флинна»."""
        tokens, names = self.phrases.tokens, self.phrases.names
        place = self.phrases.end_of_name(start)
        while place < len(names) and not names[place] and not self._ends_role(place) and tokens.pos[place] != "CCONJ":
            place += 1
        return place < len(names) and bool(names[place]) and agree(case_of(tokens, place), case_of(tokens, start))

    def _has_second_name(self, start: int) -> bool:
        """Whether another name is coordinated with this one: «сенаторы Пол из Кентукки и Рубио»."""
        tokens, names = self.phrases.tokens, self.phrases.names
        place = self.phrases.end_of_name(start)
        joined = False
        for following in range(place, min(place + _SECOND_NAME, len(names))):
            if names[following]:
                return joined
            if tokens.words[following] in (",", "и"):
                joined = True
            elif self._ends_names(following):
                return False
        return False

    # ---- after the name

    def _after(self, start: int, end: int) -> list[FoundRole]:
        """The roles after the name: in brackets, in apposition up to the end of the clause, or behind a dash."""
        tokens, phrases = self.phrases.tokens, self.phrases
        words = tokens.words
        limit = tokens.sentences[tokens.sentence_of[end - 1]][1]
        found: list[FoundRole] = []
        place = self._skip_gap(end, limit)
        if place < limit and words[place] == "(":
            closing = next((one for one in range(place, min(limit, place + _LONGEST_BRACKET)) if words[one] == ")"), 0)
            if not closing:
                return []
            found = self._list(place + 1, closing, start, "bracket")
            place = self._skip_gap(closing + 1, limit)
        if place + 1 >= limit or words[place] not in (",", *_DASHES):
            return found
        rule = "after" if words[place] == "," else "definition"
        place += 1
        while place < limit and (phrases.is_gap(place) or tokens.lowers[place] in _BEFORE_LATER_ROLE):
            place += 1
        if tokens.words[place + 2 : place + 3] == [","] and tokens.lemmas[place + 1] == "год":
            place += 3  # «Иван Орлов, 45 лет, директор»
        return [*found, *self._list(place, limit, start, rule)]

    def _skip_gap(self, place: int, limit: int) -> int:
        while place < limit and self.phrases.is_gap(place):
            place += 1
        return place

    def _list(self, place: int, limit: int, start: int, rule: str) -> list[FoundRole]:
        """The roles that begin at a place, one after another, in the case of the name at `start`."""
        tokens, phrases = self.phrases.tokens, self.phrases
        found: list[FoundRole] = []
        while place < limit:
            head = phrases.head_from(place, limit)
            if head is None or not self._can_follow(head, start, rule):
                break
            last = phrases.end_of(head, limit)
            if rule == "after" and self._is_of_next(head, last, limit):
                break  # «…, министр ответил»: the word is the subject of its own clause
            found.append(self.role(phrases.first_modifier(head, place), last, head, rule))
            if last >= limit or tokens.lowers[last] not in _JOINTS:
                break
            place = self._skip_gap(last + 1, limit)
        return found

    def _can_follow(self, head: int, start: int, rule: str) -> bool:
        tokens, phrases = self.phrases.tokens, self.phrases
        if phrases.is_one_of(head):
            return True
        if is_plural(tokens, head):
            return False
        if case_of(tokens, head) == "Nom" and (rule != "after" or case_of(tokens, start) == "Nom"):
            return True
        if agree(case_of(tokens, head), case_of(tokens, start)):
            return True
        return rule != "definition" and phrases.could_agree(head, start, phrases.end_of_name(start))

    def _is_of_next(self, head: int, place: int, limit: int) -> bool:
        """Whether a verb follows a role in its clause, or another name, whose role it is then."""
        tokens, names = self.phrases.tokens, self.phrases.names
        for following in range(place, limit):
            if names[following] and (following == place or agree(case_of(tokens, following), case_of(tokens, head))):
                return True
            if tokens.is_space[following] or tokens.words[following] in _APPOSITION_ENDS:
                return False
            if tokens.pos[following] in ("VERB", "AUX", "PRON", "SCONJ") and not case_of(tokens, following):
                return True
        return False
