"""Putting the product together: settings in, a running ``Assistant`` out.

The one place that knows where every part's files lie. Next in the flow: ``chat`` takes messages.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from assistant.catalogue import load_catalogue
from assistant.chat import Assistant, Parts
from assistant.config import Settings, load_settings
from assistant.embedding import Encoder
from assistant.explanation import Explainer
from assistant.generation import Phraser
from assistant.index import Index
from assistant.lexicon import load_lexicons
from assistant.parsing.parser import Parser
from assistant.prompts import Prompts
from assistant.ranking import load_ranker
from assistant.space import Space
from assistant.store import HomeLock, Store


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
    index = Index.open(
        settings.home / "index",
        catalogue,
        lambda: encoder,
        progress,
        shipped=settings.data / "vectors",
        fingerprint=encoder.fingerprint,
    )
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
