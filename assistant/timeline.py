"""Points in time as years with a fraction: 2026.5 is the middle of 2026.

Films carry only a year, so nothing finer than a part of a year matters. Knows nothing of films.
Next in the flow: ``retrieval`` leaves out what did not exist yet, ``standing`` tells how
films stood.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

_DAYS = 366.0


def years_at(at_s: float) -> float:
    """The point in time of a Unix time in seconds, by UTC.

    >>> years_at(0.0)
    1970.0
    """
    return _years(datetime.fromtimestamp(at_s, UTC).date())


def years_of(text: str) -> float:
    """The point in time of an ISO date, ``2018-06-01`` or longer, or the middle of ``2018`` or of
    ``2018-06``; raises ``ValueError`` for anything else.

    >>> years_of("2018")
    2018.5
    """
    if len(text) == 4:
        return int(text) + 0.5
    return _years(date.fromisoformat(f"{text}-15" if len(text) == 7 else text[:10]))


def _years(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / _DAYS
