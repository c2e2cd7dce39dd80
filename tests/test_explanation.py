"""Reasons and answers: true of the record, taken from the parts, never two alike."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.catalogue import Catalogue, Film, Limits
from assistant.explanation import CORES, TAILS, Explainer
from assistant.facts import Fact, facts
from assistant.film_answers import Standing
from assistant.generation import Written
from assistant.history import Profile, Taste
from assistant.lexicon import Lexicon, load_lexicons
from assistant.parsing.request import Wants
from assistant.prompts import Prompts
from assistant.ranking import Part, Pick
from assistant.wording import CLAIMS, PLACEHOLDERS, Plan, opening

LOOK = "The Long Corridor"


@pytest.fixture(scope="module")
def lexicons(project: Path) -> Mapping[str, Lexicon]:
    return load_lexicons(project / "data" / "languages")


@pytest.fixture(scope="module")
def explainer(
    project: Path, lexicons: Mapping[str, Lexicon], tiny_catalogue: Catalogue
) -> Explainer:
    return Explainer(Prompts(project / "prompts"), lexicons, tiny_catalogue)


def pick_of(film: Film, *parts: Part) -> Pick:
    return Pick(film, sum(part.value for part in parts), parts)


def said(found: tuple[Fact, ...]) -> dict[str, Mapping[str, str]]:
    return {fact.kind: fact.values for fact in found}


@pytest.fixture
def late(tiny_catalogue: Catalogue) -> Pick:
    """ "Running Late", recommended after "The Long Corridor"."""
    return pick_of(
        tiny_catalogue["tt2"],
        Part("neighbours", 1.2, ("tt1",)),
        Part("themes", 0.4, ("friendship",)),
        Part("tone", 0.3, ("funny+",)),
        Part("people", 0.2, ("Ada Bell",)),
        Part("popularity", 0.1),
        Part("dislike", -0.2, ("tt4",)),
    )


FUNNIER = Wants(like=("tt1",), tone={"funny": 0.6})


def test_a_pick_near_a_liked_film_names_it_what_they_share_and_how_it_differs(
    late: Pick, tiny_catalogue: Catalogue, lexicons: Mapping[str, Lexicon]
) -> None:
    found = said(facts(late, FUNNIER, Profile(), tiny_catalogue, lexicons["en"]))
    assert found["seed"] == {"seed": LOOK}
    assert found["shared"] == {"theme1": "friendship"}
    assert found["tone"] == {"tone": "funnier"}
    assert found["director"] == {"director": "Ada Bell"}


def test_a_theme_the_record_lacks_is_no_fact(
    late: Pick, tiny_catalogue: Catalogue, lexicons: Mapping[str, Lexicon]
) -> None:
    """Though the part names it: a fact is checked against the film again."""
    wrong = replace(late, parts=(Part("neighbours", 1.0, ("tt1",)), Part("themes", 1, ("hope",))))
    assert "shared" not in said(facts(wrong, FUNNIER, Profile(), tiny_catalogue, lexicons["en"]))


def test_a_film_that_is_not_funnier_is_not_called_funnier(
    late: Pick, tiny_catalogue: Catalogue, lexicons: Mapping[str, Lexicon]
) -> None:
    sad = replace(late, film=replace(late.film, tone=(0.0,) * 14))
    found = said(facts(sad, FUNNIER, Profile(), tiny_catalogue, lexicons["en"]))
    assert "tone" not in found and "mood" not in found


def test_a_person_who_is_not_in_the_film_is_no_fact(
    late: Pick, tiny_catalogue: Catalogue, lexicons: Mapping[str, Lexicon]
) -> None:
    wrong = replace(late, parts=(Part("people", 0.5, ("Tom Ray",)),))
    assert not facts(wrong, Wants(), Profile(), tiny_catalogue, lexicons["en"])


def test_a_part_that_hardly_counted_is_no_reason(
    late: Pick, tiny_catalogue: Catalogue, lexicons: Mapping[str, Lexicon]
) -> None:
    weak = replace(late, parts=(Part("neighbours", 0.001, ("tt1",)),))
    assert not facts(weak, FUNNIER, Profile(), tiny_catalogue, lexicons["en"])


def test_conditions_that_were_asked_for_become_facts(
    tiny_catalogue: Catalogue, explainer: Explainer
) -> None:
    wants = Wants(
        limits=Limits(
            years=((2000, 2009),),
            runtime_min=(0, 120),
            directed_by=(frozenset({"Ada Bell"}),),
            countries=frozenset({"United States"}),
        )
    )
    found = said(explainer.facts(pick_of(tiny_catalogue["tt2"]), wants, Profile(), "en"))
    assert found["runtime"] == {"runtime": "96 minutes"}
    assert found["decade"] == {"decade": "2000s"}
    assert found["country"] == {"country": "the United States"}
    assert found["director"] == {"director": "Ada Bell"}


def test_only_films_stated_as_liked_are_called_liked(
    tiny_catalogue: Catalogue, lexicons: Mapping[str, Lexicon]
) -> None:
    pick = pick_of(tiny_catalogue["tt2"], Part("profile", 0.5, ("tt3", "tt1")))
    profile = Profile(likes={"tt3": 0.1, "tt1": 0.9})
    found = said(facts(pick, Wants(), profile, tiny_catalogue, lexicons["en"]))
    assert found["liked"] == {"liked": LOOK}


def test_every_core_and_tail_has_templates_in_both_languages(project: Path) -> None:
    prompts = Prompts(project / "prompts")
    for core in CORES:
        name = "reason_" + "_".join(n for n in (*PLACEHOLDERS, *CLAIMS) if n in core)
        assert name in prompts.names()
    assert {f"tail_{tail}" for tail in TAILS} <= prompts.names()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_two_template_reasons_of_a_list_open_the_same_way(
    explainer: Explainer, tiny_catalogue: Catalogue, late: Pick, language: str
) -> None:
    picks = [replace(late, film=film) for film in tiny_catalogue.films[1:]]
    for seed in range(30):
        reasons = explainer.template_reasons(picks, FUNNIER, Profile(), language, seed)
        openings = [opening(reason.text, language) for reason in reasons]
        assert len(set(openings)) == len(openings), [reason.text for reason in reasons]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_reasons_never_show_a_placeholder_or_fail_whatever_the_parts(
    explainer: Explainer, tiny_catalogue: Catalogue, language: str
) -> None:
    rng = random.Random(1)
    names = {
        "neighbours": ("tt1",),
        "themes": ("friendship", "hope", "small town"),
        "tone": ("funny+",),
        "people": ("Ada Bell", "Tom Ray"),
        "genre": ("tt1",),
        "era": ("tt1",),
        "profile": ("tt3",),
        "about": (),
        "acclaim": (),
        "popularity": (),
        "exploration": (),
    }
    for _ in range(300):
        chosen = rng.sample(sorted(names), rng.randint(0, 6))
        picks = [
            pick_of(film, *(Part(n, rng.uniform(-0.5, 1), names[n]) for n in chosen))
            for film in tiny_catalogue
        ]
        wants = Wants(
            about="late trains" if rng.random() < 0.5 else "",
            like=("tt1",) if rng.random() < 0.5 else (),
            themes=("friendship",) if rng.random() < 0.3 else (),
            tone={"funny": 0.5, "violent": -0.5},
            limits=Limits(years=((1900, 2030),)) if rng.random() < 0.5 else Limits(),
        )
        profile = Profile(likes={"tt3": 1.0})
        for reason in explainer.template_reasons(picks, wants, profile, language):
            assert reason.text and "{" not in reason.text and reason.wording == "template"


def test_a_genre_nobody_asked_for_is_not_called_asked_for(
    explainer: Explainer, tiny_catalogue: Catalogue
) -> None:
    """ "A funny drama, as you asked" was said because a seed is a drama too; only funny was asked
    for."""
    pick = pick_of(tiny_catalogue["tt2"], Part("genre", 0.5, ("tt1",)), Part("tone", 0.4))
    funny = Wants(like=("tt1",), tone={"funny": 0.6})
    kinds = said(explainer.facts(pick, funny, Profile(), "en"))
    assert "genre" not in kinds and "mood" in kinds
    for seed in range(8):
        (reason,) = explainer.template_reasons([pick], funny, Profile(), "en", seed)
        assert "drama" not in reason.text and "comedy" not in reason.text
    comedy = replace(funny, limits=Limits(genres=(frozenset({"Comedy"}),)))
    assert said(explainer.facts(pick, comedy, Profile(), "en"))["genre"] == {"genre": "comedy"}


def test_a_funny_film_that_is_less_funny_than_the_seed_is_not_called_funny_as_asked(
    lexicons: Mapping[str, Lexicon], tiny_catalogue: Catalogue
) -> None:
    """Its score rises without the wish: the wish was no reason for it."""
    film = tiny_catalogue["tt2"]
    seed = replace(film, id="tt90", tone=tuple(min(10.0, t + 1.0) for t in film.tone))
    catalogue = tiny_catalogue.with_films([seed])
    pick = pick_of(film, Part("neighbours", 1.0, (seed.id,)), Part("tone", 0.3))
    funnier = Wants(tone={"funny": 0.6})
    from_it = replace(funnier, like=(seed.id,))
    assert "mood" in said(facts(pick, funnier, Profile(), catalogue, lexicons["en"]))
    assert "mood" not in said(facts(pick, from_it, Profile(), catalogue, lexicons["en"]))


def test_what_is_no_cause_is_not_named_and_its_themes_neither(
    explainer: Explainer, tiny_catalogue: Catalogue, late: Pick
) -> None:
    def from_words(pick: Pick, fact: Fact) -> bool:
        return not any(rest.startswith("like:") for rest in fact.rests)

    named = explainer.named([late], FUNNIER, Profile(), "en", from_words)
    everything = explainer.named([late], FUNNIER, Profile(), "en")
    assert {"seed"} <= {fact.kind for fact in everything[0]}
    assert not {"seed", "shared", "director", "era"} & {fact.kind for fact in named[0]}
    for seed in range(8):
        (reason,) = explainer.reasons([late], FUNNIER, Profile(), "en", seed, (), from_words)
        assert LOOK not in reason.text and "friendship" not in reason.text


def test_a_condition_that_all_films_meet_is_said_on_every_other_card(
    explainer: Explainer, tiny_catalogue: Catalogue
) -> None:
    """ "From the 2000s" stood on each of five cards."""
    picks = [pick_of(film) for film in tiny_catalogue.films[:3]]
    years = Wants(limits=Limits(years=((1900, 2030),)))
    named = explainer.named(picks, years, Profile(), "en")
    assert [any(f.kind == "decade" for f in facts) for facts in named] == [True, False, True]


def test_a_preference_a_film_meets_is_a_fact_and_one_it_does_not_meet_is_none(
    explainer: Explainer, tiny_catalogue: Catalogue
) -> None:
    pick = pick_of(tiny_catalogue["tt2"], Part("neighbours", 0.5, ("tt1",)))
    year = tiny_catalogue["tt2"].year
    met = Wants(prefer=Limits(genres=(frozenset({"Comedy"}),), years=((year, year),)))
    assert {"genre", "year"} <= said(explainer.facts(pick, met, Profile(), "en")).keys()
    missed = Wants(prefer=Limits(years=((year + 1, 9999),), runtime_min=(0, 10)))
    assert (
        not {"year", "decade", "runtime"}
        & said(explainer.facts(pick, missed, Profile(), "en")).keys()
    )


def test_why_names_the_parts_and_charts_all_of_them_with_their_signs(
    explainer: Explainer, late: Pick
) -> None:
    text, chart = explainer.why(late, FUNNIER, Profile(), "en", 2)
    assert LOOK in text and "friendship" in text and "funnier" in text and "number 2" in text
    assert [value for _, value in chart] == [part.value for part in late.parts]
    assert len({label for label, _ in chart}) == len(chart)


def test_why_not_tells_the_limits_a_film_breaks(
    explainer: Explainer, tiny_catalogue: Catalogue
) -> None:
    text = explainer.why_not(
        Standing(Pick(tiny_catalogue["tt4"], 0.0, ()), 9, ("years", "runtime_min"), "", ()), "en"
    )
    assert "Night Harbour" in text and "1982" in text and "117 minutes" in text


def test_why_not_tells_the_place_of_a_film_that_fits(explainer: Explainer, late: Pick) -> None:
    text = explainer.why_not(Standing(late, 14, (), "", ()), "en")
    assert "14" in text and "films next to it" in text and "what you dislike" in text


def test_comparing_tells_years_what_is_shared_and_what_differs(
    explainer: Explainer, tiny_catalogue: Catalogue
) -> None:
    text = explainer.compare(tiny_catalogue["tt1"], tiny_catalogue["tt2"], "en")
    assert "1994" in text and "2003" in text and "friendship" in text
    assert "Running Late is funnier" in text
    assert "The Long Corridor runs 46 minutes longer than Running Late" in text
    assert "Ada Bell" in text


def test_telling_answers_what_was_asked_and_names_the_film_once(
    explainer: Explainer, tiny_catalogue: Catalogue
) -> None:
    text = explainer.tell(tiny_catalogue["tt1"], ("director", "runtime"), "en")
    assert text == "The Long Corridor was directed by Ada Bell. It runs 142 minutes."


def test_what_the_record_lacks_is_said_to_be_unknown(
    explainer: Explainer, tiny_catalogue: Catalogue
) -> None:
    text = explainer.tell(tiny_catalogue["tt6"], ("director", "runtime", "plot"), "en")
    assert text.count("do not know") == 3


def test_a_chinese_answer_holds_no_english_synopsis(
    explainer: Explainer, tiny_catalogue: Catalogue
) -> None:
    text = explainer.tell(tiny_catalogue["tt1"], ("plot",), "zh")
    assert "友情" in text and "banker" not in text


def test_an_empty_taste_is_told_as_such(explainer: Explainer) -> None:
    assert "nothing" in explainer.taste_text(Taste(), "en")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_only_dislikes_are_known_they_are_told(explainer: Explainer, language: str) -> None:
    """ "I know nothing about your taste" followed "I hated that one"."""
    assert LOOK in explainer.taste_text(Taste(disliked=("tt1",)), language)


def test_a_taste_is_told_with_the_films_it_rests_on(explainer: Explainer) -> None:
    assert LOOK in explainer.taste_text(Taste(liked=("tt1",)), "en")


def test_texts_heard_lately_are_passed_on_to_the_phraser(
    project: Path, lexicons: Mapping[str, Lexicon], tiny_catalogue: Catalogue, late: Pick
) -> None:
    class Listening:
        heard: Sequence[str] = ()

        def write(self, plans: Sequence[Plan], seed: int, heard: Sequence[str] = ()) -> Written:
            self.heard = heard
            return Written((None,) * len(plans), 0, 0, {})

    writer = Listening()
    told = Explainer(Prompts(project / "prompts"), lexicons, tiny_catalogue, writer)
    told.reasons([late], FUNNIER, Profile(), "en", 1, ["Like Alien, it is about hope."])
    assert writer.heard == ["Like Alien, it is about hope."]


@pytest.mark.parametrize(
    ("renown", "told"),
    [
        ((9.0, 9.0, 9.0, 8.0), "A was a big hit when it came out. Those who saw it loved it."),
        (
            (4.0, 5.5, 8.0, 7.0),
            "A found a modest audience when it came out. Opinions were divided. "
            "Many more people have come to know it since.",
        ),
        (
            (7.0, 3.0, 4.0, 1.0),
            "A was a big hit when it came out. It was not well received. "
            "Fewer people watch it today.",
        ),
        ((), "How A did when it came out, I do not know."),
    ],
)
def test_how_a_film_did_is_told_from_its_marks(
    explainer: Explainer, renown: tuple[float, ...], told: str
) -> None:
    film = Film("tt9", "A", 1999, renown=renown)
    assert explainer.tell(film, ("reception",), "en") == told
