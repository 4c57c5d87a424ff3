"""Archives of the web, read as a user reads them: by path."""

import base64
import datetime as dt
import gzip
import hashlib
import io
import logging
import random
import struct
from pathlib import Path

import pytest

from svodka import read
from svodka.records import Article, Problem
from web_pages import PARAGRAPHS, TEXT, front_page, plain, tables, weblog

UKRAINIAN = (
    "Мер Зарічного Ольга Лунева відкрила новий міст через річку Сою. Будівництво тривало три роки.",
    "«Ми чекали цього дня десять років», — сказала вона на церемонії у вівторок.",
    "За словами підрядника, міст витримає навантаження у сорок тонн. Рух розпочнеться завтра вранці.",
)
BULGARIAN = (
    "Кметът на Заречни Олга Лунева откри новия мост над река Соя. Строителството продължи три години.",
    "„Чакахме този ден десет години“, каза тя на церемонията във вторник.",
    "По думите на изпълнителя мостът ще издържи товар от четиридесет тона. Движението започва утре сутринта.",
)


def record(
    block: str | bytes, kind: str = "response", url: str = "https://a.example/2021/09/07/most", **fields: str
) -> bytes:
    """A record, its checksum included; `fields` go into its header, with - for _."""
    data = block if isinstance(block, bytes) else block.encode()
    digest = base64.b32encode(hashlib.sha1(data).digest()).decode()
    header = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": "2023-05-12T10:00:00Z",
        "WARC-Record-ID": f"<urn:uuid:{hashlib.md5(data).hexdigest()}>",
        "WARC-Block-Digest": f"sha1:{digest}",
        "Content-Type": "application/http; msgtype=response" if kind == "response" else "text/plain",
        "Content-Length": str(len(data)),
    } | {name.replace("_", "-"): value for name, value in fields.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in header.items())
    return f"WARC/1.0\r\n{lines}\r\n".encode() + data + b"\r\n\r\n"


