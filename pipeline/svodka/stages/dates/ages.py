"""What around «47 лет» says that it is the age of somebody, and no length of time."""

from svodka.stages.dates.site import Site, words

_HAS_AGE = frozenset(["быть", "исполниться", "исполняться", "стукнуть", "из"])


def _owner(site: Site, start: int) -> int:
    """The lexeme that an age may belong to: the one before it and before «уже», «было», «не более»."""
    before = start - 1
    while site.word(before) in words("age_filler"):
        before -= 1
    return before


def word_of_age(site: Site, start: int, end: int) -> bool:
    """A word of age stands at most three words before or right after: «в возрасте (17 лет)», «(52 лет) от роду»."""
    if site.word(end) == "от" and site.word(end + 1) == "роду":
        return True
    for i in range(start - 1, max(start - 4, -1), -1):
        if site.word(i) in words("age_cue"):
            return True
        if site.word(i) in {".", ",", "(", "\n"}:
            break
    return False


def owner_in_dative(site: Site, start: int, _: int) -> bool:
    """A pronoun or noun in the dative stands before: «ему было (43 года)», but not «дали ему (10 лет)»."""
    owner = _owner(site, start)
    if site.word(owner) not in words("age_owner"):
        return False
    return not site.tagged(owner - 1, "ADP VERB") or site.lemma(owner - 1) in _HAS_AGE


def person(site: Site, start: int, end: int) -> bool:
    """«Иванову (28 лет)», «женщина (27 лет)», «дети до (5 лет)»; not «врач (27 лет) лечит», «врачом (27 лет)»."""
    owner = _owner(site, start)
    if site.word(end - 1).endswith(("ми", "ах", "ях", "ам")):
        return False
    if site.word(owner) in {"до", "от"}:
        return site.tagged(owner - 1, "NOUN", Animacy="Anim") and not site.tagged(end, "NOUN", Case="Gen")
    if site.tagged(owner, "NOUN PROPN", Animacy="Anim", Case="Dat"):
        return True
    if not site.tagged(owner, "NOUN", Animacy="Anim") or site.tagged(owner, "NOUN", Case="Ins"):
        return False
    return not site.tagged(end, "VERB AUX ADV PART")


def at_the_age(site: Site, start: int, end: int) -> bool:
    """«в (20 лет) он уехал», but not «срок в (20 лет)»."""
    if site.word(start - 1) not in {"в", "во"} or site.word(end - 1) not in {"лет", "год", "года"}:
        return False
    return not site.tagged(start - 2, "NOUN ADJ NUM")


def in_list(site: Site, start: int, end: int) -> bool:
    """«двух подростков, (13) и (14 лет), …»: a list of ages between commas after persons."""
    if site.word(start - 1) != "," or site.word(end) not in {",", ")", ".", ";"}:
        return False
    return any(site.tagged(i, "NOUN PROPN", Animacy="Anim") for i in range(max(start - 4, 0), start - 1))


def in_apposition(site: Site, start: int, end: int) -> bool:
    """Between a name and the next comma or bracket: «Иванов, (47 лет), уехал», «Шойгу (29 лет), она …»."""
    if site.word(end) not in {",", ")", ".", ";"}:
        return False
    if site.word(start - 1) in {",", "("}:
        return site.tagged(start - 2, "PROPN") or (start > 1 and site.lexemes.upper(start - 2))
    first = start == 1 or site.word(start - 2) in words("sentence_start")
    return first and site.tagged(start - 1, "PROPN") and not site.tagged(start - 1, "PROPN", Animacy="Inan")


AGE_CONTEXT = (word_of_age, owner_in_dative, person, at_the_age, in_apposition)
