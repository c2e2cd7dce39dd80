"""What texts around a new one have said, so that it says it otherwise.

How they open is taken; a run of words that was heard is less likely to be drawn again; of several
drafts the one is kept that repeats least. Knows nothing of plans or models. Next in the flow:
``generation`` listens while it draws.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from assistant.phrasing import Ids, Ids1

SHARES = (0.7, 0.35, 0.15)
"""What is left of a token's chance where it makes a run of two, three or four tokens that was
heard (compared with gentler and harsher ones by the variety of ten draws)..."""
LONGEST_RUN = len(SHARES) + 1
"""...and the longest run that is listened for."""
_NOBODY = -1


class Openings:
    """How texts may open: no two of a batch alike, and none like those to avoid."""

    def __init__(self, avoid: frozenset[str]) -> None:
        self._owners: dict[str, int] = dict.fromkeys(avoid, _NOBODY)

    def free(self, start: str, number: int) -> bool:
        """Whether text ``number`` may open so: the first to ask keeps the opening."""
        return self._owners.setdefault(start, number) == number


class Echoes:
    """The runs of tokens that texts around have said; grows while a batch is drawn."""

    def __init__(self, heard: Iterable[Ids1]) -> None:
        self._after: dict[tuple[int, ...], dict[int, int]] = {}
        """By run, the tokens that were heard after it, and which text said so first."""
        for text in heard:
            for end in range(1, len(text) + 1):
                self.note(text[:end], _NOBODY)

    def note(self, said: Sequence[int], number: int) -> None:
        """Text ``number`` has just said the last token of ``said``."""
        for size in range(1, min(LONGEST_RUN, len(said))):
            before = tuple(said[-size - 1 : -1])
            self._after.setdefault(before, {}).setdefault(said[-1], number)

    def shares(self, said: Sequence[int], tokens: Ids, number: int) -> npt.NDArray[np.float64]:
        """(tokens,) what is left of each token's chance, 0-1, if text ``number`` says it now."""
        shares = np.ones(len(tokens))
        for size, share in enumerate(SHARES, start=1):
            heard = self._after.get(tuple(said[-size:])) if len(said) >= size else None
            if heard is None:  # a longer run was not heard either
                break
            for place, token in enumerate(tokens.tolist()):
                if heard.get(token, number) != number:
                    shares[place] = share
        return shares


def freshest(drafts: Sequence[str], heard: Iterable[str], language: str) -> str:
    """Which of ``drafts`` repeats the least share of its runs; the first of equals."""
    known = {run for text in heard for run in runs(text, language)}

    def repeated(draft: str) -> float:
        own = runs(draft, language)
        return len(own & known) / max(1, len(own))

    return min(drafts, key=repeated)


def runs(text: str, language: str) -> frozenset[tuple[str, ...]]:
    """The runs of three words (en) or characters (zh) of a text, each placeholder and mark one."""
    row = units(text, language)
    return frozenset(tuple(row[k : k + 3]) for k in range(len(row) - 2))


def units(text: str, language: str) -> list[str]:
    """Words (en) or characters (zh), each placeholder and mark one."""
    pattern = r"\{\w+\}|\S" if language == "zh" else r"\{\w+\}|[\w'’-]+|[^\w\s]"
    return re.findall(pattern, text.lower())
