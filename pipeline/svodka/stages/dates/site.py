"""The surroundings of an expression: neighbouring lexemes, and what the tagger says about them."""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from svodka.stages.columns import Columns
from svodka.stages.dates.lexemes import Lexemes, read_lexicon

_CONTEXT: dict[str, frozenset[str]] = {}
for _kind, _, _forms in read_lexicon("dates_context.tsv"):
    _CONTEXT[_kind] = _CONTEXT.get(_kind, frozenset()) | frozenset(_forms.replace("\\n", "\n").split("/"))


def words(kind: str) -> frozenset[str]:
    """The words of a kind in the lexicon of contexts."""
    return _CONTEXT[kind]


class Site:
    """A text as lexemes, with its tokens for the few questions that need a tag.

    Args:
        lexemes: All lexemes of the text.
        tokens: The text as tokens; None where there is no tagging, then questions about tags are answered with no.

    Attributes:
        word: Folded form of a lexeme by its index; empty outside the text.
    """

    def __init__(self, lexemes: Lexemes, tokens: Columns | None = None) -> None:
        self.lexemes = lexemes
        self.tokens = tokens
        self.word = lexemes.word
        self._offsets: Sequence[int] = () if tokens is None else tokens.starts

    def place(self, offset: int) -> int:
        """The token that holds an offset or, in a blank, the token before it."""
        return max(bisect_right(self._offsets, offset) - 1, 0)

    def tag(self, index: int) -> tuple[str, Mapping[str, str]] | None:
        """Part of speech and features of the token that holds the beginning of a lexeme; None outside the text."""
        if not self._offsets or self.tokens is None or not 0 <= index < len(self.lexemes):
            return None
        place = self.place(self.lexemes.start(index))
        return self.tokens.pos[place], self.tokens.features[place]

    def lemma(self, index: int) -> str:
        """Lemma of the token that holds the beginning of a lexeme; empty outside the text."""
        if not self._offsets or self.tokens is None or not 0 <= index < len(self.lexemes):
            return ""
        return self.tokens.lemmas[self.place(self.lexemes.start(index))]

    def tagged(self, index: int, pos: str, **feats: str) -> bool:
        """Whether a lexeme has one of the parts of speech (parted by blanks) and all the features."""
        tag = self.tag(index)
        return tag is not None and tag[0] in pos.split() and feats.items() <= tag[1].items()


Condition = Callable[[Site, int, int], bool]


def after(*names: str) -> Condition:
    """The lexeme before belongs to one of the kinds of words."""
    allowed = frozenset().union(*(words(name) for name in names))
    return lambda site, start, _: site.word(start - 1) in allowed


def not_after(*names: str) -> Condition:
    """The lexeme before belongs to none of the kinds of words."""
    refused = frozenset().union(*(words(name) for name in names))
    return lambda site, start, _: site.word(start - 1) not in refused


def not_before(*names: str) -> Condition:
    """The lexeme that follows belongs to none of the kinds of words."""
    refused = frozenset().union(*(words(name) for name in names))
    return lambda site, _, end: site.word(end) not in refused


def lower(site: Site, start: int, _: int) -> bool:
    """Written with a small letter, or at the beginning of a sentence: «Август Цезарь» is no month."""
    return not site.lexemes.upper(start) or site.word(start - 1) in words("sentence_start") or start == 0


def not_counted(site: Site, _: int, end: int) -> bool:
    """What follows is not what the number counts: «до 2014 рублей» is no year."""
    if not any(kind in {"y4", "int"} for kind, _ in site.lexemes.readings(end - 1)):
        return True  # a unit stands behind the number already
    if site.word(end) in words("counted"):
        return False
    return not (
        end < len(site.lexemes)
        and not site.lexemes.upper(end)
        and site.tagged(end, "NOUN ADJ", Case="Gen", Number="Plur")
    )


def in_brackets(site: Site, start: int, end: int) -> bool:
    """At an edge of brackets, alone or in a list: «(1998)», «(«Маяк», 1998)»."""
    before, behind = site.word(start - 1), site.word(end)
    return (before == "(" and behind in {")", ",", "—", "–", "-", ";"}) or (before == "," and behind == ")")


