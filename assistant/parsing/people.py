"""Which people a message names: full names, misspelled ones, famous surnames, Chinese forms.

Knows nothing of why they are named (directed by, starring, anyone but). Next in the flow:
``parser``. Films are found by ``titles``; ``find_names`` in ``names`` settles who owns words that
both want.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.catalogue import Catalogue
from assistant.config import Settings
from assistant.errors import DataError
from assistant.parsing.commonness import Commonness, read_object
from assistant.parsing.evidence import Scene, scene_of
from assistant.parsing.spans import (
    ARTICLES,
    SCANNED,
    Word,
    compact,
    has_cjk,
    keys_of,
    overlaps,
    words_of,
)
from assistant.parsing.titlekeys import fame

WIDEST = 5
"""Words of the longest name."""
FUZZY_FAME = 6.0
"""Least fame of a person whose full name's misspellings are bridged (``_fame``)."""
FUZZY_LETTERS = 7
_WRONG = ((7, 0), (11, 1), (10_000, 2))
"""Wrong letters allowed in names shorter than so many letters."""
SURNAME_FAME = 25.0
"""Least fame of a person who is known by the surname alone."""
SURNAME_SHARE = 2.0
"""How much more known than the next of that surname such a person must be."""
DIRECTED = 2.0
"""What a directed film counts against a role: people say "a Nolan film" of its director."""
_BILLING = (1.0, 0.8, 0.6, 0.4, 0.3, 0.25, 0.2, 0.2)
"""What a role counts by place in the billing."""
_SUFFIX = frozenset({"jr", "sr", "2", "3"})
_FILLER = frozenset({"de", "la", "von", "van", "del", "di", "da"})


@dataclass(frozen=True, slots=True)
class PersonMention:
    """A person named in a message."""

    names: tuple[str, ...]
    """Full names the words can mean, likeliest first; never empty."""
    start: int
    end: int
    """Character span in the message."""
    exact: bool = True
    """False where a misspelling was bridged."""
    full: bool = True
    """False where only the surname was given."""
    told: bool = False
    """Named only to tell which film is meant ("Contact with Jodie Foster")."""


