"""The phraser: writes what plans demand, the same for the same seed, and notices altered files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.drafts import plain_prompt, plan_tokens
from assistant.errors import ModelError
from assistant.generation import COPIES, Phraser
from assistant.wording import (
    ASKED,
    CLAIMS,
    LANGUAGES,
    PURPOSES,
    Plan,
    check,
    claims,
    make_plan,
    opening,
)

COMBINATIONS = (
    "seed+theme1+theme2",
    "seed+tone",
    "theme1+theme2",
    "seed+theme1",
    "liked+theme1",
)


@pytest.fixture(scope="module")
def folder(project: Path) -> Path:
    return project / "data" / "phraser"


@pytest.fixture(scope="module")
def phraser(folder: Path) -> Phraser:
    return Phraser(folder, threads=1)


def plans(language: str) -> list[Plan]:
    return [make_plan("reason", language, frozenset(c.split("+"))) for c in COMBINATIONS]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_text_passes_the_checker_and_most_plans_get_one(
    phraser: Phraser, language: str
) -> None:
    found = 0
    for seed in range(6):
        written = phraser.write(plans(language), seed)
        for plan, text in zip(plans(language), written.texts, strict=True):
            assert text is None or check(text, plan) == []
            found += text is not None
    assert found >= 29, f"only {found} of 30 plans got a text"


def test_no_two_texts_of_a_batch_open_the_same_way(phraser: Phraser) -> None:
    same = plans("en")[:1] * 5
    texts = [text for text in phraser.write(same, 3).texts if text is not None]
    assert len({opening(text, "en") for text in texts}) == len(texts)


def test_an_opening_heard_lately_is_avoided(phraser: Phraser) -> None:
    heard = [text for text in phraser.write(plans("en"), 3).texts if text is not None]
    again = phraser.write(plans("en"), 3, heard).texts
    openings = {opening(text, "en") for text in heard}
    assert not openings & {opening(text, "en") for text in again if text is not None}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_of_the_plan_is_made(phraser: Phraser, claim: str) -> None:
    plan = make_plan("reason", "en", frozenset({"seed", claim}))
    text = phraser.write([plan], 1).texts[0]
    assert text is not None and claims(text, claim)


@pytest.mark.parametrize(
    ("language", "purpose"),
    [(language, purpose) for language in LANGUAGES for purpose in PURPOSES],
)
def test_texts_can_be_written_for_purposes_beside_reasons(
    phraser: Phraser, purpose: str, language: str
) -> None:
    said = {
        "reason": "seed+theme1",
        "introduction": "seed",
        "why": "film+theme1",
        "comparison": "film+seed+theme1",
        "absence": "film+year",
        "refined": "change",
        "rated": "film+stars",
        **dict.fromkeys(("opening", "taste", "more", "single", *ASKED), ""),
    }
    names = said.get(purpose, "film")
    plan = make_plan(purpose, language, frozenset(names.split("+") if names else ()))
    text = phraser.write([plan], 2).texts[0]
    assert text is not None and check(text, plan) == []


def test_same_plans_and_seed_give_the_same_texts(phraser: Phraser) -> None:
    assert phraser.write(plans("en"), 11) == phraser.write(plans("en"), 11)


def test_another_seed_gives_other_texts(phraser: Phraser) -> None:
    assert phraser.write(plans("en"), 11).texts != phraser.write(plans("en"), 12).texts


def test_what_was_drawn_and_what_passed_is_counted(phraser: Phraser) -> None:
    written = phraser.write(plans("en"), 5)
    assert written.drawn >= len(plans("en")) and 0 < written.passed <= written.drawn
    assert sum(written.problems.values()) >= written.drawn - written.passed


def test_no_plans_give_no_texts(phraser: Phraser) -> None:
    assert phraser.write([], 1).texts == ()


def test_altered_weights_are_refused_with_the_command_that_helps(
    folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "phraser"
    shutil.copytree(folder, copy)
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match=r"altered.*matinee train phraser"):
        Phraser(copy)


def test_missing_weights_are_refused(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "phraser"
    shutil.copytree(folder, copy)
    (copy / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="missing"):
        Phraser(copy)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "phraser").mkdir()
    with pytest.raises(ModelError, match="no phraser"):
        Phraser(tmp_path / "phraser")


def test_a_plan_becomes_control_tokens_in_a_fixed_order() -> None:
    plan = make_plan("reason", "en", frozenset({"hidden", "theme1", "seed"}))
    assert plan_tokens(plan) == "<reason><en>{seed}{theme1}<hidden><say>"


def test_another_model_is_asked_in_plain_words_for_the_same_placeholders() -> None:
    prompt = plain_prompt(make_plan("reason", "zh", frozenset({"seed", "theme1"})))
    assert "{seed} {theme1}" in prompt and "Chinese" in prompt


def test_a_draft_never_runs_on(three_things: list[Plan], phraser: Phraser) -> None:
    """Reasons with three things to say used to join them with ", and" twice and were refused."""
    problems = [wrong for seed in range(4) for wrong in phraser.try_out(three_things, seed)]
    assert sum(map(bool, problems)) <= 1, [wrong for wrong in problems if wrong]


@pytest.fixture
def three_things() -> list[Plan]:
    said = ("theme1+director+acclaim", "theme1+director+language", "theme1+director+runtime")
    return [make_plan("reason", "en", frozenset(c.split("+"))) for c in said for _ in range(4)]


def test_drafts_of_one_batch_open_differently_at_the_first_try(phraser: Phraser) -> None:
    written = phraser.write(plans("en")[:1] * 5, 8)
    assert None not in written.texts and written.drawn <= 5 * COPIES  # one round
