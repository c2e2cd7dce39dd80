"""Answers to films on the table that nobody names again."""

from __future__ import annotations

import pytest

from assistant.catalogue import Catalogue, load_catalogue
from assistant.config import Settings
from assistant.lexicon import load_lexicons
from assistant.parsing.parser import Parser
from assistant.parsing.request import Act, Context, Wants

HEAT, ALIEN, FARGO = "tt0113277", "tt0078748", "tt0116282"
PAIR = (HEAT, ALIEN)
LIST = (HEAT, ALIEN, FARGO, "tt0780504", "tt0122690")


@pytest.fixture(scope="module")
def parser() -> Parser:
    data = Settings().data
    catalogue: Catalogue = load_catalogue([data / "films"])
    return Parser(catalogue, load_lexicons(data / "languages"), data)


def stances(parser: Parser, text: str, context: Context) -> dict[str, str]:
    return {o.film: o.stance.value for o in parser.parse(text, context).opinions}


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("yes, great movie", "loved"),
        ("Loved it!", "loved"),
        ("one of my favorites", "loved"),
        ("that was a super good movie", "liked"),
        ("i enjoyed that one", "liked"),
        ("it was ok", "fine"),
        ("I have. I didn't care for it.", "disliked"),
        ("I wasn't a fan", "disliked"),
        ("I hated that one", "hated"),
        ("yes i have seen it", "seen"),
        ("I haven't seen that in years", "seen"),
        ("no, I haven't seen it", "unseen"),
        ("never heard of that one", "unseen"),
        ("I don't think I've seen it", "unseen"),
        ("That sounds interesting", "want"),
        ("I've been meaning to see that", "want"),
        ("I don't think I'd like that", "hide"),
        ("that's a bit too scary for me", "hide"),
        ("没看过", "unseen"),
        ("看过了，很好看", "liked"),
        ("听起来不错", "want"),
    ],
)
def test_an_answer_is_about_the_film_last_talked_about(
    parser: Parser, text: str, stance: str
) -> None:
    assert stances(parser, text, Context(PAIR, ALIEN)) == {ALIEN: stance}


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("I loved both of them", "loved"),
        ("both very good!", "liked"),
        ("All great movies", "loved"),
        ("I've seen those", "seen"),
        ("I haven't seen either of those", "unseen"),
    ],
)
def test_words_for_several_films_are_about_all_of_a_short_list(
    parser: Parser, text: str, stance: str
) -> None:
    assert stances(parser, text, Context(PAIR, ALIEN)) == dict.fromkeys(PAIR, stance)


@pytest.mark.parametrize("text", ["great movies", "sounds good", "great suggestions, thanks"])
def test_praise_of_a_long_list_judges_no_film_of_it(parser: Parser, text: str) -> None:
    assert stances(parser, text, Context(LIST)) == {}


@pytest.mark.parametrize(
    "text",
    [
        "It was great talking to you, have a nice day",
        "good idea, now something funny",
        "I hope you enjoy it",
        "Do you like movies like that?",
        "great, thanks!",
    ],
)
def test_politeness_is_no_verdict(parser: Parser, text: str) -> None:
    told = stances(parser, text, Context(PAIR, ALIEN))
    assert set(told.values()) <= {"want"}


def test_a_film_brought_up_as_liked_is_never_called_unseen_by_a_bare_answer(
    parser: Parser,
) -> None:
    context = Context((), ALIEN, Wants(like=(ALIEN,)))
    assert stances(parser, "i haven't seen it", context) != {ALIEN: "want"}
    assert stances(parser, "never heard of that", context) == {}


def test_turning_a_film_down_hides_it(parser: Parser) -> None:
    request = parser.parse("I don't think I'd like that", Context(PAIR, ALIEN))
    assert Act.HIDE in request.acts
    assert request.films == (ALIEN,)


def test_a_verdict_after_having_seen_it_is_the_verdict(parser: Parser) -> None:
    assert stances(parser, "I've seen it, it was boring", Context(PAIR, ALIEN)) == {
        ALIEN: "disliked"
    }


def test_unseen_stands_against_praise_from_hearsay(parser: Parser) -> None:
    text = "I haven't seen that one, sounds good"
    assert stances(parser, text, Context(PAIR, ALIEN)) == {ALIEN: "unseen"}
