"""The words of a message that nothing else has claimed: mood and plot, for the encoder.

Theme and mood words stay in a clause that says more than them ("a heist gone wrong"), since the
encoder reads phrases better than keywords; a clause of nothing else is left to ``Wants.themes``.
The encoder reads English, so Chinese is turned word by word where our lists know it.
Next in the flow: ``parser``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.parsing.grammar import Grammar
from assistant.parsing.message import Span

_WORD = re.compile(r"[^\W_㐀-鿿]+(?:['-][^\W_㐀-鿿]+)*")
_FOREIGN = re.compile(r"[^\W\d_A-Za-zÀ-ɏḀ-ỿ㐀-鿿][^A-Za-z0-9À-ɏ㐀-鿿|]*[^\W\d_A-Za-zÀ-ɏḀ-ỿ㐀-鿿]")
"""Words in a script neither our encoder nor our grammars read."""
_CHINESE = re.compile(r"[㐀-鿿]+")
_PIECE_END = re.compile(r"[.!?;:,\n()\[\]{}<>|/\\\"]+|\s-+\s|。|！|？|；|，|、|：")
LONGEST_ABOUT = 400
"""Characters kept: the encoder reads about 256 word pieces."""
MUCH_CHINESE = 4
"""Chinese characters left over that are worth owning up to."""
_LONGEST_WORD = 6
_TOLD = 3
"""Words that make a plot; fewer are a subject, trimmed like the rest."""


@dataclass(frozen=True)
class Remainder:
    """What is left of a message."""

    about: str = ""
    not_understood: tuple[str, ...] = ()
    """Chinese runs none of our words cover, and words in other scripts."""


def remainder(
    plain: str, hard: Sequence[Span], soft: Sequence[Span], grammars: Sequence[Grammar]
) -> Remainder:
    """Meaningful words outside ``hard`` spans; those in ``soft`` spans count only in company."""
    letters = [*plain]
    for span in hard:
        letters[span.start : span.end] = "|" * (span.end - span.start)
    left = "".join(letters)
    strange = tuple(run.group() for run in _FOREIGN.finditer(left))
    left = _FOREIGN.sub(lambda run: "|" * len(run.group()), left)
    stop = frozenset().union(*(grammar.stop for grammar in grammars))
    pieces, start = [], 0
    for end in [*(m.span() for m in _PIECE_END.finditer(left)), (len(left), len(left))]:
        piece = _trimmed(left, start, end[0], soft, stop)
        piece = _plot(left, start, end[0], soft, grammars) or piece
        if piece:
            pieces.append(piece)
        start = end[1]
    translated, unknown = _chinese(left, soft, grammars)
    about = ". ".join(dict.fromkeys([*pieces, *translated]))
    return Remainder(about[:LONGEST_ABOUT].strip(), (*strange, *unknown))


def _trimmed(left: str, start: int, end: int, soft: Sequence[Span], stop: frozenset[str]) -> str:
    """The words of one piece from its first to its last meaningful one; "" where it has none."""
    words = list(_WORD.finditer(left, start, end))
    kept = [word for word in words if not _empty(word.group(), stop)]
    covered = [any(s.start <= word.start() < s.end for s in soft) for word in kept]
    if not kept or all(covered):
        return ""
    return re.sub(r"\s+", " ", left[kept[0].start() : kept[-1].end()])


def _plot(
    left: str, start: int, end: int, soft: Sequence[Span], grammars: Sequence[Grammar]
) -> str:
    """A plot told after "where", "about" and the like, whole and in its own order, or ""."""
    for grammar in grammars:
        opening = grammar.plot_opening.search(left, start, end)
        if opening is None:
            continue
        before = [*_WORD.finditer(left, start, opening.start())]
        first = next((w for w in before if not _empty(w.group(), grammar.stop)), None)
        words = [*_WORD.finditer(left, opening.end(), end)]
        while words and words[0].group() in grammar.small:
            words.pop(0)
        while words and words[-1].group() in grammar.small:
            words.pop()
        told = [w for w in words if w.group() not in grammar.small]
        plain = [w for w in told if not any(s.start <= w.start() < s.end for s in soft)]
        if len(told) >= _TOLD and plain:
            return re.sub(r"\s+", " ", left[(first or words[0]).start() : words[-1].end()])
    return ""


def _empty(word: str, stop: frozenset[str]) -> bool:
    return word in stop or word.rstrip("s") in stop or len(word) < 2 or word.isdigit()


def _chinese(
    left: str, soft: Sequence[Span], grammars: Sequence[Grammar]
) -> tuple[list[str], tuple[str, ...]]:
    """English for the Chinese words we know, and the runs nobody knows."""
    english: list[str] = []
    unknown: list[str] = []
    for grammar in (g for g in grammars if g.plot):
        for run in _CHINESE.finditer(left):
            at, lost = run.start(), ""
            while at < run.end():
                word = _word_at(left, at, run.end(), soft, grammar)
                if word in grammar.plot:
                    english.append(grammar.plot[word])
                if word:
                    unknown += [lost] if len(lost) >= MUCH_CHINESE else []
                    lost = ""
                else:
                    lost += left[at]
                at += len(word) or 1
            unknown += [lost] if len(lost) >= MUCH_CHINESE else []
    return ([" ".join(dict.fromkeys(english))] if english else []), tuple(unknown)


def _word_at(left: str, at: int, end: int, soft: Sequence[Span], grammar: Grammar) -> str:
    """The known word that begins at ``at``: a claimed one, a plot word, a stop word, or "".

    A plot word longer than the claimed one wins: "钢琴家" is a pianist, not a piano.
    """
    claimed = next(
        (left[at : min(span.end, end)] for span in soft if span.start <= at < span.end), ""
    )
    for length in range(min(_LONGEST_WORD, end - at), len(claimed), -1):
        word = left[at : at + length]
        if word in grammar.plot or (not claimed and word in grammar.stop):
            return word
    return claimed
