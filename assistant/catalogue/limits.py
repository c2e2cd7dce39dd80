"""Hard conditions on a film: the one definition of "fits".

Knows nothing of soft wishes, scores or words. Every list a person is shown has passed
``Limits.allow``, film by film. Next in the flow: ``retrieval`` asks it while collecting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace

from assistant.catalogue.film import Film

Group = frozenset[str]
"""Names of which any one is enough; a tuple of groups asks for one of each."""


@dataclass(frozen=True)
class Limits:
    """What a film must be and must not be. Unknown facts fail the limit that asks for them.

    >>> Limits(years=((2001, 9999),)).allow(Film("tt1", "A", 1999))
    False
    """

    genres: tuple[Group, ...] = ()
    """Each group: any one of these genres or subgenres. (({"Comedy"}, {"Romance"}) = both.)"""
    not_genres: frozenset[str] = frozenset()
    people: tuple[Group, ...] = ()
    """Each group: any one of these names, as director or cast."""
    directed_by: tuple[Group, ...] = ()
    starring: tuple[Group, ...] = ()
    not_people: frozenset[str] = frozenset()
    collections: tuple[Group, ...] = ()
    """Each group: any one of these studios, series or prizes."""
    not_collections: frozenset[str] = frozenset()
    years: tuple[tuple[int, int], ...] = ()
    """Inclusive ranges of which any one is enough; open ends are 0 and 9999."""
    runtime_min: tuple[int, int] | None = None
    """Inclusive, minutes; open ends are 0 and 9999."""
    countries: frozenset[str] = frozenset()
    """The film is at home in any one of these (``Film.home``)."""
    not_countries: frozenset[str] = frozenset()
    """It counts as none of theirs (``Film.claimed``)."""
    languages: frozenset[str] = frozenset()
    """English names; any one of these is the film's main language."""
    not_languages: frozenset[str] = frozenset()
    """None of these is the film's main language."""
    maximum_age: int | None = None
    """Certificate ceiling: fit for this age (PG-13 is 13). Films without a certificate fail."""
    acclaim_min: float | None = None
    """Least acclaim 0-1 ("highly rated")."""
    not_themes: frozenset[str] = frozenset()
    tone_max: Mapping[str, float] = field(default_factory=dict)
    """Highest allowed score 0-10 by tone name ("nothing violent")."""
    exclude: frozenset[str] = frozenset()
    """Film ids."""

    def broken_by(self, film: Film) -> Iterator[str]:
        """Names of the fields that ``film`` breaks, cheapest to check first."""
        if self.years and not any(low <= film.year <= high for low, high in self.years):
            yield "years"
        if film.id in self.exclude:
            yield "exclude"
        if self.runtime_min is not None and not (
            film.runtime_min is not None
            and self.runtime_min[0] <= film.runtime_min <= self.runtime_min[1]
        ):
            yield "runtime_min"
        if self.genres:
            own = set(film.all_genres)
            if any(own.isdisjoint(group) for group in self.genres):
                yield "genres"
        if self.not_genres and not self.not_genres.isdisjoint(film.all_genres):
            yield "not_genres"
        if any(group.isdisjoint(film.collections) for group in self.collections):
            yield "collections"
        if not self.not_collections.isdisjoint(film.collections):
            yield "not_collections"
        if self.maximum_age is not None and (
            film.minimum_age is None or film.minimum_age > self.maximum_age
        ):
            yield "maximum_age"
        if self.acclaim_min is not None and film.acclaim < self.acclaim_min:
            yield "acclaim_min"
        main_language = film.languages[:1]
        if self.languages and self.languages.isdisjoint(main_language):
            yield "languages"
        if self.not_languages and not self.not_languages.isdisjoint(main_language):
            yield "not_languages"
        if self.countries and self.countries.isdisjoint(film.home):
            yield "countries"
        if self.not_countries and not self.not_countries.isdisjoint(film.claimed):
            yield "not_countries"
        if self.directed_by and any(group.isdisjoint(film.directors) for group in self.directed_by):
            yield "directed_by"
        if self.starring and any(group.isdisjoint(film.cast) for group in self.starring):
            yield "starring"
        if self.people or self.not_people:
            everyone = film.directors + film.cast
            if any(group.isdisjoint(everyone) for group in self.people):
                yield "people"
            if not self.not_people.isdisjoint(everyone):
                yield "not_people"
        if self.not_themes and not self.not_themes.isdisjoint(film.themes):
            yield "not_themes"
        for tone, highest in self.tone_max.items():
            score = film.tone_of(tone)
            if score is None or score > highest:
                yield "tone_max"
                break

    def allow(self, film: Film) -> bool:
        """Whether ``film`` meets every condition."""
        return next(self.broken_by(film), None) is None

    def share_met(self, film: Film) -> float:
        """0-1, how much of what is asked ``film`` meets; 1 where nothing is asked.

        Each group of genres, people or collections counts as a condition of its own: of somebody
        fond of horror and of science fiction, a film that is either is half of what they hope
        for.
        """
        asked = met = 0
        broken = set(self.broken_by(film))
        groups = {
            "genres": (self.genres, film.all_genres),
            "people": (self.people, film.directors + film.cast),
            "directed_by": (self.directed_by, film.directors),
            "starring": (self.starring, film.cast),
            "collections": (self.collections, film.collections),
        }
        for name in self.set_names():
            wanted, own = groups.get(name, ((), ()))
            asked += max(len(wanted), 1)
            met += (
                sum(not group.isdisjoint(own) for group in wanted) if wanted else name not in broken
            )
        return met / asked if asked else 1.0

    def and_(self, newer: Limits) -> Limits:
        """Both together: fields of ``newer`` replace or extend ours, as a follow-up means it.

        Ranges, ages, languages and countries are replaced (a newer "after 2000" is what counts);
        genre, people and collection groups, exclusions and tone ceilings add up. A genre, person
        or collection newly excluded leaves the groups that asked for it, and the other way round.
        """
        genres = _merged(self.genres, newer.genres, without=newer.not_genres)
        wanted_genres = {name for group in newer.genres for name in group}
        wanted_people = {
            name
            for groups in (newer.people, newer.directed_by, newer.starring)
            for group in groups
            for name in group
        }
        wanted_collections = {name for group in newer.collections for name in group}
        return Limits(
            genres=genres,
            not_genres=(self.not_genres - wanted_genres) | newer.not_genres,
            people=_merged(self.people, newer.people, without=newer.not_people),
            directed_by=_merged(self.directed_by, newer.directed_by, without=newer.not_people),
            starring=_merged(self.starring, newer.starring, without=newer.not_people),
            not_people=(self.not_people - wanted_people) | newer.not_people,
            collections=_merged(self.collections, newer.collections, without=newer.not_collections),
            not_collections=(self.not_collections - wanted_collections) | newer.not_collections,
            years=newer.years or self.years,
            runtime_min=newer.runtime_min or self.runtime_min,
            countries=(newer.countries or self.countries) - newer.not_countries,
            not_countries=(self.not_countries - newer.countries) | newer.not_countries,
            languages=(newer.languages or self.languages) - newer.not_languages,
            not_languages=(self.not_languages - newer.languages) | newer.not_languages,
            maximum_age=self.maximum_age if newer.maximum_age is None else newer.maximum_age,
            acclaim_min=self.acclaim_min if newer.acclaim_min is None else newer.acclaim_min,
            not_themes=self.not_themes | newer.not_themes,
            tone_max={**self.tone_max, **newer.tone_max},
            exclude=self.exclude | newer.exclude,
        )

    def without(self, names: frozenset[str]) -> Limits:
        """These limits with the named fields back at their defaults."""
        plain = Limits()
        return replace(self, **{name: getattr(plain, name) for name in names})

    def set_names(self) -> tuple[str, ...]:
        """Names of the fields that ask for something."""
        plain = Limits()
        return tuple(
            f.name for f in fields(self) if getattr(self, f.name) != getattr(plain, f.name)
        )


def _merged(
    older: tuple[Group, ...], newer: tuple[Group, ...], without: frozenset[str]
) -> tuple[Group, ...]:
    kept = tuple(group - without for group in older)
    return tuple(dict.fromkeys(group for group in kept + newer if group))
