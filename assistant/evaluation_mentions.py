"""How well films named in conversations are found, beside a plain dictionary of exact titles.

Reads labelled conversations in order, each message against the films found before it, and prints
figures; knows nothing of how names are found. Each message is read four ways: as written, without
the years in brackets, in lower case, and both. ``measure_mentions`` tells what is counted; how the
labels err is told with it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.catalogue import Catalogue, Film
from assistant.evaluation_dialogues import Dialogue, Spoken, read_dialogues, with_unmarked
from assistant.evaluation_halves import HALVES
from assistant.metrics import Interval, ratio_interval
from assistant.parsing.names import find_names
from assistant.parsing.people import PeopleFinder
from assistant.parsing.spans import ARTICLES, keys_of
from assistant.parsing.titles import TitleFinder
from assistant.parsing.titleyears import BRACKET_SLACK
from assistant.parsing.versions import Setting

_YEAR = re.compile(r"\s*\(\d{4}\)")
_BEFORE = 12
"""Words before a year in brackets that may be its title."""
WAYS: dict[str, Callable[[str], str]] = {
    "as written": lambda text: text,
    "no years": lambda text: _YEAR.sub("", text),
    "lower case": str.lower,
    "no years, lower case": lambda text: _YEAR.sub("", text).lower(),
}
"""How a message is changed before it is read, by name, easiest first."""


@dataclass(frozen=True)
class Given:
    """A film a system found."""

    film: str
    words: str
    others: tuple[str, ...] = ()
    """Other films the words could mean."""


Reader = Callable[[str, frozenset[str]], Sequence[Given]]
"""From a message and the films found before it to the films it names."""


@dataclass(frozen=True)
class MentionScore:
    """Counts of one system on one way of writing in one half; a film counts once a message."""

    half: str
    system: str
    way: str
    named: int
    """Films that people marked in the messages and the catalogue holds, whose name is there."""
    precision: Interval
    recall: Interval
    strict_precision: float
    """With films found on marks of films that the catalogue or the file lacks counted as wrong."""
    strict_recall: float
    """With marks counted whose film has no word of its name, or another year, in the message."""
    offered_precision: float
    """With a film counted right where the marked one is among the others its words could mean,
    which the page offers as buttons: once the year is gone, words often fit several versions."""
    offered_recall: float
    ms_per_message: float


@dataclass
class _Tally:
    named: int = 0
    found: int = 0
    right: int = 0
    offered: int = 0
    """Found films that are right or whose other readings hold the marked one."""
    reached: int = 0
    """Marked films that were found or offered."""
    unheld: int = 0
    nameless: int = 0

    def add(self, other: _Tally) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def measure_mentions(
    cases: Path,
    finder: TitleFinder,
    catalogue: Catalogue,
    people: PeopleFinder,
    year: int | None = None,
    unmarked: Path | None = None,
) -> list[MentionScore]:
    """Scores of the finder and of the exact dictionary, by half, then for each of ``WAYS``.

    Names of persons are told from titles as the parser does it; ``year`` is when people talked.
    A message in which people marked nothing still counts whatever is found in it as wrong. Left
    out of both figures: films marked elsewhere in the conversation (people marked a film once and
    then just named it). Left out of the main figures, counted in the strict ones: a film found on
    the very words of a mark whose film the catalogue lacks or the file forgot, marks of a film of
    which no word stands in the message, and marks whose written year is another film's ("A
    Nightmare on Elm Street (1984)" marked as the one of 2010).

    What is left of the labels' faults: of the 151 films counted wrong in the half looked at, in
    lower case without years, 78 are another version of the marked film and 36 are named outright
    by people who did not mark them ("i loved black panther"). ``unmarked`` adds such marks
    (``with_unmarked``).
    """

    def named(text: str, before: frozenset[str]) -> list[Given]:
        found, _ = find_names(text, "en", finder, people, Setting(year, before))
        return [Given(m.film, text[m.start : m.end], m.others) for m in found.mentions]

    dialogues = read_dialogues(cases)
    if unmarked is not None:
        dialogues = with_unmarked(dialogues, unmarked)
    systems: dict[str, Reader] = {"matinee": named, "exact titles": exact_titles(catalogue)}
    return [
        _score(half, system, way, [d for d in dialogues if d.half == half], read, catalogue)
        for half in HALVES
        for way in WAYS
        for system, read in systems.items()
    ]


def _score(
    half: str,
    system: str,
    way: str,
    dialogues: Sequence[Dialogue],
    read: Reader,
    catalogue: Catalogue,
) -> MentionScore:
    started = time.perf_counter()
    tallies = [_tally(dialogue, WAYS[way], read, catalogue) for dialogue in dialogues]
    spent = time.perf_counter() - started
    total = _Tally()
    for tally in tallies:
        total.add(tally)
    right = [tally.right for tally in tallies]
    return MentionScore(
        half,
        system,
        way,
        total.named,
        ratio_interval(right, [tally.found for tally in tallies]),
        ratio_interval(right, [tally.named for tally in tallies]),
        total.right / max(1, total.found + total.unheld),
        total.right / max(1, total.named + total.nameless),
        total.offered / max(1, total.found),
        total.reached / max(1, total.named),
        spent * 1000 / max(1, sum(len(d.messages) for d in dialogues)),
    )


def _tally(
    dialogue: Dialogue, change: Callable[[str], str], read: Reader, catalogue: Catalogue
) -> _Tally:
    tally = _Tally()
    before: set[str] = set()
    for message in dialogue.messages:
        given = read(change(message.text), frozenset(before))
        before.update(found.film for found in given)
        tally.add(_message(message, dialogue.marked - message.films, given, catalogue))
    return tally


def _message(
    message: Spoken, elsewhere: frozenset[str], given: Sequence[Given], catalogue: Catalogue
) -> _Tally:
    held = {film for film in message.films if film in catalogue}
    words = keys_of(message.text)
    marks = _marks(message.text)
    truth = {
        film
        for film in held
        if _is_named(catalogue[film], words) and not _contradicted(catalogue[film], marks)
    }
    lacking = [
        mark.words for mark in marks if not any(_fits(catalogue[film], mark) for film in truth)
    ]
    counted = {g.film: g for g in given if g.film not in elsewhere}
    at_hand = {film for found in given for film in (found.film, *found.others)}
    tally = _Tally(named=len(truth), nameless=len(held - truth), reached=len(truth & at_hand))
    for film, found in counted.items():
        if film in truth:
            tally.right += 1
        elif truth.isdisjoint(found.others) and _on_mark(found.words, lacking):
            tally.unheld += 1
            continue
        tally.found += 1
        tally.offered += film in truth or not truth.isdisjoint(found.others)
    return tally


def _is_named(film: Film, words: Sequence[str]) -> bool:
    """Whether a telling word of any of the film's names is among ``words``."""
    names = (film.title, film.original_title, *film.titles.values(), *film.aliases)
    keys = {key for name in names if name for key in keys_of(name)} - ARTICLES
    telling = {key for key in keys if len(key) > 3} or keys
    return not telling.isdisjoint(words) or "".join(keys_of(film.title)) in "".join(words)


