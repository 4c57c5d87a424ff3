"""Corrections made in brat, and what an annotation file cannot have: each costs only itself."""

import re
from pathlib import Path

import pytest

from corrections_data import Ann, assert_corrected, bridge, imported, quotes_of, to_brat
from export_data import tables_of
from svodka.corrections.gold import ImportSummary, import_gold
from svodka.errors import InputError
from svodka.evaluate.names import evaluate_names
from svodka.evaluate.quotes import evaluate_quotes


def test_an_annotator_corrects_in_brat(tmp_path: Path) -> None:
    ann = Ann(to_brat(bridge(), tmp_path / "brat"))
    ann.delete(ann.id("DirectQuote", "Работы закончены"))
    first, second = ann.id("DirectQuote", "Мост откроют 16 числа"), ann.id("IndirectQuote", "дорога готова")
    ann.move(first, "Мост откроют")
    vega, orlov = ann.id("Organization", "Вега"), ann.id("Person", "Иван Орлов")
    ann.lines = [
        line.replace(f"Speaker Arg1:{first} Arg2:{orlov}", f"Speaker Arg1:{first} Arg2:{vega}") for line in ann.lines
    ]
    ann.add_span("T90", "MixedQuote", "Осенью", "новая пьеса")
    ann.add("A90\tForm T90 headline", "#90\tAnnotatorNotes T90\tSpeaker: Театр на Реке; via = ТАСС")
    ann.add(f"#91\tAnnotatorNotes {second}\tspeaker=-")
    ann.lines = [line.replace("edtf=2021-09-16", "edtf=2021-10-16") for line in ann.lines]
    ann.add_span("T92", "Date", "Осенью")
    ann.add("#92\tAnnotatorNotes T92\tedtf=2021-23", f"#93\tAnnotatorNotes {orlov}\tname=Иван Петрович Орлов")
    ann.add_span("T93", "Place", "пьеса")
    ann.save()
    done, (gold,) = imported(tmp_path / "brat", tmp_path / "gold")
    assert done == ImportSummary(1, 3, 3, 6, ())
    assert_corrected(gold)


def test_what_brat_cannot_have_written_costs_only_itself(tmp_path: Path) -> None:
    ann = Ann(to_brat(bridge(), tmp_path / "brat"))
    ann.lines = [line.replace("edtf=2021-09-16", "edtf=вчера") for line in ann.lines]
    before = len(ann.lines)
    ann.add(
        "T90\tPerson 5 5\t",
        "T91\tPerson 5 9999\tx",
        "T92\tCity 5 9\tоткр",
        "T1\tPerson 5 9\tоткр",
        "T93\tPlace 1 5\tГород",  # the text there is another
        "T94\tDirectQuote 98 99\t",  # a line break
        "R90\tSpeaker Arg1:T1 Arg2:T777",
        "R91\tSpeaker Arg1:T6 Arg2:T7",
        "R92\tKnows Arg1:T1 Arg2:T6",
        "R93\tSpeaker Arg1:T1 Arg2:T7",
        "A90\tForm T1 poem",
        "A91\tForm T6 dash",
        "A92\tForm T778 dash",
        "#90\tAnnotatorNotes T2\tstart=2024-02-30",
        "#91\tAnnotatorNotes T6\tпроверить",
        "#92\tAnnotatorNotes T6\tedtf=2024",
        "T95\tDate 14 15\t1",
        "E1\tEvent:T1",
        "совсем не то",
        "",
    )
    ann.save()
    done, (gold,) = imported(tmp_path / "brat", tmp_path / "gold")
    told = [re.fullmatch(rf"{re.escape(str(ann.file))}:(\d+): (.*)", warning) for warning in done.warnings]
    messages = {(int(found[1]) - before, found[2]) for found in told if found}
    assert len(messages) == len(done.warnings)
    expected = [
        (1, "Person has a span that is empty or outside the text"),
        (2, "the text there is"),
        (2, "Person has a span that is empty or outside the text, of"),
        (3, "no label 'City'; there are DirectQuote"),
        (4, "a second T1; the first is kept"),
        (5, "the text there is 'Мост', not 'Город'; the offsets count"),
        (6, "DirectQuote holds nothing but white space"),
        (7, "Speaker names T777, which is not there or could not be used"),
        (8, "Speaker cannot go from Person to Organization"),
        (9, "no relation 'Knows'; there are Speaker"),
        (10, "DirectQuote has a second Speaker; the first is kept"),
        (13, "it belongs to T778, which is not there"),
        (15, "a note has no key before 'проверить'"),
        (18, "not a line of brat's that is read here: 'E1"),
        (19, "not a line of brat's that is read here: 'совсем не то'"),
    ]
    for number, beginning in expected:
        assert any(line == number and message.startswith(beginning) for line, message in messages), beginning
    of_regions = "\n".join(message for line, message in messages if line <= 0)
    assert "DirectQuote cannot have Form 'poem'; it is one of inline" in of_regions
    assert "Person cannot have Form 'dash'; it is not used" in of_regions
    assert "Person has no 'edtf'" in of_regions
    assert "the date is kept without a value" in of_regions
    assert "start=2024-02-30 is no day such as 2024-03-14" in of_regions
    assert any("overlaps the date before it" in message for _, message in messages)
    assert quotes_of(gold)["Мост откроют 16 числа"]["speaker"] == "Иван Орлов"
    assert (gold.dates[0]["text"], gold.dates[0]["edtf"], gold.dates[0]["start_date"]) == ("16 числа", None, None)


