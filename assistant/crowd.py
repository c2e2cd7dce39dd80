"""What many people's lists of films teach: how often a film comes up, at all and lately, and in
whose company.

Fitted from a deployment's own ratings or conversations (``matinee train taste``); a fresh
installation has none, and the parts that rest on it are 0. Knows nothing of wants or weights.
Next in the flow: ``scoring`` reads it as two more columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from scipy import sparse

from assistant.catalogue import Catalogue
from assistant.errors import DataError

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

CROWD_FILE = "crowd.npz"
"""Where an installation keeps it, below its home folder."""
SHRINK = 5.0
"""Lists that an imaginary pair without company adds: rare company says little."""
KEPT = 300
"""Links kept for each film, the strongest either way."""
WEEKS = 52
"""Parts of a year into which likes are sorted."""
LATELY_YEARS = 0.5
"""A like this old counts 1/e of a new one towards what is liked lately. Of a quarter, half, one and
two years compared on half of the MovieLens people (the half looked at in ``evaluate history``)."""
LATELY_REACH = 6 * LATELY_YEARS
"""Older likes count for nothing lately."""
FEW = 3.0
"""The film most liked lately is liked by at least so many, or counts as that much less: one
person's evening is no trend."""


@dataclass(frozen=True)
class Crowd:
    """Counts and links over a catalogue of n films, rows in ``catalogue.films`` order."""

    often: Floats
    """(n,) 0-1: the logarithm of how many lists hold a film, against that of the commonest."""
    links: sparse.csr_array
    """(n, n): row i holds how much liking film i speaks for (or against) each other film."""
    lists: int
    """How many lists it was fitted on."""
    weeks: Floats
    """(k,) ascending: beginnings, as points in time in years, of the weeks somebody liked
    something in."""
    weekly: sparse.csr_array
    """(k, n) how many liked a film in each of these weeks; (0, n) where nobody said when."""

    def often_at(self, as_of: float) -> Floats:
        """(n,) 0-1: half how often a film comes up at all, half how often it was liked lately, in
        weeks that were over at the point in time ``as_of``; the former alone where no like was.

        What people see moves on: of two films liked by as many, the one liked last year is the
        likelier next. The logarithm, as for ``often``, of counts that fade.
        """
        first, last = np.searchsorted(self.weeks, (as_of - LATELY_REACH, as_of - 1.0 / WEEKS))
        if first >= last:
            return self.often
        fading = np.exp((self.weeks[first:last] - as_of) / LATELY_YEARS)
        counts = np.log1p(self.weekly[first:last].T @ fading)
        lately = counts / max(float(counts.max()), float(np.log1p(FEW)))
        return np.asarray((self.often + lately) / 2, np.float32)

    def company(self, rows: Rows, weights: Floats, wanted: Rows) -> Floats:
        """(len(wanted),) how much the films at ``rows``, weighted, speak for each wanted film."""
        if not len(rows):
            return np.zeros(len(wanted), np.float32)
        return np.asarray((self.links[rows].T @ weights)[wanted], np.float32)


def fit_crowd(
    lists: Iterable[Sequence[str]], catalogue: Catalogue, when: Iterable[tuple[str, float]] = ()
) -> Crowd:
    """The crowd of these lists of film ids; ids the catalogue lacks are left out.

    ``when`` tells likes one by one: id and point in time, in years.

    The link of two films is the cosine of their lists, shrunk where they are in few (Sarwar et al.
    2001; the shrinkage after Bell & Koren 2007): lists that hold both, over the geometric mean of
    the lists that hold either plus ``SHRINK``.
    """
    held = _held(lists, catalogue)
    counts = np.asarray(held.sum(axis=0)).ravel()
    most = max(float(counts.max(initial=0.0)), 1.0)
    often = np.asarray(np.log1p(counts) / np.log1p(most), np.float32)
    return Crowd(often, _links(held, counts), held.shape[0], *_weekly(when, catalogue))


