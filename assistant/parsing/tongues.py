"""Which language a message is in, from the scripts and small words of the languages there are.

Each language says in ``data/languages/<language>/script.json`` how it is told: ``letters``, a
pattern that counts once a match (a word, or a character where a script has no spaces), and
``words``, small words that tell it from others of the same script. Knows no grammar. Next in the
flow: ``reading`` tries the grammars of the languages found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from assistant.errors import DataError
from assistant.parsing.message import MAX_CHARACTERS

_TOLD_BY_WORDS = 0.25
"""Share of a message's words that must be small words of a language told by them."""
_LEAST_JOINED = 2
"""Characters of a script without spaces that make a message its language's, whatever else."""


@dataclass(frozen=True)
class Script:
    """How one language is told."""

    letters: re.Pattern[str]
    words: frozenset[str]
    joined: bool
    """Whether a match of ``letters`` is one character of a script without spaces."""


class Tongues:
    """Tells languages apart; a value once made."""

    def __init__(self, folder: Path, languages: Iterable[str]) -> None:
        """``folder`` is ``data/languages``; raises ``DataError`` for a missing or wrong file."""
        self._scripts: Mapping[str, Script] = {
            language: _read(folder / language / "script.json") for language in languages
        }

    def of(self, text: str, otherwise: str) -> str:
        """The language that carries ``text``; ``otherwise`` where it has no letters at all.

        A Latin title in a Chinese sentence leaves it Chinese: a character counts as much as a
        word. Of languages of one script, that whose small words are met wins.
        """
        weights = self._weights(text[:MAX_CHARACTERS])
        most = max((w for w in weights.values()), default=0.0)
        if not most:
            return otherwise
        for language, weight in weights.items():
            others = max((w for other, w in weights.items() if other != language), default=0.0)
            joined = self._scripts[language].joined
            if weight and joined and (weight >= max(_LEAST_JOINED, others) or not others):
                return language
        plain = {lang: w for lang, w in weights.items() if not self._scripts[lang].joined}
        return max(plain, key=lambda language: plain[language])

    def within(self, plain: str) -> tuple[str, ...]:
        """Languages the message may be in; their grammars are worth trying."""
        weights = self._weights(plain)
        found = tuple(language for language, weight in weights.items() if weight)
        return found or tuple(lang for lang, s in self._scripts.items() if not s.joined)[:1]

    def _weights(self, text: str) -> dict[str, float]:
        """How much of the text is in each language, in matches of its letters."""
        weights: dict[str, float] = {}
        for language, script in self._scripts.items():
            found = script.letters.findall(text.lower())
            share = sum(word in script.words for word in found) / max(len(found), 1)
            told = not script.words or share >= _TOLD_BY_WORDS
            weights[language] = len(found) * (1.0 + share) if told else 0.0
        return weights


def _read(path: Path) -> Script:
    try:
        record = orjson.loads(path.read_bytes())
        words = frozenset(record.get("words", ()))
        return Script(re.compile(record["letters"]), words, bool(record.get("joined", False)))
    except (OSError, orjson.JSONDecodeError, KeyError, AttributeError, re.error) as error:
        raise DataError(f"cannot read {path} ({error!r}); see docs/languages.md") from error
