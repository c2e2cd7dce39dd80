"""What a message asks for, as values: acts, opinions, wants. No text is understood here.

``parser`` builds a ``Request`` from a message; ``chat`` folds its ``Wants`` into the
conversation's. Next in the flow: ``retrieval`` takes the folded ``Wants``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from assistant.catalogue import Limits


class Act(StrEnum):
    """What a message does. One message can carry several."""

    RECOMMEND = "recommend"
    REFINE = "refine"
    MORE = "more"
    WHY = "why"
    WHY_NOT = "why-not"
    COMPARE = "compare"
    TELL = "tell-me-about"
    RATE = "rate"
    SEEN = "seen"
    WATCHLIST = "watchlist"
    HIDE = "hide"
    UNDO = "undo"
    RESET = "reset"
    TASTE = "taste"
    HELP = "help"
    SMALLTALK = "smalltalk"
    OFF_TOPIC = "off-topic"
    GUESS = "guess"
    """Describes a film whose name is not known."""
    CONFIRM = "confirm"
    """Says yes to the film just guessed."""
    DENY = "deny"
    COUNT = "count"


class Stance(StrEnum):
    """Where a person stands on a film they named."""

    LOVED = "loved"
    LIKED = "liked"
    FINE = "fine"
    DISLIKED = "disliked"
    HATED = "hated"
    SEEN = "seen"
    UNSEEN = "unseen"
    WANT = "want"
    PASSED = "hide"
    """Turned down unseen; the events call it so."""


@dataclass(frozen=True)
class Opinion:
    """A person's stance on one film."""

    film: str
    """Film id."""
    stance: Stance
    stars: float | None = None
    """0.5-5 where a number was given."""


@dataclass(frozen=True)
class Mention:
    """A film named in a message."""

    film: str
    """Film id, the likeliest reading."""
    start: int
    end: int
    """Character span in the message."""
    others: tuple[str, ...] = ()
    """Ids of other films the words could mean, likeliest first."""
    exact: bool = True
    """False where a misspelling was bridged."""


@dataclass(frozen=True)
class Unresolved:
    """Something a message said that could not be used, and why."""

    text: str
    kind: str
    """"film" | "person" | "reference" | "award" | "service" | "music" | "words"."""


_SOFT = frozenset(
    {
        "about",
        "said",
        "themes",
        "like",
        "unlike",
        "around",
        "tone",
        "prefer",
        "style",
        "novelty",
        "hit",
        "count",
    }
)


@dataclass(frozen=True)
class Wants:
    """What is wanted right now. ``then`` folds a follow-up in; nothing else changes one."""

    about: str = ""
    """Mood and plot words left after everything else was taken out."""
    said: str = field(default="", compare=False)
    """The sentences that words, themes and moods were taken from, names left out: what the encoder
    reads, since a request says more as a whole than its last few words. No wish of its own."""
    themes: tuple[str, ...] = ()
    """Names from the theme vocabulary, soft."""
    like: tuple[str, ...] = ()
    """Seed film ids, oldest first."""
    unlike: tuple[str, ...] = ()
    """Ids of films to stay away from in kind, oldest first."""
    around: tuple[str, ...] = ()
    """Ids of films brought up without praise or blame, oldest first: context, weaker than like."""
    tone: Mapping[str, float] = field(default_factory=dict)
    """Wished shift by tone name, -1 (much less) to 1 (much more)."""
    limits: Limits = field(default_factory=Limits)
    prefer: Limits = field(default_factory=Limits)
    """Soft conditions ("ideally", "preferably"): they lift, never exclude."""
    style: bool = False
    """Whether the seeds are wanted for their manner ("the same vibe") rather than their subject."""
    novelty: float = 0.0
    """-1 "the classics" to 1 "surprise me"."""
    hit: float = 0.0
    """-1 "it flopped" to 1 "a box office hit", when it came out."""
    count: int | None = None
    """How many films were asked for, 1-20; None where unsaid."""

    @property
    def told(self) -> str:
        """What was told of the film in words; empty where only films and conditions were named."""
        return self.said or ". ".join(t for t in (self.about, ", ".join(self.themes)) if t)

    def then(self, newer: Wants, drop: frozenset[str] = frozenset()) -> Wants:
        """These wants after a follow-up: ``drop`` names fields of wants or limits to forget first.

        Films newly unliked leave ``like`` and the other way round; tone shifts add up within
        -1..1; newer words are appended to ``about``; limits fold by ``Limits.and_``.
        """
        old = self.without(drop)
        about = ". ".join(text for text in (old.about, newer.about) if text)
        tone = dict(old.tone)
        for name, shift in newer.tone.items():
            tone[name] = max(-1.0, min(1.0, tone.get(name, 0.0) + shift))
        return Wants(
            about=about,
            said=_told_together(old, newer),
            themes=tuple(dict.fromkeys(old.themes + newer.themes)),
            like=_later(old.like, newer.like, newer.unlike),
            unlike=_later(old.unlike, newer.unlike, newer.like),
            around=_later(old.around, newer.around, newer.like + newer.unlike),
            tone=tone,
            limits=old.limits.and_(newer.limits),
            prefer=old.prefer.and_(newer.prefer),
            style=newer.style or (old.style and not newer.like),
            novelty=newer.novelty or old.novelty,
            hit=newer.hit or old.hit,
            count=newer.count or old.count,
        )

    def without(self, names: frozenset[str]) -> Wants:
        """These wants with the named fields, of wants or of limits, back at their defaults."""
        plain = Wants()
        own = _SOFT
        if {"about", "themes", "tone"} & names:
            names |= {"said"}
        limits = self.limits.without(frozenset(names - own))
        return replace(self, limits=limits, **{n: getattr(plain, n) for n in names & own})


