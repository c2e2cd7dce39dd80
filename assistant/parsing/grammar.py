"""The grammar of one language: its patterns and phrasebooks, loaded once and handed around.

Words are data (``data/languages/<language>``); nothing is read from a message here.
Next in the flow: ``marks`` applies a grammar to a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from assistant.catalogue.limits import Group
from assistant.errors import DataError
from assistant.lexicon import Lexicon
from assistant.parsing.patterns import Patterns
from assistant.parsing.phrasebook import Phrasebook

_FROM = re.compile(r"(?:\s*(?:from|of|in|made in|released in|the))*\s*")
_FEW_WORDS = re.compile(r"(?:[\s-]*[\w'§]+){0,4}")

TONE_SHIFT = 0.6
"""What "funnier" moves a tone; half of it for "a bit", half as much again for "much"."""
TONE_WISH = 0.5
"""What "something funny" moves it: a wish, not yet a correction."""


@dataclass(frozen=True)
class Topic:
    """What a phrase asks for where it is not negated."""

    kind: str
    """ "genre", "tone", "shift" (a comparative), "mood", "place", "language", "collection" or
    "theme"."""
    name: str
    groups: tuple[Group, ...] = ()
    """Genre groups: one of each."""
    themes: tuple[str, ...] = ()
    tone: Mapping[str, float] = field(default_factory=dict)
    novelty: float = 0.0
    hit: float = 0.0
    acclaim: float | None = None
    """Least acclaim 0-1."""
    countries: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    not_countries: frozenset[str] = frozenset()
    not_languages: frozenset[str] = frozenset()
    not_genres: frozenset[str] = frozenset()
    collections: Group = frozenset()
    """Studios, series or prizes, any one of which is enough."""
    subjects: tuple[str, ...] = ()
    """Themes that go out with a genre: who wants no war wants none of its themes."""
    leaning: Group = frozenset()
    """Subgenres that lead and do not rule out: too few films carry the name of what they are."""
    loose: bool = False
    """A word that is an everyday word too: counts beside a film word or a genre."""


class Grammar:
    """Everything needed to read one language; a value once loaded."""

    def __init__(self, folder: Path, lexicon: Lexicon) -> None:
        """``folder`` is ``data/languages/<language>/grammar``; raises ``DataError``."""
        self.language = lexicon.language
        self.years = Patterns(folder, "years")
        self.runtime = Patterns(folder, "runtime")
        self.amounts = Patterns(folder, "amounts")
        self.references = Patterns(folder, "references")
        self.cues = Patterns(folder, "cues")
        self.cues_after = Patterns(folder, "cues_after")
        self.acts = Patterns(folder, "acts")
        self.hints = Patterns(folder, "hints")
        self.opinions = Patterns(folder, "opinions")
        self.several = Patterns(folder, "several")
        self.drops = Patterns(folder, "drops")
        self.unusable = Patterns(folder, "unusable")
        self.modifiers = Patterns(folder, "modifiers")
        self.roles = Patterns(folder, "roles")
        self.topics: Phrasebook[Topic] = Phrasebook(
            dict(_first_wins(_topics(lexicon, _read(folder / "moods.json"))))
        )
        stop = _read(folder / "stop.json")
        self.stop: frozenset[str] = frozenset(stop["words"])
        self._film_word = re.compile(stop["film_word"])
        self.plot_opening = _optional(stop, "plot_opening")
        """Words after which a plot is told ("where", "set in")."""
        self.named_here = _optional(stop, "named_here")
        """Ends in words after which the film itself is named inside a plot ("… in this")."""
        self.setting = _optional(stop, "setting")
        """Ends in words before the time a story plays in ("set in")."""
        self.told_after = _optional(stop, "told_after")
        """Words after which a year belongs to what is told."""
        self.other_work = _optional(stop, "other_work")
        """Begins with what a year that is no film's belongs to ("the 1994 novel")."""
        self.released = _optional(stop, "released")
        """Ends in words before a year in which a film came out."""
        self.manner_after = _optional(stop, "manner_after")
        """Begins with what makes a word a manner ("-style", "-looking", " vibes")."""
        self.manner_before = _optional(stop, "manner_before")
        """Ends in words before a kind that a film only resembles ("plays like a")."""
        self.ingredient = _optional(stop, "ingredient")
        """Ends in words before one thing among others in a film ("with a bit of")."""
        self.echo = _optional(stop, "echo")
        """Ends in words before somebody whom a film only brings to mind ("influenced")."""
        self.idioms = _optional(stop, "idioms")
        """Set phrases in which no word is a title ("no rush", "hook me up")."""
        self.clause_end = _optional(stop, "clause_end")
        """What ends a clause."""
        self.time_lead = _optional(stop, "time_lead")
        """Begins with a word that makes a time one of release ("from", "in", "after")."""
        self.small: frozenset[str] = frozenset(stop.get("small", ()))
        """Words that say nothing even inside a plot."""
        self.plot: Mapping[str, str] = (
            _read(folder / "plot.json") if (folder / "plot.json").exists() else {}
        )

    def is_film_here(self, plain: str, end: int) -> bool:
        """Whether a film or genre word follows within a few words of ``end``."""
        rest = _FEW_WORDS.match(plain, end)
        assert rest is not None
        return bool(
            re.search(self._film_word.pattern + r"(?![^\W_])", rest[0])
            or any(topic.kind == "genre" for _, _, topic in self.topics.find(rest[0]))
        )

    def names_film(self, phrase: str) -> bool:
        """Whether a film word or a kind of film stands in ``phrase``, or a topic of ours ends it
        ("weird", "revenge")."""
        return bool(
            re.search(rf"(?:{self._film_word.pattern})(?![^\W_])", phrase)
            or any(
                topic.kind == "genre" or end == len(phrase)
                for _, end, topic in self.topics.find(phrase)
            )
        )

    def is_genre_before(self, plain: str, start: int) -> bool:
        """Whether a genre word stands before ``start`` with at most "from the" between."""
        before = plain[max(0, start - 40) : start]
        return any(
            topic.kind == "genre" and _FROM.fullmatch(before, end)
            for _, end, topic in self.topics.find(before)
        )

    def is_genre_here(self, plain: str, start: int, end: int) -> bool:
        """Whether the loose genre word at ``start`` to ``end`` is meant as a genre.

        It is before a film word or another genre ("war movies", "crime drama"), and alone.
        """
        rest = plain[end : end + 40]
        if self._film_word.match(rest) or plain.strip(" .,!?") == plain[start:end]:
            return True
        after = re.match(r"(?:\s*(?:,|/|and|or|&|-)\s*|\s+)", rest)
        for at, _, topic in self.topics.find(rest):
            return topic.kind == "genre" and after is not None and at == after.end()
        return False


