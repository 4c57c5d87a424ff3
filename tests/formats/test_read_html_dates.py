"""Where pages say when they were published, in the markup of the systems that write them."""

import json
from pathlib import Path

import pytest

from web_pages import TITLE, day_of, plain, read_page

DAY = "2021-09-07"
PUBLISHED = '<meta itemprop="datePublished" content="2021-09-07">'
ADDRESS = '<link rel="canonical" href="https://soyka.example/2021/09/07/most">'


def json_ld(**fields: object) -> str:
    described = {"@type": "NewsArticle", "headline": TITLE, **fields}
    return f'<script type="application/ld+json">{json.dumps(described)}</script>'


@pytest.mark.parametrize(
    "head",
    [
        json_ld(datePublished="2021-09-07 12:43:10Z"),
        json_ld(datePublished="2021-09-07T15:30:00.123+0300", dateModified="2022-01-01"),
        json_ld(datePublished="Tue, 07 Sep 2021 15:30:00 +0300"),
        json_ld(datePublished="7 сентября 2021, 15:30"),
        # an address or a headline of its own is often one of another version of the page
        ADDRESS + json_ld(datePublished=DAY, url="https://soyka.example/amp/most"),
        ADDRESS + json_ld(datePublished=DAY, headline="Мост открыт", url="https://soyka.example/2021/09/07/most/"),
        '<meta property="article:published_time" content="2021-09-07 15:30:00 +0300">',
        '<meta property="article:published_time" content="1631028600"><meta name="pubdate" content="20210907">',
    ],
)
def test_metadata(tmp_path: Path, head: str) -> None:
    assert day_of(tmp_path / "page.html", plain(head)) == (DAY, "metadata")


@pytest.mark.parametrize(
    "beside",
    [
        "<time>7 сентября 2021, 15:30</time>",
        '<time datetime="07.09.2021">7 сентября</time>',
        '<span class="createdate">07.09.2021 15:30</span><span>Обновлено (08.10.2021 10:00)</span>',
        "<div>Создано: 07.09.2021 15:30 | Изменено: 09.10.2021 11:00</div>",
        "<div>Автор: admin, 07-09-2021, 15:30, Просмотров: 15</div>",
        "<time class='published dt-published'>September 7 2021, 12:43</time>",
        "<div>September 7th, 2021, 03:30 pm</div>",
        "<div>7 Sep 2021, 15:30</div>",
        "<div>№ 167 (24500) от 7 сентября 2021</div>",
        "<div class='date'><b>7</b> <span>сентября</span> <i>2021</i></div>",
        # not the day of the change, of the reader or of a deadline, which stand beside
        '<div>Обновлено: <time datetime="2021-10-08">8</time></div><div>7 СЕНТЯБРЯ 2021</div>',
    ],
)
def test_lines_beside_the_headline(tmp_path: Path, beside: str) -> None:
    assert day_of(tmp_path / "page.html", plain(after=beside)) == (DAY, "html")


@pytest.mark.parametrize(
    "beside",
    [
        "<div>Сегодня, 14:03</div>",
        "<div>12 минут назад</div>",
        "<time>7 сентября, 15:30</time>",
        '<time datetime="15:30">15:30</time>',
        '<div>Обновлено: <time datetime="2021-09-07">7 сентября 2021</time></div>',
        "<div>Последнее обновление 07.09.2021</div>",
        "<div>07.09.21 15:30</div>",
        "<div>07-09-2021</div>",  # July or September?
        "<div>07/09/2021 15:30</div>",
        "<div>Приём заявок до 07.09.2021</div>",
        "<div>Редакция от 07.09.2021</div>",
        "<div>Дата рождения: 07.09.1951, родился в Заречном</div>",
    ],
)
def test_what_is_no_day_of_publication(tmp_path: Path, beside: str) -> None:
    assert day_of(tmp_path / "page.html", plain(after=beside)) == (None, None)


@pytest.mark.parametrize("relative", ["Вчера, 14:03", "Вчера", "2 дня назад", "Сегодня в 9:30"])
def test_day_of_the_reader_beside_a_relative_one(tmp_path: Path, relative: str) -> None:
    page = plain(before="Вторник, 7 сентября 2021", after=f"<div>{relative}</div>")
    assert day_of(tmp_path / "page.html", page) == (None, None)
    assert day_of(tmp_path / "page.html", plain(before="<i>7 сентября 2021</i>")) == (DAY, "html")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (f'{PUBLISHED}<meta itemprop="dateModified" content="2021-09-08">', DAY),
        (f'<p itemscope><b itemprop="headline">{TITLE}</b><i itemprop="datePublished">2021-09-07T15:30</i></p>', DAY),
        # of something else
        (f'<div itemscope itemtype="http://schema.org/Review">{PUBLISHED}</div>', None),
        (f'<div itemscope><b itemprop="headline">Иное</b>{PUBLISHED}</div>', None),
        (f'<div class="related">{PUBLISHED}</div>', None),
    ],
)
def test_properties_below_the_text(tmp_path: Path, data: str, expected: str | None) -> None:
    page = plain().replace("</article>", f"{data}</article>")
    assert day_of(tmp_path / "page.html", page)[0] == expected


def test_article_described_is_another(tmp_path: Path) -> None:
    head = '<link rel="canonical" href="https://soyka.example/most">'
    other = json_ld(headline="Паром остановлен", url="https://soyka.example/parom", datePublished="2020-01-01")
    assert day_of(tmp_path / "page.html", plain(head + other)) == (None, None)


def test_exact_moment_where_it_is_of_the_day_of_the_address(tmp_path: Path) -> None:
    assert day_of(tmp_path / "page.html", plain(ADDRESS, after="<i>07.09.2021 15:30</i>")) == (DAY, "html")
    assert day_of(tmp_path / "page.html", plain(ADDRESS, after="<i>09.09.2021 15:30</i>")) == (DAY, "url")


@pytest.mark.parametrize(
    "other",
    [
        "<div>Когда: 15 сентября 2021, 19:00</div>",
        '<div><a href="/1">Губернатор обещал мост в мае</a> <time datetime="2021-05-03">3 мая 2021</time></div>',
        '<div><a href="/1">Губернатор обещал мост в мае</a> <span>3 мая 2021</span></div>',
    ],
)
def test_days_of_events_and_other_articles(tmp_path: Path, other: str) -> None:
    assert day_of(tmp_path / "page.html", plain(after=other)) == (None, None)
    assert day_of(tmp_path / "page.html", plain(before="<i>07.09.2021</i>", after=other)) == (DAY, "html")


def test_date_of_drupal_and_address_from_a_base(tmp_path: Path) -> None:
    head = '<base href="https://a.example/"><link rel="canonical" href="/news/most">'
    dated = '<div><span property="dc:date dc:created" content="2021-09-07T15:30:00+03:00">Вт, 07/09/2021</span></div>'
    article = read_page(tmp_path / "page.html", plain(head, after=dated))
    assert (article.url, str(article.anchor), article.published_from) == (
        "https://a.example/news/most",
        "2021-09-07",
        "html",
    )
