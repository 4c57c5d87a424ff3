"""A dataset for the Hugging Face hub: Parquet by tables, and its card."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq

from svodka.tables import Tables
from svodka.writers.huggingface.card import card
from svodka.writers.huggingface.contents import Contents
from svodka.writers.parts import written_tables


def write_huggingface(
    parts: Iterable[Tables], folder: Path, *, title: str | None = None, license: str | None = None
) -> None:
    """Write ``data/TABLE/NUMBER.parquet`` and ``README.md``, the card, as the hub and `datasets` take them.

    Each table is a configuration: ``load_dataset(folder, "quotes")``. The card is made of the tables; what it says of
    licence and citation is for the user to fill in. Names from the texts stand in it as they are, escaped.

    Args:
        parts: The tables; each part becomes a shard.
        folder: An existing folder.
        title: Title of the dataset.
        license: Its licence, as the hub calls it (https://huggingface.co/docs/hub/repositories-licenses); «unknown» if
            not given.
    """
    contents = Contents()
    for number, part in enumerate(parts):
        for name in written_tables(part, None):
            table = part.arrow(name)
            contents.count(name, table)
            if table.num_rows:
                path = folder / "data" / name / f"{number:06}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                pq.write_table(table, path, compression="zstd")
    (folder / "README.md").write_text(card(contents, title, license), encoding="utf-8", newline="\n")
