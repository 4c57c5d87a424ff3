"""What stands on pages among the text, and text that looks like that: the first is left out, the second is kept."""

import json
from pathlib import Path

import pytest

from web_pages import PARAGRAPHS, TEXT, TITLE, plain, read_page

FEED = "".join(
    f'<article><a href="/{number}"><h3>Событие номер {number}</h3></a><p>Короткий рассказ о событии номер {number}, '
    f"которое обсуждают жители всего города.</p></article>"
    for number in range(9)
)
SHORT = f'<meta charset="utf-8"><title>{TITLE}</title><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[2]}</p>'


@pytest.mark.parametrize(
    "clutter",
    [
        '<div class="picture__title">Мост через Сою. Фото Петра Дроздова.</div>',
        '<table><tr><td><img src="a.jpg"><br>Ольга Лунева<br>Архив «Сойки»</td></tr></table>',
        '<div class="adv"><span>Реклама</span><p>Лучшие окна города! Скидка 20 процентов.</p></div>',
        '<div class="b-comments"><h3>Комментарии (2)</h3><p>А деньги куда дели? Пусть отчитаются.</p></div>',
        '<div class="paywall"><p>Хотите читать дальше? Оформите подписку, первый месяц стоит 199 рублей.</p></div>',
        '<p>Подписывайтесь на наш <a href="https://t.me/a">телеграм-канал</a>, чтобы не пропустить главное.</p>',
        "<p>Ещё больше новостей — в нашем Telegram-канале. Подписывайтесь!</p>",
        '<p>Читайте Сойку в <a href="/zen">Дзене</a>.</p>',
        '<blockquote><p>Читайте также: <a href="/1">Как строили мост</a></p></blockquote>',
        f'<section><h2>Другие новости</h2><div class="feed">{FEED}</div></section>',
        f"<h3>Последние новости</h3>{FEED}",
        '<p><a href="/p">Версия для печати</a> | <a href="/m">Отправить по почте</a></p>',
        '<table><tr><td>Ссылки по теме</td></tr><tr><td><a href="/1">Мост будет в мае</a> // 1 марта 2021 г.</td></tr>'
        '<tr><td><a href="/2">Мост подорожал вдвое</a> // 2 марта 2020 г.</td></tr></table>',
        '<p><a href="/l">Войдите</a> или <a href="/r">зарегистрируйтесь</a>, чтобы оставлять комментарии</p>',
        '<p><strong>Читайте развитие сюжета:</strong> <a href="/1">Мост закрыли на день</a></p>',
        "<div>Просмотров: 45 | Рейтинг: 5.0</div><div>Всего комментариев: 0</div>",
    ],
)
def test_clutter_is_left_out(tmp_path: Path, clutter: str) -> None:
    page = plain().replace("</article>", f"{clutter}</article>")
    assert read_page(tmp_path / "page.html", page).text == TEXT
    assert read_page(tmp_path / "page.html", SHORT + clutter).text == f"{PARAGRAPHS[0]}\n{PARAGRAPHS[2]}"


@pytest.mark.parametrize(
    ("kept", "lines"),
    [
        ("<p>Директор <span class='slide-bar'>завода</span> Иван Крот рад.</p>", ["Директор завода Иван Крот рад."]),
        (
            "<div class='quote'><div class='quote__text'>«Мост выстоит сто лет»</div>"
            "<div class='quote__author'>Иван Крот, подрядчик</div></div>",
            ["«Мост выстоит сто лет»", "Иван Крот, подрядчик"],
        ),
        ("<blockquote><p>Ждали все.</p><footer>Ольга Лунева</footer></blockquote>", ["Ждали все.", "Ольга Лунева"]),
        (
            "<div class='expert-comment'><div class='expert-comment__name'>Пётр Дроздов, инженер</div>"
            "<p>«Мост сделан на совесть».</p></div>",
            ["Пётр Дроздов, инженер", "«Мост сделан на совесть»."],
        ),
        ("<p>— Подписывайтесь на мой канал, — сказал Крот.</p>", ["— Подписывайтесь на мой канал, — сказал Крот."]),
        (
            "<h3>Популярное</h3><p>Жители ходят к реке удить.</p>",
            ["Популярное", "Жители ходят к реке удить."],
        ),
        ("<div class='paywall'><p>Мост уже полюбили птицы.</p></div>", ["Мост уже полюбили птицы."]),
    ],
)
def test_text_is_kept(tmp_path: Path, kept: str, lines: list[str]) -> None:
    page = plain().replace("</article>", f"{kept}<p>Движение началось утром в среду.</p></article>")
    article = read_page(tmp_path / "page.html", page)
    assert article.text.split("\n") == [*PARAGRAPHS, *lines, "Движение началось утром в среду."]
    assert article.author is None


@pytest.mark.parametrize("holder", ["div class='news-text'", "td", "font size='2'", "center"])
def test_paragraphs_without_elements(tmp_path: Path, holder: str) -> None:
    mixed = (
        f"{PARAGRAPHS[0]}<br><br>{PARAGRAPHS[1]}<ul><li>Длина моста — 500 метров.</li></ul>{PARAGRAPHS[2]}"
        f"<h3>Как было</h3>{PARAGRAPHS[3].replace('паром', '<b>паром</b>')}"
        "<table><tr><td>2019</td><td>500</td></tr></table>"
    )
    held = f"<{holder}>{mixed}</{holder.split()[0]}>"
    page = f"<meta charset=utf-8><title>{TITLE}</title><h1>{TITLE}</h1>"
    article = read_page(
        tmp_path / "page.html", f"{page}<table><tr>{held}</tr></table>" if holder == "td" else page + held
    )
    lines = [*PARAGRAPHS[:2], "Длина моста — 500 метров.", PARAGRAPHS[2], "Как было", PARAGRAPHS[3], "2019\t500"]
    assert article.text.split("\n") == lines


