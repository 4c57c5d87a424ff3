"""What notebooks show: it is the text, escaped, and everything else works as if it were not shown."""

import copy
import pickle
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from IPython.core.interactiveshell import InteractiveShell
from lxml import html
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import svodka
from export_data import hostile_tables, odd_texts, sample_tables, tables_of
from svodka.document import get_quotes, register
from svodka.errors import InputError
from svodka.records import Quote
from svodka.tables import Tables
from svodka.view.html.markup import escaped
from svodka.view.notebook import doc_html
from svodka.view.quotations import Quotation, Quotations

TEXT = (
    "Мост готов. «Мост откроют 16 числа, — сообщил мэр Заречного Иван Орлов. — Приезжайте». Дождь кончился.\n"
    "«Движение пустят в пятницу», — сказала Анна Петрова."
)
HOSTILE = '«Мост </script><script>alert(1)</script> "onmouseover="x() готов», — сказал мэр <b>Иван Орлов</b>.'


@pytest.fixture(scope="module")
def nlp() -> Language:
    return svodka.load()


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tables_of(TEXT, HOSTILE, title="Мост", url="javascript:alert(1)")


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    shell = InteractiveShell.instance()
    register()
    yield shell
    InteractiveShell.clear_instance()


def parsed(found: str | None) -> html.HtmlElement:
    assert found is not None
    document = html.fromstring(f"<body>{found}</body>")
    assert not document.xpath("//script | //*[@onmouseover] | //@src | //a[starts-with(@href, 'javascript')]")
    assert "url(" not in found
    return document


def texts(document: html.HtmlElement, element: str) -> list[str]:
    return [one.text_content() for one in document.xpath(element)]


def test_ipython_shows_docs_of_svodka_and_leaves_others_as_they_were(nlp: Language, shell: InteractiveShell) -> None:
    formatter = shell.display_formatter
    shown, _ = formatter.format(nlp(TEXT))
    assert texts(parsed(shown["text/html"]), "//div[@class='text']") == [TEXT]
    assert shown["text/plain"] == TEXT
    assert set(formatter.format(spacy.blank("ru")("Мост готов."))[0]) == {"text/plain"}
    assert "text/html" in formatter.format(nlp(TEXT)._.quotes[0])[0]
    for what in (sample_tables(), sample_tables().quotes, sample_tables().quotes.iloc[0], svodka.show(nlp(TEXT))):
        assert "text/html" in formatter.format(what)[0]


def test_somebody_s_own_way_to_show_docs_is_kept(nlp: Language) -> None:
    shell = InteractiveShell.instance()
    try:
        formatter = shell.display_formatter.formatters["text/html"]
        formatter.for_type(Doc, lambda doc: "<i>mine</i>")
        register()
        assert shell.display_formatter.format(nlp(TEXT))[0]["text/html"] == "<i>mine</i>"
    finally:
        InteractiveShell.clear_instance()


@given(text=odd_texts())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_a_text_holds_it_is_shown_and_does_nothing(nlp: Language, text: str) -> None:
    doc = nlp(text)
    shown = texts(parsed(doc_html(doc)), "//div[@class='text']")
    assert shown == texts(html.fromstring(f"<body><p>{escaped(text)}</p></body>"), "//p")
    for quote in doc._.quotes:
        parsed(quote._repr_html_())


def test_a_doc_shows_the_same_after_pickling_and_from_a_docbin(nlp: Language) -> None:
    article = svodka.Article(text=TEXT, doc_id="<1>", title="<b>Мост</b>", published="2021-09-07")
    doc = nlp(svodka.make_doc(nlp, article))
    shown = doc_html(doc)
    assert texts(parsed(shown), "//h3") == ["<b>Мост</b>"]
    assert "2021-09-16" in shown
    assert doc_html(pickle.loads(pickle.dumps(doc))) == shown
    (stored,) = DocBin(store_user_data=True, docs=[doc]).get_docs(nlp.vocab)
    assert doc_html(stored) == shown
    assert [quote.text for quote in stored._.quotes] == [quote.text for quote in doc._.quotes]


