"""Events become taste: the last word counts, lately said counts more, curiosity counts little."""

import math
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.catalogue import TONES, Catalogue, Film
from assistant.history import Profile, profile, taste_summary
from assistant.store import KINDS, Event, Store

NOW_S = 1_700_000_000.0
DAY_S = 86400.0
_ids = count(1)


def _tone(**scores: float) -> tuple[float, ...]:
    return tuple(scores.get(name, 5.0) for name in TONES)


def _film(number: int, **fields: object) -> Film:
    return Film(f"tt{number}", f"Film {number}", 2000, **fields)  # type: ignore[arg-type]


CATALOGUE = Catalogue([_film(n, tone=_tone(funny=n % 10)) for n in range(1, 21)])


def _event(
    kind: str, film: str | None = "tt1", value: float | None = None, days_ago: float = 0
) -> Event:
    number = next(_ids)
    return Event(number, "u", kind, film, value, None, NOW_S - days_ago * DAY_S, number)


def _profile(*events: Event, catalogue: Catalogue = CATALOGUE) -> Profile:
    return profile(events, catalogue, None, NOW_S)


# Opinions


def test_a_stranger_has_an_empty_profile() -> None:
    assert _profile() == Profile()


@pytest.mark.parametrize(
    ("kind", "value", "strength"),
    [
        ("loved", None, 1.0),
        ("liked", None, 0.7),
        ("fine", None, 0.1),
        ("want", None, 0.3),
        ("rate", 5.0, 1.0),
        ("rate", 4.0, 0.5),
        ("open", None, 0.05),
        ("dwell", 8.0, 0.1),
        ("more_like", None, 0.2),
    ],
)
def test_each_good_sign_has_its_strength(kind: str, value: float | None, strength: float) -> None:
    taste = _profile(_event(kind, value=value))
    assert taste.likes == {"tt1": pytest.approx(strength)}
    assert taste.dislikes == {}


@pytest.mark.parametrize(
    ("kind", "value", "strength"),
    [
        ("disliked", None, 0.7),
        ("hated", None, 1.0),
        ("hide", None, 0.5),
        ("rate", 2.0, 0.5),
        ("rate", 0.5, 1.0),
    ],
)
def test_each_bad_sign_has_its_strength(kind: str, value: float | None, strength: float) -> None:
    taste = _profile(_event(kind, value=value))
    assert taste.dislikes == {"tt1": pytest.approx(strength)}
    assert taste.likes == {}


@pytest.mark.parametrize(
    ("kind", "value"),
    [("rate", 3.0), ("shown", None), ("seen", None), ("dwell", 7.9), ("unwant", None)],
)
def test_these_say_nothing_about_taste(kind: str, value: float | None) -> None:
    taste = _profile(_event(kind, value=value))
    assert (taste.likes, taste.dislikes) == ({}, {})


def test_the_latest_opinion_replaces_an_earlier_one() -> None:
    taste = _profile(_event("loved"), _event("hated"), _event("rate", value=4.0))
    assert taste.likes == {"tt1": pytest.approx(0.5)}
    assert taste.dislikes == {}
    assert taste.ratings == {"tt1": 4.0}


def test_wanting_to_see_a_loved_film_again_does_not_weaken_the_love() -> None:
    assert _profile(_event("loved"), _event("want")).likes == {"tt1": pytest.approx(1.0)}


def test_an_opinion_halves_its_fading_part_in_a_year_and_never_goes_away() -> None:
    fresh, year, ages = (
        _profile(_event("loved", days_ago=days)).likes["tt1"] for days in (0, 365, 365 * 40)
    )
    assert (fresh, year) == (pytest.approx(1.0), pytest.approx(0.65))
    assert ages == pytest.approx(0.3, abs=1e-3)


def test_curiosity_is_gone_after_a_few_months() -> None:
    assert _profile(_event("open", days_ago=120)).likes == {}


def test_curiosity_never_outweighs_wanting_to_see_a_film() -> None:
    taste = _profile(*[_event("more_like") for _ in range(50)], _event("want", "tt2"))
    assert 0 < taste.likes["tt1"] < taste.likes["tt2"]


def test_curiosity_about_a_disliked_film_does_not_turn_it_into_a_like() -> None:
    taste = _profile(_event("disliked"), *[_event("open") for _ in range(9)])
    assert taste.likes == {}


