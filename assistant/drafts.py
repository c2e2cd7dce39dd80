"""A text on its way: the tokens a plan starts from, and what a draft has left to say.

Placeholders, claims, purposes and languages are one token each, in a fixed order. Knows nothing of
models. Next in the flow: ``generation`` draws the tokens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from assistant.echoes import Echoes
from assistant.phrasing import CONTEXT, Left, Offer
from assistant.wording import (
    CLAIMS,
    LANGUAGES,
    ONCE,
    PLACEHOLDERS,
    PURPOSES,
    Plan,
    words_of,
)

PAD, END, SAY = "<pad>", "<end>", "<say>"
SPECIAL = tuple(
    dict.fromkeys(
        (
            PAD,
            END,
            SAY,
            *(f"<{name}>" for name in (*PURPOSES, *LANGUAGES, *CLAIMS)),
            *(f"{{{name}}}" for name in PLACEHOLDERS),
        )
    )
)
"""Tokens that stand for one thing each, in id order from 0; "hidden", of a film that few know and
of one that is never to come up again, is one token: which it is, its place tells."""
TEMPERATURE = 1.2
MIN_SHARE = 0.08
"""Tokens less likely than this share of the likeliest are not drawn (min-p sampling, Nguyen et al.
2024): where many openings are alike likely all stay possible, inside a phrase only what fits."""
LEAST_SHARE = 0.001
"""Where the model itself gives all that is on offer less than this, a draft has talked itself into
a corner and takes a word back (with 0.02, whys of four things failed)..."""
STEPS_BACK = 36
"""...so often at most; then it is dropped."""
LONGEST = 64
"""Tokens of a text at most: the longest of the corpus has about 50."""
JOINT = -1 - len(CLAIMS)
"""Stands in a ``Left`` for the joint that a text holds at most once."""
Logits = npt.NDArray[np.float32]


def purpose_token(purpose: str) -> int:
    """Id of a purpose's token."""
    return SPECIAL.index(f"<{purpose}>")


def begin(plan: Plan) -> list[int]:
    """The token ids that stand before a text's first word where its phrasing is kept."""
    purpose, tongue, say = (
        SPECIAL.index(f"<{name}>") for name in (plan.purpose, plan.language, "say")
    )
    return [*[purpose] * (CONTEXT - 2), tongue, say]


def plan_tokens(plan: Plan) -> str:
    """The control tokens a text for ``plan`` starts from."""
    claims = "".join(f"<{claim}>" for claim in plan.claims)
    holes = "".join(f"{{{name}}}" for name in plan.placeholders)
    return f"<{plan.purpose}><{plan.language}>{holes}{claims}{SAY}"


@dataclass
class Row:
    """One text on its way; mutable because it grows."""

    state: int
    needed: Left
    optional: Left
    plan: Plan
    number: int = 0
    """Which of the batch's plans it is; drafts of one plan share it."""
    lefts: list[Left] = field(default_factory=list)
    """What was still to be said, at the start and after each token."""
    ended: bool = False
    spare: bool = False
    """Given up because enough drafts of its plan are whole."""
    said: list[int] = field(default_factory=list)
    been: list[int] = field(default_factory=list)
    """States passed, the first among them, so that no run of words comes twice."""
    columns: list[int] = field(default_factory=list)
    """Where in the model's memory each token said stands."""
    logs: list[Logits] = field(default_factory=list)
    """(vocab,) natural logs of the next token's probability, at the start and after each token."""
    closed: set[tuple[int, int]] = field(default_factory=set)
    """States and tokens that led into a corner."""
    steps_back: int = 0
    furthest: int = 0
    """Tokens said at the last corner..."""
    jump: int = 1
    """...and how many are taken back at the next one that lies no further on."""

    def __post_init__(self) -> None:
        self.lefts = [self.needed | self.optional]
        self.been = [self.state]

    @property
    def left(self) -> Left:
        """What is still to be said."""
        return self.lefts[-1]

    def open(self, offer: Offer) -> Offer:
        """What of ``offer`` leads neither back nor into a corner."""
        tokens, targets, paid = offer
        new = [
            target not in self.been and (self.state, token) not in self.closed
            for token, target in zip(tokens.tolist(), targets.tolist(), strict=True)
        ]
        return tokens[new], targets[new], paid[new]

    def draw(self, offer: Offer, chance: float, echoes: Echoes) -> int | None:
        """Which of ``offer`` comes next, by ``chance`` 0-1, rather not what ``echoes`` has heard;
        None where none of it sounds right."""
        if not len(offer[0]) or len(self.said) == LONGEST:
            return None
        logs = self.logs[-1][offer[0]]  # (offered,)
        if self.said and np.exp(logs).sum() < LEAST_SHARE:
            return None
        shares = np.exp((logs - logs.max()) / TEMPERATURE)
        shares = np.where(shares >= MIN_SHARE, shares, 0.0)
        sums = (shares * echoes.shares(self.said, offer[0], self.number)).cumsum()
        return int(np.searchsorted(sums, chance * sums[-1], side="right"))

    def take(self, place: int, offer: Offer, end: int) -> None:
        """Add number ``place`` of what is on ``offer``, and go where it leads."""
        token, target, paid = (int(part[place]) for part in offer)
        self.said.append(token)
        self.ended = token == end
        self.lefts.append(self.left - {paid})
        self.state = target
        self.been.append(target)

    @property
    def unfed(self) -> list[int]:
        """What was said since the model last listened."""
        return [] if self.ended else self.said[len(self.columns) :]

    def hear(self, columns: Sequence[int], logs: Logits) -> list[int]:
        """Note what comes after each unfed token, (unfed, vocab), and where in the model's memory
        it stands. Those the model would not have said are taken back: their columns."""
        for nth, (token, column, after) in enumerate(zip(self.unfed, columns, logs, strict=True)):
            drawn = nth == 0  # what follows had no other way
            if not drawn and np.exp(self.logs[-1][token]) < LEAST_SHARE:
                self._cut(len(self.columns))
                return list(columns[nth:])
            self.columns.append(column)
            self.logs.append(after)
        return []

    def give_up(self) -> None:
        """Go no further, unless it is whole: the plan has its texts."""
        self.spare = not self.ended
        self.ended = True

    def turn_back(self) -> list[int]:
        """Take back the token that led into a corner and never again go there; columns to forget.

        Where no way led further since the last corner, twice as many tokens go. The draft ends,
        empty, where nothing is said or it turned back too often.
        """
        self.steps_back += 1
        if not self.said or self.steps_back > STEPS_BACK:
            self.ended, self.said = True, []
            return []
        further = len(self.said) > self.furthest
        self.jump = 1 if further else min(2 * self.jump, len(self.said))
        self.furthest = max(self.furthest, len(self.said))
        self.closed.add((self.been[-2], self.said[-1]))
        return self._cut(len(self.said) - self.jump)

    def _cut(self, kept: int) -> list[int]:
        """Take back all but so many tokens; columns to forget."""
        gone = self.columns[kept:]
        del self.said[kept:], self.columns[kept:]
        for grown in (self.been, self.lefts, self.logs):
            del grown[kept + 1 :]
        self.state = self.been[-1]
        return gone


