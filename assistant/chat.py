"""One conversation turn, from message to reply: the whole path, top to bottom.

    message ─ parse ─▶ Request ─ follow ─▶ Wants ─ retrieve ─▶ Candidates ─ rank ─▶ Picks
            ─ explain ─▶ Reply

``Assistant`` is the product behind every door. It keeps no conversation in memory: each turn
reads where the conversation stands from the store and writes it back. Acts that need no list are
answered in ``answers``; evaluation replays the same path.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from assistant.buttons import pressed
from assistant.catalogue import Catalogue
from assistant.chips import Chip, changes_of, chips_of, without_chip
from assistant.conversation import LISTING, Conversation, follow
from assistant.counterfactual import causes, lists, places_without
from assistant.crowd import Crowd
from assistant.dialogue import Understood, is_open, understand
from assistant.errors import RequestError
from assistant.explanation import Explainer, Reason
from assistant.history import Profile, Taste
from assistant.index import Index
from assistant.lexicon import Lexicon
from assistant.memory import KEPT_CHARS, Memory
from assistant.moment import told
from assistant.parsing.moves import Moves
from assistant.parsing.parser import Parser
from assistant.parsing.request import Act, Request, Wants
from assistant.prompts import Prompts
from assistant.ranking import Pick
from assistant.recall import Recall
from assistant.reply import Line, Reply
from assistant.retrieval import Query
from assistant.selection import Selector
from assistant.space import Floats, Space
from assistant.speech import Moment, Said, Speech
from assistant.store import Store, StoredTurn
from assistant.timeline import years_at
from assistant.weights import Ranker

__all__ = ["Assistant", "Chip", "Line", "Parts", "Reason", "Reply"]

log = logging.getLogger(__name__)

SIGNALS = {"why": "open", "more_like": "more_like"}
"""Buttons that also tell a little about taste, and the event each leaves."""
_LOCKS = 64


@dataclass(frozen=True)
class Parts:
    """Everything a turn runs on, put together by ``open_assistant``."""

    catalogue: Catalogue
    space: Space
    index: Index
    encode: Callable[[Sequence[str]], Floats]
    """Texts to (n, dim) unit rows."""
    parser: Parser
    moves: Moves
    recall: Callable[[], Recall]
    ranker: Ranker
    crowd: Crowd | None
    explainer: Explainer
    prompts: Prompts
    lexicons: dict[str, Lexicon]
    store: Store
    count: int
    seed: int
    warm: Callable[[], None]
    """Loads the models that are not loaded yet."""
    close: Callable[[], None]


class Assistant:
    """The product behind every door. Safe to share by threads."""

    def __init__(self, parts: Parts, now: Callable[[], float] = time.time) -> None:
        self._parts = parts
        self._now = now
        self.catalogue = parts.catalogue
        self.index = parts.index
        self.parser = parts.parser
        self.encode = parts.encode
        self.store = parts.store
        self.explainer = parts.explainer
        self.selector = Selector(
            catalogue=parts.catalogue,
            space=parts.space,
            index=parts.index,
            encode=parts.encode,
            ranker=parts.ranker,
            crowd=parts.crowd,
            recall=parts.recall,
            count=parts.count,
            seed=parts.seed,
        )
        self._memory = Memory(parts.store, parts.catalogue, parts.index.film_vectors, now)
        self._speech = Speech(parts.explainer, parts.prompts, parts.catalogue)
        self._locks = tuple(Lock() for _ in range(_LOCKS))

    # ── a message ────────────────────────────────────────────────────────────────────────────

    def reply(self, text: str, user: str, conversation: str) -> Reply:
        """The whole reply to one message; raises ``RequestError`` for a stranger's ids."""
        *_, last = self.stream(text, user, conversation)
        return last

    def stream(self, text: str, user: str, conversation: str) -> Iterator[Reply]:
        """Growing replies to one message; the last has ``done`` True. Cards come first."""
        with self._locks[hash(conversation) % _LOCKS]:
            turns = self.store.turns(conversation, user)
            before = self._memory.stand(turns)
            seconds: dict[str, float] = {}
            with _timed(seconds, "parse"):
                said = self.understand(text[:KEPT_CHARS], before, int(self._as_of()))
            yield from self._turn(text, said, before, turns, user, conversation, seconds)

    def _turn(
        self,
        text: str,
        understood: Understood,
        before: Conversation,
        turns: Sequence[StoredTurn],
        user: str,
        conversation: str,
        seconds: dict[str, float],
    ) -> Iterator[Reply]:
        """Everything after the message is understood; a button starts here."""
        memory, request = self._memory, understood.request
        after = follow(before, request)
        with _timed(seconds, "record"):
            undone = None
            if Act.UNDO in request.acts:
                undone, after = memory.undo(user, turns, after)
                if LISTING & set(request.acts):  # "Never mind, a comedy": what follows still counts
                    after = replace(after, wants=after.wants.then(request.wants, request.drop))
            memory.record(request, user, conversation)
            taste = memory.profile(user)
        with _timed(seconds, "rank"):
            after = self._guessing(understood, before, after)
            picks = self.selector.list_for(
                request, before, after, taste, self._as_of(), went_back=_went_back(request, undone)
            )
        earlier = memory.shown(turns) if before.shown else ()
        moment = self._moment(understood, before, after, picks, earlier, undone, taste)
        moment = replace(moment, cut=len(text) > KEPT_CHARS)
        parts, language = self._speech.say(moment), request.language
        said, wants = self._speech.whole(parts, language), after.wants
        after = told(before, after, moment, said)
        base = self._reply(request, after, said, picks, conversation)
        if picks:
            yield replace(base, text="", done=False, seconds=dict(seconds))
        with _timed(seconds, "introduce"):
            parts = self._speech.written(
                parts, language, self._parts.seed + after.turn, memory.said(turns)
            )
            said = self._speech.whole(parts, language)
            base = replace(base, text=said.text, wording=said.wording)
        if picks:
            yield replace(base, done=False, seconds=dict(seconds))
        with _timed(seconds, "phrase"):
            reasons = self.explainer.reasons(
                picks,
                wants,
                taste,
                request.language,
                self._parts.seed + after.turn,
                memory.heard(turns),
                causes(self.selector, picks, wants, taste, self._as_of()),
            )
        written = "model" in {said.wording, *(reason.wording for reason in reasons)}
        whole = replace(base, reasons=reasons, wording="model" if written else "template")
        with _timed(seconds, "store"):
            memory.save(text, whole, after, conversation)
        log.info("turn %s/%d: %d films, %s", conversation, after.turn, len(picks), _in_ms(seconds))
        yield replace(whole, seconds=dict(seconds))

    def _guessing(
        self, understood: Understood, before: Conversation, after: Conversation
    ) -> Conversation:
        """``after`` with the films a description may mean: found now, or those left by a no."""
        acts = set(understood.request.acts)
        if Act.DENY in acts:
            return replace(after, guesses=before.guesses[1:], described=before.described)
        if not understood.described or Act.CONFIRM in acts:
            return after
        wrong = before.guesses[:1]
        guesses = self.selector.guesses(understood.described, after.wants, wrong)
        if Act.GUESS not in acts:
            guesses = tuple(g for g in guesses if g.near) if guesses and guesses[0].clear else ()
        if not guesses:
            return after
        ids = tuple(guess.film.id for guess in guesses)
        return replace(after, guesses=ids, described=understood.described)

    def _moment(
        self,
        understood: Understood,
        before: Conversation,
        after: Conversation,
        picks: tuple[Pick, ...],
        earlier: tuple[Pick, ...],
        undone: str | None,
        taste: Profile,
    ) -> Moment:
        """All that this turn may speak of."""
        request, as_of, selector = understood.request, self._as_of(), self.selector
        listing, chips = bool(LISTING & set(request.acts)), self._chips(after)
        asks = listing and bool(picks) and is_open(after, request)
        return Moment(
            request=request,
            before=before,
            after=after,
            picks=picks,
            earlier=earlier,
            undone=undone,
            taste=taste,
            judge=selector.judge(before.wants, taste, as_of),
            without=lambda film: places_without(
                film, before.wants, self._chips(before), lists(selector, taste, as_of)
            ),
            emptied=()
            if picks or not listing
            else selector.emptied(after.wants, chips, taste, as_of),
            changed=self._changes(request, after),
            question=selector.question(after.wants, taste, as_of, after.asked) if asks else None,
        )

    # ── the list ─────────────────────────────────────────────────────────────────────────────

    def recommend(
        self,
        wants: Wants,
        taste: Profile,
        *,
        count: int,
        as_of: float | None = None,
        held_back: frozenset[str] = frozenset(),
        only: frozenset[str] | None = None,
    ) -> tuple[Query, tuple[Pick, ...]]:
        """See ``Selector.recommend``; ``as_of`` None: now."""
        now = self._as_of() if as_of is None else as_of
        return self.selector.recommend(
            wants, taste, count=count, as_of=now, held_back=held_back, only=only
        )

    def understand(self, text: str, before: Conversation, year: int) -> Understood:
        """What a message asks for after ``before``; any text at all has an answer."""
        return understand(text, before, self.parser, self._parts.moves, year)

    # ── buttons ──────────────────────────────────────────────────────────────────────────────

    def press(
        self,
        action: str,
        user: str,
        conversation: str,
        film: str | None = None,
        value: str | float | None = None,
    ) -> Reply:
        """A button: rate (value 0.5-5), seen, watchlist, unwatchlist, hide, why, more_like,
        drop (value: a chip's key), undo, open, dwell (value: seconds). Raises ``RequestError``."""
        with self._locks[hash(conversation) % _LOCKS]:
            turns = self.store.turns(conversation, user)
            before = self._memory.stand(turns)
            if film is not None and film not in self.catalogue:
                raise RequestError(f"no film {film!r} in the catalogue")
            if action in ("open", "dwell", "unwatchlist"):
                kind = "unwant" if action == "unwatchlist" else action
                number = float(value) if value is not None else None
                self.store.record(user, kind, film, number, conversation)
                return Reply("", language=before.language, conversation=conversation)
            shown = value
            if action == "drop":
                labels = {chip.key: chip.label for chip in self._chips(before)}
                shown = labels.get(str(value), str(value))
                before = replace(before, wants=without_chip(before.wants, str(value)))
            understood = Understood(pressed(action, film, value, before.language))
            if action in SIGNALS:
                self.store.record(user, SIGNALS[action], film, None, conversation)
            message = self._speech.button(action, film, shown, before.language)
            *_, last = self._turn(message, understood, before, turns, user, conversation, {})
            return last

    # ── people, conversations ────────────────────────────────────────────────────────────────

    def profile(self, user: str) -> Profile:
        """The person's taste as of now."""
        return self._memory.profile(user)

    def taste(self, user: str) -> Taste:
        """What the person's history says, with the films it rests on."""
        return self._memory.taste(user)

    def profiles(self) -> list[tuple[str, str]]:
        """(id, name) of the named profiles."""
        return self._memory.profiles()

    def add_profile(self, name: str | None = None) -> str:
        """Id of a new profile; raises ``RequestError`` where the name is taken or empty."""
        return self.store.add_user(name).id

    def export(self, user: str) -> dict[str, Any]:  # Any: JSON
        """All that is kept about a person."""
        return self.store.export(user)

    def export_csv(self, user: str) -> str:
        """The person's events as CSV."""
        return self._memory.export_csv(user)

    def forget(self, user: str) -> None:
        """Delete a person and everything about them, from the bytes of the files too."""
        self.store.forget(user)

    def new_conversation(self, user: str) -> str:
        """Id of a new, empty conversation."""
        return self.store.new_conversation(user)

    def transcript(self, user: str, conversation: str) -> tuple[Line, ...]:
        """What was said, oldest first; raises ``RequestError`` where it is not this user's."""
        return self._memory.transcript(self.store.turns(conversation, user))

    def last_reply(self, user: str, conversation: str) -> Reply | None:
        """The last reply that showed a list, rebuilt, so that a reloaded page shows its cards."""
        turns = self.store.turns(conversation, user)
        listing = self._memory.listing(turns, conversation)
        if listing is None:
            return None
        return replace(listing, chips=self._chips(self._memory.stand(turns)))

    def warm(self) -> None:
        """Load what is not loaded yet; raises ``ModelError`` where a model cannot be used."""
        self._parts.warm()

    def close(self) -> None:
        """Let go of files and locks."""
        self._parts.close()

    def _as_of(self) -> float:
        return years_at(self._now())

    def _reply(
        self,
        request: Request,
        after: Conversation,
        said: Said,
        picks: tuple[Pick, ...],
        conversation: str,
    ) -> Reply:
        return Reply(
            text=said.text,
            language=request.language,
            acts=tuple(act.value for act in request.acts),
            picks=picks,
            chips=self._chips(after),
            choices=said.choices,
            chart=said.chart,
            film=said.film,
            wants=after.wants,
            conversation=conversation,
            turn=after.turn,
        )

    def _chips(self, stand: Conversation) -> tuple[Chip, ...]:
        lexicon = self._parts.lexicons[stand.language]
        return chips_of(stand.wants, self.catalogue, lexicon, self._parts.prompts)

    def _changes(self, request: Request, after: Conversation) -> tuple[str, ...]:
        lexicon = self._parts.lexicons[after.language]
        return changes_of(request.wants, self.catalogue, lexicon, self._parts.prompts)


def _went_back(request: Request, undone: str | None) -> bool:
    return Act.UNDO in request.acts and undone is None


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[stage] = seconds.get(stage, 0.0) + time.perf_counter() - started


def _in_ms(seconds: dict[str, float]) -> str:
    return ", ".join(f"{stage} {1000 * spent:.0f} ms" for stage, spent in seconds.items())
