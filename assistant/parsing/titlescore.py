"""How likely words are a film's title, from what speaks for and against it: a sum of small trees.

The trees are data (``title_trees.json``), grown by ``training_titles`` on conversations; nothing
is read from a message here. Next in the flow: ``evidence`` gathers the signals it weighs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import DataError
from assistant.parsing.commonness import read_object

Signals = dict[str, float]
"""Values by signal: mostly 1; a signal that is absent is 0."""
Tree = tuple[tuple[str, float, int, int], ...]
"""Nodes (signal, at most, place if so, place if not), the root first; a leaf has an empty signal
and its worth in nats in the second field."""


@dataclass(frozen=True)
class TitleScore:
    """Trees whose leaves add up to log odds."""

    bias: float
    """Nats."""
    trees: tuple[Tree, ...]

    def bits(self, signals: Mapping[str, float]) -> float:
        """Binary log odds that words with these signals are a title; 0 is as likely as not."""
        total = self.bias
        for tree in self.trees:
            name, at, yes, no = tree[0]
            while name:
                name, at, yes, no = tree[yes if signals.get(name, 0.0) <= at else no]
            total += at
        return total / math.log(2)


def read_score(path: Path) -> TitleScore:
    """The trees in a JSON file; raises ``DataError``."""
    record = read_object(path)
    try:
        trees = tuple(tuple(map(_node, tree)) for tree in record["trees"])
        return TitleScore(float(record["bias"]), trees)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path}: {error!r}") from None


def _node(node: Sequence[object]) -> tuple[str, float, int, int]:
    name, at, yes, no = node
    return str(name), float(str(at)), int(str(yes)), int(str(no))
