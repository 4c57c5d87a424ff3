"""Noun phrases that name a source, by their head in the dependency tree, and their nominative."""

from svodka.stages.people.phrase import nominative_phrase
from svodka.stages.pymorphy import Dictionary
from svodka.stages.quotes.cues import Lexicon, closed_class
from svodka.stages.quotes.found import Source
from svodka.stages.quotes.view import CLOSE_MARKS, DASHES, OPEN_MARKS, Span, View

NOMINAL = frozenset(("NOUN", "PROPN", "PRON", "ADJ", "DET", "NUM", "X"))
_LEFT = frozenset(("amod", "det", "nummod", "nummod:gov", "compound", "flat:foreign", "flat:name", "appos"))
_LINKS = closed_class("link")
_MAX_PHRASE = 30
_ABBREVIATIONS = closed_class("abbreviation")
_CALLED = closed_class("called")
_POSSESSIVES = closed_class("possessive")
_FEW = closed_class("few")  # «эксперта», not «экспертов»
_RELATIVE = closed_class("relative")


def phrase_of(view: View, head: int) -> Span:
    """Tokens [first, last) of the noun phrase of a head, without relative clauses and asides.

    The tree says what belongs to the head; the phrase ends where punctuation, a verb or a gap says otherwise.
    """
    left, right = view.edges(head)
    first = head
    while first > left and _joins_left(view, first - 1, head):
        first -= 1
    last = head + 1
    while last <= min(right, head + _MAX_PHRASE) and last < view.size:
        if _opens(view, last) and (closing := _closing(view, last)) is not None:
            animate = view.feature(head, "Animacy") == "Anim"
            if animate and last == head + 1 and view.feature(last + 1, "Case") != "Gen":
                break
            last = closing + 1
            continue
        if not _joins_right(view, last, head):
            break
        last += 1
    if last > head + 1 and view.pos[last - 1] == "DET":
        last = _past_noun(view, last)
    while last > head + 1 and (
        view.pos[last - 1] in ("ADP", "CCONJ", "PUNCT") and view.words[last - 1] not in CLOSE_MARKS
    ):
        last -= 1
    # the name in quotation marks right after «газета», «компания» belongs to it whatever the tree says
    inanimate = view.pos[head] == "NOUN" and view.feature(head, "Animacy") != "Anim"
    if last < view.size and _opens(view, last) and inanimate:
        closing = _closing(view, last)
        addressee = view.feature(last + 1, "Case") == "Dat" and view.feature(head, "Case") != "Dat"
        if closing is not None and view.words[last + 1][:1].isupper() and not addressee:
            last = closing + 1  # not «в отделе «Интерфаксу» сообщили»
    return _with_marks(view, first, last)


def _past_noun(view: View, index: int) -> int:
    """«пресс-служба этого рекрутингового агентства»: the token after the noun of a pronoun that the tree left alone."""
    for noun in range(index, min(index + 3, view.size)):
        if view.feature(noun, "Case") != view.feature(index - 1, "Case"):
            break
        if view.pos[noun] in ("NOUN", "PROPN"):
            return noun + 1
    return index


def _with_marks(view: View, first: int, last: int) -> Span:
    """A phrase that lies in quotation marks takes both of them, or none."""
    if first > 0 and view.words[first - 1] in OPEN_MARKS:
        if last < view.size and view.words[last] in CLOSE_MARKS:
            return first - 1, last + 1
        closing = _closing(view, first - 1)
        if closing is not None and closing < last:
            return first - 1, last
    return first, last


def _opens(view: View, index: int) -> bool:
    """Whether a token is an opening mark; one that looks like a closing one opens where a word follows at once."""
    if view.words[index] not in CLOSE_MARKS:
        return view.words[index] in OPEN_MARKS
    if view.words[index] not in OPEN_MARKS or index + 1 >= view.size:
        return False
    glued = index > 0 and view.ends[index - 1] == view.starts[index]
    return view.starts[index + 1] == view.ends[index] and not glued


def _closing(view: View, opening: int) -> int | None:
    """The mark that ends a short name in quotation marks, None where it is no name."""
    for index in range(opening + 1, min(opening + 9, view.size)):
        if view.words[index] in CLOSE_MARKS:
            return index if index > opening + 1 else None
        if view.is_space[index]:
            return None
    return None