def before_event(site: Site, start: int, end: int) -> bool:
    """A noun in the genitive follows: «накануне выборов», but not «появившихся накануне сообщений»."""
    if site.tagged(start - 1, "VERB ADJ", VerbForm="Part"):
        return False
    if site.tagged(end, "ADJ DET NUM", Case="Gen") or site.word(end) in {"его", "ее", "их", "своего", "своей", "своих"}:
        return site.tagged(end + 1, "NOUN PROPN ADJ", Case="Gen")
    return site.tagged(end, "NOUN", Case="Gen")


# Forms of «этот» and «тот» that are pronouns too, and how a noun that they belong to ends.
_PRONOUNS = {
    **dict.fromkeys(["это", "то"], ("о", "е")),
    **dict.fromkeys(["этом", "том"], ("у", "е", "и")),
    **dict.fromkeys(["этим", "тем"], ("ом", "ем", "ям", "им")),
    **dict.fromkeys(["этого", "того"], ("а", "я")),
    **dict.fromkeys(["этому", "тому"], ("у", "ю")),
}


def agrees(site: Site, start: int, end: int) -> bool:
    """«в этом месяце», but not «при этом месяц назад» or «делайте это зимой»."""
    endings = _PRONOUNS.get(site.word(start))
    return endings is None or site.word(end - 1).endswith(endings)


def not_adverbial(site: Site, _: int, end: int) -> bool:
    """The last word is no adverbial instrumental: «начало прошлой осенью» is no beginning of autumn."""
    return not any(kind == "season_adverb" for kind, _ in site.lexemes.readings(end - 1))


def of_living(site: Site, _: int, end: int) -> bool:
    """The noun that follows within three words is a living being, or no noun follows: «47-летний (водитель)»."""
    for i in range(end, end + 3):
        tag = site.tag(i)
        if tag is None or tag[0] in {"PUNCT", "VERB", "ADP", "PROPN"}:
            return True
        if tag[0] == "NOUN":
            return tag[1].get("Animacy") == "Anim"
    return False


def not_street(site: Site, start: int, end: int) -> bool:
    """Not what a street or a factory is called by: «улица 8 Марта»; the date in «на Болотной площади 6 мая» is one."""
    before = site.word(start - 1)
    if before in words("named_by_date"):
        return before != "имени" and not site.lexemes.upper(end - 1)
    if before not in words("street") or not (site.lexemes.upper(start) or site.word(start)[0].isdigit()):
        return True
    named = start > 1 and site.lexemes.upper(start - 2) and site.tagged(start - 2, "ADJ PROPN")
    return named and not site.lexemes.upper(end - 1)


def either(*conditions: Condition) -> Condition:
    """At least one holds."""

    def one_or_other(first: Condition, second: Condition) -> Condition:
        return lambda site, start, end: first(site, start, end) or second(site, start, end)

    return reduce(one_or_other, conditions)


def every(conditions: Sequence[Condition]) -> Condition | None:
    """All hold; None for none."""

    def one_and_other(first: Condition, second: Condition) -> Condition:
        return lambda site, start, end: first(site, start, end) and second(site, start, end)

    return reduce(one_and_other, conditions) if conditions else None


def not_era(site: Site, _: int, end: int) -> bool:
    """Not followed by «до н. э.» («нашей эры»): the calendar here begins with year 1."""
    return not (site.word(end) == "до" and site.word(end + 1) in {"н", "нашей", "рождества"})


def small_letter(site: Site, start: int, _: int) -> bool:
    """Written with a small letter: «Октябрьский район» is no October."""
    return not site.lexemes.upper(start)


