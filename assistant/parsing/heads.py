"""What a sentence does, where no grammar tells: small linear heads on the encoder's vector.

``data/heads.json`` holds one matrix a head, trained on our own examples (``training_heads``):
"doing" tells asking from accepting, praise, remarks and talk of other things; "occasions" tells
what evening somebody describes. A language the encoder does not read has heads on its characters.
Names are shown to a head as plain words, so that no title sways it. Knows nothing of grammar.
Next in the flow: ``parser`` asks a head where the grammar is silent.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from assistant.errors import DataError
from assistant.parsing.message import FILM_MARK, PERSON_MARK

Floats = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]
"""Texts to (n, dim) unit rows."""

BUCKETS = 2048
"""Places for hashed characters and pairs of them."""
LONGEST = 12
"""Sentences of one message that are judged."""
_SENTENCE = re.compile(r"[^.!?;。！？；\n]+")
_COMMA = re.compile(r"[,，]")
_WORD = re.compile(r"[^\W_㐀-鿿]+|[㐀-鿿]{2}")
_LONGEST_CLAUSE = 300
"""Characters of a sentence that are judged."""
_SHORT = 3
"""Words of a clause that opens or ends a sentence by itself."""
_FILM = re.compile(rf"{FILM_MARK}+")
_PERSON = re.compile(rf"{PERSON_MARK}+")


@dataclass(frozen=True)
class Guess:
    """The likeliest kind of a sentence."""

    start: int
    end: int
    """Character span in the message."""
    kind: str
    share: float
    """Its probability, 0-1."""


@dataclass(frozen=True)
class Head:
    """One linear head."""

    kinds: tuple[str, ...]
    weights: Floats
    """(dim, kinds)"""
    bias: Floats
    """(kinds,)"""

    def shares(self, rows: Floats) -> Floats:
        """(n, kinds) probabilities, each row of sum 1, for (n, dim) vectors."""
        scores = rows @ self.weights + self.bias
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


@dataclass(frozen=True)
class Tongue:
    """What is particular to one language."""

    film: str
    """What a film's name is shown as."""
    person: str
    joints: re.Pattern[str]
    """Words that part one sentence into two ("but")."""
    encoded: bool
    """Whether the encoder reads the language; else its characters are counted."""
    heads: Mapping[str, Head]

    def spoken(self, masked: str) -> str:
        """A masked sentence with its names as plain words."""
        sound = masked[:_LONGEST_CLAUSE].encode("utf-8", "replace").decode()
        return _PERSON.sub(self.person, _FILM.sub(self.film, sound)).strip()

    def clauses(self, masked: str) -> list[tuple[int, int]]:
        """Spans of what is judged by itself: sentences, parted at joints and after a short
        opening ("Yes, …", "Hi, …") or before a short end ("…, thanks")."""
        spans: list[tuple[int, int]] = []
        for sentence in _SENTENCE.finditer(masked):
            start = sentence.start()
            for joint in self.joints.finditer(masked, start, sentence.end()):
                spans.append((start, joint.start()))
                start = joint.end()
            spans.append((start, sentence.end()))
        parted = [part for span in spans for part in _parted(masked, *span)]
        return [(a, b) for a, b in parted if masked[a:b].strip(" \"'")][:LONGEST]

    def vectors(self, sentences: Sequence[str], encode: Encode) -> Floats:
        """(n, dim) unit rows for spoken sentences."""
        return encode(sentences) if self.encoded else characters(sentences)


class Heads:
    """The heads of every language; a value once loaded, safe to share by threads."""

    def __init__(self, path: Path, encode: Encode) -> None:
        """``encode`` is the encoder the heads were trained on; raises ``DataError``."""
        self._encode = encode
        self._tongues = read_tongues(path)

    def guess(self, masked: str, language: str, head: str = "doing") -> tuple[Guess, ...]:
        """A guess for each sentence of a message whose names are masked, in text order.

        Empty where the language has no such head, or nothing is said.
        """
        tongue = self._tongues.get(language)
        found = None if tongue is None else tongue.heads.get(head)
        spans = tongue.clauses(masked) if tongue is not None else []
        if tongue is None or found is None or not spans:
            return ()
        said = [tongue.spoken(masked[start:end]) for start, end in spans]
        shares = found.shares(tongue.vectors(said, self._encode))
        best = shares.argmax(axis=1)
        return tuple(
            Guess(start, end, found.kinds[kind], float(shares[row, kind]))
            for row, ((start, end), kind) in enumerate(zip(spans, best, strict=True))
        )


def _parted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A span without the short clause that opens it and the one that ends it, and those."""
    commas = [m.start() for m in _COMMA.finditer(text, start, end)]
    cuts = []
    if commas and _is_short(text[start : commas[0]]):
        cuts.append(commas[0])
    if commas and commas[-1] not in cuts and _is_short(text[commas[-1] + 1 : end]):
        cuts.append(commas[-1])
    starts = [start, *(cut + 1 for cut in cuts)]
    return list(zip(starts, [*cuts, end], strict=True))


def _is_short(clause: str) -> bool:
    return len(_WORD.findall(clause)) <= _SHORT


def characters(sentences: Sequence[str]) -> Floats:
    """(n, BUCKETS) unit rows: which characters and pairs of them a sentence holds."""
    rows = np.zeros((len(sentences), BUCKETS), np.float32)
    for row, text in enumerate(sentences):
        framed = f"^{text}$"
        for length in (1, 2):
            for at in range(len(framed) - length + 1):
                rows[row, zlib.crc32(framed[at : at + length].encode()) % BUCKETS] += 1
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def read_tongues(path: Path) -> Mapping[str, Tongue]:
    """By language; raises ``DataError`` where the file is missing or not one of heads."""
    try:
        record = orjson.loads(path.read_bytes())
        return {language: _tongue(entry) for language, entry in record["languages"].items()}
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        mend = "restore it, or run `matinee train heads`"
        raise DataError(f"cannot read the heads {path} ({error!r}); {mend}") from error


def _tongue(entry: Mapping[str, Any]) -> Tongue:  # Any: parsed JSON
    return Tongue(
        film=entry["film"],
        person=entry["person"],
        joints=re.compile(entry["joints"]),
        encoded=entry["encoded"],
        heads={
            name: Head(
                tuple(head["kinds"]),
                np.array(head["weights"], np.float32),
                np.array(head["bias"], np.float32),
            )
            for name, head in entry["heads"].items()
        },
    )
