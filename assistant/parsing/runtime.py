"""Lengths as people say them: "under two hours", "an hour and a half", "short", "两小时以内".

Bounds are inclusive: "under two hours" allows 120 minutes, since nobody minds and listings round.
Knows nothing of negation. Next in the flow: ``wishes``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.parsing.message import Span
from assistant.parsing.numbers import read_number
from assistant.parsing.patterns import Match, Patterns

SHORT_MIN, SHORTER_MIN, NOT_LONG_MIN = 95, 105, 120
"""Ceilings, in minutes, of "short", "shorter" and "not too long"; the usual film runs 105."""
LONGER_MIN, LONG_MIN = 120, 150
"""Floors of "longer" and "long"."""
ABOUT_MIN = 15
"""How far "about two hours" reaches either way."""
OPEN_MIN = 9999

Range = tuple[int, int]

_UNIT = re.compile(
    r"(?P<n>half an|an?|[\d.]+|[a-z]+(?:-[a-z]+)?|[一二两三四五六七八九十百半]+)?个?"
    r"(?P<half>\s*(?:and a half|1/2|半))?[\s-]*"
    r"(?P<unit>hours?|hrs?|hour|h\b|h(?=\d)|小时|钟头|minutes?|mins?|m\b|分钟?)"
    r"(?P<after>\s+and a half|半)?"
)


@dataclass(frozen=True)
class Runtime:
    """A range of lengths read somewhere, minutes."""

    span: Span
    low: int
    high: int


def find_runtimes(plain: str, patterns: Patterns, taken: Sequence[Span] = ()) -> list[Runtime]:
    """Every range said in ``plain``, in text order."""
    found = []
    for match in patterns.find(plain, taken):
        bounds = _bounds(match)
        if bounds is not None:
            found.append(Runtime(match.span, *bounds))
    return found


def combine(ranges: Sequence[Range]) -> Range | None:
    """All at once: the tightest; the later one where they contradict. None for none."""
    folded: Range | None = None
    for low, high in ranges:
        if folded is None or max(low, folded[0]) > min(high, folded[1]):
            folded = (low, high)
        else:
            folded = (max(low, folded[0]), min(high, folded[1]))
    return folded


def outside(low: int, high: int) -> Range | None:
    """What "not under two hours" leaves; None for a range with two ends, which leaves two."""
    if low == 0 and high < OPEN_MIN:
        return high, OPEN_MIN
    if low > 0 and high == OPEN_MIN:
        return 0, low
    return None


def read_minutes(words: str) -> int | None:
    """Minutes in "an hour and a half", "1h 45", "90 min", "两个半小时"; None for anything else."""
    minutes = 0.0
    end = 0
    for match in _UNIT.finditer(words):
        number = _amount(match)
        if number is None:
            return None
        hours = match["unit"][0] in "h小钟"
        minutes += number * (60 if hours else 1)
        end = match.end()
    if not end:
        return None
    rest = read_number(re.sub(r"^[\s,]*(?:and\s+)?", "", words[end:]))
    if rest == 0.5 or words[end:].strip() == "and a half":
        minutes += 30
    elif rest is not None and rest < 60:
        minutes += rest
    return round(minutes) or None


def _amount(match: re.Match[str]) -> float | None:
    half = 0.5 if match["half"] or match["after"] else 0.0
    words = (match["n"] or "").strip()
    if words == "half an":
        return 0.5
    if words.endswith("百"):
        return 100.0 * (read_number(words[:-1]) or 1)
    if "百" in words:
        hundreds, _, rest = words.partition("百")
        return 100.0 * (read_number(hundreds) or 1) + (read_number(rest) or 0)
    if words.endswith("半") and len(words) > 1:
        words, half = words[:-1], 0.5
    if not words:
        return 1.0 + half if match["half"] or match["after"] else 1.0
    number = read_number(words)
    return None if number is None else number + half


def _bounds(match: Match) -> Range | None:
    fixed: Mapping[str, Range] = {
        "not_long": (0, NOT_LONG_MIN),
        "shorter": (0, SHORTER_MIN),
        "short": (0, SHORT_MIN),
        "longer": (LONGER_MIN, OPEN_MIN),
        "long": (LONG_MIN, OPEN_MIN),
    }
    if match.reading in fixed:
        return fixed[match.reading]
    first = read_minutes(match.groups["a"])
    if match.reading == "between":
        last = read_minutes(match.groups["b"])
        if last is None:
            return None
        if first is None:
            bare = read_number(match.groups["a"])
            unit = 60 if re.search(r"h|小时|钟头", match.groups["b"]) else 1
            first = None if bare is None else round(bare * unit)
        return None if first is None or first > last else (first, last)
    if first is None:
        return None
    return {
        "at_most": (0, first),
        "at_least": (first, OPEN_MIN),
        "about": (max(1, first - ABOUT_MIN), first + ABOUT_MIN),
    }.get(match.reading)