def _optional(entries: Mapping[str, Any], name: str) -> re.Pattern[str]:
    """The pattern of that name; one that fits nowhere where the language has none."""
    return re.compile(entries.get(name, r"(?!)"))


def _first_wins(pairs: Iterator[tuple[str, Topic]]) -> Iterator[tuple[str, Topic]]:
    seen: set[str] = set()
    for phrase, topic in pairs:
        if phrase and phrase not in seen:
            seen.add(phrase)
            yield phrase, topic


def _topics(lexicon: Lexicon, moods: Mapping[str, Any]) -> Iterator[tuple[str, Topic]]:
    """Phrases with their topics, those that win first."""
    for phrases, effect in moods.items():
        topic = _mood(phrases.split("|")[0], effect)
        for phrase in phrases.split("|"):
            yield phrase, topic
    for name, entry in lexicon.entries["genres"].items():
        means = tuple(frozenset(group) for group in entry.get("means", [[name]]))
        loose = frozenset(entry.get("loose", ()))
        for word in entry.get("words", ()):
            yield (
                word.lower(),
                Topic(
                    "genre",
                    name,
                    means,
                    tuple(entry.get("themes", ())),
                    subjects=tuple(entry.get("subjects", ())),
                    leaning=frozenset(entry.get("prefers", ())),
                    loose=word in loose,
                ),
            )
    yield from _tones(lexicon)
    yield from _places(lexicon)
    for name, entry in lexicon.entries["collections"].items():
        loose = frozenset(entry.get("loose", ()))
        for word in entry.get("words", ()):
            collections = frozenset(entry.get("any", (name,)))
            yield (
                word.lower(),
                Topic("collection", name, collections=collections, loose=word in loose),
            )
    for name, entry in lexicon.entries["themes"].items():
        for word in entry.get("words", ()):
            yield word.lower(), Topic("theme", name, themes=(name,))


