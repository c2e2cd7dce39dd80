"""Labels of what a message does, on conversations of our own."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from parsing_cases import DATA, shelf

from assistant.embedding import Encoder
from assistant.errors import DataError
from assistant.evaluation_acts import (
    ASK,
    DETAIL,
    FEEDBACK,
    OTHER,
    Listener,
    act_lines,
    label_file,
    measure_acts,
)
from assistant.lexicon import load_lexicons
from assistant.parsing.grammar import load_grammars
from assistant.parsing.heads import Heads
from assistant.parsing.parser import Parser

TALK = (
    ("user", "Good evening!", [OTHER], ["OTH"]),
    ("assistant", "Hello. What would you like to watch?", [], []),
    ("user", "Can you recommend a thriller?", [ASK], ["IQU"]),
    ("assistant", "How about Zodiac (2007)?", [], []),
    ("user", "I have already seen that one", [FEEDBACK], ["SEE"]),
    ("user", "Do you have any other suggestions?", [ASK], ["CON"]),
    ("assistant", "Then try Heat (1995).", [], []),
    ("user", "Sounds good, I will watch it tonight. Thank you!", [FEEDBACK, OTHER], ["ACC", "OTH"]),
    ("user", "My favorite genre is science fiction", [DETAIL], ["PRO"]),
)


@pytest.fixture(scope="module")
def listener() -> Listener:
    lexicons = load_lexicons(DATA / "languages")
    heads = Heads(DATA / "heads.json", Encoder(threads=1).encode)
    grammar = load_grammars(DATA, lexicons)["en"]
    return Listener(Parser(shelf(), lexicons, DATA), heads, grammar)


def write(path: Path) -> Path:
    utterances = [{"role": r, "text": t, "acts": a, "sub_acts": s} for r, t, a, s in TALK]
    path.write_bytes(orjson.dumps({"id": "own/1", "utterances": utterances}) + b"\n")
    return path


def test_every_utterance_of_the_seeker_gets_its_labels(tmp_path: Path, listener: Listener) -> None:
    rows = list(label_file(write(tmp_path / "talk"), listener))
    assert [sorted(row.given) for row in rows] == [sorted(row.wanted) for row in rows]


def test_full_agreement_is_a_macro_f1_of_one(tmp_path: Path, listener: Listener) -> None:
    report = measure_acts(write(tmp_path / "talk"), listener)
    assert report.macro["all"] == 1.0
    assert 0 < report.majority["all"] < 0.25
    assert report.confusion[ASK] == {ASK: 2, DETAIL: 0, FEEDBACK: 0, OTHER: 0, "nothing": 0}
    assert report.missed["SEE"] == (1, 1)
    assert any("macro F1, all: 1.000" in line for line in act_lines(report))


def test_a_file_without_utterances_is_refused(tmp_path: Path, listener: Listener) -> None:
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(DataError, match="holds no utterance"):
        measure_acts(tmp_path / "empty", listener)


def test_a_line_that_is_no_conversation_is_named(tmp_path: Path, listener: Listener) -> None:
    (tmp_path / "wrong").write_bytes(b'{"id": "x"}\n')
    with pytest.raises(DataError, match=":1: not a conversation"):
        list(label_file(tmp_path / "wrong", listener))
