"""Sentences in files: strict about variables, complete in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import DataError
from assistant.prompts import Prompts
from assistant.ranking import PARTS


def made(folder: Path, **lines: str) -> Path:
    for name, text in lines.items():
        language, prompt = name.split("_", 1)
        (folder / language).mkdir(exist_ok=True)
        (folder / language / f"{prompt}.txt").write_text(text, encoding="utf-8")
    return folder


def test_alternatives_are_taken_in_turn(tmp_path: Path) -> None:
    prompts = Prompts(made(tmp_path, en_hello="# a comment\nHello {name}.\nGood day, {name}.\n"))
    said = [prompts.render("hello", "en", {"name": "Ada"}, turn) for turn in range(3)]
    assert said == ["Hello Ada.", "Good day, Ada.", "Hello Ada."]


def test_a_missing_value_is_refused(tmp_path: Path) -> None:
    prompts = Prompts(made(tmp_path, en_hello="Hello {name}."))
    with pytest.raises(DataError, match="name"):
        prompts.render("hello", "en", {})


def test_a_value_nobody_asked_for_is_refused(tmp_path: Path) -> None:
    prompts = Prompts(made(tmp_path, en_hello="Hello."))
    with pytest.raises(DataError, match="name"):
        prompts.render("hello", "en", {"name": "Ada"})


def test_alternatives_with_different_variables_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="different variables"):
        Prompts(made(tmp_path, en_hello="Hello {name}.\nHello.\n"))


def test_a_sentence_missing_in_one_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"zh/bye\.txt is missing"):
        Prompts(made(tmp_path, en_hello="Hello.", zh_hello="你好。", en_bye="Bye."))


def test_a_value_that_looks_like_a_variable_stays_as_it_is(tmp_path: Path) -> None:
    prompts = Prompts(made(tmp_path, en_hello="Hello {name}."))
    assert prompts.render("hello", "en", {"name": "{film}"}) == "Hello {film}."


def test_every_part_of_a_score_has_a_label_in_every_language(project: Path) -> None:
    prompts = Prompts(project / "prompts")
    for language in prompts.languages:
        labels = {prompts.render(f"part_{part}", language) for part in PARTS}
        assert len(labels) == len(PARTS)


def test_no_bundled_sentence_sells(project: Path) -> None:
    prompts = Prompts(project / "prompts")
    for name in prompts.names():
        for language in prompts.languages:
            for line in prompts.lines(name, language):
                for word in ("masterpiece", "must-see", "amazing", "—", "杰作", "必看"):
                    assert word not in line.lower(), f"{language}/{name}: {line}"
