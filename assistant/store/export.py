"""All that is held about one user, as JSON values or CSV text.

Knows nothing of films beyond their ids. Last in its flow: the page and the command line hand the
result to the person it is about.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from assistant.store.records import User

FORMAT = "matinee-history"
FORMAT_VERSION = 1
_COLUMNS = ("id", "at", "kind", "film", "value", "conversation", "group", "undone")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_dict(connection: sqlite3.Connection, user: User) -> dict[str, Any]:  # Any: JSON
    """The user, their events (undone ones marked) and their conversations with all turns."""
    conversations = connection.execute(
        "SELECT id, created_s, language FROM conversations WHERE user = ? ORDER BY created_s, id",
        (user.id,),
    ).fetchall()
    return {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "user": {"id": user.id, "name": user.name, "created": _iso(user.created_s)},
        "events": list(_events(connection, user.id)),
        "conversations": [
            {
                "id": conversation,
                "created": _iso(created_s),
                "language": language,
                "turns": list(_turns(connection, conversation)),
            }
            for conversation, created_s, language in conversations
        ],
    }


def as_csv(connection: sqlite3.Connection, user: User, titles: Mapping[str, str]) -> str:
    """A header and a line for each event, undone ones marked, oldest first."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*_COLUMNS, "title"])
    for event in _events(connection, user.id):
        cells = [event[name] for name in _COLUMNS] + [titles.get(event["film"] or "", "")]
        writer.writerow([_defused(cell) for cell in cells])
    return out.getvalue()


def _events(connection: sqlite3.Connection, user: str) -> Iterator[dict[str, Any]]:  # Any: JSON
    rows = connection.execute(
        'SELECT id, at_s, kind, film, value, conversation, "group", undone_by IS NOT NULL '
        "FROM events WHERE user = ? ORDER BY at_s, id",
        (user,),
    )
    for row in rows:
        yield {**dict(zip(_COLUMNS, row, strict=True)), "at": _iso(row[1]), "undone": bool(row[7])}


def _turns(
    connection: sqlite3.Connection, conversation: str
) -> Iterator[dict[str, Any]]:  # Any: JSON
    rows = connection.execute(
        "SELECT number, at_s, message, reply, state FROM turns WHERE conversation = ? "
        "ORDER BY number",
        (conversation,),
    )
    for number, at_s, message, reply, state in rows:
        yield {
            "number": number,
            "at": _iso(at_s),
            "message": message,
            "reply": _parsed(reply),
            "state": _parsed(state),
        }


def _parsed(text: str) -> Any:  # Any: JSON, or the text itself where it is none
    try:
        return json.loads(text)
    except ValueError:
        return text


def _iso(at_s: float) -> str:
    try:
        return datetime.fromtimestamp(at_s, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return f"{at_s} s"


def _defused(cell: object) -> object:
    """``cell``, unable to start a formula in a spreadsheet (OWASP's advice on CSV injection)."""
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return "'" + cell
    return cell
