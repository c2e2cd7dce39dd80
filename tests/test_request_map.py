"""The map of requests, learned from two made-up circles of films whose requests tell the circle."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from assistant.catalogue import Catalogue, Film
from assistant.errors import DataError
from assistant.history import Profile
from assistant.index import Index
from assistant.parsing.request import Wants
from assistant.request_map import Kinds, draw_requests, load_request_map, save_request_map
from assistant.retrieval import Candidates, likeness_to, make_query
from assistant.scoring import columns
from assistant.space import Floats, Space
from tests.test_ranking import FakeIndex

DIM = 16
GENRES = ("War", "Comedy")
ASKED = np.eye(DIM, dtype=np.float32)[:2]
"""What people say who want a war film, and who want a comedy."""


def circles(films: int = 40) -> Catalogue:
    """War films and comedies in turn; nobody wrote requests for the last four."""
    return Catalogue(
        Film(
            f"tt{n}",
            f"Film {n}",
            1990 + n,
            genres=(GENRES[n % 2],),
            popularity=1 - n / 100,
            source="described",
        )
        for n in range(films)
    )


def kinds_of(films: int = 40) -> Kinds:
    """Texts that tell nothing, and requests that tell the circle, but for the last four."""
    rows, none = np.arange(films), np.zeros(0, np.int64)
    blank = encode(["anything"] * films)
    asked = ASKED[rows[: films - 4] % 2]
    return {
        "synopsis": (rows, blank),
        "themes": (none, blank[:0]),
        "request": (rows[: films - 4], asked),
        "facts": (none, blank[:0]),
    }


def encode(texts: Sequence[str]) -> Floats:
    """Vectors that tell nothing."""
    return np.tile(np.eye(DIM, dtype=np.float32)[-1:], (len(texts), 1))


@pytest.fixture(scope="module")
def space() -> Space:
    """The circles, with what is foretold."""
    films, kinds = circles(), kinds_of()
    drawn = draw_requests(films, kinds, Space(films).graph, encode)
    return Space(films, None, lambda graph: drawn.foretell(films, kinds, graph))


def test_films_without_requests_are_found_by_what_is_foretold(space: Space) -> None:
    assert space.foretold is not None
    war, comedy = (space.foretold.likeness(asked) for asked in ASKED)
    assert war[36] > 2 * comedy[36]
    assert comedy[37] > 2 * war[37]


def test_neighbours_tell_what_a_film_is_asked_for() -> None:
    """Of two films of no genre that nobody described, one lies beside comedies."""
    told = [
        Film(f"tt{n}", "A", 2000, popularity=1 - n / 100, similar=circle_of(n)) for n in range(40)
    ]
    beside = Film("tt98", "B", 2000, popularity=0.1, similar=("tt1", "tt3", "tt5"))
    films = Catalogue([*told, beside, Film("tt99", "C", 2000)])
    graph = Space(films).graph
    drawn = draw_requests(films, kinds_of(), graph, encode)
    likeness = drawn.foretell(films, kinds_of(), graph).likeness(ASKED[1])
    assert likeness[films.row["tt98"]] > likeness[films.row["tt99"]] + 0.1


def circle_of(n: int) -> tuple[str, ...]:
    """Three others of a film's circle."""
    return tuple(f"tt{(n + step) % 36}" for step in (2, 4, 6))


def test_a_map_is_read_back_as_it_was(tmp_path: Path) -> None:
    films, kinds = circles(), kinds_of()
    graph = Space(films).graph
    drawn = draw_requests(films, kinds, graph, encode)
    save_request_map(drawn, tmp_path / "requests.npz")
    again = load_request_map(tmp_path / "requests.npz")
    before, after = (one.foretell(films, kinds, graph).likeness(ASKED[0]) for one in (drawn, again))
    assert after == pytest.approx(before, abs=1e-2)


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"PK\x03\x04 broken"])
def test_a_damaged_map_is_refused_with_the_file_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "requests.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"requests\.npz"):
        load_request_map(path)


def test_what_is_foretold_counts_as_requests(space: Space) -> None:
    """A film without requests of its own counted for nothing but its synopsis and themes."""
    index = cast(Index, FakeIndex(space.catalogue))
    ask = make_query(Wants(about="a war film"), Profile(), space, lambda _: ASKED[:1], 2030)
    found = Candidates(space.rows(["tt36", "tt37"]), kinds=likeness_to(ask, space, index))
    war, comedy = columns(ask, found, space, index, 7)["requests"].tolist()
    assert war > comedy
