"""Tokens, sentences, tags, lemmas and syntax against a Universal Dependencies treebank.

The protocol is that of the CoNLL 2018 shared task (Zeman et al. 2018, «CoNLL 2018 Shared Task: Multilingual Parsing
from Raw Text to Universal Dependencies», section 4): gold and system words are aligned by the characters they cover,
white space left out; words of multiword tokens by the longest common subsequence of their forms. Features outside the
universal set and subtypes of relations are not compared, and the lemma «_» in gold accepts any lemma.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from svodka.document import layers
from svodka.errors import InputError, StageError
from svodka.evaluate.report import Report, Score, f1_score
from svodka.readers.conllu import read_sentences
from svodka.readers.files import InputFile
from svodka.readers.opening import open_bytes

UNIVERSAL_FEATURES = frozenset(
    (
        *("PronType", "NumType", "Poss", "Reflex", "Foreign", "Abbr", "Gender", "Animacy", "Number", "Case"),
        *("Definite", "Degree", "VerbForm", "Mood", "Tense", "Aspect", "Voice", "Evident", "Polarity", "Person"),
        "Polite",
    )
)
METRICS = ("Tokens", "Sentences", "Words", "UPOS", "UFeats", "Lemmas", "UAS", "LAS", "UAS argmax")

_ROOT, _UNALIGNED = -1, -2


@dataclass(slots=True, kw_only=True)
class Word:
    """A syntactic word.

    Attributes:
        start: First character, counted without white space in the document.
        end: One past its last character.
        form: The form without white space.
        lemma: The lemma.
        upos: Universal part of speech.
        feats: Universal features, sorted, joined by ``|``.
        head: Position of the head in the document's words, -1 for the root.
        deprel: Universal relation, without subtype.
        multiword: Whether the word is a part of a multiword token, whose characters it then covers.
        argmax_head: Head by the model alone, before trees are repaired; None where it is not known.
    """

    start: int
    end: int
    form: str
    lemma: str
    upos: str
    feats: str
    head: int
    deprel: str
    multiword: bool = False
    argmax_head: int | None = None


@dataclass(slots=True)
class Analysis:
    """A document as the protocol sees it: spans over its characters without white space.

    Attributes:
        characters: All forms joined.
        tokens: (start, end) of each token.
        sentences: (start, end) of each sentence.
        words: The syntactic words.
    """

    characters: str = ""
    tokens: list[tuple[int, int]] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    def add_token(self, form: str) -> tuple[int, int]:
        """Append a token and return its span."""
        start = len(self.characters)
        self.characters += _squeeze(form)
        self.tokens.append((start, len(self.characters)))
        return self.tokens[-1]


@dataclass(slots=True)
class GoldText:
    """A document of a treebank.

    Attributes:
        text: Raw text: sentences joined by a space where there was one, paragraphs by an empty line.
        analysis: What the annotators said.
        forms: Surface tokens.
        spaces: Whether a space follows each of them.
        sent_starts: Whether each of them begins a sentence.
    """

    text: str = ""
    analysis: Analysis = field(default_factory=Analysis)
    forms: list[str] = field(default_factory=list)
    spaces: list[bool] = field(default_factory=list)
    sent_starts: list[bool] = field(default_factory=list)


def evaluate_ud(nlp: Language, path: Path, *, gold_tokens: bool = False) -> Report:
    """Measure a pipeline on a treebank.

    Args:
        nlp: A svodka pipeline with morphology and syntax.
        path: A .conllu file.
        gold_tokens: Give the pipeline the tokens and sentences of the treebank, not its raw text.

    Returns:
        Tokens, Sentences, Words, UPOS, UFeats, Lemmas, UAS and LAS; and «UAS argmax», the heads as the model gives them
        before trees are repaired, where the pipeline has kept them.

    Raises:
        InputError: The file is no CoNLL-U.
        StageError: The tokens of the pipeline do not spell the text.
    """
    golds = list(read_conllu(path))
    if gold_tokens:
        from svodka.engine import doc_from_tokens

        docs = (nlp(doc_from_tokens(nlp, gold.forms, gold.spaces, gold.sent_starts)) for gold in golds)
    else:
        docs = (nlp(gold.text) for gold in golds)
    return score([(gold.analysis, read_doc(doc)) for gold, doc in zip(golds, docs, strict=True)])


def score(documents: Sequence[tuple[Analysis, Analysis]]) -> Report:
    """The figures of pairs of gold and system analyses of the same documents."""
    hits: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for gold, system in documents:
        hits.update(_hits(gold, system))
        for name in ("tokens", "sentences", "words"):
            sizes[f"gold {name}"] += len(getattr(gold, name))
            sizes[f"system {name}"] += len(getattr(system, name))

    def figure(metric: str) -> Score:
        unit = metric.lower() if metric in ("Tokens", "Sentences") else "words"
        return f1_score(
            metric,
            hits=hits[metric],
            n_predicted=sizes[f"system {unit}"],
            n_gold=sizes[f"gold {unit}"],
            n_aligned=hits["Words"] if unit == "words" else None,
            n_docs=len(documents),
        )

    return Report(layer="ud", scores=tuple(figure(metric) for metric in METRICS if metric in hits))


def _hits(gold: Analysis, system: Analysis) -> Counter[str]:
    if gold.characters != system.characters:
        raise StageError(_spelling_message(gold.characters, system.characters))
    aligned = align_words(gold.words, system.words)
    gold_of = {system_index: gold_index for gold_index, system_index in aligned}
    gold_of[_ROOT] = _ROOT
    pairs = [(gold.words[gold_index], system.words[system_index]) for gold_index, system_index in aligned]

    def agree(key: Callable[[Word], object]) -> int:
        return sum(key(gold_word) == key(system_word) for gold_word, system_word in pairs)

    heads = [(ours, theirs, gold_of.get(theirs.head, _UNALIGNED) == ours.head) for ours, theirs in pairs]
    hits = Counter(
        {
            "Tokens": len(set(gold.tokens) & set(system.tokens)),
            "Sentences": len(set(gold.sentences) & set(system.sentences)),
            "Words": len(pairs),
            "UPOS": agree(lambda word: word.upos),
            "UFeats": agree(lambda word: word.feats),
            "Lemmas": sum(ours.lemma in ("_", theirs.lemma) for ours, theirs in pairs),
            "UAS": sum(right for _, _, right in heads),
            "LAS": sum(right and ours.deprel == theirs.deprel for ours, theirs, right in heads),
        }
    )
    if all(word.argmax_head is not None for word in system.words):
        argmax = [(gold_word.head, word.argmax_head) for gold_word, word in pairs if word.argmax_head is not None]
        hits["UAS argmax"] = sum(gold_of.get(theirs, _UNALIGNED) == ours for ours, theirs in argmax)
    return hits


def _spelling_message(gold: str, system: str) -> str:
    place = next((i for i, (a, b) in enumerate(zip(gold, system, strict=False)) if a != b), min(len(gold), len(system)))
    before, expected, found = gold[max(0, place - 20) : place], gold[place : place + 10], system[place : place + 10]
    return f"the tokens do not spell the text: after {before!r} comes {expected!r}, not {found!r}"


# ---- alignment


def align_words(gold: Sequence[Word], system: Sequence[Word]) -> list[tuple[int, int]]:
    """Pairs of positions of gold and system words that are the same word."""
    pairs = []
    g = s = 0
    while g < len(gold) and s < len(system):
        ours, theirs = gold[g], system[s]
        if ours.multiword or theirs.multiword:
            g, s, g_end, s_end = _multiword_block(gold, g, system, s)
            pairs += [(g + i, s + j) for i, j in _common_forms(gold[g:g_end], system[s:s_end])]
            g, s = g_end, s_end
        elif (ours.start, ours.end) == (theirs.start, theirs.end):
            pairs.append((g, s))
            g, s = g + 1, s + 1
        elif ours.start <= theirs.start:
            g += 1
        else:
            s += 1
    return pairs


def _multiword_block(gold: Sequence[Word], g: int, system: Sequence[Word], s: int) -> tuple[int, int, int, int]:
    """The smallest stretch of both sides that no multiword token straddles: its starts and its ends."""
    if gold[g].multiword:
        end = gold[g].end
        if not system[s].multiword and system[s].start < gold[g].start:
            s += 1
    else:
        end = system[s].end
        if gold[g].start < system[s].start:
            g += 1
    g_end, s_end = g, s
    while True:
        g_end, reach = _take(gold, g_end, end)
        s_end, reach = _take(system, s_end, reach)
        if reach == end:
            return g, s, g_end, s_end
        end = reach


def _take(words: Sequence[Word], index: int, end: int) -> tuple[int, int]:
    """Go on to the first word beyond `end`; a multiword token that begins before `end` moves it to its own."""
    while index < len(words):
        word = words[index]
        if (word.start >= end) if word.multiword else (word.end > end):
            break
        end = max(end, word.end)
        index += 1
    return index, end


def _common_forms(gold: Sequence[Word], system: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Positions of a longest common subsequence of lower-cased forms."""
    ours, theirs = [word.form.lower() for word in gold], [word.form.lower() for word in system]
    length = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for i in reversed(range(len(ours))):
        for j in reversed(range(len(theirs))):
            same = ours[i] == theirs[j]
            length[i][j] = length[i + 1][j + 1] + 1 if same else max(length[i + 1][j], length[i][j + 1])
    i = j = 0
    while i < len(ours) and j < len(theirs):
        if ours[i] == theirs[j]:
            yield i, j
            i, j = i + 1, j + 1
        elif length[i + 1][j] == length[i][j]:
            i += 1
        else:
            j += 1


