"""What is written down of a role phrase: its nominative and its organisation."""

from svodka.stages.people.phrase import nominative_phrase
from svodka.stages.people.role_phrase import OPENING, QUOTES, RolePhrases
from svodka.stages.people.role_words import role_word
from svodka.stages.people.spelling import respell
from svodka.stages.people.tokens import begins_sentence, case_of, join, spacing, without_space

_CLOSING = {"»": "«„", "”": "“„", "“": "„", '"': '"', ")": "("}
# Prepositions before the organisation a role belongs to.
_AT = frozenset({"в", "во", "при", "на", "от", "из"})


def role_text(phrases: RolePhrases, first: int, last: int, head: int) -> str:
    """The role [first, last) in the nominative singular, without the capital of a sentence."""
    return _uncapitalized(phrases, first, _nominative(phrases, first, last, head))


def _nominative(phrases: RolePhrases, first: int, last: int, head: int) -> str:
    """The role in the nominative; what a participle governs is kept: «управляющим делами»."""
    tokens, dictionary = phrases.tokens, phrases.dictionary
    entry = role_word(tokens, head)
    if not phrases.is_undeclined(head) and not (entry is not None and entry.governs):
        return nominative_phrase(tokens, without_space(tokens, first, last), dictionary, number="Sing")
    words = tokens.words[first:last]
    for place in range(first, head + (not phrases.is_undeclined(head))):
        reading = dictionary.best(tokens.words[place], tokens.pos[place], tokens.feats[place])
        inflected = reading.inflect("Nom") if reading else None
        if inflected and case_of(tokens, place):
            words[place - first] = respell(tokens.words[place], inflected)
    return join(words, spacing(tokens, range(first, last)))


def _uncapitalized(phrases: RolePhrases, first: int, text: str) -> str:
    """The phrase without the capital that its sentence gave it; «Президент» elsewhere keeps its own."""
    tokens = phrases.tokens
    word = tokens.words[first]
    if not word[:1].isupper() or word[1:2].isupper():
        return text
    begins = begins_sentence(tokens, first) or (
        first > 0 and begins_sentence(tokens, first - 1) and tokens.words[first - 1] in OPENING
    )
    common = tokens.pos[first] != "PROPN" or role_word(tokens, first) is not None
    return text[0].lower() + text[1:] if begins and common else text


def role_organization(phrases: RolePhrases, head: int, last: int) -> str | None:
    """What follows the role words, where it has an organisation: «глава комитета Госдумы» → «комитет Госдумы»."""
    tokens, organizations = phrases.tokens, phrases.organizations
    pos = tokens.pos
    first = next((place for place in range(head + 1, last) if place in organizations), None)
    if first is None or organizations[first] > last:
        return None
    while first - 1 > head and _before_organization(phrases, first - 1):
        first -= 1
    while pos[first] in ("CCONJ", "PUNCT") and tokens.words[first] not in QUOTES:
        first += 1
    if pos[first - 1] == "ADP" and tokens.lowers[first - 1] not in _AT:
        return None
    return nominative_phrase(tokens, _balanced(phrases, first, last), phrases.dictionary)


def _before_organization(phrases: RolePhrases, place: int) -> bool:
    """Whether a word belongs to the organisation named after it: «комитета Госдумы», «клуба «Челси»»."""
    tokens = phrases.tokens
    if tokens.words[place] in QUOTES or tokens.pos[place] == "CCONJ":
        return True
    declined = tokens.pos[place] in ("NOUN", "PROPN", "ADJ") and case_of(tokens, place) in ("Gen", "Loc")
    return declined and not role_word(tokens, place)


def _balanced(phrases: RolePhrases, first: int, last: int) -> list[int]:
    """The words without a quotation mark at an end that has no partner between them."""
    tokens = phrases.tokens
    places = without_space(tokens, first, last)
    if len(places) > 1:
        texts = [tokens.words[place] for place in places]
        closing, opening = texts[-1], texts[0]
        if closing in _CLOSING and not any(mark in texts[:-1] for mark in _CLOSING[closing]):
            places.pop()
        elif opening in QUOTES and not any(opening in _CLOSING.get(mark, "") for mark in texts[1:]):
            places.pop(0)
    return places
