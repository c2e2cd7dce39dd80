"""How many films, how many stars, how old the children: the remaining numbers of a message.

Knows nothing of years and lengths (``years``, ``runtime``). Next in the flow: ``wishes``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.parsing.message import Span
from assistant.parsing.numbers import read_number
from assistant.parsing.patterns import Match, Patterns

MOST_FILMS = 20
CHILD_AGE, TEEN_AGE = 8, 13
"""What "for kids" and "for teenagers" mean where no age is said: PG, and PG-13."""
ADULT_AGE = 18

_AGES: Mapping[str, int] = {
    "kids": CHILD_AGE,
    "teens": TEEN_AGE,
    "no_r": 16,
    "pg13_max": 13,
    "pg_max": 8,
    "g_max": 7,
}
"""Highest certificate age by reading; R begins at 17."""


@dataclass(frozen=True)
class Amount:
    """A number read somewhere."""

    span: Span
    kind: str
    """ "count" (1-20 films), "stars" (0.5-5) or "age" (years, 0-17)."""
    value: float
    childlike: bool = False
    """An age that comes from a child in the room, not from a certificate."""


def find_amounts(plain: str, patterns: Patterns, taken: Sequence[Span] = ()) -> list[Amount]:
    """Every count, rating and age said in ``plain``, in text order."""
    found = (_amount(match) for match in patterns.find(plain, taken))
    return [amount for amount in found if amount is not None]


def _amount(match: Match) -> Amount | None:
    reading = match.reading
    if reading in _AGES:
        return Amount(match.span, "age", _AGES[reading], reading == "kids")
    number = read_number(match.groups["n"]) if "n" in match.groups else None
    if reading == "one":
        return Amount(match.span, "count", 1)
    if number is None:
        return None
    if reading == "count":
        whole = number == int(number) and number >= 1
        return Amount(match.span, "count", min(number, MOST_FILMS)) if whole else None
    if reading == "year_old":
        return Amount(match.span, "age", number, number < TEEN_AGE) if number < ADULT_AGE else None
    stars = _stars(reading, number, match.groups)
    return None if stars is None else Amount(match.span, "stars", stars)


def _stars(reading: str, number: float, groups: Mapping[str, str]) -> float | None:
    """0.5-5 in halves; None where the number is off its scale."""
    scale = 5.0
    if reading == "stars_of":
        scale = read_number(groups["of"]) or 5.0
    elif reading == "stars_ten":
        scale = 10.0
    if groups.get("half") and number < scale:
        number += 0.5
    if not 0 <= number <= scale:
        return None
    return max(0.5, round(2 * 5 * number / scale) / 2)
