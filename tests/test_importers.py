"""Film lists from elsewhere: forgiving about form, strict and loud about facts."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing import HEAT, Importing, only

from assistant.catalogue import Film
from assistant.errors import DataError
from assistant.importers import import_films
from assistant.importers.columns import clean, imdb_id, plain_title, runtime_of, texts, year_of


@pytest.fixture
def importing(tmp_path: Path) -> Importing:
    return Importing(tmp_path)


# Forms


def test_a_plain_csv_becomes_films(importing: Importing) -> None:
    assert only(importing(HEAT)) == Film(
        "films:heat-1995",
        "Heat",
        1995,
        runtime_min=170,
        genres=("Crime", "Drama"),
        directors=("Michael Mann",),
        source="films",
    )


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + HEAT.encode(),
        HEAT.replace("\n", "\r\n").encode(),
        HEAT.encode("utf-16"),
        HEAT.replace(",", ";").encode(),
        HEAT.replace(",", "\t").encode(),
        b"\n\n" + HEAT.encode(),
        HEAT.replace("title,year", "Movie Title,Release Year").encode(),
        b"\n".join([HEAT.encode(), b",,,,", b"", b" , , , , "]),
    ],
    ids=["BOM", "CRLF", "UTF-16", "semicolons", "tabs", "blank top", "other names", "blank rows"],
)
def test_however_a_csv_is_written_it_says_the_same(importing: Importing, content: bytes) -> None:
    assert only(importing(content)) == only(importing(HEAT))


_HEAT_JSON = {
    "title": "Heat",
    "year": "1995",
    "genres": ["Crime", {"name": "Drama"}],
    "directors": [{"name": "Michael Mann"}],
    "runtime": "2h 50m",
}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(_HEAT_JSON) + "\n",
        json.dumps([_HEAT_JSON]),
        json.dumps([_HEAT_JSON], indent=2),
        json.dumps({"page": 1, "results": [_HEAT_JSON]}),
        json.dumps({"films": [_HEAT_JSON]}, indent=2),
        json.dumps(_HEAT_JSON, indent=2),
        "\ufeff" + json.dumps([_HEAT_JSON]),
    ],
    ids=["lines", "array", "indented", "in results", "in films", "one object", "BOM"],
)
def test_json_says_the_same_as_csv(importing: Importing, content: str) -> None:
    assert only(importing(content, "films.json")) == only(importing(HEAT))


def test_matinees_own_lines_keep_every_field(importing: Importing) -> None:
    record = {
        "id": "tt0113277",
        "title": "Heat",
        "year": 1995,
        "themes": ["heist"],
        "tone": [5] * 14,
        "source": "described",
    }
    film = only(importing(json.dumps(record), "mine.jsonl"))
    assert (film.themes, film.tone, film.source) == (("heist",), (5,) * 14, "described")


def test_names_are_read_from_lists_in_json_in_python_and_between_bars(
    importing: Importing,
) -> None:
    for cell in ('[{""name"": ""A B""}, {""name"": ""C""}]', "['A B', 'C']", "A B|C", "A B; C"):
        report = importing(f'title,year,cast\nHeat,1995,"{cell}"\n')
        assert only(report).cast == ("A B", "C"), cell


def test_genre_names_are_brought_into_ours_and_unknown_ones_dropped(importing: Importing) -> None:
    names = "science fiction|Sci Fi|ROMANTIC COMEDY|Children's|noir|Short|Vibes"
    film = only(importing(f"title,year,genre\nX,2000,{names}\n"))
    assert film.genres == ("Sci-Fi", "Family", "Film Noir", "Romance", "Comedy")
    assert film.subgenres == ("Romantic Comedy",)


def test_languages_are_spelled_out_and_nothing_is_made_of_empty_words(importing: Importing) -> None:
    film = only(importing("title,year,language,plot,director\nX,2000,fr,N/A,\\N\n"))
    assert (film.languages, film.synopsis, film.directors) == (("French",), "", ())


def test_films_called_unknown_or_none_are_films(importing: Importing) -> None:
    """Such titles were once taken for empty cells and refused."""
    films = importing("title,year\nUnknown,2011\nNone,2001\n").films
    assert [film.title for film in films] == ["Unknown", "None"]


def test_an_imdb_id_is_kept_in_any_spelling_but_a_bare_number_is_only_the_lists_own(
    importing: Importing,
) -> None:
    assert only(importing("imdb_id,title,year\n0113277,Heat,1995\n")).id == "tt0113277"
    assert only(importing("id,title,year\ntt0113277,Heat,1995\n")).id == "tt0113277"
    assert only(importing("id,title,year\n113277,Heat,1995\n")).id == "films:113277"


def test_two_titles_in_another_script_do_not_share_an_id(importing: Importing) -> None:
    films = importing("title,year\n霸王别姬,1993\n活着,1993\n").films
    assert len({film.id for film in films}) == 2


def test_more_voted_and_better_rated_films_rank_higher_but_under_the_bundled_heights(
    importing: Importing,
) -> None:
    """Mean 7, prior 50 votes: A is (90 + 350) / 60 = 7.3, B just under 8."""
    rows = ["A,2000,10,9", 'B,2001,"9,000",8', "C,2002,,", 'D,2003,"9,000",4']
    a, b, c, _ = importing("title,year,votes,rating\n" + "\n".join(rows)).films
    assert c.popularity == c.acclaim == 0 < a.popularity < b.popularity <= 0.5
    assert a.acclaim < b.acclaim <= 0.5, "ten votes must not outweigh nine thousand"


# Plain text


@pytest.mark.parametrize(
    "title",
    ["<script>alert(1)</script>", '=HYPERLINK("x")', "{{ 7*7 }}", "'; DROP TABLE films; --"],
)
def test_markup_and_formulas_in_titles_stay_text(importing: Importing, title: str) -> None:
    content = json.dumps({"title": title, "year": 2000})
    assert only(importing(content, "x.jsonl")).title == title


def test_control_and_direction_characters_are_taken_out() -> None:
    assert clean("a\x00b\u202ec\r\nd\u2028e") == "a bc d e"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Matrix, The (1999)", ("The Matrix", 1999)),
        ("Toy Story (1995)", ("Toy Story", 1995)),
        ("2001: A Space Odyssey", ("2001: A Space Odyssey", None)),
        ("Eternité, L'", ("L'Eternité", None)),
        ("(500) Days of Summer (2009)", ("(500) Days of Summer", 2009)),
        ("Room (9999)", ("Room (9999)", None)),
    ],
)
def test_years_and_trailing_articles_are_taken_out_of_titles(
    raw: str, expected: tuple[str, int | None]
) -> None:
    assert plain_title(raw) == expected


@pytest.mark.parametrize(
    ("value", "minutes"),
    [
        (142, 142),
        ("142 min", 142),
        ("2h 22m", 142),
        ("2:22", 142),
        ("142.0", 142),
        ("2 hours", 120),
        (0, None),
        ("5000", None),
        ("long", None),
        (True, None),
        (float("nan"), None),
    ],
)
def test_runtimes_are_minutes_or_unknown(value: object, minutes: int | None) -> None:
    assert runtime_of(value) == minutes


@pytest.mark.parametrize(
    ("value", "year"),
    [
        (1999, 1999),
        ("1999-03-31", 1999),
        ("31/03/1999", 1999),
        ("1999.0", 1999),
        ("12345", None),
        ("99", None),
        (None, None),
        ("1869", None),
    ],
)
def test_years_are_found_in_dates(value: object, year: int | None) -> None:
    assert year_of(value) == year


def test_imdb_ids_are_seven_digits_at_least() -> None:
    assert [imdb_id(x) for x in ("113277", "tt10872600", 114709.0, "0", "nm0000134")] == [
        "tt0113277",
        "tt10872600",
        "tt0114709",
        None,
        None,
    ]


# Refusals


def test_refused_rows_are_counted_with_line_and_reason_and_the_rest_is_kept(
    importing: Importing,
) -> None:
    rows = ["Heat,1995", ",1990", "No year,", "Odd year,soon", "a,2000,b", "Alien,1979"]
    report = importing("title,year\n" + "\n".join(rows))
    assert [film.title for film in report.films] == ["Heat", "Alien"]
    assert (report.rows, report.refused_count) == (6, 4)
    assert report.refused == (
        ("films.csv:3", "no title"),
        ("films.csv:4", "'No year' has no year"),
        ("films.csv:5", "'Odd year' has no year ('soon' is none)"),
        ("films.csv:6", "3 cells under 2 column names"),
    )


def test_only_the_first_refusals_are_kept_however_many_there_are(importing: Importing) -> None:
    report = importing("title,year\n" + "x,\n" * 500)
    assert (report.refused_count, len(report.refused)) == (500, 20)


def test_a_line_number_counts_lines_inside_quotes(importing: Importing) -> None:
    report = importing('title,year,plot\nHeat,1995,"two\nlines"\nBad,,\n')
    assert report.refused == (("films.csv:4", "'Bad' has no year"),)


def test_a_row_in_another_encoding_is_refused_and_its_neighbours_kept(importing: Importing) -> None:
    report = importing("title,year\nAmélie,2001\n".encode("latin-1") + b"Heat,1995\n")
    assert [film.title for film in report.films] == ["Heat"]
    assert report.refused == (("films.csv:2", "not UTF-8 text; save the file as UTF-8"),)
    lines = (
        '{"title": "Amélie", "year": 2001}\n'.encode("latin-1")
        + json.dumps({"title": "Heat", "year": 1995}).encode()
    )
    assert [film.title for film in importing(lines, "x.jsonl").films] == ["Heat"]


def test_truncated_json_keeps_what_came_before(importing: Importing) -> None:
    whole = json.dumps([{"title": f"Film {n}", "year": 2000} for n in range(9)])
    report = importing(whole[:-20], "films.json")
    assert len(report.films) == 8
    assert report.refused == (
        ("films.json, entry 9", "the file breaks off inside it; the rest was not read"),
    )


def test_a_truncated_last_line_is_refused_alone(importing: Importing) -> None:
    lines = "".join(json.dumps({"title": f"Film {n}", "year": 2000}) + "\n" for n in range(9))
    report = importing(lines[:-9], "films.jsonl")
    assert (len(report.films), report.refused) == (
        8,
        (("films.jsonl:9", "not JSON, or not UTF-8"),),
    )


def test_entries_that_are_no_objects_are_refused(importing: Importing) -> None:
    report = importing('[{"title": "Heat", "year": 1995}, 7, "x", [1], null]', "x.json")
    assert (len(report.films), report.refused_count) == (1, 4)


def test_an_unclosed_quote_does_not_swallow_the_file_silently(importing: Importing) -> None:
    report = importing(HEAT + 'Alien,1979,"Horror,x,1\nUp,2009,,,\n')
    assert [film.title for film in report.films] == ["Heat"]
    assert report.refused == (("films.csv:3", "not CSV (unexpected end of data)"),)


def test_an_endless_line_is_refused_and_the_next_row_read(importing: Importing) -> None:
    report = importing("title,year\n" + "x" * 5_000_000 + ",2000\nHeat,1995\n")
    assert [film.title for film in report.films] == ["Heat"]
    assert "more than" in report.refused[0][1]


def test_huge_titles_are_refused_and_huge_synopses_shortened(importing: Importing) -> None:
    report = importing(f"title,year,plot\n{'x' * 5000},2000,\nHeat,1995,{'word ' * 9000}\n")
    assert "5,000 characters" in report.refused[0][1]
    assert len(report.films[0].synopsis) <= 4001


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.csv", b"", "empty"),
        ("blank.csv", b" \n\n ", "empty"),
        ("header.csv", b"title,year\n", "no rows"),
        ("binary.csv", bytes(range(256)) * 40, "not text"),
        ("nul.csv", b"title,year\nHe\x00at,1995\n", "not text"),
        ("zip.csv", b"PK\x03\x04" + b"x" * 100, "zip archive; unpack"),
        ("other.csv", b"artist,album\nA,B\n", "no column for titles"),
        ("list.json", b"[]", "no rows"),
        ("prose.txt", b"Dear diary,\nnothing happened.\n", "no column for titles"),
    ],
)
def test_what_is_no_film_list_is_told_in_a_sentence(
    importing: Importing, name: str, content: bytes, told: str
) -> None:
    with pytest.raises(DataError, match=told):
        importing(content, name)


def test_a_missing_file_and_a_folder_are_told(importing: Importing) -> None:
    with pytest.raises(DataError, match="No such file"):
        import_films(importing.folder / "gone.csv")
    with pytest.raises(DataError, match="folder"):
        import_films(importing.folder)


def test_json_nested_without_end_is_refused(importing: Importing) -> None:
    report = importing('[{"title": "Heat", "year": 1995}, ' + "[" * 100_000, "deep.json")
    assert len(report.films) == 1
    assert report.refused_count == 1


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=200).map(lambda noise: b"title,year,genres\n" + noise),
        st.binary(max_size=200).map(lambda noise: b'[{"title": "A", "year": 2000}, ' + noise),
        st.binary(max_size=200).map(lambda noise: b'{"title": "A", "year": 2000}\n{' + noise),
    )
)
def test_no_bytes_at_all_break_the_importer(importing: Importing, content: bytes) -> None:
    try:
        report = importing(content, "noise")
    except DataError:
        return
    assert report.rows == len(report.films) + len(report.duplicates) + report.refused_count


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=8,
    )
)
def test_any_json_value_in_a_cell_gives_names_or_none(value: object) -> None:
    assert all(name and name == clean(name) for name in texts(value))
