"""The catalogue as arrays: tone, themes, genres, how films stand, and the graph of neighbours.

Built once from a ``Catalogue``; rows follow ``catalogue.films``. Knows nothing of text vectors
(``index``), wants or scores. Next in the flow: ``retrieval`` walks the graph, ``ranking`` reads
the columns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from assistant.catalogue import TONES, Catalogue
from assistant.request_map import Foretold
from assistant.screening import Screen
from assistant.standing import standing_of
from assistant.typicality import typicality

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

CITING_WEIGHT = 0.8
"""A film that names the seed among its neighbours counts a little less than one the seed names:
lists are written best first for the film they belong to."""
RANK_DECAY = 0.35
"""Weight of the neighbour at position r is (1 + r) ** -RANK_DECAY: twelfth about 0.42 of first."""
KIN_WEIGHT, KIN_CITING_WEIGHT = 0.6, 0.2
"""Neighbours by the map of taste count so much of written ones; the other way round less, so that
films nobody described do not crowd around those that everybody names."""


class Space:
    """Columns over the catalogue, in ``catalogue.films`` order (n films)."""

    def __init__(
        self,
        catalogue: Catalogue,
        kin: sparse.csr_array | None = None,
        foretell: Callable[[sparse.csr_array], Foretold] | None = None,
    ) -> None:
        """``kin``: (n, n) neighbours by the map of taste of films that nobody gave a list, as
        ``TasteMap.links`` gives them; None without a map. ``foretell``: from the graph of
        neighbours to the requests foretold for each film; None without a map of requests."""
        films = catalogue.films
        n = len(films)
        self.catalogue = catalogue
        self.screen = Screen(catalogue)
        """Which films meet a condition."""
        self.standing = standing_of(films)
        """How known, well thought of and welcome films are."""
        self.years = self.standing.years
        self.has_tone: npt.NDArray[np.bool_] = np.fromiter((bool(f.tone) for f in films), bool, n)
        blank = (5.0,) * len(TONES)
        self.tone: Floats = np.array([f.tone or blank for f in films], np.float32) / 10.0
        """(n, 14), 0-1; 0.5 where a film has no tone."""
        self.theme_column: Mapping[str, int]
        self.themes, self.theme_column = _incidence([f.themes for f in films])
        """(n, themes) sparse, rows of unit length, rarer themes heavier."""
        spread = np.bincount(self.themes.indices, minlength=len(self.theme_column))
        self.theme_rarity: Mapping[str, float] = {
            theme: 1.0 / max(int(spread[column]), 1) for theme, column in self.theme_column.items()
        }
        """One over the number of films that have a theme."""
        self.genres, self.genre_column = _incidence([f.all_genres for f in films])
        """(n, genres and subgenres) sparse, likewise."""
        self.main_genre_column: Mapping[str, int]
        self.main_genres, self.main_genre_column = _marks([f.genres for f in films])
        """(n, main genres) 0 or 1."""
        described = np.fromiter((f.described for f in films), bool, n)
        self.typical = typicality(self.tone, self.themes, self.main_genres, described)
        """(n, main genres) 0-1, how typical a film is of a genre it has."""
        self.people, self.person_column = _incidence(
            [tuple(dict.fromkeys(f.directors + f.cast[:4])) for f in films]
        )
        """(n, people) sparse: directors and the first four of the cast."""
        self.graph = _graph(catalogue, kin)
        """(n, n) sparse, symmetric in reach: row i holds how near each taste neighbour of i is."""
        self.foretold = None if foretell is None else foretell(self.graph)
        """What people would ask for each film."""
        degree = np.asarray(self.graph.sum(axis=1)).ravel()
        scale = sparse.diags_array((1.0 / np.maximum(degree, 1e-9)).astype(np.float32))
        self._walk = sparse.csr_array(scale @ self.graph)
        self.mean_tone: Floats = (
            self.tone[self.has_tone].mean(axis=0) if self.has_tone.any() else self.tone[:1].mean(0)
        )
        self._chance: tuple[int, Floats] | None = None

    def __len__(self) -> int:
        return len(self.years)

    def rows(self, film_ids: Sequence[str]) -> Rows:
        """Rows of the films that the catalogue holds, order kept."""
        row = self.catalogue.row
        return np.array([row[i] for i in film_ids if i in row], np.int64)

    def near(self, rows: Rows, weights: Floats) -> tuple[Floats, Floats]:
        """One-step and two-step nearness of every film to weighted seeds: two (n,) arrays >= 0.

        Divided by the length of ``weights``, so that five seeds outweigh one without drowning
        the other parts. The second step starts from a degree-normalised first step, so that films
        with long lists do not dominate.
        """
        n = len(self)
        if not len(rows):
            return np.zeros(n, np.float32), np.zeros(n, np.float32)
        start = np.zeros(n, np.float32)
        np.add.at(start, rows, weights / np.linalg.norm(weights))
        one = self.graph.T @ start
        two = self._walk.T @ (self._walk.T @ start)
        return one.astype(np.float32, copy=False), two.astype(np.float32, copy=False)

    def chance(self, seed: int) -> Floats:
        """(n,) repeatable noise 0-1 from film id and ``seed``; the last seed's is kept."""
        kept = self._chance
        if kept is None or kept[0] != seed:
            salt = str(seed).encode()
            drawn = b"".join(
                hashlib.blake2b(film.id.encode(), digest_size=2, key=salt).digest()
                for film in self.catalogue.films
            )
            kept = seed, np.frombuffer(drawn, ">u2").astype(np.float32) / np.float32(65535)
            self._chance = kept
        return kept[1]

    def nearness(self, row: int, others: Rows) -> Floats:
        """(len(others),) how near each of ``others`` is to one film as its taste neighbour, in
        either direction; 0 where it is none."""
        begin, end = self.graph.indptr[row], self.graph.indptr[row + 1]
        columns, near = self.graph.indices[begin:end], self.graph.data[begin:end]
        return np.asarray((columns == others[:, None]) @ near, np.float32)