def test_a_clock_that_was_set_back_does_not_make_an_opinion_stronger_than_fresh() -> None:
    assert _profile(_event("loved", days_ago=-500)).likes == {"tt1": pytest.approx(1.0)}


# Seen, hidden, watchlist


@pytest.mark.parametrize("kind", ["seen", "loved", "liked", "fine", "disliked", "hated", "rate"])
def test_a_film_with_an_opinion_is_seen_until_it_is_unseen(kind: str) -> None:
    value = 3.0 if kind == "rate" else None
    assert _profile(_event(kind, value=value)).seen == {"tt1"}
    assert _profile(_event(kind, value=value), _event("unseen")).seen == frozenset()


def test_unhide_and_unwant_take_back_hide_and_want() -> None:
    taste = _profile(
        _event("hide"), _event("unhide"), _event("want", "tt2"), _event("unwant", "tt2")
    )
    assert (taste.hidden, taste.watchlist, taste.likes, taste.dislikes) == (frozenset(), (), {}, {})


def test_a_seen_film_leaves_the_watchlist() -> None:
    assert _profile(_event("want"), _event("seen")).watchlist == ()
    assert _profile(_event("want"), _event("loved")).watchlist == ()
    assert _profile(_event("seen"), _event("want")).watchlist == ("tt1",)


def test_hiding_and_wanting_a_film_exclude_each_other() -> None:
    later_wanted = _profile(_event("hide"), _event("want"))
    assert (later_wanted.hidden, later_wanted.watchlist) == (frozenset(), ("tt1",))
    later_hidden = _profile(_event("want"), _event("hide"))
    assert (later_hidden.hidden, later_hidden.watchlist) == ({"tt1"}, ())


def test_the_watchlist_is_newest_first() -> None:
    taste = _profile(
        _event("want", "tt3", days_ago=2), _event("want", "tt1", days_ago=1), _event("want", "tt2")
    )
    assert taste.watchlist == ("tt2", "tt1", "tt3")


def test_films_that_left_the_catalogue_still_count_as_seen_but_not_as_taste() -> None:
    taste = _profile(_event("rate", "gone", 5.0), _event("want", "gone too"))
    assert taste == Profile(seen=frozenset({"gone"}))


def test_the_profile_follows_an_undo_in_the_store(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "history.sqlite3")
    user = store.add_user().id
    store.record(user, "loved", "tt1")
    store.record(user, "hated", "tt1")
    store.undo_last(user)
    assert list(profile(store.events(user), CATALOGUE, None, NOW_S).likes) == ["tt1"]
    store.close()


# Interests


def _two_worlds() -> tuple[Catalogue, np.ndarray]:
    """Even films lie along one axis, odd ones along another, each a little off it."""
    catalogue = Catalogue(_film(n, themes=("heist",) if n % 2 else ("space",)) for n in range(1, 9))
    rows = []
    for film in catalogue.films:
        number = int(film.id[2:])
        vector = np.full(12, 0.1)
        vector[number % 2] = 1.0
        vector[2 + number] = 0.3
        rows.append(vector / np.linalg.norm(vector))
    return catalogue, np.array(rows, dtype=np.float32)


def test_likes_of_two_kinds_become_two_interests_heaviest_first() -> None:
    catalogue, vectors = _two_worlds()
    events = [_event("loved", f"tt{n}") for n in (1, 3, 5)] + [
        _event("liked", f"tt{n}") for n in (2, 4)
    ]
    first, second = profile(events, catalogue, vectors, NOW_S).interests
    assert first.films == ("tt1", "tt3", "tt5")
    assert second.films == ("tt2", "tt4")
    assert first.weight == pytest.approx(3 / 4.4, abs=1e-3)
    assert second.weight == pytest.approx(1.4 / 4.4, abs=1e-3)


def test_a_person_of_many_tastes_has_five_interests_at_most() -> None:
    catalogue = Catalogue(_film(n, themes=(f"theme {n}",)) for n in range(1, 13))
    vectors = np.eye(12, dtype=np.float32)
    events = [_event("loved", f"tt{n}") for n in range(1, 13)]
    found = profile(events, catalogue, vectors, NOW_S).interests
    assert len(found) == 5
    assert sum(interest.weight for interest in found) <= 1


