"""What fits and what does not, field by field, and how a follow-up changes it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.catalogue import TONES, Film, Limits

FILM = Film(
    id="tt1",
    title="A",
    year=2001,
    runtime_min=100,
    certificate="PG-13",
    genres=("Comedy",),
    subgenres=("Road Trip",),
    directors=("Ada Bell",),
    cast=("Tom Ray",),
    countries=("France",),
    languages=("French", "English"),
    collections=("Pixar", "Disney"),
    themes=("wedding",),
    tone=(8.0, *([1.0] * 13)),
)
BARE = Film(id="tt2", title="B", year=2001)
FIT = [
    Limits(),
    Limits(genres=(frozenset({"Comedy", "Horror"}),)),
    Limits(genres=(frozenset({"Comedy"}), frozenset({"Road Trip"}))),
    Limits(not_genres=frozenset({"Horror"})),
    Limits(people=(frozenset({"Ada Bell"}),)),
    Limits(people=(frozenset({"Tom Ray"}),)),
    Limits(directed_by=(frozenset({"Ada Bell"}),)),
    Limits(starring=(frozenset({"Tom Ray"}),)),
    Limits(not_people=frozenset({"Lu Chen"})),
    Limits(years=((2001, 2001),)),
    Limits(years=((1980, 1989), (2000, 9999))),
    Limits(runtime_min=(0, 100)),
    Limits(countries=frozenset({"France", "Italy"})),
    Limits(not_countries=frozenset({"Italy"})),
    Limits(collections=(frozenset({"Pixar", "Laika"}),)),
    Limits(not_collections=frozenset({"Laika"})),
    Limits(languages=frozenset({"French"})),
    Limits(not_languages=frozenset({"English"})),
    Limits(maximum_age=13),
    Limits(not_themes=frozenset({"heist"})),
    Limits(tone_max={"scary": 1.0}),
    Limits(exclude=frozenset({"tt9"})),
]
MISFIT = [
    ("genres", Limits(genres=(frozenset({"Comedy"}), frozenset({"Horror"})))),
    ("not_genres", Limits(not_genres=frozenset({"Road Trip"}))),
    ("people", Limits(people=(frozenset({"Lu Chen"}),))),
    ("directed_by", Limits(directed_by=(frozenset({"Tom Ray"}),))),
    ("starring", Limits(starring=(frozenset({"Ada Bell"}),))),
    ("not_people", Limits(not_people=frozenset({"Tom Ray"}))),
    ("years", Limits(years=((2002, 9999),))),
    ("runtime_min", Limits(runtime_min=(0, 99))),
    ("countries", Limits(countries=frozenset({"Italy"}))),
    ("not_countries", Limits(not_countries=frozenset({"France"}))),
    ("collections", Limits(collections=(frozenset({"Pixar"}), frozenset({"Best Picture"})))),
    ("not_collections", Limits(not_collections=frozenset({"Pixar"}))),
    ("languages", Limits(languages=frozenset({"English"}))),
    ("not_languages", Limits(not_languages=frozenset({"French"}))),
    ("maximum_age", Limits(maximum_age=12)),
    ("acclaim_min", Limits(acclaim_min=0.5)),
    ("not_themes", Limits(not_themes=frozenset({"wedding"}))),
    ("tone_max", Limits(tone_max={"funny": 7.9})),
    ("exclude", Limits(exclude=frozenset({"tt1"}))),
]
ASKS_FOR_A_FACT = [
    Limits(runtime_min=(0, 200)),
    Limits(maximum_age=18),
    Limits(languages=frozenset({"French"})),
    Limits(countries=frozenset({"France"})),
    Limits(collections=(frozenset({"Pixar"}),)),
    Limits(tone_max={"scary": 9.0}),
    Limits(genres=(frozenset({"Drama"}),)),
]
some_limits = st.sampled_from(FIT + [limits for _, limits in MISFIT])


@pytest.mark.parametrize("limits", FIT)
def test_a_film_that_meets_every_condition_is_allowed(limits: Limits) -> None:
    assert limits.allow(FILM)


@pytest.mark.parametrize(("name", "limits"), MISFIT)
def test_a_broken_condition_is_named_by_its_field(name: str, limits: Limits) -> None:
    assert list(limits.broken_by(FILM)) == [name]


@pytest.mark.parametrize("limits", ASKS_FOR_A_FACT)
def test_an_unknown_fact_fails_the_limit_that_asks_for_it(limits: Limits) -> None:
    assert not limits.allow(BARE)


def test_a_newer_year_replaces_the_older_one() -> None:
    both = Limits(years=((1990, 1999),)).and_(Limits(years=((2000, 9999),)))
    assert both.years == ((2000, 9999),)


def test_a_genre_newly_excluded_is_no_longer_asked_for() -> None:
    older = Limits(genres=(frozenset({"Comedy", "Drama"}),))
    both = older.and_(Limits(not_genres=frozenset({"Comedy"})))
    assert both.genres == (frozenset({"Drama"}),)
    assert both.not_genres == frozenset({"Comedy"})


def test_a_genre_newly_asked_for_is_no_longer_excluded() -> None:
    older = Limits(not_genres=frozenset({"Comedy", "Horror"}))
    both = older.and_(Limits(genres=(frozenset({"Comedy"}),)))
    assert both.not_genres == frozenset({"Horror"})


def test_a_dropped_field_is_back_at_its_default_and_no_other() -> None:
    limits = Limits(years=((2000, 9999),), maximum_age=13)
    assert limits.without(frozenset({"years"})) == Limits(maximum_age=13)


def test_only_fields_that_ask_for_something_are_named() -> None:
    assert Limits(maximum_age=0, not_themes=frozenset({"heist"})).set_names() == (
        "maximum_age",
        "not_themes",
    )


@given(some_limits)
def test_folding_in_nothing_changes_nothing(limits: Limits) -> None:
    assert limits.and_(Limits()) == limits
    assert Limits().and_(limits) == limits


@given(some_limits)
def test_without_every_set_field_anything_is_allowed(limits: Limits) -> None:
    assert limits.without(frozenset(limits.set_names())) == Limits()


def test_the_tones_of_a_film_are_read_in_their_order() -> None:
    assert FILM.tone_of(TONES[0]) == 8.0
    assert BARE.tone_of("funny") is None


def test_the_share_met_counts_each_group_by_itself() -> None:
    film = Film("tt1", "A", 1995, genres=("Horror",))
    hoped = Limits(genres=(frozenset({"Horror"}), frozenset({"Sci-Fi"})), years=((1990, 1999),))
    assert hoped.share_met(film) == pytest.approx(2 / 3)
    assert Limits().share_met(film) == 1.0


def test_a_gentle_cartoon_rated_pg_is_for_five_year_olds_and_others_are_not() -> None:
    """Frozen, Ice Age and Shrek were kept from five-year-olds by their certificate."""
    tone = tuple(10.0 if name == "family" else 1.0 for name in TONES)
    frozen = Film("tt1", "F", 2013, certificate="PG", genres=("Animation",), tone=tone)
    frozen = replace(frozen, source="described")
    scary = tuple(
        4.0 if name == "scary" else score for name, score in zip(TONES, tone, strict=True)
    )
    small = Limits(maximum_age=5)
    assert small.allow(frozen)
    assert not small.allow(replace(frozen, tone=scary))
    assert not small.allow(replace(frozen, genres=("Family",)))
    assert not small.allow(replace(frozen, source="facts"))
    assert not Limits(maximum_age=4).allow(frozen)


@pytest.mark.parametrize(
    ("countries", "language", "home", "claimed"),
    [
        (("United States", "China"), "English", {"United States"}, {"United States"}),
        (("China", "United Kingdom", "United States"), "English", {"United States"}, None),
        (("United Kingdom", "United States"), "English", {"United Kingdom"}, None),
        (("Taiwan", "Hong Kong", "United States"), "Mandarin", {"Taiwan", "Hong Kong"}, None),
        (("France", "Germany"), "French", {"France"}, {"France"}),
        (("Germany",), "English", {"Germany"}, {"Germany"}),
        ((), "English", set(), set()),
    ],
)
def test_a_film_is_at_home_where_it_was_made_not_wherever_money_came_from(
    countries: tuple[str, ...], language: str, home: set[str], claimed: set[str] | None
) -> None:
    """Chinese films were Green Book and La La Land; British ones began with The Dark Knight."""
    film = replace(FILM, countries=countries, languages=(language,))
    assert set(film.home) == home
    if claimed is not None:
        assert set(film.claimed) == claimed
    for country in countries:
        assert Limits(countries=frozenset({country})).allow(film) is (country in home)


def test_who_wants_no_american_films_gets_none_that_america_made_with_others() -> None:
    film = replace(FILM, countries=("United Kingdom", "United States"), languages=("English",))
    assert not Limits(not_countries=frozenset({"United States"})).allow(film)