def decade_bare(site: Site, start: int, end: int) -> bool:
    """A preposition before and no noun that the number could belong to after: «в 90-х»."""
    before = site.word(start - 1)
    if before not in words("decade_preposition") and not site.tagged(start - 1, "NOUN PROPN"):
        return False
    if site.word(end - 1).endswith("м") and before != "к":
        return False  # «пятым подряд и 20-м в общей сложности»
    if len(site.word(end - 1)) > 4 and site.word(end - 1)[3].isdigit():
        return True  # «в середине 1970-х певец»
    cases = ("Gen", "Loc") if site.word(end - 1).endswith("х") else ("Nom", "Acc")
    return end >= len(site.lexemes) or site.lexemes.upper(end) or not _any_case(site, end, cases)


def _any_case(site: Site, index: int, cases: tuple[str, ...]) -> bool:
    """A noun or adjective in one of the cases."""
    return any(site.tagged(index, "NOUN ADJ", Case=case) for case in cases)


def not_on_the_fly(site: Site, start: int, _: int) -> bool:
    """«ловит на лету» is no summer; «к лету» is."""
    return site.word(start) != "лету" or site.word(start - 1) in {"к", "ко"}


def has_year(site: Site, start: int, end: int) -> bool:
    """The expression names a year."""
    named_so = {"y4", "year_ordinal"}
    return any(kind in named_so for i in range(start, end) for kind, _ in site.lexemes.readings(i))


def not_title(site: Site, start: int, end: int) -> bool:
    """Not the whole of what stands between quotation marks: «Сегодня» is a newspaper."""
    return not (site.word(start - 1) in {"«", '"', "“", "„"} and site.word(end) in {"»", '"', "”", "“"})


def not_dative(site: Site, _: int, end: int) -> bool:
    """The last word is no dative: «по прошлому году» is no range."""
    return not site.word(end - 1).endswith(("ому", "году", "месяцу", "дню", "аю", "рю", "лю", "ню", "ым"))


def decade_or_years(site: Site, start: int, end: int) -> bool:
    """Decades named with «годы», or placed by a preposition."""
    named_so = any(kind in {"year_words", "century_word"} for kind, _ in site.lexemes.readings(end - 1))
    return named_so or decade_bare(site, start, end)


def decades_in_genitive(site: Site, _: int, end: int) -> bool:
    """«звезда футбола 80-90-х» needs no other word."""
    return site.word(end - 1).endswith("х") and not site.tagged(end, "NOUN ADJ")


_PREPOSITIONAL = frozenset(["дне", "неделе", "месяце", "годе", "часе", "минуте"])


def not_unit_name(site: Site, start: int, end: int) -> bool:
    """«за день до», «за час» are lengths; «на день рождения», «на неделе моды» and «день за днём» are not."""
    if site.word(start) in _PREPOSITIONAL or site.word(start - 2) in {"день", "дня"}:
        return False
    by_how_much = site.word(start - 1) == "на" and site.word(end) in {"раньше", "позже"}
    return (by_how_much or site.word(end) not in words("not_daytime")) and not site.lexemes.upper(start)


def not_day_noun(site: Site, start: int, _: int) -> bool:
    """«к утру» places an event, «за день» is a length."""
    return not site.word(start).startswith(("день", "дн")) and not site.lexemes.upper(start)


_LATE_HOURS = frozenset(map(str, range(8, 25)))
_MOVED_TO = frozenset(["int", "ordinal", "weekday", "month", "card_ten", "clock", "daypart"])


def not_moved(site: Site, _: int, end: int) -> bool:
    """Not «(перенесли с 16 числа) на 23 мая», where the days are no bounds."""
    if site.word(end) != "на" or end + 1 >= len(site.lexemes):
        return True
    return not any(kind in _MOVED_TO for kind, _ in site.lexemes.readings(end + 1))


def not_instrumental(site: Site, start: int, end: int) -> bool:
    """No word stands in the instrumental: «по сравнению с июлем 2007 года» is no range."""
    endings = ("ом", "ем", "ым", "им", "ами", "ями", "осенью", "зимой", "весной")
    return not any(site.word(i).endswith(endings) for i in range(start, end) if site.word(i) != "чем")


def not_from_event(site: Site, _: int, end: int) -> bool:
    """Neither «(через год) после свадьбы» nor «(за год до того), как»: such a length is counted from an event."""
    return site.word(end) not in {"после", "как"} and not (site.word(end) == "," and site.word(end + 1) == "как")


