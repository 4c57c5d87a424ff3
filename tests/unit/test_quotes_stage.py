"""The quotes stage on whole articles."""

import re
from pathlib import Path

import pytest
from spacy.language import Language

import svodka
from shared_data import shared
from svodka.document import get_quotes
from svodka.records import Article, Quote
from svodka.stages import quotes as quotes_stage
from svodka.stages.quotes.cues import get_lexicon

pytestmark = pytest.mark.engine


def by_start(quotes: list[Quote], text: str) -> dict[str, Quote]:
    return {text[slice(*quote.segments[0])][:20]: quote for quote in quotes}


def test_broadcaster_article(nlp: Language) -> None:
    path = shared("corpora/ctv_lukashenko_masimov.txt")
    text = path.read_text(encoding="utf-8")
    article = Article(text=text, published="2021-09-07")  # type: ignore[arg-type]
    quotes = get_quotes(nlp(svodka.make_doc(nlp, article)))
    headline, clip, president, told, chairman, greeting = quotes
    assert (headline.form, headline.speaker) == ("headline", "Карим Масимов")
    assert (clip.type, clip.form) == ("indirect", "inline")
    assert (president.form, president.speaker) == ("block", "Александр Лукашенко")
    assert (told.type, told.speaker, text[slice(*told.segments[0])]) == (
        "indirect", "Александр Лукашенко", "обсудит на встрече с Путиным"
    )  # fmt: skip
    assert (chairman.form, chairman.speaker) == ("block", "Карим Масимов")
    assert (greeting.speaker, greeting.parent) == ("Нурсултан Абишевич Назарбаев", 4)
    lines = text.split("\n")
    assert [text[start:end] for start, end in president.segments] == [lines[3]]
    assert [text[start:end] for start, end in chairman.segments] == [lines[6]]


def test_names_are_no_quotations(nlp: Language) -> None:
    text = "Регату «Белые паруса» выиграл шлюп «Алмаз».\nБанк «Колос» и ООО «Вега» вручили кубок «Золотой румб»."
    assert get_quotes(nlp(text)) == []


def test_a_text_without_words_has_no_quotations(nlp: Language) -> None:
    assert get_quotes(nlp("")) == []
    assert get_quotes(nlp(" \n «» \n")) == []


def test_the_lexicon_knows_the_commonest_cues() -> None:
    lexicon = get_lexicon()
    assert {"сказать", "заявить", "сообщить", "отметить", "считать"} <= lexicon.verbs.keys()
    assert lexicon.verbs["назвать"].takes("A")
    assert not lexicon.verbs["сказать"].weak
    assert lexicon.verbs["исключать"].negated
    assert lexicon.nouns["министр"] == "role"


@pytest.mark.parametrize(
    "text",
    [
        "«" * 20_000,
        "— " * 20_000,
        "«а " * 1_000 + "»" * 1_000,
        '"' * 9_000,
        "по словам Орлова, " * 500,
        "»: — " * 2_000,
    ],
    ids=["opening marks", "dashes", "a thousand deep", "plain marks", "phrases", "mixed"],
)
def test_no_text_is_too_strange(text: str, nlp: Language) -> None:
    for quote in get_quotes(nlp(text)):
        assert all(0 <= start < end <= len(text) for start, end in quote.segments)


def test_map_names_every_module() -> None:
    told = set(re.findall(r"\w+", quotes_stage.__doc__ or ""))
    modules = {path.stem for path in Path(quotes_stage.__path__[0]).glob("*.py")} - {"__init__"}
    assert modules <= told
