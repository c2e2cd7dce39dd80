"""A conversation's state as a value: what is wanted, what was shown, what is being talked about.

``follow`` folds a request in; ``encode`` and ``decode`` turn the state and shown picks into JSON
for the store and back. Knows nothing of ranking or words. Next in the flow: ``chat``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import orjson

from assistant.catalogue import Catalogue, Limits
from assistant.errors import DataError
from assistant.parsing.request import Act, Context, Request, Wants
from assistant.ranking import Part, Pick

_GROUPS = frozenset({"genres", "people", "directed_by", "starring", "collections"})
LISTING = frozenset({Act.RECOMMEND, Act.REFINE, Act.MORE})
"""Acts that end in a list of films."""
ASIDES = frozenset({Act.COUNT, Act.CONFIRM, Act.DENY})
"""Acts that leave what is wanted as it is."""


@dataclass(frozen=True)
class Conversation:
    """Where a conversation stands after its last turn."""

    wants: Wants = field(default_factory=Wants)
    shown: tuple[str, ...] = ()
    """Ids of the last list, in order."""
    offered: frozenset[str] = frozenset()
    """Ids shown since the last fresh request."""
    focus: str | None = None
    """Id of the film last talked about."""
    language: str = "en"
    turn: int = 0
    """Turns so far."""
    guesses: tuple[str, ...] = ()
    """Ids of films a description may mean, likeliest first; the first was just proposed."""
    described: str = ""
    """The description they were guessed from."""
    asked: tuple[str, ...] = ()
    """What was asked back since the last fresh start, oldest first."""

    def context(self, year_now: int) -> Context:
        """What the next message is read against."""
        return Context(self.shown, self.focus, self.wants, self.language, year_now)


def follow(conversation: Conversation, request: Request) -> Conversation:
    """The conversation after a request is understood, before anything is shown for it."""
    reset = Act.RESET in request.acts
    fresh = request.fresh or reset
    if ASIDES & set(request.acts):
        wants = conversation.wants
    else:
        wants = request.wants if fresh else conversation.wants.then(request.wants, request.drop)
    return replace(
        conversation,
        wants=wants,
        shown=() if reset else conversation.shown,
        offered=frozenset() if fresh else conversation.offered,
        focus=request.films[-1] if request.films else None if reset else conversation.focus,
        language=request.language,
        turn=conversation.turn + 1,
        guesses=(),
        described="",
        asked=() if reset else conversation.asked,
    )


def overhear(conversation: Conversation, film_ids: tuple[str, ...]) -> Conversation:
    """The conversation after somebody else suggested films: context, not to be repeated."""
    wants = conversation.wants.then(Wants(around=film_ids))
    known = wants.like + wants.unlike
    wants = replace(wants, around=tuple(i for i in wants.around if i not in known))
    return replace(
        conversation,
        wants=wants,
        shown=film_ids or conversation.shown,
        focus=film_ids[-1] if film_ids else conversation.focus,
    )


def encode(conversation: Conversation) -> str:
    """JSON of the state; sets become sorted lists."""
    return orjson.dumps(conversation, default=_plain, option=orjson.OPT_SORT_KEYS).decode()


def decode(text: str) -> Conversation:
    """The state ``encode`` wrote; raises ``DataError`` for anything else."""
    try:
        record = orjson.loads(text)
        wants = record.pop("wants")
        wants["limits"] = _limits(wants["limits"])
        wants["prefer"] = _limits(wants["prefer"])
        for name in ("themes", "like", "unlike", "around"):
            wants[name] = tuple(wants[name])
        return Conversation(
            wants=Wants(**wants),
            shown=tuple(record.pop("shown")),
            offered=frozenset(record.pop("offered")),
            guesses=tuple(record.pop("guesses", ())),
            asked=tuple(record.pop("asked", ())),
            **record,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"a stored conversation cannot be read: {error!r}") from error


def wants_record(wants: Wants) -> dict[str, Any]:  # Any: JSON
    """JSON-ready fields of ``wants`` that ask for something."""
    record: dict[str, Any] = orjson.loads(orjson.dumps(wants, default=_plain))
    del record["said"]
    limits = record["limits"]
    record["limits"] = {name: limits[name] for name in wants.limits.set_names()}
    record["prefer"] = {name: record["prefer"][name] for name in wants.prefer.set_names()}
    return {name: value for name, value in record.items() if value not in (None, "", [], {}, 0.0)}


def pick_record(pick: Pick) -> dict[str, Any]:  # Any: JSON
    """JSON-ready pick, its film by id."""
    return {
        "id": pick.film.id,
        "score": pick.score,
        "parts": [[part.name, part.value, list(part.because)] for part in pick.parts],
    }


def read_pick(record: Mapping[str, Any], catalogue: Catalogue) -> Pick | None:
    """The pick ``pick_record`` wrote; None where its film left the catalogue."""
    film = catalogue.get(record["id"])
    if film is None:
        return None
    parts = tuple(Part(name, value, tuple(why)) for name, value, why in record["parts"])
    return Pick(film, record["score"], parts)


def _limits(record: Mapping[str, Any]) -> Limits:
    values: dict[str, Any] = {}
    for spec in fields(Limits):
        if spec.name not in record:
            continue  # kept before this condition existed
        value = record[spec.name]
        if spec.name in _GROUPS:
            value = tuple(frozenset(group) for group in value)
        elif spec.name == "years":
            value = tuple((low, high) for low, high in value)
        elif spec.name == "runtime_min":
            value = tuple(value) if value else None
        elif isinstance(value, list):
            value = frozenset(value)
        values[spec.name] = value
    return Limits(**values)


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no place in a stored conversation")
