"""Ratings from elsewhere become entries of a person's history."""

import json
from pathlib import Path

import pytest
from importing import CATALOGUE

from assistant.errors import MatineeError, RequestError
from assistant.importers import import_ratings
from assistant.store import Entry, Store

# Ratings


def _ratings(path: Path, content: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


LETTERBOXD = "Date,Name,Year,Letterboxd URI"


def test_letterboxd_ratings_are_read_and_unknown_films_counted(tmp_path: Path) -> None:
    path = _ratings(
        tmp_path / "ratings.csv",
        f"{LETTERBOXD},Rating\n1970-01-02,Heat,1995,https://x,4.5\n"
        "2020-01-01,Nobody Knows This,2001,https://x,4\n2020-01-01,Alien,1979,https://x,9\n",
    )
    report = import_ratings(path, CATALOGUE)
    assert report.entries == (Entry("rate", "tt0113277", 4.5, 86400.0),)
    assert (report.format, report.rows, report.refused_count) == ("letterboxd", 3, 2)
    assert report.refused == (
        ("ratings.csv:3", "not in the catalogue: Nobody Knows This (2001)"),
        ("ratings.csv:4", "rating '9' is not from 0.5 to 5"),
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [("watched.csv", "seen"), ("watchlist.csv", "want"), ("likes/films.csv", "liked")],
)
def test_letterboxds_other_lists_say_what_their_names_say(
    tmp_path: Path, name: str, kind: str
) -> None:
    path = _ratings(tmp_path / name, f"{LETTERBOXD}\n2020-01-01,Heat,1995,https://x\n")
    assert [line.kind for line in import_ratings(path, CATALOGUE).entries] == [kind]


def test_imdbs_ten_points_become_five_stars_and_series_are_refused(tmp_path: Path) -> None:
    path = _ratings(
        tmp_path / "ratings.csv",
        "Const,Your Rating,Date Rated,Title,Title Type,Year\n"
        "tt0113277,9,2020-01-01,Heat,Movie,1995\n"
        "tt0903747,10,2020-01-01,Breaking Bad,TV Series,2008\n"
        "tt0111161,11,2020-01-01,The Shawshank Redemption,Movie,1994\n",
    )
    report = import_ratings(path, CATALOGUE)
    assert [(line.film, line.value) for line in report.entries] == [("tt0113277", 4.5)]
    assert [why for _, why in report.refused] == [
        "'Breaking Bad' is a tv series, not a film",
        "rating '11' is not from 1 to 10",
    ]


def test_movielens_needs_to_be_told_whose_ratings(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text("movieId,imdbId,tmdbId\n6,0113277,949\n")
    path = _ratings(
        tmp_path / "ratings.csv", "userId,movieId,rating,timestamp\n1,6,4.0,100\n2,6,1.0,200\n"
    )
    with pytest.raises(RequestError, match=r"several people.*1, 2"):
        import_ratings(path, CATALOGUE)
    with pytest.raises(RequestError, match="no person '3'"):
        import_ratings(path, CATALOGUE, "3")
    assert import_ratings(path, CATALOGUE, "2").entries == (Entry("rate", "tt0113277", 1.0, 200.0),)


def test_movielens_100k_is_joined_with_its_titles(tmp_path: Path) -> None:
    (tmp_path / "u.item").write_bytes("7|Shawshank Redemption, The (1994)|é\n".encode("latin-1"))
    path = _ratings(tmp_path / "u.data", "196\t7\t3\t881250949\n")
    assert import_ratings(path, CATALOGUE).entries == (
        Entry("rate", "tt0111161", 3.0, 881250949.0),
    )


def test_our_own_export_can_be_taken_in_again(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "history.sqlite3", clock=lambda: 500.0)
    user = store.add_user("Anna").id
    store.record(user, "rate", "tt0113277", 4.5)
    store.record(user, "open", "tt0078748")
    store.record(user, "hated", "tt0078748")
    store.undo_last(user)
    (tmp_path / "export.json").write_text(json.dumps(store.export(user)))
    (tmp_path / "export.csv").write_text(store.export_csv(user, {"tt0113277": "Heat"}))
    for name in ("export.json", "export.csv"):
        report = import_ratings(tmp_path / name, CATALOGUE)
        assert report.entries == (Entry("rate", "tt0113277", 4.5, 500.0),)
    again = store.add_user().id
    store.record_all(again, report.entries)
    assert [(e.kind, e.at_s) for e in store.events(again)] == [("rate", 500.0)]
    store.close()


@pytest.mark.parametrize(
    "content", ["", "a,b\n1,2\n", "\x00\x01", '{"x": 1}', "title,year\nA,2000\n"]
)
def test_what_holds_no_ratings_is_told(tmp_path: Path, content: str) -> None:
    with pytest.raises(MatineeError):
        import_ratings(_ratings(tmp_path / "x.csv", content), CATALOGUE)
