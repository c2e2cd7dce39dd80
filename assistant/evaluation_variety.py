"""What variety costs and brings: films alike in a list, films ever shown, room for hidden ones.

Many varied requests of four kinds (a film to be like, two films, a typical request, a genre of a
decade), drawn by seed from the catalogue, are ranked once and picked from at several strengths of
variety. Next in the flow: ``cli.ranking`` prints the table,
``pictures`` draws the curve.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.catalogue import Film, Limits
from assistant.history import Profile
from assistant.metrics import Interval, ratio_interval
from assistant.parsing.request import Wants
from assistant.ranking import choose
from assistant.scoring import PARTS, columns
from assistant.selection import Selector
from assistant.space import Floats, Rows

STRENGTHS = (0.0, 0.3, 0.6, 0.9, 1.2, 1.8)
"""Strengths of variety that are tried; 0 is ranking by score alone."""
LIST = 10
KNOWN = 0.01
"""The share of the catalogue that counts as its best-known films."""


@dataclass(frozen=True)
class Tried:
    """What lists looked like at one strength of variety."""

    strength: float
    alike: Interval
    """Mean likeness of two films of a list, half text and half themes, 0-1."""
    kept: Interval
    """Mean score of the list over that of the list by score alone."""
    reached: float
    """Share of the catalogue seen in any list."""
    best_known: float
    """Share of all places taken by the best-known films."""


@dataclass(frozen=True)
class VarietyReport:
    """One row for each strength."""

    requests: int
    shipped: float
    """The strength the product uses."""
    tried: tuple[Tried, ...]
    seconds: float


def varied_wants(films: Sequence[Film], count: int, seed: int) -> Iterator[Wants]:
    """``count`` requests as people vary them, drawn from ``films`` by ``seed``."""
    rng = random.Random(seed)  # a draw that must repeat, not a secret
    told = [film for film in films if film.requests]
    placed = [film for film in films if film.all_genres]
    for number in range(count):
        kind = number % 4
        if kind == 0:
            yield Wants(like=(rng.choice(films).id,))
        elif kind == 1:
            yield Wants(like=tuple(film.id for film in rng.sample(films, 2)))
        elif kind == 2 and told:
            yield Wants(about=rng.choice(rng.choice(told).requests))
        elif placed:
            film = rng.choice(placed)
            decade = film.year // 10 * 10
            genre = frozenset({rng.choice(film.all_genres)})
            yield Wants(limits=Limits(genres=(genre,), years=((decade, decade + 9),)))
        else:
            yield Wants()


def evaluate_variety(
    selector: Selector,
    count: int,
    as_of: float,
    progress: Callable[[int, int], None] | None = None,
) -> VarietyReport:
    """Lists of ``LIST`` for ``count`` requests at each of ``STRENGTHS``."""
    started = time.perf_counter()
    films = selector.catalogue.films
    strengths = tuple(sorted({*STRENGTHS, selector.ranker.variety}))
    shown = {strength: np.zeros(len(films), np.int64) for strength in strengths}
    alike: dict[float, list[float]] = {strength: [] for strength in strengths}
    kept: dict[float, list[float]] = {strength: [] for strength in strengths}
    ranker = selector.ranker
    for done, wants in enumerate(varied_wants(films, count, selector.seed), start=1):
        query, found = selector.candidates(wants, Profile(), as_of)
        parts = columns(query, found, selector.space, selector.index, selector.seed)
        weights = ranker.weights_for(query)
        scores = np.sum([parts[name] * np.float32(weights[name]) for name in PARTS], axis=0)
        best = float(np.sort(scores)[-LIST:].mean()) if len(scores) else 0.0
        for strength in strengths if best > 0 else ():
            felt = replace(ranker, variety=strength).variety_for(query)
            places = choose(scores, found.rows, selector.space, selector.index, felt, LIST)
            rows = found.rows[places]
            shown[strength][rows] += 1
            alike[strength].append(_alike(rows, selector))
            kept[strength].append(float(scores[places].mean()) / best)
        if progress is not None:
            progress(done, count)
    known = max(round(len(films) * KNOWN), 1)
    tried = (
        Tried(
            strength=strength,
            alike=_mean(alike[strength]),
            kept=_mean(kept[strength]),
            reached=float((shown[strength] > 0).mean()),
            best_known=float(shown[strength][:known].sum() / max(shown[strength].sum(), 1)),
        )
        for strength in strengths
    )
    return VarietyReport(
        count, selector.ranker.variety, tuple(tried), time.perf_counter() - started
    )


def _alike(rows: Rows, selector: Selector) -> float:
    if len(rows) < 2:
        return 0.0
    text: Floats = selector.index.film_vectors[rows] @ selector.index.film_vectors[rows].T
    themes = (selector.space.themes[rows] @ selector.space.themes[rows].T).toarray()
    both = (text + themes) / 2
    return float(both[np.triu_indices(len(rows), 1)].mean())


def _mean(values: Sequence[float]) -> Interval:
    return ratio_interval(values, [1.0] * len(values))
