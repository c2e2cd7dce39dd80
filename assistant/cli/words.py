"""The commands that measure what is written: ``matinee evaluate words`` and ``faithfulness``.

Knows nothing of how any of it is computed. Next in the flow: ``assistant.evaluation_words`` and
``assistant.evaluation_faithfulness``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.table import Table

from assistant.cli.edge import AsJson, Shell, bar, catalogue_of, opened, shell_of
from assistant.cli.panels import plain

if TYPE_CHECKING:
    from assistant.evaluation_words import WordsReport


def add_to(evaluate: typer.Typer) -> None:
    """Add this module's commands to ``evaluate``."""
    evaluate.command("words")(words)
    evaluate.command("faithfulness")(faithfulness)


def words(
    context: typer.Context,
    n: Annotated[int, typer.Option(min=10, help="Plans, half in each language.")] = 2000,
    sample: Annotated[int, typer.Option(min=0, help="Print so many replies instead.")] = 0,
    seed: Annotated[int | None, typer.Option(help="Else the setting's.")] = None,
    as_json: AsJson = False,
) -> None:
    """How good written reasons are, on combinations of facts never trained on."""
    from assistant.evaluation_words import measure_words, samples
    from assistant.generation import Phraser
    from assistant.lexicon import load_lexicons
    from assistant.prompts import Prompts
    from assistant.voice import Voice
    from assistant.wording import LANGUAGES

    shell = shell_of(context)
    settings = shell.settings
    phraser = Phraser(settings.phraser or settings.data / "phraser", settings.threads)
    lexicons = load_lexicons(settings.data / "languages")
    voice = Voice(Prompts(settings.prompts), lexicons, catalogue_of(settings))
    chosen = settings.seed if seed is None else seed
    if sample:
        for row in samples(voice, phraser, sample, chosen):
            shell.out.print(f"[{row.combination}] {row.film}: {row.text}", markup=False)
        return
    reports = {
        language: measure_words(voice, phraser, settings.data, language, n // 2, chosen)
        for language in LANGUAGES
    }
    if as_json:
        sys.stdout.write(orjson.dumps(plain(reports)).decode() + "\n")
        return
    _show(shell, reports)


def faithfulness(
    context: typer.Context,
    n: Annotated[int, typer.Option(min=1, help="Recommendations.")] = 500,
    talks: Annotated[int, typer.Option(min=0, help="Conversations that ask why.")] = 40,
    seed: Annotated[int | None, typer.Option(help="Else the setting's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Whether a film's score falls without each reason named, and stated places come true."""
    from assistant.evaluation_faithfulness import measure_faithfulness

    shell = shell_of(context)
    chosen = shell.settings.seed if seed is None else seed
    with opened(shell) as assistant, bar(shell, "Taking away") as progress:
        report = measure_faithfulness(assistant, n, chosen, talks, progress)
    if as_json:
        sys.stdout.write(orjson.dumps(plain(report)).decode() + "\n")
        return
    share = report.fell / max(1, report.reasons)
    shell.out.print(
        f"{report.recommendations:,} recommendations: without a named reason the score fell in "
        f"{report.fell:,} of {report.reasons:,} ({share:.2%}); {report.standing:,} other named "
        f"things are true of the film whoever asks"
    )
    for kind, (fell, tried) in report.by_kind.items():
        shell.out.print(f"  {kind}: {fell:,} of {tried:,}")
    shell.out.print(f"places stated that came true: {report.exact:,} of {report.stated:,}")
    for exception in report.exceptions:
        shell.out.print(exception, markup=False)


def _show(shell: Shell, reports: Mapping[str, WordsReport]) -> None:
    from assistant.evaluation_words import DRAWN

    table = Table("", *reports, box=None, padding=(0, 1))
    rows = list(reports.values())
    table.add_row("plans / combinations", *(f"{r.plans:,} / {r.combinations}" for r in rows))
    table.add_row("first drafts that pass", *(f"{r.first_try:.1%}" for r in rows))
    table.add_row("after retries", *(f"{r.with_retries:.2%}" for r in rows))
    table.add_row("unsupported claims", *(f"{r.unsupported} of {r.shown:,}" for r in rows))
    table.add_row(
        "perplexity (trigram)", *(f"{r.perplexity:.1f} ({r.perplexity_trigram:.1f})" for r in rows)
    )
    for name in rows[0].variety:
        found = [r.variety[name] for r in rows]
        cells = (
            f"{v.distinct_2:.2f} / {v.self_bleu:.3f} ± {v.deviation:.3f} ({v.draws} × {v.texts})"
            for v in found
        )
        table.add_row(f"distinct-2 / self-BLEU, {name}", *cells)
    said = (f"{r.spoken.written:.1%} of {r.spoken.texts}" for r in rows)
    table.add_row("introductions, answers, questions back: written", *said)
    drawn = (f"{r.spoken.different:.1f}; {r.spoken.first_ms:.0f} ms" for r in rows)
    table.add_row(f"different ones among {DRAWN}; median of one", *drawn)
    times = (f"{r.batch_ms:.0f} ms ({r.passes_ms:.0f} ms)" for r in rows)
    table.add_row("five reasons, median (transformers' bare passes)", *times)
    shell.out.print(table)
    for report in rows:
        for example in report.examples:
            shell.out.print(example, markup=False)
