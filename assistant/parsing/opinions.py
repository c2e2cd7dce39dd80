"""Verdicts on films: from words ("loved it"), from numbers ("8/10"), from having seen them.

Knows nothing of wishes. Next in the flow: ``parser``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.parsing.amounts import Amount
from assistant.parsing.message import Span
from assistant.parsing.references import Reference
from assistant.parsing.request import Opinion, Stance
from assistant.parsing.signs import Signed
from assistant.parsing.wishes import film_ids

_STANCES = {
    "loved": Stance.LOVED,
    "liked": Stance.LIKED,
    "fine": Stance.FINE,
    "disliked": Stance.DISLIKED,
    "hated": Stance.HATED,
    "seen": Stance.SEEN,
    "unseen": Stance.UNSEEN,
    "want": Stance.WANT,
}
_FEW = 2
"""Films one "loved it" may be about; of a longer list it would be praise for the list."""
_FLOORS = (
    (4.5, Stance.LOVED),
    (3.5, Stance.LIKED),
    (2.5, Stance.FINE),
    (1.5, Stance.DISLIKED),
    (0.0, Stance.HATED),
)
"""Stance by least number of stars: 3 is fine, half a star off the ends is already strong."""
_WORDS: Mapping[str, Stance] = {
    r"(?:n't|not|dont|didnt)\b.*\b(?:like|enjoy|love|care|good|great|for me)": Stance.DISLIKED,
    r"不.{0,2}(?:喜欢|好看)": Stance.DISLIKED,
    r"hate|terrible|awful|horrible|rubbish|suck|worst|烂|讨厌": Stance.HATED,
    r"dislike|boring|bored|bad\b|dull|disappoint|overrated|难看|无聊": Stance.DISLIKED,
    r"\b(?:ok|okay|fine|alright|meh)\b|一般|还行": Stance.FINE,
    r"love|ador|amazing|awesome|excellent|fantastic|brilliant|great|incredible|perfect|wonderful"
    r"|masterpiece|every minute|favou?rite|超|非常|特别|最|极了|太好|精彩": Stance.LOVED,
    r"like|enjoy|good|fun|rock|喜欢|好看|感人|棒": Stance.LIKED,
}
"""Stance by the words of a verdict without a film, the first that fits."""


def stance_of_stars(stars: float) -> Stance:
    """The word for a number of stars.

    >>> stance_of_stars(4.0).value
    'liked'
    """
    return next(stance for floor, stance in _FLOORS if stars >= floor)


def stance_of_words(words: str) -> Stance:
    """The stance of a verdict that names no film ("loved it", "was boring")."""
    return next((s for pattern, s in _WORDS.items() if re.search(pattern, words)), Stance.LIKED)


def read_opinions(
    signed: Sequence[Signed],
    verdicts: Sequence[str],
    seen_said: bool,
    pointed: Sequence[str],
    answers: Mapping[str, Stance],
) -> tuple[Opinion, ...]:
    """One opinion a film, the last word on each, in text order.

    ``verdicts`` are those whose film is not named; they, stars alone and "seen" without an object
    go to ``pointed``. ``answers`` are verdicts on films on the table that the message only points
    at; they stand where nothing is said beside a film's name or place in the list.
    """
    stars = [item.mark for item in signed if _is_stars(item)]
    strong = [item for item in signed if not _is_weak(item)]
    named = {film for item in strong for film in film_ids(item)}
    heard = [i for i in signed if not _is_weak(i) or named.issuperset(film_ids(i))]
    opinions = _beside_names(heard)
    opinions = {f: Opinion(f, stance) for f, stance in answers.items()} | opinions
    judged = any(opinion.stance not in _PLAIN for opinion in opinions.values())
    if named and not (judged or answers):
        for words in verdicts:
            for film in pointed if len(pointed) <= _FEW else ():
                opinions[film] = Opinion(film, stance_of_words(words))
    if seen_said and not answers:
        for film in pointed:
            opinions.setdefault(film, Opinion(film, Stance.SEEN))
    for mark in stars:
        assert isinstance(mark.value, Amount)
        for film in _rated(mark.span, signed) or pointed:
            opinions[film] = Opinion(film, stance_of_stars(mark.value.value), mark.value.value)
    return tuple(opinions.values())


def _beside_names(signed: Sequence[Signed]) -> dict[str, Opinion]:
    """What is said beside films or words that point at them, by film, the last word on each."""
    opinions: dict[str, Opinion] = {}
    for item in signed:
        stance = _STANCES.get(item.stance or "")
        for film in film_ids(item):
            if stance is not None and _holds(item, stance):
                earlier = opinions.pop(film, None)
                both = earlier is not None and stance is Stance.SEEN
                opinions[film] = earlier if both and earlier else Opinion(film, stance)
    return opinions


def _is_weak(item: Signed) -> bool:
    """Whether it is a mere "it" or "that", which ``answers`` read with more of the sentence."""
    return isinstance(item.mark.value, Reference) and item.mark.value.weak


_PLAIN = frozenset({Stance.SEEN, Stance.UNSEEN, Stance.WANT})
"""Not verdicts."""


def _holds(item: Signed, stance: Stance) -> bool:
    """Whether the words are an opinion on the films: "want that" is none, and "those are great"
    praises a list, not each film of it.
    """
    value = item.mark.value
    if not isinstance(value, Reference):
        return True
    return stance is not Stance.WANT and not (
        value.weak and len(value.films) > 1 and stance not in _PLAIN
    )


def _is_stars(item: Signed) -> bool:
    return isinstance(item.mark.value, Amount) and item.mark.value.kind == "stars"


def _rated(stars: Span, signed: Sequence[Signed]) -> tuple[str, ...]:
    """The film a rating belongs to: the nearest named before it, else after it."""
    before = [item for item in signed if film_ids(item) and item.mark.span.end <= stars.start]
    after = [item for item in signed if film_ids(item) and item.mark.span.start >= stars.end]
    if before:
        return film_ids(before[-1])
    return film_ids(after[0]) if after else ()
