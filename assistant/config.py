"""Where things are and how the program behaves: one frozen ``Settings``, made once.

Order of precedence: defaults < ``settings.toml`` in the home folder < ``MATINEE_…`` environment
variables < flags. Nobody else reads the environment.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from assistant.errors import ConfigError

_PACKAGE = Path(__file__).resolve().parent


def _bundled(name: str) -> Path:
    """The folder ``name`` in a checkout, or its copy inside an installed package."""
    beside = _PACKAGE.parent / name
    return beside if beside.is_dir() else _PACKAGE / name


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two machines or two runs."""

    home: Path = field(default_factory=lambda: user_data_path("matinee", appauthor=False))
    """Everything personal and everything rebuilt: history, index, imported films."""
    data: Path = field(default_factory=lambda: _bundled("data"))
    prompts: Path = field(default_factory=lambda: _bundled("prompts"))
    encoder: str = ""
    """Folder or hub name of a sentence-transformers model; empty: the bundled MiniLM."""
    phraser: str = ""
    """Folder or hub name of a causal language model; empty: the bundled one; "off": none, reasons
    are worded by templates."""
    host: str = "127.0.0.1"
    port: int = 7860
    count: int = 5
    """Films in a list where the person named no number, 1-20."""
    seed: int = 7
    threads: int = 2
    """Torch threads."""
    log_messages: bool = False
    """Whether what people type may be logged."""


def load_settings(
    flags: Mapping[str, object] | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """The settings of this run; ``flags`` that are None do not count.

    Raises ``ConfigError`` for an unknown name, a wrong type or a number out of range.
    """
    environ = os.environ if environ is None else environ
    given: dict[str, object] = {
        name[len("MATINEE_") :].lower(): text
        for name, text in environ.items()
        if name.startswith("MATINEE_")
    }
    given.update({name: value for name, value in (flags or {}).items() if value is not None})
    home = Path(str(given.get("home", Settings().home))).expanduser()
    values = {**_read_file(home / "settings.toml"), **given, "home": home}
    known = {f.name: f for f in fields(Settings)}
    for name in values:
        if name not in known:
            raise ConfigError(f"unknown setting {name!r}; known: {', '.join(sorted(known))}")
    settings = Settings(**{n: _typed(n, v, str(known[n].type)) for n, v in values.items()})
    _check_range("port", settings.port, 0, 65535)
    _check_range("count", settings.count, 1, 20)
    _check_range("threads", settings.threads, 1, 64)
    return settings


def _read_file(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot read {path}: {error}") from error


def _typed(name: str, value: object, kind: str) -> Any:  # Any: one of the field types
    try:
        if kind == "Path":
            return Path(str(value)).expanduser()
        if kind == "bool":
            if isinstance(value, bool):
                return value
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                str(value).lower()
            ]
        if kind == "int":
            return int(str(value))
        return str(value)
    except (KeyError, ValueError):
        raise ConfigError(f"setting {name} is {value!r}, not of type {kind}") from None


def _check_range(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ConfigError(f"setting {name} is {value}, not from {low} to {high}")
