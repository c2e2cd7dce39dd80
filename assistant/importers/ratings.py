"""A person's ratings from elsewhere: Letterboxd, IMDb, MovieLens, or Matinee's own export.

Films are found by IMDb id, else by title and year; what the catalogue does not hold is counted
and the first few are named. Knows nothing of taste or of where events are kept: the caller records
the entries. Next in the flow: ``store`` records them, ``history`` reads them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from assistant.catalogue import Catalogue
from assistant.errors import DataError, RequestError
from assistant.importers.columns import clean, imdb_id, number_of, plain_title, year_of
from assistant.importers.companions import movielens_links
from assistant.importers.rows import Row, read_rows
from assistant.importers.titles import Known, Titles
from assistant.store import Entry

REFUSED_SHOWN = 20
_PEOPLE_SHOWN = 5
_EVENT_KINDS = frozenset(
    {"loved", "liked", "fine", "disliked", "hated", "rate"}
    | {"seen", "unseen", "want", "unwant", "hide", "unhide"}
)
"""What is taken back in from Matinee's own export: what was said, not what was looked at."""

Record = Mapping[str, Any]  # Any: CSV texts or JSON values


@dataclass(frozen=True)
class RatingsReport:
    """What a file says. ``rows`` = entries + refused_count."""

    entries: tuple[Entry, ...]
    """In file order, kinds "rate", "seen", "want", "liked"; from Matinee's own export all that a
    person can state. ``at_s`` is None where the file does not say when."""
    format: str
    """"letterboxd", "imdb", "movielens" or "matinee"."""
    rows: int
    refused_count: int
    refused: tuple[tuple[str, str], ...]
    """The first refused rows: where ("ratings.csv:12") and why."""


def import_ratings(path: Path, catalogue: Catalogue, person: str | None = None) -> RatingsReport:
    """What ``path`` says about films of ``catalogue``.

    Reads Letterboxd's ``ratings.csv``, ``diary.csv``, ``watched.csv``, ``watchlist.csv`` and
    ``likes/films.csv``; IMDb's ratings and watchlist; MovieLens's ``ratings.csv`` (with
    ``links.csv`` beside it) and ``u.data`` (with ``u.item``); Matinee's JSON export. MovieLens
    files hold many people: ``person`` picks one. Raises ``DataError`` where the file is none of
    these, ``RequestError`` where ``person`` is missing or unknown.
    """
    if path.name == "u.data":
        return _movielens_100k(path, catalogue, person)
    first = next(iter(read_rows(path)), None)
    if first is None:
        raise DataError(f"{path} holds no rows")
    names = first.record.keys()
    rows = read_rows(path)
    if {"userId", "movieId", "rating"} <= names:
        links = movielens_links(path.with_name("links.csv"))
        if not links:
            raise DataError(f"no links.csv beside {path}: its films cannot be told")
        mine = _rows_of(rows, "userId", person, path)
        return _collected(mine, lambda record: _movielens(record, links, catalogue), "movielens")
    if "Const" in names:
        finder = _Finder(catalogue)
        return _collected(rows, lambda record: _imdb(record, finder), "imdb")
    if {"Name", "Year", "Letterboxd URI"} <= names:
        finder = _Finder(catalogue)
        kind = _letterboxd_kind(path)
        return _collected(rows, lambda record: _letterboxd(record, kind, finder), "letterboxd")
    if {"kind", "film", "at"} <= names:
        return _collected(rows, lambda record: _own(record, catalogue), "matinee")
    shown = ", ".join(map(repr, sorted(names)[:8]))[:200]
    raise DataError(
        f"{path} is no ratings file we know (Letterboxd, IMDb, MovieLens or Matinee); "
        f"its columns are {shown or 'unreadable'}"
    )


