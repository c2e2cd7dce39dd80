"""Poster motifs that are places: a horizon, layers of land or water, a light in the sky.

Each function takes a source of chance and the film's palette and returns SVG elements on a canvas
of 300 by 450 whose background is already painted. Next in the flow: ``emblems``, then ``poster``.
"""

# ruff: noqa: E501  # a path of SVG reads worse in pieces
from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin
from random import Random

from assistant.posters.palette import Palette, mix


def hills(chance: Random, p: Palette) -> str:
    """Rolling layers under a sun, a lone tree on one of them."""
    out = [_sun(chance, p, 70, 150)]
    base = chance.uniform(215, 245)
    phase = chance.uniform(0, 6)
    for layer in range(4):
        y = base + layer * 48
        points = [
            (x, y + 20 * sin(x / (52 + 14 * layer) + phase + 1.7 * layer))
            for x in range(0, 301, 12)
        ]
        out.append(_land(points, mix(p.light, p.deep, 0.15 + 0.25 * layer)))
        if layer == 1:
            x, top = points[chance.randrange(5, 20)]
            out.append(_tree(x, top, p.deep))
    return "".join(out)


def mountains(chance: Random, p: Palette) -> str:
    """Jagged ranges one behind another."""
    out = [_sun(chance, p, 80, 140)]
    for layer in range(4):
        y, x = 190 + layer * 52, -30.0
        points: list[tuple[float, float]] = []
        while x < 340:
            points.append((x, y + chance.uniform(-58 + 8 * layer, 26)))
            x += chance.uniform(24, 58)
        points = [(0, points[0][1]), *points[1:-1], (300, points[-1][1])]
        out.append(_land(points, mix(p.light, p.deep, 0.2 + 0.24 * layer)))
    return "".join(out)


def sea(chance: Random, p: Palette) -> str:
    """A sun half down, its path on the water, a small boat."""
    x, horizon, size = chance.uniform(95, 205), chance.uniform(215, 250), chance.uniform(56, 84)
    out = [
        f'<circle cx="{x:.0f}" cy="{horizon:.0f}" r="{size:.0f}" fill="{p.glow}"/>',
        f'<rect y="{horizon:.0f}" width="300" height="240" fill="{mix(p.mid, p.deep, 0.35)}"/>',
    ]
    for row in range(15):
        y = horizon + 5 + row * 11 + row * row * 0.25
        width = size * (1.7 - row * 0.07) * chance.uniform(0.55, 1)
        left = x - width / 2 + chance.uniform(-10, 10)
        out.append(_bar(left, y, width, 2.4 + row * 0.16, p.glow, 0.75 - row * 0.04))
    boat = chance.choice((58, 236))
    out.append(
        f'<path d="M{boat - 20} {horizon + 28:.0f}h40l-7 9h-26z M{boat} {horizon + 25:.0f}v-42l19 34z" '
        f'fill="{p.deep}"/>'
    )
    return "".join(out)


