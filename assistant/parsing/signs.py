"""Who stands where on each thing read: wanted, unwanted, preferred, loved, seen.

One walk from left to right. A negation holds over a list ("no horror, gore or aliens") and ends
at "but", after the word it only tones down ("not too gory horror"), at a new verb of wanting, at
another kind of condition after a comma or "and", and at the end of the sentence. An opinion verb
holds for the films named after it in the same sentence, or just before it ("Heat was great").
Knows nothing of limits. Next in the flow: ``wishes``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.parsing.grammar import Grammar, Topic
from assistant.parsing.marks import Mark
from assistant.parsing.patterns import Match
from assistant.parsing.references import Reference

_BREAK = re.compile(r"[!?;。！？；\n]|\.(?!\d)")
_COMMA = re.compile(r"[,，]|(?<![^\W_])and(?![^\W_])|而且")
_LIST_GAP = re.compile(
    r"(?:[\s,，、/&-]|(?<![^\W_])(?:and|or|nor|any|a|an|the|too|no)(?![^\W_])|和|或者?|与|也)*"
)
_JOINT = re.compile(r"[,，、/&]|(?<![^\W_])(?:and|or|nor)(?![^\W_])|和|或|与|也")
_FILM_KINDS = ("film", "reference")
_WORDS = re.compile(r"[^\W_㐀-鿿]+|[㐀-鿿]{2}")
_REACH_WORDS = 3
"""Words between a negation and what it negates: "cannot let go of his toy bear" bans no toys."""
_WEAK_REACH = 4
"""Characters between a verb and an "it" that is its object."""
_LOOK_BACK = 40
"""Characters before a tone word in which "not too" and "much more" are looked for."""
_NEGATIVE = frozenset({"disliked", "hated", "unlike"})
_TURNED = {"loved": "disliked", "liked": "disliked", "like": "unlike", "seen": "unseen"}
"""What "but not" makes of the stance before it."""
JUDGING = frozenset({"loved", "liked", "fine", "disliked", "hated", "seen", "unseen"})
"""Stances that tell of the past rather than of a wish."""


@dataclass(frozen=True)
class Signed:
    """A mark, and where the person stands on it."""

    mark: Mark
    negative: bool = False
    soft: bool = False
    stance: str | None = None
    """A cue's reading ("loved", "like", "around"…); None where nothing was said."""
    modifier: str | None = None
    """For tones: "less", "too", "complaint", "slight_more", "much_more", "much", "more"."""


@dataclass(frozen=True)
class _State:
    negative: bool = False
    soft: bool = False
    stance: str | None = None
    said_at: int = -1
    """Where the last cue ended."""
    kind: str = ""
    """Kind of the last negated mark; empty right after the cue."""
    degree: bool = False
    """Whether only a degree was negated ("not too gory"), which reaches no noun behind it."""
    against: str | None = None
    """The stance that a "but" has just turned against ("liked Heat but not …")."""


def sign(plain: str, marks: Sequence[Mark], grammars: Sequence[Grammar]) -> tuple[Signed, ...]:
    """Every mark but the cues, signed; mere "it" and "that" only where a verb claims them."""
    state = _State()
    signed: list[Signed] = []
    at = 0
    for mark in marks:
        gap = plain[at : mark.span.start]
        named = state.negative and any(
            grammar.named_here.search(plain, max(state.said_at, 0), mark.span.start)
            for grammar in grammars
        )
        if named or _BREAK.search(gap):  # "… is not easy in this 2005 thriller"
            state = _State()
        if mark.kind == "cue":
            assert isinstance(mark.value, Match)
            if mark.value.reading == "excluded" and signed and not gap.strip():
                signed[-1] = replace(signed[-1], negative=True)
            state = _after_cue(state, mark.value, gap)
        else:
            state = _after_gap(state, mark, gap)
            signed.append(_signed(state, mark, plain, grammars))
            if state.negative:
                state = replace(state, kind=_kind(mark), degree=signed[-1].modifier == "too")
        at = mark.span.end
    return _with_verdicts(plain, signed, grammars)


