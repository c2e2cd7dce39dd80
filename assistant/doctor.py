"""Whether everything Matinee stands on is sound, and the command that mends what is not.

Each check looks at one thing, changes nothing, and answers with a ``Check``; a broken part never
keeps the other checks from running. Knows nothing of printing (``cli`` shows the lines).
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.catalogue import load_catalogue
from assistant.config import Settings
from assistant.errors import HomeLockedError, MatineeError
from assistant.lexicon import load_lexicons
from assistant.prompts import Prompts

_COMMAND = re.compile(r"`(matinee [^`]+)`")
OK, WARN, FAIL = "ok", "warn", "fail"
LEAST_FREE_BYTES = 50_000_000
"""Below this the index or the history may not find room for its next write."""
ROOMY_FREE_BYTES = 500_000_000
"""An index is about 100 MB, and is built beside the old one."""
LEAST_MEMORY_BYTES = 1_500_000_000
"""The app stays below 1.2 GB; what is short of that swaps."""
SAMPLES = 24
"""Sentences the phraser is tried on."""
HEALTHY_RATE = 0.7
"""Share of first draws that pass the checker; below, templates show up in lists."""


@dataclass(frozen=True)
class Check:
    """What one look found."""

    name: str
    status: str
    """"ok", "warn" or "fail"."""
    detail: str
    mend: str = ""
    """The command or step that mends it; empty where nothing is wrong."""


def examine(settings: Settings, *, models: bool = True) -> Iterator[Check]:
    """All checks, one after the other; without ``models`` those that load one are left out."""
    looks: dict[str, Callable[[Settings], Check]] = {
        "python": python,
        "packages": packages,
        "disk": disk,
        "memory": memory,
        "home": home,
        "catalogue": catalogue,
        "words": words,
        "history": history,
    }
    if models:
        looks |= {"encoder": encoder, "index": index, "phraser": phraser}
    for name, look in looks.items():
        try:
            yield look(settings)
        except MatineeError as error:
            mend = ", ".join(_COMMAND.findall(str(error))) or "see the message"
            yield Check(name, FAIL, str(error), mend)


def python(settings: Settings) -> Check:
    """The interpreter's version."""
    version = ".".join(map(str, sys.version_info[:3]))
    if (3, 11) <= sys.version_info[:2] <= (3, 12):
        return Check("python", OK, version)
    return Check("python", WARN, f"{version}; tested are 3.11 and 3.12", "make clean setup")


def packages(settings: Settings) -> Check:
    """Installed versions beside the lock file's."""
    lock = settings.data.parent / "requirements.lock"
    if not lock.is_file():
        return Check("packages", OK, "no lock file beside this installation to compare with")
    wanted = read_lock(lock)
    missing, other = [], []
    for name, version in wanted.items():
        try:
            found = importlib.metadata.version(name).split("+")[0]
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if found != version:
            other.append(f"{name} {found} (lock: {version})")
    if missing:
        return Check("packages", FAIL, f"missing: {', '.join(missing)}", "make clean setup")
    if other:
        return Check("packages", WARN, f"not as tested: {', '.join(other)}", "make clean setup")
    return Check("packages", OK, f"{len(wanted)} as in {lock.name}")


def read_lock(path: Path) -> Mapping[str, str]:
    """Version by package, of the ``name==version`` lines of a lock file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pins = (line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    return {name.strip(): version.strip() for name, version in pins}


def disk(settings: Settings) -> Check:
    """Room left where the home folder is or would be."""
    free = shutil.disk_usage(_existing(settings.home)).free
    detail = f"{free / 1e9:,.1f} GB free for {settings.home}"
    if free < LEAST_FREE_BYTES:
        return Check("disk", FAIL, detail, "free some space or choose another --home")
    if free < ROOMY_FREE_BYTES:
        return Check("disk", WARN, detail, "free some space or choose another --home")
    return Check("disk", OK, detail)


def memory(settings: Settings) -> Check:
    """Memory left, where the system tells."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        kilobytes = next(int(x.split()[1]) for x in lines if x.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        return Check("memory", OK, "this system does not tell")
    detail = f"{kilobytes / 1e6:,.1f} GB available"
    if kilobytes * 1000 < LEAST_MEMORY_BYTES:
        return Check("memory", WARN, detail, "close other programs: Matinee takes about 1 GB")
    return Check("memory", OK, detail)