def desert(chance: Random, p: Palette) -> str:
    """A huge sun behind mesas, a rider's worth of emptiness in front."""
    x, y = chance.uniform(80, 220), chance.uniform(150, 190)
    out = [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{chance.uniform(76, 100):.0f}" fill="{p.glow}"/>']
    left = -20.0
    while left < 300:
        width, top = chance.uniform(46, 110), chance.uniform(176, 240)
        out.append(
            f'<path d="M{left:.0f} 290l9-{290 - top:.0f}h{width:.0f}l13 {290 - top:.0f}z" '
            f'fill="{mix(p.mid, p.deep, chance.uniform(0, 0.3))}"/>'
        )
        left += width + chance.uniform(34, 90)
    out.append(_land([(0, 282), (90, 270), (190, 288), (300, 274)], mix(p.mid, p.deep, 0.55)))
    out.append(_land([(0, 330), (120, 312), (300, 336)], p.deep))
    c = chance.choice((62, 244))
    out.append(
        f'<path d="M{c} 322v-58m0 26h-13v-17m13 30h13v-22" fill="none" stroke="{p.deep}" '
        'stroke-width="8" stroke-linecap="round" stroke-linejoin="round"/>'
    )
    return "".join(out)


def city(chance: Random, p: Palette) -> str:
    """Three depths of buildings, some windows lit."""
    out = [_sun(chance, p, 46, 110)]
    for layer in range(3):
        colour = mix(p.light, p.deep, 0.3 + 0.35 * layer)
        x = -10.0
        while x < 300:
            width = chance.uniform(24, 46)
            top = chance.uniform(130, 240) + layer * 48
            out.append(_bar(x, top, width, 460 - top, colour, 1))
            if layer and chance.random() < 0.3:
                out.append(_bar(x + width / 2 - 1, top - 26, 2, 27, colour, 1))
            if layer:
                out += [
                    _bar(x + 6 + 9 * column, top + 10 + 14 * row, 4, 6, p.glow, 0.9)
                    for column in range(int((width - 8) // 9))
                    for row in range(9)
                    if chance.random() < 0.2
                ]
            x += width + chance.uniform(-4, 5)
    return "".join(out)


def road(chance: Random, p: Palette) -> str:
    """A straight road to the vanishing point, poles along it."""
    x, y = chance.uniform(120, 180), chance.uniform(196, 226)
    out = [
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{chance.uniform(44, 76):.0f}" fill="{p.glow}"/>',
        f'<rect y="{y:.0f}" width="300" height="260" fill="{mix(p.mid, p.deep, 0.45)}"/>',
        f'<path d="M{x - 3:.0f} {y:.0f}h6L330 450H-30z" fill="{p.deep}"/>',
    ]
    for step in range(8):
        near = (step / 8) ** 2
        far = ((step + 0.45) / 8) ** 2
        top, bottom = y + near * 230, y + far * 230
        out.append(
            f'<path d="M{x - 8 * near:.1f} {top:.1f}h{16 * near:.1f}L{x + 8 * far:.1f} {bottom:.1f}'
            f'h-{16 * far:.1f}z" fill="{p.glow}"/>'
        )
        px, height = x + 10 + near * 300, 16 + near * 260
        out.append(
            f'<path d="M{px:.1f} {top:.1f}v-{height:.1f}m-{height / 7:.1f} {height / 8:.1f}'
            f'h{height / 3.5:.1f}" stroke="{p.deep}" stroke-width="{1 + near * 7:.1f}" fill="none"/>'
        )
    return "".join(out)


def forest(chance: Random, p: Palette) -> str:
    """Trunks in fog, a low moon, someone small."""
    out = [_sun(chance, p, 58, 150)]
    for layer in range(3):
        colour = mix(p.light, p.deep, 0.28 + 0.34 * layer)
        out.append(_bar(0, 150 + layer * 60, 300, 300, p.mid, 0.16))
        x = chance.uniform(-10, 16)
        while x < 300:
            width = chance.uniform(5, 9) + layer * 6
            lean = chance.uniform(-7, 7)
            out.append(
                f'<path d="M{x:.0f} -5l{lean:.0f} 460h{width * 1.5:.0f}l-{lean + width * 0.5:.0f} -460z" '
                f'fill="{colour}"/>'
            )
            x += chance.uniform(26, 44) + layer * 26
    x = chance.choice((118, 176))
    out.append(_figure(x, 306, 34, p.glow))
    return "".join(out)


def castle(chance: Random, p: Palette) -> str:
    """Towers on a rock before a great moon."""
    x = chance.uniform(120, 180)
    out = [f'<circle cx="{x:.0f}" cy="160" r="{chance.uniform(82, 108):.0f}" fill="{p.glow}"/>']
    wall = mix(p.mid, p.deep, 0.6)
    for step in range(-3, 4):
        height = 128 - abs(step) * 26 + chance.uniform(-16, 20)
        left, width, top = x + step * 22 - 9, 18, 282 - height
        out.append(_bar(left, top, width, height + 20, wall, 1))
        spire = chance.uniform(24, 44)
        out.append(f'<path d="M{left - 4:.0f} {top:.0f}h26l-13-{spire:.0f}z" fill="{p.deep}"/>')
        out.append(_bar(left + 7, top + 12, 4, 9, p.glow, 0.9))
    out.append(
        _land([(0, 372), (50, 330), (x - 84, 282), (x + 84, 280), (258, 338), (300, 366)], p.deep)
    )
    for _ in range(4):
        bx, by = chance.uniform(30, 270), chance.uniform(50, 130)
        out.append(
            f'<path d="M{bx:.0f} {by:.0f}q6-7 10 0q6-7 11 0" fill="none" stroke="{p.deep}" '
            'stroke-width="2"/>'
        )
    return "".join(out)


def planet(chance: Random, p: Palette) -> str:
    """A ringed world, a moon, stars."""
    x, y, size = chance.uniform(105, 200), chance.uniform(150, 200), chance.uniform(66, 96)
    tilt = chance.uniform(-32, -12)
    out = [_stars(chance, p, 60)]
    ring = f'rx="{size * 1.72:.0f}" ry="{size * 0.4:.0f}" fill="none" stroke="{p.glow}"'
    turned = f'<g transform="translate({x:.0f} {y:.0f}) rotate({tilt:.0f})">'
    out.append(f'{turned}<ellipse {ring} stroke-width="7" opacity=".8"/></g>')
    out.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size:.0f}" fill="{p.light}"/>')
    out.append(
        f'<path d="M{x - size * 0.7:.0f} {y + size * 0.714:.0f}A{size:.0f} {size:.0f} 0 0 0 '
        f"{x + size * 0.7:.0f} {y - size * 0.714:.0f}A{size * 1.35:.0f} {size * 1.35:.0f} 0 0 1 "
        f'{x - size * 0.7:.0f} {y + size * 0.714:.0f}" fill="{p.mid}" opacity=".75"/>'
    )
    out.append(
        f'{turned}<path d="M-{size * 1.72:.0f} 0A{size * 1.72:.0f} {size * 0.4:.0f} 0 0 0 '
        f'{size * 1.72:.0f} 0" fill="none" stroke="{p.glow}" stroke-width="7"/></g>'
    )
    mx, my = chance.choice(((44, 80), (252, 64)))
    out.append(f'<circle cx="{mx}" cy="{my}" r="{chance.uniform(9, 17):.0f}" fill="{p.glow}"/>')
    return "".join(out)


def battlefield(chance: Random, p: Palette) -> str:
    """A low sun in smoke, wire along the ridge."""
    out = [_sun(chance, p, 72, 190)]
    for _ in range(9):
        y = chance.uniform(70, 250)
        out.append(
            f'<ellipse cx="{chance.uniform(0, 300):.0f}" cy="{y:.0f}" '
            f'rx="{chance.uniform(70, 190):.0f}" ry="{chance.uniform(6, 20):.0f}" fill="{p.mid}" '
            f'opacity="{chance.uniform(0.25, 0.6):.2f}"/>'
        )
    out.append(_land([(0, 296), (70, 282), (150, 300), (230, 280), (300, 292)], p.deep))
    for row in (0, 1):
        top = 256 + row * 20
        loops = "".join("a9 9 0 1 1 14 0m4 0" for _ in range(17))
        out.append(f'<path d="M-4 {top}{loops}" fill="none" stroke="{p.deep}" stroke-width="1.6"/>')
    for x in range(24, 300, 62):
        lean = chance.uniform(-7, 7)
        out.append(
            f'<path d="M{x} 310l{lean:.0f}-72" stroke="{p.deep}" stroke-width="5" fill="none"/>'
        )
    return "".join(out)


def house(chance: Random, p: Palette) -> str:
    """A house on a hill; one window is lit."""
    out = [_sun(chance, p, 62, 128), _stars(chance, p, 16)]
    x = chance.uniform(120, 180)
    out.append(_land([(0, 350), (70, 322), (x, 292), (230, 318), (300, 344)], p.deep))
    out.append(
        f'<path d="M{x - 46:.0f} 304v-74l24-36 20 27v-46l24-30 24 30v130z" fill="{p.deep}"/>'
        f'<path d="M{x + 15:.0f} 200h18v26h-18z" fill="{p.glow}"/>'
        f'<path d="M{x + 24:.0f} 200v26m-9-13h18" stroke="{p.deep}" stroke-width="2"/>'
    )
    side = chance.choice((38, 262))
    out.append(_tree(side, 336, p.deep, bare=True))
    return "".join(out)


def _sun(chance: Random, p: Palette, size: float, height: float) -> str:
    x, y = chance.uniform(80, 220), height + chance.uniform(-26, 20)
    return (
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size * 1.5:.0f}" fill="{p.glow}" opacity=".13"/>'
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size * chance.uniform(0.8, 1.1):.0f}" '
        f'fill="{p.glow}"/>'
    )


