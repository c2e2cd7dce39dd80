"""Weights of the ranking's parts, learned from lists of which it is known what was chosen.

A listwise softmax over each case's candidates (Cao et al., ICML 2007, "ListNet" with one level of
relevance): the weights make the chosen films likelier than all others, no weight below 0, drawn
towards where they stood before. A score stays a sum of parts. Knows nothing of where cases come
from. Next in the flow: ``crossfitting`` keeps what is reported apart from what is learned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from assistant.scoring import PARTS

Floats = npt.NDArray[np.float32]

DOUBT = 2e-3
"""Pull of each weight towards its old value, in nats a case for a distance of 1: enough to keep
parts that the cases never move where they were."""
ROUNDS = 40


@dataclass(frozen=True)
class Example:
    """One list of candidates, and which of them were chosen."""

    columns: Floats
    """(m, len(PARTS)), in the order of ``PARTS``; any float type."""
    chosen: npt.NDArray[np.bool_]
    """(m,), at least one True."""


def fit_weights(examples: Sequence[Example], start: Mapping[str, float]) -> dict[str, float]:
    """Weights by part name, from ``start``; ``start`` itself where there are no examples."""
    old = np.array([start[name] for name in PARTS], np.float64)
    if not examples:
        return dict(zip(PARTS, old.tolist(), strict=True))
    columns = np.concatenate([e.columns for e in examples]).astype(np.float32)
    begin = np.cumsum([0, *(len(e.chosen) for e in examples[:-1])])
    sizes = np.array([len(e.chosen) for e in examples])
    share = np.concatenate([e.chosen / e.chosen.sum() for e in examples]).astype(np.float32)
    heavy = np.array([e.chosen.sum() for e in examples], np.float64)
    heavy /= heavy.sum()
    heavy_rows = np.repeat(heavy, sizes).astype(np.float32)

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        scores = columns @ weights.astype(np.float32)
        scores -= np.repeat(np.maximum.reduceat(scores, begin), sizes)
        grown = np.exp(scores)
        total = np.add.reduceat(grown, begin)
        chance = grown / np.repeat(total, sizes)
        value = heavy @ (np.log(total) - np.add.reduceat(share * scores, begin))
        slope = ((chance - share) * heavy_rows) @ columns
        off = weights - old
        return float(value + DOUBT * off @ off), slope.astype(np.float64) + 2 * DOUBT * off

    found = minimize(
        loss,
        np.maximum(old, 0.0),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.0, None)] * len(PARTS),
        options={"maxiter": ROUNDS},
    )
    return dict(zip(PARTS, (round(float(w), 4) for w in found.x), strict=True))
