"""The hand-written corpus: texts for plans, read, recombined and checked.

``data/phrases/<language>/<purpose>/*.txt`` hold whole texts, ``reason/tails.txt`` clauses that can
follow a reason. A line may offer choices (``[quiet|gentle]``) and ends in ``#acclaim``-like marks
for what it claims without a placeholder. Recombination fills choices and joins a sentence with a
tail. One line in twenty-five is kept from training, to be measured on. Knows nothing of models.
Next in the flow: ``training`` learns from the texts.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import orjson

from assistant.errors import DataError, ProblemsError
from assistant.wording import (
    CLAIMS,
    LANGUAGES,
    PLACEHOLDERS,
    PURPOSES,
    Plan,
    check,
    make_plan,
    placeholders_of,
)

JOINTS = ",;，；"
"""How a tail begins, and no text."""
TAIL_SHARE = 0.4
"""Share of recombined texts that get a tail where one fits."""
CLASHES = (frozenset({"acclaim", "hidden", "popular"}), frozenset({"year", "decade"}))
"""Of each group one text says at most one thing: together they repeat or contradict."""
LONGEST_PLAN = 4
"""Things one card says at most."""
REASONS = 0.7
"""Share of recombined texts that are card reasons; the other purposes share the rest."""
OFTEN = 4
"""How often one and the same text is learned from that is no reason: learned once, what is said to
an opinion came out as the same two sentences or failed."""
LINES_KEPT = 25
"""One line in this many is never trained on, chosen by its text."""
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_MARK = re.compile(r"\s*#([a-z]+)")


@dataclass(frozen=True)
class Line:
    """One hand-written line: a pattern of text with choices, and what it says."""

    purpose: str
    """From ``PURPOSES``."""
    pattern: str
    said: frozenset[str]
    """Placeholders (for a reason without ``film``, which may stand there or not) and claims."""
    where: str

    @cached_property
    def kept(self) -> bool:
        """Whether the line is kept from training."""
        digest = hashlib.blake2b(self.pattern.encode(), digest_size=4).digest()
        return int.from_bytes(digest) % LINES_KEPT == 0

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

    def some(self, most: int) -> tuple[str, ...]:
        """Different texts of the line, in a fixed order: all where there are few, else ``most``."""
        rng = random.Random(0)
        drawn = (self.text(rng) for _ in range(4 * min(most, self.variants)))
        return tuple(dict.fromkeys(drawn))[:most]


@dataclass(frozen=True)
class Joints:
    """Where a language lets a tail follow (``joints.json``)."""

    stop: str
    """What ends a sentence."""
    joint: str
    """What joins clauses; a sentence that has it ``joints`` times already takes no tail."""
    joints: int
    closed: tuple[str, ...]
    """Nor does one that ends so: "and this one is", and what?"""
    halves: tuple[str, ...]
    """Nor one that has any of these: it has two halves already."""

    def opens(self, text: str) -> bool:
        """Whether a tail can follow ``text``."""
        ends = text.endswith(self.stop) and not text.endswith(self.closed)
        ends = ends and not any(half in text for half in self.halves)
        return ends and text.count(self.joint) < self.joints


@dataclass(frozen=True)
class Phrases:
    """One language's lines."""

    language: str
    texts: tuple[Line, ...]
    tails: tuple[Line, ...]
    joints: Joints

    @cached_property
    def trained(self) -> tuple[Line, ...]:
        """The texts that may be learned from."""
        return tuple(line for line in self.texts if not line.kept)

    @cached_property
    def _groups(self) -> Mapping[str, list[tuple[Line, ...]]]:
        """By purpose, the lines that say the same things together, in a fixed order."""
        groups: dict[tuple[str, frozenset[str]], list[Line]] = defaultdict(list)
        for line in self.trained:
            groups[line.purpose, line.said].append(line)
        ordered: dict[str, list[tuple[Line, ...]]] = defaultdict(list)
        for purpose, said in sorted(groups, key=lambda key: (key[0], sorted(key[1]))):
            ordered[purpose].append(tuple(groups[purpose, said]))
        return ordered

    @cached_property
    def _by_purpose(self) -> Mapping[str, list[Line]]:
        return {p: [line for line in self.trained if line.purpose == p] for p in self._groups}

    @cached_property
    def _fitting(self) -> Mapping[frozenset[str], Sequence[Line]]:
        """Tails that can follow a reason, by what the reason says."""
        return {
            line.said: [tail for tail in self.tails if _joins(line.said, tail.said)]
            for line in self.trained
            if line.purpose == "reason"
        }

    def whole(self, variants: int) -> Iterator[tuple[Plan, str]]:
        """Every text that may be learned from, with up to ``variants`` choices made."""
        for line in self.trained:
            plan = make_plan(line.purpose, self.language, line.said)
            for text in line.some(variants):
                yield plan, text

    def draw(self, rng: random.Random) -> tuple[Plan, str]:
        """One recombined text and its plan: rare combinations come as often as common ones."""
        others = sorted(self._groups.keys() - {"reason"})
        reason = "reason" in self._groups and (not others or rng.random() < REASONS)
        purpose = "reason" if reason else rng.choice(others)
        # Half by combination, half by line: a big group has more to learn.
        by_line = rng.random() < 0.5
        lines = self._by_purpose[purpose] if by_line else rng.choice(self._groups[purpose])
        line = rng.choice(lines)
        text = line.text(rng)
        tails = self._fitting.get(line.said, ()) if reason and rng.random() < TAIL_SHARE else ()
        stop = self.joints.stop
        if tails and self.joints.opens(text):
            tail = rng.choice(tails)
            joined = text.removesuffix(stop) + tail.text(rng) + stop
            plan = make_plan("reason", self.language, line.said | tail.said)
            if not check(joined, plan):
                return plan, joined
        return make_plan(purpose, self.language, line.said), text