def _joins_left(view: View, index: int, head: int) -> bool:
    if view.is_space[index] or view.pos[index] in ("PUNCT", "ADP", "CCONJ", "SCONJ", "VERB", "PART"):
        return view.pos[index] == "VERB" and view.feature(index, "VerbForm") == "Part" and view.heads[index] == head
    if view.pos[index] == "ADJ" and (view.feature(index, "Case") == "Ins") != (view.feature(head, "Case") == "Ins"):
        return view.feature(index, "Case") is None  # «пожелавший остаться неизвестным сотрудник»
    return view.deps[index] in _LEFT or (view.pos[index] in ("ADJ", "DET", "NUM") and view.deps[index] != "nsubj")


def _joins_right(view: View, index: int, head: int) -> bool:
    if view.is_space[index]:
        return False
    pos, word = view.pos[index], view.folded[index]
    if pos == "PUNCT":
        dot = word == "." and (is_abbreviated(view, index) or is_glued(view, index))
        return dot or (word in ("-", ".") and _is_initial(view, index - 1))
    if pos == "VERB" and view.feature(index, "VerbForm") != "Part":
        return False
    if pos in ("SCONJ", "AUX", "ADV", "PART") or view.lemmas[index] in _RELATIVE or word in DASHES:
        return False
    if pos == "CCONJ":
        return word == "и" and view.feature(index + 1, "Case") == "Gen" if index + 1 < view.size else False
    if pos == "ADP":
        own = view.heads[index] < view.size and view.heads[view.heads[index]] == head
        if word in ("с", "со") and own and view.lemmas[view.heads[index]] not in _CALLED:
            return False  # «сказал собеседник с улыбкой»
        return word in _LINKS and _inside(view, index, head)
    return _inside(view, index, head)


def is_abbreviated(view: View, stop: int) -> bool:
    """Whether a full stop is part of an abbreviation inside a name: «МГУ им. Ломоносова», «ген. Орлов»."""
    return view.folded[stop - 1] in _ABBREVIATIONS and view.ends[stop - 1] == view.starts[stop]


def is_glued(view: View, stop: int) -> bool:
    """Whether a full stop stands inside a word: «irn.ru»."""
    if not 0 < stop < view.size - 1:
        return False
    return view.ends[stop - 1] == view.starts[stop] and view.starts[stop + 1] == view.ends[stop]


def _is_initial(view: View, index: int) -> bool:
    return len(view.words[index]) == 1 and view.words[index].isupper()


def _inside(view: View, index: int, head: int) -> bool:
    for _ in range(12):
        above = view.heads[index]
        if above == head:
            return True
        if above == index:
            return False
        index = above
    return False


def phrase_from(view: View, first: int, case: str, limit: int = 12) -> int | None:
    """Head of the noun phrase that begins at a token: its first noun in a case, past its adjectives.

    Args:
        view: The document.
        first: Token the phrase begins with.
        case: UD case of the head; words that do not show a case count.
        limit: How many tokens to look at.
    """
    for index in range(first, min(first + limit, view.size)):
        pos = view.pos[index]
        if view.words[index] in OPEN_MARKS:
            continue
        if view.folded[index] in _POSSESSIVES and _owns(view, index, case):
            continue  # «его вдову»
        if pos == "NUM" and view.deps[index].startswith("nummod") and index < view.heads[index] < index + 6:
            return view.heads[index]  # «два источника»
        if pos in ("NOUN", "PROPN", "PRON", "X") or (pos == "NUM" and index == first):
            seen = view.feature(index, "Case")
            in_marks = view.words[index - 1] in OPEN_MARKS and view.words[index][:1].isupper()
            return index if seen in (case, None) or pos == "PROPN" or index == first or in_marks else None
        if view.feature(index, "VerbForm") == "Part" and view.feature(index, "Case") == case:
            noun = _noun_of_participle(view, index, min(first + limit, view.size))
            if noun is not None:
                return noun
        elif pos not in ("ADJ", "DET", "NUM", "ADV") and view.feature(index, "VerbForm") != "Part":
            return None
        if view.words[index] in ("многие", "некоторые", "другой", "последний"):
            return index
    return None


