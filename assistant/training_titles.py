"""Grows the trees that tell titles from other words: ``data/languages/en/title_trees.json``.

Learns from our own marked sentences (``data/examples/en/titles.txt``), from the half of labelled
conversations that may be looked at, written five ways (one of them with slips of the keys), and,
where given, from queries that name hardly any film. Only numbers go into the product. The other
half is what ``evaluation_mentions`` reports. Next in the flow: ``parsing.titlescore`` adds the
trees up.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from assistant.catalogue import Catalogue
from assistant.errors import DataError
from assistant.evaluation_dialogues import Dialogue, Spoken, read_dialogues
from assistant.evaluation_halves import LOOKED_AT, half_of
from assistant.evaluation_mentions import WAYS
from assistant.parsing.people import PeopleFinder
from assistant.parsing.spans import keys_of
from assistant.parsing.titles import Reading, TitleFinder
from assistant.parsing.titlescore import Signals
from assistant.parsing.versions import Setting

TREES, LEAVES, RATE, LEAST = 120, 10, 0.1, 15
"""Small trees, many of them; chosen by five-fold cross-validation within the looked-at half."""
OWN_WEIGHT = 10.0
"""What one of our own sentences counts: few, but written as people ask this program."""
DOUBTFUL_BITS = 2.0
"""Words of a query that already look so much like a title mostly are one, unmarked."""
RISING = (
    *("fame", "rare", "rare_10", "rare_20", "rare_40"),
    *("named", "beside", "whole", "company", "genre_said"),
)
FALLING = ("misspelled", "wrong_letters")
"""Signals that may only speak for, only against a title, whatever the sample says."""
_SLIP = 0.7
"""Share of marked titles that get a slip of the keys."""
_YEAR = re.compile(r"\s*\(\d{4}\)")
_MARKED = re.compile(
    r"((?:[A-Z0-9][\w'&:.!-]*|of|the|and|in|a|to)"
    r"(?:\s+(?:[A-Z0-9][\w'&:.!-]*|of|the|and|in|a|to|for|on|with|from))*)\s\(\d{4}\)"
)


@dataclass(frozen=True)
class Sample:
    """Words of a message that could be a title, and whether they are one."""

    signals: Signals
    right: bool
    weight: float = 1.0


def train_titles(
    cases: Path,
    queries: Path | None,
    finder: TitleFinder,
    people: PeopleFinder,
    catalogue: Catalogue,
    data: Path,
    year: int,
) -> dict[str, int]:
    """Write the trees; what they were grown from, by kind. Raises ``DataError``."""
    own = list(_own(data / "examples" / "en" / "titles.txt", finder))
    ways = (*WAYS.values(), slips)
    talk = [
        sample
        for dialogue in read_dialogues(cases)
        if dialogue.half == LOOKED_AT
        for change in ways
        for sample in _talked(dialogue, change, finder, people, catalogue, year)
    ]
    asked = [] if queries is None else list(_asked(queries, finder, people))
    grown = grow([*own, *talk, *asked])
    path = data / "languages" / "en" / "title_trees.json"
    path.write_bytes(orjson.dumps(grown))
    return {"own": len(own), "conversations": len(talk), "queries": len(asked)}


def grow(samples: Sequence[Sample]) -> dict[str, Any]:  # Any: JSON
    """Gradient-boosted trees (Friedman 2001) as ``titlescore.read_score`` reads them."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    names = sorted({name for sample in samples for name in sample.signals})
    place = {name: column for column, name in enumerate(names)}
    table = np.zeros((len(samples), len(names)))
    for row, sample in enumerate(samples):
        for name, value in sample.signals.items():
            table[row, place[name]] = value
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        learning_rate=RATE,
        min_samples_leaf=LEAST,
        l2_regularization=1.0,
        monotonic_cst=[(name in RISING) - (name in FALLING) for name in names],
        early_stopping=False,
        random_state=7,
    )
    model.fit(table, [sample.right for sample in samples], [sample.weight for sample in samples])
    trees = [[_node(node, names) for node in tree.nodes] for (tree,) in model._predictors]
    return {"bias": round(float(model._baseline_prediction.ravel()[0]), 4), "trees": trees}


def _node(node: Any, names: Sequence[str]) -> list[object]:  # Any: a row of scikit-learn's
    if node["is_leaf"]:
        return ["", round(float(node["value"]), 4), 0, 0]
    name = names[node["feature_idx"]]
    return [name, round(float(node["num_threshold"]), 4), int(node["left"]), int(node["right"])]


