"""Which years of a message are when films came out, and which belong to what they tell.

"A 2012 comedy based on the 1994 novel" asks for 2012, "set in 1884" for no year at all. The words
are those of ``grammar/stop.json``. Knows nothing of what years are for.
Next in the flow: ``marks``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.parsing.grammar import Grammar
from assistant.parsing.years import Years

_LEAD = re.compile(r"(?:(?:from|in|of|during|around) )?(?:the )?")
_DIGIT = re.compile(r"'?\d")
_CLAUSE = re.compile(r"[,.;:!?\n]")
_FAR_WORDS = 3
"""Words between what opens a plot, or another year, and a year that belongs to the plot."""


def release_years(text: str, found: Sequence[Years], grammar: Grammar) -> list[Years]:
    """Those of ``found`` that say when a film came out, in text order.

    Beside a year that has a film word ("this 2011 horror movie") those far from it are told.
    """
    qualified = [years for years in found if _qualifies(text, years, grammar)]
    return [
        years
        for years in found
        if years in qualified
        or not (_is_told(text, years, grammar) or (qualified and _is_far(text, years, qualified)))
    ]


def _is_far(text: str, years: Years, qualified: Sequence[Years]) -> bool:
    return all(
        _words(text, min(years.span.end, other.span.end), max(years.span.start, other.span.start))
        > _FAR_WORDS
        for other in qualified
    )


def _start(text: str, years: Years) -> int:
    """Where the year itself begins, after "released in the" and its like."""
    span = years.span
    digit = _DIGIT.search(text, span.start, span.end)
    lead = _LEAD.match(text, span.start, span.end)
    assert lead is not None
    return digit.start() if digit else lead.end()


def _qualifies(text: str, years: Years, grammar: Grammar) -> bool:
    """Whether a film word stands beside: "a 1984 action movie", "films from the 90s"."""
    start = _start(text, years)
    if grammar.setting.search(text, 0, start) or grammar.other_work.match(text, years.span.end):
        return False
    return bool(
        grammar.released.search(text, 0, start)
        or grammar.is_genre_before(text, start)
        or grammar.named_here.search(text, 0, start)
        or grammar.is_film_here(text, years.span.end)
    )


def _is_told(text: str, years: Years, grammar: Grammar) -> bool:
    start = _start(text, years)
    if grammar.setting.search(text, 0, start) or grammar.other_work.match(text, years.span.end):
        return True
    clause = max((m.end() for m in _CLAUSE.finditer(text, 0, start)), default=0)
    opening = grammar.told_after.search(text, clause, start)
    return opening is not None and _words(text, opening.end(), years.span.start) >= _FAR_WORDS


def _words(text: str, start: int, end: int) -> int:
    return len(text[start:end].split())
