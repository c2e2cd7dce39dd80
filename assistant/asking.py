"""The one question to ask back: which property of the films that fit splits them best.

Each property (mood, genre, years, length, language) sorts films into a few classes that can be
named as answers; the property whose answers tell most, in bits over the films that fit, is asked.
Knows no words and no conversation. Next in the flow: ``speech`` puts question and answers in words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.catalogue import TONES, Film
from assistant.parsing.request import Wants
from assistant.space import Floats

ANSWERS = 4
"""Answers offered: what fits one row of buttons."""
LEAST_SHARE = 0.04
"""Share of the films an answer must leave, or it is not worth a button."""
LEAST_BITS = 0.8
"""A question that tells less than this is not worth asking."""
ASKED_OF = 150
"""Best films for the request that the split is counted over: what people could end up with."""
MOODS = ("funny", "tense", "scary", "romantic", "sad", "uplifting", "weird", "cerebral", "action")
"""Tones people name as a mood."""
GENRES = ("Comedy", "Drama", "Thriller", "Sci-Fi", "Horror", "Romance", "Animation", "Crime")
GENRES_MORE = ("Action", "Adventure", "Fantasy", "Mystery", "War", "Western", "Musical")
_NAMED_GENRES = frozenset(GENRES + GENRES_MORE)
ERAS = ((0, 1979), (1980, 1999), (2000, 2014), (2015, 9999))
LENGTHS_MIN = ((0, 100), (101, 130), (131, 9999))
NARROWED: Mapping[str, frozenset[str]] = {
    "genre": frozenset({"genres"}),
    "era": frozenset({"years"}),
    "length": frozenset({"runtime_min"}),
    "origin": frozenset({"languages", "countries"}),
}
"""Limits that answer a question before it is asked."""


@dataclass(frozen=True)
class Question:
    """What to ask, and the answers to offer."""

    about: str
    """ "mood", "genre", "era", "length" or "origin"."""
    answers: tuple[str, ...]
    """Keys of answers, the one that fits most films first; eras and lengths in their order."""
    bits: float
    """What an answer tells, on average."""


def best_question(
    films: Sequence[Film], mean_tone: Floats, wants: Wants, asked: Sequence[str] = ()
) -> Question | None:
    """The question that splits ``films`` best; None where none is worth asking.

    ``mean_tone`` is (14,) 0-1, what tones are compared with. What was ``asked`` before, or is
    settled by ``wants``, is not asked. Ties go to the name that sorts first.
    """
    classes: Mapping[str, Callable[[Film], str | None]] = {
        "mood": lambda film: _mood(film, mean_tone),
        "genre": _genre,
        "era": lambda film: _span(film.year, ERAS),
        "length": lambda film: _span(film.runtime_min, LENGTHS_MIN),
        "origin": _origin,
    }
    settled = {
        about for about, limits in NARROWED.items() if limits & set(wants.limits.set_names())
    }
    settled |= {"mood"} if wants.tone else set()
    questions = [
        question
        for about, of in classes.items()
        if about not in asked and about not in settled
        for question in [_question(about, [of(film) for film in films[:ASKED_OF]])]
        if question.bits >= LEAST_BITS
    ]
    return min(questions, key=lambda q: (-q.bits, q.about), default=None)


def _question(about: str, found: Sequence[str | None]) -> Question:
    """The answers worth offering and the entropy over them and "none of these"."""
    total = max(len(found), 1)
    common = Counter(key for key in found if key is not None).most_common()
    ranked = sorted(common, key=lambda item: (-item[1], item[0]))
    kept = [key for key, count in ranked[:ANSWERS] if count / total >= LEAST_SHARE]
    shares = [sum(key == one for key in found) / total for one in kept]
    rest = 1.0 - sum(shares)
    bits = -sum(p * math.log2(p) for p in (*shares, rest) if p > 0)
    ordered = sorted(kept, key=lambda key: int(key.split("-")[0])) if _is_span(about) else kept
    return Question(about, tuple(ordered), bits if len(kept) > 1 else 0.0)


def _is_span(about: str) -> bool:
    return about in ("era", "length")


def _mood(film: Film, mean_tone: Floats) -> str | None:
    """The mood a film has most of, beyond the average film."""
    if not film.tone:
        return None
    gaps = np.asarray(film.tone, np.float32) / 10.0 - mean_tone
    return max(MOODS, key=lambda name: (float(gaps[TONES.index(name)]), name))


def _genre(film: Film) -> str | None:
    """The rarest of a film's genres that people ask for by name: dramas are many things else."""
    named = [genre for genre in film.genres if genre in _NAMED_GENRES]
    return next((genre for genre in named if genre != "Drama"), named[0] if named else None)


def _span(value: int | None, spans: Sequence[tuple[int, int]]) -> str | None:
    if value is None:
        return None
    return next((f"{low}-{high}" for low, high in spans if low <= value <= high), None)


def _origin(film: Film) -> str | None:
    if not film.languages:
        return None
    return "english" if film.languages[0] == "English" else "foreign"
