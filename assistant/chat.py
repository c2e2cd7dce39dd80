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
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import orjson

from assistant.buttons import pressed
from assistant.catalogue import Catalogue, load_catalogue
from assistant.chips import Chip, chips_of, without_chip
from assistant.config import Settings, load_settings
from assistant.conversation import (
    LISTING,
    Conversation,
    decode,
    encode,
    follow,
    pick_record,
    read_pick,
)
from assistant.embedding import Encoder
from assistant.errors import RequestError
from assistant.explanation import Explainer, Reason
from assistant.generation import Phraser
from assistant.history import Profile, Taste, profile, taste_summary
from assistant.index import Index
from assistant.lexicon import Lexicon, load_lexicons
from assistant.parsing import Act, Parser, Request, Wants
from assistant.prompts import Prompts
from assistant.ranking import Pick, Ranker, load_ranker, rank, score_of
from assistant.reply import Line, Reply
from assistant.retrieval import Query, make_query, retrieve
from assistant.space import Floats, Space
from assistant.speech import Moment, Said, Speech
from assistant.store import EXPLICIT_KINDS, Entry, HomeLock, Store, StoredTurn

__all__ = ["Assistant", "Chip", "Line", "Parts", "Reason", "Reply", "open_assistant"]

log = logging.getLogger(__name__)

