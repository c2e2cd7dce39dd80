"""What the encoder reads of a request and of its follow-ups: ``Wants.told`` and ``said``."""

from __future__ import annotations

import pytest
from parsing_cases import make_parser, shelf

from assistant.catalogue import Catalogue, Film
from assistant.chips import without_chip
from assistant.history import Profile
from assistant.parsing import Context, Parser, Wants
from assistant.retrieval import make_query
from assistant.space import Space
from tests.test_ranking import encode

MOOD = Wants(said="something sad", tone={"sad": 0.5})
SUBJECT = Wants(about="old couple", said="film about an old couple")
THEMED = Wants(themes=("heist",), said="a heist that goes wrong")


@pytest.fixture(scope="module")
def parser() -> Parser:
    """Over the films of the parsing cases."""
    return make_parser(shelf())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("something weird and surreal", "something weird and surreal"),
        ("guy relives the same day over and over", "guy relives the same day over and over"),
        ("make it funnier", ""),
        ("no horror", ""),
    ],
)
def test_moods_and_themes_are_read_as_they_were_said(text: str, said: str, parser: Parser) -> None:
    """ "Something weird and surreal" left no words, and its list was one of fame alone."""
    assert parser.parse(text, Context(year_now=2026)).wants.said == said


def test_a_subject_takes_the_place_of_a_mood() -> None:
    assert MOOD.then(SUBJECT).told == "film about an old couple"


def test_a_mood_changes_nothing_of_what_was_told() -> None:
    assert SUBJECT.then(MOOD).told == "film about an old couple"


def test_words_are_added_as_they_were_said() -> None:
    assert THEMED.then(SUBJECT).told == "a heist that goes wrong. film about an old couple"


def test_themes_are_added_to_words_by_name_beside_those_from_before() -> None:
    asked = Wants(about="relives the day", said="guy relives the day", themes=("time loop",))
    assert asked.then(THEMED).told == "guy relives the day. time loop, heist"


def test_who_drops_a_theme_is_not_read_by_the_sentence_that_named_it() -> None:
    both = Wants(themes=("heist", "train"), said="a heist on a train")
    assert without_chip(both, "themes:heist").told == "train"
    assert Wants(said="something sad", tone={"sad": 0.5}).without(frozenset({"tone"})).told == ""


def test_a_mood_beside_a_named_film_is_no_text_to_search_by() -> None:
    space = Space(Catalogue([Film("tt1", "A", 2000), Film("tt2", "B", 2001)]))
    alone, beside = (
        make_query(wants, Profile(), space, encode, 2026)
        for wants in (MOOD, Wants(said=MOOD.said, tone=MOOD.tone, like=("tt1",)))
    )
    assert alone.text == "something sad"
    assert beside.vector is None