def _told_together(old: Wants, newer: Wants) -> str:
    """``said`` after a follow-up. A mood alone changes nothing, and makes room for a subject; words
    are added as they were said, themes to words by name beside those from before."""
    told: tuple[str, ...] = (old.told, newer.told)
    if not (newer.about or newer.themes):
        told = (old.told or newer.told,)
    elif not (old.about or old.themes):
        told = (newer.told,)
    elif old.about and not newer.about:
        told = (old.told, ", ".join(dict.fromkeys(old.themes + newer.themes)))
    return ". ".join(text for text in told if text)


@dataclass(frozen=True)
class Context:
    """What a message is read against: the conversation so far, as far as words can point at it."""

    shown: tuple[str, ...] = ()
    """Film ids of the last list, in the order shown."""
    focus: str | None = None
    """Id of the film last talked about."""
    wants: Wants = field(default_factory=Wants)
    language: str = "en"
    year_now: int = 2026
    """For "recent" and "the last five years"."""


@dataclass(frozen=True)
class Request:
    """One message, understood."""

    text: str
    """The message verbatim."""
    language: str = "en"
    acts: tuple[Act, ...] = ()
    """In the order they should be carried out; never empty after parsing."""
    wants: Wants = field(default_factory=Wants)
    """This message's wants alone."""
    fresh: bool = False
    """A new request: forget the earlier wants before folding this message's in."""
    drop: frozenset[str] = frozenset()
    """Fields of wants or limits to forget ("any year is fine" drops "years")."""
    opinions: tuple[Opinion, ...] = ()
    mentions: tuple[Mention, ...] = ()
    films: tuple[str, ...] = ()
    """Ids the message points at for why, compare, tell-me-about, rate: named or referred to."""
    asked: tuple[str, ...] = ()
    """Details a tell-me-about asks for: "director", "cast", "plot", "year", "runtime",
    "country", "language", "certificate", "collections" (studio and prizes), "genre", "similar",
    "regard"; empty means all in short. Of a call for help "privacy", "which_language" or
    "how_it_works"; of small talk "thanks", "bye" or one of ``moves.CHATTER``; of a count one of
    ``moves.COUNTED``."""
    unresolved: tuple[Unresolved, ...] = ()


def _later(
    older: tuple[str, ...], newer: tuple[str, ...], gone: tuple[str, ...]
) -> tuple[str, ...]:
    """``older`` then ``newer``, without ``gone``; what is named again moves to the end."""
    return tuple(x for x in older if x not in newer and x not in gone) + newer
