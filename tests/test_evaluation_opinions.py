from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from assistant.catalogue import Catalogue, load_catalogue
from assistant.config import Settings
from assistant.errors import DataError
from assistant.evaluation_dialogues import Dialogue, Spoken, read_dialogues
from assistant.evaluation_halves import HALVES
from assistant.evaluation_opinions import impressions, measure_opinions, opinion_lines
from assistant.lexicon import load_lexicons
from assistant.parsing.parser import Parser

ALIEN, HEAT = "tt0078748", "tt0113277"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue([Settings().data / "films"])


@pytest.fixture(scope="module")
def parser(catalogue: Catalogue) -> Parser:
    data = Settings().data
    return Parser(catalogue, load_lexicons(data / "languages"), data)


def talk(*messages: tuple[str, str]) -> Dialogue:
    return Dialogue("t/1", tuple(Spoken(role, text, frozenset()) for role, text in messages))


def heard(parser: Parser, *messages: tuple[str, str]) -> Mapping[str, tuple[str, str]]:
    found = impressions(talk(*messages), parser, 2018)
    return {film: (impression.seen, impression.liked) for film, impression in found.items()}


def test_an_answer_is_about_the_film_the_other_person_named(parser: Parser) -> None:
    told = heard(parser, ("assistant", "Have you seen Alien (1979)?"), ("user", "yes, I loved it"))
    assert told == {ALIEN: ("yes", "yes")}


def test_the_last_word_on_a_film_counts(parser: Parser) -> None:
    told = heard(parser, ("user", "I loved Heat"), ("user", "no wait, I hated Heat"))
    assert told[HEAT] == ("yes", "no")


def test_figures_stand_beside_the_commonest_answer(
    parser: Parser, catalogue: Catalogue, tmp_path: Path
) -> None:
    """Two films of one conversation: one answer met of two, in whichever half it lies."""
    record = {
        "id": "t/1",
        "messages": [{"role": "user", "text": "I loved Heat. I hated Alien.", "films": []}],
        "opinions": [
            {"film": HEAT, "suggested_by": "user", "seen": "yes", "liked": "yes"},
            {"film": ALIEN, "suggested_by": "user", "seen": "yes", "liked": "yes"},
            {"film": "tt0000000", "suggested_by": "user", "seen": "yes", "liked": "yes"},
        ],
    }
    path = tmp_path / "talk.jsonl"
    path.write_text(json.dumps(record))
    measured = measure_opinions(path, parser, catalogue, 2018)
    liked = next(m for m in measured if m.question == "liked" and m.films)
    assert liked.half in HALVES
    assert (liked.films, liked.accuracy.value, liked.majority) == (2, 0.5, 1.0)
    assert len(opinion_lines(measured)) == len(measured) + 1


def test_an_answer_outside_the_form_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    opinion = {"film": HEAT, "suggested_by": "user", "seen": "maybe", "liked": "yes"}
    path.write_text(json.dumps({"id": "1", "messages": [], "opinions": [opinion]}))
    with pytest.raises(DataError, match=r":1: .*maybe"):
        read_dialogues(path)
