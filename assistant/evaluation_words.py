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
from assistant.phrases import Phrases, load_phrases
from assistant.proof import Proof
from assistant.training import held_out
from assistant.voice import Voice
from assistant.word_cases import Case, card_combinations, make_cases, template_of
from assistant.wording import LANGUAGES, Plan, fill, make_plan

LIST = 5
"""Cards written in one batch, as a turn shows them."""
REPLAYED = 5
"""One list in so many is timed beside the library's bare forward passes."""
BATCH = 20
SPOKEN: Mapping[str, tuple[str, ...]] = {
    "introduction": (
        *("seed", "seed+tone", "genre", "mood", "mood+genre", "genre+decade", "director"),
        *("actor", "theme1", "decade", ""),
    ),
    **dict.fromkeys(("opening", "taste", "more", "single"), ("",)),
    **dict.fromkeys(("loved", "liked", "fine", "disliked", "seen", "saved", "hidden"), ("film",)),
    "refined": ("change",),
    "rated": ("film+stars",),
}
"""What the product has said around its lists, by purpose."""
DRAWN = 20
"""Times each of it is said."""
ORDER = 4
"""Longest n-gram of self-BLEU."""
LEARNED = 20_000
"""Recombined texts the trigram model counts, about as many as the phraser saw in a language."""


@dataclass(frozen=True)
class Variety:
    """How little texts repeat each other, placeholders counting as words."""

    texts: int
    distinct_2: float
    """Share 0-1 of word pairs (zh: character pairs) that are different ones."""
    self_bleu: float
    """Mean BLEU-4 of each text against all others, 0-1; lower is more varied."""


@dataclass(frozen=True)
class Spoken:
    """What is said around lists: introductions and answers to opinions."""

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
    variety: Mapping[str, Variety]
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
    voice: Voice, phraser: Phraser, data: Path, language: str, count: int, seed: int
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
        variety=_varieties(voice, phraser, kept, seed),
        perplexity=model,
        perplexity_trigram=trigram,
        kept_texts=len(kept),
        spoken=measure_spoken(phraser, language, seed),
        batch_ms=1000 * float(np.median(seconds)),
        passes_ms=1000 * float(np.median(passes)) if passes else math.nan,
    )


def measure_spoken(phraser: Phraser, language: str, seed: int) -> Spoken:
    """Figures over all of ``SPOKEN``, each text written by itself as a turn does."""
    texts: list[str | None] = []
    different, seconds = [], []
    for purpose, named in SPOKEN.items():
        for said in named:
            plan = make_plan(purpose, language, frozenset(said.split("+") if said else ()))
            own: list[str | None] = []
            for turn in range(DRAWN):
                began = time.perf_counter()
                own += phraser.write([plan], seed + turn).texts
                seconds.append(time.perf_counter() - began)
            texts += own
            different.append(len({*own} - {None}))
    return Spoken(
        texts=len(texts),
        written=sum(text is not None for text in texts) / len(texts),
        different=sum(different) / len(different),
        first_ms=1000 * float(np.median(seconds)),
    )


def kept_texts(phrases: Phrases) -> list[tuple[Plan, str]]:
    """Hand-written texts that were kept from training, each with its choices made once."""
    rng = random.Random(0)
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
            texts = phraser.write([case.plan for case in row], seed + start).texts
            for case, text in zip(row, texts, strict=True):
                said = fill(text, case.values) if text else "(template)"
                wording = "model" if text else "template"
                label = case.told.film.label
                found.append(Sample(language, label, case.plan.combination, said, wording))
    return found


def variety(texts: Sequence[str], language: str) -> Variety:
    """Distinct-2 (Li et al. 2016) and self-BLEU (Zhu et al. 2018) of ``texts``."""
    rows = [words_of(text, language) for text in texts]
    pairs = [pair for row in rows for pair in _grams(row, 2)]
    scores = [_bleu(row, rows[:place] + rows[place + 1 :]) for place, row in enumerate(rows)]
    return Variety(
        len(texts),
        len(set(pairs)) / max(1, len(pairs)),
        sum(scores) / max(1, len(scores)),
    )


def words_of(text: str, language: str) -> list[str]:
    """Words (en) or characters (zh), each placeholder and mark one."""
    pattern = r"\{\w+\}|[\w'’-]+|[^\w\s]" if language == "en" else r"\{\w+\}|\S"
    return re.findall(pattern, text.lower())


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
    for start in range(0, len(cases), LIST):
        plans = [case.plan for case in cases[start : start + LIST]]
        began = time.perf_counter()
        own = phraser.write(plans, seed + start).texts
        seconds.append(time.perf_counter() - began)
        whole = [text for text in own if text is not None]
        if whole and start % (REPLAYED * LIST) == 0:
            began = time.perf_counter()
            phraser.replay(whole)
            passes.append(time.perf_counter() - began)
        texts += own
    return texts, seconds, passes


def _varieties(
    voice: Voice, phraser: Phraser, kept: Sequence[tuple[Plan, str]], seed: int
) -> dict[str, Variety]:
    """Hand-written reasons kept from training, and what else is said to their plans."""
    rows = []
    for turn, (plan, text) in enumerate(kept):
        template = template_of(voice, plan, turn)
        if plan.purpose == "reason" and template:
            rows.append((plan, text, template))
    plans = [plan for plan, _, _ in rows]
    model = [
        text
        for start in range(0, len(plans), LIST)
        for text in phraser.write(plans[start : start + LIST], seed + start).texts
    ]
    language = plans[0].language if plans else LANGUAGES[0]
    return {
        "phraser": variety([text for text in model if text], language),
        "hand-written, kept from training": variety([text for _, text, _ in rows], language),
        "templates": variety([template for _, _, template in rows], language),
    }


def _grams(row: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(row[k : k + size]) for k in range(len(row) - size + 1)]


def _bleu(row: Sequence[str], others: Sequence[Sequence[str]]) -> float:
    """BLEU-4 (Papineni et al. 2002), add-one smoothed above single words, no brevity penalty."""
    logs = 0.0
    for size in range(1, ORDER + 1):
        own = Counter(_grams(row, size))
        best: Counter[tuple[str, ...]] = Counter()
        for other in others:
            best |= Counter(_grams(other, size))
        hits = sum(min(count, best[gram]) for gram, count in own.items())
        total = sum(own.values())
        plus = 0 if size == 1 else 1
        logs += math.log(max(hits + plus, 1e-9) / max(total + plus, 1e-9))
    return math.exp(logs / ORDER)
