"""How good the written reasons are: drafts that pass, claims without ground, variety, perplexity.

Cards with combinations of facts that no training text has are written by the phraser and read by
``proof``; variety stands beside hand-written texts and templates, perplexity beside a trigram
model. Knows nothing of how words are drawn or checked. Next in the flow: ``cli.words`` prints it.
"""

from __future__ import annotations

import math
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.errors import DataError
from assistant.generation import Phraser
from assistant.memory import HEARD_TURNS
from assistant.phrases import Phrases, load_phrases
from assistant.proof import Proof
from assistant.repetition import Spread, spread, variety
from assistant.training import held_out
from assistant.voice import Voice
from assistant.word_cases import Case, card_combinations, make_cases, template_of
from assistant.wording import ASKED, LANGUAGES, Plan, fill, make_plan

LIST = 5
"""Cards written in one batch, as a turn shows them..."""
HEARD = HEARD_TURNS * LIST
"""...with so many of those shown before in its ears."""
REPLAYED = 5
"""One list in so many is timed beside the library's bare forward passes."""
BATCH = 20
SPOKEN: Mapping[str, tuple[str, ...]] = {
    "introduction": (
        *("seed", "seed+tone", "genre", "mood", "mood+genre", "genre+decade", "director"),
        *("actor", "theme1", "decade", ""),
    ),
    **dict.fromkeys(("opening", "taste", "more", "single", *ASKED), ("",)),
    "why": (
        *("film+seed+tone+theme1", "film+seed+theme1+theme2", "film+seed+theme1", "film+seed"),
        *("film+liked", "film+about", "film+director", "film+mood+genre", "film+theme1"),
    ),
    "comparison": (
        *("film+seed+theme1+theme2+tone", "film+seed+theme1+tone", "film+seed+tone"),
        "film+seed+theme1+theme2",
    ),
    "absence": (
        *("film+year", "film+runtime", "film+genre", "film+country", "film+language"),
        *("film+theme1", "film+actor", "film+mood"),
    ),
    **dict.fromkeys(("loved", "liked", "fine", "disliked", "seen", "saved", "hidden"), ("film",)),
    "refined": ("change",),
    "rated": ("film+stars",),
}
"""What the product has said beside reasons, by purpose."""
DRAWN = 20
"""Times each of it is said..."""
DRAWS = 10
"""...and each kept reason's plan, for variety."""
LEARNED = 20_000
"""Recombined texts the trigram model counts, about as many as the phraser saw in a language."""


@dataclass(frozen=True)
class Spoken:
    """What is said beside reasons: introductions, answers, questions back."""

    texts: int
    written: float
    """Share 0-1 of plans that got a model text."""
    different: float
    """Mean number of different texts among ``DRAWN`` drawn for one plan."""
    first_ms: float
    """Median time for one, ways known."""


@dataclass(frozen=True)
class WordsReport:
    """Figures of one language."""

    plans: int
    combinations: int
    first_try: float
    """Share 0-1 of first drafts that pass the checker."""
    with_retries: float
    """Share 0-1 of plans that got a model text, in lists of five that must open differently."""
    shown: int
    unsupported: int
    """Shown texts with a claim the record does not bear out."""
    examples: tuple[str, ...]
    """Some of those, with what is wrong."""
    variety: Mapping[str, Spread]
    perplexity: float
    """Per token, on hand-written texts kept from training."""
    perplexity_trigram: float
    kept_texts: int
    spoken: Spoken
    batch_ms: float
    """Median time for five reasons in one batch."""
    passes_ms: float
    """Median time of the library's bare forward passes for the same texts."""


@dataclass(frozen=True)
class Sample:
    """One reply to be read by people."""

    language: str
    film: str
    combination: str
    text: str
    wording: str


def held_out_combinations() -> list[frozenset[str]]:
    """Combinations of facts of a card that no training text has."""
    return [
        said
        for said in card_combinations()
        if held_out(make_plan("reason", "en", said).combination)
    ]


