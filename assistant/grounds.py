"""What each part of a pick's score rests on: seed films, themes, people, tones, the history.

Knows nothing of values or weights. Next in the flow: ``facts`` says it.
"""

from __future__ import annotations

import numpy as np

from assistant.crowd import Crowd
from assistant.index import Index
from assistant.retrieval import Query
from assistant.space import Floats, Space


def grounds(
    name: str, row: int, query: Query, space: Space, index: Index, crowd: Crowd | None = None
) -> tuple[str, ...]:
    """``Part.because`` of the part ``name`` for the film in ``row``, strongest first."""
    films = space.catalogue.films
    film = films[row]
    seeds = query.seeds
    if name in ("neighbours", "circle", "seed", "genre", "era") and len(seeds):
        pull = _pull(name, row, query, space, index)
        order = np.argsort(-(pull * query.seed_weights), kind="stable")
        return tuple(films[int(seeds[i])].id for i in order if pull[i] > 0)
    if name == "themes":
        wanted = dict.fromkeys(query.wants.themes)
        for seed in seeds:
            wanted.update(dict.fromkeys(films[int(seed)].themes))
        rarity = space.theme_rarity
        shared = [t for t in wanted if t in film.themes]
        asked = set(query.wants.themes)
        return tuple(sorted(shared, key=lambda t: (t not in asked, -rarity[t], t)))
    if name == "people":
        known = {n for seed in seeds for n in films[int(seed)].directors + films[int(seed)].cast}
        return tuple(dict.fromkeys(n for n in film.directors + film.cast if n in known))
    if name == "tone":
        shifts = sorted(query.wants.tone.items(), key=lambda item: (-abs(item[1]), item[0]))
        return tuple(f"{tone}{'+' if shift > 0 else '-'}" for tone, shift in shifts)
    if name == "company" and crowd is not None:
        company = [*(films[int(s)].id for s in seeds), *query.profile.likes]
        near = crowd.links[[row]].toarray().ravel()
        pulls = {i: float(near[space.catalogue.row[i]]) for i in company if i in space.catalogue}
        return tuple(sorted((i for i in pulls if pulls[i] > 0), key=lambda i: (-pulls[i], i))[:3])
    if name in ("profile", "dislike"):
        strengths = query.profile.likes if name == "profile" else query.profile.dislikes
        ids = [i for i in strengths if i in space.catalogue]
        if name == "dislike":
            ids += [films[int(foe)].id for foe in query.foes]
        return _nearest_ids(row, ids, space, index)
    return ()


def _pull(name: str, row: int, query: Query, space: Space, index: Index) -> Floats:
    """(seeds,) how much each seed has to do with what the part ``name`` says of a film."""
    films, seeds = space.catalogue.films, query.seeds
    if name == "era":
        return np.asarray(1.0 / (1.0 + np.abs(space.years[seeds] - films[row].year)), np.float32)
    if name == "genre":
        own = set(films[row].all_genres)
        both = (len(own.intersection(films[int(seed)].all_genres)) for seed in seeds)
        return np.fromiter(both, np.float32, len(seeds))
    pull = np.zeros(len(seeds), np.float32)
    if name in ("neighbours", "circle"):
        pull += space.nearness(row, seeds)
    if name in ("circle", "seed"):
        pull += index.film_vectors[seeds] @ index.film_vectors[row]
    return pull


def _nearest_ids(row: int, ids: list[str], space: Space, index: Index) -> tuple[str, ...]:
    """Up to three of ``ids`` that lie nearest to the film in ``row``."""
    if not ids:
        return ()
    rows = space.rows(ids)
    pull = index.film_vectors[rows] @ index.film_vectors[row] + space.nearness(row, rows)
    return tuple(ids[i] for i in np.argsort(-pull, kind="stable")[:3])
