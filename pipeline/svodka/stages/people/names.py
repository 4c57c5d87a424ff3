"""Personal names in the nominative, with gender: all words of a name must agree in one gender and one case.

Every word gets its readings from the dictionary (known first names, patronymics, surnames) and from the declension
types; tags of the tagger, the verb and other forms of the name in the document add to the score of a gender and case.
The best sum decides. «Анны Дюма» is feminine and genitive by its first name, so Дюма is undeclined.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import product

from spacy.tokens import Token

from svodka.stages.people.declension import CASES, GENDERS, Reading, declension_readings, read_table
from svodka.stages.people.phrase import join
from svodka.stages.people.spelling import fold, respell
from svodka.stages.pymorphy import Analysis, Dictionary

# What a reading is worth beside the declension types' own weights (1 to 4).
_KNOWN = {"Patr": 7.0, "Name": 6.0, "Surn": 3.5}
_KNOWN_NOUN = 2.2
# The dictionary has undeclined twins of declined first names: «Анне» is rather a case of Анна.
_FIXED = 1.5
_KNOWN_ADJECTIVE = 1.8
_PARTS = {"Patr": "patronymic", "Name": "given", "Surn": "surname"}
_TAG_CASE = 1.5
_TAG_GENDER = 1.0
_TAG_PLURAL = 1.0
_VERB_GENDER = 4.0
_SUBJECT = 2.0
# By how much the evidence for a gender must exceed that for the other to be more than a guess.
_SURE = 1.0
_NOT_DECLINED = -1.0
# Evidence of another form of the same name elsewhere in the document.
_DOCUMENT = 3.5
_FULL_NAME_VOTE = 4.0
_OTHER_CASE_VOTE = 0.3
# «Веселина Топалова» can be a woman, or Веселин in the genitive: a full name is clear from this margin on.
_CLEAR = 5.0
_UNCLEAR_VOTE = 1.5
# Marks, among the votes, the forms that the document writes.
_WRITTEN = "="


# Chinese, Korean and Vietnamese names: «Ким Чен Ына», «Си Цзиньпину», but «Ху Цзиньтао», «Пак Чон Хи».
_EASTERN = 1.5
_EASTERN_ENDINGS = (
    ("Nom", "", ""), ("Gen", "а", ""), ("Acc", "а", ""), ("Dat", "у", ""), ("Ins", "ом", ""), ("Loc", "е", ""),
    ("Gen", "я", "й"), ("Acc", "я", "й"), ("Dat", "ю", "й"), ("Ins", "ем", "й"), ("Loc", "е", "й"),
)  # fmt: skip
_VOWELS = frozenset("аеёиоуыэюя")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name as the tagger sees it.

    Attributes:
        text: As written.
        case: UD case of the tag, empty where it has none.
        gender: UD gender of the tag.
        number: UD number of the tag.
    """

    text: str
    case: str = ""
    gender: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in the nominative, taken apart.

    Attributes:
        text: The nominative, in the written order and spelling.
        gender: Masc, Fem, Plur for a family, None where nothing tells.
        sure: Whether more than a tag tells the gender: «Иванова заявила», but not «Савченко».
        given: First name, folded (lower case, е for ё), empty where the mention has none.
        patronymic: Patronymic, folded.
        surname: Words of the surname, folded.
        initials: Initials before or after a surname, lower case, without full stops.
        words: Nominative of each word, lower case.
    """

    text: str
    gender: str | None
    sure: bool = False
    given: str = ""
    patronymic: str = ""
    surname: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    words: tuple[str, ...] = field(default=(), compare=False)

    @property
    def lone(self) -> str:
        """The only word of a name of one word without initials, else empty."""
        words = [word for word in (self.given, self.patronymic, *self.surname) if word]
        return words[0] if len(words) == 1 and not self.initials else ""

    @property
    def size(self) -> int:
        """Number of full words."""
        return bool(self.given) + bool(self.patronymic) + len(self.surname)


@cache
def _particles() -> frozenset[str]:
    return frozenset(row["word"] for row in read_table("people_particles.tsv"))


@cache
def _family_first() -> frozenset[str]:
    return frozenset(row["name"] for row in read_table("people_family_first.tsv"))


def normalize_person(
    tokens: Iterable[Token],
    dictionary: Dictionary,
    *,
    gender: str | None = None,
    support: Mapping[str, float] | None = None,
) -> tuple[str, str | None]:
    """The name in the nominative, and the gender of its bearer.

    Args:
        tokens: The words of the name, a span of a Doc.
        dictionary: The pymorphy adapter.
        gender: Masc or Fem where the context tells (a verb, a title).
        support: Nominatives that other forms in the document speak for, as `support_of` gives them.

    Returns:
        («Егор Крид», «Masc»); the gender is Masc, Fem, Plur for a family, or None.
    """
    name = parse_name(tokens, dictionary, gender=gender, support=support)
    return name.text, name.gender


def parse_name(
    tokens: Iterable[Token],
    dictionary: Dictionary,
    *,
    gender: str | None = None,
    support: Mapping[str, float] | None = None,
) -> PersonName:
    """The name taken apart; arguments as for `normalize_person`."""
    words = [token for token in tokens if not token.is_space]
    form = form_of(words)
    relevant = _relevant(support, form, dictionary) if support else ()
    lemmas, found, margin, parts = _parse(
        form, dictionary, gender or verb_gender(words) or "", relevant, is_subject(words)
    )
    text = join(words, [respell(word.text, lemma) for word, lemma in zip(form, lemmas, strict=True)])
    return PersonName(text, found or None, margin >= _SURE, *parts, words=lemmas)


def form_of(tokens: Iterable[Token]) -> tuple[Word, ...]:
    """The words of a span as `support_of` takes them."""
    return tuple(_word(token) for token in tokens if not token.is_space)


def _word(token: Token) -> Word:
    morph = token.morph
    return Word(token.text, *(next(iter(morph.get(name, [])), "") for name in ("Case", "Gender", "Number")))


def verb_gender(words: Sequence[Token]) -> str | None:
    """Gender of the past-tense verb whose subject this is: «Иванова заявила», «депутат Яна Орлова заявила» → Fem."""
    for subject in _subjects(words):
        verb = subject.head
        if verb.pos_ in ("VERB", "ADJ", "AUX") and "Sing" in verb.morph.get("Number", []):
            genders = verb.morph.get("Gender", [])
            if genders and genders[0] != "Neut" and not verb.morph.get("Case", []):
                return str(genders[0])
    return None


def is_subject(words: Sequence[Token]) -> bool:
    """Whether the name is in the nominative: a subject, coordinated with one, or a speech's label («Д. Орлова:»)."""
    return (
        any(True for _ in _subjects(words))
        or any(token.dep_ == "conj" and token.head.dep_.startswith("nsubj") for token in words)
        or _is_label(words)
    )


