"""What must outlive the process: users, their events, their conversations, and the home's lock."""

from assistant.store.database import set_aside
from assistant.store.lock import HomeLock
from assistant.store.records import (
    EXPLICIT_KINDS,
    KINDS,
    Entry,
    Event,
    StoredConversation,
    StoredTurn,
    User,
)
from assistant.store.store import Store

__all__ = [
    "EXPLICIT_KINDS",
    "KINDS",
    "Entry",
    "Event",
    "HomeLock",
    "Store",
    "StoredConversation",
    "StoredTurn",
    "User",
    "set_aside",
]
