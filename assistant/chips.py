"""The understood wants as removable chips: a key to drop each, and a short label.

Knows nothing of how wants came about. Next in the flow: the page shows them, ``chat`` drops one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.catalogue import Catalogue, Limits
from assistant.errors import RequestError
from assistant.lexicon import Lexicon
from assistant.parsing.request import Wants
from assistant.prompts import Prompts

_OPEN_END = 9999
_GROUPS = ("genres", "people", "directed_by", "starring", "collections")
_SETS = (
    "not_genres",
    "not_people",
    "not_collections",
    "countries",
    "not_countries",
    "languages",
    "not_languages",
    "not_themes",
)
_KIND = {
    "genres": "genres",
    "not_genres": "genres",
    "countries": "countries",
    "not_countries": "countries",
    "languages": "languages",
    "not_languages": "languages",
    "not_themes": "themes",
    "collections": "collections",
    "not_collections": "collections",
}


_ARTICLE = re.compile(r"^(?:an?|the) ", re.IGNORECASE)
"""Theme names carry an article for sentences: "a heist", but "no heist"."""
_Fields = dict[str, Any]
"""Any: values of whichever field is named."""


@dataclass(frozen=True)
class Chip:
    """One understood condition, removable."""

    key: str
    """What to hand back to drop it: ``"years"``, ``"genres:Comedy"``, ``"like:tt0111161"``."""
    label: str


def chips_of(
    wants: Wants, catalogue: Catalogue, lexicon: Lexicon, prompts: Prompts
) -> tuple[Chip, ...]:
    """A chip for every condition, seeds first, then limits, then soft wishes."""
    return tuple(_chips(wants, catalogue, _Namer(lexicon, prompts)))


def changes_of(
    wants: Wants, catalogue: Catalogue, lexicon: Lexicon, prompts: Prompts
) -> tuple[str, ...]:
    """What a message asked for, to be said in one sentence: several seeds count as one change."""
    namer = _Namer(lexicon, prompts)
    said = []
    for name in ("like", "unlike"):
        films = [catalogue[i] for i in getattr(wants, name) if i in catalogue]
        if films:
            titles = [film.title_in(lexicon.language) for film in films]
            said.append(namer.say(name, film=namer.both(titles)))
    bare = replace(wants, like=(), unlike=(), about="", count=None)
    if wants.limits.countries:  # "French" sets both: once is enough in a sentence
        bare = replace(bare, limits=replace(wants.limits, languages=frozenset()))
    return (*said, *(chip.label for chip in _chips(bare, catalogue, namer)))


def without_chip(wants: Wants, key: str) -> Wants:
    """``wants`` without the condition of one chip; raises ``RequestError`` for an unknown key."""
    name, _, value = key.partition(":")
    limits = wants.limits
    if name in ("like", "unlike", "themes", "around"):
        left: _Fields = {name: tuple(x for x in getattr(wants, name) if x != value)}
        said = "" if name == "themes" else wants.said
        return replace(wants, said=said, **left)
    if name == "tone":
        return replace(wants, said="", tone={t: s for t, s in wants.tone.items() if t != value})
    if name == "tone_max":
        left_max = {t: s for t, s in limits.tone_max.items() if t != value}
        return replace(wants, limits=replace(limits, tone_max=left_max))
    if name in _GROUPS:
        left = {name: tuple(g for g in getattr(limits, name) if _group_key(g) != value)}
        return replace(wants, limits=replace(limits, **left))
    if name == "countries" and not value:
        return wants.without(frozenset({"countries", "languages"}))
    if name in _SETS and value:
        left = {name: getattr(limits, name) - {value}}
        return replace(wants, limits=replace(limits, **left))
    if (
        name in ("about", "prefer", "style", "novelty", "hit", "count")
        or name in Limits.__dataclass_fields__
    ):
        return wants.without(frozenset({name}))
    raise RequestError(f"there is no condition {key!r} to drop")


class _Namer:
    """Labels in one language."""

    def __init__(self, lexicon: Lexicon, prompts: Prompts) -> None:
        self._lexicon = lexicon
        self._prompts = prompts

    def say(self, name: str, **values: str) -> str:
        return self._prompts.render(f"chip_{name}", self._lexicon.language, values)

    @property
    def language(self) -> str:
        return self._lexicon.language

    def tone(self, name: str, form: str) -> str:
        return self._lexicon.text("tones", name, form)

    def name(self, kind: str, canonical: str) -> str:
        return self._lexicon.name(kind, canonical)

    def both(self, names: Sequence[str]) -> str:
        """ "A, B and C"."""
        text = names[0]
        for place, name in enumerate(names[1:], start=2):
            form = "list_two" if place == len(names) else "list_more"
            text = self._prompts.render(form, self._lexicon.language, {"a": text, "b": name})
        return text

    def any_of(self, kind: str | None, names: Iterable[str]) -> str:
        wanted = frozenset(names)
        if (name := self.together(kind, wanted)) is not None:
            return name
        shown = [self.name(kind, n) if kind else n for n in sorted(wanted)]
        return self.either(shown)

    def together(self, kind: str | None, names: frozenset[str]) -> str | None:
        """The one name for all of ``names`` ("Asia"); None where they have none."""
        return self._lexicon.name_of_any(kind, names) if kind else None

    def either(self, names: Sequence[str]) -> str:
        """ "A or B or C"."""
        word = self._prompts.render("word_or", self._lexicon.language)
        return f" {word} ".join(names)


def _chips(wants: Wants, catalogue: Catalogue, namer: _Namer) -> Iterator[Chip]:
    language = namer.language
    for name in ("like", "unlike"):
        for film_id in getattr(wants, name):
            film = catalogue.get(film_id)
            if film is not None:
                yield Chip(f"{name}:{film_id}", namer.say(name, film=film.title_in(language)))
    yield from _limit_chips(wants.limits, namer)
    for theme in wants.themes:
        yield Chip(f"themes:{theme}", namer.name("themes", theme))
    for tone, shift in wants.tone.items():
        if shift:
            form = "more" if shift > 0 else "less"
            yield Chip(f"tone:{tone}", namer.tone(tone, form))
    for chip in _limit_chips(wants.prefer, namer):
        yield Chip("prefer", namer.say("prefer", what=chip.label))
    if wants.style:
        yield Chip("style", namer.say("style"))
    if wants.novelty:
        yield Chip("novelty", namer.say("novel" if wants.novelty > 0 else "classic"))
    if wants.hit:
        yield Chip("hit", namer.say("hit" if wants.hit > 0 else "flop"))
    if wants.count:
        yield Chip("count", namer.say("count", count=str(wants.count)))
    if wants.about:
        yield Chip("about", namer.say("about", words=_short(wants.about)))


def _limit_chips(limits: Limits, namer: _Namer) -> Iterator[Chip]:
    for name in _GROUPS:
        for group in getattr(limits, name):
            label = namer.any_of(_KIND.get(name), group)
            if name in ("directed_by", "starring"):
                label = namer.say(name, who=label)
            yield Chip(f"{name}:{_group_key(group)}", label)
    for name in _SETS:
        region = namer.together(_KIND.get(name), getattr(limits, name))
        if region is not None and not name.startswith("not_"):
            yield Chip(name, region)
            continue
        if name == "languages" and namer.together("countries", limits.countries) is not None:
            continue  # a region's languages go with it
        for value in sorted(getattr(limits, name)):
            kind = _KIND.get(name)
            label = namer.name(kind, value) if kind else value
            if name.startswith("not_"):
                label = namer.say("no", what=_ARTICLE.sub("", label))
            yield Chip(f"{name}:{value}", label)
    if limits.years:
        yield Chip("years", namer.either([_span(namer, "years", *span) for span in limits.years]))
    if limits.runtime_min is not None:
        yield Chip("runtime_min", _span(namer, "runtime", *limits.runtime_min))
    if limits.maximum_age is not None:
        yield Chip("maximum_age", namer.say("age", age=str(limits.maximum_age)))
    if limits.acclaim_min is not None:
        yield Chip("acclaim_min", namer.say("acclaimed"))
    for tone in limits.tone_max:
        word = namer.name("tones", tone)
        yield Chip(f"tone_max:{tone}", namer.say("not_too", what=word))


def _span(namer: _Namer, name: str, low: int, high: int) -> str:
    if high >= _OPEN_END:
        return namer.say(f"{name}_from", low=str(low))
    if low <= 0:
        return namer.say(f"{name}_to", high=str(high))
    if low == high:
        return namer.say(f"{name}_at", low=str(low))
    return namer.say(f"{name}_between", low=str(low), high=str(high))


def _group_key(group: frozenset[str]) -> str:
    return "|".join(sorted(group))


def _short(text: str, limit: int = 40) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