def test_names_that_notes_and_names_that_others_give(tmp_path: Path) -> None:
    ann = Ann(to_brat(bridge(), tmp_path / "brat"))
    ann.lines = [line for line in ann.lines if not line.startswith(("N", "R"))]
    source = ann.text.index("министра")
    ann.add("#90\tAnnotatorNotes T6\tname=Пётр; Орлов=младший", f"T90\tSource {source} {source + 8}\tминистра")
    ann.add("R90\tSpeaker Arg1:T90 Arg2:T13", "R91\tSpeaker Arg1:T1 Arg2:T8", "R92\tSpeaker Arg1:T14 Arg2:T6")
    ann.save()
    done, (gold,) = imported(tmp_path / "brat", tmp_path / "gold")
    assert done.warnings == ()
    quotes = quotes_of(gold)
    assert quotes["дорога готова"]["speaker"] == "министра"  # an arrow drawn the other way round, a source as it stands
    assert quotes["Мост откроют 16 числа"]["speaker"] is None  # a pronoun that nothing is known of
    assert quotes["Работы закончены"]["speaker"] == "Пётр; Орлов=младший"


def test_brat_keeps_one_of_the_references_of_a_mention(tmp_path: Path) -> None:
    ann = Ann(to_brat(bridge(), tmp_path / "brat"))
    ann.lines = [line.replace("svodka:", "authority:Q") for line in ann.lines]
    ann.save()
    done, (gold,) = imported(tmp_path / "brat", tmp_path / "gold")
    assert done.warnings == ()
    assert quotes_of(gold)["дорога готова"]["speaker"] == "Анна Петрова"


def test_what_brat_itself_makes_of_lines(tmp_path: Path) -> None:
    """Each time it opens a document it adds a tab before names, and a span moved across a line end it breaks there."""
    ann = Ann(to_brat(bridge(), tmp_path / "brat"))
    second = ann.id("IndirectQuote", "дорога готова")
    ann.lines = [re.sub(r"^(N.*)\t", r"\1\t\t\t", line) for line in ann.lines if not line.startswith(f"{second}\t")]
    ann.lines = [re.sub(r"^(R.*)", r"\1\t", line) for line in ann.lines]
    number = len(ann.lines) + 1
    start, end = ann.text.index("дорога готова"), ann.text.index("Работы") + len("Работы")
    assert "\n" in ann.text[start:end]
    ann.add(f"{second}\tIndirectQuote {start} {end}\t{ann.text[start:end]}")
    ann.add("#90\tAnnotatorNotes R1\tпроверить", "#91\tAnnotatorNotes R999\tспросить")
    ann.save()
    done, (gold,) = imported(tmp_path / "brat", tmp_path / "gold")
    place = number + ann.text[start:end].count("\n") + 1
    told = "a note at a relation is not read; write it at the quotation or the mention"
    assert done.warnings == tuple(f"{ann.file}:{line}: {told}" for line in (place, place + 1))
    quotes = quotes_of(gold)
    assert quotes["Мост откроют 16 числа"]["speaker"] == "Иван Орлов"
    assert ann.text[start:end].replace("\n", "|") in quotes  # the markup has the parts of a quotation by line


def test_brat_folder_of_others(tmp_path: Path) -> None:
    """Without ``documents.jsonl``, in a folder of its own, with a text of another encoding beside it."""
    folder = tmp_path / "brat" / "one"
    folder.mkdir(parents=True)
    (folder / "rain.txt").write_bytes("Пришёл Орлов.\r\n".encode())
    (folder / "rain.ann").write_bytes("T1\tPerson 7 12\tОрлов\r\n".encode())
    (folder / "snow.txt").write_bytes("Снег".encode("cp1251"))
    (folder / "snow.ann").touch()
    done, (gold,) = imported(tmp_path / "brat", tmp_path / "gold")
    assert (gold.article.doc_id, gold.article.text) == ("rain", "Пришёл Орлов.\r\n")
    assert gold.entities == [
        {"start": 7, "end": 12, "text": "Орлов", "label": "PER", "name": "Орлов", "role": None}
    ]  # fmt: skip
    assert [warning.removeprefix(f"{folder}/") for warning in done.warnings] == [
        "rain.ann: documents.jsonl does not tell what this is; its id is the name of the file",
        "snow.ann: text or annotation is not UTF-8 at byte 0; the document is left out",
    ]


def test_changed_text_and_broken_index_are_told(tmp_path: Path) -> None:
    ann = Ann(to_brat(bridge(), tmp_path / "brat"))
    ann.file.with_suffix(".txt").write_text(ann.text + " ", encoding="utf-8", newline="")
    done = import_gold(tmp_path / "brat", tmp_path / "gold")
    assert "the text is not the one that was exported" in done.warnings[0]
    (tmp_path / "brat" / "documents.jsonl").write_text("[]\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"documents.jsonl: not the layout that `svodka export --to brat` writes"):
        import_gold(tmp_path / "brat", tmp_path / "gold 2")


def test_corrections_are_not_taken_for_gold_of_nerel(tmp_path: Path) -> None:
    source = to_brat(bridge(), tmp_path / "brat")
    for layer in (evaluate_names, evaluate_quotes):
        with pytest.raises(InputError, match=r"svodka gold import|no gold here"):
            layer(source, tmp_path)


def test_a_text_whose_annotation_is_gone_is_told(tmp_path: Path) -> None:
    folder = to_brat(tables_of("Орлов уехал.", "Петрова осталась."), tmp_path / "brat")
    kept, gone = sorted(folder.glob("*.ann"))
    gone.unlink()
    done, (gold,) = imported(folder, tmp_path / "gold")
    assert gold.article.text == kept.with_suffix(".txt").read_text(encoding="utf-8")
    (warning,) = done.warnings
    assert warning == f"{gone.with_suffix('.txt')}: this text has no annotation beside it any more; it is left out"