def test_records_know_their_words_and_are_what_they_were(nlp: Language) -> None:
    doc = nlp(TEXT)
    quote = doc._.quotes[0]
    assert quote.text == "Мост откроют 16 числа … Приезжайте"
    assert doc._.dates[0].text == "16 числа"
    assert "Иван Орлов" in [mention.text for mention in doc._.mentions]
    assert [role.text for role in doc._.roles] == ["мэр Заречного"]
    (shown,) = texts(parsed(quote._repr_html_()), "//blockquote")
    assert shown.startswith("«Мост откроют")
    assert shown.endswith("Приезжайте».")
    same = Quote.from_plain(quote.to_plain())
    assert same == quote
    assert (repr(same), hash(same)) == (repr(quote), hash(quote))
    for other in (same, copy.copy(quote), pickle.loads(pickle.dumps(quote))):
        assert other == quote
        assert other.text is None
        assert other._repr_html_() is None
    assert get_quotes(nlp("«Мост готов», — сказал Орлов."))[0].text is None  # stages have no need of it


def test_a_row_shows_its_sentences_its_cue_and_its_source(tables: Tables) -> None:
    quote = tables.quotes.iloc[0]
    assert isinstance(quote, Quotation)
    shown = parsed(quote._repr_html_())
    (sentences,) = texts(shown, "//blockquote")
    assert "Дождь" not in sentences
    assert texts(shown, "//span[@class='cue']") == ["сообщил"]
    assert texts(shown, "//span[starts-with(@class, 'source')]") == ["Иван Орлов"]
    assert "мэр Заречного" in shown.text_content()
    assert tables.quotes.loc[0].equals(quote)
    assert quote[["speaker", "role"]]._repr_html_() is None
    assert pickle.loads(pickle.dumps(quote)).equals(quote)
    (row,) = (row for _, row in tables.quotes.head(1).iterrows())
    assert row._repr_html_() == quote._repr_html_()


def test_a_frame_shows_quotations_with_one_colour_a_speaker(tables: Tables) -> None:
    shown = parsed(tables.quotes._repr_html_())
    assert len(shown.xpath("//blockquote")) == len(tables.quotes)
    numbers = {
        (facts.xpath("b")[0].text_content(), facts.xpath("span")[0].text_content())
        for facts in shown.xpath("//p[@class='facts'][span[contains(@class, 'chip')]]")
    }
    assert len({name for name, _ in numbers}) == len({number for _, number in numbers}) == len(numbers)
    assert any("<script>" in quote for quote in texts(shown, "//blockquote"))


def test_a_frame_is_limited_as_pandas_limits_frames() -> None:
    quotes = sample_tables().quotes
    with pd.option_context("display.max_rows", 20, "display.min_rows", 4):
        shown = parsed(quotes._repr_html_())
        assert len(shown.xpath("//blockquote")) == 4
        assert f"and {len(quotes) - 4} more" in shown.text_content()
        assert len(parsed(quotes.head(20)._repr_html_()).xpath("//blockquote")) == 20
    with pd.option_context("display.notebook_repr_html", False):
        assert quotes._repr_html_() is None


@pytest.mark.parametrize(
    "change",
    [
        lambda quotes: quotes[["doc_id", "speaker"]],
        lambda quotes: quotes.head(0),
        lambda quotes: quotes.assign(segments=None),
        lambda quotes: quotes.assign(start=pd.NA),
        lambda quotes: quotes.reindex([0, 10_000]),
        lambda quotes: pd.concat([quotes, quotes], axis=1),
        lambda quotes: quotes.T,
        lambda quotes: quotes.describe(),
    ],
)
def test_what_is_no_table_of_quotations_any_more_shows_as_pandas_shows_it(change: object, tables: Tables) -> None:
    assert 'class="dataframe"' in change(tables.quotes)._repr_html_()


