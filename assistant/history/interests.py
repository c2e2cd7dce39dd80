"""Likes in groups: somebody who loves heist films and Ghibli has two interests, not one between.

Average-link clustering on how alike two films are: the cosine of their vectors and the themes
they share. Knows nothing of events. Next in the flow: ``profile`` hands the groups to ``ranking``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from assistant.catalogue import Catalogue, Film
from assistant.history.values import Interest

Vectors = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float64]

MOST_INTERESTS = 5
STRONGEST_FILMS = 150
"""Likes that are grouped, strongest first: later ones hardly move a centre, and the work grows
with the square."""
VECTOR_SHARE = 0.6
"""Part of the likeness that comes from vectors; the rest is shared themes and genres."""
ALIKE = 0.42
"""Likeness at which two groups are one interest."""
RELATED = 0.25
"""Likeness at which they still are, while there are more groups than a profile holds."""


def interests(
    likes: Mapping[str, float], catalogue: Catalogue, vectors: Vectors | None
) -> tuple[Interest, ...]:
    """At most ``MOST_INTERESTS`` groups of liked films, heaviest first; ties by first film's id.

    ``likes``: strength by id, all in the catalogue. A weight is the group's share of all likes;
    what fits no group is left out, so weights add up to at most 1.
    """
    films = sorted(likes, key=lambda film: (-likes[film], film))[:STRONGEST_FILMS]
    if not films:
        return ()
    total = sum(likes.values())
    groups = [
        Interest(
            tuple(films[row] for row in rows), round(sum(likes[films[r]] for r in rows) / total, 4)
        )
        for rows in _grouped(_likeness(films, catalogue, vectors))
    ]
    return tuple(sorted(groups, key=lambda g: (-g.weight, g.films[0]))[:MOST_INTERESTS])


def _likeness(ids: Sequence[str], catalogue: Catalogue, vectors: Vectors | None) -> Matrix:
    """(n, n) in about 0-1, symmetric."""
    films = [catalogue[film] for film in ids]
    themes = _overlap([frozenset(film.themes) for film in films])
    genres = _overlap([frozenset(film.genres) for film in films])
    words = 0.7 * np.sqrt(themes) + 0.3 * genres  # sqrt: two themes of eight shared is a lot
    if vectors is None:
        return np.asarray(words)
    own = vectors[[catalogue.row[film] for film in ids]].astype(np.float64)  # (n, dim)
    return np.asarray(VECTOR_SHARE * np.maximum(own @ own.T, 0.0) + (1 - VECTOR_SHARE) * words)


def _overlap(sets: Sequence[frozenset[str]]) -> Matrix:
    """(n, n) Jaccard; 0 where both sets are empty."""
    names = {name: column for column, name in enumerate(sorted(frozenset().union(*sets)))}
    marks = np.zeros((len(sets), len(names)))
    for row, own in enumerate(sets):
        marks[row, [names[name] for name in own]] = 1.0
    shared = marks @ marks.T
    sizes = marks.sum(axis=1)
    return np.asarray(shared / np.maximum(sizes[:, None] + sizes[None, :] - shared, 1.0))


def _grouped(likeness: Matrix) -> list[list[int]]:
    """Rows in groups, each in ascending order."""
    groups = {row: [row] for row in range(len(likeness))}
    link = likeness.copy()
    np.fill_diagonal(link, -np.inf)
    while len(groups) > 1:
        a, b = divmod(int(np.argmax(link)), len(link))  # of equal pairs the first
        if link[a, b] < (ALIKE if len(groups) <= MOST_INTERESTS else RELATED):
            break
        size_a, size_b = len(groups[a]), len(groups[b])
        joined = (size_a * link[a] + size_b * link[b]) / (size_a + size_b)
        joined[a] = -np.inf
        link[a], link[:, a] = joined, joined
        link[b], link[:, b] = -np.inf, -np.inf
        groups[a] = sorted(groups[a] + groups.pop(b))
    return list(groups.values())


def shared_themes(films: Sequence[Film]) -> tuple[str, ...]:
    """Themes that at least half of ``films`` have, commonest first; ties by name."""
    counts: dict[str, int] = {}
    for film in films:
        for theme in film.themes:
            counts[theme] = counts.get(theme, 0) + 1
    least = max(2, (len(films) + 1) // 2)
    common = (theme for theme, count in counts.items() if count >= least)
    return tuple(sorted(common, key=lambda theme: (-counts[theme], theme)))
