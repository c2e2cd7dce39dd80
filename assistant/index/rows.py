"""Every text's vector lined up with the catalogue, for exact likeness by plain arithmetic.

One matrix, a block for each kind, films in catalogue order inside a block. Knows nothing of
Chroma or of how vectors are made. Next in the flow: ``search`` answers from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.catalogue import Catalogue
from assistant.embedding import Floats
from assistant.index.texts import KINDS, Keys, film_texts, text_keys
from assistant.index.vectors import Codes, Vectors, restore

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Layout:
    """Which text stands in which row (r of them): by kind, then by film."""

    texts: tuple[str, ...]
    films: Ints
    """(r,) position of each row's film in the catalogue."""
    kinds: npt.NDArray[np.uint8]
    """(r,) position in ``KINDS``, ascending."""
    keys: Keys
    """(r,) of the texts."""
    ids: tuple[str, ...]
    """What each row is called in Chroma: film id, kind and key; changes when its text does."""


def lay_out(catalogue: Catalogue) -> Layout:
    """The rows of ``catalogue``."""
    blocks: dict[str, list[tuple[int, str]]] = {kind: [] for kind in KINDS}
    for position, film in enumerate(catalogue.films):
        for kind, text in film_texts(film):
            blocks[kind].append((position, text))
    rows = [(number, *row) for number, kind in enumerate(KINDS) for row in blocks[kind]]
    texts = tuple(text for _, _, text in rows)
    keys = text_keys(texts)
    films = catalogue.films
    return Layout(
        texts=texts,
        films=np.array([position for _, position, _ in rows], np.int64),
        kinds=np.array([number for number, _, _ in rows], np.uint8),
        keys=keys,
        ids=tuple(
            row_id(films[position].id, KINDS[number], key)
            for (number, position, _), key in zip(rows, keys.tolist(), strict=True)
        ),
    )


def row_id(film_id: str, kind: str, key: int) -> str:
    """What a row is called in Chroma."""
    return f"{film_id} {kind} {key:016x}"


def film_and_kind(name: str) -> tuple[str, str]:
    """Film id and kind of a row's name."""
    film_id, kind, _ = name.rsplit(" ", 2)
    return film_id, kind


@dataclass(frozen=True)
class Rows:
    """The quantised matrix of a layout, as it is kept on disk."""

    codes: Codes
    """(r, dim) int8."""
    scales: Floats
    """(r,)."""
    films: Ints
    kinds: npt.NDArray[np.uint8]


def fill(layout: Layout, vectors: Vectors) -> Rows:
    """The rows of ``layout`` filled from ``vectors``, which must hold every key."""
    places = vectors.places(layout.keys)
    assert not len(places) or places.min() >= 0, "a text has no vector"
    return Rows(vectors.codes[places], vectors.scales[places], layout.films, layout.kinds)


class Matrix:
    """Exact cosine likeness of a query to every film (n films)."""

    def __init__(self, rows: Rows, films: int) -> None:
        self.vectors = restore(rows.codes, rows.scales)
        """(r, dim) float32, unit rows."""
        self._films = films
        self._blocks: dict[str, tuple[slice, Ints, Ints, bool]] = {}
        for number, kind in enumerate(KINDS):
            begin, end = np.searchsorted(rows.kinds, [number, number + 1]).tolist()
            owners, starts = np.unique(rows.films[begin:end], return_index=True)
            single = len(owners) == end - begin
            self._blocks[kind] = (slice(begin, end), owners, starts, single)
        self.film_vectors = _film_means(self.vectors, rows.films, films)
        """(n, dim) float32: unit mean of each film's vectors."""

    def by_kind(self, vector: Floats, kinds: Sequence[str] = KINDS) -> Mapping[str, Floats]:
        """Best likeness -1..1 of each film by kind, each (n,) float32; 0 where it has none."""
        alike = self.vectors @ vector
        found: dict[str, Floats] = {}
        for kind in kinds:
            block, owners, starts, single = self._blocks[kind]
            best = np.zeros(self._films, np.float32)
            if len(owners):
                own = alike[block]
                best[owners] = own if single else np.maximum.reduceat(own, starts)
            found[kind] = best
        return found

    def kind_means(self, kind: str) -> tuple[Ints, Floats]:
        """The films that have texts of a kind, ascending, and the mean of each one's vectors:
        (k,) and (k, dim) float32, not scaled."""
        block, owners, starts, _ = self._blocks[kind]
        if not len(owners):
            return owners, np.zeros((0, self.vectors.shape[1]), np.float32)
        counts = np.diff(np.append(starts, block.stop - block.start)).astype(np.float32)
        sums = np.add.reduceat(self.vectors[block], starts, axis=0)
        return owners, np.asarray(sums / counts[:, None], np.float32)

    def best(self, vector: Floats) -> Floats:
        """(n,) float32: best likeness of each film over all its texts."""
        alike = self.vectors @ vector
        best = np.full(self._films, -1.0, np.float32)
        for block, owners, starts, single in self._blocks.values():
            if len(owners):
                own = alike[block] if single else np.maximum.reduceat(alike[block], starts)
                best[owners] = np.maximum(best[owners], own)
        return best


def _film_means(vectors: Floats, owners: Ints, films: int) -> Floats:
    order = np.argsort(owners, kind="stable")
    present, starts = np.unique(owners[order], return_index=True)
    means = np.zeros((films, vectors.shape[1]), np.float32)
    if len(present):
        means[present] = np.add.reduceat(vectors[order], starts, axis=0)
    lengths = np.sqrt(np.einsum("ij,ij->i", means, means))
    means /= np.maximum(lengths, 1e-12)[:, None]
    return means
