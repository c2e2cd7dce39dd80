from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.catalogue import Catalogue, Film, load_catalogue
from assistant.config import Settings
from assistant.errors import DataError
from assistant.evaluation_mentions import exact_titles, measure_mentions
from assistant.parsing.names import find_names
from assistant.parsing.people import PeopleFinder
from assistant.parsing.spans import SCANNED, keys_of, words_of
from assistant.parsing.titles import TitleFinder
from assistant.parsing.titlescore import read_score
from assistant.parsing.versions import Setting
from assistant.training_titles import slips


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue([Settings().data / "films"])


@pytest.fixture(scope="module")
def finder(catalogue: Catalogue) -> TitleFinder:
    return TitleFinder(catalogue)


def labels(finder: TitleFinder, catalogue: Catalogue, text: str) -> list[str]:
    return [catalogue[mention.film].label for mention in finder.find(text).mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("recommend something like Shawshank", ["The Shawshank Redemption (1994)"]),
        ("something like shawshenk", ["The Shawshank Redemption (1994)"]),
        ("i loved intersteller and inceptoin", ["Interstellar (2014)", "Inception (2010)"]),
        ("movies like the dark night", ["The Dark Knight (2008)"]),
        ("rocky iv", ["Rocky IV (1985)"]),
        ("insidious chapter 4", ["Insidious: The Last Key (2018)"]),
        ("seen toy story 4 times", ["Toy Story 4 (2019)"]),
        ("Heat 8, Toy Story 6", ["Heat (1995)", "Toy Story (1995)"]),
        ("godfather 2 is the best", ["The Godfather Part II (1974)"]),
        ("john wick chapter 2", ["John Wick: Chapter 2 (2017)"]),
        ("heat 1995", ["Heat (1995)"]),
        ("halloween (1978)", ["Halloween (1978)"]),
        ("the 2018 halloween", ["Halloween (2018)"]),
        ("seen spiderman and x men?", ["Spider-Man (2002)", "X-Men (2000)"]),
        ("the last jedi", ["Star Wars: Episode VIII - The Last Jedi (2017)"]),
        ("Star Wars: The Last Jedi", ["Star Wars: Episode VIII - The Last Jedi (2017)"]),
        ("amelie", ["Amélie (2001)"]),
        ("oceans 11 was fun", ["Ocean's Eleven (2001)"]),
        ("like seven", ["Se7en (1995)"]),
        ("is Being John Malkovich good?", ["Being John Malkovich (1999)"]),
        ("who directed inception?", ["Inception (2010)"]),
        ("what is coco about?", ["Coco (2017)"]),
        ("heat but funnier", ["Heat (1995)"]),
        ("Heat but less violent", ["Heat (1995)"]),
        ("Amélie 9/10", ["Amélie (2001)"]),
        ("not the others you mentioned", []),
        ("it but scarier", []),
        ("LOTR", ["The Lord of the Rings: The Fellowship of the Ring (2001)"]),
        ("lord of the rings", ["The Lord of the Rings: The Fellowship of the Ring (2001)"]),
        ("movies like t2", ["Terminator 2: Judgment Day (1991)"]),
        ("e.t.", ["E.T. the Extra-Terrestrial (1982)"]),
        ("harry potter", ["Harry Potter and the Sorcerer's Stone (2001)"]),
        ("saw indiana jones", ["Indiana Jones and the Last Crusade (1989)"]),
        ("mad max 4", ["Mad Max: Fury Road (2015)"]),
    ],
)
def test_titles_are_found_as_people_write_them(
    finder: TitleFinder, catalogue: Catalogue, text: str, expected: list[str]
) -> None:
    assert labels(finder, catalogue, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("movies like Heat", ["Heat (1995)"]),
        ("i watched Up and Frozen", ["Up (2009)", "Frozen (2013)"]),
        ("have you seen It", ["It (2017)"]),
        ("have you seen it (1990)?", []),
        ('"Her" is lovely', ["Her (2013)"]),
        ("i loved get out", ["Get Out (2017)"]),
        (
            "have you seen gravity, taken and drive?",
            ["Gravity (2013)", "Taken (2008)", "Drive (2011)"],
        ),
    ],
)
def test_everyday_titles_count_where_the_context_says_so(
    finder: TitleFinder, catalogue: Catalogue, text: str, expected: list[str]
) -> None:
    assert labels(finder, catalogue, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "I love it",
        "have you seen it?",
        "what's up",
        "her movies are great",
        "it was a big hit with us",
        "I had a good time last night",
        "a good Thriller please",
        "a scary movie for kids",
        "can you help me out",
        "I want to see the others you mentioned",
        "something with a happy ending",
        "are you alone at home in this room",
        "give me three films from the nineties",
    ],
)
def test_everyday_words_are_not_titles(finder: TitleFinder, text: str) -> None:
    assert finder.find(text).mentions == ()


