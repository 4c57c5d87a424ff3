"""The page that `svodka view -o` writes, as its reader has it: a file, in a browser, perhaps on paper."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from browser_data import BRIDGE_DOC, HOSTILE_ID, HOSTILE_ROLE, HOSTILE_SPEAKER, ODD, bare
from svodka.cli import main

if TYPE_CHECKING:
    from browser_pages import Reader

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_of(tables_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Writes the page of these options, and tells its address."""

    def write(*options: str) -> str:
        path = tmp_path_factory.mktemp("page") / "page.html"
        result = CliRunner().invoke(main, ["view", str(tables_folder), *options, "-o", str(path)])
        assert result.exit_code == 0, result.output
        return path.as_uri()

    return write


def test_a_page_shows_who_said_what_and_when(reader: "Callable[..., Reader]", page_of: Callable[..., str]) -> None:
    one = reader()
    one.open(page_of("--doc", BRIDGE_DOC))
    page = one.page
    assert page.get_by_role("heading", level=1).inner_text() == "Мост через Сою: год 2022, месяц 3"
    legend = page.get_by_role("list", name="Speakers").get_by_role("listitem").all_inner_texts()
    assert [" ".join(entry.split()) for entry in legend] == [
        "1 Иван Орлов, министр транспорта (3)",
        "2 Анна Климова, депутат (1)",
    ]
    assert page.locator("time", has_text="пятницу").get_attribute("title").startswith("2022-03-11")
    # from the list of quotations to the place in the text
    one.follow(page.get_by_role("link", name="quotation 3 in the text"))
    said = page.locator(":target")
    assert said.inner_text() == "К мосту всё готово"
    assert said.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    # a quotation within another is in it on the page, too, and framed
    assert page.locator("#q2").filter(has=said).count() == 1
    assert said.evaluate("element => getComputedStyle(element).borderStyle") == "solid"


def test_nothing_of_a_hostile_article_comes_to_life(
    reader: "Callable[..., Reader]", page_of: Callable[..., str]
) -> None:
    one = reader()
    one.open(page_of("--doc", HOSTILE_ID))
    text = bare(one.page.locator("body").inner_text())
    assert [name for name in (ODD, HOSTILE_ID, HOSTILE_SPEAKER, HOSTILE_ROLE) if bare(name) not in text] == []
    assert "javascript:alert(1)" in text
    assert one.page.get_by_role("link", name="javascript").count() == 0
    assert bare(one.page.title()) == bare(f"Заголовок {ODD}")


def test_a_page_of_several_documents_leads_to_each(
    reader: "Callable[..., Reader]", page_of: Callable[..., str]
) -> None:
    one = reader()
    one.open(page_of("--limit", "24"))
    assert one.violations(["heading-order", "landmark-unique"]) == []
    listed = one.page.get_by_role("navigation", name="Documents").get_by_role("link")
    assert listed.count() == one.page.get_by_role("article").count() == 24
    one.follow(one.page.get_by_role("link", name="Мост через Сою: год 2021, месяц 1"))
    article = one.page.locator(":target")
    assert article.get_by_role("heading").first.inner_text() == "Мост через Сою: год 2021, месяц 1"
    # the anchors of several documents do not meet
    one.follow(article.get_by_role("link", name="quotation 3 in the text"))
    assert one.page.locator(":target").inner_text() == "К мосту всё готово"
    assert article.evaluate("(article, said) => article.contains(document.querySelector(said))", ":target")


def test_pages_keep_nobody_out(reader: "Callable[..., Reader]", page_of: Callable[..., str]) -> None:
    one = reader()
    for doc_id in (BRIDGE_DOC, HOSTILE_ID):
        one.open(page_of("--doc", doc_id))
        assert one.barriers() == []
        reached, unseen = one.walk()
        assert reached == one.focusable()
        assert unseen == []


def test_a_page_can_be_printed(reader: "Callable[..., Reader]", page_of: Callable[..., str]) -> None:
    one = reader()
    one.open(page_of("--doc", BRIDGE_DOC))
    assert one.page.pdf().startswith(b"%PDF-")
    one.page.emulate_media(media="print")
    one.picture("print")
    said = one.page.locator("#q0")
    look = said.evaluate("element => [getComputedStyle(element).color, getComputedStyle(element).printColorAdjust]")
    assert look == ["rgb(0, 0, 0)", "exact"]