def test_pandas_works_as_ever(tables: Tables, tmp_path: Path) -> None:
    quotes, plain = tables.quotes, pd.DataFrame(tables.quotes)
    assert type(plain) is pd.DataFrame
    assert type(quotes["speaker"]) is type(quotes.isna().sum()) is pd.Series
    of_orlov = quotes[quotes["speaker"] == "Иван Орлов"]
    assert isinstance(of_orlov, Quotations)
    assert "Дождь" not in parsed(of_orlov._repr_html_()).text_content()
    assert quotes.equals(plain)
    assert plain.equals(quotes)
    pd.testing.assert_frame_equal(quotes, plain)
    pd.testing.assert_series_equal(quotes.groupby("speaker").size(), plain.groupby("speaker").size())
    assert [len(group) for _, group in quotes.groupby("doc_id")] == [len(group) for _, group in plain.groupby("doc_id")]
    merged = quotes.merge(tables.documents[["doc_id", "published"]], on="doc_id")
    pd.testing.assert_frame_equal(pd.DataFrame(merged), plain.merge(tables.documents[["doc_id", "published"]]))
    quotes.to_parquet(tmp_path / "quotes.parquet")
    assert pd.read_parquet(tmp_path / "quotes.parquet")["text"].tolist() == plain["text"].tolist()
    assert quotes.copy()._repr_html_() == copy.deepcopy(quotes)._repr_html_() == quotes._repr_html_()


def test_a_pickle_leaves_the_texts_behind_and_shows_the_words(tables: Tables) -> None:
    quotes = tables.quotes
    stored = pickle.dumps(quotes)
    assert "Дождь кончился".encode() not in stored
    again = pickle.loads(stored)
    assert again.equals(quotes)
    shown = parsed(again._repr_html_())
    assert len(shown.xpath("//blockquote")) == len(quotes)
    first = quotes.iloc[0]
    assert texts(shown, "//blockquote")[0] == first["text"]


@pytest.mark.parametrize("made", [sample_tables, hostile_tables], ids=["samples", "hostile"])
def test_tables_show_counts_speakers_and_quotations(made: object) -> None:
    tables = made()
    shown = parsed(tables._repr_html_())
    assert f"{len(tables.quotes)}quotesOne quotation and its source" in shown.text_content()
    most_quoted = shown.xpath("//table[caption/b = 'Most quoted']/tbody/tr[1]/td")
    counts = tables.quotes["speaker"].value_counts()
    assert counts[most_quoted[0].text_content()] == counts.max() == int(most_quoted[2].text_content())
    parsed(Tables({})._repr_html_())


def test_problems_are_shown_with_tables() -> None:
    tables = svodka.extract([{"text": ""}, {"text": "Дождь.", "published": "<вчера>"}] * 3)
    shown = parsed(tables._repr_html_()).text_content()
    assert "read" in shown
    assert f"and {len(tables.errors) - 3} more problems" in shown


def test_show_saves_pages_that_need_nothing_else(nlp: Language, tables: Tables, tmp_path: Path) -> None:
    doc = nlp(TEXT)
    first = tables.documents["doc_id"][0]
    for what in (
        svodka.show(doc), svodka.show(tables), svodka.show(tables, first), svodka.show(tables.quotes),
        svodka.show(tables.quotes, first), svodka.show(tables.quotes.iloc[0]), svodka.show(doc._.quotes[0]),
        svodka.show(pd.DataFrame(tables.quotes)),
    ):  # fmt: skip
        what.save(tmp_path / "page.html")
        page = (tmp_path / "page.html").read_text(encoding="utf-8")
        assert page == what.html
        assert "Content-Security-Policy" in page
        assert parsed(page).text_content().count("Орлов") > 0
        parsed(what._repr_html_())
    with pytest.raises(InputError, match="there are: "):
        svodka.show(tables, "nobody")
    with pytest.raises(InputError, match="there are: "):
        svodka.show(tables.quotes, "nobody")
    for wrong in (spacy.blank("ru")("Мост."), "a text", tables.documents, Quote.from_plain(doc._.quotes[0].to_plain())):
        with pytest.raises(InputError):
            svodka.show(wrong)
