"""What a turn reads from the history and writes to it, as the values a turn works with.

The one place that turns stored JSON back into conversations, picks and replies. Knows nothing of
ranking or words. Next in the flow: ``chat`` asks it at the beginning and at the end of a turn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from assistant.catalogue import Catalogue
from assistant.conversation import Conversation, decode, encode, pick_record, read_pick
from assistant.explanation import Reason
from assistant.history import Profile, Taste, profile, taste_summary
from assistant.parsing.request import Act, Request
from assistant.ranking import Pick
from assistant.reply import Line, Reply
from assistant.store import EXPLICIT_KINDS, Entry, Store, StoredTurn

KEPT_CHARS = 4000
"""Characters of a message that are read and kept; nobody asks for a film at greater length."""
HEARD_TURNS = 10
"""Turns back whose reasons the next should not sound like."""


class Memory:
    """People, what they said and what they were shown. Safe to share by threads."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        vectors: npt.NDArray[np.float32],
        now: Callable[[], float],
    ) -> None:
        """``vectors`` are (n, dim) unit rows in catalogue order; ``now`` tells the Unix time."""
        self.store = store
        self._catalogue = catalogue
        self._vectors = vectors
        self._now = now

    # People

    def profile(self, user: str) -> Profile:
        """The person's taste as of now."""
        events = self.store.events(user)
        return profile(events, self._catalogue, self._vectors, self._now())

    def taste(self, user: str) -> Taste:
        """What the person's history says, with the films it rests on."""
        return taste_summary(self.profile(user), self._catalogue)

    def profiles(self) -> list[tuple[str, str]]:
        """(id, name) of the named profiles."""
        return [(user.id, user.name) for user in self.store.users() if user.name]

    def export_csv(self, user: str) -> str:
        """The person's events as CSV, films by title too."""
        events = self.store.events(user)
        ids = {event.film for event in events if event.film in self._catalogue}
        titles = {i: self._catalogue[i].label for i in sorted(i for i in ids if i is not None)}
        return self.store.export_csv(user, titles)

    # Reading a conversation

    def stand(self, turns: Sequence[StoredTurn]) -> Conversation:
        """Where a conversation stands after its turns."""
        return decode(turns[-1].state) if turns else Conversation()

    def shown(self, turns: Sequence[StoredTurn]) -> tuple[Pick, ...]:
        """The picks on screen: those of the last turn that showed a list."""
        record = self._listing(turns)
        if record is None or not self.stand(turns).shown:
            return ()
        found = (read_pick(pick, self._catalogue) for pick in record["picks"])
        return tuple(pick for pick in found if pick is not None)

    def transcript(self, turns: Sequence[StoredTurn]) -> tuple[Line, ...]:
        """What was said, oldest first."""
        lines = []
        for turn in turns:
            lines.append(Line("user", turn.message))
            lines.append(Line("assistant", orjson.loads(turn.reply)["text"]))
        return tuple(lines)

    def heard(self, turns: Sequence[StoredTurn]) -> tuple[str, ...]:
        """The reasons of the last turns, so that the next do not sound like them."""
        records = (orjson.loads(turn.reply) for turn in turns[-HEARD_TURNS:])
        return tuple(reason[0] for record in records for reason in record.get("reasons", ()))

    def said(self, turns: Sequence[StoredTurn]) -> tuple[str, ...]:
        """What was said before the lists of the last turns."""
        return tuple(orjson.loads(turn.reply)["text"] for turn in turns[-HEARD_TURNS:])

    def listing(self, turns: Sequence[StoredTurn], conversation: str) -> Reply | None:
        """The last reply that showed a list, without its chips; None where none did."""
        record = self._listing(turns)
        stand = self.stand(turns)
        if record is None or not stand.shown:  # nothing shown yet, or started over since
            return None
        found = [read_pick(pick, self._catalogue) for pick in record["picks"]]
        reasons = [Reason(*reason) for reason in record["reasons"]]
        kept = [(p, r) for p, r in zip(found, reasons, strict=True) if p is not None]
        return Reply(
            text=record["text"],
            language=stand.language,
            picks=tuple(pick for pick, _ in kept),
            reasons=tuple(reason for _, reason in kept),
            wants=stand.wants,
            conversation=conversation,
            turn=stand.turn,
        )

    def _listing(self, turns: Sequence[StoredTurn]) -> dict[str, Any] | None:  # Any: JSON
        for turn in reversed(turns):
            record: dict[str, Any] = orjson.loads(turn.reply)
            if record["picks"]:
                return record
        return None

    # Writing

    def record(self, request: Request, user: str, conversation: str) -> None:
        """Write the message's opinions as events, all together."""
        entries: list[Entry] = []
        for opinion in request.opinions:
            entries.append(Entry(opinion.stance.value, opinion.film))
            if opinion.stars is not None:
                entries.append(Entry("rate", opinion.film, opinion.stars))
        if Act.HIDE in request.acts:
            told = {opinion.film for opinion in request.opinions}
            entries += [Entry("hide", film_id) for film_id in request.films if film_id not in told]
        if Act.WATCHLIST in request.acts:
            told = {opinion.film for opinion in request.opinions}
            entries += [Entry("want", i) for i in request.films if i not in told]
        if entries:
            self.store.record_all(user, entries, conversation)

    def undo(
        self, user: str, turns: Sequence[StoredTurn], after: Conversation
    ) -> tuple[str | None, Conversation]:
        """Take back what the last turn recorded; where it recorded nothing, what it changed.

        The id of the film whose opinion was taken back (None where wants went back instead), and
        the conversation as it then stands.
        """
        since_s = turns[-2].at_s if len(turns) > 1 else 0.0
        events = [e for e in self.store.events(user) if e.kind in EXPLICIT_KINDS]
        if events and (not turns or events[-1].at_s > since_s):
            undone = self.store.undo_last(user)
            return (undone.film if undone is not None else None), after
        if len(turns) > 1:
            earlier = decode(turns[-2].state)
            earlier = replace(earlier, guesses=(), described="")
            return None, replace(earlier, language=after.language, turn=after.turn)
        return None, after

    def save(self, text: str, reply: Reply, after: Conversation, conversation: str) -> None:
        """Store the turn; once this returns it is not lost."""
        record = {
            "text": reply.text,
            "picks": [pick_record(pick) for pick in reply.picks],
            "reasons": [[reason.text, reason.wording] for reason in reply.reasons],
        }
        self.store.save_turn(
            conversation, text[:KEPT_CHARS], orjson.dumps(record).decode(), encode(after)
        )