class PeopleFinder:
    """Finds people by name; a value once made."""

    def __init__(self, catalogue: Catalogue, data: Path | None = None) -> None:
        """Raises ``DataError`` where a word list in ``data`` is missing or wrong."""
        data = Settings().data if data is None else data
        english = data / "languages" / "en"
        self._commonness = Commonness(english)
        cues = read_object(english / "people_cues.json")
        try:
            self._before = frozenset(str(cues["before"]).split())
            self._ruling = frozenset(str(cues["ruling"]).split())
            self._after = frozenset(str(cues["after"]).split())
            self._ordinary = frozenset(str(cues["ordinary"]).split())
            self._not_names = frozenset(str(cues["not_names"]).split())
        except KeyError as error:
            raise DataError(f"{english / 'people_cues.json'} has no {error}") from None
        known = _fame(catalogue)
        self._full, self._namesakes = _full_names(known)
        nicknames = read_object(english / "people.json")
        for nickname, name in nicknames.items():
            if str(name) in known:
                self._full[compact(keys_of(nickname))] = str(name)
                self._namesakes.pop(compact(keys_of(nickname)), None)
        self._near = _near_table(known)
        self._surnames = _famous_surnames(known)
        chinese = read_object(data / "languages" / "zh" / "people.json")
        self._chinese = {key: str(name) for key, name in chinese.items() if str(name) in known}
        self._chinese_pattern = _any_of(self._chinese)

    def find(
        self, text: str, language: str = "en", taken: Sequence[tuple[int, int]] = ()
    ) -> tuple[PersonMention, ...]:
        """The people named in the first ``SCANNED`` characters of ``text``, in text order.

        ``taken``: character spans that are something else (a film's title).
        """
        text = text[:SCANNED]
        scene = scene_of(text, words_of(text))
        found = [*self._chinese_names(text, taken)] if has_cjk(text) else []
        spans = [*taken, *((p.start, p.end) for p in found)]
        place = 0
        while place < len(scene.words):
            person, width = self._at(scene, place, spans)
            if person is not None:
                found.append(person)
                spans.append((person.start, person.end))
            place += width
        return tuple(sorted(found, key=lambda person: person.start))

    def _at(
        self, scene: Scene, place: int, spans: Sequence[tuple[int, int]]
    ) -> tuple[PersonMention | None, int]:
        """The longest name that begins at word ``place``, and how many words to move on."""
        words = scene.words
        widest = place
        while (
            widest < min(place + WIDEST, len(words))
            and not overlaps(words[widest].start, words[widest].end, spans)
            and (widest == place or _joined(scene, widest))
        ):
            widest += 1
        for match in (self._exact, self._misspelled):
            for end in range(widest, place, -1):
                person = match(scene, place, end)
                if person is not None:
                    return person, end - place
        if widest > place:
            person = self._surname(scene, place)
            if person is not None:
                return person, 1
        return None, 1

    def _exact(self, scene: Scene, start: int, end: int) -> PersonMention | None:
        words = scene.words[start:end]
        names = self._named(compact(w.key for w in words))
        if not names:
            return None
        if words[0].key in self._before and keys_of(names[0])[0] != words[0].key:
            return None  # "by ron howard" is not Byron Howard
        if len(words) > 1 and names[0].isalpha():
            return None  # "has an" is not Hasan
        if len(words) == 1 and not self._single(scene, start, names[0]):
            return None
        common = words[0].key in ARTICLES and words[-1].key in self._not_names
        if len(words) > 1 and common and not self._capital(scene, end - 1):
            return None  # "on the edge of the sofa" names no musician
        return PersonMention(names, words[0].start, words[-1].end, full=len(words) > 1)

    def _single(self, scene: Scene, place: int, name: str) -> bool:
        """Whether one word is a name: "Madonna", "denzel"."""
        position = self._in_person_position(scene, place) or len(scene.words) == 1
        if self._commonness.everyday(scene.words[place].key) or " " not in name:
            return position and (self._capital(scene, place) or " " in name)
        return position or self._capital(scene, place)

    def _misspelled(self, scene: Scene, start: int, end: int) -> PersonMention | None:
        words = scene.words[start:end]
        if not 2 <= len(words) <= 3:
            return None
        common = [self._commonness.everyday(word.key) for word in words]
        expected = all(common)
        if any(word.key in self._not_names for word in words):
            return None
        if expected and not self._in_person_position(scene, start):
            return None
        key = compact(word.key for word in words)
        allowed = next(wrong for letters, wrong in _WRONG if len(key) < letters)
        if len(key) < FUZZY_LETTERS or not allowed:
            return None
        near = [
            name
            for length in range(len(key) - 2, len(key) + 3)
            for name in self._near.get((length, key[:1]), ())
        ]
        best = process.extractOne(key, near, scorer=OSA.distance, score_cutoff=allowed)
        if best is None:
            return None
        names = self._named(best[0])
        if not _alike(words, names[0]):
            return None
        if expected and words[0].key != keys_of(names[0])[0]:
            return None
        return PersonMention(names, words[0].start, words[-1].end, exact=best[1] == 0)

    def _surname(self, scene: Scene, place: int) -> PersonMention | None:
        word = scene.words[place]
        key, end = word.key, word.end
        if key.endswith("s") and re.search(r"['’‘`´]s$", word.text):
            key, end = key[:-1], word.end - 2
        name = self._surnames.get(key)
        if name is None or key in self._not_names:
            return None
        alone = len(scene.words) == 1 and key not in self._ordinary
        position = alone or self._in_person_position(scene, place) or self._ruled(scene, place)
        capital = self._capital(scene, place)
        counts = position and capital if key in self._ordinary else position or capital
        return PersonMention((name,), word.start, end, full=False) if counts else None

    def _in_person_position(self, scene: Scene, place: int) -> bool:
        """Whether a person is expected: "by X", "with X", "X movies", "X's films"."""
        words = scene.words
        if place > 0 and place not in scene.breaks and words[place - 1].key in self._before:
            return True
        after = place + 1
        if after < len(words) and after not in scene.breaks and words[after].key in self._after:
            return True
        return re.search(r"['’]s$", words[place].text) is not None and self._capital(scene, place)

    def _ruled(self, scene: Scene, place: int) -> bool:
        """Whether a word that nobody says every day is ruled out: "no nolan", not "no cruise"."""
        before = scene.words[place - 1].key if place > 0 and place not in scene.breaks else ""
        return before in self._ruling and not self._commonness.everyday(scene.words[place].key)

    @staticmethod
    def _capital(scene: Scene, place: int) -> bool:
        return scene.mixed and place not in scene.breaks and scene.words[place].text[0].isupper()

    def _chinese_names(
        self, text: str, taken: Sequence[tuple[int, int]]
    ) -> Iterator[PersonMention]:
        for match in self._chinese_pattern.finditer(text):
            if not overlaps(match.start(), match.end(), taken):
                name = self._chinese[match[0]]
                yield PersonMention((name,), match.start(), match.end(), full=True)

    def _named(self, key: str) -> tuple[str, ...]:
        """People whose name run together is ``key``, most known first."""
        name = self._full.get(key)
        return () if name is None else self._namesakes.get(key, (name,))


