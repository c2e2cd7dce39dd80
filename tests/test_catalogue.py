"""Films read, checked and written; the bundled catalogue as a whole."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from assistant.catalogue import Catalogue, Film, load_catalogue, parse_film, write_films
from assistant.config import Settings
from assistant.errors import DataError, ProblemsError, RequestError
from tests.conftest import tiny_films

GOOD: Mapping[str, object] = {"id": "tt1", "title": "A", "year": 1999}


@pytest.fixture(scope="module")
def bundled() -> Catalogue:
    return load_catalogue([Settings().data / "films"])


def test_a_film_written_is_the_film_read(tmp_path: Path) -> None:
    write_films(tmp_path / "some.jsonl", tiny_films())
    assert load_catalogue([tmp_path]).films == Catalogue(tiny_films()).films


def test_films_stand_in_popularity_order_and_ties_by_id() -> None:
    films = [Film("b", "B", 2000, popularity=0.5), Film("a", "A", 2000, popularity=0.5)]
    assert [film.id for film in Catalogue([*films, Film("c", "C", 2000, popularity=0.9)])] == [
        "c",
        "a",
        "b",
    ]


def test_an_id_given_twice_is_refused() -> None:
    with pytest.raises(DataError, match="tt1"):
        Catalogue([Film("tt1", "A", 2000), Film("tt1", "B", 2001)])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", ""),
        ("title", 7),
        ("year", "1999"),
        ("year", 1492),
        ("year", True),
        ("runtime_min", 0),
        ("certificate", 13),
        ("genres", ["Slasher Horror"]),
        ("genres", "Comedy"),
        ("cast", ["Tom Ray", ""]),
        ("popularity", 1.5),
        ("acclaim", "high"),
        ("tone", [1, 2, 3]),
        ("tone", [11] * 14),
        ("titles", {"zh": ""}),
        ("rating", 9.3),
    ],
)
def test_a_wrong_field_is_named(name: str, value: object) -> None:
    with pytest.raises(DataError, match=name):
        parse_film({**GOOD, name: value})


def test_every_problem_is_told_at_once_with_file_and_line(tmp_path: Path) -> None:
    lines = [
        orjson.dumps(GOOD),
        b"{not json",
        orjson.dumps({**GOOD, "id": "tt2", "year": 0}),
        b"[]",
        orjson.dumps(GOOD),
    ]
    (tmp_path / "some.jsonl").write_bytes(b"\n".join(lines))
    with pytest.raises(ProblemsError) as caught:
        load_catalogue([tmp_path])
    assert [line.split(": ")[0] for line in caught.value.problems] == [
        "some.jsonl:2",
        "some.jsonl:3",
        "some.jsonl:4",
        "some.jsonl",
    ]


def test_a_truncated_file_is_a_problem_not_a_shorter_catalogue(tmp_path: Path) -> None:
    write_films(tmp_path / "some.jsonl", tiny_films())
    whole = (tmp_path / "some.jsonl").read_bytes()
    (tmp_path / "some.jsonl").write_bytes(whole[:-40])
    with pytest.raises(ProblemsError, match=r"some\.jsonl:6"):
        load_catalogue([tmp_path])


def test_no_film_at_all_names_the_command_that_helps(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="catalogue build"):
        load_catalogue([tmp_path])


def test_of_equal_ids_the_earlier_folder_wins(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_films(tmp_path / name / "f.jsonl", [Film("tt1", name, 2000)])
    assert load_catalogue([tmp_path / "one", tmp_path / "two"])["tt1"].title == "one"


def test_an_unknown_id_is_told(tiny_catalogue: Catalogue) -> None:
    with pytest.raises(RequestError, match="tt99"):
        tiny_catalogue["tt99"]


def test_the_fingerprint_follows_content_and_not_order() -> None:
    films = tiny_films()
    same = Catalogue(reversed(films)).fingerprint
    assert same == Catalogue(films).fingerprint
    assert same != Catalogue([replace(films[0], title="Other"), *films[1:]]).fingerprint


def test_people_and_themes_lead_to_their_films(tiny_catalogue: Catalogue) -> None:
    assert tiny_catalogue.by_person["Tom Ray"] == ("tt1", "tt4")
    assert tiny_catalogue.by_theme["friendship"] == ("tt1", "tt2")
    assert tiny_catalogue.cited_by["tt1"] == ("tt2",)


def test_added_films_leave_those_already_here_alone(tiny_catalogue: Catalogue) -> None:
    more = tiny_catalogue.with_films([Film("tt1", "Other", 2000), Film("x:1", "New", 2000)])
    assert more["tt1"].title == "The Long Corridor"
    assert len(more) == len(tiny_catalogue) + 1


def test_the_bundled_catalogue_loads_within_seconds(bundled: Catalogue) -> None:
    """The bar is one second on an idle machine; three leaves room for a busy one."""
    began = time.process_time()
    again = load_catalogue([Settings().data / "films"])
    assert time.process_time() - began < 3.0
    assert again.fingerprint == bundled.fingerprint


def test_every_bundled_neighbour_is_another_film_of_the_catalogue(bundled: Catalogue) -> None:
    for film in bundled:
        assert film.id not in film.similar
        assert len(set(film.similar)) == len(film.similar)
        assert all(other in bundled for other in film.similar), film.label


def test_every_bundled_film_has_a_tone_and_every_described_one_our_texts(
    bundled: Catalogue,
) -> None:
    assert all(len(film.tone) == 14 for film in bundled)
    described = [film for film in bundled if film.described]
    assert len(described) > 4000
    assert all(f.synopsis and f.themes and f.requests and f.similar for f in described)


def test_a_subgenre_brings_its_main_genres(bundled: Catalogue) -> None:
    """The facts name only subgenres for this film."""
    empire = bundled["tt0080684"]
    assert {"Sci-Fi", "Fantasy", "Adventure"} <= set(empire.genres)
