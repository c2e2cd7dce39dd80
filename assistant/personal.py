"""What a person's likes and dislikes make of each candidate, and how far films lie apart.

Knows nothing of what is asked for right now but the films unliked just now. Next in the flow:
``scoring`` puts it beside the other parts.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from assistant.index import Index
from assistant.retrieval import Query
from assistant.space import Floats, Rows, Space

ERA_YEARS = 12.0
"""Years over which closeness to the seeds' years falls to 1/e."""
TONE_GAP = 3.0
"""A third of the 0-1 scale apart in every tone is no likeness left; most films lie nearer."""
STRONGEST = 60
"""Likes and dislikes of a person that are compared with, strongest first."""
LIKING: Mapping[str, float] = {
    "neighbours": 0.13,
    "circle": 0.21,
    "seed": 0.04,
    "tone": 0.15,
    "genre": 0.11,
    "themes": 0.11,
    "people": 0.09,
    "era": 0.16,
}
"""How much each kind of likeness to the films a person likes makes of the profile; they sum to 1.
One step along the neighbours counts less than two: a list of what everybody links to one film is
narrower than a taste."""
FAINT = 2.0
"""Strength of likes, summed, at which a profile is believed by half. One liked film is not yet a
taste: most people like the best-known films whatever they liked first."""


def liking(likes: Mapping[str, float], space: Space, index: Index, rows: Rows) -> Floats:
    """How well films suit somebody with these ``likes``, 0-1, less where likes are few or faint."""
    films, strengths = _strongest(likes, space)
    if not len(films):
        return np.zeros(len(rows), np.float32)
    total = float(strengths.sum())
    share = strengths / total
    one, two = space.near(films, strengths)
    gaps = np.abs(space.years[rows][:, None] - space.years[films][None, :])
    alike = {
        "neighbours": np.minimum(one[rows] / 1.5, 2.0),
        "circle": np.sqrt(two[rows] / max(float(two.max()), 1e-9)),
        "seed": np.clip(index.film_vectors[rows] @ (share @ index.film_vectors[films]), 0, 1),
        "tone": (1.0 - TONE_GAP * tone_gaps(space.tone[rows], space.tone[films])) @ share,
        "genre": dot(space.genres, rows, share @ space.genres[films]),
        "themes": dot(space.themes, rows, share @ space.themes[films]),
        "people": np.clip(dot(space.people, rows, share @ space.people[films]) * 2, 0, 1),
        "era": np.exp(-gaps / ERA_YEARS) @ share,
    }
    told = sum((weight * alike[name] for name, weight in LIKING.items()), np.zeros(len(rows)))
    return _floats(told * total / (total + FAINT))


def disliking(query: Query, space: Space, index: Index, rows: Rows) -> Floats:
    """Closeness, at or below 0, to films disliked before and to those unliked just now."""
    films, strengths = _strongest(query.profile.dislikes, space)
    value = np.zeros(len(rows), np.float32)
    if len(films):
        value -= _closeness(films, strengths, space, index, rows)
    if len(query.foes):
        ones = np.ones(len(query.foes), np.float32)
        value -= _closeness(query.foes, ones, space, index, rows)
    return value


def _closeness(films: Rows, strong: Floats, space: Space, index: Index, rows: Rows) -> Floats:
    """0-1: graph nearness and the best text likeness to any one of ``films``, as strong as told."""
    one, two = space.near(films, strong)
    walk = np.sqrt(two[rows] / max(float(two.max()), 1e-9))
    alike = (index.film_vectors[rows] @ index.film_vectors[films].T) * (strong / strong.max())
    text = np.clip(alike.max(axis=1), 0, 1)
    return np.asarray(0.45 * np.minimum(one[rows] / 1.5, 1) + 0.25 * walk + 0.3 * text, np.float32)


def dot(matrix: object, rows: Rows, profile: object) -> Floats:
    """(len(rows),) the products of some rows of a sparse (n, k) matrix with a (k,) profile."""
    return np.asarray(matrix[rows] @ np.asarray(profile).ravel(), np.float32)  # type: ignore[index]  # scipy's sparse arrays have no stubs


def tone_gaps(some: Floats, others: Floats) -> Floats:
    """(len(some), len(others)) root mean square of how far apart two tones are."""
    squares = (some**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)[None, :]
    return _floats(np.sqrt(np.maximum(squares - 2 * some @ others.T, 0.0) / some.shape[1]))


def _strongest(strengths: Mapping[str, float], space: Space) -> tuple[Rows, Floats]:
    """Rows and strengths of the ``STRONGEST`` strongest films that the catalogue holds."""
    known = [i for i in strengths if i in space.catalogue]
    known = sorted(known, key=lambda i: (-strengths[i], i))[:STRONGEST]
    return space.rows(known), np.array([strengths[i] for i in known], np.float32)


def _floats(values: object) -> Floats:
    return np.asarray(values, np.float32)
