"""Encodings of Russian texts: told and reported, or refused; never mojibake."""

import bz2
import gzip
import logging
import lzma
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svodka.errors import InputError
from svodka.readers import encoding as reading
from svodka.readers import read, unpacking
from svodka.readers.guess import CYRILLIC, guess_encoding
from svodka.records import Article, Problem

TEXT = (
    "Мост через реку открыли вчера, сообщил мэр города. Ждали его долго: строители работали три года.\r\n"
    "Первым по мосту проехал автобус, за ним велосипедисты и пешеходы, всего пять тысяч человек.\n"
)
HEADLINES = (
    "Мост через реку откроют в сентябре, заявил губернатор Иван Орлов",
    "МОСТ ЧЕРЕЗ РЕКУ ОТКРОЮТ В СЕНТЯБРЕ, ЗАЯВИЛ ГУБЕРНАТОР ИВАН ОРЛОВ",
    "Reuters: строительство моста Golden Bridge подорожало на 12% из-за дождей",
)
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda data: pa.compress(data, "zstd", asbytes=True),
}


def read_all(path: Path, encoding: str | None = None) -> tuple[list[Article], list[Problem]]:
    items = list(read(path, encoding=encoding))
    return [i for i in items if isinstance(i, Article)], [i for i in items if isinstance(i, Problem)]


def write(path: Path, text: str, encoding: str) -> Path:
    path.write_bytes(text.encode(encoding))
    return path


# --- the guess ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", [*CYRILLIC, "utf-8"])
@pytest.mark.parametrize("text", [TEXT, *HEADLINES])
def test_text_comes_back(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    guess = guess_encoding(data)
    assert guess is not None
    assert data.decode(guess) == text  # of encodings that agree on the text any will do


@pytest.mark.parametrize("encoding", CYRILLIC)
def test_texts_of_few_bytes_are_not_guessed_wrongly(encoding: str) -> None:
    words = TEXT.split()
    for first in range(len(words)):
        for n_words in range(1, 4):
            snippet = " ".join(words[first : first + n_words])
            guess = guess_encoding(snippet.encode(encoding))
            assert guess is None or snippet.encode(encoding).decode(guess) == snippet


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Le maire a déclaré que le pont était ouvert à tous, où que l'on aille. " * 4),
        ("cp1252", "Über die Brücke führte früher größtenteils ein schöner Weg nach Köln. " * 4),
        ("cp1250", "Starosta oznámil, že most přes řeku je otevřený; přišly tisíce lidí. " * 4),
        ("cp1253", "γέφυρα άνοιξε χθες το πρωί, δήλωσε δήμαρχος της πόλης. " * 4),
        ("cp1255", "הגשר נפתח אתמול בבוקר, אמר ראש העיר. " * 4),
        ("gbk", "桥昨天早上开通了,市长说。" * 8),
        ("shift_jis", "橋は昨日の朝に開通したと市長が述べた。" * 8),
        ("euc-kr", "다리는 어제 아침에 개통되었다고 시장이 말했다." * 8),
    ],
)
def test_other_languages_are_not_made_russian(encoding: str, text: str) -> None:
    assert guess_encoding(text.encode(encoding, "ignore")) is None


def test_noise_is_not_made_russian() -> None:
    assert guess_encoding(bytes(number * number * 7919 % 251 for number in range(5000))) is None


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_utf8_is_never_taken_for_a_one_byte_encoding(text: str) -> None:
    assert guess_encoding(text.encode()) not in CYRILLIC


@given(place=st.integers(0, len(TEXT.encode()) - 1), byte=st.integers(0x80, 0xFF))
def test_one_damaged_byte_leaves_utf8_what_it_is(place: int, byte: int) -> None:
    data = bytearray(TEXT.encode())
    data[place] = byte
    assert guess_encoding(bytes(data)) == "utf-8"