def _stars(chance: Random, p: Palette, count: int) -> str:
    return "".join(
        f'<circle cx="{chance.uniform(0, 300):.0f}" cy="{chance.uniform(0, 330):.0f}" '
        f'r="{chance.choice((0.7, 0.9, 1.2, 1.8))}" fill="{p.ink}" opacity=".8"/>'
        for _ in range(count)
    )


def _land(points: Sequence[tuple[float, float]], colour: str) -> str:
    line = "L".join(f"{x:.0f} {y:.0f}" for x, y in points)
    return f'<path d="M0 460L{line}L300 460z" fill="{colour}"/>'


def _bar(x: float, y: float, width: float, height: float, colour: str, opacity: float) -> str:
    seen = "" if opacity >= 1 else f' opacity="{max(opacity, 0.05):.2f}"'
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{colour}"{seen}/>'
    )


def _tree(x: float, y: float, colour: str, *, bare: bool = False) -> str:
    if not bare:
        return (
            f'<path d="M{x:.0f} {y + 3:.0f}v-22" stroke="{colour}" stroke-width="3"/>'
            f'<circle cx="{x:.0f}" cy="{y - 28:.0f}" r="14" fill="{colour}"/>'
        )
    twigs = "".join(
        f"M{x:.0f} {y - 22 * step:.0f}l{26 * cos(pi * (0.2 + 0.6 * (step % 2))):.0f}-{22 + 5 * step}"
        for step in range(1, 5)
    )
    return (
        f'<path d="M{x:.0f} {y + 12:.0f}v-130{twigs}" fill="none" stroke="{colour}" '
        'stroke-width="4" stroke-linecap="round"/>'
    )


def _figure(x: float, y: float, height: float, colour: str) -> str:
    """A standing person seen from far, feet at (x, y)."""
    h = height
    return (
        f'<circle cx="{x:.0f}" cy="{y - h * 0.88:.0f}" r="{h * 0.12:.1f}" fill="{colour}"/>'
        f'<path d="M{x - h * 0.16:.1f} {y - h * 0.72:.1f}h{h * 0.32:.1f}l-{h * 0.05:.1f} {h * 0.36:.1f}'
        f"-{h * 0.02:.1f} {h * 0.36:.1f}h-{h * 0.18:.1f}l-{h * 0.02:.1f}-{h * 0.36:.1f}z"
        f'" fill="{colour}"/>'
    )
