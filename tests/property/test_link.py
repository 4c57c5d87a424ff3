"""What must hold for any corpus that is linked: order does not matter, and every entity has its row."""

from random import Random
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from link_data import day, tables_of
from svodka.link.registry import link_tables
from svodka.stages.pymorphy import get_dictionary

names = st.builds(
    " ".join,
    st.lists(
        st.sampled_from(["Иван", "Саша", "Орлов", "Петрович", "И.", "П.", "Савченко", "МВД", "Россия"]),
        min_size=1,
        max_size=3,
    ),
)
entity = st.fixed_dictionaries(
    {
        "name": names,
        "label": st.sampled_from(["PER", "ORG", "LOC"]),
        "gender": st.sampled_from(["Masc", "Fem", None]),
        "roles": st.lists(st.sampled_from(["мэр", "Мэр", "тренер", "депутат"]), max_size=2),
        "quotes": st.integers(0, 2),
    }
)
document = st.fixed_dictionaries(
    {
        "entities": st.lists(entity, max_size=4),
        "published": st.sampled_from([None, day("2020-01-01"), day("2020-01-20"), day("2023-01-01")]),
    }
)
corpora = st.lists(document, max_size=6).map(lambda found: [one | {"id": str(n)} for n, one in enumerate(found)])


@settings(max_examples=20)  # pandas takes its time with small tables
@given(found=corpora, random=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(found: list[dict[str, Any]], random: Random) -> None:
    tables = tables_of(found)
    shuffled = {}
    for name, table in tables.items():
        order = list(range(table.num_rows))
        random.shuffle(order)
        shuffled[name] = table.take(pa.array(order, pa.int64()))
    one, other = (link_tables(each, get_dictionary()) for each in (tables, shuffled))
    assert one.registry.equals(other.registry)
    assert one.entities.equals(other.entities)


@settings(max_examples=20)
@given(found=corpora)
def test_every_entity_has_one_row_and_counts_add_up(found: list[dict[str, Any]]) -> None:
    tables = tables_of(found)
    linked = link_tables(tables, get_dictionary())
    rows = linked.registry.to_pylist()
    assert linked.entities.num_rows == tables["entities"].num_rows
    assert set(linked.entities["registry_id"].to_pylist()) == {row["registry_id"] for row in rows}
    assert sum(row["n_mentions"] for row in rows) == 2 * tables["entities"].num_rows
    assert sum(row["n_quotes"] for row in rows) == tables["quotes"].num_rows
    assert all(row["name"] in row["names"] for row in rows)
