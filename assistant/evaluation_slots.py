"""How well conditions are read from real film queries, beside a gazetteer of exact matches.

A query's gold slots and the parser's wants are turned into values before they are compared, so
that "the 80 s" and "1980s" are one. What counts:

* **people** (Actor, Director): the full names of catalogue people that a slot's words hold. A
  person asked for without a role counts as right for either role. Slots that hold no exact full
  name (people we lack, bare surnames, misspellings) are not counted, nor is a person read there.
* **genres** (Genre): the genre conditions that our word lists find in a slot's words alone, read
  as words before "film". Slots in which they find none ("baseball film") are not counted, nor is
  a genre read there.
* **years** (Year): the range of years a slot's words mean; slots that mean none are not counted.
  "Recent" and "latest" are not counted either: we read them as the last years, the labels mark
  them once among 2,702 slots.

What the parser wants or prefers counts, and what it excludes; but years only where they are limits,
since "classic" and "modern" merely prefer some and are no Year slots. Every value counts once a
query.

The labels are not free of mistakes: of the 76 queries read otherwise among 900 of the half looked
at, about 27 carry a wrong or missing label (an actor not marked, a "love story" not marked as a
genre, a director marked as an actor), and 6 call "epic" an opinion where we read a genre.

Knows nothing of how messages are read. Next in the flow: ``cli.understanding`` prints what this
returns.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import orjson

from assistant.catalogue import Catalogue, Limits
from assistant.errors import DataError
from assistant.evaluation_halves import HALVES, half_of
from assistant.metrics import Interval, f1_interval
from assistant.parsing.grammar import Grammar
from assistant.parsing.parser import Parser
from assistant.parsing.request import Context
from assistant.parsing.spans import keys_of
from assistant.parsing.years import LATEST, RECENT_YEARS, combine, find_years

PEOPLE = ("Actor", "Director")
KINDS = (*PEOPLE, "Genre", "Year")
YEAR_NOW = 2013
"""When the queries were asked: what "the last five years" reaches back from."""
_WIDEST_NAME = 5
"""Words of the longest name looked for."""
_NEAR = 0.75
"""Least likeness (difflib's ratio) of a name and a word that may be its misspelling."""

Value = tuple[str, str]
"""(kind, value as text): ("Actor", "Tom Hanks"), ("Genre", "Crime|Gangster"),
("Year", "1980-1989"). A person without a role has the kind "person"."""
Reader = Callable[[str], frozenset[Value]]

_APOSTROPHES = (
    (re.compile(r"\b(\d0) s\b"), r"\1s"),
    (re.compile(r"\b(don|doesn|didn|isn|wasn|aren|can|couldn|won|wouldn|hasn|haven) t\b"), r"\1't"),
    (re.compile(r"\b(do|does|did|is|was|are|ca|could|wo|would|has|have) n t\b"), r"\1n't"),
    (re.compile(r"\b(i) m\b"), r"\1'm"),
    (re.compile(r"\b(\w+) (s|re|ve|ll|d)\b"), r"\1'\2"),
)
"""The queries were stored with apostrophes as spaces; nobody types "i m"."""


@dataclass(frozen=True)
class Query:
    """One query, with the values of its slots."""

    id: str
    text: str
    gold: frozenset[Value]
    unjudged: Mapping[str, tuple[str, ...]]
    """Words of slots that are in no value of ours, by kind."""

    def judges(self, value: Value) -> bool:
        """Whether a value that is not gold is wrong: one read in unjudged words is neither."""
        kind, said = value
        if kind == "Genre":
            return not self.unjudged.get("Genre")
        if kind == "Year":
            return not self.unjudged.get("Year")
        words = [
            word
            for slot in PEOPLE
            for text in self.unjudged.get(slot, ())
            for word in keys_of(text)
        ]
        return not any(_spelled_alike(key, word) for key in keys_of(said) for word in words)


@dataclass(frozen=True)
class SlotScore:
    """One system on one kind of slot in one half."""

    system: str
    half: str
    kind: str
    gold: int
    found: int
    right: int
    f1: Interval
    """0-1, with a bootstrap interval over queries."""

    @property
    def precision(self) -> float:
        """Right of found, 0-1; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Right of gold, 0-1; 1 where there is none."""
        return self.right / self.gold if self.gold else 1.0


@dataclass(frozen=True)
class SlotReport:
    """All scores, and which share of the slots is counted."""

    queries: int
    scores: tuple[SlotScore, ...]
    coverage: Mapping[str, tuple[int, int]]
    """By kind: slots counted, slots in all."""


def measure_slots(
    cases: Path, catalogue: Catalogue, parser: Parser, grammar: Grammar
) -> SlotReport:
    """Scores of the parser and of the gazetteer, by kind and half; raises ``DataError``."""
    queries, coverage = read_queries(cases, catalogue, grammar)
    gazetteer = Gazetteer(catalogue, grammar)
    systems: dict[str, Reader] = {
        "matinee": lambda text: read_values(parser, text),
        "exact matches": gazetteer,
    }
    scores = [score for name, read in systems.items() for score in _scores(name, read, queries)]
    return SlotReport(len(queries), tuple(scores), coverage)


def read_queries(
    cases: Path, catalogue: Catalogue, grammar: Grammar
) -> tuple[list[Query], dict[str, tuple[int, int]]]:
    """The queries of a file and its coverage; raises ``DataError`` with the line that is wrong."""
    gazetteer = Gazetteer(catalogue, grammar)
    counted: Counter[str] = Counter()
    slots: Counter[str] = Counter()
    queries = []
    try:
        with cases.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    queries.append(_query(orjson.loads(line), gazetteer, counted, slots))
                except (ValueError, KeyError, TypeError) as error:
                    raise DataError(f"{cases}:{number}: not a film query ({error!r})") from error
    except OSError as error:
        raise DataError(f"cannot read {cases}: {error.strerror}") from error
    return queries, {kind: (counted[kind], slots[kind]) for kind in KINDS}


def _query(
    record: Mapping[str, Any],  # Any: parsed JSON
    gazetteer: Gazetteer,
    counted: Counter[str],
    slots: Counter[str],
) -> Query:
    gold: set[Value] = set()
    unjudged: dict[str, list[str]] = defaultdict(list)
    text = str(record["text"])
    for kind, words in record["slots"]:
        if kind not in KINDS:
            continue
        if kind == "Year" and f" {words} s " in f" {text} ":  # "the 1980 s" marked without its s
            words += "s"
        values = gazetteer.values(kind, with_apostrophes(words))
        slots[kind] += 1
        counted[kind] += bool(values)
        gold |= values
        named = {key for _, name in values for key in keys_of(name)} if kind in PEOPLE else set()
        if not values or kind in PEOPLE:
            unjudged[kind] += [word for word in keys_of(words) if word not in named]
    text = with_apostrophes(text)
    return Query(record["id"], text, frozenset(gold), {k: tuple(v) for k, v in unjudged.items()})


def with_apostrophes(text: str) -> str:
    """``text`` with the apostrophes that were stored as spaces.

    >>> with_apostrophes("an 80 s film about a woman s revenge")
    "an 80s film about a woman's revenge"
    """
    for pattern, whole in _APOSTROPHES:
        text = pattern.sub(whole, text)
    return text


def read_values(parser: Parser, text: str) -> frozenset[Value]:
    """The values in the wants the parser reads in a first message."""
    wants = parser.parse(text, Context(year_now=YEAR_NOW)).wants
    preferred = replace(wants.prefer, years=())
    return frozenset(value for limits in (wants.limits, preferred) for value in _values(limits))


def _values(limits: Limits) -> Iterator[Value]:
    for kind, groups in (
        ("person", (*limits.people, limits.not_people)),
        ("Director", limits.directed_by),
        ("Actor", limits.starring),
    ):
        yield from ((kind, name) for group in groups for name in group)
    yield from (("Genre", _genre(group)) for group in limits.genres)
    yield from (("Genre", name) for name in limits.not_genres)
    yield from _years(limits.years)


def _years(ranges: Sequence[tuple[int, int]]) -> Iterator[Value]:
    recent = (YEAR_NOW - RECENT_YEARS, LATEST)
    yield from (("Year", f"{low}-{high}") for low, high in ranges if (low, high) != recent)


def _genre(group: frozenset[str]) -> str:
    return "|".join(sorted(group))


class Gazetteer:
    """The baseline, and the reading of gold slots: exact names, genre words and years."""

    def __init__(self, catalogue: Catalogue, grammar: Grammar) -> None:
        self._grammar = grammar
        roles: dict[str, Counter[str]] = defaultdict(Counter)
        names: dict[str, str] = {}
        for film in catalogue:
            for kind, people in (("Director", film.directors), ("Actor", film.cast)):
                for name in people:
                    roles[name][kind] += 1
                    names.setdefault(" ".join(keys_of(name)), name)
        self._names = {key: name for key, name in names.items() if " " in key}
        self._role = {
            name: max(sorted(count), key=count.__getitem__) for name, count in roles.items()
        }

    def __call__(self, text: str) -> frozenset[Value]:
        """Everything in ``text`` that matches exactly; people in the role they have most."""
        people = {(self._role[name], name) for name in self._people(text)}
        return frozenset(people | self._genres(text) | self._years(text))

    def values(self, kind: str, words: str) -> set[Value]:
        """The values of one gold slot; empty where it has none of ours."""
        if kind in PEOPLE:
            return {(kind, name) for name in self._people(words)}
        return self._genres(f"{words} film") if kind == "Genre" else self._years(words)

    def _people(self, text: str) -> Iterator[str]:
        keys, at = keys_of(text), 0
        while at < len(keys):
            for end in range(min(at + _WIDEST_NAME, len(keys)), at, -1):
                name = self._names.get(" ".join(keys[at:end]))
                if name is not None:
                    yield name
                    at = end - 1
                    break
            at += 1

    def _genres(self, text: str) -> set[Value]:
        topics = (topic for _, _, topic in self._grammar.topics.find(text.lower()))
        return {
            ("Genre", _genre(group))
            for topic in topics
            if topic.kind == "genre"
            for group in topic.groups
        }

    def _years(self, text: str) -> set[Value]:
        found = find_years(text.lower(), self._grammar.years, YEAR_NOW)
        ranges = combine([(years.low, years.high) for years in found])
        return set(_years(ranges))


def _scores(system: str, read: Reader, queries: Sequence[Query]) -> Iterator[SlotScore]:
    counts: dict[tuple[str, str], list[tuple[int, int, int]]] = defaultdict(list)
    for query in queries:
        found = read(query.text)
        for kind, row in _counted(query, found).items():
            counts[half_of(query.id), kind].append(row)
    for half in HALVES:
        for kind in (*KINDS, "Actor and Director"):
            rows = counts[half, kind]
            gold, given, right = (sum(row[i] for row in rows) for i in range(3))
            yield SlotScore(system, half, kind, gold, given, right, f1_interval(rows))


def _counted(query: Query, found: frozenset[Value]) -> dict[str, tuple[int, int, int]]:
    """(gold, found, right) by kind; a person without a role takes the gold one's, if any."""
    given: set[Value] = set()
    for kind, said in found:
        if kind == "person":
            roles = [role for role in PEOPLE if (role, said) in query.gold]
            given |= {(role, said) for role in roles or PEOPLE[:1]}
        else:
            given.add((kind, said))
    given = {value for value in given if value in query.gold or query.judges(value)}
    rows = {}
    for name, kinds in (*((kind, (kind,)) for kind in KINDS), ("Actor and Director", PEOPLE)):
        gold = {value for value in query.gold if value[0] in kinds}
        mine = {value for value in given if value[0] in kinds}
        rows[name] = (len(gold), len(mine), len(gold & mine))
    return rows


def _spelled_alike(name: str, word: str) -> bool:
    return name == word or SequenceMatcher(None, name, word).ratio() >= _NEAR


def slot_lines(report: SlotReport) -> list[str]:
    """The report as lines of a table, ready to print."""
    head = f"{'half':27} {'slot':19} {'system':14} {'n':>5} {'P':>6} {'R':>6} {'F1':>6} (95 %)"
    lines = [f"{report.queries:,} queries"]
    lines += [
        f"{kind}: {counted:,} of {slots:,} slots counted ({counted / max(slots, 1):.0%})"
        for kind, (counted, slots) in report.coverage.items()
    ]
    order = {kind: place for place, kind in enumerate((*KINDS, "Actor and Director"))}
    rows = sorted(
        report.scores, key=lambda s: (HALVES.index(s.half), order[s.kind], s.system != "matinee")
    )
    return [*lines, head] + [
        f"{s.half:27} {s.kind:19} {s.system:14} {s.gold:5} {s.precision:6.3f} {s.recall:6.3f} "
        f"{s.f1.value:6.3f} ({s.f1.low:.3f}-{s.f1.high:.3f})"
        for s in rows
    ]