def measure_words(
    voice: Voice,
    phraser: Phraser,
    data: Path,
    language: str,
    count: int,
    seed: int,
    drawn: int = DRAWN,
    draws: int = DRAWS,
) -> WordsReport:
    """All figures for one language over ``count`` plans; raises ``DataError`` where none fits."""
    cases = make_cases(voice, held_out_combinations(), language, count, seed)
    if not cases:
        raise DataError(f"no film bears out any held-out combination in {language!r}")
    plans = [case.plan for case in cases]
    passed = [
        not wrong
        for start in range(0, len(plans), BATCH)
        for wrong in phraser.try_out(plans[start : start + BATCH], seed + start)
    ]
    written, seconds, passes = _written(phraser, cases, seed)
    proof = Proof(data, voice, language)
    shown = [(c, fill(t, c.values)) for c, t in zip(cases, written, strict=True) if t is not None]
    wrong = [(text, proof.unsupported(text, case.told)) for case, text in shown]
    found = [f"{text} [{'; '.join(problems)}]" for text, problems in wrong if problems]
    phrases = next(p for p in load_phrases(data / "phrases") if p.language == language)
    kept = kept_texts(phrases)
    model, trigram = perplexities(phraser, phrases, kept, seed)
    return WordsReport(
        plans=len(plans),
        combinations=len({plan.combination for plan in plans}),
        first_try=sum(passed) / len(passed),
        with_retries=len(shown) / len(plans),
        shown=len(shown),
        unsupported=len(found),
        examples=tuple(found[:10]),
        variety=_varieties(voice, phraser, phrases, draws, seed),
        perplexity=model,
        perplexity_trigram=trigram,
        kept_texts=len(kept),
        spoken=measure_spoken(phraser, language, seed, drawn),
        batch_ms=1000 * float(np.median(seconds)),
        passes_ms=1000 * float(np.median(passes)) if passes else math.nan,
    )


def measure_spoken(phraser: Phraser, language: str, seed: int, drawn: int) -> Spoken:
    """Figures over all of ``SPOKEN``, each text written by itself as a turn does, with those of the
    turns before in its ears."""
    texts: list[str | None] = []
    different, seconds = [], []
    for purpose, named in SPOKEN.items():
        for said in named:
            plan = make_plan(purpose, language, frozenset(said.split("+") if said else ()))
            own: list[str | None] = []
            for turn in range(drawn):
                heard = _nameless(own[-HEARD_TURNS:])
                began = time.perf_counter()
                own += phraser.write([plan], seed + turn, heard).texts
                seconds.append(time.perf_counter() - began)
            texts += own
            different.append(len({*own} - {None}))
    return Spoken(
        texts=len(texts),
        written=sum(text is not None for text in texts) / len(texts),
        different=sum(different) / len(different),
        first_ms=1000 * float(np.median(seconds)),
    )


def kept_texts(phrases: Phrases, seed: int = 0) -> list[tuple[Plan, str]]:
    """Hand-written texts that were kept from training, each with its choices made once."""
    rng = random.Random(seed)
    return [
        (make_plan(line.purpose, phrases.language, line.said), line.text(rng))
        for line in phrases.texts
        if line.kept
    ]


