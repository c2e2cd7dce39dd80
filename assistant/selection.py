"""The films a turn shows: a new list, the old one mended, or what somebody describes.

One path from wants to picks for every door: query, candidates, ranking. Also judges films that
are not shown, for why and why-not, and finds the question that splits the candidates best. Knows
nothing of words or storage. Next in the flow: ``speech`` introduces the list, ``explanation``
gives the reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from assistant.asking import ASKED_OF, Question, best_question
from assistant.catalogue import Catalogue
from assistant.chips import Chip, without_chip
from assistant.conversation import LISTING, Conversation
from assistant.crowd import Crowd
from assistant.history import Profile
from assistant.index import Index
from assistant.parsing.request import Act, Request, Wants
from assistant.ranking import Pick, rank, score_of
from assistant.recall import Guess, Recall
from assistant.retrieval import Candidates, Query, make_query, retrieve
from assistant.space import Floats, Space
from assistant.weights import Ranker

JUDGED = 300
"""Films ranked to tell a film's place: beyond it a place is told as "below 300"."""
GUESSES = 6
"""Films kept as readings of a description: nobody says "no" more often."""
_FAR_GUESSES = 1
_LEADING = 3
"""Films found by a description that may lead a list of others."""
_FREED = 50
"""Films looked for when a condition is dropped on trial: enough to compare conditions."""
_PAIRS_OF = 5
"""Conditions tried two at a time where dropping one frees nothing."""


