"""Somebody's own films: any film list into ``Film`` values, and those into the home folder.

Nothing is guessed that the file does not say: what has no title or year is refused and counted,
what the catalogue already holds is named and left out. Imported films have no themes, tone or
neighbours yet; those are computed where vectors are. Next in the flow: ``catalogue.shelf`` reads
what ``save_import`` wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.catalogue import Catalogue, Film, parse_film, write_films
from assistant.catalogue.shelf import read_films
from assistant.config import Settings
from assistant.errors import DataError, ProblemsError, RequestError
from assistant.importers.columns import Found, GenreReader, film_of, known_columns, own_imdb_id
from assistant.importers.companions import TmdbCredits, movielens_links
from assistant.importers.facts import load_genre_names
from assistant.importers.rows import Row, read_rows
from assistant.importers.titles import standard_key

MOST_FILMS = 500_000
"""More than any film database has; a longer file is some other kind of list."""
REFUSED_SHOWN = 20
HIGHEST_RANK = 0.5
"""Popularity and acclaim of imported films are ranks among themselves, from 0 to this: the most
voted film of a private list is not as widely known as the bundled catalogue's."""
ACCLAIM_PRIOR_VOTES = 50.0
"""Votes at which a film's own mean counts as much as the list's (a Bayesian average)."""
_NAME = re.compile(r"^\w[\w-]{0,59}$")
_FILM_FIELDS = frozenset(Film.__dataclass_fields__)

Make = Callable[[Mapping[str, Any]], Found]  # Any: CSV texts or JSON values


@dataclass(frozen=True)
class ImportReport:
    """What a file held. ``rows`` = films + duplicates + refused."""

    films: tuple[Film, ...]
    """In file order."""
    format: str
    """"matinee", "tmdb", "movielens", "wikipedia" or "list"."""
    rows: int
    refused_count: int
    refused: tuple[tuple[str, str], ...]
    """The first refused rows: where ("films.csv:12") and why."""
    duplicates: tuple[Film, ...]
    """Films the catalogue or an earlier row already holds, once for each row that names one."""
    notes: tuple[str, ...] = ()
    """What was missing though it could have been there, a sentence each."""


@dataclass(frozen=True)
class Saved:
    """What ``save_import`` wrote."""

    path: Path
    films: int
    elsewhere: tuple[str, ...]
    """Ids left out because another imported list of this home holds them."""


def import_films(
    path: Path,
    source: str | None = None,
    catalogue: Catalogue | None = None,
    genres: Path | None = None,
) -> ImportReport:
    """The films of ``path``: Matinee's own JSON lines, or any CSV, JSON or JSON lines of films.

    Also a folder with TMDB's pair of CSVs or Wikipedia's ``movies-*.json``. ``source`` names the
    list (None: after its format or file); films without an IMDb id get it in their id.
    ``catalogue`` holds the films not to import again. ``genres`` is ``data/genres.json``.
    Raises ``DataError`` where the file is no film list at all.
    """
    paths = _files_in(path)
    reader = GenreReader(load_genre_names(genres or Settings().data / "genres.json"))
    first = next(iter(read_rows(paths[0])), None)
    if first is None:
        raise DataError(f"{paths[0]} holds no rows")
    kind = _format_of(first.record, paths[0])
    source = source or (re.sub(r"[^\w-]+", "-", path.stem) if kind in ("list", "matinee") else kind)
    make, notes = _maker(kind, source, paths[0], reader)
    return _collected((row for p in paths for row in read_rows(p)), make, kind, catalogue, notes)


