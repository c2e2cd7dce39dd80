"""A message made ready for reading: clipped, folded without moving a character, cut into clauses.

Positions in ``plain`` are positions in the message, so every later stage can say where it read
something. Knows no grammar and no films. Next in the flow: ``patterns`` and ``phrasebook``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MAX_CHARACTERS = 4000
"""Characters read of one message. Nobody asks for a film in more; it bounds the work."""
READABLE = re.compile(r"[A-Za-zÀ-ɏ㐀-鿿]")
"""A letter of a script that our grammars read."""
FILM_MARK = "¤"
"""Stands in ``masked`` text for every character of a film's name."""
PERSON_MARK = "§"

_FOLDED = str.maketrans(
    {"‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": ".", "\u00a0": " "}
)
_SENTENCE_END = re.compile(r"[!?;。！？；\n]+|\.(?!\d)\.*(?=\s|$|[\"')¤§])|\.{2,}")


@dataclass(frozen=True)
class Span:
    """Characters ``start`` to ``end`` of a message."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


def fold(text: str) -> str:
    """``text`` in lower case with plain quotes, of the very same length, clipped."""
    return "".join(map(_fold_one, text[:MAX_CHARACTERS].translate(_FOLDED)))


def _fold_one(character: str) -> str:
    if character.isascii():
        return character.lower()
    wide = unicodedata.normalize("NFKC", character)
    if len(wide) == 1:
        character = wide if wide not in "!?;:,." else character
    lower = character.lower()
    return lower if len(lower) == 1 else character


def masked(plain: str, spans: Iterable[Span], mark: str) -> str:
    """``plain`` with every character of ``spans`` replaced by ``mark``."""
    letters = list(plain)
    for span in spans:
        letters[span.start : span.end] = mark * (span.end - span.start)
    return "".join(letters)


def sentences(plain: str) -> tuple[Span, ...]:
    """Spans of the sentences, ends left out, never empty ones."""
    spans, start = [], 0
    for end in _SENTENCE_END.finditer(plain):
        spans.append((start, end.start()))
        start = end.end()
    spans.append((start, len(plain)))
    return tuple(Span(a, b) for a, b in spans if plain[a:b].strip())


def free_of(span: Span, taken: Sequence[Span]) -> bool:
    """Whether ``span`` shares no character with ``taken``."""
    return not any(span.overlaps(other) for other in taken)
