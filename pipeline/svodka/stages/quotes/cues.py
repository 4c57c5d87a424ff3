"""The lexicon of cues and sources, read from the tables in ``svodka/lexicons``, and the cue that a token is."""

from dataclasses import dataclass
from functools import lru_cache

from svodka.stages.lexicons import read_rows
from svodka.stages.quotes.view import View

DIRECT, CLAUSE, PURPOSE, QUESTION, PARENTHESIS, FRAGMENT, NAMING, RELAY = "DCTLPNAR"


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that introduces speech.

    Attributes:
        lemma: Lower case, е for ё.
        kind: Class of the verb («say_neutral», «opinion_thought» …), «impersonal», «predicate» or «multiword».
        frames: Letters of what it takes; see ``lexicons/cue_verbs.tsv``.
        weak: Whether it introduces speech only where punctuation says so.
        negated: Whether it does so only after «не»: «не исключил, что»; None where it may («(не) сомневается, что»).
    """

    lemma: str
    kind: str
    frames: frozenset[str]
    weak: bool = False
    negated: bool | None = False

    def takes(self, frame: str) -> bool:
        """Whether the cue has one of these frames."""
        return not self.frames.isdisjoint(frame)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that name a source without a verb («по словам»).

    Attributes:
        words: The words, lower case, е for ё.
        case: Case of the source after them.
        kind: speaker, view, data, document or nobody.
    """

    words: tuple[str, ...]
    case: str
    kind: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the rules know about single words.

    Attributes:
        media: Kinds of media by name.
        long_titles: Stems of a title in full, by the title in short.
        name_phrases: Phrases that announce a name, by their last word.
        cue_lemmas: Lemmas of the words that may be a cue.
        cue_forms: Forms that may be one whatever their lemma.
        trigger_forms: These, and the forms that phrases begin with.
        phrase_seconds: The second words of phrases by the first; none where the first is a phrase of its own.
    """

    verbs: dict[str, Cue]
    impersonal: dict[str, Cue]
    predicates: dict[str, Cue]
    multiword: dict[str, dict[str, Cue]]
    colon_nouns: frozenset[str]
    clause_nouns: frozenset[str]
    phrases: dict[str, tuple[Phrase, ...]]
    nouns: dict[str, str]
    venues: dict[str, str]
    media: dict[str, str]
    titles: tuple[tuple[str, str], ...]
    long_titles: dict[str, tuple[tuple[str, ...], ...]]
    name_forms: frozenset[str]
    name_nouns: frozenset[str]
    name_phrases: dict[str, tuple[tuple[str, ...], ...]]
    motto_nouns: frozenset[str]
    cue_lemmas: frozenset[str]
    cue_forms: frozenset[str]
    trigger_forms: frozenset[str]
    phrase_seconds: dict[str, frozenset[str]]


_NEGATED = {"negated": True, "either": None}


@lru_cache(maxsize=1)
def _closed_classes() -> dict[str, frozenset[str]]:
    return {name: frozenset(forms.split()) for name, forms in read_rows("quote_words.tsv")}


def closed_class(name: str) -> frozenset[str]:
    """Words of a class of ``lexicons/quote_words.tsv``."""
    return _closed_classes()[name]


@lru_cache(maxsize=1)
def get_lexicon() -> Lexicon:
    """The lexicon; read once a process."""
    verbs = {
        lemma: Cue(lemma, kind, frozenset(frames), weak=strength == "weak", negated=_NEGATED.get(strength, False))
        for lemma, kind, frames, strength in read_rows("cue_verbs.tsv")
    }
    impersonal = {
        word: Cue(word, "impersonal", frozenset("DCP"), weak=source == "document")
        for word, source in read_rows("cue_impersonal.tsv")
    }
    predicates = {
        form: Cue(lemma, "predicate", frozenset(frames))
        for lemma, frames, forms in read_rows("cue_predicates.tsv")
        for form in forms.split()
    }
    multiword: dict[str, dict[str, Cue]] = {}
    for heads, nouns, frames in read_rows("cue_multiword.tsv"):
        for verb in heads.split():
            cues = {noun: Cue(f"{verb} {noun}", "multiword", frozenset(frames)) for noun in nouns.split()}
            multiword.setdefault(verb, {}).update(cues)
    clause_nouns = frozenset(lemma for lemma, use in read_rows("cue_nouns.tsv") if "clause" in use)
    phrases: dict[str, list[Phrase]] = {}
    for text, case, kind in read_rows("cue_phrases.tsv"):
        words = tuple(text.split())
        phrases.setdefault(words[0], []).append(Phrase(words, case, kind))
    triggers = {kind: words.split() for kind, words in read_rows("quote_triggers_names.tsv")}
    name_phrases: dict[str, list[tuple[str, ...]]] = {}
    for phrase in triggers["phrase"]:
        *_, last = words = tuple(phrase.split("_"))
        name_phrases.setdefault(last, []).append(words)
    return Lexicon(
        verbs=verbs,
        impersonal=impersonal,
        predicates=predicates,
        multiword=multiword,
        colon_nouns=frozenset(lemma for lemma, use in read_rows("cue_nouns.tsv") if "colon" in use),
        clause_nouns=clause_nouns,
        phrases={word: tuple(sorted(items, key=lambda phrase: -len(phrase.words))) for word, items in phrases.items()},
        nouns={lemma: kind for kind, lemmas in read_rows("speaker_nouns.tsv") for lemma in lemmas.split()},
        venues={lemma: kind for kind, lemmas in read_rows("speaker_venues.tsv") for lemma in lemmas.split()},
        media={row[0]: row[1] for row in read_rows("speaker_media.tsv")},
        titles=tuple((stem, title) for stem, title in read_rows("speaker_titles.tsv")),
        long_titles=_long_titles(),
        name_forms=frozenset(triggers["form"]),
        name_nouns=frozenset(triggers["noun"]),
        name_phrases={last: tuple(items) for last, items in name_phrases.items()},
        motto_nouns=frozenset(triggers["motto"]),
        cue_lemmas=frozenset((*verbs, *multiword, *impersonal, *clause_nouns)),
        cue_forms=frozenset((*predicates, *impersonal)),
        trigger_forms=frozenset((*predicates, *impersonal, *phrases)),
        phrase_seconds={
            first: frozenset()
            if any(len(phrase.words) == 1 for phrase in items)
            else frozenset(phrase.words[1] for phrase in items)
            for first, items in phrases.items()
        },
    )


def _long_titles() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Stems of the words that a title has when it is written in full, or in short, by the title."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for title, stems in read_rows("speaker_long_titles.tsv"):
        found.setdefault(title, []).append(tuple(stems.split()))
    return {title: tuple(ways) for title, ways in found.items()}


def cue_at(view: View, index: int, lexicon: Lexicon, frames: str) -> Cue | None:
    """The cue that a token is, if it takes one of these frames."""
    lemma, word = view.lemmas[index], view.folded[index]
    if lemma not in lexicon.cue_lemmas and word not in lexicon.cue_forms:
        return None
    pos = view.pos[index]
    if word in lexicon.predicates and (pos in ("ADJ", "VERB") or view.is_finite(index)):
        cue = lexicon.predicates[word]
        return cue if cue.takes(frames) else None
    impersonal = lexicon.impersonal.get(lemma) or lexicon.impersonal.get(word)
    if impersonal is not None and impersonal.takes(frames) and pos in ("VERB", "ADJ", "ADV"):
        start, end = view.sentence_of(index)
        follows = lemma != "следовать" or "из" in view.folded[max(start, index - 12) : min(end, index + 12)]
        return impersonal if follows else None
    if pos != "VERB":
        return None
    if lemma in lexicon.multiword:
        combined = _multiword(view, index, lexicon.multiword[lemma])
        if combined is not None and combined.takes(frames):
            return combined
    verb = lexicon.verbs.get(lemma)
    if verb is None or not verb.takes(frames):
        return None
    if view.feature(index, "Variant") == "Short":
        return None  # «он назван», «установлено, что»: nobody speaks
    if view.feature(index, "VerbForm") == "Part" and not verb.takes(CLAUSE):
        return None
    return verb


def _multiword(view: View, verb: int, nouns: dict[str, Cue]) -> Cue | None:
    _, end = view.sentence_of(verb)
    for index in range(verb + 1, min(end, verb + 7)):
        if view.words[index] in (",", ".", ":"):
            break
        if view.lemmas[index] in nouns:
            return nouns[view.lemmas[index]]
    for child in view.children(verb):
        if child < verb and view.lemmas[child] in nouns:
            return nouns[view.lemmas[child]]
    return None
