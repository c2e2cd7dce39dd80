"""Measures of ranked lists, worked out by hand."""

from __future__ import annotations

import pytest

from assistant.metrics import (
    area_interval,
    discounted_gain,
    f1_interval,
    first_hits,
    ratio_interval,
)


def test_first_hits_tells_each_targets_place_from_zero() -> None:
    assert first_hits(["a", "b", "c"], ["c", "z", "a"]) == [2, None, 0]


def test_a_film_listed_twice_counts_where_it_first_stands() -> None:
    assert first_hits(["a", "b", "a"], ["a"]) == [0]


def test_the_ratio_pools_groups_of_different_size() -> None:
    # 1 of 1 and 1 of 3: pooled 2/4, not the mean of the groups' ratios (2/3).
    assert ratio_interval([1, 1], [1, 3]).value == pytest.approx(0.5)


def test_groups_that_agree_leave_no_doubt() -> None:
    interval = ratio_interval([1] * 20, [2] * 20)
    assert (interval.low, interval.high) == (0.5, 0.5)


def test_the_interval_holds_the_value_and_is_repeatable() -> None:
    hits, trials = [0, 1, 2, 0, 1, 3], [2, 2, 3, 1, 4, 3]
    interval = ratio_interval(hits, trials)
    assert interval.low < interval.value < interval.high
    assert interval == ratio_interval(hits, trials)


def test_no_trials_means_zero() -> None:
    assert ratio_interval([], []).value == 0.0


def test_f1_is_twice_the_right_over_wanted_and_given() -> None:
    # 3 wanted, 5 given, 2 right: 4 / 8
    assert f1_interval([(1, 2, 1), (2, 3, 1)]).value == 0.5


def test_f1_of_nothing_is_zero() -> None:
    assert f1_interval([(0, 0, 0)]).value == 0.0


def test_a_hit_further_down_gains_less() -> None:
    # One hit at the third place of a list that could have held two: (1/2) / (1 + 1/log2(3)).
    assert discounted_gain([False, False, True], 2) == pytest.approx(0.5 / (1 + 0.6309298))


def test_a_perfect_list_gains_all_and_an_impossible_one_nothing() -> None:
    assert discounted_gain([True, True], 2) == pytest.approx(1.0)
    assert discounted_gain([], 0) == 0.0


def test_the_area_is_the_share_of_pairs_in_the_right_order() -> None:
    # Trues at 3 and 1, falses at 2 and 1: of four pairs two are right and one is a tie.
    assert area_interval([True, True, False, False], [3, 1, 2, 1]).value == pytest.approx(2.5 / 4)


def test_the_area_of_one_kind_alone_is_chance() -> None:
    assert area_interval([True, True], [1, 2]).value == 0.5
