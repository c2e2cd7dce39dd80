"""Films are found by what people remember of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.catalogue import Catalogue, Limits, load_catalogue
from assistant.errors import DataError
from assistant.recall import Recall, words

TOLD = (
    ("a man relives the same day over and over", "Groundhog Day"),
    ("the guy who can't make new memories and tattoos clues on himself", "Memento"),
    ("a shark attacks people at a beach town", "Jaws"),
    ("kid left home alone at christmas fights two burglars", "Home Alone"),
    ("an old man flies away with his house and balloons", "Up"),
    ("dinosaurs escape in a theme park on an island", "Jurassic Park"),
    ("man stuck living in an airport", "The Terminal"),
    ("a rat that cooks in a french restaurant", "Ratatouille"),
    ("男人被困在机场", "The Terminal"),
    ("一个人不断重复同一天", "Groundhog Day"),
    ("陪审团十二个人在一个房间里", "12 Angry Men"),
    ("女孩的父母变成了猪", "Spirited Away"),
)
"""Written by us, and none of them a line of ``data/remembered.jsonl``."""


@pytest.fixture(scope="module")
def recall(project: Path) -> Recall:
    catalogue = load_catalogue([project / "data" / "films"])
    return Recall(catalogue, project / "data" / "remembered.jsonl")


@pytest.mark.parametrize(("described", "title"), TOLD)
def test_a_described_film_is_found(recall: Recall, described: str, title: str) -> None:
    guesses = recall.find(described, None, Limits(), 3)
    assert guesses[0].film.title == title


@pytest.mark.parametrize("vague", ["a film about a dog", "a sad film", "something good", "qwerty"])
def test_a_vague_description_is_no_clear_match(recall: Recall, vague: str) -> None:
    assert not any(guess.clear for guess in recall.find(vague, None, Limits(), 3))


def test_limits_hold_for_guesses_too(recall: Recall) -> None:
    newer = Limits(years=((2015, 9999),))
    guesses = recall.find("a shark attacks people at a beach town", None, newer, 5)
    assert guesses
    assert all(guess.film.year >= 2015 for guess in guesses)


def test_every_remembered_film_is_in_the_catalogue(project: Path) -> None:
    import orjson

    catalogue = load_catalogue([project / "data" / "films"])
    lines = (project / "data" / "remembered.jsonl").read_bytes().splitlines()
    records = [orjson.loads(line) for line in lines]
    assert len(records) >= 250
    for record in records:
        assert catalogue[record["id"]].title == record["title"]
        assert {"en", "zh"} <= record["lines"].keys()


def test_words_are_stems_and_pairs_of_characters() -> None:
    assert list(words(["Living cats, 重复同一天"])) == [
        "liv",
        "cat",
        "重复",
        "复同",
        "同一",
        "一天",
    ]


def test_a_missing_file_is_told(tiny_catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"remembered\.jsonl"):
        Recall(tiny_catalogue, tmp_path / "remembered.jsonl")
