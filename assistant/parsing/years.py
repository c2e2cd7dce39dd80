"""Years as people say them: "after 2000", "the early 80s", "last five years", "九十年代".

"After 2000" is 2001 and later, "since 2000" is 2000 and later, "before 1980" is 1979 and earlier;
"early" is the first five years of a decade, "late" its last three. Knows nothing of negation
(``signs``). Next in the flow: ``wishes`` puts ranges into limits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.parsing.message import Span
from assistant.parsing.numbers import read_number
from assistant.parsing.patterns import Match, Patterns

EARLIEST, LATEST = 0, 9999
"""Open ends of a range."""
RECENT_YEARS = 5
"""What "recent" and "new" reach back."""
MODERN_SINCE = 2000
"""Where "modern" and "newer" begin."""
NOT_OLD_SINCE = 1990
"""What "nothing too old" asks for."""
OLD_UNTIL = 1979
"""Where "old" and "classic" end: the last year before home video made films stay new."""

Range = tuple[int, int]

_PARTS: Mapping[str, Range] = {
    **dict.fromkeys(("early", "初", "初期", "早期"), (0, 4)),
    **dict.fromkeys(("mid", "中期"), (4, 6)),
    **dict.fromkeys(("late", "末", "末期", "后期", "晚期"), (7, 9)),
}
_DECADE_WORDS: Mapping[str, int] = {
    "twenties": 1920,
    "thirties": 1930,
    "forties": 1940,
    "fifties": 1950,
    "sixties": 1960,
    "seventies": 1970,
    "eighties": 1980,
    "nineties": 1990,
    "noughties": 2000,
    "two thousands": 2000,
    "零零年代": 2000,
}
_BARE = frozenset({"exact", "recent", "modern", "old", "this_year", "last_year"})
_CLASSIC = re.compile("classic|经典")
_CHINESE_TENS = "一二三四五六七八九"


@dataclass(frozen=True)
class Years:
    """A range of years read somewhere."""

    span: Span
    low: int
    high: int
    """Inclusive; open ends are ``EARLIEST`` and ``LATEST``."""
    soft: bool = False
    """"Old" and "classic" prefer; everything else is a condition."""
    bare: bool = False
    """A year or an adjective by itself, which may as well be a title ("1917")."""
    vague: bool = False
    """"Recent", which gives way to years said outright ("the most recent one, from 2012")."""
    compared: str = ""
    """"older" or "newer" where the words compare with a film ("like Heat but older")."""
    novelty: float = 0.0
    """-0.5 for "classics", which are well known besides."""


def find_years(
    plain: str, patterns: Patterns, year_now: int, taken: Sequence[Span] = ()
) -> list[Years]:
    """Every range said in ``plain``, in text order."""
    found = []
    for match in patterns.find(plain, taken):
        bounds = _bounds(match, year_now)
        if bounds is not None:
            soft = match.reading in ("old", "modern")
            known = _CLASSIC.search(plain, match.span.start, match.span.end)
            found.append(
                Years(
                    match.span,
                    *bounds,
                    soft=soft,
                    bare=match.reading in _BARE,
                    vague=match.reading == "recent",
                    compared=next(
                        (side for side in ("older", "newer") if side in match.groups), ""
                    ),
                    novelty=-0.5 if known else 0.0,
                )
            )
    return found


def combine(ranges: Sequence[Range]) -> tuple[Range, ...]:
    """Ranges of which any is enough; an open start and an open end that meet become one, and of
    two open starts or ends the closer counts ("not so old, after 1990").

    >>> combine([(2001, 9999), (0, 2009)])
    ((2001, 2009),)
    """
    starts = [low for low, high in ranges if high == LATEST and low != EARLIEST]
    ends = [high for low, high in ranges if low == EARLIEST and high != LATEST]
    if starts and ends and max(starts) <= min(ends):
        closed = [r for r in ranges if EARLIEST not in r and LATEST not in r]
        return tuple(dict.fromkeys([(max(starts), min(ends)), *closed]))
    closest = {(max(starts), LATEST)} if starts else set()
    closest |= {(EARLIEST, min(ends))} if ends else set()
    open_ended = {r for r in ranges if EARLIEST in r or LATEST in r}
    return tuple(dict.fromkeys(r for r in ranges if r in closest or r not in open_ended))


def outside(ranges: Sequence[Range]) -> tuple[Range, ...]:
    """What "not from the 80s" leaves: the complement, inclusive ranges in order."""
    left, start = [], EARLIEST
    for low, high in sorted(ranges):
        if low > start:
            left.append((start, low - 1))
        start = max(start, high + 1)
    if start < LATEST:
        left.append((start, LATEST))
    return tuple(left)


def _bounds(match: Match, year_now: int) -> Range | None:
    groups = match.groups
    if match.reading == "two_decades":
        low, high = (_decade(f"{groups[name]}十年代") for name in ("a", "b"))
        return None if low is None or high is None or high < low else (low, high + 9)
    if "a" in groups:
        first = _period(groups["a"])
        if first is None:
            return None
        return _from_period(match, first, year_now)
    number = read_number(groups["n"]) if "n" in groups else None
    now = year_now
    spans: Mapping[str, Range] = {
        "last_years": (now - round(number or 0), LATEST),
        "last_decades": (now - round(10 * (number or 0)), LATEST),
        "older_years": (EARLIEST, now - round(number or 0)),
        "last_decade": (now - 10, LATEST),
        "this_year": (now, now),
        "last_year": (now - 1, now - 1),
        "this_decade": (now - now % 10, LATEST),
        "century_21": (2000, LATEST),
        "recent": (now - RECENT_YEARS, LATEST),
        "modern": (MODERN_SINCE, LATEST),
        "old": (EARLIEST, OLD_UNTIL),
        "not_old": (NOT_OLD_SINCE, LATEST),
    }
    return spans.get(match.reading)


def _from_period(match: Match, first: Range, year_now: int) -> Range | None:
    low, high = first
    if match.reading == "between":
        last = _period(match.groups["b"])
        return None if last is None or last[1] < low else (low, last[1])
    if match.reading == "part":
        start = _PARTS[match.groups["part"]][0]
        end = _PARTS[match.groups.get("last", match.groups["part"])][1]
        return low + start, low + end
    if match.reading == "exact" and low > year_now + 5:
        return None
    return {
        "after": (high + 1, LATEST),
        "since": (low, LATEST),
        "before": (EARLIEST, low - 1),
        "until": (EARLIEST, high),
        "around": (low - 2, high + 2),
    }.get(match.reading, first)


def _period(words: str) -> Range | None:
    """The years that "1994", "the 90s" or "九十年代" span."""
    year = re.fullmatch(r"\d{4}", words)
    if year:
        return int(words), int(words)
    start = _decade(words)
    return None if start is None else (start, start + 9)


def _decade(words: str) -> int | None:
    words = words.removeprefix("the ").strip()
    if words in _DECADE_WORDS:
        return _DECADE_WORDS[words]
    chinese = re.search(rf"([{_CHINESE_TENS}])十年代", words)
    if chinese:
        return 1910 + 10 * _CHINESE_TENS.index(chinese.group(1))
    digits = re.search(r"(\d0)(?:'?s|年代)$", words)
    if not digits:
        return None
    whole = re.search(r"\d{4}", words)
    if whole:
        return int(whole.group())
    tens = int(digits.group(1))
    this_century = tens < 20 or words.startswith(("本世纪", "21世纪"))
    return (2000 if this_century else 1900) + tens
