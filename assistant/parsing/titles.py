"""Which films a message names, and what it seems to name that we do not hold.

Looks every run of words up in ``titlekeys``, lets ``evidence`` decide which runs are titles, the
longest first, then bridges misspellings where a title is expected. Knows nothing of what is said
about the films. Next in the flow: ``parser``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.catalogue import Catalogue, Film
from assistant.config import Settings
from assistant.parsing.chinesetitles import ChineseTitles
from assistant.parsing.commonness import Commonness, read_object
from assistant.parsing.evidence import (
    CERTAIN,
    NEEDED,
    Evidence,
    Scene,
    read_cues,
    scene_of,
)
from assistant.parsing.misspellings import Guess, Misspellings
from assistant.parsing.request import Mention, Unresolved
from assistant.parsing.sequels import unheld_part
from assistant.parsing.spans import ARTICLES, SCANNED, compact, has_cjk, keys_of, overlaps, words_of
from assistant.parsing.titlekeys import LONGEST, Kind, Name, TitleKeys, fame
from assistant.parsing.titlescore import Signals, read_score
from assistant.parsing.titleyears import BRACKET_SLACK, quoted, version_hint, year_hint
from assistant.parsing.versions import (
    NOWHERE,
    Company,
    Hint,
    Setting,
    company_of,
    likeliest,
)

NAMESAKES = 4
"""People from whom a word counts as a name."""
CHAIN = 3
"""Misspelled titles bridged one after the other in one list."""
PASSES = 2
"""Times the readings are weighed beside those found so far."""
FAMOUS_FROM = 0.9
"""Popularity from which a title that is also somebody's name means the film ("Jackie Brown")."""
OTHERS = 8
"""Most other readings told of one mention."""


@dataclass(frozen=True)
class Found:
    """The films of a message."""

    mentions: tuple[Mention, ...] = ()
    """In text order; spans in the message, never overlapping."""
    unresolved: tuple[Unresolved, ...] = ()
    """Kind "film": words in quotes, before a year or after "like" that name no film we hold."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Some words of a scene read as a title."""

    start: int
    end: int
    """Words of the scene."""
    span: tuple[int, int]
    """Characters, article and year included."""
    names: tuple[Name, ...]
    """Likeliest first."""
    bits: float
    """Log odds; ``CERTAIN`` more where quotes or the year decide."""
    signals: Signals
    wrong: int = 0
    """Letters of a misspelling."""
    certain: bool = False
    """Whether quotes or the year decide."""


@dataclass(frozen=True, slots=True)
class _Message:
    """A message as its titles are weighed."""

    scene: Scene
    marks: tuple[tuple[int, int], ...]
    """Character spans in quotes."""
    setting: Setting
    company: Company
    """Of the films on the table."""
    genres: frozenset[str]
    """Genres that words of the message ask for."""