def _is_label(words: Sequence[Token]) -> bool:
    if not words or not words[0].is_sent_start:
        return False
    after = words[-1].i + 1
    return after < len(words[-1].doc) and words[-1].doc[after].text == ":"


def _subjects(words: Sequence[Token]) -> Iterator[Token]:
    """The subjects among the words, and those to which the words are the name: «депутат Яна Орлова»."""
    for token in words:
        if token.dep_.startswith("nsubj"):
            yield token
        elif token.dep_ == "appos" and token.head.i < token.i and token.head.dep_.startswith("nsubj"):
            yield token.head


def support_of(forms: Iterable[tuple[Word, ...]], dictionary: Dictionary) -> dict[str, float]:
    """Nominatives that the names of a document speak for.

    A name of several words votes for the nominatives it resolves to by itself. A form that stands alone votes for
    every nominative it can be a case of, most for the case of its tag: «Назарбаев», «Назарбаева» and «Назарбаеву»
    agree in one nominative.

    Args:
        forms: The person mentions, as `form_of` gives them.
        dictionary: The pymorphy adapter.
    """
    votes: dict[str, float] = {}
    for form in set(forms):
        votes.update((_WRITTEN + word.text.lower(), 1.0) for word in form)
        if sum(_is_inflected(word) for word in form) > 1:
            lemmas, _, margin, _ = _parse(form, dictionary, "", ())
            vote = _FULL_NAME_VOTE if margin >= _CLEAR else _UNCLEAR_VOTE
            for lemma in lemmas:
                votes[lemma] = votes.get(lemma, 0.0) + vote
            continue
        for word in form:
            best: dict[str, float] = {}
            for reading in word_readings(word.text, dictionary):
                if reading.weight > 0:
                    weight = 1.0 if reading.case == word.case else _OTHER_CASE_VOTE
                    best[reading.lemma] = max(best.get(reading.lemma, 0.0), weight)
            for lemma, weight in best.items():
                votes[lemma] = votes.get(lemma, 0.0) + weight
    return votes


