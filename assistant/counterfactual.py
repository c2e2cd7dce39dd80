"""What would change a film's place: for each wish, the list made again without it.

Nothing is guessed: a place is where the film stands in a list that was really made, and a reason
is one where the film, scored anew without it, really scores less. Knows nothing of sentences. Next
in the flow: ``explanation`` names only causes, ``answers`` says places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from assistant.chips import Chip, without_chip
from assistant.facts import Fact
from assistant.history import Profile
from assistant.parsing.request import Wants
from assistant.retrieval import Candidates, likeness_to, make_query
from assistant.scoring import columns

if TYPE_CHECKING:
    from assistant.ranking import Pick
    from assistant.selection import Selector

LOOKED = 50
"""Films of the other list that are looked at; further down, no number is told."""
TRIED = 6
"""Wishes tried at most: each makes a list."""

LEAST = 1e-4
"""A score must fall by more than this to have fallen: it is float32."""
Listing = Callable[[Wants, int], Sequence["Pick"]]
"""The list for wants, so many films, best first."""


def lists(selector: Selector, taste: Profile, as_of: float) -> Listing:
    """Lists for other wants of the same person at the same time."""
    return lambda wants, count: selector.recommend(wants, taste, count=count, as_of=as_of)[1]


@dataclass(frozen=True)
class Without:
    """Where a film would stand if one wish were dropped."""

    wish: str
    """The chip's label."""
    key: str
    """The chip's key."""
    place: int | None
    """From 1; None where it is not among the first ``LOOKED``."""


def places_without(
    film_id: str, wants: Wants, chips: Sequence[Chip], make_list: Listing
) -> Iterator[Without]:
    """The film's place without each of the first ``TRIED`` wishes, in their order."""
    for chip in chips[:TRIED]:
        picks = make_list(without_chip(wants, chip.key), LOOKED)
        ids = [pick.film.id for pick in picks]
        place = ids.index(film_id) + 1 if film_id in ids else None
        yield Without(chip.label, chip.key, place)


def furthest(places: Sequence[Without], now: int) -> Without | None:
    """The wish without which the film falls furthest below place ``now``; the first of equals,
    None where it falls for none."""
    fallen = [w for w in places if w.place is None or w.place > now]
    return max(fallen, key=lambda w: w.place or LOOKED + 1, default=None)


def causes(
    selector: Selector, picks: Sequence[Pick], wants: Wants, taste: Profile, as_of: float
) -> Callable[[Pick, Fact], bool]:
    """Tells of one of ``picks``, made for ``wants``, whether its score falls without what a fact
    rests on. A fact that rests on nothing asked for or liked is no cause."""

    @cache
    def left(rests: tuple[str, ...]) -> dict[str, float]:
        """Scores by film id without these."""
        query = make_query(*_without(rests, wants, taste), selector.space, selector.encode, as_of)
        rows = selector.space.rows(sorted({pick.film.id for pick in picks}))
        near = selector.space.near(query.seeds, query.seed_weights)
        found = Candidates(rows, (), *near, likeness_to(query, selector.space, selector.index))
        parts = columns(query, found, selector.space, selector.index, selector.seed, selector.crowd)
        weights = selector.ranker.weights_for(query)
        totals = np.sum([weights[name] * values for name, values in parts.items()], axis=0)
        films = selector.space.catalogue.films
        return {films[row].id: float(total) for row, total in zip(rows, totals, strict=True)}

    return lambda pick, fact: left(fact.rests)[pick.film.id] < pick.score - LEAST


def _without(rests: Sequence[str], wants: Wants, taste: Profile) -> tuple[Wants, Profile]:
    """Request and history without what ``Fact.rests`` lists."""
    likes = dict(taste.likes)
    for key in rests:
        kind, _, film_id = key.partition(":")
        if kind == "liked":
            likes.pop(film_id, None)
            continue
        wants = without_chip(wants, key)
    return wants, replace(taste, likes=likes)
