"""What "often", "company" and "profile" count, from lists of which it is known what was liked next.

The three are weighed twice. Where nothing is asked, anything between not at all and almost alone
is tried for people who had told nothing, one like, three and so on: of whom nothing is known, what
everybody likes is the best guess; of whom much is, what they like themselves. Beside a wish they
stay modest, or they would drown what is asked for. Knows nothing of people or films. Next in the
flow: ``learning`` makes the sheets and keeps the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import numpy.typing as npt

from assistant.metrics import ideal_gain
from assistant.scoring import PARTS
from assistant.weights import Ranker, Unasked

Floats = npt.NDArray[np.float32]

LEARNED = ("often", "company", "profile")
DEPTH = 10
"""Films of a list that count."""
TRIED: Mapping[str, tuple[float, ...]] = {
    "often": (0.0, 0.3, 0.6, 1.0, 1.5, 2.5, 4.0, 7.0, 12.0, 20.0),
    "company": (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 13.0),
    "profile": (1.0, 1.5, 2.0, 3.0, 5.0, 9.0),
}
"""Weights that are tried, every combination of them, beside the others as they are; the profile's
are multiples of the ranker's own."""
MODEST: Mapping[str, tuple[float, float]] = {
    "often": (0.3, 1.5),
    "company": (0.5, 5.0),
    "profile": (1.0, 2.0),
}
"""Least and most that each counts beside a wish."""
BESIDE = 0.5
"""How much the gains after fewer and after more likes count for a number of likes: few people
judge each, and taste grows gradually."""
BEST = 20
"""Combinations whose mean is taken: the best of hundreds is best by luck, the mean of the best
foretells better."""
_NOTHING = 0.3
"""Added for a geometric mean, since 0 is tried too: the smallest step."""


@dataclass(frozen=True)
class Sheet:
    """The candidates of one moment, scored."""

    rest: Floats
    """(m,) what the other parts of a score sum to."""
    learned: Floats
    """(m, 3) the columns of ``LEARNED``."""
    chosen: npt.NDArray[np.bool_]
    """(m,) which of them the person liked later."""
    wanted: int
    """Hits that a perfect list of ``DEPTH`` holds."""
    given: int
    """Number of likes that were known."""
    likes: float
    """Their strength, summed."""


def sheet_of(
    parts: Mapping[str, Floats],
    chosen: npt.NDArray[np.bool_],
    wanted: int,
    given: int,
    likes: float,
    ranker: Ranker,
) -> Sheet:
    """The sheet of these columns, for somebody who asked for nothing."""
    shares = ranker.shares_after(likes)
    rest = [
        parts[name] * np.float32(ranker.weights[name] * shares[name])
        for name in PARTS
        if name not in LEARNED
    ]
    learned = np.stack([parts[name] for name in LEARNED], axis=1)
    return Sheet(np.sum(rest, axis=0), learned, chosen, wanted, given, likes)


def weighed(sheets: Sequence[Sheet], ranker: Ranker) -> Ranker:
    """``ranker`` with what ``LEARNED`` count by mean NDCG at ``DEPTH`` of lists by score alone.

    What all else counts where nothing is asked becomes less, all by the same share, where the
    learned parts count more beside it than their weights allow.
    """
    own = ranker.weights["profile"]
    tried = np.array(list(product(*(TRIED[name] for name in LEARNED))), np.float32)
    gains = np.stack(
        [_gains(sheet, tried * np.array([1.0, 1.0, own], np.float32)) for sheet in sheets]
    )
    given = np.array([sheet.given for sheet in sheets])
    steps = sorted(set(given.tolist()))
    means = np.stack([gains[given == step].mean(axis=0) for step in steps])
    asked = _modest(gains.mean(axis=0), tried)
    alone = np.stack([_of_best(gain, tried) for gain in _smoothed(means)])
    room = float(np.min(asked / np.maximum(alone, 1e-9)))
    rest = min(1.0, room)
    unasked = []
    for step, alike in zip(steps, alone, strict=True):
        likes = float(np.mean([sheet.likes for sheet in sheets if sheet.given == step]))
        kept = {name: share * rest for name, share in ranker.shares_after(likes).items()}
        shares = dict(zip(LEARNED, (alike * rest / asked).tolist(), strict=True))
        shares = {name: round(min(share, 1.0), 4) for name, share in (kept | shares).items()}
        unasked.append(Unasked(round(likes, 2), shares))
    often, company, profile = (round(float(weight), 4) for weight in asked)
    weights = {**ranker.weights, "often": often, "company": company, "profile": own * profile}
    return replace(ranker, weights=weights, unasked=tuple(unasked))


def _modest(gain: Floats, tried: Floats) -> Floats:
    """(3,) the combination of most gain within ``MODEST``; of equal ones the first."""
    low, high = np.array([MODEST[name] for name in LEARNED], np.float32).T
    inside = ((tried >= low) & (tried <= high)).all(axis=1)
    return np.asarray(tried[int(np.argmax(np.where(inside, np.round(gain, 6), -1.0)))], np.float32)


def _smoothed(means: Floats) -> Floats:
    """(steps, tried) each step's mean gain with a share of those beside it."""
    spread = means.copy()
    spread[1:] += BESIDE * means[:-1]
    spread[:-1] += BESIDE * means[1:]
    return spread


def _of_best(gain: Floats, tried: Floats) -> Floats:
    """(3,) the geometric mean of the ``BEST`` combinations; of equal ones the first."""
    best = np.argsort(-np.round(gain, 6), kind="stable")[:BEST]
    return np.asarray(np.exp(np.log(tried[best] + _NOTHING).mean(axis=0)) - _NOTHING, np.float32)


def _gains(sheet: Sheet, weights: Floats) -> Floats:
    """(tried,) NDCG of the ``DEPTH`` best by each combination; of equal scores the more popular
    film's counts."""
    scores = sheet.rest[:, None] + sheet.learned @ weights.T  # (m, tried)
    depth = min(DEPTH, len(scores))
    first = np.sort(np.argpartition(-scores, depth - 1, axis=0)[:depth], axis=0)
    order = np.argsort(-np.take_along_axis(scores, first, axis=0), axis=0, kind="stable")
    hits = sheet.chosen[np.take_along_axis(first, order, axis=0)]  # (depth, tried)
    discounts = 1.0 / np.log2(np.arange(depth) + 2.0)
    return np.asarray(discounts @ hits / ideal_gain(sheet.wanted), np.float32)
