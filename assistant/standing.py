"""How films stand with people: known, well thought of, brought up, and welcomed when new.

Ranks and written marks of the whole catalogue as columns; marks that nobody wrote are estimated
from the ranks. Knows nothing of what anybody wants. Next in the flow: ``space`` holds the columns,
``scoring`` weighs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.catalogue import RENOWN, RENOWN_MOST, Film

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

FAME_FLOOR = 0.001
"""How many people know a film falls off like a power of its place; ranks are rounded to this."""
ESTEEM_FLOOR = 0.01
"""Likewise for acclaim, rounded to this."""
KNOWN = (0.3, 0.3, 0.4)
"""What the rank of popularity, how widely a film has been seen, and how readily it is brought up
make of how well it is known; they sum to 1. The rank counts votes of people who vote, the marks
mean people at large."""
ENOUGH_MARKED = 50
"""Films with marks from which those of others are estimated; with fewer, ranks stand for marks."""
UNMARKED = 0.8
"""What an estimated mark counts of itself: marks were written for the best known, and whoever is
not among them is known for less than their rank lets expect."""
WRITTEN = 2026.0
"""Point in time, in years, of which ranks and marks tell."""
UNSEEN_YEARS, RIPE_YEARS = 0.3, 0.25
"""A film of a year is known to nobody for the first part of it, then comes to be known within
months: most come out later in the year, and people see them later still."""
NEW_YEARS = 3.0
"""Years over which the welcome of a new film falls to 1/e."""


@dataclass(frozen=True)
class Standing:
    """Columns over the catalogue, in ``catalogue.films`` order (n films), 0-1."""

    years: Floats
    """(n,) of release; not 0-1."""
    fame: Floats
    """(n,) popularity with its head drawn out: a rank of 0.9 is 0.33, of 0.99 0.65."""
    esteem: Floats
    """(n,) acclaim likewise: a rank of 0.9 is 0.48, of 0.99 0.85."""
    known: Floats
    """(n,) how many people know it, and how readily they bring it up."""
    esteemed: Floats
    """(n,) how well it is thought of, half rank, half drawn out."""
    welcome: Floats
    """(n,) how widely it was seen and how well liked when it was new, multiplied."""
    crowds: Floats
    """(n,) how widely it was seen when it was new."""
    unsung: Floats
    """(n,) well thought of and little known; 0 for films that nobody described, of which hardly
    more is known than what a few voters thought."""

    def ripe(self, as_of: float, rows: Rows) -> Floats:
        """(len(rows),) 0-1, how far films had come to be known at a point in time, compared with
        when ranks and marks were written, or with then where that is later: 1 for all but those
        that were new at a point in the past."""
        then, now = (self._ripeness(at, rows) for at in (as_of, max(as_of, WRITTEN)))
        return np.asarray(np.where(now > 0, then / np.maximum(now, 1e-6), 1.0), np.float32)

    def reception(self, hit: float, rows: Rows) -> Floats:
        """(len(rows),) 0-1, how widely films were seen when they came out; for a flop (``hit``
        below 0) how little, and how well thought of it is for all that: nobody asks for a flop that
        nobody misses. As strong as ``hit``."""
        crowds = self.crowds[rows]
        told = crowds if hit > 0 else (1.0 - crowds) * self.esteemed[rows]
        return np.asarray(abs(hit) * told, np.float32)

    def fresh(self, as_of: float, rows: Rows) -> Floats:
        """(len(rows),) 0-1, the welcome films still have at a point in time."""
        left = np.exp(-self._ages(as_of, rows) / NEW_YEARS)
        return np.asarray(self.welcome[rows] * left, np.float32)

    def _ages(self, as_of: float, rows: Rows) -> Floats:
        return np.asarray(np.maximum(as_of - self.years[rows] - UNSEEN_YEARS, 0.0), np.float32)

    def _ripeness(self, as_of: float, rows: Rows) -> Floats:
        return np.asarray(1.0 - np.exp(-self._ages(as_of, rows) / RIPE_YEARS), np.float32)


def standing_of(films: Sequence[Film]) -> Standing:
    """How ``films`` stand."""
    n = len(films)
    years, popularity, acclaim = (
        np.fromiter((getattr(film, name) for film in films), np.float32, n)
        for name in ("year", "popularity", "acclaim")
    )
    fame, esteem = _drawn_out(popularity, FAME_FLOOR), _drawn_out(acclaim, ESTEEM_FLOOR)
    ranked, esteemed = _float((popularity + fame) / 2), _float((acclaim + esteem) / 2)
    instead = dict(zip(RENOWN, (ranked, esteemed, ranked, ranked), strict=True))
    ranks = np.column_stack([np.ones(n), popularity, fame, acclaim, esteem, (years - 1990) / 30])
    marks = {name: _marks(name, films, ranks, instead[name]) for name in RENOWN}
    by_rank, by_seen, by_talk = KNOWN
    known = _float(by_rank * ranked + by_seen * marks["seen"] + by_talk * marks["talked"])
    described = np.fromiter((film.described for film in films), bool, n)
    return Standing(
        years=years,
        fame=fame,
        esteem=esteem,
        known=known,
        esteemed=esteemed,
        welcome=_float(marks["seen_new"] * marks["liked_new"]),
        crowds=marks["seen_new"],
        unsung=_float(esteemed * (1.0 - known) * described),
    )


def _marks(
    name: str, films: Sequence[Film], ranks: npt.NDArray[np.float64], instead: Floats
) -> Floats:
    """(n,) 0-1, the marks of one name: written, else estimated by least squares over the written
    from (n, k) ``ranks``, else ``instead``."""
    written = [film.renown_of(name) for film in films]
    has = np.array([mark is not None for mark in written], bool)
    if has.sum() < ENOUGH_MARKED:
        estimates = instead
    else:
        held = np.array([mark for mark in written if mark is not None]) / RENOWN_MOST
        slopes, *_ = np.linalg.lstsq(ranks[has], held, rcond=None)
        estimates = _float(np.clip(ranks @ slopes, 0, 1) * UNMARKED)
    marks = estimates.copy()
    marks[has] = [mark / RENOWN_MOST for mark in written if mark is not None]
    return marks


def _drawn_out(ranks: Floats, floor: float) -> Floats:
    """Ranks 0-1 on the scale of a power law: how far from the top, in orders of magnitude."""
    return _float(np.log(1.0 - ranks + floor) / np.log(floor)).clip(0, 1)


def _float(values: object) -> Floats:
    return np.asarray(values, np.float32)
