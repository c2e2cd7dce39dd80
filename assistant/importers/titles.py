"""From a written "Title (Year)" to the film that is meant.

Bridges articles, accents, punctuation, "and" and "&", roman and spelled numbers, subtitles and a
year that is off by a little. Knows nothing of misspellings (``parsing`` bridges those for people)
or of what the neighbours are for. Next in the flow: ``build`` turns neighbour lists into ids.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

YEAR_SLACK = 3
"""Years a written year may be off for an exact title: festival, home and foreign releases."""
SHORT_SLACK = 1
"""The same where the title is one word, which several films of a decade may share, or where only
a part of the title agrees."""

_LABEL = re.compile(r"^\s*(?P<title>.+?)\s*\((?P<year>\d{4})\)\s*$")
_ARTICLE = re.compile(r"^(the|a|an|le|la|les|l|el|los|las|il|lo|der|die|das|un|une)\s+")
_SUBTITLE = re.compile(r":\s+|\s+[-–—]\s+")
_PART = re.compile(r"\b(part|episode|chapter|volume|vol|no|number)\s+(?=\d)")
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ß": "ss",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "&": " and ",
    }
)
_SPELLED = "zero one two three four five six seven eight nine ten eleven twelve"
_ROMAN = "ii iii iv v vi vii viii ix x xi xii xiii"
_NUMBERS = {
    **{word: str(n) for n, word in enumerate(_SPELLED.split(" "))},
    **{word: str(n) for n, word in enumerate(_ROMAN.split(" "), start=2)},
}


@dataclass(frozen=True)
class Known:
    """A film that labels may mean."""

    id: str
    year: int
    known_by: float
    """Any measure of fame; the more famous of two equal candidates wins."""
    names: tuple[str, ...]
    """Main title first, then other titles and aliases."""


class Titles:
    """Finds films by written titles; a value once made."""

    def __init__(self, films: Iterable[Known]) -> None:
        self._full: dict[str, list[tuple[Known, int]]] = defaultdict(list)
        self._part: dict[str, list[tuple[Known, int]]] = defaultdict(list)
        for film in films:
            for place, name in enumerate(film.names):
                for key in dict.fromkeys(_keys(name)):
                    self._full[key].append((film, min(place, 1)))
                for key in dict.fromkeys(_part_keys(name)):
                    self._part[key].append((film, min(place, 1)))

    def find(self, label: str) -> str | None:
        """Id of the film that ``label`` ("Title (Year)") means, or None.

        The whole title counts before a part of it, the right year before a near one, a main
        title before an alias, the better known film before the other; ties go by id.
        """
        match = _LABEL.match(label)
        if match is None:
            return None
        title, year = match["title"], int(match["year"])
        one_word = " " not in _ARTICLE.sub("", standard_key(title))
        for own_keys, table, slack in (
            (_keys(title), self._full, SHORT_SLACK if one_word else YEAR_SLACK),
            (_keys(title), self._part, SHORT_SLACK),
            (_part_keys(title), self._full, SHORT_SLACK),
            (_part_keys(title), self._part, SHORT_SLACK),
        ):
            near = [
                (abs(film.year - year), place, -film.known_by, film.id)
                for key in own_keys
                for film, place in table.get(key, ())
                if abs(film.year - year) <= slack
            ]
            if near:
                return min(near)[3]
        return None


def standard_key(title: str) -> str:
    """``title`` in lower-case words with nothing that people write in two ways.

    >>> standard_key("Léon & the Professional, Part II")
    'leon and the professional 2'
    """
    plain = unicodedata.normalize("NFKD", title.casefold().translate(_LETTERS))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(_LETTERS)
    plain = re.sub(r"['’‘`.]", "", plain)
    words = re.sub(r"[^\w]+|_", " ", plain).split()
    return _PART.sub("", " ".join(_NUMBERS.get(word, word) for word in words))


def _keys(title: str) -> Iterator[str]:
    key = standard_key(title)
    bare = _ARTICLE.sub("", key) or key
    yield bare
    yield bare.replace(" ", "")


def _part_keys(title: str) -> Iterator[str]:
    """Keys of the pieces around a subtitle mark, and of the title without its brackets."""
    pieces = _SUBTITLE.split(title)
    if len(pieces) > 1:
        yield from _keys(pieces[0])
        for tail in (pieces[-1], " ".join(pieces[1:])):
            key = _ARTICLE.sub("", standard_key(tail))
            if " " in key:  # "The Movie" or "Reloaded" alone names nothing
                yield from _keys(tail)
    without = re.sub(r"\s*[(\[].*?[)\]]", "", title)
    if without != title and without.strip():
        yield from _keys(without)
    halves = re.split(r",?\s+or,?\s+", title, flags=re.IGNORECASE)
    if len(halves) == 2:
        yield from _keys(halves[0])
