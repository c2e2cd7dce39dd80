"""Whether words in a message are meant as a film's title: one sum of bits against one threshold.

For it: rare words (``commonness``), a well-known film, a word before that takes a film ("seen",
"movies like"), a boundary after, capitals in mixed-case text, a message that is nothing else,
another title beside it in a list. Against it: a missing or extra article, only a part of the
title, lower case among capitals, a sentence that runs on. Quotes and the film's own year decide
alone. Knows nothing of which film wins. Next in the flow: ``titles``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import DataError
from assistant.parsing.commonness import Commonness, read_object
from assistant.parsing.spans import ARTICLES, Word
from assistant.parsing.titlekeys import Kind, Name, fame

NEEDED = 23.5
"""Bits from which words count as a title."""
CERTAIN = 40.0
"""What quotes or the film's own year add: more than anything can take away."""
STRONG_CUE = 8.0
WEAK_CUE = 2.0
PERSON_CUE = -6.0
"""After "by" or "starring" stands a person."""
NEIGHBOUR = 6.0
BOUNDARY = 2.0
RUNS_ON = -4.0
CAPITALS = 9.0
CAPITALS_COMMON = 5.0
"""The same for one word of fewer than ``RARE_BITS``, which may begin an unmarked sentence."""
PART_OF_NAME = -9.0
"""One word that people are called, beside another such word ("Martin Lawrence")."""
LOWER_AMONG_CAPITALS = -3.0
ALONE = 5.0
ARTICLE_SHARED = 3.0
ARTICLE_MISSING = -2.0
ARTICLE_EXTRA = -5.0
ARTICLE_EXTRA_RARE = -1.0
"""The same before words of at least ``RARE_BITS`` ("the titanic")."""
RARE_BITS = 15.0
COMPANY = 7.0
PRAISE = 5.0
VERDICT = 9.0
"""A sentence that begins with the words and judges or changes them at once ("heat but funnier")."""
PRAISE_WITHIN = 5
"""Words after "is" in which praise or blame is looked for."""
PRONOUN = -10.0
PRONOUN_CAPITAL = 0.0
"""The same for "It" with a capital where capitals mean something."""
GENRE_WORDS = -6.0
"""What a title of nothing but genre words loses ("scary movie"); one such word is no title at
all outside quotes."""
RUN_TOGETHER = -3.0
KIND: dict[Kind, float] = {
    Kind.TITLE: 0.0,
    Kind.ALIAS: 0.0,
    Kind.MAIN: 0.0,
    Kind.SUBTITLE: -2.0,
    Kind.SHORTENED: -4.0,
}
SKIPPED = 4
"""Words between a cue and the title ("seen the original movie Heat")."""


@dataclass(frozen=True)
class Cues:
    """The words that say something about the words beside them."""

    strong: frozenset[str]
    weak: frozenset[str]
    skip: frozenset[str]
    stop: frozenset[str]
    pronouns: frozenset[str]
    genres: frozenset[str]
    copula: frozenset[str]
    praise: frozenset[str]
    pairs: frozenset[str]
    """Several words that together take a film ("how about")."""


_PERSON_WORDS = frozenset({"by", "with", "starring", "featuring", "stars"})


_MARK = re.compile(r"[\s:,-]+\d\d?(?:\.\d)?\s?/\s?(?:5|10)\b")
_COMPARED = re.compile(r"more|less|not|with|without|set|\w{2,}er")
_RELATIVE = frozenset({"you", "i", "we", "they", "he", "she", "that", "who"})


def read_cues(path: Path) -> Cues:
    """The cues in a JSON file of word lists by name; raises ``DataError``."""
    lists = read_object(path)
    try:
        pairs = frozenset(str(lists.pop("pairs")).split("|"))
        sets = {name: frozenset(str(words).split()) for name, words in lists.items()}
        return Cues(pairs=pairs, **sets)
    except (KeyError, TypeError) as error:
        raise DataError(f"{path}: {error}") from None


@dataclass(frozen=True, slots=True)
class Scene:
    """A message as titles are looked for in it."""

    text: str
    words: tuple[Word, ...]
    keys: frozenset[str]
    breaks: frozenset[int]
    """Positions of words that begin a sentence."""
    pauses: frozenset[int]
    """Positions of words that follow any punctuation, and the number of words."""
    mixed: bool
    """Whether capitals mean something here: most words are in lower case, some are not."""


def scene_of(text: str, words: tuple[Word, ...]) -> Scene:
    """``words`` with where sentences begin and whether capitals mean something."""
    breaks, pauses = {0}, {0, len(words)}
    for place in range(1, len(words)):
        between = text[words[place - 1].end : words[place].start]
        if between.strip("'’\"“”*_ "):
            pauses.add(place)
            if any(mark in between for mark in ".?!\n;:…。！？，、"):
                breaks.add(place)
    letters = [word for word in words if word.text[0].isalpha()]
    low = sum(word.text[0].islower() for word in letters)
    return Scene(
        text,
        words,
        frozenset(word.key for word in words),
        frozenset(breaks),
        frozenset(pauses),
        mixed=low > 0 and 2 * low >= len(letters) - 1,
    )


