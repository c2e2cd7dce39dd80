"""What an installation's own people teach: which films keep company, and how much that counts.

Each third of the people in turn is set aside: links are learned from the others, and the weights
of "often", "company" and "profile" are those that best foretell what those set aside liked next.
Then links are learned anew from everybody. Whoever is tested is never among these people. Knows
nothing of files or tables.
Next in the flow: ``cli.ranking`` keeps the result for ``matinee train taste``;
``evaluation_history`` measures it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import numpy.typing as npt

from assistant.catalogue import Catalogue
from assistant.crowd import Crowd, fit_crowd
from assistant.history import Profile, profile
from assistant.metrics import discounted_gain
from assistant.parsing.request import Wants
from assistant.ranking import Ranker
from assistant.scoring import PARTS, columns
from assistant.selection import Selector
from assistant.store import Entry, Event
from assistant.timeline import years_at

LIKED_STARS = 4.0
LAST_SHARE = 0.2
"""The latest share of a person's likes is never given."""
DEPTH = 10
"""Films of a list that count."""
THIRDS = 3
"""One person in this many is set aside at a time to judge weights by."""
MOST_JUDGES = 80
"""People set aside at a time are enough at this many; more cost time and move little."""
JUDGED_AFTER = (0, 1, 3, 5, 10, 20)
"""Numbers of likes after which a list is judged."""
OFTEN = (0.0, 0.2, 0.4, 0.7, 1.0, 1.5)
COMPANY = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0)
PROFILE = (1.0, 1.5, 2.0)
"""Weights that are tried, every combination of them; those of the profile are multiples of the
ranker's own. Beside company, which brings what everybody likes along, more of the person's own
taste is wanted; more than twice would drown what is asked for."""

Floats = npt.NDArray[np.float32]
Histories = Mapping[str, Sequence[Entry]]
"""Everybody's ratings by person, oldest first."""


@dataclass(frozen=True)
class Moment:
    """One person after their first likes."""

    person: str
    given: tuple[Entry, ...]
    """The first ``h`` likes, oldest first."""
    rated: frozenset[str]
    """Everything rated up to then."""
    later: frozenset[str]
    """What they liked afterwards."""
    at_s: float
    """Unix time of the moment."""

    @property
    def as_of(self) -> float:
        """The moment as a point in time, in years."""
        return years_at(self.at_s)

    @property
    def year(self) -> int:
        """The year of the moment: films after it do not exist yet."""
        return int(self.as_of)


@dataclass(frozen=True)
class Learned:
    """What people taught."""

    crowd: Crowd
    ranker: Ranker
    """The ranker given, with weights of its own for "often" and "company"."""


def moments_of(histories: Histories, given: int) -> list[Moment]:
    """The moment after ``given`` likes of everybody who has likes left afterwards."""
    moments = []
    for person, entries in histories.items():
        likes = [e for e in entries if (e.value or 0.0) >= LIKED_STARS and e.film]
        if given > int(len(likes) * (1 - LAST_SHARE)):
            continue
        first = tuple(likes[:given])
        at_s = (first[-1] if first else likes[0] if likes else Entry("rate", at_s=0.0)).at_s or 0.0
        before = {e.film for e in entries if e.film and (e.at_s or 0.0) < at_s}
        rated = frozenset(before | {e.film for e in first if e.film}) if first else frozenset()
        later = frozenset(e.film for e in likes[given:] if e.film) - rated
        if later:
            moments.append(Moment(person, first, rated, later, at_s))
    return moments


def profile_at(moment: Moment, catalogue: Catalogue, vectors: Floats) -> Profile:
    """What the page would know of the person at that moment."""
    events = [
        Event(n, moment.person, "rate", entry.film, entry.value, None, entry.at_s or 0.0, n)
        for n, entry in enumerate(moment.given, start=1)
    ]
    made = profile(events, catalogue, vectors, moment.at_s)
    return replace(made, seen=made.seen | moment.rated, watchlist=())


