"""The words that name the source of a cue: subject, locative («в МИД сообщили»), object («цитирует министра ТАСС»)."""

from bisect import bisect_left
from itertools import chain

from svodka.stages.columns import fold
from svodka.stages.quotes.cues import Cue, Lexicon, closed_class
from svodka.stages.quotes.found import Source
from svodka.stages.quotes.phrases import NOMINAL, noun_kind, phrase_from, phrase_of
from svodka.stages.quotes.view import CLOSE_MARKS, DASHES, OPEN_MARKS, View

_WINDOW = 14
_REFERRING = frozenset(("ссылкой", "ссылаясь"))
_REPORTS = frozenset(("мнение", "версия", "слух", "информация", "предположение", "опасение"))
_OWNED = closed_class("report")
_REPORTED = frozenset(("что", "чтобы", ":", ";", "(", ")"))


def source_of(view: View, cue_index: int, cue: Cue, lexicon: Lexicon) -> tuple[Source, int | None]:
    """The source of a cue, and the head of the medium that relays it where the sentence names one."""
    if cue.kind == "impersonal":
        return impersonal_source(view, cue_index, lexicon), None
    if "R" in cue.frames:
        relayed = _relayed(view, cue_index)
        if relayed is not None:
            medium = subject(view, cue_index)
            return relayed, medium.head if medium else None
    found = _person_after(view, cue_index, subject(view, cue_index), lexicon)
    shared = view.heads[cue_index] if view.feature(cue_index, "VerbForm") == "Conv" else cue_index
    plural = view.feature(shared, "Number") == "Plur"
    if plural and (found is None or (shared != cue_index and clash(view, found.head or shared, shared) == "number")):
        found = _by("locative", _locative(view, shared, lexicon)) or found
    via = _venue(view, cue_index, lexicon)
    primary = _primary(view, cue_index, lexicon)
    if primary is not None:
        if found is not None and found.head is not None:
            via = found.head
        return primary, via
    if found is None:
        found = Source(kind="dropped")
    found.gender, found.number = view.feature(cue_index, "Gender"), view.feature(cue_index, "Number")
    return found, via


def subject(view: View, verb: int, depth: int = 0) -> Source | None:
    """The subject of a verb by the tree, else by position; None where the clause has none."""
    if depth > 6:
        return None
    children = view.children(verb)
    for child in children:
        if view.deps[child].startswith("nsubj") and _can_be_subject(view, child, verb):
            if view.lemmas[child] in _REPORTS:
                return Source(kind="unknown")  # «высказываются мнения, что»
            if view.folded[child].startswith("котор") or view.lemmas[child] in ("кто", "что"):
                return _antecedent(view, verb, child)
            return _by("doubtful" if depth or clash(view, child, verb) else "tree", named(view, child))
    form = view.feature(verb, "VerbForm")
    dep, head = view.deps[verb], view.heads[verb]
    if form == "Part" and view.pos[head] in NOMINAL and head != verb and view.feature(verb, "Variant") != "Short":
        return _by("antecedent", named(view, head))
    positional = None if form in ("Conv", "Inf") else _by("adjacent", _adjacent_subject(view, verb))
    if positional is not None:
        return positional
    if head == verb:
        return None
    inherits = form in ("Conv", "Inf") or (dep == "conj" and agree(view, verb, head)) or dep in ("xcomp", "aux")
    if inherits and view.pos[head] in ("VERB", "ADJ", "AUX", "NOUN", "ADV"):
        return _by("inherited", subject(view, head, depth + 1))
    return None


def _person_after(view: View, verb: int, found: Source | None, lexicon: Lexicon) -> Source | None:
    """«сообщила dp.ru депутат Госдумы Хованская»: not the medium, which does not decline, but the person after it."""
    if found is None or found.head is None or not verb < found.head <= verb + 2 or not _is_name(view, found.head):
        return found
    mention = view.mentions[view.mention_at[found.head]]
    after = bisect_left(view.starts, mention.end)
    if mention.label != "ORG" or view.feature(found.head, "Animacy") == "Anim":
        return found
    _, end = view.sentence_of(verb)
    while after < end and view.starts[after] == view.ends[after - 1]:
        after += 1  # a closing mark, the ending of an address
    head = phrase_from(view, after, "Nom", min(4, end - after)) if after < end else None
    if head is None or view.feature(head, "Case") != "Nom" or clash(view, head, verb) is not None:
        return found
    office = noun_kind(view, head, lexicon) in ("role", "separate") and view.feature(head, "Animacy") == "Anim"
    return _by("tree", named(view, head)) if office or view.label_at(head) == "PER" else found


