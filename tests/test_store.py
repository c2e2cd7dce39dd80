"""The history keeps what it acknowledged, and forgets what it is told to."""

import csv
import io
import json
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

from assistant.errors import RequestError, StoreError
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


# Users


def test_a_user_can_be_found_by_id_and_by_name_whatever_the_case(store: Store) -> None:
    anna = store.add_user("Anna")
    assert store.user(anna.id) == anna
    assert store.user_named(" anna ") == anna
    assert store.user_named("Bert") is None


def test_users_are_listed_oldest_first_named_or_not(store: Store) -> None:
    assert [user.name for user in (store.add_user(), store.add_user("A"))] == [None, "A"]
    assert [user.name for user in store.users()] == [None, "A"]


def test_two_users_cannot_share_a_name(store: Store) -> None:
    store.add_user("Anna")
    other = store.add_user("Bert")
    with pytest.raises(RequestError, match="'ANNA' already"):
        store.add_user("ANNA")
    with pytest.raises(RequestError, match="'anna' already"):
        store.rename(other.id, "anna")


def test_a_user_can_be_renamed_even_to_another_spelling_of_the_same_name(store: Store) -> None:
    anna = store.add_user("anna")
    assert store.rename(anna.id, "Anna").name == "Anna"
    assert store.user(anna.id).name == "Anna"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x00b", "\u202eevil"])
def test_what_is_no_name_is_refused(store: Store, name: str) -> None:
    with pytest.raises(RequestError, match="1 to 60 printable"):
        store.add_user(name)


@pytest.mark.parametrize("name", ["Robert'); DROP TABLE users;--", "雅各布", "<b>x</b>", "🎬"])
def test_any_printable_text_is_a_name_and_stays_as_it_is(store: Store, name: str) -> None:
    user = store.add_user(name)
    assert store.user_named(name) == user
    assert store.users() == (user,)


@pytest.mark.parametrize("user", ["", "nobody", "' OR 1=1 --", "\ud800"])
def test_an_unknown_user_is_refused_everywhere(store: Store, user: str) -> None:
    store.add_user("Anna")
    for attempt in (
        lambda: store.user(user),
        lambda: store.record(user, "seen", "tt1"),
        lambda: store.events(user),
        lambda: store.version(user),
        lambda: store.undo_last(user),
        lambda: store.new_conversation(user),
        lambda: store.conversations(user),
        lambda: store.export(user),
        lambda: store.export_csv(user),
        lambda: store.forget(user),
        lambda: store.rename(user, "New"),
    ):
        with pytest.raises(RequestError, match="no user"):
            attempt()


# Events


def test_events_come_back_as_recorded_after_reopening(store: Store, path: Path) -> None:
    user = store.add_user().id
    talk = store.new_conversation(user)
    recorded = store.record(user, "rate", "tt1", 4.5, talk)
    store.close()
    with closing(Store.open(path)) as again:
        assert again.events(user) == (recorded,)


def test_events_are_ordered_by_when_they_happened_not_when_recorded(store: Store) -> None:
    user = store.add_user().id
    store.record(user, "loved", "tt2")
    store.record(user, "seen", "tt1", at_s=5.0)
    assert [event.film for event in store.events(user)] == ["tt1", "tt2"]


def test_events_can_be_asked_for_by_kind(store: Store) -> None:
    user = store.add_user().id
    for kind in ("shown", "open", "loved"):
        store.record(user, kind, "tt1")
    assert [event.kind for event in store.events(user, {"open", "loved"})] == ["open", "loved"]
    assert store.events(user, ()) == ()


def test_users_do_not_see_each_others_events(store: Store) -> None:
    anna, bert = store.add_user().id, store.add_user().id
    store.record(anna, "loved", "tt1")
    assert store.events(bert) == ()
    assert store.undo_last(bert) is None


@pytest.mark.parametrize(
    "entry",
    [
        Entry("adored", "tt1"),
        Entry("undo", "tt1"),
        Entry("loved"),
        Entry("loved", ""),
        Entry("loved", "tt\x00"),
        Entry("loved", "t" * 201),
        Entry("rate", "tt1"),
        Entry("rate", "tt1", 0.4),
        Entry("rate", "tt1", 5.1),
        Entry("rate", "tt1", float("nan")),
        Entry("rate", "tt1", float("inf")),
        Entry("dwell", "tt1"),
        Entry("dwell", "tt1", -1.0),
        Entry("dwell", "tt1", 1e9),
        Entry("seen", "tt1", at_s=float("nan")),
    ],
)
def test_what_cannot_have_happened_is_refused_and_nothing_of_its_group_is_kept(
    store: Store, entry: Entry
) -> None:
    user = store.add_user().id
    with pytest.raises(RequestError):
        store.record_all(user, [Entry("seen", "tt1"), entry])
    assert store.events(user) == ()


@pytest.mark.parametrize("stars", [0.5, 3.25, 5])
def test_stars_at_the_ends_and_between_are_kept(store: Store, stars: float) -> None:
    user = store.add_user().id
    assert store.record(user, "rate", "tt1", stars).value == stars


def test_an_event_cannot_be_tied_to_somebody_elses_conversation(store: Store) -> None:
    anna, bert = store.add_user().id, store.add_user().id
    talk = store.new_conversation(anna)
    with pytest.raises(RequestError, match="no conversation"):
        store.record(bert, "loved", "tt1", conversation=talk)


# Undo


def test_undo_takes_back_a_rating_together_with_the_seen_that_came_with_it(store: Store) -> None:
    user = store.add_user().id
    store.record(user, "want", "tt1")
    store.record_all(user, [Entry("rate", "tt1", 4.0), Entry("seen", "tt1")])
    undone = store.undo_last(user)
    assert undone is not None
    assert (undone.kind, undone.value) == ("rate", 4.0)
    assert _kinds(store, user) == ["want"]


