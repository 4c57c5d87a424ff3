"""Spans of names, mended where the entity model errs systematically; ``doc.ents`` itself is left as it is."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from svodka.stages.columns import Columns, EntitySpan
from svodka.stages.people.declension import declension_readings, read_table
from svodka.stages.people.found import Found
from svodka.stages.people.names import is_initial
from svodka.stages.people.organizations import is_institution, is_syllabic, with_owners
from svodka.stages.people.readings import family_first
from svodka.stages.people.role_words import role_word
from svodka.stages.people.tokens import begins_sentence, is_plural
from svodka.stages.pymorphy import Dictionary

_LABELS = frozenset({"PER", "ORG", "LOC"})
_PAIRS = {"«": "»", "“": "”", "„": "“", '"': '"', "(": ")"}
_DANGLING = frozenset({",", *_PAIRS}) - {'"'}
_OPENING_OF = {closing: opening for opening, closing in _PAIRS.items()}
# What can be one mark too many at the end of a name.
_MARKS = frozenset({*_DANGLING, *_OPENING_OF})
_NO_NAMES = frozenset({"VERB", "AUX", "ADV", "ADP", "CCONJ", "SCONJ", "PART", "PRON", "DET"})
# What the declension types give an ending that surnames have above all.
_LIKE_SURNAME = 3.0
_NAME_PARTS = frozenset({"Name", "Surn", "Patr"})


def find_names(tokens: Columns, entities: Iterable[EntitySpan], dictionary: Dictionary) -> list[Found]:
    """Names in reading order; an organisation can hold places and organisations whole.

    Args:
        tokens: The tokens of a document.
        entities: First token, one past the last, and label of the entity model's spans, in reading order.
        dictionary: The pymorphy adapter.
    """
    found: list[Found] = []
    is_space = tokens.is_space
    for start, end, label in _split_at_brackets(tokens, _with_nicknames(tokens, entities)):
        if label not in _LABELS or False not in is_space[start:end]:
            continue
        is_person = label == "PER"
        mended = _person(tokens, start, end, dictionary) if is_person else _thing(tokens, start, end, label)
        if mended is None:
            continue
        if found and mended.start < found[-1].end:
            if found[-1].end >= mended.end:
                continue
            mended = Found(found[-1].end, mended.end, mended.label, mended.rule)
        if False in is_space[mended.start : mended.end]:
            found.append(mended)
    return with_owners(tokens, found)


def _with_nicknames(tokens: Columns, entities: Iterable[EntitySpan]) -> Iterator[EntitySpan]:
    """The spans, those of a person joined around a name in quotation marks: «Артур «Скала» Зимин»."""
    words = tokens.words
    open_span: EntitySpan | None = None
    for span in entities:
        start, end, label = span
        if open_span is not None:
            if label == "PER" and start == open_span[1]:
                yield open_span[0], end, label
                open_span = None
                continue
            yield open_span
            open_span = None
        mark = next((word for word in words[start + 1 : end] if word in _PAIRS), "") if label == "PER" else ""
        if mark and words[end : end + 1] == [_PAIRS[mark]] and words[start:end].count(mark) == 1:
            open_span = start, end + 1, label
        else:
            yield span
    if open_span is not None:
        yield open_span


def _split_at_brackets(tokens: Columns, entities: Iterable[EntitySpan]) -> Iterator[EntitySpan]:
    """The spans, those with another name in brackets cut in two: «Леннарта Берга (Lennart Berg)», «… союз (РС)»."""
    words = tokens.words
    for start, end, label in entities:
        opening = next((place for place in range(start + 1, end - 1) if words[place] == "("), None)
        if opening is None:
            yield start, end, label
            continue
        yield start, opening, label
        closing = next((place for place in range(opening + 1, end) if words[place] == ")"), end)
        yield opening + 1, closing, label


def _person(tokens: Columns, start: int, end: int, dictionary: Dictionary) -> Found | None:
    words, rule = tokens.words, "name"
    while end - start > 1 and words[end - 1] in _MARKS and _dangles(words[start:end]):
        end -= 1
    while end - start > 1 and _is_title(tokens, start, dictionary):
        start, rule = start + 1, "name-title"
    if end - start == 1:
        if is_syllabic(words[start]):
            return Found(start, end, "ORG", "name-label")
        if _is_common_noun(tokens, start, dictionary):
            return None
    first, last = _with_initials(tokens, start, end)
    if (first, last) != (start, end):
        start, end, rule = first, last, "name-initials"
    return Found(start, end, "PER", rule)


def _dangles(words: Sequence[str]) -> bool:
    """Whether the last word is a comma, an opening mark, or a closing one without its partner: «Глафира)»."""
    last = words[-1]
    if last in _DANGLING:
        return True
    return last in _OPENING_OF and _OPENING_OF[last] not in words[:-1]


def _is_title(tokens: Columns, place: int, dictionary: Dictionary) -> bool:
    """Whether the first word of a person's span is a title or a common noun: «Мулла Омар», «Робота Кондолизу Райс»."""
    text, following = tokens.words[place], tokens.words[place + 1]
    if not following[:1].isupper() or text.lower() in family_first():  # «Си Цзиньпин»
        return False
    is_role = role_word(tokens, place) is not None
    if not (is_role or begins_sentence(tokens, place) or text.islower()):
        return False
    is_name, is_noun = _name_or_noun(text, dictionary)
    return not is_name and (is_role or is_noun)


