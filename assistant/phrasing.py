"""Which token may come next: only what keeps the corpus's phrasing and can still meet the plan.

Every run of five tokens of a text must stand so in the corpus: a small model cannot lose its
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

CONTEXT = 4
"""Tokens that the next one must have followed somewhere in the corpus."""
_BASE = 1 << 12
Ids = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Left = frozenset[int]
"""Token ids of placeholders still to be used."""


def write_phrasing(texts: Iterable[Sequence[int]], say: int, path: Path) -> None:
    """Every run of ``CONTEXT + 1`` tokens in the texts (each ends in the end token), once each.

    Texts start from ``CONTEXT`` times ``say``. The file holds (n, CONTEXT + 1) uint16, sorted.
    """
    runs: set[tuple[int, ...]] = set()
    for text in texts:
        tokens = [say] * CONTEXT + list(text)
        runs.update(tuple(tokens[k : k + CONTEXT + 1]) for k in range(len(tokens) - CONTEXT))
    np.save(path, np.array(sorted(runs), np.uint16), allow_pickle=False)


class Phrasing:
    """The runs as a graph: a state is a few tokens, an edge the token after them."""

    def __init__(self, path: Path, say: int, end: int) -> None:
        """Raises ``ValueError`` or ``OSError`` where ``path`` holds no runs."""
        rows = np.load(path, allow_pickle=False).astype(np.int64)  # (n, CONTEXT + 1)
        before, after = _key(rows[:, :CONTEXT]), _key(rows[:, 1:])
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
        self.start = int(np.searchsorted(states, _key(np.full((1, CONTEXT), say))[0]))
        """The state before the first token."""

    def ways(self, needed: Left, optional: Left, usual: Flags, barred: Flags) -> Ways:
        """The part of the graph that serves a plan.

        ``usual``: (vocab,), its ordinary tokens; ``barred``: (n,), edges it must not take.
        """
        alive: dict[Left, Flags] = {}
        everything = sorted(needed | optional)
        open_edges = (self._target >= 0) & ~barred
        ordinary = usual[self._token] & open_edges
        back = np.argsort(self._target[ordinary], kind="stable")
        into, out_of = self._target[ordinary][back], self._source[ordinary][back]
        first = np.searchsorted(into, np.arange(len(self._first)))
        for size in range(len(everything) + 1):
            for chosen in combinations(everything, size):
                left = frozenset(chosen)
                good = np.zeros(len(self._first) - 1, bool)
                if left <= optional:
                    good[self._source[self._token == self._end]] = True
                for hole in left:
                    edges = (self._token == hole) & open_edges
                    lead_on = alive[left - {hole}][self._target[edges]]
                    good[self._source[edges][lead_on]] = True
                _spread(good, out_of, first)
                alive[left] = good
        return Ways(self, alive, optional, ordinary)

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
        self, phrasing: Phrasing, alive: Mapping[Left, Flags], optional: Left, ordinary: Flags
    ) -> None:
        self._phrasing = phrasing
        self._alive = alive
        self._optional = optional
        self._ordinary = ordinary

    def next(self, state: int, left: Left) -> tuple[Ids, Ids]:
        """Tokens on offer at ``state`` with ``left`` still to use, and the states after them."""
        here, token, target = self._phrasing.edges(state)
        ok = self._ordinary[here] & self._alive[left][target]
        for hole in left:
            ok |= (token == hole) & (target >= 0) & self._alive[left - {hole}][target]
        if left <= self._optional:
            ok |= token == self._phrasing.end
        return token[ok], target[ok]


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
