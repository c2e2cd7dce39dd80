"""Which film somebody describes without knowing its name: words in common, likeness, fame.

Every described film is a bag of words: its texts, and for the best known what people remember of
them (``data/remembered.jsonl``, in several languages). A description is weighed against all bags
by BM25 (Robertson and Zaragoza 2009), beside the encoder's likeness and how well known a film is.
Knows nothing of conversations. Next in the flow: ``selection`` asks, ``speech`` says "do you
mean …?".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson
from scipy import sparse

from assistant.catalogue import Catalogue, Film, Limits
from assistant.errors import DataError
from assistant.space import Floats

SATURATION = 1.2
"""BM25's k1."""
LENGTH = 0.5
"""BM25's b: half of its usual 0.75, since longer texts here are better descriptions."""
FAME = 0.4
"""What the best-known film has over an unknown one: people forget the names of famous films."""
LIKENESS = 0.5
"""What the encoder's likeness counts beside words in common: it tells kinds, not films."""
LEAST_TOLD = 8.0
"""Weight of words a description is taken to have at least: two words match many films fully."""
CLEAR_SHARE = 0.45
"""Share of a description's weight that a film must have for "do you mean …?"..."""
CLEAR_LEAD = 0.12
"""...and how far it must lead the next one."""
CLEAR_WORDS = 2
"""...and telling words of the description it must have."""
TELLING = 3.0
"""Rarity of a word that tells something: fewer than one film in twenty has it."""
TOLD_TWICE = 2
"""How often what is remembered counts: it is how people describe a film, our texts are not."""
_LATIN = re.compile(r"[a-z0-9]+")
_JOINED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")
"""Scripts written without spaces: read two characters at a time."""
_ENDINGS = ("ing", "ies", "ed", "es", "s", "ly", "er", "e", "y")
_SHORTEST_STEM = 3


@dataclass(frozen=True)
class Guess:
    """A film that a description may mean."""

    film: Film
    strength: float
    """Comparable within one description only."""
    clear: bool
    """Whether it is worth asking "do you mean …?" unasked."""
    near: bool
    """Whether it has enough of the description to be shown for it."""


class Recall:
    """Finds films by what is remembered of them; a value once made."""

    def __init__(self, catalogue: Catalogue, remembered: Path) -> None:
        """Raises ``DataError`` where ``remembered`` cannot be read."""
        films = catalogue.films
        lines = _read(remembered)
        self._films = films
        self._fame = np.fromiter((film.popularity for film in films), np.float32, len(films))
        self._columns: dict[str, int] = {}
        bags = [Counter(words(_texts(film, lines))) for film in films]
        self._matrix, self._rarity = self._weigh(bags)

    def find(
        self, description: str, likeness: Floats | None, limits: Limits, count: int
    ) -> tuple[Guess, ...]:
        """The ``count`` likeliest films within ``limits``, likeliest first; none for no words.

        ``likeness`` is (n,) cosines of the description to every film in catalogue order. Ties go
        to the better known film.
        """
        asked = [w for w in dict.fromkeys(words([description])) if w in self._columns]
        columns = [self._columns[word] for word in asked]
        if not columns:
            return ()
        told = np.asarray(self._matrix[:, columns].sum(axis=1), np.float32).ravel()
        whole = max(float(self._rarity[columns].sum()), LEAST_TOLD)
        score = told / whole + FAME * self._fame
        if likeness is not None:
            score = score + LIKENESS * likeness
        score[told <= 0] = 0.0
        best = _allowed(score, self._films, limits, count + 1)
        telling = [column for column in columns if self._rarity[column] >= TELLING]
        held = [int((self._matrix[[row]][:, telling] > 0).sum()) for row in best]
        guesses = []
        for place, row in enumerate(best[:count]):
            after = float(score[best[place + 1]]) if place + 1 < len(best) else 0.0
            near = float(told[row]) / whole >= CLEAR_SHARE and held[place] >= CLEAR_WORDS
            clear = near and float(score[row]) - after >= CLEAR_LEAD
            guesses.append(Guess(self._films[row], float(score[row]), clear, near))
        return tuple(guesses)

    def _weigh(self, bags: Sequence[Mapping[str, int]]) -> tuple[sparse.csc_array, Floats]:
        """BM25 weights, (films, words), and (words,) how rare each word is."""
        rows, columns, counts = [], [], []
        for row, bag in enumerate(bags):
            for word, count in bag.items():
                rows.append(row)
                columns.append(self._columns.setdefault(word, len(self._columns)))
                counts.append(count)
        of = np.asarray(columns, np.int64)
        sizes = np.array([sum(bag.values()) for bag in bags], np.float32)
        spread = np.bincount(of, minlength=len(self._columns))
        filled = max(int((sizes > 0).sum()), 1)
        rarity = np.log1p((filled - spread + 0.5) / (spread + 0.5)).astype(np.float32)
        often = np.asarray(counts, np.float32)
        stretch = 1 - LENGTH + LENGTH * sizes / max(float(sizes.sum()) / filled, 1.0)
        places = np.asarray(rows, np.int64)
        weight = often * (SATURATION + 1) / (often + SATURATION * stretch[places]) * rarity[of]
        matrix = sparse.csc_array((weight, (places, of)), shape=(len(bags), len(self._columns)))
        return matrix, rarity


def words(texts: Iterable[str]) -> Iterator[str]:
    """Words as they are compared: stems of words, pairs of characters without spaces."""
    for text in texts:
        plain = text.lower().replace("'", "")
        for word in _LATIN.findall(plain):
            yield _stem(word)
        for run in _JOINED.findall(plain):
            yield from (run[i : i + 2] for i in range(max(len(run) - 1, 1)))


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def _texts(film: Film, lines: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    if not film.described:
        return tuple(lines.get(film.id, ()))
    own = (film.synopsis, *film.keywords, *film.requests, *film.themes)
    return (*own, *(tuple(lines.get(film.id, ())) * TOLD_TWICE))


def _allowed(score: Floats, films: Sequence[Film], limits: Limits, count: int) -> list[int]:
    """Rows of the ``count`` highest positive scores that ``limits`` allow."""
    found: list[int] = []
    for row in np.argsort(-score, kind="stable").tolist():
        if score[row] <= 0 or len(found) >= count:
            break
        if limits.allow(films[row]):
            found.append(row)
    return found


def _read(path: Path) -> Mapping[str, tuple[str, ...]]:
    """What is remembered, by film id."""
    try:
        records = [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
        return {record["id"]: tuple(record["lines"].values()) for record in records}
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"cannot read {path} ({error!r}); restore it") from error
