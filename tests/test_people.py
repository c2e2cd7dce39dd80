from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.catalogue import Catalogue, Film, load_catalogue
from assistant.config import Settings
from assistant.parsing.people import PeopleFinder


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue([Settings().data / "films"])


@pytest.fixture(scope="module")
def finder(catalogue: Catalogue) -> PeopleFinder:
    return PeopleFinder(catalogue)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("movies with leonardo dicaprio", ["Leonardo DiCaprio"]),
        ("lenardo decaprio", ["Leonardo DiCaprio"]),
        ("al pachino", ["Al Pacino"]),
        ("anything with brad pit", ["Brad Pitt"]),
        ("quentin tarentino movies", ["Quentin Tarantino"]),
        ("with Tom Hanks and Meg Ryan", ["Tom Hanks", "Meg Ryan"]),
        ("samuel jackson", ["Samuel L. Jackson"]),
        ("robert downey jr", ["Robert Downey Jr."]),
        ("something by nolan", ["Christopher Nolan"]),
        ("tarantino's movies", ["Quentin Tarantino"]),
        ("the Nolan one", ["Christopher Nolan"]),
        ("a Scorsese film", ["Martin Scorsese"]),
        ("directed by hitchcock", ["Alfred Hitchcock"]),
        ("i love denzel", ["Denzel Washington"]),
        ("克里斯托弗·诺兰的电影", ["Christopher Nolan"]),
        ("诺兰拍的", ["Christopher Nolan"]),
        ("宫崎骏", ["Hayao Miyazaki"]),
        ("films by ron howard", ["Ron Howard"]),
        ("kubrick", ["Stanley Kubrick"]),
        ("张艺谋的电影", ["Yimou Zhang"]),
        ("李安", ["Ang Lee"]),
    ],
)
def test_people_are_found_as_people_write_them(
    finder: PeopleFinder, text: str, expected: list[str]
) -> None:
    assert [person.names[0] for person in finder.find(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "a story about the law",
        "i want a black comedy",
        "climb the hill in a cage",
        "good movies for a cruise ship",
        "what would you recommend",
        "something set by the bay",
        "king of the jungle",
    ],
)
def test_everyday_words_are_not_people(finder: PeopleFinder, text: str) -> None:
    assert finder.find(text) == ()


def test_a_surname_alone_is_told_from_a_full_name(finder: PeopleFinder) -> None:
    (alone,) = finder.find("movies by nolan")
    (full,) = finder.find("movies by christopher nolan")
    assert (alone.full, full.full) == (False, True)


def test_the_span_leaves_the_possessive_out(finder: PeopleFinder) -> None:
    text = "I like Tarantino's films"
    (person,) = finder.find(text)
    assert text[person.start : person.end] == "Tarantino"


def test_a_shared_surname_names_nobody(finder: PeopleFinder) -> None:
    """Paul Thomas and Wes Anderson are both too well known."""
    assert finder.find("movies by anderson") == ()


def test_taken_words_are_no_person(finder: PeopleFinder) -> None:
    text = "Being John Malkovich"
    assert finder.find(text, "en", [(0, len(text))]) == ()
    assert len(finder.find(text)) == 1


def test_every_chinese_name_and_nickname_is_somebody_of_the_catalogue(
    catalogue: Catalogue,
) -> None:
    languages = Settings().data / "languages"
    for folder in ("en", "zh"):
        names = json.loads((languages / folder / "people.json").read_text(encoding="utf-8"))
        assert [name for name in names.values() if name not in catalogue.by_person] == []


TINY = PeopleFinder(
    Catalogue([Film("tt1", "Heat", 1995, directors=("Ada Bell",), cast=("Tom Ray", "Bo"))])
)


@given(st.text(max_size=200) | st.text(alphabet="adAbelBoTmry ,.'", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_valid_spans_that_do_not_overlap(text: str) -> None:
    end = 0
    for person in TINY.find(text):
        assert end <= person.start < person.end <= len(text)
        assert person.names
        end = person.end
