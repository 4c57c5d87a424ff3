"""A reader at a browser: opens pages, follows links, and notes on every page what should not be there."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Locator

PICTURES = os.environ.get("SVODKA_SCREENSHOTS")
"""Folder that gets a picture of every page that is looked at; none where it is not set."""

_TALLEST = 6000  # pixels of a picture
_WIDE, _NARROW = {"width": 1280, "height": 800}, {"width": 320, "height": 640}

# what a text would have made of itself where it was not escaped
_ALIVE = """() => [...document.querySelectorAll("*")].flatMap(element => [
  ...(element.matches("img, iframe, object, embed, script:not([src])") ? [element.outerHTML.slice(0, 200)] : []),
  ...[...element.attributes]
    .filter(one => /^on/i.test(one.name) || /^\\s*(javascript|vbscript|data):/i.test(one.value) && one.name != "title")
    .map(one => `${element.localName} ${one.name}=${one.value.slice(0, 100)}`)])
  .concat([document.body.innerText, ...[...document.querySelectorAll("[title], [aria-label]")].map(
    element => element.title + element.ariaLabel)].join("\\n").match(/.{0,40}[\u202a-\u202e\u2066-\u2069]/g) || [])"""

_OVERFLOW = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""

# what an element is called by those who read aloud, nearly
_NAME = """element => element.localName + " " + (element.getAttribute("aria-label") || element.labels?.[0]?.textContent
  || element.textContent).trim().replace(/\\s+/g, " ").slice(0, 80)"""

# where the keyboard is: what, how it is called, and whether that can be seen
_FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  return {
    place: [...document.querySelectorAll("*")].indexOf(element),
    name: (NAME)(element),
    isSeen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 && box.width > 2 && box.height > 2
      && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}""".replace("NAME", _NAME)
_FOCUSABLE = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter(element => element.checkVisibility() && !element.disabled)
  .map(NAME)""".replace("NAME", _NAME)

_STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""Rules of axe that what is dark can break where what is light does not."""
_OF_NARROW = ["target-size", "scrollable-region-focusable", "meta-viewport"]


