"""Pages whose elements do not say which of them is the article, and pages that have none."""

from pathlib import Path

import pytest

from svodka import read
from svodka.records import Article, Problem
from web_pages import PARAGRAPHS, TITLE

LINES = (PARAGRAPHS[0], PARAGRAPHS[1], "Длина моста — 500 метров;", "ширина — 20 метров.", "Как было", PARAGRAPHS[3],
         "2019\t500 млн", "— Да.", PARAGRAPHS[2], "— Да.")  # fmt: skip
BLOCKS = (
    f"<p>{LINES[0]}</p>", f"<p>{LINES[1]}</p>", f"<ul><li>{LINES[2]}</li><li>{LINES[3]}</li></ul>",
    f"<h2>{LINES[4]}</h2>", f"<p>{LINES[5]}</p>", "<table><tr><td>2019</td><td>500 млн</td></tr></table>",
    f"<p>{LINES[7]}</p>", f"<p>{LINES[8]}</p>", f"<p>{LINES[9]}</p>",
)  # fmt: skip
BODY = "".join(BLOCKS)
HEADING = f'<h1 class="x7">{TITLE}</h1>'
MENU = f"<nav><ul>{''.join(f'<li><a href=/{number}>Рубрика {number}</a></li>' for number in range(9))}</ul></nav>"
CARDS = "".join(
    f'<div class="q"><a href="/{number}"><h4>Событие {number} в Заречном</h4></a><p>Короткий рассказ о событии номер '
    f"{number}, которое обсуждают все.</p></div>"
    for number in range(6)
)
BELOW = f"<div class='z1'><h3>Ещё из рубрики</h3>{CARDS}</div><div class='footer'><p>© 2021 Сойка. Все права.</p></div>"


def item_of(path: Path, body: str, title: str = TITLE) -> Article | Problem:
    page = f'<html lang="ru"><head><meta charset="utf-8"><title>{title}</title></head><body>{body}</body></html>'
    (path / "a.html").write_text(page)
    (item,) = read(path)
    return item


@pytest.mark.parametrize(
    "layout",
    [
        HEADING + BODY,
        f'<div class="sc-1"><div class="sc-2">{HEADING}</div><div class="sc-3">{BODY}</div></div>',
        f'<section class="y">{HEADING}<div class="y2">{BODY}</div></section>',
        f'<div class="y">{HEADING}{"".join(f"<div class=b>{block}</div>" for block in BLOCKS)}</div>',
        f'<div class="y">{HEADING}{BODY.replace("<p>", "<div>").replace("</p>", "</div>")}</div>',
        # most of the text stands in one of several parts
        f'<div class="y">{HEADING}<div>{"".join(BLOCKS[:2])}</div><div>{"".join(BLOCKS[2:])}</div></div>',
    ],
)
def test_all_of_the_text_is_found(tmp_path: Path, layout: str) -> None:
    for page in (layout, f"{MENU}{layout}{BELOW}"):
        item = item_of(tmp_path, page)
        assert isinstance(item, Article), item
        assert item.text.split("\n") == list(LINES)


def test_article_in_the_head(tmp_path: Path) -> None:
    """Where a page has no tag for its body, libxml2 takes <article> for a part of the head."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    page = f'<meta charset="utf-8"><title>{TITLE}</title><article>{HEADING}<time>7 сентября 2021</time>{text}</article>'
    (tmp_path / "a.html").write_text(page)
    (article,) = read(tmp_path)
    assert isinstance(article, Article)
    assert (article.text, str(article.anchor)) == ("\n".join(PARAGRAPHS), "2021-09-07")


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Главное", f"<h1>Главное</h1>{CARDS}"),
        ("Новости", f"<h1>Новости</h1>{CARDS.replace('<div', '<article').replace('</div', '</article')}"),
        ("404", "<h1>404</h1><p>К сожалению, запрошенная вами страница не найдена.</p>"),
        ("Страница не найдена", f"<p>{PARAGRAPHS[3]}</p>"),
        ("Ой, капча!", "<p>Подтвердите, что запросы отправляли вы, а не робот.</p>"),
        ("Результаты поиска", f"<h1>Результаты поиска</h1><ol><li>{'</li><li>'.join(PARAGRAPHS)}</li></ol>"),
    ],
)
def test_page_that_is_no_article(tmp_path: Path, title: str, body: str) -> None:
    item = item_of(tmp_path, body, title)
    assert isinstance(item, Problem), item
    assert "no text of an article" in item.message


@pytest.mark.parametrize("title", ["404 жителя Заречного прошли по мосту", "Вход на мост открыт", "Поиск пропавших"])
def test_headline_that_looks_like_a_notice(tmp_path: Path, title: str) -> None:
    item = item_of(tmp_path, f"<h1>{title}</h1><p>{PARAGRAPHS[0]}</p>", title)
    assert isinstance(item, Article), item
    assert item.text == PARAGRAPHS[0]


def test_part_of_a_title_is_no_site(tmp_path: Path) -> None:
    item = item_of(tmp_path, HEADING + BODY, f"{TITLE} - проезд 57 руб.")
    assert isinstance(item, Article)
    assert item.source == str(tmp_path / "a.html")


def test_text_as_it_was_typed(tmp_path: Path) -> None:
    typed = "\r\n \r\n".join(paragraph.replace(". ", ".\r\n") for paragraph in PARAGRAPHS)
    item = item_of(tmp_path, f"<h1>{TITLE}</h1><pre>\r\n{typed}</pre>")
    assert isinstance(item, Article)
    assert item.text == "\n".join(PARAGRAPHS)


def test_brief_news_keep_their_paragraphs(tmp_path: Path) -> None:
    item = item_of(tmp_path, f"<div><h1>{TITLE}</h1><div><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></div></div>")
    assert isinstance(item, Article)
    assert item.text == "\n".join(PARAGRAPHS[:2])
