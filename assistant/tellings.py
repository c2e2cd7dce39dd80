"""What of an answer the phraser may say: the first sentence of a why, a comparison, a why-not.

Each telling is a plan with the values of its placeholders, and what follows it in template
wording: places, figures and quotes are never the phraser's. Knows nothing of how words are drawn.
Next in the flow: ``answers`` puts tellings beside the templates that stand in for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.catalogue import Film, Limits
from assistant.facts import Fact, show_title, theme_names
from assistant.film_answers import FilmAnswers
from assistant.parsing.request import Wants
from assistant.voice import Voice
from assistant.wording import Plan, make_plan

if TYPE_CHECKING:
    from assistant.ranking import Part, Pick

WHY_CORES = tuple(
    frozenset(core.split("+"))
    for core in (
        "seed+tone+theme1",
        "seed+theme1+theme2",
        "seed+tone",
        "seed+theme1",
        "seed",
        "about+theme1",
        "about",
        "mood+genre",
        "mood+theme1",
        "genre+decade",
        "director+theme1",
        "actor+theme1",
        "director",
        "actor",
        "mood",
        "theme1+theme2",
        "theme1",
        "genre",
        "liked+theme1",
        "liked",
    )
)
"""What the first sentence of a why can rest on, the first that holds; each has texts."""
_COVERS: Mapping[str, frozenset[str]] = {
    "seed": frozenset({"neighbours", "circle", "seed"}),
    "theme1": frozenset({"themes"}),
    "tone": frozenset({"tone"}),
    "mood": frozenset({"tone"}),
    "about": frozenset({"about", "requests"}),
    "liked": frozenset({"profile"}),
}
"""Parts of the score that need no sentence of their own once a placeholder is said."""
_WISHED = ("limits", "prefer")


@dataclass(frozen=True)
class Telling:
    """What the phraser may say, and what follows it."""

    plan: Plan
    values: Mapping[str, str]
    closing: str = ""
    """In template wording; empty where the phraser's words are all."""


def why_telling(
    voice: Voice,
    answers: FilmAnswers,
    pick: Pick,
    known: Sequence[Fact],
    wants: Wants,
    language: str,
    rank: int,
) -> Telling | None:
    """Why a film is at place ``rank``: what it rests on most, then its place and the other parts.

    ``known``: the pick's facts, ready to show. None where there is nothing to rest on.
    """
    said = {fact.kind: fact for fact in known if _asked(fact)}
    for core in WHY_CORES:
        themes = said.get("shared" if "seed" in core else "themes")
        values = _values(core, said, themes)
        if values is not None:
            plan = make_plan("why", language, core | {"film"})
            told = answers.why_said(pick, wants, language)
            covered = frozenset[str]().union(*(_COVERS.get(name, ()) for name in core))
            parts = {part.name: part for part in pick.parts}
            left = [
                sentence
                for name, sentence in told.items()
                if name not in covered or _says_more(parts[name])
            ]
            place = voice.say("why_place", language, rank, rank=str(rank))
            title = show_title(pick.film, language)
            return Telling(
                plan, {**values, "film": title}, voice.paragraph([place, *left], language)
            )
    return None


def comparison_telling(
    voice: Voice, answers: FilmAnswers, a: Film, b: Film, language: str
) -> Telling | None:
    """What two films share and how the first differs; None where neither can be said."""
    tone = answers.tones_more(a, b, language)
    ahead, other = (a, b) if tone else (b, a)
    tone = tone or answers.tones_more(b, a, language)
    themes = [voice.lexicons[language].name("themes", t) for t in theme_names(a, b)[:2]]
    values = {f"theme{number}": name for number, name in enumerate(themes, 1)}
    values |= {"tone": tone} if tone else {}
    if not values:
        return None
    plan = make_plan("comparison", language, frozenset({*values, "film", "seed"}))
    values |= {"film": show_title(ahead, language), "seed": show_title(other, language)}
    said = answers.compared(a, b, language)
    shown = {"shared", "tone_a" if ahead == a else "tone_b"}
    closing = [sentence for name, sentence in said.items() if name not in shown]
    return Telling(plan, values, voice.paragraph(closing, language))


def absence_telling(
    voice: Voice, film: Film, limits: Limits, broken: Sequence[str], language: str
) -> Telling | None:
    """The one condition that keeps a film out; None where there are several or it has no texts."""
    if len(broken) != 1:
        return None
    named = _kept_out(voice, film, limits, broken[0], language)
    values = {name: value for name, value in named.items() if value}
    if len(values) != 1:
        return None
    plan = make_plan("absence", language, frozenset({*values, "film"}))
    shown = {"film": show_title(film, language), **voice.dressed(values, language)}
    return Telling(plan, shown)


def _asked(fact: Fact) -> bool:
    """Whether a why may call a fact asked for: people and kinds only where they were."""
    return fact.kind not in ("director", "actor") or fact.source in _WISHED


def _values(
    core: frozenset[str], said: Mapping[str, Fact], themes: Fact | None
) -> dict[str, str] | None:
    """Values of the placeholders of ``core``; None where a fact is missing."""
    values: dict[str, str] = dict(themes.values) if themes is not None else {}
    for name in core:
        if name in said:
            values |= said[name].values
    return {name: values[name] for name in core} if core <= values.keys() else None


def _says_more(part: Part) -> bool:
    """Whether a part's sentence names more than the one thing a first sentence named."""
    return part.value < 0 or (part.name not in ("themes", "about") and len(part.because) > 1)


def _kept_out(
    voice: Voice, film: Film, limits: Limits, broken: str, language: str
) -> dict[str, str]:
    """What of the record breaks a condition, by placeholder, canonical where ``Voice.dressed``
    expects that."""
    if broken == "years":
        return {"year": str(film.year)}
    if broken == "runtime_min":
        return {"runtime": str(film.runtime_min or "")}
    if broken == "not_genres":
        return {"genre": next((g for g in film.all_genres if g in limits.not_genres), "")}
    if broken == "countries":
        return {"country": film.home[0] if len(film.home) == 1 else ""}
    if broken == "not_countries":
        return {"country": next((c for c in film.claimed if c in limits.not_countries), "")}
    if broken in ("languages", "not_languages"):
        main = film.languages[:1]
        return {"language": voice.lexicons[language].name("languages", main[0]) if main else ""}
    if broken == "not_themes":
        theme = next((t for t in film.themes if t in limits.not_themes), "")
        return {"theme1": voice.lexicons[language].name("themes", theme) if theme else ""}
    if broken == "not_people":
        for kind, names in (("director", film.directors), ("actor", film.cast)):
            for name in names:
                if name in limits.not_people:
                    return {kind: name}
    if broken == "tone_max":
        over = (t for t, most in limits.tone_max.items() if (film.tone_of(t) or 0.0) > most)
        return {"mood": next(over, "")}
    return {}
