"""How much each part of a score counts: weights from a file, and shares of them where nothing is
asked.

Beside a wish every part counts with its whole weight. Where nothing was asked, what the person
liked is the best there is to go by, and how much that is depends on how much they liked: shares
are kept for several strengths of likes, and lie between them for others. No share is above 1, so
that films hardly gain where a wish is dropped. Knows nothing of columns or order. Next in the
flow: ``ranking`` weighs with it; ``weighing`` learns it from people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from assistant.errors import DataError
from assistant.retrieval import Query
from assistant.scoring import PARTS

VARIETY = "variety"
"""The name of variety's share beside those of the parts."""


@dataclass(frozen=True)
class Unasked:
    """What counts where nothing was asked, for somebody who told so much of their taste."""

    likes: float
    """Strength of likes, summed (``Profile.likes``), from 0."""
    shares: Mapping[str, float]
    """0-1, by part or ``VARIETY``: how much of its weight counts; all of it for those not named."""


@dataclass(frozen=True)
class Ranker:
    """Weights by part name, what counts where nothing is asked, and how strongly a list avoids
    repeating itself."""

    weights: Mapping[str, float]
    variety: float
    """0-1, what a film loses by being like one already picked (MMR's 1 - lambda)."""
    trained_on: str
    unasked: tuple[Unasked, ...] = ()
    """By ``likes``, fewest first; where empty, everything counts wholly."""

    def shares(self, query: Query) -> dict[str, float]:
        """How much of its weight each part, and ``VARIETY``, counts for this query, 0-1.

        A surprise wished for brings every share that much nearer to the whole.
        """
        if query.asks:
            return dict.fromkeys((*PARTS, VARIETY), 1.0)
        surprise = max(query.wants.novelty, 0.0)
        alone = self.shares_after(sum(query.profile.likes.values()))
        return {name: share + (1.0 - share) * surprise for name, share in alone.items()}

    def shares_after(self, likes: float) -> dict[str, float]:
        """The shares where nothing is asked of somebody whose likes have this strength, summed:
        linear in its logarithm between those kept, beyond them as at the end."""
        if not self.unasked:
            return dict.fromkeys((*PARTS, VARIETY), 1.0)
        known = np.log1p([one.likes for one in self.unasked])
        return {
            name: float(
                np.interp(np.log1p(likes), known, [u.shares.get(name, 1.0) for u in self.unasked])
            )
            for name in (*PARTS, VARIETY)
        }

    def weights_for(self, query: Query) -> dict[str, float]:
        """What each part counts for this query."""
        shares = self.shares(query)
        return {name: self.weights[name] * shares[name] for name in PARTS}

    def variety_for(self, query: Query) -> float:
        """How strongly the list for this query avoids repeating itself, 0-1."""
        return self.variety * self.shares(query)[VARIETY]


def load_ranker(path: Path) -> Ranker:
    """The ranker in ``path``; raises ``DataError`` for a missing file, part, weight or share."""
    try:
        record = orjson.loads(path.read_bytes())
        weights = {name: float(record["weights"][name]) for name in PARTS}
        _refuse_unknown(record["weights"], PARTS, path)
        unasked = tuple(_unasked(one, path) for one in record["unasked"])
        told = str(record["trained_on"])
        return Ranker(weights, float(record["variety"]), told, _by_likes(unasked))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"cannot read {path} ({error!r}); restore it, or remove it where it is in the home "
            "folder and run 'matinee train taste' again"
        ) from error


def save_ranker(ranker: Ranker, path: Path) -> None:
    """Write what ``load_ranker`` reads."""
    record = {
        "weights": dict(ranker.weights),
        "unasked": [{"likes": u.likes, "shares": dict(u.shares)} for u in ranker.unasked],
        "variety": ranker.variety,
        "trained_on": ranker.trained_on,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(orjson.dumps(record, option=orjson.OPT_INDENT_2) + b"\n")
    beside.replace(path)


def _unasked(record: Mapping[str, object], path: Path) -> Unasked:
    shares = {str(name): float(share) for name, share in dict(record["shares"]).items()}  # type: ignore[call-overload]  # what is no mapping raises TypeError
    _refuse_unknown(shares, (*PARTS, VARIETY), path)
    wrong = [name for name, share in shares.items() if not 0.0 <= share <= 1.0]
    if wrong:
        raise DataError(f"{path}: the share of {wrong[0]!r} is not between 0 and 1")
    return Unasked(float(str(record["likes"])), shares)


def _by_likes(unasked: Sequence[Unasked]) -> tuple[Unasked, ...]:
    return tuple(sorted(unasked, key=lambda one: one.likes))


def _refuse_unknown(named: Mapping[str, object], known: Sequence[str], path: Path) -> None:
    extra = sorted(set(named) - set(known))
    if extra:
        raise DataError(f"{path} weighs an unknown part {extra[0]!r}")
