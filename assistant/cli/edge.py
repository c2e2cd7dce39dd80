"""Where the command line meets people and machines: settings, streams, the log, plain errors.

The only place besides the page where any exception is caught: its traceback goes to
``<home>/matinee.log`` under an id, one sentence goes to stderr. Knows nothing of what the
commands do. Next in the flow: ``talk``, ``films``, ``history``, ``measure``, ``evaluate``.
"""

from __future__ import annotations

import logging
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from assistant.catalogue import Catalogue, load_catalogue
from assistant.config import Settings
from assistant.errors import MatineeError, RequestError

if TYPE_CHECKING:
    from assistant.chat import Assistant

log = logging.getLogger(__name__)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
DEFAULT_USER = "me"
"""Name of the profile the command line speaks for where none is given."""
LOG_BYTES = 1_000_000
PIPE_COLUMNS = 200
"""Width of what is written to a pipe or file: wide enough that no line is broken."""
LONGEST_INPUT_BYTES = 64 * 1024
"""Of a message on standard input: far more than anyone types, far less than a pasted file."""


@dataclass(frozen=True)
class Shell:
    """What every command gets: this run's settings and the two streams."""

    settings: Settings
    out: Console
    """stdout: what was asked for and nothing else."""
    err: Console
    """stderr: progress, notes and errors."""
    verbose: bool = False
    """Whether the log goes to stderr as well."""


def shell_of(context: typer.Context) -> Shell:
    """The shell that the global options made."""
    return cast(Shell, context.obj)


def make_shell(settings: Settings, *, verbose: bool) -> Shell:
    """A shell whose colours and bars vanish where a stream is no terminal; opens the log."""
    out = Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_COLUMNS)
    err = Console(highlight=False, stderr=True, width=None if sys.stderr.isatty() else PIPE_COLUMNS)
    _open_log(settings.home, verbose=verbose)
    return Shell(settings, out, err, verbose)


def _open_log(home: Path, *, verbose: bool) -> None:
    """Warnings and our own INFO lines to the log file; with ``verbose`` to stderr as well."""
    root = logging.getLogger()
    for old in list(root.handlers):
        if getattr(old, "of_matinee", False):
            root.removeHandler(old)
            old.close()
    handlers: list[logging.Handler] = [logging.NullHandler()]
    if home.is_dir():
        handlers.append(
            RotatingFileHandler(
                home / "matinee.log",
                maxBytes=LOG_BYTES,
                backupCount=1,
                encoding="utf-8",
                delay=True,  # an unwritable home is told by the command that needs it
            )
        )
    if verbose:
        handlers.append(logging.StreamHandler(sys.stderr))
    form = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    for handler in handlers:
        handler.setFormatter(form)
        handler.of_matinee = True  # type: ignore[attr-defined]  # so that a second run replaces it
        root.addHandler(handler)
    logging.getLogger("assistant").setLevel(logging.INFO)


@contextmanager
def plain_errors(home: Callable[[], Path | None]) -> Iterator[None]:
    """Turn any exception into one sentence on stderr and exit status 1, the rest into the log."""
    try:
        yield
    except MatineeError as error:
        _keep_traceback(home(), error)
        tell(str(error))
        raise SystemExit(1) from None
    except Exception as error:  # noqa: BLE001  # the edge: nobody else would tell the person
        known_as = _keep_traceback(home(), error)
        where = f"see {home()}/matinee.log" if known_as else "the log could not be written"
        tell(
            f"something inside Matinee went wrong ({type(error).__name__}: {error}); "
            f"{where}, error {known_as or 'unknown'}; `matinee doctor` may tell more"
        )
        raise SystemExit(1) from None


def tell(sentence: str) -> None:
    """One plain sentence on stderr."""
    sys.stderr.write(f"matinee: {sentence}\n")


def _keep_traceback(home: Path | None, error: Exception) -> str | None:
    """Write the traceback to the log; the id it is filed under, or None where that failed."""
    known_as = uuid.uuid4().hex[:8]
    if home is None or not home.is_dir():
        return None
    if not (home / "matinee.log").is_file():  # the home was made after the log was opened
        _open_log(home, verbose=False)
    quiet, logging.raiseExceptions = logging.raiseExceptions, False  # a full disk: see below
    try:
        log.error("error %s", known_as, exc_info=error)
    finally:
        logging.raiseExceptions = quiet
    try:
        kept = known_as in (home / "matinee.log").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return known_as if kept else None


@contextmanager
def bar(shell: Shell, label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr as a ``progress(done, total)`` callback; shown once called."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=shell.err, transient=True) as shown:
        tasks: list[int] = []

        def progress(done: int, total: int) -> None:
            if not tasks:
                tasks.append(shown.add_task(label, total=total))
                if not shell.err.is_terminal:
                    shell.err.print(f"{label} ...")
            shown.update(shown.task_ids[0], completed=done, total=total)
            if done >= total:
                shown.stop()

        yield progress


@contextmanager
def opened(shell: Shell) -> Iterator[Assistant]:
    """The whole product over the home folder, closed afterwards whatever happens."""
    from assistant.opening import open_assistant

    with bar(shell, "Building the index") as progress:
        assistant = open_assistant(shell.settings, progress=progress)
    _open_log(shell.settings.home, verbose=shell.verbose)  # the home may be new
    try:
        yield assistant
    finally:
        assistant.close()


def print_pairs(shell: Shell, pairs: Iterable[tuple[str, str]]) -> None:
    """Names and values: in two columns on a terminal, ``name: value`` lines in a pipe."""
    if not shell.out.is_terminal:
        for name, value in pairs:
            sys.stdout.write(f"{name}: {value}\n")
        return
    table = Table(box=None, show_header=False, padding=(0, 1))
    for name, value in pairs:
        table.add_row(Text(name, "dim"), Text(value))
    shell.out.print(table)


def print_record(shell: Shell, record: Mapping[str, object]) -> None:
    """A flat report as names and values."""
    print_pairs(shell, ((name.replace("_", " "), f"{value}") for name, value in record.items()))


def catalogue_of(settings: Settings) -> Catalogue:
    """The bundled films and the imported ones; raises ``DataError`` with every problem."""
    return load_catalogue((settings.data / "films", settings.home / "films"))


def clean(text: str) -> str:
    """``text`` from the command line as sound Unicode: bytes that are none become U+FFFD."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def message_from(argument: str) -> str:
    """The message an argument stands for; ``-`` reads standard input.

    Raises ``RequestError`` where standard input is not text or too long.
    """
    if argument != "-":
        return clean(argument)
    raw = sys.stdin.buffer.read(LONGEST_INPUT_BYTES + 1)
    if len(raw) > LONGEST_INPUT_BYTES:
        raise RequestError(
            f"the message on standard input is longer than {LONGEST_INPUT_BYTES:,} bytes; "
            "say it in a few sentences"
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(
            f"the message on standard input is not UTF-8 text (byte {error.start} is "
            f"0x{raw[error.start]:02x})"
        ) from None
    if "\x00" in text:
        raise RequestError("the message on standard input is not text: it holds NUL bytes")
    return text.strip()
