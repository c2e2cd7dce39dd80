"""Every way to write each film's name, looked up by the words run together.

Whole titles, other titles and aliases, what stands before and after a colon, the beginning that
several films share ("Harry Potter and the ..."), and the rare first words people shorten a famous
title to ("shawshank"). Knows nothing of the message around a name. Next in the flow: ``titles``.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from assistant.catalogue import Catalogue, Film
from assistant.parsing.commonness import Commonness
from assistant.parsing.spans import ARTICLES, compact, has_cjk, keys_of

LONGEST = 14
"""Words of the longest name looked for; longer titles are found by a part."""
SHORTENED_FROM = 0.85
"""Popularity from which a title is shortened to its first words."""
SHORTENED_BITS = 16.0
"""Least bits of one such first word."""
PART_BITS = 24.0
"""Least bits of several first words, or of a subtitle that stands for the whole."""
FUZZY_FROM = 0.3
"""Popularity from which misspellings of a title are bridged: nearly unknown films are misspelled
too seldom to pay for the wrong guesses."""
FUZZY_LETTERS = 5
"""Least letters of a title whose misspellings are bridged."""

_COLON = re.compile(r":\s+|\s+[-–—]\s+")
_BRACKET = re.compile(r"\s*[(\[].*?[)\]]")
_TWO = re.compile(r"^(\S+) (\S+) ", re.MULTILINE)
"""The first two of a name's three or more words."""
_OR = re.compile(r",?\s+or:?,?\s+", re.IGNORECASE)


FAME_BITS = 8.0
"""Most that popularity adds: one bit for each halving of the films that are better known."""


def fame(popularity: float) -> float:
    """Bits of a popularity rank 0-1: one for each halving of the better known, at most 8."""
    return min(FAME_BITS, -math.log2(max(1.0 - popularity, 1e-6)))


class Kind(IntEnum):
    """How a name relates to the film's title; smaller is closer."""

    TITLE = 0
    ALIAS = 1
    MAIN = 2
    """Before the colon, or the beginning that a series shares."""
    SUBTITLE = 3
    SHORTENED = 4


class Name(NamedTuple):
    """One film that some words can mean."""

    row: int
    """Of the film in the catalogue."""
    kind: Kind
    article: str
    """The article the full name begins with; empty where it has none."""
    width: int
    """Words of the name, leading article aside."""