def everybodys_ratings(path: Path, catalogue: Catalogue) -> dict[str, tuple[Entry, ...]]:
    """Every person's ratings in a MovieLens file or folder, by person, oldest first.

    ``path`` is ``ratings.csv`` (``links.csv`` beside it), ``u.data`` (``u.item`` beside it), or the
    folder of either. Rows whose film the catalogue lacks, and unreadable ones, are passed over.
    Raises ``DataError`` where the file is none of these.
    """
    if path.is_dir():
        inside = (path / "ratings.csv", path / "u.data")
        path = next((file for file in inside if file.is_file()), path / "ratings.csv")
    if path.name == "u.data":
        read, rows, column = _movielens_100k_reader(path, catalogue), _tabbed(path), "0"
    else:
        links = movielens_links(path.with_name("links.csv"))
        if not links:
            raise DataError(f"no links.csv beside {path}: its films cannot be told")
        read, rows, column = (
            partial(_movielens, links=links, catalogue=catalogue),
            read_rows(path),
            "userId",
        )
    people: dict[str, list[Entry]] = {}
    for row in rows:
        try:
            if not row.problem:
                people.setdefault(clean(row.record.get(column)), []).append(read(row.record))
        except (DataError, KeyError):
            continue
    return {
        who: tuple(sorted(entries, key=lambda e: (e.at_s or 0.0, e.film)))
        for who, entries in people.items()
    }


def _collected(
    rows: Iterable[Row], read: Callable[[Record], Entry | None], kind: str
) -> RatingsReport:
    """``read`` gives None for a row that says nothing on purpose (it is not counted)."""
    entries: list[Entry] = []
    refused: list[tuple[str, str]] = []
    refused_count = 0
    for row in rows:
        try:
            if row.problem:
                raise DataError(row.problem)
            entry = read(row.record)
        except DataError as error:
            refused_count += 1
            if len(refused) < REFUSED_SHOWN:
                refused.append((row.where, str(error)))
            continue
        if entry is not None:
            entries.append(entry)
    count = len(entries) + refused_count
    return RatingsReport(tuple(entries), kind, count, refused_count, tuple(refused))


class _Finder:
    """Films of the catalogue by what other sites know of them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._titles = Titles(
            Known(
                film.id,
                film.year,
                film.popularity,
                tuple(t for t in (film.title, film.original_title, *film.aliases) if t),
            )
            for film in catalogue.films
        )

    def find(self, imdb: str | None, title: str, year: int | None) -> str:
        """The film's id; raises ``DataError`` where the catalogue does not hold it."""
        if imdb is not None and imdb in self._catalogue:
            return imdb
        found = None if not title or year is None else self._titles.find(f"{title} ({year})")
        if found is None:
            raise DataError(f"not in the catalogue: {title[:80] or imdb} ({year or 'no year'})")
        return found


# Letterboxd


def _letterboxd_kind(path: Path) -> str:
    """What a row without a rating says; the files differ by name only."""
    if path.stem.startswith("watchlist"):
        return "want"
    return "liked" if path.parent.name == "likes" else "seen"


def _letterboxd(record: Record, kind: str, finder: _Finder) -> Entry:
    film = finder.find(None, clean(record["Name"]), year_of(record["Year"]))
    at_s = _day(record.get("Watched Date")) or _day(record.get("Date"))
    if clean(record.get("Rating")):
        return Entry("rate", film, _stars(record["Rating"], 1.0), at_s)
    return Entry(kind, film, None, at_s)


# IMDb


def _imdb(record: Record, finder: _Finder) -> Entry | None:
    """A rating out of ten, or a line of a watchlist."""
    kind = clean(record.get("Title Type")).casefold()
    if kind and "movie" not in kind and kind not in ("film", "short", "video", "tvspecial"):
        raise DataError(f"{clean(record.get('Title'))[:80]!r} is a {kind}, not a film")
    title, _ = plain_title(clean(record.get("Title")))
    film = finder.find(imdb_id(record["Const"]), title, year_of(record.get("Year")))
    if clean(record.get("Your Rating")):
        at_s = _day(record.get("Date Rated"))
        return Entry("rate", film, _stars(record["Your Rating"], 0.5), at_s)
    if "Position" in record:
        return Entry("want", film, None, _day(record.get("Created")))
    return None