def _full_names(known: Mapping[str, float]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The most known name by its words run together, without middle initials too; and, where
    several people share a key, the five most known of them.
    """
    table: dict[str, str] = {}
    shared: dict[str, set[str]] = {}
    for name in known:
        keys = keys_of(name)
        forms = [compact(keys)]
        if len(keys) > 2:
            forms.append(compact(k for i, k in enumerate(keys) if len(k) > 1 or i == 0))
            if keys[-1] in _SUFFIX:
                forms.append(compact(keys[:-1]))
        for form in forms:
            other = table.setdefault(form, name)
            if other != name:
                shared.setdefault(form, {other}).add(name)
    table.pop("", None)
    shared.pop("", None)
    namesakes = {
        key: tuple(sorted(names, key=lambda n: (-known[n], n))[:5]) for key, names in shared.items()
    }
    return table | {key: names[0] for key, names in namesakes.items()}, namesakes


def _near_table(known: Mapping[str, float]) -> Mapping[tuple[int, str], list[str]]:
    """Keys of the better known full names, by length and first letter."""
    table: dict[tuple[int, str], list[str]] = defaultdict(list)
    for name, score in known.items():
        if score >= FUZZY_FAME and " " in name:
            key = compact(keys_of(name))
            if len(key) >= FUZZY_LETTERS:
                table[len(key), key[:1]].append(key)
    return table


def _famous_surnames(known: Mapping[str, float]) -> Mapping[str, str]:
    """The one well-known person of a surname, by surname key."""
    owners: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for name, score in known.items():
        if score < SURNAME_FAME / SURNAME_SHARE:  # too little known to stand in anybody's way
            continue
        keys = keys_of(name)
        if len(keys) > 2 and keys[-1] in _SUFFIX:
            keys = keys[:-1]
        if len(keys) < 2:
            continue
        owners[keys[-1]].append((score, name))
        if len(keys) > 2 and keys[-2] in _FILLER:
            owners[keys[-2] + keys[-1]].append((score, name))
    famous = {}
    for surname, people in owners.items():
        people.sort(key=lambda p: (-p[0], p[1]))
        next_best = people[1][0] if len(people) > 1 else 0.0
        if people[0][0] >= max(SURNAME_FAME, SURNAME_SHARE * next_best):
            famous[surname] = people[0][1]
    return famous


def _fame(catalogue: Catalogue) -> Mapping[str, float]:
    """How well each person is known: fame of their films, directed ones twice, roles by billing."""
    known: dict[str, float] = defaultdict(float)
    for film in catalogue.films:
        worth = max(fame(film.popularity) - 1.0, 0.05)
        for name in film.directors:
            known[name] += DIRECTED * worth
        for name, share in zip(film.cast, _BILLING, strict=False):
            known[name] += share * worth
    return known


def _joined(scene: Scene, place: int) -> bool:
    """Whether only a space, dot or hyphen stands before word ``place``."""
    between = scene.text[scene.words[place - 1].end : scene.words[place].start]
    return not between.strip(" .-·") and between != ". "


def _alike(words: Sequence[Word], name: str) -> bool:
    """Whether each word begins like its word of ``name``: "al pachino", not "an pacino"."""
    keys = keys_of(name)
    if len(keys) != len(words):
        return len(keys) == 1 or len(words) == 3 or len(keys) == 3
    return all(own.key[0] == key[0] for own, key in zip(words, keys, strict=True))


def _any_of(names: Mapping[str, str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
