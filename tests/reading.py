"""Files written and read, for the tests of reading."""

from pathlib import Path

from svodka.readers import read
from svodka.records import Article, Problem


def read_all(*inputs: Path, columns: dict[str, str] | None = None) -> tuple[list[Article], list[Problem]]:
    items = list(read(*inputs, columns=columns))
    problems = [item for item in items if isinstance(item, Problem)]
    assert all(problem.stage == "read" and problem.error_type == "InputError" for problem in problems)
    return [item for item in items if isinstance(item, Article)], problems


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def texts(articles: list[Article]) -> list[str]:
    return [article.text for article in articles]
