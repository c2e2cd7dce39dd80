"""One row of anybody's film list as a ``Film``: forgiving about names and forms, not about facts.

Knows the many names columns have and the forms values come in (lists as JSON, as Python writes
them, or with bars between). Text stays text: markup and formulas are kept letter for letter and
are never run. Knows nothing of files. Next in the flow: ``films`` collects what comes out.
"""

from __future__ import annotations

import ast
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from assistant.catalogue import GENRES, Film
from assistant.errors import DataError
from assistant.importers.facts import GenreNames, language_names

Record = Mapping[str, Any]  # Any: CSV texts or JSON values

LONGEST_TITLE_CHARS = 300
LONGEST_SYNOPSIS_CHARS = 4_000
"""The encoder reads about the first 1,200; the rest is for people."""
_LONGEST_NAME_CHARS = 120
_MOST_NAMES = 40
_CAST = 8

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "imdb": ("imdbid", "imdb", "tconst", "const", "imdbtitleid"),
    "id": ("id", "movieid", "filmid", "tmdbid", "bookid"),
    "title": ("title", "name", "movietitle", "filmtitle", "primarytitle", "movie", "film"),
    "original_title": ("originaltitle",),
    "year": (
        "year",
        "releaseyear",
        "startyear",
        "titleyear",
        "releasedate",
        "released",
        "premiered",
        "date",
        "originalpublicationyear",
    ),
    "runtime": ("runtimemin", "runtime", "runtimeminutes", "runtimemins", "duration", "length"),
    "certificate": ("certificate", "contentrating", "mpaa", "rated", "mpaarating"),
    "genres": ("genres", "genre", "primarygenres"),
    "directors": ("directors", "director", "directedby", "directorname"),
    "cast": ("cast", "actors", "stars", "starring", "maincast"),
    "countries": ("countries", "country", "productioncountries", "origincountry"),
    "languages": ("languages", "language", "spokenlanguages"),
    "language": ("originallanguage",),
    "synopsis": (
        "synopsis",
        "overview",
        "plot",
        "plotsummary",
        "description",
        "summary",
        "extract",
        "storyline",
    ),
    "keywords": ("keywords", "keyword", "plotkeywords", "tags"),
    "votes": ("votes", "votecount", "numvotes", "imdbvotes", "ratingscount", "popularity"),
    "rating": ("rating", "voteaverage", "averagerating", "imdbrating", "score", "avgrating"),
}
"""Column names by field, in lower case without anything but letters; the first present wins."""

