"""A browser, tables, and the explorer over them. Without a browser the tests are skipped, and say how to get one."""

import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

from browser_data import browser_tables
from run_data import start
from svodka.writers.formats import export

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> "Iterator[Any]":
    """Chromium.

    While Playwright runs, its event loop runs in this thread, so that nothing else can start one: it is stopped at the
    end of each module.
    """
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("there is no Chromium: `make browser` as root, or apt-get install chromium, gets it")
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install --group test gets Playwright")
    with playwright.sync_playwright() as driver:
        arguments = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--font-render-hinting=none"]
        chromium = driver.chromium.launch(executable_path=program, args=arguments, chromium_sandbox=False)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def tables_folder(nlp: Language, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of `browser_data` in a folder."""
    folder = tmp_path_factory.mktemp("browser") / "tables"
    export([browser_tables(nlp)], "parquet", folder)
    return folder


@pytest.fixture(scope="session")
def site(tables_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the explorer, which is started and ended as its user does it."""
    cache = {"XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))}
    explorer = start("explore", tables_folder, "--port", 0, "--no-open", env=os.environ | cache)
    printed = explorer.stdout.readline().decode()
    address = re.search(r"http://127\.0\.0\.1:\d+/", printed)
    if address is None:
        explorer.kill()
        pytest.fail(f"no address, but {printed!r}, {explorer.stderr.read().decode()}")
    yield address[0]
    explorer.send_signal(signal.SIGINT)
    _, complaints = explorer.communicate(timeout=20)
    assert (explorer.returncode, re.findall("Traceback|Warning", complaints.decode())) == (0, [])


@pytest.fixture
def reader(browser: object) -> "Iterator[Callable[..., Any]]":
    """Makes readers at the browser; nothing may have been wrong with the pages that they saw."""
    from browser_pages import Reader

    readers: list[Reader] = []

    def sit_down(site: str = "", **manner: object) -> Reader:
        readers.append(Reader(browser, site, **manner))
        return readers[-1]

    yield sit_down
    for one in readers:
        one.leave()
    assert [complaint for one in readers for complaint in one.complaints] == []
