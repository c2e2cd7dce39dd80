"""The commands that converse: ``run`` (the page), ``ask`` (one message), ``chat`` (a terminal).

Knows nothing of what a message means. Next in the flow: ``assistant.chat`` or ``assistant.web``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.live import Live

from assistant.cli.edge import DEFAULT_USER, Shell, bar, clean, message_from, opened, shell_of
from assistant.cli.panels import as_lines, as_panels, as_record
from assistant.errors import MatineeError, RequestError

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.reply import Reply

LAST = "last"
"""What ``--conversation`` takes for the latest one."""
BUTTONS = {
    "seen": "seen",
    "rate": "rate",
    "save": "watchlist",
    "hide": "hide",
    "why": "why",
    "like": "more_like",
}
COMMANDS = """\
Just type. Or, with the number of a film in the list:
  /why 2   /seen 1   /rate 1 4.5   /save 3   /hide 2   /like 1
  /undo    /new (a new conversation)    /help    /quit"""

User = Annotated[str, typer.Option("--user", help="Whose taste counts; made where it is new.")]


def run(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one.")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
) -> None:
    """Open the page in a browser and serve it until Ctrl-C."""
    from assistant.web import serve

    shell = shell_of(context)
    settings = replace(
        shell.settings,
        host=shell.settings.host if host is None else host,
        port=shell.settings.port if port is None else port,
    )
    with bar(shell, "Building the index") as progress:
        serve(
            settings,
            open_browser=browser,
            announce=lambda url: shell.err.print(f"Matinee is at {url} (Ctrl-C stops it)"),
            progress=progress,
        )


def ask(
    context: typer.Context,
    message: Annotated[str, typer.Argument(help="What you would like to watch; - reads stdin.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    user: User = DEFAULT_USER,
    conversation: Annotated[
        str, typer.Option(help='Go on with a conversation: its id, or "last".')
    ] = "",
) -> None:
    """Answer one message.

    matinee ask "something like Shawshank, but funnier"

    matinee ask --conversation last "after 2000, please"
    """
    shell = shell_of(context)
    text = message_from(message)
    with opened(shell) as assistant:
        person = person_named(assistant, user)
        reply = assistant.reply(text, person, _conversation(assistant, person, conversation))
    if as_json:
        sys.stdout.write(orjson.dumps(as_record(reply)).decode() + "\n")
    elif shell.out.is_terminal:
        shell.out.print(as_panels(reply))
    else:
        sys.stdout.write(as_lines(reply) + "\n")


def chat(
    context: typer.Context,
    user: User = DEFAULT_USER,
    conversation: Annotated[
        str, typer.Option(help='Go on with a conversation: its id, or "last".')
    ] = "",
) -> None:
    """Converse in the terminal. /help tells the short commands."""
    shell = shell_of(context)
    with opened(shell) as assistant:
        person = person_named(assistant, user)
        here = _conversation(assistant, person, conversation)
        for line in assistant.transcript(person, here)[-6:]:
            shell.out.print(f"{'>' if line.role == 'user' else ' '} {line.text}", markup=False)
        shell.err.print("What would you like to watch? (/help, /quit)", style="dim")
        for text in _typed(shell):
            if text in ("/quit", "/exit", "/q"):
                return
            if text == "/new":
                here = assistant.new_conversation(person)
                continue
            try:
                _turn(shell, assistant, text, person, here)
            except MatineeError as error:
                shell.err.print(str(error), style="red", markup=False)


def _turn(shell: Shell, assistant: Assistant, text: str, person: str, here: str) -> None:
    if text == "/help":
        shell.err.print(COMMANDS, markup=False)
        return
    if text.startswith("/"):
        _show(shell, iter([_pressed(assistant, text, person, here)]))
        return
    _show(shell, assistant.stream(text, person, here))


def _show(shell: Shell, replies: Iterator[Reply]) -> None:
    """Print growing replies: in place on a terminal, only the last one elsewhere."""
    if not shell.out.is_terminal:
        *_, last = replies
        sys.stdout.write(as_lines(last) + "\n\n")
        sys.stdout.flush()
        return
    with Live(console=shell.out, auto_refresh=False, vertical_overflow="visible") as live:
        for reply in replies:
            live.update(as_panels(reply), refresh=True)


def _pressed(assistant: Assistant, line: str, person: str, here: str) -> Reply:
    """The reply to a short command such as ``/rate 1 4.5``; raises ``RequestError``."""
    word, *rest = line[1:].split()
    if word == "undo":
        return assistant.press("undo", person, here)
    if word not in BUTTONS:
        raise RequestError(f"no command /{word}; /help lists them")
    shown = assistant.last_reply(person, here)
    films = [pick.film.id for pick in shown.picks] if shown is not None else []
    if not rest or not rest[0].isdecimal() or not 1 <= int(rest[0]) <= len(films):
        raise RequestError(f"/{word} needs the number of a film in the list, 1 to {len(films)}")
    value = rest[1] if len(rest) > 1 else None
    return assistant.press(BUTTONS[word], person, here, films[int(rest[0]) - 1], value)


def _typed(shell: Shell) -> Iterator[str]:
    """Lines a person types, blank ones left out, until end of file."""
    if shell.out.is_terminal and sys.stdin.isatty():
        import readline  # noqa: F401  # input() edits and recalls lines once it is loaded
    while True:
        try:
            line = input("> " if sys.stdin.isatty() else "")
        except EOFError:
            return
        except UnicodeDecodeError:
            shell.err.print("That line is not text in this terminal's encoding.", style="red")
            continue
        if line.strip():
            yield clean(line).strip()


def person_named(assistant: Assistant, name: str) -> str:
    """Id of the profile called ``name``, made where there is none."""
    wanted = clean(name)
    for user_id, known in assistant.profiles():
        if known.casefold() == wanted.casefold():
            return user_id
    return assistant.add_profile(wanted)


def _conversation(assistant: Assistant, person: str, wanted: str) -> str:
    """Id of the conversation to go on with: the one named, the latest, or a new one."""
    if wanted != LAST:
        return clean(wanted) or assistant.new_conversation(person)
    earlier = [one for one in assistant.store.conversations(person) if one.turns]
    if not earlier:
        raise RequestError('no earlier conversation; leave out "--conversation last"')
    return max(earlier, key=lambda one: (one.created_s, one.id)).id
