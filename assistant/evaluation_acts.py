"""How well what a message does is told, on conversations in which people labelled it.

The labels are those of Cai and Chen (UMAP 2020): every utterance of the seeker carries one or more
of four acts. They map from ours so:

* **AskForRec** (initial query, continue, reformulate, start over): a sentence that asks for films
  while nothing was asked yet, or names no condition; a call for more; a liking or a
  story told as the first word of a conversation that nobody asked about.
* **AddDetails** (provide preference, answer, ask opinion): a liking or a verdict on a film the
  other did not suggest, once a request runs or the other asked; a question to the other; yes and
  no after a question.
* **GiveFeedback** (seen, accept, reject, critique, inquire, neutral): verdicts on films the other
  suggested or on "it", seen and unseen, accept, decline, critique, questions about a film; a
  request with a new condition once one runs; yes, no and remarks after a suggestion.
* **OTH**: greetings, thanks, goodbyes, remarks and talk of other things.

What a sentence does is told by the head "doing" (``parsing.heads``); greetings, thanks and goodbyes
also by the grammar. The other side's messages are overheard, as in every evaluation.
Next in the flow: ``cli.understanding`` prints what this returns.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from assistant.conversation import Conversation, follow, overhear
from assistant.errors import DataError
from assistant.evaluation_halves import HALVES, half_of
from assistant.metrics import Interval, f1_interval
from assistant.parsing.acts import find_acts
from assistant.parsing.grammar import Grammar
from assistant.parsing.heads import Guess, Heads
from assistant.parsing.message import FILM_MARK, Span, fold, masked
from assistant.parsing.parser import Parser
from assistant.parsing.request import Request, Wants

ASK, DETAIL, FEEDBACK, OTHER = "AskForRec", "AddDetails", "GiveFeedback", "OTH"
LABELS = (ASK, DETAIL, FEEDBACK, OTHER)
YEAR = 2018
"""When people talked."""
_LIKELY = 0.3
"""Least probability of a kind for a sentence to count as of it."""
_FEEDBACK = frozenset({"accept", "decline", "critique", "inquire"})
_VERDICTS = frozenset({"praise", "pan", "seen", "unseen"})
_SOCIAL = frozenset({"greet", "thanks", "bye", "offtopic", "abuse", "itself"})


@dataclass(frozen=True)
class Stand:
    """Where a conversation stands before an utterance."""

    conversation: Conversation = field(default_factory=Conversation)
    suggested: frozenset[str] = frozenset()
    """Ids the other side named so far."""
    asked: bool = False
    """Whether films were asked for."""
    question: bool = False
    """Whether the other side's last words ask something."""
    offer: bool = False
    """Whether the other side's last words name a film."""


@dataclass(frozen=True)
class Heard:
    """One utterance as understood."""

    request: Request
    guesses: tuple[Guess, ...]
    courteous: bool
    """Whether the grammar finds a greeting, thanks or a goodbye."""


@dataclass(frozen=True)
class Labelled:
    """One utterance of the seeker: what people and the mapping say it does."""

    conversation: str
    text: str
    wanted: frozenset[str]
    given: frozenset[str]
    fine: frozenset[str]
    """The labels' finer kinds ("IQU", "SEE", "CRI-F"…)."""


@dataclass(frozen=True)
class ActScore:
    """One label in one half."""

    half: str
    label: str
    wanted: int
    given: int
    right: int
    f1: Interval
    always: float
    """F1 of saying it every time."""


@dataclass(frozen=True)
class ActsReport:
    """Scores by half and label, macro F1 beside two baselines, and what was taken for what."""

    utterances: int
    scores: tuple[ActScore, ...]
    macro: Mapping[str, float]
    """Mean F1 of the labels, by half and "all"."""
    majority: Mapping[str, float]
    """The same of always giving the commonest label alone."""
    confusion: Mapping[str, Mapping[str, int]]
    """Labels that people gave and we did not, by what we gave instead ("nothing" where all else was
    right); the diagonal counts agreement."""
    missed: Mapping[str, tuple[int, int]]
    """By finer kind: utterances in which its act was given, utterances that carry it."""


