"""Poster motifs that are signs: a keyhole, a record, two circles that meet.

As in ``scenes``: chance and palette in, SVG elements on a painted canvas of 300 by 450 out. Next
in the flow: ``poster`` chooses among them.
"""

# ruff: noqa: E501  # a path of SVG reads worse in pieces
from __future__ import annotations

from math import cos, pi, sin
from random import Random

from assistant.posters.palette import Palette, mix


def sunburst(chance: Random, p: Palette) -> str:
    """Rays from a low centre, a disc in front."""
    x, y, rays = chance.uniform(110, 190), chance.uniform(220, 270), chance.choice((9, 11, 14))
    out = []
    for ray in range(rays):
        a, b = (2 * pi * (ray + part) / rays for part in (0, 0.5))
        out.append(
            f'<path d="M{x:.0f} {y:.0f}L{x + 500 * cos(a):.0f} {y + 500 * sin(a):.0f}'
            f'L{x + 500 * cos(b):.0f} {y + 500 * sin(b):.0f}z" fill="{p.light}" opacity=".75"/>'
        )
    size = chance.uniform(58, 82)
    out.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size:.0f}" fill="{p.glow}"/>')
    out.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size * 0.72:.0f}" fill="{p.mid}"/>')
    return "".join(out)


def blocks(chance: Random, p: Palette) -> str:
    """A grid of quarter circles, discs and squares."""
    out, size = [], 75
    colours = (p.light, p.glow, mix(p.mid, p.deep, 0.4), p.deep)
    for row in range(4):
        for column in range(4):
            x, y, colour = column * size, row * size, chance.choice(colours)
            kind = chance.randrange(5)
            if kind == 0:
                out.append(f'<circle cx="{x + 37.5}" cy="{y + 37.5}" r="28" fill="{colour}"/>')
            elif kind == 1:
                out.append(f'<path d="M{x} {y}h75a75 75 0 0 1-75 75z" fill="{colour}"/>')
            elif kind == 2:
                out.append(f'<path d="M{x + 75} {y + 75}h-75a75 75 0 0 1 75-75z" fill="{colour}"/>')
            elif kind == 3:
                out.append(f'<path d="M{x} {y + 75}a37.5 37.5 0 0 1 75 0z" fill="{colour}"/>')
    return "".join(out)


def meeting(chance: Random, p: Palette) -> str:
    """Two circles; where they meet there is light."""
    y, size, gap = chance.uniform(160, 195), chance.uniform(78, 92), chance.uniform(46, 60)
    rise = chance.uniform(-34, 34)
    a, b = (150 - gap, y + rise), (150 + gap, y - rise)
    return (
        f'<defs><clipPath id="c"><circle cx="{a[0]:.0f}" cy="{a[1]:.0f}" r="{size:.0f}"/></clipPath>'
        f'</defs><circle cx="{a[0]:.0f}" cy="{a[1]:.0f}" r="{size:.0f}" fill="{p.light}"/>'
        f'<circle cx="{b[0]:.0f}" cy="{b[1]:.0f}" r="{size:.0f}" fill="{p.mid}" '
        f'stroke="{p.light}" stroke-width="1.5"/>'
        f'<circle cx="{b[0]:.0f}" cy="{b[1]:.0f}" r="{size:.0f}" fill="{p.glow}" '
        'clip-path="url(#c)"/>'
    )


def blinds(chance: Random, p: Palette) -> str:
    """Slats of light across a wall, and a man in a hat."""
    slope, out = chance.uniform(-22, -8), []
    for slat in range(13):
        y = -20 + slat * 30
        out.append(
            f'<path d="M-10 {y}L310 {y + slope * 3:.0f}v15L-10 {y + 15}z" fill="{p.glow}" '
            f'opacity="{0.85 - slat * 0.045:.2f}"/>'
        )
    x = chance.uniform(110, 190)
    out.append(
        f'<path d="M{x - 62:.0f} 460v-118q2-34 38-44l12-8v-12q-12-10-13-30l-30-4q14-9 31-11l5-30'
        f"q24-14 46 0l5 30q20 3 31 11l-30 4q-2 20-13 30v12l12 8q36 10 38 44v118z"
        f'" fill="{p.deep}"/>'
    )
    return "".join(out)


