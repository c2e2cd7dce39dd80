"""Which token may come next: only what keeps the corpus's phrasing and can still meet the plan.

Every run of six tokens of a text must stand so in the corpus: a small model cannot lose its
grammar. Looking ahead over those runs, a token is offered only where some way on uses each
demanded placeholder once, no other, and reaches an end. Knows nothing of models. Next in the
flow: ``generation`` draws among what is offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt

CONTEXT = 5
"""Tokens that the next one must have followed somewhere in the corpus; six would not fit a key."""
_BASE = 1 << 12
Ids = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Ids1 = Sequence[int]
Left = frozenset[int]
"""What is still to be said: token ids of placeholders, and claims as numbers below zero."""
NOTHING = -100
Offer = tuple[Ids, Ids, Ids]
"""Tokens, the states after them, and what of a ``Left`` each says (``NOTHING`` for most)."""


def write_phrasing(
    texts: Iterable[tuple[Ids1, Ids1]], tails: Iterable[tuple[int, Ids1]], path: Path
) -> None:
    """Every run of ``CONTEXT + 1`` tokens in the texts (each ends in the end token), once each.

    A text comes with the ``CONTEXT`` tokens it begins from, a tail with its language's token. What
    of a text a tail may follow ends in that token in place of an end. The file holds
    (n, CONTEXT + 1) uint16, sorted.
    """
    runs: set[tuple[int, ...]] = set()
    for begin, text in (*texts, *((_tail_begin(tongue), text) for tongue, text in tails)):
        tokens = [*begin, *text]
        runs.update(tuple(tokens[k : k + CONTEXT + 1]) for k in range(len(tokens) - CONTEXT))
    np.save(path, np.array(sorted(runs), np.uint16), allow_pickle=False)


def _tail_begin(tongue: int) -> list[int]:
    """What stands before a tail's first token: tails do not care what they follow."""
    return [0] * (CONTEXT - 1) + [tongue]


class Phrasing:
    """The runs as a graph: a state is a few tokens, an edge the token after them."""

    def __init__(self, path: Path, end: int, tongues: Ids1) -> None:
        """``tongues``: the tokens of languages, which mark where a tail may follow.

        Raises ``ValueError`` or ``OSError`` where ``path`` holds no runs.
        """
        rows = np.load(path, allow_pickle=False).astype(np.int64)  # (n, CONTEXT + 1)
        mark = np.isin(rows[:, CONTEXT], tongues) & ~np.isin(rows[:, 0], [0])
        rows, marks = rows[~mark], rows[mark]
        before, after = _key(rows[:, :CONTEXT]), _key(rows[:, 1:])
        for tongue in tongues:
            # A tail's first tokens follow every state that is marked with its language.
            first = rows[before == _key(np.array([_tail_begin(tongue)]))[0]]
            here = marks[marks[:, CONTEXT] == tongue][:, :CONTEXT]
            joint = np.repeat(here, len(first), axis=0)  # (here * first, CONTEXT)
            added = np.tile(first, (len(here), 1))  # (here * first, CONTEXT + 1)
            rows = np.concatenate((rows, np.column_stack((joint, added[:, CONTEXT]))))
            before = np.concatenate((before, _key(joint)))
            after = np.concatenate((after, _key(added[:, 1:])))
        states, source = np.unique(before, return_inverse=True)
        order = np.argsort(source, kind="stable")
        self.runs: Ids = rows[order]
        """(n, CONTEXT + 1): the tokens of every edge, the last the one it adds."""
        self._token: Ids = self.runs[:, CONTEXT]
        self._source: Ids = source[order]
        found = np.minimum(np.searchsorted(states, after[order]), len(states) - 1)
        self._target: Ids = np.where(states[found] == after[order], found, -1)
        """State after the edge; -1 after an end."""
        self._first: Ids = np.searchsorted(self._source, np.arange(len(states) + 1))
        self._end = end
        self._states: Ids = states

    def start(self, begin: Sequence[int]) -> int:
        """The state before the first token of texts that begin from these ``CONTEXT`` tokens.

        Raises ``KeyError`` where the corpus holds no such text.
        """
        key = _key(np.array([begin], np.int64))[0]
        found = int(np.searchsorted(self._states, key))
        if found == len(self._states) or self._states[found] != key:
            raise KeyError(f"no text begins with tokens {list(begin)}")
        return found

    def ways(
        self,
        needed: Left,
        optional: Left,
        usual: Flags,
        barred: Flags,
        making: Mapping[int, Flags],
    ) -> Ways:
        """The part of the graph that serves a plan.

        ``usual``: (vocab,), its ordinary tokens; ``barred``: (n,), edges it must not take;
        ``making``: by claim, (n,), edges that make it, which ``needed`` demands as it does holes.
        """
        alive: dict[Left, Flags] = {}
        everything = sorted(needed | optional)
        open_edges = (self._target >= 0) & ~barred
        ordinary = usual[self._token] & open_edges
        steps: dict[Left, tuple[Ids, Ids]] = {}
        for size in range(len(everything) + 1):
            for chosen in combinations(everything, size):
                left = frozenset(chosen)
                unsaid = left.intersection(making)
                if unsaid not in steps:
                    plain = ordinary.copy()
                    for claim in unsaid:
                        plain &= ~making[claim]
                    steps[unsaid] = self._backwards(plain)
                good = np.zeros(len(self._first) - 1, bool)
                if left <= optional:
                    good[self._source[self._token == self._end]] = True
                for hole in left:
                    made = making[hole] & ordinary if hole in making else self._token == hole
                    edges = made & open_edges
                    lead_on = alive[left - {hole}][self._target[edges]]
                    good[self._source[edges][lead_on]] = True
                _spread(good, *steps[unsaid])
                alive[left] = good
        return Ways(self, alive, optional, ordinary, making)

    def _backwards(self, edges: Flags) -> tuple[Ids, Ids]:
        """Sources of those edges ordered by their targets, and where each target's begin."""
        back = np.argsort(self._target[edges], kind="stable")
        into, out_of = self._target[edges][back], self._source[edges][back]
        return out_of, np.searchsorted(into, np.arange(len(self._first)))

    def edges(self, state: int) -> tuple[slice, Ids, Ids]:
        """Where a state's edges stand, their tokens, and the states they lead to."""
        here = slice(int(self._first[state]), int(self._first[state + 1]))
        return here, self._token[here], self._target[here]

    @property
    def end(self) -> int:
        """Id of the end token."""
        return self._end


