"""The corpus: every text holds to its plan, none repeats, grammar holds whatever is put in."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.errors import DataError, ProblemsError
from assistant.phrases import OFTEN, Joints, Phrases, dataset, load_phrases
from assistant.wording import ASKED, PURPOSES, check, make_plan
from tests.test_training import corpus

__all__ = ["corpus"]
LINES = {"en": 2500, "zh": 1800}
"""Distinct hand-written texts and tails, at least."""
_AGREES = re.compile(
    r"(?<!and )(?<!of )(?<!about )(?<!with )(?<!from )(?<!on )(?<!for )"
    r"\{theme[12]\} (?!as\b|this\b)(?:\w+s|was)\b"
)
_BRITISH = re.compile(r"\b(?:neighbor|center|color|favorite|recogniz|gray|theater)", re.IGNORECASE)
_ASKED = re.compile(
    r"you (?:asked for|wanted|named|said|mentioned)(?: a| something| something by)? \{(\w+)\}",
    re.IGNORECASE,
)


NAMELESS = ("reason", "introduction", "opening", "taste", "more", "refined", "single", *ASKED)
"""What is said of a whole list, or of a card that shows the title anyway."""


@pytest.fixture(scope="module")
def bundled(project: Path) -> Sequence[Phrases]:
    """Loading raises with every line that breaks its plan or repeats another."""
    return load_phrases(project / "data" / "phrases")


def test_thousands_of_texts_are_bundled_for_every_purpose(bundled: Sequence[Phrases]) -> None:
    for phrases in bundled:
        patterns = {line.pattern for line in (*phrases.texts, *phrases.tails)}
        assert len(patterns) >= LINES[phrases.language]
        assert {line.purpose for line in phrases.texts} == set(PURPOSES)


def test_no_theme_stands_before_a_verb_that_must_agree_with_it(bundled: Sequence[Phrases]) -> None:
    """Once "Superheroes is at the heart of it": a theme's name may be a plural."""
    english = bundled[0]
    assert [t.pattern for t in english.texts if _AGREES.search(t.pattern)] == []


def test_no_reason_says_that_a_person_theme_or_genre_was_asked_for(
    bundled: Sequence[Phrases],
) -> None:
    """The plan does not tell: they may come from a film that was named, or from the film's own."""
    for line in bundled[0].texts:
        asked = set(_ASKED.findall(line.pattern)) if line.purpose == "reason" else set()
        assert not asked & {"director", "actor", "theme1", "theme2", "genre"}, line.pattern


def test_english_texts_keep_to_one_spelling(bundled: Sequence[Phrases]) -> None:
    assert [t.pattern for t in bundled[0].texts if _BRITISH.search(t.pattern)] == []


def test_recombined_texts_hold_to_their_plans_and_only_what_is_no_reason_repeats(
    bundled: Sequence[Phrases],
) -> None:
    texts = dataset(bundled, 1500, 3)
    reasons = [text for plan, text in texts if plan.purpose == "reason"]
    assert len(set(reasons)) == len(reasons)
    assert max(Counter(texts).values()) == OFTEN
    for plan, text in texts:
        assert check(text, plan) == [], text


def test_lines_kept_from_training_are_never_drawn(bundled: Sequence[Phrases]) -> None:
    for phrases in bundled:
        kept = {line.pattern for line in phrases.texts if line.kept and line.variants == 1}
        assert len(kept) > 20
        rng = random.Random(5)
        assert not kept & {phrases.draw(rng)[1] for _ in range(2000)}


def test_the_same_seed_draws_the_same_texts(corpus: Path) -> None:
    phrases = load_phrases(corpus)
    assert dataset(phrases, 50, 1) == dataset(phrases, 50, 1)


def test_a_text_that_breaks_a_rule_is_told_with_its_line(corpus: Path) -> None:
    path = corpus / "en" / "reason" / "all.txt"
    path.write_text("Like {seed}, it won 3 prizes.\nAn award for {theme1}.\n", encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_phrases(corpus)
    assert [p.split(":")[1] for p in caught.value.problems] == ["1", "2"]


def test_a_text_that_does_not_make_the_claim_it_is_marked_with_is_told(corpus: Path) -> None:
    path = corpus / "en" / "reason" / "all.txt"
    path.write_text("Like {seed}, and a fine film. #acclaim\n", encoding="utf-8")
    with pytest.raises(ProblemsError, match="does not say 'acclaim'"):
        load_phrases(corpus)


def test_a_repeated_text_is_told(corpus: Path) -> None:
    path = corpus / "en" / "reason" / "all.txt"
    path.write_text("It is about {theme1}.\nIt is about {theme1}.\n", encoding="utf-8")
    with pytest.raises(ProblemsError, match="repeats"):
        load_phrases(corpus)


def test_an_unknown_purpose_is_told_with_those_there_are(corpus: Path) -> None:
    (corpus / "en" / "praise").mkdir()
    (corpus / "en" / "praise" / "all.txt").write_text("It is about {theme1}.", encoding="utf-8")
    with pytest.raises(ProblemsError, match="praise"):
        load_phrases(corpus)


def test_a_language_without_texts_is_told(corpus: Path) -> None:
    for path in (corpus / "zh" / "reason").iterdir():
        path.unlink()
    with pytest.raises(DataError, match="restore data/phrases"):
        load_phrases(corpus)


def test_a_tail_never_says_again_what_the_sentence_says(corpus: Path) -> None:
    english = load_phrases(corpus)[0]
    rng = random.Random(0)
    for _ in range(200):
        plan, text = english.draw(rng)
        assert text.count("{actor}") <= 1 and check(text, plan) == []


def test_a_tail_follows_no_question(corpus: Path) -> None:
    path = corpus / "en" / "reason" / "all.txt"
    path.write_text("Would {seed} do, or {theme1}?\n", encoding="utf-8")
    english, rng = load_phrases(corpus)[0], random.Random(0)
    assert {text for _, text in (english.draw(rng) for _ in range(50))} == {
        "Would {seed} do, or {theme1}?"
    }


def test_texts_of_other_purposes_name_the_film_they_speak_of(bundled: Sequence[Phrases]) -> None:
    for phrases in bundled:
        for line in phrases.texts:
            named = "film" in line.said
            assert named == (line.purpose not in NAMELESS), line
            plan = make_plan(line.purpose, phrases.language, line.said)
            assert ("film" in plan.optional) == (line.purpose == "reason")


def test_a_sentence_of_two_halves_takes_no_tail() -> None:
    """ "You said so; I saw a match; it is a 2010s film" was shown."""
    joints = Joints(".", ", and ", 1, (), (";",))
    assert joints.opens("It is near {seed}.")
    assert not joints.opens("You said {seed}; this is near.")
