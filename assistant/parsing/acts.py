"""What a message does: the acts its words announce, and which sentences are questions.

Acts that follow from what was understood (a rating from "loved it", a request from a genre) are
added by ``parser``, next in the flow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.parsing.grammar import Grammar
from assistant.parsing.message import Span
from assistant.parsing.patterns import Match
from assistant.parsing.request import Act

_ACTS = {
    "reset": Act.RESET,
    "undo": Act.UNDO,
    "seen": Act.SEEN,
    "rate": Act.RATE,
    "hide": Act.HIDE,
    "watchlist": Act.WATCHLIST,
    "taste": Act.TASTE,
    "help": Act.HELP,
    "tell": Act.TELL,
    "why": Act.WHY,
    "why_not": Act.WHY_NOT,
    "compare": Act.COMPARE,
    "recommend": Act.RECOMMEND,
    "more": Act.MORE,
    "smalltalk": Act.SMALLTALK,
    "off_topic": Act.OFF_TOPIC,
}
ORDER = (
    Act.RESET,
    Act.UNDO,
    Act.SEEN,
    Act.RATE,
    Act.HIDE,
    Act.WATCHLIST,
    Act.TASTE,
    Act.HELP,
    Act.WHY,
    Act.WHY_NOT,
    Act.COMPARE,
    Act.TELL,
    Act.RECOMMEND,
    Act.REFINE,
    Act.MORE,
    Act.SMALLTALK,
    Act.OFF_TOPIC,
)
"""Order of carrying out: forget, then record, then answer, then list."""
ANSWERS = frozenset({Act.WHY, Act.WHY_NOT, Act.COMPARE, Act.TELL, Act.TASTE, Act.HELP})
POINTING = ANSWERS - {Act.TASTE, Act.HELP} | {Act.SEEN, Act.RATE, Act.HIDE, Act.WATCHLIST}
"""Acts that are about films already on the table."""
_DETAILED = frozenset({"tell", "help", "smalltalk", "compare"})
"""Readings that come in kinds: "tell_director", "smalltalk_bye"."""
_HINTS = frozenset({"question", "filmish", "chat", "seeking"})
"""Readings that announce nothing; they tell film talk from other talk."""
_CLOSED = frozenset({"reset", "undo", "taste", "help", "off_topic", "smalltalk"})
"""Readings whose words mean nothing else ("start over" is no theme)."""
_FALLBACK = frozenset({Act.SMALLTALK, Act.OFF_TOPIC})


@dataclass(frozen=True)
class Said:
    """The acts a message's own words announce."""

    matches: tuple[Match, ...] = ()
    """In text order."""

    def has(self, *readings: str) -> bool:
        """Whether any of the readings was found."""
        return any(match.reading in readings for match in self.matches)

    @property
    def acts(self) -> frozenset[Act]:
        """Without "topic", "different" and "opposite", which only colour a request."""
        return frozenset(act for act in map(act_of, self.matches) if act is not None)

    def details(self, acts: Iterable[Act]) -> tuple[str, ...]:
        """What those of ``acts`` that come in kinds are about, in the order said.

        "director" of a tell-me-about, "privacy" of a call for help, "thanks" of small talk.
        """
        wanted = frozenset(acts)
        found = (m.reading.partition("_")[2] for m in self.matches if act_of(m) in wanted)
        return tuple(dict.fromkeys(detail for detail in found if detail))

    def without(self, acts: Iterable[Act]) -> Said:
        """What is left where the words of ``acts`` turn out to announce nothing."""
        gone = frozenset(acts)
        return Said(tuple(match for match in self.matches if act_of(match) not in gone))

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where acts were announced."""
        return tuple(m.span for m in self.matches if m.reading not in _HINTS)

    @property
    def closed_spans(self) -> tuple[Span, ...]:
        """Where acts were announced in words that cannot be conditions too."""
        return tuple(m.span for m in self.matches if _announced(m.reading) in _CLOSED)

    @property
    def chat_spans(self) -> tuple[Span, ...]:
        """Remarks on oneself and others: their plain words are no plot to look for."""
        return tuple(match.span for match in self.matches if match.reading == "chat")

    def sentences_of(self, acts: Iterable[Act], sentences: Sequence[Span]) -> tuple[Span, ...]:
        """The sentences in which one of ``acts`` is announced."""
        wanted = frozenset(acts)
        spans = [match.span for match in self.matches if act_of(match) in wanted]
        return tuple(s for s in sentences if any(s.overlaps(span) for span in spans))

    def questions(self, sentences: Sequence[Span]) -> tuple[Span, ...]:
        """The sentences that ask about films on the table: their words are no wishes."""
        return self.sentences_of(ANSWERS, sentences)


def act_of(match: Match) -> Act | None:
    """The act of one match; None for those that only colour a request."""
    return _ACTS.get(_announced(match.reading))


def _announced(reading: str) -> str:
    """ "tell" of "tell_director", "help" of "help_privacy"; other readings as they are."""
    family, _, detail = reading.partition("_")
    return family if detail and family in _DETAILED else reading


def find_acts(text: str, grammars: Sequence[Grammar]) -> Said:
    """The acts announced in ``text``, where names are masked."""
    found = [match for grammar in grammars for match in grammar.acts.find(text)]
    found += [match for grammar in grammars for match in grammar.hints.find(text)]
    return Said(tuple(sorted(found, key=lambda match: match.span.start)))


def in_order(acts: Iterable[Act]) -> tuple[Act, ...]:
    """``acts`` as they should be carried out; small talk only where it is all there is."""
    given = frozenset(acts)
    if given - _FALLBACK:
        given -= _FALLBACK
    elif Act.OFF_TOPIC in given:
        given -= {Act.SMALLTALK}
    return tuple(act for act in ORDER if act in given)