class Listener:
    """Understands the utterances of a conversation in order."""

    def __init__(self, parser: Parser, heads: Heads, grammar: Grammar) -> None:
        self._parser = parser
        self._heads = heads
        self._grammar = grammar

    def hear(self, text: str, stand: Stand) -> Heard:
        """One utterance of the seeker."""
        request = self._parser.parse(text, stand.conversation.context(YEAR))
        spans = [Span(mention.start, mention.end) for mention in request.mentions]
        nameless = masked(fold(text), spans, FILM_MARK)
        said = find_acts(nameless, (self._grammar,))
        courteous = said.has("smalltalk", "smalltalk_thanks", "smalltalk_bye")
        return Heard(request, self._heads.guess(nameless, "en"), courteous)

    def overhear(self, text: str, stand: Stand) -> Stand:
        """The stand after an utterance of the other side."""
        request = self._parser.parse(text, stand.conversation.context(YEAR))
        films = tuple(mention.film for mention in request.mentions)
        return replace(
            stand,
            conversation=overhear(stand.conversation, films),
            suggested=stand.suggested | set(films),
            question="?" in text,
            offer=bool(films),
        )


def labels_of(heard: Heard, stand: Stand) -> frozenset[str]:
    """The labels an utterance gets by the mapping above; never empty."""
    found: set[str] = {OTHER} if heard.courteous else set()
    new_film = any(m.film not in stand.suggested for m in heard.request.mentions)
    asked = stand.asked
    for guess in heard.guesses:
        if guess.share >= _LIKELY:
            label = _label(guess.kind, heard.request, replace(stand, asked=asked), new_film)
            found |= {label} - {""}
            asked = asked or label == ASK
    if not found:
        found.add(FEEDBACK if stand.suggested else ASK if heard.request.fresh else OTHER)
    return frozenset(found)


def _label(kind: str, request: Request, stand: Stand, new_film: bool) -> str:
    """The label of one sentence; "" where it adds none to others."""
    if kind == "ask":
        conditions = request.wants != Wants(count=request.wants.count)
        return FEEDBACK if stand.asked and stand.suggested and conditions else ASK
    if kind == "more":
        return ASK
    if kind in ("taste", "tell"):
        return DETAIL if stand.asked or stand.suggested or stand.question else ASK
    if kind in _VERDICTS:
        return DETAIL if new_film or not stand.suggested else FEEDBACK
    if kind == "askback":
        return DETAIL
    if kind in ("yes", "no", "remark"):
        if stand.offer:
            return FEEDBACK
        if kind == "remark":
            return "" if stand.asked else OTHER
        return DETAIL if stand.question else OTHER
    return FEEDBACK if kind in _FEEDBACK else OTHER


def label_file(path: Path, listener: Listener) -> Iterator[Labelled]:
    """Every utterance of the seeker in a file; raises ``DataError`` with the line that is wrong."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    yield from _labelled(orjson.loads(line), listener)
                except (ValueError, KeyError, TypeError) as error:
                    raise DataError(f"{path}:{number}: not a conversation ({error!r})") from error
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}") from error


def _labelled(record: Mapping[str, Any], listener: Listener) -> Iterator[Labelled]:  # Any: JSON
    stand = Stand()
    for utterance in record["utterances"]:
        text = str(utterance["text"])
        if utterance["role"] != "user":
            stand = listener.overhear(text, stand)
            continue
        heard = listener.hear(text, stand)
        given = labels_of(heard, stand)
        wanted = frozenset(utterance["acts"]) & frozenset(LABELS)
        fine = frozenset(utterance["sub_acts"])
        yield Labelled(record["id"], text, wanted, given, fine)
        stand = replace(
            stand,
            conversation=follow(stand.conversation, heard.request),
            asked=stand.asked or ASK in given,
            question=False,
            offer=False,
        )


def measure_acts(cases: Path, listener: Listener) -> ActsReport:
    """Scores of the mapping on a labelled file; raises ``DataError``."""
    rows = list(label_file(cases, listener))
    if not rows:
        raise DataError(f"{cases} holds no utterance of a user")
    scores = [s for half in (*HALVES, "all") for s in _scores(half, _of_half(rows, half))]
    halves = [half for half in (*HALVES, "all") if _of_half(rows, half)]
    return ActsReport(
        utterances=len(rows),
        scores=tuple(scores),
        macro={h: _mean([s.f1.value for s in scores if s.half == h]) for h in halves},
        majority={h: _majority(_of_half(rows, h)) for h in halves},
        confusion=_confusion(rows),
        missed=_missed(rows),
    )


def _of_half(rows: Sequence[Labelled], half: str) -> list[Labelled]:
    return [row for row in rows if half in ("all", half_of(row.conversation))]


def _scores(half: str, rows: Sequence[Labelled]) -> Iterator[ActScore]:
    for label in LABELS:
        by: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for row in rows:
            count = by[row.conversation]
            count[0] += label in row.wanted
            count[1] += label in row.given
            count[2] += label in row.wanted and label in row.given
        counts = [(c[0], c[1], c[2]) for c in by.values()]
        wanted, given, right = (sum(c[i] for c in counts) for i in range(3))
        always = 2 * wanted / (wanted + len(rows)) if rows else 0.0
        yield ActScore(half, label, wanted, given, right, f1_interval(counts), always)


def _majority(rows: Sequence[Labelled]) -> float:
    """Macro F1 of always giving the commonest label alone: that label's F1 over all labels."""
    counts = Counter(label for row in rows for label in row.wanted)
    best = max(counts.values(), default=0)
    return 2 * best / (best + len(rows)) / len(LABELS) if best else 0.0


