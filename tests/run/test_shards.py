"""Cutting a stream into shards: what is the same stays the same, wherever it stands."""

from hypothesis import given
from hypothesis import strategies as st

from svodka.records import Article, Problem
from svodka.run.shards import Shard, cut


def articles(n: int) -> list[Article | Problem]:
    return [Article(text=f"Текст номер {number}.", doc_id=str(number)) for number in range(n)]


def keys(shards: list[Shard]) -> list[str]:
    return [shard.key for shard in shards]


@given(st.integers(0, 300), st.integers(1, 40), st.sets(st.integers(0, 299)))
def test_every_item_is_in_one_shard_in_its_order(n: int, mean: int, problems: set[int]) -> None:
    items = articles(n)
    for number in problems:
        if number < n:
            items[number] = Problem(doc_id=None, source=str(number), stage="read", error_type="E", message="m")
    shards = list(cut(items, mean))
    assert [article for shard in shards for article in shard.articles] == [
        item for item in items if isinstance(item, Article)
    ]
    assert [problem for shard in shards for problem in shard.problems] == [
        item for item in items if isinstance(item, Problem)
    ]
    assert len(set(keys(shards))) == len(shards)
    sizes = [len(shard.articles) + len(shard.problems) for shard in shards]
    assert all(size >= mean / 4 for size in sizes[:-1])
    assert all(size <= 4 * mean for size in sizes)


def test_shards_have_the_size_asked_for() -> None:
    shards = list(cut(articles(20_000), 100))
    assert 80 < 20_000 / len(shards) < 160


@given(st.integers(0, 999), st.sampled_from(["added", "changed", "gone"]))
def test_a_change_changes_no_other_shards_but_those_around_it(place: int, change: str) -> None:
    before = articles(1000)
    after = list(before)
    new = Article(text="Новый текст.", doc_id="new")
    if change == "gone":
        del after[place]
    else:
        after[place : place + (change == "changed")] = [new]
    old, now = keys(list(cut(before, 20))), keys(list(cut(after, 20)))
    # the shard of the change; where it moved the ends of shards, those until an end is common again
    assert len(set(old) - set(now)) <= 8
    assert len(set(now) - set(old)) <= 8
    assert now[-1] == old[-1] or place > 800


def test_what_is_known_of_an_article_makes_its_shard() -> None:
    one = Article(text="Текст.", doc_id="1")
    others = [
        Article(text="Текст!", doc_id="1"), Article(text="Текст.", doc_id="2"),
        Article(text="Текст.", doc_id="1", published="2021-09-07"), Article(text="Текст.", doc_id="1", title="Текст."),
        Article(text="Текст.", doc_id="1", url="Текст."), Article(text="Текст.", doc_id="1", source="Текст."),
    ]  # fmt: skip
    assert len({key for item in [one, *others] for key in keys(list(cut([item], 8)))}) == 7


def test_long_articles_end_a_shard() -> None:
    long = [Article(text="а" * 1_500_000, doc_id=str(number)) for number in range(6)]
    assert [len(shard.articles) for shard in cut(long, 512)] == [3, 3]
