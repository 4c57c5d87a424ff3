"""A noun phrase in the nominative: its head and what agrees with it inflected, its dependants kept."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from spacy.tokens import Token

from svodka.stages.columns import Columns, columns, split_features
from svodka.stages.people.declension import AGREEMENTS, CASES, SHORTEST_STEM, declension_readings
from svodka.stages.people.spelling import bare_acronym, respell
from svodka.stages.people.tokens import join, spacing
from svodka.stages.pymorphy import Analysis, Dictionary

_Word = tuple[str, str, str]

_MODIFIERS = frozenset({"ADJ", "DET"})
_HEADS = frozenset({"NOUN", "PROPN", "PRON"})
_CLOSING = frozenset('»"”“)*')
_BEFORE_HEAD = frozenset('«"“„-')
_PERSONAL = frozenset({"Name", "Patr", "Surn"})
# A common noun that takes the name of its place in the same case: «городе Москве» → «город Москва».
_CLASSIFIERS = frozenset({
    "город", "село", "деревня", "посёлок", "река", "республика", "станица", "озеро", "гора", "остров", "хутор", "аул",
    "кишлак", "городок", "столица", "пункт",
})  # fmt: skip
# A common noun whose name is an adjective that agrees with it: «улице Полевой».
_STREETS = frozenset({"улица", "площадь", "проспект", "переулок", "бульвар", "проезд", "набережная", "шоссе", "тупик"})
_ADJECTIVE_ENDINGS = ("ый", "ий", "ой")
_SUPERLATIVE_ENDING = re.compile("(?<=ш)(ая|ее|ий|ие|его|ему|им|ем|ей|ею|ую|их|ими)$")
LONGEST_ACRONYM = 5
"""Letters of the longest word in capitals that is rather an acronym than a word."""
# What pymorphy's guess at an unknown word is worth beside the declension types.
_GUESS = 1.0


def normalize_phrase(
    tokens: Iterable[Token],
    dictionary: Dictionary,
    *,
    attested: frozenset[str] = frozenset(),
    number: str = "",
) -> str:
    """The phrase in the nominative; number, capitals and ё are kept as written.

    The head is the first noun; the adjectives and participles before it that agree with it are inflected with it, all
    that follows is kept: «пресс-службы МЧС» → «пресс-служба МЧС».

    Args:
        tokens: A span of a Doc with parts of speech and features, or its tokens.
        dictionary: The pymorphy adapter.
        attested: Lower-case words that the document has as names in the nominative: evidence for a name that the
            dictionary lacks.
        number: Sing or Plur to have the phrase in that number.
    """
    words = [token for token in tokens if not token.is_space]
    if not words:
        return ""
    places = [token.i for token in words]
    return nominative_phrase(columns(words[0].doc), places, dictionary, attested=attested, number=number)


def nominative_phrase(
    tokens: Columns,
    places: Sequence[int],
    dictionary: Dictionary,
    *,
    attested: frozenset[str] = frozenset(),
    number: str = "",
) -> str:
    """As `normalize_phrase`, of the tokens of a document at these places, white space left out."""
    words, pos, feats = tokens.words, tokens.pos, tokens.feats
    form = tuple([(words[place], pos[place], feats[place]) for place in places])
    evidence = _evidence(form, dictionary, attested) if attested else attested
    if len(form) == 1:
        return _inflected(form, dictionary, evidence, "", number)[0]
    inflected: Sequence[str] = _inflected(form, dictionary, evidence, "", number)
    joined = _coordinated(tokens, places)
    if joined is not None:
        head, other = joined
        inflected = (*inflected[:other], *_inflected(form[other:], dictionary, evidence, form[head][2]))
    return join(inflected, spacing(tokens, places))


def _evidence(form: tuple[_Word, ...], dictionary: Dictionary, attested: frozenset[str]) -> frozenset[str]:
    """The attested names that the words of a phrase can be in the nominative."""
    beginnings = _beginnings(attested)
    for text, _, _ in form:
        if text[:SHORTEST_STEM].lower() in beginnings:
            return attested & _guesses(form, dictionary)
    return frozenset()


@lru_cache(maxsize=8)
def _beginnings(attested: frozenset[str]) -> frozenset[str]:
    """What of the attested names no ending changes."""
    return frozenset(name[:SHORTEST_STEM] for name in attested)


@lru_cache(maxsize=4_000)
def _guesses(form: tuple[_Word, ...], dictionary: Dictionary) -> frozenset[str]:
    """What the words of a phrase can be in the nominative, where it has a name that the dictionary lacks."""
    if not any(text.istitle() and _is_unknown(text, dictionary) for text, _, _ in form):
        return frozenset()
    return frozenset(reading.lemma for text, _, _ in form for reading in declension_readings(text.lower()))


def _coordinated(tokens: Columns, places: Sequence[int]) -> tuple[int, int] | None:
    """(head, first word of the conjunct) where a second noun in the head's case is joined to it by «и».

    A genitive is taken only where the tree joins it to the head: «главы партии и правительства» has one head.
    """
    lowers, pos, features = tokens.lowers, tokens.pos, tokens.features
    links = [number for number, place in enumerate(places) if lowers[place] == "и"]
    if not links:
        return None
    head = next((number for number, place in enumerate(places) if pos[place] in _HEADS), None)
    if head is None:
        return None
    case = features[places[head]].get("Case")
    for link in links:
        if not head < link < len(places) - 1:
            continue
        noun = next((place for place in places[link + 1 :] if pos[place] not in _MODIFIERS), None)
        if noun is None or pos[noun] not in _HEADS or features[noun].get("Case") != case:
            continue
        if tokens.heads[noun] == places[head] or (case != "Gen" and link == head + 1):
            return head, link + 1
    return None


def _feature(feats: str, name: str) -> str:
    return split_features(feats).get(name, "")


@lru_cache(maxsize=8_000)
def _inflected(
    form: tuple[_Word, ...],
    dictionary: Dictionary,
    attested: frozenset[str] = frozenset(),
    case: str = "",
    number: str = "",
) -> tuple[str, ...]:
    """The words of a phrase in the nominative.

    Args:
        form: (text, part of speech, features) of each word.
        dictionary: The pymorphy adapter.
        attested: Names in the nominative elsewhere in the document.
        case: Features of a word the phrase is coordinated with, whose case it has.
        number: Sing or Plur, empty for the number as written.
    """
    texts = [text for text, _, _ in form]
    head, modifiers = _head(form, dictionary)
    if head is None:
        return tuple(texts)
    if not modifiers and texts[head].istitle() and _is_unknown(texts[head], dictionary):
        texts[head] = _unknown_name(form[head], dictionary, attested)
        return tuple(texts)
    acronym = _acronym(texts[head], dictionary)
    if acronym is not None:
        texts[head] = acronym
        for place in modifiers:  # the tags alone tell how they agree: «Одинцовского МБУ»
            texts[place] = _by_tag(form[place], dictionary)
        return tuple(texts)
    best = _agreement(form, head, modifiers, dictionary, _feature(case, "Case"))
    if best is None:
        return tuple(texts)
    analysis, written = best
    number = number or written
    texts[head] = _nominative(texts[head], analysis, number, dictionary)
    gender = analysis.features.get("Gender", "")
    for place in (*modifiers, *_following_modifiers(form, head, analysis, dictionary)):
        case_of_head = analysis.features.get("Case", "Nom")
        reading = _agreeing(form[place], case_of_head, written, gender, dictionary)
        reading = reading or _agreeing(form[place], case_of_head, "Plur", gender, dictionary)
        if reading is not None:
            texts[place] = respell(texts[place], _modifier_nominative(reading, number, gender))
    tail = _apposition(form, head, analysis)
    if tail is not None:
        texts[tail:] = _inflected(form[tail:], dictionary, attested)
    return tuple(texts)


def _following_modifiers(
    form: tuple[_Word, ...], head: int, analysis: Analysis, dictionary: Dictionary
) -> tuple[int, ...]:
    """Place of an adjective or participle that ends the phrase after its head: «улице Полевой», «Руси сидящей»."""
    place = head + 1
    if not (len(form) == place + 1 or (len(form) == place + 2 and form[place + 1][0] in _CLOSING)):
        return ()
    text, pos, feats = form[place]
    if pos in ("ADJ", "VERB") and _feature(feats, "Case"):
        return (place,)
    features = analysis.features
    if pos == "PROPN" and features.get("Number") == "Sing" and text.istitle():
        reading = _agreeing(form[place], features.get("Case", ""), "Sing", features.get("Gender", ""), dictionary)
        if reading is not None and reading.lemma.endswith(_ADJECTIVE_ENDINGS) and analysis.lemma in _STREETS:
            return (place,)
    return ()


def _apposition(form: tuple[_Word, ...], head: int, analysis: Analysis) -> int | None:
    """Place of a name after the head that stands in the head's case: «городе Москве», «округе – Югре»."""
    case = analysis.features.get("Case")
    if case == "Nom" or head + 1 >= len(form):
        return None
    for place in range(head + 1, len(form) - 1):
        if form[place][0] in "—–" and form[place + 1][1] == "PROPN" and _feature(form[place + 1][2], "Case") == case:
            return place + 1
    text, pos, feats = form[head + 1]
    if pos == "PROPN" and text[:1].isupper() and _feature(feats, "Case") == case and analysis.lemma in _CLASSIFIERS:
        return head + 1
    return None


