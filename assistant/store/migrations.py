"""The history's tables, as the numbered steps that made them.

A step, once released, is never edited: a change of the tables is a new step at the end. Knows
nothing of what the tables are for. Next in the flow: ``database`` applies the missing steps.
"""

from __future__ import annotations

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE users (
            id TEXT PRIMARY KEY,
            name TEXT UNIQUE COLLATE NOCASE,
            created_s REAL NOT NULL
        ) STRICT""",
        """CREATE TABLE conversations (
            id TEXT PRIMARY KEY,
            user TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            created_s REAL NOT NULL,
            language TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX conversations_by_user ON conversations (user, created_s)",
        """CREATE TABLE turns (
            conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
            number INTEGER NOT NULL,
            message TEXT NOT NULL,
            reply TEXT NOT NULL,
            state TEXT NOT NULL,
            at_s REAL NOT NULL,
            PRIMARY KEY (conversation, number)
        ) STRICT""",
        # AUTOINCREMENT: an id is never given twice, not even after a forget.
        """CREATE TABLE events (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            user TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            kind TEXT NOT NULL,
            film TEXT,
            value REAL,
            conversation TEXT REFERENCES conversations ON DELETE SET NULL,
            at_s REAL NOT NULL,
            "group" INTEGER NOT NULL,
            undone_by INTEGER
        ) STRICT""",
        "CREATE INDEX events_by_user ON events (user, at_s, id)",
        "CREATE INDEX events_by_conversation ON events (conversation)",
        'CREATE INDEX events_by_group ON events ("group")',
    ),
)
"""Statements of step 1, step 2, ... (position + 1 is the step's number)."""
