"""Which token may come next: only what keeps the corpus's phrasing and can still meet the plan.

Every run of eleven tokens of a text must stand so in the corpus: a small model cannot lose its
grammar, nor end with a film's language what opened for its country. Looking ahead over those
runs, a token is offered only where some way on uses each demanded placeholder once, no other, and
reaches an end. Knows nothing of models. Next in the flow: ``generation`` draws among what is
offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt

CONTEXT = 5
"""Tokens before the next one in which a claim or a joint is looked for..."""
LONGEST_CONTEXT = 10
"""...and those that it must have followed somewhere in the corpus. Half as many, of which a space
before a placeholder is one, let "like X, it is" end in "funnier", and varied no more: what can be
recombined anywhere ends alike everywhere."""
TOKEN, PURPOSE = LONGEST_CONTEXT, LONGEST_CONTEXT + 1
"""Columns of what follows a context, and of the purpose it was said to."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""2**64 over the golden ratio, odd: multiplying by it spreads tokens over a key."""
Ids = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Ids1 = Sequence[int]
Left = frozenset[int]
"""What is still to be said: token ids of placeholders, and claims as numbers below zero."""
NOTHING = -100
MOST = 6
"""Things a plan demands or allows at most: with more, what may be left would not fit 64 bits."""
BARRED, ORDINARY = 0, 1
"""Kinds of edges; from 2 on those that say a thing, from 2 + ``MOST`` on those that claim one."""
Bits = npt.NDArray[np.uint64]
Kinds = npt.NDArray[np.uint8]
Offer = tuple[Ids, Ids, Ids]
"""Tokens, the states after them, and what of a ``Left`` each says (``NOTHING`` for most)."""


def write_phrasing(
    texts: Iterable[tuple[int, Ids1, Ids1]],
    tails: Iterable[tuple[int, int, Ids1]],
    path: Path,
) -> None:
    """Every token of the texts (each ends in the end token) after its context, once each.

    A text comes with its purpose's token and the ``CONTEXT`` tokens it begins from, a tail with
    the tokens of purpose and language. What of a text a tail may follow ends in its language's
    token in place of an end. The file holds (n, LONGEST_CONTEXT + 2) uint16, sorted: contexts
    filled up with 0 on the left, tokens, and the purpose each belongs to, for what is said to one
    purpose may be untrue for another.
    """
    runs: set[tuple[int, ...]] = set()
    ends = ((purpose, _tail_begin(tongue), text) for purpose, tongue, text in tails)
    for purpose, begin, text in (*texts, *ends):
        context = _wide(begin)
        for token in text:
            runs.add((*context[0].tolist(), token, purpose))
            context = _moved(context, np.array([token]))
    np.save(path, np.array(sorted(runs), np.uint16), allow_pickle=False)


def _moved(contexts: Ids, tokens: Ids) -> Ids:
    """(n, LONGEST_CONTEXT) contexts one token later."""
    return np.column_stack((contexts[:, 1:], tokens))  # (n, LONGEST_CONTEXT)


def _tail_begin(tongue: int) -> list[int]:
    """What stands before a tail's first token: tails do not care what they follow."""
    return [0] * (CONTEXT - 1) + [tongue]