@pytest.mark.parametrize("between", ["\n\n", "<br>", "</p><p>"])
def test_text_for_search_engines_only(tmp_path: Path, between: str) -> None:
    described = {"@type": "NewsArticle", "headline": TITLE, "articleBody": between.join(PARAGRAPHS)}
    page = f"""<html><head><meta charset="utf-8"><title>{TITLE}</title>
<script type="application/ld+json">{json.dumps(described)}</script></head><body><div id="__next"><p>Загрузка…</p></div>
<p>{PARAGRAPHS[0]}</p><footer>© 2023 Сойка. Для работы сайта включите JavaScript.</footer></body></html>"""
    assert read_page(tmp_path / "page.html", page).text == TEXT


def test_title_with_a_date_and_author_with_initials(tmp_path: Path) -> None:
    head = '<meta name="author" content="А. С. Соколова"><meta property="og:site_name" content="Заря">'
    page = plain(head).replace(f"<title>{TITLE}</title>", f"<title>{TITLE} - 7 Сентября 2021 - Заря</title>")
    article = read_page(tmp_path / "page.html", page.replace("h1>", "div>"))
    assert (article.title, article.author, article.source) == (TITLE, "А. С. Соколова", "Заря")


@pytest.mark.parametrize("raw", ["<div itemprop='mainEntityOfPage'>https://soyka.example/most</div>", ""])
def test_microdata_that_no_reader_sees(tmp_path: Path, raw: str) -> None:
    publisher = "<div itemprop='name'>Сойка</div><div itemprop='telephone'>7 495 111-22-33</div>"
    data = f"""<div itemscope itemtype="https://schema.org/Article">{raw}<div itemprop="headline">{TITLE}</div>
<div itemprop="description">Мэр открыла мост, которого жители ждали десять лет.</div><div itemprop="datePublished">
2021-09-07T15:30</div><div itemprop="articleBody">{"".join(PARAGRAPHS)}</div><div itemprop="citation">Сойка</div>
<div itemprop="publisher" itemscope><div itemprop="email">info@soyka.example</div>{publisher}</div></div>"""
    blocks = "".join(f'<div class="block"><div class="text">{paragraph}</div></div>' for paragraph in PARAGRAPHS)
    page = plain().replace("<article>", f"<div>{data}").replace("</article>", "</div>")
    (head, _, _), tail = page.partition("</h1>"), "</div></body></html>"
    article = read_page(tmp_path / "page.html", f"{head}</h1><div class='body'>{blocks}</div>{tail}")
    assert article.text == TEXT
    # drawn by a script: there is nothing but the data
    only = read_page(tmp_path / "page.html", f'<meta charset="utf-8"><title>{TITLE}</title>{data}<div id="app"></div>')
    assert only.text == "".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "clutter",
    [
        '<div class="topic__title-yandex">Мэр Лунева открыла мост через реку Сою</div>',
        "<div class='article__summary'><div>Краткий пересказ от ИИ «Сойки»</div><ul><li>Мост открыт.</li></ul></div>",
        '<section aria-labelledby="article-byline"><ul><li><span class="visually-hidden">Автор, </span>'
        "<span>Анна Соколова</span></li><li>Агентство «Сойка»</li></ul></section>",
        '<section aria-labelledby="recommendations-heading"><a href="#end">Пропустить Самое популярное и продолжить '
        'чтение.</a><ul><li><a href="/1">Как строили мост</a></li></ul><p>Конец истории Самое популярное</p></section>',
    ],
)
def test_what_only_machines_and_other_readers_are_told(tmp_path: Path, clutter: str) -> None:
    assert read_page(tmp_path / "page.html", plain(after=clutter)).text == TEXT


def test_end_of_a_page_and_its_lead(tmp_path: Path) -> None:
    end = (
        "<p>Чтобы сообщить об ошибке, выделите текст и нажмите Ctrl+Enter</p><div>Рейтинг: 5</div><div>Вернуться</div>"
    )
    lead = f'<header><h1>{TITLE}</h1><p class="s1 teaser-text">{PARAGRAPHS[0]}</p></header>'
    rest = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[1:])
    page = f'<meta charset="utf-8"><title>{TITLE}</title><article>{lead}<section>{rest}{end}</section></article>'
    assert read_page(tmp_path / "page.html", page).text == TEXT


@pytest.mark.parametrize(
    ("marked", "author"),
    [
        ('<a class="autor_name" href="/a">Анна Соколова</a>', "Анна Соколова"),
        ('<ul><li class="x__author">Анна Соколова</li><li class="x__author">Всё об авторе</li></ul>', "Анна Соколова"),
        ('<b class="topic-authors"><a class="author">Анна Соколова</a> <a class="author">Пётр ДРОЗДОВ</a></b>',
         "Анна Соколова; Пётр ДРОЗДОВ"),
        ('<span class="author">Редакция</span>', None),
    ],
)  # fmt: skip
def test_author_where_the_head_names_the_site(tmp_path: Path, marked: str, author: str | None) -> None:
    head = '<meta name="author" content="Soyka.ru"><meta property="og:site_name" content="Soyka.RU -">'
    article = read_page(tmp_path / "page.html", plain(head, after=f"<div>{marked}</div>"))
    assert (article.author, article.source) == (author, "Soyka.RU")
