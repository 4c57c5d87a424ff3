"""Pronouns and nominal mentions, tied to named entities, against chains of mentions.

Gold is RuCoCo (Dobrovolskii, Michurina and Ivoylova 2022, «RuCoCo: a new Russian corpus with coreference annotation»):
chains of whole noun phrases, a role and what belongs to it included, one nested in another; what is mentioned only once
is not annotated. A **link** is a mention of svodka of the kind pronoun or role that has an entity.

- A name matches the smallest gold mention that contains it and begins or ends with it, marks of quotation apart:
  «Рахмана» matches «главу Совета Абделя Рахмана», and «Совета» does not.
- A pronoun matches the gold mention with its span. A nominal matches the gold mention with its span, else the smallest
  that contains it and begins or ends with it («эта компания»), else the longest inside it that begins with it.
- A link is right if what it matches is in a chain that a name of its entity matches.

A link that matches nothing is wrong; as a mention without a chain is not annotated, precision is a lower bound. Recall
asks for the personal pronouns and the nominals of the chains in which svodka found a name: a nominal is a gold mention
without a capital letter (but that of its sentence) that no name matches and that is no pronoun. A plural that means
several entities together (`includes` in the file) has a chain of its own without a name, and is not asked for.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from svodka.document import get_mentions
from svodka.evaluate.gold import read_json_lines, read_predictions
from svodka.evaluate.report import Disagreement, Report, Score, Tally
from svodka.records import Article

Span = tuple[int, int]

_MARKS = "«»\"“”„'()"
_PERSONAL = frozenset(
    {"он", "его", "него", "ему", "нему", "им", "ним", "нем", "она", "ее", "нее", "ей", "ней", "ею", "нею"}
    | {"они", "их", "них", "ими", "ними", "оно"}
)
# Beginnings and forms of words that stand for a noun without naming anything.
_OTHER_PRONOUNS = re.compile(
    r"(?:котор\w+|себ\w+|соб\w+|сво\w{1,3}|т[оае]|т[оеё]\w{1,3}|та|ту|тот|тех|эт\w{1,3}|сам\w{0,3}|кто|ком\w?|кем|кого|что"
    r"|ч[её]м|чему|чего|я|меня|мн\w{1,2}|мы|нас|нам\w?|ты|теб\w|вы|вас|вам\w?|мо\w{1,3}|наш\w{0,3}|ваш\w{0,3}|тво\w{1,3}"
    r"|друг\w*(?: друг\w*)?|об\w{1,3}|вс[её]\w{0,2}|кажд\w+|один|одн\w+|где|там|туда|здесь|оттуда|откуда|куда)"
)
_CONTEXT = (50, 25)


class LinkedMention(NamedTuple):
    """A mention of svodka: its place, how it names, which entity and by which rule."""

    start: int
    end: int
    kind: str
    entity: int | None
    rule: str


@dataclass(frozen=True, slots=True)
class ChainedText:
    """An article and its chains of mentions."""

    article: Article
    chains: list[list[Span]]


def evaluate_coref(gold: Path, predictions: Path | None = None, *, nlp: Language | None = None) -> Report:
    """Measure the links of pronouns and nominals to named entities.

    Args:
        gold: RuCoCo as JSONL, gzipped or not: id, text, entities (chains of [start, end]).
        predictions: A folder of tables with mentions; its documents have the ids of gold.
        nlp: The pipeline to run over the gold texts where there are no predictions.

    Returns:
        links: the share of right links; pronoun and nominal: precision and recall by kind; «rule …»: the share of right
        links by rule.

    Raises:
        InputError: Gold or predictions cannot be read, or there are neither predictions nor a pipeline.
    """
    texts = list(read_chains(gold))
    articles = [text.article for text in texts]
    found = read_predictions(articles, "mentions", predictions, nlp, from_row=_from_row, from_doc=_from_doc)
    return score(texts, found)


def read_chains(path: Path) -> Iterator[ChainedText]:
    """The texts and chains of a file of RuCoCo; raises `InputError` where it has another layout."""
    return read_json_lines(path, "RuCoCo", _chains_of)


def _chains_of(values: dict[str, Any]) -> ChainedText:
    chains = [[(int(start), int(end)) for start, end in chain] for chain in values["entities"]]
    return ChainedText(Article(text=values["text"], doc_id=str(values["id"])), chains)


def score(texts: Sequence[ChainedText], predicted: Mapping[str, Sequence[LinkedMention]]) -> Report:
    """The figures of predictions by document."""
    compared = [_compare(text, predicted.get(text.article.doc_id, ())) for text in texts]
    rules = sorted({name for count, _ in compared for name in count if name.startswith("rule ")})
    return Report.of("coref", compared, lambda tally: _figures(tally, rules))


def _figures(tally: Tally, rules: Sequence[str]) -> tuple[Score, ...]:
    return (
        tally.ratio("links", "right", "links"),
        *(tally.f1(kind, f"right {kind}", kind, f"gold {kind}", f"found {kind}") for kind in ("pronoun", "nominal")),
        *(tally.ratio(rule, f"right {rule}", rule) for rule in rules),
    )


def _compare(text: ChainedText, mentions: Sequence[LinkedMention]) -> tuple[Counter[str], list[Disagreement]]:
    chain_of = {span: number for number, chain in enumerate(text.chains) for span in chain}
    spans = sorted(chain_of)
    chains_of: dict[int | None, set[int]] = defaultdict(set)
    named: set[Span] = set()
    for mention in mentions:
        span = _match_name(mention, text.article.text, spans) if mention.kind == "name" else None
        if span is not None:
            named.add(span)
            chains_of[mention.entity].add(chain_of[span])
    count: Counter[str] = Counter()
    errors: list[Disagreement] = []
    hits: set[Span] = set()
    for mention in mentions:
        if mention.kind == "name" or mention.entity is None:
            continue
        kind, rule = "pronoun" if mention.kind == "pronoun" else "nominal", f"rule {mention.rule}"
        span = _match_pronoun(mention, chain_of) if kind == "pronoun" else _match_nominal(mention, spans, chain_of)
        right = span is not None and chain_of[span] in chains_of[mention.entity]
        count.update({"links": 1, kind: 1, rule: 1})
        count.update({"right": right, f"right {kind}": right, f"right {rule}": right})
        if right and span is not None:
            hits.add(span)
        else:
            chain = text.chains[chain_of[span]] if span is not None else []
            errors.append(_error(text.article, mention, chain, mentions))
    in_named = {number for numbers in chains_of.values() for number in numbers}
    for span in spans:
        wanted = _kind_of(span, text.article.text) if span not in named and chain_of[span] in in_named else None
        if wanted is not None:
            count.update({f"gold {wanted}": 1, f"found {wanted}": span in hits})
    return count, errors


def _match_name(mention: LinkedMention, text: str, spans: Sequence[Span]) -> Span | None:
    start, end = _bare((mention.start, mention.end), text)
    around = [span for span in spans if span[0] <= start and end <= span[1]]
    edged = [span for span in around if (bare := _bare(span, text))[0] == start or bare[1] == end]
    return min(edged, key=_length, default=None)


def _match_pronoun(mention: LinkedMention, chain_of: Mapping[Span, int]) -> Span | None:
    span = (mention.start, mention.end)
    return span if span in chain_of else None


def _match_nominal(mention: LinkedMention, spans: Sequence[Span], chain_of: Mapping[Span, int]) -> Span | None:
    start, end = mention.start, mention.end
    if (start, end) in chain_of:
        return start, end
    around = [span for span in spans if span[0] <= start and end <= span[1] and (span[0] == start or span[1] == end)]
    inside = [span for span in spans if span[0] == start and span[1] < end]
    return min(around, key=_length, default=None) or max(inside, key=_length, default=None)


def _length(span: Span) -> int:
    return span[1] - span[0]


def _bare(span: Span, text: str) -> Span:
    """The span without quotation marks and brackets at its ends."""
    start, end = span
    while start < end and text[start] in _MARKS:
        start += 1
    while start < end and text[end - 1] in _MARKS:
        end -= 1
    return start, end


def _kind_of(span: Span, text: str) -> str | None:
    """Pronoun, nominal, or None for what recall does not ask for."""
    start, end = span
    words = text[start:end]
    folded = words.lower().replace("ё", "е")
    if folded in _PERSONAL:
        return "pronoun"
    if _OTHER_PRONOUNS.fullmatch(folded) or words[1:] != words[1:].lower():
        return None
    before = text[:start].rstrip(" «\"„“'—–-")
    begins = not before or before[-1] in "\n.!?…:"
    return "nominal" if begins or not words[:1].isupper() else None


def _error(
    article: Article, mention: LinkedMention, chain: Sequence[Span], mentions: Sequence[LinkedMention]
) -> Disagreement:
    """A wrong link with the words around it, the first phrase of gold's chain, and the entity's longest name."""
    text, (before, after) = article.text, _CONTEXT
    left, right = text[max(mention.start - before, 0) : mention.start], text[mention.end : mention.end + after]
    names = [
        text[other.start : other.end] for other in mentions if (other.kind, other.entity) == ("name", mention.entity)
    ]
    return Disagreement(
        doc_id=article.doc_id,
        kind=mention.rule,
        start=mention.start,
        end=mention.end,
        text=" ".join(f"{left}[{text[mention.start : mention.end]}]{right}".split()),
        gold=text[slice(*chain[0])] if chain else None,
        predicted=max(names, key=len, default=None),
    )


def _from_row(row: Mapping[str, Any]) -> LinkedMention:
    return LinkedMention(row["start"], row["end"], row["kind"], row["entity_id"], row["rule"])


def _from_doc(doc: Doc) -> list[LinkedMention]:
    return [
        LinkedMention(mention.start, mention.end, mention.kind, mention.entity, mention.rule)
        for mention in get_mentions(doc)
    ]