def no_name(site: Site, start: int, end: int) -> bool:
    """Not a capital with another right after it: «Август Цезарь»."""
    return not (site.lexemes.upper(start) and end < len(site.lexemes) and site.lexemes.upper(end))


def clock_placed(site: Site, start: int, end: int) -> bool:
    """A time with a word of time, after a preposition or at the beginning of a line: not the score «21:19»."""
    return (
        end - start > 1
        or start == 0
        or site.word(start - 1) in words("clock_place")
        or (site.word(start) in {"полдень", "полночь", "полудня", "полуночи", "полудню", "полночью"})
    )


def not_environment(site: Site, start: int, end: int) -> bool:
    """«в среду журналистов» and «в среде» are no Wednesday, «к среде» is."""
    day = site.word(start)
    if day not in {"среду", "среде"}:
        return True
    if day == "среде" and site.word(start - 1) not in {"к", "ко"}:
        return False
    whose = any(site.tagged(i, "NOUN", Case="Gen", Animacy="Anim") for i in (end, end + 1))
    return site.word(end) not in words("environment") and not (whose and before_event(site, start, end))


def of_noun(site: Site, start: int, _: int) -> bool:
    """In the genitive after a noun: «по итогам торгов понедельника», «матчи среды»; not «охрана среды»."""
    if site.word(start) == "среды":
        return site.lemma(start - 1) in words("of_day")
    return site.word(start).endswith(("а", "я", "ы")) and site.tagged(start - 1, "NOUN")


def no_article(site: Site, start: int, end: int) -> bool:
    """Not the number of an article or a part of a law: «ст. 105 ч. 2» are no hours."""
    if site.word(end - 1) != "ч":
        return True
    before = site.word(start - 2) if site.word(start - 1) == "." else site.word(start - 1)
    return before not in words("number_sign")


def opens_line(site: Site, start: int, end: int) -> bool:
    """Alone at the beginning of a line, as days head the items of a programme: «Суббота. Финал»."""
    return site.word(start - 1) in {"", "\n"} and site.word(end) in {"", "\n", ".", ":"}


def runs(site: Site, start: int, end: int) -> bool:
    """«(уже третий день) идут дожди»: the time that something has lasted, no «второй день визита»."""
    if site.word(start - 1) in {"уже", "вот", "еще"}:
        return not before_event(site, start, end)
    if site.word(start - 1) == "не" or site.word(start - 1) in words("preposition"):
        return False
    return site.tagged(end, "VERB", Tense="Pres") or site.tagged(end, "VERB", Tense="Past", Aspect="Imp")


def of_event(site: Site, start: int, _: int) -> bool:
    """What is held or given every year stands one or two words before: «премия мира 1993», «фестиваль 2017»."""
    events = words("event")
    return site.lemma(start - 1) in events or (site.tagged(start - 1, "NOUN PROPN") and site.lemma(start - 2) in events)


def born(site: Site, start: int, _: int) -> bool:
    """«дочь Серафима (р. 1993)»."""
    return site.word(start - 1) == "." and site.word(start - 2) in {"р", "род"}


def of_season(site: Site, start: int, _: int) -> bool:
    """Two years of a season: «в сезоне ПФЛ 2017/2018», «сезоны 2001/02, 2002/03»."""
    if site.word(start - 1) in {",", "и"} and any(kind == "year_span" for kind, _ in site.lexemes.readings(start - 2)):
        return True
    return bool({site.word(i) for i in range(max(start - 3, 0), start)} & words("season_of_play"))


def term(site: Site, start: int, end: int) -> bool:
    """«приговорил к году колонии»."""
    return site.word(start) == "году" and site.word(start - 1) == "к" and site.tagged(end, "NOUN", Case="Gen")


def late_enough(site: Site, start: int, end: int) -> bool:
    """«открыто до 18 часов», but «заряда хватит до 4 часов», «носят до 12 часов в день»."""
    if site.word(start - 1) != "до":
        return True
    return site.word(start) in _LATE_HOURS and site.word(end) != "в"


