"""Whether words in a message are meant as a film's title: one sum of bits against one threshold.

For it: rare words (``commonness``), a well-known film, a word before that takes a film ("seen",
"movies like"), a boundary after, capitals in mixed-case text, a message that is nothing else,
another title beside it in a list. Against it: a missing or extra article, only a part of the
title, lower case among capitals, a sentence that runs on. Quotes and the film's own year decide
alone. Knows nothing of which film wins. Next in the flow: ``titles``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import DataError
from assistant.parsing.commonness import Commonness, read_object
from assistant.parsing.spans import ARTICLES, Word
from assistant.parsing.titlekeys import Name, fame
from assistant.parsing.titlescore import Signals, TitleScore

NEEDED = 0.2
"""Bits (binary log odds) from which words count as a title: where the looked-at half of the
conversations lost as much recall as it won precision."""
CERTAIN = 40.0
"""What quotes or the film's own year add: more than anything can take away."""
STRONG_CUE, WEAK_CUE, PERSON_CUE, NO_CUE = "cue", "cue_weak", "cue_person", "cue_none"
RARE_BITS = 15.0
"""Bits from which a word is rare: "titanic", not "heat"."""
PRAISE_WITHIN = 5
"""Words after "is" in which praise or blame is looked for."""
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
    version: frozenset[str]
    """Words that tell versions of a film apart ("the new It")."""
    before: Mapping[str, str]
    """Kind of word by word, as far as it matters before a title."""
    following: Mapping[str, str]
    """The same after a title."""
    pairs: frozenset[str]
    """Several words that together take a film ("how about")."""


RUNS_ON = "runs_on"
_PERSON_WORDS = frozenset({"by", "with", "starring", "featuring", "stars"})


_MARK = re.compile(r"[\s:,-]+\d\d?(?:\.\d)?\s?/\s?(?:5|10)\b")
_COMPARED = re.compile(r"more|less|not|with|without|set|\w{2,}er")
_RELATIVE = frozenset({"you", "i", "we", "they", "he", "she", "that", "who"})


def read_cues(path: Path) -> Cues:
    """The cues in a JSON file of word lists by name; raises ``DataError``."""
    lists = read_object(path)
    try:
        before, after = (
            {word: kind for kind, words in lists.pop(name).items() for word in words.split()}
            for name in ("classes_before", "classes_after")
        )
        pairs = frozenset(str(lists.pop("pairs")).split("|"))
        sets = {name: frozenset(str(words).split()) for name, words in lists.items()}
        return Cues(pairs=pairs, before=before, following=after, **sets)
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
    caseless: bool
    """Whether there is no capital at all: the writer does not use them."""


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
        caseless=low == len(letters),
    )


