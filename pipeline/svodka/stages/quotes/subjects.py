"""Which words are the subject of a verb: by the tree, else by their place and their form."""

from svodka.stages.quotes.cues import closed_class
from svodka.stages.quotes.found import Source
from svodka.stages.quotes.phrases import NOMINAL, named
from svodka.stages.quotes.view import OPEN_MARKS, View

_VIEWS = closed_class("view")
_NO_SUBJECT = closed_class("no_subject")


def subject(view: View, verb: int, depth: int = 0) -> Source | None:
    """The subject of a verb by the tree, else by position; None where the clause has none."""
    if depth > 6:
        return None
    children = view.children(verb)
    for child in children:
        if view.deps[child].startswith("nsubj") and _can_be_subject(view, child, verb):
            if view.lemmas[child] in _VIEWS:
                return Source(kind="unknown")  # «высказываются мнения, что»
            if view.folded[child].startswith("котор") or view.lemmas[child] in ("кто", "что"):
                return _antecedent(view, verb, child)
            return by("doubtful" if depth or clash(view, child, verb) else "tree", named(view, child))
    form = view.feature(verb, "VerbForm")
    dep, head = view.deps[verb], view.heads[verb]
    if form == "Part" and view.pos[head] in NOMINAL and head != verb and view.feature(verb, "Variant") != "Short":
        return by("antecedent", named(view, head))
    positional = None if form in ("Conv", "Inf") else by("adjacent", _adjacent_subject(view, verb))
    if positional is not None:
        return positional
    if head == verb:
        return None
    inherits = form in ("Conv", "Inf") or (dep == "conj" and agree(view, verb, head)) or dep in ("xcomp", "aux")
    if inherits and view.pos[head] in ("VERB", "ADJ", "AUX", "NOUN", "ADV"):
        return by("inherited", subject(view, head, depth + 1))
    return None


def top_of(view: View, index: int, verb: int) -> int:
    """The head of the phrase a nominative belongs to: «адвокат Иван Орлов» hangs on «адвокат»."""
    while view.deps[index] in ("appos", "flat:name", "flat:foreign") and abs(view.heads[index] - index) < 12:
        head = view.heads[index]
        if view.feature(head, "Case") != view.feature(index, "Case"):
            break
        if view.pos[head] not in ("NOUN", "PROPN") or (head < verb < index) or (index < verb < head):
            break
        index = head
    return index


def noun_before(view: View, first: int, relative: int, verb: int) -> Source | None:
    """The nearest noun before the comma that `first` follows which a relative pronoun agrees with."""
    start, _ = view.sentence_of(first)
    for index in range(first - 2, max(start - 1, first - 14), -1):
        if view.pos[index] in ("NOUN", "PROPN") and agree(view, relative, index):
            return by("antecedent", named(view, top_of(view, index, verb)))
    return None


def clash(view: View, noun: int, verb: int) -> str | None:
    """What form of a verb and form of a noun cannot go together as predicate and subject: number, gender or person."""
    number, own = view.feature(verb, "Number"), view.feature(noun, "Number")
    if number == "Sing" and own == "Plur" and not is_name(view, noun):
        return "number"
    if number == "Plur" and own == "Sing" and not _is_counted(view, noun):
        return "number"
    gender, shown = view.feature(verb, "Gender"), view.feature(noun, "Gender")
    if gender and shown and gender != shown and number == "Sing" and view.pos[noun] != "PROPN":
        title = gender == "Fem" and shown == "Masc" and view.feature(noun, "Animacy") == "Anim"
        return None if title else "gender"  # «врач сказала»
    return "person" if view.feature(verb, "Person") in ("1", "2") and view.pos[noun] != "PRON" else None


def agree(view: View, one: int, other: int) -> bool:
    """Whether two words can have one number and gender; what a word does not show counts as fitting."""
    return all(
        view.feature(one, name) in (view.feature(other, name), None) or view.feature(other, name) is None
        for name in ("Number", "Gender")
    )


def is_body_like_subject(view: View, index: int) -> bool:
    """Whether a named body that the tagger took for an object may be the subject: «заверил Госдепартамент»."""
    number = view.mention_at[index]
    if number < 0 or view.mentions[number].label != "ORG" or view.feature(index, "Animacy") == "Anim":
        return False
    return view.feature(index, "Case") == "Acc" and view.feature(index, "Gender") != "Fem"


def is_name(view: View, index: int) -> bool:
    """Whether a token belongs to a name."""
    return view.mention_at[index] >= 0 and view.mentions[view.mention_at[index]].kind == "name"