def unquoted(site: Site, start: int, _: int) -> bool:
    """No capital after a quotation mark: «Ежедневный журнал» is a paper."""
    return not (site.lexemes.upper(start) and site.word(start - 1) in {"«", '"', "“", "„", "("})


_RUSSIA = re.compile(r"Росси|РФ|РПЦ|Москв|Московск|[Пп]равослав|патриарх|Украин|Белорус|Белорусс|Грузи|Серби")


def abroad(site: Site, _start: int, _end: int) -> bool:
    """Nothing in the text is of the countries that keep Christmas on 7 January."""
    return not _RUSSIA.search(site.lexemes.text)


def uncounted(site: Site, start: int, end: int) -> bool:
    """«прошло (лет 30)»: no number before and nothing that the number could count after."""
    return not site.word(start - 1)[:1].isdigit() and not site.tagged(end, "NOUN ADJ NUM") and site.word(end) != "%"


def spent(site: Site, start: int, _: int) -> bool:
    """A verb of spending time stands before: «провела час»."""
    return site.lemma(start - 1) in words("spend")


def full_day(site: Site, start: int, _: int) -> bool:
    """«за сутки»; the plural «за дни» is no length."""
    return site.word(start) in {"сутки", "суток"}


def counts(site: Site, start: int, end: int) -> bool:
    """A number or a plural is in it: «последние 7 лет (службы)»."""
    return end - start > 2 or any(kind == "units" for kind, _ in site.lexemes.readings(end - 1))


def not_of_event(site: Site, start: int, end: int) -> bool:
    """No event follows that it is a part of: «последний день кампании»."""
    return not before_event(site, start, end)


def seasonal(site: Site, _: int, end: int) -> bool:
    """What follows, perhaps after one more adjective, is what seasons have: «летние (школьные) каникулы»."""
    return bool({site.lemma(end), site.lemma(end + 1)} & words("seasonal"))


def day_alone(site: Site, start: int, end: int) -> bool:
    """«задержали 17 мая, 18-го отпустили»: nothing stands beside it that the number could belong to."""
    before = site.word(start - 2) if site.word(start - 1) in {"-", "–", "—"} else site.word(start - 1)
    if before == "и" or before[:1].isdigit() or site.word(end) in {"по", "на", "до"}:
        return False
    return not site.tagged(start - 1, "NOUN PROPN NUM") and not site.tagged(end, "NOUN ADJ NUM PROPN")


def year_alone(site: Site, start: int, end: int) -> bool:
    """«в 98-м», where nothing follows that the number could belong to."""
    counted = site.word(end) == "и" or site.tagged(end, "NOUN ADJ NUM PROPN", Case="Loc")
    return site.word(start - 1) == "в" and not counted


def no_score(site: Site, start: int, end: int) -> bool:
    """No number beside it in a list is anything but a time: «(25:21, 23:25)» is a score."""
    beside = [i for comma, i in ((start - 1, start - 2), (end, end + 1)) if site.word(comma) == ","]
    return all(":" not in site.word(i) or site.lexemes.readings(i) for i in beside)


def not_listed(site: Site, _: int, end: int) -> bool:
    """No other year follows: «по 2012 и 2013 годам» is no range."""
    return site.word(end) != "и" or not site.word(end + 1)[:1].isdigit()


def denied(site: Site, start: int, _: int) -> bool:
    """«не» stands a few words before: «не начнут раньше весны»."""
    return any(site.word(i) == "не" for i in range(max(start - 5, 0), start))


def not_year_number(site: Site, start: int, end: int) -> bool:
    """«в 44 году» and «2525 год» count no years; «к 1 году» does."""
    if site.word(start).isdigit() and len(site.word(start)) > 3:
        return not site.word(end - 1).startswith("год")
    return site.word(end - 1) != "году" or site.word(start - 1) == "к"


def not_day_of_event(site: Site, start: int, end: int) -> bool:
    """«днём инцидента» is no part of a day."""
    return site.word(end - 1) != "днем" or not before_event(site, start, end)
