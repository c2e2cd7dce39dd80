"""How much texts repeat each other: distinct pairs of words, and self-BLEU.

Knows nothing of who wrote them. Next in the flow: ``evaluation_words`` sets phraser, people and
templates side by side.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.echoes import units

ORDER = 4
"""Longest n-gram of self-BLEU."""


@dataclass(frozen=True)
class Variety:
    """How little texts repeat each other, placeholders counting as words."""

    texts: int
    distinct_2: float
    """Share 0-1 of word pairs (zh: character pairs) that are different ones."""
    self_bleu: float
    """Mean BLEU-4 of each text against all others, 0-1; lower is more varied."""


@dataclass(frozen=True)
class Spread:
    """The variety of several draws: means, and how far draws lie apart."""

    draws: int
    texts: int
    """Of the first draw."""
    distinct_2: float
    self_bleu: float
    deviation: float
    """Standard deviation of self-BLEU from draw to draw."""


def variety(texts: Sequence[str], language: str) -> Variety:
    """Distinct-2 (Li et al. 2016) and self-BLEU (Zhu et al. 2018) of ``texts``."""
    rows = [units(text, language) for text in texts]
    pairs = [pair for row in rows for pair in _grams(row, 2)]
    scores = [_bleu(row, rows[:place] + rows[place + 1 :]) for place, row in enumerate(rows)]
    return Variety(
        len(texts),
        len(set(pairs)) / max(1, len(pairs)),
        sum(scores) / max(1, len(scores)),
    )


def spread(draws: Sequence[Variety]) -> Spread:
    """What several draws (one at least) come to."""
    bleu = [draw.self_bleu for draw in draws]
    return Spread(
        draws=len(draws),
        texts=draws[0].texts,
        distinct_2=float(np.mean([draw.distinct_2 for draw in draws])),
        self_bleu=float(np.mean(bleu)),
        deviation=float(np.std(bleu)),
    )


def _grams(row: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(row[k : k + size]) for k in range(len(row) - size + 1)]


def _bleu(row: Sequence[str], others: Sequence[Sequence[str]]) -> float:
    """BLEU-4 (Papineni et al. 2002), add-one smoothed above single words, no brevity penalty."""
    logs = 0.0
    for size in range(1, ORDER + 1):
        own = Counter(_grams(row, size))
        best: Counter[tuple[str, ...]] = Counter()
        for other in others:
            best |= Counter(_grams(other, size))
        hits = sum(min(count, best[gram]) for gram, count in own.items())
        total = sum(own.values())
        plus = 0 if size == 1 else 1
        logs += math.log(max(hits + plus, 1e-9) / max(total + plus, 1e-9))
    return math.exp(logs / ORDER)
