"""The question asked back splits the films that fit, and asks nothing that is settled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.asking import ANSWERS, best_question
from assistant.catalogue import TONES, Film, Limits
from assistant.chat import Assistant
from assistant.parsing.request import Act, Context, Wants

MEAN = np.full(len(TONES), 0.5, np.float32)


def film(number: int, **more: object) -> Film:
    base = Film(id=f"tt{number}", title=f"Film {number}", year=2010, runtime_min=90)
    return replace(base, genres=("Comedy",), languages=("English",), **more)


def test_the_property_that_splits_is_asked_and_not_one_all_share() -> None:
    films = [film(n, year=1950 if n % 2 else 2020) for n in range(20)]
    question = best_question(films, MEAN, Wants())
    assert question is not None
    assert question.about == "era"
    assert question.answers == ("0-1979", "2015-9999")
    assert question.bits == pytest.approx(1.0)  # Two halves: one bit.


def test_four_equal_classes_tell_two_bits() -> None:
    years = (1950, 1990, 2005, 2020)
    films = [film(n, year=years[n % 4]) for n in range(40)]
    question = best_question(films, MEAN, Wants())
    assert question is not None
    assert question.bits == pytest.approx(2.0)


def test_what_is_settled_or_was_asked_is_not_asked_again() -> None:
    films = [film(n, year=1950 if n % 2 else 2020) for n in range(20)]
    settled = Wants(limits=Limits(years=((2000, 2026),)))
    assert best_question(films, MEAN, settled) is None
    assert best_question(films, MEAN, Wants(), asked=("era",)) is None


def test_films_that_are_all_alike_leave_nothing_to_ask() -> None:
    assert best_question([film(n) for n in range(20)], MEAN, Wants()) is None
    assert best_question([], MEAN, Wants()) is None


def test_the_mood_a_film_has_most_of_counts() -> None:
    def toned(number: int, name: str) -> Film:
        tone = [5.0] * len(TONES)
        tone[TONES.index(name)] = 9.0
        return film(number, tone=tuple(tone))

    films = [toned(n, ("funny", "scary", "sad")[n % 3]) for n in range(30)]
    question = best_question(films, MEAN, Wants())
    assert question is not None
    assert question.about == "mood"
    assert set(question.answers) == {"funny", "scary", "sad"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("opening", [("recommend me a movie", "推荐一部电影")])
def test_every_answer_offered_is_understood(
    real_assistant: Assistant, user: str, language: str, opening: tuple[str, str]
) -> None:
    """Each button must do what it says: narrow the list."""
    conversation = real_assistant.new_conversation(user)
    asked = set()
    for _ in range(5):
        reply = real_assistant.reply(opening[language == "zh"], user, conversation)
        assert reply.picks, "a wide-open request still gets films at once"
        if not reply.choices:
            break
        assert reply.choices not in asked
        asked.add(reply.choices)
        assert 2 <= len(reply.choices) <= ANSWERS
        for choice in reply.choices:
            request = real_assistant.parser.parse(choice, Context(language=language))
            assert request.wants != Wants(), choice
            assert {Act.RECOMMEND, Act.REFINE} & set(request.acts), choice
    assert len(asked) >= 3