@dataclass(frozen=True)
class Selector:
    """Everything films are chosen with; a value once made."""

    catalogue: Catalogue
    space: Space
    index: Index
    encode: Callable[[Sequence[str]], Floats]
    """Texts to (n, dim) unit rows."""
    ranker: Ranker
    crowd: Crowd | None
    """What other people's lists taught this installation; None where nothing did."""
    recall: Callable[[], Recall]
    """Made when first needed: it reads every film's texts."""
    count: int
    """Films in a list where nobody says how many."""
    seed: int

    def recommend(
        self,
        wants: Wants,
        taste: Profile,
        *,
        count: int,
        as_of: float,
        held_back: frozenset[str] = frozenset(),
        only: frozenset[str] | None = None,
    ) -> tuple[Query, tuple[Pick, ...]]:
        """The query made of ``wants``, and the best ``count`` picks for it, best first.

        ``held_back`` ids were shown before and are not shown now; ``only`` restricts to a set of
        ids; films of years after ``as_of`` do not exist yet.
        """
        query, candidates = self.candidates(wants, taste, as_of, held_back, only)
        picks = rank(
            query,
            candidates,
            self.space,
            self.index,
            self.ranker,
            count,
            self.seed,
            sorted(held_back),
            self.crowd,
        )
        return query, picks

    def candidates(
        self,
        wants: Wants,
        taste: Profile,
        as_of: float,
        held_back: frozenset[str] = frozenset(),
        only: frozenset[str] | None = None,
    ) -> tuple[Query, Candidates]:
        """The query made of ``wants`` and every film worth scoring for it."""
        query = make_query(wants, taste, self.space, self.encode, as_of)
        return query, retrieve(query, self.space, self.index, held_back, only, self.crowd)

    def list_for(
        self,
        request: Request,
        before: Conversation,
        after: Conversation,
        taste: Profile,
        as_of: float,
        *,
        went_back: bool,
    ) -> tuple[Pick, ...]:
        """The list this turn shows: a new one, the old one mended, or none.

        ``went_back`` where an undo returned to earlier wants. What a description may mean makes
        the list or leads it.
        """
        count = after.wants.count or self.count
        if {Act.GUESS, Act.DENY} & set(request.acts):
            return self._scored(after.guesses[:count], after.wants, taste, as_of)
        if LISTING & set(request.acts):
            held = after.offered if Act.MORE in request.acts else frozenset[str]()
            return self._led(after.guesses[:_LEADING], after.wants, taste, as_of, count, held)
        if went_back and after.shown:
            return self.recommend(after.wants, taste, count=len(after.shown), as_of=as_of)[1]
        gone = taste.seen | taste.hidden
        if gone.isdisjoint(before.shown) or Act.RESET in request.acts:
            return ()
        # Where the newest conditions emptied a list, the films still on screen may break them.
        allow = after.wants.limits.allow
        kept = [i for i in before.shown if i not in gone and allow(self.catalogue[i])]
        missing = len(before.shown) - len(kept)
        held_back = after.offered | frozenset(before.shown)
        query, fresh = self.recommend(
            after.wants, taste, count=missing, as_of=as_of, held_back=held_back
        )
        new = list(fresh)
        return tuple(
            self.score(film_id, query) if film_id in kept else new.pop(0)
            for film_id in before.shown
            if film_id in kept or new
        )

    def guesses(self, described: str, wants: Wants, wrong: Sequence[str] = ()) -> tuple[Guess, ...]:
        """Films a description may mean, likeliest first, without the ids in ``wrong``; those
        already seen count too. Only the first need not have much of the description."""
        query = ". ".join(text for text in (wants.about, ", ".join(wants.themes)) if text)
        kinds = self.index.similarity_by_kind(self.encode([query or described])[0])
        likeness = np.maximum.reduce(list(kinds.values()))
        limits = replace(wants.limits, exclude=wants.limits.exclude.union(wrong))
        found = self.recall().find(described, likeness, limits, GUESSES)
        return tuple(g for place, g in enumerate(found) if g.near or place < _FAR_GUESSES)

    def judge(
        self, wants: Wants, taste: Profile, as_of: float
    ) -> Callable[[str], tuple[Pick, int]]:
        """For why and why-not: a film's pick and its place among all that fit, computed now."""

        def judge(film_id: str) -> tuple[Pick, int]:
            query, picks = self.recommend(wants, taste, count=JUDGED, as_of=as_of)
            pick = self.score(film_id, query)
            return pick, 1 + sum(other.score > pick.score for other in picks)

        return judge

    def question(
        self, wants: Wants, taste: Profile, as_of: float, asked: Sequence[str]
    ) -> Question | None:
        """What to ask back: the property that splits the films that fit best."""
        picks = self.recommend(wants, taste, count=ASKED_OF, as_of=as_of)[1]
        films = [pick.film for pick in picks]
        return best_question(films, self.space.mean_tone, wants, asked)

    def emptied(
        self, wants: Wants, chips: Sequence[Chip], taste: Profile, as_of: float
    ) -> tuple[tuple[str, ...], ...]:
        """What to drop so that films fit again, most freeing first: labels of one condition each,
        or of two where one alone frees nothing."""
        hard = [chip for chip in chips if without_chip(wants, chip.key).limits != wants.limits]
        for size, tried in ((1, hard), (2, hard[:_PAIRS_OF])):
            freed = []
            for some in combinations(tried, size):
                left = wants
                for chip in some:
                    left = without_chip(left, chip.key)
                count = len(self.recommend(left, taste, count=_FREED, as_of=as_of)[1])
                freed.append((-count, tuple(chip.label for chip in some)))
            if any(count for count, _ in freed):
                return tuple(labels for count, labels in sorted(freed) if count)
        return ()

    def score(self, film_id: str, query: Query) -> Pick:
        """One film scored for a query, whether or not it fits."""
        film = self.catalogue[film_id]
        return score_of(film, query, self.space, self.index, self.ranker, self.seed, self.crowd)

    def _scored(
        self, ids: Sequence[str], wants: Wants, taste: Profile, as_of: float
    ) -> tuple[Pick, ...]:
        query = make_query(wants, taste, self.space, self.encode, as_of)
        return tuple(self.score(film_id, query) for film_id in ids)

    def _led(
        self,
        guesses: Sequence[str],
        wants: Wants,
        taste: Profile,
        as_of: float,
        count: int,
        held_back: frozenset[str],
    ) -> tuple[Pick, ...]:
        """A list that a guess leads, where there is one that may be shown."""
        gone = taste.seen | taste.hidden | held_back
        lead = [film_id for film_id in guesses if film_id not in gone]
        query, picks = self.recommend(wants, taste, count=count, as_of=as_of, held_back=held_back)
        rest = [pick for pick in picks if pick.film.id not in lead]
        return (*(self.score(film_id, query) for film_id in lead), *rest)[:count]