def enough(copies: Sequence[Row], wanted: int) -> bool:
    """Whether so many of a plan's drafts are whole, or none is left to wait for."""
    whole = sum(bool(row.ended and row.said) for row in copies)
    return whole >= wanted or all(row.ended for row in copies)


def holes(plan: Plan) -> tuple[Left, Left]:
    """What a plan demands (placeholders as token ids, claims), and what it merely allows."""
    needed, optional = (
        frozenset(SPECIAL.index(f"{{{name}}}") for name in names)
        for names in (plan.placeholders, plan.optional)
    )
    joint = {JOINT} if plan.language in ONCE else set()
    return needed | {claim_id(claim) for claim in plan.claims}, optional | joint


def claim_id(claim: str) -> int:
    """A claim as a number below zero, beside token ids."""
    return -1 - CLAIMS.index(claim)


def belongs(text: str, language: str) -> bool:
    """Whether a token's text can stand in a text of the language: no digits, no other script."""
    if any(c.isdigit() for c in text):
        return False
    if language == "en":
        return all(c.isascii() or c in "“”’\ufffd" for c in text)  # the last: part of a quote mark
    return not any(c.isascii() and c.isalpha() for c in text)


_ASKED_FOR: Mapping[str, str] = {
    "introduction": "to put above a list of films",
    "opening": "to put above a list of films for somebody new",
    "taste": "to put above a list of films made for somebody's taste",
    "more": "to put above some more films",
    "refined": "to put above a list of films after a change of wishes",
    "single": "to introduce a single film",
    "why": "on why a film is in a list",
    "comparison": "on how two films compare",
    "absence": "on why a film is not in a list",
    "ask_mood": "that asks which mood a film should have",
    "ask_genre": "that asks which kind of film somebody wants",
    "ask_era": "that asks how old a film may be",
    "ask_length": "that asks how long a film may be",
    "ask_origin": "that asks whether subtitles are all right",
    "loved": "to answer somebody who loved a film",
    "liked": "to answer somebody who liked a film",
    "fine": "to answer somebody who found a film middling",
    "disliked": "to answer somebody who disliked a film",
    "seen": "to answer somebody who has seen a film",
    "saved": "to say that a film was kept for later",
    "hidden": "to say that a film will not be shown again",
    "rated": "to answer somebody who gave a film stars",
}
"""What a sentence is for, by purpose, where it is no card's reason."""


def plain_prompt(plan: Plan) -> str:
    """What a model that does not know our control tokens is asked."""
    holes = " ".join(f"{{{name}}}" for name in plan.placeholders)
    tongue = {"en": "English", "zh": "Chinese"}[plan.language]
    said = ", ".join(words_of(claim, plan.language) for claim in plan.claims)
    claims = f" Also say: {said}." if said else ""
    purpose = _ASKED_FOR.get(plan.purpose, "on why to see a film")
    return (
        f"One short {tongue} sentence {purpose}. Use each of these placeholders once, "
        f"unchanged: {holes}. No names, no numbers.{claims}\nSentence:"
    )
