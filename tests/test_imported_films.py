"""What becomes of imported films: none twice, none lost, data sets we know joined."""

import json
from pathlib import Path

import pytest
from importing import CATALOGUE, HEAT, Importing, only

from assistant.catalogue import Catalogue, load_catalogue
from assistant.errors import DataError, RequestError
from assistant.importers import import_films, save_import


@pytest.fixture
def importing(tmp_path: Path) -> Importing:
    return Importing(tmp_path)


# Duplicates and saving


@pytest.mark.parametrize(
    "row",
    [
        "tt0113277,Anything,2000,",
        ",HEAT,1995,Somebody Else",
        "tt9999999,Heat,1995,",
        ",Heat,1996,Michael Mann",
        ",Shawshank Redemption,1994,",
        "tt0113277,,,",
    ],
    ids=[
        "same id",
        "same title and year",
        "nobody named",
        "next year, same director",
        "no article",
        "id alone",
    ],
)
def test_films_the_catalogue_holds_are_named_and_not_added(importing: Importing, row: str) -> None:
    report = importing(f"imdb_id,title,year,director\n{row}\n", catalogue=CATALOGUE)
    assert (report.films, report.refused_count, len(report.duplicates)) == ((), 0, 1)
    assert report.duplicates[0] in CATALOGUE.films


def test_two_films_of_one_title_and_year_are_two_where_ids_and_people_differ(
    importing: Importing,
) -> None:
    row = "tt9999999,Heat,1995,Somebody Else"
    report = importing(f"imdb_id,title,year,director\n{row}\n", catalogue=CATALOGUE)
    assert [film.id for film in report.films] == ["tt9999999"]


def test_a_remake_and_a_namesake_of_the_next_year_are_other_films(importing: Importing) -> None:
    content = "title,year,director\nHeat,1986,Jerry Jameson\nHeat,1996,Somebody Else\n"
    assert len(importing(content, catalogue=CATALOGUE).films) == 2


def test_a_film_given_twice_in_one_file_is_added_once(importing: Importing) -> None:
    report = importing("title,year\nUp,2009\nUP,2009\n")
    assert [film.title for film in report.films] == ["Up"]
    assert report.duplicates == report.films


def test_saved_films_can_be_loaded_as_a_catalogue(importing: Importing, tmp_path: Path) -> None:
    report = importing('title,year,plot\nHeat,1995,"<b>two</b>\nlines"\n霸王别姬,1993,\n')
    saved = save_import(report, tmp_path, "mine")
    assert (saved.path, saved.films) == (tmp_path / "films" / "mine.jsonl", 2)
    assert load_catalogue([tmp_path / "films"]).films == Catalogue(report.films).films


def test_the_same_films_under_a_second_name_are_left_out_so_that_the_catalogue_still_loads(
    importing: Importing, tmp_path: Path
) -> None:
    row = "imdb_id,title,year\ntt0113277,Heat,1995\n"
    save_import(importing(row), tmp_path, "first")
    saved = save_import(importing(row + "tt0078748,Alien,1979\n"), tmp_path, "second")
    assert (saved.films, saved.elsewhere) == (1, ("tt0113277",))
    assert len(load_catalogue([tmp_path / "films"])) == 2


def test_saving_under_the_same_name_again_adds_and_renews(
    importing: Importing, tmp_path: Path
) -> None:
    """It once replaced the file: a second import, its old films being known, lost them all."""
    save_import(importing("imdb_id,title,year\n1,Heat,1995\n2,Up,2009\n"), tmp_path, "mine")
    save_import(importing("imdb_id,title,year\n2,UP,2009\n3,Alien,1979\n"), tmp_path, "mine")
    titles = sorted(film.title for film in load_catalogue([tmp_path / "films"]))
    assert titles == ["Alien", "Heat", "UP"]


def test_an_earlier_import_that_cannot_be_read_is_not_overwritten(
    importing: Importing, tmp_path: Path
) -> None:
    path = save_import(importing(HEAT), tmp_path, "mine").path
    path.write_text("half a li")
    with pytest.raises(DataError, match="move it away"):
        save_import(importing(HEAT), tmp_path, "mine")
    assert path.read_text() == "half a li"


