"""Labelled files cut in two, so that what was looked at while writing is told from the rest.

Errors in one half may be read while the words and rules are written; the other half is only
measured. The cut hangs on a record's id alone, so it is the same on every machine and in a file
never seen before. Next in the flow: ``evaluation_slots``, ``evaluation_acts``.
"""

from __future__ import annotations

import hashlib

LOOKED_AT, HELD_OUT = "looked at while writing", "held out"
HALVES = (LOOKED_AT, HELD_OUT)


def half_of(record_id: str) -> str:
    """The half a record belongs to, by the sha256 of its id: even ones were looked at.

    >>> half_of("iard/21398")
    'looked at while writing'
    """
    digest = hashlib.sha256(record_id.encode()).hexdigest()
    return HELD_OUT if int(digest, 16) % 2 else LOOKED_AT
