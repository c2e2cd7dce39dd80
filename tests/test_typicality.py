"""What films of a genre are like, and how far a film is like that."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from assistant.typicality import ENOUGH, Floats, typicality


def table(films: int) -> tuple[Floats, sparse.csr_array, Floats]:
    """Films of two genres: the first is tense, the second is not; every third has both."""
    tense = np.linspace(0, 1, films, dtype=np.float32)
    tone = np.stack([tense, np.full(films, 0.5, np.float32)], axis=1)
    genres = np.stack([tense > 0.4, tense <= 0.6], axis=1).astype(np.float32)
    return tone, sparse.csr_array((films, 1), dtype=np.float32), genres


def test_the_more_a_film_is_like_others_of_its_genre_the_more_typical_it_is() -> None:
    tone, themes, genres = table(200)
    typical = typicality(tone, themes, genres, np.ones(200, bool))
    first = typical[genres[:, 0] > 0, 0]
    assert first[0] == 0.0 and first[-1] == 1.0
    assert (np.diff(first) >= 0).all()
    second = typical[genres[:, 1] > 0, 1]
    assert second[0] == 1.0 and second[-1] == 0.0


def test_a_film_is_typical_of_no_genre_it_does_not_have() -> None:
    tone, themes, genres = table(200)
    typical = typicality(tone, themes, genres, np.ones(200, bool))
    assert (typical[genres == 0] == 0).all()


def test_only_described_films_teach_and_too_few_teach_nothing() -> None:
    tone, themes, genres = table(200)
    few = np.zeros(200, bool)
    few[: ENOUGH // 2] = True
    assert (typicality(tone, themes, genres, few) == genres).all()
