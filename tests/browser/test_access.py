"""The explorer for all: without a mouse, by ear, in the dark, on a small screen."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
from datasette.utils import tilde_encode

from browser_data import BRIDGE_DOC, HOSTILE_ID, HOSTILE_SPEAKER

if TYPE_CHECKING:
    from browser_pages import Reader

pytestmark = pytest.mark.browser

BRIDGE = quote("мост")
PAGES = {
    "home": "",
    "quotations": f"quotes?q={BRIDGE}&month=2022-03",
    "no quotation": "quotes?q=тьма",
    "hostile quotation": "quotes?q=onmouseover",
    "speakers": "speakers?page=5",
    "speaker": f"speakers/{tilde_encode('person: Степан Курганов')}",
    "hostile speaker": f"speakers/{tilde_encode(f'person: {HOSTILE_SPEAKER}')}",
    "documents": "documents?q=паром",
    "document": f"documents/{tilde_encode(BRIDGE_DOC)}#q3",
    "hostile document": f"documents/{tilde_encode(HOSTILE_ID)}",
    "charts": f"charts?q={BRIDGE}",
    "facet": "facets/role?contains=министр",
    "data": "data",
    "table": "data/quotes?_size=3",
    "row": f"data/quotes/{tilde_encode(BRIDGE_DOC)},3",
    "SQL": "data?sql=select+speaker,+count(*)+from+quotes+group+by+speaker+limit+3",
}
"""A page of every kind → its address."""


def test_pages_keep_nobody_out(reader: "Callable[..., Reader]", site: str) -> None:
    one = reader(site)
    for address in PAGES.values():
        one.open(address)
        assert one.barriers() == []
        levels = one.page.get_by_role("heading").evaluate_all("all => all.map(one => Number(one.localName[1]))")
        steps = [level - before for before, level in zip([0, *levels], levels, strict=False)]
        assert (levels.count(1), max(steps)) == (1, 1), address
        assert one.page.title().endswith(" · svodka")


def test_the_keyboard_comes_everywhere(reader: "Callable[..., Reader]", site: str) -> None:
    one = reader(site)
    for name in ("home", "quotations", "speaker", "document", "charts", "table"):
        one.open(PAGES[name].partition("#")[0])
        reached, unseen = one.walk()
        assert reached[0] == "a Skip to the content"
        assert reached == one.focusable()
        assert unseen == []


def test_from_a_word_to_the_sentence_without_a_mouse(reader: "Callable[..., Reader]", site: str) -> None:
    one = reader(site)
    page = one.page
    one.open("")
    one.tab_to("Words of quotations")
    page.keyboard.type("дешевле паромов")
    one.press("Enter")
    one.tab_to("Skip to the content")
    one.press("Enter")
    # the skip link leads past the navigation
    one.tab_to("Words of quotations")
    assert page.get_by_role("searchbox").input_value() == "дешевле паромов"
    one.tab_to("пресс-служба края")  # a facet
    one.press("Enter")
    one.tab_to("Степан Курганов")
    one.press("Enter")
    assert page.get_by_role("heading", level=1).inner_text() == "Степан Курганов"
    one.tab_to("Мост в содержании дешевле двух паромов")
    one.press("Enter")
    assert urlsplit(page.url).path == "/documents/vishnya-bridge"
    assert page.locator(":target").inner_text() == "Мост в содержании дешевле двух паромов"
    # what is folded opens by a key
    known = page.get_by_role("group").filter(has_text="What is known of the document")
    one.tab_to("What is known of the document")
    page.keyboard.press("Space")
    assert known.evaluate("element => element.open")


def test_a_slash_leads_to_the_search(reader: "Callable[..., Reader]", site: str) -> None:
    one = reader(site)
    one.open("charts")
    one.page.keyboard.press("/")
    one.page.keyboard.type("мост/река")
    assert one.page.get_by_role("searchbox").input_value() == "мост/река"
