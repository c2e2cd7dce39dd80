"""The history keeps what it is told, for each person apart."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from assistant.errors import RequestError
from assistant.store import Entry, Store


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
