"""A dataset of the hub, read with `datasets` and huggingface_hub, offline."""

import socket
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from export_data import hostile_tables, odd_texts, sample_tables, tables_of
from odd_texts import HOSTILE, PIECES
from svodka.link.folder import link_folder
from svodka.schema import ALL_TABLES, TABLES
from svodka.tables import Tables
from svodka.writers.formats import export
from svodka.writers.huggingface.card import card, markdown
from svodka.writers.huggingface.contents import Contents

pytestmark = pytest.mark.engine

Load = Callable[..., Any]


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Load]:
    """``load_dataset`` with a cache of its own, and without a network."""
    patch = pytest.MonkeyPatch()
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"):
        patch.setenv(name, "1")
    patch.setenv("HF_HOME", str(tmp_path_factory.mktemp("home")))
    import datasets

    load_dataset = datasets.load_dataset
    datasets.disable_progress_bars()
    cache = tmp_path_factory.mktemp("cache")

    def load(folder: Path, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        return load_dataset(str(folder), *arguments, cache_dir=str(cache), **options)

    yield load
    patch.undo()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a test wants the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def front(folder: Path) -> dict[str, Any]:
    from huggingface_hub import DatasetCard

    found: dict[str, Any] = DatasetCard.load(folder / "README.md").data.to_dict()
    return found


def assert_equal(load: Load, folder: Path, tables: Tables) -> None:
    """Each configuration is the table, downloaded or streamed; a table without rows has none."""
    filled = [name for name in ALL_TABLES if tables.arrow(name).num_rows]
    assert [config["config_name"] for config in front(folder)["configs"]] == filled
    for name in filled:
        expected = tables.arrow(name)
        whole = load(folder, name, split="train")
        assert whole.data.table.combine_chunks().cast(expected.schema).equals(expected.combine_chunks()), name
        if name in ("documents", "dates", "quotes"):
            streamed = load(folder, name, split="train", streaming=True)
            assert list(streamed.take(50)) == expected.slice(0, 50).to_pylist(), name


def test_samples_come_back(load: Load, tmp_path: Path) -> None:
    sample_tables().to_huggingface(tmp_path)
    assert_equal(load, tmp_path, sample_tables())


def test_hostile_texts_come_back(load: Load, tmp_path: Path) -> None:
    hostile_tables().to_huggingface(tmp_path)
    assert_equal(load, tmp_path, hostile_tables())


@settings(max_examples=5)
@given(odd_texts())
def test_odd_texts_come_back(load: Load, tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("data")
    tables = tables_of(text, "Дождь.")
    tables.to_huggingface(folder)
    for name in ("documents", "tokens"):
        assert load(folder, name, split="train").to_list() == tables.arrow(name).to_pylist()


def test_quotes_are_the_default(load: Load, tmp_path: Path) -> None:
    sample_tables().to_huggingface(tmp_path)
    assert load(tmp_path, split="train").column_names == TABLES["quotes"].schema.names
    tables_of("Снег.").to_huggingface(tmp_path / "plain")
    assert load(tmp_path / "plain", split="train").column_names == TABLES["documents"].schema.names


def test_types_of_the_card_are_those_that_datasets_finds(load: Load, tmp_path: Path) -> None:
    from datasets import Features

    tables_of("«Снег», — сказала мэр Заречного Анна Петрова.").to_parquet(tmp_path / "tables")
    link_folder(tmp_path / "tables")
    tables = Tables.read_parquet(tmp_path / "tables")
    tables.to_huggingface(tmp_path / "data")
    infos = {info["config_name"]: info for info in front(tmp_path / "data")["dataset_info"]}
    assert {"registry", "registry_entities"} <= set(infos)
    for name, info in infos.items():
        assert Features._from_yaml_list(info["features"]) == Features.from_arrow_schema(ALL_TABLES[name].schema), name
        assert info["splits"][0]["num_examples"] == tables.arrow(name).num_rows
    assert_equal(load, tmp_path / "data", tables)


def test_a_part_is_a_shard(load: Load, tmp_path: Path) -> None:
    parts = [sample_tables(), tables_of("«Снег», — сказал мэр Иван Орлов.")]
    export(parts, "huggingface", tmp_path)
    assert [path.name for path in sorted((tmp_path / "data" / "quotes").iterdir())] == [
        "000000.parquet",
        "000001.parquet",
    ]
    expected = [row for part in parts for row in part.arrow("quotes").to_pylist()]
    assert load(tmp_path, "quotes", split="train").to_list() == expected


def test_snippets_of_the_card_run(load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample_tables().to_huggingface(tmp_path)
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    snippets = [block.partition("```")[0] for block in readme.split("```python\n")[1:]]
    assert len(snippets) == 2
    monkeypatch.setattr("datasets.load_dataset", lambda _, *rest, **options: load(tmp_path, *rest, **options))
    names: dict[str, Any] = {}
    for snippet in snippets:
        exec(snippet, names)
    assert len(names["rows"]) == sample_tables().arrow("quotes").num_rows


def test_card_says_what_there_is(tmp_path: Path) -> None:
    tables = tables_of(*["«Снег», — сказал мэр Иван Орлов."] * 2, url="https://www.example.org/a", title="Снег")
    tables.to_huggingface(tmp_path, title="Снег: «да» | нет", license="cc-by-4.0")
    data = front(tmp_path)
    assert data["pretty_name"] == "Снег: «да» | нет"
    assert (data["license"], data["language"], data["size_categories"]) == ("cc-by-4.0", ["ru"], ["n<1K"])
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "# Снег: «да» \\| нет\n" in readme
    assert "| example.org | 2 |" in readme
    assert "Published from 2021-09-07 to 2021-09-07." in readme
    for name in TABLES:
        assert f"| `{name}` | {tables.arrow(name).num_rows:,} | {TABLES[name].description} |" in readme
        for column in TABLES[name].columns:
            assert f"| `{column.name}` |" in readme
    assert "/" not in readme.partition("## Sources")[2].partition("##")[0]


def test_nothing_given_is_unknown(tmp_path: Path) -> None:
    sample_tables().to_huggingface(tmp_path)
    assert front(tmp_path)["license"] == "unknown"


@given(st.lists(st.sampled_from([*HOSTILE, *PIECES, "---", "yes", "no", "# ", "'", "\\"]), min_size=1).map("".join))
def test_any_title_and_source_stay_what_they_are(text: str) -> None:
    """In the metadata the title is the string it was; in Markdown nothing of it works."""
    from huggingface_hub import DatasetCard

    contents = Contents(rows=Counter(documents=1, quotes=1), languages={"no", "ru"})
    contents.outlets[text] = 1
    made = card(contents, text, text)
    data = DatasetCard(made).data.to_dict()
    assert (data["pretty_name"], data["license"], data["language"]) == (text, text, ["no", "ru"])
    shown = markdown(text)
    assert "\n" not in shown
    assert "<" not in shown
    assert "|" not in shown.replace("\\|", "")
    assert f"| {shown} | 1 |" in made.splitlines()
    assert len(made.splitlines()) == len(card(contents, "x", "x").splitlines())


@pytest.mark.parametrize(
    ("source", "outlet"),
    [
        ("/home/me/news.jsonl.gz:17", "news.jsonl.gz"),
        ("C:\\me\\news.csv:3", "news.csv"),
        ("articles/one.txt", "one.txt"),
        ("ТАСС/Спорт", "ТАСС/Спорт"),
        (None, "unknown"),
    ],
)
def test_folders_of_sources_are_not_told(source: str | None, outlet: str) -> None:
    schema = TABLES["documents"].schema
    row = dict.fromkeys(schema.names) | {"language": "ru", "source": source, "url": "http://[broken"}
    contents = Contents()
    contents.count("documents", pa.Table.from_pylist([row], schema=schema))
    assert contents.outlets == {outlet: 1}


def test_many_sources_are_summed_up() -> None:
    contents = Contents(outlets=Counter({f"s{number:02}": 100 - number for number in range(25)}))
    made = card(contents, None, None)
    assert "| s19 | 81 |" in made
    assert "s20" not in made
    assert f"| 5 others | {sum(100 - number for number in range(20, 25))} |" in made


def test_no_documents_at_all(tmp_path: Path) -> None:
    Tables({}).to_huggingface(tmp_path)
    assert "configs" not in front(tmp_path)
