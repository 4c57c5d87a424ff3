"""Personal names in the nominative, with gender: all words of a name must agree in one gender and one case.

Every word gets its readings from the dictionary (known first names, patronymics, surnames) and from the declension
types; tags of the tagger, the verb and other forms of the name in the document add to the score of a gender and case.
The best sum decides. «Анны Дюма» is feminine and genitive by its first name, so Дюма is undeclined.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat
from operator import add
from typing import NamedTuple

from spacy.tokens import Token

from svodka.stages.columns import Columns, columns, fold, split_features
from svodka.stages.people.declension import AGREEMENTS, CASES, Reading
from svodka.stages.people.readings import (
    eastern_options,
    family_first,
    is_known_as,
    name_particles,
    nominatives,
    options_of,
    part_of,
    word_readings,
)
from svodka.stages.people.spelling import respell
from svodka.stages.people.tokens import begins_sentence, join, spacing
from svodka.stages.pymorphy import Dictionary

_TAG_CASE = 1.5
_TAG_GENDER = 1.0
_TAG_PLURAL = 1.0
_VERB_GENDER = 4.0
_SUBJECT = 2.0
# By how much the evidence for a gender must exceed that for the other to be more than a guess.
_SURE = 1.0
# Evidence of another form of the same name elsewhere in the document.
_DOCUMENT = 4.5
_FULL_NAME_VOTE = 4.0
_OTHER_CASE_VOTE = 0.3
# «Веселина Топалова» can be a woman, or Веселин in the genitive: a full name is clear from this margin on.
_CLEAR = 5.0
_UNCLEAR_VOTE = 1.5


class Word(NamedTuple):
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


class PersonName(NamedTuple):
    """A name in the nominative, taken apart.

    Attributes:
        text: The nominative, in the written order and spelling.
        gender: Masc, Fem, Plur for a family, None where nothing tells.
        sure: Whether more than a tag tells the gender: «Иванова заявила», but not «Савченко».
        given: First name, folded (lower case, е for ё), empty where the mention has none.
        patronymic: Patronymic, folded.
        surname: Words of the surname, folded.
        initials: Initials before or after a surname, lower case, without full stops.
    """

    text: str
    gender: str | None
    sure: bool = False
    given: str = ""
    patronymic: str = ""
    surname: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()

    @property
    def lone(self) -> str:
        """The only word of a name of one word without initials, else empty."""
        if self.initials or self.size != 1:
            return ""
        return self.given or self.patronymic or self.surname[0]

    @property
    def size(self) -> int:
        """Number of full words."""
        return bool(self.given) + bool(self.patronymic) + len(self.surname)


@dataclass(slots=True)
class Support:
    """What the names of a document tell about each other.

    Attributes:
        dictionary: The pymorphy adapter.
        votes: How much they speak for each nominative, lower case.
        written: Their words as they stand, lower case.
    """

    dictionary: Dictionary
    votes: dict[str, float] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    _relevant: dict[tuple[Word, ...], tuple[tuple[str, float], ...]] = field(default_factory=dict)

    def relevant(self, form: tuple[Word, ...]) -> tuple[tuple[str, float], ...]:
        """The votes that these words can use, relative to the strongest."""
        known = self._relevant.get(form)
        if known is None:
            known = self._relevant[form] = tuple(vote for word in form for vote in self._of_word(word.text))
        return known

    def _of_word(self, text: str) -> list[tuple[str, float]]:
        votes, written, own = self.votes, self.written, text.lower()
        lemmas = nominatives(text, self.dictionary)
        counted = {lemma: votes[lemma] for lemma in lemmas if lemma in votes}
        if not counted:
            return []
        if own in counted and any(lemma != own and lemma in written for lemma in lemmas):
            # «Дамп» is written too, so «Дампа» is rather its case than another name
            counted[own] /= 4
        top = max(counted.values())
        return [(lemma, round(vote / top, 1)) for lemma, vote in counted.items()] if top > 1.0 else []


def normalize_person(
    tokens: Iterable[Token], dictionary: Dictionary, *, gender: str | None = None, support: Support | None = None
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
    words = [token for token in tokens if not token.is_space]
    if not words:
        return "", None
    places = [token.i for token in words]
    name = parse_name(columns(words[0].doc), places, dictionary, gender=gender, support=support)
    return name.text, name.gender


def parse_name(
    tokens: Columns,
    places: Sequence[int],
    dictionary: Dictionary,
    *,
    gender: str | None = None,
    support: Support | None = None,
    form: tuple[Word, ...] | None = None,
) -> PersonName:
    """The name at these places of a document taken apart.

    Args:
        tokens: The tokens of a document.
        places: The words of the name.
        dictionary: The pymorphy adapter.
        gender: As for `normalize_person`.
        support: As for `normalize_person`.
        form: What `form_of` gives for the places, where the caller has it.
    """
    form = form_of(tokens, places) if form is None else form
    relevant = support.relevant(form) if support else ()
    subjects = _subjects(tokens, places)
    gender = gender or _verb_gender(tokens, subjects)
    subject = bool(subjects) or _is_nominative(tokens, places)
    return _name(form, spacing(tokens, places), dictionary, gender, relevant, subject)


@lru_cache(maxsize=5_000)
def _name(
    form: tuple[Word, ...],
    spaces: tuple[bool, ...],
    dictionary: Dictionary,
    gender: str,
    support: tuple[tuple[str, float], ...],
    subject: bool,
) -> PersonName:
    resolved = _resolve(form, dictionary, gender, support, subject)
    text = join([respell(word.text, lemma) for word, lemma in zip(form, resolved.lemmas, strict=True)], spaces)
    # «Абрамович сказала»: what the verb says is no guess
    sure = resolved.margin >= _SURE or (resolved.gender is not None and resolved.gender == gender)
    return PersonName(text, resolved.gender, sure, *_split(form, resolved.readings, resolved.gender, dictionary))


def form_of(tokens: Columns, places: Sequence[int]) -> tuple[Word, ...]:
    """The words at these places of a document as `support_of` takes them."""
    words, feats = tokens.words, tokens.feats
    return tuple([_word(words[place], feats[place]) for place in places])


@lru_cache(maxsize=5_000)
def _word(text: str, feats: str) -> Word:
    features = split_features(feats)
    return Word(text, features.get("Case", ""), features.get("Gender", ""), features.get("Number", ""))


def _subjects(tokens: Columns, places: Sequence[int]) -> list[int]:
    """The subjects among the words, and those to which the words are the name: «депутат Яна Орлова»."""
    deps, heads = tokens.deps, tokens.heads
    subjects = []
    for place in places:
        dep, head = deps[place], heads[place]
        if dep.startswith("nsubj"):
            subjects.append(place)
        elif dep == "appos" and head < place and deps[head].startswith("nsubj"):
            subjects.append(head)
    return subjects


def _verb_gender(tokens: Columns, subjects: Sequence[int]) -> str:
    """Gender of the past-tense verb of a subject: «Иванова заявила», «депутат Яна Орлова заявила» → Fem."""
    for subject in subjects:
        verb = tokens.heads[subject]
        features = tokens.features[verb]
        if tokens.pos[verb] in ("VERB", "ADJ", "AUX") and features.get("Number") == "Sing" and "Case" not in features:
            gender = features.get("Gender", "")
            if gender and gender != "Neut":
                return gender
    return ""


def _is_nominative(tokens: Columns, places: Sequence[int]) -> bool:
    """Whether a name is coordinated with a subject, or labels a speech («Д. Орлова:»)."""
    deps, heads = tokens.deps, tokens.heads
    for place in places:
        if deps[place] == "conj" and deps[heads[place]].startswith("nsubj"):
            return True
    after = places[-1] + 1
    return after < len(tokens) and tokens.words[after] == ":" and begins_sentence(tokens, places[0])


def support_of(forms: Iterable[tuple[Word, ...]], dictionary: Dictionary) -> Support:
    """What the names of a document speak for.

    A name of several words votes for the nominatives it resolves to by itself. A form that stands alone votes for
    every nominative it can be a case of, most for the case of its tag: «Назарбаев», «Назарбаева» and «Назарбаеву»
    agree in one nominative.

    Args:
        forms: The person mentions, as `form_of` gives them.
        dictionary: The pymorphy adapter.
    """
    support = Support(dictionary)
    votes, written = support.votes, support.written
    for form in dict.fromkeys(forms):
        written.update([word.text.lower() for word in form])
        alone = form[0]
        for lemma, vote in _votes(form, dictionary) if len(form) > 1 else _votes_of_word(*alone[:2], dictionary):
            votes[lemma] = votes.get(lemma, 0.0) + vote
    return support


@lru_cache(maxsize=5_000)
def _votes(form: tuple[Word, ...], dictionary: Dictionary) -> tuple[tuple[str, float], ...]:
    """The nominatives one form speaks for."""
    if sum(map(_is_inflected, form)) > 1:
        resolved = _resolve(form, dictionary)
        vote = _FULL_NAME_VOTE if resolved.margin >= _CLEAR else _UNCLEAR_VOTE
        return tuple((lemma, vote) for lemma in resolved.lemmas)
    return tuple(vote for word in form for vote in _votes_of_word(word.text, word.case, dictionary))


@lru_cache(maxsize=5_000)
def _votes_of_word(text: str, case: str, dictionary: Dictionary) -> tuple[tuple[str, float], ...]:
    """The nominatives that a word by itself speaks for."""
    best: dict[str, float] = {}
    for reading in word_readings(text, dictionary):
        if reading.weight > 0:
            weight = 1.0 if case in reading.cases else _OTHER_CASE_VOTE
            if weight > best.get(reading.lemma, 0.0):
                best[reading.lemma] = weight
    return tuple(best.items())


def _is_inflected(word: Word) -> bool:
    """Whether a word of a name can take an ending: no initial, particle, Latin word or number."""
    text = word.text
    return len(text) > 1 and "а" <= text[-1].lower() <= "ё" and text.lower() not in name_particles()


class _Resolved(NamedTuple):
    """How the words of a name are read together.

    Attributes:
        lemmas: Nominative of each word, lower case, or as written where it is not inflected.
        readings: Reading of each word, None where it has none.
        gender: Masc, Fem, Plur for a family, None where no word is inflected.
        margin: By how much the evidence for the gender exceeds that for another.
    """

    lemmas: tuple[str, ...]
    readings: tuple[Reading | None, ...]
    gender: str | None
    margin: float


def _resolve(
    form: tuple[Word, ...],
    dictionary: Dictionary,
    gender: str = "",
    support: tuple[tuple[str, float], ...] = (),
    subject: bool = False,
) -> _Resolved:
    """The gender and case that the words agree in best, and their nominatives."""
    lemmas = [word.text for word in form]
    readings: list[Reading | None] = [None] * len(form)
    places = [place for place, word in enumerate(form) if _is_inflected(word)]
    if not places:
        return _Resolved(tuple(lemmas), tuple(readings), None, 0.0)
    words = [form[place] for place in places]
    if len(words) > 1 and words[0].text.lower() in family_first():
        options = [eastern_options(word.text, number == len(words), dictionary) for number, word in enumerate(words, 1)]
    else:
        votes = {lemma: vote * _DOCUMENT for lemma, vote in support}
        options = [options_of(word.text, votes, len(words) == 1, dictionary) for word in words]
    # a word alone can be a family's; `map` leaves out what is beyond
    n_scores = len(CASES) * (3 if len(words) == 1 else 2)
    sums: Iterable[float] = _context_scores(gender, subject)[:n_scores]
    tags: Iterable[float] = repeat(0.0)
    for word, (_, weights) in zip(words, options, strict=True):
        sums = map(add, sums, map(add, weights, _case_scores(word.case)))
        tags = map(add, tags, _gender_scores(word.gender, word.number))
    scores = list(sums)
    totals = list(map(add, scores, tags))
    best = totals.index(max(totals))
    for place, (of_word, _) in zip(places, options, strict=True):
        reading = readings[place] = of_word[best]
        lemmas[place] = reading.lemma if reading is not None else form[place].text.lower()
    evidence = [max(scores[first : first + len(CASES)]) for first in range(0, n_scores, len(CASES))]
    own = evidence.pop(best // len(CASES))
    return _Resolved(tuple(lemmas), tuple(readings), AGREEMENTS[best][0], own - max(evidence))


@lru_cache(maxsize=100)
def _context_scores(gender: str, subject: bool) -> Sequence[float]:
    """What the verb and the place in the sentence say for each gender and case."""
    return [_VERB_GENDER * (one == gender) + _SUBJECT * (subject and case == "Nom") for one, case in AGREEMENTS]


@lru_cache(maxsize=100)
def _case_scores(tag: str) -> Sequence[float]:
    """What the case of a tag says for each gender and case."""
    cases = ("Acc", "Gen") if tag == "Acc" else (tag,)
    return [_TAG_CASE * (case in cases) for _, case in AGREEMENTS]


@lru_cache(maxsize=100)
def _gender_scores(gender: str, number: str) -> Sequence[float]:
    """What the gender and number of a tag say for each gender and case: the weakest evidence, kept apart."""
    said = "Plur" if number == "Plur" else gender
    worth = _TAG_PLURAL if number == "Plur" else _TAG_GENDER
    return [worth * (one == said) for one, _ in AGREEMENTS]


def _split(
    form: tuple[Word, ...], readings: Sequence[Reading | None], gender: str | None, dictionary: Dictionary
) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    """First name, patronymic, surname words and initials."""
    texts = [word.text for word in form]
    initials = tuple(
        text.lower()
        for text, following in zip(texts, (*texts[1:], "."), strict=True)
        if following == "." and is_initial(text)
    )
    words: list[tuple[str, str]] = []
    foreign: list[tuple[str, str]] = []
    for word, reading in zip(form, readings, strict=True):
        if reading is not None:
            words.append((fold(reading.lemma), part_of(word.text, reading.lemma, dictionary, gender)))
        elif _is_inflected(word):
            words.append((fold(word.text), "any"))
        elif word.text.isalpha() and not is_initial(word.text) and word.text.lower() not in name_particles():
            foreign.append((fold(word.text), "any"))
    words += foreign
    if len(words) == 2 and words[1][1] == "patronymic" and not is_known_as(words[1][0], "patronymic", dictionary):
        words[1] = words[1][0], "surname"  # «Аркадий Дворкович»: most patronymics are known
    return *parts_of_words(words, initials), initials


def parts_of_words(words: Sequence[tuple[str, str]], initials: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
    """First name, patronymic and surname words of folded words with what part each is by itself."""
    folded = tuple([word for word, _ in words])
    if not words:
        return "", "", ()
    if len(words) == 1:
        is_given = words[0][1] == "given" and not initials
        return (folded[0], "", ()) if is_given else ("", "", folded)
    patronymic = next((place for place in range(1, len(words)) if words[place][1] == "patronymic"), None)
    if patronymic is not None:
        return folded[patronymic - 1], folded[patronymic], folded[: patronymic - 1] + folded[patronymic + 1 :]
    if initials:
        return "", "", folded
    surname_first = folded[0] in family_first() and (words[0][1] != "given" or len(words) > 2)
    if surname_first or (words[0][1] == "surname" and words[-1][1] == "given"):
        return " ".join(folded[1:]), "", folded[:1]
    return folded[0], "", folded[1:]


def name_in_case(name: str) -> str:
    """A name that is written all in capitals, or without any, as names are written.

    >>> name_in_case("УРСУЛА ФОН ДЕР ЛЯЙЕН"), name_in_case("егор крид"), name_in_case("И. П. МакГрегор")
    ('Урсула фон дер Ляйен', 'Егор Крид', 'И. П. МакГрегор')
    """
    if not (name.isupper() or name.islower()):
        return name
    words = [word.lower() if word.lower() in name_particles() else word.title() for word in name.split(" ")]
    return " ".join(words)


def is_initial(text: str) -> bool:
    """Whether a word can be an initial: one capital letter, or one of two letters («Дж»)."""
    return text[:1].isupper() and (len(text) == 1 or (len(text) == 2 and text[1].islower() and text in _DIGRAPHS))


# Initials of two letters: «Дж. Буш».
_DIGRAPHS = frozenset({"Дж", "Дз", "Вл", "Св"})
