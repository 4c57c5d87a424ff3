"""What notebooks show of Docs, tables and quotations, in a browser: in both themes, and as pages of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from spacy.language import Language

import svodka
from browser_data import BRIDGE_DOC, HOSTILE_ID, HOSTILE_SPEAKER, TAGS, bare
from svodka.tables import Tables

if TYPE_CHECKING:
    from browser_pages import Reader
    from svodka.view.notebook import Shown

pytestmark = pytest.mark.browser

NOTEBOOK = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Notebook</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>[data-jp-theme-light="false"] {{ background: #111; color: #eee }}</style></head>
<body data-jp-theme-light="{is_light}"><main><h1>Notebook</h1><h2>Outputs</h2>{outputs}</main></body></html>"""


@pytest.fixture(scope="module")
def outputs(tables_folder: Path, nlp: Language) -> "dict[str, Shown]":
    """An output of every kind, of the article of the bridge and the hostile one."""
    tables = Tables.read_parquet(tables_folder)
    quotes = tables.quotes[tables.quotes["doc_id"].isin([BRIDGE_DOC, HOSTILE_ID])]
    doc = nlp(f"«Мост {TAGS} откроют 16 числа», — сообщил мэр Иван Орлов. По его словам, «всё готово».")
    return {
        "document": svodka.show(tables, HOSTILE_ID),
        "Doc": svodka.show(doc),
        "tables": svodka.show(tables),
        "quotations": svodka.show(quotes),
        "quotation": svodka.show(quotes.iloc[0]),
        "record": svodka.show(doc._.quotes[0]),
    }


def test_a_notebook_of_all_outputs(reader: "Callable[..., Reader]", outputs: "dict[str, Shown]") -> None:
    from browser_pages import OF_COLOURS

    one = reader()
    cells = "".join(f"<section>{output._repr_html_()}</section>" for output in outputs.values())
    for is_light in (True, False):
        # the theme of the notebook is not that of the system
        one.page.emulate_media(color_scheme="dark" if is_light else "light")
        one.read(NOTEBOOK.format(is_light=str(is_light).lower(), outputs=cells))
        assert one.violations([] if is_light else OF_COLOURS) == []
        text = bare(one.page.locator("main").inner_text())
        assert [wanted for wanted in (TAGS, HOSTILE_SPEAKER) if bare(wanted) not in text] == []
        # each on a ground of its own, in the colours of the notebook's theme
        parts = one.page.locator("main .svodka")
        grounds = parts.evaluate_all("all => all.map(one => getComputedStyle(one).backgroundColor)")
        assert set(grounds) == {"rgb(255, 255, 255)" if is_light else "rgb(23, 23, 27)"}


def test_outputs_are_pages_of_their_own(
    reader: "Callable[..., Reader]", outputs: "dict[str, Shown]", tmp_path: Path
) -> None:
    one = reader()
    for name in ("Doc", "tables", "quotations", "quotation"):
        path = tmp_path / f"{name}.html"
        outputs[name].save(path)
        one.open(path.as_uri())
        assert one.page.get_by_role("heading", level=1).count() == 1
        assert one.barriers() == []
