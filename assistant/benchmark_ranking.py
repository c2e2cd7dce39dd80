"""How long it takes to find, rank and vary a list, with this catalogue and with 100,000 films.

The large catalogue is this one and made-up films, each with a vector not far from that of a real
film. Encoding a request is not counted: it costs the same whatever the catalogue. Next in the
flow: ``cli.measure`` prints it.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.benchmarks import WARM_UP, Bench, machine, synthetic_films
from assistant.catalogue import Film
from assistant.chat import Assistant
from assistant.config import Settings
from assistant.embedding import BUNDLED_SHA256, Encoder, Floats, Progress
from assistant.evaluation_variety import LIST, varied_wants
from assistant.history import Profile
from assistant.index import Index
from assistant.opening import space_over
from assistant.parsing.request import Wants
from assistant.ranking import rank
from assistant.retrieval import make_query, retrieve
from assistant.selection import Selector

LARGE = 100_000
"""Films in the large catalogue, as many as an installation might import."""
YEAR = 2026
LIMIT_MS, LARGE_LIMIT_MS = 15.0, 60.0
"""What a turn may take in this catalogue and in the large one."""
ASTRAY = 0.6
"""How far a made-up vector lies from a real one: a step of this length, then back to length 1."""


def bench_ranking(
    assistant: Assistant, settings: Settings, n: int, progress: Progress | None = None
) -> Bench:
    """Milliseconds from a request's vector to its ten picks, at two sizes of catalogue."""
    rows = [(*row(assistant.selector, n), LIMIT_MS)]
    films = assistant.catalogue.films
    draw = random.Random(7)  # a draw that must repeat, not a secret
    made = [_placed(film, films, draw) for film in synthetic_films(max(LARGE - len(films), 0))]
    large = assistant.catalogue.with_films(made)
    near = assistant.selector.index.film_vectors
    with tempfile.TemporaryDirectory(dir=settings.home) as folder:
        place = Path(folder) / "index"
        shutil.copytree(settings.home / "index", place)  # what is known need not be stored again
        shipped = settings.data / "vectors"
        index = Index.open(place, large, lambda: Scattered(near), progress, shipped=shipped)
        space = space_over(settings, large, index)
        selector = replace(assistant.selector, catalogue=large, space=space, index=index)
        rows.append((*row(selector, n), LARGE_LIMIT_MS))
        index.close()
    columns = (
        "catalogue",
        "find ms",
        "rank ms",
        "together ms",
        "p95 ms",
        "processor ms",
        "n",
        "limit ms",
    )
    return Bench("ranking", columns, tuple(rows), n, machine())


class Scattered(Encoder):
    """Unit vectors drawn by the texts' checksum around ``near``, instead of the real encoder's."""

    def __init__(self, near: Floats) -> None:
        """``near``: (n, dim) unit rows."""
        self.fingerprint = BUNDLED_SHA256
        self.dim = near.shape[1]
        self._near = near

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """(n, dim) float32, unit rows; the same for the same texts."""
        rng = np.random.default_rng(zlib.crc32("".join(texts).encode()))
        steps = rng.normal(size=(len(texts), self.dim)).astype(np.float32)
        steps *= ASTRAY / np.linalg.norm(steps, axis=1, keepdims=True)
        vectors = self._near[rng.integers(0, len(self._near), len(texts))] + steps
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _placed(film: Film, like: Sequence[Film], draw: random.Random) -> Film:
    """``film`` with genres, people and tone of a film drawn from ``like``."""
    model = draw.choice(like)
    return replace(
        film,
        genres=model.genres,
        subgenres=model.subgenres,
        directors=model.directors,
        cast=model.cast,
        tone=model.tone,
        themes=model.themes,
        popularity=model.popularity / 2,
        acclaim=model.acclaim,
    )


def row(selector: Selector, n: int) -> tuple[str | float, ...]:
    """Medians over ``n`` varied requests, in milliseconds: as the clock tells (with the 95th of a
    hundred), and as the processor does, which work beside it slows less."""
    described = [film for film in selector.catalogue.films if film.described]
    asked = list(varied_wants(described, n + WARM_UP, 7))
    texts = [wants.about for wants in asked]
    known = dict(zip(texts, selector.encode(texts), strict=True))
    spent = 1000 * np.array(list(_clocked(asked, known, selector))[WARM_UP:])  # (n, 3)
    found, ranked, processor = np.median(spent, axis=0).tolist()
    both = spent[:, :2].sum(axis=1)
    times = (found, ranked, np.median(both), np.percentile(both, 95), processor)
    label = f"{len(selector.catalogue):,} films"
    return (label, *(round(float(spent_ms), 2) for spent_ms in times), n)


def _clocked(
    asked: Sequence[Wants], known: Mapping[str, Floats], selector: Selector
) -> Iterator[tuple[float, float, float]]:
    """Seconds to find candidates, to rank and vary them, and of processor time for both, for each
    request."""
    space, index = selector.space, selector.index
    for wants in asked:
        busy = time.process_time()
        started = time.perf_counter()
        query = make_query(
            wants, Profile(), space, lambda texts: np.stack([known[text] for text in texts]), YEAR
        )
        candidates = retrieve(query, space, index, crowd=selector.crowd)
        found = time.perf_counter()
        rank(query, candidates, space, index, selector.ranker, LIST, selector.seed)
        ended = time.perf_counter()
        yield found - started, ended - found, time.process_time() - busy
