"""Which of some films is the most of something."""

from __future__ import annotations

from assistant.catalogue import Film
from assistant.superlatives import MEASURES, foremost, tone_measure


def film(name: str, minutes: int | None = None, funny: float | None = None) -> Film:
    tone = () if funny is None else (funny, *(5.0,) * 13)
    return Film(id=name, title=name, year=2000, runtime_min=minutes, tone=tone)


def test_the_shortest_and_the_longest_are_found() -> None:
    films = [film("a", 100), film("b", 90), film("c", 130)]
    assert foremost(films, MEASURES["runtime"], least=True) == films[1]
    assert foremost(films, MEASURES["runtime"], least=False) == films[2]


def test_films_without_the_figure_take_no_part() -> None:
    films = [film("a"), film("b", 90), film("c", 130)]
    assert foremost(films, MEASURES["runtime"], least=True) == films[1]
    assert foremost(films[:2], MEASURES["runtime"], least=True) is None


def test_of_films_that_are_even_the_first_is_told() -> None:
    films = [film("a", 90), film("b", 90)]
    assert foremost(films, MEASURES["runtime"], least=True) == films[0]
    assert foremost(films, MEASURES["runtime"], least=False) == films[0]


def test_a_tone_is_compared_where_it_is_known() -> None:
    films = [film("a", funny=2.0), film("b", funny=8.0), film("c")]
    assert foremost(films, tone_measure("funny"), least=False) == films[1]
    assert foremost(films, tone_measure("funny"), least=True) == films[0]
