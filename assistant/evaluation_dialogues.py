"""Labelled conversations: who said what, films people marked, and what they thought of them.

Reads a file and checks it; measures nothing. Every conversation lies in one of two halves by the
hash of its id: errors of one half may be read while rules are written, the other is only
measured. Next in the flow: ``evaluation_mentions`` and ``evaluation_opinions``.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from assistant.errors import DataError
from assistant.evaluation_halves import HELD_OUT, LOOKED_AT

ANSWERS = ("yes", "no", "unsaid")
"""What people could say of a film in the form they filled in afterwards."""


@dataclass(frozen=True)
class Spoken:
    """One message of a conversation."""

    role: str
    """ "user" or "assistant"."""
    text: str
    films: frozenset[str]
    """Ids of the films that people marked in it."""


@dataclass(frozen=True)
class Judged:
    """What the user said of one film in the form."""

    film: str
    by: str
    """Who brought the film up: "user" or "assistant"."""
    seen: str
    """One of ``ANSWERS``, as ``liked``."""
    liked: str


@dataclass(frozen=True)
class Dialogue:
    """One conversation with its labels."""

    id: str
    messages: tuple[Spoken, ...]
    judged: tuple[Judged, ...] = ()

    @property
    def half(self) -> str:
        """ "looked at while writing" or "held out", by the first byte of the id's sha256."""
        return HELD_OUT if hashlib.sha256(self.id.encode()).digest()[0] % 2 else LOOKED_AT

    @property
    def marked(self) -> frozenset[str]:
        """Every film marked anywhere in it."""
        return frozenset().union(*(message.films for message in self.messages))


def read_dialogues(path: Path) -> list[Dialogue]:
    """The conversations of a file; raises ``DataError`` with the line of the first wrong one."""
    dialogues = []
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    dialogues.append(_dialogue(orjson.loads(line), number))
                except (ValueError, KeyError, TypeError) as error:
                    raise DataError(f"{path}:{number}: not a conversation ({error!r})") from error
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}") from error
    return dialogues


def with_unmarked(dialogues: Sequence[Dialogue], path: Path) -> list[Dialogue]:
    """``dialogues`` with the films of ``path`` marked too: JSON lines of ``dialogue`` (its id),
    ``message`` (its place) and ``film``, named in the message although the people did not mark
    them. Raises ``DataError`` for a line that fits none of the conversations."""
    added: dict[tuple[str, int], set[str]] = defaultdict(set)
    messages = {(d.id, place) for d in dialogues for place in range(len(d.messages))}
    try:
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            record = orjson.loads(line)
            where = (record["dialogue"], record["message"])
            if where not in messages:
                raise DataError(f"{path}:{number}: no message {where[1]} in {where[0]!r}")
            added[where].add(str(record["film"]))
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path}: not unmarked films ({error!r})") from error
    return [
        replace(
            dialogue,
            messages=tuple(
                replace(message, films=message.films | added[dialogue.id, place])
                if (dialogue.id, place) in added
                else message
                for place, message in enumerate(dialogue.messages)
            ),
        )
        for dialogue in dialogues
    ]


def _dialogue(record: Mapping[str, Any], number: int) -> Dialogue:  # Any: parsed JSON
    messages = tuple(
        Spoken(str(m.get("role", "user")), str(m["text"]), frozenset(m["films"]))
        for m in record["messages"]
    )
    judged = tuple(
        Judged(o["film"], o["suggested_by"], _answer(o["seen"]), _answer(o["liked"]))
        for o in record.get("opinions", ())
    )
    return Dialogue(str(record.get("id", number)), messages, judged)


def _answer(value: str) -> str:
    if value not in ANSWERS:
        raise ValueError(f"{value!r} is none of {', '.join(ANSWERS)}")
    return value
