"""Whether a text is in Russian, and not in another language that is written in Cyrillic."""

import re
from functools import cache
from typing import Any

from svodka.libraries import require

# Those of py3langid's languages that are written in Cyrillic, so that it has no others to err with.
_LANGUAGES = ("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "tg", "tt", "ba", "mn")
_LETTERS = re.compile(r"[^\W\d_]")
_CYRILLIC = re.compile(r"[А-Яа-яЁёЀ-ӿ]")
# Letters that Bulgarian, Serbian and Macedonian lack, and letters that Russian lacks.
_RUSSIAN = re.compile(r"[ыэёЫЭЁ]")
_FOREIGN = re.compile(r"[ЀЂ-Џѐђ-џҐ-ӿ]")
# «і» alone is every eighteenth letter of Ukrainian and of Belarusian: with more than half of that, most is not Russian.
_MOST_FOREIGN = 0.03
_SHORT, _SAMPLE, _LINE = 200, 2000, 40


def is_russian(text: str) -> bool:
    """Whether most of a text is in Russian.

    Whole lines of text count, so that menus and names of rubrics do not; where there are none, everything does.

    >>> is_russian("Мэр открыл новый мост, и движение по нему уже началось.")
    True
    >>> is_russian("Мер відкрив новий міст, і рух ним уже розпочався.")
    False
    """
    lines = [line for line in text.splitlines() if len(line) >= _LINE]
    sample = ("\n".join(lines) or text)[:_SAMPLE]
    n_cyrillic = len(_CYRILLIC.findall(sample))
    if 2 * n_cyrillic <= len(_LETTERS.findall(sample)):
        return False
    n_foreign = len(_FOREIGN.findall(sample))
    if n_foreign > _MOST_FOREIGN * n_cyrillic:
        return False
    if n_cyrillic < _SHORT and not n_foreign and _RUSSIAN.search(sample):
        return True
    language: str = _identifier().classify(sample)[0]
    return language == "ru"


@cache
def _identifier() -> Any:  # noqa: ANN401
    langid = require("py3langid.langid", "warc")
    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)
    identifier.set_languages(list(_LANGUAGES))
    return identifier
