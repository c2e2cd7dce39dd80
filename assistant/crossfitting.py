"""Lists by weights and company learned from other conversations than the one at hand.

Conversations are dealt into folds. For each fold, what people bring up together and the weights
are learned from the others; while the weights are learned, each conversation in turn sees a crowd
that it is no part of, so that no case ever counts itself. Knows nothing of how lists are judged.
Next in the flow: ``evaluation`` reports them; ``matinee train ranker`` keeps the weights.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from assistant.catalogue import Catalogue
from assistant.crowd import Crowd, fit_crowd
from assistant.fitting import Example, fit_weights
from assistant.ranking import choose
from assistant.retrieval import Candidates, Query
from assistant.scoring import PARTS, columns, crowd_columns
from assistant.selection import Selector
from assistant.space import Floats, Rows
from assistant.weights import Ranker

FOLDS = 10
RIVALS = 600
"""Films not chosen that a list teaches from: the best by the weights so far. Those far below teach
nothing and cost time."""
_OFTEN, _COMPANY = PARTS.index("often"), PARTS.index("company")


@dataclass(frozen=True)
class Sheet:
    """The candidates of one case, scored but for the crowd."""

    conversation: str
    query: Query
    rows: Rows
    """(m,) rows of the catalogue."""
    columns: Floats
    """(m, len(PARTS)) in the order of ``PARTS``; "often" and "company" are 0."""
    targets: frozenset[int]
    """Rows the person recommended next: read when weights are learned, never for its own list."""
    gone: frozenset[int]
    """Rows named before, which no list may repeat."""


def sheet_of(
    conversation: str,
    query: Query,
    candidates: Candidates,
    selector: Selector,
    targets: Sequence[str],
    named: Sequence[str],
) -> Sheet:
    """The sheet of a case; ids the catalogue lacks are left out."""
    parts = columns(query, candidates, selector.space, selector.index, selector.seed)
    row = selector.catalogue.row
    return Sheet(
        conversation,
        query,
        candidates.rows,
        np.stack([parts[name] for name in PARTS], axis=1),
        frozenset(row[i] for i in targets if i in row),
        frozenset(row[i] for i in named if i in row),
    )


def listed(
    sheet: Sheet, ranker: Ranker, crowd: Crowd | None, selector: Selector, count: int
) -> list[str]:
    """Ids of the list ``Selector.recommend`` would give with this ranker and crowd, best first."""
    table = sheet.columns if crowd is None else _with_crowd(sheet, crowd, selector)
    weights = ranker.weights_for(sheet.query)
    scores = table @ np.array([weights[name] for name in PARTS], np.float32)
    space, index = selector.space, selector.index
    chosen = choose(scores, sheet.rows, space, index, ranker.variety_for(sheet.query), count)
    return [space.catalogue.films[int(sheet.rows[place])].id for place in chosen]


class CrossFit:
    """Weights and crowds by fold, learned when first asked for."""

    def __init__(self, sheets: Sequence[Sheet], selector: Selector, folds: int = FOLDS) -> None:
        self.sheets = sheets
        """As given."""
        self._selector = selector
        self._folds = folds
        self._spoken = _spoken(sheets, selector.catalogue)
        self._crowd = lru_cache(maxsize=folds * folds)(self._crowd_without)
        self._ranker = lru_cache(maxsize=folds)(self._ranker_without)

    def fold(self, sheet: Sheet) -> int:
        """The fold of the sheet's conversation."""
        return zlib.crc32(sheet.conversation.encode()) % self._folds

    def crowd(self, fold: int) -> Crowd:
        """What every conversation outside ``fold`` taught."""
        return self._crowd(fold, fold)

    def ranker(self, fold: int) -> Ranker:
        """The weights learned from every conversation outside ``fold``."""
        return self._ranker(fold)

    def best(self, sheet: Sheet, count: int) -> list[str]:
        """Ids of the list for a sheet, by what the other folds taught, best first."""
        fold = self.fold(sheet)
        return listed(sheet, self._ranker(fold), self._crowd(fold, fold), self._selector, count)

    def whole_ranker(self, trained_on: str) -> Ranker:
        """The weights learned from every sheet, each seeing the crowd of the other folds.

        For an installation that learns from its own conversations; what is reported comes from
        ``best`` alone.
        """
        examples = []
        for sheet in self.sheets:
            examples += _example(sheet, self.crowd(self.fold(sheet)), self._selector)
        weights = fit_weights(examples, self._selector.ranker.weights)
        return replace(self._selector.ranker, weights=weights, trained_on=trained_on)

    def whole_crowd(self) -> Crowd:
        """What every conversation taught."""
        return fit_crowd(self._spoken.values(), self._selector.catalogue)

    def _ranker_without(self, fold: int) -> Ranker:
        examples = []
        for sheet in self.sheets:
            if self.fold(sheet) != fold:
                pair = sorted((fold, self.fold(sheet)))
                examples += _example(sheet, self._crowd(*pair), self._selector)
        weights = fit_weights(examples, self._selector.ranker.weights)
        told = f"{len(examples)} lists of other conversations"
        return replace(self._selector.ranker, weights=weights, trained_on=told)

    def _crowd_without(self, one: int, other: int) -> Crowd:
        kept = [
            films
            for conversation, films in self._spoken.items()
            if zlib.crc32(conversation.encode()) % self._folds not in (one, other)
        ]
        return fit_crowd(kept, self._selector.catalogue)


def _spoken(sheets: Sequence[Sheet], catalogue: Catalogue) -> Mapping[str, Sequence[str]]:
    """Every film of each conversation, by whomever and whenever it was brought up."""
    spoken: dict[str, set[int]] = {}
    for sheet in sheets:
        spoken.setdefault(sheet.conversation, set()).update(sheet.targets | sheet.gone)
    return {
        conversation: [catalogue.films[row].id for row in sorted(rows)]
        for conversation, rows in spoken.items()
    }


def _example(sheet: Sheet, crowd: Crowd, selector: Selector) -> list[Example]:
    """What a sheet teaches; nothing where no candidate was chosen."""
    free = ~np.isin(sheet.rows, list(sheet.gone))
    chosen = np.isin(sheet.rows, list(sheet.targets)) & free
    if not chosen.any():
        return []
    shares = selector.ranker.shares(sheet.query)
    table = _with_crowd(sheet, crowd, selector)
    table *= np.array([shares[name] for name in PARTS], np.float32)
    scores = table @ np.array([selector.ranker.weights[name] for name in PARTS], np.float32)
    rivals = np.where(free & ~chosen, scores, -np.inf)
    kept = chosen.copy()
    kept[np.argsort(-rivals, kind="stable")[: min(RIVALS, int((free & ~chosen).sum()))]] = True
    return [Example(table[kept], chosen[kept])]


def _with_crowd(sheet: Sheet, crowd: Crowd, selector: Selector) -> Floats:
    """(m, len(PARTS)) float32, the crowd's columns filled in."""
    table = sheet.columns.copy()
    taught = crowd_columns(sheet.query, crowd, selector.space, sheet.rows)
    table[:, _OFTEN], table[:, _COMPANY] = taught["often"], taught["company"]
    return table