def spiral(chance: Random, p: Palette) -> str:
    """A spiral that draws the eye to a small figure falling."""
    x, y = chance.uniform(130, 170), chance.uniform(165, 205)
    turn, way = chance.uniform(0, 6), chance.choice((-1, 1))
    points = []
    for step in range(260):
        angle = turn + way * step * 0.16
        reach = 3 + step * 0.92
        points.append(f"{x + reach * cos(angle):.0f} {y + reach * sin(angle):.0f}")
    return (
        f'<path d="M{"L".join(points)}" fill="none" stroke="{p.light}" stroke-width="9" '
        f'opacity=".85" stroke-linejoin="round"/><circle cx="{x:.0f}" cy="{y:.0f}" r="13" '
        f'fill="{p.glow}"/>'
    )


def eye(chance: Random, p: Palette) -> str:
    """An eye, wide open."""
    y, tall = chance.uniform(165, 200), chance.uniform(66, 88)
    lids = f"M14 {y:.0f}Q150 {y - tall * 1.9:.0f} 286 {y:.0f}Q150 {y + tall * 1.9:.0f} 14 {y:.0f}z"
    rays = "".join(
        f'<path d="M150 {y:.0f}l{tall * 0.84 * cos(a):.1f} {tall * 0.84 * sin(a):.1f}" '
        f'stroke="{p.deep}" stroke-width="1.6" opacity=".6"/>'
        for a in (2 * pi * step / 40 for step in range(40))
    )
    return (
        f'<path d="{lids}" fill="{p.ink}"/><circle cx="150" cy="{y:.0f}" r="{tall * 0.86:.0f}" '
        f'fill="{p.light}"/>{rays}<circle cx="150" cy="{y:.0f}" r="{tall * 0.4:.0f}" '
        f'fill="{p.deep}"/><circle cx="{150 + tall * 0.2:.0f}" cy="{y - tall * 0.22:.0f}" '
        f'r="{tall * 0.12:.0f}" fill="{p.glow}"/>'
        f'<path d="{lids}" fill="none" stroke="{p.deep}" stroke-width="7"/>'
    )


def keyhole(chance: Random, p: Palette) -> str:
    """A keyhole with light behind it."""
    y, size = chance.uniform(130, 160), chance.uniform(40, 52)
    hole = (
        f"M150 {y - size:.0f}a{size:.0f} {size:.0f} 0 0 1 {size * 0.55:.0f} {size * 1.83:.0f}"
        f"l{size * 0.42:.0f} {size * 2.3:.0f}h-{size * 1.94:.0f}l{size * 0.42:.0f}-{size * 2.3:.0f}"
        f"a{size:.0f} {size:.0f} 0 0 1 {size * 0.55:.0f}-{size * 1.83:.0f}z"
    )
    return (
        f'<circle cx="150" cy="{y + 40:.0f}" r="140" fill="{p.light}" opacity=".25"/>'
        f'<path d="{hole}" fill="none" stroke="{p.light}" stroke-width="26" stroke-linejoin="round" '
        f'opacity=".55"/><path d="{hole}" fill="{p.glow}"/>'
    )


def doorway(chance: Random, p: Palette) -> str:
    """A door ajar: light falls out, someone stands in it."""
    x, wide = chance.uniform(120, 170), chance.uniform(52, 70)
    return (
        f'<path d="M{x - wide / 2:.0f} 92h{wide:.0f}v196h-{wide:.0f}z" fill="{p.glow}"/>'
        f'<path d="M{x - wide / 2:.0f} 288h{wide:.0f}l{chance.uniform(60, 110):.0f} 172'
        f'h-{wide + 170:.0f}z" fill="{p.glow}" opacity=".34"/>'
        f'<path d="M{x + wide / 2:.0f} 92l36-22v240l-36-22z" fill="{mix(p.mid, p.deep, 0.5)}"/>'
        f'<circle cx="{x:.0f}" cy="196" r="10" fill="{p.deep}"/>'
        f'<path d="M{x - 14:.0f} 212q14-8 28 0l-3 40-3 42h-16l-3-42z" fill="{p.deep}"/>'
    )


def window(chance: Random, p: Palette) -> str:
    """A tall window and its light on the floor."""
    x, y, wide, tall = chance.uniform(70, 120), chance.uniform(56, 80), 104.0, 150.0
    lean = chance.uniform(40, 70)
    floor = y + tall + 62
    panes = "".join(
        f'<rect x="{x + column * 54:.0f}" y="{y + row * 52:.0f}" width="48" height="46" '
        f'fill="{p.glow}" opacity="{1 - 0.13 * row:.2f}"/>'
        for row in range(3)
        for column in range(2)
    )
    light = "".join(
        f'<path d="M{x + column * 54 + lean * (0.5 + row * 0.5):.0f} {floor + row * 30:.0f}h48'
        f'l{lean * 0.42:.0f} 26h-48z" fill="{p.glow}" opacity="{0.5 - 0.13 * row:.2f}"/>'
        for row in range(3)
        for column in range(2)
    )
    plant = x + wide + chance.uniform(28, 50)
    return (
        f'<rect y="{floor - 24:.0f}" width="300" height="240" fill="{p.deep}" opacity=".55"/>'
        f"{panes}{light}"
        f'<path d="M{plant:.0f} {floor - 20:.0f}v-48m0 20q-20-8-20-32m20 22q20-8 18-34" fill="none" '
        f'stroke="{p.deep}" stroke-width="4" stroke-linecap="round"/>'
        f'<path d="M{plant - 13:.0f} {floor - 36:.0f}h26l-5 26h-16z" fill="{p.deep}"/>'
    )


