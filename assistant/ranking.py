"""From candidates to picks: a weighted sum of named parts, then variety.

Every part is a column scaled to about 0-1 times its weight from ``data/ranker.json``; a pick's
parts sum to its score. Knows nothing of words (``explanation`` comes next) or storage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from assistant.catalogue import TONES, Film
from assistant.errors import DataError
from assistant.index import Index
from assistant.retrieval import Candidates, Query
from assistant.space import Floats, Rows, Space

PARTS = (
    "about",
    "requests",
    "neighbours",
    "circle",
    "seed",
    "themes",
    "tone",
    "genre",
    "people",
    "era",
    "prefer",
    "profile",
    "dislike",
    "popularity",
    "acclaim",
    "freshness",
    "exploration",
)
ERA_YEARS = 12.0
"""Years over which closeness to the seeds' years falls to 1/e."""
FRESH_YEARS = 6.0
"""Years over which the lift of a recent film falls to 1/e; a film of last year still has 85 %."""
SMALL_TALK = 0.2
"""Cosine of a request to a film that has nothing to do with it: MiniLM's usual floor here."""
TONE_STEP = 0.25
"""A wish ("funnier") is met by this much more of the 0-1 tone scale than the seeds have."""
PLAIN_STEP = 0.5
"""Without a seed it is met by this much more than the average film has."""
WISH = 2.0
"""A tone somebody asked for counts this many times the likeness of tone to the seeds."""
STYLE_SUBJECT = 0.4
STYLE_TONE = 2.0
"""For "the same style": how much subject still counts, and how much more tone does."""
TOLD_FAME = 0.35
"""Where a film is described and none named, fame and acclaim count this much: the words lead."""
DARING = 5.0
"""How many times chance grows for a full "surprise me", or where nothing at all was asked."""


@dataclass(frozen=True)
class Part:
    """One named contribution to a score."""

    name: str
    """From ``PARTS``."""
    value: float
    """What it adds to the score; parts of a pick sum to its score."""
    because: tuple[str, ...] = ()
    """What it rests on. neighbours, circle, seed, era, genre: seed film ids; profile, dislike:
    ids of films from the person's history or unliked ones; themes: theme names; tone: tone names,
    each with ``+`` or ``-`` ("funny+"); people: names; others: empty. Strongest first."""


@dataclass(frozen=True)
class Pick:
    """A film chosen for the list."""

    film: Film
    score: float
    parts: tuple[Part, ...]
    """Largest absolute value first."""

    def part(self, name: str) -> Part | None:
        """The named part, or None where it played no role."""
        return next((part for part in self.parts if part.name == name), None)


@dataclass(frozen=True)
class Ranker:
    """Weights by part name, and how strongly a list avoids repeating itself."""

    weights: Mapping[str, float]
    variety: float
    """0-1, what a film loses by being like one already picked (MMR's 1 - lambda)."""
    trained_on: str


def load_ranker(path: Path) -> Ranker:
    """The ranker in ``path``; raises ``DataError`` for a missing file, part or weight."""
    try:
        record = orjson.loads(path.read_bytes())
        weights = {name: float(record["weights"][name]) for name in PARTS}
        extra = set(record["weights"]) - set(PARTS)
        if extra:
            raise DataError(f"{path} weighs an unknown part {sorted(extra)[0]!r}")
        return Ranker(weights, float(record["variety"]), str(record["trained_on"]))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"cannot read {path} ({error!r}); restore it") from error