def _by(path: str, source: Source | None) -> Source | None:
    if source is not None:
        source.path = path
    return source


def clash(view: View, noun: int, verb: int) -> str | None:
    """What form of a verb and form of a noun cannot go together as predicate and subject: number, gender or person."""
    number, own = view.feature(verb, "Number"), view.feature(noun, "Number")
    if number == "Sing" and own == "Plur" and not _is_name(view, noun):
        return "number"
    if number == "Plur" and own == "Sing" and not _is_counted(view, noun):
        return "number"
    gender, shown = view.feature(verb, "Gender"), view.feature(noun, "Gender")
    if gender and shown and gender != shown and number == "Sing" and view.pos[noun] != "PROPN":
        title = gender == "Fem" and shown == "Masc" and view.feature(noun, "Animacy") == "Anim"
        return None if title else "gender"  # «врач сказала»
    return "person" if view.feature(verb, "Person") in ("1", "2") and view.pos[noun] != "PRON" else None


def is_body_like_subject(view: View, index: int) -> bool:
    """Whether a named body that the tagger took for an object may be the subject: «заверил Госдепартамент»."""
    number = view.mention_at[index]
    if number < 0 or view.mentions[number].label != "ORG" or view.feature(index, "Animacy") == "Anim":
        return False
    return view.feature(index, "Case") == "Acc" and view.feature(index, "Gender") != "Fem"


def _is_name(view: View, index: int) -> bool:
    return view.mention_at[index] >= 0 and view.mentions[view.mention_at[index]].kind == "name"


def subject_within(view: View, source: Source, verb: int, first: int, last: int) -> Source:
    """A source among the author's words; where the tree went beyond them, the nearest nominative in them.

    Args:
        view: The document.
        source: The source by the tree.
        verb: The cue.
        first: First token of the author's words.
        last: Token after them.
    """
    if source.head is None or not source.path or first <= source.head < last:
        return source
    for index in (*range(verb + 1, last), *range(verb - 1, first - 1, -1)):
        if view.words[index] in (";", ":") or (index > verb and view.words[index] in DASHES):
            break
        nominal = view.pos[index] in ("NOUN", "PROPN", "PRON", "X")
        nominative = view.feature(index, "Case") in ("Nom", None) or is_body_like_subject(view, index)
        governed = view.pos[index - 1] == "ADP" or _is_name_of(view, index)
        if nominal and nominative and not governed and clash(view, index, verb) is None:
            found = named(view, _top(view, index, verb))
            found.gender, found.number, found.path = source.gender, source.number, "adjacent"
            return found
    return source


def named(view: View, head: int) -> Source:
    """The source of a head noun, with the members coordinated with it."""
    head = _noun_after(view, head)
    others = [
        child
        for child in view.children(head)
        if view.deps[child] == "conj"
        and view.pos[child] in ("NOUN", "PROPN")
        and child > head
        and view.feature(child, "Case") == view.feature(head, "Case")
    ]
    return Source(head=head, span=phrase_of(view, head), others=tuple(others))


def _noun_after(view: View, head: int) -> int:
    """«демонстрирующие успехи повстанцы»: the noun of a participle that the tree takes for the subject itself."""
    if view.pos[head] != "VERB" or view.feature(head, "VerbForm") != "Part":
        return head
    for index in range(head + 1, min(head + 12, view.size)):
        if view.words[index] in (",", ".", ":", ";") or view.is_finite(index):
            return head
        noun = view.pos[index] in ("NOUN", "PROPN") and view.feature(index, "Case") == "Nom"
        if noun and view.feature(index, "Number") == view.feature(head, "Number"):
            return index
    return head


