"""The year and the quotes people put around a title to say which film they mean.

Works on characters beside a span; knows nothing of titles. Next in the flow: ``titles``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BRACKET_SLACK = 3
"""Years a year in brackets may be off: people misremember, releases differ by country."""

_AFTER_BRACKET = re.compile(r"['\"”’*_]?\s*[(\[（]\s*(\d{4})\s*[)\]）]")
_AFTER_BARE = re.compile(
    r"['\"”’*_]?,?\s+(?:(?:from|of|in)\s+)?(\d{4})\b(?!s|'s|’s|\s*(?:-|to)\s*\d)"
)
_AFTER_ONE = re.compile(
    r",?\s*\(?\s*(?:the|from)\s+(\d{4})\s+(?:one|version|film|movie|remake|original)\b\)?",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\b(\d{4})(?:'s)?\s+(?:(?:version|remake)\s+of\s+)?(?:the\s+)?$")
_QUOTED = re.compile(
    r"\"([^\"\n]{1,80})\"|“([^”\n]{1,80})”|«([^»\n]{1,80})»|《([^》\n]{1,80})》|「([^」\n]{1,80})」"
    r"|〈([^〉\n]{1,80})〉|(?<![\w'])'([^'\n]{1,60})'(?!\w)|(?<!\w)‘([^’\n]{1,60})’(?!\w)"
    r"|(?<!\*)\*{1,2}([^*\n]{1,80})\*"
)


_VERSION_BEFORE = re.compile(
    r"\b(?:(original|old|older|classic|first)|(new|newer|newest|latest|recent|remake of|reboot of))"
    r"\s+(?:version of\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_VERSION_AFTER = re.compile(
    r"['\"”]?,?\s*\(?(?:the\s+)?(?:(original|old one|first one)|(remake|reboot|new one))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class YearHint:
    """A year that stands beside a title."""

    year: int
    bracketed: bool
    end: int
    """Where the title with its year ends; the title's own end where the year stands before."""


def year_hint(text: str, start: int, end: int) -> YearHint | None:
    """The year beside characters ``start`` to ``end`` of ``text``, brackets first."""
    for pattern in (_AFTER_BRACKET, _AFTER_ONE, _AFTER_BARE):
        match = pattern.match(text, end)
        if match is not None and 1880 <= int(match[1]) <= 2100:
            return YearHint(int(match[1]), pattern is _AFTER_BRACKET, match.end())
    match = _BEFORE.search(text[max(0, start - 40) : start])
    if match is not None and 1880 <= int(match[1]) <= 2100:
        return YearHint(int(match[1]), False, end)
    return None


def version_hint(text: str, start: int, end: int) -> int:
    """-1 where "the original" stands beside the span, 1 where "new" or "remake" does, else 0."""
    match = _VERSION_AFTER.match(text, end) or _VERSION_BEFORE.search(
        text[max(0, start - 40) : start]
    )
    if match is None:
        return 0
    return -1 if match[1] else 1


def quoted(text: str) -> tuple[tuple[int, int], ...]:
    """Character spans between quotes, 《》 or stars, in text order, the marks left out."""
    return tuple(match.span(match.lastindex or 0) for match in _QUOTED.finditer(text))
