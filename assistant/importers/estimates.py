"""Tone and themes of films nobody described, learned from those that are.

Both rest on facts alone: keywords, genres, certificate, decade, language, directors. Tone is a
ridge regression plus what a director's described films have in common; themes follow from
keywords and genres by how often they go together in described films and by what the words mean.
The keywords themselves are never kept. Next in the flow: ``build`` writes the films.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.catalogue import TONES, Film
from assistant.embedding import Encoder, standardise

Floats = npt.NDArray[np.float32]
Record = Mapping[str, Any]  # Any: parsed JSON, keyed by film id

RIDGE = 20.0
"""Penalty of the regression; best of 3, 8, 20, 50 on held-out films."""
DIRECTOR_DOUBT = 2.0
"""A director's mean residual is shrunk by n / (n + this)."""
RARE = 2
"""A keyword that fewer films have is left out."""
THEME_DOUBT = 8.0
"""How many films the meaning of a keyword weighs against counted films."""
LIKELY = 0.5
"""A theme is taken from this estimated chance on: three of five taken on held-out films were
written too; a lower bar brings more themes and more wrong ones."""
MOST_THEMES = 6
NEAR, SAME = 0.6, 0.95
"""Cosine of a keyword to a theme from which their meaning counts at all, and counts fully."""


@dataclass(frozen=True)
class EstimateReport:
    """How well estimates meet what was written, on described films held out."""

    films: int
    tone_error: float
    """Mean absolute error over 14 tones, 0-10."""
    mean_error: float
    """The same for always guessing the mean."""
    tone_errors: Mapping[str, float]
    theme_precision: float
    """Share of estimated themes that were written too."""
    theme_recall: float
    themes_a_film: float


class Estimator:
    """Learns from described films; answers for any film of the same facts."""

    def __init__(
        self,
        films: Sequence[Film],
        facts: Mapping[str, Record],
        vocabulary: frozenset[str],
        encoder: Encoder,
    ) -> None:
        """``films`` are all films; words are embedded once, nothing is learned yet."""
        self._facts = facts
        counts = Counter(word for film in films for word in self._keywords(film))
        self._words = {
            w: i for i, w in enumerate(sorted(w for w, n in counts.items() if n >= RARE))
        }
        self._themes = sorted(vocabulary)
        self._word_vectors = encoder.encode([standardise(word) for word in self._words])
        genres = sorted({name for film in films for name in film.all_genres})
        theme_vectors = encoder.encode(self._themes)
        genre_vectors = encoder.encode(genres)
        self._switches = {
            name: column
            for column, name in enumerate(sorted({s for film in films for s in _switches(film)}))
        }
        names = [*self._words, *genres]
        alike = np.vstack([self._word_vectors, genre_vectors]) @ theme_vectors.T
        meaning = np.clip((alike - NEAR) / (SAME - NEAR), 0.0, 1.0)
        self._meaning = dict(zip(names, meaning, strict=True))

    def fit(self, described: Sequence[Film]) -> None:
        """Learn from these films' tones and themes."""
        x = self._features(described)
        tones = np.array([film.tone for film in described], np.float64)
        self._mean = tones.mean(axis=0)
        gram = x.T @ x + RIDGE * np.eye(x.shape[1])
        self._weights = np.linalg.solve(gram, x.T @ (tones - self._mean))
        residual = tones - self._mean - x @ self._weights
        by_director: dict[str, list[npt.NDArray[np.float64]]] = defaultdict(list)
        for film, left in zip(described, residual, strict=True):
            for name in film.directors:
                by_director[name].append(left)
        self._directors = {
            name: np.sum(lefts, axis=0) / (len(lefts) + DIRECTOR_DOUBT)
            for name, lefts in by_director.items()
        }
        place = {theme: i for i, theme in enumerate(self._themes)}
        together: dict[str, npt.NDArray[np.float64]] = {}
        seen: Counter[str] = Counter()
        for film in described:
            own = [place[theme] for theme in film.themes]
            for token in self._tokens(film):
                seen[token] += 1
                together.setdefault(token, np.zeros(len(place)))[own] += 1
        self._chance = {
            token: (together.get(token, 0.0) + THEME_DOUBT * meaning) / (seen[token] + THEME_DOUBT)
            for token, meaning in self._meaning.items()
        }

    def tones(self, films: Sequence[Film]) -> npt.NDArray[np.float64]:
        """(n, 14) estimates, 0-10, one decimal."""
        found = self._mean + self._features(films) @ self._weights
        for row, film in enumerate(films):
            known = [self._directors[n] for n in film.directors if n in self._directors]
            if known:
                found[row] += np.mean(known, axis=0)
        return np.asarray(np.round(np.clip(found, 0.0, 10.0), 1), np.float64)

    def themes(self, film: Film) -> tuple[str, ...]:
        """At most six likely themes, likeliest first."""
        tokens = self._tokens(film)
        if not tokens:
            return ()
        unlikely = np.prod([1.0 - self._chance[token] ** 2 for token in tokens], axis=0)
        chance = np.sqrt(1.0 - unlikely)
        order = np.argsort(-chance, kind="stable")[:MOST_THEMES]
        return tuple(self._themes[i] for i in order if chance[i] >= LIKELY)

    def _keywords(self, film: Film) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._facts[film.id].get("keywords") or ()))

    def _tokens(self, film: Film) -> list[str]:
        return [t for t in (*self._keywords(film), *film.all_genres) if t in self._meaning]

    def _features(self, films: Sequence[Film]) -> npt.NDArray[np.float64]:
        """(n, dim + switches): mean keyword vector, then one column a genre, decade and so on."""
        dim = self._word_vectors.shape[1]
        x = np.zeros((len(films), dim + len(self._switches)), np.float64)
        for row, film in enumerate(films):
            own = [self._words[word] for word in self._keywords(film) if word in self._words]
            if own:
                x[row, :dim] = 3.0 * self._word_vectors[own].mean(axis=0)
            x[row, [dim + self._switches[s] for s in _switches(film)]] = 1.0
        return x