@lru_cache(maxsize=5_000)
def _name_or_noun(text: str, dictionary: Dictionary) -> tuple[bool, bool]:
    """Whether the dictionary has a word as part of a person's name, and as a noun."""
    known = [reading for reading in dictionary.analyses(text) if reading.known]
    return any(reading.grammemes & _NAME_PARTS for reading in known), any(reading.pos == "NOUN" for reading in known)


def _is_common_noun(tokens: Columns, place: int, dictionary: Dictionary) -> bool:
    """Whether a lone word is no name: «МиГ-29», «Закрался», «Стюардессы», at the start of a sentence «Премьера»."""
    text = tokens.words[place]
    if any(map(str.isdigit, text)):
        return True
    if is_plural(tokens, place) and _is_kind(text, dictionary):
        return True
    if not begins_sentence(tokens, place) or not text.istitle():
        return False
    if _is_no_noun(text, dictionary):
        return True
    return role_word(tokens, place) is not None or _is_thing(text, dictionary)


@lru_cache(maxsize=5_000)
def _is_no_noun(text: str, dictionary: Dictionary) -> bool:
    """Whether the dictionary has a word as a verb or another that no name can be."""
    readings = [reading for reading in dictionary.analyses(text) if reading.known]
    return bool(readings) and all(reading.pos in _NO_NAMES for reading in readings)


@lru_cache(maxsize=5_000)
def _is_kind(text: str, dictionary: Dictionary) -> bool:
    """Whether the dictionary has a word as a noun for people of a kind, and it ends like no surname («Мясников»)."""
    readings = [reading for reading in dictionary.analyses(text) if reading.known]
    like_surname = any(reading.weight >= _LIKE_SURNAME for reading in declension_readings(text.lower()))
    return (
        bool(readings)
        and not like_surname
        and all(reading.pos == "NOUN" and not reading.grammemes & {*_NAME_PARTS, "Geox"} for reading in readings)
    )


@lru_cache(maxsize=5_000)
def _is_thing(text: str, dictionary: Dictionary) -> bool:
    """Whether the dictionary has a word as a noun that is never animate, nor a name."""
    readings = [reading for reading in dictionary.analyses(text) if reading.known and reading.pos == "NOUN"]
    return bool(readings) and all(
        reading.features.get("Animacy") == "Inan" and not reading.grammemes & {*_NAME_PARTS, "Geox"}
        for reading in readings
    )


def _with_initials(tokens: Columns, start: int, end: int) -> tuple[int, int]:
    """The span with the initials that stand before it or after it in its sentence: «И. П. Орлова», «Орлов И. П.»."""
    words = tokens.words
    first, last = tokens.sentences[tokens.sentence_of[start]]
    while start - 2 >= first and words[start - 1] == "." and is_initial(words[start - 2]):
        start -= 2
    while end + 1 < last and words[end + 1] == "." and is_initial(words[end]):
        end += 2
    if end < last and words[end] == "." and end - start > 1 and is_initial(words[end - 1]):
        end += 1
    return start, end


def _thing(tokens: Columns, start: int, end: int, label: str) -> Found | None:
    """An organisation or place, with the closing quotation mark that belongs to it: «фонда "Новый мир».

    Nothing where it is no name («СМИ», «Жители»).
    """
    words, rule = tokens.words, "name"
    while end - start > 1 and words[end - 1] in _MARKS and _dangles(words[start:end]):
        end -= 1
    while end - start > 1 and not any(map(str.isalnum, words[start])) and words[start] not in _PAIRS:
        start += 1
    while end - start > 1 and words[start + 1][:1].isupper() and role_word(tokens, start) is not None:
        start, rule = start + 1, "name-title"
    if end - start == 1 and begins_sentence(tokens, start) and _is_no_name(tokens, start):
        return None
    known = _labels().get(" ".join(tokens.lemmas[start:end]))
    if known is not None and known != label:
        return Found(start, end, known, "name-label") if known in _LABELS else None
    if end - start > 1 and end < len(tokens) and words[end] in _OPENING_OF:
        for mark in _unclosed(words[start:end]):
            if words[end] == _PAIRS[mark]:
                return Found(start, end + 1, label, "name-quote")
    return Found(start, end, label, rule)


def _is_no_name(tokens: Columns, place: int) -> bool:
    """Whether a capital is the sentence's, of a noun that names nobody: «Жители», «Власти»."""
    return role_word(tokens, place) is not None or (
        is_institution(tokens.lemmas[place]) and not tokens.words[place].isupper()
    )


@cache
def _labels() -> dict[str, str]:
    return {row["name"]: row["label"] for row in read_table("people_labels.tsv")}


def _unclosed(words: Sequence[str]) -> Iterator[str]:
    """Opening marks of the span that have no partner in it, the last first."""
    for place in range(len(words) - 1, -1, -1):
        mark = words[place]
        open_ascii = mark != '"' or words.count('"') % 2 == 1
        if mark in _PAIRS and open_ascii and _PAIRS[mark] not in words[place + 1 :]:
            yield mark
