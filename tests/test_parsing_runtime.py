"""Every way to say how long a film may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsing_cases import DATA

from assistant.parsing.message import fold
from assistant.parsing.numbers import read_number
from assistant.parsing.patterns import Patterns
from assistant.parsing.runtime import OPEN_MIN, combine, find_runtimes, outside, read_minutes

ENGLISH = Patterns(DATA / "languages" / "en" / "grammar", "runtime")
CHINESE = Patterns(DATA / "languages" / "zh" / "grammar", "runtime")
MINUTES = st.integers(20, 300)


def read(text: str) -> tuple[int, int] | None:
    patterns = CHINESE if any(c >= "一" for c in text) else ENGLISH
    return combine([(r.low, r.high) for r in find_runtimes(fold(text), patterns)])


@pytest.mark.parametrize(
    "phrase",
    [
        "under {n} minutes",
        "less than {n} min",
        "no longer than {n} minutes",
        "nothing over {n} minutes",
        "{n} minutes or less",
        "{n} mins max",
        "{n}分钟以内",
        "不超过{n}分钟",
    ],
)
@given(minutes=MINUTES)
def test_a_ceiling_is_inclusive(phrase: str, minutes: int) -> None:
    assert read(phrase.format(n=minutes)) == (0, minutes)


@pytest.mark.parametrize(
    "phrase", ["over {n} minutes", "at least {n} minutes", "{n} minutes or more", "{n}分钟以上"]
)
@given(minutes=MINUTES)
def test_a_floor_is_inclusive(phrase: str, minutes: int) -> None:
    assert read(phrase.format(n=minutes)) == (minutes, OPEN_MIN)


@given(low=MINUTES, more=st.integers(1, 100))
def test_two_lengths_bound_a_range(low: int, more: int) -> None:
    assert read(f"between {low} and {low + more} minutes") == (low, low + more)
    assert read(f"over {low} minutes but under {low + more} minutes") == (low, low + more)


@given(hours=st.integers(1, 4), minutes=st.integers(10, 59))
def test_hours_and_minutes_add_up(hours: int, minutes: int) -> None:
    total = 60 * hours + minutes
    for text in (
        f"{hours}h{minutes}",
        f"{hours}h {minutes}m",
        f"{hours} hours and {minutes} minutes",
        f"{hours} hr {minutes} min",
        f"{hours}小时{minutes}分钟",
    ):
        assert read_minutes(text) == total, text


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("an hour", 60),
        ("an hour and a half", 90),
        ("half an hour", 30),
        ("two hours", 120),
        ("two and a half hours", 150),
        ("2 hours and a half", 150),
        ("1.5 hours", 90),
        ("ninety minutes", 90),
        ("两个小时", 120),
        ("一个半小时", 90),
        ("两小时半", 150),
        ("一百二十分钟", 120),
    ],
)
def test_words_for_lengths_are_read(text: str, minutes: int) -> None:
    assert read_minutes(text) == minutes


def test_short_and_long_have_fixed_bounds() -> None:
    assert read("something short") == (0, 95)
    assert read("not too long") == (0, 120)
    assert read("a long film") == (150, OPEN_MIN)
    assert read("短一点") == (0, 105)
    assert read("a film about a long war") is None


def test_outside_a_bound_is_the_other_side() -> None:
    assert outside(0, 90) == (90, OPEN_MIN)
    assert outside(150, OPEN_MIN) == (0, 150)
    assert outside(90, 120) is None


@given(number=st.integers(1, 99))
def test_chinese_numbers_are_read(number: int) -> None:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    words = ("" if tens == 1 else digits[tens]) + "十" if tens else ""
    words += digits[ones] if ones or not tens else ""
    assert read_number(words) == number
