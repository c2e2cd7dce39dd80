"""Which token may come next: only corpus phrasing, only what can still meet the plan."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.phrasing import CONTEXT, NOTHING, Left, Phrasing, Ways, write_phrasing

END, TONGUE = 1, 2
SEED, THEME = 3, 4
JOINT = -5
PURPOSE, OTHER = 9, 10
BEGIN = [0] * (CONTEXT - 1) + [9]
A, B, C, AND = 20, 21, 22, 23
TEXTS = (
    [A, SEED, B, END],
    [A, SEED, B, AND, THEME, C, END],
    [A, THEME, C, AND, SEED, B, AND, C, END],
)

FOREIGN = [A, SEED, B, AND, C, END]
"""Said to another purpose: from its third token on it could follow the first text."""


@pytest.fixture
def phrasing(tmp_path: Path) -> Phrasing:
    path = tmp_path / "phrasing.npy"
    write_phrasing([(PURPOSE, BEGIN, text) for text in TEXTS] + [(OTHER, BEGIN, FOREIGN)], [], path)
    return Phrasing(path, END, [TONGUE])


def ways(phrasing: Phrasing, needed: Left, optional: Left = frozenset()) -> Ways:
    usual = np.arange(4096) >= A
    joints = phrasing.runs[:, CONTEXT] == AND
    barred = np.zeros(len(phrasing.runs), bool)
    start = phrasing.start(PURPOSE, BEGIN)
    return phrasing.ways(start, needed, optional, usual, barred, {}, {JOINT: joints})


def texts(phrasing: Phrasing, found: Ways, left: Left) -> set[tuple[int, ...]]:
    """Every text there is a way to."""
    whole: set[tuple[int, ...]] = set()
    open_ways: list[tuple[int, Left, tuple[int, ...]]] = [
        (phrasing.start(PURPOSE, BEGIN), left, ())
    ]
    while open_ways:
        state, to_say, said = open_ways.pop()
        for token, target, paid in zip(*found.next(state, to_say), strict=True):
            if token == END:
                whole.add((*said, END))
            else:
                rest = to_say - {int(paid)} if paid != NOTHING else to_say
                open_ways.append((int(target), rest, (*said, int(token))))
    return whole


def test_a_way_uses_each_demanded_placeholder_once_and_no_other(phrasing: Phrasing) -> None:
    only_seed = frozenset({SEED})
    assert texts(phrasing, ways(phrasing, only_seed), only_seed) == {tuple(TEXTS[0])}


def test_what_is_said_to_another_purpose_is_not_mixed_in(phrasing: Phrasing) -> None:
    """A film somebody loved was once "kept in the middle", as one that was merely fine is."""
    only_seed, once = frozenset({SEED}), frozenset({JOINT})
    found = texts(phrasing, ways(phrasing, only_seed, once), only_seed | once)
    assert found == {tuple(TEXTS[0])}


def test_a_text_does_not_end_as_another_began(tmp_path: Path) -> None:
    """ "It is the director who keeps it out: France" was shown: the five tokens before the end were
    alike."""
    path = tmp_path / "exact.npy"
    same = [24, 25, 26, 27, 28, 29, 30]
    said = [[A, *same, SEED, END], [B, *same, SEED, C, END]]
    write_phrasing([(PURPOSE, BEGIN, text) for text in said], [], path)
    phrasing, seed = Phrasing(path, END, [TONGUE]), frozenset({SEED})
    assert texts(phrasing, ways(phrasing, seed), seed) == {tuple(text) for text in said}


def test_a_joint_that_costs_is_offered_once_at_most(phrasing: Phrasing) -> None:
    both, once = frozenset({SEED, THEME}), frozenset({JOINT})
    assert texts(phrasing, ways(phrasing, both, once), both | once) == {tuple(TEXTS[1])}


def test_a_plan_that_no_text_serves_offers_nothing(phrasing: Phrasing) -> None:
    theme = frozenset({THEME})
    found = ways(phrasing, theme).next(phrasing.start(PURPOSE, BEGIN), theme)
    assert [len(part) for part in found] == [0, 0, 0]


def test_a_plan_larger_than_any_in_the_corpus_is_refused(phrasing: Phrasing) -> None:
    with pytest.raises(ValueError, match="plan of 7 things"):
        ways(phrasing, frozenset(range(3, 10)))


def test_a_text_that_begins_like_none_of_the_corpus_has_no_start(phrasing: Phrasing) -> None:
    with pytest.raises(KeyError, match="no text begins"):
        phrasing.start(PURPOSE, [0] * CONTEXT)
