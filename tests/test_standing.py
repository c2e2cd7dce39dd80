"""How films stand with people, and how they stood when they were new."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.catalogue import Film
from assistant.standing import ENOUGH_MARKED, UNMARKED, WRITTEN, Standing, standing_of

FIRST = np.array([0])
NOBODY, EVERYBODY = (0.0, 0.0, 0.0, 0.0), (9.0, 9.0, 9.0, 9.0)


def one(year: int = 2000, **more: object) -> Standing:
    return standing_of([Film("tt1", "A", year, **more)])  # type: ignore[arg-type]  # any field


def test_marks_move_what_ranks_alone_would_say() -> None:
    """Half a rank of 0.5 and its place on a power law (0.1), 0.3 of it, then the marks."""
    ranked = (0.5 + np.log(0.501) / np.log(0.001)) / 2
    assert one(popularity=0.5, renown=NOBODY).known[0] == pytest.approx(0.3 * ranked, abs=1e-5)
    assert one(popularity=0.5, renown=EVERYBODY).known[0] == pytest.approx(
        0.3 * ranked + 0.7, abs=1e-5
    )


def test_a_welcome_needs_both_to_be_seen_and_to_be_liked() -> None:
    for marks, welcome in (((9, 9, 0, 0), 1.0), ((9, 0, 9, 9), 0.0), ((4.5, 6, 0, 0), 1 / 3)):
        assert one(renown=tuple(float(m) for m in marks)).welcome[0] == pytest.approx(welcome)


def test_with_few_marks_ranks_stand_for_those_nobody_wrote() -> None:
    standing = one(popularity=0.9, acclaim=0.8)
    ranked = (0.9 + standing.fame[0]) / 2
    assert standing.known[0] == pytest.approx(ranked)
    assert standing.welcome[0] == pytest.approx(ranked * standing.esteemed[0])


def test_with_many_marks_those_nobody_wrote_are_estimated_from_them_and_held_back() -> None:
    marked = [
        Film(f"tt{n}", "A", 2000, popularity=0.5, acclaim=0.5, renown=(6.0, 6.0, 6.0, 6.0))
        for n in range(ENOUGH_MARKED)
    ]
    other = Film("tt999", "B", 2000, popularity=0.5, acclaim=0.5)
    standing = standing_of([*marked, other])
    assert standing.welcome[-1] == pytest.approx(standing.welcome[0] * UNMARKED**2, rel=1e-4)
    assert standing.known[-1] < standing.known[0]


def test_a_film_was_little_known_in_the_year_it_came_out() -> None:
    film = one(2010, renown=EVERYBODY)
    ripe = [float(film.ripe(as_of, FIRST)[0]) for as_of in (2010.0, 2010.5, 2011.5, 2020.0)]
    assert ripe[0] == 0.0
    assert ripe == sorted(ripe)
    assert ripe[-1] == pytest.approx(1.0)


def test_what_is_written_of_the_newest_films_is_true_today() -> None:
    for later in (0.0, 0.1, 0.5, 1.1, 9.0):
        film = one(int(WRITTEN + later), renown=EVERYBODY)
        assert film.ripe(WRITTEN + later, FIRST)[0] == pytest.approx(1.0)


def test_a_welcome_fades_with_the_years() -> None:
    film = one(2010, renown=EVERYBODY)
    assert film.fresh(2010.3, FIRST)[0] == pytest.approx(1.0, rel=1e-4)
    assert film.fresh(2013.3, FIRST)[0] == pytest.approx(np.exp(-1), rel=1e-4)