LONGEST_MESSAGE = 4000
"""Characters of a message that are read; nobody asks for a film at greater length."""
JUDGED = 300
"""Films ranked to tell a film's place: beyond it a place is told as "below 300"."""
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
    ranker: Ranker
    explainer: Explainer
    prompts: Prompts
    lexicons: dict[str, Lexicon]
    store: Store
    count: int
    seed: int
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
            before = self._conversation(user, conversation)
            seconds: dict[str, float] = {}
            with _timed(seconds, "parse"):
                request = self.parser.parse(text[:LONGEST_MESSAGE], before.context(self._year()))
            yield from self._turn(text, request, before, user, conversation, seconds)

    def _turn(
        self,
        text: str,
        request: Request,
        before: Conversation,
        user: str,
        conversation: str,
        seconds: dict[str, float],
    ) -> Iterator[Reply]:
        """Everything after the message is understood; a button starts here."""
        after = follow(before, request)
        with _timed(seconds, "record"):
            turns = self.store.turns(conversation, user)
            undone = None
            if Act.UNDO in request.acts:
                undone, after = self._undo(user, turns, after)
            self._record(request, user, conversation)
            taste = self.profile(user)
        with _timed(seconds, "rank"):
            picks = self._list(request, before, after, taste, undone)
        moment = Moment(
            request=request,
            before=before,
            after=after,
            picks=picks,
            earlier=self._last_picks(turns) if before.shown else (),
            undone=undone,
            taste=taste,
            judge=self._judge(before.wants, taste),
            emptied=self._emptied(request, after, taste, picks),
            changed=tuple(chip.label for chip in self._chips(replace(after, wants=request.wants))),
            cut=len(text) > LONGEST_MESSAGE,
        )
        said = self._speech.say(moment)
        if picks:
            after = replace(
                after,
                shown=tuple(pick.film.id for pick in picks),
                offered=after.offered | {pick.film.id for pick in picks},
            )
        if said.film is not None:
            after = replace(after, focus=said.film.id)
        base = self._reply(request, after, said, picks, conversation)
        if picks:
            yield replace(base, done=False, seconds=dict(seconds))
        with _timed(seconds, "phrase"):
            reasons = self._parts.explainer.reasons(
                picks, after.wants, taste, request.language, self._parts.seed + after.turn
            )
        whole = replace(
            base,
            reasons=reasons,
            wording="model" if any(r.wording == "model" for r in reasons) else "template",
        )
        with _timed(seconds, "store"):
            self._save(text, whole, after, conversation)
        log.info("turn %s/%d: %d films, %s", conversation, after.turn, len(picks), _in_ms(seconds))
        yield replace(whole, seconds=dict(seconds))

    # ── the list ─────────────────────────────────────────────────────────────────────────────

    def recommend(
        self,
        wants: Wants,
        taste: Profile,
        *,
        count: int,
        as_of_year: int | None = None,
        held_back: frozenset[str] = frozenset(),
        only: frozenset[str] | None = None,
    ) -> tuple[Query, tuple[Pick, ...]]:
        """The query made of ``wants``, and the best ``count`` picks for it, best first.

        ``held_back`` ids are not shown now; ``only`` restricts to a set of ids.
        """
        parts = self._parts
        year = self._year() if as_of_year is None else as_of_year
        query = make_query(wants, taste, parts.space, parts.encode, year)
        candidates = retrieve(query, parts.space, parts.index, held_back, only)
        picks = rank(query, candidates, parts.space, parts.index, parts.ranker, count, parts.seed)
        return query, picks

    def _list(
        self,
        request: Request,
        before: Conversation,
        after: Conversation,
        taste: Profile,
        undone: str | None,
    ) -> tuple[Pick, ...]:
        """The list this turn shows: a new one, the old one mended, or none."""
        count = after.wants.count or self._parts.count
        if LISTING & set(request.acts):
            held = after.offered if Act.MORE in request.acts else frozenset[str]()
            return self.recommend(after.wants, taste, count=count, held_back=held)[1]
        if Act.UNDO in request.acts and undone is None and after.shown:
            return self.recommend(after.wants, taste, count=len(after.shown))[1]
        gone = taste.seen | taste.hidden
        kept = [film_id for film_id in before.shown if film_id not in gone]
        if len(kept) == len(before.shown) or Act.RESET in request.acts:
            return ()
        missing = len(before.shown) - len(kept)
        held_back = after.offered | frozenset(before.shown)
        query, fresh = self.recommend(after.wants, taste, count=missing, held_back=held_back)
        new = list(fresh)
        return tuple(
            self._score(film_id, query) if film_id in kept else new.pop(0)
            for film_id in before.shown
            if film_id in kept or new
        )

    def _score(self, film_id: str, query: Query) -> Pick:
        parts = self._parts
        film = self.catalogue[film_id]
        return score_of(film, query, parts.space, parts.index, parts.ranker, parts.seed)

    def _judge(self, wants: Wants, taste: Profile) -> Callable[[str], tuple[Pick, int]]:
        """For why and why-not: a film's pick and its place among all that fit, computed now."""

        def judge(film_id: str) -> tuple[Pick, int]:
            query, picks = self.recommend(wants, taste, count=JUDGED)
            pick = self._score(film_id, query)
            return pick, 1 + sum(other.score > pick.score for other in picks)

        return judge

    def _emptied(
        self, request: Request, after: Conversation, taste: Profile, picks: tuple[Pick, ...]
    ) -> tuple[str, ...]:
        """Labels of the conditions that emptied a list, the one that frees most films first."""
        if picks or not LISTING & set(request.acts):
            return ()
        freed = []
        for chip in self._chips(after):
            wants = without_chip(after.wants, chip.key)
            if wants.limits != after.wants.limits:
                found = self.recommend(wants, taste, count=50)[1]
                freed.append((-len(found), chip.label))
        return tuple(label for count, label in sorted(freed) if count)

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
            before = self._conversation(user, conversation)
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
            if action == "more_like":
                self.store.record(user, "more_like", film, None, conversation)
            request = pressed(action, film, value, before.language)
            message = self._speech.button(action, film, shown, before.language)
            *_, last = self._turn(message, request, before, user, conversation, {})
            return last

    # ── people, conversations ────────────────────────────────────────────────────────────────

    def profile(self, user: str) -> Profile:
        """The person's taste as of now."""
        events = self.store.events(user)
        return profile(events, self.catalogue, self.index.film_vectors, self._now())

    def taste(self, user: str) -> Taste:
        """What the person's history says, with the films it rests on."""
        return taste_summary(self.profile(user), self.catalogue)

    def profiles(self) -> list[tuple[str, str]]:
        """(id, name) of the named profiles."""
        return [(user.id, user.name) for user in self.store.users() if user.name]

    def add_profile(self, name: str | None = None) -> str:
        """Id of a new profile; raises ``RequestError`` where the name is taken or empty."""
        return self.store.add_user(name).id

    def export(self, user: str) -> dict[str, Any]:  # Any: JSON
        """All that is kept about a person."""
        return dict(self.store.export(user))

    def export_csv(self, user: str) -> str:
        """The person's events as CSV."""
        titles = {
            e.film: self.catalogue[e.film].label
            for e in self.store.events(user)
            if e.film in self.catalogue
        }
        return self.store.export_csv(user, titles)

    def forget(self, user: str) -> None:
        """Delete a person and everything about them."""
        self.store.forget(user)

    def new_conversation(self, user: str) -> str:
        """Id of a new, empty conversation."""
        return self.store.new_conversation(user)

    def transcript(self, user: str, conversation: str) -> tuple[Line, ...]:
        """What was said, oldest first; raises ``RequestError`` where it is not this user's."""
        self._conversation(user, conversation)
        lines = []
        for turn in self.store.turns(conversation):
            lines.append(Line("user", turn.message))
            lines.append(Line("assistant", orjson.loads(turn.reply)["text"]))
        return tuple(lines)

    def last_reply(self, user: str, conversation: str) -> Reply | None:
        """The last reply that showed a list, rebuilt, so that a reloaded page shows its cards."""
        stand = self._conversation(user, conversation)
        for turn in reversed(self.store.turns(conversation)):
            record = orjson.loads(turn.reply)
            if record["picks"]:
                found = [read_pick(pick, self.catalogue) for pick in record["picks"]]
                kept = [n for n, pick in enumerate(found) if pick is not None]
                return Reply(
                    text=record["text"],
                    language=stand.language,
                    picks=tuple(pick for pick in found if pick is not None),
                    reasons=tuple(Reason(*record["reasons"][n]) for n in kept),
                    chips=self._chips(stand),
                    wants=stand.wants,
                    conversation=conversation,
                    turn=stand.turn,
                )
        return None

    def close(self) -> None:
        """Let go of files and locks."""
        self._parts.close()

    # ── what a turn reads and writes ─────────────────────────────────────────────────────────

    def _year(self) -> int:
        return datetime.fromtimestamp(self._now(), UTC).year

    def _conversation(self, user: str, conversation: str) -> Conversation:
        turns = self.store.turns(conversation, user)
        return decode(turns[-1].state) if turns else Conversation()

    def _last_picks(self, turns: Sequence[StoredTurn]) -> tuple[Pick, ...]:
        """The picks on screen: those of the last turn that showed a list."""
        for turn in reversed(turns):
            record = orjson.loads(turn.reply)
            if record["picks"]:
                found = (read_pick(pick, self.catalogue) for pick in record["picks"])
                return tuple(pick for pick in found if pick is not None)
        return ()

    def _undo(
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
            return None, replace(earlier, language=after.language, turn=after.turn)
        return None, after

    def _record(self, request: Request, user: str, conversation: str) -> None:
        """Write the message's opinions as events, all together."""
        entries: list[Entry] = []
        for opinion in request.opinions:
            entries.append(Entry(opinion.stance.value, opinion.film))
            if opinion.stars is not None:
                entries.append(Entry("rate", opinion.film, opinion.stars))
        if Act.HIDE in request.acts:
            told = {opinion.film for opinion in request.opinions}
            entries += [Entry("hide", film_id) for film_id in request.films if film_id not in told]
        if entries:
            self.store.record_all(user, entries, conversation)

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

    def _save(self, text: str, reply: Reply, after: Conversation, conversation: str) -> None:
        record = {
            "text": reply.text,
            "picks": [pick_record(pick) for pick in reply.picks],
            "reasons": [[reason.text, reason.wording] for reason in reply.reasons],
        }
        message = text[:LONGEST_MESSAGE].replace("\x00", "")
        self.store.save_turn(conversation, message, orjson.dumps(record).decode(), encode(after))


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[stage] = seconds.get(stage, 0.0) + time.perf_counter() - started


def _in_ms(seconds: dict[str, float]) -> str:
    return ", ".join(f"{stage} {1000 * spent:.0f} ms" for stage, spent in seconds.items())


def open_assistant(
    settings: Settings | None = None,
    progress: Callable[[int, int], None] | None = None,
    now: Callable[[], float] = time.time,
) -> Assistant:
    """An assistant over the home folder of ``settings``; takes the folder's lock.

    ``progress`` hears of the index being built (done, total). Raises ``HomeLockedError`` where
    another process holds the home, and whatever else is wrong with data, models or history.
    """
    settings = settings or load_settings()
    lock = HomeLock(settings.home)
    try:
        return _assemble(settings, lock, progress, now)
    except BaseException:
        lock.release()
        raise


def _assemble(
    settings: Settings,
    lock: HomeLock,
    progress: Callable[[int, int], None] | None,
    now: Callable[[], float],
) -> Assistant:
    catalogue = load_catalogue([settings.data / "films", settings.home / "films"])
    store = Store.open(settings.home / "history.sqlite3")
    encoder = Encoder(settings.encoder, settings.threads)
    index = Index.open(settings.home / "index", catalogue, lambda: encoder, progress)
    prompts = Prompts(settings.prompts)
    lexicons = dict(load_lexicons(settings.data / "languages"))
    phraser = None
    if settings.phraser != "off":
        phraser = Phraser(settings.phraser or settings.data / "phraser", settings.threads)

    def close() -> None:
        index.close()
        store.close()
        lock.release()

    return Assistant(
        Parts(
            catalogue=catalogue,
            space=Space(catalogue),
            index=index,
            encode=encoder.encode,
            parser=Parser(catalogue, lexicons, settings.data),
            ranker=load_ranker(settings.data / "ranker.json"),
            explainer=Explainer(prompts, lexicons, catalogue, phraser),
            prompts=prompts,
            lexicons=lexicons,
            store=store,
            count=settings.count,
            seed=settings.seed,
            close=close,
        ),
        now,
    )
