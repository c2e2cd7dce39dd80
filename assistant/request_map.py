"""What somebody would say who wants a film, foretold from what is known of it.

Films that were described have a few typical requests written for them. The map is learned from
these (ridge regression of a film's requests on its texts, genres, themes, tone, decade and the
requests of its taste neighbours), and read for every film: for those nobody wrote requests for,
and for what nobody thought of writing. Shipped as one small file that ``matinee train space``
makes; it speaks of the bundled encoder's vectors only. Knows nothing of wants or scores. Next in
the flow: ``space`` keeps what is foretold, ``scoring`` reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from scipy import sparse

from assistant.catalogue import Catalogue
from assistant.errors import DataError
from assistant.taste_map import features, line_of, switches_of

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Kinds = Mapping[str, tuple[Rows, Floats]]
"""``Index.means_by_kind``: rows of the films that have texts of a kind, and their mean vectors."""

REQUEST_MAP_FILE = "requests.npz"
DIMENSIONS = 192
"""Directions kept of the encoder's 384: 128 found one request in fifty less, 256 no more."""
RIDGE = 30.0
"""Penalty of the regression; of 9 to 300 the best for films left out."""
BARE = 0.3
"""What a film counts that is learned once more from the line of facts which others have."""
BATCH = 4000
"""Films foretold at a time, so that memory stays small."""
NEAR = 2.0
"""Nearness beyond which a neighbour counts no more."""


@dataclass(frozen=True)
class Foretold:
    """The requests foretold for n films."""

    places: Floats
    """(n, DIMENSIONS) unit rows."""
    basis: Floats
    """(dim, DIMENSIONS): the directions they are told in."""

    def likeness(self, vector: Floats) -> Floats:
        """(n,) float32, about 0-1: how like what is foretold for each film a unit ``vector`` of
        the encoder is."""
        return self.places @ (vector @ self.basis)


@dataclass(frozen=True)
class RequestMap:
    """How to foretell requests."""

    switches: tuple[str, ...]
    """Names of genres and themes, in the order of the columns that stand for them."""
    weights: Floats
    """(features, DIMENSIONS)."""
    basis: Floats
    """(dim, DIMENSIONS)."""

    def foretell(self, catalogue: Catalogue, kinds: Kinds, graph: sparse.csr_array) -> Foretold:
        """What is foretold for every film of ``catalogue``; ``graph`` is (n, n) nearness."""
        near = _neighbours(graph)
        told = np.zeros((len(catalogue), self.weights.shape[1]), np.float32)
        for start in range(0, len(catalogue), BATCH):
            rows = np.arange(start, min(start + BATCH, len(catalogue)))
            texts = np.concatenate([_own(kinds, rows), _company(kinds, near, rows)], axis=1)
            films = catalogue.films[start : start + BATCH]
            told[rows] = features(films, texts, self.switches) @ self.weights
        lengths = np.linalg.norm(told, axis=1, keepdims=True)
        return Foretold(told / np.maximum(lengths, 1e-9), self.basis)


def draw_requests(
    catalogue: Catalogue,
    kinds: Kinds,
    graph: sparse.csr_array,
    encode: Callable[[Sequence[str]], Floats],
) -> RequestMap:
    """The map learned from the films of ``catalogue`` that have requests.

    Each is learned twice: by its own texts, and by the line of facts that films have which nobody
    described. A film's own requests are no part of what it is foretold from.
    """
    rows, wanted = kinds["request"]
    films = [catalogue.films[row] for row in rows.tolist()]
    switches = switches_of(catalogue)
    company = _company(kinds, _neighbours(graph), rows)
    own = _own(kinds, rows)
    lines = encode([line_of(film) for film in films])
    bare = np.concatenate([lines, np.zeros_like(lines)], axis=1)
    views = [features(films, np.concatenate([t, company], axis=1), switches) for t in (own, bare)]
    size = views[0].shape[1]
    gram, mixed = RIDGE * np.eye(size), np.zeros((size, wanted.shape[1]))
    for share, view in zip((1.0, BARE), views, strict=True):
        x = view.astype(np.float64)
        gram += share * x.T @ x
        mixed += share * x.T @ wanted.astype(np.float64)
    weights = np.linalg.solve(gram, mixed)
    basis = np.linalg.svd(views[0] @ weights, full_matrices=False)[2][:DIMENSIONS].T
    return RequestMap(
        switches, (weights @ basis).astype(np.float32), np.ascontiguousarray(basis, np.float32)
    )


def _neighbours(graph: sparse.csr_array) -> sparse.csr_array:
    """(n, n) nearness either way, none above ``NEAR``."""
    near = sparse.csr_array(graph, copy=True)
    near.data = np.minimum(near.data, NEAR)
    return sparse.csr_array(near + near.T)


def _company(kinds: Kinds, near: sparse.csr_array, rows: Rows) -> Floats:
    """(rows, dim) unit rows: the mean request of a film's neighbours, 0 where they have none."""
    owners, requests = kinds["request"]
    mean = np.asarray(near[rows][:, owners] @ requests, np.float32)
    lengths = np.linalg.norm(mean, axis=1, keepdims=True)
    return np.asarray(mean / np.maximum(lengths, 1e-9), np.float32)


def _own(kinds: Kinds, rows: Rows) -> Floats:
    """(rows, 2 dim): what a film is about, by synopsis or else by facts; and its themes."""
    about = _filled(kinds["synopsis"], rows) + _filled(kinds["facts"], rows)
    return np.concatenate([about, _filled(kinds["themes"], rows)], axis=1)


def _filled(kind: tuple[Rows, Floats], rows: Rows) -> Floats:
    """(rows, dim): a kind's vectors, 0 for films without."""
    owners, vectors = kind
    filled = np.zeros((len(rows), vectors.shape[1]), np.float32)
    place = np.searchsorted(owners, rows)
    has = np.flatnonzero(np.isin(rows, owners))
    filled[has] = vectors[place[has]]
    return filled


def save_request_map(drawn: RequestMap, path: Path) -> None:
    """Write what ``load_request_map`` reads."""
    beside = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    with beside.open("wb") as out:
        np.savez_compressed(
            out,
            switches=np.array(drawn.switches),
            weights=drawn.weights.astype(np.float16),
            basis=drawn.basis.astype(np.float16),
        )
    beside.replace(path)


def load_request_map(path: Path) -> RequestMap:
    """The map in ``path``; raises ``DataError`` for anything else."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            drawn = RequestMap(
                tuple(str(name) for name in file["switches"]),
                file["weights"].astype(np.float32),
                file["basis"].astype(np.float32),
            )
    except (OSError, KeyError, ValueError, EOFError, BadZipFile) as error:
        raise DataError(f"cannot read {path} ({error!r}); restore it") from error
    return drawn
