"""Variety, worked out by hand."""

from __future__ import annotations

import pytest

from assistant.repetition import Variety, spread, variety


def test_variety_of_texts_that_are_all_the_same_is_none() -> None:
    same = variety(["It is about {theme1}."] * 4, "en")
    assert same.self_bleu == pytest.approx(1.0) and same.distinct_2 == 1 / 4


def test_variety_of_texts_that_share_nothing_is_full() -> None:
    none = variety(["One two three four.", "Five six seven eight!"], "en")
    assert none.distinct_2 == 1.0 and none.self_bleu < 0.01


def test_several_draws_come_to_their_mean_and_how_far_they_lie_apart() -> None:
    found = spread([Variety(4, 0.5, 0.2), Variety(4, 0.7, 0.4)])
    assert (found.draws, found.texts) == (2, 4)
    assert found.distinct_2 == pytest.approx(0.6)
    assert (found.self_bleu, found.deviation) == pytest.approx((0.3, 0.1))
