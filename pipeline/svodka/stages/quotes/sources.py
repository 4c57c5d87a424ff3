"""The words that name the source of a cue: subject, locative («в МИД сообщили»), object («цитирует министра ТАСС»)."""

from bisect import bisect_left

from svodka.stages.quotes.cues import Cue, Lexicon, closed_class
from svodka.stages.quotes.found import Source
from svodka.stages.quotes.phrases import named, noun_kind, phrase_from
from svodka.stages.quotes.references import REPORTS, genitive_of, primary_source
from svodka.stages.quotes.subjects import by, clash, is_body_like_subject, is_name, is_name_of, subject, top_of
from svodka.stages.quotes.venues import venue_of
from svodka.stages.quotes.view import CLOSE_MARKS, DASHES, View

_WINDOW = 14
_POSSESSIVES = closed_class("possessive")
_UTTERANCES = closed_class("utterance")
_CITING = closed_class("citing")
_ANAPHORS = closed_class("anaphor")


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
        found = by("locative", _locative(view, shared, lexicon)) or found
    via = venue_of(view, cue_index, lexicon)
    primary = primary_source(view, cue_index, lexicon)
    if primary is not None:
        if found is not None and found.head is not None:
            via = found.head
        return primary, via
    if found is None:
        found = Source(kind="dropped")
    found.gender, found.number = view.feature(cue_index, "Gender"), view.feature(cue_index, "Number")
    return found, via


def _person_after(view: View, verb: int, found: Source | None, lexicon: Lexicon) -> Source | None:
    """«сообщила dp.ru депутат Госдумы Хованская»: not the medium, which does not decline, but the person after it."""
    if found is None or found.head is None or not verb < found.head <= verb + 2 or not is_name(view, found.head):
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
    return by("tree", named(view, head)) if office or view.label_at(head) == "PER" else found


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
        governed = view.pos[index - 1] == "ADP" or is_name_of(view, index)
        if nominal and nominative and not governed and clash(view, index, verb) is None:
            found = named(view, top_of(view, index, verb))
            found.gender, found.number, found.path = source.gender, source.number, "adjacent"
            return found
    return source


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
                view.folded[head] in _ANAPHORS
                or kind in ("document", "organization", "medium")
                or (follows and view.lemmas[head] in REPORTS)
                or (linked and view.pos[head] in ("PROPN", "X"))
            ):
                best = head if best is None or linked else best
    if best is None:
        return Source(kind="unknown")
    if view.lemmas[best] in REPORTS and noun_kind(view, best, lexicon) != "document":
        return genitive_of(view, best) or Source(kind="unknown")
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


def _relayed(view: View, verb: int) -> Source | None:
    """«цитирует министра», «приводит слова министра», «приводит его слова»."""
    objects = [child for child in view.children(verb) if view.deps[child] in ("obj", "iobj", "nsubj", "obl", "nmod")]
    for child in objects:
        if view.lemmas[child] in _UTTERANCES:
            for inner in view.children(child):
                if view.feature(inner, "Case") == "Gen" and view.pos[inner] in ("NOUN", "PROPN", "PRON"):
                    return named(view, inner)
                if view.folded[inner] in _POSSESSIVES:
                    return Source(head=inner, span=(inner, inner + 1))
    if view.lemmas[verb] in _CITING:
        _, end = view.sentence_of(verb)
        for index in range(verb + 1, min(verb + 10, end)):
            if view.words[index] in (",", ":"):
                break
            animate = view.feature(index, "Animacy") == "Anim" and view.pos[index] in ("NOUN", "PROPN")
            person = view.label_at(index) == "PER"
            if person or animate or view.folded[index] in _POSSESSIVES:
                return named(view, top_of(view, index, verb))
    return None
