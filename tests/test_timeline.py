"""Points in time as years with a fraction."""

from __future__ import annotations

import pytest

from assistant.timeline import years_at, years_of


def test_a_unix_time_is_a_year_and_the_part_of_it_that_has_gone() -> None:
    assert years_at(0.0) == 1970.0
    assert years_at(181 * 86_400.0) == pytest.approx(1970 + 181 / 366)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2018", 2018.5),
        ("2018-01-01", 2018.0),
        ("2018-07-02T10:00:00Z", 2018 + 182 / 366),
        ("2018-02", 2018 + 45 / 366),
    ],
)
def test_a_date_or_a_part_of_one_is_a_point_in_time(text: str, years: float) -> None:
    assert years_of(text) == pytest.approx(years)


@pytest.mark.parametrize("text", ["", "soon", "2018-13-01", "18-01-01"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        years_of(text)
