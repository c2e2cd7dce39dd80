"""Users, what they did and what was said, kept in ``<home>/history.sqlite3``.

Knows nothing of films (an id is any text), of taste (``history``) or of what a stored reply means
(``chat`` writes and reads that JSON). Next in the flow: ``history`` turns events into a profile.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import RequestError
from assistant.store.database import Database
from assistant.store.export import as_csv, as_dict
from assistant.store.records import (
    EXPLICIT_KINDS,
    Entry,
    Event,
    StoredConversation,
    StoredTurn,
    User,
    check_entry,
    check_name,
    storable,
)

_EVENT = 'id, user, kind, film, value, conversation, at_s, "group"'
_CONVERSATION = """
    SELECT c.id, c.user, c.created_s, c.language,
        coalesce((SELECT message FROM turns WHERE conversation = c.id ORDER BY number LIMIT 1), ''),
        (SELECT count(*) FROM turns WHERE conversation = c.id)
    FROM conversations c"""
_TITLE_CHARS = 60


class Store:
    """The history. Safe to share by threads; every method is one transaction.

    What a method returned from survives a crash or a power cut. All raise ``StoreError`` where
    the file cannot be read or written, after which the store can still be used.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        """``clock`` tells the Unix time; use ``Store.open`` to open a file."""
        self._database = database
        self._clock = clock

    @classmethod
    def open(cls, path: Path, clock: Callable[[], float] = time.time) -> Store:
        """The history at ``path``, made where it is missing.

        Raises ``StoreError`` where it is damaged (the file stays as it is), foreign or newer.
        """
        return cls(Database(path), clock)

    @property
    def path(self) -> Path:
        """The database file."""
        return self._database.path

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    # Users

    def add_user(self, name: str | None = None) -> User:
        """A new user; raises ``RequestError`` where the name is taken or no name."""
        tidy = None if name is None else check_name(storable(name))
        user = User(secrets.token_hex(8), tidy, self._clock())
        with self._database.write() as connection:
            _refuse_taken(connection, tidy, user.id)
            connection.execute(
                "INSERT INTO users VALUES (?, ?, ?)", (user.id, user.name, user.created_s)
            )
        return user

    def user(self, user_id: str) -> User:
        """The user with this id; raises ``RequestError`` where there is none."""
        with self._database.read() as connection:
            return _user(connection, user_id)

    def user_named(self, name: str) -> User | None:
        """The user of this name, upper and lower case alike, or None."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT id, name, created_s FROM users WHERE name = ?",
                (" ".join(storable(name).split()),),
            ).fetchone()
        return None if row is None else User(*row)

    def users(self) -> tuple[User, ...]:
        """All users, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT id, name, created_s FROM users ORDER BY created_s, id"
            ).fetchall()
        return tuple(User(*row) for row in rows)

    def rename(self, user_id: str, name: str) -> User:
        """The user under a new name; raises ``RequestError`` as ``add_user`` and ``user`` do."""
        tidy = check_name(storable(name))
        with self._database.write() as connection:
            user = _user(connection, user_id)
            _refuse_taken(connection, tidy, user.id)
            connection.execute("UPDATE users SET name = ? WHERE id = ?", (tidy, user.id))
        return User(user.id, tidy, user.created_s)

    # Events

    def record(
        self,
        user: str,
        kind: str,
        film: str | None = None,
        value: float | None = None,
        conversation: str | None = None,
        at_s: float | None = None,
    ) -> Event:
        """The event, recorded; raises ``RequestError`` as ``record_all`` does."""
        return self.record_all(user, (Entry(kind, film, value, at_s),), conversation)[0]

    def record_all(
        self, user: str, entries: Sequence[Entry], conversation: str | None = None
    ) -> tuple[Event, ...]:
        """The events of one message or press, recorded together: ``undo_last`` takes all back.

        Either all are recorded or none. Raises ``RequestError`` for an unknown user, another's
        conversation, an unknown kind, a missing film, or stars or seconds out of range.
        """
        for entry in entries:
            check_entry(entry)
        now_s = self._clock()
        events: list[Event] = []
        with self._database.write() as connection:
            _user(connection, user)
            if conversation is not None:
                _conversation(connection, conversation, user)
            group = _next_event(connection)
            for entry in entries:
                value = None if entry.value is None else float(entry.value)
                at_s = now_s if entry.at_s is None else float(entry.at_s)
                row = (user, entry.kind, entry.film, value, conversation, at_s, group)
                event_id = _insert_event(connection, row)
                events.append(Event(event_id, *row))
        return tuple(events)

    def events(self, user: str, kinds: Collection[str] | None = None) -> tuple[Event, ...]:
        """What the user did, oldest first, without what was undone; ``kinds`` None: all kinds."""
        marks = "" if kinds is None else f" AND kind IN ({', '.join('?' * len(kinds))})"
        with self._database.read() as connection:
            _user(connection, user)
            rows = connection.execute(
                f"SELECT {_EVENT} FROM events WHERE user = ? AND undone_by IS NULL "  # noqa: S608  # only question marks are glued in
                f"AND kind <> 'undo'{marks} ORDER BY at_s, id",
                (user, *(kinds or ())),
            ).fetchall()
        return tuple(Event(*row) for row in rows)

    def version(self, user: str) -> int:
        """A number that grows with every event recorded or undone: what a cache can be keyed by."""
        with self._database.read() as connection:
            _user(connection, user)
            row = connection.execute(
                "SELECT coalesce(max(id), 0) FROM events WHERE user = ?", (user,)
            ).fetchone()
        return int(row[0])

    def undo_last(self, user: str) -> Event | None:
        """Take back the latest message's or press's explicit events; its first comes back.

        None where there is nothing left to undo. The rows stay, marked, until ``forget``.
        """
        explicit = sorted(EXPLICIT_KINDS)
        marks = ", ".join("?" * len(explicit))
        with self._database.write() as connection:
            _user(connection, user)
            row = connection.execute(
                f"SELECT {_EVENT} FROM events WHERE user = ? AND undone_by IS NULL AND "  # noqa: S608  # as above
                f'kind IN ({marks}) ORDER BY "group" DESC, id LIMIT 1',
                (user, *explicit),
            ).fetchone()
            if row is None:
                return None
            event = Event(*row)
            undo = (user, "undo", event.film, None, None, self._clock(), _next_event(connection))
            undo_id = _insert_event(connection, undo)
            connection.execute(
                'UPDATE events SET undone_by = ? WHERE "group" = ? AND user = ?',
                (undo_id, event.group, user),
            )
        return event

    # Conversations

    def new_conversation(self, user: str, language: str = "en") -> str:
        """Id of a new, empty conversation; raises ``RequestError`` for an unknown user."""
        conversation = secrets.token_hex(8)
        with self._database.write() as connection:
            _user(connection, user)
            connection.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?)",
                (conversation, user, self._clock(), language),
            )
        return conversation

    def conversation(self, conversation: str, user: str | None = None) -> StoredConversation:
        """One conversation; raises ``RequestError`` where it is unknown or not this user's."""
        with self._database.read() as connection:
            return _conversation(connection, conversation, user)

    def conversations(self, user: str) -> tuple[StoredConversation, ...]:
        """The user's conversations, newest first, each titled by its first message."""
        with self._database.read() as connection:
            _user(connection, user)
            rows = connection.execute(
                _CONVERSATION + " WHERE c.user = ? ORDER BY c.created_s DESC, c.id", (user,)
            ).fetchall()
        return tuple(_titled(row) for row in rows)

    def save_turn(
        self, conversation: str, message: str, reply_json: str, state_json: str = "{}"
    ) -> StoredTurn:
        """The turn, stored as the conversation's next; raises ``RequestError`` where unknown."""
        texts = (storable(message), storable(reply_json), storable(state_json))
        with self._database.write() as connection:
            _conversation(connection, conversation, None)
            last = connection.execute(
                "SELECT coalesce(max(number), 0) FROM turns WHERE conversation = ?",
                (conversation,),
            ).fetchone()[0]
            turn = StoredTurn(conversation, last + 1, *texts, self._clock())
            connection.execute(
                "INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?)",
                (conversation, turn.number, *texts, turn.at_s),
            )
        return turn

    def turns(
        self, conversation: str, user: str | None = None, last: int | None = None
    ) -> tuple[StoredTurn, ...]:
        """The conversation's turns, oldest first; ``last``: only so many, the latest.

        Raises ``RequestError`` as ``conversation`` does.
        """
        with self._database.read() as connection:
            _conversation(connection, conversation, user)
            rows = connection.execute(
                "SELECT conversation, number, message, reply, state, at_s FROM turns "
                "WHERE conversation = ? ORDER BY number DESC LIMIT ?",
                (conversation, -1 if last is None else last),
            ).fetchall()
        return tuple(StoredTurn(*row) for row in reversed(rows))

    # The person's own

    def export(self, user: str) -> dict[str, Any]:  # Any: JSON
        """Everything held about the user, ready for JSON; times are UTC ISO 8601."""
        with self._database.read() as connection:
            return as_dict(connection, _user(connection, user))

    def export_csv(self, user: str, titles: Mapping[str, str] | None = None) -> str:
        """The user's events as CSV, with a title column from ``titles`` by film id.

        Cells a spreadsheet would run as formulas begin with an apostrophe.
        """
        with self._database.read() as connection:
            return as_csv(connection, _user(connection, user), titles or {})

    def forget(self, user: str) -> None:
        """Erase the user, their events and conversations, from the bytes of the files too.

        Raises ``RequestError`` for an unknown user. After a ``StoreError`` that tells of a full
        disk the rows are gone and only traces are left: ``scrub`` removes them.
        """
        with self._database.write() as connection:
            _user(connection, user)
            connection.execute("DELETE FROM users WHERE id = ?", (user,))
        self.scrub()

    def scrub(self) -> None:
        """Leave no trace of erased rows in the files."""
        self._database.scrub()


