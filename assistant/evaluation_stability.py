"""Whether a list holds still: said in other words, refined, or asked for again.

Pairs of requests of our own that mean the same are taken through the product's own path
(``parse``, ``follow``, ``recommend``), and the films their first ten share are counted, beside what
plain MiniLM makes of the same pair and beside two requests that have nothing to do with each other.
Random requests are refined by one more condition and checked against all the earlier ones. Next in
the flow: ``cli.stability`` prints it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from assistant.conversation import Conversation, follow
from assistant.errors import DataError
from assistant.evaluation_limits import draw, in_words
from assistant.history import Profile
from assistant.metrics import Interval, ratio_interval
from assistant.parsing.parser import Parser
from assistant.ranking import Pick
from assistant.selection import Selector

PAIRS_FILE = "examples/paraphrases.jsonl"
"""Our own pairs, below the data folder."""
LIST = 10
MINE, MINILM, UNRELATED = "matinee", "minilm", "matinee, unrelated requests"
POOR = 0.3
"""Pairs that share less than this are listed."""


@dataclass(frozen=True)
class Paraphrase:
    """Two requests that mean the same."""

    kind: str
    """What sort of request: plot, mood, evening, seed, conditions or fame."""
    language: str
    one: str
    other: str


@dataclass(frozen=True)
class StabilityReport:
    """What held still and what did not."""

    pairs: int
    overlap: Mapping[str, Interval]
    """By system: the share of the first ten that both requests of a pair bring, 0-1."""
    by_kind: Mapping[str, Interval]
    """The product's overlap by kind and language of request."""
    poor: tuple[tuple[str, str, float], ...]
    """Pairs below ``POOR``, poorest first: both requests and what they share."""
    refined: int
    """Requests that were refined by one more condition."""
    shown: int
    """Films shown for the refined requests."""
    broken: tuple[tuple[str, str, str], ...]
    """Films that break an earlier condition: messages, film, condition."""
    repeated: int
    """Requests that were asked twice, from scratch."""
    changed: int
    """How many of them brought another list or another score."""
    seconds: float


def read_paraphrases(path: Path) -> tuple[Paraphrase, ...]:
    """The pairs in ``path``, one a line; raises ``DataError`` for a line it cannot read."""
    try:
        lines = path.read_bytes().splitlines()
        return tuple(Paraphrase(**orjson.loads(line)) for line in lines)
    except (OSError, TypeError, ValueError) as error:
        raise DataError(
            f"cannot read {path} ({error!r}); each line needs kind, language, one and other"
        ) from error


def evaluate_stability(
    selector: Selector,
    parser: Parser,
    pairs: Sequence[Paraphrase],
    refinements: int,
    as_of: float,
    progress: Callable[[int, int], None] | None = None,
) -> StabilityReport:
    """Overlaps of ``pairs``, and ``refinements`` random requests refined by a condition."""
    started = time.perf_counter()
    ask = _asker(selector, parser, as_of)
    shared: dict[str, list[float]] = {MINE: [], MINILM: [], UNRELATED: []}
    lists: list[tuple[str, ...]] = []
    changed = 0
    for done, pair in enumerate(pairs, start=1):
        picks = ask([pair.one])
        changed += [(p.film.id, p.score) for p in picks] != [
            (p.film.id, p.score) for p in ask([pair.one])
        ]
        lists.append(_ids(picks))
        shared[MINE].append(_overlap(lists[-1], _ids(ask([pair.other]))))
        shared[MINILM].append(_overlap(_plain(pair.one, selector), _plain(pair.other, selector)))
        if progress is not None:
            progress(done, len(pairs) + refinements)
    shared[UNRELATED] = [_overlap(one, other) for one, other in _strangers(pairs, lists)]
    shown, broken = _refined(ask, refinements, selector.seed, len(pairs), progress)
    return StabilityReport(
        pairs=len(pairs),
        overlap={system: _mean(values) for system, values in shared.items()},
        by_kind=_by_kind(pairs, shared[MINE]),
        poor=tuple(
            (pair.one, pair.other, share)
            for share, pair in sorted(zip(shared[MINE], pairs, strict=True), key=lambda x: x[0])
            if share < POOR
        ),
        refined=refinements,
        shown=shown,
        broken=tuple(broken),
        repeated=len(pairs),
        changed=changed,
        seconds=time.perf_counter() - started,
    )


Ask = Callable[[Sequence[str]], Sequence[Pick]]
"""The list after these messages."""


def _asker(selector: Selector, parser: Parser, as_of: float) -> Ask:
    def ask(messages: Sequence[str]) -> Sequence[Pick]:
        stand = Conversation()
        for message in messages:
            stand = follow(stand, parser.parse(message, stand.context(int(as_of))))
        _, picks = selector.recommend(stand.wants, Profile(), count=LIST, as_of=as_of)
        return picks

    return ask


def _refined(
    ask: Ask,
    count: int,
    seed: int,
    before: int,
    progress: Callable[[int, int], None] | None,
) -> tuple[int, list[tuple[str, str, str]]]:
    """Films shown for ``count`` refined requests, and those that break an earlier condition."""
    chance = random.Random(seed)  # a draw that must repeat, not a secret
    shown, broken = 0, []
    for done in range(1, count + 1):
        conditions = draw(chance)
        while len(conditions) < 2:
            conditions = draw(chance)
        *earlier, last = conditions
        messages = list(in_words(earlier, chance))
        chinese = last.chinese and not messages[0].isascii()
        messages.append(last.chinese if chinese else last.english)
        for pick in ask(messages):
            shown += 1
            broken += [
                (" / ".join(messages), pick.film.label, condition.english)
                for condition in earlier
                if not condition.check(pick.film)
            ]
        if progress is not None:
            progress(before + done, before + count)
    return shown, broken


def _ids(picks: Sequence[Pick]) -> tuple[str, ...]:
    return tuple(pick.film.id for pick in picks)


def _overlap(one: Sequence[str], other: Sequence[str]) -> float:
    """Films in both lists over the length of the longer; two empty lists are the same list."""
    longer = max(len(one), len(other))
    return len(set(one) & set(other)) / longer if longer else 1.0


def _plain(text: str, selector: Selector) -> tuple[str, ...]:
    """The first ten by plain MiniLM, summed over synopsis and themes."""
    kinds = selector.index.similarity_by_kind(selector.encode([text])[0])
    order = np.argsort(-(kinds["synopsis"] + kinds["themes"]), kind="stable")[:LIST]
    return tuple(selector.catalogue.films[row].id for row in order.tolist())


def _strangers(
    pairs: Sequence[Paraphrase], lists: Sequence[tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Each request's list beside that of the request half the file away."""
    half = len(pairs) // 2
    for place in range(len(pairs) if half else 0):
        yield lists[place], lists[(place + half) % len(pairs)]


def _by_kind(pairs: Sequence[Paraphrase], shares: Sequence[float]) -> dict[str, Interval]:
    groups: dict[str, list[float]] = {}
    for pair, share in zip(pairs, shares, strict=True):
        groups.setdefault(f"{pair.kind}, {pair.language}", []).append(share)
    return {name: _mean(values) for name, values in sorted(groups.items())}


def _mean(values: Sequence[float]) -> Interval:
    return ratio_interval(values, [1.0] * len(values))