# MovieLens


def _rows_of(rows: Iterator[Row], column: str, person: str | None, path: Path) -> list[Row]:
    """One person's rows (and the unreadable ones)."""
    mine: list[Row] = []
    people: dict[str, None] = {}
    for row in rows:
        who = clean(row.record.get(column))
        if not row.problem:
            people[who] = None
        if row.problem or person is None or who == person:
            mine.append(row)
        if person is None and len(people) > _PEOPLE_SHOWN:
            break
    if (person is None and len(people) > 1) or (person is not None and person not in people):
        shown = ", ".join(list(people)[:_PEOPLE_SHOWN])
        asked = "holds several people's ratings" if person is None else f"has no person {person!r}"
        raise RequestError(f"{path} {asked}; name one of them by number, such as {shown}")
    return mine


def _movielens(record: Record, links: Mapping[str, str], catalogue: Catalogue) -> Entry:
    film = links.get(record["movieId"])
    if film is None or film not in catalogue:
        raise DataError(f"not in the catalogue: MovieLens film {record['movieId']}")
    at_s = number_of(record.get("timestamp"))
    return Entry("rate", film, _stars(record["rating"], 1.0), at_s)


def _movielens_100k(path: Path, catalogue: Catalogue, person: str | None) -> RatingsReport:
    mine = _rows_of(_tabbed(path), "0", person, path)
    return _collected(mine, _movielens_100k_reader(path, catalogue), "movielens")


def _tabbed(path: Path) -> Iterator[Row]:
    return _bare_rows(path, "\t", "ascii")


def _movielens_100k_reader(path: Path, catalogue: Catalogue) -> Callable[[Record], Entry]:
    """Reads ``u.data`` (person, film, stars, time; no header) with titles from ``u.item``."""
    finder = _Finder(catalogue)
    titles: dict[str, str] = {}
    for row in _bare_rows(path.with_name("u.item"), "|", "latin-1"):
        titles[row.record["0"]] = row.record.get("1", "")

    def read(record: Record) -> Entry:
        title, year = plain_title(clean(titles.get(record.get("1", ""), "")))
        film = finder.find(None, title, year)
        at_s = number_of(record.get("3"))
        return Entry("rate", film, _stars(record.get("2"), 1.0), at_s)

    return read


def _bare_rows(path: Path, mark: str, encoding: str) -> Iterator[Row]:
    """Rows of a file without a header, cells by position ("0", "1", ...)."""
    try:
        with path.open(encoding=encoding, errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                cells = line.rstrip("\n").split(mark)
                yield Row(f"{path.name}:{number}", {str(n): c for n, c in enumerate(cells)})
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error


# Matinee


def _own(record: Record, catalogue: Catalogue) -> Entry | None:
    """An event of our own export; what was undone or only looked at is passed over."""
    kind, film = clean(record.get("kind")), clean(record.get("film")).removeprefix("'")
    if kind not in _EVENT_KINDS or str(record.get("undone")).casefold() == "true":
        return None
    if film not in catalogue:
        raise DataError(f"not in the catalogue: {film[:80]}")
    value = _stars(record.get("value"), 1.0) if kind == "rate" else None
    return Entry(kind, film, value, _day(record.get("at")))


def _stars(value: object, scale: float) -> float:
    """Stars from a number times ``scale``, to the half; raises ``DataError`` off 0.5-5."""
    number = number_of(value)
    if number is None or not 0.5 <= number * scale <= 5.0:
        raise DataError(
            f"rating {clean(value)[:40]!r} is not from {0.5 / scale:g} to {5 / scale:g}"
        )
    return math.floor(number * scale * 2 + 0.5) / 2


def _day(value: object) -> float | None:
    """Unix time of an ISO date or time (UTC where unsaid); None where it is none."""
    text = clean(value)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