def _relevant(
    support: Mapping[str, float], form: tuple[Word, ...], dictionary: Dictionary
) -> tuple[tuple[str, float], ...]:
    """The part of the document's votes that these words can use, relative to the strongest, hashable."""
    kept: list[tuple[str, float]] = []
    for word in form:
        lemmas = {reading.lemma for reading in word_readings(word.text, dictionary)}
        votes = {lemma: support.get(lemma, 0.0) for lemma in sorted(lemmas)}
        own = word.text.lower()
        if any(support.get(_WRITTEN + lemma) for lemma in votes if lemma != own):
            # «Дамп» is written too, so «Дампа» is rather its case than another name
            votes[own] = votes.get(own, 0.0) / 4
        top = max(votes.values(), default=0.0)
        if top > 1.0:
            kept.extend((lemma, round(vote / top, 1)) for lemma, vote in votes.items() if vote)
    return tuple(kept)


@lru_cache(maxsize=50_000)
def word_readings(text: str, dictionary: Dictionary) -> tuple[Reading, ...]:
    """Readings of one word of a name; a hyphenated word is read part by part, in one gender and case.

    >>> from svodka.stages.pymorphy import get_dictionary
    >>> readings = word_readings("Салтыкова-Щедрина", get_dictionary())
    >>> sorted({reading.lemma for reading in readings if reading.case == "Acc"})
    ['салтыков-щедрин', 'салтыкова-щедрина']
    """
    form = text.lower()
    known = tuple(_dictionary_readings(form, dictionary))
    if "-" in form.strip("-") and not any(reading.known for reading in known):
        return _hyphenated(form, dictionary)
    readings = (*known, *declension_readings(form))
    patronymics = {reading.lemma for reading in readings if reading.part == "patronymic"}
    if patronymics:  # «Абишевича» is no nominative of a name Абишевича
        readings = tuple(reading for reading in readings if reading.lemma in patronymics)
    return readings


def _hyphenated(form: str, dictionary: Dictionary) -> tuple[Reading, ...]:
    parts = [_best_by_agreement(word_readings(part, dictionary)) if part else {} for part in form.split("-")]
    readings: list[Reading] = []
    for gender, case in product(GENDERS, CASES):
        chosen = [options.get((gender, case)) for options in parts]
        *first, last = chosen
        if last is None:
            continue
        pieces = form.split("-")
        lemma = "-".join(
            reading.lemma if reading and reading.weight > 0 else piece
            for reading, piece in zip(chosen, pieces, strict=True)
        )
        weight = last.weight + 0.3 * sum(reading.weight if reading else 0.0 for reading in first)
        readings.append(Reading(lemma, gender, case, weight, last.part, last.known))
    return tuple(readings)


def _dictionary_readings(form: str, dictionary: Dictionary) -> Iterable[Reading]:
    for analysis in dictionary.analyses(form):
        case = analysis.features.get("Case", "")
        if not analysis.known or case not in CASES:
            continue
        kind = next((name for name in ("Patr", "Name", "Surn") if name in analysis.grammemes), None)
        if analysis.features.get("Number") == "Plur":
            if kind == "Surn":
                yield Reading(analysis.inflect("Nom", "Plur") or form, "Plur", case, 2.0, "surname", True)
            continue
        own = analysis.features.get("Gender")
        for gender in ("Masc", "Fem") if own is None else (own,):
            reading = _dictionary_reading(form, analysis, kind, gender, case)
            if reading is not None:
                yield reading


