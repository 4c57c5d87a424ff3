"""The layouts of well-known corpora, JSON files, tables beside texts, and dates in addresses."""

import bz2
import datetime as dt
import gzip
import json
import logging
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svodka.readers import json as json_reader
from svodka.readers import read
from svodka.readers.addresses import date_of_url
from svodka.readers.corpora import text_of_markup
from svodka.records import Article, Problem

TEXTS = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: f"{text}я")


def read_all(
    *paths: Path, columns: dict[str, str] | None = None, encoding: str | None = None
) -> tuple[list[Article], list[Problem]]:
    items = list(read(*paths, columns=columns, encoding=encoding))
    return [i for i in items if isinstance(i, Article)], [i for i in items if isinstance(i, Problem)]


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# --- dates in addresses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://lenta.ru/news/2016/11/04/bridge/",
        "http://www.fontanka.ru/2016/11/04/068/",
        "https://vz.ru/news/2016/11/4/842234.html",
        "https://iz.ru/1218234/2016-11-04/bridge",
        "https://example.org/2016-11-04-bridge.html?page=2",
        "https://ria.ru/20161104/bridge-1480.html",
        "https://ria.ru/society/20161104/1480.html",
        "https://www.newsru.com/world/04Nov2016/bridge.html",
        "https://www.rbc.ru/politics/04/11/2016/57a0",
        "https://web.archive.org/web/20200101000000/https://lenta.ru/news/2016/11/04/bridge/",
        "/news/2016/11/04/bridge",
    ],
)
def test_whole_date_of_an_address(url: str) -> None:
    assert date_of_url(url) == dt.date(2016, 11, 4)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://[",
        "https://www.interfax.ru/russia/292151",
        "https://example.org/2016/11/",
        "https://example.org/2016/13/04/a",
        "https://example.org/2016/02/30/a",
        "https://example.org/04/11/2016/a",  # the 11th of April?
        "https://tass.ru/politika/20161104",  # the number of an article
        "https://tass.ru/politika/20161104/amp",
        "https://example.org/20161399/a.html",
        "https://example.org/x2016/11/04/a",
        "https://example.org/2016/11/045/a",
        "https://example.org/a?date=2016/11/04/",
        "https://example.org/2016/11/04/a/2017/11/04/b",
        "https://example.org/२०१६/११/०४/",
    ],
)
def test_address_without_a_whole_date(url: str) -> None:
    assert date_of_url(url) is None


@given(url=st.text())
def test_no_address_is_too_odd(url: str) -> None:
    assert isinstance(date_of_url(f"https://{url}"), dt.date | None)


def test_date_of_the_address_where_the_source_has_none(tmp_path: Path) -> None:
    rows = [
        {"text": "а", "url": "https://example.org/2016/11/04/a"},
        {"text": "б", "url": "https://example.org/2016/11/04/b", "date": "2020-01-05"},
        {"text": "в", "url": "https://example.org/c"},
    ]
    articles, _ = read_all(write(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows))))
    found = [(article.anchor and article.anchor.isoformat(), article.published_from) for article in articles]
    assert found == [("2016-11-04", "url"), ("2020-01-05", "metadata"), (None, None)]


# --- Lenta, Gazeta, RIA, ODS, buriy -------------------------------------------------------------------------------

LENTA = "https://lenta.ru/news/2016/11/04/bridge/"


@pytest.mark.parametrize("with_date", [False, True])
def test_lenta(tmp_path: Path, with_date: bool, caplog: pytest.LogCaptureFixture) -> None:
    rows = (
        f"url,title,text,topic,tags{',date' if with_date else ''}\n"
        f'{LENTA},Мост открыт,"Мост, по словам ""мэра"", открыт.",Россия,Все{",2016/11/04" if with_date else ""}\n'
    )
    path = write(tmp_path / "any.csv.bz2", bz2.compress(rows.encode()))
    with caplog.at_level(logging.INFO, "svodka.readers"):
        [article], problems = read_all(path)
    assert problems == []
    assert article == Article(
        text='Мост, по словам "мэра", открыт.',
        doc_id="any:1",
        title="Мост открыт",
        url=LENTA,
        published=dt.datetime(2016, 11, 4, tzinfo=dt.UTC),
        published_from="metadata" if with_date else "url",
        source="Lenta.ru",
        encoding="utf-8",
    )
    assert f"{path}: laid out as Lenta.Ru-News-Dataset" in caplog.text


