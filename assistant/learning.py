"""What an installation's own people teach: which films keep company, and how much that counts.

Each third of the people in turn is set aside: links are learned from the others, and what "often",
"company" and "profile" count is what best foretells what those set aside liked next. Then links
are learned anew from everybody. Whoever is tested is never among these people. Knows nothing of
files or tables. Next in the flow: ``weighing`` chooses the weights, ``cli.ranking`` keeps the
result for ``matinee train taste``; ``evaluation_history`` measures it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from assistant.catalogue import Catalogue
from assistant.crowd import Crowd, fit_crowd
from assistant.history import Profile, profile
from assistant.parsing.request import Wants
from assistant.scoring import columns
from assistant.selection import Selector
from assistant.store import Entry, Event
from assistant.timeline import years_at
from assistant.weighing import DEPTH, Sheet, sheet_of, weighed
from assistant.weights import Ranker

LIKED_STARS = 4.0
LAST_SHARE = 0.2
"""The latest share of a person's likes is never given."""
THIRDS = 3
"""One person in this many is set aside at a time to judge weights by."""
MOST_JUDGES = 80
"""People set aside at a time are enough at this many; more cost time and move little."""
JUDGED_AFTER = (0, 1, 3, 5, 10, 20)
"""Numbers of likes after which a list is judged."""

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
    """The ranker given, with "often", "company" and "profile" weighed anew."""


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


def likes_by_time(histories: Histories) -> list[tuple[str, float]]:
    """Every like whose time is known: id and point in time, in years."""
    return [
        (e.film, years_at(e.at_s))
        for entries in histories.values()
        for e in entries
        if e.film and e.at_s is not None and (e.value or 0.0) >= LIKED_STARS
    ]


def learn_taste(histories: Histories, selector: Selector) -> Learned:
    """Links and weights from these people; ``selector.ranker`` as it is where nobody judges."""
    films = films_rated(histories)
    sheets: list[Sheet] = []
    judges = 0
    for third in range(THIRDS):
        aside = [
            p for p in sorted(histories) if zlib.crc32(f"aside {p}".encode()) % THIRDS == third
        ]
        judging = {person: histories[person] for person in aside[:MOST_JUDGES]}
        others = {person: histories[person] for person in histories if person not in judging}
        trying = replace(selector, crowd=_crowd_of(others, selector.catalogue))
        sheets += _sheets(judging, trying, films)
        judges += len(judging)
    told = f"{selector.ranker.trained_on}; often, company and profile: {judges} people's ratings"
    ranker = replace(weighed(sheets, selector.ranker), trained_on=told) if sheets else None
    return Learned(_crowd_of(histories, selector.catalogue), ranker or selector.ranker)


def _crowd_of(histories: Histories, catalogue: Catalogue) -> Crowd:
    return fit_crowd(liked_by(histories), catalogue, likes_by_time(histories))


def _sheets(histories: Histories, selector: Selector, films: frozenset[str]) -> Iterator[Sheet]:
    """What is learned from each moment of these people of whose later likes any is a candidate."""
    space, index = selector.space, selector.index
    for given in JUDGED_AFTER:
        for moment in moments_of(histories, given):
            taste = profile_at(moment, selector.catalogue, index.film_vectors)
            query, found = selector.candidates(
                Wants(), taste, moment.as_of, only=films - moment.rated
            )
            chosen = np.isin(found.rows, space.rows(sorted(moment.later)))
            if not chosen.any():
                continue
            parts = columns(query, found, space, index, selector.seed, selector.crowd)
            likes, best = sum(taste.likes.values()), min(len(moment.later), DEPTH)
            yield sheet_of(parts, chosen, best, given, likes, selector.ranker)
