"""The doctor sees what is broken, names the command that mends it, and changes nothing."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import doctor
from assistant.catalogue import Film, write_films
from assistant.config import Settings
from assistant.doctor import FAIL, OK, WARN, Check, examine, read_lock
from assistant.store import HomeLock, Store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Real words, one film, a home that does not exist yet."""
    data = tmp_path / "data"
    (data / "films").mkdir(parents=True)
    write_films(data / "films" / "1990s.jsonl", [Film("tt1", "One", 1994)])
    shutil.copytree(Settings().data / "languages", data / "languages")
    return Settings(home=tmp_path / "home", data=data)


def found(settings: Settings) -> dict[str, Check]:
    return {check.name: check for check in examine(settings, models=False)}


def test_a_sound_installation_is_all_well(settings: Settings) -> None:
    checks = found(settings)
    assert {name: c.status for name, c in checks.items() if c.status == FAIL} == {}
    assert checks["catalogue"].detail.startswith("1 films")


def test_looking_makes_no_home(settings: Settings) -> None:
    found(settings)
    assert not settings.home.exists()


def test_a_truncated_film_file_is_told_with_its_line(settings: Settings) -> None:
    path = settings.data / "films" / "1990s.jsonl"
    path.write_bytes(path.read_bytes()[:-9])
    check = found(settings)["catalogue"]
    assert check.status == FAIL
    assert "1990s.jsonl:1" in check.detail
    assert check.mend


def test_one_broken_part_does_not_hide_the_others(settings: Settings) -> None:
    (settings.data / "films" / "1990s.jsonl").unlink()
    checks = found(settings)
    assert checks["catalogue"].status == FAIL
    assert checks["words"].status == OK


def test_a_history_that_is_no_database_fails_and_is_kept(settings: Settings) -> None:
    settings.home.mkdir()
    path = settings.home / "history.sqlite3"
    path.write_bytes(b"not a database at all" * 100)
    check = found(settings)["history"]
    assert check.status == FAIL
    assert str(path) in check.mend
    assert path.read_bytes().startswith(b"not a database")


def test_a_page_torn_out_of_the_history_is_seen(settings: Settings) -> None:
    settings.home.mkdir()
    path = settings.home / "history.sqlite3"
    store = Store.open(path)
    user = store.add_user("ada").id
    for number in range(400):
        store.record(user, "seen", f"tt{number}")
    store.close()
    with sqlite3.connect(path) as rows:
        rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    rows.close()
    whole = bytearray(path.read_bytes())
    whole[8192:12288] = b"\xff" * 4096
    path.write_bytes(whole)
    assert found(settings)["history"].status == FAIL


def test_a_sound_history_is_counted(settings: Settings) -> None:
    settings.home.mkdir()
    store = Store.open(settings.home / "history.sqlite3")
    store.record(store.add_user("ada").id, "seen", "tt1")
    store.close()
    check = found(settings)["history"]
    assert (check.status, check.detail) == (OK, "1 profiles, 1 events, integrity ok")


def test_a_home_held_by_another_is_told_but_no_fault(settings: Settings) -> None:
    with HomeLock(settings.home):
        assert found(settings)["home"].status == WARN
    assert found(settings)["home"].status == OK


def test_a_full_disk_fails(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(settings.data)._replace(free=1000)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage)
    check = found(settings)["disk"]
    assert check.status == FAIL
    assert check.mend


def test_packages_missing_or_other_than_locked_are_told(settings: Settings) -> None:
    lock = settings.data.parent / "requirements.lock"
    lock.write_text("# pins\nnumpy==0.0.1\n")
    assert found(settings)["packages"].status == WARN
    lock.write_text("no-such-package-here==1.0\n")
    check = found(settings)["packages"]
    assert check.status == FAIL
    assert "no-such-package-here" in check.detail


def test_the_lock_file_pins_every_package_once(project: Path) -> None:
    lines = (project / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert len(read_lock(project / "requirements.lock")) == len(pins)
    assert all("://" not in line and "@" not in line for line in pins)


def test_an_altered_phraser_fails_with_the_command_that_mends(
    settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "phraser"
    shutil.copytree(Settings().data / "phraser", folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100] + b"\x00" * 100)
    broken = replace(settings, phraser=str(folder))
    check = next(c for c in examine(broken) if c.name == "phraser")
    assert check.status == FAIL
    assert "matinee train phraser" in check.detail
