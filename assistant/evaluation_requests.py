"""Whether a film is found by requests written for it that nothing has read.

For a fifth of the described films all their own typical requests are taken out of the catalogue,
and so out of the index and of the map of requests, which is drawn anew; each is then said to the
product as a person would say it. Several films fit most requests, so a perfect recall cannot be
had. Next in the flow: ``cli.ranking`` prints it.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from assistant.catalogue import Catalogue, Film
from assistant.conversation import Conversation, follow
from assistant.history import Profile
from assistant.metrics import Interval, ratio_interval
from assistant.parsing.parser import Parser
from assistant.parsing.request import Context
from assistant.selection import Selector

CUTOFFS = (10, 50)
HELD_OUT = 5
"""One film in this many gives up its requests, by the checksum of its id."""


@dataclass(frozen=True)
class RequestReport:
    """Recall by system and cutoff over held-out requests; one film is right for each."""

    films: int
    """Films that gave up their requests."""
    requests: int
    recall: Mapping[str, Mapping[int, Interval]]
    """Intervals resample films."""
    ms_per_turn: float
    misses: tuple[tuple[str, str, tuple[str, ...]], ...]
    """The first requests whose film is not among the first ten: request, film, first three."""
    seconds: float


def without_requests(catalogue: Catalogue) -> tuple[Catalogue, dict[str, tuple[str, ...]]]:
    """``catalogue`` with a fifth of its described films stripped of requests, and those."""
    held: dict[str, tuple[str, ...]] = {}
    films: list[Film] = []
    for film in catalogue.films:
        if film.described and film.requests and zlib.crc32(film.id.encode()) % HELD_OUT == 0:
            held[film.id] = film.requests
            film = replace(film, requests=())  # the film that takes its place
        films.append(film)
    return Catalogue(films), held


def evaluate_requests(
    selector: Selector,
    parser: Parser,
    held: Mapping[str, tuple[str, ...]],
    as_of: float,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> RequestReport:
    """Recall of the film behind each held-out request among the described films.

    ``selector`` stands on the catalogue and index of ``without_requests``. The baseline adds the
    cosines of plain MiniLM to each film's synopsis and to its themes.
    """
    started = time.perf_counter()
    described = frozenset(film.id for film in selector.catalogue if film.described)
    rows = np.array([selector.catalogue.row[i] for i in sorted(described)])
    asked = [(film, text) for film in sorted(held) for text in held[film]][:limit]
    found: dict[str, list[int | None]] = {"matinee": [], "minilm": []}
    misses: list[tuple[str, str, tuple[str, ...]]] = []
    spent: list[float] = []
    for done, (film, text) in enumerate(asked, start=1):
        clock = time.perf_counter()
        stand = follow(Conversation(), parser.parse(text, Context(year_now=int(as_of))))
        _, picks = selector.recommend(
            stand.wants, Profile(), count=CUTOFFS[-1], as_of=as_of, only=described
        )
        spent.append(time.perf_counter() - clock)
        ids = [pick.film.id for pick in picks]
        found["matinee"].append(ids.index(film) if film in ids else None)
        found["minilm"].append(_plain_place(text, film, rows, selector))
        if found["matinee"][-1] is None or found["matinee"][-1] >= CUTOFFS[0]:
            first = tuple(pick.film.label for pick in picks[:3])
            misses.append((text, selector.catalogue[film].label, first))
        if progress is not None:
            progress(done, len(asked))
    films = [film for film, _ in asked]
    return RequestReport(
        films=len(set(films)),
        requests=len(asked),
        recall={name: _recall(films, places) for name, places in found.items()},
        ms_per_turn=float(np.median(spent)) * 1000 if spent else 0.0,
        misses=tuple(misses[:: max(len(misses) // 20, 1)][:20]),
        seconds=time.perf_counter() - started,
    )


def _plain_place(
    text: str, film: str, rows: np.ndarray[tuple[int], np.dtype[np.int64]], selector: Selector
) -> int:
    kinds = selector.index.similarity_by_kind(selector.encode([text])[0])
    alike = kinds["synopsis"] + kinds["themes"]
    return int((alike[rows] > alike[selector.catalogue.row[film]]).sum())


def _recall(films: list[str], places: list[int | None]) -> dict[int, Interval]:
    group = {film: n for n, film in enumerate(dict.fromkeys(films))}
    owner = [group[film] for film in films]
    trials = np.bincount(owner, minlength=len(group)).tolist()
    return {
        cutoff: ratio_interval(
            np.bincount(
                owner, [p is not None and p < cutoff for p in places], minlength=len(group)
            ).tolist(),
            trials,
        )
        for cutoff in CUTOFFS
    }
