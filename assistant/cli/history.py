"""The ``history`` commands: what is known about a person, and their say over it.

They open the history alone, without models. Knows nothing of recommending. Next in the flow:
``store`` and ``history``.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.table import Table

from assistant.cli.edge import DEFAULT_USER, Shell, catalogue_of, clean, shell_of
from assistant.cli.films import film_named
from assistant.cli.panels import plain
from assistant.errors import RequestError
from assistant.store import Entry, HomeLock, Store

User = Annotated[str, typer.Option("--user", help="A profile's name or id.")]
_RECENT = 15


def add_to(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    group = typer.Typer(no_args_is_help=True, help="What is remembered about you.")
    for command in (show, export, undo, rate, forget):
        group.command()(command)
    group.command("import")(import_)
    app.add_typer(group, name="history")


@contextmanager
def _history(shell: Shell) -> Iterator[Store]:
    """The history of the home folder, held for as long as it is open."""
    home = shell.settings.home
    with HomeLock(home):
        store = Store.open(home / "history.sqlite3")
        try:
            yield store
        finally:
            store.close()


def _person(store: Store, name: str) -> str:
    """Id of the profile with this name or id; raises ``RequestError`` naming those there are."""
    wanted = clean(name)
    named = store.user_named(wanted)
    if named is not None:
        return named.id
    known = {user.id: user.name for user in store.users()}
    if wanted in known:
        return wanted
    names = ", ".join(sorted(each for each in known.values() if each)) or "none yet"
    raise RequestError(f"no profile {wanted[:60]!r}; profiles: {names}")


def show(
    context: typer.Context,
    user: User = DEFAULT_USER,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show a person's taste as Matinee sees it, and the latest events."""
    from assistant.history import profile, taste_summary

    shell = shell_of(context)
    catalogue = catalogue_of(shell.settings)
    with _history(shell) as store:
        events = store.events(_person(store, user))
    now = profile(events, catalogue, None, time.time())
    if as_json:
        record = {"profile": plain(now), "taste": plain(taste_summary(now, catalogue))}
        sys.stdout.write(orjson.dumps(record).decode() + "\n")
        return
    table = Table("when", "what", "film", "value", box=None, padding=(0, 1))
    for event in reversed(events[-_RECENT:]):
        film = catalogue.get(event.film or "")
        table.add_row(
            datetime.fromtimestamp(event.at_s, UTC).strftime("%Y-%m-%d %H:%M"),
            event.kind,
            film.label if film else event.film or "",
            "" if event.value is None else f"{event.value:g}",
        )
    shell.out.print(table, markup=False)
    shell.out.print(
        f"{len(events)} events; {len(now.likes)} films liked, {len(now.dislikes)} disliked, "
        f"{len(now.seen)} seen, {len(now.watchlist)} on the watchlist"
    )


def export(
    context: typer.Context,
    user: User = DEFAULT_USER,
    form: Annotated[str, typer.Option("--format", help="json or csv.")] = "json",
) -> None:
    """Print all that is kept about a person."""
    if form not in ("json", "csv"):
        raise RequestError(f"no format {form!r}; json or csv")
    shell = shell_of(context)
    with _history(shell) as store:
        person = _person(store, user)
        if form == "csv":
            titles = {film.id: film.label for film in catalogue_of(shell.settings)}
            sys.stdout.write(store.export_csv(person, titles))
        else:
            text = orjson.dumps(store.export(person), option=orjson.OPT_INDENT_2).decode()
            sys.stdout.write(text + "\n")


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Letterboxd, IMDb or MovieLens ratings.")],
    user: User = DEFAULT_USER,
    person: Annotated[
        str | None, typer.Option(help="Whose ratings, where a file holds many people's.")
    ] = None,
) -> None:
    """Add ratings from another service; the profile is made where it is new."""
    from assistant.importers import import_ratings

    shell = shell_of(context)
    report = import_ratings(file, catalogue_of(shell.settings), person)
    with _history(shell) as store:
        named = store.user_named(clean(user)) or store.add_user(clean(user))
        store.record_all(named.id, report.entries)
    shell.out.print(
        f"{len(report.entries):,} ratings added for {named.name}, "
        f"{report.refused_count:,} rows refused",
        markup=False,
    )
    for where, why in report.refused[:5]:
        shell.out.print(f"  {where}: {why}", markup=False)


def undo(context: typer.Context, user: User = DEFAULT_USER) -> None:
    """Take back the latest thing a person said or pressed."""
    shell = shell_of(context)
    catalogue = catalogue_of(shell.settings)
    with _history(shell) as store:
        undone = store.undo_last(_person(store, user))
    if undone is None:
        raise RequestError(f"nothing to take back for {clean(user)!r}")
    film = catalogue.get(undone.film or "")
    shell.out.print(f"took back: {undone.kind} {film.label if film else undone.film}", markup=False)


def rate(
    context: typer.Context,
    film: Annotated[str, typer.Argument(help="An id or a title.")],
    stars: Annotated[float, typer.Argument(help="0.5 to 5, in halves.")],
    user: User = DEFAULT_USER,
) -> None:
    """Rate a film; the profile is made where it is new."""
    if not 0.5 <= stars <= 5 or stars * 2 % 1:
        raise RequestError(f"stars go from 0.5 to 5 in halves, not {stars:g}")
    shell = shell_of(context)
    rated = film_named(catalogue_of(shell.settings), clean(film))
    with _history(shell) as store:
        named = store.user_named(clean(user)) or store.add_user(clean(user))
        store.record_all(named.id, [Entry("seen", rated.id), Entry("rate", rated.id, stars)])
    shell.out.print(f"{rated.label}: {stars:g} stars", markup=False)


def forget(
    context: typer.Context,
    user: User = DEFAULT_USER,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a person and everything about them, from the bytes of the files too."""
    shell = shell_of(context)
    with _history(shell) as store:
        person = _person(store, user)
        if not yes and not typer.confirm(f"Erase everything about {clean(user)!r}?", err=True):
            raise typer.Exit(1)
        store.forget(person)
    shell.out.print(f"forgotten: {clean(user)}", markup=False)