class TitleFinder:
    """Finds films by name; a value once made."""

    def __init__(self, catalogue: Catalogue, data: Path | None = None) -> None:
        """Raises ``DataError`` where a word list in ``data`` is missing or wrong."""
        data = Settings().data if data is None else data
        english = data / "languages" / "en"
        self._catalogue = catalogue
        people = Counter("\n".join(catalogue.by_person).casefold().split())
        names = frozenset(word for word, count in people.items() if count >= NAMESAKES)
        commonness = Commonness(english, names)
        nicknames = read_object(data / "aliases.json")
        self._keys = TitleKeys(catalogue, commonness, nicknames)
        score = read_score(english / "title_trees.json")
        self._evidence = Evidence(commonness, read_cues(english / "title_cues.json"), score)
        self._misspellings = Misspellings(self._keys, commonness, self._evidence, catalogue, people)
        self._genre_words = _genre_words(read_object(english / "genres.json"))
        self._chinese = ChineseTitles(catalogue, data / "languages" / "zh" / "title_cues.json")

    def find(
        self,
        text: str,
        language: str = "en",
        taken: Sequence[tuple[int, int]] = (),
        setting: Setting = NOWHERE,
    ) -> Found:
        """The films named in the first ``SCANNED`` characters of ``text``, in text order.

        ``taken``: character spans that are something else (a person); a title may contain one
        ("Being John Malkovich") but not share a part of it. ``language`` is the message's; both
        English and Chinese names are found in either.
        """
        text = text[:SCANNED]
        message = self._message(text, setting)
        chinese = self._chinese.find(text, message.marks) if has_cjk(text) else ()
        blocked = [*taken, *((m.start, m.end) for m in chinese)]
        readings, missed = self._readings(message)
        readings = [r for r in readings if _free(r.span, blocked)]
        chosen = self._chosen(message.scene, readings)
        chosen, unheld = self._without_unheld(message.scene, chosen)
        missed += unheld
        blocked += unheld
        spans = [*blocked, *(r.span for r in chosen)]
        chosen += self._misspelled(message, chosen, spans)
        mentions = sorted([*map(self._mention, chosen), *chinese], key=lambda m: m.start)
        covered = [*taken, *((m.start, m.end) for m in mentions)]
        return Found(tuple(mentions), tuple(self._unresolved(message, covered, missed)))

    def weighed(
        self,
        text: str,
        taken: Sequence[tuple[int, int]] = (),
        setting: Setting = NOWHERE,
    ) -> list[tuple[Reading, frozenset[str]]]:
        """Every reading and guess that neither quotes nor a year settle, weighed beside the
        titles found, and the films it can mean; to learn from.
        """
        message = self._message(text, setting)
        scene = message.scene
        readings, _ = self._readings(message)
        readings = [r for r in readings if _free(r.span, taken)]
        chosen = self._chosen(scene, readings)
        after = frozenset(place for r in chosen for place in _across(scene, r.end, 1))
        spans = [*taken, *(r.span for r in chosen)]
        for guess in self._misspellings.guesses(scene, message.marks, after, spans):
            reading = self._guessed(message, guess)
            if reading is not None:
                readings.append(reading)
        weighed = (self._weighed(scene, r, chosen) for r in readings if not r.certain)
        films = self._catalogue.films
        return [(r, frozenset(films[name.row].id for name in r.names)) for r in weighed]

    def famous(self, name: str) -> bool:
        """Whether ``name`` is the whole title of a film better known than most people."""
        films = [n for n in self._keys.get(compact(keys_of(name))) if n.kind is Kind.TITLE]
        return any(self._catalogue.films[n.row].popularity >= FAMOUS_FROM for n in films)

    def _message(self, text: str, setting: Setting) -> _Message:
        scene = scene_of(text, words_of(text))
        said = (self._genre_words[word] for word in scene.keys & self._genre_words.keys())
        company = company_of(setting.named, self._catalogue)
        return _Message(scene, quoted(text), setting, company, frozenset().union(*said))

    def _readings(self, message: _Message) -> tuple[list[Reading], list[tuple[int, int]]]:
        """Every run of words that could be a title, and spans whose year fits no film."""
        readings: list[Reading] = []
        missed: list[tuple[int, int]] = []
        words = message.scene.words
        for start in range(len(words)):
            key = ""
            for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
                key += words[end - 1].key
                names = self._keys.get(key)
                if names:
                    reading, misses = self._reading(message, start, end, names)
                    if reading is not None:
                        readings.append(reading)
                    elif misses is not None:
                        missed.append(misses)
        return readings, missed

    def _reading(
        self, message: _Message, start: int, end: int, names: Sequence[Name], wrong: int = 0
    ) -> tuple[Reading | None, tuple[int, int] | None]:
        """Words as a title, or None; then the span whose bracketed year fits no film, if any."""
        scene, words = message.scene, message.scene.words
        left, right = words[start].start, words[end - 1].end
        hint = year_hint(scene.text, left, right)
        around = scene.keys.difference(word.key for word in words[start:end])  # not Toby Jones
        version = version_hint(scene.text, left, right)
        more = Hint(hint.year if hint else None, version, around, message.genres)
        ranked = likeliest(names, self._catalogue, more, message.setting, message.company)
        best = ranked[0]
        film = self._catalogue.films[best.row]
        if best.article and start > 0 and words[start - 1].key in ARTICLES:
            left = words[start - 1].start
        signals = self._evidence.signals(scene, start, end, best, film.popularity)
        signals |= _fitting(film, more, message)
        if wrong:
            signals |= {"misspelled": 1.0, "wrong_letters": wrong}
        bits = self._evidence.bits(signals)
        certain = (left, right) in message.marks
        if hint is not None:
            off = abs(film.year - hint.year)
            if hint.bracketed and off > BRACKET_SLACK:
                return None, (left, hint.end)
            if off <= (BRACKET_SLACK if hint.bracketed else 0):
                certain, right = True, hint.end
        if certain:
            bits += CERTAIN
        return Reading(
            start, end, (left, right), tuple(ranked), bits, signals, wrong, certain
        ), None

    def _without_unheld(
        self, scene: Scene, chosen: Sequence[Reading]
    ) -> tuple[list[Reading], list[tuple[int, int]]]:
        """``chosen`` less the parts of a series that we lack, and the spans of those.

        Two numbered titles in one message are marks ("Heat 8, Up 6").
        """
        words = scene.words
        numbered = [r for r in chosen if r.end < len(words) and words[r.end].key.isdigit()]
        if len(numbered) != 1:
            return list(chosen), []
        lacking = numbered[0]
        end = unheld_part(scene, lacking.start, lacking.end, self._keys, self._evidence)
        if end is None:
            return list(chosen), []
        kept = [r for r in chosen if r is not lacking]
        return kept, [(lacking.span[0], words[end - 1].end)]

    def _chosen(self, scene: Scene, readings: Sequence[Reading]) -> list[Reading]:
        """The readings that count once each is weighed beside the other titles found."""
        chosen = _longest((r for r in readings if r.bits >= NEEDED), len(scene.words))
        for _ in range(PASSES):
            again = [self._weighed(scene, reading, chosen) for reading in readings]
            better = _longest((r for r in again if r.bits >= NEEDED), len(scene.words))
            if [r.span for r in better] == [r.span for r in chosen]:
                return better
            chosen = better
        return list(chosen)

    def _weighed(self, scene: Scene, reading: Reading, chosen: Sequence[Reading]) -> Reading:
        """``reading`` with what the titles in ``chosen`` say for it."""
        others = [c for c in chosen if c.end <= reading.start or c.start >= reading.end]
        if not others:
            return reading
        first = reading.start - (scene.words[reading.start].start != reading.span[0])
        left = {c.end for c in others} & set(_across(scene, first, -1))
        right = {c.start for c in others} & set(_across(scene, reading.end, 1))
        signals = reading.signals | {"titles": float(len(others))}
        if left or right:
            signals["beside"] = 1.0
        if left:
            signals["beside_left"] = 1.0
        certain = CERTAIN if reading.certain else 0.0
        return replace(reading, signals=signals, bits=self._evidence.bits(signals) + certain)

    def _misspelled(
        self,
        message: _Message,
        chosen: Sequence[Reading],
        spans: Sequence[tuple[int, int]],
    ) -> list[Reading]:
        """Misspelled titles outside ``spans``; one that is found lets the next in its list be."""
        scene = message.scene
        result: list[Reading] = []
        for _ in range(CHAIN):
            known = [*chosen, *result]
            after = {place for reading in known for place in _across(scene, reading.end, 1)}
            closed = [*spans, *(reading.span for reading in result)]
            found = []
            guesses = self._misspellings.guesses(scene, message.marks, frozenset(after), closed)
            for guess in guesses:
                reading = self._guessed(message, guess)
                if reading is not None and _free(reading.span, closed):
                    reading = self._weighed(scene, reading, known)
                    if reading.bits >= NEEDED:
                        found.append(reading)
            if not found:
                break
            result += _longest(found, len(scene.words))
        return result

    def _guessed(self, message: _Message, guess: Guess) -> Reading | None:
        names = self._keys.get(guess.key)
        return self._reading(message, guess.start, guess.end, names, guess.wrong)[0]

    def _mention(self, reading: Reading) -> Mention:
        ids = [self._catalogue.films[name.row].id for name in reading.names[: OTHERS + 1]]
        return Mention(ids[0], *reading.span, others=tuple(ids[1:]), exact=not reading.wrong)

    def _unresolved(
        self,
        message: _Message,
        covered: Sequence[tuple[int, int]],
        missed: Sequence[tuple[int, int]],
    ) -> Iterator[Unresolved]:
        seen = list(covered)
        scene = message.scene
        named = self._misspellings.unknown(scene, message.marks)
        for start, end in [*sorted(missed, key=lambda s: s[0] - s[1]), *named]:
            if not overlaps(start, end, seen):
                seen.append((start, end))
                yield Unresolved(scene.text[start:end].strip(), "film")