def test_spans_cover_the_words_with_article_and_year(finder: TitleFinder) -> None:
    text = "I liked The Matrix (1999) a lot"
    (mention,) = finder.find(text).mentions
    assert text[mention.start : mention.end] == "The Matrix (1999)"
    assert mention.exact


def test_a_misspelling_is_told(finder: TitleFinder) -> None:
    (mention,) = finder.find("have you seen intersteller?").mentions
    assert not mention.exact


def test_other_readings_are_listed_after_the_likeliest(
    finder: TitleFinder, catalogue: Catalogue
) -> None:
    (mention,) = finder.find("i love halloween movies, like halloween").mentions[-1:]
    years = {catalogue[other].year for other in (mention.film, *mention.others)}
    assert {1978, 2018} <= years


def test_an_actor_named_beside_a_remake_decides(finder: TitleFinder, catalogue: Catalogue) -> None:
    text = "have you seen ghostbusters with Melissa McCarthy"
    assert labels(finder, catalogue, text) == ["Ghostbusters (2016)"]


def test_a_series_name_means_its_best_known_film(finder: TitleFinder, catalogue: Catalogue) -> None:
    (mention,) = finder.find("I like harry potter").mentions
    assert catalogue[mention.film].title.startswith("Harry Potter and the")
    assert len(mention.others) >= 6


@pytest.mark.parametrize(
    ("text", "film"),
    [
        ("我最喜欢的电影是《肖申克的救赎》，请推荐", "The Shawshank Redemption (1994)"),
        ("类似盗梦空间的电影", "Inception (2010)"),
        ("星際穿越好看", "Interstellar (2014)"),
        ("有没有像《Inception》那样的", "Inception (2010)"),
        ("《肖申克的救牍》", "The Shawshank Redemption (1994)"),
    ],
)
def test_chinese_titles_are_found(
    finder: TitleFinder, catalogue: Catalogue, text: str, film: str
) -> None:
    assert labels(finder, catalogue, text) == [film]


def test_a_chinese_title_covers_its_brackets(finder: TitleFinder) -> None:
    text = "我喜欢《教父》。"
    (mention,) = finder.find(text, "zh").mentions
    assert text[mention.start : mention.end] == "《教父》"


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ('have you seen "Blorp of Zangia"?', "Blorp of Zangia"),
        ("have you seen Blorp Zangia (1999)?", "Blorp Zangia"),
        ("something like xyzzyx", "xyzzyx"),
        ("seen toy story 7", "toy story 7"),  # it used to be taken for the first one
        ("something like Insidious: Chapter 9 please", "Insidious: Chapter 9"),
        ("我喜欢《不存在的一部电影》", "不存在的一部电影"),
    ],
)
def test_names_of_no_film_we_hold_are_told(finder: TitleFinder, text: str, unknown: str) -> None:
    found = finder.find(text)
    assert found.mentions == ()
    assert [(u.text, u.kind) for u in found.unresolved] == [(unknown, "film")]


def test_taken_words_are_no_title_unless_the_title_holds_more(finder: TitleFinder) -> None:
    text = "movies with Ray Liotta"
    assert finder.find(text, "en", [(12, 22)]).mentions == ()
    text = "Being John Malkovich"
    assert len(finder.find(text, "en", [(6, 20)]).mentions) == 1


