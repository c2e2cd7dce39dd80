"""What taste is, as values. Knows nothing of how it comes about (``profile``).

Next in the flow: ``profile`` makes one from events, ``ranking`` scores candidates against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Interest:
    """One thing a person keeps liking (or disliking), as a few films that belong together."""

    films: tuple[str, ...]
    """Ids, strongest first."""
    weight: float
    """0-1, the films' share of the person's recency-weighted taste."""


@dataclass(frozen=True)
class Profile:
    """Taste, derived from events whenever it is needed. An empty profile is a stranger's."""

    likes: Mapping[str, float] = field(default_factory=dict)
    """Recency-weighted strength 0-1 by film id, of films liked (stated or implied)."""
    dislikes: Mapping[str, float] = field(default_factory=dict)
    """Likewise, of films disliked or marked not for me."""
    interests: tuple[Interest, ...] = ()
    """Likes in groups, heaviest first."""
    tone: Mapping[str, float] = field(default_factory=dict)
    """-1..1 by tone name: how far the person's likes lie from the catalogue's mean."""
    seen: frozenset[str] = frozenset()
    """Films never to show again: seen, rated, liked, disliked."""
    hidden: frozenset[str] = frozenset()
    """Films marked not for me."""
    watchlist: tuple[str, ...] = ()
    """Ids, newest first."""
    ratings: Mapping[str, float] = field(default_factory=dict)
    """0.5-5 stars by film id, the latest."""
