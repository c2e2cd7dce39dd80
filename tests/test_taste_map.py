"""The map of taste, drawn on two made-up circles of films."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.catalogue import Catalogue, Film
from assistant.errors import DataError
from assistant.evaluation_space import evaluate_space
from assistant.space import KIN_CITING_WEIGHT, KIN_WEIGHT, RANK_DECAY, Floats, Rows, Space
from assistant.taste_map import TasteMap, draw_map, load_map, save_map

DIM = 8


def circles(films: int = 40) -> Catalogue:
    """Half of the films are war films that name each other, half are comedies that do."""
    made = []
    for n in range(films):
        genre = ("War", "Comedy")[n % 2]
        circle = [f"tt{other}" for other in range(n % 2, films, 2) if other != n]
        made.append(
            Film(
                f"tt{n}",
                f"Film {n}",
                1990 + n,
                genres=(genre,),
                themes=("heist",) if n % 3 else (),
                tone=(5.0,) * 14,
                synopsis="Something happens.",
                similar=tuple(circle[(n // 2) % 7 :][:8]),
                popularity=1 - n / 100,
                source="described",
            )
        )
    return Catalogue(made)


def encode(texts: Sequence[str]) -> Floats:
    """Vectors that tell nothing."""
    return np.tile(np.eye(1, DIM, dtype=np.float32), (len(texts), 1))


def nothing_told(catalogue: Catalogue) -> dict[str, tuple[Rows, Floats]]:
    """Texts by kind that tell nothing: a synopsis each."""
    rows, none = np.arange(len(catalogue)), np.zeros(0, np.int64)
    blank = encode([film.id for film in catalogue])
    return {
        kind: (rows, blank) if kind == "synopsis" else (none, blank[:0])
        for kind in ("synopsis", "themes", "request", "facts")
    }


def drawn_from(catalogue: Catalogue) -> TasteMap:
    vectors = encode([film.id for film in catalogue])
    return draw_map(catalogue, Space(catalogue).graph, vectors, encode)


@pytest.fixture(scope="module")
def drawn() -> TasteMap:
    return drawn_from(circles())


def with_strangers(catalogue: Catalogue) -> Catalogue:
    """Two more films, of which nothing is known but genre and year."""
    return catalogue.with_films(
        [
            Film("new:war", "A", 2001, genres=("War",)),
            Film("new:fun", "B", 2001, genres=("Comedy",)),
        ]
    )


def test_a_film_without_a_list_gets_neighbours_of_its_kind(drawn: TasteMap) -> None:
    catalogue = with_strangers(circles())
    links = drawn.links(catalogue, encode([film.id for film in catalogue]))
    for stranger, genre in (("new:war", "War"), ("new:fun", "Comedy")):
        row = links[[catalogue.row[stranger]]].tocoo()
        assert sorted(row.data.tolist()) == list(range(1, 13))
        assert {catalogue.films[column].genres[0] for column in row.col.tolist()} == {genre}


def test_films_with_a_list_get_none_by_the_map(drawn: TasteMap) -> None:
    catalogue = circles()
    assert drawn.links(catalogue, encode([film.id for film in catalogue])).nnz == 0


def test_a_catalogue_without_any_film_of_the_map_gets_no_links(drawn: TasteMap) -> None:
    catalogue = Catalogue([Film("new:war", "A", 2001, genres=("War",))])
    assert drawn.links(catalogue, encode(["A"])).nnz == 0


def test_neighbours_by_the_map_count_less_than_written_ones(drawn: TasteMap) -> None:
    catalogue = with_strangers(circles())
    kin = drawn.links(catalogue, encode([film.id for film in catalogue]))
    space, plain = Space(catalogue, kin), Space(catalogue)
    row = catalogue.row["new:war"]
    first = int(kin[[row]].tocoo().col[np.argmin(kin[[row]].tocoo().data)])
    assert plain.graph[row, first] == 0.0
    assert space.graph[row, first] == pytest.approx(KIN_WEIGHT)
    assert space.graph[first, row] == pytest.approx(KIN_CITING_WEIGHT)
    written = catalogue.row["tt0"], catalogue.row[catalogue["tt0"].similar[1]]
    assert space.graph[written] == plain.graph[written] >= 2**-RANK_DECAY


def test_a_kept_map_places_films_as_before(drawn: TasteMap, tmp_path: Path) -> None:
    save_map(drawn, tmp_path / "space.npz")
    again = load_map(tmp_path / "space.npz")
    films, vectors = circles().films[:3], encode("abc")
    assert again.ids == drawn.ids
    assert np.allclose(again.place(films, vectors), drawn.place(films, vectors), atol=0.01)


def test_unknown_names_and_missing_tones_are_left_out_of_a_place(drawn: TasteMap) -> None:
    film = Film("new:odd", "C", 2001, genres=("War",), themes=("never heard of",))
    plain = replace(film, themes=())
    assert np.array_equal(drawn.place([film], encode("a")), drawn.place([plain], encode("a")))


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 broken"])
def test_a_damaged_map_is_refused_with_a_way_out(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "space.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="train space"):
        load_map(path)


def test_hidden_neighbours_are_found_by_the_map_and_not_by_texts_that_tell_nothing() -> None:
    catalogue = circles()
    vectors = encode([film.id for film in catalogue])
    report = evaluate_space(catalogue, vectors, nothing_told(catalogue), encode, seed=7)
    assert report.films == 4
    assert report.found["map of taste"][12].value > report.found["best known"][12].value


def test_hidden_films_are_found_by_their_requests_through_the_map_of_requests() -> None:
    """Eight genres of five films, whose requests name the genre and whose texts tell nothing."""
    genres = ("War", "Comedy", "Horror", "Drama", "Western", "Crime", "Music", "Sport")
    catalogue = Catalogue(
        Film(
            f"tt{n}",
            f"Film {n}",
            2000,
            genres=(genres[n % 8],),
            synopsis="Something happens.",
            requests=(f"{genres[n % 8]} please",),
            similar=(f"tt{(n + 8) % 40}",),
            popularity=1 - n / 100,
            source="described",
        )
        for n in range(40)
    )

    def heard(texts: Sequence[str]) -> Floats:
        asked = [text.removesuffix(" please") for text in texts]
        places = [genres.index(name) if name in genres else 8 for name in asked]
        return np.eye(9, dtype=np.float32)[places]

    rows, none = np.arange(40), np.zeros(0, np.int64)
    blank = heard(["anything"] * 40)
    kinds = {
        "synopsis": (rows, blank),
        "themes": (none, blank[:0]),
        "request": (rows, heard([film.requests[0] for film in catalogue.films])),
        "facts": (none, blank[:0]),
    }
    report = evaluate_space(catalogue, blank, kinds, heard, seed=7)
    assert report.requests == report.films == 4
    assert report.asked["map of requests"][10].value == 1.0
    assert report.asked["plain MiniLM"][10].value < 1.0
