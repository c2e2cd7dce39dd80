"""How long it takes to find, rank and vary a list, with this catalogue and with 100,000 films.

The large catalogue is this one and made-up films; their vectors are drawn by chance, since time
does not hang on what a vector says. Encoding a request is not counted: it costs the same whatever
the catalogue. Next in the flow: ``cli.measure`` prints it.
"""

from __future__ import annotations

import random
import statistics
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
from assistant.parsing.request import Wants
from assistant.ranking import rank
from assistant.retrieval import make_query, retrieve
from assistant.selection import Selector
from assistant.space import Space

LARGE = 100_000
"""Films in the large catalogue, as many as an installation might import."""
YEAR = 2026


def bench_ranking(
    assistant: Assistant, settings: Settings, n: int, progress: Progress | None = None
) -> Bench:
    """Milliseconds from a request's vector to its ten picks, at two sizes of catalogue."""
    rows = [row(assistant.selector, n)]
    films = assistant.catalogue.films
    draw = random.Random(7)  # a draw that must repeat, not a secret
    made = [_placed(film, films, draw) for film in synthetic_films(max(LARGE - len(films), 0))]
    large = assistant.catalogue.with_films(made)
    with tempfile.TemporaryDirectory(dir=settings.home) as folder:
        shipped = settings.data / "vectors"
        index = Index.open(Path(folder) / "index", large, Scattered, progress, shipped=shipped)
        space = Space(large)
        selector = replace(assistant.selector, catalogue=large, space=space, index=index)
        rows.append(row(selector, n))
        index.close()
    columns = ("catalogue", "find ms", "rank ms", "together ms", "p95 ms", "n")
    return Bench("ranking", columns, tuple(rows), n, machine())


class Scattered(Encoder):
    """Unit vectors drawn by each text's checksum, in the place of the real encoder's."""

    def __init__(self) -> None:
        self.fingerprint = BUNDLED_SHA256
        self.dim = 384

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """(n, dim) float32, unit rows; the same for the same texts."""
        rng = np.random.default_rng(zlib.crc32("".join(texts).encode()))
        vectors = rng.normal(size=(len(texts), self.dim)).astype(np.float32)
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
    """Medians over ``n`` varied requests, in milliseconds."""
    described = [film for film in selector.catalogue.films if film.described]
    asked = list(varied_wants(described, n + WARM_UP, 7))
    texts = [wants.about for wants in asked]
    known = dict(zip(texts, selector.encode(texts), strict=True))
    spent = list(_clocked(asked, known, selector))[WARM_UP:]
    found, ranked = zip(*spent, strict=True)
    both = sorted(a + b for a, b in spent)
    return (
        f"{len(selector.catalogue):,} films",
        *(round(statistics.median(times) * 1000, 2) for times in (found, ranked, both)),
        round(both[min(len(both) - 1, round(0.95 * (len(both) - 1)))] * 1000, 2),
        n,
    )


def _clocked(
    asked: Sequence[Wants], known: Mapping[str, Floats], selector: Selector
) -> Iterator[tuple[float, float]]:
    """Seconds to find candidates, and to rank and vary them, for each request."""
    space, index = selector.space, selector.index
    for wants in asked:
        started = time.perf_counter()
        query = make_query(
            wants, Profile(), space, lambda texts: np.stack([known[text] for text in texts]), YEAR
        )
        candidates = retrieve(query, space, index, crowd=selector.crowd)
        found = time.perf_counter()
        rank(query, candidates, space, index, selector.ranker, LIST, selector.seed)
        yield found - started, time.perf_counter() - found
