"""One process at a time on a home folder.

Two writers on one vector index corrupt it, so the whole folder is held. The operating system
lets go of the lock when its holder dies, however it dies. Knows nothing of what is in the folder.
"""

from __future__ import annotations

import os
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import ConfigError, HomeLockedError


class HomeLock:
    """An exclusive hold on ``home``, taken on construction and kept until ``release``.

    >>> with HomeLock(home):
    ...     work()
    """

    def __init__(self, home: Path) -> None:
        """Raises ``HomeLockedError`` where it is taken, ``ConfigError`` where it is no folder."""
        self._home = home
        self._pid_file = home / "matinee.pid"
        try:
            home.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(home / "matinee.lock", timeout=0, thread_local=False)
            self._lock.acquire()
            # A file of its own: trying for the lock may truncate the lock file.
            self._pid_file.write_text(str(os.getpid()), encoding="ascii")
        except Timeout:
            raise HomeLockedError(self._taken()) from None
        except OSError as error:
            raise ConfigError(
                f"cannot use the home folder {home}: {error.strerror or error}; "
                "choose another with --home"
            ) from error

    def release(self) -> None:
        """Let go; letting go twice does no harm."""
        if self._lock.is_locked:
            self._pid_file.unlink(missing_ok=True)
            self._lock.release()

    def __enter__(self) -> HomeLock:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.release()

    def _taken(self) -> str:
        pid = holder(self._home)
        who = "another process" if pid is None else f"process {pid}"
        return (
            f"Matinee already runs on {self._home} ({who}); "
            "stop it, or choose another folder with --home"
        )


def holder(home: Path) -> int | None:
    """Process id written by whoever last took the lock of ``home``; None where unknown.

    The process may have died since: only a failed attempt to take the lock proves it lives.
    """
    try:
        return int((home / "matinee.pid").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