class Ways:
    """All ways through the phrasing that meet one plan."""

    def __init__(
        self,
        phrasing: Phrasing,
        alive: Mapping[Left, Flags],
        optional: Left,
        ordinary: Flags,
        making: Mapping[int, Flags],
    ) -> None:
        self._phrasing = phrasing
        self._alive = alive
        self._optional = optional
        self._ordinary = ordinary
        self._making = making

    def next(self, state: int, left: Left) -> Offer:
        """Tokens on offer at ``state`` with ``left`` still to use, and what each leads to."""
        here, token, target = self._phrasing.edges(state)
        paid = np.full(len(token), NOTHING, np.int64)
        ok = self._ordinary[here] & self._alive[left][target]
        for claim in left.intersection(self._making):
            made = self._making[claim][here] & self._ordinary[here]
            paid[made] = claim
            ok = np.where(made, self._alive[left - {claim}][target], ok)
        for hole in left.difference(self._making):
            here_hole = (token == hole) & (target >= 0)
            paid[here_hole] = hole
            ok |= here_hole & self._alive[left - {hole}][target]
        if left <= self._optional:
            ok |= token == self._phrasing.end
        return token[ok], target[ok], paid[ok]


def _key(tokens: Ids) -> Ids:
    """(n, CONTEXT) token ids as one number a row."""
    key = np.zeros(len(tokens), np.int64)
    for place in range(CONTEXT):
        key = key * _BASE + tokens[:, place]
    return key


def _spread(good: Flags, out_of: Ids, first: Ids) -> None:
    """Mark, in place, every state from which ordinary edges lead to a marked one."""
    frontier = np.flatnonzero(good)
    while len(frontier):
        counts = first[frontier + 1] - first[frontier]
        starts = np.repeat(first[frontier] - np.concatenate(([0], counts.cumsum()[:-1])), counts)
        sources = out_of[starts + np.arange(len(starts))]
        frontier = np.unique(sources[~good[sources]])
        good[frontier] = True
