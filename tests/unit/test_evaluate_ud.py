from pathlib import Path

import conllu
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from svodka.errors import InputError, StageError
from svodka.evaluate.report import Report
from svodka.evaluate.ud import Analysis, Word, align_words, evaluate_ud, read_conllu, read_doc, score

TREEBANK = """\
# newdoc id = bridge
# newpar
# sent_id = 1
# text = Мост открыли, «наконец».
1\tМост\tмост\tNOUN\t_\tCase=Acc|Number=Sing\t2\tobj\t_\t_
2\tоткрыли\tоткрыть\tVERB\t_\tAspect=Perf|Typo=Yes\t0\troot\t_\tSpaceAfter=No
3\t,\t,\tPUNCT\t_\t_\t5\tpunct\t_\t_
4\t«\t«\tPUNCT\t_\t_\t5\tpunct\t_\tSpaceAfter=No
5\tнаконец\tнаконец\tADV\t_\tDegree=Pos\t2\tadvmod:tmod\t_\tSpaceAfter=No
6\t»\t»\tPUNCT\t_\t_\t5\tpunct\t_\tSpaceAfter=No
7\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_

# text = Едем!
1\tЕдем\t_\tVERB\t_\t_\t0\troot\t_\tSpaceAfter=No
2\t!\t!\tPUNCT\t_\t_\t1\tpunct\t_\t_

# newpar
# text = Все рады
1\tВсе\tвесь\tPRON\t_\t_\t2\tnsubj\t_\t_
1.1\tбыли\tбыть\tAUX\t_\t_\t_\t_\t_\t_
2\tрады\tрад\tADJ\t_\t_\t0\troot\t_\t_

# newdoc
# text = Неговоря
1-2\tНеговоря\t_\t_\t_\t_\t_\t_\t_\t_
1\tНе\tне\tPART\t_\t_\t2\tadvmod\t_\t_
2\tговоря\tговорить\tVERB\t_\t_\t0\troot\t_\t_
"""


@pytest.fixture
def treebank(tmp_path: Path) -> Path:
    path = tmp_path / "bridge.conllu"
    path.write_text(TREEBANK, encoding="utf-8")
    return path


def analysis(tokens: str, sentences: str | None = None) -> Analysis:
    """«Мы пришли|домой» is three tokens; «не+могу» is one token of two words."""
    result = Analysis()
    for token in tokens.replace("|", " ").split():
        words = token.split("+")
        start, end = result.add_token("".join(words))
        for form in words:
            first = not result.words
            result.words.append(
                Word(
                    start=start,
                    end=end,
                    form=form,
                    lemma=form.lower(),
                    upos="X",
                    feats="",
                    head=-1 if first else 0,
                    deprel="root" if first else "dep",
                    multiword=len(words) > 1,
                )
            )
    end = 0
    for sentence in (sentences or tokens).split("/"):
        start, end = end, end + len("".join(sentence.replace("+", "").replace("|", " ").split()))
        result.sentences.append((start, end))
    return result


def values(report: Report) -> dict[str, float]:
    return {name: round(value, 4) for name, value in report.metrics().items()}


def test_raw_text_keeps_paragraphs_and_spaces(treebank: Path) -> None:
    first, second = read_conllu(treebank)
    assert first.text == "Мост открыли, «наконец». Едем!\n\nВсе рады"
    assert second.text == "Неговоря"


def test_a_text_without_the_comment_is_rebuilt_from_tokens(tmp_path: Path) -> None:
    path = tmp_path / "x.conllu"
    path.write_text("\n".join(line for line in TREEBANK.split("\n") if "text" not in line), encoding="utf-8")
    assert [gold.text for gold in read_conllu(path)] == ["Мост открыли, «наконец». Едем!\n\nВсе рады", "Неговоря"]


def test_no_space_is_put_between_sentences_that_have_none(tmp_path: Path) -> None:
    path = tmp_path / "x.conllu"
    path.write_text("1\tДа\tда\tX\t_\t_\t0\troot\t_\tSpaceAfter=No\n\n1\tНет\tнет\tX\t_\t_\t0\troot\t_\t_\n")
    assert next(iter(read_conllu(path))).text == "ДаНет"


def test_reads_what_the_conllu_package_reads(treebank: Path) -> None:
    ours = [word for gold in read_conllu(treebank) for word in gold.analysis.words]
    theirs = [token for sentence in conllu.parse(TREEBANK) for token in sentence if isinstance(token["id"], int)]
    assert [(word.form, word.lemma, word.upos) for word in ours] == [
        (token["form"], token["lemma"], token["upos"]) for token in theirs
    ]
    assert [word.head == -1 for word in ours] == [token["head"] == 0 for token in theirs]
    assert [word.form for word in ours if word.multiword] == ["Не", "говоря"]


def test_only_the_universal_part_of_features_and_relations_is_kept(treebank: Path) -> None:
    words = next(iter(read_conllu(treebank))).analysis.words
    assert words[1].feats == "Aspect=Perf"
    assert words[4].deprel == "advmod"


