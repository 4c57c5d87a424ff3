"""What the tests of runs share: small corpora, the command in a process of its own, and the bytes of its tables."""

import json
import os
import subprocess
import sys
from pathlib import Path

from conftest import ROOT

SAMPLES = ROOT / "data" / "samples"


def write_corpus(path: Path, n_articles: int) -> Path:
    """A JSONL file of short articles, each with a quotation, a person and a date."""
    names = ("Иван Орлов", "Анна Климова", "Пётр Седов", "Нурлан Сабиров", "Мария Ветрова")
    with path.open("w", encoding="utf-8") as file:
        for number in range(n_articles):
            text = (
                f"«Мост номер {number} откроют вовремя», — сообщил мэр {names[number % len(names)]}. "
                f"По его словам, движение пустят {number % 28 + 1} числа.\n\nПогода была ясной."
            )
            row = {"id": f"doc-{number}", "text": text, "published": "2021-09-07"}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def write_config(path: Path, **run: object) -> Path:
    """A configuration file with these keys of [run]."""
    lines = [f"{name} = {json.dumps(value)}" for name, value in run.items()]
    path.write_text("\n".join(["[run]", *lines, ""]), encoding="utf-8")
    return path


def start(*arguments: object, **options: object) -> "subprocess.Popen[bytes]":
    """`svodka` with these arguments, in a process of its own."""
    command = [sys.executable, "-m", "svodka", *map(str, arguments)]
    environment = os.environ | {"PYTHONWARNINGS": "default"}
    return subprocess.Popen(
        command, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment, **options}
    )


def table_bytes(folder: Path) -> dict[str, bytes]:
    """The bytes of each file of the tables of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.glob("*/*.parquet"))}
