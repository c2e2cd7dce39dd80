"""One process at a time on a home folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import ConfigError, HomeLockedError
from assistant.store import HomeLock

_HOLD = """
import sys
from pathlib import Path
from assistant.store import HomeLock
lock = HomeLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def _holder(home: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_refused_with_the_holders_pid(tmp_path: Path) -> None:
    with _holder(tmp_path) as process:
        with pytest.raises(HomeLockedError, match=rf"process {process.pid}\b.*--home"):
            HomeLock(tmp_path)
        process.communicate()


def test_a_second_lock_in_the_same_process_is_refused(tmp_path: Path) -> None:
    with HomeLock(tmp_path), pytest.raises(HomeLockedError, match=f"process {os.getpid()}"):
        HomeLock(tmp_path)


def test_a_refused_attempt_leaves_the_holders_lock_alone(tmp_path: Path) -> None:
    with _holder(tmp_path) as process:
        for _ in range(2):
            with pytest.raises(HomeLockedError, match=f"process {process.pid}"):
                HomeLock(tmp_path)
        process.communicate()


def test_a_killed_holder_leaves_the_home_free(tmp_path: Path) -> None:
    with _holder(tmp_path) as process:
        process.kill()
        process.communicate()
    HomeLock(tmp_path).release()


def test_a_released_home_can_be_taken_again(tmp_path: Path) -> None:
    lock = HomeLock(tmp_path)
    lock.release()
    lock.release()
    with HomeLock(tmp_path):
        pass


def test_a_missing_home_is_made(tmp_path: Path) -> None:
    with HomeLock(tmp_path / "new" / "home"):
        assert (tmp_path / "new" / "home").is_dir()


def test_a_home_that_is_a_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    with pytest.raises(ConfigError, match=r"home folder .*--home"):
        HomeLock(tmp_path / "home")


def test_without_a_readable_pid_the_refusal_names_another_process(tmp_path: Path) -> None:
    with HomeLock(tmp_path):
        (tmp_path / "matinee.pid").write_text("nonsense")
        with pytest.raises(HomeLockedError, match="another process"):
            HomeLock(tmp_path)