def _user(connection: sqlite3.Connection, user_id: str) -> User:
    row = connection.execute(
        "SELECT id, name, created_s FROM users WHERE id = ?", (storable(str(user_id)),)
    ).fetchone()
    if row is None:
        raise RequestError(f"no user {str(user_id)[:80]!r}")
    return User(*row)


def _refuse_taken(connection: sqlite3.Connection, name: str | None, user_id: str) -> None:
    row = connection.execute(
        "SELECT id FROM users WHERE name = ? AND id <> ?", (name, user_id)
    ).fetchone()
    if row is not None:
        raise RequestError(f"there is a profile named {name!r} already; choose another name")


def _next_event(connection: sqlite3.Connection) -> int:
    """The id the next inserted event will get."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
    return 1 if row is None else int(row[0]) + 1


def _insert_event(connection: sqlite3.Connection, row: Sequence[object]) -> int:
    cursor = connection.execute(
        'INSERT INTO events (user, kind, film, value, conversation, at_s, "group") '
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        row,
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _conversation(
    connection: sqlite3.Connection, conversation: str, user: str | None
) -> StoredConversation:
    row = connection.execute(
        _CONVERSATION + " WHERE c.id = ?", (storable(str(conversation)),)
    ).fetchone()
    if row is None or (user is not None and row[1] != user):
        # The same words either way: whose it is tells a stranger that it exists.
        raise RequestError(f"no conversation {str(conversation)[:80]!r}")
    return _titled(row)


def _titled(row: Sequence[Any]) -> StoredConversation:  # Any: SQL values of mixed types
    first = " ".join(row[4].split())
    title = first if len(first) <= _TITLE_CHARS else first[: _TITLE_CHARS - 1].rstrip() + "…"
    conversation, user, created_s, language, _, turns = row
    return StoredConversation(conversation, user, created_s, language, title, turns)
