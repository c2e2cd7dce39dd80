"""The catalogue as arrays."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.catalogue import Catalogue, Film
from assistant.space import CITING_WEIGHT, RANK_DECAY, Space


def test_a_films_first_neighbour_is_nearer_than_its_second(tiny_catalogue: Catalogue) -> None:
    space = Space(tiny_catalogue)
    near = space.nearness(space.catalogue.row["tt1"], space.rows(["tt2", "tt3", "tt1"]))
    # tt2 is named first by tt1 and names tt1 back; tt3 is named second and names nobody.
    assert near.tolist() == pytest.approx([1 + CITING_WEIGHT, 2**-RANK_DECAY, 0.0])


def test_a_film_that_only_cites_the_seed_is_reached_too(tiny_catalogue: Catalogue) -> None:
    space = Space(tiny_catalogue)
    one, _ = space.near(space.rows(["tt3"]), np.ones(1, np.float32))
    assert one[space.catalogue.row["tt1"]] == pytest.approx(CITING_WEIGHT * 2**-RANK_DECAY)


def test_two_steps_reach_what_one_step_does_not(tiny_catalogue: Catalogue) -> None:
    space = Space(tiny_catalogue)
    one, two = space.near(space.rows(["tt3"]), np.ones(1, np.float32))
    assert one[space.catalogue.row["tt2"]] == 0
    assert two[space.catalogue.row["tt2"]] > 0


def test_no_seed_means_nothing_is_near(tiny_catalogue: Catalogue) -> None:
    one, two = Space(tiny_catalogue).near(np.zeros(0, np.int64), np.zeros(0, np.float32))
    assert not one.any()
    assert not two.any()


def test_neighbours_outside_the_catalogue_are_left_out() -> None:
    space = Space(Catalogue([Film("tt1", "A", 2000, similar=("tt9", "tt1"))]))
    assert space.graph.nnz == 0
    assert space.nearness(0, space.rows(["tt1"])).tolist() == [0.0]


def test_rare_themes_weigh_more_than_common_ones() -> None:
    films = [Film(f"tt{n}", "A", 2000, themes=("friendship",)) for n in range(8)]
    films.append(Film("tt9", "B", 2000, themes=("friendship", "heist"), popularity=1.0))
    space = Space(Catalogue(films))
    row = space.themes[[0]].toarray().ravel()
    assert row[space.theme_column["heist"]] > row[space.theme_column["friendship"]] > 0
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5)


def test_rows_skips_unknown_ids_and_keeps_the_order(tiny_catalogue: Catalogue) -> None:
    space = Space(tiny_catalogue)
    assert space.rows(["tt3", "nobody", "tt1"]).tolist() == [2, 0]


def test_main_genres_are_marked_and_subgenres_are_not() -> None:
    space = Space(
        Catalogue([Film("tt1", "A", 2000, genres=("War", "Drama")), Film("tt2", "B", 2001)])
    )
    assert space.main_genres.tolist() == [[1.0, 1.0], [0.0, 0.0]]
