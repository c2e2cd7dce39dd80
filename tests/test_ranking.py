"""From wants to picks on six films, and what every list must hold to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.catalogue import Catalogue, Film, Limits
from assistant.crowd import fit_crowd
from assistant.history import Profile
from assistant.index import Hit, Index
from assistant.parsing.request import Wants
from assistant.personal import LIKING
from assistant.ranking import PARTS, Pick, rank, score_of
from assistant.retrieval import Candidates, make_query, retrieve
from assistant.scoring import columns
from assistant.space import Floats, Space
from assistant.weights import Ranker
from tests.conftest import tiny_films

RANKER = Ranker(dict.fromkeys(PARTS, 1.0), 0.2, "tests")
STRANGER = Profile()
YEAR = 2026
KINDS = ("synopsis", "themes", "request", "facts")


class FakeIndex:
    """An index over hash-like vectors: alike only where texts are the same film's."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._ids = [film.id for film in catalogue.films]
        rng = np.random.default_rng(1)
        vectors = rng.normal(size=(len(self._ids), 16)).astype(np.float32)
        self.film_vectors: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def search(self, vector: Floats, limit: int) -> list[Hit]:
        """Every film, nearest first."""
        alike = self.film_vectors @ vector
        order = np.argsort(-alike)[:limit]
        return [Hit(self._ids[row], "synopsis", float(alike[row])) for row in order]

    def similarity_by_kind(self, vector: Floats) -> dict[str, Floats]:
        """The same likeness for every kind."""
        return dict.fromkeys(KINDS, self.film_vectors @ vector)


SPACE = Space(Catalogue(tiny_films()))
INDEX = cast(Index, FakeIndex(SPACE.catalogue))


def encode(texts: Sequence[str]) -> Floats:
    """The first film's vector, whatever is asked."""
    return INDEX.film_vectors[[0] * len(texts)]


def picks_for(
    wants: Wants,
    profile: Profile = STRANGER,
    count: int = 6,
    held_back: frozenset[str] = frozenset(),
    year: int = YEAR,
    seed: int = 7,
) -> tuple[Pick, ...]:
    query = make_query(wants, profile, SPACE, encode, year)
    candidates = retrieve(query, SPACE, INDEX, held_back)
    return rank(query, candidates, SPACE, INDEX, RANKER, count, seed)


def ids(picks: Sequence[Pick]) -> list[str]:
    return [pick.film.id for pick in picks]


def test_a_seed_brings_its_neighbours_first_and_never_itself() -> None:
    found = ids(picks_for(Wants(like=("tt1",))))
    assert found[0] == "tt2"
    assert "tt1" not in found


def test_the_neighbours_part_names_the_seed_it_rests_on() -> None:
    part = picks_for(Wants(like=("tt1",)))[0].part("neighbours")
    assert part is not None
    assert part.because == ("tt1",)


def test_shared_themes_are_named() -> None:
    part = picks_for(Wants(like=("tt1",)))[0].part("themes")
    assert part is not None
    assert part.because == ("friendship",)


def test_funnier_lifts_the_funny_film() -> None:
    plain = {p.film.id: p for p in picks_for(Wants(like=("tt4",)))}
    funny = {p.film.id: p for p in picks_for(Wants(like=("tt4",), tone={"funny": 1.0}))}
    gain = {i: funny[i].score - plain[i].score for i in plain}
    assert gain["tt2"] > gain["tt5"]


def test_seen_hidden_and_held_back_films_stay_away() -> None:
    taste = Profile(seen=frozenset({"tt2"}), hidden=frozenset({"tt3"}))
    assert set(ids(picks_for(Wants(), taste, held_back=frozenset({"tt5"})))) == {
        "tt1",
        "tt4",
        "tt6",
    }


def test_films_not_yet_released_on_the_day_are_left_out() -> None:
    assert set(ids(picks_for(Wants(), year=1995))) == {"tt1", "tt4"}


def test_a_liked_film_in_the_history_lifts_its_neighbours() -> None:
    taste = Profile(likes={"tt1": 1.0}, seen=frozenset({"tt1"}))
    part = picks_for(Wants(), taste)[0].part("profile")
    assert part is not None
    assert part.value > 0
    assert part.because == ("tt1",)


