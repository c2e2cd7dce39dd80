"""The facts a reply may claim about a pick: each true of the film's record, each from a part.

Only parts that lifted the score, and the conditions the film was asked to meet, become facts;
each is checked against the record again. Knows nothing of sentences. Next in the flow:
``explanation`` turns facts into plans and words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.catalogue import Catalogue, Film, Limits
from assistant.history import Profile
from assistant.lexicon import Lexicon
from assistant.parsing.request import Wants

if TYPE_CHECKING:
    from assistant.ranking import Part, Pick

MEANINGFUL = 0.04
"""A part that adds less than this moved no place in a list and is not worth a sentence."""
TONE_GAP = 1.0
"""Points of 10 by which a film must be funnier before a text says it is."""
STRONG_TONE = 7.0
"""Points of 10 from which a film is simply called funny."""
ACCLAIMED = 0.9
FAMOUS = 0.97
LITTLE_SEEN = 0.6
GOOD = 0.75
"""Ranks 0-1 of acclaim and popularity from which (or, little seen, below which) words say so."""
SAME_ERA_YEARS = 3
LIKED = 0.5
"""Strength 0-1 of a like from which "you liked" is said: stated likes, not mere openings."""
ABOUT_LONGEST = 48
"""Characters of the person's own words that still read well inside a sentence."""
STYLISTIC = frozenset(
    """sequel|remake|franchise entry|origin story|twist ending|nonlinear story|single location
    |real time|breaking the fourth wall|story within a story|slow burn|dialogue driven|anthology
    |visually stunning|minimalist|black and white|silent film|rotoscope and mixed animation
    |hand-drawn animation|computer animation|cult classic|feel-good|tearjerker|mind-bending
    |book adaptation|comic book adaptation|video game adaptation|play adaptation|biography
    |based on a true story|ensemble of intersecting lives|found footage|unreliable narrator
    |documentary|concert film|new york|los angeles|chicago|boston|paris|london|italy|japan
    |hong kong|india|latin america|africa|eastern europe|scandinavia|ireland and scotland
    |australia and new zealand|american south|musical numbers|historical figure|anime|stop motion
    |surreal|film noir|neo-noir|slasher|body horror|folk horror|psychological horror|parody
    |mockumentary|satire|holiday|christmas|halloween|dark comedy|slapstick|screwball comedy
    |romantic comedy|raunchy comedy|gross-out comedy|deadpan comedy|workplace comedy
    |stand-up comedy|costume romance|nature documentary""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)
"""Themes that name a form, a place or a genre: a film is not "about" them."""


@dataclass(frozen=True)
class Fact:
    """One thing that is true of a pick and helped it into the list."""

    kind: str
    """seed, themes, shared, tone, mood, director, actor, genre, decade, year, runtime, country,
    language, about, liked, acclaim, hidden, popular or era."""
    values: Mapping[str, str]
    """By placeholder, empty for the bare claims. mood, genre, country, decade ("1990") and runtime
    ("97") are canonical: ``Voice.dressed`` puts them in words; the rest is ready to show."""
    source: str
    """The part's name, ``"limits"`` where the person made it a condition, ``"prefer"`` where they
    would rather have it. Words may call a tone, mood, genre, decade, year, runtime, country or
    language asked for: such a fact is there only where it was."""
    rests: tuple[str, ...] = ()
    """What of the request or the history it rests on: chip keys (``"like:tt1"``, ``"tone:funny"``)
    and ``"liked:tt2"`` for a film of the history. Empty for conditions and for what is true of
    the film whoever asks."""


def facts(
    pick: Pick, wants: Wants, profile: Profile, catalogue: Catalogue, lexicon: Lexicon
) -> tuple[Fact, ...]:
    """True facts about ``pick`` in ``lexicon``'s language: by what they added, conditions last."""
    found: list[Fact] = []
    for part in sorted(pick.parts, key=lambda part: (-part.value, part.name)):
        if part.value >= MEANINGFUL:
            found += _from_part(part, pick, wants, profile, catalogue, lexicon)
    for asked, source in ((wants.limits, "limits"), (wants.prefer, "prefer")):
        found += _from_limits(pick.film, asked, source, lexicon)
    unique: dict[str, Fact] = {}
    for fact in found:
        unique.setdefault(fact.kind, fact)
    return tuple(unique.values())


def seed_of(pick: Pick, wants: Wants, catalogue: Catalogue) -> Film | None:
    """The liked film this pick leans on most; None where it leans on none."""
    for part in sorted(pick.parts, key=lambda part: (-part.value, part.name)):
        if part.name in ("neighbours", "circle", "seed", "company") and part.value >= MEANINGFUL:
            for film_id in part.because:
                film = catalogue.get(film_id)
                if film is not None and film_id in wants.like:
                    return film
    return None


def theme_names(film: Film, other: Film | None = None) -> tuple[str, ...]:
    """Themes a film can be said to be about, in its order; with ``other``, those both have."""
    own = [theme for theme in film.themes if theme not in STYLISTIC]
    return tuple(own if other is None else (t for t in own if t in other.themes))


def show_title(film: Film, language: str) -> str:
    """A title as it stands inside a sentence of ``language``."""
    title = film.title_in(language)
    return f"《{title}》" if language == "zh" else title


def _from_part(
    part: Part,
    pick: Pick,
    wants: Wants,
    profile: Profile,
    catalogue: Catalogue,
    lexicon: Lexicon,
) -> Iterator[Fact]:
    film, name = pick.film, part.name
    seed = seed_of(pick, wants, catalogue)
    if name in ("neighbours", "circle", "seed", "company") and seed is not None:
        title = show_title(seed, lexicon.language)
        yield Fact("seed", {"seed": title}, name, (f"like:{seed.id}",))
    elif name in ("about", "requests") and 3 <= len(wants.about) <= ABOUT_LONGEST:
        yield Fact("about", {"about": wants.about}, name, ("about",))
    elif name == "themes":
        yield from _themes(part, film, seed, wants, lexicon)
    elif name == "tone":
        yield from _tones(film, seed, wants, lexicon)
    elif name == "people":
        seeds = {
            f"{kind}:{i}": catalogue.get(i)
            for kind in ("like", "around")
            for i in getattr(wants, kind)
        }
        for fact in _person(film, part.because, name):
            (person,) = fact.values.values()
            held = (k for k, f in seeds.items() if f and person in f.directors + f.cast)
            yield replace(fact, rests=tuple(held))
    elif name == "profile":
        for film_id in part.because:
            liked = catalogue.get(film_id)
            if liked is not None and profile.likes.get(film_id, 0.0) >= LIKED and liked != seed:
                title = show_title(liked, lexicon.language)
                yield Fact("liked", {"liked": title}, name, (f"liked:{film_id}",))
                break
    else:
        yield from _standing(name, film, seed)


def _themes(
    part: Part, film: Film, seed: Film | None, wants: Wants, lexicon: Lexicon
) -> Iterator[Fact]:
    ranked = [t for t in part.because if t in film.themes and t not in STYLISTIC]
    shared = [t for t in ranked if seed is not None and t in seed.themes]
    asked = [t for t in ranked if t in wants.themes]
    from_seed = (f"like:{seed.id}",) if seed is not None else ()
    from_words = tuple(f"themes:{theme}" for theme in asked[:2])
    for kind, themes, rests in (("shared", shared, from_seed), ("themes", asked, from_words)):
        if themes:
            names = [lexicon.name("themes", theme) for theme in themes[:2]]
            values = {f"theme{i}": name for i, name in enumerate(names, 1)}
            yield Fact(kind, values, part.name, rests)


def _tones(film: Film, seed: Film | None, wants: Wants, lexicon: Lexicon) -> Iterator[Fact]:
    wished = sorted(wants.tone.items(), key=lambda item: (-abs(item[1]), item[0]))
    for tone, shift in wished:
        score = film.tone_of(tone)
        base = seed.tone_of(tone) if seed is not None else None
        if score is None:
            continue
        if base is not None and (score - base) * (1 if shift > 0 else -1) >= TONE_GAP:
            form = "more" if shift > 0 else "less"
            words = lexicon.text("tones", tone, form)
            yield Fact("tone", {"tone": words}, "tone", (f"tone:{tone}",))
        # Who wants it funnier than the seed is not served by one that is funny, but less so.
        if shift > 0 and score >= max(STRONG_TONE, base or 0.0):
            yield Fact("mood", {"mood": tone}, "tone", (f"tone:{tone}",))


def _person(film: Film, names: Iterable[str], source: str) -> Iterator[Fact]:
    for name in names:
        if name in film.directors:
            yield Fact("director", {"director": name}, source)
        elif name in film.cast:
            yield Fact("actor", {"actor": name}, source)


def _standing(name: str, film: Film, seed: Film | None) -> Iterator[Fact]:
    """Bare claims: how a film is thought of, how known and how new it is."""
    if name == "acclaim" and film.acclaim >= ACCLAIMED:
        yield Fact("acclaim", {}, name)
    if name == "acclaim" and film.acclaim >= GOOD and film.popularity < LITTLE_SEEN:
        yield Fact("hidden", {}, name)
    if name == "popularity" and film.popularity >= FAMOUS:
        yield Fact("popular", {}, name)
    if name == "era" and seed is not None and abs(film.year - seed.year) <= SAME_ERA_YEARS:
        yield Fact("era", {}, name, (f"like:{seed.id}",))


def _from_limits(film: Film, limits: Limits, source: str, lexicon: Lexicon) -> Iterator[Fact]:
    """Conditions and preferences the film meets, read from its record."""
    asked = {n for groups in (limits.directed_by, limits.people) for g in groups for n in g}
    yield from _person(film, (n for n in film.directors if n in asked), source)
    asked |= {name for group in limits.starring for name in group}
    yield from _person(film, (n for n in film.cast if n in asked), source)
    genres = {name for group in limits.genres for name in group}
    for genre in film.all_genres:
        if genre in genres:
            yield Fact("genre", {"genre": genre}, source)
            break
    if any(low <= film.year <= high for low, high in limits.years):
        decade = film.year // 10 * 10
        yield Fact("year", {"year": str(film.year)}, source)
        yield Fact("decade", {"decade": str(decade)}, source)
    low, high = limits.runtime_min or (0, -1)
    if film.runtime_min and low <= film.runtime_min <= high:
        yield Fact("runtime", {"runtime": str(film.runtime_min)}, source)
    for country in film.home:
        if country in limits.countries:
            yield Fact("country", {"country": country}, source)
            break
    if film.languages and film.languages[0] in limits.languages:
        yield Fact("language", {"language": lexicon.name("languages", film.languages[0])}, source)