def _head(form: tuple[_Word, ...], dictionary: Dictionary) -> tuple[int | None, list[int]]:
    """Place of the head and of the words before it that agree with it."""
    modifiers: list[int] = []
    for place, (text, pos, feats) in enumerate(form):
        if pos in _HEADS or (pos == "ADJ" and _is_noun(text, dictionary)):
            if _is_base_form(form, place, dictionary):
                continue  # «Ростов Арене»: the first part of a compound name
            if place + 1 < len(form) and _is_modifier(form[place], form[place + 1], dictionary):
                modifiers.append(place)
                continue
            return place, modifiers
        participle = pos in ("VERB", "NUM") and _feature(feats, "Case")
        if pos in _MODIFIERS or participle:
            modifiers.append(place)
        elif pos not in ("ADV", "X") and not (pos == "PUNCT" and text in _BEFORE_HEAD):
            break
    # a substantivised adjective: «Навального», «пострадавших»
    if modifiers:
        return modifiers[-1], modifiers[:-1]
    return None, []


def _is_noun(text: str, dictionary: Dictionary) -> bool:
    """Whether the dictionary sees only a noun in a word, whatever its tag."""
    return {reading.pos for reading in dictionary.analyses(text)} == {"NOUN"}


def _is_base_form(form: tuple[_Word, ...], place: int, dictionary: Dictionary) -> bool:
    """Whether a name is followed by one that alone is inflected: «Ростов Арене», «Газпром нефти»."""
    if place + 1 >= len(form):
        return False
    (word, pos, feats), (text, next_pos, next_feats) = form[place], form[place + 1]
    case, next_case = _feature(feats, "Case"), _feature(next_feats, "Case")
    if next_pos not in _HEADS or next_case == "Nom" or not word[:1].isupper():
        return False
    if case == next_case and word[-1] in "бвгджзклмнпрстфхцчшщ":  # tagged alike, but this form is the nominative
        return all(
            reading.known and reading.features.get("Case") in ("Nom", "Acc") for reading in dictionary.analyses(word)
        )
    both_names = pos == next_pos == "PROPN" and text[:1].isupper()
    uninflected = case in ("Nom", "Acc") and _feature(feats, "Gender") != "Fem"
    return both_names and uninflected and next_case in ("Dat", "Ins", "Loc")


