"""Where a title is expected and none was found: the nearest known title, and what stays unknown.

Only looks behind words that take a film ("seen", "movies like"), in lists of films, in quotes,
before a bracketed year, at runs of capitals and in messages that are nothing else. Knows nothing
of how a guess is weighed. Next in the flow: ``titles``.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.catalogue import Catalogue
from assistant.parsing.commonness import NAME_BITS, Commonness
from assistant.parsing.evidence import RUNS_ON, STRONG_CUE, Evidence, Scene
from assistant.parsing.spans import ARTICLES, compact, overlaps
from assistant.parsing.titlekeys import FUZZY_LETTERS, TitleKeys

WIDEST = 8
"""Words of the longest misspelled title looked for."""
STARTS = 40
"""Places of one message where a guess may begin; the rest is left, so that time is bounded."""
EVERYDAY_LETTERS = 8
"""Least letters of a guess made of correctly spelled everyday words ("the dark night")."""
EVERYDAY_FAME = 0.985
"""Least popularity of a film guessed from everyday words."""
_WRONG = ((5, 0), (8, 1), (12, 2), (10_000, 3))
"""Wrong letters allowed in keys shorter than so many letters."""
_YEAR = re.compile(r"\s*[(\[（]\d{4}[)\]）]")


@dataclass(frozen=True, slots=True)
class Guess:
    """Words of a scene that could be a misspelling of ``key``."""

    start: int
    end: int
    key: str
    wrong: int
    """Letters."""


class Misspellings:
    """Guesses at misspelled titles; a value once made."""

    def __init__(
        self,
        keys: TitleKeys,
        commonness: Commonness,
        evidence: Evidence,
        catalogue: Catalogue,
        people: Container[str],
    ) -> None:
        """``people``: words of people's names."""
        self._people = people
        self._keys = keys
        self._commonness = commonness
        self._evidence = evidence
        self._catalogue = catalogue

    def guesses(
        self,
        scene: Scene,
        marks: Sequence[tuple[int, int]],
        neighbours: frozenset[int],
        spans: Sequence[tuple[int, int]],
    ) -> Iterator[Guess]:
        """Guesses outside ``spans``; ``neighbours`` are places beside a title in a list."""
        tried = 0
        for start, word in enumerate(scene.words):
            if word.key in ARTICLES or overlaps(word.start, word.end, spans):
                continue
            if not self._expected(scene, start, marks, neighbours):
                continue
            tried += 1
            if tried > STARTS:
                return
            for end in range(start + 1, min(start + WIDEST, len(scene.words)) + 1):
                last = scene.words[end - 1]
                if overlaps(last.start, last.end, spans):
                    break
                if end - 1 > start and end - 1 in scene.breaks:
                    break
                guess = self._guess(scene, start, end)
                if guess is not None:
                    yield guess

    def _expected(
        self,
        scene: Scene,
        start: int,
        marks: Sequence[tuple[int, int]],
        neighbours: frozenset[int],
    ) -> bool:
        words = scene.words
        first = start - 1 if start and words[start - 1].key in ARTICLES else start
        if start in neighbours or self._evidence.cue(scene, first) == STRONG_CUE:
            return True
        if any(left in (words[first].start, words[start].start) for left, _ in marks):
            return True
        if scene.mixed and words[start].text[0].isupper() and first not in scene.breaks:
            return True
        return first in scene.breaks and not self._commonness.everyday(words[start].key)

    def _guess(self, scene: Scene, start: int, end: int) -> Guess | None:
        words = scene.words[start:end]
        key = compact(word.key for word in words)
        allowed = next(wrong for letters, wrong in _WRONG if len(key) < letters)
        if len(key) < FUZZY_LETTERS or not allowed:
            return None
        if len(words) <= 2 and any(
            word.key in self._people and self._commonness.word(word.key) >= NAME_BITS
            for word in words
        ):
            return None
        everyday = all(self._commonness.everyday(word.key) for word in words)
        if everyday:
            if len(words) < 2 or len(key) < EVERYDAY_LETTERS:
                return None
            allowed = 1
        if self._evidence.after(scene, end) == RUNS_ON and not _YEAR.match(
            scene.text, words[-1].end
        ):
            return None
        best = process.extractOne(
            key, tuple(self._keys.near(key)), scorer=OSA.distance, score_cutoff=allowed
        )
        if best is None or best[1] == 0:
            return None
        near = best[0]
        fame = max(self._catalogue.films[name.row].popularity for name in self._keys.get(near))
        if everyday and fame < EVERYDAY_FAME:
            return None
        if any(c.isdigit() for c in key + near) and _digits(key) != _digits(near):
            return None
        return Guess(start, end, near, int(best[1]))

    def unknown(self, scene: Scene, marks: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Character spans that look like a film's name: quoted, before a year, after "like"."""
        for left, right in marks:
            if scene.text[left:right].strip() and right - left <= 60:
                yield left, right
        words = scene.words
        for end in range(1, len(words) + 1):
            if _YEAR.match(scene.text, words[end - 1].end):
                start = end - 1
                while start and start not in scene.pauses and words[start - 1].capital:
                    start -= 1
                yield words[start].start, words[end - 1].end
        for place, word in enumerate(words[:-1]):
            if word.key not in _TAKERS or place + 1 in scene.pauses:
                continue
            run = place + 1
            while run < len(words) and (run == place + 1 or run not in scene.pauses):
                named = words[run].capital if scene.mixed else False
                if not named and self._commonness.everyday(words[run].key):
                    break
                run += 1
            if run > place + 1 and (
                run in scene.pauses or self._evidence.after(scene, run) != RUNS_ON
            ):
                yield words[place + 1].start, words[run - 1].end


_TAKERS = frozenset({"like", "to", "called", "titled", "seen", "watched", "loved", "liked"})


def _digits(key: str) -> str:
    return "".join(c for c in key if c.isdigit())