def test_films_and_people_of_one_message_do_not_overlap(
    finder: TitleFinder, catalogue: Catalogue
) -> None:
    text = "Annie Hall by Woody Allen, Being John Malkovich, anything with Ray Liotta"
    films, people = find_names(text, "en", finder, PeopleFinder(catalogue))
    assert [catalogue[m.film].title for m in films.mentions] == [
        "Annie Hall",
        "Being John Malkovich",
    ]
    assert [p.names[0] for p in people] == ["Woody Allen", "Ray Liotta"]


TINY = TitleFinder(
    Catalogue(
        [
            Film("tt1", "Heat", 1995, popularity=0.99, titles={"zh": "盗火线"}),
            Film("tt2", "It", 2017, popularity=0.98),
            Film("tt3", "The Long Corridor: Part II", 2001, popularity=0.9, aliases=("TLC2",)),
        ]
    )
)


@given(st.text(max_size=200) | st.text(alphabet="heatHI t()1995\"'《》盗火线,.&", max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_valid_spans_that_do_not_overlap(text: str) -> None:
    end = 0
    for mention in TINY.find(text).mentions:
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_both_ways_to_read_a_name_agree(text: str) -> None:
    if text.isascii():
        assert keys_of(text) == [word.key for word in words_of(text)]


@pytest.mark.parametrize(
    "piece", ["heat ", "like it and ", "《", '"a" ', "盗火线", "x" * 50, "(1995)"]
)
def test_a_megabyte_is_read_only_as_far_as_said(piece: str) -> None:
    started = time.process_time()
    found = TINY.find(piece * (1_000_000 // len(piece)))
    assert time.process_time() - started < 2.0
    assert all(mention.end <= SCANNED for mention in found.mentions)


def test_a_missing_word_list_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot read"):
        TitleFinder(Catalogue([Film("tt1", "Heat", 1995)]), tmp_path)


def test_every_nickname_names_a_film_of_the_catalogue(catalogue: Catalogue) -> None:
    known = {film.label for film in catalogue}
    nicknames = json.loads((Settings().data / "aliases.json").read_text())
    missing = [label for names in nicknames.values() for label in names if label not in known]
    assert missing == []


def test_measuring_counts_each_film_once_a_message(tmp_path: Path) -> None:
    """By hand: of Heat and It one is found, and nothing wrong: P 1, R 1/2."""
    catalogue = Catalogue([Film("tt1", "Heat", 1995, popularity=0.9), Film("tt2", "It", 2017)])
    cases = tmp_path / "cases.jsonl"
    messages = [{"text": "I love Heat and it, Heat!", "films": ["tt1", "tt2", "tt9"]}]
    cases.write_text(json.dumps({"messages": messages}) + "\n")
    scores = measure_mentions(cases, TitleFinder(catalogue), catalogue, PeopleFinder(catalogue))
    score = next(s for s in scores if s.system == "matinee" and s.named)
    assert (score.named, score.precision.value, score.recall.value) == (2, 1.0, 0.5)
    given = exact_titles(catalogue)("I love Heat and it", frozenset())
    assert [g.film for g in given] == ["tt1", "tt2"]


def test_films_that_a_reader_found_unmarked_are_marks_too(tmp_path: Path) -> None:
    catalogue = Catalogue([Film("tt1", "Heat", 1995, popularity=0.9)])
    cases, unmarked = tmp_path / "cases.jsonl", tmp_path / "unmarked.jsonl"
    cases.write_text(json.dumps({"id": "a", "messages": [{"text": "I love Heat", "films": []}]}))
    unmarked.write_text(json.dumps({"dialogue": "a", "message": 0, "film": "tt1"}))
    titles, people = TitleFinder(catalogue), PeopleFinder(catalogue)
    for extra, named in ((None, 0), (unmarked, 1)):
        scores = measure_mentions(cases, titles, catalogue, people, unmarked=extra)
        assert max(score.named for score in scores) == named
    unmarked.write_text(json.dumps({"dialogue": "a", "message": 7, "film": "tt1"}))
    with pytest.raises(DataError, match="no message 7"):
        measure_mentions(cases, titles, catalogue, people, unmarked=unmarked)


def test_a_film_found_on_a_mark_that_the_catalogue_lacks_is_only_strictly_wrong(
    tmp_path: Path,
) -> None:
    """ "Heat (1986)" is another film; once its year is gone the words say ours."""
    catalogue = Catalogue([Film(id="tt1", title="Heat", year=1995, popularity=0.99)])
    cases = tmp_path / "cases.jsonl"
    messages = [{"text": "I loved the movie Heat (1986)", "films": ["tt9"]}]
    cases.write_text(json.dumps({"messages": messages}) + "\n")
    scores = measure_mentions(cases, TitleFinder(catalogue), catalogue, PeopleFinder(catalogue))
    stripped = [s for s in scores if s.system == "matinee" and s.way == "no years"]
    assert [s.strict_precision for s in stripped] == [0.0, 0.0]
    assert not any(s.precision.value for s in stripped)


def test_a_film_on_the_table_is_found_by_an_everyday_word(
    finder: TitleFinder, catalogue: Catalogue
) -> None:
    it = next(film.id for film in catalogue if film.label == "It (2017)")
    text = "i think it was scarier than the old it"
    assert not finder.find("i think so too").mentions
    setting = Setting(2018, frozenset({it}))
    bits = {r.span: r.bits for r, _ in finder.weighed(text)}
    named = {r.span: r.bits for r, _ in finder.weighed(text, (), setting)}
    assert all(named[span] >= bits[span] for span in bits)
    assert max(named[span] - bits[span] for span in bits) > 0


@pytest.mark.parametrize(
    ("year", "expected"),
    [(1996, "Jumanji (1995)"), (2018, "Jumanji: Welcome to the Jungle (2017)")],
)
def test_of_two_versions_the_talk_of_the_day_is_meant(
    finder: TitleFinder, catalogue: Catalogue, year: int, expected: str
) -> None:
    (mention,) = finder.find("we loved jumanji", setting=Setting(year)).mentions
    assert catalogue[mention.film].label == expected


def test_a_film_that_is_not_made_yet_is_not_meant(
    finder: TitleFinder, catalogue: Catalogue
) -> None:
    (mention,) = finder.find("we loved dune", setting=Setting(2010)).mentions
    assert catalogue[mention.film].label == "Dune (1984)"


def test_a_famous_title_that_is_a_name_means_the_film(finder: TitleFinder) -> None:
    assert finder.famous("Jackie Brown")
    assert not finder.famous("Tom Hanks")


def test_a_slip_of_the_keys_keeps_everything_but_titles() -> None:
    text = slips("I really loved Interstellar (2014) and The Godfather (1972)")
    assert text.startswith("i really loved ")
    assert "(2014)" not in text
    assert text == slips("I really loved Interstellar (2014) and The Godfather (1972)")


def test_trees_add_up_to_bits(tmp_path: Path) -> None:
    """One tree that asks for "cue", worth ln 2 with it and -ln 2 without: one bit either way."""
    path = tmp_path / "trees.json"
    nat = 0.6931471805599453
    tree = [["cue", 0.5, 1, 2], ["", -nat, 0, 0], ["", nat, 0, 0]]
    path.write_text(json.dumps({"bias": 0.0, "trees": [tree, tree]}))
    score = read_score(path)
    assert score.bits({"cue": 1.0}) == pytest.approx(2.0)
    assert score.bits({}) == pytest.approx(-2.0)
    path.write_text(json.dumps({"bias": 0.0, "trees": [[["cue"]]]}))
    with pytest.raises(DataError, match=r"trees\.json"):
        read_score(path)


def test_every_nickname_belongs_to_films_of_the_catalogue(catalogue: Catalogue) -> None:
    nicknames = json.loads((Settings().data / "aliases.json").read_text(encoding="utf-8"))
    held = {film.label for film in catalogue.films}
    assert len(nicknames) > 250
    assert [name for name, films in nicknames.items() if not held.issuperset(films)] == []
