"""What a turn says and shows, as values every door (page, command line, Python) reads.

Knows nothing of how it came about. Next in the flow: ``web`` and ``cli`` show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.catalogue import Film
from assistant.chips import Chip
from assistant.explanation import Reason
from assistant.parsing.request import Wants
from assistant.ranking import Pick


@dataclass(frozen=True)
class Reply:
    """What a turn says and shows. While streaming, a turn yields growing replies."""

    text: str
    """Plain text, no markup; film titles are plain text too."""
    language: str = "en"
    acts: tuple[str, ...] = ()
    picks: tuple[Pick, ...] = ()
    """The list to show; empty where this turn shows none (the earlier list stays)."""
    reasons: tuple[Reason, ...] = ()
    """One for each pick, in order; none yet while streaming."""
    chips: tuple[Chip, ...] = ()
    """The conversation's wants as understood so far."""
    choices: tuple[str, ...] = ()
    """Messages to offer as buttons (answers to a question, other readings of a title)."""
    chart: tuple[tuple[str, float], ...] = ()
    """For a why: label and contribution, largest first."""
    film: Film | None = None
    """The film a why or tell-me-about is about."""
    wants: Wants = field(default_factory=Wants)
    wording: str = "template"
    """"model" where any shown sentence was phrased by the model, else "template"."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Wall time by stage: parse, record, rank, introduce, phrase, store."""
    conversation: str = ""
    turn: int = 0
    done: bool = True
    """False while more of this turn is to come."""


@dataclass(frozen=True)
class Line:
    """One line of a stored transcript."""

    role: str
    """"user" or "assistant"."""
    text: str
