"""Fuzz the whole pipeline: any text gives tables that keep the contract, and no stage fails on it.

``make fuzz`` runs it with atheris. Texts are made of words that stages look for and of what is odd; the bytes choose.
"""

import sys

import atheris

from odd_texts import HOSTILE, PIECES

with atheris.instrument_imports(include=["svodka.stages"]):
    import svodka
    from svodka.check import check_tables
    from svodka.run.local import run_batches
    from svodka.tables import Tables

NLP = svodka.load()
CHOICES = [*PIECES, *HOSTILE]


def one_input(data: bytes) -> None:
    """Bytes below 200 choose a piece, the others bring characters of their own."""
    given = atheris.FuzzedDataProvider(data)
    pieces = []
    while given.remaining_bytes() and len(pieces) < 80:
        choice = given.ConsumeIntInRange(0, 255)
        pieces.append(CHOICES[choice % len(CHOICES)] if choice < 200 else given.ConsumeUnicodeNoSurrogates(3))
    text = "".join(pieces)
    tables = Tables.from_rows(run_batches(NLP, [svodka.Article(text=text, published="2021-09-07")]))
    assert tables.errors.empty, tables.errors.to_dict("records")
    assert check_tables(tables) == []


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
