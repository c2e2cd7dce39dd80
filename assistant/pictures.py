"""Curves as PNG files: the door to matplotlib for reports.

Knows nothing of what is measured. Next in the flow: nothing; somebody looks at the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Curve:
    """Points in order, each with a few words beside it."""

    title: str
    across: str
    """What the horizontal axis tells."""
    up: str
    """What the vertical axis tells."""
    points: Sequence[tuple[float, float, str]]


def draw(curve: Curve, path: Path) -> None:
    """Write ``curve`` to ``path`` as PNG; raises ``OSError`` where that cannot be written."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([x for x, _, _ in curve.points], [y for _, y, _ in curve.points], "o-")
    for x, y, words in curve.points:
        axes.annotate(words, (x, y), textcoords="offset points", xytext=(6, 4))
    axes.set_xlabel(curve.across)
    axes.set_ylabel(curve.up)
    axes.set_title(curve.title)
    figure.savefig(path, dpi=120)