def is_name_of(view: View, index: int) -> bool:
    """Whether a word in marks is the name of a noun in an oblique case before them: «сообщил газете «Труд»»."""
    for mark in range(index - 1, max(index - 6, 0), -1):
        if view.words[mark] in OPEN_MARKS and view.ends[mark] == view.starts[mark + 1]:
            noun = mark - 1
            return view.pos[noun] == "NOUN" and view.feature(noun, "Case") not in ("Nom", None)
        if view.pos[mark] in ("PUNCT", "VERB"):
            break
    return False


def _can_be_subject(view: View, child: int, verb: int) -> bool:
    if view.pos[child] == "SYM":
        return True
    if is_name_of(view, child):
        return False
    if child and view.pos[child - 1] == "ADP" and view.pos[child] in ("NOUN", "PROPN"):
        return False  # «на крыльце Лотарева»
    if view.pos[child] == "NUM" and view.feature(verb, "Number") == "Sing" and view.lemmas[child] != "один":
        return False
    counted = any(view.deps[inner] == "nummod:gov" for inner in view.children(child))
    if view.feature(child, "VerbForm") == "Part" and view.feature(child, "Case") == "Nom":
        return True
    if view.pos[child] not in NOMINAL or (view.feature(child, "Case") not in ("Nom", None) and not counted):
        return False
    number = view.feature(verb, "Number")
    own = view.feature(child, "Number")
    if number == "Sing" and own == "Plur":
        return False
    if number == "Plur" and own == "Sing" and view.pos[child] != "NUM" and not _is_counted(view, child):
        return False
    gender, shown = view.feature(verb, "Gender"), view.feature(child, "Gender")
    if view.pos[child] == "PRON" and gender and shown and gender != shown:
        return False
    return view.folded[child] not in _NO_SUBJECT


def _is_counted(view: View, child: int) -> bool:
    """«Меркель и Путин», «ряд депутатов», «большинство»: singular in form, plural in meaning."""
    return any(view.deps[inner] in ("conj", "nummod", "nummod:gov") for inner in view.children(child)) or any(
        view.feature(inner, "Case") == "Gen" and view.feature(inner, "Number") == "Plur"
        for inner in view.children(child)
    )


def _antecedent(view: View, verb: int, relative: int) -> Source | None:
    """«министр, который сообщил» → министр: by the tree, else the nearest noun before the comma that agrees."""
    for index in (verb, *view.ancestors(verb)[:3]):
        if view.deps[index].startswith("acl"):
            head = view.heads[index]
            if view.pos[head] not in ("PRON", "DET") and agree(view, relative, head):
                return by("tree", named(view, head))
    if view.lemmas[relative] != "который":
        return None
    return noun_before(view, relative, relative, verb)


def _adjacent_subject(view: View, verb: int) -> Source | None:
    """A nominative beside the verb that the tree gave to another word: after it first, then before it."""
    start, end = view.sentence_of(verb)
    index = verb + 1
    skipped = 0
    while index < end and skipped < 8:
        word, pos = view.words[index], view.pos[index]
        if pos == "PUNCT" and word not in OPEN_MARKS and word not in '»”"':
            break
        if pos in NOMINAL and view.feature(index, "Case") == "Nom" and pos not in ("ADJ", "DET"):
            if _can_be_subject(view, index, verb) and not _governed(view, index, verb):
                return named(view, top_of(view, index, verb))
            if view.pos[index - 1] != "ADP":
                break
        if pos in ("VERB", "SCONJ"):
            break
        skipped += 1
        index += 1
    index = verb - 1
    while index >= start and verb - index <= 6:
        word, pos = view.words[index], view.pos[index]
        if pos == "PUNCT" and word not in '»”"«':
            break
        if pos in ("VERB", "SCONJ", "CCONJ"):
            break
        if pos in ("NOUN", "PROPN", "PRON") and view.feature(index, "Case") == "Nom":
            if _can_be_subject(view, index, verb) and not _governed(view, index, verb):
                return named(view, top_of(view, index, verb))
            break
        index -= 1
    return None


def _governed(view: View, index: int, verb: int) -> bool:
    """Whether a nominative is already the subject of another verb."""
    head = view.heads[index]
    return view.deps[index].startswith("nsubj") and head != verb and view.pos[head] == "VERB" and abs(head - index) < 4


def by(path: str, source: Source | None) -> Source | None:
    """A source that remembers how it was found."""
    if source is not None:
        source.path = path
    return source
