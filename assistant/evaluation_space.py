"""How many written neighbours the map of taste finds for films whose description is hidden.

A tenth of the described films lose text, themes, tone, keywords and their list, and leave the
lists of others; the map is drawn anew without them, they are placed by facts alone, and what lies
nearest is compared with the list that was hidden. Next in the flow: ``cli.ranking`` prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.catalogue import Catalogue, Film
from assistant.index.texts import film_texts
from assistant.metrics import Interval, ratio_interval
from assistant.space import Floats, Rows, Space
from assistant.taste_map import draw_map

SHARE = 10
"""One described film in this many is hidden."""
CUTOFFS = (12, 50)


@dataclass(frozen=True)
class SpaceReport:
    """Share of written neighbours found, by system and number of films looked at."""

    films: int
    neighbours: int
    found: Mapping[str, Mapping[int, Interval]]


def evaluate_space(
    catalogue: Catalogue,
    vectors: Floats,
    encode: Callable[[Sequence[str]], Floats],
    seed: int,
) -> SpaceReport:
    """The map beside plain MiniLM on the line of facts, and the best-known films.

    ``vectors``: (n, dim) of the films' own texts, in the order of ``catalogue.films``.
    """
    hidden = _drawn(catalogue, seed)
    seen = Catalogue(_without(film, hidden) for film in catalogue)
    mine = np.array([seen.row[film_id] for film_id in hidden], np.int64)
    bare = [seen.films[row] for row in mine.tolist()]
    known = vectors[[catalogue.row[film.id] for film in seen.films]]
    known[mine] = encode([film_texts(film)[0][1] for film in bare])
    drawn = draw_map(seen, Space(seen).graph, known, encode)
    theirs = np.array([seen.row[film_id] for film_id in drawn.ids], np.int64)
    place = {film_id: n for n, film_id in enumerate(drawn.ids)}
    wanted = [{place[i] for i in catalogue[film_id].similar if i in place} for film_id in hidden]
    near = {
        "map of taste": drawn.place(bare, known[mine]) @ drawn.places.T,
        "plain MiniLM": known[mine] @ known[theirs].T,
        "best known": np.tile(-theirs.astype(np.float32), (len(mine), 1)),
    }
    return SpaceReport(
        films=len(hidden),
        neighbours=sum(map(len, wanted)),
        found={name: _found(values, wanted) for name, values in near.items()},
    )


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


def _found(near: Floats, wanted: Sequence[set[int]]) -> Mapping[int, Interval]:
    order: Rows = np.argsort(-near, axis=1, kind="stable")[:, : max(CUTOFFS)]
    lists = [row.tolist() for row in order]
    sizes = [float(len(own)) for own in wanted]

    def hits(k: int) -> list[float]:
        return [
            float(len(own.intersection(row[:k]))) for own, row in zip(wanted, lists, strict=True)
        ]

    return {k: ratio_interval(hits(k), sizes) for k in CUTOFFS}
