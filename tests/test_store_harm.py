"""What is acknowledged survives harm, what is forgotten is gone."""

import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from assistant.errors import StoreError
from assistant.store import Entry, Store, set_aside


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    ticks = count(1_000_000)
    with closing(Store.open(path, clock=lambda: float(next(ticks)))) as opened:
        yield opened


def _kinds(store: Store, user: str) -> list[str]:
    return [event.kind for event in store.events(user)]


# Forgetting


def _bytes(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file())


def test_forgetting_leaves_no_byte_of_the_person_in_any_file(store: Store, path: Path) -> None:
    keeper = store.add_user("Keeper").id
    store.record(keeper, "loved", "tt-kept")
    anna = store.add_user("Anna-Unmistakable").id
    talk = store.new_conversation(anna)
    for number in range(200):
        store.save_turn(talk, f"unmistakable words {number} " + "pad " * 200, '{"r": "mistake"}')
        store.record(anna, "loved", f"tt-unmistakable-{number}", conversation=talk)
    assert b"nmistakable" in _bytes(path.parent)
    store.forget(anna)
    left = _bytes(path.parent)
    for trace in (b"nmistakable", b"pad pad", anna.encode(), talk.encode()):
        assert trace not in left
    assert b"tt-kept" in left


def test_after_forgetting_the_others_are_whole_and_ids_are_not_given_again(store: Store) -> None:
    keeper, anna = store.add_user("Keeper").id, store.add_user("Anna").id
    kept = store.record(keeper, "loved", "tt1")
    last = store.record(anna, "loved", "tt2")
    store.forget(anna)
    assert store.events(keeper) == (kept,)
    assert [user.id for user in store.users()] == [keeper]
    assert store.record(keeper, "seen", "tt3").id > last.id
    assert store.add_user("Anna").id != anna


# Harm


def test_a_full_disk_is_told_loses_nothing_and_the_store_goes_on(store: Store, path: Path) -> None:
    user = store.add_user().id
    talk = store.new_conversation(user)
    kept = [store.save_turn(talk, "before", "{}")]
    with store._database.read() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 4}")
    with pytest.raises(StoreError, match=r"full.*Free some space"):
        for _ in range(50):
            kept.append(store.save_turn(talk, "x" * 2000, "{}"))
    assert store.turns(talk) == tuple(kept)
    with store._database.read() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    kept.append(store.save_turn(talk, "after", "{}"))
    store.close()
    with closing(Store.open(path)) as again:
        assert again.turns(talk) == tuple(kept)


_LIMITED = """
import resource, sys
from pathlib import Path
from assistant.errors import StoreError
from assistant.store import Store
store = Store.open(Path(sys.argv[1]))
user = store.add_user().id
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
kept = []
try:
    for number in range(1000):
        kept.append(store.record(user, "loved", f"tt{number}" + "x" * 150))
except StoreError as error:
    print(error)
assert 0 < len(kept) < 1000
assert store.events(user) == tuple(kept)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
kept.append(store.record(user, "loved", "after"))
assert store.events(user) == tuple(kept)
"""


def test_a_log_that_cannot_grow_is_told_and_the_store_goes_on(path: Path) -> None:
    """The operating system itself refuses the write here, half way through a page."""
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "history" in done.stdout


_WRITE = """
import sys
from pathlib import Path
from assistant.store import Entry, Store
store = Store.open(Path(sys.argv[1]))
user = store.add_user().id
print(user, flush=True)
while True:
    events = store.record_all(user, [Entry("rate", "tt1", 4.0), Entry("seen", "tt1")])
    print(*(event.id for event in events), flush=True)
"""


@pytest.mark.parametrize("acknowledged", [1, 40, 300])
def test_a_killed_process_loses_nothing_it_acknowledged(path: Path, acknowledged: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _WRITE, str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        user = process.stdout.readline().strip()
        lines = [process.stdout.readline() for _ in range(acknowledged)]
        process.kill()
        lines += process.stdout.read().splitlines()
    promised = {int(word) for line in lines for word in line.split()}
    with closing(Store.open(path)) as store:
        held = [event.id for event in store.events(user)]
        assert promised <= set(held)
        assert len(held) % 2 == 0, "half a press was kept"
        store.record(user, "loved", "tt2")


def test_threads_can_share_a_store(store: Store) -> None:
    user = store.add_user().id

    def work(number: int) -> None:
        for film in range(20):
            store.record_all(user, [Entry("seen", f"tt{number}-{film}"), Entry("loved", "tt")])
            store.events(user)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = store.events(user)
    assert len(events) == 160
    sizes = [sum(e.group == group for e in events) for group in {e.group for e in events}]
    assert sizes == [2] * 80


def _filled(path: Path) -> None:
    with closing(Store.open(path)) as store:
        user = store.add_user("Anna").id
        for number in range(300):
            store.record(user, "loved", f"tt{number:07}")


@pytest.mark.parametrize("kept_bytes", [0, 10, 99, 4096, 20_000])
def test_a_truncated_file_is_told_and_left_as_it_is(path: Path, kept_bytes: int) -> None:
    _filled(path)
    damaged = path.read_bytes()[:kept_bytes]
    path.write_bytes(damaged)
    with pytest.raises(StoreError, match=r"damaged.*left as it is.*matinee doctor.*aside"):
        Store.open(path)
    assert path.read_bytes() == damaged


def test_a_file_of_noise_is_told_and_left_as_it_is(path: Path) -> None:
    noise = random.Random(3).randbytes(50_000)
    path.write_bytes(noise)
    with pytest.raises(StoreError, match="damaged"):
        Store.open(path)
    assert path.read_bytes() == noise


def test_a_history_with_noise_in_its_middle_is_told(path: Path) -> None:
    _filled(path)
    whole = bytearray(path.read_bytes())
    whole[8192:24576] = random.Random(4).randbytes(16384)
    path.write_bytes(whole)
    with pytest.raises(StoreError, match="damaged"):
        Store.open(path)


def test_a_damaged_history_can_be_set_aside_and_a_new_one_begun(path: Path) -> None:
    path.write_bytes(b"broken" * 1000)
    aside = set_aside(path)
    assert aside.read_bytes() == b"broken" * 1000
    with closing(Store.open(path)) as store:
        assert store.users() == ()
    assert set_aside(path) != aside


def test_a_log_without_its_history_is_not_replayed_into_a_new_one(path: Path) -> None:
    """SQLite would: the person would get somebody's half history or a corrupt file."""
    Path(f"{path}-wal").write_bytes(b"a log")
    with pytest.raises(StoreError, match="log"):
        Store.open(path)
    assert not path.exists()


def test_another_programs_database_is_refused_untouched(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="some other program's"):
        Store.open(path)
    assert path.read_bytes() == before


def test_a_history_of_a_newer_program_is_refused(path: Path) -> None:
    _filled(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO migrations VALUES (99, 0.0)")
    with pytest.raises(StoreError, match=r"newer Matinee \(tables 99"):
        Store.open(path)


def test_a_folder_in_its_place_is_told(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreError, match=r"history\.sqlite3"):
        Store.open(path)


def test_a_half_made_new_file_does_not_stop_the_next_start(path: Path) -> None:
    path.with_name(path.name + ".new").write_bytes(b"left by a killed start")
    with closing(Store.open(path)) as store:
        assert store.users() == ()


def test_only_its_owner_can_read_the_history(store: Store, path: Path) -> None:
    assert path.stat().st_mode & 0o077 == 0
