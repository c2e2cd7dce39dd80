"""Random requests in words: no film shown ever breaks a condition."""

from __future__ import annotations

import random

from assistant.catalogue import Film
from assistant.chat import Assistant
from assistant.evaluation_limits import Condition, draw, evaluate_limits, in_words

REQUESTS = 150
"""A command tries 10,000; these keep the suite quick."""


def test_no_film_shown_breaks_a_condition(real_assistant: Assistant) -> None:
    report = evaluate_limits(real_assistant, REQUESTS, seed=11)
    assert report.breaches == ()
    assert report.shown > REQUESTS


def test_every_kind_of_condition_rules_out_some_film(real_assistant: Assistant) -> None:
    """A check that allows everything would hide a parser that reads nothing."""
    chance = random.Random(2)
    drawn = [condition for _ in range(60) for condition in draw(chance)]
    assert {condition.kind for condition in drawn} >= {"genre", "years", "ban", "calm", "person"}
    for condition in drawn:
        assert not all(condition.check(film) for film in real_assistant.catalogue)


def test_conditions_are_drawn_and_said_the_same_for_a_seed() -> None:
    def said(seed: int) -> list[tuple[str, ...]]:
        chance = random.Random(seed)
        return [tuple(in_words(draw(chance), chance)) for _ in range(20)]

    assert said(3) == said(3)
    assert said(3) != said(4)


def test_a_request_says_all_its_conditions() -> None:
    chance = random.Random(5)
    always = lambda film: isinstance(film, Film)  # noqa: E731
    conditions = (
        Condition("place", "French", "", always),
        Condition("years", "after 1990", "", always),
    )
    assert " ".join(in_words(conditions, chance)) == "a French film, after 1990"


def test_no_request_rules_out_the_genre_it_asks_for() -> None:
    """ "A horror film", then "no horror please" rightly forgets the horror, which was counted as a
    broken condition."""
    chance = random.Random(4)
    for _ in range(2_000):
        drawn = draw(chance)
        asked = {condition.genre for condition in drawn if condition.kind == "genre"}
        assert not any(c.kind == "ban" and c.genre in asked for c in drawn)