def films_rated(histories: Histories) -> frozenset[str]:
    """Every film that anybody rated."""
    return frozenset(e.film for entries in histories.values() for e in entries if e.film)


def liked_by(histories: Histories) -> list[list[str]]:
    """Ids of the films each person liked."""
    return [
        [e.film for e in entries if e.film and (e.value or 0.0) >= LIKED_STARS]
        for entries in histories.values()
    ]


def learn_taste(histories: Histories, selector: Selector) -> Learned:
    """Links and weights from these people; the weights of ``selector.ranker`` where too few judge.

    Weights are chosen by the mean NDCG at ``DEPTH`` of lists by score alone; of equal ones the
    smallest are taken.
    """
    films = films_rated(histories)
    sheets: list[_Sheet] = []
    judges = 0
    for third in range(THIRDS):
        aside = [
            p for p in sorted(histories) if zlib.crc32(f"aside {p}".encode()) % THIRDS == third
        ]
        judging = {person: histories[person] for person in aside[:MOST_JUDGES]}
        others = {person: histories[person] for person in histories if person not in judging}
        trying = replace(selector, crowd=fit_crowd(liked_by(others), selector.catalogue))
        sheets += [sheet for sheet in _sheets(judging, trying, films) if sheet.chosen.any()]
        judges += len(judging)
    ranker = selector.ranker
    if sheets:
        told = f"{ranker.trained_on}; often, company and profile: {judges} people's ratings"
        ranker = replace(ranker, weights=_weighed(sheets, ranker.weights), trained_on=told)
    return Learned(fit_crowd(liked_by(histories), selector.catalogue), ranker)


@dataclass(frozen=True)
class _Sheet:
    """The candidates of one moment, scored."""

    columns: Floats
    """(m, len(PARTS))."""
    chosen: npt.NDArray[np.bool_]
    """(m,) which of them the person liked later."""
    wanted: int
    """Hits a perfect list holds."""


def _sheets(histories: Histories, selector: Selector, films: frozenset[str]) -> Iterator[_Sheet]:
    space, index = selector.space, selector.index
    for given in JUDGED_AFTER:
        for moment in moments_of(histories, given):
            taste = profile_at(moment, selector.catalogue, index.film_vectors)
            query, found = selector.candidates(
                Wants(), taste, moment.as_of, only=films - moment.rated
            )
            parts = columns(query, found, space, index, selector.seed, selector.crowd)
            later = space.rows(sorted(moment.later))
            yield _Sheet(
                np.stack([parts[name] for name in PARTS], axis=1),
                np.isin(found.rows, later),
                min(len(moment.later), DEPTH),
            )


def _weighed(sheets: Sequence[_Sheet], weights: Mapping[str, float]) -> Mapping[str, float]:
    """``weights`` with the best of what is tried for "often", "company" and "profile"."""
    learned = ("often", "company", "profile")
    places = [PARTS.index(name) for name in learned]
    left = np.array([0.0 if n in learned else weights[n] for n in PARTS], np.float32)
    parted = [(sheet.columns @ left, sheet.columns[:, places], sheet) for sheet in sheets]
    own = weights["profile"]
    tried = list(product(OFTEN, COMPANY, (own * times for times in PROFILE)))
    gains = [
        np.mean([_gain(base + some @ np.array(one, np.float32), s) for base, some, s in parted])
        for one in tried
    ]
    best = tried[int(np.argmax(np.round(gains, 6)))]
    return {**weights, **dict(zip(learned, best, strict=True))}


def _gain(scores: Floats, sheet: _Sheet) -> float:
    """NDCG of the ``DEPTH`` best; of equal scores the more popular film's counts."""
    first = (
        np.argpartition(-scores, DEPTH)[:DEPTH] if len(scores) > DEPTH else np.arange(len(scores))
    )
    first = np.sort(first)
    order = first[np.argsort(-scores[first], kind="stable")]
    return discounted_gain(sheet.chosen[order].tolist(), sheet.wanted)
