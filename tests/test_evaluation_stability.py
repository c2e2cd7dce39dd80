"""Whether lists hold still: our own pairs as bundled, and the measure on a few of them."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from assistant.chat import Assistant
from assistant.errors import DataError
from assistant.evaluation_stability import (
    MINE,
    MINILM,
    PAIRS_FILE,
    UNRELATED,
    Paraphrase,
    StabilityReport,
    evaluate_stability,
    read_paraphrases,
)
from assistant.selection import Selector

SAME = Paraphrase("conditions", "en", "French films from the 1960s", "movies made in France 1960s")
OTHER = Paraphrase("mood", "en", "something really scary", "类似《千与千寻》的动画电影")


def measured(assistant: Assistant, *pairs: Paraphrase, refinements: int = 0) -> StabilityReport:
    return evaluate_stability(assistant.selector, assistant.parser, pairs, refinements, 2026)


def test_the_bundled_pairs_are_of_every_kind_in_both_languages(project: Path) -> None:
    pairs = read_paraphrases(project / "data" / PAIRS_FILE)
    kinds = {"plot", "mood", "evening", "seed", "conditions", "fame"}
    assert len(pairs) >= 60
    assert {(p.kind, p.language) for p in pairs} == {(k, t) for k in kinds for t in ("en", "zh")}
    assert all(p.one != p.other for p in pairs)


@pytest.mark.parametrize("content", ["no pair", "[]", '{"kind": "plot"}', '{"one": 1, "two": 2}'])
def test_a_line_that_is_no_pair_is_refused_with_what_it_needs(content: str, tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(content + "\n")
    with pytest.raises(DataError, match="each line needs"):
        read_paraphrases(path)


def test_a_missing_file_of_pairs_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="gone"):
        read_paraphrases(tmp_path / "gone")


def test_what_means_the_same_shares_its_list_and_what_does_not_shares_none(
    real_assistant: Assistant,
) -> None:
    report = measured(real_assistant, SAME, OTHER)
    assert report.by_kind["conditions, en"].value == 1.0
    assert report.by_kind["mood, en"].value == 0.0
    assert report.overlap[MINE].value == pytest.approx(0.5)
    assert report.overlap[UNRELATED].value == 0.0
    assert 0.0 <= report.overlap[MINILM].value <= 1.0
    assert report.poor == ((OTHER.one, OTHER.other, 0.0),)


def test_the_same_request_from_scratch_brings_the_same_list(real_assistant: Assistant) -> None:
    report = measured(real_assistant, SAME, OTHER)
    assert (report.repeated, report.changed) == (2, 0)


def test_a_list_that_changes_is_counted(real_assistant: Assistant) -> None:
    """The selector draws its chance anew for every list, as it never should."""
    seeds = iter(range(100))

    class Moody(Selector):
        def recommend(self, *args: Any, **more: Any) -> Any:  # Any: handed on as it comes
            return replace(real_assistant.selector, seed=next(seeds)).recommend(*args, **more)

    own = {f.name: getattr(real_assistant.selector, f.name) for f in fields(Selector)}
    report = evaluate_stability(Moody(**own), real_assistant.parser, [SAME], 0, 2026)
    assert report.changed == 1


def test_one_more_condition_never_brings_films_that_break_an_earlier_one(
    real_assistant: Assistant,
) -> None:
    report = measured(real_assistant, refinements=25)
    assert report.refined == 25
    assert report.shown > 50
    assert report.broken == ()
    assert report.overlap[MINE].value == 0.0
