"""One SQLite connection that many threads share: opened with care, told in our own errors.

Durability: WAL with synchronous=FULL, so what ``write`` returned from is on the disk. Privacy:
secure_delete, so what was deleted is overwritten. A new file is made beside its place and renamed
into it, so an empty or half-made file under the real name always means damage. Knows nothing of
users or events. Next in the flow: ``store``.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from assistant.errors import StoreError
from assistant.store.migrations import MIGRATIONS

_APPLICATION_ID = 0x4D544E45  # "MTNE": tells our file from any other SQLite database
_BUSY_S = 5.0
_SIDE_FILES = ("", "-wal", "-shm")


class Database:
    """A history file, open. Safe to share by threads: one statement or transaction at a time."""

    def __init__(self, path: Path) -> None:
        """Open ``path``, making it where it is missing and adding tables a newer program needs.

        Raises ``StoreError`` where the file is damaged, foreign, newer or out of reach.
        """
        self.path = path
        self._lock = threading.RLock()
        with self._translated("open"):
            if not path.exists():
                _create(path)
            if path.stat().st_size == 0:  # SQLite would take it for a new database
                raise StoreError(_damaged(path, "the file is empty"))
            self._connection = _connect(path)
        try:
            with self._translated("open"):
                _check(self._connection, path)
                _set_up(self._connection)
                _migrate(self._connection, path)
        except StoreError:
            self._connection.close()
            raise

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: on leaving, either all of it is on the disk or an error was raised."""
        with self._lock, self._translated("write"):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # SQLite itself rolls back some failures
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """The connection, for statements that change nothing."""
        with self._lock, self._translated("read"):
            yield self._connection

    def scrub(self) -> None:
        """Leave nothing of deleted rows in the file or its log; takes as long as a copy."""
        with self._lock, self._translated("clean up"):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Fold the log into the file and let go of it; closing twice does no harm."""
        with self._lock, self._translated("close"):
            self._connection.close()

    @contextmanager
    def _translated(self, doing: str) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(_sentence(self.path, doing, error)) from error
        except OSError as error:
            raise StoreError(
                f"cannot {doing} the history {self.path}: {error.strerror or error}; "
                "choose another folder with --home or mend its permissions"
            ) from error


def set_aside(path: Path) -> Path:
    """Rename a damaged history and its log out of the way, keeping them; the new path comes back.

    Raises ``StoreError`` where that cannot be done.
    """
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    try:
        for suffix in _SIDE_FILES:
            part = Path(f"{path}{suffix}")
            if part.exists():
                part.rename(f"{aside}{suffix}")
    except OSError as error:
        raise StoreError(f"cannot move {path} aside: {error.strerror or error}") from error
    return aside


_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",  # VACUUM's copy must not touch the disk outside the home
    "mmap_size = 0",
)


def _set_up(connection: sqlite3.Connection) -> None:
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _connect(path: Path) -> sqlite3.Connection:
    # mode=rw: a missing file is an error, never a silent new start. quoted by as_uri.
    return sqlite3.connect(
        path.resolve().as_uri() + "?mode=rw",
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )


def _create(path: Path) -> None:
    """Make an empty history at ``path``, complete before it has that name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    orphan = Path(f"{path}-wal")
    if orphan.exists():
        # SQLite would replay this log into the new file.
        raise StoreError(
            f"{path} is gone but its log {orphan.name} is there; put {path.name} back, "
            f"or move {orphan} away to start afresh"
        )
    beside = path.with_name(f"{path.name}.new")
    for suffix in _SIDE_FILES:
        Path(f"{beside}{suffix}").unlink(missing_ok=True)
    beside.touch(mode=0o600)
    with closing(_connect(beside)) as connection:
        _set_up(connection)
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        _migrate(connection, path)
    beside.replace(path)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Raise ``StoreError`` unless this is a sound history."""
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise StoreError(_damaged(path, str(verdict)))
    if connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
        raise StoreError(
            f"{path} is some other program's database; move it away or choose another --home"
        )


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Apply the missing steps, all or none."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, "
            "applied_s REAL NOT NULL) STRICT"
        )
        done = connection.execute("SELECT coalesce(max(number), 0) FROM migrations").fetchone()[0]
        if done > len(MIGRATIONS):
            raise StoreError(
                f"the history {path} was written by a newer Matinee (tables {done}, this program "
                f"knows {len(MIGRATIONS)}); update Matinee, or choose another --home"
            )
        for number, statements in enumerate(MIGRATIONS[done:], start=done + 1):
            for statement in statements:
                connection.execute(statement)
            connection.execute("INSERT INTO migrations VALUES (?, ?)", (number, time.time()))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _damaged(path: Path, reason: str) -> str:
    return (
        f"the history {path} is damaged ({reason}); it was left as it is. Run `matinee doctor`, "
        f"or move it aside together with {path.name}-wal and {path.name}-shm to start afresh"
    )


def _sentence(path: Path, doing: str, error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF  # extended codes keep the primary one low
    if primary == sqlite3.SQLITE_FULL:
        return (
            f"the disk that holds {path} is full: this was not saved, everything earlier is safe. "
            "Free some space and try again"
        )
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return _damaged(path, str(error))
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"another program is using the history {path}; close it and try again"
    if primary == sqlite3.SQLITE_READONLY:
        return f"the history {path} is read-only; mend its permissions or choose another --home"
    return f"cannot {doing} the history {path} ({error}); run `matinee doctor`"