class Reader:
    """A reader at a browser, in a profile of its own.

    Attributes:
        page: What is before its eyes.
        complaints: What was wrong so far: what the console said, what was asked of other hosts, what was alive on a
            page that had to be text.
    """

    def __init__(self, browser: Browser, site: str = "", **manner: Any) -> None:  # noqa: ANN401
        self.complaints: list[str] = []
        self._site = self._home = site
        self._context = browser.new_context(**({"viewport": _WIDE, "reduced_motion": "reduce"} | manner))
        self._context.on("console", lambda said: self._complain("console", said.type, said.text))
        self._context.on("dialog", lambda dialog: (self._complain("dialog", dialog.message), dialog.dismiss()))
        self._context.on("request", lambda asked: self._complain_of_request(asked.url))
        self._context.on("requestfailed", lambda asked: self._complain_of_failure(asked.url, asked.failure))
        self._context.on("weberror", lambda failed: self._complain("error", failed.error))
        self.page = self._context.new_page()

    def open(self, address: str) -> None:
        """Type an address, of a page of the site, or of another, which then may ask for nothing else."""
        self._home = self._site or address
        with self._arriving():
            self.page.goto(urljoin(self._site, address))

    def read(self, html: str) -> None:
        """Have a page that is nowhere; nothing may be asked for."""
        with self._arriving():
            self.page.set_content(html)

    def follow(self, link: Locator) -> None:
        """Click what leads to another page, or to another place of this one."""
        with self._arriving(), self.page.expect_navigation():
            link.click()

    def press(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self._arriving(), self.page.expect_navigation():
            self.page.keyboard.press(key)

    def download(self, link: Locator) -> str:
        """The text of the file that a link leads to."""
        with self.page.expect_download() as downloaded:
            link.click()
        return Path(downloaded.value.path()).read_text(encoding="utf-8-sig")

    def violations(self, rules: Sequence[str] = ()) -> list[str]:
        """What axe finds: https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md.

        Args:
            rules: Ids of rules; none for all of the standards.
        """
        chosen = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": _STANDARDS}
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate("options => axe.run(options)", {"runOnly": chosen, "resultTypes": ["violations"]})
        return [_told(self.page.url, one) for one in found["violations"]]

    def barriers(self) -> list[str]:
        """What keeps people from reading this page: in the light, in the dark, and on a narrow screen."""
        found = self.violations()
        self.page.emulate_media(color_scheme="dark")
        found += self.violations(OF_COLOURS)
        self.picture("dark")
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(_NARROW)
        found += self.violations(_OF_NARROW)
        if (overflow := self.page.evaluate(_OVERFLOW)) > 0:
            found.append(f"{self.page.url}: {overflow} pixels of it are out of a narrow screen")
        self.picture("narrow")
        self.page.set_viewport_size(_WIDE)
        return found

    def walk(self) -> tuple[list[str], list[str]]:
        """Press Tab from the beginning of the page to its end.

        Returns:
            What the keyboard came to, in order; and what of it could not be seen to have it.
        """
        reached, unseen = [], []
        for at in self._tabs():
            reached.append(at["name"])
            if not at["isSeen"]:
                unseen.append(at["name"])
        return reached, unseen

    def focusable(self) -> list[str]:
        """What the keyboard should come to, in the order of the page."""
        found: list[str] = self.page.evaluate(_FOCUSABLE)
        return found

    def tab_to(self, name: str) -> None:
        """Press Tab until something of this name has the keyboard."""
        for at in self._tabs():
            if at["name"].partition(" ")[2].startswith(name):
                return
        raise AssertionError(f"no Tab leads to {name!r}")

    def picture(self, kind: str = "light") -> None:
        """Keep a picture of the page, for people to look at."""
        if PICTURES is None:
            return
        address = urlsplit(self.page.url)
        at = f"{address.path}-{address.query}" if address.scheme.startswith("http") else self.page.title()
        name = re.sub(r"\W+", "-", unquote(at.replace("~", "%"))).strip("-")[:80] or "home"
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        size = self.page.evaluate("() => [document.documentElement.clientWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": size[0], "height": min(size[1], _TALLEST)}
        self.page.screenshot(path=Path(PICTURES) / f"{name}.{kind}.png", full_page=True, clip=clip)

    def leave(self) -> None:
        """Close the browser's window."""
        self._context.close()

    @contextmanager
    def _arriving(self) -> Iterator[None]:
        yield
        self.page.wait_for_load_state()
        if self.page.evaluate("() => document.contentType") == "text/html":  # and no file that the browser shows
            for alive in self.page.evaluate(_ALIVE):
                self._complain("alive", unquote(self.page.url)[:80], alive)
            self.picture()

    def _tabs(self) -> Iterator[dict[str, Any]]:
        """What has the keyboard after each Tab, until the page ends or begins anew."""
        places = set()
        while True:
            self.page.keyboard.press("Tab")
            at = self.page.evaluate(_FOCUS)
            if at is None or at["place"] in places:
                return
            places.add(at["place"])
            yield at

    def _complain_of_request(self, url: str) -> None:
        if not (self._home and url.startswith(self._home)):
            self._complain("request", url)

    def _complain_of_failure(self, url: str, failure: str | None) -> None:
        if failure != "net::ERR_ABORTED":  # a download ends so
            self._complain("failed", url, failure)

    def _complain(self, *words: object) -> None:
        self.complaints.append(" ".join(map(str, words)))


def _told(url: str, violation: dict[str, Any]) -> str:
    first, *others = violation["nodes"]
    where = f"{first['html'][:200]} and {len(others)} more"
    return f"{url}: {violation['id']} of {where}: {' '.join(first['failureSummary'].split())}"
