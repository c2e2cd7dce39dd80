"""A text on its way: the tokens a plan starts from, and what a draft has left to say.

Placeholders, claims, purposes and languages are one token each, in a fixed order. Knows nothing of
models. Next in the flow: ``generation`` draws the tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.phrasing import CONTEXT, Left, Offer
from assistant.wording import CLAIMS, LANGUAGES, PLACEHOLDERS, PURPOSES, Plan, words_of

PAD, END, SAY = "<pad>", "<end>", "<say>"
SPECIAL = (
    PAD,
    END,
    SAY,
    *(f"<{name}>" for name in (*PURPOSES, *LANGUAGES, *CLAIMS)),
    *(f"{{{name}}}" for name in PLACEHOLDERS),
)
"""Tokens that stand for one thing each, in id order from 0."""
LEAST_SHARE = 0.02
"""Where the model itself gives all that is on offer less than this, a draft has talked itself into
a corner: it takes a word back rather than be forced on..."""
STEPS_BACK = 36
"""...so often at most; then it is dropped."""


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
    lefts: list[Left] = field(default_factory=list)
    """What was still to be said, at the start and after each token."""
    ended: bool = False
    said: list[int] = field(default_factory=list)
    been: list[int] = field(default_factory=list)
    """States passed, the first among them, so that no run of words comes twice."""
    columns: list[int] = field(default_factory=list)
    """Where in the model's cache each token said stands, the prompt's last before them."""
    closed: set[tuple[int, int]] = field(default_factory=set)
    """States and tokens that led into a corner."""
    steps_back: int = 0

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

    def take(self, token: int, offer: Offer, end: int, column: int) -> None:
        """Add ``token``, one of those on ``offer``, and go where it leads."""
        place = int((offer[0] == token).argmax())
        self.said.append(token)
        self.columns.append(column)
        self.ended = token == end
        self.lefts.append(self.left - {int(offer[2][place])})
        self.state = int(offer[1][place])
        self.been.append(self.state)

    def turn_back(self) -> tuple[int, int] | None:
        """Take the last token back and never again go there; the cache columns to forget.

        None, and the draft is dropped, where nothing is said or it turned back too often.
        """
        self.steps_back += 1
        if not self.said or self.steps_back > STEPS_BACK:
            self.ended, self.said = True, []
            return None
        token, column = self.said.pop(), self.columns.pop()
        self.been.pop()
        self.lefts.pop()
        self.state = self.been[-1]
        self.closed.add((self.state, token))
        return column, self.columns[-1]


def enough(copies: Sequence[Row]) -> bool:
    """Whether one of a plan's drafts is whole, or none is left to wait for."""
    return any(r.ended and r.said for r in copies) or all(r.ended for r in copies)


def holes(plan: Plan) -> tuple[Left, Left]:
    """What a plan demands (placeholders as token ids, claims), and what it merely allows."""
    needed, optional = (
        frozenset(SPECIAL.index(f"{{{name}}}") for name in names)
        for names in (plan.placeholders, plan.optional)
    )
    return needed | {claim_id(claim) for claim in plan.claims}, optional


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


def plain_prompt(plan: Plan) -> str:
    """What a model that does not know our control tokens is asked."""
    holes = " ".join(f"{{{name}}}" for name in plan.placeholders)
    tongue = {"en": "English", "zh": "Chinese"}[plan.language]
    said = ", ".join(words_of(claim, plan.language) for claim in plan.claims)
    claims = f" Also say: {said}." if said else ""
    return (
        f"One short {tongue} sentence on why to see a film. Use each of these placeholders once, "
        f"unchanged: {holes}. No names, no numbers.{claims}\nSentence:"
    )