def columns(
    query: Query, candidates: Candidates, space: Space, index: Index, seed: int
) -> dict[str, Floats]:
    """Every part's unweighted value for every candidate: ``PARTS`` names to (m,) float32."""
    rows = candidates.rows
    wants = query.wants
    zeros = np.zeros(len(rows), np.float32)
    parts = dict.fromkeys(PARTS, zeros)
    if query.vector is not None:
        kinds = index.similarity_by_kind(query.vector)
        told = np.maximum.reduce([kinds[k][rows] for k in ("synopsis", "themes", "facts")])
        parts["about"] = _telling(told)
        parts["requests"] = _telling(kinds["request"][rows])
    parts["themes"] = _themes(query, space, rows)
    parts["tone"] = _tone(query, space, rows)
    if len(query.seeds):
        share = query.seed_weights / query.seed_weights.sum()
        parts["neighbours"] = np.minimum(candidates.near_one[rows], 2.0) / 2.0
        two = candidates.near_two
        parts["circle"] = np.sqrt(two[rows] / max(float(two.max()), 1e-9))
        centre = share @ index.film_vectors[query.seeds]
        parts["seed"] = np.clip(index.film_vectors[rows] @ centre, 0, 1)
        genres = space.genres
        parts["genre"] = _dot(genres, rows, share @ genres[query.seeds])
        parts["people"] = np.minimum(_dot(space.people, rows, share @ space.people[query.seeds]), 1)
        gaps = np.abs(space.years[rows][:, None] - space.years[query.seeds][None, :])
        parts["era"] = np.exp(-gaps / ERA_YEARS) @ share
    if len(query.foes):
        parts["dislike"] = -_closeness(query.foes, None, space, index, rows)
    if wants.prefer.set_names():
        films = space.catalogue.films
        parts["prefer"] = np.array([wants.prefer.allow(films[r]) for r in rows], np.float32)
    # A seed's pull is counted already: a film loved just now must not count twice.
    likes = {i: s for i, s in query.profile.likes.items() if i not in wants.like}
    parts["profile"] = _taste(likes, space, index, rows)
    parts["dislike"] = parts["dislike"] - _taste(query.profile.dislikes, space, index, rows)
    known = (space.popularity[rows] + space.fame[rows]) / 2
    esteemed = (space.acclaim[rows] + space.esteem[rows]) / 2
    if len(query.seeds):
        # Who names a famous, acclaimed film wants its like; who names a hidden one does not.
        known = known * (0.4 + 0.8 * float(share @ space.fame[query.seeds]))
        esteemed = esteemed * (0.4 + 0.8 * float(share @ space.esteem[query.seeds]))
    elif query.vector is not None:
        known, esteemed = known * TOLD_FAME, esteemed * TOLD_FAME
    parts["popularity"] = known * (1.0 - wants.novelty)
    parts["acclaim"] = esteemed
    age = np.maximum(query.as_of_year - space.years[rows], 0.0)
    parts["freshness"] = np.exp(-age / FRESH_YEARS)
    noise = _noise([space.catalogue.films[r].id for r in rows], seed)
    if wants.style and len(query.seeds):
        for name in ("neighbours", "circle", "seed", "themes"):
            parts[name] = parts[name] * STYLE_SUBJECT
        parts["tone"] = parts["tone"] * STYLE_TONE
    bare = query.vector is None and not len(query.seeds) and not wants.tone
    parts["exploration"] = noise * (1.0 + DARING * max(wants.novelty, float(bare)))
    return parts


def rank(
    query: Query,
    candidates: Candidates,
    space: Space,
    index: Index,
    ranker: Ranker,
    count: int,
    seed: int,
    beside: Sequence[str] = (),
) -> tuple[Pick, ...]:
    """The ``count`` best picks, varied, best first; fewer where fewer candidates fit.

    ``beside`` are ids already on screen: the list stays varied beside them too. Ties go to the more popular film, then the smaller id. Same arguments, same picks.
    """
    if not len(candidates.rows) or count < 1:
        return ()
    parts = columns(query, candidates, space, index, seed)
    weighted = {name: parts[name] * ranker.weights[name] for name in PARTS}
    scores = np.sum(list(weighted.values()), axis=0)
    order = np.argsort(-scores, kind="stable")[: max(4 * count, 60)]
    # Rows ascend by popularity rank then id, and the sort is stable: ties fall as promised.
    likeness = _likeness(candidates.rows[order], space.rows(beside), space, index)
    chosen = _varied(scores, order, likeness, ranker.variety, count)
    return tuple(_pick(place, candidates, weighted, query, space, index) for place in chosen)


def score_of(
    film: Film, query: Query, space: Space, index: Index, ranker: Ranker, seed: int
) -> Pick:
    """One film scored as if it were a candidate, whether or not it fits."""
    row = space.rows([film.id])
    one, two = space.near(query.seeds, query.seed_weights)
    candidates = Candidates(row, (), one, two)
    return rank(query, candidates, space, index, ranker, 1, seed)[0]


