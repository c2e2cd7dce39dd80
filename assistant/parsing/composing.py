"""The acts of a message, once its wants and opinions are known.

Words announce some acts (``acts``); others follow from what was understood: a rating from "loved
it", a request from a genre. What nothing announces is small talk, a film to hear about, or talk of
other things. Next in the flow: ``parser`` puts them into the request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.parsing.acts import in_order
from assistant.parsing.message import READABLE
from assistant.parsing.patterns import Match
from assistant.parsing.pointing import is_strong
from assistant.parsing.reading import Read
from assistant.parsing.request import Act, Context, Opinion, Stance, Unresolved, Wants
from assistant.parsing.scope import Scope
from assistant.parsing.wishes import film_ids


def acts_of(
    read: Read,
    scope: Scope,
    opinions: Sequence[Opinion],
    pointed: Sequence[str],
    context: Context,
    guessed: Act | None = None,
) -> tuple[Act, ...]:
    """All acts of a message, in the order they should be carried out; never empty.

    ``guessed`` stands where the words announce none.
    """
    acts = set(read.said.acts) - {Act.RATE, Act.SEEN, Act.RECOMMEND}
    stances = {opinion.stance for opinion in opinions}
    watched = any(item.stance == "seen" and film_ids(item) for item in read.signed)
    if Stance.SEEN in stances or ((watched or Act.SEEN in read.said.acts) and opinions):
        acts.add(Act.SEEN)
    if stances - {Stance.SEEN, Stance.UNSEEN, Stance.WANT, Stance.PASSED}:
        acts.add(Act.RATE)
    if Stance.PASSED in stances:
        acts.add(Act.HIDE)
    pointless = read.said.acts & {Act.RATE, Act.SEEN} and not opinions
    if pointless and not (scope.wants != Wants() or acts):
        acts |= read.said.acts & {Act.RATE, Act.SEEN}
    asked = scope.wants != Wants() or scope.drop or scope.fresh
    answered = acts & {Act.HELP, Act.TASTE, Act.WHY, Act.WHY_NOT, Act.COMPARE, Act.TELL}
    pointing = read.names.films or any(map(is_strong, read.signed))
    asks_of_film = read.said.has("question") and pointing  # "is the first one on Netflix?"
    beyond = any(m.kind == "unusable" for m in read.marks) and not asks_of_film
    plain_request = Act.RECOMMEND in read.said.acts or beyond
    plain_request = plain_request and not answered and Act.RESET not in acts
    bare_reset = Act.RESET in acts and scope.wants == Wants()
    if (asked or plain_request) and not bare_reset:
        acts.add(Act.RECOMMEND if scope.fresh or context.wants == Wants() else Act.REFINE)
    if not acts:
        acts.add(_when_silent(read, guessed))
    return in_order(acts)


def is_off_topic(read: Read, wants: Wants) -> bool:
    """Words of another trade, or a question in which nothing is about films."""
    if Act.OFF_TOPIC in read.said.acts:
        return True
    asks = read.said.has("question") and not read.said.has("filmish")
    named = read.names.films or read.names.people
    return asks and not (named or read.said.acts or is_strong_wish(wants) or wants.tone)


def is_strong_wish(wants: Wants) -> bool:
    """Whether there is a wish besides leftover words and themes."""
    return replace(wants, about="", themes=(), tone={}) != Wants()


def _when_silent(read: Read, guessed: Act | None) -> Act:
    """The act of a message that announces none: a film pointed at is one to hear about."""
    if read.names.films or any(is_strong(item) for item in read.signed):
        return Act.TELL
    words = read.text.strip()
    strange = any(map(str.isalpha, words)) and not READABLE.search(words)
    if not words or strange:
        return Act.HELP
    if read.unknown_films:
        return Act.RECOMMEND
    if guessed is not None:
        return guessed
    off_topic = read.said.has("question") and not read.said.has("filmish")
    return Act.OFF_TOPIC if off_topic else Act.SMALLTALK


def unusable(read: Read) -> tuple[Unresolved, ...]:
    """What the message relies on that the catalogue does not know: awards, services, music."""
    return tuple(
        Unresolved(read.text[m.span.start : m.span.end].strip(), m.value.reading)
        for m in read.marks
        if m.kind == "unusable" and isinstance(m.value, Match)
    )