def test_a_faint_like_is_believed_less_than_a_strong_one() -> None:
    values = []
    for strength in (0.1, 1.0):
        taste = Profile(likes={"tt1": strength})
        part = next(p for p in picks_for(Wants(), taste) if p.film.id == "tt2").part("profile")
        assert part is not None
        values.append(part.value)
    assert values[0] < values[1] / 2


def test_a_profile_leans_to_films_in_the_tone_of_what_was_liked() -> None:
    merry, grim = (9.0, *([1.0] * 13)), (*([1.0] * 13), 9.0)
    films = [Film(f"tt{n}", "A", 2000, tone=tone) for n, tone in enumerate((merry, merry, grim))]
    space = Space(Catalogue(films))
    index = cast(Index, FakeIndex(space.catalogue))
    query = make_query(Wants(), Profile(likes={"tt0": 1.0}), space, encode, YEAR)
    index.film_vectors[:] = index.film_vectors[0]  # nothing else tells the three apart
    parts = columns(query, Candidates(space.rows(["tt1", "tt2"])), space, index, 7)
    alike, unlike = parts["profile"].tolist()
    assert alike > unlike


def test_what_likeness_makes_of_a_profile_sums_to_one() -> None:
    assert sum(LIKING.values()) == pytest.approx(1.0)


def value_of(pick: Pick, name: str) -> float:
    part = pick.part(name)
    return 0.0 if part is None else part.value


def test_neither_fame_nor_newness_counts_for_a_surprise() -> None:
    for name in ("popularity", "freshness"):
        assert any(pick.part(name) for pick in picks_for(Wants()))
        assert all(value_of(pick, name) <= 0 for pick in picks_for(Wants(novelty=1.0)))


def test_a_disliked_film_pushes_its_neighbours_down() -> None:
    places = [
        ids(picks_for(Wants(), taste)).index("tt2")
        for taste in (STRANGER, Profile(dislikes={"tt1": 1.0}, seen=frozenset({"tt1"})))
    ]
    stranger = [i for i in ids(picks_for(Wants())) if i != "tt1"].index("tt2")
    assert places[1] >= stranger
    part = next(
        p for p in picks_for(Wants(), Profile(dislikes={"tt1": 1.0})) if p.film.id == "tt2"
    ).part("dislike")
    assert part is not None
    assert part.value < 0


def test_variety_keeps_near_copies_apart() -> None:
    query = make_query(Wants(), STRANGER, SPACE, encode, YEAR)
    candidates = retrieve(query, SPACE, INDEX)
    eager = rank(query, candidates, SPACE, INDEX, replace(RANKER, variety=0.0), 6, 7)
    varied = rank(query, candidates, SPACE, INDEX, replace(RANKER, variety=1.0), 6, 7)
    assert [p.score for p in eager] == sorted((p.score for p in eager), reverse=True)
    assert ids(eager)[0] == ids(varied)[0]
    assert set(ids(eager)) == set(ids(varied))


def test_a_film_scored_alone_scores_as_in_the_list() -> None:
    wants = Wants(like=("tt1",), about="a warm story")
    query = make_query(wants, STRANGER, SPACE, encode, YEAR)
    listed = {p.film.id: p.score for p in picks_for(wants)}
    alone = score_of(SPACE.catalogue["tt3"], query, SPACE, INDEX, RANKER, 7)
    assert alone.score == pytest.approx(listed["tt3"], abs=1e-5)


def test_zero_films_asked_for_is_an_empty_list() -> None:
    assert picks_for(Wants(), count=0) == ()