def samples(voice: Voice, phraser: Phraser, count: int, seed: int) -> list[Sample]:
    """``count`` replies over all combinations a card can rest on, half in each language."""
    chosen = card_combinations()
    random.Random(seed).shuffle(chosen)
    found: list[Sample] = []
    for language in LANGUAGES:
        cases = make_cases(voice, chosen, language, count // len(LANGUAGES), seed)
        for start in range(0, len(cases), LIST):
            row = cases[start : start + LIST]
            heard = [r.text for r in found if r.language == language][-HEARD:]
            texts = phraser.write([case.plan for case in row], seed + start, heard).texts
            for case, text in zip(row, texts, strict=True):
                said = fill(text, case.values) if text else "(template)"
                wording = "model" if text else "template"
                label = case.told.film.label
                found.append(Sample(language, label, case.plan.combination, said, wording))
    return found


def perplexities(
    phraser: Phraser, phrases: Phrases, kept: Sequence[tuple[Plan, str]], seed: int
) -> tuple[float, float]:
    """Per-token perplexity on ``kept``, of the phraser and of a trigram model of the same texts
    it was trained on (interpolated absolute discounting, Ney et al. 1994); same tokens for both."""
    scored = phraser.score(kept)
    if not scored:
        return math.nan, math.nan
    rng = random.Random(seed)
    learned = dict.fromkeys(phrases.draw(rng)[1] for _ in range(LEARNED))
    trigram = _Trigram(phraser.tokens(text) for text in learned)
    logs = [p for text_logs in scored for p in text_logs]
    other = [p for _, text in kept for p in trigram.logs(phraser.tokens(text))]
    return math.exp(-sum(logs) / len(logs)), math.exp(-sum(other) / len(other))


class _Trigram:
    """Counts of runs of one, two and three tokens."""

    DISCOUNT = 0.75

    def __init__(self, texts: Iterable[Sequence[int]]) -> None:
        self._counts: Counter[tuple[int, ...]] = Counter()
        self._follow: dict[tuple[int, ...], Counter[int]] = {}
        for text in texts:
            padded = [-1, -1, *text]
            for place in range(2, len(padded)):
                for size in range(3):
                    before = tuple(padded[place - size : place])
                    self._follow.setdefault(before, Counter())[padded[place]] += 1
        self._vocabulary = 1 + len(self._follow[()])

    def logs(self, text: Sequence[int]) -> list[float]:
        """Natural log of each token's probability."""
        padded = [-1, -1, *text]
        return [
            math.log(self._share(tuple(padded[p - 2 : p]), padded[p]))
            for p in range(2, len(padded))
        ]

    def _share(self, before: tuple[int, ...], token: int) -> float:
        shorter = self._share(before[1:], token) if before else 1 / self._vocabulary
        seen = self._follow.get(before)
        if not seen:
            return shorter
        total = sum(seen.values())
        spared = self.DISCOUNT * len(seen) / total
        return max(seen[token] - self.DISCOUNT, 0) / total + spared * shorter


def _written(
    phraser: Phraser, cases: Sequence[Case], seed: int
) -> tuple[list[str | None], list[float], list[float]]:
    """Texts in lists of five, the seconds each list took, and those of bare forward passes."""
    texts: list[str | None] = []
    seconds, passes = [], []
    shown: list[str] = []
    for start in range(0, len(cases), LIST):
        row = cases[start : start + LIST]
        plans = [case.plan for case in row]
        began = time.perf_counter()
        own = phraser.write(plans, seed + start, shown[-HEARD:]).texts
        seconds.append(time.perf_counter() - began)
        whole = [text for text in own if text is not None]
        shown += [fill(t, case.values) for case, t in zip(row, own, strict=True) if t is not None]
        if whole and start % (REPLAYED * LIST) == 0:
            began = time.perf_counter()
            phraser.replay(whole)
            passes.append(time.perf_counter() - began)
        texts += own
    return texts, seconds, passes


def _varieties(
    voice: Voice, phraser: Phraser, phrases: Phrases, draws: int, seed: int
) -> dict[str, Spread]:
    """Hand-written reasons kept from training, and what else is said to their plans.

    Every draw has one text a plan from each; the phraser writes its texts in lists, one after the
    other as in a conversation, in another order each time.
    """
    language = phrases.language
    model, hand, templates = [], [], []
    for draw in range(draws):
        kept = [pair for pair in kept_texts(phrases, draw) if pair[0].purpose == "reason"]
        random.Random(f"{seed}:{draw}").shuffle(kept)
        plans = [plan for plan, _ in kept]
        hand.append(variety([text for _, text in kept], language))
        lines = (template_of(voice, plan, turn) for turn, plan in enumerate(plans, draw))
        templates.append(variety([line for line in lines if line], language))
        said: list[str] = []
        for start in range(0, len(plans), LIST):
            heard, row = _nameless(said[-HEARD:]), plans[start : start + LIST]
            texts = phraser.write(row, seed + draws * start + draw, heard).texts
            said += [text for text in texts if text is not None]
        model.append(variety(said, language))
    return {
        "phraser": spread(model),
        "hand-written, kept from training": spread(hand),
        "templates": spread(templates),
    }


def _nameless(texts: Sequence[str | None]) -> list[str]:
    """Texts as they are remembered, where nothing is known to fill them with: no placeholder that
    the next text holds too can be heard in them."""
    return [re.sub(r"\{\w+\}", "·", text) for text in texts if text is not None]
