"""natasha as its README uses it: the speed that svodka's is compared with."""

import os
from typing import Any

from svodka._compat import mend_inspect, package_path


def natasha_vocabulary() -> Any:  # noqa: ANN401
    """The ``MorphVocab`` of natasha, over pymorphy2."""
    os.environ["PYMORPHY2_DICT_PATH"] = str(package_path("pymorphy2_dicts_ru") / "data")
    mend_inspect()
    from natasha import MorphVocab

    return MorphVocab()


class Natasha:
    """Segments, tags, parses, finds entities, lemmatises every token and normalises every span of a text."""

    def __init__(self) -> None:
        self._vocabulary = natasha_vocabulary()
        import natasha

        embedding = natasha.NewsEmbedding()
        self._doc = natasha.Doc
        self._segmenter = natasha.Segmenter()
        self._morphology = natasha.NewsMorphTagger(embedding)
        self._syntax = natasha.NewsSyntaxParser(embedding)
        self._entities = natasha.NewsNERTagger(embedding)

    def __call__(self, text: str) -> int:
        """Do the work; the number of tokens."""
        doc = self._doc(text)
        doc.segment(self._segmenter)
        doc.tag_morph(self._morphology)
        doc.parse_syntax(self._syntax)
        doc.tag_ner(self._entities)
        for token in doc.tokens:
            token.lemmatize(self._vocabulary)
        for span in doc.spans:
            span.normalize(self._vocabulary)
        return len(doc.tokens)
