"""Events into a ``Profile``: what was said last counts, and what was said lately counts more.

Three questions are kept apart for each film, each answered by its latest event: what the person
thinks of it, whether they have seen it, whether they want to see it. Curiosity (opening a card,
lingering on it) counts a little, and only for films nothing was said about. Knows nothing of
conversations or scores. Next in the flow: ``ranking`` for suggestions, ``taste`` for the panel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from assistant.catalogue import TONES, Catalogue
from assistant.history.interests import interests
from assistant.history.values import Profile
from assistant.store import Event

Vectors = npt.NDArray[np.float32]

OPINIONS: Mapping[str, float] = {
    "loved": 1.0,
    "liked": 0.7,
    "fine": 0.1,
    "disliked": -0.7,
    "hated": -1.0,
}
"""Strength of an opinion, -1 to 1."""

NEUTRAL_STARS = 3.0
HIDE = -0.5
"""Not for me: milder than disliking, since a poster can put one off."""
WANT = 0.3

IMPLICIT: Mapping[str, float] = {"open": 0.05, "dwell": 0.1, "more_like": 0.2}
IMPLICIT_MOST = 0.25
"""However often a card was opened, it weighs less than wanting to see the film."""
DWELL_LEAST_S = 8.0
"""A card is read in about this time; less is scrolling past."""

HALF_LIFE_S = 365 * 86400.0
"""After a year an opinion's fading part has halved: tastes drift over years, not weeks."""
LASTING = 0.3
"""Share of an opinion that never fades: a film loved ten years ago is still loved."""
CURIOSITY_HALF_LIFE_S = 14 * 86400.0
"""What was merely looked at says something about this fortnight, nothing about next year."""
_FAINTEST = 0.005
"""Weaker signals are left out."""

TONE_SPAN = 5.0
"""Tone points (of 10) off the catalogue's mean that count as a full leaning."""
TONE_PRIOR = 1.0
"""Weight of an imaginary average film among the likes: one film is not yet a taste."""
_MEAN_FILMS = 2000
"""The best-known films stand for the catalogue: their mean is what a person can compare with."""


@dataclass
class _Standing:
    """Where one film stands after all its events; used while adding up only."""

    opinion: float | None = None
    opinion_at_s: float = 0.0
    stars: float | None = None
    seen: bool = False
    hidden: bool = False
    hidden_at_s: float = 0.0
    wanted: bool = False
    wanted_at_s: float = 0.0
    glances: list[tuple[float, float]] = field(default_factory=list)
    """(strength, Unix time) of implicit signals."""


def profile(
    events: Iterable[Event], catalogue: Catalogue, vectors: Vectors | None, now_s: float
) -> Profile:
    """Taste as of ``now_s`` (Unix time) from ``events``, oldest first.

    ``vectors``: (films, dim) float32, unit rows in the order of ``catalogue.films``; None groups
    interests by themes and genres alone. Films the catalogue does not hold count only as seen or
    hidden.
    """
    standings: dict[str, _Standing] = {}
    for event in events:
        if event.film is not None:
            _apply(standings.setdefault(event.film, _Standing()), event)
    known = {film: s for film, s in standings.items() if film in catalogue}
    strengths = {film: _strength(standing, now_s) for film, standing in known.items()}
    likes = _strongest_first({f: s for f, s in strengths.items() if s >= _FAINTEST})
    dislikes = _strongest_first({f: -s for f, s in strengths.items() if s <= -_FAINTEST})
    wanted = (film for film, standing in known.items() if standing.wanted)
    return Profile(
        likes=likes,
        dislikes=dislikes,
        interests=interests(likes, catalogue, vectors),
        tone=_tone(likes, catalogue),
        seen=frozenset(film for film, standing in standings.items() if standing.seen),
        hidden=frozenset(film for film, standing in standings.items() if standing.hidden),
        watchlist=tuple(sorted(wanted, key=lambda f: (-known[f].wanted_at_s, f))),
        ratings={f: s.stars for f, s in sorted(known.items()) if s.stars is not None},
    )


def _apply(standing: _Standing, event: Event) -> None:
    kind, at_s = event.kind, event.at_s
    if kind in OPINIONS or kind == "rate":
        standing.opinion = OPINIONS.get(kind, 0.0)
        if kind == "rate":
            standing.stars = NEUTRAL_STARS if event.value is None else event.value
            standing.opinion = (standing.stars - NEUTRAL_STARS) / (5.0 - NEUTRAL_STARS)
            standing.opinion = max(-1.0, standing.opinion)
        standing.opinion_at_s = at_s
        standing.seen, standing.wanted, standing.hidden = True, False, False
    elif kind in ("seen", "unseen"):
        standing.seen = kind == "seen"
        standing.wanted = standing.wanted and not standing.seen
    elif kind in ("want", "unwant"):
        standing.wanted, standing.wanted_at_s = kind == "want", at_s
        standing.hidden = standing.hidden and not standing.wanted
    elif kind in ("hide", "unhide"):
        standing.hidden, standing.hidden_at_s = kind == "hide", at_s
        standing.wanted = standing.wanted and not standing.hidden
    elif kind in IMPLICIT and not (kind == "dwell" and (event.value or 0.0) < DWELL_LEAST_S):
        standing.glances.append((IMPLICIT[kind], at_s))


def _strength(standing: _Standing, now_s: float) -> float:
    """-1 to 1: the latest of hiding and opinion, else wanting, else curiosity."""
    if standing.hidden:
        return HIDE * _kept(standing.hidden_at_s, now_s)
    if standing.opinion is not None:
        return standing.opinion * _kept(standing.opinion_at_s, now_s)
    if standing.wanted:
        return WANT * _kept(standing.wanted_at_s, now_s)
    glances = (
        strength * _fading(at_s, now_s, CURIOSITY_HALF_LIFE_S)
        for strength, at_s in standing.glances
    )
    return min(IMPLICIT_MOST, sum(glances))


def _kept(at_s: float, now_s: float) -> float:
    """0-1, the share of an explicit signal that is left."""
    return LASTING + (1 - LASTING) * _fading(at_s, now_s, HALF_LIFE_S)


def _fading(at_s: float, now_s: float, half_life_s: float) -> float:
    """Exponential decay (Ding and Li, CIKM 2005); a time in the future counts as now."""
    return float(0.5 ** (max(0.0, now_s - at_s) / half_life_s))


def _strongest_first(strengths: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(strengths.items(), key=lambda item: (-item[1], item[0])))


def _tone(likes: Mapping[str, float], catalogue: Catalogue) -> dict[str, float]:
    """-1 to 1 by tone name: the likes' weighted mean less the catalogue's; {} without likes."""
    told = [(catalogue[film].tone, weight) for film, weight in likes.items()]
    told = [(tone, weight) for tone, weight in told if tone]
    usual = [film.tone for film in catalogue.films[:_MEAN_FILMS] if film.tone]
    if not told:
        return {}
    mean = np.mean(np.array(usual or [tone for tone, _ in told]), axis=0)
    weights = np.array([weight for _, weight in told])
    off = np.array([tone for tone, _ in told]) - mean  # (likes, tones)
    leaning = weights @ off / (weights.sum() + TONE_PRIOR) / TONE_SPAN
    return {
        name: float(value)
        for name, value in zip(TONES, np.clip(leaning, -1.0, 1.0).round(4), strict=True)
    }
