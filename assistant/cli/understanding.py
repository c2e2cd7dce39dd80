"""The commands that measure understanding: ``matinee evaluate mentions`` and its like.

Knows nothing of how any of it is computed. Next in the flow: ``assistant.evaluation_mentions``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer

from assistant.cli.edge import AsJson, catalogue_of, shell_of
from assistant.cli.panels import plain


def add_to(evaluate: typer.Typer) -> None:
    """Add this module's commands to ``evaluate``."""
    evaluate.command("mentions")(mentions)


def mentions(
    context: typer.Context,
    cases: Annotated[Path, typer.Option(help="Conversations with marked films, JSON lines.")],
    as_json: AsJson = False,
) -> None:
    """How well films named in messages are found, beside exact titles."""
    from assistant.evaluation_mentions import measure_mentions, mention_lines
    from assistant.parsing.people import PeopleFinder
    from assistant.parsing.titles import TitleFinder

    shell = shell_of(context)
    catalogue = catalogue_of(shell.settings)
    titles = TitleFinder(catalogue, shell.settings.data)
    people = PeopleFinder(catalogue, shell.settings.data)
    scores = measure_mentions(cases, titles, catalogue, people)
    if as_json:
        sys.stdout.write(orjson.dumps(plain(scores)).decode() + "\n")
        return
    for line in mention_lines(scores):
        shell.out.print(line, markup=False)
