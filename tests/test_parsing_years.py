"""Every way to say a range of years, tried on every range."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsing_cases import DATA, YEAR_NOW

from assistant.parsing.message import fold
from assistant.parsing.patterns import Patterns
from assistant.parsing.years import LATEST, combine, find_years, outside

YEARS = st.integers(1900, YEAR_NOW)
DECADES = st.sampled_from(range(1920, 2020, 10))
ENGLISH = Patterns(DATA / "languages" / "en" / "grammar", "years")
CHINESE = Patterns(DATA / "languages" / "zh" / "grammar", "years")


def read(text: str) -> tuple[tuple[int, int], ...]:
    patterns = CHINESE if any(c >= "一" for c in text) else ENGLISH
    return combine([(y.low, y.high) for y in find_years(fold(text), patterns, YEAR_NOW)])


@pytest.mark.parametrize(
    ("phrase", "low", "high"),
    [
        ("after {a}", 1, None),
        ("newer than {a}", 1, None),
        ("{a}年以后", 1, None),
        ("since {a}", 0, None),
        ("from {a} onwards", 0, None),
        ("{a} or later", 0, None),
        ("nothing older than {a}", 0, None),
        ("{a}年以来", 0, None),
        ("before {a}", None, -1),
        ("older than {a}", None, -1),
        ("pre-{a}", None, -1),
        ("{a}年以前", None, -1),
        ("up to {a}", None, 0),
        ("{a} or earlier", None, 0),
        ("nothing after {a}", None, 0),
        ("a film from {a}", 0, 0),
        ("{a} films", 0, 0),
        ("{a}年的", 0, 0),
    ],
)
@given(year=YEARS)
def test_one_year_bounds_a_range(phrase: str, low: int | None, high: int | None, year: int) -> None:
    expected = (0 if low is None else year + low, LATEST if high is None else year + high)
    assert read(phrase.format(a=year)) == (expected,)


@pytest.mark.parametrize(
    "phrase", ["between {a} and {b}", "from {a} to {b}", "{a}-{b}", "{a}到{b}年之间"]
)
@given(first=YEARS, length=st.integers(1, 60))
def test_two_years_bound_a_range(phrase: str, first: int, length: int) -> None:
    last = min(first + length, 2099)
    assert read(phrase.format(a=first, b=last)) == ((first, last),)


@given(first=YEARS, length=st.integers(2, 60))
def test_after_and_before_meet(first: int, length: int) -> None:
    assert read(f"after {first} and before {first + length}") == ((first + 1, first + length - 1),)


@given(decade=DECADES)
def test_a_decade_is_ten_years(decade: int) -> None:
    for phrase in (f"the {decade}s", f"{decade}s films", f"{decade}'s", f"{decade}年代"):
        assert read(phrase) == ((decade, decade + 9),)
    if decade < 2000:
        assert read(f"the {decade % 100}s") == ((decade, decade + 9),)
        assert read(f"early {decade % 100}s") == ((decade, decade + 4),)
        assert read(f"the mid-{decade % 100}s") == ((decade + 4, decade + 6),)
        assert read(f"late {decade % 100}s") == ((decade + 7, decade + 9),)
        assert read(f"before the {decade % 100}s") == ((0, decade - 1),)


@given(years=st.integers(2, 30))
def test_the_last_years_reach_back_from_now(years: int) -> None:
    assert read(f"from the last {years} years") == ((YEAR_NOW - years, LATEST),)
    assert read(f"近{years}年") == ((YEAR_NOW - years, LATEST),)


def test_words_for_times_are_read() -> None:
    assert read("the nineties") == ((1990, 1999),)
    assert read("九十年代") == ((1990, 1999),)
    assert read("something recent") == ((YEAR_NOW - 5, LATEST),)
    assert read("the 70s or 80s") == ((1970, 1979), (1980, 1989))
    assert read("New York") == ()
    assert read("my 12 year old") == ()


@given(ranges=st.lists(st.tuples(YEARS, YEARS).map(lambda p: (min(p), max(p))), max_size=4))
def test_what_is_outside_is_exactly_what_is_not_inside(ranges: list[tuple[int, int]]) -> None:
    left = outside(ranges)
    for year in range(1890, 2030):
        inside = any(low <= year <= high for low, high in ranges)
        assert inside != any(low <= year <= high for low, high in left)
