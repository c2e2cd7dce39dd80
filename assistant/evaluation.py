"""How good the recommendations are, on conversations nobody here wrote.

Replays each case through the very path a page turn takes (``follow``, ``overhear``,
``Assistant.recommend``) and scores the list. The system gets the messages and the date; targets
and repeats are looked at only after the list is made.
"""

from __future__ import annotations

import csv
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from assistant.chat import Assistant
from assistant.conversation import Conversation, follow, overhear
from assistant.crossfitting import CrossFit, Sheet, listed, sheet_of
from assistant.errors import DataError
from assistant.history import Profile
from assistant.metrics import Interval, first_hits, ratio_interval
from assistant.timeline import years_of

CUTOFFS = (1, 5, 10, 20, 50)
DEPTH = 100
"""Films asked for in each case: 50 are scored after repeats are dropped."""
SAID_CHARS = 800
"""Latest characters of the talk that plain MiniLM reads: about what its 256 tokens hold."""
STRANGER = Profile()
CROSS_FITTED = "matinee, cross-fitted"


@dataclass(frozen=True)
class Case:
    """One moment of a conversation at which a person recommended films."""

    id: str
    conversation: str
    messages: tuple[tuple[str, str], ...]
    """(role, text), oldest first."""
    as_of: float
    """When people talked, as a point in time in years."""
    mentioned: frozenset[str]
    """Ids named earlier: dropped from every list before scoring."""
    targets: tuple[str, ...]
    """Ids the person recommended next, repeats left out."""


@dataclass(frozen=True)
class RecommendReport:
    """Recall by system and cutoff."""

    cases: int
    targets: int
    recall: Mapping[str, Mapping[int, Interval]]
    """By system ("matinee", ``CROSS_FITTED``, "popularity", "minilm"), then cutoff."""
    seconds: float
    ms_per_turn: float
    """Median of retrieval and ranking in one case."""


def read_cases(path: Path) -> list[Case]:
    """The cases of a dialogue file; raises ``DataError`` with the line of the first wrong one."""
    cases = []
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    cases.append(_case(orjson.loads(line)))
                except (ValueError, KeyError, TypeError) as error:
                    raise DataError(f"{path}:{number}: not a dialogue case ({error!r})") from error
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}") from error
    return cases


def _case(record: Mapping[str, Any]) -> Case:  # Any: parsed JSON
    mentioned = frozenset(record["mentioned"])
    return Case(
        id=record["id"],
        conversation=record["id"].rsplit("/", 1)[0],
        messages=tuple((m["role"], m["text"]) for m in record["messages"]),
        as_of=years_of(record["date"]),
        mentioned=mentioned,
        targets=tuple(t for t in dict.fromkeys(record["targets"]) if t not in mentioned),
    )