def record(chance: Random, p: Palette) -> str:
    """A record, half out of the frame."""
    x, y, size = chance.choice((80, 150, 220)), chance.uniform(160, 190), chance.uniform(126, 142)
    rings = "".join(
        f'<circle cx="{x}" cy="{y:.0f}" r="{size * share:.0f}" fill="none" stroke="{p.mid}" '
        'stroke-width="1.4" opacity=".8"/>'
        for share in (0.95, 0.88, 0.81, 0.74, 0.67, 0.6, 0.53)
    )
    return (
        f'<circle cx="{x}" cy="{y:.0f}" r="{size:.0f}" fill="{p.deep}"/>{rings}'
        f'<path d="M{x} {y:.0f}L{x - 60} {y - size * 0.9:.0f}L{x - 14} {y - size:.0f}z'
        f'M{x} {y:.0f}l60 {size * 0.9:.0f}l-46 {size * 0.1:.0f}z" fill="{p.light}" opacity=".28"/>'
        f'<circle cx="{x}" cy="{y:.0f}" r="{size * 0.36:.0f}" fill="{p.glow}"/>'
        f'<circle cx="{x}" cy="{y:.0f}" r="{size * 0.05:.0f}" fill="{p.deep}"/>'
    )


def shards(chance: Random, p: Palette) -> str:
    """Splinters flying from one point."""
    x, y, out = chance.uniform(100, 200), chance.uniform(200, 260), []
    for step in range(26):
        angle = 2 * pi * step / 26 + chance.uniform(-0.1, 0.1)
        near, far, half = (
            chance.uniform(30, 96),
            chance.uniform(150, 330),
            chance.uniform(0.03, 0.1),
        )
        corners = ((near, 0.0), (far, -half), (far * chance.uniform(0.8, 1.1), half))
        points = " ".join(
            f"{x + reach * cos(angle + off):.0f},{y + reach * sin(angle + off):.0f}"
            for reach, off in corners
        )
        out.append(
            f'<polygon points="{points}" fill="{chance.choice((p.light, p.glow, p.mid, p.deep))}"/>'
        )
    out.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="19" fill="{p.ink}"/>')
    return "".join(out)


def lanes(chance: Random, p: Palette) -> str:
    """The bend of a running track."""
    x = chance.choice((-30, 330))
    out = [
        f'<circle cx="{x}" cy="300" r="{320 - step * 34}" fill="none" '
        f'stroke="{p.light if step % 2 else p.mid}" stroke-width="32"/>'
        for step in range(8)
    ]
    out += [
        f'<circle cx="{x}" cy="300" r="{337 - step * 34}" fill="none" stroke="{p.ink}" '
        'stroke-width="1.6"/>'
        for step in range(9)
    ]
    out.append(f'<circle cx="{150}" cy="{chance.uniform(110, 150):.0f}" r="17" fill="{p.glow}"/>')
    return "".join(out)


def arches(chance: Random, p: Palette) -> str:
    """One arch inside another, light at the end."""
    out, steps = [], 6
    x = chance.uniform(135, 165)
    for step in range(steps):
        share = step / (steps - 1)
        half = 128 - 100 * share
        top = 150 + 34 * share
        colour = mix(mix(p.deep, p.light, share * 0.9), p.glow, share**3)
        out.append(
            f'<path d="M{x - half:.0f} 460V{top + 30:.0f}a{half:.0f} {half:.0f} 0 0 1 '
            f'{2 * half:.0f} 0V460z" fill="{colour}"/>'
        )
    out.append(f'<circle cx="{x:.0f}" cy="262" r="6" fill="{p.deep}"/>')
    out.append(f'<path d="M{x - 9:.0f} 272q9-6 18 0l-3 56h-12z" fill="{p.deep}"/>')
    return "".join(out)


