"""A message as words with places, in a spelling where equal names look equal.

Accents, case, punctuation, "and"/"&" and the ways to write a number are bridged; every word
remembers where it stands in the message. Knows nothing of films or people. Next in the flow:
``titlekeys`` and ``people`` look joined words up in their tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SCANNED = 4_000
"""Characters of a message that are read for names: two printed pages. It bounds the time a pasted
book can take."""

ARTICLES = frozenset({"the", "a", "an"})
_HAN = r"\u3400-\u9fff\uf900-\ufaff"
_CJK = re.compile(rf"[{_HAN}]")
_LETTER = rf"[^\W_{_HAN}]"
_WORD = re.compile(rf"[{_HAN}]+|{_LETTER}+(?:['’‘`´]{_LETTER}+)*|&")
_NUMBERS = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"),
)
_SPELLED = {word: str(2 + place % 11) for place, word in enumerate(_NUMBERS)} | {"zero": "0"}
"""Numbers as words; "one" and "i" are pronouns far more often than numbers."""
_PART = frozenset({"part", "episode", "chapter", "volume", "vol", "number", "no"})
_REWRITTEN = _PART.union(_SPELLED)
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
    | {"³": "3", "²": "2", "½": "half"}
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a message."""

    key: str
    """Lower case, no accents or apostrophes, numbers as digits."""
    start: int
    end: int
    """Character span in the message."""
    text: str
    """As written."""

    @property
    def capital(self) -> bool:
        """Whether it begins like a name: a capital letter or a digit."""
        return self.text[0].isupper() or self.text[0].isdigit()


def words_of(text: str) -> tuple[Word, ...]:
    """The words of the first ``SCANNED`` characters, in order; Chinese runs stay one word.

    "part", "chapter" and the like vanish before a number, as people leave them out.

    >>> [word.key for word in words_of("Léon & Schindler's, Part II")]
    ['leon', 'and', 'schindlers', '2']
    """
    text = text[:SCANNED]
    found = []
    for match in _WORD.finditer(text):
        key = _key(match[0])
        if key:
            found.append(Word(key, match.start(), match.end(), match[0]))
    return tuple(
        word
        for place, word in enumerate(found)
        if not (word.key in _PART and place + 1 < len(found) and found[place + 1].key.isdigit())
    )


def keys_of(name: str) -> list[str]:
    """The keys of ``words_of(name)``, several times faster for plain names."""
    if not name.isascii():
        return [word.key for word in words_of(name)]
    lower = name.lower()
    if lower.replace(" ", "").isalnum():  # most names: nothing but words and spaces
        keys = lower.split()
        if _REWRITTEN.isdisjoint(keys):
            return keys
    keys = [
        _SPELLED.get(key, key)
        for word in _PLAIN_WORD.findall(lower)
        if (key := "and" if word == "&" else word.replace("'", "").replace("`", ""))
    ]
    if _PART.isdisjoint(keys):
        return keys
    return [
        key
        for place, key in enumerate(keys)
        if not (key in _PART and place + 1 < len(keys) and keys[place + 1].isdigit())
    ]


_PLAIN_WORD = re.compile(r"[a-z0-9]+(?:['`][a-z0-9]+)*|&")


def _key(word: str) -> str:
    if word == "&":
        return "and"
    if word.isalnum() and word.isascii():
        plain = word.lower()
    else:
        plain = word.casefold().translate(_LETTERS)
        if not plain.isascii():
            plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in plain if c.isalnum())
    return _SPELLED.get(plain, plain)


def compact(keys: Iterable[str]) -> str:
    """Words run together, so that "Spider-Man", "spider man" and "spiderman" are one."""
    return "".join(keys)


def has_cjk(text: str) -> bool:
    """Whether there is a Chinese character in ``text``."""
    return _CJK.search(text) is not None


def overlaps(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether ``start``-``end`` shares a character with any of ``spans``."""
    return any(start < other_end and other_start < end for other_start, other_end in spans)
