"""The hand-written corpus: texts for plans, read, recombined and checked.

``data/phrases/<language>/texts.txt`` holds whole sentences, ``tails.txt`` clauses that can follow
one. A line may offer choices (``[quiet|gentle]``) and ends in ``#acclaim``-like marks for what it
claims without a placeholder. Recombination fills choices and joins a sentence with a tail. Knows
nothing of models. Next in the flow: ``training`` learns from the texts.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant.errors import DataError, ProblemsError
from assistant.wording import (
    CLAIMS,
    LANGUAGES,
    PLACEHOLDERS,
    Plan,
    check,
    make_plan,
    placeholders_of,
)

STOPS = {"en": ".", "zh": "。"}
TAIL_SHARE = 0.4
"""Share of recombined texts that get a tail where one fits."""
CLASHES = (frozenset({"acclaim", "hidden", "popular"}), frozenset({"year", "decade"}))
"""Of each group one text says at most one thing: together they repeat or contradict."""
LONGEST_PLAN = 4
"""Things one card says at most."""
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_MARK = re.compile(r"\s*#([a-z]+)")


@dataclass(frozen=True)
class Line:
    """One hand-written line: a pattern of text with choices, and what it says."""

    pattern: str
    said: frozenset[str]
    """Placeholders (``film`` aside) and claims."""
    where: str

    @cached_property
    def variants(self) -> int:
        """How many different texts the choices give."""
        count = 1
        for choice in _CHOICE.findall(self.pattern):
            count *= len(choice.split("|"))
        return count

    def text(self, rng: random.Random) -> str:
        """The pattern with every choice made at random."""
        return _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), self.pattern)


@dataclass(frozen=True)
class Phrases:
    """One language's lines."""

    language: str
    texts: tuple[Line, ...]
    tails: tuple[Line, ...]

    @cached_property
    def by_said(self) -> Mapping[frozenset[str], tuple[Line, ...]]:
        """Whole sentences by what they say."""
        groups: dict[frozenset[str], list[Line]] = defaultdict(list)
        for line in self.texts:
            groups[line.said].append(line)
        return {said: tuple(lines) for said, lines in groups.items()}

    @cached_property
    def _combinations(self) -> list[frozenset[str]]:
        return sorted(self.by_said, key=sorted)

    @cached_property
    def _fitting(self) -> Mapping[frozenset[str], Sequence[Line]]:
        """Tails that can follow a sentence, by what the sentence says."""
        return {
            said: [tail for tail in self.tails if _joins(said, tail.said)] for said in self.by_said
        }

    def draw(self, rng: random.Random) -> tuple[Plan, str]:
        """One recombined text and its plan: rare combinations come as often as common ones."""
        groups = self.by_said
        said = rng.choice(self._combinations)
        # Half by combination, half by line: a big group has more to learn.
        line = rng.choice(groups[said] if rng.random() < 0.5 else self.texts)
        text = line.text(rng)
        if rng.random() < TAIL_SHARE:
            tails = self._fitting[line.said]
            if tails:
                tail = rng.choice(tails)
                joined = text.rstrip("。.") + tail.text(rng) + STOPS[self.language]
                plan = make_plan("reason", self.language, line.said | tail.said)
                if not check(joined, plan):
                    return plan, joined
        return make_plan("reason", self.language, line.said), text


def load_phrases(folder: Path) -> tuple[Phrases, ...]:
    """Every language's lines; raises ``ProblemsError`` with every line that fails its plan."""
    found, problems = [], []
    for language in LANGUAGES:
        texts, wrong = _read(folder / language / "texts.txt")
        tails, wrong_tails = _read(folder / language / "tails.txt")
        phrases = Phrases(language, tuple(texts), tuple(tails))
        problems += [*wrong, *wrong_tails, *problems_of(phrases)]
        found.append(phrases)
    if problems:
        raise ProblemsError(
            "the corpus has problems; mend data/phrases or run `matinee train phraser --check`:",
            problems,
        )
    return tuple(found)


def problems_of(phrases: Phrases, draws: int = 12) -> Iterator[str]:
    """A line for every text that breaks its own plan (``draws`` variants each) or repeats."""
    rng = random.Random(0)
    seen: dict[str, str] = {}
    for line in phrases.texts:
        plan = make_plan("reason", phrases.language, line.said)
        for _ in range(min(draws, 2 * line.variants)):
            text = line.text(rng)
            wrong = check(text, plan)
            if wrong:
                yield f"{line.where}: {wrong[0]}: {text}"
                break
        if line.pattern in seen:
            yield f"{line.where}: repeats {seen[line.pattern]}"
        seen[line.pattern] = line.where


def dataset(
    phrases: Sequence[Phrases], count: int, seed: int, english: float = 0.6
) -> list[tuple[Plan, str]]:
    """About ``count`` distinct recombined texts, in random order; same seed, same texts."""
    rng = random.Random(seed)
    by_language = {p.language: p for p in phrases}
    seen: dict[str, Plan] = {}
    for _ in range(2 * count):
        if len(seen) >= count:
            break
        plan, text = by_language["en" if rng.random() < english else "zh"].draw(rng)
        seen.setdefault(text, plan)
    return [(plan, text) for text, plan in seen.items()]


def _joins(said: frozenset[str], more: frozenset[str]) -> bool:
    both = said | more
    if said & more or len(both) > LONGEST_PLAN:
        return False
    if "era" in more and "seed" not in said:
        return False
    if said & {"actor", "director"} and more & {"actor", "director"}:
        return False
    return not any(len(group & both) > 1 for group in CLASHES)


def _read(path: Path) -> tuple[list[Line], list[str]]:
    lines: list[Line] = []
    problems: list[str] = []
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot read {path}: {error}; restore data/phrases") from error
    for number, row in enumerate(rows, start=1):
        where = f"{path.parent.name}/{path.name}:{number}"
        if not row.strip() or row.startswith("# "):
            continue
        marks = frozenset(_MARK.findall(row))
        pattern = (
            _MARK.sub("", row).strip() if path.stem == "texts" else _MARK.sub("", row).rstrip()
        )
        first = _CHOICE.sub(lambda match: match[1].split("|")[0], pattern)
        said = marks | (frozenset(placeholders_of(first)) - {"film"})
        foreign = said - set(PLACEHOLDERS) - set(CLAIMS)
        if foreign:
            problems.append(f"{where}: unknown {sorted(foreign)[0]!r}")
            continue
        lines.append(Line(pattern, said, where))
    return lines, problems
