"""`svodka link` over the samples: what it writes, and that it does not matter how the documents came."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from conftest import ROOT
from svodka.cli import main
from svodka.tables import Tables

LINKED = ("registry", "registry_entities")


def call(*arguments: object) -> Result:
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of the samples, linked."""
    folder = tmp_path_factory.mktemp("samples")
    call("run", ROOT / "data" / "samples", "--out", folder)
    call("link", folder)
    return folder


def copy(folder: Path, to: Path, *names: str) -> None:
    Tables.read_parquet(folder).to_parquet(to, names)


def same(one: Path, other: Path) -> bool:
    return all((one / f"{name}.parquet").read_bytes() == (other / f"{name}.parquet").read_bytes() for name in LINKED)


def test_the_tables_are_whole(samples: Path) -> None:
    call("check", samples)
    tables = Tables.read_parquet(samples)
    assert len(tables.registry_entities) == len(tables.entities) > len(tables.registry) > 0
    assert tables.registry["n_documents"].is_monotonic_decreasing
    assert tables.registry["n_quotes"].sum() == tables.quotes["entity_id"].notna().sum()
    assert tables.entities["link"].isna().all()


def test_linking_again_changes_nothing(samples: Path, tmp_path: Path) -> None:
    copy(samples, tmp_path, *Tables.read_parquet(samples))
    call("link", tmp_path)
    assert same(samples, tmp_path)
    assert not list(tmp_path.glob("*.partial"))


def test_documents_that_come_later_make_the_same_registry(samples: Path, tmp_path: Path) -> None:
    call("run", ROOT / "data" / "samples" / "articles.jsonl", "--out", tmp_path)
    call("link", tmp_path)
    assert not same(samples, tmp_path)
    call("run", ROOT / "data" / "samples", "--out", tmp_path)
    call("link", tmp_path)
    assert same(samples, tmp_path)


def test_shards_make_the_same_registry_and_get_their_links(samples: Path, tmp_path: Path) -> None:
    copy(samples, tmp_path, "documents", "roles", "mentions", "quotes")
    entities = Tables.read_parquet(samples).arrow("entities")
    (tmp_path / "entities").mkdir()
    for number, rows in enumerate((entities.slice(60), entities.slice(0, 60))):
        pq.write_table(rows, tmp_path / "entities" / f"{number}.parquet")
    call("link", tmp_path)
    assert same(samples, tmp_path)
    name = entities["name"][70].as_py()
    (tmp_path / "mine.tsv").write_text(f"id\tname\nQ1\t{name}\n", encoding="utf-8")
    assert "1 rows linked" in call("link", tmp_path, "--authority", tmp_path / "mine.tsv").output
    linked = Tables.read_parquet(tmp_path).entities
    assert set(linked.loc[linked["link"] == "Q1", "name"]) >= {name}
    call("link", tmp_path)
    assert Tables.read_parquet(tmp_path).entities["link"].isna().all()


def test_the_tables_that_are_needed_are_named(samples: Path, tmp_path: Path) -> None:
    copy(samples, tmp_path, "documents", "quotes")
    done = CliRunner().invoke(main, ["link", str(tmp_path)])
    assert done.exit_code == 1
    assert "no table 'entities'; `svodka run INPUT --out" in done.output
