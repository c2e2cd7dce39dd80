"""Regular expressions kept as data: ``data/languages/<language>/grammar/<name>.json``.

A file is an object from a reading ("after", "why") to the patterns that have it, tried in that
order. ``{year}`` and its like stand for shared pieces from ``pieces.json``. Knows nothing of what
a reading does. Next in the flow: ``years``, ``amounts``, ``acts``, ``references``, ``signs``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from assistant.errors import DataError
from assistant.parsing.message import Span, free_of

_PIECE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Match:
    """One place where a pattern fits."""

    reading: str
    span: Span
    groups: Mapping[str, str]
    """Named groups that took part, as written in the folded text."""


class Patterns:
    """The patterns of one file; a value once loaded."""

    def __init__(self, folder: Path, name: str) -> None:
        """Raises ``DataError`` where the file is missing or a pattern is not one."""
        path = folder / f"{name}.json"
        pieces = _read(folder / "pieces.json")
        self._patterns: list[tuple[str, re.Pattern[str]]] = []
        for reading, patterns in _read(path).items():
            for pattern in patterns:
                try:
                    text = _PIECE.sub(lambda m: f"(?:{'|'.join(pieces[m.group(1)])})", pattern)
                    self._patterns.append((reading, re.compile(text)))
                except (re.error, KeyError) as error:
                    raise DataError(
                        f"{path}: {reading}: bad pattern {pattern!r}: {error}"
                    ) from error

    def find(self, plain: str, taken: Sequence[Span] = ()) -> list[Match]:
        """Every match free of ``taken``; of overlapping ones the longer, then the earlier listed.

        In text order.
        """
        found: list[tuple[int, int, Match]] = []
        for order, (reading, pattern) in enumerate(self._patterns):
            for match in pattern.finditer(plain):
                span = Span(*match.span())
                if span.start < span.end and free_of(span, taken):
                    groups = {k: v for k, v in match.groupdict().items() if v is not None}
                    found.append((span.start - span.end, order, Match(reading, span, groups)))
        found.sort(key=lambda item: (item[0], item[1], item[2].span.start))
        kept: list[Match] = []
        for _, _, candidate in found:
            if free_of(candidate.span, [match.span for match in kept]):
                kept.append(candidate)
        return sorted(kept, key=lambda match: match.span.start)


def _read(path: Path) -> Mapping[str, Sequence[str]]:
    try:
        entries = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise DataError(f"cannot read {path}: {error}") from error
    if not isinstance(entries, dict) or not all(isinstance(v, list) for v in entries.values()):
        raise DataError(f"{path} is not an object of lists")
    return entries
