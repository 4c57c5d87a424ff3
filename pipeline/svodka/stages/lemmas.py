"""The rule by which natasha chooses a lemma among a dictionary's readings, in agreement with the tagger.

A reading that says exactly what the tagger says is taken; else the one that shares most with it, an equal part of
speech counting as one equal feature. The tables are those natasha 1.6 reads OpenCorpora's grammemes by (after
russian-tagsets), which are not those of the features that svodka writes.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

_POS = {
    "ADJF": "ADJ", "ADJS": "ADJ", "ADVB": "ADV", "COMP": "ADV", "VERB": "VERB", "GRND": "VERB", "INFN": "VERB",
    "PRTF": "VERB", "PRTS": "VERB", "NOUN": "NOUN", "NPRO": "PRON", "NUMR": "NUM", "NUMB": "NUM", "CONJ": "CCONJ",
    "INTJ": "INTJ", "PNCT": "PUNCT", "PRCL": "PART", "PREP": "ADP",
}  # fmt: skip
# Parts of speech that have no name there.
_OTHER_POS = frozenset(("PRED", "LATN", "ROMN", "SYMB", "UNKN"))
_FEATURES = {
    "anim": "Animacy=Anim", "inan": "Animacy=Inan", "impf": "Aspect=Imp", "perf": "Aspect=Perf", "ablt": "Case=Ins",
    "accs": "Case=Acc", "datv": "Case=Dat", "gent": "Case=Gen", "gen1": "Case=Gen", "gen2": "Case=Gen",
    "loct": "Case=Loc", "loc2": "Case=Loc", "nomn": "Case=Nom", "voct": "Case=Nom", "COMP": "Degree=Cmp",
    "Supr": "Degree=Sup", "femn": "Gender=Fem", "masc": "Gender=Masc", "neut": "Gender=Neut", "impr": "Mood=Imp",
    "indc": "Mood=Ind", "plur": "Number=Plur", "sing": "Number=Sing", "NUMB": "NumForm=Digit", "1per": "Person=1",
    "2per": "Person=2", "3per": "Person=3", "excl": "Person=2", "incl": "Person=1", "futr": "Tense=Fut",
    "past": "Tense=Past", "pres": "Tense=Pres", "ADJS": "Variant=Brev", "GRND": "VerbForm=Conv",
    "INFN": "VerbForm=Inf", "PRTF": "VerbForm=Part", "PRTS": "VerbForm=Part", "VERB": "VerbForm=Fin",
    "actv": "Voice=Act", "pssv": "Voice=Pass", "Abbr": "Abbr=Yes",
}  # fmt: skip
_DECISIVE = frozenset(("Case", "Gender", "Number", "Aspect", "NumForm", "Person", "Tense", "Variant"))
# Classes that OpenCorpora does not tell apart.
_SAME_POS = {"PROPN": "NOUN", "AUX": "VERB", "SCONJ": "CCONJ"}


class Key(NamedTuple):
    """What a reading or a tagger says.

    Attributes:
        decisive: The part of speech and the features that are counted.
        whole: The part of speech and all features.
    """

    decisive: frozenset[str]
    whole: frozenset[str]


@lru_cache(maxsize=8192)
def key_of_reading(grammemes: frozenset[str]) -> Key:
    """The key of one of OpenCorpora's tags."""
    pos = next((_POS.get(grammeme, "X") for grammeme in grammemes if grammeme in _POS or grammeme in _OTHER_POS), "X")
    return _key(pos, [_FEATURES[grammeme] for grammeme in grammemes if grammeme in _FEATURES])


@lru_cache(maxsize=8192)
def key_of_tag(pos: str, feats: str) -> Key:
    """The key of a part of speech and «Case=Nom|…»."""
    return _key(pos, feats.split("|") if feats else ())


def _key(pos: str, features: Collection[str]) -> Key:
    decisive = (feature for feature in features if feature.partition("=")[0] in _DECISIVE)
    return Key(frozenset((_SAME_POS.get(pos, pos), *decisive)), frozenset((pos, *features)))


@lru_cache(maxsize=8_192)
def closest(readings: tuple[Key, ...], pos: str, feats: str) -> tuple[int, ...]:
    """Which of the readings come closest to a tagger's, the likeliest of which is to be taken; none where none shares.

    >>> noun, verb = (key_of_reading(frozenset(tag)) for tag in (("NOUN", "nomn", "plur"), ("VERB", "past", "plur")))
    >>> closest((noun, verb), "VERB", "Number=Plur|Tense=Past")
    (1,)
    """
    wanted = key_of_tag(pos, feats)
    same = tuple(place for place, reading in enumerate(readings) if reading.whole == wanted.whole)
    if same:
        return same
    shared = [len(wanted.decisive & reading.decisive) for reading in readings]
    most = max(shared, default=0)
    return tuple(place for place, count in enumerate(shared) if count == most) if most else ()
