"""A film's colours: what its tone feels like, as five colours that belong together.

Knows nothing of shapes (``scenes`` and ``emblems`` come next) or letters.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from random import Random

from assistant.catalogue import TONES, Film

COLOUR_FROM = 1958
"""Films older than this get muted, near-monochrome colours, as most were shot."""


@dataclass(frozen=True)
class Palette:
    """Five colours as ``#rrggbb``, darkest to lightest but for the accent."""

    deep: str
    mid: str
    light: str
    glow: str
    """The accent: a sun, a lit window, a stripe."""
    ink: str
    """The title, legible on ``deep``."""


_USUAL = (3.2, 2.6, 1.8, 3.2, 5.0, 3.9, 3.8, 4.7, 4.5, 2.7, 3.6, 3.9, 4.2, 2.9)
"""About the catalogue's mean of each tone, in ``TONES`` order: a mood is what stands out of it."""

_MOODS: dict[str, tuple[tuple[str, str, str, str, str], ...]] = {
    "funny": (
        ("#7a1f2b", "#e2553d", "#f6b042", "#fff0c9", "#fff4dc"),
        ("#0f4c5c", "#1f8a8c", "#f4a64e", "#ffe8bf", "#fff3da"),
        ("#3a1d5c", "#a33b7a", "#ff8d6b", "#ffe07a", "#fff1dd"),
    ),
    "romantic": (
        ("#3b1630", "#8f3152", "#e3788a", "#ffd2b8", "#ffe9dd"),
        ("#1d2747", "#6a4a7c", "#d98a94", "#ffd9a8", "#fdeede"),
        ("#4a1620", "#a8404a", "#efa08a", "#ffe3c2", "#fff0e4"),
    ),
    "scary": (
        ("#0a0d10", "#1f2d2e", "#4f6b62", "#c8d9a8", "#e5ead6"),
        ("#0d0708", "#3a0f12", "#7c1d1c", "#e8402f", "#f3ddd0"),
        ("#07090f", "#1a2440", "#43597f", "#dfe8e8", "#e8edf0"),
    ),
    "violent": (
        ("#130a0a", "#5a1412", "#b02c20", "#f2a33a", "#f9e6cf"),
        ("#141210", "#4b2a1c", "#a1492b", "#efd0a0", "#f6ead8"),
    ),
    "tense": (
        ("#0b1a22", "#17414d", "#3f8087", "#f08a3c", "#f3ead9"),
        ("#15161c", "#353a4a", "#7b8496", "#e6c34a", "#f2efe4"),
        ("#0d1d1b", "#25504a", "#79a08e", "#f0593c", "#f0eee0"),
    ),
    "sad": (
        ("#15202c", "#375069", "#8ba3b3", "#e9d6b8", "#eef1ee"),
        ("#20202e", "#545272", "#a9a0b8", "#f0d8c4", "#f3eef0"),
        ("#14262a", "#3c6168", "#9db9b4", "#f2e2c0", "#f0f2ea"),
    ),
    "uplifting": (
        ("#1c3a5e", "#3f7fa8", "#f2b36b", "#ffe9b0", "#fff5e0"),
        ("#243b53", "#6d7f9a", "#f39a7a", "#ffd98a", "#fff2df"),
        ("#123c3a", "#2f8074", "#e9c46a", "#fff0b8", "#fbf5e0"),
    ),
    "dark": (
        ("#100e0c", "#3a2d22", "#80603c", "#e0aa55", "#f1e4cc"),
        ("#0e1013", "#2a3138", "#66717a", "#d8b98a", "#eceae2"),
        ("#140d12", "#3c2233", "#7b4a5e", "#e5b98f", "#f3e6dd"),
    ),
    "cerebral": (
        ("#101634", "#2f3f86", "#6f8fd0", "#f3cf6b", "#eef0fa"),
        ("#0c2230", "#1b5a70", "#62b0b5", "#ffd28a", "#ecf5f2"),
        ("#1b1530", "#4b3a7d", "#9b8bd0", "#ffb38a", "#f2edf8"),
    ),
    "weird": (
        ("#1c0f33", "#6a1f7c", "#e0479e", "#c9f25a", "#fbeaf6"),
        ("#08302c", "#0f7a66", "#f25f8a", "#ffe14d", "#f4f7e6"),
    ),
    "action": (
        ("#0f1726", "#28406b", "#d9572b", "#ffc14a", "#fbf0dc"),
        ("#1a0f0c", "#70240f", "#e0631c", "#ffd36a", "#fff0d6"),
        ("#0a1c24", "#12536b", "#26a0b0", "#ffb02e", "#eef7f4"),
    ),
    "slow": (
        ("#24302a", "#58705e", "#a9b89a", "#f1e3bd", "#f4f2e4"),
        ("#33291f", "#7b644a", "#c8ac84", "#fae8c4", "#f8f0e0"),
        ("#1f2f38", "#587784", "#b5c6c4", "#f6dcb4", "#f1f3ee"),
    ),
    "spectacle": (
        ("#0e1430", "#2b3a7a", "#b06a8a", "#ffcf70", "#fdf1dc"),
        ("#1f120c", "#6b3a17", "#c98a2e", "#ffe6a0", "#fff2d6"),
        ("#08222e", "#14607a", "#5fb3b3", "#ffdf8a", "#f0f7f0"),
    ),
    "family": (
        ("#17465c", "#2f93a8", "#8fd0b0", "#ffd95e", "#fdfae6"),
        ("#2c2f6b", "#5b6fc2", "#9cc4ea", "#ffcf5a", "#fbf6ea"),
        ("#1e4d33", "#4f9a55", "#b5d67a", "#ffe27a", "#f9f9e4"),
    ),
}
_BY_GENRE = {
    "Horror": "scary",
    "Comedy": "funny",
    "Romance": "romantic",
    "Action": "action",
    "War": "violent",
    "Thriller": "tense",
    "Crime": "dark",
    "Film Noir": "dark",
    "Mystery": "tense",
    "Sci-Fi": "cerebral",
    "Fantasy": "spectacle",
    "Animation": "family",
    "Family": "family",
    "Western": "slow",
}
"""The mood of a film whose tone is unknown, by its first genre."""


