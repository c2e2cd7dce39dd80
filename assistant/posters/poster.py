"""A whole poster: background, motif, shade, title, credits. Deterministic in the film's id.

Next in the flow: ``web`` serves it to the cards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from random import Random

from assistant.catalogue import Film
from assistant.posters import emblems, scenes
from assistant.posters.lettering import WIDTH, Face, ems, faces, set_title
from assistant.posters.palette import Palette, choose, mix

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document may hold."""

Motif = Callable[[Random, Palette], str]

_MOTIFS: Mapping[str, tuple[Motif, ...]] = {
    "Animation": (scenes.hills, emblems.balloons, emblems.blocks, scenes.castle),
    "Sci-Fi": (scenes.planet, emblems.eye, emblems.waves, scenes.planet),
    "Horror": (scenes.house, emblems.doorway, scenes.forest, emblems.eye),
    "Western": (scenes.desert, scenes.desert, scenes.road),
    "War": (scenes.battlefield, scenes.battlefield, scenes.sea),
    "Film Noir": (emblems.blinds, scenes.city),
    "Fantasy": (scenes.castle, scenes.castle, scenes.mountains, scenes.forest),
    "Musical": (emblems.sunburst, emblems.record),
    "Music": (emblems.record, emblems.waves),
    "Sport": (emblems.lanes, emblems.sunburst),
    "Mystery": (emblems.keyhole, scenes.house, emblems.spiral),
    "Documentary": (emblems.aperture, emblems.contours),
    "Crime": (emblems.blinds, scenes.city, scenes.road, emblems.spiral),
    "Romance": (emblems.meeting, scenes.sea, emblems.window),
    "Thriller": (emblems.spiral, emblems.doorway, scenes.road, emblems.keyhole),
    "Action": (emblems.shards, scenes.city, scenes.road),
    "Adventure": (scenes.mountains, scenes.sea, emblems.contours),
    "Biography": (emblems.portrait, emblems.arches, emblems.portrait),
    "History": (emblems.arches, emblems.portrait),
    "Family": (emblems.balloons, scenes.hills),
    "Comedy": (emblems.sunburst, emblems.blocks, emblems.balloons, scenes.hills),
    "Drama": (emblems.window, scenes.sea, scenes.hills, emblems.arches, emblems.doorway),
}
"""Motifs by genre, the more telling genres first."""
_TELLING = 2
"""A film may take the motifs of so many of its genres, the most telling ones."""


def draw(film: Film) -> str:
    """An SVG document of 300 by 450, a few kilobytes; titles and names are escaped."""
    chance = Random(f"poster {film.id}")  # A text seeds the same everywhere.
    palette = choose(film, chance)
    motif = chance.choice(_motifs(film.genres))
    art = motif(chance, palette)
    face = chance.choice(faces(film.genres))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 450" width="300" height="450">'
        f"{_sky(palette, chance)}{art}{_shade(palette)}{_title(film, face, palette)}"
        f"{_credits(film, palette)}"
        f'<rect x="9" y="9" width="282" height="432" fill="none" stroke="{palette.ink}" '
        'stroke-width=".8" opacity=".32"/></svg>'
    )


def edge(film: Film) -> str:
    """The colour ``#rrggbb`` at the poster's lower edge, to go on with below it."""
    return choose(film, Random(f"poster {film.id}")).deep


def _motifs(genres: tuple[str, ...]) -> tuple[Motif, ...]:
    telling = [name for name in _MOTIFS if name in genres][:_TELLING] or ["Drama"]
    return tuple(motif for name in telling for motif in _MOTIFS[name])


def _sky(palette: Palette, chance: Random) -> str:
    top, middle = chance.choice(
        ((palette.deep, palette.mid), (palette.mid, mix(palette.mid, palette.light, 0.6)))
    )
    deep = palette.deep
    return (
        f'<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="{top}"/>'
        f'<stop offset=".62" stop-color="{middle}"/><stop offset="1" stop-color="{deep}"/>'
        '</linearGradient><linearGradient id="d" x2="0" y2="1">'
        f'<stop stop-color="{deep}" stop-opacity="0"/>'
        f'<stop offset=".42" stop-color="{deep}" stop-opacity=".86"/>'
        f'<stop offset="1" stop-color="{deep}"/></linearGradient></defs>'
        '<rect width="300" height="450" fill="url(#s)"/>'
    )


def _shade(palette: Palette) -> str:
    """The lower third darkens, so that any title can be read on any motif."""
    return '<rect y="226" width="300" height="224" fill="url(#d)"/>'


def _title(film: Film, face: Face, palette: Palette) -> str:
    lines, size = set_title(_plain(film.title) or film.id, face)
    step = size * (1.02 if face.upper else 1.1)
    last = 408
    first = last - step * (len(lines) - 1)
    set_lines = []
    for number, line in enumerate(lines):
        width = min(ems(line, face) * size, float(WIDTH))
        fit = f' textLength="{width:.0f}" lengthAdjust="spacingAndGlyphs"' if len(line) > 2 else ""
        y = first + number * step
        set_lines.append(f'<text x="150" y="{y:.1f}"{fit}>{escape(line)}</text>')
    return (
        f'<g fill="{palette.ink}" text-anchor="middle" font-size="{size:.1f}" '
        f'font-weight="{face.weight}" font-style="{face.style}" letter-spacing="{face.spacing}em" '
        f'font-family="{face.family}">{"".join(set_lines)}</g>'
    )


def _credits(film: Film, palette: Palette) -> str:
    director = _plain(film.directors[0])[:60] if film.directors else ""
    names = " · ".join(name for name in (director, str(film.year)) if name)
    fit = f' textLength="{WIDTH}" lengthAdjust="spacingAndGlyphs"' if len(names) > 36 else ""
    return (
        f'<text x="150" y="429" text-anchor="middle" font-size="9.5" letter-spacing=".14em" '
        f"font-family=\"'Helvetica Neue',Arial,'Liberation Sans',sans-serif\" "
        f'fill="{palette.glow}"{fit}>{escape(names.upper())}</text>'
    )


def _plain(text: str) -> str:
    """``text`` on one line, without what XML cannot hold."""
    return " ".join(_NOT_XML.sub(" ", text).split())
