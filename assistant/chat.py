"""One conversation turn, from message to reply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from assistant.catalogue import Film
from assistant.config import Settings
from assistant.parsing.request import Wants
from assistant.ranking import Pick


@dataclass(frozen=True)
class Chip:
    """One understood condition, removable."""

    key: str
    """What to hand back to drop it: ``"years"``, ``"genres:Comedy"``, ``"like:tt0111161"``."""
    label: str


@dataclass(frozen=True)
class Reason:
    """Why a pick is in the list, in words."""

    text: str
    wording: str
    """"model" or "template"."""


@dataclass(frozen=True)
class Reply:
    """What a turn says and shows. While streaming, a turn yields growing replies."""

    text: str
    """Markdown-free plain text; film titles are plain text too."""
    language: str = "en"
    acts: tuple[str, ...] = ()
    picks: tuple[Pick, ...] = ()
    """The list to show; empty where this turn shows none (the earlier list stays)."""
    reasons: tuple[Reason, ...] = ()
    """One for each pick, in order; fewer while streaming."""
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
    """Wall time by stage: parse, retrieve, rank, explain, phrase, store."""
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


class Assistant:
    """The product behind every door (page, command line, Python). Safe to share by threads."""

    def stream(self, text: str, user: str, conversation: str) -> Iterator[Reply]:
        """Growing replies to one message; the last has ``done`` True. Cards come first."""
        raise NotImplementedError

    def reply(self, text: str, user: str, conversation: str) -> Reply:
        """The whole reply to one message."""
        raise NotImplementedError

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
        raise NotImplementedError

    def new_conversation(self, user: str) -> str:
        """Id of a new, empty conversation."""
        raise NotImplementedError

    def transcript(self, user: str, conversation: str) -> tuple[Line, ...]:
        """What was said, oldest first; raises ``RequestError`` where it is not this user's."""
        raise NotImplementedError

    def last_reply(self, user: str, conversation: str) -> Reply | None:
        """The last reply that showed a list, rebuilt, so that a reloaded page shows its cards."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of files and locks."""
        raise NotImplementedError


def open_assistant(settings: Settings | None = None) -> Assistant:
    """An assistant over the home folder of ``settings``; takes the folder's lock."""
    raise NotImplementedError