def _confusion(rows: Sequence[Labelled]) -> dict[str, dict[str, int]]:
    table = {label: dict.fromkeys((*LABELS, "nothing"), 0) for label in (*LABELS, "nothing")}
    for row in rows:
        missed, extra = row.wanted - row.given, row.given - row.wanted
        for label in row.wanted & row.given:
            table[label][label] += 1
        for label in missed:
            for instead in extra or {"nothing"}:
                table[label][instead] += 1
        if not missed:
            for label in extra:
                table["nothing"][label] += 1
    return table


def _missed(rows: Sequence[Labelled]) -> dict[str, tuple[int, int]]:
    found: Counter[str] = Counter()
    carried: Counter[str] = Counter()
    for row in rows:
        for kind in row.fine:
            carried[kind] += 1
            found[kind] += ACT_OF.get(kind, OTHER) in row.given
    return {kind: (found[kind], n) for kind, n in carried.most_common()}


ACT_OF: Mapping[str, str] = {
    **dict.fromkeys(("IQU", "CON", "REF", "STO"), ASK),
    **dict.fromkeys(("PRO", "ANS", "ASK"), DETAIL),
    **dict.fromkeys(("SEE", "ACC", "REJ", "NRE", "INQ", "CRI-A", "CRI-C", "CRI-F"), FEEDBACK),
    "OTH": OTHER,
}
"""The act of each finer kind, as the labels of the file have it."""


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def act_lines(report: ActsReport) -> list[str]:
    """The report as lines of tables, ready to print."""
    lines = [f"{report.utterances:,} utterances"]
    lines.append(f"{'half':24} {'act':13} {'n':>5} {'P':>6} {'R':>6} {'F1':>6} {'always':>7}")
    lines += [
        f"{s.half:24} {s.label:13} {s.wanted:5} {s.right / max(s.given, 1):6.3f} "
        f"{s.right / max(s.wanted, 1):6.3f} {s.f1.value:6.3f} {s.always:7.3f} "
        f"({s.f1.low:.3f}-{s.f1.high:.3f})"
        for s in report.scores
    ]
    lines += [
        f"macro F1, {half}: {value:.3f} (the commonest act alone: {report.majority[half]:.3f})"
        for half, value in report.macro.items()
    ]
    lines.append("people's act, and what was given (instead)")
    names = (*LABELS, "nothing")
    lines.append(" " * 14 + "".join(f"{name:>13}" for name in names))
    lines += [
        f"{label:14}" + "".join(f"{row[name]:13}" for name in names)
        for label, row in report.confusion.items()
    ]
    lines.append(
        "finer kinds found as their act: "
        + ", ".join(f"{kind} {found}/{n}" for kind, (found, n) in report.missed.items())
    )
    return lines