def _is_modifier(word: _Word, following: _Word, dictionary: Dictionary) -> bool:
    """Whether a word tagged as a noun is an adjective that agrees with the next: «Баксанскую нейтринную …»."""
    if following[1] not in ("ADJ", "NOUN", "PROPN"):
        return False
    readings = dictionary.analyses(word[0])
    if not any(reading.pos in ("ADJ", "VERB") and "Case" in reading.features for reading in readings) or any(
        reading.known and reading.pos == "NOUN" for reading in readings
    ):
        return False
    for other in dictionary.analyses(following[0]):
        features = other.features
        if "Case" in features and other.pos in ("ADJ", "NOUN"):
            number = features.get("Number", "Sing")
            if _agreeing(word, features["Case"], number, features.get("Gender", ""), dictionary):
                return True
    return False


def _is_unknown(text: str, dictionary: Dictionary) -> bool:
    """Whether the dictionary lacks a name, or knows the form only as another part of speech."""
    return not any(reading.known and reading.pos != "ADJ" for reading in dictionary.analyses(text))


def _unknown_name(word: _Word, dictionary: Dictionary, attested: frozenset[str]) -> str:
    """Nominative of a proper name that the dictionary lacks, by declension type, tag and other mentions."""
    text, _, feats = word
    case, gender = _feature(feats, "Case"), _feature(feats, "Gender")
    guesses = [
        (guess.lemma, guess.features.get("Gender", ""), guess.features["Case"], _GUESS)
        for guess in dictionary.analyses(text)
        if guess.pos == "NOUN" and "Case" in guess.features and not guess.grammemes & (_PERSONAL | {"Fixd"})
    ]
    guessed = {(lemma, case_of_guess) for lemma, _, case_of_guess, _ in guesses}
    best, best_score = text.lower(), float("-inf")
    for lemma, lemma_gender, lemma_case, weight in (*_by_ending_and_case(text.lower()), *guesses):
        score = weight + 1.5 * (lemma_case == case) + (lemma_gender == gender)
        score += ((lemma, lemma_case) in guessed) + 2.0 * (lemma in attested)
        if score > best_score:
            best, best_score = lemma, score
    return respell(text, best)