@pytest.mark.parametrize("n_bytes", [40, 41, 42, 43])
def test_beginning_may_end_within_a_character(n_bytes: int) -> None:
    assert guess_encoding(TEXT.encode()[:n_bytes], is_whole=False) == "utf-8"


# --- files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", [*CYRILLIC, *WIDE])
@pytest.mark.parametrize("ending", [".txt", ".jsonl", ".json", ".csv"])
@pytest.mark.parametrize("packing", PACKINGS)
def test_file_is_decoded_and_that_is_said_once(
    tmp_path: Path, ending: str, packing: str, encoding: str, caplog: pytest.LogCaptureFixture
) -> None:
    quoted = TEXT.replace("\r\n", "\\r\\n").replace("\n", "\\n")
    contents = {".txt": TEXT, ".jsonl": f'{{"text": "{quoted}"}}\n' * 2, ".csv": f'text\n"{TEXT}"\n'}
    contents[".json"] = f'[{{"text": "{quoted}"}},\n{{"text": "Мост"}}]'
    content = ("\ufeff" if encoding in WIDE else "") + contents[ending]
    path = tmp_path / f"a{ending}{packing}"
    path.write_bytes(PACKINGS[packing](content.encode(encoding)))
    articles, problems = read_all(path)
    assert problems == []
    assert articles[0].text == TEXT
    assert {article.encoding for article in articles} == {encoding}
    (record,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert str(path) in record.getMessage()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_is_reported_and_not_warned_of(tmp_path: Path, encoding: str, caplog: pytest.LogCaptureFixture) -> None:
    [article], _ = read_all(write(tmp_path / "a.txt", TEXT, encoding))
    assert (article.text, article.encoding) == (TEXT, "utf-8")
    assert not caplog.records


def test_encoding_of_many_files_is_warned_of_once_a_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name, encoding in (("a.txt", "cp1251"), ("b.txt", "cp1251"), ("c.txt", "koi8-r"), ("d.txt", "koi8-r")):
        write(tmp_path / name, TEXT, encoding)
    for _ in range(2):
        caplog.clear()
        articles, _ = read_all(tmp_path)
        assert [article.encoding for article in articles] == ["cp1251", "cp1251", "koi8-r", "koi8-r"]
        warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
        assert [Path(warning.partition(": ")[0]).name for warning in warnings] == ["a.txt", "c.txt"]
        assert all("--encoding" in warning for warning in warnings)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(tmp_path: Path, encoding: str) -> None:
    [article], _ = read_all(write(tmp_path / "a.txt", TEXT, encoding))
    assert (article.text, article.encoding) == (TEXT, encoding)


@settings(max_examples=25)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters='"\\\n')), max_size=4))
def test_utf16_lines_end_where_they_end(texts: list[str]) -> None:
    """Whatever the bytes of the characters are: U+0A0A and U+200A have those of a line feed."""
    texts = ["я\u0a0a\u200a\u010a🌉", *(f"{text}я" for text in texts)]
    lines = [f'{{"text": "{"".join(char if char >= " " else " " for char in text)}"}}' for text in texts]
    with tempfile.TemporaryDirectory() as folder:
        articles, problems = read_all(write(Path(folder, "a.jsonl"), "\n".join(lines), "utf-16"))
    assert problems == []
    assert [f'{{"text": "{article.text}"}}' for article in articles] == lines


def test_caller_knows_better(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write(tmp_path / "a.txt", "да", "cp1251")
    assert "is not UTF-8" in read_all(path)[1][0].message
    [article], _ = read_all(path, "windows-1251")
    assert (article.text, article.encoding) == ("да", "cp1251")
    assert not caplog.records


def test_mark_knows_better_than_the_caller(tmp_path: Path) -> None:
    [article], _ = read_all(write(tmp_path / "a.txt", TEXT, "utf-16"), "windows-1251")
    assert article.text == TEXT


@pytest.mark.parametrize("name", ["klingon", "hex", "undefined", "a\0b", ""])
def test_unknown_encoding_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="there is no encoding"):
        read(tmp_path, encoding=name)