def test_undo_again_goes_one_step_further_back_until_nothing_is_left(store: Store) -> None:
    user = store.add_user().id
    for film in ("tt1", "tt2"):
        store.record(user, "loved", film)
    undone = [store.undo_last(user) for _ in range(3)]
    assert [event and event.film for event in undone] == ["tt2", "tt1", None]


def test_undo_passes_over_what_was_not_done_on_purpose(store: Store) -> None:
    user = store.add_user().id
    store.record(user, "loved", "tt1")
    store.record(user, "open", "tt2")
    store.record(user, "shown", "tt3")
    assert store.undo_last(user) is not None
    assert _kinds(store, user) == ["open", "shown"]


def test_undo_takes_the_last_thing_recorded_even_if_it_happened_long_ago(store: Store) -> None:
    user = store.add_user().id
    store.record(user, "loved", "tt1")
    store.record(user, "rate", "tt2", 5.0, at_s=10.0)
    undone = store.undo_last(user)
    assert undone is not None
    assert undone.film == "tt2"


def test_the_version_grows_with_every_record_and_undo(store: Store) -> None:
    user = store.add_user().id
    versions = [store.version(user)]
    store.record(user, "loved", "tt1")
    versions.append(store.version(user))
    store.undo_last(user)
    versions.append(store.version(user))
    assert versions == sorted(set(versions))


# Conversations


def test_a_conversation_gives_back_its_turns_in_order(store: Store) -> None:
    user = store.add_user().id
    talk = store.new_conversation(user, "zh")
    store.save_turn(talk, "你好", '{"text": "hi"}', "{}")
    store.save_turn(talk, "more", '{"text": "ok"}', '{"a": 1}')
    assert [(t.number, t.message, t.state) for t in store.turns(talk, user)] == [
        (1, "你好", "{}"),
        (2, "more", '{"a": 1}'),
    ]
    assert [t.number for t in store.turns(talk, last=1)] == [2]


def test_conversations_are_listed_newest_first_under_their_first_message(store: Store) -> None:
    user = store.add_user().id
    first, second = store.new_conversation(user), store.new_conversation(user)
    store.save_turn(first, "something\n like  Heat " + "x" * 100, "{}")
    store.save_turn(first, "more", "{}")
    listed = store.conversations(user)
    assert [(c.id, c.turns) for c in listed] == [(second, 0), (first, 2)]
    assert listed[0].title == ""
    assert listed[1].title.startswith("something like Heat xxx")
    assert len(listed[1].title) == 60


def test_a_conversation_is_not_shown_to_another_user(store: Store) -> None:
    anna, bert = store.add_user().id, store.add_user().id
    talk = store.new_conversation(anna)
    assert store.conversation(talk, anna).id == talk
    with pytest.raises(RequestError, match="no conversation"):
        store.conversation(talk, bert)
    with pytest.raises(RequestError, match="no conversation"):
        store.turns(talk, bert)


@pytest.mark.parametrize("talk", ["", "gone", "\ud800", "' OR 1=1 --"])
def test_an_unknown_conversation_is_refused(store: Store, talk: str) -> None:
    with pytest.raises(RequestError, match="no conversation"):
        store.save_turn(talk, "hi", "{}")
    with pytest.raises(RequestError, match="no conversation"):
        store.turns(talk)


@pytest.mark.parametrize(
    "message", ["", "a\x00b", "x" * 1_000_000, "'; DROP TABLE turns; --", "🎬\u202e", "line\r\n"]
)
def test_a_message_is_stored_letter_for_letter(store: Store, message: str) -> None:
    talk = store.new_conversation(store.add_user().id)
    store.save_turn(talk, message, "{}")
    assert store.turns(talk)[0].message == message


def test_half_a_character_does_not_stop_a_message_from_being_stored(store: Store) -> None:
    talk = store.new_conversation(store.add_user().id)
    assert store.save_turn(talk, "a\ud83cb", "{}").message == "a?b"
    assert store.turns(talk)[0].message == "a?b"


# Export


def test_the_export_holds_everything_and_is_json(store: Store) -> None:
    user = store.add_user("Anna").id
    talk = store.new_conversation(user)
    store.save_turn(talk, "hi", '{"text": "hello"}', "not json")
    store.record(user, "rate", "tt1", 4.0, talk, at_s=0.0)
    store.undo_last(user)
    exported = json.loads(json.dumps(store.export(user)))
    assert exported["user"]["name"] == "Anna"
    assert [(e["kind"], e["undone"]) for e in exported["events"]] == [
        ("rate", True),
        ("undo", False),
    ]
    assert exported["events"][0]["at"] == "1970-01-01T00:00:00+00:00"
    turn = exported["conversations"][0]["turns"][0]
    assert (turn["message"], turn["reply"], turn["state"]) == (
        "hi",
        {"text": "hello"},
        "not json",
    )


def test_the_export_holds_nobody_else(store: Store) -> None:
    anna, bert = store.add_user("Anna").id, store.add_user("Bert").id
    store.record(bert, "loved", "tt9")
    store.save_turn(store.new_conversation(bert), "a secret", "{}")
    text = json.dumps(store.export(anna)) + store.export_csv(anna)
    assert "tt9" not in text
    assert "secret" not in text


def test_the_csv_cannot_start_a_formula(store: Store) -> None:
    user = store.add_user().id
    store.record(user, "loved", "=1+1")
    store.record(user, "loved", "tt1")
    rows = list(csv.DictReader(io.StringIO(store.export_csv(user, {"tt1": "@SUM(A1)"}))))
    assert [(row["film"], row["title"]) for row in rows] == [("'=1+1", ""), ("tt1", "'@SUM(A1)")]


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
