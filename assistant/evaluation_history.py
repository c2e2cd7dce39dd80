"""How well a person's history foretells what they liked next, beside what others' histories teach.

Each test person's likes (4 stars or more) are read in time order: the first ``h`` become events
and a ``Profile`` as the page makes one; what they liked later is to be found among the films they
had not rated by then. The product has seen nobody's ratings; the baselines learn from the other
half of the people. Next in the flow: ``cli.evaluate`` prints the table.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from assistant.baselines import Lists, baselines
from assistant.catalogue import Catalogue
from assistant.crowd import Crowd, fit_crowd
from assistant.history import Profile, profile
from assistant.metrics import Interval, discounted_gain, ratio_interval
from assistant.store import Entry, Event

GIVEN = (0, 1, 3, 5, 10, 20)
"""How many likes the profile is made of."""
LIKED_STARS = 4.0
LAST_SHARE = 0.2
"""The latest share of a person's likes is never given."""
DEPTH = 10
FOLDS = 2
"""People are split in halves: each half is tested with baselines learned from the other."""

Floats = npt.NDArray[np.float32]
Recommender = Callable[[Profile, int, frozenset[str], Crowd | None], Sequence[str]]
"""(profile, year, ids that may be recommended, learned taste) to ``DEPTH`` ids, best first."""


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


@dataclass(frozen=True)
class HistoryReport:
    """By number of likes given, then by system."""

    people: int
    gain: Mapping[int, Mapping[str, Interval]]
    """NDCG at ``DEPTH``."""
    recall: Mapping[int, Mapping[str, Interval]]
    """Recall at ``DEPTH``: found over the fewer of later likes and ``DEPTH``."""
    moments: Mapping[int, int]
    seconds: float


def moments_of(histories: Mapping[str, Sequence[Entry]], given: int) -> list[Moment]:
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
    seen = made.seen | moment.rated
    return Profile(
        made.likes, made.dislikes, made.interests, made.tone, seen, made.hidden, (), made.ratings
    )


def evaluate_history(
    histories: Mapping[str, Sequence[Entry]],
    catalogue: Catalogue,
    vectors: Floats,
    recommend: Recommender,
    progress: Callable[[int, int], None] | None = None,
) -> HistoryReport:
    """NDCG and recall at ``DEPTH`` of the product and the baselines, for each of ``GIVEN``."""
    started = time.perf_counter()
    half = {who: zlib.crc32(who.encode()) % FOLDS for who in histories}
    films = _films_rated(histories)
    taught = {f: _taught(histories, half, f, catalogue) for f in range(FOLDS)}
    gain: dict[int, dict[str, list[float]]] = {}
    recall: dict[int, dict[str, list[float]]] = {}
    work = {given: moments_of(histories, given) for given in GIVEN}
    total, done = sum(map(len, work.values())), 0
    for given, moments in work.items():
        gain[given], recall[given] = {}, {}
        for moment in moments:
            crowd, others = taught[half[moment.person]]
            taste = profile_at(moment, catalogue, vectors)
            year = datetime.fromtimestamp(moment.at_s, UTC).year
            lists = {
                "matinee": recommend(taste, year, films - moment.rated, None),
                "matinee, learned taste": recommend(taste, year, films - moment.rated, crowd),
            }
            liked = [entry.film for entry in moment.given if entry.film]
            for name, baseline in others.items():
                lists[name] = baseline(liked, moment.rated, DEPTH)
            for name, ids in lists.items():
                hits = [film in moment.later for film in ids[:DEPTH]]
                best = min(len(moment.later), DEPTH)
                gain[given].setdefault(name, []).append(discounted_gain(hits, best))
                recall[given].setdefault(name, []).append(sum(hits) / best)
            done += 1
            if progress is not None:
                progress(done, total)
    return HistoryReport(
        people=len(histories),
        gain={g: {n: _mean(v) for n, v in by.items()} for g, by in gain.items()},
        recall={g: {n: _mean(v) for n, v in by.items()} for g, by in recall.items()},
        moments={given: len(moments) for given, moments in work.items()},
        seconds=time.perf_counter() - started,
    )


def _taught(
    histories: Mapping[str, Sequence[Entry]],
    half: Mapping[str, int],
    tested: int,
    catalogue: Catalogue,
) -> tuple[Crowd, Mapping[str, Lists]]:
    """What the people outside the ``tested`` half teach: the learned taste and the baselines."""
    liked = [
        [e.film for e in entries if e.film and (e.value or 0.0) >= LIKED_STARS]
        for who, entries in histories.items()
        if half[who] != tested
    ]
    return fit_crowd(liked, catalogue), baselines(liked)


def _films_rated(histories: Mapping[str, Sequence[Entry]]) -> frozenset[str]:
    return frozenset(e.film for entries in histories.values() for e in entries if e.film)


def _mean(values: Iterable[float]) -> Interval:
    kept = list(values)
    return ratio_interval(kept, [1.0] * len(kept))