class Phrasing:
    """The runs as a graph: a state is a few tokens, an edge the token after them."""

    def __init__(self, path: Path, end: int, tongues: Ids1) -> None:
        """``tongues``: the tokens of languages, which mark where a tail may follow. Raises
        ``ValueError`` or ``OSError`` where ``path`` holds no runs.
        """
        rows = np.load(path, allow_pickle=False).astype(np.int64)  # (n, LONGEST_CONTEXT + 2)
        if rows.ndim != 2 or rows.shape[1] != PURPOSE + 1:
            raise ValueError(f"{path} holds runs of another shape, {rows.shape}")
        mark = np.isin(rows[:, TOKEN], tongues) & (rows[:, -CONTEXT - 2] != 0)
        rows, marks = rows[~mark], rows[mark]
        before = _key(rows[:, :TOKEN], rows[:, PURPOSE])
        later = _moved(rows[:, :TOKEN], rows[:, TOKEN])
        after = _key(later, rows[:, PURPOSE])
        for tongue, purpose in product(tongues, np.unique(marks[:, PURPOSE])):
            # A tail's first tokens follow every state that is marked with its language.
            opening = _key(_wide(_tail_begin(tongue)), purpose)[0]
            first = np.flatnonzero(before == opening)
            chosen = marks[(marks[:, TOKEN] == tongue) & (marks[:, PURPOSE] == purpose)]
            joint = np.repeat(chosen, len(first), axis=0)  # (chosen * first, columns)
            joint[:, TOKEN] = np.tile(rows[first, TOKEN], len(chosen))
            rows = np.concatenate((rows, joint))
            before = np.concatenate((before, _key(joint[:, :TOKEN], purpose)))
            after = np.concatenate((after, np.tile(after[first], len(chosen))))
        states, source = np.unique(before, return_inverse=True)
        order = np.argsort(source, kind="stable")
        self.runs: Ids = rows[order, TOKEN - CONTEXT : TOKEN + 1]
        """(n, CONTEXT + 1): the tokens of every edge, the last the one it adds."""
        self._token: Ids = self.runs[:, CONTEXT]
        self._source: Ids = source[order]
        found = np.minimum(np.searchsorted(states, after[order]), len(states) - 1)
        lost = np.where(self._token == end, len(states), -1)
        self._target: Ids = np.where(states[found] == after[order], found, lost)
        """State after the edge: one more than there are after an end, -1 where none is known."""
        self._first: Ids = np.searchsorted(self._source, np.arange(len(states) + 1))
        self._back: Ids = np.argsort(self._target, kind="stable")
        self._into: Ids = np.searchsorted(self._target[self._back], np.arange(len(states) + 2))
        """Edges by the state they lead to: into ``s`` lead ``_back[_into[s] : _into[s + 1]]``."""
        self._end = end
        self._states = states
        self.lefts = _Lefts()

    def start(self, purpose: int, begin: Sequence[int]) -> int:
        """The state before the first token of a purpose's texts that begin from these tokens.

        Raises ``KeyError`` where the corpus holds no such text.
        """
        key = _key(_wide(begin), purpose)[0]
        found = int(np.searchsorted(self._states, key))
        if found == len(self._states) or self._states[found] != key:
            raise KeyError(f"no text begins with tokens {list(begin)}")
        return found

    def ways(
        self,
        start: int,
        needed: Left,
        optional: Left,
        usual: Flags,
        barred: Flags,
        making: Mapping[int, Flags],
        costing: Mapping[int, Flags],
    ) -> Ways:
        """The part of the graph that serves a plan whose texts begin at ``start``.

        ``usual``: (vocab,), its ordinary tokens; ``barred``: (n,), edges it must not take;
        ``making``: by claim, (n,), edges that make it, which ``needed`` demands as it does holes;
        ``costing``: (n,) again, edges that stand only where the id is still to be said.
        """
        items = sorted(needed | optional)
        if len(items) > MOST:
            raise ValueError(f"a plan of {len(items)} things; the corpus has none above {MOST}")
        plain = usual[self._token] | (self._token == self._end)
        kinds = np.where(plain, ORDINARY, BARRED).astype(np.uint8)
        for place, item in enumerate(items):
            if item in making:
                kinds[making[item] & (kinds == ORDINARY)] = 2 + MOST + place
            elif item in costing:
                kinds[costing[item] & (kinds == ORDINARY)] = 2 + place
            else:
                kinds[self._token == item] = 2 + place
        kinds[barred | (self._target < 0)] = BARRED
        kinds[~self._reached(start, kinds)] = BARRED
        alive = np.zeros(len(self._states) + 1, np.uint64)
        free = sum(1 << place for place, item in enumerate(items) if item in optional)
        alive[-1] = sum(1 << lefts for lefts in range(1 << len(items)) if lefts & ~free == 0)
        self._spread(alive, kinds)
        return Ways(self, alive, kinds, tuple(items))

    def _spread(self, alive: Bits, kinds: Kinds) -> None:
        """Mark, in place, from what lefts on each state has a way to an end; the last is given."""
        frontier = np.array([len(self._states)])
        while len(frontier):
            edges = self._back[_ranges(self._into, frontier)]
            edges = edges[kinds[edges] != BARRED]
            bits = self.lefts.before(alive[self._target[edges]], kinds[edges])
            source = self._source[edges]
            new = bits & ~alive[source] != 0
            np.bitwise_or.at(alive, source[new], bits[new])
            frontier = self._once(source[new])

    def _reached(self, start: int, kinds: Kinds) -> Flags:
        """(n,): edges that can be come to from ``start`` over edges that are not barred."""
        reached = np.zeros(len(self._states) + 1, bool)
        frontier = np.array([start])
        while len(frontier):
            reached[frontier] = True
            edges = _ranges(self._first, frontier[frontier < len(self._states)])
            targets = self._target[edges[kinds[edges] != BARRED]]
            frontier = self._once(targets[~reached[targets]])
        return reached[self._source]

    def _once(self, states: Ids) -> Ids:
        """The states without repeats: quicker than sorting."""
        marked = np.zeros(len(self._states) + 1, bool)
        marked[states] = True
        return np.flatnonzero(marked)

    def edges(self, state: int) -> tuple[slice, Ids, Ids]:
        """Where a state's edges stand, their tokens, and the states they lead to."""
        here = slice(int(self._first[state]), int(self._first[state + 1]))
        return here, self._token[here], self._target[here]


