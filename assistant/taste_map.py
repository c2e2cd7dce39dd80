"""A map of taste: films whose lists of neighbours agree lie close together on it.

It is drawn from the written lists (the leading singular vectors of the graph they make) and read
for films without a list from what is known of them: text, genres, themes, tone, decade. So a film
nobody described gets neighbours too. Shipped as one small file that ``matinee train space`` makes;
it speaks of the bundled encoder's vectors only. Knows nothing of wants or scores. Next in the
flow: ``space`` adds the links to its graph.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from scipy import sparse

from assistant.catalogue import TONES, Catalogue, Film
from assistant.errors import DataError
from assistant.index.texts import film_texts

Floats = npt.NDArray[np.float32]

MAP_FILE = "space.npz"
DIMENSIONS = 128
RIDGE = 60.0
"""Penalty of the regression; 30 to 100 found as many neighbours of films held out."""
TEXT = 3.0
"""Length of a text's vector beside switches of 1 for a genre or theme."""
TONE_MEAN, TONE_SPREAD = 4.0, 3.0
"""Of tones 0-10, about."""
LINKS = 12
"""Neighbours that a film without a list gets, as many as most lists hold."""
BATCH = 4000
"""Films placed at a time, so that memory stays small."""
FIRST_YEAR, LAST_DECADE = 1900, 13


@dataclass(frozen=True)
class TasteMap:
    """Where films with lists lie, and how to place others."""

    ids: tuple[str, ...]
    """Films with lists."""
    places: Floats
    """(len(ids), DIMENSIONS) unit rows."""
    switches: tuple[str, ...]
    """Names of genres and themes, in the order of the columns that stand for them."""
    weights: Floats
    """(features, DIMENSIONS): text, switches, tones, decades, 1."""

    def place(self, films: Sequence[Film], vectors: Floats) -> Floats:
        """(n, DIMENSIONS) unit rows: where ``films`` lie by what is known of them.

        ``vectors``: (n, dim) unit rows of their texts.
        """
        found = features(films, vectors, self.switches) @ self.weights
        return _unit(found)

    def links(self, catalogue: Catalogue, vectors: Floats) -> sparse.csr_array:
        """(n, n) for each film without a list its ``LINKS`` nearest films with one: row i holds
        1, 2, 3... for the nearest, the next...; all 0 for films with lists.

        ``vectors``: (n, dim) in the order of ``catalogue.films``.
        """
        held = [n for n, film_id in enumerate(self.ids) if film_id in catalogue]
        theirs = np.array([catalogue.row[self.ids[n]] for n in held], np.int64)
        bare = [row for row, film in enumerate(catalogue.films) if not film.similar]
        n, count = len(catalogue), min(LINKS, len(held))
        columns = [np.zeros((0, count), np.int64)]
        for start in range(0, len(bare) if count else 0, BATCH):
            rows = bare[start : start + BATCH]
            near = self.place([catalogue.films[r] for r in rows], vectors[rows])
            near = near @ self.places[held].T  # (rows, held)
            near[np.array(rows)[:, None] == theirs[None, :]] = -np.inf
            first = np.argpartition(-near, count - 1, axis=1)[:, :count]
            order = np.argsort(-np.take_along_axis(near, first, axis=1), axis=1, kind="stable")
            columns.append(theirs[np.take_along_axis(first, order, axis=1)])
        found = np.concatenate(columns).ravel()
        ranks = np.tile(np.arange(1, count + 1, dtype=np.float32), len(bare) if count else 0)
        return sparse.csr_array((ranks, (np.repeat(bare, count), found)), shape=(n, n))


