"""Conditions on the whole catalogue at once say what ``Limits`` says of each film."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.catalogue import TONES, Catalogue, Film, Limits
from assistant.screening import Screen

NAMES = st.frozensets(st.sampled_from("abcd"), min_size=1, max_size=2)
GROUPS = st.lists(NAMES, max_size=2).map(tuple)
SOME = st.frozensets(st.sampled_from("abcd"), max_size=1)
LISTS = st.lists(st.sampled_from("abcd"), max_size=3).map(tuple)
LIMITS = st.builds(
    Limits,
    genres=GROUPS,
    not_genres=SOME,
    people=GROUPS,
    directed_by=GROUPS,
    starring=GROUPS,
    not_people=SOME,
    collections=GROUPS,
    not_collections=SOME,
    years=st.lists(st.tuples(st.integers(0, 2002), st.integers(1998, 9999)), max_size=2).map(tuple),
    runtime_min=st.none() | st.tuples(st.integers(0, 100), st.integers(90, 9999)),
    countries=SOME,
    not_countries=SOME,
    languages=SOME,
    not_languages=SOME,
    maximum_age=st.none() | st.integers(0, 130),
    acclaim_min=st.none() | st.sampled_from([0.0, 0.5, 0.8, 1.0]),
    not_themes=SOME,
    tone_max=st.dictionaries(st.sampled_from(TONES[:2]), st.sampled_from([3.0, 4.7, 5.0])),
    exclude=st.frozensets(st.sampled_from(["tt1", "tt2", "elsewhere"]), max_size=1),
)
TONE = st.just(()) | st.sampled_from([3.0, 4.7, 5.0]).map(lambda x: (x, 5.0, *([1.0] * 12)))
FACTS = st.fixed_dictionaries(
    {
        "year": st.integers(1997, 2003),
        "runtime_min": st.none() | st.integers(85, 105),
        "certificate": st.sampled_from([None, "unheard of", "G", "PG-13", "X"]),
        "genres": LISTS,
        "subgenres": LISTS,
        "directors": LISTS,
        "cast": LISTS,
        "countries": LISTS,
        "languages": LISTS,
        "themes": LISTS,
        "collections": LISTS,
        "tone": TONE,
        "acclaim": st.sampled_from([0.0, 0.5, 0.8]),
    }
)
FILMS = st.lists(FACTS, min_size=1, max_size=5).map(
    lambda told: [Film(f"tt{n}", "A", **facts) for n, facts in enumerate(told)]
)


@given(FILMS, LIMITS)
def test_films_are_possible_exactly_where_limits_allow_them(
    films: list[Film], limits: Limits
) -> None:
    catalogue = Catalogue(films)
    allowed = [limits.allow(film) for film in catalogue]
    assert Screen(catalogue).possible(limits).tolist() == allowed


@given(FILMS, LIMITS)
def test_preferences_are_met_by_the_share_that_limits_tell(
    films: list[Film], limits: Limits
) -> None:
    catalogue = Catalogue(films)
    share = Screen(catalogue).share_met(limits, np.arange(len(catalogue)))
    assert share.tolist() == pytest.approx([limits.share_met(film) for film in catalogue])


def test_every_field_of_limits_is_tried_here() -> None:
    """A condition added to ``Limits`` alone would hold back no film from the candidates."""
    tried = LIMITS.wrapped_strategy.kwargs  # type: ignore[attr-defined]  # hypothesis keeps it
    assert set(tried) == {field.name for field in fields(Limits)}


def test_a_genre_nobody_has_is_had_by_none() -> None:
    screen = Screen(Catalogue([Film("tt1", "A", 2000, genres=("War",))]))
    assert screen.has_any_genre({"War", "Satire"}).tolist() == [True]
    assert screen.has_any_genre({"Satire"}).tolist() == [False]
