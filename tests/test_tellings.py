"""What the phraser may say of an answer: only what holds, and what follows stays exact."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.catalogue import Catalogue, Limits
from assistant.explanation import Explainer
from assistant.history import Profile
from assistant.lexicon import load_lexicons
from assistant.parsing.request import Wants
from assistant.phrases import load_phrases
from assistant.prompts import Prompts
from assistant.ranking import Part, Pick
from assistant.tellings import (
    WHY_CORES,
    Telling,
    absence_telling,
    comparison_telling,
    why_telling,
)
from assistant.wording import make_plan

LOOK = "The Long Corridor"


@pytest.fixture(scope="module")
def explainer(project: Path, tiny_catalogue: Catalogue) -> Explainer:
    lexicons = load_lexicons(project / "data" / "languages")
    return Explainer(Prompts(project / "prompts"), lexicons, tiny_catalogue)


def why(explainer: Explainer, pick: Pick, wants: Wants) -> Telling | None:
    known = explainer.facts(pick, wants, Profile(), "en")
    return why_telling(explainer.voice, explainer.answers, pick, known, wants, "en", 2)


def test_a_why_rests_on_the_seed_the_wish_and_what_is_shared_and_says_the_rest_exactly(
    explainer: Explainer, tiny_catalogue: Catalogue
) -> None:
    parts = (
        Part("neighbours", 1.2, ("tt1",)),
        Part("themes", 0.4, ("friendship",)),
        Part("tone", 0.3, ("funny+",)),
        Part("popularity", 0.1),
    )
    pick = Pick(tiny_catalogue["tt2"], 2.0, parts)
    told = why(explainer, pick, Wants(like=("tt1",), tone={"funny": 0.6}))
    assert told is not None
    assert told.values == {
        "film": "Running Late",
        "seed": LOOK,
        "tone": "funnier",
        "theme1": "friendship",
    }
    popularity = "Plenty of people know it, which makes it a safer choice."
    assert told.closing == f"Its place on the list: number 2. {popularity}"


def test_a_sentence_that_names_more_films_than_the_first_is_kept(
    explainer: Explainer, tiny_catalogue: Catalogue
) -> None:
    pick = Pick(tiny_catalogue["tt2"], 2.0, (Part("neighbours", 1.2, ("tt1", "tt4")),))
    told = why(explainer, pick, Wants(like=("tt1", "tt4")))
    assert told is not None and "Night Harbour" in told.closing


def test_a_person_nobody_asked_for_is_no_reason(
    explainer: Explainer, tiny_catalogue: Catalogue
) -> None:
    """The texts say "you named": here the film that was named only has the same director."""
    pick = Pick(tiny_catalogue["tt2"], 0.2, (Part("people", 0.2, ("Ada Bell",)),))
    assert why(explainer, pick, Wants(like=("tt1",))) is None
    named = Pick(tiny_catalogue["tt2"], 0.1, (Part("popularity", 0.1),))
    asked = why(explainer, named, Wants(limits=Limits(directed_by=(frozenset({"Ada Bell"}),))))
    assert asked is not None and asked.values["director"] == "Ada Bell"


def test_every_core_of_a_why_has_texts_in_every_language(project: Path) -> None:
    for phrases in load_phrases(project / "data" / "phrases"):
        has = {line.said for line in phrases.trained if line.purpose == "why"}
        assert {core | {"film"} for core in WHY_CORES} <= has


def test_a_comparison_says_what_is_shared_and_of_which_there_is_more(
    explainer: Explainer, tiny_catalogue: Catalogue
) -> None:
    a, b = tiny_catalogue["tt1"], tiny_catalogue["tt2"]
    told = comparison_telling(explainer.voice, explainer.answers, b, a, "en")
    assert told is not None and told.plan.purpose == "comparison"
    assert told.values["film"] == "Running Late" and "funnier" in told.values["tone"]
    assert told.values["theme1"] == "friendship"
    assert "2003" in told.closing and "46 minutes" in told.closing
    assert "is funnier" not in told.closing and "share" not in told.closing


@pytest.mark.parametrize(
    ("limits", "broken", "values"),
    [
        (Limits(years=((2000, 2010),)), ("years",), {"year": "1982"}),
        (Limits(runtime_min=(0, 90)), ("runtime_min",), {"runtime": "117 minutes"}),
        (Limits(tone_max={"funny": -1.0}), ("tone_max",), {"mood": "funny"}),
    ],
)
def test_one_broken_condition_can_be_said(
    explainer: Explainer,
    tiny_catalogue: Catalogue,
    limits: Limits,
    broken: tuple[str, ...],
    values: dict[str, str],
) -> None:
    told = absence_telling(explainer.voice, tiny_catalogue["tt4"], limits, broken, "en")
    assert told is not None and told.values == {"film": "Night Harbour", **values}
    assert told.plan == make_plan("absence", "en", frozenset({"film", *values}))


@pytest.mark.parametrize("broken", [("years", "runtime_min"), ("exclude",), ("genres",)])
def test_several_broken_conditions_or_one_without_texts_stay_in_template_wording(
    explainer: Explainer, tiny_catalogue: Catalogue, broken: tuple[str, ...]
) -> None:
    film = tiny_catalogue["tt4"]
    assert absence_telling(explainer.voice, film, Limits(), broken, "en") is None
