"""The checker of texts, and the filling of placeholders."""

from __future__ import annotations

import pytest

from assistant.wording import Plan, check, fill, make_plan, unfill

PLAN = make_plan("reason", "en", frozenset({"seed", "theme1"}))
CHINESE = make_plan("reason", "zh", frozenset({"seed", "theme1"}))
VALUES = {"theme1": "dreams", "seed": "Your Name.", "mood": "tense"}


def test_a_text_that_says_just_what_the_plan_says_passes() -> None:
    assert check("Like {seed}, it is about {theme1}.", PLAN) == []
    assert check("和{seed}一样讲{theme1}。", CHINESE) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Like {seed}, it is a good one.", "{theme1} is missing"),
        ("Like {seed}, it is about {theme1} with {actor}.", "{actor} is not in the plan"),
        ("Like {seed}, {seed} is about {theme1}.", "{seed} stands twice"),
        ("Like {seed}, it won 3 times at {theme1}.", "a digit of its own"),
        ("Like {seed}, Tom Hanks meets {theme1}.", "a name of its own: Tom"),
        ("Like {seed}, an award-winning film about {theme1}.", "claims 'award'"),
        ("Like {seed}, a hidden gem about {theme1}.", "claims 'hidden gem'"),
        ("Like {seed}, it is about {theme1}", "does not end a sentence"),
        ("Like {seed}, it is is about {theme1}.", "stutters"),
        ("和{seed}一样讲{theme1}。", "not in en"),
        ("Like {seed}, about {theme1} {x.", "a brace stands alone"),
        ("like {seed}, it is about {theme1}.", "a sentence opens in lower case"),
        ("{seed}, {theme1} " + "word " * 40 + ".", "43 long, not 3 to 32"),
    ],
)
def test_a_text_that_says_anything_else_is_refused(text: str, problem: str) -> None:
    assert problem in check(text, PLAN)


def test_latin_letters_in_a_chinese_text_are_refused() -> None:
    assert "Latin letters in a Chinese text" in check("和{seed}一样讲love和{theme1}。", CHINESE)


def test_a_claim_the_plan_holds_may_be_made() -> None:
    plan = Plan("reason", "en", (), ("hidden",))
    assert check("A hidden gem, and a good one.", plan) == []


def test_a_card_that_only_claims_something_says_nothing_of_wishes() -> None:
    """ "This suits what you described, and it is well regarded" where nothing was asked."""
    said = "This suits what you described, and it is well regarded too."
    claim = Plan("reason", "en", (), ("acclaim",))
    assert check(said, claim) == ["speaks of wishes"]
    assert check("合你的要求，口碑也好。", Plan("reason", "zh", (), ("acclaim",))) == [
        "speaks of wishes"
    ]
    assert check("This suits what you described.", Plan("reason", "en", ())) == []
    assert check("It is well regarded, and it fits.", claim) == []


def test_a_and_an_follow_the_word_that_is_put_in() -> None:
    assert fill("A {mood} {genre}.", {"mood": "uplifting", "genre": "drama"}) == (
        "An uplifting drama."
    )
    assert fill("It is an {genre}.", {"genre": "thriller"}) == "It is a thriller."


def test_a_sentence_that_opens_with_a_value_opens_with_a_capital() -> None:
    text = fill("{theme1} first. {theme2} next.", {"theme1": "a heist", "theme2": "greed"})
    assert text == "A heist first. Greed next."


def test_a_value_that_holds_braces_is_not_filled_again() -> None:
    assert fill("Like {seed}.", {"seed": "{film}"}) == "Like {film}."


def test_a_title_that_ends_in_a_stop_ends_no_sentence() -> None:
    """ "As Your Name. Did" was shown: the word after the title was taken for an opening."""
    text = fill("{theme1} it has, as {seed} did. {mood} too.", VALUES)
    assert text == "Dreams it has, as Your Name. did. Tense too."


def test_titles_keep_their_own_capitals_at_the_opening_of_a_sentence() -> None:
    assert fill("{seed} is near.", {"seed": "eXistenZ"}) == "eXistenZ is near."


def test_what_was_said_is_known_again_whatever_it_was_said_of() -> None:
    values = {"seed": "Alien", "genre": "恐怖片", "theme1": "war"}
    assert unfill("Alien leads here, toward war.", values) == "{seed} leads here, toward {theme1}."
    assert unfill("这部恐怖片不长。", values) == "这部{genre}不长。"
    assert unfill("Aliens is another film.", values) == "Aliens is another film."
