"""The commands that make and measure: ``train``, ``bench``, ``doctor``.

Knows nothing of how any of it is computed. Next in the flow: ``training``, ``benchmarks``,
``doctor``; quality is measured in ``evaluate``.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.table import Table

from assistant.cli.edge import AsJson, Shell, bar, catalogue_of, opened, print_record, shell_of
from assistant.cli.panels import plain
from assistant.cli.understanding import TALKED_IN
from assistant.doctor import FAIL, OK, WARN, examine

if TYPE_CHECKING:
    pass

Times = Annotated[int, typer.Option("--n", min=1, max=100_000, help="Messages to measure.")]
_COLOUR = {OK: "green", WARN: "yellow", FAIL: "red"}


def add_to(app: typer.Typer, train: typer.Typer) -> None:
    """Add this module's commands to the application and to ``train``."""
    train.command("phraser")(train_phraser)
    train.command("titles")(train_titles)
    train.command("heads")(train_heads)
    bench = typer.Typer(no_args_is_help=True, help="Measure speed and size.")
    bench.command("turn")(bench_turn)
    bench.command("parse")(bench_parse)
    bench.command("ranking")(bench_ranking)
    bench.command("index")(bench_index)
    bench.command("memory")(bench_memory)
    app.add_typer(bench, name="bench")
    app.command("doctor")(doctor)


def train_phraser(
    context: typer.Context,
    corpus: Annotated[Path | None, typer.Option(help="Else data/phrases.")] = None,
    out: Annotated[Path | None, typer.Option(help="Else data/phraser.")] = None,
    minutes: Annotated[float | None, typer.Option(help="Stop after so long.")] = None,
    steps: Annotated[int, typer.Option(min=1, help="Stop after so many steps.")] = 6000,
    seed: Annotated[int | None, typer.Option(help="Else the setting's.")] = None,
    resume: Annotated[bool, typer.Option(help="Go on from the last checkpoint.")] = False,
    base: Annotated[str | None, typer.Option(help="Fine-tune this causal model instead.")] = None,
) -> None:
    """Train the small GPT-2 that phrases reasons, on our own corpus."""
    from assistant import training

    shell = shell_of(context)
    settings = shell.settings
    with bar(shell, "Training") as progress:
        report = training.train_phraser(
            corpus or settings.data / "phrases",
            out or settings.data / "phraser",
            minutes=minutes,
            steps=steps,
            seed=settings.seed if seed is None else seed,
            resume=resume,
            base=base,
            progress=lambda step, last, loss: progress(step, last),
        )
    print_record(shell, plain(report))


def train_titles(
    context: typer.Context,
    cases: Annotated[Path, typer.Option(help="Conversations with marked films, JSON lines.")],
    queries: Annotated[Path | None, typer.Option(help="Queries that name no film.")] = None,
    year: Annotated[int, typer.Option(help="When people talked.")] = TALKED_IN,
) -> None:
    """Grow the trees that tell titles from other words, on the half that may be looked at."""
    from assistant.parsing.people import PeopleFinder
    from assistant.parsing.titles import TitleFinder
    from assistant.training_titles import train_titles as train

    shell = shell_of(context)
    data = shell.settings.data
    catalogue = catalogue_of(shell.settings)
    titles, people = TitleFinder(catalogue, data), PeopleFinder(catalogue, data)
    print_record(shell, train(cases, queries, titles, people, catalogue, data, year))


def train_heads(
    context: typer.Context,
    examples: Annotated[Path | None, typer.Option(help="Else data/examples.")] = None,
    out: Annotated[Path | None, typer.Option(help="Else data/heads.json.")] = None,
) -> None:
    """Train the heads that tell what a sentence does, on our own examples."""
    from assistant import training_heads
    from assistant.embedding import Encoder

    shell = shell_of(context)
    settings = shell.settings
    encoder = Encoder("", settings.threads)
    reports = training_heads.train_heads(
        examples or settings.data / "examples",
        out or settings.data / "heads.json",
        encoder.encode,
        settings.seed,
    )
    for report in reports:
        print_record(shell, plain(report))


def bench_turn(
    context: typer.Context,
    n: Times = 100,
    template: Annotated[bool, typer.Option(help="Without the phraser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Median and p95 of a turn and its stages, beside the raw calls in the same run."""
    from assistant import benchmarks

    shell = shell_of(context)
    if template:
        shell = replace(shell, settings=replace(shell.settings, phraser="off"))
    with opened(shell) as assistant, bar(shell, "Turns") as progress:
        result = benchmarks.bench_turn(assistant, shell.settings, n, progress)
    _print_bench(shell, result, as_json=as_json)


def bench_parse(context: typer.Context, n: Times = 300, as_json: AsJson = False) -> None:
    """Time to understand a message, also with 100,000 more titles."""
    from assistant import benchmarks

    shell = shell_of(context)
    result = benchmarks.bench_parse(catalogue_of(shell.settings), shell.settings, n)
    _print_bench(shell, result, as_json=as_json)


def bench_ranking(context: typer.Context, n: Times = 200, as_json: AsJson = False) -> None:
    """Time to find, rank and vary a list, also with 100,000 films."""
    from assistant.benchmark_ranking import bench_ranking

    shell = shell_of(context)
    with opened(shell) as assistant, bar(shell, "Building a large index") as progress:
        result = bench_ranking(assistant, shell.settings, n, progress)
    _print_bench(shell, result, as_json=as_json)


def bench_index(context: typer.Context, as_json: AsJson = False) -> None:
    """Time to build the index from nothing, and to open it again."""
    from assistant import benchmarks

    shell = shell_of(context)
    with bar(shell, "Building the index") as progress:
        result = benchmarks.bench_index(shell.settings, progress)
    _print_bench(shell, result, as_json=as_json)


def bench_memory(context: typer.Context, n: Times = 200, as_json: AsJson = False) -> None:
    """Resident memory, warm and after many messages."""
    from assistant import benchmarks

    shell = shell_of(context)
    with opened(shell) as assistant:
        result = benchmarks.bench_memory(assistant, n)
    _print_bench(shell, result, as_json=as_json)


def doctor(
    context: typer.Context,
    as_json: AsJson = False,
    quick: Annotated[bool, typer.Option(help="Load no models.")] = False,
) -> None:
    """Check everything Matinee stands on; exit status 1 where something is broken."""
    shell = shell_of(context)
    checks = []
    for check in examine(shell.settings, models=not quick):
        checks.append(check)
        if not as_json:
            colour = _COLOUR[check.status] if shell.out.is_terminal else None
            shell.out.print(f"{check.status:<4}", style=colour, end="  ")
            shell.out.print(f"{check.name:<10} {check.detail}", markup=False)
            if check.mend:
                shell.out.print(f"{'':<16} mend: {check.mend}", markup=False)
    broken = any(check.status == FAIL for check in checks)
    if as_json:
        record = {"ok": not broken, "checks": plain(checks)}
        sys.stdout.write(orjson.dumps(record).decode() + "\n")
    if broken:
        raise typer.Exit(1)


def _print_bench(shell: Shell, result: object, *, as_json: bool) -> None:
    record = plain(result)
    if as_json:
        sys.stdout.write(orjson.dumps(record).decode() + "\n")
        return
    table = Table(*record["columns"], box=None, padding=(0, 1))
    for column in table.columns[1:]:
        column.justify = "right"
    for row in record["rows"]:
        table.add_row(*(cell if isinstance(cell, str) else f"{cell:,}" for cell in row))
    shell.out.print(table)
    shell.out.print(f"n = {record['n']}; {record['machine']}", markup=False)