class TitleKeys:
    """Films by written name; a value once made."""

    def __init__(
        self, catalogue: Catalogue, commonness: Commonness, nicknames: Mapping[str, Sequence[str]]
    ) -> None:
        """``nicknames``: labels ("Title (Year)") by nickname; films not held are left out."""
        self._names: dict[str, list[Name]] = {}
        self._commonness = commonness
        people = "\n".join(catalogue.by_person).casefold()
        self._people = {*people.replace(" ", "").split("\n"), *map(compact, _TWO.findall(people))}
        for row, film in enumerate(catalogue.films):
            self._add_film(row, film)
        self._add_series(catalogue)
        rows = {film.label: row for row, film in enumerate(catalogue.films)}
        for nickname, labels in nicknames.items():
            for label in labels:
                if label in rows:
                    self._add(nickname, rows[label], Kind.ALIAS)
        self._add_firsts()
        self._near = self._near_table(catalogue)

    def get(self, key: str) -> Sequence[Name]:
        """Films that the run-together words ``key`` can mean, as added: by row within a kind."""
        return self._names.get(key, ())

    def near(self, key: str) -> Iterator[str]:
        """Keys that begin or end like ``key`` and are at most two letters longer or shorter."""
        for length in range(len(key) - 2, len(key) + 3):
            yield from self._near.get((length, key[:2]), ())
            yield from self._near.get((length, key[-3:]), ())

    def _add(self, name: str, row: int, kind: Kind) -> list[str]:
        """Add one name; the words it was added under, or [] where it has none."""
        keys = keys_of(name)
        article = keys[0] if len(keys) > 1 and keys[0] in ARTICLES else ""
        bare = keys[1:] if article else keys
        number = len(bare) == 1 and bare[0].isdigit() and " " in name.strip()
        if bare and not number:  # "Episode II" leaves a bare 2
            known = Name(row, kind, article, len(bare))
            names = self._names.setdefault(compact(bare), [])
            for place, other in enumerate(names):
                if other.row == row:
                    if kind < other.kind:
                        names[place] = known
                    break
            else:
                names.append(known)
        return bare

    def _add_film(self, row: int, film: Film) -> None:
        keys = self._add(film.title, row, Kind.TITLE)
        others = (film.original_title, *film.titles.values(), *film.aliases)
        for other in dict.fromkeys(others):
            if other and other != film.title and (other.isascii() or not has_cjk(other)):
                self._add(other, row, Kind.ALIAS)
        if not film.title.isalnum():
            self._add_parts(row, film)
        if film.popularity >= SHORTENED_FROM:
            self._add_starts(row, keys)

    def _add_parts(self, row: int, film: Film) -> None:
        """What stands outside brackets, before and after a colon, before "or"."""
        without = _BRACKET.sub("", film.title)
        if without.strip() and without != film.title:
            self._add(without, row, Kind.ALIAS)
        pieces = _COLON.split(film.title)
        if len(pieces) > 1:
            if not self._person(pieces[0]):
                self._add(pieces[0], row, Kind.MAIN)
            if len(pieces) > 2:
                self._add(f"{pieces[0]} {pieces[-1]}", row, Kind.ALIAS)
            for tail in dict.fromkeys((pieces[-1], " ".join(pieces[1:]))):
                if len(keys_of(tail)) > 1 and self._commonness(keys_of(tail)) >= PART_BITS:
                    self._add(tail, row, Kind.SUBTITLE)
        halves = _OR.split(film.title)
        if len(halves) == 2 and len(keys_of(halves[0])) > 1:
            self._add(halves[0], row, Kind.MAIN)

    def _add_starts(self, row: int, keys: Sequence[str]) -> None:
        """The rare first words of ``keys``."""
        for width in range(1, len(keys)):
            start = keys[:width]
            least = SHORTENED_BITS if width == 1 else PART_BITS
            if (
                start[-1] not in _LOOSE_ENDS
                and self._commonness(start) >= least
                and not self._person(" ".join(start))
            ):
                self._add(" ".join(start), row, Kind.SHORTENED)
                if width == 1 and not start[0].endswith("s"):
                    self._add(f"{start[0]}s", row, Kind.SHORTENED)  # "all the Bournes"

    def _person(self, name: str) -> bool:
        """Whether ``name`` is, or in two words begins, the full name of somebody."""
        return " " in name and compact(name.casefold().split()) in self._people

    def _add_series(self, catalogue: Catalogue) -> None:
        """The part before "and the" of titles that share it: "Indiana Jones"."""
        starts: dict[str, list[int]] = defaultdict(list)
        for row, film in enumerate(catalogue.films):
            start, joint, _ = film.title.partition(" and the ")
            if joint and len(keys_of(start)) > 1:
                starts[start].append(row)
        for start, rows in starts.items():
            if len(rows) > 1:
                for row in rows:
                    self._add(start, row, Kind.MAIN)

    def _add_firsts(self) -> None:
        """ "rocky 1" where there is a "rocky 2"."""
        firsts = {
            key[:-1] + "1": self._names[key[:-1]]
            for key in list(self._names)
            if key.endswith("2") and not key[-2:-1].isdigit() and key[:-1] in self._names
        }
        for key, names in firsts.items():
            if key not in self._names:
                self._names[key] = [
                    Name(n.row, max(n.kind, Kind.ALIAS), n.article, n.width + 1)
                    for n in names
                    if n.kind < Kind.SUBTITLE
                ]

    def _near_table(self, catalogue: Catalogue) -> Mapping[tuple[int, str], list[str]]:
        known = {r for r, film in enumerate(catalogue.films) if film.popularity >= FUZZY_FROM}
        table: dict[tuple[int, str], list[str]] = defaultdict(list)
        for key, names in self._names.items():
            if len(key) < FUZZY_LETTERS:
                continue
            for row, kind, _, _ in names:
                if kind <= Kind.SUBTITLE and row in known:
                    table[len(key), key[:2]].append(key)
                    table[len(key), key[-3:]].append(key)
                    break
        return table


_LOOSE_ENDS = ARTICLES | {
    *("of", "and", "in", "to", "for", "with", "on", "at", "from", "by", "not", "no"),
    *("is", "are", "was", "be", "what", "that", "this", "who", "when", "where", "how"),
    *("you", "i", "we", "he", "she", "they", "my", "your", "his", "her", "their", "our"),
}
