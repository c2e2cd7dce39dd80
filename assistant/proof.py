"""Reads shown words against the record: every claim a text makes that the film does not bear out.

Made to check the checker: it shares no rule with ``wording`` or ``facts``. It knows the catalogue,
the names of the lexicons and, in ``data/proof``, which words make which claim; it does not know the
plan a text was written for. Next in the flow: ``evaluation_words`` counts what it finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from assistant.catalogue import TONES, Film
from assistant.errors import DataError
from assistant.facts import show_title
from assistant.voice import Voice

REGARDED, QUIETLY_GOOD = 0.9, 0.75
"""Ranks of acclaim from which words may call a film well regarded, or a find."""
KNOWN, LITTLE_KNOWN = 0.97, 0.6
"""Ranks of popularity from which a film may be called famous, and below which little known."""
NEAR_YEARS = 3
STRONG, GAP = 7.0, 1.0
"""Points of 10 that make a film simply funny, and funnier than another."""
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_BREAK = re.compile(r"[.!?:;“\"(]\s*$")


@dataclass(frozen=True)
class Told:
    """What a text is read against: its film, and what the person themselves said."""

    film: Film
    seed: Film | None = None
    """The film they started from."""
    liked: Film | None = None
    """A film their history says they liked."""
    about: str = ""
    """Their own words."""


class Proof:
    """Finds claims without ground, in one language."""

    def __init__(self, data: Path, voice: Voice, language: str) -> None:
        """Raises ``DataError`` where ``data/proof`` holds no words for ``language``."""
        path = data / "proof" / f"{language}.json"
        try:
            words: Mapping[str, Sequence[str]] = orjson.loads(path.read_bytes())
        except (OSError, ValueError) as error:
            raise DataError(f"cannot read {path}: {error}; restore data/proof") from error
        self._voice = voice
        self._language = language
        self._about = words["about"]
        self._claims = {
            kind: re.compile("|".join(found), re.IGNORECASE)
            for kind, found in words.items()
            if kind != "about"
        }
        entries = voice.lexicons[language].entries["themes"]
        self._themes = {theme: str(entry["name"]) for theme, entry in entries.items()}
        forms = (voice.lexicons[language].text("tones", t, f) for t in TONES for f in _FORMS)
        self._comparatives = sorted(forms, key=len, reverse=True)

    def unsupported(self, text: str, told: Told) -> list[str]:
        """Each claim of ``text`` that the record does not bear out, in words; empty for none."""
        return [
            *self._claimed(text, told),
            *self._comparisons(text, told),
            *self._subjects(text, told),
            *self._strangers(text, told),
        ]

    def _claimed(self, text: str, told: Told) -> Iterator[str]:
        """Standing, years and taste; names are taken out first, they claim nothing."""
        bare = _without(text, self._names(told))
        film, seed = told.film, told.seed
        true = {
            "acclaim": film.acclaim >= REGARDED,
            "hidden": film.acclaim >= QUIETLY_GOOD and film.popularity < LITTLE_KNOWN,
            "popular": film.popularity >= KNOWN,
            "era": seed is not None and abs(film.year - seed.year) <= NEAR_YEARS,
            "liked": told.liked is not None,
        }
        for kind, words in self._claims.items():
            found = words.search(bare)
            if found and not true.get(kind, False):
                yield f"{kind}: {found[0]!r}"

    def _comparisons(self, text: str, told: Told) -> Iterator[str]:
        """A comparative must hold against the seed, a mood of the film itself."""
        lexicon, film, seed = self._voice.lexicons[self._language], told.film, told.seed
        bare = _without(text, self._names(told))
        for tone in TONES:
            score, base = film.tone_of(tone), seed.tone_of(tone) if seed else None
            gap = score - base if score is not None and base is not None else 0.0
            for form, holds in (("more", gap >= GAP), ("less", -gap >= GAP)):
                words = lexicon.text("tones", tone, form)
                if self._stands(words, bare) and not holds:
                    yield f"tone: {words!r}"
            mood = self._voice.dressed({"mood": tone}, self._language)["mood"]
            strong = score is not None and score >= STRONG
            if self._stands(mood, _without(bare, self._comparatives)) and not strong:
                yield f"mood: {mood!r}"

    def _subjects(self, text: str, told: Told) -> Iterator[str]:
        """A film said to be about something must have the theme; beside a seed, both must."""
        own = told.film.themes
        alone = told.seed is None or show_title(told.seed, self._language) not in text
        for theme, name in self._themes.items():
            for pattern in self._about:
                words = pattern.replace("{name}", re.escape(name))
                if not re.search(words, text, re.IGNORECASE):
                    continue
                longer = any(name != n and name in n and n in text for n in self._themes.values())
                if theme not in own and not longer:
                    yield f"theme: {name!r}"
                elif not (longer or alone or told.seed is None or theme in told.seed.themes):
                    yield f"theme not shared: {name!r}"

    def _strangers(self, text: str, told: Told) -> Iterator[str]:
        """Names, titles and numbers that belong to no film spoken of."""
        bare = _without(text, [*self._names(told), *self._numbers(told.film)])
        yield from (f"number: {n!r}" for n in re.findall(r"\d+", bare))
        yield from (f"title: {t!r}" for t in re.findall(r"《[^》]*》", bare))
        for word in _WORD.finditer(bare):
            before = bare[: word.start()]
            opens = not before.strip() or _BREAK.search(before)
            named = self._language == "zh" or (word[0][:1].isupper() and not opens)
            if named and word[0] not in _I:
                yield f"name: {word[0]!r}"

    def _names(self, told: Told) -> list[str]:
        """Every name the text may use, longest first."""
        film, language, voice = told.film, self._language, self._voice
        films = [f for f in (film, told.seed, told.liked) if f is not None]
        names = [*(show_title(f, language) for f in films), *film.directors, *film.cast]
        names += [self._themes[t] for t in film.themes if t in self._themes]
        names += [voice.names("countries", [c], language) for c in film.countries]
        names += [voice.names("languages", [x], language) for x in film.languages]
        names += [voice.dressed({"genre": g}, language)["genre"] for g in film.all_genres]
        names += [told.about] if told.about else []
        return sorted(names, key=len, reverse=True)

    def _numbers(self, film: Film) -> list[str]:
        found = [str(film.year), str(film.year // 10 * 10)]
        return [*found, str(film.runtime_min)] if film.runtime_min else found

    def _stands(self, words: str, text: str) -> bool:
        if self._language == "zh":
            return words in text
        return bool(re.search(rf"\b{re.escape(words)}\b", text, re.IGNORECASE))


_FORMS = ("more", "less")
_I = frozenset({"I", "I'd", "I'm", "I've", "I'll"})


def _without(text: str, names: Iterable[str]) -> str:
    """``text`` with the names put out of sight, whatever case they begin in."""
    for name in names:
        if name:
            text = re.sub(re.escape(name), "·", text, flags=re.IGNORECASE)
    return text