@pytest.mark.parametrize("line", ["1\tДа", "x\tДа\tда\tX\t_\t_\t0\troot\t_\t_", "1\tДа\tда\tX\t_\t_\t_\troot\t_\t_"])
def test_a_broken_file_is_refused_by_name(tmp_path: Path, line: str) -> None:
    path = tmp_path / "broken.conllu"
    path.write_text(f"{line}\n\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"broken\.conllu"):
        list(read_conllu(path))


def test_gold_against_itself_is_perfect(treebank: Path) -> None:
    golds = [gold.analysis for gold in read_conllu(treebank)]
    report = score([(gold, gold) for gold in golds])
    assert set(report.metrics().values()) == {1.0}
    assert report["LAS"].n_items == 13


def test_other_tokens_count_on_their_own_side() -> None:
    report = score([(analysis("Мост открыли сегодня"), analysis("Мост откры ли сегодня"))])
    tokens = report["Tokens"]
    assert (tokens.precision, tokens.recall, tokens.value) == (2 / 4, 2 / 3, 4 / 7)
    assert report["UPOS"].aligned == 1
    assert report["Sentences"].value == 1


def test_sentences_are_compared_whole() -> None:
    gold, system = analysis("Да нет ладно", "Да/нет ладно"), analysis("Да нет ладно", "Да нет/ладно")
    assert score([(gold, system)])["Sentences"].value == 0


def test_each_layer_counts_its_own_errors() -> None:
    gold, system = analysis("Мост открыли вчера утром"), analysis("Мост открыли вчера утром")
    system.words[1].upos = "VERB"
    system.words[2].head = 1  # wrong head
    system.words[3].deprel = "obl"  # right head, wrong relation
    gold.words[0].lemma = "_"  # asks for none
    system.words[1].lemma = "открыть"
    result = values(score([(gold, system)]))
    assert result == {
        "Tokens": 1, "Sentences": 1, "Words": 1, "UPOS": 0.75, "UFeats": 1, "Lemmas": 0.75, "UAS": 0.75, "LAS": 0.5,
    }  # fmt: skip


def test_a_head_that_is_not_aligned_is_wrong() -> None:
    gold, system = analysis("ab c"), analysis("a b c")
    assert score([(gold, system)])["UAS"].value == 0


# What the shared task's own script gives for these pairs of tokenizations: the number of aligned words.
@pytest.mark.parametrize(
    ("gold", "system", "aligned"),
    [
        ("a b c", "a b c", 3),
        ("abcd", "a b c d", 0),
        ("a bc d", "a b c d", 2),
        ("a+b+c", "a b c", 3),
        ("a b+c d", "a b cd", 2),
        ("a+b c+d", "a bc d", 2),
        ("a+b+c d+e", "a b+c+d e", 5),
        ("a+b+c+d", "a+b c+d", 4),
    ],
)
def test_alignment_across_multiword_tokens(gold: str, system: str, aligned: int) -> None:
    assert len(align_words(analysis(gold).words, analysis(system).words)) == aligned


def test_other_characters_are_refused() -> None:
    with pytest.raises(StageError, match="after 'Мост' comes 'а', not 'у'"):
        score([(analysis("Мост а"), analysis("Мост у"))])


@given(st.lists(st.integers(1, 3), min_size=1, max_size=12), st.lists(st.integers(1, 3), min_size=1, max_size=12))
def test_swapping_gold_and_system_swaps_precision_and_recall(ours: list[int], theirs: list[int]) -> None:
    text = "абвгдежзиклмнопрстуфхцчшщэюя" * 2

    def cut(sizes: list[int]) -> Analysis:
        pieces, start = [], 0
        for size in sizes:
            pieces.append(text[start : start + size])
            start += size
        return analysis(" ".join([*pieces, text[start:]]))

    one, two = score([(cut(ours), cut(theirs))]), score([(cut(theirs), cut(ours))])
    for metric in ("Tokens", "Words", "UPOS", "UAS"):
        assert one[metric].value == two[metric].value
        assert one[metric].precision == two[metric].recall


def make_doc(words: list[str], heads: list[int], argmax: list[int] | None = None) -> Doc:
    doc = Doc(
        spacy.blank("ru").vocab,
        words=words,
        heads=heads,
        deps=["ROOT" if head == index else "nsubj:pass" for index, head in enumerate(heads)],
        pos=["SPACE" if word.isspace() else "NOUN" for word in words],
        morphs=["" if word.isspace() else "Number=Sing|Case=Nom|Foo=Bar" for word in words],
        lemmas=[word.lower() for word in words],
    )
    if argmax is not None:
        doc._.svodka = {"argmax_heads": argmax}
    return doc


def test_white_space_tokens_of_a_doc_are_left_out() -> None:
    result = read_doc(make_doc(["Мост", "\n\n", "открыт"], [2, 0, 2]))
    assert result.characters == "Мостоткрыт"
    assert [(word.form, word.head, word.deprel) for word in result.words] == [
        ("Мост", 1, "nsubj"), ("открыт", -1, "root"),
    ]  # fmt: skip
    assert result.words[0].feats == "Case=Nom|Number=Sing"
    assert result.sentences == [(0, 10)]


def test_heads_before_the_repair_of_trees_have_a_figure_of_their_own() -> None:
    gold = analysis("Мост открыт")
    system = read_doc(make_doc(["Мост", "открыт"], [0, 0], argmax=[-1, -1]))
    report = score([(gold, system)])
    assert (report["UAS"].value, report["UAS argmax"].value) == (1, 0.5)
    assert "UAS argmax" not in score([(gold, read_doc(make_doc(["Мост", "открыт"], [0, 0])))]).metrics()


@pytest.mark.parametrize("gold_tokens", [False, True])
def test_a_pipeline_that_only_cuts_tokens(treebank: Path, gold_tokens: bool) -> None:
    nlp = spacy.blank("ru")
    nlp.add_pipe("sentencizer", config={"overwrite": False})
    report = evaluate_ud(nlp, treebank, gold_tokens=gold_tokens)
    assert report["Tokens"].value == 1
    assert report["Words"].recall == 11 / 13  # spaCy has no words inside a token
    assert report["UPOS"].value == 0
    assert report["Tokens"].n_docs == 2
