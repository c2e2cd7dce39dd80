"""What is found of films whose description is hidden: their neighbours, and they by requests.

A tenth of the described films lose text, themes, tone, keywords and their list, and leave the
lists of others; the map is drawn anew without them, they are placed by facts alone, and what lies
nearest is compared with the list that was hidden. The map of requests is drawn anew too, and the
requests that were written for the hidden films are looked for by what it foretells. Next in the
flow: ``cli.ranking`` prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.catalogue import Catalogue, Film
from assistant.index.texts import film_texts
from assistant.metrics import Interval, ratio_interval
from assistant.request_map import Kinds, draw_requests
from assistant.space import Floats, Rows, Space
from assistant.taste_map import draw_map

SHARE = 10
"""One described film in this many is hidden."""
CUTOFFS = (12, 50)
ASKED_CUTOFFS = (10, 50)


@dataclass(frozen=True)
class SpaceReport:
    """Share of written neighbours found, by system and number of films looked at."""

    films: int
    neighbours: int
    found: Mapping[str, Mapping[int, Interval]]
    requests: int
    asked: Mapping[str, Mapping[int, Interval]]
    """Share of hidden requests whose film is found among all that are described, likewise."""


def evaluate_space(
    catalogue: Catalogue,
    vectors: Floats,
    kinds: Kinds,
    encode: Callable[[Sequence[str]], Floats],
    seed: int,
) -> SpaceReport:
    """The maps beside plain MiniLM on the line of facts, and the best-known films.

    ``vectors``: (n, dim) of the films' own texts, in the order of ``catalogue.films``; ``kinds``
    the same by kind of text.
    """
    hidden = _drawn(catalogue, seed)
    seen = Catalogue(_without(film, hidden) for film in catalogue)
    mine = np.array([seen.row[film_id] for film_id in hidden], np.int64)
    bare = [seen.films[row] for row in mine.tolist()]
    known = vectors[[catalogue.row[film.id] for film in seen.films]]
    lines = encode([film_texts(film)[0][1] for film in bare])
    known[mine] = lines
    drawn = draw_map(seen, Space(seen).graph, known, encode)
    theirs = np.array([seen.row[film_id] for film_id in drawn.ids], np.int64)
    place = {film_id: n for n, film_id in enumerate(drawn.ids)}
    wanted = [{place[i] for i in catalogue[film_id].similar if i in place} for film_id in hidden]
    near = {
        "map of taste": drawn.place(bare, known[mine]) @ drawn.places.T,
        "plain MiniLM": known[mine] @ known[theirs].T,
        "best known": np.tile(-theirs.astype(np.float32), (len(mine), 1)),
    }
    order = np.array([seen.row[film.id] for film in catalogue], np.int64)
    left = _hidden_kinds(kinds, order, mine, lines)
    owners = [row for row, film_id in enumerate(hidden) for _ in catalogue[film_id].requests]
    asked = encode([request for film_id in hidden for request in catalogue[film_id].requests])
    graph = Space(seen, drawn.links(seen, known)).graph
    foretold = draw_requests(seen, left, graph, encode).foretell(seen, left, graph)
    told = np.array([row for row, film in enumerate(seen.films) if catalogue[film.id].described])
    sought = mine[owners]
    by = {
        "map of requests": asked @ foretold.basis @ foretold.places[told].T,
        "plain MiniLM": asked @ known[told].T,
    }
    return SpaceReport(
        films=len(hidden),
        neighbours=sum(map(len, wanted)),
        found={name: _found(values, wanted, CUTOFFS) for name, values in near.items()},
        requests=len(owners),
        asked={
            name: _found(
                values, [{int(place)} for place in np.searchsorted(told, sought)], ASKED_CUTOFFS
            )
            for name, values in by.items()
        },
    )


def _hidden_kinds(kinds: Kinds, order: Rows, mine: Rows, lines: Floats) -> Kinds:
    """``kinds`` in another order of rows, films at ``mine`` left with their line of facts alone."""
    left: dict[str, tuple[Rows, Floats]] = {}
    for kind, (owners, vectors) in kinds.items():
        rows = order[owners]
        kept = ~np.isin(rows, mine)
        rows, vectors = rows[kept], vectors[kept]
        if kind == "facts":
            rows, vectors = np.concatenate([rows, mine]), np.concatenate([vectors, lines])
        sort = np.argsort(rows)
        left[kind] = rows[sort], vectors[sort]
    return left


def _drawn(catalogue: Catalogue, seed: int) -> list[str]:
    ids = sorted(film.id for film in catalogue if film.described and film.similar)
    order = np.random.default_rng(seed).permutation(len(ids))
    return [ids[n] for n in order[: max(len(ids) // SHARE, 1)].tolist()]


def _without(film: Film, hidden: Sequence[str]) -> Film:
    """``film`` as if nobody had described the ``hidden`` ones."""
    gone = set(hidden)
    if film.id not in gone:
        return replace(film, similar=tuple(i for i in film.similar if i not in gone))
    return replace(
        film,
        source="facts",
        synopsis="",
        themes=(),
        keywords=(),
        tone=(),
        requests=(),
        similar=(),
    )


def _found(
    near: Floats, wanted: Sequence[set[int]], cutoffs: Sequence[int]
) -> Mapping[int, Interval]:
    order: Rows = np.argsort(-near, axis=1, kind="stable")[:, : max(cutoffs)]
    lists = [row.tolist() for row in order]
    sizes = [float(len(own)) for own in wanted]

    def hits(k: int) -> list[float]:
        return [
            float(len(own.intersection(row[:k]))) for own, row in zip(wanted, lists, strict=True)
        ]

    return {k: ratio_interval(hits(k), sizes) for k in cutoffs}