def choose(film: Film, chance: Random) -> Palette:
    """The film's colours; ``chance`` picks among a mood's and turns their hue a little."""
    colours = chance.choice(_MOODS[mood(film)])
    turn = chance.uniform(-0.025, 0.025)
    mute = 0.22 if film.year < COLOUR_FROM else 1.0
    return Palette(*(_shifted(colour, turn, mute) for colour in colours))


def mood(film: Film) -> str:
    """The tone that stands out most, a name from ``TONES``; ties go to the earlier name."""
    if film.tone and any(film.tone):
        gains = [score - usual for score, usual in zip(film.tone, _USUAL, strict=True)]
        return TONES[max(range(len(TONES)), key=lambda place: gains[place])]
    return next((_BY_GENRE[name] for name in film.genres if name in _BY_GENRE), "sad")


def mix(one: str, other: str, share: float) -> str:
    """``one`` with ``share`` (0-1) of ``other``."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return _hex(tuple(a + (b - a) * share for a, b in pairs))


def _shifted(colour: str, turn: float, mute: float) -> str:
    red, green, blue = _channels(colour)
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    return _hex(colorsys.hls_to_rgb((hue + turn) % 1.0, light, strength * mute))


def _channels(colour: str) -> tuple[float, float, float]:
    return (
        int(colour[1:3], 16) / 255,
        int(colour[3:5], 16) / 255,
        int(colour[5:7], 16) / 255,
    )


def _hex(channels: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(255 * min(max(c, 0.0), 1.0)):02x}" for c in channels)