def test_layout_is_told_by_what_stands_there(tmp_path: Path) -> None:
    rows = "url,title,text,topic,tags\nhttps://example.org/1,Мост,Открыт,Россия,Все\n"
    [article], _ = read_all(write(tmp_path / "lenta-ru-news.csv", rows))
    assert article.source == f"{tmp_path}/lenta-ru-news.csv:2"


def test_gazeta(tmp_path: Path) -> None:
    row = {
        "url": "https://www.gazeta.ru/social/2020/02/05/1.shtml",
        "title": "Мост",
        "text": "Открыт.\nВчера.",
        "summary": "О мосте",
        "date": "2020-02-05 10:11:12",
    }
    [article], _ = read_all(write(tmp_path / "gazeta_train.jsonl", json.dumps(row)))
    assert (article.text, article.source) == ("Открыт.\nВчера.", "Газета.Ru")
    assert article.published == dt.datetime(2020, 2, 5, 10, 11, 12, tzinfo=dt.UTC)


RIA = {
    "text": (
        "<p></p>\n<p><strong>тверь, 1 дек - риа новости, иван орлов.</strong> мост &laquo;волга&raquo; открыт.</p>\n"
        '<p>длина&nbsp;&mdash; <a href="/x">2&nbsp;км</a>, 5 < 6.<br/>да.</p>'
    ),
    "title": "мост &quot;волга&quot; открыт",
}


@pytest.mark.parametrize("name", ["ria.json", "ria_1k.json.gz", "any.jsonl"])
def test_ria(tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    data = "\n".join([json.dumps(RIA, ensure_ascii=False), "{broken", json.dumps(RIA)]).encode()
    path = write(tmp_path / name, gzip.compress(data) if name.endswith(".gz") else data)
    with caplog.at_level(logging.INFO, "svodka.readers"):
        articles, [problem] = read_all(path)
    assert len(articles) == 2
    assert articles[0].title == 'мост "волга" открыт'
    assert articles[1].text == (
        "тверь, 1 дек - риа новости, иван орлов. мост «волга» открыт.\n\nдлина\xa0— 2\xa0км, 5 < 6.\nда."
    )
    assert problem.source == f"{path}:2"
    assert caplog.text.count("laid out as the RIA (Rossiya Segodnya) dataset; markup is taken out") == 1


def test_markup_of_other_sources_is_kept(tmp_path: Path) -> None:
    [article], _ = read_all(write(tmp_path / "a.jsonl", json.dumps({**RIA, "id": 1})))
    assert article.text == RIA["text"]
    [article], _ = read_all(write(tmp_path / "a.jsonl", json.dumps(RIA)), columns={"title": "title"})
    assert article.text == RIA["text"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("Без разметки, 5 < 6 & 7 > 6", "Без разметки, 5 < 6 & 7 > 6"),
        ("<div>А<div>Б</div>В</div>", "А\n\nБ\n\nВ"),
        ("<P CLASS='x'>А</P>\r\n\t<Ul><li>Б</li><li>В</li></ul>", "А\n\nБ\n\nВ"),
        ("<p>А<br><br/>Б</p>", "А\n\nБ"),
        ("<pre-x>А</pre-x><!-- нет -->", "А"),
        ("&#1040;&#0;&#xD800;&lt;p&gt;", "А\ufffd\ufffd<p>"),
        ("<" * 5 + "p", "<<<<<p"),
    ],
)
def test_text_of_markup(markup: str, text: str) -> None:
    assert text_of_markup(markup) == text


def test_markup_made_to_cost_time_is_read_in_no_time() -> None:
    for piece in ("<a ", "<!--", "<p", "<br ", "</", "&#", " \n"):
        assert len(text_of_markup(piece * 200_000)) <= len(piece) * 200_000


ODS = (
    "date,url,edition,topics,authors,title,text,reposts_fb,reposts_vk,reposts_ok,reposts_twi,reposts_lj,reposts_tg,"
    "likes,views,comm_count\n"
)


