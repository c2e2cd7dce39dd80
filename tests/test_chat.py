"""Turns of the real product: what is recorded, replaced, taken back, refused."""

from __future__ import annotations

import pytest

from assistant.chat import Assistant, Reply
from assistant.errors import RequestError

SHAWSHANK = "tt0111161"
FIVE = {"tt0109830", "tt0108052", "tt0118799", "tt0120338", "tt0120382"}
"""Forrest Gump, Schindler's List, Life Is Beautiful, Titanic, The Truman Show."""


@pytest.fixture
def conversation(real_assistant: Assistant, user: str) -> str:
    return real_assistant.new_conversation(user)


def ids(reply: Reply) -> list[str]:
    return [pick.film.id for pick in reply.picks]


def test_cards_come_before_words(real_assistant: Assistant, user: str, conversation: str) -> None:
    first, *_, last = real_assistant.stream("something like Shawshank", user, conversation)
    assert not first.done
    assert first.picks
    assert first.reasons == ()
    assert last.done
    assert last.picks == first.picks
    assert len(last.reasons) == len(last.picks)
    assert all(reason.text for reason in last.reasons)


def test_a_seed_is_never_recommended_back(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    assert SHAWSHANK not in ids(real_assistant.reply("like Shawshank", user, conversation))
    assert SHAWSHANK not in ids(real_assistant.reply("more", user, conversation))


def test_a_film_seen_is_replaced_and_stays_away(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    before = ids(real_assistant.reply("something like Alien", user, conversation))
    reply = real_assistant.reply("I've seen the second one, loved it", user, conversation)
    after = ids(reply)
    assert before[1] not in after
    assert len(after) == len(before)
    assert [i for i in after if i in before] == [i for i in before if i != before[1]]
    assert before[1] in real_assistant.profile(user).likes
    fresh = real_assistant.new_conversation(user)
    again = real_assistant.reply("something like Alien", user, fresh)
    assert before[1] not in ids(again)


def test_undo_takes_an_opinion_back(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    shown = ids(real_assistant.reply("something like Alien", user, conversation))
    real_assistant.press("hide", user, conversation, film=shown[0])
    assert shown[0] in real_assistant.profile(user).hidden
    real_assistant.reply("undo", user, conversation)
    assert shown[0] not in real_assistant.profile(user).hidden


def test_going_back_undoes_a_refinement(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    first = real_assistant.reply("a comedy", user, conversation)
    real_assistant.reply("before 1960", user, conversation)
    back = real_assistant.reply("go back", user, conversation)
    assert back.wants == first.wants
    assert ids(back) == ids(first)


def test_dropping_a_chip_lifts_its_condition(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    real_assistant.reply("a comedy before 1960", user, conversation)
    reply = real_assistant.press("drop", user, conversation, value="years")
    assert reply.wants.limits.years == ()
    assert "years" not in [chip.key for chip in reply.chips]
    assert all("Comedy" in pick.film.all_genres for pick in reply.picks)


def test_why_tells_the_parts_with_a_chart(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    shown = real_assistant.reply("something like Shawshank", user, conversation)
    reply = real_assistant.press("why", user, conversation, film=ids(shown)[0])
    assert reply.film == shown.picks[0].film
    assert sum(value for _, value in reply.chart) == pytest.approx(shown.picks[0].score, abs=0.02)


def test_a_reloaded_page_gets_its_cards_and_transcript_back(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    shown = real_assistant.reply("something like Shawshank", user, conversation)
    real_assistant.reply("thanks", user, conversation)
    back = real_assistant.last_reply(user, conversation)
    assert back is not None
    assert ids(back) == ids(shown)
    assert [r.text for r in back.reasons] == [r.text for r in shown.reasons]
    lines = real_assistant.transcript(user, conversation)
    assert [line.role for line in lines] == ["user", "assistant"] * 2
    assert lines[0].text == "something like Shawshank"


def test_another_persons_conversation_is_refused(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    stranger = real_assistant.add_profile(None)
    with pytest.raises(RequestError):
        real_assistant.reply("hello", stranger, conversation)
    with pytest.raises(RequestError):
        real_assistant.transcript(stranger, conversation)


@pytest.mark.parametrize(
    ("action", "film", "value"),
    [
        ("rate", SHAWSHANK, 7),
        ("rate", SHAWSHANK, "many"),
        ("rate", SHAWSHANK, float("nan")),
        ("seen", "tt0", None),
        ("seen", None, None),
        ("drop", None, "gravity"),
        ("launch", SHAWSHANK, None),
    ],
)
def test_a_wrong_press_is_refused_and_changes_nothing(
    real_assistant: Assistant,
    user: str,
    conversation: str,
    action: str,
    film: str | None,
    value: str | float | None,
) -> None:
    with pytest.raises(RequestError):
        real_assistant.press(action, user, conversation, film=film, value=value)
    assert real_assistant.transcript(user, conversation) == ()
    assert real_assistant.profile(user).seen == frozenset()


def test_the_same_words_give_strangers_the_same_list(real_assistant: Assistant) -> None:
    lists = []
    for _ in range(2):
        stranger = real_assistant.add_profile(None)
        talk = real_assistant.new_conversation(stranger)
        lists.append(ids(real_assistant.reply("a tense heist film", stranger, talk)))
    assert lists[0] == lists[1]


def test_the_chinese_request_finds_its_company(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    text = "我最喜欢的电影是《肖申克的救赎》，请给我推荐一些类似风格的电影。"
    reply = real_assistant.reply(text, user, conversation)
    shown = ids(reply) + ids(real_assistant.reply("再来一些", user, conversation))
    assert reply.language == "zh"
    assert len(FIVE & set(shown[:10])) >= 2


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00\x01\x02", "a" * 1_000_000, "🙂" * 50, "مرحبا بالعالم", "<b>x</b>", "\ud800"],
)
def test_any_text_gets_a_sentence_and_the_talk_goes_on(
    real_assistant: Assistant, user: str, conversation: str, text: str
) -> None:
    assert real_assistant.reply(text, user, conversation).text
    assert real_assistant.reply("a comedy", user, conversation).picks
