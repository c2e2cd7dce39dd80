"""From wants to candidates: which films are worth scoring, and what found each.

Several sources each bring their best; hard limits and films already seen are taken out here, film
by film, with ``Limits.allow``. Knows nothing of weights or order (``ranking`` comes next).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from assistant.crowd import Crowd
from assistant.embedding import standardise
from assistant.history import Profile
from assistant.index import Index
from assistant.parsing.request import Wants
from assistant.space import Floats, Rows, Space

PER_SOURCE = 400
"""Candidates each source may bring; recall at 50 stops growing beyond about this many."""
TEXTS = 100
"""Texts the index is asked for; exact likeness by kind brings the rest, for half the time."""
SLICE = 600
"""Allowed films taken in popularity order whatever was asked, so that narrow limits still meet
every film that fits them."""
CONTEXT_WEIGHT = 0.6
"""A film brought up without praise counts this much of one that was liked."""
EMBLEMS = 5
"""Best-known films of a studio that stand for it where films should only be like its own."""
LATER = 0.85
"""Each earlier seed counts this much of the next later one."""


@dataclass(frozen=True)
class Query:
    """Wants made numeric; what retrieval and ranking both look at."""

    wants: Wants
    profile: Profile
    text: str
    """What is embedded: the words said and asked themes; empty where nothing was said."""
    vector: Floats | None
    """(dim,) unit, of ``text``."""
    seeds: Rows
    seed_weights: Floats
    """Aligned with ``seeds``: liked films, then context, later ones heavier."""
    foes: Rows
    """Films to stay away from in kind."""
    as_of: float
    """Point in time, in years (``timeline``): films of later years do not exist yet."""

    @property
    def asks(self) -> bool:
        """Whether any film, word, tone, condition, preference, hit or flop was asked for."""
        wants = self.wants
        conditions = wants.limits.set_names() or wants.prefer.set_names()
        return bool(
            self.vector is not None or len(self.seeds) or wants.tone or wants.hit or conditions
        )


@dataclass(frozen=True)
class Candidates:
    """Films worth scoring (m of them), as rows of the space."""

    rows: Rows
    """(m,) ascending."""
    found_by: tuple[tuple[str, Rows], ...] = field(default=())
    """Which rows each source brought: about, neighbours, seed, theme, profile, company,
    popularity, finds, reception."""
    near_one: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    """(n,) one-step neighbour nearness of the whole catalogue to the seeds."""
    near_two: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    """(n,) two-step."""
    kinds: Mapping[str, Floats] = field(default_factory=dict)
    """(n,) likeness of what was said to each kind of text of the whole catalogue, and to the
    requests "foretold" where there is a map of them; empty where nothing was said."""


def make_query(
    wants: Wants,
    profile: Profile,
    space: Space,
    encode: Callable[[Sequence[str]], Floats],
    as_of: float,
) -> Query:
    """The query for these wants; encodes one text, or none where nothing was said."""
    asked = wants.about or wants.themes or (wants.tone and not (wants.like or wants.around))
    text = standardise(wants.told) if asked else ""
    weights: dict[str, float] = {}
    if not wants.like:
        weights = dict.fromkeys(_emblems(wants, space), CONTEXT_WEIGHT)
    for ids, weight in ((wants.around, CONTEXT_WEIGHT), (wants.like, 1.0)):
        for age, film_id in enumerate(reversed(ids)):
            weights[film_id] = max(weights.get(film_id, 0.0), weight * LATER**age)
    kept = [film_id for film_id in weights if film_id in space.catalogue]
    return Query(
        wants=wants,
        profile=profile,
        text=text,
        vector=encode([text])[0] if text else None,
        seeds=space.rows(kept),
        seed_weights=np.array([weights[i] for i in kept], np.float32),
        foes=space.rows(wants.unlike),
        as_of=as_of,
    )


def _emblems(wants: Wants, space: Space) -> list[str]:
    """Ids of the films that stand for what is "something like Ghibli"."""
    names = [name for group in wants.prefer.collections for name in sorted(group)]
    held = space.catalogue.by_collection
    return [film_id for name in names for film_id in held.get(name, ())[:EMBLEMS]]


def companions(query: Query, space: Space) -> tuple[Rows, Floats]:
    """Seeds and past likes, whose company counts: rows, and weights of length 1."""
    likes = {i: s for i, s in query.profile.likes.items() if i not in query.wants.like}
    known = [film_id for film_id in likes if film_id in space.catalogue]
    films = np.concatenate([query.seeds, space.rows(known)])
    weights = np.concatenate(
        [query.seed_weights, np.array([likes[i] for i in known], np.float32)]
    ).astype(np.float32)
    return films, weights / max(float(np.linalg.norm(weights)), 1e-9)


def retrieve(
    query: Query,
    space: Space,
    index: Index,
    held_back: frozenset[str] = frozenset(),
    only: frozenset[str] | None = None,
    crowd: Crowd | None = None,
) -> Candidates:
    """Allowed candidates from every source; ``crowd`` brings the company of seeds and past likes.

    ``held_back`` are ids not to show now (already shown); seeds, foes, and films the profile has
    seen or hidden never come back. ``only`` restricts to a set of ids.
    """
    near_one, near_two = space.near(query.seeds, query.seed_weights)
    found: list[tuple[str, Rows]] = []
    kinds = likeness_to(query, space, index)
    if query.vector is not None:
        hits = index.search(query.vector, TEXTS)
        found.append(("about", space.rows(list(dict.fromkeys(hit.film_id for hit in hits)))))
        found.append(("about", _best(kinds["synopsis"] + kinds["themes"], PER_SOURCE)))
        found.append(("about", _best(kinds["request"], PER_SOURCE // 2)))
        if "foretold" in kinds:
            found.append(("about", _best(kinds["foretold"], PER_SOURCE // 2)))
    if len(query.seeds):
        found.append(("neighbours", _best(near_one + near_two, PER_SOURCE)))
        centre = query.seed_weights @ index.film_vectors[query.seeds]
        found.append(("seed", _best(index.film_vectors @ centre, PER_SOURCE // 2)))
    for theme in query.wants.themes:
        ids = space.catalogue.by_theme.get(theme, ())
        found.append(("theme", space.rows(ids[:PER_SOURCE])))
    likes = query.profile.likes
    if likes:
        strongest = sorted(likes, key=lambda i: (-likes[i], i))[:30]
        rows = space.rows(strongest)
        strengths = np.array([likes[i] for i in strongest if i in space.catalogue], np.float32)
        one, two = space.near(rows, strengths)
        found.append(("profile", _best(one + two, PER_SOURCE // 2)))
    if crowd is not None:
        everywhere = crowd.company(*companions(query, space), np.arange(len(space)))
        found.append(("company", _best(everywhere, PER_SOURCE // 2)))
    free = _free(query, space, held_back, only)
    found.append(("popularity", np.flatnonzero(free)[:SLICE]))
    if query.wants.novelty > 0:
        found.append(("finds", _best(np.where(free, space.standing.unsung, 0), SLICE)))
    if query.wants.hit:
        reception = space.standing.reception(query.wants.hit, np.arange(len(space)))
        found.append(("reception", _best(np.where(free, reception, 0), SLICE)))
    fits = np.zeros(len(space), bool)
    fits[np.concatenate([rows for _, rows in found])] = True
    fits &= free
    films, limits = space.catalogue.films, query.wants.limits
    if limits.set_names():
        for row in np.flatnonzero(fits).tolist():
            fits[row] = limits.allow(films[row])
    kept = tuple((name, rows[fits[rows]]) for name, rows in found)
    return Candidates(np.flatnonzero(fits), kept, near_one, near_two, kinds)


def likeness_to(query: Query, space: Space, index: Index) -> Mapping[str, Floats]:
    """``Candidates.kinds`` of a query: looked at once, to find candidates and to score them."""
    if query.vector is None:
        return {}
    kinds = dict(index.similarity_by_kind(query.vector))
    if space.foretold is not None:
        kinds["foretold"] = space.foretold.likeness(query.vector)
    return kinds


def _free(
    query: Query, space: Space, held_back: frozenset[str], only: frozenset[str] | None
) -> npt.NDArray[np.bool_]:
    """(n,) False for films that are out of the question, or that a condition rules out."""
    wants, profile = query.wants, query.profile
    free = space.screen.possible(wants.limits) & (space.years <= int(query.as_of))
    for ids in (profile.seen, profile.hidden, held_back, wants.like, wants.unlike, wants.around):
        free[space.rows(list(ids))] = False
    if only is not None:
        kept = np.zeros(len(space), bool)
        kept[space.rows(list(only))] = True
        free &= kept
    return np.asarray(free)


def _best(scores: Floats, count: int) -> Rows:
    """Rows of the ``count`` highest positive scores."""
    if count >= len(scores):
        return np.flatnonzero(scores > 0)
    rows = np.argpartition(-scores, count)[:count]
    return np.asarray(rows[scores[rows] > 0], np.int64)
