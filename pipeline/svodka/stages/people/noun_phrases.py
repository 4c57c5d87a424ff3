"""Whether a noun without a name mentions somebody, or says what somebody is: «министр ушёл», «стал министром»."""

from collections.abc import Sequence
from functools import cache

from svodka.stages.columns import Columns
from svodka.stages.people.declension import read_table
from svodka.stages.people.tokens import case_of

# The instrumental after these says what somebody is or was.
_COPULAS = frozenset(
    {"быть", "стать", "становиться", "являться", "оставаться", "остаться", "назвать", "называть", "называться"}
    | {"считать", "назначить", "избрать", "признать", "сделать", "работать", "служить", "побывать"}
)
_DASHES = frozenset("—–-")
_SUBJECTS = frozenset({"nsubj", "nsubj:pass"})
_PREDICATIVE = frozenset({"appos", "root", "flat:name"})
_BEFORE_NAME = frozenset("«„“\"'(")


@cache
def offices() -> frozenset[str]:
    """Nouns after which a role is an office, not a person: «выборы президента», «в качестве вице-президента»."""
    return frozenset(row["noun"] for row in read_table("people_offices.tsv"))


def says_what(tokens: Columns, start: int, head: int) -> bool:
    """Whether a phrase is an office or a predicate: «пост министра», «стал депутатом», «Орлов — депутат».

    Args:
        tokens: The tokens of a document.
        start: First token of the phrase.
        head: Its noun.
    """
    before = start - 1
    if start and (tokens.lemmas[before] in offices() or tokens.lowers[before] == "как"):
        return True
    if start and tokens.words[before] in _DASHES and tokens.deps[head] not in _SUBJECTS:
        return True
    if tokens.deps[head] in _PREDICATIVE and case_of(tokens, head) in ("Nom", "Ins"):
        return True
    return case_of(tokens, head) == "Ins" and tokens.lemmas[tokens.heads[head]] in _COPULAS


def precedes_name(tokens: Columns, end: int, groups: Sequence[int]) -> bool:
    """Whether a name or an opening mark follows a phrase: «компания «Заря»», «академик Орлов»."""
    last = tokens.sentences[tokens.sentence_of[end - 1]][1]
    return end < last and (groups[end] >= 0 or tokens.words[end] in _BEFORE_NAME or tokens.pos[end] == "X")