def impersonal_source(view: View, cue_index: int, lexicon: Lexicon) -> Source:
    """«в докладе говорится» → доклад; «сообщается» → nobody."""
    first, last = _clause(view, cue_index)
    for index in range(first, last - 2):
        if view.folded[index] == "ссылкой" and view.folded[index + 1] == "на":
            primary = phrase_from(view, index + 2, "Acc")
            if primary is not None:
                return named(view, primary)
    best = None
    follows = view.lemmas[cue_index] == "следовать"
    agent = _agent(view, cue_index, lexicon)
    if agent is not None:
        return agent
    for index in range(first, last):
        case = "Gen" if follows and view.folded[index] == "из" else "Loc"
        if index + 1 < last and (case == "Gen" or (not follows and view.folded[index] in ("в", "во", "на"))):
            head = phrase_from(view, index + 1, case, 6)
            if head is None or view.feature(head, "Case") not in (case, None):
                continue
            kind = noun_kind(view, head, lexicon)
            linked = view.heads[head] == cue_index
            if (
                view.folded[head] in ("нем", "ней", "них", "котором", "которой", "которых")
                or kind in ("document", "organization", "medium")
                or (follows and view.lemmas[head] in _OWNED)
                or (linked and view.pos[head] in ("PROPN", "X"))
            ):
                best = head if best is None or linked else best
    if best is None:
        return Source(kind="unknown")
    if view.lemmas[best] in _OWNED and noun_kind(view, best, lexicon) != "document":
        return _genitive_of(view, best) or Source(kind="unknown")
    source = named(view, best)
    source.kind = "document"
    return source


def _agent(view: View, cue_index: int, lexicon: Lexicon) -> Source | None:
    """«источником в министерстве было сказано, что P»: who a passive names in the instrumental."""
    for child in view.children(cue_index):
        if view.feature(child, "Case") == "Ins" and view.pos[child] in ("NOUN", "PROPN", "PRON"):
            kind = noun_kind(view, child, lexicon)
            if view.feature(child, "Animacy") == "Anim" or kind in ("anonymous", "organization"):
                return named(view, child)
    return None


def _clause(view: View, index: int) -> tuple[int, int]:
    """Tokens around a cue up to the nearest punctuation that parts clauses, names in marks left whole."""
    start, end = view.sentence_of(index)
    first, last = index, index + 1
    while first > start and not _parts(view, first - 1, index - first):
        first -= 1
    if view.folded[last : last + 4] == [",", "в", "частности", ","]:
        last += 4  # «говорится, в частности, в послании»
    while last < end and not (view.words[last] in (",", ":", ";", ".") or view.words[last] in DASHES):
        last += 1
    return first, last


def _parts(view: View, index: int, distance: int) -> bool:
    if view.words[index] in DASHES or view.words[index] in (":", ";"):
        return True
    return view.words[index] == "," and distance > 12


def _can_be_subject(view: View, child: int, verb: int) -> bool:
    if view.pos[child] == "SYM":
        return True
    if _is_name_of(view, child):
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
    return view.folded[child] not in ("это", "все", "всё", "что-то", "ничего", "этот", "то", "том", "тем")


def _is_name_of(view: View, index: int) -> bool:
    """Whether a word in marks is the name of a noun in an oblique case before them: «сообщил газете «Труд»»."""
    for mark in range(index - 1, max(index - 6, 0), -1):
        if view.words[mark] in OPEN_MARKS and view.ends[mark] == view.starts[mark + 1]:
            noun = mark - 1
            return view.pos[noun] == "NOUN" and view.feature(noun, "Case") not in ("Nom", None)
        if view.pos[mark] in ("PUNCT", "VERB"):
            break
    return False


def _is_counted(view: View, child: int) -> bool:
    """«Меркель и Путин», «ряд депутатов», «большинство»: singular in form, plural in meaning."""
    return any(view.deps[inner] in ("conj", "nummod", "nummod:gov") for inner in view.children(child)) or any(
        view.feature(inner, "Case") == "Gen" and view.feature(inner, "Number") == "Plur"
        for inner in view.children(child)
    )


def agree(view: View, one: int, other: int) -> bool:
    """Whether two words can have one number and gender; what a word does not show counts as fitting."""
    return all(
        view.feature(one, name) in (view.feature(other, name), None) or view.feature(other, name) is None
        for name in ("Number", "Gender")
    )


def _antecedent(view: View, verb: int, relative: int) -> Source | None:
    """«министр, который сообщил» → министр: by the tree, else the nearest noun before the comma that agrees."""
    for index in (verb, *view.ancestors(verb)[:3]):
        if view.deps[index].startswith("acl"):
            head = view.heads[index]
            if view.pos[head] not in ("PRON", "DET") and agree(view, relative, head):
                return _by("tree", named(view, head))
    if view.lemmas[relative] != "который":
        return None
    return _noun_before(view, relative, relative, verb)


