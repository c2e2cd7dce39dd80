"""Measuring words: cases that hold, figures worked out by hand, and what the reader then finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.catalogue import load_catalogue
from assistant.evaluation_words import (
    held_out_combinations,
    kept_texts,
    measure_words,
    samples,
)
from assistant.generation import Phraser
from assistant.lexicon import load_lexicons
from assistant.phrases import load_phrases
from assistant.prompts import Prompts
from assistant.proof import Proof
from assistant.training import held_out
from assistant.voice import Voice
from assistant.word_cases import card_combinations, make_cases, template_of
from assistant.wording import check, fill, make_plan


@pytest.fixture(scope="module")
def voice(project: Path) -> Voice:
    data = project / "data"
    catalogue = load_catalogue([data / "films"])
    return Voice(Prompts(project / "prompts"), load_lexicons(data / "languages"), catalogue)


@pytest.fixture(scope="module")
def phraser(project: Path) -> Phraser:
    return Phraser(project / "data" / "phraser", threads=1)


def test_the_combinations_measured_are_those_no_training_text_has() -> None:
    found = held_out_combinations()
    assert 10 <= len(found) < len(card_combinations()) / 5
    assert all(held_out(make_plan("reason", "en", said).combination) for said in found)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_case_has_a_value_for_all_its_plan_and_its_template_is_borne_out(
    project: Path, voice: Voice, language: str
) -> None:
    proof = Proof(project / "data", voice, language)
    cases = make_cases(voice, card_combinations(), language, 200, 3)
    assert len({case.plan.combination for case in cases}) > 100
    for turn, case in enumerate(cases):
        assert set(case.plan.placeholders) <= case.values.keys()
        text = fill(template_of(voice, case.plan, turn), case.values)
        assert proof.unsupported(text, case.told) == [], (case.plan.combination, text)


def test_same_seed_same_cases(voice: Voice) -> None:
    chosen = held_out_combinations()
    assert make_cases(voice, chosen, "en", 20, 5) == make_cases(voice, chosen, "en", 20, 5)
    assert make_cases(voice, chosen, "en", 20, 5) != make_cases(voice, chosen, "en", 20, 6)


def test_texts_kept_from_training_hold_to_their_plans(project: Path) -> None:
    for phrases in load_phrases(project / "data" / "phrases"):
        for plan, text in kept_texts(phrases):
            assert check(text, plan) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_bundled_phraser_says_nothing_that_the_record_does_not_bear_out(
    project: Path, voice: Voice, phraser: Phraser, language: str
) -> None:
    report = measure_words(voice, phraser, project / "data", language, 45, 11, drawn=2, draws=2)
    assert report.plans == 45 and report.combinations > 10
    assert report.first_try > 0.85 and report.with_retries > 0.95
    assert report.unsupported == 0, report.examples
    assert 1 < report.perplexity < report.perplexity_trigram
    model = report.variety["phraser"]
    assert model.self_bleu < report.variety["templates"].self_bleu


def test_samples_are_in_both_languages_and_the_same_for_the_same_seed(
    voice: Voice, phraser: Phraser
) -> None:
    found = samples(voice, phraser, 10, 7)
    assert [row.language for row in found] == ["en"] * 5 + ["zh"] * 5
    assert found == samples(voice, phraser, 10, 7)
    assert all("{" not in row.text for row in found)
