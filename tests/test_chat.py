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


def test_a_described_film_is_proposed_confirmed_and_talked_about(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    first = real_assistant.reply(
        "what's that film with the guy who can't form new memories?", user, conversation
    )
    assert "Memento (2000)" in first.text
    assert first.picks[0].film.title == "Memento"
    assert len(first.choices) == 2
    yes = real_assistant.reply(first.choices[0], user, conversation)
    assert yes.film is not None and yes.film.title == "Memento"
    assert "Christopher Nolan" in yes.text
    like = real_assistant.reply(yes.choices[0], user, conversation)
    assert like.wants.like == (yes.film.id,)


def test_a_no_leads_to_the_next_guess_and_never_back(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    first = real_assistant.reply("a movie where a guy relives the same day", user, conversation)
    assert "Groundhog Day" in first.text
    no = real_assistant.reply("no, not that one", user, conversation)
    assert no.acts == ("deny",)
    assert no.picks[0].film.id != first.picks[0].film.id
    assert "Groundhog Day" not in no.text


def test_a_description_is_no_wish_for_the_next_list(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    """ "Recommend me a movie" after a guess once looked for the film that was described."""
    real_assistant.reply("the one with a volleyball on a desert island", user, conversation)
    reply = real_assistant.reply("recommend me a movie", user, conversation)
    assert not reply.wants.about


def test_what_is_saved_in_words_is_kept(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    """ "Save the first one" was acknowledged and forgotten."""
    shown = ids(real_assistant.reply("something like Alien", user, conversation))
    real_assistant.reply("save the first one", user, conversation)
    assert shown[0] in real_assistant.profile(user).watchlist
    assert (
        "one film"
        in real_assistant.reply("how many films are on my watchlist?", user, conversation).text
    )


def test_each_film_is_acknowledged_as_it_was_judged(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    """All films of a message were once acknowledged by what was said of the first."""
    text = real_assistant.reply("I loved Heat but I hated Notting Hill", user, conversation).text
    assert "Heat and Notting Hill" not in text
    assert text.count("Heat") >= 1 and text.count("Notting Hill") >= 1


def test_what_follows_never_mind_still_counts(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    """ "Never mind, give me a comedy" went back and forgot the comedy."""
    real_assistant.reply("a thriller from the 90s", user, conversation)
    real_assistant.reply("with Brad Pitt", user, conversation)
    reply = real_assistant.reply("never mind, make it from the 80s", user, conversation)
    assert reply.wants.limits.starring == ()
    assert reply.wants.limits.years == ((1980, 1989),)


def test_why_not_tells_what_holds_a_film_back(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    shown = real_assistant.reply("crime films from the 90s under two hours", user, conversation)
    assert "170 minutes" in real_assistant.reply("why not Heat?", user, conversation).text
    title = shown.picks[1].film.title
    told = real_assistant.reply(f"why didn't you suggest {title}?", user, conversation).text
    assert "number 2" in told


def test_is_it_scary_is_answered_from_its_tone(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    assert real_assistant.reply("is The Exorcist scary?", user, conversation).text.startswith(
        ("Yes", "It is")
    )
    assert real_assistant.reply("is Paddington scary?", user, conversation).text.startswith("No")


def test_something_similar_is_like_the_film_talked_about(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    real_assistant.reply("tell me about Whiplash", user, conversation)
    reply = real_assistant.reply("something similar please", user, conversation)
    assert [real_assistant.catalogue[i].title for i in reply.wants.like] == ["Whiplash"]


def test_a_wide_open_request_gets_films_and_one_question_never_the_same_twice(
    real_assistant: Assistant, user: str, conversation: str
) -> None:
    first = real_assistant.reply("recommend me a movie", user, conversation)
    second = real_assistant.reply("recommend me a movie", user, conversation)
    assert first.picks and second.picks
    assert first.choices and second.choices
    assert set(first.choices).isdisjoint(second.choices)