def _varied(scores: Floats, order: Rows, likeness: Floats, variety: float, count: int) -> list[int]:
    """Maximal marginal relevance over ``order`` (Carbonell & Goldstein 1998).

    ``likeness`` is (k, k + shown) as ``_likeness`` gives it. Theirs mixes two similarities by
    lambda; ours takes ``variety`` times the likeness to the nearest film already picked or shown
    off the score, so that a score keeps its meaning.
    """
    left = scores[order].astype(np.float64)
    nearest = likeness[:, len(order) :].max(axis=1, initial=0.0)
    chosen: list[int] = []
    for _ in range(min(count, len(order))):
        place = int(np.argmax(left - variety * nearest))
        left[place] = -np.inf
        nearest = np.maximum(nearest, likeness[:, place])
        chosen.append(int(order[place]))
    return chosen


def _likeness(rows: Rows, shown: Rows, space: Space, index: Index) -> Floats:
    """(k, k + shown) 0-1 how alike films are to somebody reading a list: half text, half themes.

    Columns are the films of ``rows``, then those of ``shown``.
    """
    others = np.concatenate([rows, shown])
    text = index.film_vectors[rows] @ index.film_vectors[others].T
    themes = space.themes[rows] @ space.themes[others].T
    return np.asarray((text + themes.toarray()) / 2, np.float32)


def _telling(cosines: Floats) -> Floats:
    """Cosines 0-1 with what any two texts about films have in common taken off."""
    return np.asarray(np.clip((cosines - SMALL_TALK) / (1 - SMALL_TALK), 0, 1), np.float32)


def _themes(query: Query, space: Space, rows: Rows) -> Floats:
    """Shared themes with the seeds, plus the share of asked themes a film has."""
    value = np.zeros(len(rows), np.float32)
    if len(query.seeds):
        share = query.seed_weights / query.seed_weights.sum()
        value = _dot(space.themes, rows, share @ space.themes[query.seeds])
    asked = [space.theme_column[t] for t in query.wants.themes if t in space.theme_column]
    if asked:
        has = np.asarray((space.themes[rows][:, asked] > 0).sum(axis=1)).ravel()
        value = value + has.astype(np.float32) / len(asked)
    return value


def _tone(query: Query, space: Space, rows: Rows) -> Floats:
    """How well a film's tone meets the wish, -WISH..WISH + 1; 0 where there is no wish or seed.

    With seeds: closeness to their mean tone moved by the wished shifts, and how far the film went
    the wished way. Without seeds: the latter alone, counted from the catalogue's mean.
    """
    shifts = np.array([query.wants.tone.get(name, 0.0) for name in TONES], np.float32)
    tone = space.tone[rows]
    strength = max(float(np.abs(shifts).sum()), 1e-9)
    if not len(query.seeds):
        wished = (tone - space.mean_tone) @ shifts / (strength * PLAIN_STEP)
        return np.asarray(WISH * np.clip(wished, -1, 1), np.float32)
    share = query.seed_weights / query.seed_weights.sum()
    base = share @ space.tone[query.seeds]
    target = np.clip(base + TONE_STEP * np.sign(shifts), 0, 1)
    gap = np.sqrt(((tone - target) ** 2).mean(axis=1))
    gained = np.clip((tone - base) @ shifts / (strength * TONE_STEP), -1, 1)
    return np.asarray((1.0 - 3.0 * gap) + WISH * gained, np.float32)


def _taste(strengths: Mapping[str, float], space: Space, index: Index, rows: Rows) -> Floats:
    """Closeness to the films in ``strengths``, 0-1."""
    known = sorted(strengths, key=lambda i: (-strengths[i], i))[:60]
    films = space.rows(known)
    if not len(films):
        return np.zeros(len(rows), np.float32)
    weights = np.array([strengths[i] for i in known if i in space.catalogue], np.float32)
    return _closeness(films, weights, space, index, rows)


