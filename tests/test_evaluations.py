"""The measures of ranking, on small made-up people, pairs and requests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.baselines import baselines
from assistant.catalogue import Catalogue, Film
from assistant.crowd import fit_crowd
from assistant.errors import DataError
from assistant.evaluation_halves import HALVES
from assistant.evaluation_history import EVERYBODY, evaluate_history
from assistant.evaluation_requests import without_requests
from assistant.evaluation_similar import evaluate_similar, read_pairs
from assistant.evaluation_variety import evaluate_variety, varied_wants
from assistant.importers.ratings import everybodys_ratings
from assistant.learning import Histories, Learned, Moment, moments_of, profile_at
from assistant.pictures import Curve, draw
from assistant.selection import Selector
from assistant.store import Entry
from assistant.weights import Ranker
from tests.test_fitting import FILMS, START, selector

__all__ = ["selector"]
VECTORS = np.eye(len(FILMS), dtype=np.float32)


def entries(*stars: float) -> tuple[Entry, ...]:
    """Ratings of tt0, tt1, ... a second apart."""
    return tuple(Entry("rate", f"tt{n}", s, float(n)) for n, s in enumerate(stars))


def test_a_moment_knows_what_came_before_and_seeks_what_came_after() -> None:
    moment = moments_of({"ann": entries(5, 2, 4, 4.5, 5)}, 2)[0]
    assert [e.film for e in moment.given] == ["tt0", "tt2"]
    assert moment.rated == {"tt0", "tt1", "tt2"}
    assert moment.later == {"tt3", "tt4"}


def test_the_latest_fifth_of_likes_is_never_given() -> None:
    assert moments_of({"ann": entries(5, 5, 5, 5, 5)}, 4)
    assert not moments_of({"ann": entries(5, 5, 5, 5, 5)}, 5)


def test_the_profile_of_a_moment_holds_nothing_of_what_came_after() -> None:
    moment = moments_of({"ann": entries(5, 2, 4, 4.5, 5)}, 2)[0]
    known = profile_at(moment, FILMS, VECTORS)
    assert set(known.likes) == {"tt0", "tt2"}
    assert known.seen == {"tt0", "tt1", "tt2"}


def nothing_learned(_: Histories) -> Learned:
    return Learned(fit_crowd((), FILMS), Ranker(START, 0.2, "tests"))


def test_a_recommender_that_knows_the_answer_gains_everything() -> None:
    people = {f"p{n}": entries(5, 5, 5, 5) for n in range(6)}
    after = [f"tt{n}" for n in range(4)]
    report = evaluate_history(
        people,
        FILMS,
        VECTORS,
        lambda taste, _year, _only, _learned: [i for i in after if i not in taste.seen],
        nothing_learned,
    )
    by_half = {half: report.halves[half].moments.get(1, 0) for half in HALVES}
    assert sum(by_half.values()) == report.halves[EVERYBODY].moments[1] == 6
    for half in report.halves.values():
        assert half.gain[1]["matinee"].value == pytest.approx(1.0)


def test_what_is_learned_comes_from_other_people_than_the_tested() -> None:
    people = {f"p{n}": entries(5, 5, 5, 5) for n in range(8)}
    taught: list[frozenset[str]] = []

    def learn(others: Histories) -> Learned:
        taught.append(frozenset(others))
        return nothing_learned(others)

    evaluate_history(people, FILMS, VECTORS, lambda *_: (), learn)
    assert taught[0] | taught[1] == set(people)
    assert not taught[0] & taught[1]
    assert all(taught)


def test_no_system_may_name_a_film_that_was_not_out_yet() -> None:
    """A baseline that learned from later people knew films of the future, which nobody could have
    been recommended."""
    films = Catalogue([replace(f, year=1970 if f.id != "tt0" else 2000) for f in FILMS.films])
    people = {f"p{n}": entries(4, 5, 5, 5) for n in range(8)}
    report = evaluate_history(people, films, VECTORS, lambda *_: (), nothing_learned)
    for half in report.halves.values():
        # tt0 is the first like of everybody, but comes out decades later: three are left to name.
        assert half.recall[0]["popularity"].value == pytest.approx(3 / 4)


def test_others_likes_find_what_goes_together() -> None:
    lists = [["a", "b"]] * 5 + [["c", "d"]] * 4
    for name in ("ItemKNN", "EASE", "implicit ALS"):
        assert baselines(lists)[name](["c"], frozenset({"c"}), 1) == ["d"], name
    assert baselines(lists)["popularity"](["c"], frozenset({"c"}), 1) == ["a"]


def test_everybodys_ratings_are_read_by_person_in_order_of_time(tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text(
        "userId,movieId,rating,timestamp\n1,10,4.0,200\n1,11,3.0,100\n2,10,5.0,50\n2,99,5.0,60\n"
    )
    (tmp_path / "links.csv").write_text("movieId,imdbId,tmdbId\n10,0000001,1\n11,0000002,2\n")
    films = Catalogue([Film("tt0000001", "A", 2000), Film("tt0000002", "B", 2001)])
    people = everybodys_ratings(tmp_path, films)
    assert [(e.film, e.value) for e in people["1"]] == [("tt0000002", 3.0), ("tt0000001", 4.0)]
    assert [e.film for e in people["2"]] == ["tt0000001"]


def test_a_folder_without_ratings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"links\.csv"):
        everybodys_ratings(tmp_path, FILMS)


def test_pairs_are_judged_by_how_alike_their_films_are(selector: Selector, tmp_path: Path) -> None:
    films = Catalogue(
        [
            Film("a", "Alpha", 2000, genres=("War",), similar=("b",)),
            Film("b", "Beta", 2001, genres=("War",), similar=("a",)),
            Film("c", "Gamma", 1950, genres=("Musical",)),
        ]
    )
    table = tmp_path / "pairs.tsv"
    table.write_text(
        "title_1\tyear_1\ttitle_2\tyear_2\trating\n"
        "alpha\t2000\tbeta\t2001\tOK\nalpha\t2000\tgamma\t1950\tNOT_OK\nalpha\t2000\tnobody\t1999\tOK\n"
    )
    from tests.test_ranking import FakeIndex, Space

    index = FakeIndex(films)
    over = replace(selector, catalogue=films, space=Space(films), index=index)  # type: ignore[arg-type]  # the few methods a score needs
    pairs, missing = read_pairs(table, films)
    report = evaluate_similar(pairs, missing, over)
    assert (report.pairs, report.missing, report.alike) == (2, 1, 1)
    assert report.area["matinee"].value == 1.0
    assert sum(report.halves.values()) == report.pairs


def test_held_out_requests_are_in_neither_catalogue_nor_index_texts() -> None:
    films = [
        Film(f"tt{n}", f"F{n}", 2000, requests=(f"request {n}",), source="described")
        for n in range(50)
    ]
    stripped, held = without_requests(Catalogue(films))
    assert 0 < len(held) < 25
    for film in stripped:
        assert (film.id in held) == (not film.requests)


def test_varied_requests_repeat_by_seed() -> None:
    assert list(varied_wants(FILMS.films, 40, 7)) == list(varied_wants(FILMS.films, 40, 7))
    assert list(varied_wants(FILMS.films, 40, 7)) != list(varied_wants(FILMS.films, 40, 8))


def test_more_variety_never_makes_lists_more_alike(selector: Selector) -> None:
    tried = evaluate_variety(selector, 12, 2026).tried
    assert tried[-1].alike.value <= tried[0].alike.value
    assert tried[0].kept.value == pytest.approx(1.0)


def test_a_curve_becomes_a_picture(tmp_path: Path) -> None:
    draw(Curve("t", "x", "y", [(0.0, 1.0, "a"), (1.0, 0.5, "b")]), tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_a_moment_is_a_value() -> None:
    moment = Moment("p", (), frozenset(), frozenset({"tt1"}), 0.0)
    assert profile_at(moment, FILMS, VECTORS).likes == {}