def home(settings: Settings) -> Check:
    """Whether the home folder can be written, and whether another process holds it."""
    from assistant.store import HomeLock

    if not settings.home.exists():
        parent = _existing(settings.home)
        if os.access(parent, os.W_OK):
            return Check("home", OK, f"{settings.home} will be made")
        return Check("home", FAIL, f"{parent} cannot be written", "choose another with --home")
    try:
        HomeLock(settings.home).release()
    except HomeLockedError as error:
        return Check("home", WARN, str(error), "nothing to mend if that is your running page")
    return Check("home", OK, f"{settings.home}, held by nobody")


def catalogue(settings: Settings) -> Check:
    """Whether every film of every file can be read."""
    started = time.perf_counter()
    films = load_catalogue((settings.data / "films", settings.home / "films"))
    seconds = time.perf_counter() - started
    described = sum(film.described for film in films)
    return Check(
        "catalogue", OK, f"{len(films):,} films, {described:,} described, read in {seconds:.1f} s"
    )


def words(settings: Settings) -> Check:
    """Whether the prompts and the lexicons can be read."""
    prompts = Prompts(settings.prompts)
    lexicons = load_lexicons(settings.data / "languages")
    return Check("words", OK, f"{len(prompts.names())} prompts in {', '.join(sorted(lexicons))}")


def history(settings: Settings) -> Check:
    """Whether the history database is whole. Reads only."""
    path = settings.home / "history.sqlite3"
    if not path.is_file():
        return Check("history", OK, "none yet")
    mend = f"move {path} aside (keep it) and start again"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as rows:
            verdict = str(rows.execute("PRAGMA integrity_check").fetchone()[0])
            if verdict != "ok":
                return Check("history", FAIL, f"{path} is damaged: {verdict}", mend)
            users = rows.execute("SELECT count(*) FROM users").fetchone()[0]
            events = rows.execute("SELECT count(*) FROM events").fetchone()[0]
    except sqlite3.Error as error:
        return Check("history", FAIL, f"{path} cannot be read: {error}", mend)
    return Check("history", OK, f"{users} profiles, {events} events, integrity ok")


def encoder(settings: Settings) -> Check:
    """Whether the encoder's files are the published ones and answer."""
    from assistant.embedding import Encoder

    made = Encoder(settings.encoder, settings.threads)
    made.encode(["the first call is slow"])
    started = time.perf_counter()
    made.encode(["a quiet film about two sisters"])
    ms = (time.perf_counter() - started) * 1000
    name = settings.encoder or "bundled all-MiniLM-L6-v2"
    return Check("encoder", OK, f"{name}, sha256 {made.fingerprint[:12]}, {ms:.0f} ms a text")


def index(settings: Settings) -> Check:
    """Whether the index on disk is the one for this catalogue and encoder."""
    from assistant.embedding import Encoder
    from assistant.index import is_current

    folder = settings.home / "index"
    if not folder.is_dir():
        return Check("index", OK, "none yet; it is built at the first start")
    films = load_catalogue((settings.data / "films", settings.home / "films"))
    if is_current(folder, films, Encoder(settings.encoder, settings.threads)):
        return Check("index", OK, f"{folder} matches the catalogue and the encoder")
    return Check("index", WARN, f"{folder} will be brought up to date at the next start")


def phraser(settings: Settings) -> Check:
    """Whether the phraser's files are ours, and how often what it writes passes the checker."""
    from assistant.generation import Phraser
    from assistant.wording import Plan

    if settings.phraser == "off":
        return Check("phraser", OK, "switched off: templates are used")
    made = Phraser(settings.phraser or settings.data / "phraser", settings.threads)
    plans = [
        Plan("reason", language, holes)
        for language in ("en", "zh")
        for holes in (("seed",), ("theme1", "theme2"), ("seed", "theme1"))
    ]
    drawn = passed = 0
    for seed in range(-(-SAMPLES // len(plans))):
        written = made.write(plans, seed)
        drawn, passed = drawn + written.drawn, passed + written.passed
    rate = passed / max(drawn, 1)
    detail = f"{passed} of {drawn} drafts passed the checker ({rate:.0%})"
    if rate < HEALTHY_RATE:
        return Check("phraser", WARN, detail, "matinee train phraser")
    return Check("phraser", OK, detail)


def _existing(path: Path) -> Path:
    """``path``, or its nearest parent that exists."""
    return next(p for p in (path.absolute(), *path.absolute().parents) if p.exists())