def _fitting(film: Film, hint: Hint, message: _Message) -> Signals:
    """How ``film`` fits what else is said in the message and the talk."""
    setting, company = message.setting, message.company
    found: Signals = {}
    if hint.meets(film):
        found["company"] = 1.0
    if film.id in setting.named:
        found["named"] = 1.0
    elif company.ids:
        found["likeness"] = company.likeness(film)
        if company.neighbour(film):
            found["neighbour"] = 1.0
        if company.shares_people(film):
            found["shared_people"] = 1.0
    if hint.of_genre(film):
        found["genre_said"] = 1.0
    if setting.recent(film):
        found["recent"] = 1.0
        found["recent_fame"] = fame(film.popularity)
    return found


def _genre_words(lexicon: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    """Genres by single word that asks for them."""
    words: dict[str, frozenset[str]] = {}
    for genre, entry in lexicon.items():
        means = frozenset().union(*entry.get("means", [[genre]]))
        for word in entry.get("words", ()):
            if word.isalpha():
                words[word] = words.get(word, frozenset()) | means
    return words


def _across(scene: Scene, place: int, step: int) -> Iterator[int]:
    """Word positions just across a comma, "and", "or", "&" from the edge at ``place``."""
    edge = place
    for _ in range(3):
        yield edge
        beyond = edge if step > 0 else edge - 1
        if not 0 <= beyond < len(scene.words) or scene.words[beyond].key not in _JOINTS:
            return
        edge += step


_JOINTS = ARTICLES | {"and", "or", "also", "then", "both"}


def _free(span: tuple[int, int], blocked: Sequence[tuple[int, int]]) -> bool:
    """Whether ``span`` shares no character with a blocked one, or wholly contains it and more."""
    return all(
        span[1] <= start
        or end <= span[0]
        or (span[0] <= start and end <= span[1] and span != (start, end))
        for start, end in blocked
    )


def _longest(readings: Iterable[Reading], words: int) -> list[Reading]:
    """Readings that do not overlap: certain ones first, then longer, then with more bits."""
    kept: list[Reading] = []
    used = bytearray(words)
    order = sorted(
        readings, key=lambda r: (r.bits < NEEDED + CERTAIN / 2, r.start - r.end, -r.bits, r.start)
    )
    for reading in order:
        if not any(used[reading.start : reading.end]) and not overlaps(
            *reading.span, [k.span for k in kept]
        ):
            used[reading.start : reading.end] = b"\1" * (reading.end - reading.start)
            kept.append(reading)
    return kept
