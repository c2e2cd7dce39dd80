"""The rows of the history as values, and what makes one acceptable.

Knows nothing of SQL (``store``) or of what an event says about taste (``history``). Next in the
flow: ``store`` writes and reads these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.errors import RequestError

OPINION_KINDS = frozenset({"loved", "liked", "fine", "disliked", "hated", "rate"})
"""Kinds that say what somebody thinks of a film they saw."""

EXPLICIT_KINDS = OPINION_KINDS | {"seen", "unseen", "want", "unwant", "hide", "unhide"}
"""What a person said or pressed on purpose: what "undo" takes back."""

IMPLICIT_KINDS = frozenset({"open", "dwell", "more_like", "shown"})

KINDS = EXPLICIT_KINDS | IMPLICIT_KINDS
"""Every kind a caller can record; ``undo`` rows are written by ``Store.undo_last`` alone."""

STARS = (0.5, 5.0)
"""Lowest and highest rating."""

LONGEST_DWELL_S = 24 * 3600.0
_LONGEST_NAME = 60
_LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class User:
    """One person, named or not."""

    id: str
    name: str | None
    created_s: float
    """Unix time."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to record: an event before it has an id."""

    kind: str
    """From ``KINDS``."""
    film: str | None = None
    value: float | None = None
    """rate: stars 0.5-5; dwell: seconds; others: None or any finite number."""
    at_s: float | None = None
    """Unix time; None: now."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something a person did, as recorded."""

    id: int
    """Grows with every event recorded."""
    user: str
    kind: str
    film: str | None
    value: float | None
    conversation: str | None
    at_s: float
    """Unix time."""
    group: int
    """Id of the first event recorded by the same message or press."""


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """One message and its reply, as stored."""

    conversation: str
    number: int
    """From 1."""
    message: str
    reply: str
    """JSON, as ``chat`` wrote it."""
    state: str
    """JSON, as ``chat`` wrote it."""
    at_s: float
    """Unix time."""


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """One conversation without its turns."""

    id: str
    user: str
    created_s: float
    """Unix time."""
    language: str
    title: str
    """The first message, shortened; empty before there is one."""
    turns: int


def check_entry(entry: Entry) -> None:
    """Raise ``RequestError`` where ``entry`` cannot be recorded."""
    if entry.kind not in KINDS:
        raise RequestError(f"no event kind {entry.kind!r}; known: {', '.join(sorted(KINDS))}")
    film = entry.film
    if not isinstance(film, str) or not 0 < len(film) <= _LONGEST_ID or not film.isprintable():
        raise RequestError(f"{entry.kind!r} needs a film id, not {str(film)[:80]!r}")
    if entry.at_s is not None and not _finite(entry.at_s):
        raise RequestError(f"{entry.at_s!r} is not a time")
    value = entry.value
    if value is not None and not _finite(value):
        raise RequestError(f"{value!r} is not a number")
    if entry.kind == "rate" and (value is None or not STARS[0] <= value <= STARS[1]):
        raise RequestError(f"a rating is from {STARS[0]} to {STARS[1]:g} stars, not {value!r}")
    if entry.kind == "dwell" and (value is None or not 0 <= value <= LONGEST_DWELL_S):
        raise RequestError(f"dwell is from 0 to {LONGEST_DWELL_S:g} seconds, not {value!r}")


def check_name(name: str) -> str:
    """``name`` with its spaces tidied; raises ``RequestError`` where it names nobody."""
    tidy = " ".join(name.split())
    if not 0 < len(tidy) <= _LONGEST_NAME or not tidy.isprintable():
        raise RequestError(
            f"a profile's name is 1 to {_LONGEST_NAME} printable characters, not {name[:80]!r}"
        )
    return tidy


def storable(text: str) -> str:
    """``text`` without lone surrogates, which SQLite cannot hold (each becomes "?")."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
