"""What a message answers to films on the table without naming them: "great movie", "not my thing".

Reads verdicts whose film is only "it", "both" or left out, by the patterns of ``opinions.json``
in ``data/languages/<language>/grammar``. A film named earlier in the same message is what "it"
means there, and ``signs`` has read that; so only what comes before the first film named, or in a
sentence of its own that speaks of several, is read here. Next in the flow: ``opinions``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.parsing.grammar import Grammar
from assistant.parsing.message import FILM_MARK, Span
from assistant.parsing.patterns import Match
from assistant.parsing.request import Context, Stance

_ASKED = frozenset({Stance.WANT, Stance.PASSED})
MANY = 4
"""Films of one list that a bare "all great movies" may be about; a longer list is praised as a
list."""
_STANCES: Mapping[str, Stance] = {
    "loved": Stance.LOVED,
    "liked": Stance.LIKED,
    "fine": Stance.FINE,
    "disliked": Stance.DISLIKED,
    "hated": Stance.HATED,
    "passed": Stance.PASSED,
    "seen": Stance.SEEN,
    "unseen": Stance.UNSEEN,
    "want": Stance.WANT,
}
UNMET = frozenset({Stance.UNSEEN, Stance.WANT, Stance.PASSED})
"""Stances towards a suggestion; nobody answers so about a film they brought up as one they like."""
_WEIGHT: Mapping[Stance, int] = {
    Stance.SEEN: 1,
    Stance.WANT: 1,
    Stance.FINE: 2,
    Stance.LIKED: 2,
    Stance.LOVED: 2,
    Stance.UNSEEN: 3,
    Stance.DISLIKED: 4,
    Stance.HATED: 4,
    Stance.PASSED: 4,
}
"""Of several answers on one film the heavier stands: who has not seen it praises it from hearsay,
and "I've seen it, it was good" is a verdict."""


@dataclass(frozen=True)
class Answer:
    """One verdict on films not named beside it."""

    span: Span
    stance: Stance
    many: bool
    """Whether it speaks of several films ("both", "those")."""


def find_answers(plain: str, grammars: Sequence[Grammar]) -> Iterator[Answer]:
    """The answers in ``plain``, where names are masked, in text order by grammar."""
    for grammar in grammars:
        for match in grammar.opinions.find(plain):
            yield Answer(match.span, _STANCES[match.reading], _is_many(match, plain, grammar))


def _is_many(match: Match, plain: str, grammar: Grammar) -> bool:
    return bool(grammar.several.find(plain[match.span.start : match.span.end]))


def answered(
    plain: str,
    grammars: Sequence[Grammar],
    context: Context,
    announced: bool = False,
    pointing: Sequence[Span] = (),
) -> dict[str, Stance]:
    """What ``plain`` says of the films on the table, by film id, in the order shown.

    ``announced``: the message asks to save or hide them in so many words, which says it all.
    ``pointing``: its sentences that point at one of them ("I've seen the second one, loved it");
    there only what is said of several at once is said of others than that one.
    """
    first = plain.find(FILM_MARK)
    found: dict[str, Stance] = {}
    for answer in find_answers(plain, grammars):
        if 0 <= first < answer.span.start or (announced and answer.stance in _ASKED):
            continue
        if not answer.many and any(answer.span.overlaps(sentence) for sentence in pointing):
            continue
        for film in _meant(answer, context):
            if answer.stance in UNMET and film in context.wants.like:
                continue
            if _WEIGHT[answer.stance] >= _WEIGHT[found.get(film, Stance.SEEN)]:
                found[film] = answer.stance
    return found


def _meant(answer: Answer, context: Context) -> tuple[str, ...]:
    if answer.many and 1 < len(context.shown) <= MANY:
        return context.shown
    if context.focus is not None:
        return (context.focus,)
    return context.shown if len(context.shown) == 1 else ()