def test_ods(tmp_path: Path) -> None:
    tail = ",-" * 9 + ",\n"
    rows = (
        f'{ODS}2017-01-02 03:04:05,http://www.interfax.ru/russia/1,-,Мир,-,"Мост ""тут""","Сказал: \\"да\\".\\nИ ушёл."'
        f"{tail}2017-01-03 03:04:05,http://www.interfax.ru/russia/2,-,Мир,Иван Орлов,Река,Вышла{tail}"
    )
    [first, second], problems = read_all(write(tmp_path / "interfax.csv", rows))
    assert problems == []
    assert (first.title, first.text, first.author) == ('Мост "тут"', 'Сказал: "да".\nИ ушёл.', None)
    assert (first.source, second.author) == ("interfax.ru", "Иван Орлов")
    assert second.published == dt.datetime(2017, 1, 3, 3, 4, 5, tzinfo=dt.UTC)


def test_buriy(tmp_path: Path) -> None:
    rows = "date,url,edition,topics,title,text\n2015-01-02 03:04:05,http://ria.ru/1.html,-,,Мост,Открыт\n"
    [article], _ = read_all(write(tmp_path / "news.csv", rows))
    assert (article.title, article.source, article.anchor) == ("Мост", "ria.ru", dt.date(2015, 1, 2))


# --- Taiga and other tables beside texts --------------------------------------------------------------------------

TAIGA_COLUMNS = "segment textname textid author authorreaders date magazine source tags textregion textrubric time"
TAIGA = TAIGA_COLUMNS.split()


def taiga(**row: str) -> str:
    return "\t".join(row.get(column, "") for column in TAIGA)


@pytest.mark.parametrize(
    ("row", "published"),
    [
        ({"date": "2013-02-24", "time": "16:10"}, "2013-02-24T16:10:00+00:00"),  # Interfax
        ({"date": "", "time": "2011-09-12"}, "2011-09-12T00:00:00+00:00"),
        ({"date": "8 марта 2011", "time": "14:33"}, "2011-03-08T14:33:00+00:00"),  # Lenta
        ({"date": "21 Янв. 2017", "time": "17:34"}, "2017-01-21T17:34:00+00:00"),  # N+1
        ({"date": "1 Май 2016", "time": "07:34"}, "2016-05-01T07:34:00+00:00"),
        ({"date": "11 Нояб. 2016", "time": "7:34"}, "2016-11-11T07:34:00+00:00"),
        ({"date": "11 Июнь 2016", "time": ""}, "2016-06-11T00:00:00+00:00"),
        ({"date": "2017-01-20", "time": "09:27:00+03:00"}, "2017-01-20T09:27:00+03:00"),  # KP
        ({"date": "04.04.2015", "time": "20:59"}, "2015-04-04T20:59:00+00:00"),  # Fontanka
        ({"source": "https://lenta.ru/news/2011/03/08/bridge/"}, "2011-03-08T00:00:00+00:00"),
    ],
)
def test_taiga(tmp_path: Path, row: dict[str, str], published: str, caplog: pytest.LogCaptureFixture) -> None:
    row = {"segment": "Вести", "textname": "Мост &quot;Волга&quot;", "textid": "10@1", "author": "Иван Орлов", **row}
    row.setdefault("source", "http://example.org/10")
    table = write(tmp_path / "Вести" / "newmetadata.csv", "\n".join(["\t".join(TAIGA), taiga(**row)]))
    write(tmp_path / "Вести" / "texts" / "10@1.txt", "Мост открыт.")
    with caplog.at_level(logging.INFO, "svodka.readers"):
        [article], problems = read_all(tmp_path)
    assert problems == []
    assert article.published == dt.datetime.fromisoformat(published)
    assert (article.doc_id, article.title, article.author) == ("10@1", 'Мост "Волга"', "Иван Орлов")
    assert (article.source, article.url) == ("Вести", row["source"])
    assert f"{table}: tells of the texts beside it; laid out as Taiga" in caplog.text


