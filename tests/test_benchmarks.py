"""Benches measure what they say, leave nothing behind, and can be read by a program."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from assistant import benchmark_ranking
from assistant.benchmarks import (
    CONVERSATIONS,
    SYNTHETIC_TITLES,
    Bench,
    bench_memory,
    bench_turn,
    machine,
    synthetic_films,
)
from assistant.chat import Assistant
from assistant.config import Settings


def test_the_same_seed_makes_the_same_titles() -> None:
    assert list(islice(synthetic_films(50), 50)) == list(synthetic_films(50))


def test_made_up_films_are_many_and_differ() -> None:
    films = list(synthetic_films(SYNTHETIC_TITLES))
    assert len({film.id for film in films}) == SYNTHETIC_TITLES
    assert len({film.title for film in films}) > SYNTHETIC_TITLES / 2


def test_the_machine_is_told_in_one_line() -> None:
    told = machine()
    assert "cores" in told
    assert "\n" not in told


def test_a_turn_bench_sets_turns_beside_raw_calls(
    real_assistant: Assistant, real_settings: Settings
) -> None:
    people = real_assistant.store.users()
    bench = bench_turn(real_assistant, real_settings, n=8)
    rows = {str(row[0]).strip(): row for row in bench.rows}
    assert {"cards", "all words", "parse", "rank", "raw encoder call", "raw Chroma query"} <= set(
        rows
    )
    cards, first, words = rows["cards"], rows["first words"], rows["all words"]
    assert 0 < float(cards[1]) <= float(words[1])
    assert 0 < float(first[1]) <= float(words[1])
    assert real_assistant.store.users() == people


def test_a_memory_bench_tells_megabytes(real_assistant: Assistant) -> None:
    bench = bench_memory(real_assistant, n=2)
    assert isinstance(bench, Bench)
    assert all(float(row[1]) > 50 for row in bench.rows)


def test_the_bench_conversations_are_varied() -> None:
    texts = [text for talk in CONVERSATIONS for text in talk]
    assert len(texts) == len(set(texts))
    assert any(not text.isascii() for text in texts)


def test_finding_and_ranking_are_timed_apart(real_assistant: Assistant) -> None:
    name, *times, n = benchmark_ranking.row(real_assistant.selector, 4)
    find_ms, rank_ms, both_ms, p95_ms, processor_ms = map(float, times)
    assert name == f"{len(real_assistant.catalogue):,} films"
    assert 0 < find_ms < p95_ms
    assert 0 < rank_ms < p95_ms
    assert both_ms <= p95_ms
    assert processor_ms > 0
    assert n == 4


def test_made_up_vectors_are_unit_rows_near_real_ones_that_repeat() -> None:
    near = np.eye(3, 384, dtype=np.float32)
    vectors = benchmark_ranking.Scattered(near).encode(["a", "b"])
    assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([1.0, 1.0])
    assert (vectors @ near.T).max(axis=1).min() > 0.6
    assert np.array_equal(vectors, benchmark_ranking.Scattered(near).encode(["a", "b"]))