def _talked(
    dialogue: Dialogue,
    change: Callable[[str], str],
    finder: TitleFinder,
    people: PeopleFinder,
    catalogue: Catalogue,
    year: int,
) -> Iterator[Sample]:
    before: set[str] = set()
    for message in dialogue.messages:
        text = change(message.text)
        setting = Setting(year, frozenset(before))
        closed = _names(text, finder, people)
        before.update(m.film for m in finder.find(text, "en", closed, setting).mentions)
        readings = finder.weighed(text, closed, setting)
        elsewhere = dialogue.marked - message.films
        yield from _judged(message, text, readings, elsewhere, catalogue)


def _names(text: str, finder: TitleFinder, people: PeopleFinder) -> list[tuple[int, int]]:
    found = (p for p in people.find(text, "en") if p.full)
    return [(p.start, p.end) for p in found if not finder.famous(text[p.start : p.end])]


def _judged(
    message: Spoken,
    text: str,
    readings: Sequence[tuple[Reading, frozenset[str]]],
    elsewhere: frozenset[str],
    catalogue: Catalogue,
) -> Iterator[Sample]:
    """The readings with what people marked; those nobody can judge are left out."""
    truth = {film for film in message.films if film in catalogue}
    right = [reading for reading, films in readings if films & truth]
    marks = [
        " " + " ".join(keys_of(message.text[: year.start()]))
        for year in _YEAR.finditer(message.text)
    ]
    for reading, films in readings:
        if reading in right:
            yield Sample(reading.signals, True)
            continue
        pronoun = "pronoun" in reading.signals and text == text.lower()
        words = " " + " ".join(keys_of(text[slice(*reading.span)]))
        doubtful = (
            any(reading.start < r.end and r.start < reading.end for r in right)
            or (films & elsewhere and not pronoun)
            or any(mark.endswith(words) for mark in marks)
        )
        if not doubtful:
            yield Sample(reading.signals, False)


def _asked(path: Path, finder: TitleFinder, people: PeopleFinder) -> Iterator[Sample]:
    """Readings in queries that describe films without naming them: none is a title."""
    try:
        records = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    except (OSError, orjson.JSONDecodeError) as error:
        raise DataError(f"cannot read {path}: {error}") from error
    for record in records:
        if half_of(record["id"]) == LOOKED_AT:
            text = record["text"]
            for reading, _ in finder.weighed(text, _names(text, finder, people)):
                if reading.bits < DOUBTFUL_BITS:
                    yield Sample(reading.signals, False)


def _own(path: Path, finder: TitleFinder) -> Iterator[Sample]:
    """Our sentences as they stand and in lower case; titles stand in [brackets]."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}") from error
    for line in lines:
        text, spans = _unmarked(line)
        telling = all(len(text[start:end]) > 3 for start, end in spans)  # "It" needs its capital
        for written in (text, text.lower()) if telling else (text,):
            for reading, _ in finder.weighed(written):
                fits = any(
                    reading.span[1] == end and reading.span[0] in (start, start - 4, start - 2)
                    for start, end in spans
                )
                inside = any(
                    start < reading.span[1] and reading.span[0] < end for start, end in spans
                )
                if fits or not inside:
                    yield Sample(reading.signals, fits, OWN_WEIGHT)


def _unmarked(line: str) -> tuple[str, list[tuple[int, int]]]:
    """
    >>> _unmarked("like [Heat]")
    ('like Heat', [(5, 9)])
    """
    text, spans = "", []
    for piece in re.split(r"(\[.*?\])", line):
        if piece.startswith("["):
            spans.append((len(text), len(text) + len(piece) - 2))
            piece = piece[1:-1]
        text += piece
    return text, spans


def slips(text: str) -> str:
    """``text`` in lower case without years, most marked titles misspelled; the same each time."""
    rng = random.Random(text)

    def one(match: re.Match[str]) -> str:
        words = match[1].split()
        long = [n for n, word in enumerate(words) if len(word) > 4 and word.isalpha()]
        if long and rng.random() < _SLIP:
            place = rng.choice(long)
            words[place] = _slip(words[place], rng)
        return " ".join(words)

    return _YEAR.sub("", _MARKED.sub(one, text)).lower()


def _slip(word: str, rng: random.Random) -> str:
    """A letter left out, doubled, swapped or wrong."""
    at = rng.randrange(1, len(word) - 1)
    kinds: Mapping[int, str] = {
        0: word[:at] + word[at + 1 :],
        1: word[:at] + word[at] + word[at:],
        2: word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        3: word[:at] + rng.choice("aeiourstn") + word[at + 1 :],
    }
    return kinds[rng.randrange(4)]
