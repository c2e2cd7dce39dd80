"""How much parts count, beside a wish and where nothing is asked; the file that says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from assistant.catalogue import Limits
from assistant.errors import DataError
from assistant.history import Profile
from assistant.parsing.request import Wants
from assistant.ranking import rank
from assistant.retrieval import Query, make_query, retrieve
from assistant.scoring import PARTS
from assistant.weights import VARIETY, Ranker, Unasked, load_ranker, save_ranker
from tests.test_ranking import INDEX, SPACE, YEAR, encode

HALF = Unasked(0.0, {"popularity": 0.5, VARIETY: 0.4})
WHOLE = Unasked(3.0, {"popularity": 1.0, VARIETY: 0.0})
RANKER = Ranker(dict.fromkeys(PARTS, 2.0), 0.5, "tests", (HALF, WHOLE))
OF_AN_ERA = Wants(limits=Limits(years=((1900, 2030),)))


def query(wants: Wants, likes: float = 0.0) -> Query:
    """For somebody who likes one film so strongly."""
    taste = Profile(likes={"tt1": likes} if likes else {})
    return make_query(wants, taste, SPACE, encode, YEAR)


def test_beside_a_wish_everything_counts_wholly() -> None:
    for wants in (
        OF_AN_ERA,
        Wants(like=("tt2",)),
        Wants(tone={"funny": 1.0}),
        Wants(about="a warm story"),
        Wants(hit=1.0),
    ):
        assert set(RANKER.shares(query(wants)).values()) == {1.0}


def test_where_nothing_is_asked_parts_count_by_their_shares() -> None:
    shares = RANKER.shares(query(Wants()))
    assert shares["popularity"] == 0.5
    assert shares["acclaim"] == 1.0
    assert RANKER.weights_for(query(Wants()))["popularity"] == 1.0
    assert RANKER.variety_for(query(Wants())) == pytest.approx(0.5 * 0.4)


def test_shares_lie_between_those_of_fewer_and_of_more_likes() -> None:
    """log 2 is half of log 4: one like lies half way from none to three."""
    assert RANKER.shares(query(Wants(), 1.0))["popularity"] == pytest.approx(0.75)
    assert RANKER.shares_after(30.0)["popularity"] == 1.0


def test_a_surprise_counts_as_a_wish_as_far_as_it_is_wanted() -> None:
    shares = [RANKER.shares(query(Wants(novelty=n)))["popularity"] for n in (-1.0, 0.0, 0.5, 1.0)]
    assert shares == pytest.approx([0.5, 0.5, 0.75, 1.0])


def test_a_ranker_without_shares_counts_everything() -> None:
    plain = replace(RANKER, unasked=())
    assert plain.weights_for(query(Wants())) == plain.weights


def test_a_part_of_a_pick_is_worth_its_share() -> None:
    """Fame itself had grown instead, so that a film's score rose when a wish was dropped."""
    parts = []
    for wants in (Wants(), OF_AN_ERA):
        asked = query(wants)
        picks = rank(asked, retrieve(asked, SPACE, INDEX), SPACE, INDEX, RANKER, 9, 7)
        parts.append(next(p for p in picks if p.film.id == "tt1").part("popularity"))
    open_, narrow = parts
    assert open_ is not None and narrow is not None
    assert open_.value == pytest.approx(0.5 * narrow.value)


def test_the_bundled_weights_name_every_part_and_keep_chance_and_fame_low(project: Path) -> None:
    bundled = load_ranker(project / "data" / "ranker.json")
    assert set(bundled.weights) == set(PARTS)
    nothing = bundled.shares(query(Wants()))
    assert all(nothing[name] < 1.0 for name in ("popularity", "exploration", VARIETY))
    known = bundled.variety_for(query(Wants(), 1.0))
    assert 0.0 < known < bundled.variety_for(query(Wants())) < bundled.variety


def test_saved_weights_are_read_back(tmp_path: Path) -> None:
    save_ranker(RANKER, tmp_path / "ranker.json")
    assert load_ranker(tmp_path / "ranker.json") == RANKER


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": {}},
        {"weights": {**dict.fromkeys(PARTS, 1.0), "luck": 1.0}},
        {"unasked": [{"likes": 0, "shares": {"luck": 0.5}}]},
        {"unasked": [{"likes": 0, "shares": {"popularity": 2.5}}]},
        {"unasked": [{"shares": {}}]},
        {"unasked": [{"likes": 0, "shares": 3}]},
        {"unasked": None},
    ],
)
def test_wrong_weights_are_refused_with_the_file_named(
    tmp_path: Path, wrong: dict[str, object]
) -> None:
    path = tmp_path / "ranker.json"
    right = {
        "weights": dict.fromkeys(PARTS, 1.0),
        "unasked": [],
        "variety": 0.1,
        "trained_on": "x",
    }
    path.write_bytes(orjson.dumps(right | wrong))
    with pytest.raises(DataError, match=r"ranker\.json"):
        load_ranker(path)
