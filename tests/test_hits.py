"""The hits of each year: on two films, on damaged files, and as bundled."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import orjson
import pytest

from assistant.catalogue import Catalogue, Film, load_catalogue
from assistant.errors import DataError
from assistant.hits import DEPTH, HITS_FILE, load_hits

FILMS = Catalogue([Film(f"tt{n}", "A", 1990, popularity=1 - n / 10) for n in range(3)])


def test_the_biggest_hit_of_a_year_counts_fully_and_later_places_less(tmp_path: Path) -> None:
    path = tmp_path / HITS_FILE
    path.write_bytes(orjson.dumps({"1990": ["tt2", "gone", "tt0"]}))
    hits = dict(zip((film.id for film in FILMS), load_hits(path, FILMS).tolist(), strict=True))
    assert hits["tt2"] == 1.0
    assert 0.5 < hits["tt0"] < 1.0
    assert hits["tt1"] == 0.0


def test_places_behind_the_last_that_counts_count_nothing(tmp_path: Path) -> None:
    path = tmp_path / HITS_FILE
    path.write_bytes(orjson.dumps({"1990": ["gone"] * DEPTH + ["tt0"]}))
    assert not load_hits(path, FILMS).any()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"then": []}', b'{"1990": 7}', b'{"1990": [7]}'])
def test_a_damaged_file_of_hits_is_refused_with_a_way_out(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / HITS_FILE
    path.write_bytes(content)
    with pytest.raises(DataError, match="restore it"):
        load_hits(path, FILMS)


def test_every_bundled_hit_is_a_film_of_about_its_year_and_named_once(project: Path) -> None:
    films = load_catalogue((project / "data" / "films",))
    years: Mapping[str, list[str]] = orjson.loads((project / "data" / HITS_FILE).read_bytes())
    named = [film_id for ids in years.values() for film_id in ids]
    assert len(named) == len(set(named)) > 2000
    off = [i for year, ids in years.items() for i in ids if abs(films[i].year - int(year)) > 1]
    assert off == []
