"""A profile in names a person recognises, each with the films it rests on.

What stands out is what the likes have more of than films at large do: everybody likes dramas,
since most films are dramas. Knows nothing of words in any language (``explanation`` renders
names). Next in the flow: ``web``'s taste panel and the answer to "what do you know about me".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from assistant.catalogue import Catalogue, Film
from assistant.history.interests import shared_themes
from assistant.history.values import Profile

_MOST_NAMES = 6
_MOST_FILMS = 5
_USUAL_FILMS = 2000
"""The best-known films stand for films at large."""
_LEAST_FILMS = 2
"""A name must rest on this many liked films, once there are that many and more."""
_LEAST_TONE = 0.08
_PERSON_OFF_SCREEN = 1.5
"""A director shapes a film more than one of eight actors."""


@dataclass(frozen=True)
class Leaning:
    """Something a person leans towards."""

    name: str
    """A theme, genre or person, or a tone with its sign ("funny+", "slow-")."""
    weight: float
    """0-1, strongest is 1 within its kind; tones: size of the leaning."""
    films: tuple[str, ...]
    """Ids of the liked films it rests on, strongest first, at most five; never empty."""


@dataclass(frozen=True)
class Circle:
    """One interest, named by what its films share."""

    films: tuple[str, ...]
    """Ids, strongest first."""
    themes: tuple[str, ...]
    """What most of them share, commonest first; may be empty."""
    weight: float
    """0-1, share of the person's taste."""


@dataclass(frozen=True)
class Taste:
    """What is known about a person, fit to show them. Empty for a stranger."""

    themes: tuple[Leaning, ...] = ()
    genres: tuple[Leaning, ...] = ()
    people: tuple[Leaning, ...] = ()
    tones: tuple[Leaning, ...] = ()
    circles: tuple[Circle, ...] = ()
    liked: tuple[str, ...] = ()
    """Ids, strongest first."""
    disliked: tuple[str, ...] = ()
    """Ids, strongest first."""


def taste_summary(profile: Profile, catalogue: Catalogue) -> Taste:
    """What stands out in ``profile``, strongest first, ties by name."""
    likes = {film: weight for film, weight in profile.likes.items() if film in catalogue}
    dislikes = {film: weight for film, weight in profile.dislikes.items() if film in catalogue}

    def leanings(names: Callable[[Film], Mapping[str, float]]) -> tuple[Leaning, ...]:
        return _leanings(likes, dislikes, catalogue, names)

    return Taste(
        themes=leanings(lambda film: dict.fromkeys(film.themes, 1.0)),
        genres=leanings(lambda film: dict.fromkeys(film.genres, 1.0)),
        people=leanings(_people),
        tones=_tones(profile, likes, catalogue),
        circles=tuple(
            Circle(group.films, shared_themes([catalogue[f] for f in group.films]), group.weight)
            for group in profile.interests
            if all(film in catalogue for film in group.films)
        ),
        liked=tuple(likes),
        disliked=tuple(dislikes),
    )


def _people(film: Film) -> Mapping[str, float]:
    return {
        **dict.fromkeys(film.cast, 1.0),
        **dict.fromkeys(film.directors, _PERSON_OFF_SCREEN),
    }


def _leanings(
    likes: Mapping[str, float],
    dislikes: Mapping[str, float],
    catalogue: Catalogue,
    names: Callable[[Film], Mapping[str, float]],
) -> tuple[Leaning, ...]:
    """Names whose share of the likes exceeds their share of films at large."""
    if not likes:
        return ()
    resting: dict[str, list[str]] = defaultdict(list)
    score: dict[str, float] = defaultdict(float)
    for signed, films in ((1.0, likes), (-1.0, dislikes)):
        for film, weight in films.items():
            for name, share in names(catalogue[film]).items():
                score[name] += signed * weight * share
                if signed > 0:
                    resting[name].append(film)
    total = sum(likes.values())
    usual = _usual_share(catalogue.films[:_USUAL_FILMS], names)
    least = _LEAST_FILMS if len(likes) > _LEAST_FILMS else 1
    stands_out = {
        name: score[name] / total - usual.get(name, 0.0)
        for name, films in resting.items()
        if len(films) >= least
    }
    top = sorted((n for n, s in stands_out.items() if s > 0), key=lambda n: (-stands_out[n], n))
    return tuple(
        Leaning(
            name,
            round(stands_out[name] / stands_out[top[0]], 3),
            tuple(sorted(resting[name], key=lambda f: (-likes[f], f))[:_MOST_FILMS]),
        )
        for name in top[:_MOST_NAMES]
    )


def _usual_share(
    films: Iterable[Film], names: Callable[[Film], Mapping[str, float]]
) -> Mapping[str, float]:
    share: dict[str, float] = defaultdict(float)
    count = 0
    for film in films:
        count += 1
        for name, weight in names(film).items():
            share[name] += weight
    return {name: weight / count for name, weight in share.items()}


def _tones(
    profile: Profile, likes: Mapping[str, float], catalogue: Catalogue
) -> tuple[Leaning, ...]:
    strongest = sorted(profile.tone.items(), key=lambda item: (-abs(item[1]), item[0]))
    leanings = []
    for name, value in strongest[:_MOST_NAMES]:
        if abs(value) < _LEAST_TONE:
            break
        sign = 1.0 if value > 0 else -1.0
        told = [
            (sign * (tone - 5.0) * likes[film], film)
            for film in likes
            if (tone := catalogue[film].tone_of(name)) is not None
        ]
        films = tuple(film for _, film in sorted(told, key=lambda x: (-x[0], x[1]))[:_MOST_FILMS])
        if films:
            leanings.append(Leaning(name + "+-"[value < 0], round(abs(value), 3), films))
    return tuple(leanings)
