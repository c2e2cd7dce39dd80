"""A training run's loss log as a picture.

Knows nothing of what was trained. Next in the flow: ``training`` draws its run.
"""

from __future__ import annotations

import csv
from pathlib import Path


def draw_curve(log: Path, picture: Path) -> None:
    """The loss log as a picture, where matplotlib (extra "training") is there."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return
    if not log.is_file():
        return
    with log.open(encoding="utf-8") as rows:
        points = [[float(x) for x in row] for row in list(csv.reader(rows))[1:]]
    figure = Figure(figsize=(7, 4))
    axes = figure.subplots()
    for column, label in ((1, "training"), (2, "held-out combinations")):
        axes.plot([p[0] for p in points], [p[column] for p in points], label=label)
    axes.set_xlabel("step")
    axes.set_ylabel("cross-entropy, nats a token")
    axes.legend()
    figure.savefig(picture, dpi=110)
