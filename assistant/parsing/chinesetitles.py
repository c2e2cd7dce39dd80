"""Films named in Chinese, with or without 《》, in simplified or traditional characters.

Chinese has no spaces: titles are looked up at every character, the longest first. Knows nothing
of English names. Next in the flow: ``titles``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.catalogue import Catalogue
from assistant.errors import DataError
from assistant.parsing.commonness import read_object
from assistant.parsing.request import Mention
from assistant.parsing.spans import has_cjk, overlaps

SURE_LENGTH = 4
"""Characters from which a title stands for itself outside 《》."""
SURE_POPULARITY = 0.8
"""Popularity from which a title of ``SURE_LENGTH`` does so without a cue."""
LONGEST = 24
_JOINTS = "和与跟、"
_STOPS = "，。！？；、,.!?;\n"
_SEPARATOR = re.compile(r"[：:]|\s[-—]\s")
_MARKS = re.compile(r"[\W_]+")
_PART = re.compile(r"第([一二三四五六七八九])[部集]$")
_NUMERALS = str.maketrans("一二三四五六七八九", "123456789")


class ChineseTitles:
    """Finds films by Chinese name; a value once made."""

    def __init__(self, catalogue: Catalogue, cues: Path) -> None:
        """Raises ``DataError`` where the cue file is missing or wrong."""
        lists = read_object(cues)
        try:
            self._before = tuple(lists["before"])
            self._after = tuple(lists["after"])
            self._judging = tuple(lists["judging"])
            self._everyday = frozenset(map(_plain, lists["everyday"]))
        except (KeyError, TypeError) as error:
            raise DataError(f"{cues}: {error!r}") from None
        self._catalogue = catalogue
        names: dict[str, dict[int, bool]] = defaultdict(dict)
        for row, film in enumerate(catalogue.films):
            for title in (film.titles.get("zh"), film.original_title, film.title, *film.aliases):
                if title and not title.isascii() and has_cjk(title):
                    names[_plain(title)].setdefault(row, True)
                    pieces = _SEPARATOR.split(title, maxsplit=1)
                    main = _plain(pieces[0]) if len(pieces) > 1 else ""
                    if len(main) > 1:
                        names[main].setdefault(row, False)
        names.pop("", None)
        self._names = {
            name: tuple(sorted(rows, key=lambda row: (not rows[row], row)))
            for name, rows in names.items()
        }
        self._starts = frozenset(name[:2] for name in names)

    def find(self, text: str, marks: Sequence[tuple[int, int]]) -> tuple[Mention, ...]:
        """Films named in ``text``, in text order; ``marks`` are spans between 《》 or quotes."""
        simple = self._simplified(text)
        found: list[Mention] = []
        spans: list[tuple[int, int]] = []
        for start, end in marks:
            rows, exact = self._quoted(_plain(simple[start:end]))
            if rows:
                outer = (start - (text[start - 1] in "《〈「"), end + (text[end] in "》〉」"))
                found.append(self._mention(rows, *outer, exact))
                spans.append(outer)
        spans += marks
        ends = {mention.end for mention in found}
        place = 0
        while place < len(text):
            free = not overlaps(place, place + 1, spans)
            hit = self._at(simple, place, spans, ends) if free else None
            if hit is None:
                place += 1
            else:
                found.append(hit)
                ends.add(hit.end)
                place = hit.end
        return tuple(sorted(found, key=lambda mention: mention.start))

    def _quoted(self, plain: str) -> tuple[tuple[int, ...], bool]:
        if plain in self._names:
            return self._names[plain], True
        if len(plain) >= SURE_LENGTH:
            near = [name for name in self._near(plain) if _one_apart(name, plain)]
            if near:
                return min((self._names[name] for name in near), key=lambda rows: rows[0]), False
        return (), True

    def _near(self, plain: str) -> Iterator[str]:
        for name in self._by_length.get(len(plain), ()):
            if name[:2] == plain[:2] or name[-2:] == plain[-2:]:
                yield name

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        table: dict[int, list[str]] = defaultdict(list)
        for name in self._names:
            table[len(name)].append(name)
        return table

    def _at(
        self,
        simple: str,
        place: int,
        spans: Sequence[tuple[int, int]],
        ends: Collection[int],
    ) -> Mention | None:
        """The longest title that begins at ``place`` and counts as one there."""
        if not has_cjk(simple[place]) and not simple[place].isdigit():
            return None
        if _plain(simple[place : place + 2])[:2] not in self._starts:
            return None
        for end in range(min(place + LONGEST, len(simple)), place + 1, -1):
            if has_cjk(simple[end - 1]) or simple[end - 1].isdigit():
                rows = self._names.get(_plain(simple[place:end]))
                if (
                    rows
                    and not overlaps(place, end, spans)
                    and self._counts(simple, place, end, rows, ends)
                ):
                    return self._mention(rows, place, end, True)
        return None

    def _counts(
        self, simple: str, start: int, end: int, rows: Sequence[int], ends: Collection[int]
    ) -> bool:
        """Whether the words are a title there; ``ends`` is where the titles found so far end."""
        plain = _plain(simple[start:end])
        alone = not simple[:start].strip() and not simple[end:].strip(" ?？!！。")
        before = simple[:start].rstrip(" “\"'：:，,、").endswith(self._before) or alone
        after = alone or not simple[end:].strip() or simple[end:].startswith(self._after)
        if plain in self._everyday:
            return False
        known = self._catalogue.films[rows[0]].popularity >= SURE_POPULARITY
        if len(plain) >= SURE_LENGTH:
            return known or before
        opens = not simple[:start].strip() or simple[:start].rstrip()[-1] in _STOPS
        judged = opens and known and simple[end:].startswith(self._judging)
        listed = start - 1 in ends and simple[start - 1] in _JOINTS
        if listed and after and plain not in self._everyday:
            return True
        return judged or (before and after and (known or len(plain) > 2))

    def _mention(self, rows: Sequence[int], start: int, end: int, exact: bool) -> Mention:
        ids = tuple(self._catalogue.films[row].id for row in rows[:9])
        return Mention(ids[0], start, end, others=ids[1:], exact=exact)

    def _simplified(self, text: str) -> str:
        """``text`` in simplified characters, of the very same length."""
        try:
            "".join(c for c in text if has_cjk(c)).encode("gb2312")
        except UnicodeEncodeError:
            simple = "".join(map(self._opencc.convert, text))
            return simple if len(simple) == len(text) else text
        return text

    @cached_property
    def _opencc(self) -> Any:  # Any: opencc ships no types
        from opencc import OpenCC

        return OpenCC("t2s")


def _plain(title: str) -> str:
    """Letters and digits only, Chinese numerals at the end as digits.

    >>> _plain("教父：第二部")
    '教父2'
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", title).casefold())
    if len(plain) < 3:
        return plain
    if plain[-1] in "部集":
        plain = _PART.sub(r"\1", plain)
    return plain[:-1] + plain[-1:].translate(_NUMERALS) if len(plain) > 2 else plain


def _one_apart(one: str, other: str) -> bool:
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1