def response(page: str | bytes, status: str = "200 OK", kind: str = "text/html; charset=utf-8", **fields: str) -> bytes:
    """A response with its HTTP header, to which `fields` belong."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    header = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{lines}\r\n"
    return header.encode() + (page if isinstance(page, bytes) else page.encode())


def paragraphs(texts: tuple[str, ...], repeated: int = 1) -> str:
    return "".join(f"<p>{text}</p>" for text in texts) * repeated


def page_in(texts: tuple[str, ...]) -> str:
    return f"<html><head><title>{texts[0]}</title></head><body><article>{paragraphs(texts)}</article></body></html>"


def articles(path: Path, *records: bytes, **options: bool) -> list[Article]:
    path.write_bytes(b"".join(map(gzip.compress, records)) if path.suffix == ".gz" else b"".join(records))
    found = list(read(path, **options))  # type: ignore[arg-type]
    assert all(isinstance(item, Article) for item in found), found
    return [item for item in found if isinstance(item, Article)]


@pytest.mark.parametrize("name", ["web.warc", "web.warc.gz"])
def test_pages_of_an_archive(tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    found = articles(
        tmp_path / name,
        record("software: test\r\n", "warcinfo", WARC_Filename=name),
        record("GET / HTTP/1.1\r\n\r\n", "request"),
        record(response(plain())),
        record(response(plain(), "404 Not Found"), url="https://a.example/none"),
        record(response(b"\x89PNG", kind="image/png"), url="https://a.example/a.png"),
        record(response(front_page()), url="https://a.example/news"),
        record(response(weblog()), url="https://a.example/"),
        record("HTTP/1.1 304 Not Modified\r\n\r\n", "revisit"),
        record(response(tables().encode("cp1251"), kind="text/html"), url="http://b.example/n.php?id=7"),
    )
    assert [article.doc_id for article in found] == ["web:3", "web:9"]
    assert [article.text for article in found] == [TEXT, TEXT]
    assert [article.url for article in found] == ["https://a.example/2021/09/07/most", "http://b.example/n.php?id=7"]
    assert [article.source for article in found] == ["a.example", "b.example"]
    assert [article.published_from for article in found] == ["url", "html"]
    assert [str(article.anchor) for article in found] == ["2021-09-07", "2003-09-07"]
    assert [article.encoding for article in found] == ["utf-8", "cp1251"]
    assert caplog.messages == [f"{tmp_path / name}: 2 pages passed over: 2 without the text of an article"]


def test_pages_without_their_http_header(tmp_path: Path) -> None:
    found = articles(
        tmp_path / "a.warc.gz",
        record(plain(), "resource", Content_Type="text/html; charset=utf-8"),
        record(plain(), "resource", Content_Type="text/plain"),
        record(b"\x89PNG", "resource", Content_Type="image/png"),
    )
    assert [(article.doc_id, article.text, article.published_from) for article in found] == [("a:1", TEXT, "url")]


def test_packed_pages(tmp_path: Path) -> None:
    page = plain().encode()
    packed = gzip.compress(page)
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (packed[:100], packed[100:], b""))
    found = articles(
        tmp_path / "a.warc",
        record(response(packed, Content_Encoding="gzip")),
        record(response(chunked, Content_Encoding="gzip", Transfer_Encoding="chunked")),
        # unpacked by the crawler, which kept the header
        record(response(page, Content_Encoding="gzip")),
        record(response(page, Content_Encoding="gzip", Transfer_Encoding="chunked")),
        record(response(page, Content_Encoding="br")),
        record(response(page, Transfer_Encoding="identity")),
    )
    assert [article.text for article in found] == [TEXT] * 6


def test_charset_of_the_header_is_stronger_than_that_of_the_page(tmp_path: Path) -> None:
    page = tables(charset="windows-1251").encode("koi8-r", errors="xmlcharrefreplace")
    (article,) = articles(tmp_path / "a.warc", record(response(page, kind='text/html; charset="KOI8-R"')))
    assert (article.text, article.encoding) == (TEXT, "koi8-r")


def test_other_languages_are_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    english = ("The mayor opened a new bridge across the river on Tuesday, after three years of work.",) * 3
    pages = [page_in(texts) for texts in (UKRAINIAN, BULGARIAN, english, PARAGRAPHS, UKRAINIAN[:1] + PARAGRAPHS)]
    records = [record(response(page)) for page in pages]
    assert [article.doc_id for article in articles(tmp_path / "a.warc.gz", *records)] == ["a:4", "a:5"]
    assert caplog.messages == [f"{tmp_path / 'a.warc.gz'}: 3 pages passed over: 3 not in Russian"]
    assert len(articles(tmp_path / "a.warc.gz", *records, any_language=True)) == 5


def test_date_after_the_visit_is_none(tmp_path: Path) -> None:
    head = '<meta name="date" content="2023-09-07">'
    (article,) = articles(tmp_path / "a.warc", record(response(plain(head)), url="https://a.example/most"))
    assert article.published is None


@pytest.mark.parametrize("name", ["cc.warc.wet", "cc.warc.wet.gz", "cc.wet.gz"])
def test_texts_of_an_archive(tmp_path: Path, name: str) -> None:
    text = f"Новости\nПолитика\n{TEXT}\n"
    found = articles(
        tmp_path / name,
        record("Software-Info: test\r\n", "warcinfo"),
        record(text, "conversion", WARC_Identified_Content_Language="rus,eng"),
        record("\n".join(UKRAINIAN), "conversion"),
        record(TEXT, "conversion", WARC_Identified_Content_Language="ukr,eng"),
        record(TEXT, "conversion", WARC_Identified_Content_Language="eng,rus", url="https://a.example/most"),
        record("Новости\nПолитика", "conversion"),
    )
    assert [article.text for article in found] == [text.rstrip("\n"), TEXT]
    assert [article.doc_id for article in found] == ["cc:2", "cc:5"]
    assert [article.published_from for article in found] == ["url", None]
    assert found[0].published == dt.datetime(2021, 9, 7, tzinfo=dt.UTC)
    assert found[0].encoding == "utf-8"


def damaged(path: Path, records: list[bytes]) -> tuple[list[str], list[str]]:
    """Ids of the articles and messages of the problems."""
    path.write_bytes(b"".join(records))
    items = list(read(path))
    ids = [item.doc_id for item in items if isinstance(item, Article)]
    return ids, [f"{item.source}: {item.message}" for item in items if isinstance(item, Problem)]


@pytest.mark.parametrize("packed", [False, True])
def test_damaged_record_costs_only_itself(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")

    def packs(records: list[bytes]) -> list[bytes]:
        return [gzip.compress(data) if packed else data for data in records]

    good = [record(response(plain(f"<!--{number}-->"))) for number in range(4)]
    # a byte of the text is wrong
    ids, problems = damaged(path, packs([good[0], good[1].replace(b"<title>", b"<titlE>"), good[2]]))
    assert ids == ["a:1", "a:3"]
    assert "checksum" in problems[0]
    assert problems[0].startswith(f"{path}:2: ")
    # the record says that it is longer than it is
    length = good[1].index(b"Content-Length: ") + 16
    ids, problems = damaged(path, packs([good[0], good[1][:length] + b"9" + good[1][length:], good[2], good[3]]))
    assert ids == ["a:1", "a:3", "a:4"]
    assert len(problems) == 1
    # something else lies between two records
    ids, problems = damaged(path, [*packs(good[:1]), b"something else\r\n" * 20, *packs(good[1:])])
    assert ids == ["a:1", "a:3", "a:4", "a:5"]
    assert len(problems) == 1
    # the file is cut off
    whole = b"".join(packs(good))
    ids, problems = damaged(path, [whole[:-200]])
    assert ids == ["a:1", "a:2", "a:3"]
    assert len(problems) == 1
    assert "cut off or damaged" in problems[0]


def test_damage_in_a_packed_record(tmp_path: Path) -> None:
    members = [gzip.compress(record(response(plain(f"<!--{number}-->")))) for number in range(4)]
    broken = members[1][:60] + b"\xff" * 40 + members[1][100:]
    ids, problems = damaged(tmp_path / "a.warc.gz", [members[0], broken, *members[2:]])
    assert ids == ["a:1", "a:3", "a:4"]
    assert len(problems) == 1


def zstd_frames(records: list[bytes], **options: object) -> tuple[bytes, list[bytes]]:
    """The frame of the dictionary, if `options` have one, and a frame for each record."""
    stream_io = pytest.importorskip("fastwarc.stream_io")
    first, frames = b"", []
    for data in records:
        file = io.BytesIO()
        writer = stream_io.ZstdWriter(file, **options)
        writer.write(data)
        writer.close()
        packed = file.getvalue()
        kind, length = struct.unpack("<II", packed[:8])
        first = packed[: 8 + length] if kind == 0x184D2A5D else b""
        frames.append(packed.removeprefix(first))
    return first, frames


@pytest.mark.parametrize("kind", ["", "dictionary", "packed dictionary"])
def test_archive_packed_by_zstd(tmp_path: Path, kind: str) -> None:
    records = [record(response(plain(f"<!--{number}-->"))) for number in range(4)]
    samples = [f"{number} мост {number * 7919} река".encode() + data for number, data in enumerate(records * 30)]
    options: dict[str, object] = {}
    if kind:
        train = pytest.importorskip("fastwarc.stream_io").zstd_train_dictionary_from_samples
        options = {"dictionary": train(samples, 2000), "compress_dictionary_frame": kind.startswith("packed")}
    first, frames = zstd_frames(records, **options)
    assert bool(first) == bool(kind)
    path = tmp_path / "a.warc.zst"
    assert damaged(path, [first, *frames]) == (["a:1", "a:2", "a:3", "a:4"], [])
    frames[1] = frames[1][:9] + bytes(byte ^ 0xFF for byte in frames[1][9:40]) + frames[1][40:]
    ids, [problem] = damaged(path, [first, *frames])
    assert ids == ["a:1", "a:3", "a:4"]
    assert problem.startswith(f"{path}:2: ")


def test_cut_off_by_the_archive(tmp_path: Path) -> None:
    ids, problems = damaged(tmp_path / "a.warc", [record(response(plain()), WARC_Truncated="length")])
    assert ids == []
    assert "cut off when it was archived (length)" in problems[0]


@pytest.mark.parametrize("data", [b"", b"<html></html>", b"\x00" * 5000, b"\x1f\x8b\x08\x00" * 5000])
def test_no_archive(tmp_path: Path, data: bytes) -> None:
    ids, problems = damaged(tmp_path / "a.warc", [data])
    assert ids == []
    assert len(problems) == (1 if data else 0) or "rest of the archive" in problems[-1]


def test_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svodka.readers.web.warc_records.MOST_BYTES", 2**20)
    bomb = response(gzip.compress(b"<html>" + b"x" * 2**24), Content_Encoding="gzip")
    found = articles(tmp_path / "a.warc.gz", record(bomb), record(response(plain())))
    assert [article.doc_id for article in found] == ["a:2"]


def test_mutated_archives(tmp_path: Path) -> None:
    chance = random.Random(5)
    records = [record(response(plain(f"<!--{number}-->"))) for number in range(5)]
    for packed in (False, True):
        whole = b"".join(gzip.compress(data) if packed else data for data in records)
        path = tmp_path / ("a.warc.gz" if packed else "a.warc")
        for _ in range(25):
            data = bytearray(whole)
            for _ in range(chance.randrange(1, 4)):
                at = chance.randrange(len(data))
                data[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
            path.write_bytes(data)
            items = list(read(path))
            assert {item.error_type for item in items if isinstance(item, Problem)} <= {"InputError"}
            assert any(isinstance(item, Article) and item.text == TEXT for item in items), items


def test_quiet(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    articles(tmp_path / "a.warc", record(response(front_page())))
    assert {entry.name for entry in caplog.records if entry.levelno >= logging.INFO} == {"svodka.readers"}