def _by_ending_and_case(form: str) -> list[tuple[str, str, str, float]]:
    """(lemma, gender, case, weight) of the declension types: of equals the shortest ending and the first case win."""
    found = [
        (reading.ending, CASES.index(case), place, reading.lemma, gender, case, reading.weight)
        for place, reading in enumerate(declension_readings(form))
        if reading.part != "patronymic"
        for gender, case in (AGREEMENTS[number] for number in reading.agreements)
    ]
    found.sort(key=lambda one: one[:3])
    return [one[3:] for one in found]


def _acronym(text: str, dictionary: Dictionary) -> str | None:
    acronym = bare_acronym(text)
    if acronym is None or (len(acronym) > LONGEST_ACRONYM and dictionary.is_known(text)):
        return None
    return acronym


def _agreement(
    form: tuple[_Word, ...], head: int, modifiers: Sequence[int], dictionary: Dictionary, case: str
) -> tuple[Analysis, str] | None:
    """The reading of the head that agrees best with its tag and its modifiers, and its number."""
    text, pos, feats = form[head]
    tag_case = case or _feature(feats, "Case")
    # «группы «Пошлая Молли»»: one name, so one group, where the form can be both
    names_follow = head + 1 < len(form) and (form[head + 1][0] in '«"„“' or form[head + 1][0][0].isascii())
    place_follows = head + 1 < len(form) and form[head + 1][1] in ("PROPN", "ADJ") and form[head + 1][0].istitle()
    tag_number, tag_gender = _feature(feats, "Number"), _feature(feats, "Gender")
    best: tuple[Analysis, str] | None = None
    best_score = float("-inf")
    for analysis in dictionary.analyses(text):
        if analysis.pos not in ("NOUN", "ADJ", "PRON", "VERB", "DET") or "Case" not in analysis.features:
            continue
        features = analysis.features
        number = features.get("Number", tag_number or "Sing")
        score = 2.0 * (features["Case"] == tag_case) + (number == tag_number)
        score += 0.5 * (features.get("Gender", tag_gender) == tag_gender) + 0.5 * analysis.known
        score -= bool(analysis.grammemes & _PERSONAL) * (0.5 if analysis.known else 1.0)
        score += 0.5 * ("Geox" in analysis.grammemes)
        if number == "Sing" and (names_follow or (place_follows and analysis.lemma in _CLASSIFIERS)):
            score += 3.5
        score += (analysis.pos == "NOUN") * (pos in _HEADS) + analysis.score / 2
        gender = features.get("Gender", "")
        if number == "Plur" and _share_a_head(form, modifiers, features["Case"], gender, dictionary):
            number = "Sing"
        for place in modifiers:
            score += 2.0 if _agreeing(form[place], features["Case"], number, gender, dictionary) else -2.0
        if score > best_score:
            best, best_score = (analysis, number), score
    return best


