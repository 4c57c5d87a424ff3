"""Dates of publication: what is read, and what is refused."""

import datetime as dt

import pandas as pd
import pytest

from svodka.errors import InputError
from svodka.readers.published import parse_published

MOSCOW = dt.timezone(dt.timedelta(hours=3))
DAY = dt.datetime.fromisoformat("2021-09-07")
HALF_PAST_THREE = dt.datetime.fromisoformat("2021-09-07T15:30")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2021-09-07", DAY),
        (" 2021-09-07\n", DAY),
        ("2021/09/07", DAY),
        ("2021/9/7", DAY),
        ("07.09.2021", DAY),
        ("7.9.2021", DAY),
        ("7 сентября 2021", DAY),
        ("7 Сентября 2021 года", DAY),
        ("7\u00a0сентября 2021 г.", DAY),
        ("7 мая 2021", dt.datetime.fromisoformat("2021-05-07")),
        ("07.09.2021 15:30", HALF_PAST_THREE),
        ("07.09.2021, 15:30", HALF_PAST_THREE),
        ("15:30 07.09.2021", HALF_PAST_THREE),
        ("7 сентября 2021, 15:30", HALF_PAST_THREE),
        ("7 сентября 2021 в 15:30", HALF_PAST_THREE),
        ("2021-09-07 15:30", HALF_PAST_THREE),
        ("2021-09-07T15:30:00", HALF_PAST_THREE),
        ("2021-09-07T15:30:00.123456789", HALF_PAST_THREE.replace(microsecond=123456)),
        ("2021-09-07T15:30:00Z", HALF_PAST_THREE.replace(tzinfo=dt.UTC)),
        ("2021-09-07 15:30:00 UTC", HALF_PAST_THREE.replace(tzinfo=dt.UTC)),
        ("2021-09-07T15:30:00+03:00", HALF_PAST_THREE.replace(tzinfo=MOSCOW)),
        ("2021-09-07 15:30:00+03", HALF_PAST_THREE.replace(tzinfo=MOSCOW)),
        ("2021-09-07T15:30:00-0330", HALF_PAST_THREE.replace(tzinfo=dt.timezone(-dt.timedelta(hours=3, minutes=30)))),
        ("Tue, 07 Sep 2021 15:30:00 +0300", HALF_PAST_THREE.replace(tzinfo=MOSCOW)),
        ("07 Sep 2021 15:30:00 GMT", HALF_PAST_THREE.replace(tzinfo=dt.UTC)),
        (1631028600, HALF_PAST_THREE.replace(tzinfo=dt.UTC)),
        (1631028600.5, HALF_PAST_THREE.replace(tzinfo=dt.UTC, microsecond=500000)),
        (1631028600123, HALF_PAST_THREE.replace(tzinfo=dt.UTC, microsecond=123000)),
        (dt.date(2021, 9, 7), DAY),
        (HALF_PAST_THREE, HALF_PAST_THREE),
        (HALF_PAST_THREE.replace(tzinfo=MOSCOW), HALF_PAST_THREE.replace(tzinfo=MOSCOW)),
    ],
)
def test_accepted(value: object, expected: dt.datetime) -> None:
    found = parse_published(value)
    assert found == expected
    assert found.utcoffset() == expected.utcoffset()


def test_pandas_timestamp_becomes_a_plain_datetime() -> None:
    found = parse_published(pd.Timestamp("2021-09-07T15:30:00.000000001+03:00"))
    assert type(found) is dt.datetime
    assert found == HALF_PAST_THREE.replace(tzinfo=MOSCOW)


@pytest.mark.parametrize("value", [None, "", " \t"])
def test_empty_is_unknown(value: object) -> None:
    assert parse_published(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "вчера",
        "2021",
        "2021-09",
        "20210907",
        "1631028600",  # a number only where the column is one
        "1611111111111",
        "09/07/2021",  # July or September?
        "07-09-2021",
        "07.09.21",
        "сентябрь 2021",
        "7 сентябрь 2021",
        "7 Septembre 2021",
        "2021-02-30",
        "31.11.2021",
        "2021-09-07 25:00",
        "2021-09-07T15:30+99:00",
        "2021-09-07 и позже",
        20210907,
        0,
        -1631028600,
        10**30,
        float("inf"),
        True,
        ["2021-09-07"],
        {"year": 2021},
        b"2021-09-07",
    ],
)
def test_refused_with_the_value_and_what_is_accepted(value: object) -> None:
    with pytest.raises(InputError, match="date of publication") as caught:
        parse_published(value)
    message = str(caught.value)
    assert str(value) in message
    assert "2021-09-07, 2021-09-07T15:30:00+03:00" in message


def test_long_value_is_shown_short() -> None:
    with pytest.raises(InputError) as caught:
        parse_published("дата " * 1000)
    assert len(str(caught.value)) < 400