class Replay:
    """Turns the messages of a case into where the conversation stands, as the page would."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._stand = lru_cache(maxsize=4096)(self._after)

    def __call__(self, case: Case) -> Conversation:
        """Where the conversation stands before the recommendation is made."""
        return self._stand(case.messages, int(case.as_of))

    def _after(self, messages: tuple[tuple[str, str], ...], year: int) -> Conversation:
        if not messages:
            return Conversation()
        before = self._stand(messages[:-1], year)
        role, text = messages[-1]
        request = self._assistant.parser.parse(text, before.context(year))
        if role == "assistant":
            return overhear(before, tuple(mention.film for mention in request.mentions))
        return follow(before, request)


def sheets_of(
    assistant: Assistant,
    cases: Sequence[Case],
    candidates: frozenset[str],
    progress: Callable[[int, int], None] | None = None,
) -> list[Sheet]:
    """What weights are learned from: the scored candidates of every case."""
    replay, sheets = Replay(assistant), []
    for done, case in enumerate(cases, start=1):
        sheets.append(_sheet(assistant, case, replay(case), candidates))
        if progress is not None:
            progress(done, len(cases))
    return sheets


def evaluate_recommend(
    assistant: Assistant,
    cases: Sequence[Case],
    candidates: frozenset[str],
    per_case: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> RecommendReport:
    """Recall@k of the page's own path beside popularity and plain MiniLM.

    "matinee" has the shipped weights and has learned nothing from these conversations; "matinee,
    cross-fitted" has weights and company learned from the conversations of the other folds.
    ``candidates`` are the ids that may be recommended, for every system alike. Recall counts each
    target once: targets found within the first k over all targets. Intervals resample
    conversations.
    """
    started = time.perf_counter()
    replay, selector = Replay(assistant), assistant.selector
    plain = _Baselines(assistant, candidates, cases)
    places: dict[str, list[list[int | None]]] = defaultdict(list)
    spent: list[float] = []
    sheets: list[Sheet] = []
    for done, case in enumerate(cases, start=1):
        stand = replay(case)
        clock = time.perf_counter()
        sheet = _sheet(assistant, case, stand, candidates)
        ids = listed(sheet, selector.ranker, selector.crowd, selector, DEPTH)
        spent.append(time.perf_counter() - clock)
        _place(places, {"matinee": ids, **plain(case)}, case)
        sheets.append(sheet)
        if progress is not None:
            progress(done, 2 * len(cases))
    fitted = CrossFit(sheets, selector)
    for done, (case, sheet) in enumerate(zip(cases, sheets, strict=True), start=len(cases) + 1):
        _place(places, {CROSS_FITTED: fitted.best(sheet, DEPTH)}, case)
        if progress is not None:
            progress(done, 2 * len(cases))
    if per_case is not None:
        _write_places(per_case, cases, places)
    return RecommendReport(
        cases=len(cases),
        targets=sum(len(case.targets) for case in cases),
        recall={system: _recall(cases, found) for system, found in places.items()},
        seconds=time.perf_counter() - started,
        ms_per_turn=float(np.median(spent)) * 1000 if spent else 0.0,
    )


def _sheet(
    assistant: Assistant, case: Case, stand: Conversation, candidates: frozenset[str]
) -> Sheet:
    selector = assistant.selector
    query, found = selector.candidates(stand.wants, STRANGER, case.as_of, stand.offered, candidates)
    named = sorted(case.mentioned)
    return sheet_of(case.conversation, query, found, selector, case.targets, named)


def _place(
    places: dict[str, list[list[int | None]]], lists: Mapping[str, Sequence[str]], case: Case
) -> None:
    """Note where each system put the case's targets once repeats are dropped."""
    for system, ids in lists.items():
        kept = [film_id for film_id in ids if film_id not in case.mentioned]
        places[system].append(first_hits(kept, case.targets))


class _Baselines:
    """Popularity, and the cosine of MiniLM vectors of what was said and of each film."""

    def __init__(
        self, assistant: Assistant, candidates: frozenset[str], cases: Sequence[Case]
    ) -> None:
        films = assistant.catalogue.films
        rows = [row for row, film in enumerate(films) if film.id in candidates]
        self._ids = [films[row].id for row in rows]
        self._years = np.array([films[row].year for row in rows])
        self._vectors = assistant.index.film_vectors[rows]
        said = [" ".join(text for _, text in case.messages)[-SAID_CHARS:] for case in cases]
        texts = list(dict.fromkeys(text or "a film" for text in said))
        place = {text: n for n, text in enumerate(texts)}
        vectors = assistant.encode(texts)
        self._said = {
            case.id: vectors[place[text or "a film"]]
            for case, text in zip(cases, said, strict=True)
        }

    def __call__(self, case: Case) -> dict[str, list[str]]:
        fits = np.flatnonzero(self._years <= int(case.as_of))
        popular = [self._ids[place] for place in fits[: DEPTH * 2]]
        alike = self._vectors @ self._said[case.id]
        order = fits[np.argsort(-alike[fits], kind="stable")[: DEPTH * 2]]
        return {"popularity": popular, "minilm": [self._ids[place] for place in order]}


def _recall(cases: Sequence[Case], places: Sequence[Sequence[int | None]]) -> dict[int, Interval]:
    groups: dict[str, int] = {}
    index = np.array([groups.setdefault(case.conversation, len(groups)) for case in cases], int)
    trials = np.bincount(index, [len(case.targets) for case in cases], len(groups))
    recall = {}
    for cutoff in CUTOFFS:
        found = [sum(p is not None and p < cutoff for p in row) for row in places]
        recall[cutoff] = ratio_interval(
            np.bincount(index, found, len(groups)).tolist(), trials.tolist()
        )
    return recall


def _write_places(
    path: Path, cases: Sequence[Case], places: Mapping[str, Sequence[Sequence[int | None]]]
) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        table = csv.writer(out)
        table.writerow(["case", "target", *(f"{system}_rank" for system in places)])
        for row in _rows(cases, places):
            table.writerow(row)


def _rows(
    cases: Sequence[Case], places: Mapping[str, Sequence[Sequence[int | None]]]
) -> Iterator[list[object]]:
    for number, case in enumerate(cases):
        for place, target in enumerate(case.targets):
            ranks = [places[system][number][place] for system in places]
            yield [case.id, target, *("" if rank is None else rank + 1 for rank in ranks)]
