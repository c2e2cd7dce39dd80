"""Whether people find two films alike that the product finds alike.

Pairs of films that people judged OK or NOT_OK as recommendations for each other (most of them
proposed by other recommenders, so both kinds are near misses). The product's figure is the sum of
the parts of a score that speak of likeness, both ways, by the shipped weights. Next in the flow:
``cli.evaluate`` prints it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.catalogue import Catalogue
from assistant.errors import DataError
from assistant.evaluation_halves import HALVES, half_of
from assistant.history import Profile
from assistant.importers.titles import Known, Titles
from assistant.metrics import Interval, area_interval
from assistant.parsing.request import Wants
from assistant.retrieval import Candidates, make_query
from assistant.scoring import columns
from assistant.selection import Selector

LIKENESS = ("neighbours", "circle", "seed", "themes", "tone", "genre", "people", "era")
"""The parts of a score that tell how alike a film and a seed are."""
_LATER = 9999

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SimilarReport:
    """Area under the ROC curve by system; 0.5 is chance."""

    pairs: int
    """Judged pairs of which the catalogue holds both films."""
    missing: int
    """Pairs of which it does not."""
    alike: int
    """Pairs people found OK."""
    area: Mapping[str, Interval]
    described: int
    """Pairs whose films were both described by hand."""
    area_described: Mapping[str, Interval]
    halves: Mapping[str, int]
    """Pairs in each half, by name from ``HALVES``."""
    area_by_half: Mapping[str, Mapping[str, Interval]]
    """By half, then system. Errors in one half were looked at while weights were chosen."""


@dataclass(frozen=True)
class Pair:
    """Two judged films, as rows of the catalogue."""

    one: int
    other: int
    alike: bool


def read_pairs(path: Path, catalogue: Catalogue) -> tuple[list[Pair], int]:
    """The pairs of a table (title_1, year_1, title_2, year_2, rating), and how many lack a film.

    Raises ``DataError`` where the file is none.
    """
    titles = Titles(
        Known(
            film.id,
            film.year,
            film.popularity,
            tuple(t for t in (film.title, film.original_title, *film.aliases) if t),
        )
        for film in catalogue.films
    )
    pairs, missing = [], 0
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for record in csv.DictReader(lines, delimiter="\t"):
                found = [
                    titles.find(f"{record[f'title_{n}']} ({record[f'year_{n}']})") for n in (1, 2)
                ]
                rows = [catalogue.row[film_id] for film_id in found if film_id is not None]
                if len(rows) < 2:
                    missing += 1
                else:
                    pairs.append(Pair(rows[0], rows[1], record["rating"] == "OK"))
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"cannot read pairs from {path} ({error!r})") from error
    return pairs, missing


def evaluate_similar(pairs: Sequence[Pair], missing: int, selector: Selector) -> SimilarReport:
    """The product's likeness beside three simple measures, on all pairs and on described films."""
    films = selector.catalogue.films
    alike = [pair.alike for pair in pairs]
    systems = {
        "matinee": np.array([_likeness(pair, selector) for pair in pairs]),
        "genre overlap": np.array([_genres(pair, selector.catalogue) for pair in pairs]),
        "MiniLM": np.array([_text(pair, selector) for pair in pairs]),
        "popularity": np.array(
            [films[pair.one].popularity + films[pair.other].popularity for pair in pairs]
        ),
    }
    both = [films[p.one].described and films[p.other].described for p in pairs]
    half = np.array([half_of(f"{films[p.one].id}/{films[p.other].id}") for p in pairs])

    def area_of(kept: Rows) -> dict[str, Interval]:
        truths = [alike[n] for n in kept]
        return {name: area_interval(truths, v[kept].tolist()) for name, v in systems.items()}

    return SimilarReport(
        pairs=len(pairs),
        missing=missing,
        alike=sum(alike),
        area=area_of(np.arange(len(pairs))),
        described=sum(both),
        area_described=area_of(np.flatnonzero(both)),
        halves={name: int((half == name).sum()) for name in HALVES},
        area_by_half={name: area_of(np.flatnonzero(half == name)) for name in HALVES},
    )


def _likeness(pair: Pair, selector: Selector) -> float:
    """Both ways: as a suggestion for the one and for the other."""
    return _one_way(pair.one, pair.other, selector) + _one_way(pair.other, pair.one, selector)


def _one_way(seed: int, row: int, selector: Selector) -> float:
    films = selector.catalogue.films
    wants = Wants(like=(films[seed].id,))
    query = make_query(wants, Profile(), selector.space, selector.encode, _LATER)
    one, two = selector.space.near(query.seeds, query.seed_weights)
    only = Candidates(np.array([row], np.int64), (), one, two)
    parts = columns(query, only, selector.space, selector.index, selector.seed)
    weights = selector.ranker.weights
    return float(sum(weights[name] * parts[name][0] for name in LIKENESS))


def _genres(pair: Pair, catalogue: Catalogue) -> float:
    """Jaccard overlap of the main genres."""
    one, other = (set(catalogue.films[row].genres) for row in (pair.one, pair.other))
    return len(one & other) / max(len(one | other), 1)


def _text(pair: Pair, selector: Selector) -> float:
    vectors = selector.index.film_vectors
    return float(vectors[pair.one] @ vectors[pair.other])