def _tones(lexicon: Lexicon) -> Iterator[tuple[str, Topic]]:
    for name, entry in lexicon.entries["tones"].items():
        for form, shift in (("more", TONE_SHIFT), ("less", -TONE_SHIFT)):
            yield entry[form].lower(), Topic("shift", name, tone={name: shift})
        for word in entry.get("comparatives", ()):
            yield word, Topic("shift", name, tone={name: TONE_SHIFT})
        for word in entry.get("words", ()):
            yield word.lower(), Topic("tone", name, tone={name: TONE_WISH})


def _places(lexicon: Lexicon) -> Iterator[tuple[str, Topic]]:
    english = lexicon.language == "en"
    for name, entry in lexicon.entries["languages"].items():
        topic = Topic("language", name, languages=frozenset(entry.get("any", (name,))))
        for word in entry.get("words", ()):
            forms = (
                "in {}",
                "{} language",
                "{} speaking",
                "{} spoken",
                "{} audio",
                "in {} language",
            )
            for form in forms if english else ("{}", "说{}", "{}对白"):
                yield form.format(word), topic
        if english and name == "English":
            yield "english", topic
    for name, entry in lexicon.entries["countries"].items():
        topic = Topic(
            "place",
            name,
            countries=frozenset(entry.get("any", (name,))),
            languages=frozenset(entry.get("languages", ())),
        )
        for word in entry.get("words", ()):
            yield word.lower(), topic
        for word in entry.get("places", ()):
            for form in ("from {}", "made in {}", "produced in {}", "out of {}", "{} cinema"):
                yield form.format(word), topic
            for form in ("outside {}", "outside of {}", "from outside {}", "from outside of {}"):
                yield form.format(word), Topic("place", name, not_countries=topic.countries)


def _mood(name: str, effect: Mapping[str, Any]) -> Topic:
    return Topic(
        "mood",
        name,
        groups=tuple(frozenset({genre}) for genre in effect.get("genres", ())),
        themes=tuple(effect.get("themes", ())),
        tone=effect.get("tone", {}),
        novelty=effect.get("novelty", 0.0),
        hit=effect.get("hit", 0.0),
        acclaim=effect.get("acclaim"),
        languages=frozenset(effect.get("languages", ())),
        not_languages=frozenset(effect.get("not_languages", ())),
        not_genres=frozenset(effect.get("not_genres", ())),
    )


def load_grammars(data: Path, lexicons: Mapping[str, Lexicon]) -> Mapping[str, Grammar]:
    """A grammar for every lexicon; raises ``DataError`` where files are missing or wrong."""
    return {
        language: Grammar(data / "languages" / language / "grammar", lexicon)
        for language, lexicon in lexicons.items()
    }


def _read(path: Path) -> Mapping[str, Any]:  # Any: JSON of several shapes
    try:
        entries = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise DataError(f"cannot read {path}: {error}") from error
    if not isinstance(entries, dict):
        raise DataError(f"{path} is not an object")
    return entries


def grammars_for(grammars: Mapping[str, Grammar], languages: Sequence[str]) -> tuple[Grammar, ...]:
    """The grammars of ``languages`` that exist, in that order; all of them where none does."""
    found = tuple(grammars[language] for language in languages if language in grammars)
    return found or tuple(grammars.values())