def test_fontanka_has_a_table_a_year_and_addresses_behind_tags(tmp_path: Path) -> None:
    head = "\t".join(TAIGA)
    row = taiga(
        textid="20150404068", date="04.04.2015", time="20:59", tags="городhttp://www.fontanka.ru/2015/04/04/068/"
    )
    old_row = taiga(textid="20070101001", textname='«Нева» и "Волга')
    write(tmp_path / "metatable_2007.csv", f"{head}\n{old_row}\n")
    write(tmp_path / "metatable_2015.csv", f"{head}\n{row}\nFontanka\t&quot;\t20150404069\n")
    for name in ("2007/fontanka_20070101001", "2015/fontanka_20150404068", "2015/fontanka_20150404069"):
        write(tmp_path / "texts" / f"{name}.txt", "Мост.")
    [old, new, short], problems = read_all(tmp_path)
    assert problems == []
    assert (old.doc_id, old.title, old.published) == ("20070101001", '«Нева» и "Волга', None)
    assert new.url == "http://www.fontanka.ru/2015/04/04/068/"
    assert (short.doc_id, short.title, short.published) == ("20150404069", '"', None)


def test_texts_that_the_table_does_not_name(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(tmp_path / "newmetadata.csv", f"{chr(9).join(TAIGA)}\n{taiga(textid='a', textname='А')}\n")
    for name in ("a", "2/a", "b"):
        write(tmp_path / "texts" / f"{name}.txt", "Мост.")
    articles, problems = read_all(tmp_path)
    assert problems == []
    assert [(article.doc_id, article.title) for article in articles] == [("a", "А"), ("texts/a", None), ("b", None)]
    assert "tells nothing of 2 texts beside it" in caplog.text


@pytest.mark.parametrize("key", ["file", "id"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_any_table_that_names_the_texts(tmp_path: Path, key: str, encoding: str) -> None:
    names = ["a.txt", "b.txt"] if key == "file" else ["a", "b"]
    rows = f"{key};headline;date\n{names[0]};Мост через реку открыт;07.09.2021\n{names[1]};О реке и береге;вчера\n"
    write(tmp_path / "table.csv", rows.encode(encoding))
    write(tmp_path / "articles.csv", "id,text\n1,Третий\n")
    for name in "ab":
        write(tmp_path / f"{name}.txt", "Мост.")
    articles, [problem] = read_all(tmp_path)
    assert [(article.doc_id, article.title) for article in articles] == [("a", "Мост через реку открыт"), ("1", None)]
    assert articles[0].anchor == dt.date(2021, 9, 7)
    assert (problem.doc_id, problem.source) == ("b", f"{tmp_path}/b.txt")


def test_table_of_something_else_is_no_table_of_the_texts(tmp_path: Path) -> None:
    write(tmp_path / "prices.csv", "id,price\n1,2\n")
    write(tmp_path / "a.txt", "Мост.")
    [article], [problem] = read_all(tmp_path)
    assert article.doc_id == "a"
    assert "no column with the text" in problem.message


def test_brat_folder(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    row = {"file": "a.txt", "doc_id": "вести/1", "title": "Мост", "published": "2021-09-07T15:30:00+03:00", "url": None}
    write(tmp_path / "documents.jsonl", json.dumps(row))
    for name in ("a.txt", "b.txt"):
        write(tmp_path / name, "Мост.\r\n")
    for name in ("a.ann", "b.ann", "annotation.conf", "visual.conf"):
        write(tmp_path / name, "T1\tPerson 0 4\tМост\n")
    [first, second], problems = read_all(tmp_path)
    assert problems == []
    assert (first.doc_id, first.title, first.text) == ("вести/1", "Мост", "Мост.\r\n")
    assert first.published == dt.datetime.fromisoformat("2021-09-07T15:30:00+03:00")
    assert (second.doc_id, second.title) == ("b", None)
    assert "passed over" not in caplog.text


# --- archives -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "way"), [("a.7z", "`7z x`"), ("a.csv.RAR", "`unrar x`")])
def test_other_archives_are_refused_with_the_way_to_unpack_them(
    tmp_path: Path, name: str, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path / name, b"")
    write(tmp_path / "a.txt", "Мост.")
    _, [problem] = read_all(path)
    assert f"unpack it with {way}" in problem.message
    assert len(read_all(tmp_path)[0]) == 1
    assert f"archives of this kind are not read; unpack {name} with {way}" in caplog.text


# --- JSON ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("indent", [None, 2])
@settings(max_examples=25)
@given(texts=st.lists(TEXTS, min_size=1, max_size=4), is_ascii=st.booleans(), size=st.integers(1, 9))
def test_arrays_are_read_as_written(indent: int | None, texts: list[str], is_ascii: bool, size: int) -> None:
    rows = [{"text": text, "nested": [{"}": ["{", text]}]} for text in texts]
    data = json.dumps(rows, ensure_ascii=is_ascii, indent=indent).encode()
    with tempfile.TemporaryDirectory() as folder:
        articles, problems = read_all(write(Path(folder, "a.json"), data))
    assert problems == []
    assert [article.text for article in articles] == texts
    assert [article.doc_id for article in articles] == [f"a:{number}" for number in range(1, len(texts) + 1)]
    blocks = [data[start : start + size] for start in range(0, len(data), size)]
    values = [value for _, value in json_reader.split_values(blocks, is_array=True)]
    assert [json.loads(value) for value in values if isinstance(value, bytes)] == rows


def test_json_of_other_shapes(tmp_path: Path) -> None:
    for number, content in enumerate(
        (
            '{"text": "Мост"}',
            '{\n  "title": "О",\n  "text": "Мост"\n}',
            '\ufeff\n[{"text": "Мост"}]',
            '{\n"text": "Мост"\n}\n{\n"text": "Мост"\n}',
            '{"text": "Мост"}\n{"text": "Мост"}\n',
            '{"text": "Мост", "x": "' + "y" * 300_000 + '"}',
        )
    ):
        articles, problems = read_all(write(tmp_path / f"{number}.json", content))
        assert problems == []
        assert {article.text for article in articles} == {"Мост"}
    assert read_all(write(tmp_path / "empty.json", ""))[0] == []
    assert read_all(write(tmp_path / "none.json", "[]")) == ([], [])


def test_what_is_no_article_in_an_array_costs_itself(tmp_path: Path) -> None:
    content = (
        '[\n{"text": "А"}, 5,\n{"text": },\n["x"],\n{"title": "Без"},\n{"text": ""},\n{"text": "Б"}] {"text": "В"} x'
    )
    path = write(tmp_path / "a.json", content)
    articles, problems = read_all(path)
    assert [article.text for article in articles] == ["А", "Б", "В"]
    expected = {
        2: "«5» stands in the place of an article",
        3: "the object is no JSON: ",
        4: "a JSON list stands in the place of an article",
        5: "no column with the text",
        6: "the text is empty",
        7: "«x» stands in the place of an article",
    }
    assert all(problem.message.startswith(text) for problem, text in zip(problems, expected.values(), strict=True))
    lines = [3, *list(expected)[1:]]  # what stands between objects is told where the next begins
    assert [problem.source for problem in problems] == [f"{path}:{line}" for line in lines]


def test_brackets_that_do_not_match_cost_no_other_article(tmp_path: Path) -> None:
    content = '[{"text": "А"}, {"text": ]}, {"text": "Б"}, {"text": "В"}]'
    articles, problems = read_all(write(tmp_path / "a.json", content))
    assert [article.text for article in articles] == ["А", "Б", "В"]
    assert len(problems) == 2


@pytest.mark.parametrize("content", ['[{"text": "А"}, {"text": "Б', '[{"text": "А"}, ', '{\n"text": "А"}\n{"text"'])
def test_json_that_is_cut_off(tmp_path: Path, content: str) -> None:
    [article], [problem] = read_all(write(tmp_path / "a.json", content))
    assert article.text == "А"
    assert "cut off" in problem.message or "is no JSON" in problem.message


def test_object_of_many_bytes_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "MOST_BYTES", 1000)
    content = '[{"text": "А"}, {"text": "' + "x" * 200_000 + '"}, {"text": "Б"}]'
    articles, [problem] = read_all(write(tmp_path / "a.json", content))
    assert [article.text for article in articles] == ["А", "Б"]
    assert "more than 1000 bytes" in problem.message


@given(data=st.one_of(st.binary(), st.text('[]{}",: \\\nа').map(str.encode)), size=st.integers(1, 5))
def test_no_bytes_are_too_odd_to_split(data: bytes, size: int) -> None:
    blocks = [data[start : start + size] for start in range(0, len(data), size)]
    for is_array in (False, True):
        cut, whole = (list(json_reader.split_values(parts, is_array=is_array)) for parts in (blocks, [data]))
        assert [(line, str(value)) for line, value in cut] == [(line, str(value)) for line, value in whole]
