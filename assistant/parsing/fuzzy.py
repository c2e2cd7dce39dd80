"""What the heads add to a message where the grammar is silent.

A remark keeps its words out of the search, an evening described becomes the mood it calls for, and
a message that announces nothing gets the act its sentences look like. The grammar always wins; a
guess counts only where it is fairly sure. Next in the flow: ``parser``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cached_property

from assistant.catalogue import Limits
from assistant.parsing.grammar import Topic
from assistant.parsing.heads import Guess, Heads
from assistant.parsing.message import READABLE, Span
from assistant.parsing.reading import Read
from assistant.parsing.request import Act, Context, Wants

SURE = 0.6
"""Least probability of a guess that counts. Of our own sentences kept out in training, 54 % in
English reach it and 96 % of those are right; in Chinese 23 %, and 82 %."""
VERY_SURE = 0.7
"""The same for a remark whose named themes are no wish either."""
_REMARKS = frozenset(
    {"remark", "praise", "pan", "seen", "unseen", "accept", "decline", "thanks", "bye", "greet"}
    | {"yes", "no", "askback", "inquire", "offtopic", "abuse", "itself"}
)
"""Kinds whose words are nothing to look for."""
_ACTS = {
    "ask": Act.RECOMMEND,
    "tell": Act.RECOMMEND,
    "offtopic": Act.OFF_TOPIC,
    "abuse": Act.OFF_TOPIC,
    "itself": Act.HELP,
    "thanks": Act.SMALLTALK,
    "bye": Act.SMALLTALK,
    "greet": Act.SMALLTALK,
}
"""Acts of a message that announces none."""
_ON_A_LIST = {"more": Act.MORE, "inquire": Act.TELL}
"""Acts that need films on the table besides."""
_DETAILS = {"itself": "how_it_works", "thanks": "thanks", "bye": "bye"}
_NOTHING = "none"
"""The occasion of a sentence that describes none."""


class Fuzzy:
    """The guesses on one message, made when first needed."""

    def __init__(self, read: Read, heads: Heads | None, language: str, *, needed: bool) -> None:
        """``needed`` False where the grammar understood it all: no head is asked."""
        self._read = read
        self._heads = heads if needed else None
        self._language = language

    @cached_property
    def guesses(self) -> tuple[Guess, ...]:
        """What each sentence does; nothing is guessed of a script that nobody here reads."""
        if self._heads is None or not READABLE.search(self._read.text):
            return ()
        return self._heads.guess(self._read.text, self._language)

    @property
    def remarks(self) -> tuple[Span, ...]:
        """Sentences that ask for nothing, by the heads and the grammar alike."""
        asking = [m.span for m in self._read.said.matches if m.reading in ("recommend", "topic")]
        spans = [
            Span(guess.start, guess.end)
            for guess in self.guesses
            if guess.kind in _REMARKS and guess.share >= SURE
        ]
        return tuple(s for s in spans if not any(s.overlaps(span) for span in asking))

    @property
    def chatter(self) -> tuple[Span, ...]:
        """Sentences that surely are but remarks: what they name is no wish either."""
        sure = (g for g in self.guesses if g.kind == "remark" and g.share >= VERY_SURE)
        return tuple(s for s in self.remarks if any(s.start == guess.start for guess in sure))

    def with_occasion(self, wants: Wants) -> Wants:
        """``wants`` with the mood of the evening described, where no mood or condition is read."""
        bare = wants.about and wants == Wants(about=wants.about) and wants.limits == Limits()
        if self._heads is None or not bare:
            return wants
        for guess in self._heads.guess(self._read.text, self._language, "occasions"):
            topic = self._topic(guess.kind)
            if guess.share >= SURE and guess.kind != _NOTHING and topic is not None:
                return replace(wants, tone=dict(topic.tone), themes=topic.themes)
        return wants

    def act(self, context: Context) -> Act | None:
        """What a message that announces nothing does; None where no guess is sure."""
        return self._decided(context)[0]

    def details(self, acts: Collection[Act], context: Context) -> tuple[str, ...]:
        """What a call for help or small talk that was guessed is about."""
        act, kind = self._decided(context)
        detail = _DETAILS.get(kind)
        return (detail,) if detail and act in acts else ()

    def _decided(self, context: Context) -> tuple[Act | None, str]:
        """The act of the first sure guess that has one, and its kind."""
        for guess in self.guesses:
            act = _ACTS.get(guess.kind)
            if act is None and context.shown:
                act = _ON_A_LIST.get(guess.kind)
            if act is not None and guess.share >= SURE:
                return act, guess.kind
        return None, ""

    def _topic(self, phrase: str) -> Topic | None:
        for grammar in self._read.grammars:
            for start, end, topic in grammar.topics.find(phrase):
                if (start, end) == (0, len(phrase)):
                    return topic
        return None