def _closeness(
    films: Rows, weights: Floats | None, space: Space, index: Index, rows: Rows
) -> Floats:
    """0-1: graph nearness and the best text likeness to any one of ``films``."""
    strong = np.ones(len(films), np.float32) if weights is None else weights
    one, two = space.near(films, strong)
    walk = np.sqrt(two[rows] / max(float(two.max()), 1e-9))
    alike = (index.film_vectors[rows] @ index.film_vectors[films].T) * (strong / strong.max())
    text = np.clip(alike.max(axis=1), 0, 1)
    return np.asarray(0.45 * np.minimum(one[rows] / 1.5, 1) + 0.25 * walk + 0.3 * text, np.float32)


def _dot(matrix: object, rows: Rows, profile: object) -> Floats:
    return np.asarray(matrix[rows] @ np.asarray(profile).ravel(), np.float32)  # type: ignore[index]  # scipy's sparse arrays have no stubs


def _noise(ids: list[str], seed: int) -> Floats:
    """Repeatable 0-1 noise from film id and seed."""
    salt = str(seed).encode()
    return np.array(
        [
            int.from_bytes(hashlib.blake2b(i.encode(), digest_size=2, key=salt).digest())
            for i in ids
        ],
        np.float32,
    ) / np.float32(65535)


def _pick(
    place: int,
    candidates: Candidates,
    weighted: Mapping[str, Floats],
    query: Query,
    space: Space,
    index: Index,
) -> Pick:
    row = int(candidates.rows[place])
    parts = [
        Part(name, float(values[place]), _because(name, row, query, space, index))
        for name, values in weighted.items()
        if values[place] != 0.0
    ]
    parts.sort(key=lambda part: (-abs(part.value), part.name))
    return Pick(space.catalogue.films[row], float(sum(p.value for p in parts)), tuple(parts))


def _because(name: str, row: int, query: Query, space: Space, index: Index) -> tuple[str, ...]:
    films = space.catalogue.films
    film = films[row]
    seeds = query.seeds
    if name in ("neighbours", "circle", "seed", "genre", "era") and len(seeds):
        if name in ("neighbours", "circle"):
            near = space.neighbours_of(row)
            pull = np.array([near.get(int(s), 0.0) for s in seeds])
            if name == "circle":
                pull = pull + index.film_vectors[seeds] @ index.film_vectors[row]
        elif name == "era":
            pull = 1.0 / (1.0 + np.abs(space.years[seeds] - film.year))
        elif name == "genre":
            pull = _dot(space.genres, seeds, space.genres[[row]].toarray())
        else:
            pull = index.film_vectors[seeds] @ index.film_vectors[row]
        order = np.argsort(-(pull * query.seed_weights), kind="stable")
        return tuple(films[int(seeds[i])].id for i in order if pull[i] > 0)
    if name == "themes":
        wanted = dict.fromkeys(query.wants.themes)
        for seed in seeds:
            wanted.update(dict.fromkeys(films[int(seed)].themes))
        column = space.theme_column
        rarity = space.themes[[row]].toarray().ravel()
        shared = [t for t in wanted if t in film.themes]
        asked = set(query.wants.themes)
        return tuple(sorted(shared, key=lambda t: (t not in asked, -rarity[column[t]], t)))
    if name == "people":
        known = {n for seed in seeds for n in films[int(seed)].directors + films[int(seed)].cast}
        return tuple(dict.fromkeys(n for n in film.directors + film.cast if n in known))
    if name == "tone":
        shifts = sorted(query.wants.tone.items(), key=lambda item: (-abs(item[1]), item[0]))
        return tuple(f"{tone}{'+' if shift > 0 else '-'}" for tone, shift in shifts)
    if name in ("profile", "dislike"):
        strengths = query.profile.likes if name == "profile" else query.profile.dislikes
        ids = [i for i in strengths if i in space.catalogue]
        if name == "dislike":
            ids += [films[int(foe)].id for foe in query.foes]
        return _nearest_ids(row, ids, space, index)
    return ()


def _nearest_ids(row: int, ids: list[str], space: Space, index: Index) -> tuple[str, ...]:
    """Up to three of ``ids`` that lie nearest to the film in ``row``."""
    if not ids:
        return ()
    near = space.neighbours_of(row)
    rows = space.rows(ids)
    pull = index.film_vectors[rows] @ index.film_vectors[row]
    pull = pull + np.array([near.get(int(r), 0.0) for r in rows], np.float32)
    return tuple(ids[i] for i in np.argsort(-pull, kind="stable")[:3])
