"""Which films meet a condition, for the whole catalogue at once.

``Limits.allow`` is what "fits" means; these columns say the same of every film in one step, so that
it need not be asked of films that cannot fit, and so that preferences can be counted. A test holds
the two together. Knows nothing of wants or scores. Next in the flow: ``space`` holds it,
``retrieval`` and ``scoring`` ask it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from assistant.catalogue import TONES, Catalogue, Limits

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

_UNRATED = 127
"""Stands for the age of a film without a certificate: too old for any ceiling."""


class Screen:
    """Columns over the catalogue, in ``catalogue.films`` order (n films)."""

    def __init__(self, catalogue: Catalogue) -> None:
        films = catalogue.films
        self._row = catalogue.row
        self._n = n = len(films)
        self._year = np.fromiter((f.year for f in films), np.int64, n)
        minutes = (-1 if f.runtime_min is None else f.runtime_min for f in films)
        self._runtime = np.fromiter(minutes, np.int64, n)
        ages = (_UNRATED if f.minimum_age is None else f.minimum_age for f in films)
        self._age = np.fromiter(ages, np.int64, n)
        unknown = (np.inf,) * len(TONES)
        self._acclaim = np.fromiter((f.acclaim for f in films), np.float64, n)
        self._tone = np.array([f.tone or unknown for f in films], np.float64).reshape(n, -1)
        self._genres = _Holders(f.all_genres for f in films)
        self._directors = _Holders(f.directors for f in films)
        self._cast = _Holders(f.cast for f in films)
        self._home = _Holders(f.home for f in films)
        self._claimed = _Holders(f.claimed for f in films)
        self._collections = _Holders(f.collections for f in films)
        self._language = _Holders(f.languages[:1] for f in films)
        self._themes = _Holders(f.themes for f in films)

    def has_any_genre(self, names: Iterable[str]) -> Mask:
        """(n,) whether a film has any of these genres or subgenres."""
        return self._any(names, self._genres)

    def possible(self, limits: Limits) -> Mask:
        """(n,) whether a film meets every condition of ``limits``."""
        mask = np.ones(self._n, bool)
        for condition in self._conditions(limits):
            mask &= condition
        return mask

    def share_met(self, limits: Limits, rows: Rows) -> npt.NDArray[np.float32]:
        """(len(rows),) what ``Limits.share_met`` says of each film at ``rows``."""
        met = [condition[rows] for condition in self._conditions(limits)]
        if not met:
            return np.ones(len(rows), np.float32)
        return np.asarray(np.mean(met, axis=0), np.float32)

    def _conditions(self, limits: Limits) -> Iterator[Mask]:
        """(n,) for each condition: one for each group of names, one for each other
        field that asks for something."""
        either = (self._directors, self._cast)
        for groups, holders in (
            (limits.genres, (self._genres,)),
            (limits.people, either),
            (limits.directed_by, (self._directors,)),
            (limits.starring, (self._cast,)),
            (limits.collections, (self._collections,)),
        ):
            for group in groups:
                yield self._any(group, *holders)
        for names, holders in (
            (limits.countries, (self._home,)),
            (limits.languages, (self._language,)),
        ):
            if names:
                yield self._any(names, *holders)
        for names, holders in (
            (limits.not_genres, (self._genres,)),
            (limits.not_people, either),
            (limits.not_collections, (self._collections,)),
            (limits.not_countries, (self._claimed,)),
            (limits.not_languages, (self._language,)),
            (limits.not_themes, (self._themes,)),
        ):
            if names:
                yield ~self._any(names, *holders)
        yield from self._numbers(limits)

    def _numbers(self, limits: Limits) -> Iterator[Mask]:
        """The conditions on years, minutes, ages and tones, and on films themselves."""
        if limits.years:
            spans = [(self._year >= low) & (self._year <= high) for low, high in limits.years]
            yield np.any(spans, axis=0)
        if limits.runtime_min is not None:
            least, most = limits.runtime_min
            yield (self._runtime >= max(least, 0)) & (self._runtime <= most)
        if limits.maximum_age is not None:
            yield self._age <= min(limits.maximum_age, _UNRATED - 1)
        if limits.acclaim_min is not None:
            yield self._acclaim >= limits.acclaim_min
        if limits.tone_max:
            tones = [TONES.index(tone) for tone in limits.tone_max]
            low = self._tone[:, tones] <= list(limits.tone_max.values())
            yield np.asarray(low.all(axis=1))
        if limits.exclude:
            excluded = np.zeros(self._n, bool)
            excluded[[self._row[i] for i in limits.exclude if i in self._row]] = True
            yield ~excluded

    def _any(self, names: Iterable[str], *holders: _Holders) -> Mask:
        has = np.zeros(self._n, bool)
        for name in names:
            for held in holders:
                has[held.rows(name)] = True
        return has


class _Holders:
    """Rows of the films that hold a name, by that name."""

    def __init__(self, lists: Iterable[Sequence[str]]) -> None:
        self._code: dict[str, int] = {}
        codes: list[int] = []
        lengths: list[int] = []
        for names in lists:
            codes += [self._code.setdefault(name, len(self._code)) for name in names]
            lengths.append(len(names))
        code = np.array(codes, np.int64)
        order = np.argsort(code, kind="stable")
        self._rows = np.repeat(np.arange(len(lengths)), lengths)[order]
        self._bounds = np.searchsorted(code[order], np.arange(len(self._code) + 1))

    def rows(self, name: str) -> Rows:
        """Ascending; empty for a name nobody holds."""
        code = self._code.get(name)
        if code is None:
            return self._rows[:0]
        return self._rows[self._bounds[code] : self._bounds[code + 1]]
