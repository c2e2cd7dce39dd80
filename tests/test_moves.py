"""Answers, counts, slipped names and kind or rude words are told from requests."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import DataError
from assistant.parsing.moves import Moves


@pytest.fixture(scope="module")
def moves(project: Path) -> Moves:
    return Moves(project / "data" / "languages", ("en", "zh"))


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "Yes, that's it!",
        "yep that's the one, thanks",
        "exactly",
        "对，就是它",
        "是的",
        "没错",
    ],
)
def test_a_yes_to_a_guess(moves: Moves, text: str) -> None:
    assert moves.read(text, guessing=True).kind == "yes"
    assert moves.read(text, guessing=False).kind == ""


@pytest.mark.parametrize(
    "text", ["no", "nope, not that one", "no, another one", "that's not it", "不是", "不对，换一部"]
)
def test_a_no_to_a_guess(moves: Moves, text: str) -> None:
    assert moves.read(text, guessing=True).kind == "no"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("no, it was in black and white", "it was in black and white"),
        ("不是，是黑白片", "是黑白片"),
    ],
)
def test_a_no_that_goes_on_describing(moves: Moves, text: str, rest: str) -> None:
    move = moves.read(text, guessing=True)
    assert (move.kind, move.rest) == ("again", rest)


@pytest.mark.parametrize(
    "text",
    [
        "a comedy",
        "yes but funnier",
        "something like Heat",
        "show me more",
        "来一部喜剧",
        "换成老片",
    ],
)
def test_a_request_is_no_answer(moves: Moves, text: str) -> None:
    assert moves.read(text, guessing=True).kind not in ("yes", "no")


@pytest.mark.parametrize(
    "text",
    [
        "what's that film where a man builds a robot",
        "the one with the talking pig",
        "what is the movie called where they swap faces",
        "which film is it where nobody can speak",
        "那部讲机器人的电影叫什么来着",
        "有没有一部电影讲两个人互换身体",
    ],
)
def test_a_name_that_slipped(moves: Moves, text: str) -> None:
    move = moves.read(text, guessing=False)
    assert move.kind == "naming"
    assert move.rest


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("how many films have I rated?", "rated"),
        ("how many horror films have I seen", "seen"),
        ("how many movies are on my watchlist?", "saved"),
        ("how many films do you know?", "known"),
        ("how many have I liked so far", "liked"),
        ("我给几部电影打过分？", "rated"),
        ("我看过多少部电影", "seen"),
        ("我的想看清单里有几部？", "saved"),
    ],
)
def test_a_count(moves: Moves, text: str, what: str) -> None:
    move = moves.read(text, guessing=False)
    assert (move.kind, move.what) == ("count", what)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("you stupid bot", "hurt"),
        ("this is useless", "hurt"),
        ("tell me a joke", "joke"),
        ("how are you?", "feeling"),
        ("what's your favourite film?", "favourite"),
        ("what's your name?", "name"),
        ("你真没用", "hurt"),
        ("你叫什么名字？", "name"),
        ("讲个笑话", "joke"),
    ],
)
def test_kind_and_rude_words(moves: Moves, text: str, what: str) -> None:
    assert moves.read(text, guessing=False).what == what


@pytest.mark.parametrize(
    "text", ["a film about a stupid bot", "a movie with a joke shop", "Dumb and Dumber", "好笑的"]
)
def test_words_of_a_request_are_not_meant_for_the_listener(moves: Moves, text: str) -> None:
    assert moves.read(text, guessing=False).what == ""


def test_a_long_message_takes_no_time(moves: Moves) -> None:
    """Nested repetitions once tried every way of splitting a run of yeses."""
    assert moves.read("it is " * 600, guessing=True).kind in ("", "yes")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "xx" / "grammar").mkdir(parents=True)
    with pytest.raises(DataError):
        Moves(tmp_path, ("xx",))
