"""The formats that gold comes in: brat's stand-off annotation and FactRuEval's."""

from pathlib import Path

import pytest

from svodka.errors import InputError
from svodka.evaluate.brat import Relation, Span, read_brat
from svodka.evaluate.factrueval import is_factrueval, read_factrueval

TEXT = "Мэр Орска Пётр Орлов ушёл."


def test_spans_and_relations_of_brat(tmp_path: Path) -> None:
    lines = ["T1\tPERSON 10 20\tПётр Орлов", "T2\tPROFESSION 0 3;4 9\tМэр Орска", "R1\tWORKS_AS Arg1:T1 Arg2:T2"]
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.ann").write_text("\n".join(lines), encoding="utf-8")
    (text,) = read_brat(tmp_path)
    person, role = Span(10, 20, "PERSON"), Span(0, 9, "PROFESSION")
    assert text.spans == [person, role]
    assert text.relations == [Relation("WORKS_AS", person, role)]


def test_a_relation_to_a_span_that_is_missing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.ann").write_text("R1\tWORKS_AS Arg1:T1 Arg2:T2", encoding="utf-8")
    with pytest.raises(InputError, match="T1"):
        list(read_brat(tmp_path))


def test_objects_and_occupations_of_factrueval(tmp_path: Path) -> None:
    files = {
        "txt": TEXT,
        "spans": "1 name 10 4 1 1 # Пётр\n2 surname 15 5 2 1 # Орлов\n3 job 0 3 0 1 # Мэр\n",
        "objects": "7 Person 1 2 # Пётр Орлов\n",
        "coref": "90 7\nfirstname Пётр\n",
        "facts": "a-0 Occupation\nWho obj90 Пётр Орлов\nPosition span3 Мэр\n\na-1 Deal\nType x\n",
    }
    for suffix, content in files.items():
        (tmp_path / f"a.{suffix}").write_text(content, encoding="utf-8")
    assert is_factrueval(tmp_path)
    (text,) = read_factrueval(tmp_path)
    (person,) = text.objects
    assert (person.whole, person.entity) == (Span(10, 20, "Person"), "90")
    (occupation,) = text.occupations
    assert (occupation.entity, occupation.positions) == ("90", (Span(0, 3, "job"),))
