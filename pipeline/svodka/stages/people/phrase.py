"""A noun phrase in the nominative: its head and what agrees with it inflected, its dependants kept."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from spacy.tokens import Token

from svodka.stages.people.declension import CASES
from svodka.stages.people.spelling import bare_acronym, respell
from svodka.stages.pymorphy import Analysis, Dictionary

_MODIFIERS = frozenset({"ADJ", "DET"})
_HEADS = frozenset({"NOUN", "PROPN", "PRON"})
_OPENING = "«\"“„'("
_CLOSING = "»\"”“')"
# A common noun that takes the name of its place in the same case: «городе Москве» → «город Москва».
_CLASSIFIERS = frozenset({
    "город", "село", "деревня", "посёлок", "река", "республика", "станица", "озеро", "гора", "остров", "хутор", "аул",
    "кишлак", "городок", "столица",
})  # fmt: skip
_LONGEST_ACRONYM = 5


def normalize_phrase(tokens: Iterable[Token], dictionary: Dictionary) -> str:
    """The phrase in the nominative; number, capitals and ё are kept as written.

    The head is the first noun; the adjectives and participles before it that agree with it are inflected with it, all
    that follows is kept: «пресс-службы МЧС» → «пресс-служба МЧС».

    Args:
        tokens: A span of a Doc with parts of speech and features, or its tokens.
        dictionary: The pymorphy adapter.
    """
    words = [token for token in tokens if not token.is_space]
    form = tuple((token.text, token.pos_, str(token.morph)) for token in words)
    inflected = list(_inflected(form, dictionary))
    for place, other in _coordinated(words):
        part = form[other:]
        inflected[other:] = _inflected(part, dictionary, case=form[place][2])
    return join(words, inflected)


def join(tokens: Sequence[Token], words: Sequence[str]) -> str:
    """The words with the spacing of their tokens; a line break is a space."""
    pieces: list[str] = []
    for position, (token, word) in enumerate(zip(tokens, words, strict=True)):
        pieces.append(word)
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        if following is not None and following.idx > token.idx + len(token):
            pieces.append(" ")
    return "".join(pieces)


def _coordinated(words: Sequence[Token]) -> list[tuple[int, int]]:
    """(head, first word of the conjunct) where a second noun is coordinated with the head by «и» right after it."""
    head = next((place for place, token in enumerate(words) if token.pos_ in _HEADS), None)
    if head is None or head + 2 >= len(words) or words[head + 1].lower_ != "и":
        return []
    for token in words[head + 2 :]:
        if token.pos_ in _HEADS:
            same = token.morph.get("Case", []) == words[head].morph.get("Case", [])
            return [(head, head + 2)] if same and token.head == words[head] else []
        if token.pos_ not in _MODIFIERS:
            return []
    return []


def _feature(feats: str, name: str) -> str:
    for feature in feats.split("|"):
        if feature.startswith(name + "="):
            return feature[len(name) + 1 :]
    return ""


@lru_cache(maxsize=50_000)
def _inflected(form: tuple[tuple[str, str, str], ...], dictionary: Dictionary, case: str = "") -> tuple[str, ...]:
    """The words of a phrase in the nominative.

    Args:
        form: (text, part of speech, features) of each word.
        dictionary: The pymorphy adapter.
        case: Features of a word the phrase is coordinated with, whose case it has.
    """
    texts = [text for text, _, _ in form]
    head, modifiers = _head(form)
    if head is None:
        return tuple(texts)
    acronym = _acronym(texts[head], dictionary)
    if acronym is not None:
        texts[head] = acronym
        if not modifiers:
            return tuple(texts)
    best = _agreement(form, head, modifiers, dictionary, _feature(case, "Case"))
    if best is None:
        return tuple(texts)
    analysis, number = best
    if acronym is None:
        texts[head] = _nominative(texts[head], analysis, number)
    gender = analysis.features.get("Gender", "")
    for place in modifiers:
        reading = _agreeing(form[place], analysis.features.get("Case", "Nom"), number, gender, dictionary)
        if reading is not None:
            wanted = ("Nom", "Plur") if number == "Plur" else ("Nom", "Sing", gender or "Masc")
            texts[place] = respell(texts[place], reading.inflect(*wanted) or texts[place].lower())
    if analysis.lemma in _CLASSIFIERS and head + 1 < len(form) and form[head + 1][1] == "PROPN":
        following = form[head + 1]
        if _feature(following[2], "Case") == analysis.features.get("Case") and following[0][:1].isupper():
            texts[head + 1 :] = _inflected(form[head + 1 :], dictionary)
    return tuple(texts)


def _head(form: tuple[tuple[str, str, str], ...]) -> tuple[int | None, list[int]]:
    """Place of the head and of the words before it that agree with it."""
    modifiers: list[int] = []
    for place, (text, pos, feats) in enumerate(form):
        if pos in _HEADS:
            return place, modifiers
        participle = pos in ("VERB", "NUM") and _feature(feats, "Case")
        if pos in _MODIFIERS or participle:
            modifiers.append(place)
        elif pos not in ("ADV", "X") and not (pos == "PUNCT" and text in '«"“„-'):
            break
    # a substantivised adjective: «Навального», «пострадавших»
    if modifiers:
        return modifiers[-1], modifiers[:-1]
    return None, []


def _acronym(text: str, dictionary: Dictionary) -> str | None:
    acronym = bare_acronym(text)
    if acronym is None or (len(acronym) > _LONGEST_ACRONYM and dictionary.is_known(text)):
        return None
    return acronym


def _agreement(
    form: tuple[tuple[str, str, str], ...], head: int, modifiers: Sequence[int], dictionary: Dictionary, case: str
) -> tuple[Analysis, str] | None:
    """The reading of the head that agrees best with its tag and its modifiers, and its number."""
    text, pos, feats = form[head]
    tag_case = case or _feature(feats, "Case")
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
        score += (analysis.pos == "NOUN") * (pos in _HEADS) + analysis.parse.score / 2
        for place in modifiers:
            agreeing = _agreeing(form[place], features["Case"], number, features.get("Gender", ""), dictionary)
            score += 2.0 if agreeing else -2.0
        if score > best_score:
            best, best_score = (analysis, number), score
    return best


def _agreeing(
    word: tuple[str, str, str], case: str, number: str, gender: str, dictionary: Dictionary
) -> Analysis | None:
    """The reading of a modifier that agrees with a head of this case, number and gender."""
    for analysis in dictionary.analyses(word[0]):
        features = analysis.features
        if analysis.pos not in ("ADJ", "DET", "VERB", "NUM") or features.get("Case") != case:
            continue
        if features.get("Number", number) != number:
            continue
        if number == "Plur" or not gender or features.get("Gender", gender) == gender:
            return analysis
    return None


def _nominative(text: str, analysis: Analysis, number: str) -> str:
    if analysis.features.get("Case") not in CASES[1:]:
        return text
    if not analysis.known and text[-1:].lower() in "оиуэю" and text[:1].isupper():
        return text  # a foreign name that the dictionary lacks and that nobody inflects: «Лесото»
    return respell(text, analysis.inflect("Nom", number) or text.lower())
