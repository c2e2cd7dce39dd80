"""How well a conversation tells what a person has seen and liked, beside the forms they filled in.

Replays each conversation through the product's own path (``Parser.parse``, ``follow``,
``overhear``) and turns what was read into the form's answers. Knows nothing of how an opinion is
read. Nobody says everything: a film left uncommented gets ``UNCOMMENTED``'s answers. A balanced
accuracy stands beside the plain one, because four of five answers are "liked".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.catalogue import Catalogue
from assistant.conversation import Conversation, follow, overhear
from assistant.evaluation_dialogues import ANSWERS, Dialogue, Judged, read_dialogues
from assistant.evaluation_halves import HALVES
from assistant.metrics import Interval, ratio_interval
from assistant.parsing.parser import Parser
from assistant.parsing.request import Act, Request, Stance


@dataclass(frozen=True)
class Impression:
    """What was understood of one film, as the form's answers."""

    seen: str
    liked: str
    said: bool = True
    """Whether the person said something of it, rather than merely naming or hearing of it."""


OF_STANCE: Mapping[Stance, Impression] = {
    Stance.LOVED: Impression("yes", "yes"),
    Stance.LIKED: Impression("yes", "yes"),
    Stance.FINE: Impression("yes", "yes"),
    Stance.DISLIKED: Impression("yes", "no"),
    Stance.HATED: Impression("yes", "no"),
    Stance.SEEN: Impression("yes", "yes"),
    Stance.UNSEEN: Impression("no", "yes"),
    Stance.WANT: Impression("no", "yes"),
    Stance.PASSED: Impression("no", "no"),
}
"""The form calls a suggestion liked that was welcome, seen or not."""
HIDDEN = Impression("no", "no")
UNCOMMENTED: Mapping[str, Impression] = {
    "user": Impression("yes", "yes", said=False),
    "assistant": Impression("no", "yes", said=False),
}
"""By who brought the film up: what people name themselves they know and like; a suggestion they
pass over they do not know, and do not mind."""


@dataclass(frozen=True)
class Measured:
    """One question of the form over some films of one half."""

    half: str
    question: str
    films: int
    accuracy: Interval
    majority: float
    """Accuracy of always giving the commonest answer."""
    balanced: float
    """Mean over the answers of how many of them were met; the majority's is 1 over their number."""
    majority_balanced: float


def impressions(dialogue: Dialogue, parser: Parser, year: int) -> dict[str, Impression]:
    """What the replayed conversation tells of each film, the last word on it."""
    stand = Conversation()
    found: dict[str, Impression] = {}
    for message in dialogue.messages:
        request = parser.parse(message.text, stand.context(year))
        if message.role == "assistant":
            stand = overhear(stand, tuple(mention.film for mention in request.mentions))
        else:
            found |= dict(_heard(request))
            stand = follow(stand, request)
    return found


def _heard(request: Request) -> Iterator[tuple[str, Impression]]:
    if Act.HIDE in request.acts:
        yield from ((film, HIDDEN) for film in request.films)
    if Act.WATCHLIST in request.acts:
        yield from ((film, OF_STANCE[Stance.WANT]) for film in request.films)
    for opinion in request.opinions:
        yield opinion.film, OF_STANCE[opinion.stance]


def measure_opinions(
    cases: Path, parser: Parser, catalogue: Catalogue, year: int
) -> list[Measured]:
    """Every question over both halves; films that the catalogue lacks are left out."""
    rows: dict[str, list[tuple[str, Judged, Impression]]] = {half: [] for half in HALVES}
    for dialogue in read_dialogues(cases):
        heard = impressions(dialogue, parser, year)
        rows[dialogue.half] += [
            (dialogue.id, judged, heard.get(judged.film, UNCOMMENTED[judged.by]))
            for judged in dialogue.judged
            if judged.film in catalogue
        ]
    return [measured for half in HALVES for measured in _questions(half, rows[half])]


def _questions(half: str, rows: Sequence[tuple[str, Judged, Impression]]) -> Iterator[Measured]:
    for question in ("liked", "seen"):
        told = [(group, getattr(j, question), getattr(i, question), i.said) for group, j, i in rows]
        yield _measured(half, question, told)
        yield _measured(half, f"{question}, where answered", [t for t in told if t[1] != "unsaid"])
        yield _measured(half, f"{question}, where an opinion was read", [t for t in told if t[3]])


def _measured(half: str, question: str, told: Sequence[tuple[str, str, str, bool]]) -> Measured:
    hits: Counter[str] = Counter()
    trials: Counter[str] = Counter()
    truth: Counter[str] = Counter()
    met: Counter[str] = Counter()
    for group, true, given, _ in told:
        trials[group] += 1
        hits[group] += true == given
        truth[true] += 1
        met[true] += true == given
    kinds = [answer for answer in ANSWERS if truth[answer]]
    groups = sorted(trials)
    return Measured(
        half,
        question,
        len(told),
        ratio_interval([hits[g] for g in groups], [trials[g] for g in groups]),
        max(truth.values(), default=0) / max(len(told), 1),
        sum(met[kind] / truth[kind] for kind in kinds) / max(len(kinds), 1),
        1 / max(len(kinds), 1),
    )


def opinion_lines(measured: Sequence[Measured]) -> list[str]:
    """The figures as lines of a table, ready to print."""
    head = (
        f"{'half':23} {'question':36} {'n':>5} {'accuracy':>8} {'95 %':>13} {'majority':>8} "
        f"{'balanced':>8} {'majority':>8}"
    )
    return [head] + [
        f"{m.half:23} {m.question:36} {m.films:5} {m.accuracy.value:8.3f} "
        f"{m.accuracy.low:6.3f}-{m.accuracy.high:6.3f} {m.majority:8.3f} {m.balanced:8.3f} "
        f"{m.majority_balanced:8.3f}"
        for m in measured
    ]
