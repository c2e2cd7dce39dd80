"""Measures of ranked lists, and how sure they are. Pure numbers: no files, no films.

Next in the flow: ``evaluation`` feeds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


def first_hits(ranked: Sequence[str], targets: Sequence[str]) -> list[int | None]:
    """Zero-based rank of every target in ``ranked``; None where it is not there."""
    place = {item: rank for rank, item in reversed(list(enumerate(ranked)))}
    return [place.get(target) for target in targets]


@dataclass(frozen=True)
class Interval:
    """A mean with a 95 % bootstrap interval."""

    value: float
    low: float
    high: float


def ratio_interval(
    hits: Sequence[float], trials: Sequence[float], seed: int = 7, draws: int = 1000
) -> Interval:
    """Sum of hits over sum of trials; the interval resamples whole groups.

    ``hits`` and ``trials`` are per group (a conversation), equally long. Percentile bootstrap
    (Efron 1979), 2.5 to 97.5 %. All zeros where there are no trials.
    """
    hit = np.asarray(hits, np.float64)
    trial = np.asarray(trials, np.float64)
    if not trial.sum():
        return Interval(0.0, 0.0, 0.0)
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(hit), (draws, len(hit)))
    ratios = hit[drawn].sum(axis=1) / np.maximum(trial[drawn].sum(axis=1), 1e-12)
    low, high = np.percentile(ratios, [2.5, 97.5])
    return Interval(float(hit.sum() / trial.sum()), float(low), float(high))


def f1_interval(
    rows: Sequence[tuple[float, float, float]], seed: int = 7, draws: int = 1000
) -> Interval:
    """F1, 0-1: twice the right over the wanted and the given together.

    ``rows`` are (wanted, given, right) per record; the interval resamples records as
    ``ratio_interval`` does.
    """
    hits = [2 * right for _, _, right in rows]
    return ratio_interval(hits, [gold + given for gold, given, _ in rows], seed, draws)


def discounted_gain(hits: Sequence[bool], best: int) -> float:
    """NDCG of a list, 0-1: each hit at place p (from 0) gains 1 / log2(p + 2).

    ``best`` is how many hits a perfect list of this length holds; 0 where there are none
    (Järvelin & Kekäläinen 2002, binary gains).
    """
    gained = sum(1 / np.log2(place + 2) for place, hit in enumerate(hits) if hit)
    return float(gained / ideal_gain(best)) if best else 0.0


def ideal_gain(best: int) -> float:
    """What a list gains whose first ``best`` places are hits and no others."""
    return float(sum(1 / np.log2(place + 2) for place in range(best)))


def area_interval(
    truths: Sequence[bool], scores: Sequence[float], seed: int = 7, draws: int = 1000
) -> Interval:
    """Area under the ROC curve, 0-1, with a 95 % bootstrap interval over the cases.

    The chance that a true case scores above a false one, ties counting half (Hanley & McNeil
    1982). All 0.5 where either kind is missing.
    """
    truth, score = np.asarray(truths, bool), np.asarray(scores, np.float64)
    rng = np.random.default_rng(seed)
    drawn = (rng.integers(0, len(truth), len(truth)) for _ in range(draws)) if len(truth) else ()
    areas = [_area(truth[places], score[places]) for places in drawn]
    low, high = np.percentile(areas, [2.5, 97.5]) if areas else (0.5, 0.5)
    return Interval(_area(truth, score), float(low), float(high))


def _area(truth: npt.NDArray[np.bool_], score: npt.NDArray[np.float64]) -> float:
    positive = int(truth.sum())
    negative = len(truth) - positive
    if not positive or not negative:
        return 0.5
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]  # mean rank of ties, from 1
    return float((rank[truth].sum() - positive * (positive + 1) / 2) / (positive * negative))
