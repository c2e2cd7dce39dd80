"""Putting the product together: settings in, a running ``Assistant`` out.

The one place that knows where every part's files lie. Next in the flow: ``chat`` takes messages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

from assistant.catalogue import Catalogue, load_catalogue
from assistant.chat import Assistant, Parts
from assistant.config import Settings, load_settings
from assistant.crowd import CROWD_FILE, load_crowd
from assistant.embedding import BUNDLED_SHA256, Encoder
from assistant.explanation import Explainer
from assistant.generation import Phraser, Written
from assistant.index import Index
from assistant.lexicon import load_lexicons
from assistant.parsing.heads import Heads
from assistant.parsing.moves import Moves
from assistant.parsing.parser import Parser
from assistant.prompts import Prompts
from assistant.recall import Recall
from assistant.request_map import REQUEST_MAP_FILE, RequestMap, load_request_map
from assistant.space import Space
from assistant.store import HomeLock, Store
from assistant.taste_map import MAP_FILE, load_map
from assistant.weights import load_ranker
from assistant.wording import Plan

T = TypeVar("T")


class Late(Generic[T]):
    """Something slow to make, made when first asked for, once. Safe to share by threads."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: list[T] = []

    def __call__(self) -> T:
        """The thing; raises what making it raises, and tries again when next asked."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]


class LatePhraser:
    """A phraser that is loaded for its first text."""

    def __init__(self, make: Callable[[], Phraser]) -> None:
        self.ready = Late(make)

    def write(self, plans: Sequence[Plan], seed: int, heard: Sequence[str] = ()) -> Written:
        """See ``Phraser.write``."""
        return self.ready().write(plans, seed, heard)


def open_assistant(
    settings: Settings | None = None,
    progress: Callable[[int, int], None] | None = None,
    now: Callable[[], float] = time.time,
    *,
    patient: bool = True,
) -> Assistant:
    """An assistant over the home folder of ``settings``; takes the folder's lock.

    ``patient`` False returns before the models are loaded: the first turn that needs one, or
    ``Assistant.warm``, loads it and raises what is wrong with it.

    ``progress`` hears of the index being built (done, total). Raises ``HomeLockedError`` where
    another process holds the home, and whatever else is wrong with data, models or history.
    """
    settings = settings or load_settings()
    lock = HomeLock(settings.home)
    try:
        assistant = _assemble(settings, lock, progress, now)
        if patient:
            assistant.warm()
        return assistant
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
    encoder = Late(lambda: Encoder(settings.encoder, settings.threads))
    index = Index.open(
        settings.home / "index",
        catalogue,
        encoder,
        progress,
        shipped=settings.data / "vectors",
        fingerprint=None if settings.encoder else BUNDLED_SHA256,
    )
    # The heads were trained on the bundled encoder's vectors and mean nothing to another's.
    heads = (
        None
        if settings.encoder
        else Heads(settings.data / "heads.json", lambda texts: encoder().encode(texts))
    )
    prompts = Prompts(settings.prompts)
    learned, own = settings.home / CROWD_FILE, settings.home / "ranker.json"
    lexicons = dict(load_lexicons(settings.data / "languages"))
    folder = settings.phraser or settings.data / "phraser"
    recall = Late(lambda: Recall(catalogue, settings.data / "remembered.jsonl"))
    phraser = LatePhraser(lambda: Phraser(folder, settings.threads))

    def warm() -> None:
        encoder()
        if settings.phraser != "off":
            phraser.ready()
        recall()

    def close() -> None:
        index.close()
        store.close()
        lock.release()

    return Assistant(
        Parts(
            catalogue=catalogue,
            space=space_over(settings, catalogue, index),
            index=index,
            encode=lambda texts: encoder().encode(texts),
            parser=Parser(catalogue, lexicons, settings.data, heads),
            moves=Moves(settings.data / "languages", lexicons),
            recall=recall,
            ranker=load_ranker(own if own.is_file() else settings.data / own.name),
            crowd=load_crowd(learned, catalogue) if learned.is_file() else None,
            explainer=Explainer(
                prompts, lexicons, catalogue, None if settings.phraser == "off" else phraser
            ),
            prompts=prompts,
            lexicons=lexicons,
            store=store,
            count=settings.count,
            seed=settings.seed,
            warm=warm,
            close=close,
        ),
        now,
    )


def space_over(
    settings: Settings, catalogue: Catalogue, index: Index, asked: RequestMap | None = None
) -> Space:
    """The columns of ``catalogue``, with neighbours by the map of taste for films without a list
    and what the map of requests foretells, the shipped one unless ``asked`` is given; without
    either for another encoder, whose vectors the maps do not know."""
    if settings.encoder:
        return Space(catalogue)
    links = load_map(settings.data / MAP_FILE).links(catalogue, index.film_vectors)
    foretelling = asked or load_request_map(settings.data / REQUEST_MAP_FILE)
    kinds = index.means_by_kind()
    return Space(catalogue, links, lambda graph: foretelling.foretell(catalogue, kinds, graph))