def load_phrases(folder: Path) -> tuple[Phrases, ...]:
    """Every language's lines; raises ``ProblemsError`` with every line that fails its plan."""
    found, problems = [], []
    for language in LANGUAGES:
        lines: list[Line] = []
        paths = sorted((folder / language).glob("*/*.txt"))
        if not paths:
            raise DataError(f"no texts in {folder / language}; restore data/phrases")
        for path in paths:
            read, wrong = _read(path)
            lines += read
            problems += wrong
        texts = (line for line in lines if line.pattern[0] not in JOINTS)
        tails = (line for line in lines if line.pattern[0] in JOINTS)
        phrases = Phrases(language, tuple(texts), tuple(tails), _joints(folder / language))
        problems += problems_of(phrases)
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
    seen: dict[tuple[str, str], str] = {}
    for line in phrases.texts:
        plan = make_plan(line.purpose, phrases.language, line.said)
        for _ in range(min(draws, 2 * line.variants)):
            text = line.text(rng)
            wrong = check(text, plan)
            if wrong:
                yield f"{line.where}: {wrong[0]}: {text}"
                break
        key = (line.purpose, line.pattern)
        if key in seen:
            yield f"{line.where}: repeats {seen[key]}"
        seen[key] = line.where


def dataset(
    phrases: Sequence[Phrases], count: int, seed: int, english: float = 0.6
) -> list[tuple[Plan, str]]:
    """About ``count`` recombined texts, in random order; same seed, same texts.

    No reason comes twice; other texts, of which there are few, up to ``OFTEN`` times.
    """
    rng = random.Random(seed)
    by_language = {p.language: p for p in phrases}
    times: Counter[tuple[Plan, str]] = Counter()
    found: list[tuple[Plan, str]] = []
    for _ in range(2 * count):
        if len(found) >= count:
            break
        pair = by_language["en" if rng.random() < english else "zh"].draw(rng)
        if times[pair] < (1 if pair[0].purpose == "reason" else OFTEN):
            times[pair] += 1
            found.append(pair)
    return found


def _joins(said: frozenset[str], more: frozenset[str]) -> bool:
    both = said | more
    if said & more or len(both) > LONGEST_PLAN:
        return False
    if "era" in more and "seed" not in said:
        return False
    if said & {"actor", "director"} and more & {"actor", "director"}:
        return False
    return not any(len(group & both) > 1 for group in CLASHES)


def _joints(folder: Path) -> Joints:
    path = folder / "joints.json"
    try:
        found = orjson.loads(path.read_bytes())
        closed, halves = tuple(found["closed"]), tuple(found["halves"])
        return Joints(found["stop"], found["joint"], found["joints"], closed, halves)
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"cannot read {path}: {error!r}; restore data/phrases") from error


def _read(path: Path) -> tuple[list[Line], list[str]]:
    lines: list[Line] = []
    problems: list[str] = []
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot read {path}: {error}; restore data/phrases") from error
    purpose = path.parent.name
    if purpose not in PURPOSES:
        return [], [f"{path}: unknown purpose {purpose!r}; known: {', '.join(PURPOSES)}"]
    for number, row in enumerate(rows, start=1):
        where = f"{path.parent.parent.name}/{purpose}/{path.name}:{number}"
        if not row.strip() or row.startswith("# "):
            continue
        pattern = _MARK.sub("", row).rstrip()
        first = _CHOICE.sub(lambda match: match[1].split("|")[0], pattern)
        said = frozenset(_MARK.findall(row)) | frozenset(placeholders_of(first))
        if purpose == "reason":
            said -= {"film"}
        foreign = said - set(PLACEHOLDERS) - set(CLAIMS)
        if foreign:
            problems.append(f"{where}: unknown {sorted(foreign)[0]!r}")
            continue
        lines.append(Line(purpose, pattern, said, where))
    return lines, problems
