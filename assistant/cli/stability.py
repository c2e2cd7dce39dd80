"""``evaluate stability``: does a list hold still when it is asked for in other words?

Knows nothing of how it is measured. Next in the flow: ``assistant.evaluation_stability``.
"""

from __future__ import annotations

import sys
import time
from typing import Annotated

import orjson
import typer
from rich.table import Table

from assistant.cli.edge import AsJson, bar, opened, shell_of
from assistant.cli.panels import plain
from assistant.metrics import Interval
from assistant.timeline import years_at


def stability(
    context: typer.Context,
    refinements: Annotated[int, typer.Option(min=0, help="Requests that are refined.")] = 300,
    show: Annotated[bool, typer.Option(help="Print pairs that share little.")] = False,
    as_json: AsJson = False,
) -> None:
    """Whether other words for a request keep its list, and one more condition the earlier ones."""
    from assistant.evaluation_stability import PAIRS_FILE, evaluate_stability, read_paraphrases

    shell = shell_of(context)
    with opened(shell) as assistant, bar(shell, "Requests") as progress:
        pairs = read_paraphrases(shell.settings.data / PAIRS_FILE)
        now = years_at(time.time())
        report = evaluate_stability(
            assistant.selector, assistant.parser, pairs, refinements, now, progress
        )
    if as_json:
        sys.stdout.write(orjson.dumps(plain(report)).decode() + "\n")
        return
    table = Table("the same request in other words", "shared of ten", box=None, padding=(0, 1))
    for name, share in (*report.overlap.items(), *report.by_kind.items()):
        table.add_row(name, _cell(share))
    shell.out.print(table)
    shell.out.print(
        f"{report.pairs} pairs; {report.refined} requests refined, {report.shown:,} films shown, "
        f"{len(report.broken)} break an earlier condition; {report.changed} of {report.repeated} "
        f"lists changed when asked for again; {report.seconds:.0f} s"
    )
    for messages, film, condition in report.broken:
        shell.out.print(f"{messages} | {film} | {condition}", markup=False)
    for one, other, kept in report.poor if show else ():
        shell.out.print(f"{kept:.1f} | {one} | {other}", markup=False)


def _cell(x: Interval) -> str:
    return f"{x.value:.3f} ({x.low:.3f}-{x.high:.3f})"
