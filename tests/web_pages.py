"""Pages of the web in the manner of several systems, for the tests of what reads them."""

import json
from pathlib import Path

from svodka import read
from svodka.records import Article

PARAGRAPHS = (
    "Мэр Заречного Ольга Лунева открыла новый мост через реку Сою. Строительство заняло три года.",
    "«Мы ждали этого дня десять лет», — сказала она на церемонии во вторник.",
    "По словам подрядчика Ивана Крота, мост выдержит нагрузку в сорок тонн. Движение начнётся завтра утром.",
    "Ранее жители левого берега добирались до центра на пароме, который ходил два раза в день.",
)
TITLE = "В Заречном открыли мост через Сою"
TEXT = "\n".join(PARAGRAPHS)

_BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[1:])
_JSON_LD = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "Агентство «Сойка»"},
        {
            "@type": "NewsArticle",
            "headline": TITLE,
            "datePublished": "2021-09-07T15:30:00+03:00",
            "dateModified": "2022-02-01T10:00:00+03:00",
            "author": [{"@type": "Person", "name": "Анна Соколова"}],
        },
    ],
}


def agency(json_ld: object = _JSON_LD, head: str = "") -> str:
    """A news agency: JSON-LD, Open Graph, a lead beside the body, pictures, and links to other articles."""
    return f"""<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8">
<title>{TITLE} - Агентство «Сойка», 07.09.2021</title>
<link rel="canonical" href="https://soyka.example/20210907/most-1749.html">
<meta property="og:title" content="{TITLE} - Агентство «Сойка», 07.09.2021">
<meta property="og:site_name" content="Агентство «Сойка»">{head}
<script type="application/ld+json">{json.dumps(json_ld, ensure_ascii=False)}</script></head>
<body><header><nav><a href="/">Главная</a> <a href="/politics">Политика</a></nav>
<div>Пятница, 12 мая 2023</div></header>
<main><article><h1>{TITLE}</h1>
<div class="article__announce"><figure><img src="most.jpg"><figcaption>Мост. Фото: «Сойка».</figcaption></figure>
<div class="article__lead">{PARAGRAPHS[0]}</div></div>
<div class="article__body">{_BODY}
<div class="photo__caption">Открытие моста. Фото Петра Дроздова.</div>
<p>Читайте также: <a href="/old">Как строили мост: хроника трёх лет</a></p>
<ul><li>Длина моста — 500 метров.</li><li>Ширина моста — 20 метров.</li></ul>
<table><tr><th>Год</th><th>Расходы</th></tr><tr><td>2019</td><td>500 млн</td></tr></table>
<p>— Когда откроют вторую полосу?<br>— Через год, — от&shy;ве&shy;тил&nbsp;подрядчик.</p></div></article>
<aside><h3>Материалы по теме</h3><ul><li><a href="/other">Другая новость</a> <time datetime="2021-09-01">1</time></li>
</ul></aside></main><footer>© 1999–2023 «Сойка»</footer></body></html>"""


def weblog(published: str = "2021-09-07T23:30:00+03:00") -> str:
    """A theme of WordPress: the date is in `time` only, beside that of a change and those of comments."""
    return f"""<!DOCTYPE html><html lang="ru-RU"><head><meta charset="UTF-8">
<title>{TITLE} | Заречье сегодня</title></head><body class="single single-post has-sidebar"><div id="page">
<header id="masthead"><p class="site-title"><a href="/">Заречье сегодня</a></p></header>
<main id="main"><article id="post-17" class="post-17 post type-post"><header class="entry-header">
<h1 class="entry-title">{TITLE}</h1><div class="entry-meta"><time class="updated" datetime="2021-10-01T10:00:00+03:00">1
октября</time><time class="entry-date published" datetime="{published}">7 сентября</time><span class="byline">от
<span class="author vcard"><a class="url fn n" href="/author/a">Анна Соколова</a></span></span></div></header>
<div class="entry-content"><p>{PARAGRAPHS[0]}</p>{_BODY}</div></article>
<div id="comments" class="comments-area">
<ol class="comment-list"><li class="comment"><p>Наконец-то открыли, спасибо!</p>
<time datetime="2021-09-08T08:00:00+03:00">8 сентября</time></li></ol></div></main>
<aside id="secondary"><h2>Свежие записи</h2><ul>
<li><a href="/1">Запись один</a></li></ul></aside></div></body></html>"""


def tables(dateline: str = "7 сентября 2003, 15:30", charset: str = "windows-1251") -> str:
    """A site of 2003: tables lay out the page, paragraphs are line breaks, nothing is for machines."""
    body = "<BR><BR>\n".join(PARAGRAPHS)
    return f"""<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset={charset}">
<TITLE>Вестник Заречья: {TITLE}</TITLE></HEAD><BODY BGCOLOR=white>
<TABLE width=100%><TR><TD colspan=3><A href=/><IMG src=logo.gif></A> Сегодня 12 ноября 2003</TD></TR>
<TR><TD width=150><A href=/1>Политика</A><BR><A href=/2>Экономика</A><BR><A href=/3>Спорт</A></TD>
<TD><FONT size=1>{dateline}</FONT><BR><B><FONT size=4>{TITLE}</FONT></B><BR><BR>
{body}</TD><TD width=150><A href=/n1>Губернатор уехал</A><BR><A href=/n2>Выпал снег</A></TD></TR></TABLE>
<CENTER>© Вестник Заречья, 1999-2003</CENTER></BODY></HTML>"""


def plain(head: str = "", before: str = "", after: str = "") -> str:
    """A page with nothing but an article, and what a test adds to its head, before and after its headline."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8">{head}<title>{TITLE}</title></head><body>
<div class="top">{before}</div><article><h1>{TITLE}</h1>{after}<p>{PARAGRAPHS[0]}</p>{_BODY}</article></body></html>"""


def front_page() -> str:
    """A list of headlines, which is no article."""
    items = "".join(f'<li><a href="/news/{number}">Новость дня номер {number}</a></li>' for number in range(40))
    return f'<html><head><meta charset="utf-8"><title>Новости</title></head><body><ul>{items}</ul></body></html>'


def read_page(file: Path, page: str | bytes, **options: str) -> Article:
    """The article of a page that was saved."""
    file.write_bytes(page if isinstance(page, bytes) else page.encode())
    (article,) = read(file, **options)  # type: ignore[arg-type]
    assert isinstance(article, Article), article
    return article


def day_of(file: Path, page: str) -> tuple[str | None, str | None]:
    """The day of a page, and where it was found."""
    article = read_page(file, page)
    return article.anchor.isoformat() if article.anchor else None, article.published_from
