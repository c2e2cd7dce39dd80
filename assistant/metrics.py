"""Measures of ranked lists, and how sure they are. Pure numbers: no files, no films.

Next in the flow: ``evaluation`` feeds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


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
