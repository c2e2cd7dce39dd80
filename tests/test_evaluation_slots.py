"""Slots turned into values, on a few queries of our own."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from parsing_cases import DATA, make_parser, shelf

from assistant.errors import DataError
from assistant.evaluation_slots import (
    Gazetteer,
    measure_slots,
    read_queries,
    slot_lines,
    with_apostrophes,
)
from assistant.lexicon import load_lexicons
from assistant.parsing.grammar import Grammar, load_grammars


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return load_grammars(DATA, load_lexicons(DATA / "languages"))["en"]


def write(path: Path, *records: object) -> Path:
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return path


QUERY = {
    "id": "q/1",
    "text": "an 80 s horror film with jack nicholson",
    "slots": [["Year", "80"], ["Genre", "horror film"], ["Actor", "jack nicholson"]],
}


def test_a_query_read_in_full_scores_one(tmp_path: Path, grammar: Grammar) -> None:
    catalogue = shelf()
    report = measure_slots(write(tmp_path / "q", QUERY), catalogue, make_parser(catalogue), grammar)
    ours = {s.kind: s for s in report.scores if s.system == "matinee" and s.gold}
    assert set(ours) == {"Actor", "Genre", "Year", "Actor and Director"}
    assert all(score.f1.value == 1 for score in ours.values())
    assert len(slot_lines(report)) == 1 + 4 + 1 + len(report.scores)


def test_a_slot_without_a_value_of_ours_is_not_counted(tmp_path: Path, grammar: Grammar) -> None:
    slots = [["Genre", "baseball film"], ["Actor", "nobody known"]]
    query = {"id": "q/2", "text": "a baseball film with nobody known", "slots": slots}
    queries, coverage = read_queries(write(tmp_path / "q", query), shelf(), grammar)
    assert queries[0].gold == frozenset()
    assert coverage["Genre"] == coverage["Actor"] == (0, 1)
    assert not queries[0].judges(("Genre", "Sport"))


def test_a_misspelling_of_a_slot_is_no_mistake(tmp_path: Path, grammar: Grammar) -> None:
    query = {"id": "q/3", "text": "films of marlon brandoe", "slots": [["Actor", "marlon brandoe"]]}
    queries, _ = read_queries(write(tmp_path / "q", query), shelf(), grammar)
    assert not queries[0].judges(("Actor", "Marlon Brando"))
    assert queries[0].judges(("Actor", "Tom Hanks"))


def test_the_gazetteer_takes_whatever_matches(grammar: Grammar) -> None:
    found = Gazetteer(shelf(), grammar)("a 1994 drama about tom hanks")
    assert found == {("Year", "1994-1994"), ("Genre", "Drama"), ("Actor", "Tom Hanks")}


def test_lost_apostrophes_come_back() -> None:
    assert with_apostrophes("i m after the 80 s woman s film") == "i'm after the 80s woman's film"


def test_a_line_that_is_no_query_is_named(tmp_path: Path, grammar: Grammar) -> None:
    with pytest.raises(DataError, match=":1: not a film query"):
        read_queries(write(tmp_path / "q", {"id": "x"}), shelf(), grammar)