def test_the_order_of_equal_events_does_not_change_the_interests() -> None:
    catalogue, vectors = _two_worlds()
    events = [_event("loved", f"tt{n}") for n in range(1, 9)]
    forwards = profile(events, catalogue, vectors, NOW_S).interests
    assert profile(events[::-1], catalogue, vectors, NOW_S).interests == forwards


def test_thousands_of_likes_are_grouped_quickly() -> None:
    catalogue = Catalogue(_film(n, themes=(f"theme {n % 9}",)) for n in range(3000))
    events = [_event("loved", f"tt{n}") for n in range(3000)]
    assert len(profile(events, catalogue, None, NOW_S).interests) == 5


# Tone


def test_tone_leans_towards_what_likes_have_more_of_than_films_at_large() -> None:
    """Mean funny over tt1..tt20 is 4.5; two likes of 9 lean (2 x 4.5) / (2 + 1) / 5."""
    catalogue = Catalogue([*CATALOGUE.films])
    events = [_event("loved", film) for film in ("tt9", "tt19")]
    leaning = _profile(*events, catalogue=catalogue).tone
    assert leaning["funny"] == pytest.approx((2 * 4.5) / 3 / 5)
    assert leaning["scary"] == 0.0


def test_without_tones_there_is_no_leaning() -> None:
    bare = Catalogue([_film(1)])
    assert _profile(_event("loved"), catalogue=bare).tone == {}


_KINDS = sorted(KINDS)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(_KINDS),
            st.sampled_from(["tt1", "tt2", "tt9", "gone"]),
            st.floats(0.5, 5.0),
            st.floats(-1e6, 1e6),
        ),
        max_size=30,
    )
)
def test_any_history_gives_a_sound_profile(rows: Sequence[tuple[str, str, float, float]]) -> None:
    taste = _profile(*(_event(kind, film, value, days) for kind, film, value, days in rows))
    for strengths in (taste.likes, taste.dislikes):
        assert all(0 < strength <= 1 for strength in strengths.values())
    assert not taste.likes.keys() & taste.dislikes.keys()
    assert all(math.isfinite(x) and -1 <= x <= 1 for x in taste.tone.values())
    assert sum(interest.weight for interest in taste.interests) <= 1.001
    assert not taste.hidden & set(taste.watchlist)
    grouped = [film for interest in taste.interests for film in interest.films]
    assert len(grouped) == len(set(grouped))
    assert set(grouped) <= set(taste.likes)


# The summary


def test_a_stranger_has_an_empty_summary() -> None:
    summary = taste_summary(Profile(), CATALOGUE)
    assert (summary.themes, summary.genres, summary.people, summary.tones) == ((), (), (), ())


def _library() -> Catalogue:
    heists = [
        _film(
            n,
            themes=("heist", "friendship"),
            genres=("Crime", "Drama"),
            directors=("Ann Lee",),
            tone=_tone(tense=9, slow=1),
        )
        for n in (1, 2, 3)
    ]
    others = [
        _film(n, themes=("friendship",), genres=("Drama",), tone=_tone()) for n in range(4, 30)
    ]
    return Catalogue(heists + others)


def test_what_stands_out_is_named_with_the_films_it_rests_on() -> None:
    library = _library()
    taste = _profile(_event("liked", "tt2"), _event("loved", "tt1"), catalogue=library)
    summary = taste_summary(taste, library)
    assert [(lean.name, lean.films) for lean in summary.themes] == [("heist", ("tt1", "tt2"))]
    assert [lean.name for lean in summary.genres] == ["Crime"]
    assert [lean.name for lean in summary.people] == ["Ann Lee"]
    assert {lean.name for lean in summary.tones} == {"tense+", "slow-"}
    assert summary.liked == ("tt1", "tt2")
    assert summary.circles[0].themes == ("friendship", "heist")


def test_what_everybody_likes_is_not_told_as_taste() -> None:
    library = _library()
    taste = _profile(_event("loved", "tt1"), _event("loved", "tt2"), catalogue=library)
    summary = taste_summary(taste, library)
    assert "Drama" not in [lean.name for lean in summary.genres]
    assert "friendship" not in [lean.name for lean in summary.themes]


def test_what_is_disliked_as_often_as_liked_is_not_told_as_taste() -> None:
    library = _library()
    taste = _profile(_event("loved", "tt1"), _event("hated", "tt2"), catalogue=library)
    assert "heist" not in [lean.name for lean in taste_summary(taste, library).themes]
