"""How well films named in conversations are found, beside a plain dictionary of exact titles.

Reads labelled conversations and prints figures; knows nothing of how names are found. Each
message is read four ways: as written, without the years in brackets, in lower case, and both.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from assistant.catalogue import Catalogue
from assistant.errors import DataError
from assistant.parsing.names import find_names
from assistant.parsing.people import PeopleFinder
from assistant.parsing.titles import TitleFinder

_YEAR = re.compile(r"\s*\(\d{4}\)")
WAYS: dict[str, Callable[[str], str]] = {
    "as written": lambda text: text,
    "no years": lambda text: _YEAR.sub("", text),
    "lower case": str.lower,
    "no years, lower case": lambda text: _YEAR.sub("", text).lower(),
}
"""How a message is changed before it is read, by name, easiest first."""

Reader = Callable[[str], Sequence[str]]
"""From a message to the ids of the films it names."""


@dataclass(frozen=True)
class MentionScore:
    """Counts of one system on one way of writing; a film counts once a message."""

    system: str
    way: str
    named: int
    """Films that people marked in the messages and the catalogue holds."""
    found: int
    """Films the system gave; not counted where they are marked in another message of the same
    conversation: people marked a film once and then just named it."""
    right: int
    same_title: int
    """Right, or a film of the same title as one that is named (a remake): the words alone do not
    tell which was meant once the year is gone."""
    ms_per_message: float

    @property
    def precision(self) -> float:
        """Right of found, 0-1; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Right of named, 0-1; 1 where nothing was named."""
        return self.right / self.named if self.named else 1.0


@dataclass(frozen=True)
class MarkedMessage:
    """A message and the ids of the films that people marked in it."""

    text: str
    films: frozenset[str]
    elsewhere: frozenset[str] = frozenset()
    """Marked in the conversation, but not in this message."""


def read_marked(path: Path) -> list[MarkedMessage]:
    """Messages of a file of conversations; raises ``DataError`` with the line that is wrong."""
    messages = []
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    messages += _conversation(orjson.loads(line)["messages"])
                except (ValueError, KeyError, TypeError) as error:
                    raise DataError(f"{path}:{number}: not a conversation ({error!r})") from error
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}") from error
    return messages


def _conversation(records: list[dict[str, Any]]) -> list[MarkedMessage]:  # Any: parsed JSON
    everything = frozenset(film for record in records for film in record["films"])
    return [
        MarkedMessage(str(r["text"]), films := frozenset(r["films"]), everything - films)
        for r in records
    ]


def measure_mentions(
    cases: Path, finder: TitleFinder, catalogue: Catalogue, people: PeopleFinder | None = None
) -> list[MentionScore]:
    """Scores of the finder and of the exact dictionary, for each of ``WAYS``.

    With ``people``, names of persons are told from titles as the parser does it. Marked films
    that the catalogue lacks are left out. A message in which people marked nothing still counts
    whatever is found in it as wrong.
    """
    messages = read_marked(cases)
    exact = exact_titles(catalogue)

    def named(text: str) -> list[str]:
        if people is None:
            return [m.film for m in finder.find(text).mentions]
        return [m.film for m in find_names(text, "en", finder, people)[0].mentions]

    scores = []
    for way, change in WAYS.items():
        changed = [replace(m, text=change(m.text)) for m in messages]
        for system, read in (
            ("matinee", named),
            ("exact titles", exact),
        ):
            scores.append(_score(system, way, changed, read, catalogue))
    return scores


def _score(
    system: str,
    way: str,
    messages: Iterable[MarkedMessage],
    read: Reader,
    catalogue: Catalogue,
) -> MentionScore:
    named = found = right = same = count = 0
    started = time.perf_counter()
    for message in messages:
        truth = {film for film in message.films if film in catalogue}
        titles = {catalogue[film].title.casefold() for film in truth}
        given = set(read(message.text)) - message.elsewhere
        count += 1
        named += len(truth)
        found += len(given)
        right += len(given & truth)
        same += sum(g in truth or catalogue[g].title.casefold() in titles for g in given)
    spent = (time.perf_counter() - started) * 1000 / max(count, 1)
    return MentionScore(system, way, named, found, right, same, spent)


def exact_titles(catalogue: Catalogue) -> Reader:
    """The baseline: whole titles as whole words, case aside, longest first, most popular film."""
    by_title: dict[str, str] = {}
    for film in catalogue:
        by_title.setdefault(film.title.casefold(), film.id)
    longest = max((len(title.split()) for title in by_title), default=0)

    def read(text: str) -> list[str]:
        words = [word.strip('.,!?;:"()') for word in text.casefold().split()]
        found, place = [], 0
        while place < len(words):
            for width in range(min(longest, len(words) - place), 0, -1):
                film = by_title.get(" ".join(words[place : place + width]))
                if film is not None:
                    found.append(film)
                    place += width - 1
                    break
            place += 1
        return found

    return read


def mention_lines(scores: Sequence[MentionScore]) -> list[str]:
    """The scores as lines of a table, ready to print."""
    head = f"{'written':22} {'system':13} {'n':>5} {'P':>6} {'R':>6} {'P same title':>13} {'ms':>6}"
    return [head] + [
        f"{s.way:22} {s.system:13} {s.named:5} {s.precision:6.3f} {s.recall:6.3f} "
        f"{s.same_title / s.found if s.found else 1:13.3f} {s.ms_per_message:6.2f}"
        for s in scores
    ]
