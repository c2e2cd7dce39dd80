"""Whether a kind, a time or a place says what a film is, or only tells of something in it.

"A sixties comedy" and "Korean thrillers" are conditions; "sixties glamour", "European locations",
"anime-style action", "Tarantino-ish" and "a satire with some romance" tell what one would like to
find in a film.
What is told leads and does not rule anything out. The words are those of ``grammar/stop.json``.
Knows nothing of negation. Next in the flow: ``wishes``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.parsing.grammar import Grammar, Topic
from assistant.parsing.marks import Mark
from assistant.parsing.people import PersonMention
from assistant.parsing.years import Years

_WORD = re.compile(r"[\s-]+(['’]?[^\W_][^\W_'’]*(?:['’-][^\W_]+)*|[¤§]+)")
_PHRASE_WORDS = 5
"""Words of a noun phrase that are looked through for what it is about."""
_DECADE_YEARS = 10
"""Years of the longest time that may belong to a noun; "after 2000" never does."""


def is_told(plain: str, mark: Mark, marks: Sequence[Mark], grammars: Sequence[Grammar]) -> bool:
    """Whether ``mark`` tells of something in the film or of its manner; never so for films.

    ``plain``: the message with names masked; ``marks``: all of its marks.
    """
    value = mark.value
    kind = isinstance(value, Topic) and value.kind == "genre"
    place = isinstance(value, Topic) and value.kind in ("place", "language")
    collection = isinstance(value, Topic) and value.kind == "collection"
    person = isinstance(value, PersonMention)
    if not (kind or place or collection or person or isinstance(value, Years)):
        return False
    if any(grammar.manner_after.match(plain, mark.span.end) for grammar in grammars):
        return True
    if person or collection:
        return any(g.echo.search(plain, 0, mark.span.start) for g in grammars)
    if kind:
        start = mark.span.start
        if any(grammar.manner_before.search(plain, 0, start) for grammar in grammars):
            return True
        return any(_is_ingredient(plain, mark, marks, grammar) for grammar in grammars)
    if isinstance(value, Years) and not _is_bare_time(plain, mark, value, grammars):
        return False
    return any(_belongs_to_noun(plain, mark.span.end, grammar) for grammar in grammars)


def _is_ingredient(plain: str, mark: Mark, marks: Sequence[Mark], grammar: Grammar) -> bool:
    """Whether a kind is one thing among others in the film: "… with a bit of romance"."""
    before = [m for m in marks if m.span.end <= mark.span.start]
    opening = grammar.ingredient.search(plain, 0, mark.span.start)
    if opening is None:
        return False
    return any(
        m.span.end <= opening.start()
        and (m.kind == "film" or (isinstance(m.value, Topic) and m.value.kind == "genre"))
        and not grammar.clause_end.search(plain, m.span.end, opening.start())
        for m in before
    )


def _is_bare_time(plain: str, mark: Mark, years: Years, grammars: Sequence[Grammar]) -> bool:
    """Whether a decade stands by itself ("sixties"), without "from the"; a year is a year."""
    return 0 < years.high - years.low < _DECADE_YEARS and not any(
        g.time_lead.match(plain, mark.span.start) for g in grammars
    )


def _belongs_to_noun(plain: str, end: int, grammar: Grammar) -> bool:
    """Whether the words after ``end`` are a noun phrase that names no film and no kind of film."""
    at, words = end, 0
    while words < _PHRASE_WORDS:
        word = _WORD.match(plain, at)
        if word is None:
            break
        if word[1].startswith(("¤", "§")) or grammar.names_film(plain[end : word.end()]):
            return False
        if word[1].strip("'’") in grammar.stop:
            break
        at, words = word.end(), words + 1
    return words > 0