def aperture(chance: Random, p: Palette) -> str:
    """The blades of a lens."""
    y, size, open_to = chance.uniform(165, 195), 128.0, chance.uniform(0.3, 0.46)
    out = [f'<circle cx="150" cy="{y:.0f}" r="{size:.0f}" fill="{p.glow}"/>']
    for blade in range(7):
        a = 2 * pi * blade / 7
        corners = (
            (size, a),
            (size, a + 0.95),
            (size * open_to, a + 1.5),
            (size * open_to, a + 0.6),
        )
        points = " ".join(f"{150 + r * cos(t):.0f},{y + r * sin(t):.0f}" for r, t in corners)
        colour = mix(p.mid, p.deep, 0.15 + 0.1 * blade)
        out.append(
            f'<polygon points="{points}" fill="{colour}" stroke="{p.deep}" stroke-width="1.5"/>'
        )
    out.append(
        f'<circle cx="150" cy="{y:.0f}" r="{size:.0f}" fill="none" stroke="{p.deep}" '
        'stroke-width="9"/>'
    )
    return "".join(out)


def contours(chance: Random, p: Palette) -> str:
    """Height lines of an unknown land."""
    x, y, out = chance.uniform(90, 210), chance.uniform(130, 220), []
    bumps = [(chance.uniform(0.05, 0.2), chance.uniform(0, 6)) for _ in range(4)]
    for ring in range(1, 18):
        points = []
        for step in range(49):
            angle = 2 * pi * step / 48
            wave = sum(a * sin((n + 2) * angle + s) for n, (a, s) in enumerate(bumps))
            reach = ring * 15 * (1 + wave)
            points.append(f"{x + reach * cos(angle):.0f} {y + reach * sin(angle) * 0.82:.0f}")
        fill = p.glow if ring == 1 else "none"
        out.append(
            f'<path d="M{"L".join(points)}z" fill="{fill}" stroke="{p.light}" stroke-width="1.7" '
            f'opacity="{1 - ring * 0.035:.2f}"/>'
        )
    return "".join(out)


def portrait(chance: Random, p: Palette) -> str:
    """A head in an oval, face unknown."""
    lean = chance.uniform(-8, 8)
    return (
        '<defs><clipPath id="o"><ellipse cx="150" cy="176" rx="104" ry="132"/></clipPath></defs>'
        f'<ellipse cx="150" cy="176" rx="104" ry="132" fill="{p.light}"/>'
        f'<g clip-path="url(#o)"><circle cx="{150 + 4 * lean:.0f}" cy="120" r="120" fill="{p.glow}" '
        f'opacity=".55"/><path d="M30 340q10-80 84-92l10-30q-22-16-24-56q0-56 50-56t50 56'
        f'q-2 40-24 56l10 30q74 12 84 92z" fill="{p.deep}" '
        f'transform="rotate({lean:.1f} 150 300)"/></g>'
        f'<ellipse cx="150" cy="176" rx="112" ry="140" fill="none" stroke="{p.glow}" '
        'stroke-width="2"/>'
    )


def balloons(chance: Random, p: Palette) -> str:
    """Balloons rising over a curve of ground."""
    out = [f'<circle cx="150" cy="660" r="370" fill="{mix(p.mid, p.deep, 0.5)}"/>']
    for _ in range(chance.choice((5, 7, 9))):
        x, y, size = chance.uniform(36, 264), chance.uniform(50, 220), chance.uniform(16, 34)
        colour = chance.choice((p.light, p.glow, p.ink, p.deep))
        out.append(
            f'<path d="M{x:.0f} {y + size * 1.2:.0f}Q{x + 8:.0f} {y + 60:.0f} 150 312" fill="none" '
            f'stroke="{p.ink}" stroke-width="1" opacity=".6"/>'
            f'<ellipse cx="{x:.0f}" cy="{y:.0f}" rx="{size:.0f}" ry="{size * 1.2:.0f}" '
            f'fill="{colour}"/>'
        )
    out.append(f'<circle cx="150" cy="318" r="7" fill="{p.ink}"/>')
    return "".join(out)


def waves(chance: Random, p: Palette) -> str:
    """Lines that swell in the middle, like sound."""
    out, centre = [], chance.uniform(120, 180)
    for row in range(22):
        y = 60 + row * 12.5
        points = []
        for x in range(0, 301, 6):
            swell = 2.718 ** (-(((x - centre) / 62) ** 2))
            points.append(f"{x} {y - swell * (8 + 34 * abs(sin(x / 13 + row * 1.3))):.0f}")
        out.append(
            f'<path d="M0 460L{"L".join(points)}L300 460z" fill="{p.deep}" stroke="{p.light}" '
            'stroke-width="1.6"/>'
        )
    return "".join(out)