def save_import(report: ImportReport, home: Path, name: str) -> Saved:
    """Add the report's films to ``home/films/name.jsonl``; of equal ids the new film stays.

    Raises ``RequestError`` for a name that is no file name, ``DataError`` where there is nothing
    to add, where an earlier file cannot be read or the new one not be written.
    """
    if not _NAME.match(name):
        raise RequestError(f"{name[:80]!r} is no name for a list; use letters, digits, - and _")
    folder = home / "films"
    path = folder / f"{name}.jsonl"
    here, elsewhere = _earlier(folder, path)
    films = [film for film in report.films if film.id not in elsewhere]
    if not films:
        raise DataError(
            f"nothing to import: {len(report.films):,} new films, {len(report.duplicates):,} "
            f"already there, {report.refused_count:,} rows refused"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_films(path, list({**here, **{film.id: film for film in films}}.values()))
    except OSError as error:
        raise DataError(f"cannot write {path}: {error.strerror or error}") from error
    return Saved(path, len(films), tuple(f.id for f in report.films if f.id in elsewhere))


def _earlier(folder: Path, path: Path) -> tuple[dict[str, Film], frozenset[str]]:
    """Films of an earlier import under the same name, and ids of those under other names."""
    here: dict[str, Film] = {}
    elsewhere: set[str] = set()
    for other in sorted(folder.glob("*.jsonl")):
        films, problems = read_films(other)
        if other == path:
            if problems:
                raise ProblemsError(f"the earlier {path} has problems; move it away:", problems)
            here = {film.id: film for film in films}
        else:
            elsewhere |= {film.id for film in films}
    return here, frozenset(elsewhere)


def _files_in(path: Path) -> tuple[Path, ...]:
    """``path`` itself, or the files of a folder whose data set we know."""
    if not path.is_dir():
        return (path,)
    for pattern in ("tmdb_5000_movies.csv", "movies-*.json", "movies.csv"):
        found = tuple(sorted(path.glob(pattern)))
        if found:
            return found
    raise DataError(f"{path} is a folder without a data set we know; name a file in it")


def _format_of(record: Mapping[str, Any], path: Path) -> str:  # Any: as in Make
    """Which reader fits, from the first row; raises ``DataError`` where no title can be found."""
    names = record.keys()
    if {"id", "title", "year"} <= names <= _FILM_FIELDS and isinstance(record["year"], int):
        return "matinee"
    if {"title", "production_companies", "spoken_languages"} <= names:
        return "tmdb"
    if {"movieId", "title", "genres"} == names:
        return "movielens"
    if {"title", "cast", "genres", "href"} <= names:
        return "wikipedia"
    if record and "title" not in known_columns(dict.fromkeys(names, "x")):
        shown = ", ".join(map(repr, sorted(names)[:8]))[:200]
        raise DataError(f"{path} has no column for titles (title, name, ...), only {shown}")
    return "list"


def _maker(kind: str, source: str, path: Path, genres: GenreReader) -> tuple[Make, tuple[str, ...]]:
    """What makes a film of a row of this format, and what it had to do without."""
    if kind == "matinee":
        return (lambda record: _own(record, source)), ()
    if kind == "tmdb":
        credits_path = path.with_name(path.name.replace("movies", "credits"))
        if credits_path == path or not credits_path.is_file():
            note = f"no {credits_path.name} beside {path.name}: films have no directors or cast"
            return (lambda record: film_of(record, source, genres)), (note,)
        people = TmdbCredits(credits_path)
        return (lambda record: film_of(people.joined(record), source, genres)), people.notes
    if kind == "movielens":
        links = movielens_links(path.with_name("links.csv"))
        return (
            lambda record: film_of(
                {**record, "imdb_id": links.get(record["movieId"], "")}, source, genres
            )
        ), (() if links else (f"no links.csv beside {path.name}: films have no IMDb ids",))
    if kind == "wikipedia":  # its list is of American films, all of them
        return (
            lambda record: film_of({**record, "countries": "United States"}, source, genres)
        ), ()
    return (lambda record: film_of(record, source, genres)), ()


def _own(record: Mapping[str, Any], source: str) -> Found:  # Any: as in Make
    film = parse_film(record)
    return Found(film if film.source != "facts" else replace(film, source=source), None, None)


def _collected(
    rows: Iterable[Row],
    make: Make,
    kind: str,
    catalogue: Catalogue | None,
    notes: Sequence[str],
) -> ImportReport:
    known = Known(catalogue or ())
    found: list[Found] = []
    duplicates: list[Film] = []
    refused: list[tuple[str, str]] = []
    refused_count = count = 0
    for row in rows:
        count += 1
        if count > MOST_FILMS:
            raise DataError(f"more than {MOST_FILMS:,} rows; split the file")
        try:
            if row.problem:
                raise DataError(row.problem)
            made = make(row.record)
            _check_id(made.film)
        except DataError as error:
            held = known.by_id(own_imdb_id(known_columns(row.record)))
            if held is not None:  # a row too thin for a film can still name one by its id
                duplicates.append(held)
                continue
            refused_count += 1
            if len(refused) < REFUSED_SHOWN:
                refused.append((row.where, str(error)))
            continue
        held = known.twin(made.film)
        if held is not None:
            duplicates.append(held)
            continue
        known.add(made.film)
        found.append(made)
    films = tuple(_ranked(found)) if kind != "matinee" else tuple(f.film for f in found)
    return ImportReport(
        films, kind, count, refused_count, tuple(refused), tuple(duplicates), tuple(notes)
    )


def _check_id(film: Film) -> None:
    if not film.id.isprintable() or len(film.id) > 200:
        raise DataError(f"id {film.id[:40]!r} is no id")


class Known:
    """Films already there, by id and by title and year."""

    def __init__(self, films: Iterable[Film]) -> None:
        self._films: dict[str, Film] = {}
        self._titled: dict[tuple[str, int], list[Film]] = {}
        for film in films:
            self.add(film)

    def add(self, film: Film) -> None:
        """Know ``film`` from now on."""
        self._films[film.id] = film
        titles = (film.title, film.original_title, *film.aliases)
        for key in dict.fromkeys(_key(title) for title in titles if title):
            self._titled.setdefault((key, film.year), []).append(film)

    def by_id(self, film_id: str | None) -> Film | None:
        """The film of this id, or None."""
        return self._films.get(film_id or "")

    def twin(self, film: Film) -> Film | None:
        """The film here that ``film`` is: of the same id, or the same title and year; or None.

        Two with IMDb ids of their own and nobody in common are two films. A year off by one is
        the same film where they share a director or an actor: lists disagree on festival and
        release years.
        """
        if film.id in self._films:
            return self._films[film.id]
        people = {*film.directors, *film.cast}
        for year in (film.year, film.year - 1, film.year + 1):
            for other in self._titled.get((_key(film.title), year), ()):
                others = {*other.directors, *other.cast}
                apart = film.id.startswith("tt") and other.id.startswith("tt")
                if people & others or (year == film.year and not (apart and people and others)):
                    return other
        return None


def _key(title: str) -> str:
    """``title`` without what people leave out or write in two ways."""
    key = standard_key(title)
    return key.removeprefix("the ").removeprefix("a ") or title


def _ranked(found: Sequence[Found]) -> Iterator[Film]:
    """The films with popularity and acclaim ranks from whatever numbers their rows had."""
    votes = [made.votes for made in found]
    ratings = [made.rating for made in found]
    rated = [rating for rating in ratings if rating is not None]
    mean = sum(rated) / len(rated) if rated else 0.0
    shrunk = [
        None
        if rating is None
        else (rating * (vote or 0.0) + mean * ACCLAIM_PRIOR_VOTES)
        / ((vote or 0.0) + ACCLAIM_PRIOR_VOTES)
        if vote is not None
        else rating
        for rating, vote in zip(ratings, votes, strict=True)
    ]
    ranks = zip(found, _ranks(votes), _ranks(shrunk), strict=True)
    for made, popularity, acclaim in ranks:
        yield replace(made.film, popularity=round(popularity, 3), acclaim=round(acclaim, 2))


def _ranks(values: Sequence[float | None]) -> list[float]:
    """0 to ``HIGHEST_RANK``; equal values share a rank, None is 0."""
    places = {value: place for place, value in enumerate(sorted({v for v in values if v}), start=1)}
    top = max(1, len(places))
    return [0.0 if not value else HIGHEST_RANK * places[value] / top for value in values]
