"""Who may be the source of a cue: the nominals around it, each with the features that a model weighs."""

from collections.abc import Iterator
from dataclasses import dataclass

from svodka.stages.quotes.cues import Lexicon, closed_class
from svodka.stages.quotes.found import Source
from svodka.stages.quotes.phrases import NOMINAL, noun_kind
from svodka.stages.quotes.subjects import agree, clash, is_body_like_subject
from svodka.stages.quotes.view import CLOSE_MARKS, DASHES, OPEN_MARKS, STOPS, View

_BEFORE, _AFTER = 45, 30
_SAME = ("appos", "flat:name", "flat:foreign", "flat")
_NEVER = closed_class("no_source")
_INHERITING = frozenset(("VERB", "ADJ", "AUX", "NOUN", "ADV"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A nominal that may name the source.

    Attributes:
        head: Its token.
        features: What speaks for it or against it, names of weights of the model `source`.
    """

    head: int
    features: tuple[str, ...]


def candidates(view: View, cue_index: int, ruled: Source, lexicon: Lexicon) -> list[Candidate]:
    """The nominals of a cue's sentence that may be its source, in order of the text.

    Args:
        view: The document.
        cue_index: Token of the cue.
        ruled: The source that the rules chose.
        lexicon: The lexicon.
    """
    start, end = view.sentence_of(cue_index)
    chain = _governors(view, cue_index)
    before = list(_walk(view, cue_index, -1, max(start, cue_index - _BEFORE) - 1, chain, lexicon))
    after = list(_walk(view, cue_index, 1, min(end, cue_index + _AFTER), chain, lexicon))
    found = []
    for head, features in (*reversed(before), *after):
        if head == ruled.head:
            features.append(f"ruled.{ruled.path}")
        if head - start <= 2 and "fits" in features:
            features.append("opens sentence")
        found.append(Candidate(head, tuple(features)))
    return found


def _governors(view: View, cue_index: int) -> dict[int, str]:
    """Verbs whose subject a cue shares, by the tree: of a gerund, an infinitive, a coordinated verb."""
    found = {cue_index: "own"}
    verb = cue_index
    for _ in range(6):
        head = view.heads[verb]
        if head == verb or view.pos[head] not in _INHERITING:
            break
        form, dep = view.feature(verb, "VerbForm"), view.deps[verb]
        if form in ("Conv", "Inf") or dep in ("xcomp", "aux"):
            relation = "inherited"
        elif dep == "conj":
            relation = "joined" if agree(view, verb, head) else "other"
        else:
            break
        if relation == "other":
            break
        found[head] = relation
        verb = head
    return found


def _walk(
    view: View, cue_index: int, step: int, stop: int, chain: dict[int, str], lexicon: Lexicon
) -> Iterator[tuple[int, list[str]]]:
    """Candidates on one side, the nearest first, with the features of each."""
    side = "after" if step > 0 else "before"
    commas = verbs = marks = dashes = clauses = words = fitting = 0
    for index in range(cue_index + step, stop, step):
        word, pos = view.words[index], view.pos[index]
        if view.is_space[index]:
            if "\n" in word:
                break
            continue
        if pos == "PUNCT":
            if word == ":" and step > 0 and not OPEN_MARKS.isdisjoint(view.words[index + 1 : index + 2]):
                break  # what follows is said, and nobody who says it: «оговорился: «П»»
            if word == ",":
                commas += 1
            elif word in OPEN_MARKS or word in CLOSE_MARKS:
                marks += 1
            elif word in DASHES or word in (":", ";"):
                dashes += 1
            elif word in STOPS:
                clauses += 2
            continue
        words += 1
        if pos == "SCONJ":
            clauses += 1
        if pos == "VERB" and view.feature(index, "VerbForm") == "Fin":
            verbs += 1
        if not _is_candidate(view, index, cue_index):
            continue
        features = _features(view, index, cue_index, side, chain, lexicon)
        if commas:
            features.append(f"{side}.comma.{min(commas, 3)}")
        if verbs:
            features.append(f"{side}.verb.{min(verbs, 2)}")
        if marks:
            features.append(f"{side}.mark.{min(marks, 2)}")
        if dashes:
            features.append(f"{side}.dash")
        if clauses:
            features.append(f"{side}.clause.{min(clauses, 2)}")
        features.append(f"{side}.distance.{_bucket(words)}")
        if "fits" in features:
            fitting += 1
            features.append(f"{side}.fitting.{min(fitting, 3)}")
            if not commas and not dashes and not marks and not verbs:
                features.append(f"{side}.bare")
        yield index, features


def _bucket(words: int) -> str:
    for limit in (1, 2, 4, 8, 15):
        if words <= limit:
            return str(limit)
    return "far"


def _is_candidate(view: View, index: int, cue_index: int) -> bool:
    pos = view.pos[index]
    if view.folded[index] in _NEVER or view.folded[index].startswith("котор"):
        return False
    if pos in ("ADJ", "DET", "NUM", "VERB"):
        # «присутствующие», «многие», «двое»: only as subjects
        if not view.deps[index].startswith("nsubj"):
            return False
        return pos != "VERB" or view.feature(index, "VerbForm") == "Part"
    if pos not in NOMINAL and pos != "SYM":
        return False
    head = view.heads[index]
    same = view.deps[index] in _SAME and view.feature(head, "Case") in (view.feature(index, "Case"), None)
    # a name beside its title is one candidate with it, unless the cue stands between
    return not (same and view.pos[head] in ("NOUN", "PROPN") and (head < cue_index) == (index < cue_index))


def _features(view: View, index: int, cue_index: int, side: str, chain: dict[int, str], lexicon: Lexicon) -> list[str]:
    dep, head = view.deps[index], view.heads[index]
    case = view.feature(index, "Case")
    if dep.startswith("nsubj") and head in chain:
        relation = f"subject.{chain[head]}"
    elif dep.startswith("nsubj") and view.pos[head] in ("VERB", "AUX", "ADJ"):
        relation = "subject.other"
    elif head == cue_index:
        relation = f"child.{dep.split(':')[0]}"
    elif head in chain:
        relation = "child.governor"
    elif dep.startswith("nmod") or view.pos[head] in ("NOUN", "PROPN"):
        relation = "of noun"
    elif index == cue_index - 1 or (head == index):
        relation = "root"
    else:
        relation = "elsewhere"
    kind = _kind(view, index, lexicon)
    features = [f"relation.{relation}", f"case.{case}", f"kind.{kind}", side]
    disagrees = clash(view, index, cue_index)
    if disagrees:
        features.append(f"clash.{disagrees}")
    governed = index > 0 and any(view.deps[child] == "case" for child in view.children(index))
    preposition = governed or view.pos[index - 1] == "ADP" if index else False
    if preposition:
        features.append("preposition")
    nominative = case in ("Nom", None) or is_body_like_subject(view, index) or _reads_nominative(view, index)
    if nominative and not preposition and not disagrees:
        features.append("fits")
        features.append(f"fits.{kind}")
    if case == "Loc" and view.feature(cue_index, "Number") == "Plur" and preposition:
        features.append(f"in.{kind}")
    return features


def _reads_nominative(view: View, index: int) -> bool:
    """«на крыльце Лотарева»: a name that is a nominative by the people stage, whatever the tagger says."""
    number = view.mention_at[index]
    if number < 0 or view.feature(index, "Case") != "Gen":
        return False
    mention = view.mentions[number]
    return (
        mention.label == "PER" and mention.kind == "name" and mention.normal == view.text[mention.start : mention.end]
    )


def _kind(view: View, index: int, lexicon: Lexicon) -> str:
    number = view.mention_at[index]
    if number >= 0:
        return view.mentions[number].label
    if view.pos[index] == "PRON":
        return "pronoun"
    kind = noun_kind(view, index, lexicon)
    if kind is not None:
        return kind
    return "animate" if view.feature(index, "Animacy") == "Anim" else "thing"
