"""Facets: what quotations are counted and filtered by, as a star schema.

``quote_facets`` has a narrow row a quotation, whose columns are numbers of ``facet_values``, so that counts over any
quotations read neither texts nor strings (https://en.wikipedia.org/wiki/Star_schema)::

    SELECT v.label, count(*) FROM quote_facets f JOIN facet_values v ON v.number = f.role
    WHERE f.month = (SELECT number FROM facet_values WHERE facet = 'month' AND value = '2021-09')
    GROUP BY v.number ORDER BY 2 DESC;

Values are numbered in the order of facets and values: days and months compare by their numbers.
"""

from svodka.writers.databases.sql import SAID as _SAID

SAID = "quotes_said"
"""Table of `svodka.writers.databases.sql.SAID`, to be dropped when the speakers are counted, too."""

_MONTH = "substr(day, 1, 7)"
# «"Интерфакс"» and «Интерфакс» are one; marks within, as of «РИА "Новости"», stay.
_VIA = """CASE
    WHEN via GLOB '["«„“]?*["»“”]' AND NOT substr(via, 2, length(via) - 2) GLOB '*["«»„“”]*'
    THEN substr(via, 2, length(via) - 2) ELSE via END"""

# Facets: what they hold, and of which column of `SAID`; one that is always there comes with NOT NULL.
_FACETS = {
    "speaker": ("Speaker, as in speakers.speaker_id; null where the text does not tell.", "speaker_id", ""),
    "kind": ("What the speaker is.", "speaker_kind", " NOT NULL"),
    "role": ("Role of the speaker.", "role", ""),
    "via": ("Medium that relays the words, without quotation marks around the whole of it.", _VIA, ""),
    "day": ("Day of publication.", "day", ""),
    "month": ("Month of publication.", _MONTH, ""),
    "type": ("How the words are given.", "type", " NOT NULL"),
    "form": ("Form on the page.", "form", " NOT NULL"),
    "polarity": ("Whether the text says that it was said.", "polarity", " NOT NULL"),
}


def _counted(facet: str, column: str) -> str:
    label = "max(speaker)" if facet == "speaker" else column
    return (
        f"SELECT '{facet}' AS facet, {column} AS value, {label} AS label, count(*) AS n FROM {SAID} "
        f"WHERE {column} IS NOT NULL GROUP BY {column}"
    )


def _numbered(facet: str, column: str) -> str:
    return f"(SELECT v.number FROM facet_values v WHERE v.value = {column} AND v.facet = '{facet}')"


FACETS = f"""\
CREATE TEMP TABLE {SAID} AS {_SAID.format(number="q.number, d.number AS document, ")};
CREATE TABLE facet_values ( -- A value that quotations are counted and filtered by.
  number INTEGER PRIMARY KEY, facet TEXT NOT NULL, value TEXT NOT NULL, label TEXT NOT NULL, n_quotes INTEGER NOT NULL,
  UNIQUE (value, facet)
) STRICT;
INSERT INTO facet_values SELECT row_number() OVER (ORDER BY facet, value), facet, value, label, n FROM (
  {" UNION ALL ".join(_counted(facet, column) for facet, (_, column, _) in _FACETS.items())}
);
CREATE TABLE quote_facets ( -- A quotation; all columns but the first two are numbers of facet_values.
  number INTEGER PRIMARY KEY REFERENCES quotes (number), document INTEGER REFERENCES documents (number),
  {", ".join(f"{facet} INTEGER{null} REFERENCES facet_values (number)" for facet, (*_, null) in _FACETS.items())}
) STRICT;
INSERT INTO quote_facets
SELECT number, document, {", ".join(_numbered(facet, column) for facet, (_, column, _) in _FACETS.items())} FROM {SAID};
CREATE INDEX quote_facets_speaker ON quote_facets (speaker);
"""
"""The script that makes the tables, to be executed when quotations are there."""


def _columns() -> list[tuple[str, str, int, str, int, str, None, str | None]]:
    values = [
        ("number", "int64", 0, "Number of the value, in the order of facets and values.", None),
        ("facet", "string", 0, f"Facet: {', '.join(_FACETS)}.", None),
        ("value", "string", 0, "The value; of speakers the key, as in speakers.speaker_id.", None),
        ("label", "string", 0, "What to show for it: the name of a speaker, else the value.", None),
        ("n_quotes", "int64", 0, "Quotations that have it.", None),
    ]
    facets = [
        ("number", "int64", 0, "Number of the quotation.", "quotes"),
        ("document", "int64", 1, "Number of its document.", "documents"),
        *((facet, "int64", int(not null), text, "facet_values") for facet, (text, _, null) in _FACETS.items()),
    ]
    return [
        (table, name, position, kind, nullable, text, None, target)
        for table, columns in (("facet_values", values), ("quote_facets", facets))
        for position, (name, kind, nullable, text, target) in enumerate(columns)
    ]


COLUMNS = _columns()
"""Their rows of ``schema_columns``."""
