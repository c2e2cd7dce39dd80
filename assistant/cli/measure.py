"""The commands that make and measure: ``train``, ``evaluate``, ``bench``, ``doctor``.

Knows nothing of how any of it is computed. Next in the flow: ``training``, ``evaluation``,
``benchmarks``, ``doctor``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.table import Table

from assistant.cli.edge import Shell, bar, catalogue_of, opened, print_pairs, shell_of
from assistant.cli.panels import plain
from assistant.doctor import FAIL, OK, WARN, examine
from assistant.errors import DataError

if TYPE_CHECKING:
    from assistant.chat import Assistant

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Times = Annotated[int, typer.Option("--n", min=1, max=100_000, help="Messages to measure.")]
_COLOUR = {OK: "green", WARN: "yellow", FAIL: "red"}


def add_to(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    train = typer.Typer(no_args_is_help=True, help="Train the parts that are trained here.")
    train.command("phraser")(train_phraser)
    app.add_typer(train, name="train")
    evaluate = typer.Typer(no_args_is_help=True, help="Measure quality on labelled sets.")
    evaluate.command("recommend")(evaluate_recommend)
    evaluate.command("mentions")(evaluate_mentions)
    evaluate.command("estimates")(evaluate_estimates)
    app.add_typer(evaluate, name="evaluate")
    bench = typer.Typer(no_args_is_help=True, help="Measure speed and size.")
    bench.command("turn")(bench_turn)
    bench.command("parse")(bench_parse)
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
    _print_record(shell, plain(report))


def evaluate_recommend(
    context: typer.Context,
    cases: Annotated[Path, typer.Option(help="Dialogue moments, JSON lines.")],
    catalogue: Annotated[Path, typer.Option(help="The films that may be named.")],
    per_case: Annotated[Path | None, typer.Option(help="CSV of every target's rank.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many cases.")] = None,
    as_json: AsJson = False,
) -> None:
    """Recall of films that people recommended, beside popularity and plain MiniLM."""
    from assistant.evaluation import evaluate_recommend as evaluated
    from assistant.evaluation import read_cases

    shell = shell_of(context)
    chosen = read_cases(cases)[:limit]
    if not chosen:
        raise DataError(f"{cases} holds no cases")
    with (
        _opened_with(shell, catalogue) as (assistant, candidates),
        bar(shell, "Replaying") as progress,
    ):
        report = evaluated(assistant, chosen, candidates, per_case, progress)
    if as_json:
        sys.stdout.write(orjson.dumps(plain(report)).decode() + "\n")
        return
    cutoffs = next(iter(report.recall.values()))
    table = Table("system", *(f"recall@{k}" for k in cutoffs), box=None, padding=(0, 1))
    for system, recall in report.recall.items():
        cells = (f"{x.value:.3f} ({x.low:.3f}-{x.high:.3f})" for x in recall.values())
        table.add_row(system, *cells)
    shell.out.print(table)
    shell.out.print(
        f"{report.cases:,} cases, {report.targets:,} targets, {report.seconds:.0f} s, "
        f"{report.ms_per_turn:.1f} ms a list (median)"
    )


@contextmanager
def _opened_with(shell: Shell, more: Path) -> Iterator[tuple[Assistant, frozenset[str]]]:
    """The product over the bundled films and those of ``more`` (facts only), and ``more``'s ids.

    It lives in a folder of its own below the home, so that nobody's catalogue or history changes
    and a second run finds its index ready.
    """
    from assistant.importers import import_films, save_import
    from assistant.importers.rows import read_rows

    home = shell.settings.home / "evaluation"
    report = import_films(more, "evaluation", catalogue=catalogue_of(shell.settings))
    facts = tuple(replace(film, synopsis="") for film in report.films)
    save_import(replace(report, films=facts), home, "candidates")
    wanted = frozenset(str(row.record.get("id", "")) for row in read_rows(more))
    with opened(replace(shell, settings=replace(shell.settings, home=home))) as assistant:
        candidates = frozenset(film_id for film_id in wanted if film_id in assistant.catalogue)
        shell.err.print(f"{len(candidates):,} of {len(wanted):,} films may be recommended")
        yield assistant, candidates


def evaluate_mentions(
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


def evaluate_estimates(
    context: typer.Context,
    facts: Annotated[Path, typer.Option(help="Films as facts, one JSON object a line.")],
    authored: Annotated[Path, typer.Option(help="Folder of our own texts, *.jsonl.")],
    themes: Annotated[Path | None, typer.Option(help="The theme vocabulary.")] = None,
    as_json: AsJson = False,
) -> None:
    """How near estimated tone and themes come to what was written, on films held out."""
    from assistant.embedding import Encoder
    from assistant.importers.build import measure_estimates

    shell = shell_of(context)
    settings = shell.settings
    encoder = Encoder(settings.encoder, settings.threads)
    report = measure_estimates(facts, authored, themes or facts.parent / "themes.txt", encoder)
    if as_json:
        sys.stdout.write(orjson.dumps(plain(report)).decode() + "\n")
        return
    _print_record(shell, plain(report))


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


def _print_record(shell: Shell, record: dict[str, object]) -> None:
    print_pairs(shell, ((name.replace("_", " "), f"{value}") for name, value in record.items()))
