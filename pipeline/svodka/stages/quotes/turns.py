"""Who speaks in an interview or a dialogue: whom the label of a turn means, and whom the interview is with."""

from collections import Counter

from svodka.stages.quotes.speakers import Speaker, person_of
from svodka.stages.quotes.view import Span, View


def interviewee(view: View, place: int) -> Speaker | None:
    """The person an interview is with: the one named most, among those named before an offset."""
    entities = view.entities
    named_before = Counter(
        mention.entity
        for mention in view.mentions
        if mention.start < place and mention.label == "PER" and mention.entity is not None
    )
    full = [number for number in named_before if " " in entities[number].name]
    if not full:
        return None
    number = max(full, key=lambda number: (named_before[number], entities[number].n_mentions, -number))
    return person_of(number, entities[number], None)


def person_by_label(view: View, span: Span) -> Speaker:
    """«ИВАН ОРЛОВ: …»: the person whom the label of a turn names."""
    words = [word.title() if word.isupper() and len(word) > 1 else word for word in view.words[slice(*span)]]
    return _by_surname(view, " ".join(words), span)


def person_by_initials(view: View, span: Span) -> Speaker:
    """«А. Л.»: the person of the text who has these initials."""
    letters = [word[0] for word in view.words[span[0] : span[1]] if word[0].isupper()]
    for number, entity in enumerate(view.entities):
        parts = [word for word in entity.name.split() if len(word) > 2]
        initials = [word[0].upper() for word in parts]
        if entity.label == "PER" and len(parts) > 1 and set(letters) <= set(initials) and letters[-1] == initials[-1]:
            return person_of(number, entity, span)
    return Speaker(view.text[slice(*view.span_of(*span))], "person", mention=span)


def _by_surname(view: View, name: str, span: Span) -> Speaker:
    """The person of the text who has the surname of a label, else the label itself."""
    surname = name.split()[-1].lower()
    for number, entity in enumerate(view.entities):
        if entity.label == "PER" and entity.name.split()[-1].lower() == surname and " " in entity.name:
            return person_of(number, entity, span)
    return Speaker(name, "person", mention=span)