class Ways:
    """All ways through the phrasing that meet one plan."""

    def __init__(
        self, phrasing: Phrasing, alive: Bits, kinds: Kinds, items: tuple[int, ...]
    ) -> None:
        self._phrasing = phrasing
        self._alive = alive
        self._kinds = kinds
        self._items = items
        self._paid = np.array([NOTHING, NOTHING, *items, *[NOTHING] * (MOST - len(items)), *items])
        self.next = lru_cache(maxsize=1024)(self._next)
        """``next(state, left)``: what is on offer at ``state`` with ``left`` still to say."""

    def _next(self, state: int, left: Left) -> Offer:
        here, token, target = self._phrasing.edges(state)
        kinds = self._kinds[here]
        owed = sum(1 << place for place, item in enumerate(self._items) if item in left)
        ok = (
            self._phrasing.lefts.before(self._alive[target], kinds) >> np.uint64(owed)
            & np.uint64(1)
            != 0
        )
        paid = self._paid[kinds]
        # quicker than np.isin for so few
        paid[~(paid[:, None] == np.array([*left], np.int64)).any(1)] = NOTHING  # (edges,)
        return token[ok], target[ok], paid[ok]


class _Lefts:
    """What may be left to say, as bits: number ``n`` stands for the things that are bits of ``n``.

    By kind of edge: the lefts it can add its thing to, by how much that moves their number, and
    the lefts it leaves as they are (a claim already made may be made again, a placeholder not).
    """

    def __init__(self) -> None:
        every = range(MOST)
        without = [sum(1 << n for n in range(1 << MOST) if not n >> i & 1) for i in every]
        shift = [1 << i for i in every]
        self._without: Bits = np.array([0, 0, *without, *without], np.uint64)
        self._shift: Bits = np.array([0, 0, *shift, *shift], np.uint64)
        self._free: Bits = np.array([0, 2**64 - 1, *[0] * MOST, *without], np.uint64)

    def before(self, bits: Bits, kinds: Kinds) -> Bits:
        """What may be left before edges of these kinds, where ``bits`` may be left after them."""
        without = bits & self._without[kinds]
        return without << self._shift[kinds] | bits & self._free[kinds]


def _ranges(first: Ids, chosen: Ids) -> Ids:
    """Every number from ``first[c]`` up to ``first[c + 1]``, for each ``c`` of ``chosen``."""
    counts = first[chosen + 1] - first[chosen]
    skipped = np.concatenate(([0], counts.cumsum()[:-1])) if len(counts) else counts
    starts = np.repeat(first[chosen] - skipped, counts)
    return np.arange(len(starts)) + starts


def _wide(context: Ids1) -> Ids:
    """(1, LONGEST_CONTEXT): one context, filled up."""
    return np.array([[0] * (LONGEST_CONTEXT - len(context)) + [*context]], np.int64)


def _key(contexts: Ids, purpose: Ids | int) -> npt.NDArray[np.uint64]:
    """(n, LONGEST_CONTEXT) contexts and their purposes, (n,), as one number a row: a hash, by
    which two of some 40,000 contexts coincide once in ten billion corpora."""
    key = np.full(len(contexts), purpose, np.uint64)
    for place in range(LONGEST_CONTEXT):
        key = (key + contexts[:, place].astype(np.uint64) + np.uint64(1)) * _FACTOR
        key ^= key >> np.uint64(29)
    return key