_GENRE_WORDS: Mapping[str, tuple[str, ...]] = {
    "Noir": ("Film Noir",),
    "Children": ("Family",),
    "Childrens": ("Family",),
    "Kids": ("Family",),
    "Biopic": ("Biography",),
    "Suspense": ("Thriller",),
    "Rom Com": ("Comedy", "Romance"),
    "Romcom": ("Comedy", "Romance"),
    "Action Adventure": ("Action", "Adventure"),
    "Cartoon": ("Animation",),
    "Thrillers": ("Thriller",),
    "Romantic": ("Romance",),
    "Martial Arts": ("Action",),
    "Supernatural": ("Horror", "Fantasy"),
    "Spy": ("Thriller",),
}
"""Other people's genre names that data/genres.json does not hold."""
_NOTHING = frozenset({"", "\\n", "n/a", "na", "none", "null", "nan", "unknown", "-", "[]"})
_ARTICLE_LAST = re.compile(r"^(?P<rest>.+), (?P<article>The|A|An|Le|La|Les|L'|Der|Die|Das|El|Il)$")
_TITLE_YEAR = re.compile(r"^(?P<title>.*\S)\s*\((?P<year>\d{4})\)$")
_YEAR = re.compile(r"(?<!\d)(?:18[7-9]\d|19\d\d|20\d\d)(?!\d)")
_IMDB_ID = re.compile(r"^(?:tt)?0*(\d{1,10})(?:\.0)?$")
_HOURS = re.compile(
    r"^(?:(\d{1,2})\s*(?:h|hr|hrs|hours?|:)\s*)?(?:(\d{1,3})\s*(?:m|mins?|minutes?)?)?$"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A film, with the numbers from which ``films`` makes ranks."""

    film: Film
    votes: float | None
    rating: float | None


class GenreReader:
    """Reads other people's genre names; a value once made."""

    def __init__(self, names: GenreNames) -> None:
        self._names = names
        self._ours: dict[str, tuple[str, ...]] = {
            _genre_key(name): own for name, own in _GENRE_WORDS.items()
        }
        self._ours.update({_genre_key(n): (own,) for n, own in names.other_names.items()})
        self._ours.update({_genre_key(n): (n,) for n in (*names.parents, *GENRES)})

    def read(self, names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Main genres and subgenres we have a word for; other names are dropped."""
        known = [own for name in names for own in self._ours.get(_genre_key(name), ())]
        return self._names.split(known)


def known_columns(record: Record) -> Mapping[str, Any]:  # Any: as in Record
    """Values by our field name; columns that hold nothing are left out."""
    by_key = {re.sub(r"[^a-z]", "", str(name).casefold()): value for name, value in record.items()}
    values: dict[str, Any] = {}
    for field, keys in _COLUMNS.items():
        for key in keys:
            value = by_key.get(key)
            # films are called "Unknown" and "None"
            if value is not None and (field == "title" or not _is_nothing(value)):
                values[field] = value
                break
    return values


def film_of(record: Record, source: str, genres: GenreReader) -> Found:
    """The film a row describes; raises ``DataError`` where title or year is missing or absurd."""
    values = known_columns(record)
    title, year = _title_and_year(values)
    main, sub = genres.read(texts(values.get("genres")))
    languages = language_names(texts(values.get("language")) + texts(values.get("languages")))
    original = clean(values.get("original_title"))
    film = Film(
        id=_id(values, source, title, year),
        title=title,
        year=year,
        runtime_min=runtime_of(values.get("runtime")),
        certificate=clean(values.get("certificate"))[:20] or None,
        genres=main,
        subgenres=sub,
        directors=texts(values.get("directors")),
        cast=texts(values.get("cast"))[:_CAST],
        countries=tuple(map(_country, texts(values.get("countries")))),
        languages=languages,
        synopsis=_shortened(clean(values.get("synopsis"))),
        keywords=texts(values.get("keywords")),
        original_title=original if original not in ("", title) else None,
        source=source,
    )
    return Found(film, number_of(values.get("votes")), number_of(values.get("rating")))


def clean(value: object) -> str:
    """``value`` as one line of text: NFC, control and direction marks gone, spaces single."""
    if value is None or isinstance(value, bool | list | dict):
        return ""
    text = unicodedata.normalize("NFC", str(value))
    if text.isprintable():
        return " ".join(text.split())
    plain = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in text
        if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn") or c in "\u200c\u200d"
    )
    return " ".join(plain.split())


def texts(value: object) -> tuple[str, ...]:
    """The names in a cell, once each, in order: a list, names with bars, or a list as text."""
    if isinstance(value, str):
        value = _parsed_list(value.strip())
    items = value if isinstance(value, list) else [value]
    names = (clean(_name_in(item) if isinstance(item, dict) else item) for item in items)
    kept = (name for name in names if not _is_nothing(name) and len(name) <= _LONGEST_NAME_CHARS)
    return tuple(dict.fromkeys(kept))[:_MOST_NAMES]


def runtime_of(value: object) -> int | None:
    """Minutes: "142", "142 min", "2h 22m", "2:22"; None where unknown or not from 1 to 1000."""
    number = number_of(value)
    if number is None:
        match = _HOURS.match(clean(value).casefold())
        if match is None:
            return None
        number = 60 * float(match[1] or 0) + float(match[2] or 0)
    return round(number) if 1 <= number <= 1000 else None


def number_of(value: object) -> float | None:
    """A finite number, thousands commas allowed; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value.replace(",", "") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def imdb_id(value: object) -> str | None:
    """``"tt0111161"`` from any way to write it; None where it is none."""
    match = _IMDB_ID.match(clean(value))
    return None if match is None or int(match[1]) == 0 else f"tt{int(match[1]):07}"


def own_imdb_id(values: Mapping[str, Any]) -> str | None:  # Any: as in Record
    """The IMDb id among a row's ``values``; a bare number counts only in a column of its own."""
    own = clean(values.get("id"))
    return imdb_id(values.get("imdb")) or (imdb_id(own) if own.startswith("tt") else None)


def plain_title(title: str) -> tuple[str, int | None]:
    """("The Matrix", 1999) from "Matrix, The (1999)"; None where the title ends in no year."""
    match = _TITLE_YEAR.match(title)
    year = int(match["year"]) if match and _YEAR.fullmatch(match["year"]) else None
    rest = match["title"] if match and year else title
    last = _ARTICLE_LAST.match(rest)
    if last is None:
        return rest, year
    glue = "" if last["article"].endswith("'") else " "
    return f"{last['article']}{glue}{last['rest']}", year


def year_of(value: object) -> int | None:
    """The year in a number, text or date; None where there is none from 1870 to 2099."""
    match = _YEAR.search(clean(value)[:60])
    return None if match is None else int(match[0])


def _title_and_year(values: Mapping[str, Any]) -> tuple[str, int]:  # Any: as in Record
    raw = clean(values.get("title"))
    if not raw:
        raise DataError("no title")
    if len(raw) > LONGEST_TITLE_CHARS:
        raise DataError(f"title of {len(raw):,} characters: {raw[:40]}…")
    title, own_year = plain_title(raw)
    year = year_of(values.get("year")) or own_year
    if year is None:
        given = clean(values.get("year"))[:40]
        raise DataError(f"{title[:80]!r} has no year" + (f" ({given!r} is none)" if given else ""))
    return title, year


def _id(values: Mapping[str, Any], source: str, title: str, year: int) -> str:  # Any: as above
    known = own_imdb_id(values)
    if known:
        return known
    own = clean(values.get("id")).removesuffix(".0") or f"{title.casefold()}-{year}"
    # Letters of any script stay: two Chinese titles must not share an id.
    slug = re.sub(r"[^\w.-]+", "-", own)[:120]
    return f"{source}:{slug}"


def _parsed_list(text: str) -> list[Any]:  # Any: JSON
    """A cell's text as a list: JSON, a Python list, else split at bars, semicolons or commas."""
    if text.startswith(("[", "{")):
        try:
            parsed = orjson.loads(text)
        except ValueError:
            try:
                parsed = ast.literal_eval(text)
            except (ValueError, SyntaxError, RecursionError, MemoryError):
                parsed = text
        if isinstance(parsed, dict):
            return [parsed] if "name" in parsed else list(parsed.values())
        if isinstance(parsed, list | tuple):
            return list(parsed)
        text = text.strip("[]")
    mark = next((mark for mark in "|;" if mark in text), ",")
    return text.split(mark)


def _genre_key(name: str) -> str:
    return re.sub(r"[^\w]+", "", name.casefold())


def _name_in(item: Mapping[str, Any]) -> object:  # Any: JSON
    """TMDB's way: its languages have native names, so their code says more."""
    return item.get("english_name") or item.get("iso_639_1") or item.get("name")


def _country(name: str) -> str:
    return {
        "United States of America": "United States",
        "USA": "United States",
        "US": "United States",
        "UK": "United Kingdom",
        "GB": "United Kingdom",
    }.get(name, name)


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_SYNOPSIS_CHARS:
        return text
    return text[:LONGEST_SYNOPSIS_CHARS].rsplit(" ", 1)[0] + "…"


def _is_nothing(value: object) -> bool:
    return isinstance(value, str) and value.strip().casefold() in _NOTHING