# ---- reading


def read_conllu(path: Path) -> Iterator[GoldText]:
    """Read the documents of a treebank; a file without ``# newdoc`` is one document.

    Empty nodes («8.1») are left out, as in the shared task.

    Raises:
        InputError: A line has not ten columns or a number is missing.
    """
    document = GoldText()
    for comments, rows in _sentences(path):
        names = {comment.partition("=")[0].strip().partition(" ")[0]: comment for comment in comments}
        if names.keys() & {"newdoc", "newdoc_id"} and document.forms:  # newdoc_id: Taiga's spelling
            yield document
            document = GoldText()
        if document.forms:
            if "newpar" in names:
                document.text = document.text.rstrip() + "\n\n"
            document.text += "" if document.text.endswith("\n") or not document.spaces[-1] else " "
        first = len(document.forms)
        try:
            _add_sentence(document, rows)
        except ValueError as error:
            raise InputError(f"{error} in the sentence «{names.get('text', '')}»", source=str(path)) from error
        surface = zip(document.forms[first:], document.spaces[first:], strict=True)
        rebuilt = "".join(form + " " * space for form, space in surface).rstrip()
        document.text += names["text"].partition("=")[2].strip() if "text" in names else rebuilt
    if document.forms:
        yield document


def _sentences(path: Path) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Comments (without «#») and rows of each sentence."""
    with open_bytes(InputFile(path, path.suffix, path.stem)) as file:
        for sentence in read_sentences(file, path):
            if sentence.error:
                raise sentence.error
            yield sentence.comments, sentence.rows


def _add_sentence(document: GoldText, rows: list[list[str]]) -> None:
    analysis = document.analysis
    first_word, first_token = len(analysis.words), len(analysis.tokens)
    multiword_end = 0
    for number, form, lemma, upos, _, feats, head, deprel, _, misc in rows:
        if "." in number:
            continue
        first, _, last = number.partition("-")
        if last or int(first) > multiword_end:
            document.forms.append(form)
            document.spaces.append("SpaceAfter=No" not in misc.split("|"))
            document.sent_starts.append(len(analysis.tokens) == first_token)
            start, end = analysis.add_token(form)
        if last:
            multiword_end = int(last)
            continue
        word = Word(
            start=start,
            end=end,
            form=_squeeze(form),
            lemma=lemma,
            upos=upos,
            feats=_universal_feats(feats),
            head=first_word + int(head) - 1 if int(head) else _ROOT,
            deprel=_universal_relation(deprel),
            multiword=int(first) <= multiword_end,
        )
        analysis.words.append(word)
    analysis.sentences.append((analysis.tokens[first_token][0], analysis.tokens[-1][1]))


def read_doc(doc: Doc) -> Analysis:
    """The analysis that a pipeline wrote into a `Doc`; tokens of white space are left out."""
    analysis = Analysis()
    words = [token for token in doc if not token.is_space]
    position = {token.i: index for index, token in enumerate(words)}
    argmax = layers(doc).get("argmax_heads")
    spans = {}
    for token in words:
        start, end = spans[token.i] = analysis.add_token(token.text)
        analysis.words.append(
            Word(
                start=start,
                end=end,
                form=_squeeze(token.text),
                lemma=token.lemma_,
                upos=token.pos_,
                feats=_universal_feats(str(token.morph)),
                head=_ROOT if token.head.i == token.i else position.get(token.head.i, _UNALIGNED),
                deprel=_universal_relation(token.dep_.lower()),  # spaCy's own name of the root is ROOT
                argmax_head=_argmax_head(argmax[token.i], position) if argmax is not None else None,
            )
        )
    for sentence in doc.sents:
        inside = [spans[token.i] for token in sentence if token.i in spans]
        if inside:
            analysis.sentences.append((inside[0][0], inside[-1][1]))
    return analysis


def _argmax_head(head: int, position: dict[int, int]) -> int:
    return _ROOT if head == -1 else position.get(head, _UNALIGNED)


def _universal_feats(feats: str) -> str:
    return "|".join(sorted(feat for feat in feats.split("|") if feat.partition("=")[0] in UNIVERSAL_FEATURES))


def _universal_relation(deprel: str) -> str:
    return deprel.partition(":")[0]


def _squeeze(form: str) -> str:
    return "".join(form.split())
