"""Words that point at films already on the table: "the second one", "that", "the Nolan one".

Knows nothing of what the message wants with them. Next in the flow: ``marks``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.catalogue import Catalogue, Film
from assistant.parsing.grammar import Grammar
from assistant.parsing.message import Span
from assistant.parsing.numbers import read_number
from assistant.parsing.patterns import Match
from assistant.parsing.request import Context

_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]
_MOST: Mapping[str, Callable[[Film], float]] = {
    r"old(?:er|est)|earl(?:ier|iest)|老": lambda film: film.year,
    r"new(?:er|est)|latest|more recent|most recent|新": lambda film: -film.year,
    r"short(?:er|est)|短": lambda film: film.runtime_min or 999,
    r"long(?:er|est)|长": lambda film: -(film.runtime_min or 0),
    r"funn(?:ier|iest|y)|好笑|搞笑": lambda film: -(film.tone_of("funny") or 0),
    r"scar(?:ier|iest|y)|creep\w+|恐怖|吓人": lambda film: -(film.tone_of("scary") or 0),
    r"dark(?:er|est)?|黑暗": lambda film: -(film.tone_of("dark") or 0),
    r"sad(?:der|dest)?|悲": lambda film: -(film.tone_of("sad") or 0),
    r"romantic|浪漫": lambda film: -(film.tone_of("romantic") or 0),
    r"violent|暴力": lambda film: -(film.tone_of("violent") or 0),
    r"weird(?:er|est)?|strange|怪": lambda film: -(film.tone_of("weird") or 0),
    r"(?:most )?(?:popular|famous)|有名": lambda film: -film.popularity,
    r"(?:best|highest)(?: rated)?|评分最高": lambda film: -film.acclaim,
}
"""What "the older one" looks at: the film with the smallest value."""


@dataclass(frozen=True)
class Reference:
    """A place in the message that points at shown films."""

    span: Span
    films: tuple[str, ...]
    """Ids, in the order shown or said; empty where it points at nothing we know."""
    weak: bool = False
    """A mere "it", "that" or "any of them": counts only beside a verb that wants an object."""


def find_references(
    plain: str,
    grammar: Grammar,
    context: Context,
    catalogue: Catalogue,
) -> list[Reference]:
    """Every reference in ``plain``, in text order; films that left the catalogue are not shown."""
    shown = tuple(film_id for film_id in context.shown if film_id in catalogue)
    found = []
    for match in grammar.references.find(plain):
        if match.reading == "described":
            films = _described(match.groups["what"], [catalogue[i] for i in shown], grammar)
            if films:
                found.append(Reference(match.span, films))
            continue
        if match.reading == "this":
            found.append(Reference(match.span, _this(match, shown, context), weak=True))
            continue
        if match.reading == "some":
            found.append(Reference(match.span, shown, weak=True))
            continue
        if match.reading == "both" and not shown:
            continue  # "my dad and me both love …"
        found.append(Reference(match.span, _numbered(match, shown, context)))
    return found


def _this(match: Match, shown: tuple[str, ...], context: Context) -> tuple[str, ...]:
    many = match.groups.get("many") is not None
    if many and len(shown) > 1:
        return shown
    if context.focus is not None:
        return (context.focus,)
    return shown if len(shown) == 1 else ()


def _numbered(match: Match, shown: tuple[str, ...], context: Context) -> tuple[str, ...]:
    first, second = (_position(match.groups.get(name, ""), len(shown)) for name in ("n", "m"))
    if match.reading in ("nth", "pair"):
        wanted = [n for n in (first, second) if n is not None]
        whole = all(1 <= n <= len(shown) for n in wanted)
        return tuple(shown[n - 1] for n in wanted) if whole else ()
    if match.reading == "firsts":
        return shown[: first or 0]
    if match.reading == "lasts":
        return shown[-(first or 0) :] if first else ()
    if match.reading == "last":
        return shown[-1:]
    if match.reading == "other":
        others = tuple(film for film in shown if film != context.focus)
        return others if len(others) == 1 else ()
    return shown


def _position(words: str, count: int) -> int | None:
    """1-based; the last is ``count``."""
    words = words.strip("# ")
    if words == "last":
        return count
    if words in _ORDINALS:
        return _ORDINALS.index(words) + 1
    number = read_number(re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", words))
    return None if number is None else int(number)


def _described(what: str, shown: Sequence[Film], grammar: Grammar) -> tuple[str, ...]:
    """The one shown film that ``what`` fits: a name, a genre, a year, a superlative."""
    what = what.strip()
    if not shown or not what:
        return ()
    for pattern, value in _MOST.items():
        if re.fullmatch(rf"(?:{pattern}|最(?:{pattern})的?|more \w+)", what):
            return (min(shown, key=lambda film: (value(film), film.id)).id,)
    words = [w for w in re.findall(r"[^\W_]+", what) if w not in _FILLER]
    if not words:
        return ()
    fitting = [film for film in shown if _fits(film, words, what, grammar)]
    return (fitting[0].id,) if fitting else ()


_FILLER = frozenset(
    [
        "the",
        "a",
        "an",
        "with",
        "by",
        "from",
        "in",
        "about",
        "of",
        "directed",
        "starring",
        "and",
        "set",
        "featuring",
    ]
)


def _fits(film: Film, words: Sequence[str], what: str, grammar: Grammar) -> bool:
    decade = re.search(r"(\d)0'?s\b|(\d)0年代", what)
    if decade:
        return str(film.year)[2] == (decade.group(1) or decade.group(2))
    for _, _, topic in grammar.topics.find(what):
        if topic.countries and not topic.countries.isdisjoint(film.home):
            return True
        if topic.collections and not topic.collections.isdisjoint(film.collections):
            return True
        if topic.groups and all(not group.isdisjoint(film.all_genres) for group in topic.groups):
            return True
    text = " ".join(
        (
            film.title,
            str(film.year),
            *film.directors,
            *film.cast,
            *film.all_genres,
            *film.countries,
            *film.languages,
            *film.themes,
            *film.titles.values(),
        )
    ).lower()
    known = set(re.findall(r"[^\W_]+", text))
    return all(word in known or word.rstrip("s") in known for word in words) or what in text