class Evidence:
    """The sum of bits; a value once made."""

    def __init__(self, commonness: Commonness, cues: Cues, score: TitleScore) -> None:
        self._commonness = commonness
        self._cues = cues
        self._score = score

    def bits(self, signals: Signals) -> float:
        """Binary log odds that the words are meant as the title."""
        return self._score.bits(signals)

    def signals(self, scene: Scene, start: int, end: int, name: Name, popularity: float) -> Signals:
        """What speaks for and against words ``start`` to ``end`` (exclusive) being ``name``."""
        words = scene.words[start:end]
        keys = [word.key for word in words]
        rare = self._commonness(keys)
        known = fame(popularity)
        article = start > 0 and scene.words[start - 1].key in ARTICLES and start not in scene.pauses
        first = start - 1 if article else start
        found = {
            "rare_10": min(rare, 10.0),
            "rare_20": min(max(rare - 10.0, 0.0), 10.0),
            "rare_40": min(max(rare - 20.0, 0.0), 20.0),
            "fame": known,
            "rare": rare,
            "length": float(len(keys)),
            "letters": float(sum(map(len, keys))),
            f"kind_{name.kind.name.lower()}": 1.0,
        }
        if len(keys) == 1:
            found |= {"one_word": 1.0, "one_word_fame": known}
        if name.article:
            # "A Mexican film" is not The Mexican.
            other = name.article == "the" and scene.words[start - 1].key in ("a", "an")
            found["article_shared" if article and not other else "article_missing"] = 1.0
        elif article:
            found["article_extra_rare" if rare >= RARE_BITS else "article_extra"] = 1.0
        if name.width != len(words) and any(len(key) > 1 for key in keys):  # "e.t." may be "et"
            found["run_together"] = 1.0
        found |= self._around(scene, first, start, end, keys)
        found |= self._case(scene, first, words, rare)
        if len(keys) == 1 and self._in_name(scene, start):
            found["in_name"] = 1.0
        if self._cues.genres.issuperset(keys):
            found["genre_word" if len(keys) == 1 else "genre_words"] = 1.0
        return found

    def _around(
        self, scene: Scene, first: int, start: int, end: int, keys: Sequence[str]
    ) -> Signals:
        """What stands before and after."""
        opens = first in scene.breaks
        pronoun = len(keys) == 1 and keys[0] in self._cues.pronouns
        after = self.after(scene, end, first < start, pronoun)
        found = {after: 1.0, **self._beside(scene, first, end)}
        if opens and end in (scene.breaks | {len(scene.words)}):
            found["alone"] = 1.0
            if first == 0 and end == len(scene.words):
                found["whole"] = 1.0
        else:
            cue = self.cue(scene, first)
            found["opens" if opens else cue] = 1.0
            if cue == STRONG_CUE and after != RUNS_ON:
                found["cue_ends"] = 1.0
            if (
                first
                and first not in scene.breaks
                and scene.words[first - 1].key in self._cues.strong
            ):
                found["cue_beside"] = 1.0
        if first < start and end not in scene.pauses and scene.words[end].key in _RELATIVE:
            found["article_relative"] = 1.0
        if opens and self._judged(scene, end):
            found["judged"] = 1.0
        if pronoun:
            found["pronoun"] = 1.0
            before = [word.key for word in scene.words[max(0, first - 2) : first]]
            if before[-1:] == ["of"]:
                before.pop()  # "the remake of It"
            if first and before and before[-1] in self._cues.version:
                found["pronoun_version"] = 1.0
            elif STRONG_CUE in found:
                found["pronoun_cue"] = 1.0
        return found

    def _beside(self, scene: Scene, first: int, end: int) -> Signals:
        """The kinds of word just before and just after."""
        words = scene.words
        found = {"words": float(len(words)), "place": first / max(1, len(words))}
        if first == 0:
            found["before_start"] = 1.0
        else:
            key = words[first - 1].key
            kind = self._cues.before.get(key) or (
                "everyday" if self._commonness.everyday(key) else "odd"
            )
            found[f"before_{kind}"] = 1.0
            if first in scene.breaks:
                found["before_sentence"] = 1.0
            elif first in scene.pauses:
                found["before_comma"] = 1.0
        if end == len(words):
            found["after_end"] = 1.0
        else:
            key = words[end].key
            kind = self._cues.following.get(key) or (
                "everyday" if self._commonness.everyday(key) else "odd"
            )
            found[f"after_{kind}"] = 1.0
            if end in scene.breaks:
                found["after_sentence"] = 1.0
            elif end in scene.pauses:
                found["after_comma"] = 1.0
        return found

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

    def cue(self, scene: Scene, first: int) -> str:
        """What kind of word stands before word ``first``."""
        place = first
        for _ in range(SKIPPED + 1):
            if place in scene.breaks or place == 0:
                return NO_CUE
            place -= 1
            key = scene.words[place].key
            if key in self._cues.strong or self._pair(scene, place):
                return STRONG_CUE
            if key in _PERSON_WORDS and place == first - 1:
                return PERSON_CUE
            if key not in self._cues.skip:
                return WEAK_CUE if key in self._cues.weak and place == first - 1 else NO_CUE
        return NO_CUE

    def _pair(self, scene: Scene, place: int) -> bool:
        keys = [word.key for word in scene.words[max(0, place - 2) : place + 1]]
        return " ".join(keys[-2:]) in self._cues.pairs or " ".join(keys) in self._cues.pairs

    def after(self, scene: Scene, end: int, article: bool = False, pronoun: bool = False) -> str:
        """What follows word ``end - 1``: one of ``ENDS``, "praised", "stopped" and ``RUNS_ON``.

        After an article "the others you mentioned" runs on; a pronoun ("that movie It was good")
        does so before any word but "and" or "or".
        """
        if end == len(scene.words):
            return "ends_text"
        if end in scene.pauses:
            return "ends"
        if (article and scene.words[end].key in _RELATIVE) or (
            pronoun and scene.words[end].key not in ("and", "or")
        ):
            return RUNS_ON
        if scene.words[end].key == "about" and end + 1 in scene.pauses:
            return "praised"  # "what is Coco about?"
        if scene.words[end].key in self._cues.copula:
            for place in range(end + 1, min(end + 1 + PRAISE_WITHIN, len(scene.words))):
                if place in scene.pauses:
                    break
                if scene.words[place].key in self._cues.praise:
                    return "praised"
        return "stopped" if scene.words[end].key in self._cues.stop else RUNS_ON

    @staticmethod
    def _case(scene: Scene, first: int, words: Sequence[Word], rare: float) -> Signals:
        if not scene.mixed:
            return {}
        if scene.caseless:
            return {"caseless": 1.0}
        telling = [word for word in words if word.key not in ARTICLES and not word.key.isdigit()]
        capital = [word for word in telling if word.text[0].isupper()]
        if not telling:
            return {}
        if len(capital) > (1 if first in scene.breaks else 0) and words[0].capital:
            common = len(words) == 1 and rare < RARE_BITS
            name = "capitals_common" if common else "capitals"
            return {name: 1.0} if 2 * len(capital) >= len(telling) else {}
        initials = all(len(word.key) == 1 for word in telling)  # "e.t."
        return {} if capital or initials else {"lower_among_capitals": 1.0}
