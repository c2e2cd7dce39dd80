"""What would change a film's place: for each wish, the list made again without it.

Nothing is guessed: a place is where the film stands in a list that was really made. Knows nothing
of how lists are made or of sentences. Next in the flow: ``answers`` says it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.chips import Chip, without_chip
from assistant.parsing.request import Wants

if TYPE_CHECKING:
    from assistant.history import Profile
    from assistant.ranking import Pick
    from assistant.selection import Selector

LOOKED = 50
"""Films of the other list that are looked at; further down, no number is told."""
TRIED = 6
"""Wishes tried at most: each makes a list."""

Listing = Callable[[Wants, int], Sequence["Pick"]]
"""The list for wants, so many films, best first."""


def lists(selector: Selector, taste: Profile, year: int) -> Listing:
    """Lists for other wants of the same person in the same year."""
    return lambda wants, count: selector.recommend(wants, taste, count=count, year=year)[1]


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
