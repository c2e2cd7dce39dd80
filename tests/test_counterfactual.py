"""What would change a film's place is computed by making the list again, and said as it is."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.catalogue import Catalogue, Limits
from assistant.chat import Assistant
from assistant.chips import Chip
from assistant.counterfactual import (
    LOOKED,
    TRIED,
    Without,
    causes,
    furthest,
    places_without,
)
from assistant.evaluation_faithfulness import measure_faithfulness
from assistant.facts import Fact
from assistant.history import Profile
from assistant.parsing.request import Wants
from assistant.ranking import Pick

WANTS = Wants(like=("tt1",), tone={"funny": 0.6})
CHIPS = (Chip("like:tt1", "like The Long Corridor"), Chip("tone:funny", "funnier"))


def test_a_place_is_where_the_film_stands_in_a_list_made_without_the_wish(
    tiny_catalogue: Catalogue,
) -> None:
    def make_list(wants: Wants, count: int) -> Sequence[Pick]:
        ids = ["tt3", "tt4", "tt2"] if wants.like else ["tt4"]
        return [Pick(tiny_catalogue[i], 1.0, ()) for i in ids[:count]]

    found = list(places_without("tt2", WANTS, CHIPS, make_list))
    assert [(without.key, without.place) for without in found] == [
        ("like:tt1", None),
        ("tone:funny", 3),
    ]


def test_only_so_many_wishes_are_tried() -> None:
    made: list[Wants] = []

    def make_list(wants: Wants, count: int) -> Sequence[Pick]:
        made.append(wants)
        return []

    chips = [Chip("tone:funny", "funnier")] * (TRIED + 3)
    assert len(list(places_without("tt2", WANTS, chips, make_list))) == TRIED == len(made)


def test_the_wish_that_holds_a_film_up_most_is_told_and_none_that_holds_it_down() -> None:
    far, near, up = Without("a", "a", None), Without("b", "b", 14), Without("c", "c", 1)
    assert furthest([near, far, up], 2) == far
    assert furthest([near, up], 2) == near
    assert furthest([up], 2) is None
    assert furthest([Without("d", "d", LOOKED)], LOOKED) is None


def test_a_film_named_is_no_cause_where_the_film_scores_more_without_it(
    real_assistant: Assistant,
) -> None:
    """Beside a film that few know, fame counts less: The Matrix has less of a score there than in
    a list that asks for nothing but its years."""
    catalogue, selector = real_assistant.catalogue, real_assistant.selector
    found = {film.title: film.id for film in reversed(catalogue.films)}
    wants = Wants(like=(found["Upstream Color"],), limits=Limits(years=((1980, 2020),)))
    for title, falls in (("The Matrix", False), ("A.I. Artificial Intelligence", True)):
        query, _ = selector.candidates(wants, Profile(), 2026)
        pick = selector.score(found[title], query)
        fact = Fact("seed", {}, "neighbours", (f"like:{found['Upstream Color']}",))
        assert causes(selector, [pick], wants, Profile(), 2026)(pick, fact) is falls


def test_a_wish_that_a_film_meets_is_a_cause_where_nothing_else_was_asked(
    real_assistant: Assistant,
) -> None:
    wants = Wants(tone={"funny": 0.6})
    _, picks = real_assistant.recommend(wants, Profile(), count=3, as_of=2026.5)
    judge = causes(real_assistant.selector, picks, wants, Profile(), 2026)
    wish, none = Fact("mood", {}, "tone", ("tone:funny",)), Fact("acclaim", {}, "acclaim", ())
    assert all(judge(pick, wish) and not judge(pick, none) for pick in picks)


def test_places_that_a_why_states_come_true_and_scores_fall_without_what_is_named(
    real_assistant: Assistant,
) -> None:
    report = measure_faithfulness(real_assistant, 15, 5, 2)
    assert report.recommendations == 15
    assert 0 < report.stated == report.exact, report.exceptions
    assert report.fell >= 0.98 * report.reasons > 0, report.exceptions
    assert sum(tried for _, tried in report.by_kind.values()) == report.reasons
