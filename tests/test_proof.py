"""The reader of shown words: it sees each kind of false claim, and passes true ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.catalogue import Catalogue
from assistant.errors import DataError
from assistant.lexicon import load_lexicons
from assistant.prompts import Prompts
from assistant.proof import Proof, Told
from assistant.voice import Voice


@pytest.fixture(scope="module")
def voice(project: Path, tiny_catalogue: Catalogue) -> Voice:
    lexicons = load_lexicons(project / "data" / "languages")
    return Voice(Prompts(project / "prompts"), lexicons, tiny_catalogue)


@pytest.fixture(scope="module")
def english(project: Path, voice: Voice) -> Proof:
    return Proof(project / "data", voice, "en")


@pytest.fixture(scope="module")
def chinese(project: Path, voice: Voice) -> Proof:
    return Proof(project / "data", voice, "zh")


@pytest.fixture
def told(tiny_catalogue: Catalogue) -> Told:
    """ "Running Late" (2003, by Ada Bell), told to somebody who named "The Long Corridor"."""
    return Told(tiny_catalogue["tt2"], seed=tiny_catalogue["tt1"])


@pytest.mark.parametrize(
    "text",
    [
        "Like The Long Corridor, it is about friendship.",
        "Near The Long Corridor, but funnier, and Ada Bell made it.",
        "It is about friendship, and it runs 96 minutes.",
        "Running Late is from 2003. I would take it.",
        "No secret, but it fits.",  # says the opposite of a hidden film
    ],
)
def test_what_the_record_holds_may_be_said(english: Proof, told: Told, text: str) -> None:
    assert english.unsupported(text, told) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("It is widely admired.", "acclaim"),
        ("A hidden gem.", "hidden"),
        ("A well-kept secret.", "hidden"),
        ("It is famous.", "popular"),
        ("It comes from the same years.", "era"),
        ("It won an award.", "award"),
        ("A recent film.", "new"),
        ("You liked Night Harbour, and this is near.", "liked"),
        ("It is darker than The Long Corridor.", "tone"),
        ("It is a scary film.", "mood"),
        ("It is about zombies.", "theme"),
        ("With Tom Hanks in it.", "name"),
        ("It is from 1984.", "number"),
    ],
)
def test_what_the_record_does_not_hold_is_found(
    english: Proof, told: Told, text: str, problem: str
) -> None:
    assert [p.split(":")[0] for p in english.unsupported(text, told)][:1] == [problem]


def test_a_theme_of_one_film_alone_is_not_shared(
    english: Proof, told: Told, tiny_catalogue: Catalogue
) -> None:
    film = replace(told.film, themes=(*told.film.themes, "revenge"))
    alone = Told(film, seed=told.seed)
    assert english.unsupported("It is about revenge.", alone) == []
    text = "Like The Long Corridor, it is about revenge."
    assert english.unsupported(text, alone) == ["theme not shared: 'revenge'"]


def test_words_of_a_title_claim_nothing(
    english: Proof, told: Told, tiny_catalogue: Catalogue
) -> None:
    film = replace(told.film, title="The Greatest Hidden Gem of 1984")
    text = "The Greatest Hidden Gem of 1984 is about friendship."
    assert english.unsupported(text, Told(film)) == []


def test_a_liked_film_may_be_called_liked(
    english: Proof, told: Told, tiny_catalogue: Catalogue
) -> None:
    knows = Told(told.film, liked=tiny_catalogue["tt4"])
    assert english.unsupported("You liked Night Harbour, and this is near.", knows) == []


def test_chinese_words_are_read_as_well(chinese: Proof, told: Told) -> None:
    seed = "《The Long Corridor》"
    assert [p.split(":")[0] for p in chinese.unsupported("口碑很好的一部。", told)] == ["acclaim"]
    assert [p.split(":")[0] for p in chinese.unsupported("讲的是丧尸。", told)] == ["theme"]
    assert [p.split(":")[0] for p in chinese.unsupported("和《别的》一样。", told)] == ["title"]
    assert [p.split(":")[0] for p in chinese.unsupported("它更黑暗。", told)] == ["tone"]
    assert chinese.unsupported(f"比{seed}更好笑，讲的是友情。", told) == []


def test_a_language_without_words_is_told(voice: Voice, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="restore data/proof"):
        Proof(tmp_path, voice, "en")
