"""A message in its conversation, as a request: what it says, and what it answers.

The parser reads most messages by themselves; a yes or no, a film described because its name is
gone, a count and a kind or rude word are read against what was said before. Keeps no state. Next
in the flow: ``chat`` follows the request.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.catalogue import Limits
from assistant.conversation import Conversation
from assistant.parsing.moves import Move, Moves
from assistant.parsing.parser import Parser
from assistant.parsing.request import Act, Context, Request, Wants
from assistant.recall import words

_SMALL = frozenset({Act.SMALLTALK, Act.OFF_TOPIC, Act.HELP})
_TOLD_WORDS = 3
"""Words of a plot from which a request may be looked up as a description."""


@dataclass(frozen=True)
class Understood:
    """A request, and the description in it where it may describe one film."""

    request: Request
    described: str = ""


def understand(
    text: str, before: Conversation, parser: Parser, moves: Moves, year_now: int
) -> Understood:
    """What ``text`` asks for after ``before``; any text at all has an answer."""
    request = parser.parse(text, before.context(year_now))
    move = moves.read(text, guessing=bool(before.guesses))
    alone = Context(language=request.language, year_now=year_now)
    if move.kind in ("yes", "no"):
        act = Act.CONFIRM if move.kind == "yes" else Act.DENY
        films = before.guesses[:1]
        return Understood(Request(text, request.language, (act,), films=films), before.described)
    if move.kind == "granted":
        return _granted(text, move.rest, before, parser, moves, year_now)
    if move.kind == "again":
        described = f"{before.described}. {move.rest}"
        more, whole = parser.parse(move.rest, alone), parser.parse(described, alone)
        return _again(request, more.wants, whole.wants, described)
    if move.kind == "naming":
        return _named(text, move, request, parser.parse(move.rest, alone))
    if move.kind == "count":
        limits = parser.parse(move.rest, alone).wants.limits
        if move.what == "shown" and not (before.shown and limits.set_names()):
            return Understood(request, text if _tells_a_plot(request) else "")
        count = Request(text, request.language, (Act.COUNT,), Wants(limits=limits))
        return Understood(replace(count, asked=(move.what,)))
    if move.kind == "chat" and _idle(request, rude=move.what == "hurt"):
        return Understood(Request(text, request.language, (Act.SMALLTALK,), asked=(move.what,)))
    if move.kind == "alike" and not request.mentions:
        request = _alike(request, before)
    return Understood(request, text if _tells_a_plot(request) else "")


def _granted(
    text: str, rest: str, before: Conversation, parser: Parser, moves: Moves, year_now: int
) -> Understood:
    """ "Yes, that one. Something similar?": the film is found, and the rest is said of it."""
    film = before.guesses[0]
    found = replace(before, guesses=(), described="", shown=(film,), focus=film)
    asked = understand(rest, found, parser, moves, year_now)
    if set(asked.request.acts) <= _SMALL:
        said = Request(text, asked.request.language, (Act.CONFIRM,), films=(film,))
        return Understood(said, before.described)
    return replace(asked, request=replace(asked.request, text=text))


def _alike(request: Request, before: Conversation) -> Request:
    """ "Something similar" is like the film just rated or talked about, if there is one; like the
    running seeds where only a list was shown since."""
    films = request.films[-1:] or before.guesses[:1] or ((before.focus,) if before.focus else ())
    seeds = before.wants.like or before.wants.around
    if seeds and not request.films and films == before.shown[:1]:
        films = seeds
    if not films or request.wants.like:
        return request
    acts = [act for act in request.acts if act not in (*_SMALL, Act.MORE, Act.REFINE, Act.TELL)]
    acts = [*dict.fromkeys([*acts, Act.RECOMMEND])]
    return replace(request, acts=tuple(acts), wants=replace(request.wants, like=films), fresh=True)


def _again(request: Request, more: Wants, whole: Wants, described: str) -> Understood:
    """ "No, it was in black and white": the description goes on, unless nothing describes."""
    hints = more.limits.and_(more.prefer).set_names()
    if more.like or not (more.about or more.themes or hints):
        return Understood(request)
    limits = whole.limits.and_(whole.prefer)
    wants = replace(whole, tone={}, about=whole.about or described, limits=limits)
    guess = Request(request.text, request.language, (Act.GUESS,), wants, fresh=True)
    return Understood(guess, described)


def _named(text: str, move: Move, request: Request, rest: Request) -> Understood:
    """ "What's that film where …": a description, unless hardly a word is left of it."""
    told = sum(1 for _ in words([move.rest]))
    if rest.wants.like or told < _TOLD_WORDS:
        return Understood(request, text if _tells_a_plot(request) else "")
    wants = replace(rest.wants, tone={}, about=rest.wants.about or move.rest)
    reset = (Act.RESET,) if Act.RESET in request.acts else ()
    guess = Request(text, request.language, (*reset, Act.GUESS), wants, fresh=True)
    return Understood(guess, move.rest)


def _tells_a_plot(request: Request) -> bool:
    told = sum(1 for _ in words([request.wants.about])) >= _TOLD_WORDS
    return told and not request.wants.like and Act.RECOMMEND in request.acts


def _idle(request: Request, *, rude: bool) -> bool:
    """Whether a message asks for nothing but words; a rude one's own words are no wish."""
    hard = replace(request.wants, about="", themes=(), tone={}) != Wants()
    asks = {Act.RECOMMEND, Act.REFINE} & set(request.acts)
    return not hard and (set(request.acts) <= _SMALL or bool(asks and (rude or not request.fresh)))


def is_open(after: Conversation, request: Request) -> bool:
    """Whether a request leaves so much open that a question helps: nothing wanted, or one broad
    thing and nothing asked yet."""
    wants = after.wants
    if Act.MORE in request.acts or Act.GUESS in request.acts or after.guesses:
        return False
    if wants == Wants(count=wants.count):
        return True
    broad = Wants(count=wants.count, tone=wants.tone, limits=Limits(genres=wants.limits.genres))
    one = len(wants.tone) + len(wants.limits.genres) == 1
    return wants == broad and one and not after.asked and Act.RECOMMEND in request.acts
