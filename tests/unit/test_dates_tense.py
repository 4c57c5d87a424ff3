"""Direction of time by the verb, on trees written by hand."""

import spacy
from spacy.tokens import Doc

from svodka.stages.columns import Columns, columns
from svodka.stages.dates.resolve import FUTURE, OPEN, PAST, PRESENT
from svodka.stages.dates.tense import direction

BLANK = spacy.blank("ru")
PAST_VERB = ("VERB", "Aspect=Perf|Mood=Ind|Tense=Past|VerbForm=Fin")
FUTURE_VERB = ("VERB", "Aspect=Perf|Mood=Ind|Tense=Fut|VerbForm=Fin")
PRESENT_VERB = ("VERB", "Aspect=Imp|Mood=Ind|Tense=Pres|VerbForm=Fin")
INFINITIVE = ("VERB", "Aspect=Perf|VerbForm=Inf")
NOUN, ADP = ("NOUN", ""), ("ADP", "")


def _doc(words: str, tags: list[tuple[str, str]], heads: list[int], lemmas: str | None = None) -> Columns:
    doc = Doc(
        BLANK.vocab,
        words=words.split(),
        pos=[pos for pos, _ in tags],
        morphs=[feats for _, feats in tags],
        heads=heads,
        deps=["dep"] * len(heads),
        lemmas=(lemmas or words).split(),
    )
    return columns(doc)


def test_the_verb_above_decides() -> None:
    tags = [ADP, NOUN, NOUN]
    heads = [1, 3, 3, 3]
    assert direction(_doc("в среду суд решил", [*tags, PAST_VERB], heads), 1, 2) == (PAST, True)
    assert direction(_doc("в среду суд решит", [*tags, FUTURE_VERB], heads), 1, 2) == (FUTURE, True)
    assert direction(_doc("в среду суд решает", [*tags, PRESENT_VERB], heads), 1, 2) == (PRESENT, True)


def test_no_verb_no_direction() -> None:
    assert direction(_doc("визит в среду", [NOUN, ADP, NOUN], [0, 2, 0]), 2, 3) == (OPEN, False)


def test_a_verb_is_not_looked_for_through_a_whole_endless_sentence() -> None:
    far = " ".join(["слово"] * 200)
    tags = [PAST_VERB, *[NOUN] * 200, ADP, NOUN]
    heads = [0, *range(202)]
    assert direction(_doc(f"решил {far} в среду", tags, heads), 202, 203) == (OPEN, False)
    assert direction(_doc("решил в среду", [PAST_VERB, ADP, NOUN], [0, 2, 0]), 2, 3) == (PAST, True)


def test_an_infinitive_takes_the_time_of_its_governor() -> None:
    tags = [PAST_VERB, INFINITIVE, ADP, NOUN]
    heads = [0, 0, 3, 1]
    assert direction(_doc("сумел открыть в среду", tags, heads, "суметь открыть в среда"), 3, 4) == (PAST, True)
    assert direction(_doc("обещал открыть в среду", tags, heads, "обещать открыть в среда"), 3, 4) == (FUTURE, True)


def test_what_is_put_off_lies_ahead() -> None:
    doc = _doc("суд перенесли на среду", [NOUN, PAST_VERB, ADP, NOUN], [1, 1, 3, 1], "суд перенести на среда")
    assert direction(doc, 3, 4) == (FUTURE, True)
    doc = _doc("на среду долг вырос", [ADP, NOUN, NOUN, PAST_VERB], [1, 3, 3, 3], "на среда долг вырасти")
    assert direction(doc, 1, 2) == (PAST, False)


def test_a_verb_in_the_same_clause_is_nearer_than_one_that_a_wrong_tree_gives() -> None:
    doc = _doc(
        "в среду сказал он , решат",
        [ADP, NOUN, PAST_VERB, NOUN, ("PUNCT", ""), FUTURE_VERB],
        [1, 5, 5, 2, 5, 5],
    )
    assert direction(doc, 1, 2) == (PAST, True)
