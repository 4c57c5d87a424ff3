"""Archives are read like the folder that was packed; what is bad in them costs only itself."""

import gzip
import io
import lzma
import os
import struct
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reading import read_all
from svodka.readers import unpacking
from svodka.readers.archives import tars
from svodka.readers.archives.names import path_within
from svodka.records import Article, Problem
from web_pages import TEXT, plain

TAIGA = {
    "Лента/texts/7.txt": "Дождь шёл весь день.",
    "Лента/texts/8.txt": "Снег выпал утром.",
    "Лента/newmetadata.csv": "textid\tsegment\ttextname\tdate\n7\tLenta\tДождь\t21 Янв. 2017\n8\tLenta\tСнег\t\n",
    "Лента/more/a.jsonl": '{"text": "Мост открыли."}\n{"text": "Мост закрыли."}\n',
    "Лента/more/b.json": '[{"text": "Град."}]',
    "Лента/more/two/c.txt": "Туман.",
    "Лента/more/c.txt.gz": gzip.compress("Ветер.".encode()),
    "Лента/more/d.txt.zst": pa.compress("Гроза.".encode(), "zstd", asbytes=True),
    "Лента/.git/d.txt": "Скрыто.",
    "__MACOSX/Лента/._7.txt": "Скрыто.",
    "Лента/pages/p.html": plain(),
    "Лента/pages/p_files/ad.html": plain(),
    "Лента/pages/logo.png": b"\x89PNG",
}
ADDRESS = "https://a.example/2021/09/07/most"
Contents = Mapping[str, str | bytes]


def as_bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


def write_folder(path: Path, contents: Contents) -> Path:
    for name, content in contents.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(as_bytes(content))
    return path


def write_zip(path: Path, contents: Contents, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(name, as_bytes(content))
    return path


def write_stored(path: Path, contents: Contents) -> Path:
    return write_zip(path, contents, zipfile.ZIP_STORED)


def tar_bytes(contents: Contents, *others: tarfile.TarInfo) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(as_bytes(content))
            archive.addfile(info, io.BytesIO(as_bytes(content)))
        for info in others:
            archive.addfile(info)
    return file.getvalue()


def write_tar(path: Path, contents: Contents) -> Path:
    packing = next((packing for packing in PACKINGS if path.suffix.endswith(packing)), "")
    path.write_bytes(PACKINGS.get(packing, bytes)(tar_bytes(contents)))
    return path


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "xz": lzma.compress,
    "zst": lambda data: pa.compress(data, "zstd", asbytes=True),
}
WRITERS: dict[str, Callable[[Path, Contents], Path]] = {
    "a.zip": write_zip,
    "stored.zip": write_stored,
    "a.tar": write_tar,
    "a.tar.gz": write_tar,
    "a.txz": write_tar,
    "a.tar.zst": write_tar,
}


def told(articles: list[Article], top: Path) -> dict[str, tuple[str | None, ...]]:
    """What is known of articles, by their ids; sources within the folder or archive."""
    return {
        article.doc_id: (
            article.text,
            article.title,
            str(article.published),
            article.source and article.source.removeprefix(str(top)),
        )
        for article in articles
    }


