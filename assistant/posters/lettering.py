"""Setting a title on a poster: broken into lines that fit, in a face that suits the genre.

Widths are estimates (no font is measured); ``textLength`` makes every line fit whatever font the
viewer's machine has. Knows nothing of colours. Next in the flow: ``poster``.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

WIDTH = 256
"""Of the 300 units, what a line may take."""


@dataclass(frozen=True)
class Face:
    """A way to set titles."""

    family: str
    weight: int
    upper: bool
    spacing: float
    """Extra em between letters."""
    wide: float
    """Mean width of a letter in em."""
    style: str = "normal"


SERIF = Face("'Iowan Old Style',Palatino,Georgia,'Noto Serif',serif", 600, False, 0.0, 0.53)
DISPLAY = Face("'Bodoni 72',Didot,'Playfair Display',Georgia,serif", 500, True, 0.06, 0.68)
ITALIC = Face("'Iowan Old Style',Palatino,Georgia,serif", 500, False, 0.0, 0.5, "italic")
GROTESK = Face("'Helvetica Neue',Arial,'Liberation Sans',sans-serif", 800, True, -0.01, 0.69)
NARROW = Face(
    "'Avenir Next Condensed','Arial Narrow','Liberation Sans Narrow',sans-serif",
    700,
    True,
    0.03,
    0.58,
)
WIDE = Face(
    "'Avenir Next',Futura,'Century Gothic','Helvetica Neue',sans-serif", 400, True, 0.2, 0.7
)
ROUND = Face("'Avenir Next','Trebuchet MS','Segoe UI',system-ui,sans-serif", 700, False, 0.0, 0.58)

_BY_GENRE = {
    "Horror": (DISPLAY, NARROW),
    "Thriller": (NARROW, GROTESK),
    "Action": (GROTESK, NARROW),
    "Crime": (NARROW, DISPLAY),
    "Film Noir": (DISPLAY, ITALIC),
    "Sci-Fi": (WIDE, NARROW),
    "Comedy": (ROUND, GROTESK),
    "Animation": (ROUND,),
    "Family": (ROUND, SERIF),
    "Romance": (ITALIC, SERIF),
    "Western": (DISPLAY, NARROW),
    "War": (NARROW, GROTESK),
    "Documentary": (GROTESK, SERIF),
    "Music": (ROUND, DISPLAY),
    "Musical": (DISPLAY, ROUND),
    "Mystery": (DISPLAY, SERIF),
    "Sport": (GROTESK, NARROW),
    "Fantasy": (DISPLAY, SERIF),
}


def faces(genres: tuple[str, ...]) -> tuple[Face, ...]:
    """Faces that suit the first genre that has its own; serifs otherwise."""
    return next((_BY_GENRE[name] for name in genres if name in _BY_GENRE), (SERIF, DISPLAY))


def set_title(title: str, face: Face) -> tuple[list[str], float]:
    """Lines (at most 5) and the type size in units that lets the longest fill about ``WIDTH``."""
    words = _words(title.upper() if face.upper else title)
    best: tuple[float, list[str]] = (0.0, [title])
    for count in range(1, min(len(words), 5) + 1):
        lines = _broken(words, count, face)
        longest = max(ems(line, face) for line in lines)
        size = min(WIDTH / longest, 128 / len(lines), 54.0)
        if size > best[0] + 0.5:
            best = (size, lines)
    size, lines = best
    return [_cut(line, face, size) for line in lines], size


def ems(line: str, face: Face) -> float:
    """Estimated width of ``line`` in em."""
    return max(sum(_width(c, face) for c in line), 0.3)


def _width(letter: str, face: Face) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.04
    if letter in " .,:;'!|ilI1-":
        return face.wide * 0.52 + face.spacing
    if letter in "mwMW@%":
        return face.wide * 1.4 + face.spacing
    return face.wide + face.spacing


def _words(title: str) -> list[str]:
    """Words that may start a line; a title without spaces breaks between wide letters."""
    words = title.split()
    if len(words) == 1 and unicodedata.east_asian_width(title[0]) in "WF" and len(title) > 5:
        return [title[i : i + 4] for i in range(0, len(title), 4)]
    return words or [title]


def _broken(words: list[str], count: int, face: Face) -> list[str]:
    """Words in ``count`` lines of about equal width."""
    goal = ems(" ".join(words), face) / count
    lines: list[list[str]] = [[]]
    for place, word in enumerate(words):
        left = len(words) - place
        full = lines[-1] and ems(" ".join([*lines[-1], word]), face) > goal * 1.12
        if len(lines) < count and lines[-1] and (full or left <= count - len(lines)):
            lines.append([])
        lines[-1].append(word)
    return [" ".join(line) for line in lines]


def _cut(line: str, face: Face, size: float) -> str:
    """``line``, or its beginning and an ellipsis where one word is wider than a poster."""
    if size >= 11:
        return line
    while len(line) > 3 and ems(line, face) * 11 > WIDTH:
        line = line[:-1]
    return line.rstrip() + "…"
