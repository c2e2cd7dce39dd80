"""What lists of films teach, on four lists worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.catalogue import Catalogue, Film
from assistant.crowd import FEW, LATELY_YEARS, SHRINK, Crowd, fit_crowd, load_crowd, save_crowd
from assistant.errors import DataError

FILMS = Catalogue([Film(f"tt{n}", f"Film {n}", 2000, popularity=1 - n / 10) for n in range(4)])
LISTS = [["tt0", "tt1"], ["tt0", "tt1"], ["tt0", "tt2"], ["tt0", "unknown"]]


@pytest.fixture
def crowd() -> Crowd:
    return fit_crowd(LISTS, FILMS)


def test_the_film_in_most_lists_comes_up_most_often(crowd: Crowd) -> None:
    assert crowd.often.tolist() == pytest.approx(
        [1.0, np.log1p(2) / np.log1p(4), np.log1p(1) / np.log1p(4), 0.0]
    )


def test_company_is_the_shrunk_cosine_of_the_lists(crowd: Crowd) -> None:
    # tt0 is in four lists, tt1 in two, both in two: 2 / (sqrt(4 * 2) + shrink).
    assert crowd.links[0, 1] == pytest.approx(2 / (np.sqrt(8) + SHRINK))
    assert crowd.links[0, 3] == 0.0
    assert crowd.links[0, 0] == 0.0


def test_a_film_speaks_for_those_it_was_listed_with(crowd: Crowd) -> None:
    company = crowd.company(np.array([0]), np.array([1.0], np.float32), np.array([1, 2, 3]))
    assert company[0] > company[1] > company[2] == 0.0


def test_nobody_speaks_for_anything_without_films(crowd: Crowd) -> None:
    none = np.array([], np.int64)
    assert crowd.company(none, none.astype(np.float32), np.array([0, 1])).tolist() == [0.0, 0.0]


def test_a_kept_crowd_follows_its_films_into_another_catalogue(
    crowd: Crowd, tmp_path: Path
) -> None:
    save_crowd(crowd, FILMS, tmp_path / "crowd.npz")
    other = Catalogue([Film("new", "New", 2020, popularity=1.0), *FILMS.films[:2]])
    again = load_crowd(tmp_path / "crowd.npz", other)
    assert again.lists == 4
    assert again.often.tolist() == pytest.approx([0.0, *crowd.often[:2].tolist()])
    assert again.links[1, 2] == pytest.approx(crowd.links[0, 1], abs=1e-3)


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"PK\x03\x04 broken"])
def test_a_damaged_crowd_is_refused_with_a_way_out(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "crowd.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="train taste"):
        load_crowd(path, FILMS)


def test_no_lists_teach_nothing() -> None:
    empty = fit_crowd([], FILMS)
    assert not empty.often.any()
    assert empty.links.nnz == 0


def test_what_was_liked_lately_comes_up_more_often() -> None:
    """Both of the last two films are in one list; only one of them was liked last month."""
    crowd = fit_crowd([["tt2"], ["tt3"]], FILMS, [("tt2", 2010.0), ("tt3", 2019.9)])
    assert crowd.often[2] == crowd.often[3]
    often = crowd.often_at(2020.0)
    assert often[3] > often[2]


def test_what_is_liked_lately_fades_by_the_years_that_passed() -> None:
    like = [("tt0", 2019.75)] * 8
    crowd = fit_crowd([["tt0"]], FILMS, like + [("tt1", 2019.75 - LATELY_YEARS)] * 8)
    often = 2 * crowd.often_at(2020.0) - crowd.often
    late = np.log1p(8 * np.exp((2019.75 - 2020.0) / LATELY_YEARS))
    earlier = np.log1p(8 * np.exp((2019.75 - 2020.0) / LATELY_YEARS - 1))
    assert often[1] / often[0] == pytest.approx(earlier / late, abs=0.02)


def test_likes_that_are_not_over_yet_or_long_past_say_nothing_of_what_is_liked_lately() -> None:
    crowd = fit_crowd([["tt0"]], FILMS, [("tt1", 2020.1), ("tt2", 2005.0)])
    assert crowd.often_at(2020.0).tolist() == crowd.often.tolist()


def test_one_evening_is_no_trend() -> None:
    crowd = fit_crowd([["tt0"]] * 50, FILMS, [("tt1", 2019.97)])
    assert crowd.often_at(2020.0)[1] == pytest.approx(
        np.log1p(np.exp(-0.03 / LATELY_YEARS)) / np.log1p(FEW) / 2, abs=0.02
    )


def test_the_weeks_of_likes_are_kept(tmp_path: Path) -> None:
    crowd = fit_crowd(LISTS, FILMS, [("tt1", 2019.9), ("tt0", 2019.5), ("unknown", 2019.5)])
    save_crowd(crowd, FILMS, tmp_path / "crowd.npz")
    again = load_crowd(tmp_path / "crowd.npz", FILMS)
    assert again.often_at(2020.0).tolist() == crowd.often_at(2020.0).tolist()
    other = Catalogue([Film("new", "New", 2020, popularity=1.0), *FILMS.films[:2]])
    moved = load_crowd(tmp_path / "crowd.npz", other)
    assert moved.often_at(2020.0)[1:].tolist() == crowd.often_at(2020.0)[:2].tolist()
