"""Scores with named parts.

Layer 3. Next in the flow: ``explanation`` turns the parts that moved the score into facts.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.catalogue import Film

PARTS = (
    "about",
    "requests",
    "neighbours",
    "seed",
    "themes",
    "tone",
    "genre",
    "people",
    "era",
    "prefer",
    "profile",
    "dislike",
    "popularity",
    "acclaim",
    "freshness",
    "exploration",
)


@dataclass(frozen=True)
class Part:
    """One named contribution to a score."""

    name: str
    """From ``PARTS``."""
    value: float
    """What it adds to the score; parts of a pick sum to its score."""
    because: tuple[str, ...] = ()
    """What it rests on. neighbours, seed, era, genre: seed film ids; profile, dislike: ids of
    films from the person's history; themes: theme names; tone: tone names, each with ``+`` or
    ``-`` ("funny+"); people: names; others: empty. Strongest first."""


@dataclass(frozen=True)
class Pick:
    """A film chosen for the list."""

    film: Film
    score: float
    parts: tuple[Part, ...]
    """Largest absolute value first."""

    def part(self, name: str) -> Part | None:
        """The named part, or None where it played no role."""
        return next((part for part in self.parts if part.name == name), None)