def _dictionary_reading(form: str, analysis: Analysis, kind: str | None, gender: str, case: str) -> Reading | None:
    if gender not in ("Masc", "Fem"):
        return None
    if kind is not None:
        fixed = "Fixd" in analysis.grammemes
        lemma = form if fixed else analysis.inflect("Nom", "Sing", *(() if kind == "Name" else (gender,)))
        weight = _KNOWN[kind] - _FIXED * (fixed and kind == "Name")
        return Reading(lemma or analysis.lemma, gender, case, weight, _PARTS[kind], True)
    if analysis.pos == "NOUN" and "Fixd" not in analysis.grammemes:
        return Reading(analysis.inflect("Nom", "Sing") or form, gender, case, _KNOWN_NOUN)
    if analysis.pos == "ADJ":
        return Reading(analysis.inflect("Nom", "Sing", gender) or form, gender, case, _KNOWN_ADJECTIVE)
    return None


def _best_by_agreement(readings: Iterable[Reading]) -> dict[tuple[str, str], Reading]:
    """The strongest reading of each gender and case."""
    best: dict[tuple[str, str], Reading] = {}
    for reading in readings:
        key = (reading.gender, reading.case)
        if key not in best or reading.weight > best[key].weight:
            best[key] = reading
    return best


def _is_inflected(word: Word) -> bool:
    """Whether a word of a name can take an ending: no initial, particle, Latin word or number."""
    text = word.text
    return len(text) > 1 and "а" <= text[-1].lower() <= "ё" and text.lower() not in _particles()


_Parts = tuple[str, str, tuple[str, ...], tuple[str, ...]]


@lru_cache(maxsize=50_000)
def _parse(
    form: tuple[Word, ...],
    dictionary: Dictionary,
    gender: str,
    support: tuple[tuple[str, float], ...],
    subject: bool = False,
) -> tuple[tuple[str, ...], str, float, _Parts]:
    """Nominative of each word (lower case, or as written where it is not inflected), gender, its margin, parts."""
    places = [place for place, word in enumerate(form) if _is_inflected(word)]
    lemmas = [word.text if place not in places else word.text.lower() for place, word in enumerate(form)]
    votes = dict(support)
    if len(places) > 1 and form[places[0]].text.lower() in _family_first():
        options = [_eastern_options(form[place].text, place == places[-1], dictionary) for place in places]
    else:
        options = [_options(form[place].text, votes, dictionary) for place in places]
    genders = GENDERS if len(places) == 1 else GENDERS[:2]
    best_score, chosen_gender = float("-inf"), ""
    best: tuple[Reading | None, ...] = ()
    evidence: dict[str, float] = {}
    for candidate, case in product(genders, CASES):
        readings = [table.get((candidate, case)) for table in options]
        score = _VERB_GENDER * (candidate == gender) + _SUBJECT * (subject and case == "Nom")
        for place, reading in zip(places, readings, strict=True):
            score += _score(reading, form[place], candidate, case)
        evidence[candidate] = max(score, evidence.get(candidate, score))
        score += sum(_tag_score(form[place], candidate) for place in places)
        if places and score > best_score:
            best_score, best, chosen_gender = score, tuple(readings), candidate
    others = [score for candidate, score in evidence.items() if candidate != chosen_gender]
    margin = evidence.get(chosen_gender, 0.0) - max(others)
    for place, reading in zip(places, best, strict=False):
        if reading is not None:
            lemmas[place] = reading.lemma
    parts = _split(form, places, best, dictionary)
    return tuple(lemmas), chosen_gender, margin, parts


def _options(text: str, votes: Mapping[str, float], dictionary: Dictionary) -> dict[tuple[str, str], Reading]:
    """The strongest reading of each gender and case, the document's votes counted."""
    if not votes:
        return _word_options(text, dictionary)
    return _best_by_agreement(_voted(reading, votes) for reading in word_readings(text, dictionary))


@lru_cache(maxsize=50_000)
def _word_options(text: str, dictionary: Dictionary) -> dict[tuple[str, str], Reading]:
    return _best_by_agreement(word_readings(text, dictionary))