def _incidence(lists: Sequence[Sequence[str]]) -> tuple[sparse.csr_array, Mapping[str, int]]:
    """Unit rows over the names in ``lists``, weighted by inverse document frequency."""
    column: dict[str, int] = {}
    indices: list[int] = []
    indptr = [0]
    for names in lists:
        for name in dict.fromkeys(names):
            indices.append(column.setdefault(name, len(column)))
        indptr.append(len(indices))
    width = max(len(column), 1)
    counts = np.bincount(np.array(indices, np.int64), minlength=width)
    idf = np.log((1 + len(lists)) / (1 + counts)).astype(np.float32) + 0.1
    data = idf[np.array(indices, np.int64)] if indices else np.zeros(0, np.float32)
    matrix = sparse.csr_array((data, indices, indptr), shape=(len(lists), width), dtype=np.float32)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_array(
        sparse.diags_array((1.0 / np.maximum(lengths, 1e-9)).astype(np.float32)) @ matrix
    ), column


def _marks(lists: Sequence[Sequence[str]]) -> tuple[Floats, Mapping[str, int]]:
    """(len(lists), names) 1 where a list holds a name, names in order; and the column of each."""
    column = {name: n for n, name in enumerate(sorted({n for names in lists for n in names}))}
    marks = np.zeros((len(lists), max(len(column), 1)), np.float32)
    for row, names in enumerate(lists):
        marks[row, [column[name] for name in names]] = 1.0
    return marks, column


def _graph(catalogue: Catalogue, kin: sparse.csr_array | None) -> sparse.csr_array:
    rows: list[int] = []
    columns: list[int] = []
    weights: list[float] = []
    for row, film in enumerate(catalogue.films):
        for position, other in enumerate(film.similar):
            column = catalogue.row.get(other)
            if column is not None and column != row:
                rows.append(row)
                columns.append(column)
                weights.append((1.0 + position) ** -RANK_DECAY)
    n = len(catalogue)
    lists = sparse.csr_array((weights, (rows, columns)), shape=(n, n), dtype=np.float32)
    graph = sparse.csr_array(lists + CITING_WEIGHT * lists.T)
    if kin is None:
        return graph
    placed = sparse.csr_array(kin, copy=True)
    placed.data = placed.data**-RANK_DECAY
    return sparse.csr_array(graph + KIN_WEIGHT * placed + KIN_CITING_WEIGHT * placed.T)
