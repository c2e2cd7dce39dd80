"""Longest known phrases in a text: English by words, Chinese by characters.

A phrase matches whatever stands between its words (a space, a hyphen, nothing), so "sci-fi",
"sci fi" and "scifi" need two entries, not four. Knows nothing of what a phrase means.
Next in the flow: ``topics``.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

V = TypeVar("V")

_WORD = re.compile(r"[^\W_㐀-鿿]+(?:'[^\W_㐀-鿿]+)?")
_JOIN = re.compile(r"[\s\-&/.]{0,3}")
_CJK = re.compile(r"[㐀-鿿]")


class Phrasebook(Generic[V]):
    """Values by phrase; a value once made."""

    def __init__(self, phrases: Mapping[str, V]) -> None:
        """``phrases`` are lower case; a regular plural of an English phrase matches too."""
        self._words: dict[tuple[str, ...], V] = {}
        self._characters: dict[str, V] = {}
        self._plurals: dict[tuple[str, ...], V] = {}
        for phrase, value in phrases.items():
            if _CJK.search(phrase):
                self._characters.setdefault(phrase, value)
                continue
            words = tuple(_WORD.findall(phrase))
            if words:
                self._words.setdefault(words, value)
                self._plurals.setdefault((*words[:-1], _plural(words[-1])), value)
        for words, value in self._plurals.items():
            self._words.setdefault(words, value)
        self._longest: dict[str, int] = {}
        for words in self._words:
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))
        self._longest_text = max(map(len, self._characters), default=0)
        self._firsts = frozenset(text[0] for text in self._characters)

    def find(self, plain: str) -> Iterator[tuple[int, int, V]]:
        """Start, end and value of every phrase, left to right, longest first, none overlapping."""
        if self._words:
            yield from self._find_words(plain)
        if self._characters:
            yield from self._find_characters(plain)

    def _find_words(self, plain: str) -> Iterator[tuple[int, int, V]]:
        tokens = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(plain)]
        at = 0
        while at < len(tokens):
            longest = min(self._longest.get(tokens[at][0], 0), len(tokens) - at)
            for length in range(longest, 0, -1):
                run = tokens[at : at + length]
                value = self._words.get(tuple(token[0] for token in run))
                if value is not None and _joined(plain, run):
                    yield run[0][1], run[-1][2], value
                    at += length - 1
                    break
            at += 1

    def _find_characters(self, plain: str) -> Iterator[tuple[int, int, V]]:
        at = 0
        while at < len(plain):
            if plain[at] in self._firsts:
                for length in range(min(self._longest_text, len(plain) - at), 0, -1):
                    value = self._characters.get(plain[at : at + length])
                    if value is not None:
                        yield at, at + length, value
                        at += length - 1
                        break
            at += 1


def _joined(plain: str, run: list[tuple[str, int, int]]) -> bool:
    return all(
        _JOIN.fullmatch(plain, before[2], after[1]) for before, after in itertools.pairwise(run)
    )


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")
