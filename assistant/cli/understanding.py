"""The commands that measure understanding: ``matinee evaluate mentions`` and its like.

Knows nothing of how any of it is computed. Next in the flow: ``assistant.evaluation_mentions``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import orjson
import typer

from assistant.cli.edge import AsJson, Shell, bar, catalogue_of, opened, shell_of
from assistant.cli.panels import plain

TALKED_IN = 2018
"""The year of the public conversations these commands were made for (ReDial, 2017 to 2018)."""


_BREACHES = 20
"""Breaches shown."""


def add_to(evaluate: typer.Typer) -> None:
    """Add this module's commands to ``evaluate``."""
    evaluate.command("mentions")(mentions)
    evaluate.command("opinions")(opinions)
    evaluate.command("slots")(slots)
    evaluate.command("acts")(acts)
    evaluate.command("limits")(limits)


def mentions(
    context: typer.Context,
    cases: Annotated[Path, typer.Option(help="Conversations with marked films, JSON lines.")],
    unmarked: Annotated[
        Path | None, typer.Option(help="Films a reader found named but unmarked, JSON lines.")
    ] = None,
    year: Annotated[int, typer.Option(help="When people talked.")] = TALKED_IN,
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
    scores = measure_mentions(cases, titles, catalogue, people, year, unmarked)
    _print_lines(shell, scores, mention_lines(scores), as_json=as_json)


def opinions(
    context: typer.Context,
    cases: Annotated[Path, typer.Option(help="Conversations with opinions, JSON lines.")],
    year: Annotated[int, typer.Option(help="When people talked.")] = TALKED_IN,
    as_json: AsJson = False,
) -> None:
    """What people have seen and liked, as understood and as they filled it in themselves."""
    from assistant.evaluation_opinions import measure_opinions, opinion_lines
    from assistant.lexicon import load_lexicons
    from assistant.parsing.parser import Parser

    shell = shell_of(context)
    data = shell.settings.data
    catalogue = catalogue_of(shell.settings)
    parser = Parser(catalogue, load_lexicons(data / "languages"), data)
    measured = measure_opinions(cases, parser, catalogue, year)
    _print_lines(shell, measured, opinion_lines(measured), as_json=as_json)


def slots(
    context: typer.Context,
    cases: Annotated[Path, typer.Option(help="Film queries with slots, JSON lines.")],
    as_json: AsJson = False,
) -> None:
    """How well people, genres and years are read from queries, beside exact matches."""
    from assistant.evaluation_slots import measure_slots, slot_lines
    from assistant.lexicon import load_lexicons
    from assistant.parsing.grammar import load_grammars
    from assistant.parsing.parser import Parser

    shell = shell_of(context)
    data = shell.settings.data
    catalogue = catalogue_of(shell.settings)
    lexicons = load_lexicons(data / "languages")
    report = measure_slots(
        cases, catalogue, Parser(catalogue, lexicons, data), load_grammars(data, lexicons)["en"]
    )
    _print_lines(shell, report, slot_lines(report), as_json=as_json)


def acts(
    context: typer.Context,
    cases: Annotated[Path, typer.Option(help="Conversations with labelled acts, JSON lines.")],
    as_json: AsJson = False,
) -> None:
    """How well it is told what a message does, beside the commonest act."""
    from assistant.embedding import Encoder
    from assistant.evaluation_acts import Listener, act_lines, measure_acts
    from assistant.lexicon import load_lexicons
    from assistant.parsing.grammar import load_grammars
    from assistant.parsing.heads import Heads
    from assistant.parsing.parser import Parser

    shell = shell_of(context)
    data = shell.settings.data
    catalogue = catalogue_of(shell.settings)
    lexicons = load_lexicons(data / "languages")
    encoder = Encoder("", shell.settings.threads)
    heads = Heads(data / "heads.json", encoder.encode)
    parser = Parser(catalogue, lexicons, data)
    report = measure_acts(cases, Listener(parser, heads, load_grammars(data, lexicons)["en"]))
    _print_lines(shell, report, act_lines(report), as_json=as_json)


def limits(
    context: typer.Context,
    n: Annotated[int, typer.Option("--n", min=1, help="Random requests.")] = 10_000,
    seed: Annotated[int | None, typer.Option(help="Else the setting's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Whether a film shown ever breaks a condition of random requests."""
    from assistant.evaluation_limits import evaluate_limits

    shell = shell_of(context)
    chosen = shell.settings.seed if seed is None else seed
    with opened(shell) as assistant, bar(shell, "Asking") as progress:
        report = evaluate_limits(assistant, n, chosen, progress)
    if as_json:
        sys.stdout.write(orjson.dumps(plain(report)).decode() + "\n")
        return
    shell.out.print(
        f"{report.requests:,} requests with {report.conditions:,} conditions, "
        f"{report.shown:,} films shown, {report.empty:,} lists empty: "
        f"{len(report.breaches):,} films break a condition"
    )
    for breach in report.breaches[:_BREACHES]:
        shell.out.print(f"{' / '.join(breach.messages)}: {breach.film} is not {breach.condition}")


def _print_lines(shell: Shell, report: object, lines: Sequence[str], *, as_json: bool) -> None:
    """A report as one JSON object, or as the lines of its table."""
    if as_json:
        sys.stdout.write(orjson.dumps(plain(report)).decode() + "\n")
        return
    for line in lines:
        shell.out.print(line, markup=False)
