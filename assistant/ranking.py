"""From candidates to picks: a weighted sum of named parts, then variety.

Every part is a column of ``scoring`` times what it counts here (``weights``); a pick's parts sum
to its score. Knows nothing of words (``explanation`` comes next) or storage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.catalogue import Film
from assistant.crowd import Crowd
from assistant.grounds import grounds
from assistant.index import Index
from assistant.retrieval import Candidates, Query, likeness_to
from assistant.scoring import PARTS, columns
from assistant.space import Floats, Rows, Space
from assistant.weights import Ranker

__all__ = ["PARTS", "Part", "Pick", "rank", "score_of"]


@dataclass(frozen=True)
class Part:
    """One named contribution to a score."""

    name: str
    """From ``PARTS``."""
    value: float
    """What it adds to the score; parts of a pick sum to its score."""
    because: tuple[str, ...] = ()
    """What it rests on. neighbours, circle, seed, era, genre: seed film ids; profile, dislike:
    ids of films from the person's history or unliked ones; themes: theme names; tone: tone names,
    each with ``+`` or ``-`` ("funny+"); people: names; company: ids of seeds and past likes it
    keeps company with; others: empty. Strongest first."""


@dataclass(frozen=True)
class Pick:
    """A film chosen for the list."""

    film: Film
    score: float
    parts: tuple[Part, ...]
    """Largest absolute value first."""

    def part(self, name: str) -> Part | None:
        """The named part, or None where it played no role."""
        return next((part for part in self.parts if part.name == name), None)


def rank(
    query: Query,
    candidates: Candidates,
    space: Space,
    index: Index,
    ranker: Ranker,
    count: int,
    seed: int,
    beside: Sequence[str] = (),
    crowd: Crowd | None = None,
) -> tuple[Pick, ...]:
    """The ``count`` best picks, varied, best first; fewer where fewer candidates fit.

    ``beside`` are ids already on screen: the list stays varied beside them too. Ties go to the
    more popular film, then the smaller id. Same arguments, same picks.
    """
    parts = columns(query, candidates, space, index, seed, crowd)
    weights = ranker.weights_for(query)
    weighted = {name: parts[name] * np.float32(weights[name]) for name in PARTS}
    scores = np.sum(list(weighted.values()), axis=0)
    variety = ranker.variety_for(query)
    chosen = choose(scores, candidates.rows, space, index, variety, count, beside)
    return tuple(_pick(place, candidates, weighted, query, space, index, crowd) for place in chosen)


def choose(
    scores: Floats,
    rows: Rows,
    space: Space,
    index: Index,
    variety: float,
    count: int,
    beside: Sequence[str] = (),
) -> list[int]:
    """Places in ``rows`` of the ``count`` best and varied, best first, by (m,) ``scores``."""
    if not len(rows) or count < 1:
        return []
    order = np.argsort(-scores, kind="stable")[: max(4 * count, 60)]
    # Rows ascend by popularity rank then id, and the sort is stable: ties fall as promised.
    likeness = _likeness(rows[order], space.rows(beside), space, index)
    return _varied(scores, order, likeness, variety, count)


def score_of(
    film: Film,
    query: Query,
    space: Space,
    index: Index,
    ranker: Ranker,
    seed: int,
    crowd: Crowd | None = None,
) -> Pick:
    """One film scored as if it were a candidate, whether or not it fits."""
    row = space.rows([film.id])
    one, two = space.near(query.seeds, query.seed_weights)
    candidates = Candidates(row, (), one, two, likeness_to(query, space, index))
    return rank(query, candidates, space, index, ranker, 1, seed, crowd=crowd)[0]


def _varied(scores: Floats, order: Rows, likeness: Floats, variety: float, count: int) -> list[int]:
    """Maximal marginal relevance over ``order`` (Carbonell & Goldstein 1998).

    ``likeness`` is (k, k + shown) as ``_likeness`` gives it. Theirs mixes two similarities by
    lambda; ours takes ``variety`` times the likeness to the nearest film already picked or shown
    off the score, so that a score keeps its meaning.
    """
    left = scores[order].astype(np.float64)
    nearest = likeness[:, len(order) :].max(axis=1, initial=0.0)
    chosen: list[int] = []
    for _ in range(min(count, len(order))):
        place = int(np.argmax(left - variety * nearest))
        left[place] = -np.inf
        nearest = np.maximum(nearest, likeness[:, place])
        chosen.append(int(order[place]))
    return chosen


def _likeness(rows: Rows, shown: Rows, space: Space, index: Index) -> Floats:
    """(k, k + shown) 0-1 how alike films are to somebody reading a list: half text, half themes.

    Columns are the films of ``rows``, then those of ``shown``.
    """
    films = np.concatenate([rows, shown])
    text, themes = index.film_vectors[films], space.themes[films].toarray()
    k = len(rows)
    return np.asarray((text[:k] @ text.T + themes[:k] @ themes.T) / 2, np.float32)


def _pick(
    place: int,
    candidates: Candidates,
    weighted: Mapping[str, Floats],
    query: Query,
    space: Space,
    index: Index,
    crowd: Crowd | None,
) -> Pick:
    row = int(candidates.rows[place])
    parts = [
        Part(name, float(values[place]), grounds(name, row, query, space, index, crowd))
        for name, values in weighted.items()
        if values[place] != 0.0
    ]
    parts.sort(key=lambda part: (-abs(part.value), part.name))
    return Pick(space.catalogue.films[row], float(sum(p.value for p in parts)), tuple(parts))
