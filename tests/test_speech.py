"""What a turn says around its list: in the phraser's words where it can, else as written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from assistant.catalogue import Catalogue, Limits
from assistant.chat import Assistant
from assistant.conversation import Conversation
from assistant.explanation import Explainer
from assistant.generation import Written
from assistant.history import Profile
from assistant.lexicon import load_lexicons
from assistant.moment import Moment, Said
from assistant.parsing.request import Act, Opinion, Request, Stance, Wants
from assistant.prompts import Prompts
from assistant.ranking import Pick
from assistant.speech import Speech
from assistant.wording import Plan, check, placeholders_of


@dataclass
class Scribe:
    """A writer that says every placeholder of a plan, or nothing at all."""

    silent: bool = False
    plans: list[Plan] = field(default_factory=list)
    heard: list[Sequence[str]] = field(default_factory=list)

    def write(self, plans: Sequence[Plan], seed: int, heard: Sequence[str] = ()) -> Written:
        self.plans += plans
        self.heard.append(heard)
        texts = [
            None
            if self.silent
            else "Let me see about " + " and ".join(f"{{{n}}}" for n in plan.placeholders) + "."
            for plan in plans
        ]
        return Written(tuple(texts), len(plans), len(plans), {})


@pytest.fixture
def scribe() -> Scribe:
    return Scribe()


@pytest.fixture
def speech(project: Path, tiny_catalogue: Catalogue, scribe: Scribe) -> Speech:
    prompts = Prompts(project / "prompts")
    lexicons = load_lexicons(project / "data" / "languages")
    return Speech(Explainer(prompts, lexicons, tiny_catalogue, scribe), prompts, tiny_catalogue)


def moment(catalogue: Catalogue, wants: Wants, request: Request, shown: int = 3) -> Moment:
    picks = tuple(Pick(film, 1.0, ()) for film in catalogue.films[:shown])
    before, after = Conversation(), Conversation(wants=wants, turn=1)
    return Moment(request, before, after, picks, (), None, Profile(), lambda i: (picks[0], 1))


ASKED = Request("", acts=(Act.RECOMMEND,))


@pytest.mark.parametrize(
    ("wants", "said"),
    [
        (Wants(like=("tt1",)), ("seed",)),
        (Wants(like=("tt1",), tone={"funny": 0.6}), ("seed", "tone")),
        (Wants(like=("tt1",), tone={"funny": 0.6, "slow": -0.6}), ("seed",)),
        (Wants(tone={"funny": 0.6}), ("mood",)),
        (Wants(tone={"funny": -0.6}), ()),
        (Wants(themes=("friendship",)), ("theme1",)),
        (
            Wants(limits=Limits(genres=(frozenset({"Comedy"}),), years=((1990, 1999),))),
            ("genre", "decade"),
        ),
        (Wants(limits=Limits(genres=(frozenset({"Comedy", "Drama"}),))), ()),
        (Wants(limits=Limits(years=((1990, 2026),))), ()),
        (Wants(limits=Limits(directed_by=(frozenset({"Ada Bell"}),))), ("director",)),
    ],
)
def test_an_introduction_names_what_was_asked_where_it_holds_of_every_film(
    speech: Speech, tiny_catalogue: Catalogue, wants: Wants, said: tuple[str, ...]
) -> None:
    (part,) = speech.say(moment(tiny_catalogue, wants, ASKED))
    assert part.plan is not None and part.plan.purpose == "introduction"
    assert part.plan.placeholders == said and set(said) == part.values.keys()


def test_a_list_that_nobody_asked_anything_of_is_introduced_as_such(
    speech: Speech, tiny_catalogue: Catalogue
) -> None:
    nothing = moment(tiny_catalogue, Wants(), ASKED)
    known = replace(nothing, taste=Profile(likes={"tt1": 1.0}))
    one = moment(tiny_catalogue, Wants(about="trains"), ASKED, shown=1)
    purposes = [
        part.plan.purpose for m in (nothing, known, one) for part in speech.say(m) if part.plan
    ]
    assert purposes == ["opening", "taste", "single"]


def test_what_the_phraser_writes_stands_in_place_of_the_template(
    speech: Speech, scribe: Scribe, tiny_catalogue: Catalogue
) -> None:
    parts = speech.say(moment(tiny_catalogue, Wants(like=("tt1",)), ASKED))
    written = speech.whole(speech.written(parts, "en", 1, ["These are mine."]), "en")
    assert (written.text, written.wording) == ("Let me see about The Long Corridor.", "model")
    assert scribe.heard == [["These are mine."]]


def test_what_the_phraser_fails_at_stays_in_template_wording_and_says_so(
    speech: Speech, scribe: Scribe, tiny_catalogue: Catalogue
) -> None:
    scribe.silent = True
    parts = speech.say(moment(tiny_catalogue, Wants(like=("tt1",)), ASKED))
    written = speech.whole(speech.written(parts, "en", 1), "en")
    assert written == speech.whole(parts, "en") and written.wording == "template"


def test_an_opinion_of_one_film_is_answered_by_the_phraser_and_of_several_by_a_prompt(
    speech: Speech, scribe: Scribe, tiny_catalogue: Catalogue
) -> None:
    def loved(*ids: str) -> tuple[Said, ...]:
        opinions = tuple(Opinion(i, Stance.LOVED) for i in ids)
        request = Request("", acts=(Act.RATE,), opinions=opinions)
        return speech.say(moment(tiny_catalogue, Wants(), request, shown=0))

    (one,), (two,) = loved("tt1"), loved("tt1", "tt2")
    assert one.plan is not None and one.plan.purpose == "loved"
    assert two.plan is None and "and" in two.text


def test_introductions_come_after_the_cards_and_before_the_reasons(
    real_assistant: Assistant,
) -> None:
    user = real_assistant.add_profile(None)
    talk = real_assistant.new_conversation(user)
    first, second, last = real_assistant.stream("something like Shawshank", user, talk)
    assert first.picks and not first.text and not first.done
    assert second.text and not second.reasons and not second.done
    assert last.text == second.text and len(last.reasons) == len(last.picks)
    real_assistant.forget(user)


def test_the_scribe_of_these_tests_keeps_to_its_plans(scribe: Scribe) -> None:
    plan = Plan("introduction", "en", ("seed", "tone"))
    (text,) = scribe.write([plan], 0).texts
    assert text is not None and placeholders_of(text) == ("seed", "tone")
    assert check(text, plan) == []
