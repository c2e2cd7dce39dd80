"""How much it says that certain words stand together: little for "good time", much for "fargo".

The measure is bits: minus the binary logarithm of the chance to meet the words in ordinary film
talk. Knows nothing of films. Next in the flow: ``evidence`` weighs a possible title with it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from assistant.errors import DataError
from assistant.parsing.spans import ARTICLES, compact, keys_of

UNSEEN_BITS = 20.0
"""Of a word outside the list: rarer than the rarest of its 8,700 words (16.4 bits)."""
NAME_BITS = 14.0
"""Of a word that people are called: "veronica" is often a person."""
LETTER_BITS = 8.0
"""Of a single letter."""
PHRASE_BITS = 14.0
"""Of a set phrase ("good time"), whose words meet far more often than by chance."""
_ZIPF = math.log2(10)
"""Zipf's law for English: the word of rank r makes up about 1/(10 r) of all words."""
_NUMBER_BITS = {1: 9.0, 2: 9.0, 3: 13.0, 4: 10.0}
"""By digits: counts and ages are common, so are years; other numbers say more."""


class Commonness:
    """Bits of words and phrases; a value once loaded."""

    def __init__(self, folder: Path, names: frozenset[str] = frozenset()) -> None:
        """``folder`` holds ``everyday_words.json`` and ``everyday_titles.json``.

        ``names``: words that people are called.

        Raises ``DataError`` where one is missing or of another shape.
        """
        words = read_object(folder / "everyday_words.json")["words"].split()
        titles = read_object(folder / "everyday_titles.json")
        phrases, greetings = titles["phrases"], titles["greetings"]
        self._names = names
        self._bits = dict.fromkeys(names, NAME_BITS)
        self._bits |= {word: math.log2(rank) + _ZIPF for rank, word in enumerate(words, start=1)}
        self._greetings = frozenset(compact(keys_of(words)) for words in greetings)
        self._phrases = frozenset(compact(_bare(keys_of(phrase))) for phrase in phrases)

    def __call__(self, keys: Sequence[str]) -> float:
        """Bits of these words, 0 for none."""
        bits = sum(self.word(key) for key in keys)
        joined = compact(keys)
        if joined in self._greetings:
            return 0.0
        if joined in self._phrases:
            return min(bits, PHRASE_BITS)
        return min(bits, self._bits.get(joined, bits))

    def word(self, key: str) -> float:
        """Bits of one word key."""
        if key.isdigit():
            return _NUMBER_BITS.get(len(key), UNSEEN_BITS)
        return LETTER_BITS if len(key) == 1 else self._bits.get(key, UNSEEN_BITS)

    def name(self, key: str) -> bool:
        """Whether people are called so."""
        return key in self._names

    def everyday(self, key: str) -> bool:
        """Whether the word is a listed one, a name or a number."""
        return key.isdigit() or key in self._bits


def _bare(keys: list[str]) -> list[str]:
    return keys[1:] if len(keys) > 1 and keys[0] in ARTICLES else keys


def read_object(path: Path) -> dict[str, Any]:  # Any: parsed JSON, checked by the caller
    """The JSON object in ``path``; raises ``DataError``."""
    try:
        value = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise DataError(f"cannot read {path}: {error}") from error
    if not isinstance(value, dict):
        raise DataError(f"{path} is not an object")
    return value
