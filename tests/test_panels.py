"""Replies as a program, a pipe and a terminal see them."""

from __future__ import annotations

import io

import orjson
import pytest
from rich.console import Console

from assistant.catalogue import Film, Limits
from assistant.cli.panels import as_lines, as_panels, as_record, plain
from assistant.parsing.request import Wants
from assistant.ranking import Part, Pick
from assistant.reply import Reason, Reply

TRAP = Film("x:1", "[bold]Brackets[/bold] <b>", 2001, runtime_min=90, genres=("Drama",))
REPLY = Reply(
    text="Two for you. [red]Not red[/red]",
    picks=(
        Pick(TRAP, 0.75, (Part("about", 0.5), Part("acclaim", 0.25))),
        Pick(Film("x:2", "Second", 2002, titles={"zh": "第二"}), 0.5, (Part("about", 0.5),)),
    ),
    reasons=(Reason("It is quiet.", "template"), Reason("It is loud.", "model")),
    choices=("Heat (1995)",),
    chart=(("about", 0.5), ("dislike", -0.25)),
    wants=Wants(like=("x:9",), limits=Limits(not_genres=frozenset({"War", "Action"}))),
    conversation="c1",
)


def drawn(reply: Reply) -> str:
    out = io.StringIO()
    Console(file=out, force_terminal=True, width=80, color_system=None).print(as_panels(reply))
    return out.getvalue()


def test_a_record_holds_everything_a_program_needs() -> None:
    record = orjson.loads(orjson.dumps(as_record(REPLY)))
    assert record["picks"][0] == {
        "id": "x:1",
        "title": "[bold]Brackets[/bold] <b>",
        "year": 2001,
        "reason": "It is quiet.",
        "score": 0.75,
        "parts": {"about": 0.5, "acclaim": 0.25},
    }
    assert record["wants"]["limits"]["not_genres"] == ["Action", "War"]
    assert record["conversation"] == "c1"


def test_square_brackets_in_titles_and_words_are_plain_text() -> None:
    told = drawn(REPLY)
    assert "[bold]Brackets[/bold] <b> (2001)" in told
    assert "[red]Not red[/red]" in told


def test_a_reply_still_streaming_shows_cards_without_reasons() -> None:
    early = Reply(text="Two for you.", picks=REPLY.picks, done=False)
    assert "Second (2002)" in drawn(early)
    assert "It is quiet." not in drawn(early)
    assert [pick["reason"] for pick in as_record(early)["picks"]] == ["", ""]


def test_a_pipe_gets_one_line_a_fact() -> None:
    lines = as_lines(REPLY).splitlines()
    assert lines[2:5] == [
        "1. [bold]Brackets[/bold] <b> (2001)",
        "   90 min · Drama",
        "   It is quiet.",
    ]
    assert "   -0.250  dislike" in lines
    assert " > Heat (1995)" in lines


def test_titles_follow_the_language_of_the_reply() -> None:
    chinese = Reply(text="好", language="zh", picks=REPLY.picks[1:], reasons=REPLY.reasons[1:])
    assert "1. 第二 (2002)" in as_lines(chinese)
    assert "第二 (2002)" in drawn(chinese)


def test_a_chart_of_nothing_is_no_error() -> None:
    assert "about" in drawn(Reply(text="", chart=(("about", 0.0),)))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (frozenset({"b", "a"}), ["a", "b"]),
        ((frozenset({"b", "a"}), frozenset({"c"})), [["a", "b"], ["c"]]),
        ({1: (2,)}, {"1": [2]}),
        (Part("about", 0.5), {"name": "about", "value": 0.5, "because": []}),
    ],
)
def test_values_become_json(value: object, expected: object) -> None:
    assert plain(value) == expected