@dataclass(frozen=True)
class _Mark:
    """A title with its year in brackets, as the people's tool wrote every film they marked."""

    words: str
    """The words before the year, each after a space."""
    year: int


def _marks(text: str) -> list[_Mark]:
    return [
        _Mark(" " + " ".join(keys_of(text[: found.start()])[-_BEFORE:]), int(found.group()[-5:-1]))
        for found in _YEAR.finditer(text)
    ]


def _called(film: Film, mark: _Mark) -> bool:
    """Whether a telling word of the film's title stands where the mark has its title."""
    keys = keys_of(film.title)
    before = mark.words.split()[-len(keys) - 1 :]
    return _is_named(film, before)


def _fits(film: Film, mark: _Mark) -> bool:
    return abs(film.year - mark.year) <= BRACKET_SLACK and _called(film, mark)


def _contradicted(film: Film, marks: Sequence[_Mark]) -> bool:
    """Whether the film is written with years, and each is another film's ("Halloween (1978)"
    marked as the one of 2018)."""
    called = [mark for mark in marks if _called(film, mark)]
    return bool(called) and not any(_fits(film, mark) for mark in called)


def _on_mark(words: str, marks: Iterable[str]) -> bool:
    own = " ".join(key for key in keys_of(_YEAR.sub("", words)) if key not in ARTICLES)
    return any(mark.endswith(" " + own) for mark in marks)


def exact_titles(catalogue: Catalogue) -> Reader:
    """The baseline: whole titles as whole words, case aside, longest first, most popular film."""
    by_title: dict[str, str] = {}
    for film in catalogue:
        by_title.setdefault(film.title.casefold(), film.id)
    longest = max((len(title.split()) for title in by_title), default=0)

    def read(text: str, before: frozenset[str] = frozenset()) -> list[Given]:
        words = [word.strip('.,!?;:"()') for word in text.casefold().split()]
        found, place = [], 0
        while place < len(words):
            for width in range(min(longest, len(words) - place), 0, -1):
                title = " ".join(words[place : place + width])
                film = by_title.get(title)
                if film is not None:
                    found.append(Given(film, title))
                    place += width - 1
                    break
            place += 1
        return found

    return read


def mention_lines(scores: Sequence[MentionScore]) -> list[str]:
    """The scores as lines of a table, ready to print."""
    head = (
        f"{'half':23} {'written':20} {'system':12} {'n':>5} {'P':>6} {'95 %':>13} {'R':>6} "
        f"{'95 %':>13} {'P strict':>8} {'R strict':>8} {'P offer':>7} {'R offer':>7} "
        f"{'ms':>5}"
    )
    return [head] + [
        f"{s.half:23} {s.way:20} {s.system:12} {s.named:5} {_cell(s.precision)} "
        f"{_cell(s.recall)} {s.strict_precision:8.3f} {s.strict_recall:8.3f} "
        f"{s.offered_precision:7.3f} {s.offered_recall:7.3f} {s.ms_per_message:5.2f}"
        for s in scores
    ]


def _cell(value: Interval) -> str:
    return f"{value.value:6.3f} {value.low:6.3f}-{value.high:6.3f}"