def estimate(
    films: Sequence[Film],
    facts: Mapping[str, Record],
    vocabulary: frozenset[str],
    encoder: Encoder,
) -> list[Film]:
    """``films`` with tone and themes for those not described; order kept."""
    estimator = Estimator(films, facts, vocabulary, encoder)
    estimator.fit([film for film in films if film.described])
    open_ = [film for film in films if not film.described]
    tones = dict(zip((film.id for film in open_), estimator.tones(open_).tolist(), strict=True))
    return [
        film
        if film.described
        else replace(film, tone=tuple(tones[film.id]), themes=estimator.themes(film))
        for film in films
    ]


def measure(
    films: Sequence[Film],
    facts: Mapping[str, Record],
    vocabulary: frozenset[str],
    encoder: Encoder,
    seed: int = 7,
) -> EstimateReport:
    """Estimates for a tenth of the described films, held out by ``seed``, against what is
    written."""
    return measured(Estimator(films, facts, vocabulary, encoder), films, seed)


def measured(estimator: Estimator, films: Sequence[Film], seed: int) -> EstimateReport:
    """The same with an estimator at hand; it is fitted anew."""
    described = sorted((film for film in films if film.described), key=lambda f: f.id)
    order = np.random.default_rng(seed).permutation(len(described))
    cut = len(described) // 10
    held = [described[i] for i in order[:cut]]
    taught = [described[i] for i in order[cut:]]
    estimator.fit(taught)
    written = np.array([film.tone for film in held], np.float64)
    errors = np.abs(estimator.tones(held) - written)
    mean = np.array([film.tone for film in taught], np.float64).mean(axis=0)
    guesses = [estimator.themes(film) for film in held]
    right = sum(len(set(g) & set(f.themes)) for g, f in zip(guesses, held, strict=True))
    given = sum(map(len, guesses))
    return EstimateReport(
        films=len(held),
        tone_error=float(errors.mean()),
        mean_error=float(np.abs(written - mean).mean()),
        tone_errors=dict(zip(TONES, errors.mean(axis=0).tolist(), strict=True)),
        theme_precision=right / max(given, 1),
        theme_recall=right / max(sum(len(f.themes) for f in held), 1),
        themes_a_film=given / max(len(held), 1),
    )


def _switches(film: Film) -> list[str]:
    """What a film is or is not, by name."""
    return [
        *film.all_genres,
        f"decade {film.year // 10}",
        f"certificate {film.certificate}",
        f"language {film.languages[0] if film.languages else ''}",
    ]
