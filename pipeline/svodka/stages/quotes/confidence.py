"""How sure a quotation is: features of the model `attribution`, which weighs its words and its speaker together."""

import re
from collections.abc import Sequence

from svodka.stages.quotes.cues import Lexicon
from svodka.stages.quotes.found import Found
from svodka.stages.quotes.speakers import Speaker
from svodka.stages.quotes.view import Span, View

_WORD = re.compile(r"\w+")


def features_of(view: View, item: Found, spans: Sequence[Span], speaker: Speaker, lexicon: Lexicon) -> list[str]:
    """What speaks for and against a quotation.

    Args:
        view: The document.
        item: The quotation as found.
        spans: Its segments.
        speaker: Who was found to speak.
        lexicon: The lexicon.
    """
    size = sum(len(_WORD.findall(view.text, *span)) for span in spans)
    bucket = next((limit for limit in (1, 3, 6, 10, 20, 40) if size <= limit), 80)
    features = [f"rule.{item.rule}", f"words.{bucket}", f"speaker.{speaker.kind}", f"form.{item.form}"]
    if item.same_as is not None:
        features.append("repeated in body" if item.form == "headline" else "same speaker")
    if item.form == "headline":
        features.append(f"headline.{item.type}.{bucket}")
    source = item.source
    if source is None:
        features.append("source.none")
    else:
        features.append(f"source.{source.kind}")
        if source.path:
            features.append(f"path.{source.path}")
        if source.others:
            features.append("several")
    if speaker.name is None:
        features.append(f"nobody.{item.rule}")
    elif speaker.entity is None:
        features.append("no entity")
    if speaker.mention is not None and speaker.name is not None:
        told = view.text[slice(*view.span_of(*speaker.mention))]
        features.append("named" if told[:1].isupper() and told.split()[-1][:5] in speaker.name else "referred to")
    if len(spans) > 1:
        features.append("segments")
    if item.inside:
        features.append("inside")
    if item.via is not None:
        features.append("relayed")
    if item.cue_lemma is not None:
        verb = lexicon.verbs.get(item.cue_lemma)
        if verb is not None:
            features.append(f"cue.{verb.kind}")
            if verb.weak:
                features.append("weak cue")
    if item.rule.startswith("indirect"):
        if not view.has_finite(*view.tokens_of((spans[0][0], spans[-1][1]))):
            features.append("no verb")
        if "\n" in view.text[spans[0][0] : spans[-1][1]]:
            features.append("over lines")
    return features
