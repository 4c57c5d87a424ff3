"""Roles of a person: the words around a name that say who it is.

Before the name: «министром иностранных дел Сергеем Лавровым»; after it, up to the end of the clause: «Карим Масимов,
председатель Комитета национальной безопасности Казахстана:». A role begins with a word of
`lexicons/people_roles.tsv`, or with adjectives that agree with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from svodka.stages.people.declension import read_table
from svodka.stages.people.phrase import join, normalize_phrase
from svodka.stages.people.spelling import fold, respell
from svodka.stages.pymorphy import Dictionary

_LONGEST_ROLE = 16
_WEAK = frozenset({"family", "people"})
# After an office these begin a second role even in the genitive: «президента США республиканца», «главы МВД генерала».
_RANKS = frozenset({"army", "people"})
# «приятель по имени Аслан»: the words that bring in the name are no part of the role.
_NAMING = frozenset({"имя", "фамилия", "прозвище", "кличка"})
_MODIFIERS = frozenset({"ADJ", "VERB", "NUM"})
_CLAUSE_ENDS = frozenset(",:;.!?)(—–-…")
# Prepositions before the organisation a role belongs to.
_AT = frozenset({"в", "во", "при", "на", "от", "из"})
_QUOTES = frozenset("«»\"“”„'")
_OPENING = frozenset("«„“(")
_CLOSING = {"»": "«„", "”": "“„", "“": "„", '"': '"', ")": "("}
# Prepositions that can stand inside a role: «представитель в ООН», «министр по делам», «посол при Ватикане».
_INSIDE_ROLE = frozenset({"по", "в", "во", "на", "при", "с", "со", "от", "из", "за", "у", "к"})


@dataclass(frozen=True, slots=True)
class Role:
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


def role_word(token: Token) -> RoleWord | None:
    """Entry of a role word, None where the word is none: «министром» → state."""
    if token.pos_ not in ("NOUN", "PROPN", "ADJ", "VERB"):
        return None
    lexicon = _lexicon()
    return lexicon.get(token.lemma_) or lexicon.get(fold(token.text))


def find_roles(doc: Doc, start: int, end: int, names: Sequence[int], dictionary: Dictionary) -> list[Role]:
    """The roles that the words around a name give: those after it, then those before it in reading order.

    Args:
        doc: Document with parts of speech, features and entities.
        start: First token of the name.
        end: One past its last token.
        names: For each token of the document the number of the person mention it belongs to, from 1, or 0.
        dictionary: The pymorphy adapter.
    """
    return [*_after(doc, start, end, names, dictionary), *_before(doc, start, names, dictionary)]


def _case(token: Token) -> str:
    return next(iter(token.morph.get("Case", [])), "")


def is_plural(token: Token) -> bool:
    """Whether the tag says plural."""
    return "Plur" in token.morph.get("Number", [])


def _agrees(case: str, name_case: str) -> bool:
    return bool(case) and (case == name_case or {case, name_case} == {"Gen", "Acc"})


def _before(doc: Doc, start: int, names: Sequence[int], dictionary: Dictionary) -> list[Role]:
    """Roles that stand right before the name and agree with it in case."""
    name = doc[start]
    if start and doc[start - 1].pos_ == "ADP":
        return []
    limit = max(name.sent.start, start - _LONGEST_ROLE)
    heads: list[int] = []
    for place in range(start - 1, limit - 1, -1):
        token = doc[place]
        if _ends_role(token):
            break
        if token.lower_ == "и" and names[place - 1]:
            # «футболисты Иванов и Петров»: the second name shares a role in the plural, and has no other
            if place == start - 1:
                return [role for role in _before_first(doc, names, place, dictionary) if role.rule == "shared"]
            break
        entry = role_word(token)
        headed = entry is not None and (token.pos_ in ("NOUN", "PROPN") or entry.governs)
        agrees = _agrees(_case(token), _case(name)) or (entry is not None and entry.governs == "Gen")
        if headed and not names[place] and agrees:
            heads.append(place)
    heads.reverse()
    return _chain(doc, heads, start, limit, names, dictionary)


def _before_first(doc: Doc, names: Sequence[int], conjunction: int, dictionary: Dictionary) -> list[Role]:
    """Roles before the first of two coordinated names, those in the plural marked as shared."""
    first = conjunction - 1
    while first > 0 and names[first - 1] == names[conjunction - 1]:
        first -= 1
    return [
        Role(role.start, role.end, role.text, role.organization, role.weak, "shared")
        for role in _before(doc, first, names, dictionary)
        if is_plural(doc[role.end - 1]) or any(is_plural(token) for token in doc[role.start : role.start + 2])
    ]


def _ends_role(token: Token) -> bool:
    """Whether a word cannot stand inside a role before a name."""
    if token.is_space or (token.pos_ in ("PUNCT", "SYM") and token.text not in _QUOTES):
        return True
    if token.pos_ == "ADP":
        return token.lower_ not in _INSIDE_ROLE
    return token.pos_ in ("VERB", "AUX", "PRON", "SCONJ", "PART", "ADV") and not _case(token)


def _chain(
    doc: Doc, heads: Sequence[int], start: int, limit: int, names: Sequence[int], dictionary: Dictionary
) -> list[Role]:
    """Roles of the heads before a name: the first governs what follows, unless another role in its case begins."""
    genitive = _case(doc[start]) in ("Gen", "Acc")
    places = [place for place in heads if not (genitive and _owns_name(doc, place, start))]
    if not places:
        return []
    if genitive and len(places) > 1 and _is_owner(doc, start, names):
        places = places[-1:]
    begins = [places[0]]
    for place in places[1:]:
        entry = role_word(doc[place])
        rank = entry is not None and entry.group in _RANKS
        if is_plural(doc[place]) and not is_plural(doc[places[0]]):
            continue
        if doc[place - 1].pos_ != "CCONJ" and (rank or _case(doc[place]) != "Gen"):
            begins.append(place)
    plural_alone = is_plural(doc[places[0]]) and not _has_second_name(doc, start, names)
    if plural_alone:
        return []
    firsts = [_first_modifier(doc, place, limit) for place in begins]
    roles = []
    for number, place in enumerate(begins):
        last = firsts[number + 1] if number + 1 < len(firsts) else start
        while (
            last > place + 1
            and doc[last - 1].pos_ == "ADJ"
            and not doc[last - 1].is_title
            and _case(doc[last - 1]) == _case(doc[place]) != "Gen"
        ):
            last -= 1  # «подруга 31-летняя Ольга»: an attribute of the name
        if last > place + 2 and doc[last - 1].lemma_ in _NAMING and doc[last - 2].pos_ == "ADP":
            last -= 2
        if firsts[number] < last:
            roles.append(_role(doc, firsts[number], last, place, "before", dictionary))
    return roles


def _owns_name(doc: Doc, head: int, start: int) -> bool:
    """Whether a genitive name right after a role can be its owner: «адвоката Иванова», «жены Петра»."""
    entry = role_word(doc[head])
    alone = start + 1 >= len(doc) or not doc[start + 1].is_title
    return entry is not None and entry.relation and head == start - 1 and (alone or entry.group == "family")


def _is_owner(doc: Doc, start: int, names: Sequence[int]) -> bool:
    """Whether a role before the name goes on to another: «советника президента США Дональда Трампа Майкла Флинна»."""
    place = start
    while place < len(doc) and names[place] == names[start]:
        place += 1
    while place < len(doc) and not names[place] and not _ends_role(doc[place]) and doc[place].pos_ != "CCONJ":
        place += 1
    return place < len(doc) and bool(names[place]) and _agrees(_case(doc[place]), _case(doc[start]))


def _has_second_name(doc: Doc, start: int, names: Sequence[int]) -> bool:
    end = start
    while end < len(doc) and names[end] == names[start]:
        end += 1
    return end + 1 < len(doc) and doc[end].text in (",", "и") and bool(names[end + 1])


def _first_modifier(doc: Doc, head: int, limit: int) -> int:
    """First of the adjectives and participles before a role that agree with it."""
    first = head
    while first > limit:
        token = doc[first - 1]
        participle = token.pos_ != "VERB" or "Part" in token.morph.get("VerbForm", [])
        if token.pos_ not in _MODIFIERS or not participle or not _agrees(_case(token), _case(doc[head])):
            break
        first -= 1
    return first


def _after(doc: Doc, start: int, end: int, names: Sequence[int], dictionary: Dictionary) -> list[Role]:
    """The role in apposition after the name, up to the end of its clause."""
    sentence_end = doc[end - 1].sent.end
    if end + 1 >= sentence_end or doc[end].text not in (",", "(", "—", "–", "-"):
        return []
    first = head = end + 1
    while head < sentence_end and doc[head].pos_ in _MODIFIERS and not role_word(doc[head]):
        head += 1
    if head >= sentence_end or not role_word(doc[head]) or is_plural(doc[head]):
        return []
    case = _case(doc[head])
    if case != "Nom" and (doc[end].text in "—–-" or not _agrees(case, _case(doc[start]))):
        return []
    last = head + 1
    while last < sentence_end and last - head < _LONGEST_ROLE:
        token = doc[last]
        if token.is_space or token.text in _CLAUSE_ENDS or (token.pos_ == "PUNCT" and token.text not in _QUOTES):
            break
        if token.pos_ in ("VERB", "AUX", "PRON", "SCONJ") and not _case(token):
            return []  # «…, министр ответил»: the word is the subject of its own clause
        if names[last] and _case(token) == case != "Gen":
            return []  # «…, мэр Лондона Кен Ливингстон»: the role of the next in a list
        last += 1
    while last > head + 1 and (doc[last - 1].text in _OPENING or doc[last - 1].pos_ in ("CCONJ", "ADP")):
        last -= 1
    return [_role(doc, first, last, head, "after", dictionary)]


def _role(doc: Doc, first: int, last: int, head: int, rule: str, dictionary: Dictionary) -> Role:
    entry = role_word(doc[head])
    return Role(
        start=first,
        end=last,
        text=_uncapitalized(doc[first], _nominative(doc, first, last, head, dictionary)),
        organization=_organization(doc, head, last, dictionary),
        weak=entry is not None and entry.group in _WEAK,
        rule=rule,
    )


def _nominative(doc: Doc, first: int, last: int, head: int, dictionary: Dictionary) -> str:
    """The role in the nominative; what a participle governs is kept: «управляющим делами» → «управляющий делами»."""
    entry = role_word(doc[head])
    if entry is None or not entry.governs:
        return normalize_phrase(doc[first:last], dictionary, number="Sing")
    words = [token.text for token in doc[first:last]]
    for place in range(first, head + 1) if entry.governs != "Gen" else ():
        reading = dictionary.best(doc[place].text, doc[place].pos_, str(doc[place].morph))
        inflected = reading.inflect("Nom") if reading else None
        if inflected and _case(doc[place]):
            words[place - first] = respell(doc[place].text, inflected)
    return join(list(doc[first:last]), words)


def _uncapitalized(first: Token, text: str) -> str:
    """The phrase without the capital that the start of its sentence gave it; «Президент» elsewhere keeps its own."""
    begins = first.is_sent_start or (first.i > 0 and first.nbor(-1).is_sent_start and first.nbor(-1).text in _OPENING)
    common = first.pos_ != "PROPN" or first.lemma_ in _lexicon()
    capital = first.text[:1].isupper() and not first.text[1:2].isupper()
    return text[0].lower() + text[1:] if begins and common and capital else text


def _organization(doc: Doc, head: int, last: int, dictionary: Dictionary) -> str | None:
    """What follows the role words, where it has an organisation: «глава комитета Госдумы» → «комитет Госдумы»."""
    # by the tokens' own tags: `doc.ents` goes over the whole document each time
    begins = (index for index in range(head + 1, last) if doc[index].ent_type_ == "ORG" and doc[index].ent_iob_ == "B")
    first = next(begins, None)
    if first is None or (last < len(doc) and all(doc[index].ent_iob_ == "I" for index in range(first + 1, last + 1))):
        return None
    while first - 1 > head and _before_organization(doc[first - 1]):
        first -= 1
    while doc[first].pos_ in ("CCONJ", "PUNCT") and doc[first].text not in _QUOTES:
        first += 1
    bound = doc[first - 1]
    if bound.pos_ == "ADP" and bound.lower_ not in _AT:
        return None
    return normalize_phrase(_balanced(doc, first, last), dictionary)


def _before_organization(token: Token) -> bool:
    """Whether a word belongs to the organisation named after it: «комитета Госдумы», «английского клуба «Челси»»."""
    if token.text in _QUOTES or token.pos_ == "CCONJ":
        return True
    return token.pos_ in ("NOUN", "PROPN", "ADJ") and _case(token) in ("Gen", "Loc") and not role_word(token)


def _balanced(doc: Doc, first: int, last: int) -> list[Token]:
    """The words without a quotation mark at an end that has no partner between them."""
    words = [token for token in doc[first:last] if not token.is_space]
    if len(words) > 1:
        texts = [token.text for token in words]
        closing, opening = texts[-1], texts[0]
        if closing in _CLOSING and not any(mark in texts[:-1] for mark in _CLOSING[closing]):
            words.pop()
        elif opening in _QUOTES and not any(opening in _CLOSING.get(mark, "") for mark in texts[1:]):
            words.pop(0)
    return words
