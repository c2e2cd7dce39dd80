"""The commands that measure quality on labelled sets: ``matinee evaluate ...``.

Knows nothing of how any of it is computed. Next in the flow: ``understanding`` for what is
read from messages; ``assistant.evaluation`` for the figures.
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

from assistant.cli import ranking, understanding, words
from assistant.cli.edge import AsJson, Shell, bar, catalogue_of, opened, print_record, shell_of
from assistant.cli.panels import plain
from assistant.errors import DataError

if TYPE_CHECKING:
    from assistant.chat import Assistant


def add_to(app: typer.Typer, train: typer.Typer) -> None:
    """Add ``evaluate`` and its commands to the application, and to ``train`` what they share."""
    evaluate = typer.Typer(no_args_is_help=True, help="Measure quality on labelled sets.")
    evaluate.command("recommend")(recommend)
    evaluate.command("estimates")(estimates)
    understanding.add_to(evaluate)
    words.add_to(evaluate)
    ranking.add_to(evaluate, train)
    train.command("ranker")(train_ranker)
    app.add_typer(evaluate, name="evaluate")


def recommend(
    context: typer.Context,
    cases: Annotated[Path, typer.Option(help="Dialogue moments, JSON lines.")],
    catalogue: Annotated[Path, typer.Option(help="The films that may be named.")],
    per_case: Annotated[Path | None, typer.Option(help="CSV of every target's rank.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many cases.")] = None,
    as_json: AsJson = False,
) -> None:
    """Recall of films that people recommended, beside popularity and plain MiniLM."""
    from assistant.evaluation import evaluate_recommend, read_cases

    shell = shell_of(context)
    chosen = read_cases(cases)[:limit]
    if not chosen:
        raise DataError(f"{cases} holds no cases")
    with (
        _opened_with(shell, catalogue) as (assistant, candidates),
        bar(shell, "Replaying") as progress,
    ):
        report = evaluate_recommend(assistant, chosen, candidates, per_case, progress)
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


def train_ranker(
    context: typer.Context,
    cases: Annotated[Path, typer.Option(help="Dialogue moments, JSON lines.")],
    catalogue: Annotated[Path, typer.Option(help="The films that may be named.")],
    out: Annotated[Path | None, typer.Option(help="Else ranker.json in the home folder.")] = None,
) -> None:
    """Learn the ranking's weights, and what company films keep, from conversations.

    The weights are used from the next start on; without --out they replace the shipped ones for
    this home folder only. Remove the files to go back.
    """
    from assistant.crossfitting import CrossFit
    from assistant.crowd import CROWD_FILE, save_crowd
    from assistant.evaluation import read_cases, sheets_of
    from assistant.weights import save_ranker

    shell = shell_of(context)
    chosen = read_cases(cases)
    with (
        _opened_with(shell, catalogue) as (assistant, candidates),
        bar(shell, "Replaying") as progress,
    ):
        sheets = sheets_of(assistant, chosen, candidates, progress)
        fit = CrossFit(sheets, assistant.selector)
        ranker = fit.whole_ranker(f"{cases.name}, {len(chosen):,} moments")
        crowd = fit.whole_crowd()
        path = out or shell.settings.home / "ranker.json"
        save_ranker(ranker, path)
        if out is None:
            save_crowd(crowd, assistant.catalogue, path.with_name(CROWD_FILE))
    shell.out.print(f"weights kept in {path}", markup=False)
    for name, weight in sorted(ranker.weights.items(), key=lambda item: -item[1]):
        shell.out.print(f"  {name:<12} {weight:.3f}", markup=False)


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


def estimates(
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
    vocabulary, later = themes or facts.parent / "themes.txt", settings.data / "written"
    report = measure_estimates(facts, authored, vocabulary, encoder, later=later)
    if as_json:
        sys.stdout.write(orjson.dumps(plain(report)).decode() + "\n")
        return
    print_record(shell, plain(report))
