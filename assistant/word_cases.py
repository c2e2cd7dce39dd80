"""Cards to be put into words, made for measuring: real films, facts that hold, chosen combinations.

Takes combinations of facts that no training text has and finds films that bear them out. Knows
nothing of models or figures. Next in the flow: ``evaluation_words`` has them written and read.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.catalogue import TONES, Film
from assistant.explanation import CORES, TAILS
from assistant.facts import (
    ABOUT_LONGEST,
    ACCLAIMED,
    FAMOUS,
    GOOD,
    LITTLE_SEEN,
    SAME_ERA_YEARS,
    STRONG_TONE,
    TONE_GAP,
    show_title,
    theme_names,
)
from assistant.proof import Told
from assistant.voice import Voice
from assistant.wording import CLAIMS, PLACEHOLDERS, Plan, make_plan

TRIES = 20_000
"""Films looked at for one case before its combination is given up."""


@dataclass(frozen=True)
class Case:
    """One card: its plan, the values of its placeholders, and the record behind them."""

    plan: Plan
    values: Mapping[str, str]
    told: Told


def card_combinations() -> list[frozenset[str]]:
    """Every combination of facts that a card can rest on, in the order of cores and tails."""
    found: dict[frozenset[str], None] = {}
    for core in CORES:
        found[core] = None
        if len(core) > 2:
            continue
        for tail in TAILS:
            known = core & {"acclaim", "hidden", "popular"} and tail in ("acclaim", "hidden")
            people = core & {"actor", "director"} and tail in ("actor", "director")
            lonely = tail == "era" and "seed" not in core
            if not (known or people or lonely):
                found[core | {tail}] = None
    return list(found)


def make_cases(
    voice: Voice, combinations: Sequence[frozenset[str]], language: str, count: int, seed: int
) -> list[Case]:
    """``count`` cards of ``language``, combinations in turn, less those no film bears out."""
    rng = random.Random(f"{seed}:{language}")
    films = [film for film in voice.catalogue if film.requests and film.similar]
    cases: list[Case] = []
    left = list(combinations)
    while left and len(cases) < count:
        for said in list(left):
            case = next(_found(voice, films, said, language, rng), None)
            if case is None:
                left.remove(said)
            else:
                cases.append(case)
    return cases[:count]


def template_of(voice: Voice, plan: Plan, turn: int) -> str:
    """The template wording of a card's plan, unfilled; empty where no card has such a plan."""
    said = frozenset({*plan.placeholders, *plan.claims} - {"film"})
    cores = [core for core in CORES if core <= said and said - core <= set(TAILS)]
    if not cores:
        return ""
    core = max(cores, key=len)
    name = "_".join(p for p in (*PLACEHOLDERS, *CLAIMS) if p in core)
    leads = voice.prompts.lines(f"reason_{name}", plan.language)
    text = leads[turn % len(leads)]
    for tail in sorted(said - core):
        lines = voice.prompts.lines(f"tail_{tail}", plan.language)
        text += ("" if lines[0][0] in ",;，；" else " ") + lines[turn % len(lines)]
    return text + voice.prompts.render("form_stop", plan.language)


def _found(
    voice: Voice,
    films: Sequence[Film],
    said: frozenset[str],
    language: str,
    rng: random.Random,
) -> Iterator[Case]:
    for _ in range(TRIES):
        film = rng.choice(films)
        near = [voice.catalogue[i] for i in film.similar if i in voice.catalogue]
        if len(near) < 2:
            continue
        seed = near[0] if "seed" in said else None
        liked = near[1] if "liked" in said else None
        values = _values(voice, said, film, seed, liked, language, rng)
        if values is not None:
            told = Told(film, seed, liked, values.get("about", ""))
            yield Case(make_plan("reason", language, said), values, told)


def _values(
    voice: Voice,
    said: frozenset[str],
    film: Film,
    seed: Film | None,
    liked: Film | None,
    language: str,
    rng: random.Random,
) -> dict[str, str] | None:
    """Values of the placeholders of ``said``; None where the record does not hold one."""
    if not all(holds(film, seed) for name, holds in _STANDING.items() if name in said):
        return None
    lexicon = voice.lexicons[language]
    own = theme_names(film, seed)
    themes = [lexicon.name("themes", theme) for theme in own[:2]]
    abouts = [r for r in film.requests if 3 <= len(r) <= ABOUT_LONGEST]
    tones = _comparatives(film, seed) if seed else []
    moods = [t for t in TONES if (film.tone_of(t) or 0.0) >= STRONG_TONE]
    record: dict[str, str] = {
        "seed": show_title(seed, language) if seed else "",
        "liked": show_title(liked, language) if liked else "",
        "theme1": themes[0] if themes else "",
        "theme2": themes[1] if len(themes) > 1 else "",
        "tone": lexicon.text("tones", *rng.choice(tones)) if tones else "",
        "mood": rng.choice(moods) if moods else "",
        "director": film.directors[0] if film.directors else "",
        "actor": film.cast[0] if film.cast else "",
        "genre": film.genres[0] if film.genres else "",
        "decade": str(film.year // 10 * 10),
        "year": str(film.year),
        "runtime": str(film.runtime_min or ""),
        "country": film.home[0] if film.home else "",
        "language": lexicon.name("languages", film.languages[0]) if film.languages else "",
        "about": (rng.choice(abouts) if language == "en" else "".join(themes)) if abouts else "",
    }
    values = {name: value for name, value in record.items() if name in said}
    if not all(values.values()):
        return None
    return {"film": show_title(film, language), **voice.dressed(values, language)}


def _comparatives(film: Film, seed: Film) -> list[tuple[str, str]]:
    """Tones and forms that hold of ``film`` against ``seed``."""
    found = []
    for tone in TONES:
        score, base = film.tone_of(tone), seed.tone_of(tone)
        if score is not None and base is not None and abs(score - base) >= TONE_GAP:
            found.append((tone, "more" if score > base else "less"))
    return found


_STANDING: Mapping[str, Callable[[Film, Film | None], bool]] = {
    "acclaim": lambda film, _: film.acclaim >= ACCLAIMED,
    "hidden": lambda film, _: film.acclaim >= GOOD and film.popularity < LITTLE_SEEN,
    "popular": lambda film, _: film.popularity >= FAMOUS,
    "era": lambda film, seed: seed is not None and abs(film.year - seed.year) <= SAME_ERA_YEARS,
}