@pytest.mark.parametrize("name", WRITERS)
def test_archive_is_read_like_its_folder(tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    folder = write_folder(tmp_path / "folder", TAIGA)
    path = WRITERS[name](tmp_path / name, TAIGA)
    expected, problems = read_all(folder)
    assert problems == []
    assert {"Лента/more/c", "Лента/more/two/c"} <= {article.doc_id for article in expected}
    caplog.clear()
    articles, problems = read_all(path)
    assert problems == []
    assert told(articles, path) == told(expected, folder)
    assert [article.text for article in articles if article.title == "Дождь"] == ["Дождь шёл весь день."]
    assert caplog.messages == [
        f"{path}: 1 files passed over, their kinds are not read: .png (1)",
        f"{path}/Лента/newmetadata.csv: tells nothing of 3 texts beside it",
    ]
    if ".zip" in name:
        assert [article.source for article in articles] == [
            article.source and article.source.replace(str(folder), str(path)) for article in expected
        ]


def test_archives_in_a_folder(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "in" / "x").mkdir(parents=True)
    write_zip(tmp_path / "in" / "x" / "a.zip", {"7.txt": "А.", "8.txt": "Б."})
    write_tar(tmp_path / "in" / "b.tar.gz", {"7.txt": "В."})
    write_zip(tmp_path / "in" / "there.zip", {"there/9.txt": "Г."})
    write_folder(tmp_path / "in", {"there/9.txt": "Г.", "0.txt": "Д."})
    articles, problems = read_all(tmp_path / "in")
    assert problems == []
    assert [article.doc_id for article in articles] == ["0", "b.tar.gz/7", "9", "x/a.zip/7", "8"]
    assert caplog.messages == [f"{tmp_path}/in/there.zip: passed over, for what it holds lies unpacked beside it"]


def test_table_beside_an_archive(tmp_path: Path) -> None:
    (tmp_path / "meta.csv").write_text("file,title\n1.txt,Мост\n", encoding="utf-8")
    write_zip(tmp_path / "texts.zip", {"texts/1.txt": "Мост открыли.", "texts/2.txt": "Снег."})
    articles, problems = read_all(tmp_path)
    assert problems == []
    assert [(article.doc_id, article.title) for article in articles] == [("1", "Мост"), ("2", None)]


@pytest.mark.parametrize("name", ["a.zip", "stored.zip", "a.tar", "a.tar.gz"])
def test_formats_that_are_gone_to_and_fro_in(tmp_path: Path, name: str) -> None:
    table = pa.table({"text": ["Мост открыли.", "Мост закрыли."]})
    arrow, parquet = io.BytesIO(), io.BytesIO()
    with pa.ipc.new_file(arrow, table.schema) as writer:
        writer.write_table(table)
    pq.write_table(table, parquet)
    path = WRITERS[name](tmp_path / name, {"a.arrow": arrow.getvalue(), "b.parquet": parquet.getvalue()})
    articles, problems = read_all(path)
    assert problems == []
    assert [article.doc_id for article in articles] == ["a:1", "a:2", "b:1", "b:2"]


def test_no_room_for_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_tar(tmp_path / "a.tar.gz", {"a.parquet": b"PAR1", "b.txt": "Мост."})

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("svodka.readers.opening.copyfileobj", full)
    [article], [problem] = read_all(path)
    assert article.doc_id == "b"
    assert problem.source == f"{path}/a.parquet"
    assert "No space left on device" in problem.message
    assert "TMPDIR" in problem.message


# --- names --------------------------------------------------------------------------------------------------------


def zip_of_windows(path: Path, names: list[str], encoding: str) -> Path:
    """A zip whose names are in an encoding that nothing tells, as Windows' Explorer and old programs write it."""

    class Info(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
            return self.filename.encode(encoding), 0

    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            info = Info(name)
            info.create_system = 0
            archive.writestr(info, f"Текст {name}.")
    return path


@pytest.mark.parametrize("encoding", ["cp866", "cp1251", "utf-8"])
@pytest.mark.parametrize("slash", ["/", "\\"])
def test_names_of_windows(tmp_path: Path, encoding: str, slash: str) -> None:
    names = [f"Новости за январь{slash}Мост через реку открыт.txt", f"Новости за январь{slash}Снег.txt"]
    path = zip_of_windows(tmp_path / "a.zip", names, encoding)
    articles, problems = read_all(path)
    assert problems == []
    assert [article.doc_id for article in articles] == ["Мост через реку открыт", "Снег"]
    assert articles[0].source == f"{path}/Новости за январь/Мост через реку открыт.txt"


def test_names_that_tell_nothing_are_those_of_ms_dos(tmp_path: Path) -> None:
    [article], _ = read_all(zip_of_windows(tmp_path / "a.zip", ["Ё.txt"], "cp866"))
    assert article.doc_id == "Ё"


def test_names_of_an_old_tar(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w", encoding="koi8-r", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("Мост через реку открыт.txt"))
    _, [problem] = read_all(tmp_path / "a.tar")
    assert problem.doc_id == "Мост через реку открыт"


@given(name=st.text(st.sampled_from("а./\\:\0 "), max_size=8))
def test_no_name_leads_out(name: str) -> None:
    try:
        path = path_within(name)
    except ValueError:
        return
    assert not Path(path).is_absolute()
    assert ".." not in Path(path).parts
    assert Path(path).as_posix() == path


# --- what is bad --------------------------------------------------------------------------------------------------


def link(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def test_members_that_are_no_files_of_the_archive(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Тайна.", encoding="utf-8")
    others = [
        link("s.txt", tarfile.SYMTYPE, str(tmp_path / "secret.txt")),
        link("h.txt", tarfile.LNKTYPE, "ok.txt"),
        link("d.txt", tarfile.CHRTYPE),
        link("s.pdf", tarfile.SYMTYPE, "/"),
    ]
    names = {"../secret.txt": "А.", f"{tmp_path}/secret.txt": "Б.", "./ok.txt": "В.", "a.tar.gz": b""}
    (tmp_path / "a.tar").write_bytes(tar_bytes(names, *others))
    articles, problems = read_all(tmp_path / "a.tar")
    assert sorted(article.text for article in articles) == ["Б.", "В."]
    assert {str(problem.source).removeprefix(f"{tmp_path}/a.tar/"): problem.message for problem in problems} == {
        "../secret.txt": "its name leads out of the archive; it is left out",
        "s.txt": "it is a link, which is not followed (2 files of the archive)",
        "d.txt": "it is a device or a pipe, and no file",
        "a.tar.gz": "archives in archives are not read; unpack the outer one, and give the folder",
    }
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        info = zipfile.ZipInfo("s.txt")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, str(tmp_path / "secret.txt"))
        archive.writestr("../secret.txt", "А.")
        archive.writestr("ok.txt", "Б.")
    [article], problems = read_all(tmp_path / "a.zip")
    assert article.text == "Б."
    assert [problem.source for problem in problems] == [f"{tmp_path}/a.zip/../secret.txt", f"{tmp_path}/a.zip/s.txt"]


def test_of_files_of_one_name_the_last_is_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_zip(tmp_path / "a.zip", {"a.txt": "Первый.", "b.txt": "Второй."})
    path = tmp_path / "a.zip"
    path.write_bytes(path.read_bytes().replace(b"b.txt", b"a.txt"))
    (tmp_path / "a.tar").write_bytes(tar_bytes({"a.txt": "Первый.", "./a.txt": "Второй."}))
    for name in ("a.zip", "a.tar"):
        [article], problems = read_all(tmp_path / name)
        assert (article.text, problems) == ("Второй.", [])
    assert "a.tar: 1 files have the name of a later one, which is read" in caplog.text


def test_encrypted_and_foreign_members_cost_only_themselves(tmp_path: Path) -> None:
    path = write_stored(tmp_path / "a.zip", {"a.txt": "А.", "b.txt": "Б.", "c.txt": "В."})
    data = bytearray(path.read_bytes())
    entries = [position for position in range(len(data)) if data.startswith(b"PK\x01\x02", position)]
    data[entries[0] + 8] |= 1  # the flag of encryption
    struct.pack_into("<H", data, entries[1] + 10, 9)  # the method Deflate64
    path.write_bytes(data)
    [article], problems = read_all(path)
    assert article.doc_id == "c"
    assert "it is encrypted; unpack the archive with its password" in problems[0].message
    assert "it is packed by Deflate64, which Python does not know" in problems[1].message


def test_damaged_member_of_a_zip(tmp_path: Path) -> None:
    path = write_stored(tmp_path / "a.zip", {"a.jsonl": '{"text": "Мост."}\n', "b.txt": "Б."})
    path.write_bytes(path.read_bytes().replace("Мост".encode(), "Рост".encode()))
    articles, [problem] = read_all(path)
    assert [article.doc_id for article in articles] == ["b"]
    assert "Bad CRC-32" in problem.message
    assert "`unzip -t a.zip` tells whether it is whole" in problem.message


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tar.zst"])
def test_tar_that_is_cut_off(tmp_path: Path, name: str) -> None:
    texts = {f"{number}.txt": os.urandom(4000).hex() for number in range(100)}
    path = write_tar(tmp_path / name, texts)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    articles, problems = read_all(path)
    assert 20 < len(articles) < 60
    assert [article.text for article in articles] == list(texts.values())[: len(articles)]
    assert "the archive is cut off or damaged after" in problems[-1].message


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.wacz"])
@pytest.mark.parametrize("data", [b"", b"no archive", gzip.compress(b"no archive", mtime=0)])
def test_no_archive(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    articles, [problem] = read_all(tmp_path / name)
    assert articles == []
    assert problem.source == str(tmp_path / name)
    assert "is no zip archive" in problem.message or "is no tar archive" in problem.message


def test_archive_with_nothing_to_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write_zip(tmp_path / "in.zip", {"a.pdf": b"", "b.sqlite": b""})
    articles, [problem] = read_all(path)
    assert articles == []
    assert "the archive has nothing to read; files are read that end in" in problem.message
    (tmp_path / "a.txt").write_text("Мост.", encoding="utf-8")
    assert len(read_all(tmp_path)[0]) == 1
    assert f"{path}: has nothing to read" in caplog.text


def test_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "FREE_BYTES", 2**18)
    bomb = '{"text": "Мост."}\n' + "\n" * 5_000_000
    path = write_zip(tmp_path / "a.zip", {"a.jsonl": bomb, "b.txt": "Б."})
    [article], [problem] = read_all(path)
    assert article.doc_id == "b"
    assert problem.source == f"{path}/a.jsonl"
    assert "100 times as large" in problem.message
    path = write_tar(tmp_path / "a.tar.gz", {"b.txt": "Б.", "a.jsonl": bomb})
    [article], [problem] = read_all(path)
    assert article.doc_id == "b"
    assert problem.source == str(path)
    # files that share their bytes: each is sound, together they are a bomb
    packed = write_zip(tmp_path / "one.zip", {"0.txt": "Мост открыли. " * 200_000}).read_bytes()
    entry = packed.index(b"PK\x01\x02")
    end = packed.index(b"PK\x05\x06")
    entries = packed[entry:end] * 50
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 50, 50, len(entries), entry, 0)
    (tmp_path / "shared.zip").write_bytes(packed[:entry] + entries + last)
    _, [problem] = read_all(tmp_path / "shared.zip")
    assert "100 times as large" in problem.message


def test_headers_of_a_tar_cannot_fill_the_memory(tmp_path: Path) -> None:
    header = bytearray(link("a", b"x").tobuf(tarfile.USTAR_FORMAT))
    for size in (b"77777777777\0", b"\xff" * 12):  # 8 GB, and less than nothing
        header[124:136] = size
        header[148:156] = b"%06o\0 " % (sum(header[:148]) + 8 * 32 + sum(header[156:512]))
        (tmp_path / "a.tar.gz").write_bytes(gzip.compress(bytes(header) + b"9" * 3_000_000))
        articles, [problem] = read_all(tmp_path / "a.tar.gz")
        assert articles == []
        assert "is no tar archive, or is damaged" in problem.message


SMALL = {"d/a.txt": "Мост.", "d/b.jsonl": '{"text": "Снег."}\n' * 3, "d/c.csv": "id,text\n1,Лес\n"}


@settings(max_examples=60)
@given(data=st.data())
def test_no_damage_is_too_odd(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.getbasetemp()
    name = data.draw(st.sampled_from(["m.zip", "m.tar", "m.tar.gz"]))
    path = (write_zip if name == "m.zip" else write_tar)(folder / name, SMALL)
    damaged = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    path.write_bytes(damaged)
    articles, problems = read_all(path)
    assert all(isinstance(article, Article) for article in articles)
    assert all(isinstance(problem, Problem) for problem in problems)


# --- how it is read -----------------------------------------------------------------------------------------------


def test_packed_tar_is_never_gone_back_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands where: tables behind their texts, JSON that is looked at twice."""
    contents: dict[str, str | bytes] = {}
    for folder in range(20):
        contents |= {f"{folder}/{number}.txt": f"Текст {number}." for number in range(5)}
        contents[f"{folder}/meta.csv"] = "file,title\n" + "".join(f"{number}.txt,Т{number}\n" for number in range(5))
        contents[f"{folder}/x.json"] = '[{"text": "Снег."}]'
    begun = []
    unpack = tars.unpack
    monkeypatch.setattr(tars, "unpack", lambda file, packing: begun.append(packing) or Watched(unpack(file, packing)))

    class Watched(io.BufferedReader):
        def __init__(self, file: io.BufferedReader) -> None:
            super().__init__(file)

        def seek(self, offset: int, whence: int = 0) -> int:
            assert offset >= self.tell()
            return super().seek(offset, whence)

    articles, problems = read_all(write_tar(tmp_path / "a.tar.gz", contents))
    assert problems == []
    assert len(articles) == 120
    assert sum(article.title is not None for article in articles) == 100
    assert begun == [".gz"] * 3  # to list, to look for tables, to read


def test_nothing_stays_open(tmp_path: Path) -> None:
    from svodka import read

    path = write_tar(tmp_path / "a.tar.gz", TAIGA)

    def n_open() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = n_open()
    items = read(path)
    next(items)
    assert n_open() > before
    items.close()  # type: ignore[attr-defined]
    assert n_open() == before


def test_web_archive_as_zip(tmp_path: Path) -> None:
    page = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{plain()}".encode()
    header = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {ADDRESS}\r\nContent-Length: {len(page)}\r\n\r\n"
    packed = gzip.compress(header.encode() + page + b"\r\n\r\n")
    pages = '{"format": "json-pages-1.0"}\n{"url": "https://a.example/", "text": "Мост открыли."}\n'
    contents = {"datapackage.json": "{}", "pages/pages.jsonl": pages, "archive/data.warc.gz": packed}
    path = write_stored(tmp_path / "a.wacz", contents)
    [article], problems = read_all(path)
    assert problems == []
    assert (article.doc_id, article.text, article.published_from) == ("data:1", TEXT, "url")
