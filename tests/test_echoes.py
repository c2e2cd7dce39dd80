"""What was heard is less likely to be said again, and of several drafts the freshest is kept."""

from __future__ import annotations

import numpy as np

from assistant.echoes import SHARES, Echoes, Openings, freshest, units


def test_a_token_that_makes_a_longer_run_that_was_heard_loses_more_of_its_chance() -> None:
    echoes = Echoes([[5, 6, 7, 8]])
    tokens = np.array([8, 9])
    assert echoes.shares([7], tokens, 0).tolist() == [SHARES[0], 1.0]
    assert echoes.shares([6, 7], tokens, 0).tolist() == [SHARES[1], 1.0]
    assert echoes.shares([1, 5, 6, 7], tokens, 0).tolist() == [SHARES[2], 1.0]


def test_nothing_is_heard_of_a_run_that_only_begins_alike() -> None:
    assert Echoes([[5, 6, 7, 8]]).shares([6, 1], np.array([8]), 0).tolist() == [1.0]


def test_a_text_does_not_avoid_its_own_words() -> None:
    echoes = Echoes([])
    echoes.note([5, 6], 0)
    assert echoes.shares([5], np.array([6]), 0).tolist() == [1.0]
    assert echoes.shares([5], np.array([6]), 1).tolist() == [SHARES[0]]


def test_the_first_text_to_ask_keeps_an_opening() -> None:
    openings = Openings(frozenset({"if you"}))
    assert openings.free("this is", 1) and openings.free("this is", 1)
    assert not openings.free("this is", 2)
    assert not openings.free("if you", 1)


def test_the_draft_that_repeats_least_is_kept() -> None:
    heard = ["Two things carry over from {seed}."]
    stale, fresh = "Two things carry over here.", "It lives next door to {seed}."
    assert freshest([stale, fresh], heard, "en") == fresh
    assert freshest([stale, fresh], [], "en") == stale


def test_a_placeholder_counts_as_one_word_and_chinese_is_counted_by_character() -> None:
    assert units("Near {seed}, too.", "en") == ["near", "{seed}", ",", "too", "."]
    assert units("靠近{seed}。", "zh") == ["靠", "近", "{seed}", "。"]
