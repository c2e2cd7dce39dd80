"""The command line: one ``typer`` application over the whole product.

Global options may stand anywhere before ``--``. Importing this package loads no model; each
command imports what it needs. Next in the flow: ``edge`` for streams and errors, then one module
for each group of commands.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.edge import make_shell, plain_errors
from assistant.config import Settings, load_settings

_WITH_VALUE = ("--home",)
_BARE = ("--verbose", "-v", "--version")


def build() -> typer.Typer:
    """The application with all its commands."""
    from assistant.cli import evaluate, films, history, measure, talk

    app = typer.Typer(
        name="matinee",
        help="A film concierge that lives on your own machine.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode=None,
    )
    app.callback()(_globals)
    for command in (talk.run, talk.ask, talk.chat):
        app.command()(command)
    films.add_to(app)
    history.add_to(app)
    train = typer.Typer(no_args_is_help=True, help="Train the parts that are trained here.")
    measure.add_to(app, train)
    evaluate.add_to(app, train)
    app.add_typer(train, name="train")
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exits 0, 1 (a plain sentence on stderr), 2 (usage) or 130."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    with plain_errors(lambda: _home(given)):
        build()(args=globals_first(given), prog_name="matinee")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"matinee {version('matinee')}")
        raise typer.Exit


def _globals(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(help="Folder of everything personal and everything rebuilt.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log to stderr too.")] = False,
    version: Annotated[
        bool,
        typer.Option("--version", help="Tell the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    settings = load_settings({"home": home})
    context.obj = make_shell(settings, verbose=verbose)


def globals_first(arguments: Sequence[str]) -> list[str]:
    """``arguments`` with the global options moved before the command, order kept."""
    front: list[str] = []
    back: list[str] = []
    rest = iter(arguments)
    for word in rest:
        if word == "--":
            return [*front, *back, word, *rest]
        if word in _WITH_VALUE:
            front += [word, *(value for value in [next(rest, None)] if value is not None)]
        elif word in _BARE or word.startswith(tuple(f"{name}=" for name in _WITH_VALUE)):
            front.append(word)
        else:
            back.append(word)
    return front + back


def _home(arguments: Sequence[str]) -> Path | None:
    """The home folder these arguments name, for the log; None where settings are wrong."""
    front = globals_first(arguments)
    flag = next((Path(v) for n, v in pairwise(front) if n == "--home"), None)
    flag = next((Path(w[7:]) for w in front if w.startswith("--home=")), flag)
    try:
        settings: Settings = load_settings({"home": flag})
    except Exception:  # noqa: BLE001  # the edge: the error being told matters, not this one
        return None
    return settings.home