def _noun_of_participle(view: View, participle: int, last: int) -> int | None:
    """«в распространённом в понедельник заявлении»: the noun that a participle agrees with."""
    plural = view.feature(participle, "Number") == "Plur"
    names = ("Case", "Number") if plural else ("Case", "Number", "Gender")
    wanted = [view.feature(participle, name) for name in names]
    for index in range(participle + 1, last):
        if view.words[index] in (",", ".", ":", ";") or view.is_finite(index):
            return None
        if view.pos[index] == "NOUN" and [view.feature(index, name) for name in names] == wanted:
            return index
    return None


def _owns(view: View, index: int, case: str) -> bool:
    """Whether «его» belongs to the noun after it."""
    following = index + 1
    return (
        following < view.size
        and view.pos[following] in ("NOUN", "ADJ", "PROPN")
        and view.feature(following, "Case") == case
    )


def aside_end(view: View, comma: int, head: int, last: int, *, at_end: bool = False) -> int | None:
    """The comma that closes what follows about a phrase: «источник, близкий к банку,», «Орлов, мэр города,».

    Args:
        view: The document.
        comma: The comma after the phrase.
        head: Head of the phrase.
        last: Token after the sentence.
        at_end: Whether the end of the sentence may stand for the closing comma.

    Returns:
        The closing comma, or `last`; None where no adjective, participle or noun of the same case that hangs on the
        phrase follows, or a verb comes before the comma.
    """
    word = comma + 1
    if word >= last or view.words[comma] != "," or view.pos[word] not in ("ADJ", "VERB", "NOUN"):
        return None
    full = view.feature(word, "VerbForm") in ("Part", None) and view.feature(word, "Variant") != "Short"
    if not full or view.feature(word, "Case") != view.feature(head, "Case") or not head <= view.heads[word] < comma:
        return None
    reach = min(word + 16, last)
    ends = last if at_end and reach == last else None
    end = next((index for index in range(word + 1, reach) if view.words[index] == ","), ends)
    return end if end is not None and not view.has_finite(comma, end) else None


def nominative(view: View, span: Span, dictionary: Dictionary) -> str:
    """A phrase in the nominative, on one line."""
    if view.pos[span[0]] == "NUM" and view.lemmas[span[0]] != "один":
        counted = _counted(view, span, dictionary)
        if counted is not None:
            return counted
    places = [index for index in range(*span) if not view.is_space[index]]
    return " ".join(nominative_phrase(view.tokens, places, dictionary).split())


def _counted(view: View, span: Span, dictionary: Dictionary) -> str | None:
    """«двух независимых экспертов» → «два независимых эксперта»; None in a case that shows no genitive."""
    numeral, head = view.lemmas[span[0]], next((index for index in range(*span) if view.pos[index] == "NOUN"), None)
    case = view.feature(span[0], "Case")
    if case in ("Acc", "Nom", None):
        return " ".join(view.text[slice(*view.span_of(*span))].split())  # «несколько источников»
    if head is None or case != "Gen" or view.feature(head, "Case") != "Gen":
        return None
    noun: str | None = view.words[head]
    if numeral in _FEW:
        analysis = dictionary.best(view.words[head], "NOUN", view.tokens.feats[head])
        noun = None if analysis is None else analysis.inflect("gent", "sing")
        numeral = "две" if numeral == "два" and view.feature(head, "Gender") == "Fem" else numeral
    before, after = (
        view.text[view.ends[span[0]] : view.starts[head]],
        view.text[view.ends[head] : view.ends[span[1] - 1]],
    )
    return None if noun is None else " ".join(f"{numeral}{before}{noun}{after}".split())


def lower_first(view: View, index: int, text: str) -> str:
    """A phrase without the capital letter that it has only as the first word of a sentence."""
    if view.pos[index] == "PROPN" or not text[:1].isupper() or text[:2].isupper():
        return text
    return text[0].lower() + text[1:]


def noun_kind(view: View, head: int, lexicon: Lexicon) -> str | None:
    """What a head noun names, by the lexicon: role, person, anonymous, organization, medium, document, group."""
    kind = lexicon.nouns.get(view.lemmas[head])
    if kind is None and "-" in view.lemmas[head]:
        kind = lexicon.nouns.get(view.lemmas[head].rsplit("-", 1)[1])
    return kind


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
