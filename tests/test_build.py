"""The bundled catalogue made from facts and descriptions, on a handful of films."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from assistant.catalogue import Film, load_catalogue
from assistant.config import Settings
from assistant.embedding import Encoder
from assistant.errors import DataError, ProblemsError
from assistant.importers.build import BuildReport, build_catalogue, decade_name, measure_estimates
from assistant.importers.facts import language_names, load_genre_names
from assistant.importers.titles import Known, Titles, standard_key


def fact(number: int, title: str, year: int, **more: object) -> dict[str, object]:
    return {
        "id": f"tt{number}",
        "title": title,
        "year": year,
        "runtime_min": 100,
        "certificate": "R",
        "genres": ["Drama"],
        "directors": ["Ada Bell"],
        "cast": ["Tom Ray"],
        "countries": ["France"],
        "languages": ["en", "None"],
        "rating": 7.0,
        "votes": 100 * number,
        "keywords": ["prison"],
        **more,
    }


def description(number: int, title: str, year: int, **more: object) -> dict[str, object]:
    return {
        "id": f"tt{number}",
        "title": title,
        "year": year,
        "synopsis": "Somebody is locked up.",
        "themes": ["prison life"],
        "keywords": ["stone walls"],
        "tone": [5] * 14,
        "requests": ["one", "two", "three"],
        "similar": ["The Second & Last (2001)", "Nowhere Film (1950)", f"{title} ({year})"],
        "zh": "第一",
        "aliases": ["First"],
        **more,
    }


def build(
    folder: Path,
    facts: Sequence[Mapping[str, object]],
    authored: Sequence[Mapping[str, object]],
    later: Path | None = None,
) -> BuildReport:
    (folder / "authored").mkdir(exist_ok=True)
    (folder / "facts.jsonl").write_bytes(b"\n".join(orjson.dumps(row) for row in facts))
    (folder / "authored" / "a.jsonl").write_bytes(b"\n".join(orjson.dumps(r) for r in authored))
    (folder / "themes.txt").write_text("# heading\nprison life\nheist\n", encoding="utf-8")
    return build_catalogue(
        folder / "facts.jsonl",
        folder / "authored",
        folder / "themes.txt",
        folder / "films",
        later=later,
    )


FACTS = [
    fact(1, "First", 1999),
    fact(2, "Second and Last", 2000, runtime_min=0, genres=["TV Movie", "Romantic Comedy"]),
    fact(3, "Third", 1925, rating=None, votes=None),
]
AUTHORED = [description(1, "First", 1999)]


def test_facts_and_descriptions_are_joined_and_neighbours_become_ids(tmp_path: Path) -> None:
    report = build(tmp_path, FACTS, AUTHORED)
    film = load_catalogue([tmp_path / "films"])["tt1"]
    assert film.described
    assert film.similar == ("tt2",)
    assert film.titles == {"zh": "第一"}
    assert film.aliases == ()
    assert film.languages == ("English",)
    assert (report.neighbours, report.resolved) == (3, 2)
    assert report.unresolved == (("Nowhere Film (1950)", 1),)


def written_later(folder: Path, name: str, rows: Sequence[Mapping[str, object]]) -> Path:
    later = folder / "later"
    later.mkdir(exist_ok=True)
    (later / f"{name}.jsonl").write_bytes(b"\n".join(orjson.dumps(row) for row in rows))
    return later


def test_what_was_written_later_is_joined_as_well(tmp_path: Path) -> None:
    key = {"id": "tt1", "title": "First", "year": 1999}
    written_later(tmp_path, "neighbours", [{**key, "similar": ["Third (1925)", "First (1999)"]}])
    written_later(tmp_path, "renown", [{**key, "renown": [1, 2.5, 3, 4]}])
    more = description(3, "Third", 1925, similar=["First (1999)"], zh="", aliases=[])
    later = written_later(tmp_path, "descriptions", [more])
    build(tmp_path, FACTS, AUTHORED, later)
    films = load_catalogue([tmp_path / "films"])
    assert films["tt1"].similar == ("tt2", "tt3")
    assert films["tt1"].renown == (1, 2.5, 3, 4)
    assert films["tt3"].described
    assert films["tt3"].similar == ("tt1",)


def test_a_description_written_first_stays(tmp_path: Path) -> None:
    later = written_later(tmp_path, "descriptions", [description(1, "First", 1999, zh="第二")])
    build(tmp_path, FACTS, AUTHORED, later)
    assert load_catalogue([tmp_path / "films"])["tt1"].titles == {"zh": "第一"}


def test_further_neighbours_of_a_film_nobody_described_are_refused(tmp_path: Path) -> None:
    rows = [{"id": "tt2", "title": "Second", "year": 2000, "similar": ["First (1999)"]}]
    later = written_later(tmp_path, "neighbours", rows)
    with pytest.raises(ProblemsError, match="tt2: no description"):
        build(tmp_path, FACTS, AUTHORED, later)


@pytest.mark.parametrize("marks", [[1, 2, 3], [1, 2, 3, 10], ["1", 2, 3, 4], None])
def test_marks_of_another_shape_are_refused_before_anything_is_written(
    tmp_path: Path, marks: object
) -> None:
    rows = [{"id": "tt1", "title": "First", "year": 1999, "renown": marks}]
    later = written_later(tmp_path, "renown", rows)
    with pytest.raises(ProblemsError, match="tt1"):
        build(tmp_path, FACTS, AUTHORED, later)
    assert not (tmp_path / "films").exists()


def test_undescribed_films_keep_their_facts(tmp_path: Path) -> None:
    build(tmp_path, FACTS, AUTHORED)
    film = load_catalogue([tmp_path / "films"])["tt2"]
    assert film.source == "facts"
    assert film.runtime_min is None
    assert film.genres == ("Comedy", "Romance")
    assert film.subgenres == ("Romantic Comedy",)


def test_a_description_tells_subgenres_that_the_facts_forgot() -> None:
    """Harakiri was no samurai film: lists of subgenres leave out most of what a film is."""
    names = load_genre_names(Settings().data / "genres.json")
    drama = Film("tt9", "X", 1962, genres=("Drama",), themes=("samurai", "slasher", "heist"))
    assert names.told_of(drama) == ("Heist", "Samurai")
    horror = replace(drama, genres=("Horror",), subgenres=("Samurai",))
    assert names.told_of(horror) == ("Samurai", "Heist", "Slasher Horror")
    assert names.told_of(replace(drama, themes=())) == ()


def test_popularity_and_acclaim_are_ranks(tmp_path: Path) -> None:
    build(tmp_path, FACTS, AUTHORED)
    films = load_catalogue([tmp_path / "films"])
    assert [films[i].popularity for i in ("tt3", "tt1", "tt2")] == [0.0, 0.5, 1.0]


def test_no_vote_rating_or_foreign_keyword_is_written(tmp_path: Path) -> None:
    report = build(tmp_path, FACTS, AUTHORED)
    text = b"".join(path.read_bytes() for path in report.files)
    assert not any(word in text for word in (b"votes", b"rating", b'"prison"'))


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in build(tmp_path, FACTS, AUTHORED).files]
    second = [path.read_bytes() for path in build(tmp_path, FACTS[::-1], AUTHORED).files]
    assert first == second


def test_films_stand_in_files_by_decade(tmp_path: Path) -> None:
    report = build(tmp_path, FACTS, AUTHORED)
    assert [p.name for p in report.files] == ["1990s.jsonl", "2000s.jsonl", "before-1930.jsonl"]
    assert decade_name(1930) == "1930s"


def test_a_fact_that_cannot_be_used_is_left_out_and_told(tmp_path: Path) -> None:
    report = build(tmp_path, [*FACTS, fact(4, "Odd", 2000, genres=["Wombat"])], AUTHORED)
    assert report.films == 3
    assert "tt4" in report.refused[0]
    assert "Wombat" in report.refused[0]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"themes": ["knitting"]}, "knitting"),
        ({"synopsis": ""}, "synopsis"),
        ({"id": "tt9"}, "tt9"),
    ],
)
def test_a_wrong_description_stops_the_build(
    tmp_path: Path, more: Mapping[str, object], said: str
) -> None:
    with pytest.raises(ProblemsError, match=said):
        build(tmp_path, FACTS, [{**AUTHORED[0], **more}])


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere"):
        build_catalogue(tmp_path / "nowhere", tmp_path, tmp_path, tmp_path)


TITLES = Titles(
    [
        Known("wonder", 1946, 9, ("It's a Wonderful Life",)),
        Known("amelie", 2001, 9, ("Amélie", "Le Fabuleux Destin d'Amélie Poulain")),
        Known("part2", 1974, 9, ("The Godfather Part II",)),
        Known("seven", 1995, 9, ("Se7en", "Seven")),
        Known("borat", 2006, 9, ("Borat",)),
        Known("fury", 2015, 9, ("Mad Max: Fury Road",)),
        Known("old", 1958, 1, ("Dracula",)),
        Known("new", 1992, 9, ("Dracula",)),
        Known("robots", 1986, 9, ("The Robots: The Movie",)),
    ]
)


@pytest.mark.parametrize(
    ("label", "film_id"),
    [
        ("Its a Wonderful Life (1946)", "wonder"),
        ("It's a Wonderful Life (1947)", "wonder"),
        ("Amelie (2001)", "amelie"),
        ("The Godfather: Part 2 (1974)", "part2"),
        ("Seven (1995)", "seven"),
        ("Borat: Cultural Learnings of America (2006)", "borat"),
        ("Fury Road (2015)", "fury"),
        ("Dracula (1958)", "old"),
        ("Dracula (1992)", "new"),
        ("Dracula (1970)", None),
        ("Ponies: The Movie (1986)", None),
        ("Seven", None),
    ],
)
def test_a_written_title_finds_its_film(label: str, film_id: str | None) -> None:
    assert TITLES.find(label) == film_id


def test_one_key_for_what_is_written_in_two_ways() -> None:
    assert standard_key("Fast & Furious, Part III") == standard_key("fast and furious 3")


def test_every_parent_of_a_bundled_subgenre_is_a_main_genre() -> None:
    names = load_genre_names(Settings().data / "genres.json")
    assert names.split(["Science Fiction", "Sword & Sorcery"]) == (
        ("Sci-Fi", "Adventure", "Fantasy"),
        ("Sword & Sorcery",),
    )
    assert names.split(["Dark Comedy", "War"]) == (("War",), ("Dark Comedy",))
    assert names.split(["Dark Comedy"]) == (("Comedy",), ("Dark Comedy",))


def test_language_codes_become_names() -> None:
    assert language_names(["fr", "French", "None", "ja"]) == ("French", "Japanese")


def test_estimates_beat_guessing_the_mean(tmp_path: Path) -> None:
    """Films of two kinds whose keyword alone tells tone and theme."""
    kinds = (("prison", "prison life", 9), ("heist", "heist", 1))
    facts, authored = [], []
    for number in range(1, 61):
        word, theme, score = kinds[number % 2]
        facts.append(fact(number, f"F{number}", 2000, keywords=[word], directors=[]))
        authored.append(description(number, f"F{number}", 2000, themes=[theme], tone=[score] * 14))
    build(tmp_path, facts, authored)
    report = measure_estimates(
        tmp_path / "facts.jsonl", tmp_path / "authored", tmp_path / "themes.txt", Encoder()
    )
    assert report.films == 6
    assert report.mean_error > 3.0
    assert report.tone_error < 1.5
    assert np.isclose(report.theme_precision, 1.0)
