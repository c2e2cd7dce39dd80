"""What others' lists of likes teach by the usual methods, to be measured against.

Popularity, ItemKNN, EASE and implicit ALS over sets of film ids. They know nothing of films but
who liked which. Next in the flow: ``evaluation_history`` asks them for lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Lists = Callable[[Sequence[str], frozenset[str], int], Sequence[str]]
"""(ids liked, ids not to give, how many) to ids, best first."""
Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

KNN_SHRINK = 20.0
"""Lists by which the cosine of rarely liked films is shrunk (Bell & Koren 2007)."""
EASE_RIDGE = 300.0
"""Steck 2019; of the usual range for a few hundred people."""
ALS_FACTORS, ALS_RIDGE, ALS_ALPHA, ALS_ROUNDS = 32, 1.0, 10.0, 8
"""Hu, Koren and Volinsky 2008; small, as the data are."""


def baselines(lists: Sequence[Sequence[str]]) -> Mapping[str, Lists]:
    """The baselines by name, learned from ``lists`` of ids that people liked."""
    ids = sorted({film for films in lists for film in films})
    row = {film: n for n, film in enumerate(ids)}
    held = np.zeros((len(lists), len(ids)))
    for person, films in enumerate(lists):
        held[person, [row[film] for film in films]] = 1.0
    counts = held.sum(axis=0)
    gram = held.T @ held
    ease, knn = _ease(gram), _knn(gram, counts)
    factors = _als(held)

    def listed(score: Callable[[Rows], Floats]) -> Lists:
        def best(liked: Sequence[str], gone: frozenset[str], count: int) -> list[str]:
            given = np.array(sorted({row[film] for film in liked if film in row}), np.int64)
            scores = score(given) + counts * 1e-9  # ties go to the commoner film
            scores[[row[film] for film in gone if film in row]] = -np.inf
            order = np.argsort(-scores, kind="stable")[:count]
            return [ids[n] for n in order if scores[n] > -np.inf]

        return best

    return {
        "popularity": listed(lambda _: counts.astype(np.float64).copy()),
        "ItemKNN": listed(lambda given: knn[given].sum(axis=0)),
        "EASE": listed(lambda given: ease[given].sum(axis=0)),
        "implicit ALS": listed(lambda given: _fold_in(given, factors) @ factors.T),
    }


def _ease(gram: Floats) -> Floats:
    inverse = np.linalg.inv(gram + EASE_RIDGE * np.eye(len(gram)))
    weights = -inverse / np.diag(inverse)[None, :]
    weights[np.diag_indices(len(gram))] = 0.0
    return np.asarray(weights)


def _knn(gram: Floats, counts: Floats) -> Floats:
    alike = gram / np.maximum(np.sqrt(np.outer(counts, counts)) + KNN_SHRINK, 1e-9)
    alike[np.diag_indices(len(gram))] = 0.0
    return np.asarray(alike)


def _als(held: Floats) -> Floats:
    """(items, factors) of implicit ALS, every entry of ``held`` trusted 1 + alpha times it."""
    rng = np.random.default_rng(7)
    items = rng.normal(0, 0.1, (held.shape[1], ALS_FACTORS))
    for _ in range(ALS_ROUNDS):
        people = np.stack([_fold_in(np.flatnonzero(row), items) for row in held])
        items = np.stack([_fold_in(np.flatnonzero(column), people) for column in held.T])
    return np.asarray(items)


def _fold_in(given: Rows, factors: Floats) -> Floats:
    """The factors of one more person (or item) by the rows they hold."""
    held = factors[given]
    gram = factors.T @ factors + ALS_ALPHA * held.T @ held + ALS_RIDGE * np.eye(ALS_FACTORS)
    return np.asarray(np.linalg.solve(gram, (1 + ALS_ALPHA) * held.sum(axis=0)))
