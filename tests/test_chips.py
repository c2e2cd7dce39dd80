"""Wants as removable chips."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from assistant.catalogue import Catalogue, Limits
from assistant.chips import chips_of, without_chip
from assistant.errors import RequestError
from assistant.lexicon import load_lexicons
from assistant.parsing.request import Wants
from assistant.prompts import Prompts
from tests.conftest import tiny_films
from tests.test_conversation import wants_of

ROOT = Path(__file__).resolve().parent.parent
LEXICONS = load_lexicons(ROOT / "data" / "languages")
PROMPTS = Prompts(ROOT / "prompts")
CATALOGUE = Catalogue(tiny_films())


def labels(wants: Wants, language: str = "en") -> list[str]:
    return [chip.label for chip in chips_of(wants, CATALOGUE, LEXICONS[language], PROMPTS)]


def test_every_condition_has_a_chip_in_plain_words() -> None:
    wants = Wants(
        like=("tt1",),
        tone={"funny": 0.6},
        limits=Limits(
            genres=(frozenset({"Comedy", "Drama"}),),
            years=((2001, 9999),),
            runtime_min=(0, 120),
            tone_max={"violent": 3.0},
        ),
    )
    assert labels(wants) == [
        "like The Long Corridor",
        "comedy or drama",
        "from 2001 on",
        "at most 120 min",
        "not too violent",
        "funnier",
    ]


def test_chips_speak_the_language_of_the_conversation() -> None:
    assert labels(Wants(limits=Limits(years=((1990, 1999),))), "zh") == ["1990–1999年"]


def test_nothing_asked_for_has_no_chips() -> None:
    assert labels(Wants()) == []


@settings(max_examples=100, deadline=None)
@given(wants_of)
def test_dropping_every_chip_leaves_nothing_asked_for(wants: Wants) -> None:
    for language in LEXICONS:
        left = wants
        for chip in chips_of(wants, CATALOGUE, LEXICONS[language], PROMPTS):
            left = without_chip(left, chip.key)
        assert chips_of(left, CATALOGUE, LEXICONS[language], PROMPTS) == ()


@pytest.mark.parametrize("key", ["", "nonsense", "broken_by", "years2", "__class__"])
def test_an_unknown_chip_is_refused(key: str) -> None:
    with pytest.raises(RequestError, match="no condition"):
        without_chip(Wants(), key)