def _weekly(
    when: Iterable[tuple[str, float]], catalogue: Catalogue
) -> tuple[Floats, sparse.csr_array]:
    """(k,) weeks and (k, n) likes in each."""
    told = [(catalogue.row[film], at) for film, at in when if film in catalogue]
    rows = np.array([row for row, _ in told], np.int64)
    weeks, places = np.unique(
        np.floor(np.array([at for _, at in told], np.float64) * WEEKS), return_inverse=True
    )
    likes = sparse.coo_array(
        (np.ones(len(rows), np.float32), (places, rows)), shape=(len(weeks), len(catalogue))
    )
    return np.asarray(weeks / WEEKS, np.float32), sparse.csr_array(likes)


def _held(lists: Iterable[Sequence[str]], catalogue: Catalogue) -> sparse.csr_array:
    """(lists, n) float32, 1 where a list holds a film."""
    rows: list[int] = []
    columns: list[int] = []
    count = 0
    for films in lists:
        known = {catalogue.row[film] for film in films if film in catalogue}
        rows += [count] * len(known)
        columns += sorted(known)
        count += 1
    ones = np.ones(len(rows), np.float32)
    return sparse.csr_array((ones, (rows, columns)), shape=(count, len(catalogue)))


def _links(held: sparse.csr_array, counts: Floats) -> sparse.csr_array:
    """(n, n) shrunk cosines without the diagonal, the strongest ``KEPT`` of each row."""
    both = sparse.coo_array(held.T @ held)
    apart = both.row != both.col
    row, column, data = both.row[apart], both.col[apart], both.data[apart]
    values = data / (np.sqrt(counts[row] * counts[column]) + SHRINK)
    order = np.lexsort((column, -values, row))
    row, column, values = row[order], column[order], values[order]
    first = np.searchsorted(row, np.arange(len(counts)))
    kept = np.arange(len(row)) - first[row] < KEPT
    return sparse.csr_array(
        (values[kept].astype(np.float32), (row[kept], column[kept])), shape=both.shape
    )


def save_crowd(crowd: Crowd, catalogue: Catalogue, path: Path) -> None:
    """Write ``crowd`` to ``path`` by film ids, so that it outlives changes of the catalogue."""
    links, weekly = sparse.coo_array(crowd.links), sparse.coo_array(crowd.weekly)
    used = np.flatnonzero(crowd.often > 0)
    place = np.full(len(crowd.often), -1)
    place[used] = np.arange(len(used))
    beside = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    with beside.open("wb") as out:
        np.savez_compressed(
            out,
            ids=np.array([catalogue.films[row].id for row in used.tolist()]),
            often=crowd.often[used],
            rows=place[links.row].astype(np.int32),
            columns=place[links.col].astype(np.int32),
            values=links.data.astype(np.float16),
            lists=np.array(crowd.lists),
            weeks=crowd.weeks,
            liked_in=weekly.row.astype(np.int32),
            liked=place[weekly.col].astype(np.int32),
            likes=weekly.data,
        )
    beside.replace(path)


def load_crowd(path: Path, catalogue: Catalogue) -> Crowd:
    """What ``save_crowd`` wrote, for ``catalogue``; raises ``DataError`` for anything else."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            ids = [str(name) for name in file["ids"]]
            row = np.array([catalogue.row.get(name, -1) for name in ids], np.int64)
            rows, columns = row[file["rows"]], row[file["columns"]]
            values = file["values"].astype(np.float32)
            often = np.zeros(len(catalogue), np.float32)
            often[row[row >= 0]] = file["often"][row >= 0]
            lists = int(file["lists"])
            weeks = file["weeks"]
            liked_in, liked, likes = file["liked_in"], row[file["liked"]], file["likes"]
    except (OSError, KeyError, ValueError, IndexError, EOFError, BadZipFile) as error:
        raise DataError(
            f"cannot read {path} ({error!r}); remove it, then 'matinee train taste' learns anew"
        ) from error
    known = (rows >= 0) & (columns >= 0)
    n = len(catalogue)
    links = sparse.csr_array(
        (values[known], (rows[known], columns[known])), shape=(n, n), dtype=np.float32
    )
    here = liked >= 0
    weekly = sparse.csr_array(
        (likes[here], (liked_in[here], liked[here])), shape=(len(weeks), n), dtype=np.float32
    )
    return Crowd(often, links, lists, weeks, weekly)
