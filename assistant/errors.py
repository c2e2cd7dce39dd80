"""Every exception Matinee raises on purpose, in one tree.

    MatineeError
    ├── ConfigError       a setting, flag or environment variable is wrong
    ├── DataError         a catalogue, lexicon, prompt or imported file is wrong
    │   └── ProblemsError  several at once, each with its place
    ├── ModelError        an encoder or phraser is missing, altered or unusable
    ├── VectorIndexError  the vector index cannot be built or read
    ├── StoreError        the history database cannot be opened, read or written
    ├── HomeLockedError   another process works on the same home folder
    └── RequestError      what a caller asked for does not exist or is out of range

A message holds the offending value and the command or setting that helps, in one sentence a
person can act on. The edges (``web``, ``cli``) show ``str(error)`` and log the rest.
"""

from __future__ import annotations

from collections.abc import Sequence


class MatineeError(Exception):
    """Base of all our exceptions; ``str(error)`` is fit to show to a person."""


class ConfigError(MatineeError):
    """A setting is unknown, of the wrong type or out of range."""


class DataError(MatineeError):
    """A file that should hold data does not hold what it must."""


class ProblemsError(DataError):
    """Several problems found in one pass; ``problems`` holds a line for each."""

    def __init__(self, headline: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        shown = "\n  ".join(self.problems[:10])
        more = f"\n  ... and {len(self.problems) - 10} more" if len(self.problems) > 10 else ""
        super().__init__(f"{headline}\n  {shown}{more}")


class ModelError(MatineeError):
    """A model's files are missing, altered (sha256) or cannot be used."""


class VectorIndexError(MatineeError):
    """The vector index cannot be built, opened or queried."""


class StoreError(MatineeError):
    """The history database cannot be opened, read or written."""


class HomeLockedError(MatineeError):
    """Another process holds the home folder."""


class RequestError(MatineeError):
    """A caller named a film, user, conversation or position that does not exist."""
