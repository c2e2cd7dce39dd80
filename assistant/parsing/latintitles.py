"""English titles inside Chinese sentences: a run of Latin letters there is a name by itself.

Asks ``titles`` about each run alone, since nothing around it is English evidence. Knows nothing
of what is said about the films. Next in the flow: ``parser``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.parsing.message import Span, free_of
from assistant.parsing.request import Mention
from assistant.parsing.titles import TitleFinder

_RUN = re.compile(r"[A-Za-zÀ-ɏ0-9][\w'’:&.,\-]*(?:\s+[A-Za-zÀ-ɏ0-9&][\w'’:&.,\-]*)*", re.ASCII)


def latin_titles(text: str, finder: TitleFinder, taken: Sequence[Span]) -> tuple[Mention, ...]:
    """Films whose whole name is one run of Latin letters free of ``taken``, in text order."""
    mentions = []
    for run in _RUN.finditer(text):
        span = Span(*run.span())
        if not any(c.isupper() for c in run.group()) or not free_of(span, taken):
            continue
        for mention in finder.find(run.group(), "en").mentions:
            if mention.exact and (mention.start, mention.end) == (0, len(run.group())):
                start = run.start()
                mentions.append(replace(mention, start=start, end=start + mention.end))
    return tuple(mentions)
