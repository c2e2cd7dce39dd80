"""Cards, chips, the tray, the taste panel and the posters, as HTML and SVG."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.cards import Pages, bars, make_deck
from assistant.catalogue import GENRES, TONES, Catalogue, Film
from assistant.chips import Chip
from assistant.errors import DataError
from assistant.history import Leaning, Profile, Taste
from assistant.posters import draw, edge
from assistant.ranking import Part, Pick
from assistant.reply import Reason, Reply
from assistant.texts import Texts, choose, load_texts

EVIL = '<img src=x onerror="alert(1)">{{ 7*7 }}</script>'


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages()


@pytest.fixture(scope="module")
def texts(project: Path) -> Texts:
    return load_texts(project / "data" / "languages")["en"]


def listing(films: tuple[Film, ...], **more: object) -> Reply:
    picks = tuple(Pick(film, 1.0, (Part("about", 1.0),)) for film in films)
    reasons = tuple(Reason(f"Because of {film.title}.", "template") for film in films)
    return replace(Reply("Here.", picks=picks, reasons=reasons), **more)  # type: ignore[arg-type]


def test_a_card_shows_the_films_facts_and_its_reason(
    pages: Pages, texts: Texts, tiny_catalogue: Catalogue
) -> None:
    deck = make_deck(pages, texts, Profile(), listed=listing(tiny_catalogue.films[:1]))
    html = pages.deck(deck, texts)
    for fact in ("The Long Corridor", "1994", "142 min", ">R<", "Directed by Ada Bell", "Drama"):
        assert fact in html
    assert "Because of The Long Corridor." in html


def test_a_card_waits_for_its_reason_while_the_words_are_still_coming(
    pages: Pages, texts: Texts, tiny_catalogue: Catalogue
) -> None:
    early = replace(listing(tiny_catalogue.films[:1]), reasons=())
    assert "is-waiting" in pages.deck(make_deck(pages, texts, Profile(), listed=early), texts)


def test_ratings_seen_and_watchlist_show_on_the_card(
    pages: Pages, texts: Texts, tiny_catalogue: Catalogue
) -> None:
    profile = Profile(ratings={"tt1": 3.5}, seen=frozenset({"tt1"}), watchlist=("tt1",))
    html = pages.deck(
        make_deck(pages, texts, profile, listed=listing(tiny_catalogue.films[:1])), texts
    )
    fills = [part.split('"')[0] for part in html.split('data-fill="')[1:]]
    assert fills == ["full", "full", "full", "half", "none"]
    assert 'data-press="unwatchlist"' in html
    assert 'aria-pressed="true" aria-label="3.5 of 5 stars"' in html


def test_chips_carry_the_key_to_drop_them(
    pages: Pages, texts: Texts, tiny_catalogue: Catalogue
) -> None:
    reply = listing(tiny_catalogue.films[:1], chips=(Chip("genres:Comedy", "comedy"),))
    html = pages.deck(make_deck(pages, texts, Profile(), listed=reply, latest=reply), texts)
    assert 'data-press="drop" data-value="genres:Comedy"' in html


def test_why_opens_the_chart_on_its_own_card_with_signs(
    pages: Pages, texts: Texts, tiny_catalogue: Catalogue
) -> None:
    films = tiny_catalogue.films[:2]
    why = Reply("Because.", film=films[1], chart=(("its themes", 0.8), ("too violent", -0.2)))
    deck = make_deck(pages, texts, Profile(), listed=listing(films), latest=why)
    assert [bool(card.bars) for card in deck.cards] == [False, True]
    html = pages.deck(deck, texts)
    assert "+0.80" in html
    assert "−0.20" in html
    assert html.count("width:25.0%") == 1


def test_a_film_talked_about_that_is_not_listed_stands_aside(
    pages: Pages, texts: Texts, tiny_catalogue: Catalogue
) -> None:
    about = Reply("It is.", film=tiny_catalogue["tt4"])
    deck = make_deck(
        pages, texts, Profile(), listed=listing(tiny_catalogue.films[:2]), latest=about
    )
    assert deck.aside is not None
    assert deck.aside.film.id == "tt4"
    assert len(deck.cards) == 2


def test_titles_show_in_the_pages_language_and_in_the_conversations(
    pages: Pages, texts: Texts, project: Path
) -> None:
    film = Film("tt9", "Long Corridor", 1994, titles={"zh": "长廊"})
    reply = listing((film,), language="zh")
    card = make_deck(pages, texts, Profile(), listed=reply, latest=reply).cards[0]
    assert (card.title, card.second_title) == ("Long Corridor", "长廊")
    chinese = load_texts(project / "data" / "languages")["zh"]
    card = make_deck(pages, chinese, Profile(), listed=reply, latest=reply).cards[0]
    assert (card.title, card.second_title) == ("长廊", "Long Corridor")


def test_an_empty_deck_greets_with_posters(
    pages: Pages, texts: Texts, tiny_catalogue: Catalogue
) -> None:
    deck = make_deck(pages, texts, Profile(), listed=None, hero=tiny_catalogue.films)
    assert "/posters/tt1.svg" in pages.deck(deck, texts)


@pytest.mark.parametrize("field", ["title", "synopsis", "certificate"])
def test_markup_in_a_films_texts_is_shown_not_run(pages: Pages, texts: Texts, field: str) -> None:
    film = replace(Film("tt9", "Plain", 2000), **{field: EVIL})
    reply = listing((film,), chips=(Chip(EVIL, EVIL),))
    reply = replace(reply, reasons=(Reason(EVIL, "model"),))
    html = pages.deck(make_deck(pages, texts, Profile(), listed=reply, latest=reply), texts)
    assert "<img src=x" not in html
    assert "</script>" not in html
    assert "&lt;img src=x" in html
    assert "49" not in html


def test_markup_in_a_suggestion_is_shown_not_run(pages: Pages, texts: Texts) -> None:
    assert "<img src=x" not in pages.tray((EVIL,), texts)


def test_bars_keep_their_order_and_the_longest_is_full() -> None:
    chart = [("a", 0.1), ("b", -0.4), ("c", 0.2)]
    assert [(bar.label, bar.share, bar.negative) for bar in bars(chart)] == [
        ("a", 25.0, False),
        ("b", 100.0, True),
        ("c", 50.0, False),
    ]


def test_of_many_bars_the_longest_are_kept() -> None:
    chart = [(str(n), float(n)) for n in range(1, 12)]
    assert [bar.label for bar in bars(chart)] == [str(n) for n in range(5, 12)]


def test_what_would_be_shown_as_nothing_gets_no_bar() -> None:
    """A chart ended in "how new +0.00"."""
    assert [bar.label for bar in bars([("a", 1.2), ("b", 0.004), ("c", -0.005)])] == ["a", "c"]


def test_the_taste_panel_names_tones_with_their_direction(
    pages: Pages, texts: Texts, tiny_catalogue: Catalogue
) -> None:
    taste = Taste(
        themes=(Leaning("hope", 1.0, ("tt1",)),), tones=(Leaning("violent-", 0.5, ("tt1",)),)
    )
    profile = Profile(ratings={"tt1": 4.5}, watchlist=("tt2", "gone"))
    html = pages.taste(taste, profile, tiny_catalogue, texts, profiles=[("u2", EVIL)], user="u1")
    assert "is-less" in html
    assert "★★★★½" in html
    assert "Running Late" in html
    assert "<img src=x" not in html
    assert "/export.json" in html


def test_a_strangers_taste_panel_says_that_nothing_is_known(
    pages: Pages, texts: Texts, tiny_catalogue: Catalogue
) -> None:
    html = pages.taste(Taste(), Profile(), tiny_catalogue, texts, profiles=[], user="u1")
    assert texts["taste_empty"] in html


# ── posters ──────────────────────────────────────────────────────────────────────────────────────

films = st.builds(
    Film,
    id=st.from_regex(r"tt[0-9]{1,8}", fullmatch=True),
    title=st.text(min_size=1, max_size=90),
    year=st.integers(1890, 2030),
    genres=st.lists(st.sampled_from(GENRES), max_size=4, unique=True).map(tuple),
    tone=st.one_of(
        st.just(()),
        st.lists(st.integers(0, 10), min_size=len(TONES), max_size=len(TONES)).map(tuple),
    ),
    directors=st.lists(st.text(max_size=30), max_size=2).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(films)
def test_every_poster_is_well_formed_and_small(film: Film) -> None:
    root = ET.fromstring(draw(film))
    assert root.get("viewBox") == "0 0 300 450"
    assert len(draw(film)) < 40_000


def test_a_film_always_gets_the_same_poster_and_two_films_get_two(
    tiny_catalogue: Catalogue,
) -> None:
    assert draw(tiny_catalogue["tt1"]) == draw(tiny_catalogue["tt1"])
    assert len({draw(film) for film in tiny_catalogue}) == len(tiny_catalogue)


def test_markup_in_a_title_stays_text_on_the_poster() -> None:
    svg = draw(Film("tt9", '<script>alert(1)</script>"&', 2000))
    assert "<script" not in svg.lower()
    ET.fromstring(svg)


def test_control_characters_in_a_title_do_not_break_the_poster() -> None:
    ET.fromstring(draw(Film("tt9", "A\x00B\x0bC\ufffe", 2000, directors=("\x01",))))


def test_no_poster_refers_to_anything_outside_itself(tiny_catalogue: Catalogue) -> None:
    for film in tiny_catalogue:
        svg = draw(film).replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert "http" not in svg
        assert "url(" in svg
        assert all(part.startswith("#") for part in svg.split("url(")[1:])


def test_the_colour_below_a_poster_is_the_posters_own(tiny_catalogue: Catalogue) -> None:
    film = tiny_catalogue["tt1"]
    assert edge(film) in draw(film)


# ── texts ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("header", "wish", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", None, "zh"),
        ("en;q=0.5, zh;q=0.9", None, "zh"),
        ("fr-FR,fr", None, "en"),
        ("zh;q=0", None, "en"),
        ("zh;q=banana,,;;", None, "en"),
        ("zh", "en", "en"),
        ("zh", "xx", "zh"),
        ("", None, "en"),
    ],
)
def test_the_language_follows_the_wish_then_the_browser(
    project: Path, header: str, wish: str | None, language: str
) -> None:
    languages = load_texts(project / "data" / "languages")
    assert choose(languages, header, wish).language == language


def test_languages_that_do_not_hold_the_same_texts_are_refused(tmp_path: Path) -> None:
    for code, body in (("en", '{"a": "x"}'), ("zh", "{}")):
        (tmp_path / code).mkdir()
        (tmp_path / code / "page.json").write_text(body)
    with pytest.raises(DataError, match="differ in \\['a'\\]"):
        load_texts(tmp_path)