@lru_cache(maxsize=5_000)
def _eastern_options(text: str, last: bool, dictionary: Dictionary) -> dict[tuple[str, str], Reading]:
    """Readings in a name with the family name first: the last word alone is inflected, and only after a consonant."""
    form = text.lower()
    still = [Reading(form, gender, case, _EASTERN) for gender in GENDERS[:2] for case in CASES]
    if not last:
        given = () if form in _family_first() else (r for r in word_readings(text, dictionary) if r.known)
        return _best_by_agreement((*still, *given))
    inflected = [
        Reading(form.removesuffix(ending) + nominative, "Masc", case, (2.0 if len(ending) < 2 else 3.5) * _EASTERN)
        for case, ending, nominative in _EASTERN_ENDINGS
        if form.endswith(ending)
    ]
    inflected = [reading for reading in inflected if _VOWELS & set(reading.lemma) and reading.lemma[-1] not in _VOWELS]
    if form[-1] not in _VOWELS:
        still = [reading for reading in still if reading.case == "Nom" or reading.gender == "Fem"]
    return _best_by_agreement((*still, *inflected))


def _voted(reading: Reading, votes: Mapping[str, float]) -> Reading:
    vote = votes.get(reading.lemma, 0.0) * _DOCUMENT
    if not vote:
        return reading
    return Reading(reading.lemma, reading.gender, reading.case, reading.weight + vote, reading.part, reading.known)


def _score(reading: Reading | None, word: Word, gender: str, case: str) -> float:
    score = reading.weight if reading is not None else _NOT_DECLINED
    if word.case == case or (word.case == "Acc" and case == "Gen"):
        score += _TAG_CASE
    return score


def _tag_score(word: Word, gender: str) -> float:
    """What the tag's gender and number say for a gender: the weakest evidence, kept apart."""
    if gender == "Plur":
        return _TAG_PLURAL * (word.number == "Plur")
    return _TAG_GENDER * (word.gender == gender and word.number != "Plur")


def _split(
    form: tuple[Word, ...], places: Sequence[int], readings: Sequence[Reading | None], dictionary: Dictionary
) -> _Parts:
    """First name, patronymic, surname words and initials."""
    stops = {place for place, word in enumerate(form) if word.text == "."}
    initials = tuple(
        word.text.lower()
        for place, word in enumerate(form)
        if is_initial(word.text) and (place + 1 in stops or place + 1 == len(form))
    )
    words = [
        (fold(reading.lemma if reading is not None else form[place].text), _part(form[place].text, reading, dictionary))
        for place, reading in zip(places, readings, strict=False)
    ]
    words += [
        (fold(word.text), "any")
        for place, word in enumerate(form)
        if place not in places and word.text.isalpha() and not is_initial(word.text)
        and word.text.lower() not in _particles()
    ]  # fmt: skip
    if not words:
        return "", "", (), initials
    if len(words) == 1:
        word, part = words[0]
        if initials or part != "given":
            return "", "", (word,), initials
        return word, "", (), initials
    patronymic = next((place for place in range(1, len(words)) if words[place][1] == "patronymic"), None)
    if patronymic is not None:
        given = words[patronymic - 1][0]
        rest = [word for place, (word, _) in enumerate(words) if place not in (patronymic - 1, patronymic)]
        return given, words[patronymic][0], tuple(rest), initials
    if initials:
        return "", "", tuple(word for word, _ in words), initials
    surname_first = words[0][0] in _family_first() and (words[0][1] != "given" or len(words) > 2)
    surname_first = surname_first or (words[0][1] == "surname" and words[-1][1] == "given")
    if surname_first:
        return " ".join(word for word, _ in words[1:]), "", (words[0][0],), initials
    return words[0][0], "", tuple(word for word, _ in words[1:]), initials


def _part(text: str, reading: Reading | None, dictionary: Dictionary) -> str:
    """Which part of a name a word is by itself: given, patronymic, surname or any."""
    if reading is None:
        return "any"
    parts = {other.part for other in word_readings(text, dictionary) if fold(other.lemma) == fold(reading.lemma)}
    if "given" in parts:
        return "given"
    if "patronymic" in parts and "surname" not in parts:
        return "patronymic"
    return "surname" if "surname" in parts else "any"


def is_initial(text: str) -> bool:
    """Whether a word can be an initial: one capital letter, or one of two letters («Дж»)."""
    return text[:1].isupper() and (len(text) == 1 or (len(text) == 2 and text[1].islower() and text in _DIGRAPHS))


# Initials of two letters: «Дж. Буш».
_DIGRAPHS = frozenset({"Дж", "Дз", "Вл", "Св"})