@pytest.mark.parametrize("name", ["", "../evil", "a/b", "x" * 61, "a b", "-x", ".."])
def test_a_name_that_is_no_file_name_is_refused(
    importing: Importing, tmp_path: Path, name: str
) -> None:
    with pytest.raises(RequestError, match="no name for a list"):
        save_import(importing(HEAT), tmp_path, name)


def test_an_import_without_films_is_told_and_leaves_an_earlier_one(
    importing: Importing, tmp_path: Path
) -> None:
    save_import(importing(HEAT), tmp_path, "mine")
    with pytest.raises(DataError, match="1 rows refused"):
        save_import(importing("title,year\nX,\n"), tmp_path, "mine")
    assert len(load_catalogue([tmp_path / "films"])) == 1


# Data sets


_TMDB = (
    "id,title,release_date,genres,original_language,production_companies,spoken_languages,"
    "vote_count,vote_average\n"
    '862,Toy Story,1995-10-30,"[{""id"": 16, ""name"": ""Animation""}]",en,[],'
    '"[{""iso_639_1"": ""en"", ""name"": ""English""}]",5000,7.7\n'
)
_CREDITS = (
    "movie_id,title,cast,crew\n"
    '862,Toy Story,"[{""name"": ""Tim Allen"", ""order"": 1}, {""name"": ""Tom Hanks"", '
    '""order"": 0}]","[{""name"": ""John Lasseter"", ""job"": ""Director""}, '
    '{""name"": ""X"", ""job"": ""Editor""}]"\nbroken,row,[,]\n'
)


def test_tmdbs_two_files_are_joined(importing: Importing, tmp_path: Path) -> None:
    (tmp_path / "tmdb_5000_credits.csv").write_text(_CREDITS)
    report = importing(_TMDB, "tmdb_5000_movies.csv")
    film = only(report)
    assert (film.id, film.year, film.genres) == ("tmdb:862", 1995, ("Animation",))
    assert (film.directors, film.cast) == (("John Lasseter",), ("Tom Hanks", "Tim Allen"))
    assert film.languages == ("English",)
    assert report.format == "tmdb"
    assert "1 rows of credits" in report.notes[0]


def test_tmdb_without_its_credits_says_so(importing: Importing) -> None:
    report = importing(_TMDB, "tmdb_5000_movies.csv")
    assert only(report).directors == ()
    assert "no tmdb_5000_credits.csv" in report.notes[0]


def test_wikipedias_films_are_american(importing: Importing) -> None:
    record = {"title": "Up", "year": 2009, "cast": ["Ed Asner"], "genres": ["Animated"]}
    report = importing(json.dumps([record | {"href": "Up", "extract": "A film."}]), "movies-x.json")
    film = only(report)
    assert (film.id, film.countries) == ("wikipedia:up-2009", ("United States",))
    assert (film.synopsis, film.cast) == ("A film.", ("Ed Asner",))


def test_movielens_titles_and_links_are_used(importing: Importing, tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text("movieId,imdbId,tmdbId\n6,0113277,949\n")
    film = only(importing('movieId,title,genres\n6,"Matrix, The (1999)",Children\n', "movies.csv"))
    assert (film.id, film.title, film.genres) == ("tt0113277", "The Matrix", ("Family",))


# The real files, where they are


_SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.mark.slow
@pytest.mark.skipif(not _SHARED.is_dir(), reason="needs the data sets in ../shared")
@pytest.mark.parametrize(
    ("name", "form", "rows", "refused"),
    [
        ("datasets/tmdb5000", "tmdb", 4803, 1),
        ("datasets/wikipedia/movies-2010s.json", "wikipedia", None, 1),
        ("dialogues/redial_catalogue.jsonl", "list", 6583, 568),
    ],
)
def test_real_data_sets_are_read_but_for_a_few_rows(
    name: str, form: str, rows: int | None, refused: int
) -> None:
    report = import_films(_SHARED / name)
    assert report.format == form
    assert rows in (None, report.rows)
    assert report.refused_count <= refused
    assert sum(not film.genres for film in report.films) < 0.05 * report.rows