def draw_map(
    catalogue: Catalogue,
    graph: sparse.csr_array,
    vectors: Floats,
    encode: Callable[[Sequence[str]], Floats],
) -> TasteMap:
    """The map of the films of ``catalogue`` that have a list.

    ``graph`` is (n, n) nearness by lists, ``vectors`` (n, dim) of the films' own texts. Each film
    is learned four times: by its own texts and by the line of facts that others have, each with
    and without themes and tone, so that films of which little is known are placed well too.
    """
    listed = np.array([row for row, f in enumerate(catalogue.films) if f.similar], np.int64)
    places = _spread(sparse.csr_array(graph)[listed][:, listed])
    films = [catalogue.films[row] for row in listed.tolist()]
    bare = [replace(film, themes=(), tone=()) for film in films]
    switches = switches_of(catalogue)
    plain = encode([line_of(film) for film in films])
    told = vectors[listed]
    by = [(films, told), (bare, told), (films, plain), (bare, plain)]
    x = np.concatenate([features(some, own, switches) for some, own in by]).astype(np.float64)
    y = np.concatenate([places] * len(by))
    weights = np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ y)
    return TasteMap(tuple(film.id for film in films), places, switches, weights.astype(np.float32))


def switches_of(catalogue: Catalogue) -> tuple[str, ...]:
    """Names of all genres and themes of ``catalogue``, in order."""
    return tuple(sorted({n for f in catalogue.films for n in (*f.all_genres, *f.themes)}))


def features(films: Sequence[Film], vectors: Floats, switches: Sequence[str]) -> Floats:
    """(n, features) what a film is placed by; names without a switch are left out."""
    column = {name: n for n, name in enumerate(switches)}
    dim, width = vectors.shape[1], len(switches)
    x = np.zeros((len(films), dim + width + len(TONES) + LAST_DECADE + 2), np.float32)
    x[:, :dim] = TEXT * vectors
    x[:, -1] = 1.0
    for row, film in enumerate(films):
        own = (*film.all_genres, *film.themes)
        x[row, [dim + column[name] for name in own if name in column]] = 1.0
        if film.tone:
            tone = (np.array(film.tone) - TONE_MEAN) / TONE_SPREAD
            x[row, dim + width : dim + width + len(TONES)] = tone
        decade = min(max((film.year - FIRST_YEAR) // 10, 0), LAST_DECADE)
        x[row, dim + width + len(TONES) + decade] = 1.0
    return x


def save_map(drawn: TasteMap, path: Path) -> None:
    """Write what ``load_map`` reads."""
    beside = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    with beside.open("wb") as out:
        np.savez_compressed(
            out,
            ids=np.array(drawn.ids),
            places=drawn.places.astype(np.float16),
            switches=np.array(drawn.switches),
            weights=drawn.weights.astype(np.float16),
        )
    beside.replace(path)


def load_map(path: Path) -> TasteMap:
    """The map in ``path``; raises ``DataError`` for anything else."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            return TasteMap(
                ids=tuple(map(str, file["ids"])),
                places=_unit(file["places"].astype(np.float32)),
                switches=tuple(map(str, file["switches"])),
                weights=file["weights"].astype(np.float32),
            )
    except (OSError, KeyError, ValueError, EOFError, BadZipFile) as error:
        raise DataError(
            f"cannot read {path} ({error!r}); restore it or run 'matinee train space'"
        ) from error


def line_of(film: Film) -> str:
    """The text a film would have had, had nobody described it."""
    bare = replace(film, source="facts", synopsis="", requests=(), keywords=())
    return film_texts(bare)[0][1]


def _spread(near: sparse.csr_array) -> Floats:
    """(n, DIMENSIONS) unit rows: leading singular vectors of the graph, made symmetric and each
    link divided by the root of both films' degrees."""
    from scipy.sparse.linalg import svds

    both = (near + near.T) / 2
    degree = np.asarray(both.sum(axis=1)).ravel()
    scale = sparse.diags_array(1.0 / np.sqrt(degree + 1.0))
    size = min(DIMENSIONS, near.shape[0] - 1)
    vectors, values, _ = svds(sparse.csr_array(scale @ both @ scale), k=size, random_state=0)
    places = np.zeros((near.shape[0], DIMENSIONS), np.float32)
    places[:, :size] = vectors * np.sqrt(np.maximum(values, 0.0))
    return _unit(places)


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)
