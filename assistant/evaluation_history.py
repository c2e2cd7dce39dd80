"""How well a person's history foretells what they liked next, beside what others' histories teach.

Each test person's likes (4 stars or more) are read in time order: the first ``h`` become events
and a ``Profile`` as the page makes one; what they liked later is to be found among the films out
by then that they had not rated. The product has seen nobody's ratings; the baselines, and its
learned taste, learn from the other half of the people. Nobody, baselines included, may name a
film that was not out yet. Next in the flow: ``cli.ranking`` prints the table.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.baselines import Lists, baselines
from assistant.catalogue import Catalogue
from assistant.evaluation_halves import HALVES, half_of
from assistant.history import Profile
from assistant.learning import (
    Floats,
    Histories,
    Learned,
    Moment,
    films_rated,
    liked_by,
    moments_of,
    profile_at,
)
from assistant.metrics import Interval, discounted_gain, ratio_interval
from assistant.weighing import DEPTH

GIVEN = (0, 1, 3, 5, 10, 20)
"""How many likes the profile is made of."""
EVERYBODY = "everybody"
FOLDS = 2
"""People are split in two: each part is tested with what was learned from the other."""

Recommender = Callable[[Profile, float, frozenset[str], Learned | None], Sequence[str]]
"""(profile, point in time, ids that may be recommended, what others taught) to ``DEPTH`` ids, best
first."""
Learner = Callable[[Histories], Learned]
"""What people's histories teach the product."""


@dataclass(frozen=True)
class HistoryHalf:
    """Half of the people: by number of likes given, then by system."""

    people: int
    moments: Mapping[int, int]
    gain: Mapping[int, Mapping[str, Interval]]
    """NDCG at ``DEPTH``."""
    recall: Mapping[int, Mapping[str, Interval]]
    """Recall at ``DEPTH``: found over the fewer of later likes and ``DEPTH``."""


@dataclass(frozen=True)
class HistoryReport:
    """Both halves, as errors in one were looked at while numbers were chosen, and everybody."""

    halves: Mapping[str, HistoryHalf]
    """By name from ``HALVES``, and of ``EVERYBODY``."""
    seconds: float


@dataclass(frozen=True)
class _Outcome:
    """What one system's list held for one moment."""

    half: str
    given: int
    system: str
    gain: float
    recall: float


def evaluate_history(
    histories: Histories,
    catalogue: Catalogue,
    vectors: Floats,
    recommend: Recommender,
    learn: Learner,
    progress: Callable[[int, int], None] | None = None,
) -> HistoryReport:
    """NDCG and recall at ``DEPTH`` of the product and the baselines, for each of ``GIVEN``."""
    started = time.perf_counter()
    films = films_rated(histories)
    taught = {fold: _taught(histories, fold, learn) for fold in range(FOLDS)}

    @cache
    def unborn(year: int) -> frozenset[str]:
        return frozenset(film for film in films if catalogue[film].year > year)

    work = [(given, moment) for given in GIVEN for moment in moments_of(histories, given)]
    outcomes: list[_Outcome] = []
    for done, (given, moment) in enumerate(work, start=1):
        learned, others = taught[_fold(moment.person)]
        taste = profile_at(moment, catalogue, vectors)
        free, late = films - moment.rated, unborn(moment.year)
        lists = {
            "matinee": recommend(taste, moment.as_of, free, None),
            "matinee, learned taste": recommend(taste, moment.as_of, free, learned),
        }
        liked = [entry.film for entry in moment.given if entry.film]
        for name, baseline in others.items():
            lists[name] = baseline(liked, moment.rated | late, DEPTH)
        outcomes += _judged(moment, given, lists)
        if progress is not None:
            progress(done, len(work))
    halves = {half: _half((half,), histories, outcomes) for half in HALVES}
    halves[EVERYBODY] = _half(HALVES, histories, outcomes)
    return HistoryReport(halves, time.perf_counter() - started)


def _taught(
    histories: Histories, tested: int, learn: Learner
) -> tuple[Learned, Mapping[str, Lists]]:
    """What the people outside the ``tested`` fold teach: the learned taste and the baselines."""
    others = {who: entries for who, entries in histories.items() if _fold(who) != tested}
    return learn(others), baselines(liked_by(others))


def _fold(person: str) -> int:
    return zlib.crc32(person.encode()) % FOLDS


def _judged(moment: Moment, given: int, lists: Mapping[str, Sequence[str]]) -> Iterator[_Outcome]:
    best = min(len(moment.later), DEPTH)
    half = half_of(moment.person)
    for system, ids in lists.items():
        hits = [film in moment.later for film in ids[:DEPTH]]
        yield _Outcome(half, given, system, discounted_gain(hits, best), sum(hits) / best)


def _half(halves: Sequence[str], histories: Histories, outcomes: Sequence[_Outcome]) -> HistoryHalf:
    mine = [outcome for outcome in outcomes if outcome.half in halves]
    gain: dict[int, dict[str, list[float]]] = {}
    recall: dict[int, dict[str, list[float]]] = {}
    for one in mine:
        gain.setdefault(one.given, {}).setdefault(one.system, []).append(one.gain)
        recall.setdefault(one.given, {}).setdefault(one.system, []).append(one.recall)
    return HistoryHalf(
        people=sum(half_of(person) in halves for person in histories),
        moments={given: len(next(iter(by.values()))) for given, by in gain.items()},
        gain={g: {n: _mean(v) for n, v in by.items()} for g, by in gain.items()},
        recall={g: {n: _mean(v) for n, v in by.items()} for g, by in recall.items()},
    )


def _mean(values: Iterable[float]) -> Interval:
    kept = list(values)
    return ratio_interval(kept, [1.0] * len(kept))
