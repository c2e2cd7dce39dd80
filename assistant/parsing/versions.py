"""Which film is meant where a name fits several: the year, the people, the talk so far, fame.

Weighs remakes, series and namesakes against each other in bits, and tells what the films on the
table say of another film (a taste neighbour, the same people, the same genres). Knows nothing of
the message but what ``Hint`` holds. Next in the flow: ``titles``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.catalogue import Catalogue, Film
from assistant.parsing.titlekeys import Kind, Name, fame

RECENT_YEARS = 1
"""Years before now within which a film is the talk of the day."""
AHEAD_YEARS = 1
"""Years ahead of now that films are already talked about."""
RECENT_BITS = 2.0
"""Bits of fame that being new is worth."""
THIS_YEAR_BITS = 0.5
"""The same for a film of this very year, which may not be out yet."""
AHEAD_BITS = 3.0
"""Bits of fame that a film still to come lacks."""
NAMED_BITS = 2.0
"""Bits of fame that a film on the table is worth more."""
NEIGHBOUR_BITS = 1.0
"""Bits of fame that a taste neighbour of a film on the table is worth more."""
GENRE_BITS = 2.0
"""Bits of fame that a genre said in the message ("the cartoon") is worth."""
_KNOWN = 0.5
"""Least popularity of "the original" or "the new one"."""
_GENERATION = 5
"""Years within which films count as equally new."""
_UNKNOWN = 9999
"""After every generation: "the original" never is a film hardly anybody knows."""
_DISTANCE: Mapping[Kind, float] = {
    Kind.TITLE: 0.0,
    Kind.ALIAS: 1.5,
    Kind.MAIN: 2.5,
    Kind.SUBTITLE: 2.5,
    Kind.SHORTENED: 6.0,
}
"""Bits of fame a film must have more to be meant by a name that is not its title."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What else the message says about which film is meant."""

    year: int | None = None
    version: int = 0
    """-1 the original, 1 the remake or newest, 0 unsaid."""
    surnames: frozenset[str] = frozenset()
    """Words of the message, to compare with the film's people."""
    genres: frozenset[str] = frozenset()
    """Genres that words of the message ask for."""

    def meets(self, film: Film) -> bool:
        """Whether somebody of ``film`` is named in the message."""
        return any(
            name.rsplit(" ", 1)[-1].casefold() in self.surnames
            for name in film.directors + film.cast
            if " " in name
        )

    def of_genre(self, film: Film) -> bool:
        """Whether ``film`` is of a genre that the message asks for."""
        return not self.genres.isdisjoint(film.all_genres)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the talk so far tells of which film is meant."""

    year: int | None = None
    """The year it is; None where unknown."""
    named: frozenset[str] = frozenset()
    """Ids of films on the table."""

    def recent(self, film: Film) -> bool:
        """Whether the film is the talk of the day."""
        return self.year is not None and (self.year - RECENT_YEARS <= film.year <= self.year)

    def unmade(self, film: Film) -> bool:
        """Whether nobody can know the film yet."""
        return self.year is not None and film.year > self.year + AHEAD_YEARS


NOWHERE = Setting()


@dataclass(frozen=True, slots=True)
class Company:
    """The films on the table as company that another film may fit."""

    ids: frozenset[str] = frozenset()
    neighbours: frozenset[str] = frozenset()
    """Films that one of them has as a taste neighbour."""
    people: frozenset[str] = frozenset()
    genres: tuple[frozenset[str], ...] = ()
    """Of each of them."""

    def neighbour(self, film: Film) -> bool:
        """Whether ``film`` and one of them are taste neighbours, either way."""
        return film.id in self.neighbours or not self.ids.isdisjoint(film.similar)

    def shares_people(self, film: Film) -> bool:
        """Whether somebody made or played in both ``film`` and one of them."""
        return not (self.people.isdisjoint(film.directors) and self.people.isdisjoint(film.cast))

    def likeness(self, film: Film) -> float:
        """0-1: the mean share of genres in common with them (Jaccard)."""
        own = frozenset(film.all_genres)
        if not own or not self.genres:
            return 0.0
        return sum(len(own & g) / len(own | g) for g in self.genres) / len(self.genres)


def company_of(ids: Iterable[str], catalogue: Catalogue) -> Company:
    """The company of the films ``ids``; ids the catalogue lacks are left out."""
    films = [catalogue[film] for film in ids if film in catalogue]
    return Company(
        frozenset(film.id for film in films),
        frozenset(other for film in films for other in film.similar),
        frozenset(name for film in films for name in film.directors + film.cast),
        tuple(frozenset(film.all_genres) for film in films if film.all_genres),
    )


ALONE = Company()


def likeliest(
    names: Iterable[Name],
    catalogue: Catalogue,
    hint: Hint,
    setting: Setting = NOWHERE,
    company: Company = ALONE,
) -> list[Name]:
    """``names`` by likelihood: the given year, films that exist by then, "original" or "remake",
    people named with it, then closeness of the name, fame and the talk so far in bits.

    Of films that share a series name and are nearly equally known, the earliest comes first.
    """

    def order(name: Name) -> tuple[int, bool, int, bool, float, int, int]:
        film = catalogue.films[name.row]
        off = 0 if hint.year is None else min(abs(film.year - hint.year), 5)
        known = film.popularity >= _KNOWN
        version = film.year // _GENERATION * -hint.version
        version = version if known or not hint.version else _UNKNOWN
        worth = fame(film.popularity) - _DISTANCE[name.kind]
        worth = round(worth, 1 if name.kind < Kind.MAIN else 0)
        if setting.recent(film):
            worth += RECENT_BITS if film.year != setting.year else THIS_YEAR_BITS
        elif setting.year is not None and film.year > setting.year:
            worth -= AHEAD_BITS
        worth += NAMED_BITS * (film.id in setting.named)
        worth += NEIGHBOUR_BITS * company.neighbour(film)
        worth += GENRE_BITS * hint.of_genre(film)
        unmade = setting.unmade(film)
        return off, unmade, version, not hint.meets(film), -worth, film.year, name.row

    return sorted(names, key=order)