def _share_a_head(
    form: tuple[_Word, ...], modifiers: Sequence[int], case: str, gender: str, dictionary: Dictionary
) -> bool:
    """Whether the modifiers are singular beside a plural head that has others too: «Орловской и Рязанской областях»."""
    return any(
        _agreeing(form[place], case, "Sing", gender, dictionary)
        and not _agreeing(form[place], case, "Plur", gender, dictionary)
        for place in modifiers
    )


def _agreeing(word: _Word, case: str, number: str, gender: str, dictionary: Dictionary) -> Analysis | None:
    """The reading of a modifier that agrees with a head of this case, number and gender."""
    agreeing = [
        reading
        for reading in dictionary.analyses(word[0])
        if reading.pos in ("ADJ", "DET", "VERB", "NUM")
        and reading.features.get("Case") == case
        and reading.features.get("Number", number) == number
        and (number == "Plur" or not gender or reading.features.get("Gender", gender) == gender)
    ]
    # «Большим театром» is of «большой», which the dictionary names second
    return min(agreeing, key=lambda reading: reading.lemma == "больший", default=None)


def _modifier_nominative(reading: Analysis, number: str, gender: str) -> str:
    """A modifier in the nominative; of two superlatives the one that was written: «высшей» is no «высочайшая»."""
    wanted = ("Nom", "Plur") if number == "Plur" else ("Nom", "Sing", gender or "Masc")
    inflected = reading.inflect(*wanted) or reading.word
    if "Supr" in reading.grammemes and inflected[:4] != reading.word[:4]:
        ending = next(ending for ending in ("ая", "ее", "ий", "ие") if inflected.endswith(ending))
        inflected = _SUPERLATIVE_ENDING.sub(ending, reading.word)
    return inflected


def _by_tag(word: _Word, dictionary: Dictionary) -> str:
    """A modifier in the nominative, read as its tag says."""
    text, _, feats = word
    number, gender = _feature(feats, "Number") or "Sing", _feature(feats, "Gender")
    reading = _agreeing(word, _feature(feats, "Case"), number, gender, dictionary)
    return respell(text, _modifier_nominative(reading, number, gender)) if reading is not None else text


def _nominative(text: str, analysis: Analysis, number: str, dictionary: Dictionary) -> str:
    """The head in the nominative; a compound that the dictionary lacks part by part («Осетии-Алании»)."""
    features = analysis.features
    if features.get("Case") == "Nom" and features.get("Number") == number:
        return text
    if not analysis.known and "-" in text:
        parts = [_known_nominative(part, features.get("Case", ""), number, dictionary) for part in text.split("-")]
        if None not in parts:
            return "-".join(part for part in parts if part is not None)
    if not analysis.known and text[-1:].lower() in "оиуэю" and text[:1].isupper():
        return text  # a foreign name that the dictionary lacks and that nobody inflects: «Лесото»
    return respell(text, analysis.inflect("Nom", number) or text.lower())


def _known_nominative(text: str, case: str, number: str, dictionary: Dictionary) -> str | None:
    if bare_acronym(text) == text:
        return text
    for reading in dictionary.analyses(text):
        if reading.known and reading.pos == "NOUN" and reading.features.get("Case") == case:
            return respell(text, reading.inflect("Nom", number) or reading.inflect("Nom") or text.lower())
    return None
