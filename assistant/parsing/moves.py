"""What a message is in the conversation it answers: a yes or no to a guess, a film whose name has
slipped somebody's mind, a count asked for, a kind word or a rude one.

The parser reads a message by itself; this reads it against what was proposed last, by
``moves.json`` (patterns) and ``answers.json`` (phrases) of ``data/languages/<language>/grammar``.
Knows no films and keeps no state. Next in the flow: ``chat`` turns a move into the request it
stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import orjson

from assistant.errors import DataError
from assistant.parsing.message import Span, fold, masked
from assistant.parsing.patterns import Match, Patterns
from assistant.parsing.tongues import Tongues

COUNTED = ("rated", "seen", "liked", "saved", "hidden", "known", "shown")
"""What can be counted; of the films shown, those that meet a condition are named."""
CHATTER = ("hurt", "joke", "feeling", "praise", "favourite", "name")
"""Small talk that has an answer of its own."""
_WORD_START = re.compile(r"[\s,.!?，。！？]*")
_CLAUSE_END = re.compile(r"\s*[,.!;，。！；]")
_LONGEST_ANSWER = 80
"""Characters of a bare yes or no; longer ones say more than that."""


@dataclass(frozen=True)
class Move:
    """What was found in one message."""

    kind: str = ""
    """ "yes", "no", "again" (a no with more of the description), "granted" (a yes with more
    to ask), "naming", "alike" (to the film talked about), "count" or "chat"; empty for a message
    that is none of these."""
    what: str = ""
    """One of ``COUNTED`` or ``CHATTER``."""
    rest: str = ""
    """The message without the words that made it a move: the description, or what is counted."""


class Moves:
    """Reads moves in every language there are files for; a value once made."""

    def __init__(self, folder: Path, languages: Iterable[str]) -> None:
        """``folder`` is ``data/languages``; raises ``DataError`` where a file is missing."""
        self._tongues = Tongues(folder, languages)
        grammars = {language: folder / language / "grammar" for language in languages}
        self._patterns = {lang: Patterns(grammar, "moves") for lang, grammar in grammars.items()}
        self._answers = {lang: _Answers(grammar) for lang, grammar in grammars.items()}

    def read(self, text: str, *, guessing: bool) -> Move:
        """The move ``text`` is; ``guessing`` where a film was proposed in the turn before."""
        plain = fold(text)
        spoken = [lang for lang in self._tongues.within(plain) if lang in self._patterns]
        tongues = spoken or [*self._patterns]
        if guessing:
            # A bare yes is too short to tell its language: any language's will do.
            ordered = dict.fromkeys([*tongues, *self._answers])
            answers = (self._answers[lang].read(plain, text) for lang in ordered)
            answer = next((answer for answer in answers if answer is not None), None)
            if answer is not None:
                return answer
        found = [match for lang in tongues for match in self._patterns[lang].find(plain)]
        return _asked(text, found)


class _Answers:
    """Yes and no in one language."""

    def __init__(self, grammar: Path) -> None:
        path = grammar / "answers.json"
        try:
            words = orjson.loads(path.read_bytes())
            self._yes = _phrases(words["yes"])
            self._no = _phrases(words["no"])
            self._any = _phrases([*words["yes"], *words["no"], *words["filler"]])
        except (OSError, KeyError, TypeError, orjson.JSONDecodeError) as error:
            raise DataError(f"cannot read {path} ({error!r}); restore it") from error

    def read(self, plain: str, text: str) -> Move | None:
        opening = self._no.match(plain.lstrip(" .,!?，。！？"))
        left = re.sub(r"[\W_]+", "", self._any.sub("", plain))
        if not left and len(plain) <= _LONGEST_ANSWER:
            if self._no.search(plain):
                return Move("no")
            return Move("yes") if self._yes.search(plain) else None
        if opening is None:
            return self._granted(plain, text) if left else None
        start = plain.index(opening.group())
        return Move("again", rest=_without(text, [Span(0, start + len(opening.group()))]))

    def _granted(self, plain: str, text: str) -> Move | None:
        """A yes that ends in a comma or a stop, and what goes on behind it."""
        end = 0
        while word := self._any.match(plain, _WORD_START.match(plain, end).end()):  # type: ignore[union-attr]  # matches the empty text
            end = word.end()
        stop = _CLAUSE_END.match(plain, end)
        if stop is None or not self._yes.search(plain, 0, end):
            return None
        return Move("granted", rest=_without(text, [Span(0, stop.end())]))


def _phrases(words: Iterable[str]) -> re.Pattern[str]:
    """Any of ``words``, longest first; letters of an alphabet only as whole words."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    whole = [re.escape(word) for word in ordered if word[-1].isascii()]
    joined = [re.escape(word) for word in ordered if not word[-1].isascii()]
    parts = [rf"(?<![^\W_])(?:{'|'.join(whole)})(?![^\W_])"] if whole else []
    parts += [f"(?:{'|'.join(joined)})"] if joined else []
    return re.compile("|".join(parts))


def _asked(text: str, found: list[Match]) -> Move:
    """The first move among ``found`` that goes before the others: counting, naming, chatter."""
    spans: dict[str, list[Span]] = {}
    for match in found:
        spans.setdefault(match.reading, []).append(match.span)
    for match in found:
        _, _, what = match.reading.partition("count_")
        if what in COUNTED:
            return Move("count", what, match.groups.get("of") or _without(text, [match.span]))
    if "name" in spans:  # "What are you called" is no film's name.
        return Move("chat", "name")
    if "naming" in spans:
        return Move("naming", rest=_without(text, spans["naming"]))
    if "alike" in spans:
        return Move("alike")
    return next((Move("chat", what) for what in CHATTER if what in spans), Move())


def _without(text: str, spans: Iterable[Span]) -> str:
    """``text`` with some places blanked."""
    return masked(text, spans, " ").strip(" .,;:!?，。；：！？")
