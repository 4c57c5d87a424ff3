"""Fuzz the readers: whatever the bytes of a file are, they become articles and problems, and nothing is raised.

``make fuzz`` runs it with atheris, which looks for inputs that take new ways through the code.
"""

import bz2
import gzip
import io
import lzma
import sys
import tempfile
from pathlib import Path

import atheris
import pyarrow as pa
import pyarrow.parquet as pq

from web_pages import agency

with atheris.instrument_imports(include=["svodka.readers"]):
    from svodka.readers import READERS, read
    from svodka.records import Article, Problem

ENDINGS = sorted(READERS)
FOLDER = Path(tempfile.mkdtemp())


def one_input(data: bytes) -> None:
    """The first byte chooses the format, the rest is the file."""
    path = FOLDER / f"input{ENDINGS[data[0] % len(ENDINGS)]}" if data else FOLDER / "input.txt"
    path.write_bytes(data[1:])
    for item in read(path):
        assert isinstance(item, Article | Problem)
        if isinstance(item, Article):
            item.text.encode()
            assert item.doc_id
    path.unlink()


def archive(page: bytes) -> bytes:
    """A web archive of one page."""
    response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    fields = {
        "WARC-Type": "response",
        "WARC-Target-URI": "https://example.org/2021/09/07/most",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(response)),
    }
    header = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"WARC/1.0\r\n{header}\r\n".encode() + response + b"\r\n\r\n"


def write_seeds(folder: Path) -> None:
    """A whole file of each format to begin with."""
    table = pa.table({"id": ["1", "2"], "text": ["Дождь.", "Снег."], "date": ["2021-09-07", None]})
    parquet = io.BytesIO()
    pq.write_table(table, parquet)
    arrow = io.BytesIO()
    with pa.ipc.new_stream(arrow, table.schema) as stream:
        stream.write_table(table)
    lines = '{"id": 1, "text": "Дождь.", "date": "2021-09-07"}\n{"body": "Снег."}\n'.encode()
    rows = 'id;text\n1;"Дождь; снег"\n2;"Ветер\n"\n'.encode()
    array = '[{"text": "Дождь \\"да\\""}, {"text": "Снег.", "list": [1, {}]}]'.encode()
    text = "Дождь шёл весь день, а к вечеру выпал снег, сообщили синоптики.\r\n"
    seeds = {".txt": text.encode(), ".jsonl": lines, ".json": array, ".csv": rows, ".tsv": rows.replace(b";", b"\t")}
    for packing, pack in ((".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)):
        seeds |= {f"{ending}{packing}": pack(data) for ending, data in seeds.items() if ending.count(".") == 1}
    seeds[".parquet"] = parquet.getvalue()
    seeds[".html"] = agency().encode()
    seeds[".warc"] = archive(seeds[".html"])
    seeds[".conllu"] = "# newdoc id = a\n1\tДождь{0}\tSpaceAfter=No\n2\t.{0}\t_\n\n".format("\t_" * 7).encode()
    seeds[".arrow"] = arrow.getvalue()
    for ending, data in seeds.items():
        (folder / ending.strip(".")).write_bytes(bytes([ENDINGS.index(ending)]) + data)
    for encoding in ("cp1251", "koi8-r", "cp866", "utf-16"):
        (folder / encoding).write_bytes(bytes([ENDINGS.index(".txt")]) + text.encode(encoding))


if __name__ == "__main__":
    seeds = Path(tempfile.mkdtemp())
    write_seeds(seeds)
    atheris.Setup([*sys.argv, str(seeds)], one_input)
    atheris.Fuzz()
