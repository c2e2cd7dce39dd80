"""Which of some films is the most of something: the shortest, the newest, the funniest.

Knows nothing of how the question was read or the answer is worded. Next in the flow: ``answers``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.catalogue import Film

MEASURES: Mapping[str, Callable[[Film], float | None]] = {
    "runtime": lambda film: film.runtime_min,
    "year": lambda film: film.year,
    "known": lambda film: film.popularity,
    "regarded": lambda film: film.acclaim,
}
"""What films are measured by, besides their tones."""


def tone_measure(tone: str) -> Callable[[Film], float | None]:
    """How much films have of a tone, 0-10; None where nobody knows."""
    return lambda film: film.tone_of(tone) if film.tone else None


def foremost(
    films: Sequence[Film], measure: Callable[[Film], float | None], *, least: bool
) -> Film | None:
    """The film with the most, or ``least``, of a measure; the first of those that are even.

    None where fewer than two films have the measure.
    """
    known = [(film, value) for film in films if (value := measure(film)) is not None]
    if len(known) < 2:
        return None
    sign = -1 if least else 1
    return max(known, key=lambda pair: sign * pair[1])[0]