film_ids = st.lists(st.sampled_from([f.id for f in tiny_films()]), unique=True, max_size=3)
limits_of = st.builds(
    Limits,
    genres=st.sampled_from([(), (frozenset({"Comedy", "Horror"}),), (frozenset({"Drama"}),)]),
    not_genres=st.sampled_from([frozenset(), frozenset({"Horror"})]),
    years=st.sampled_from([(), ((1990, 2010),), ((0, 1985), (2015, 9999))]),
    runtime_min=st.sampled_from([None, (0, 100), (100, 9999)]),
    languages=st.sampled_from([frozenset(), frozenset({"English"}), frozenset({"French"})]),
    maximum_age=st.sampled_from([None, 8, 13]),
    tone_max=st.sampled_from([{}, {"violent": 4.0}, {"scary": 5.0}]),
    exclude=film_ids.map(frozenset),
)
wants_of = st.builds(
    Wants,
    about=st.sampled_from(["", "a warm story"]),
    like=film_ids.map(tuple),
    themes=st.sampled_from([(), ("friendship",), ("unheard of",)]),
    tone=st.dictionaries(st.sampled_from(["funny", "scary"]), st.floats(-1, 1), max_size=2),
    limits=limits_of,
    prefer=limits_of,
    novelty=st.floats(-1, 1),
)


@settings(max_examples=200, deadline=None)
@given(wants_of, st.integers(0, 6), st.integers(0, 99))
def test_every_list_keeps_its_promises(wants: Wants, count: int, seed: int) -> None:
    """Every pick fits, none is a seed, none comes twice, parts sum to scores, and it repeats."""
    picks = picks_for(wants, count=count, seed=seed)
    assert len(picks) <= count
    assert len(set(ids(picks))) == len(picks)
    for pick in picks:
        assert wants.limits.allow(pick.film)
        assert pick.film.id not in wants.like
        assert sum(part.value for part in pick.parts) == pytest.approx(pick.score, abs=1e-5)
        assert np.isfinite(pick.score)
    assert picks == picks_for(wants, count=count, seed=seed)


@settings(max_examples=100, deadline=None)
@given(wants_of)
def test_whatever_fits_is_found(wants: Wants) -> None:
    """Narrow limits lose nobody: every film that fits is in a list long enough."""
    fits = {
        film.id
        for film in SPACE.catalogue
        if wants.limits.allow(film) and film.id not in wants.like
    }
    assert set(ids(picks_for(wants))) == fits


def test_an_unknown_film_counts_as_no_seed() -> None:
    assert ids(picks_for(Wants(like=("nobody",)))) == ids(picks_for(Wants()))


def test_a_film_can_have_nothing_known_about_it() -> None:
    space = Space(Catalogue([Film("tt1", "A", 2000), Film("tt2", "B", 2001, popularity=0.5)]))
    index = cast(Index, FakeIndex(space.catalogue))
    query = make_query(Wants(like=("tt1",), tone={"funny": 1}), STRANGER, space, encode, YEAR)
    picks = rank(query, retrieve(query, space, index), space, index, RANKER, 3, 7)
    assert ids(picks) == ["tt2"]


def test_company_is_named_by_the_films_that_keep_it() -> None:
    crowd = fit_crowd([["tt1", "tt3"]] * 8 + [["tt2"]], SPACE.catalogue)
    query = make_query(Wants(like=("tt1",)), STRANGER, SPACE, encode, YEAR)
    candidates = retrieve(query, SPACE, INDEX)
    picks = rank(query, candidates, SPACE, INDEX, RANKER, 6, 7, crowd=crowd)
    with_company = {p.film.id: p.part("company") for p in picks if p.part("company")}
    assert set(with_company) == {"tt3"}
    assert with_company["tt3"] is not None
    assert with_company["tt3"].because == ("tt1",)
    for pick in picks:
        assert pick.score == pytest.approx(sum(part.value for part in pick.parts), abs=1e-5)


def test_the_company_of_a_seed_is_a_candidate_however_little_known() -> None:
    crowd = fit_crowd([["tt1", "tt3"]] * 8, SPACE.catalogue)
    query = make_query(Wants(like=("tt1",)), STRANGER, SPACE, encode, YEAR)
    sources = dict(retrieve(query, SPACE, INDEX, crowd=crowd).found_by)
    assert SPACE.rows(["tt3"])[0] in sources["company"]
    assert "company" not in dict(retrieve(query, SPACE, INDEX).found_by)


def test_an_installation_without_a_crowd_has_no_such_parts() -> None:
    for pick in picks_for(Wants(like=("tt1",))):
        assert pick.part("company") is None
        assert pick.part("often") is None


