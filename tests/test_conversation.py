"""Where a conversation stands, turn after turn."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.catalogue import Catalogue, Film, Limits
from assistant.conversation import (
    Conversation,
    decode,
    encode,
    follow,
    overhear,
    pick_record,
    read_pick,
    wants_record,
)
from assistant.errors import DataError
from assistant.parsing.request import Act, Request, Wants
from assistant.ranking import Part, Pick

AFTER_2000 = Limits(years=((2001, 9999),))


def test_a_refinement_keeps_the_seed_and_adds_the_limit() -> None:
    before = Conversation(wants=Wants(like=("tt1",)), shown=("tt2",), turn=1)
    after = follow(
        before, Request("after 2000", acts=(Act.REFINE,), wants=Wants(limits=AFTER_2000))
    )
    assert after.wants == Wants(like=("tt1",), limits=AFTER_2000)
    assert after.turn == 2


def test_a_fresh_request_forgets_the_earlier_wants_and_what_was_offered() -> None:
    before = Conversation(wants=Wants(like=("tt1",)), offered=frozenset({"tt2"}))
    after = follow(
        before, Request("x", acts=(Act.RECOMMEND,), wants=Wants(like=("tt3",)), fresh=True)
    )
    assert after.wants == Wants(like=("tt3",))
    assert after.offered == frozenset()


def test_a_relaxation_drops_just_the_named_limit() -> None:
    limits = Limits(years=((2001, 9999),), runtime_min=(0, 120))
    before = Conversation(wants=Wants(limits=limits))
    after = follow(before, Request("x", acts=(Act.REFINE,), drop=frozenset({"years"})))
    assert after.wants.limits == Limits(runtime_min=(0, 120))


def test_starting_over_leaves_nothing_shown_and_nothing_to_point_at() -> None:
    before = Conversation(wants=Wants(like=("tt1",)), shown=("tt2",), focus="tt2")
    after = follow(before, Request("start over", acts=(Act.RESET,)))
    assert (after.wants, after.shown, after.focus) == (Wants(), (), None)


def test_films_somebody_else_suggests_are_context_not_likes() -> None:
    before = Conversation(wants=Wants(like=("tt1",)))
    after = overhear(before, ("tt1", "tt2"))
    assert after.wants.like == ("tt1",)
    assert after.wants.around == ("tt2",)
    assert after.shown == ("tt1", "tt2")


def test_a_newer_dislike_takes_a_film_out_of_the_likes() -> None:
    before = Conversation(wants=Wants(like=("tt1", "tt2")))
    after = follow(before, Request("x", acts=(Act.REFINE,), wants=Wants(unlike=("tt1",))))
    assert after.wants == Wants(like=("tt2",), unlike=("tt1",))


ids = st.lists(st.sampled_from(["tt1", "tt2", "m:3"]), max_size=2, unique=True).map(tuple)
names = st.sampled_from([frozenset[str](), frozenset({"Drama"}), frozenset({"Comedy", "雨"})])
groups = st.sampled_from([(), (frozenset({"Drama"}), frozenset({"Comedy", "雨"}))])
limits_of = st.builds(
    Limits,
    genres=groups,
    not_genres=names,
    people=groups,
    years=st.lists(st.tuples(st.integers(0, 2000), st.integers(2000, 9999)), max_size=2).map(tuple),
    runtime_min=st.none() | st.tuples(st.integers(0, 90), st.integers(90, 200)),
    languages=names,
    maximum_age=st.none() | st.integers(0, 18),
    acclaim_min=st.none() | st.floats(0, 1),
    tone_max=st.dictionaries(st.sampled_from(["scary", "violent"]), st.floats(0, 10), max_size=2),
    exclude=st.sampled_from([frozenset[str](), frozenset({"tt1"})]),
)
wants_of = st.builds(
    Wants,
    about=st.text(max_size=20).filter(lambda t: t.isprintable()),
    themes=ids,
    like=ids,
    unlike=ids,
    around=ids,
    tone=st.dictionaries(st.sampled_from(["funny", "sad"]), st.floats(-1, 1), max_size=2),
    limits=limits_of,
    prefer=limits_of,
    novelty=st.floats(-1, 1),
    hit=st.floats(-1, 1),
    count=st.none() | st.integers(1, 20),
)


@given(wants_of, ids, st.none() | st.just("tt1"))
def test_a_stored_conversation_comes_back_as_it_was(
    wants: Wants, shown: tuple[str, ...], focus: str | None
) -> None:
    conversation = Conversation(wants, shown, frozenset(shown), focus, "zh", 4)
    assert decode(encode(conversation)) == conversation


def test_a_conversation_kept_before_a_condition_existed_is_read() -> None:
    record = json.loads(encode(Conversation(Wants(limits=Limits(maximum_age=8)))))
    for limits in (record["wants"]["limits"], record["wants"]["prefer"]):
        del limits["acclaim_min"]
    assert decode(json.dumps(record)).wants.limits == Limits(maximum_age=8)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"wants": 3}', "{", '{"wants": {"x": 1}}'])
def test_a_damaged_state_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        decode(text)


def test_a_pick_comes_back_with_its_parts(tiny_catalogue: Catalogue) -> None:
    parts = (Part("neighbours", 1.5, ("tt2",)), Part("era", -0.1))
    pick = Pick(tiny_catalogue["tt1"], 1.4, parts)
    assert read_pick(pick_record(pick), tiny_catalogue) == pick
    gone = Pick(Film("tt99", "Gone", 2000), 1.0, ())
    assert read_pick(pick_record(gone), tiny_catalogue) is None


def test_a_wants_record_holds_only_what_was_asked() -> None:
    record = wants_record(Wants(like=("tt1",), limits=AFTER_2000))
    assert record == {"like": ["tt1"], "limits": {"years": [[2001, 9999]]}}