def _after_cue(state: _State, cue: Match, gap: str) -> _State:
    end, reading = cue.span.end, cue.reading
    if reading == "no":
        turned = None if gap.strip() else _TURNED.get(state.against or "")
        return _State(True, state.soft, turned, end)
    if reading == "but":
        return _State(said_at=end, against=state.stance)
    if reading == "excluded":
        return _State(said_at=end)
    if reading == "except":
        flipped = "like" if state.negative else None
        return replace(state, negative=not state.negative, stance=flipped, said_at=end, kind="")
    if reading == "yes":
        adjacent = state.negative and not gap.strip() and not state.kind
        return state if adjacent else replace(state, negative=False, stance=None, said_at=end)
    if reading == "soft":
        return replace(state, soft=True, said_at=end)
    if reading == "hard":
        return replace(state, soft=False, said_at=end)
    negated = state.negative and not gap.strip() and not state.kind
    negated = negated or (reading == "like" and state.negative and not _COMMA.search(gap))
    if reading in ("like", "liked", "loved") and negated:
        reading = "unlike" if reading == "like" else "disliked"
    negative = reading in _NEGATIVE
    return replace(state, stance=reading, negative=negative, said_at=end, kind="")


def _after_gap(state: _State, mark: Mark, gap: str) -> _State:
    """End a negation where what follows is no longer its list."""
    if not state.negative:
        return state
    if not state.kind:
        words = len(_WORDS.findall(gap))
        far = (words > _REACH_WORDS or "，" in gap) and mark.kind not in _FILM_KINDS
        return replace(state, negative=False, stance=None) if far else state
    if state.degree and not _JOINT.search(gap):
        return replace(state, negative=False, stance=None, kind="", degree=False)
    same = _kind(mark) == state.kind
    listed = bool(_LIST_GAP.fullmatch(gap))
    if (same and listed) or not (_COMMA.search(gap) or (listed and gap.strip())):
        return state
    return replace(state, negative=False, stance=None, kind="")


def _kind(mark: Mark) -> str:
    if mark.kind in _FILM_KINDS:
        return "film"
    if isinstance(mark.value, Topic):
        return "place" if mark.value.kind in ("place", "language") else "topic"
    return mark.kind


def _signed(state: _State, mark: Mark, plain: str, grammars: Sequence[Grammar]) -> Signed:
    stance = state.stance
    if isinstance(mark.value, Reference) and mark.value.weak:
        near = 0 <= mark.span.start - state.said_at <= _WEAK_REACH
        stance = stance if near else None
    modifier = None
    if isinstance(mark.value, Topic) and (mark.value.tone or mark.value.kind == "genre"):
        modifier = _modifier(
            plain[max(0, mark.span.start - _LOOK_BACK) : mark.span.start], grammars
        )
        if state.negative and state.degree and modifier is None:
            modifier = "too"  # "not too scary or violent"
    return Signed(mark, state.negative, state.soft, stance, modifier)


def _modifier(before: str, grammars: Sequence[Grammar]) -> str | None:
    for grammar in grammars:
        for match in grammar.modifiers.find(before):
            if match.span.end == len(before):
                return match.reading
    return None


def _with_verdicts(
    plain: str, signed: list[Signed], grammars: Sequence[Grammar]
) -> tuple[Signed, ...]:
    """Apply what is said right after films ("… was great") to those films."""
    films = [i for i, item in enumerate(signed) if item.mark.kind in _FILM_KINDS]
    for place, i in enumerate(films):
        after = signed[i].mark.span.end
        verdict = _verdict(plain[after : after + 80], grammars)
        if verdict is None:
            continue
        later = signed[i].mark.span
        for j in reversed(films[: place + 1]):
            between = plain[signed[j].mark.span.end : later.start]
            if j != i and not _LIST_GAP.fullmatch(between):
                break
            later = signed[j].mark.span
            if signed[j].stance in (None, "around") or (
                signed[j].stance == "seen" and verdict != "like"
            ):
                negative = verdict in _NEGATIVE
                signed[j] = replace(signed[j], stance=verdict, negative=negative)
    return tuple(signed)


def _verdict(rest: str, grammars: Sequence[Grammar]) -> str | None:
    for grammar in grammars:
        for match in grammar.cues_after.find(rest):
            return match.reading
    return None
