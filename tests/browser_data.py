"""What the tests in a browser look at: tables of the samples, of news on a bridge, and of a hostile article."""

import re

import pyarrow as pa
import pyarrow.compute as pc
from spacy.language import Language

import svodka
from export_data import sample_tables
from svodka.schema import TABLES
from svodka.tables import Tables

TAGS = '<script>alert(1)</script> "onmouseover="alert(1) \'><img src=x onerror=alert(1)> </span></p>'
"""What would come to life where something is written as it is into a text, or into an attribute in either quotes."""

ODD = f"{TAGS} {{{{7*7}}}} &lt;b&gt; \u202eабв\u202c 😀 ]]>"
"""The same with what a template, a browser or a direction of writing could take up."""

HOSTILE_ID = f"../<x>?q=1#q0&'{ODD}"
HOSTILE_SPEAKER = f"Орлов {ODD}"
HOSTILE_ROLE = f"мэр {TAGS}"
HOSTILE_VIA = f"газета {TAGS}"

BRIDGE_DOC = "bridge-2022-03"
"""An article of the bridge, with dates, a mention in another form, and a quotation within another."""

_YEARS = {2021: "мэр Заречного", 2022: "министр транспорта"}


def browser_tables(nlp: Language) -> Tables:
    """All of them."""
    return _joined(sample_tables(), svodka.extract(_bridge(), nlp=nlp), _hostile(nlp))


def bare(text: str) -> str:
    """A text without what turns the direction of writing, or the codes that are shown for it, and without line ends."""
    return " ".join(re.sub(r"[\u202c\u202e]|U\+202[CE]|\\u202[ce]", "", text).split())


def _bridge() -> list[dict[str, str]]:
    return [
        {
            "id": f"bridge-{year}-{month:02}",
            "title": f"Мост через Сою: год {year}, месяц {month}",
            "published": f"{year}-{month:02}-15",
            "url": f"https://example.org/bridge/{year}/{month}",
            "text": (
                f"«Мост через Сою откроют вовремя», — сообщил ТАСС {role} Иван Орлов. "
                f"По его словам, движение по мосту пустят {month} числа.\n\n"
                "Депутат Анна Климова заявила газете «Край»: «Орлов сказал: „К мосту всё готово“». "
                "Жители подошли к мосту в пятницу."
            ),
        }
        for year, role in _YEARS.items()
        for month in range(1, 13)
    ]


def _hostile(nlp: Language) -> Tables:
    """An article whose every text is hostile, and so are names that the pipeline would not have made."""
    text = f"«Мост {ODD} закрыли», — сообщил 5 мая 2021 года мэр Иван Орлов.\n\n{ODD}\n\nЖители пошли к мосту."
    article = {"id": HOSTILE_ID, "title": f"Заголовок {ODD}", "url": "javascript:alert(1)", "source": ODD, "text": text}
    tables = svodka.extract([{**article, "author": ODD, "published": "2021-05-07"}], nlp=nlp)
    names = {"speaker": HOSTILE_SPEAKER, "role": HOSTILE_ROLE, "via": HOSTILE_VIA}
    quotes, entities = tables.arrow("quotes"), tables.arrow("entities")
    for column, name in names.items():
        quotes = _with(quotes, column, name)
    persons = pc.if_else(pc.equal(entities["label"], "PER"), HOSTILE_SPEAKER, entities["name"])
    entities = entities.set_column(entities.schema.get_field_index("name"), "name", persons)
    return Tables({name: tables.arrow(name) for name in TABLES} | {"quotes": quotes, "entities": entities})


def _with(table: pa.Table, column: str, value: str) -> pa.Table:
    """A table with one value in all rows of a column."""
    return table.set_column(table.schema.get_field_index(column), column, pa.array([value] * table.num_rows))


def _joined(*all_tables: Tables) -> Tables:
    return Tables({name: pa.concat_tables(one.arrow(name) for one in all_tables) for name in TABLES})