def _noun_before(view: View, first: int, relative: int, verb: int) -> Source | None:
    """The nearest noun before the comma that `first` follows which a relative pronoun agrees with."""
    start, _ = view.sentence_of(first)
    for index in range(first - 2, max(start - 1, first - 14), -1):
        if view.pos[index] in ("NOUN", "PROPN") and agree(view, relative, index):
            return _by("antecedent", named(view, _top(view, index, verb)))
    return None


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
                return named(view, _top(view, index, verb))
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
                return named(view, _top(view, index, verb))
            break
        index -= 1
    return None


def _governed(view: View, index: int, verb: int) -> bool:
    """Whether a nominative is already the subject of another verb."""
    head = view.heads[index]
    return view.deps[index].startswith("nsubj") and head != verb and view.pos[head] == "VERB" and abs(head - index) < 4


def _top(view: View, index: int, verb: int) -> int:
    """The head of the phrase a nominative belongs to: «адвокат Иван Орлов» hangs on «адвокат»."""
    while view.deps[index] in ("appos", "flat:name", "flat:foreign") and abs(view.heads[index] - index) < 12:
        head = view.heads[index]
        if view.feature(head, "Case") != view.feature(index, "Case"):
            break
        if view.pos[head] not in ("NOUN", "PROPN") or (head < verb < index) or (index < verb < head):
            break
        index = head
    return index


def _locative(view: View, verb: int, lexicon: Lexicon) -> Source | None:
    """«в МИД сообщили», «на Украине говорят»: the body stands for its people."""
    first, last = _clause(view, verb)
    guess: int | None = None
    for index in (*range(verb + 1, min(last, verb + _WINDOW)), *range(first, verb)):
        if view.folded[index] not in ("в", "во", "на") or index + 1 >= last:
            continue
        head = phrase_from(view, index + 1, "Loc", 6)
        if head is None or view.feature(head, "Case") not in ("Loc", None) or view.folded[head].startswith("котор"):
            continue
        kind = noun_kind(view, head, lexicon)
        number = view.mention_at[head]
        if kind in ("organization", "medium") or (number >= 0 and view.mentions[number].label == "ORG"):
            return named(view, head)
        if view.lemmas[head] in lexicon.venues:
            source = named(view, head)
            if index > verb and source.span is not None and view.words[source.span[1] - 1] in CLOSE_MARKS:
                return source  # «сообщили в программе «24 часа»»
        elif guess is None and kind != "document" and view.pos[head] in ("NOUN", "PROPN"):
            guess = head if view.heads[head] == verb or index == view.sentence_of(verb)[0] else None
    return named(view, guess) if guess is not None else None


def _relayed(view: View, verb: int) -> Source | None:
    """«цитирует министра», «приводит слова министра», «приводит его слова»."""
    objects = [child for child in view.children(verb) if view.deps[child] in ("obj", "iobj", "nsubj", "obl", "nmod")]
    for child in objects:
        if view.lemmas[child] in ("слово", "заявление", "высказывание", "комментарий", "мнение"):
            for inner in view.children(child):
                if view.feature(inner, "Case") == "Gen" and view.pos[inner] in ("NOUN", "PROPN", "PRON"):
                    return named(view, inner)
                if view.folded[inner] in ("его", "ее", "их"):
                    return Source(head=inner, span=(inner, inner + 1))
    if view.lemmas[verb] in ("цитировать", "процитировать"):
        _, end = view.sentence_of(verb)
        for index in range(verb + 1, min(verb + 10, end)):
            if view.words[index] in (",", ":"):
                break
            animate = view.feature(index, "Animacy") == "Anim" and view.pos[index] in ("NOUN", "PROPN")
            person = view.label_at(index) == "PER"
            if person or animate or view.folded[index] in ("его", "ее", "их"):
                return named(view, _top(view, index, verb))
    return None