@pytest.mark.parametrize("name", ["idna", "punycode", "utf-7", "utf-16", "cp037", "gb18030"])
def test_any_encoding_of_python_ends_with_articles_or_problems(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"text": "Мост"}\n'.encode() * 3 + bytes(range(256)))
    articles, problems = read_all(path, name)
    assert articles or problems


def test_line_that_does_not_decode_costs_itself(tmp_path: Path) -> None:
    line = '{"text": "Мост через реку открыли вчера, сообщила мэрия города"}\n'.encode("cp1251")
    path = tmp_path / "a.jsonl"
    path.write_bytes(line + line.replace(b" ", b"\x98", 3) + line)
    articles, [problem] = read_all(path)
    assert [article.doc_id for article in articles] == ["a:1", "a:3"]
    assert problem.source == f"{path}:2"
    assert "byte 0x98 is no character of windows-1251, which the file is read as" in problem.message


@pytest.mark.parametrize("ending", [".jsonl", ".csv"])
def test_half_of_a_pair_in_utf16_costs_its_line(tmp_path: Path, ending: str) -> None:
    line = '{"text": "Мост"}' if ending == ".jsonl" else "Мост"
    broken = line.replace("о", "\ud83d")
    head = "" if ending == ".jsonl" else "text\n"
    path = tmp_path / f"a{ending}"
    path.write_bytes(f"\ufeff{head}{line}\n{broken}\n{line}".encode("utf-16-le", "surrogatepass") + b"\0")
    articles, problems = read_all(path)
    assert [article.text for article in articles] == ["Мост"]
    assert len(problems) == 2  # the second for the half of a character at the end
    assert all("is no character of utf-16-le" in problem.message for problem in problems)


def test_damaged_utf8_text_stays_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode() + b"\xf1" + TEXT.encode())
    articles, [problem] = read_all(path)
    assert articles == []
    assert f"byte {len(TEXT.encode())} (0xf1) is not UTF-8; the text is damaged there" in problem.message


def test_encoding_is_told_from_the_beginning_and_holds_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_HEAD_BYTES", 200)
    line = '{"text": "Мост через реку открыли вчера, сообщила мэрия"}\n'
    articles, problems = read_all(write(tmp_path / "a.jsonl", line * 3000 + line.replace("М", "…"), "cp1251"))
    assert problems == []
    assert len(articles) == 3001
    assert articles[-1].text.startswith("…ост")


@pytest.mark.parametrize("ending", [".txt", ".jsonl", ".json", ".csv"])
@pytest.mark.parametrize("packing", [".gz", ".bz2", ".xz", ".zst"])
def test_packed_file_that_is_cut_off_or_none(tmp_path: Path, ending: str, packing: str) -> None:
    packed = PACKINGS[packing](f"text\n{TEXT}".encode())
    for data in (packed[: len(packed) // 2], b"nothing packed"):
        path = tmp_path / f"a{ending}{packing}"
        path.write_bytes(data)
        _, problems = read_all(path)
        assert "the packed file is cut off or damaged after line" in problems[-1].message
        assert f"-t a{ending}{packing}` tells whether it is whole" in problems[-1].message


@pytest.mark.parametrize("packing", [".bz2", ".xz", ".zst"])
@pytest.mark.parametrize("ending", [".txt", ".jsonl", ".json", ".csv"])
def test_bombs_of_every_packing_are_told(
    tmp_path: Path, ending: str, packing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "FREE_BYTES", 2**18)
    path = tmp_path / f"a{ending}{packing}"
    path.write_bytes(PACKINGS[packing]((b"text\n" if ending == ".csv" else b"") + b" " * 79 + b"\n" * 5_000_000))
    articles, problems = read_all(path)
    assert articles == []
    assert "100 times as large" in problems[-1].message
