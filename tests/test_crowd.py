"""What lists of films teach, on four lists worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.catalogue import Catalogue, Film
from assistant.crowd import SHRINK, Crowd, fit_crowd, load_crowd, save_crowd
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
