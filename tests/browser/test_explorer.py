"""The explorer as a researcher uses it: from a word to the sentence, with a mouse, with a keyboard, without scripts."""

import csv
import io
import json
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from browser_data import HOSTILE_ID, HOSTILE_ROLE, HOSTILE_SPEAKER, HOSTILE_VIA, ODD, TAGS, bare

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from browser_pages import Reader

pytestmark = pytest.mark.browser


def hits(page: "Page") -> "Locator":
    """The quotations that a page lists."""
    return page.get_by_role("listitem").filter(has=page.get_by_role("blockquote"))


def n_found(page: "Page") -> int:
    """How many quotations a page says were found."""
    return int(page.get_by_role("heading", name="quotation", level=2).inner_text().split()[0])


def facet_of(page: "Page", value: str) -> "tuple[Locator, int]":
    """The link of a value of a facet, and the number beside it."""
    entry = page.get_by_role("complementary", name="Narrow down").get_by_role("listitem")
    entry = entry.filter(has=page.get_by_role("link", name=value, exact=True))
    return entry.get_by_role("link"), int(entry.inner_text().removeprefix(value))


def search(one: "Reader", words: str) -> None:
    """Type words into the search box, and click."""
    one.page.get_by_role("searchbox", name="Words of quotations").fill(words)
    one.follow(one.page.get_by_role("button", name="Search"))


@pytest.mark.parametrize("has_scripts", [True, False])
def test_from_a_word_to_the_sentence(reader: "Callable[..., Reader]", site: str, has_scripts: bool) -> None:
    from playwright.sync_api import expect

    one = reader(site, java_script_enabled=has_scripts)
    page = one.page
    one.open("")
    search(one, "мост")
    one.follow(page.get_by_role("link", name="newest"))
    assert {"мост", "мосту"} <= {mark.lower() for mark in page.get_by_role("mark").all_inner_texts()}
    # fewer: those of one speaker
    link, count = facet_of(page, "Иван Орлов")
    assert 25 < count < n_found(page)
    one.follow(link)
    assert n_found(page) == count
    assert hits(page).count() == 25
    one.follow(page.get_by_role("link", name="Next"))
    assert hits(page).count() == count - 25 or hits(page).count() == 25
    # who is that?
    one.follow(hits(page).first.get_by_role("link", name="Иван Орлов"))
    assert page.get_by_role("heading", level=1).inner_text() == "Иван Орлов"
    roles = page.get_by_role("region", name="Roles over time").get_by_role("row")
    assert [row.split() for row in roles.all_inner_texts()[1:]] == [
        ["мэр", "Заречного", "36", "2021-01-15", "2021-12-15"],
        ["министр", "транспорта", "36", "2022-01-15", "2022-12-15"],
    ]
    # from the mark of a chart to what is behind it
    chart = page.get_by_role("group", name="Quotations of this speaker by month")
    one.follow(chart.get_by_role("link", name="2022-03: 3"))
    assert n_found(page) == hits(page).count() == 3
    # from a quotation to its place in the text
    one.follow(hits(page).get_by_role("link", name="К мосту всё готово"))
    assert urlsplit(page.url).fragment == "q3"
    said = page.locator(":target")
    expect(said).to_be_in_viewport()
    assert said.inner_text() == "К мосту всё готово"
    assert said.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    # the list of quotations goes along, where there are scripts
    in_list = page.get_by_role("complementary").locator("[aria-current]")
    assert in_list.all_inner_texts() == ["К мосту всё готово"] * has_scripts
    # and back, with the filters as they were
    page.go_back()
    assert n_found(page) == 3
    one.follow(page.get_by_role("list", name="Chosen").get_by_role("link", name="Remove Month: 2022-03"))
    assert n_found(page) == 72


def test_files_hold_what_was_found(reader: "Callable[..., Reader]", site: str) -> None:
    one = reader(site)
    page = one.page
    one.open("")
    search(one, "мост")
    count = n_found(page)
    rows = list(csv.DictReader(io.StringIO(one.download(page.get_by_role("link", name="CSV", exact=True)))))
    one.follow(page.get_by_role("link", name="JSON", exact=True))
    objects = json.loads(page.locator("pre").inner_text())
    assert len(rows) == len(objects) == count
    assert [(row["doc_id"], row["quote_id"]) for row in rows] == [
        (row["doc_id"], str(row["quote_id"])) for row in objects
    ]
    page.go_back()
    one.follow(page.get_by_role("link", name="charts", exact=True))
    section = page.get_by_role("region", name="Quotations by month")
    numbers = csv.DictReader(io.StringIO(one.download(section.get_by_role("link", name="CSV", exact=True))))
    assert sum(int(row["quotations"]) for row in numbers) == sum(row["month"] is not None for row in objects)


def test_from_a_chart_of_media_to_the_quotations(reader: "Callable[..., Reader]", site: str) -> None:
    one = reader(site)
    page = one.page
    one.open("")
    one.follow(page.get_by_role("navigation", name="Site").get_by_role("link", name="Charts"))
    one.follow(
        page.get_by_role("table", name="Which medium relays whom").get_by_role("link", name="24, Иван Орлов, ТАСС")
    )
    assert n_found(page) == 24
    chosen = page.get_by_role("list", name="Chosen").get_by_role("link").all()
    assert [link.get_attribute("aria-label") for link in chosen] == [
        "Remove Speaker: Иван Орлов",
        "Remove Medium: ТАСС",
    ]


def test_nothing_of_a_hostile_article_comes_to_life(reader: "Callable[..., Reader]", site: str) -> None:
    one = reader(site)
    page = one.page
    one.open("")
    search(one, '<script>alert(1)</script> "onmouseover')
    assert page.get_by_role("searchbox").input_value() == '<script>alert(1)</script> "onmouseover'
    assert n_found(page) == 1
    assert missing(page, TAGS, HOSTILE_SPEAKER, HOSTILE_ROLE, HOSTILE_VIA, ODD) == []
    for facet in (HOSTILE_SPEAKER, HOSTILE_ROLE, HOSTILE_VIA):
        link = page.get_by_role("complementary").get_by_role("link").filter(has_text=bare(facet)[:60]).first
        one.follow(link)
        assert n_found(page) == 1
    one.follow(hits(page).get_by_role("link", name="Орлов <script>"))
    assert missing(page, HOSTILE_SPEAKER, HOSTILE_ROLE, HOSTILE_VIA) == []
    one.follow(hits(page).get_by_role("link", name="Заголовок"))
    assert bare(page.get_by_role("heading", level=1).inner_text()) == bare(f"Заголовок {ODD}")
    assert missing(page, HOSTILE_ID, HOSTILE_SPEAKER, ODD, "javascript:alert(1)") == []
    assert page.get_by_role("link", name="javascript").count() == 0
    for address in (
        "speakers?q=script",
        "documents?q=script",
        "charts?q=script",
        "data/quotes?doc_id__contains=script",
    ):
        one.open(address)
        assert missing(page, TAGS) == []


def missing(page: "Page", *texts: str) -> list[str]:
    """The texts that a page does not show as they are."""
    shown = bare(page.get_by_role("main").inner_text())
    return [text for text in texts if bare(text) not in shown]
