"""From a person's taste and profile to what the taste panel shows, as values.

Knows nothing of how taste is computed (``history``) or of HTML: ``cards`` renders it with
``templates/taste.html``. Next in the flow: ``web``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.catalogue import Catalogue, Film
from assistant.history import Leaning, Profile, Taste
from assistant.lexicon import Lexicon

TOP = 8
"""Leanings of a kind that are shown; more is a list nobody reads."""
RECENT = 12
"""Films of a kind that are shown."""


@dataclass(frozen=True)
class Named:
    """One leaning in the page's language, with the titles it rests on."""

    name: str
    value: float
    """-1..1: how strong, and which way."""
    films: tuple[str, ...]


@dataclass(frozen=True)
class TasteView:
    """All the taste panel shows."""

    themes: tuple[Named, ...]
    genres: tuple[Named, ...]
    people: tuple[Named, ...]
    tones: tuple[Named, ...]
    ratings: tuple[tuple[Film, float], ...]
    likes: tuple[Film, ...]
    watchlist: tuple[Film, ...]
    profiles: tuple[tuple[str, str], ...]
    user: str
    language: str
    """The page's, for titles."""

    @property
    def empty(self) -> bool:
        """Whether nothing is known yet."""
        return not (self.themes or self.genres or self.ratings or self.likes or self.watchlist)

    @property
    def guest(self) -> bool:
        """Whether this person's profile has no name."""
        return self.user not in {profile_id for profile_id, _ in self.profiles}


def view_taste(
    taste: Taste,
    profile: Profile,
    catalogue: Catalogue,
    lexicon: Lexicon | None,
    *,
    language: str,
    profiles: Sequence[tuple[str, str]],
    user: str,
) -> TasteView:
    """The panel's values; films that left the catalogue are left out.

    ``profiles`` are (id, name) of those this visitor may switch to.
    """

    def films(ids: Sequence[str]) -> tuple[Film, ...]:
        found = (catalogue.get(film_id) for film_id in ids)
        return tuple(film for film in found if film is not None)

    def named(kind: str, leanings: Sequence[Leaning]) -> tuple[Named, ...]:
        return tuple(
            _named(kind, leaning, films(leaning.films), lexicon, language)
            for leaning in leanings[:TOP]
        )

    rated = films(tuple(profile.ratings))
    liked = tuple(film for film in films(taste.liked) if film.id not in profile.ratings)
    return TasteView(
        themes=named("themes", taste.themes),
        genres=named("genres", taste.genres),
        people=named("people", taste.people),
        tones=named("tones", taste.tones),
        ratings=tuple((film, profile.ratings[film.id]) for film in rated[-RECENT:][::-1]),
        likes=liked[:RECENT],
        watchlist=films(profile.watchlist)[:RECENT],
        profiles=tuple(profiles),
        user=user,
        language=language,
    )


def _named(
    kind: str, leaning: Leaning, films: Sequence[Film], lexicon: Lexicon | None, language: str
) -> Named:
    name, value = leaning.name, leaning.weight
    if kind == "tones":
        value = -value if name.endswith("-") else value
        name = name.rstrip("+-")
    if lexicon is not None and kind != "people":
        name = lexicon.name(kind, name)
    return Named(name, value, tuple(film.titles.get(language, film.title) for film in films))
