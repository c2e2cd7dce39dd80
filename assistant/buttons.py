"""The request each button stands for, so that a press takes the same path as a message.

Knows nothing of the page. Next in the flow: ``chat`` carries the request out.
"""

from __future__ import annotations

from assistant.errors import RequestError
from assistant.parsing.request import Act, Opinion, Request, Stance, Wants


def pressed(action: str, film: str | None, value: str | float | None, language: str) -> Request:
    """The request a button stands for; raises ``RequestError`` for an unknown one."""
    films = () if film is None else (film,)
    stances = {"seen": (Act.SEEN, Stance.SEEN), "watchlist": (Act.WATCHLIST, Stance.WANT)}
    if action == "drop":
        return Request("", language, (Act.REFINE,))
    if action == "undo":
        return Request("", language, (Act.UNDO,))
    if film is None:
        raise RequestError(f"the button {action!r} needs a film")
    if action in stances:
        act, stance = stances[action]
        return Request("", language, (act,), films=films, opinions=(Opinion(film, stance),))
    if action == "rate":
        try:
            stars = float(value if value is not None else "")
        except ValueError:
            raise RequestError(f"{value!r} is not a number of stars") from None
        if not 0.5 <= stars <= 5 or stars * 2 % 1:
            raise RequestError(f"stars go from 0.5 to 5 in halves, not {value!r}")
        opinion = Opinion(film, Stance.SEEN, stars)
        return Request("", language, (Act.RATE,), films=films, opinions=(opinion,))
    if action == "hide":
        return Request("", language, (Act.HIDE,), films=films)
    if action == "why":
        return Request("", language, (Act.WHY,), films=films)
    if action == "more_like":
        return Request(
            "", language, (Act.RECOMMEND,), wants=Wants(like=films), fresh=True, films=films
        )
    raise RequestError(f"there is no button {action!r}")