def _primary(view: View, cue_index: int, lexicon: Lexicon) -> Source | None:
    """«сообщает ТАСС со ссылкой на МВД» → МВД."""
    start, end = view.sentence_of(cue_index)
    last = min(end, cue_index + 16)
    for index in range(cue_index - 1, max(start, cue_index - 14), -1):
        if view.words[index] in (",", ":", ";") or view.is_finite(index):
            break
        if view.folded[index : index + 2] == ["ссылкой", "на"]:  # «WSJ со ссылкой на источники пишет»
            head = phrase_from(view, index + 2, "Acc")
            return None if head is None or head >= cue_index else _reference(view, head, lexicon)
    if _REFERRING.isdisjoint(view.folded[cue_index + 1 : last]):
        return None
    for index in range(cue_index + 1, last):
        word = view.folded[index]
        if word == "," and view.folded[index + 1 : index + 2] not in (["ссылаясь"], ["со"]):
            return None
        if word in _REFERRING and view.folded[index + 1 : index + 2] == ["на"]:
            head = phrase_from(view, index + 2, "Acc")
            if head is None or view.lemmas[head] in ("данные", "слово", "закон"):
                return _genitive_of(view, head)
            return _reference(view, head, lexicon)
    return None


def _reference(view: View, head: int, lexicon: Lexicon) -> Source:
    """«со ссылкой на заявление МИДа»: what is referred to, a document of its author's."""
    source = named(view, head)
    if noun_kind(view, head, lexicon) == "document":
        source.kind = "document"
    return source


def reference_after(view: View, index: int, lexicon: Lexicon) -> Source | None:
    """«по сообщению ТАСС со ссылкой на МВД»: whom the words at a token refer to."""
    start = index + (view.words[index : index + 1] == [","])
    if view.folded[start : start + 3] != ["со", "ссылкой", "на"]:
        return None
    head = phrase_from(view, start + 3, "Acc")
    return None if head is None else _reference(view, head, lexicon)


def report_source(view: View, head: int) -> Source | None:
    """«согласно мнению экспертов» → эксперты; a report that nobody owns has no source; None where it is no report."""
    if view.lemmas[head] not in _OWNED:
        return None
    return _genitive_of(view, head) or Source(kind="unknown")


def relative_source(view: View, first: int, relative: int) -> Source | None:
    """«Орлов, по словам которого»: the noun before the phrase that the pronoun agrees with.

    Args:
        view: The document.
        first: First token of the phrase, after a comma.
        relative: The pronoun.
    """
    start, _ = view.sentence_of(first)
    if first - 2 < start or view.words[first - 1] != ",":
        return None
    return _noun_before(view, first, relative, first)


def _genitive_of(view: View, head: int | None) -> Source | None:
    if head is not None:
        for child in view.children(head):
            if view.feature(child, "Case") == "Gen" and view.pos[child] in ("NOUN", "PROPN"):
                return named(view, child)
    return None


def _venue(view: View, cue_index: int, lexicon: Lexicon) -> int | None:
    """The medium of «в интервью РБК», «сказал он «Интерфаксу»»."""
    start, end = view.sentence_of(cue_index)
    after, before_cue = range(cue_index + 1, min(end, cue_index + 12)), range(cue_index - 1, start - 1, -1)
    for index in chain(after, before_cue[:12]):
        mention = view.mention_at[index]
        if mention < 0 or view.mentions[mention].label != "ORG" or view.starts[index] != view.mentions[mention].start:
            continue
        before = view.lemmas[index - 1] if index and view.words[index - 1] not in OPEN_MARKS else view.lemmas[index - 2]
        between = view.folded[min(index, cue_index) : max(index, cue_index)]
        if "цитата" in between[-4:]:
            return index  # «сказал Орлов (цитата по «Интерфаксу»)»
        if not _REPORTED.isdisjoint(between):
            continue  # in the clause that is reported, or in parentheses
        case = view.feature(index, "Case")
        venue = lexicon.venues.get(before) == "medium"
        if venue or (lexicon.nouns.get(before) == "medium" and case != "Nom"):
            return index
        if case == "Dat" and "," not in between and _is_medium_name(view, index, lexicon):
            return index
    return None


def _is_medium_name(view: View, index: int, lexicon: Lexicon) -> bool:
    """Whether the name that begins at a token may be that of a medium: known, in marks, or in Latin letters."""
    name = fold(view.mentions[view.mention_at[index]].normal)
    first = name.split()[0].strip('«»"')
    known = name.strip('«»"') in lexicon.media or first in lexicon.media or first in ("иа", "рг")
    marked = not OPEN_MARKS.isdisjoint(name) or (index > 0 and view.words[index - 1] in OPEN_MARKS)
    return known or marked or view.words[index].isascii() or lexicon.nouns.get(first) == "medium"