class Evidence:
    """The sum of bits; a value once made."""

    def __init__(self, commonness: Commonness, cues: Cues) -> None:
        self._commonness = commonness
        self._cues = cues

    def of(self, scene: Scene, start: int, end: int, name: Name, popularity: float) -> float:
        """Bits that words ``start`` to ``end`` (exclusive) mean ``name``'s film, lists aside."""
        words = scene.words[start:end]
        keys = [word.key for word in words]
        rare = self._commonness(keys)
        bits = rare + fame(popularity) + KIND[name.kind]
        article = start > 0 and scene.words[start - 1].key in ARTICLES and start not in scene.pauses
        if name.article:
            bits += ARTICLE_SHARED if article else ARTICLE_MISSING
        elif article:
            bits += ARTICLE_EXTRA_RARE if rare >= RARE_BITS else ARTICLE_EXTRA
        if name.width != len(words) and any(len(key) > 1 for key in keys):  # "e.t." may be "et"
            bits += RUN_TOGETHER
        first = start - 1 if article else start
        pronoun = len(keys) == 1 and keys[0] in self._cues.pronouns
        if first in scene.breaks and end in (scene.breaks | {len(scene.words)}):
            bits += ALONE
        else:
            bits += self.cue(scene, first) + self.after(scene, end, article, pronoun)
        if first in scene.breaks and self._judged(scene, end):
            bits += VERDICT
        case = self._case(scene, first, words)
        bits += min(case, CAPITALS_COMMON) if len(keys) == 1 and rare < RARE_BITS else case
        if len(keys) == 1 and self._in_name(scene, start):
            bits += PART_OF_NAME
        if pronoun:
            bits += PRONOUN_CAPITAL if case > 0 else PRONOUN
        if self._cues.genres.issuperset(keys):
            bits += GENRE_WORDS
        return bits

    @staticmethod
    def _judged(scene: Scene, end: int) -> bool:
        """Whether "but funnier", "but less violent" or "9/10" follows word ``end - 1``."""
        if _MARK.match(scene.text, scene.words[end - 1].end):
            return True
        keys = [word.key for word in scene.words[end : end + 2]]
        return len(keys) == 2 and keys[0] == "but" and _COMPARED.fullmatch(keys[1]) is not None

    def _in_name(self, scene: Scene, place: int) -> bool:
        name = self._commonness.name
        if not name(scene.words[place].key):
            return False
        before = place not in scene.pauses and name(scene.words[place - 1].key)
        after = place + 1 not in scene.pauses and name(scene.words[place + 1].key)
        return before or after

    def unusable(self, words: Sequence[Word]) -> bool:
        """Whether the words are one genre word, which is a title only in quotes or with a year."""
        return len(words) == 1 and words[0].key in self._cues.genres

    def cue(self, scene: Scene, first: int) -> float:
        """Bits of what stands before word ``first``: 0 where it says nothing."""
        place = first
        for _ in range(SKIPPED + 1):
            if place in scene.breaks or place == 0:
                return 0.0
            place -= 1
            key = scene.words[place].key
            if key in self._cues.strong or self._pair(scene, place):
                return STRONG_CUE
            if key in _PERSON_WORDS and place == first - 1:
                return PERSON_CUE
            if key not in self._cues.skip:
                return WEAK_CUE if key in self._cues.weak and place == first - 1 else 0.0
        return 0.0

    def _pair(self, scene: Scene, place: int) -> bool:
        keys = [word.key for word in scene.words[max(0, place - 2) : place + 1]]
        return " ".join(keys[-2:]) in self._cues.pairs or " ".join(keys) in self._cues.pairs

    def after(self, scene: Scene, end: int, article: bool = False, pronoun: bool = False) -> float:
        """Bits of what follows word ``end - 1``.

        After an article "the others you mentioned" runs on; a pronoun ("that movie It was good")
        does so before any word but "and" or "or".
        """
        if end in scene.pauses:
            return BOUNDARY
        if (article and scene.words[end].key in _RELATIVE) or (
            pronoun and scene.words[end].key not in ("and", "or")
        ):
            return RUNS_ON
        if scene.words[end].key == "about" and end + 1 in scene.pauses:
            return BOUNDARY + PRAISE  # "what is Coco about?"
        if scene.words[end].key in self._cues.copula:
            for place in range(end + 1, min(end + 1 + PRAISE_WITHIN, len(scene.words))):
                if place in scene.pauses:
                    break
                if scene.words[place].key in self._cues.praise:
                    return BOUNDARY + PRAISE
        if scene.words[end].key in self._cues.stop:
            return BOUNDARY
        return RUNS_ON

    @staticmethod
    def _case(scene: Scene, first: int, words: Sequence[Word]) -> float:
        if not scene.mixed:
            return 0.0
        telling = [word for word in words if word.key not in ARTICLES and not word.key.isdigit()]
        capital = [word for word in telling if word.text[0].isupper()]
        if not telling:
            return 0.0
        if len(capital) > (1 if first in scene.breaks else 0) and words[0].capital:
            return CAPITALS if 2 * len(capital) >= len(telling) else 0.0
        initials = all(len(word.key) == 1 for word in telling)  # "e.t."
        return 0.0 if capital or initials else LOWER_AMONG_CAPITALS