def test_who_wants_the_unknown_is_brought_described_films_that_few_know() -> None:
    """Candidates were the best-known films whatever was asked, so that no find could be found."""
    films = [
        Film("tt1", "A", 2000, acclaim=0.9, popularity=0.1, source="described"),
        Film("tt2", "B", 2000, acclaim=0.9, popularity=0.1),
    ]
    space = Space(Catalogue(films))
    index = cast(Index, FakeIndex(space.catalogue))
    for novelty, brought in ((0.0, None), (1.0, ["tt1"])):
        query = make_query(Wants(novelty=novelty), STRANGER, space, encode, YEAR)
        rows = dict(retrieve(query, space, index).found_by).get("finds")
        assert (rows if rows is None else [space.catalogue.films[r].id for r in rows]) == brought


def test_an_asked_genre_prefers_what_is_most_typical_of_it() -> None:
    """Jurassic Park came among the first thrillers: a genre name alone says yes or no."""
    space = SPACE
    column = space.main_genre_column["Drama"]
    query = make_query(
        Wants(limits=Limits(genres=(frozenset({"Drama"}),))), STRANGER, space, encode, YEAR
    )
    candidates = retrieve(query, space, INDEX)
    parts = columns(query, candidates, space, INDEX, 7)
    assert parts["genre"].tolist() == pytest.approx(
        space.typical[candidates.rows][:, column].tolist()
    )
    narrow = replace(query, wants=Wants(limits=Limits(genres=(frozenset({"Heist"}),))))
    assert not columns(narrow, candidates, space, INDEX, 7)["genre"].any()


def test_a_hit_was_seen_by_many_and_a_flop_by_few_who_were_right() -> None:
    marks = {"tt1": (9.0, 5.0, 9.0, 9.0), "tt2": (1.0, 5.0, 1.0, 1.0), "tt3": (1.0, 5.0, 1.0, 1.0)}
    films = [
        Film(i, "A", 2000, renown=mark, acclaim=0.2 if i == "tt3" else 0.9)
        for i, mark in marks.items()
    ]
    space = Space(Catalogue(films))
    index = cast(Index, FakeIndex(space.catalogue))
    rows = space.rows(["tt1", "tt2", "tt3"])
    for hit, best in ((1.0, 0), (-1.0, 1)):
        query = make_query(Wants(hit=hit), STRANGER, space, encode, YEAR)
        told = columns(query, Candidates(rows), space, index, 7)["reception"].tolist()
        assert max(range(3), key=told.__getitem__) == best
    plain = make_query(Wants(), STRANGER, space, encode, YEAR)
    assert not columns(plain, Candidates(rows), space, index, 7)["reception"].any()


def test_what_everybody_knows_is_no_find_whatever_else_is_asked() -> None:
    """Beside a description or obscure seeds fame counts less; a find was then the most famous."""
    films = [
        Film(f"tt{n}", "A", 2000, popularity=p, renown=(5.0, 5.0, m, m), tone=(5.0,) * 14)
        for n, (p, m) in enumerate(((1.0, 9.0), (0.7, 3.0), (0.0, 0.0)))
    ]
    space = Space(Catalogue(films))
    index = cast(Index, FakeIndex(space.catalogue))
    rows = space.rows(["tt0", "tt1"])
    for wants in (
        Wants(novelty=1.0, about="a long warm story told quietly"),
        Wants(novelty=1.0, like=("tt2",), tone={"funny": 0.5}),
    ):
        query = make_query(wants, STRANGER, space, encode, YEAR)
        found = retrieve(query, space, index, only=frozenset({"tt0", "tt1"}))
        famous, known = columns(query, found, space, index, 7)["popularity"].tolist()
        assert famous < known, rows


def test_chance_never_counts_against_itself() -> None:
    for novelty in (-1.0, -0.5, 0.0, 1.0):
        query = make_query(Wants(novelty=novelty), STRANGER, SPACE, encode, YEAR)
        candidates = retrieve(query, SPACE, INDEX)
        assert (columns(query, candidates, SPACE, INDEX, 7)["exploration"] >= 0).all()
