"""The catalogue: films in memory, read from and written to ``*.jsonl``, one film a line.

Every field of every line is checked on reading, and all problems are told at once with file and
line. Knows nothing of where films come from (``importers``) or how they are searched (``index``).
Next in the flow: ``parsing`` names films and people from it, ``index`` embeds it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from assistant.catalogue.film import GENRES, RENOWN, RENOWN_MOST, TONES, Film
from assistant.errors import DataError, ProblemsError, RequestError

_TEXT_LISTS = (
    "genres",
    "subgenres",
    "directors",
    "cast",
    "countries",
    "languages",
    "themes",
    "keywords",
    "requests",
    "similar",
    "aliases",
    "collections",
)
_KNOWN = frozenset(Film.__dataclass_fields__)
_GENRES = frozenset(GENRES)
_MAX_LINE_BYTES = 200_000


class Catalogue:
    """Films by id, in popularity order; a value: nothing about it changes once made."""

    def __init__(self, films: Iterable[Film]) -> None:
        """Raises ``DataError`` where two films share an id."""
        self.films: tuple[Film, ...] = tuple(sorted(films, key=lambda f: (-f.popularity, f.id)))
        """Most popular first; ties by id."""
        self.row: Mapping[str, int] = {film.id: row for row, film in enumerate(self.films)}
        """Position in ``films`` by id."""
        if len(self.row) != len(self.films):
            seen: set[str] = set()
            twice = sorted({f.id for f in self.films if f.id in seen or seen.add(f.id)})  # type: ignore[func-returns-value]  # set.add answers None on purpose here
            raise DataError(f"film ids given twice: {', '.join(twice[:5])}")

    def __len__(self) -> int:
        return len(self.films)

    def __iter__(self) -> Iterator[Film]:
        return iter(self.films)

    def __contains__(self, film_id: object) -> bool:
        return film_id in self.row

    def __getitem__(self, film_id: str) -> Film:
        """The film with this id; raises ``RequestError`` where there is none."""
        try:
            return self.films[self.row[film_id]]
        except KeyError:
            raise RequestError(f"no film {film_id!r} in the catalogue") from None

    def get(self, film_id: str) -> Film | None:
        """The film with this id, or None."""
        row = self.row.get(film_id)
        return None if row is None else self.films[row]

    @cached_property
    def cited_by(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the films whose ``similar`` lists name a film, by that film's id."""
        back: dict[str, list[str]] = defaultdict(list)
        for film in self.films:
            for other in film.similar:
                back[other].append(film.id)
        return {film_id: tuple(citing) for film_id, citing in back.items()}

    @cached_property
    def by_person(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of a person's films (directed or acted in), most popular first, by full name."""
        films: dict[str, dict[str, None]] = defaultdict(dict)
        for film in self.films:
            for name in film.directors + film.cast:
                films[name][film.id] = None
        return {name: tuple(ids) for name, ids in films.items()}

    @cached_property
    def by_theme(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the films that have a theme, most popular first, by theme."""
        return self._by_name(lambda film: film.themes)

    @cached_property
    def by_collection(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the films of a studio, series or prize, most popular first, by its name."""
        return self._by_name(lambda film: film.collections)

    def _by_name(self, names: Callable[[Film], Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
        """Ids of the films that have a name among ``names``, most popular first, by that name."""
        films: dict[str, list[str]] = defaultdict(list)
        for film in self.films:
            for name in names(film):
                films[name].append(film.id)
        return {name: tuple(ids) for name, ids in films.items()}

    @cached_property
    def fingerprint(self) -> str:
        """Sha256 over all films, order and file layout aside (hex, first 16 digits)."""
        digest = hashlib.sha256()
        for film in sorted(self.films, key=lambda f: f.id):
            digest.update(to_line(film))
        return digest.hexdigest()[:16]

    def with_films(self, more: Iterable[Film]) -> Catalogue:
        """A catalogue that also holds ``more``; films already here stay as they are."""
        return Catalogue([*self.films, *(film for film in more if film.id not in self.row)])


def parse_film(record: Mapping[str, Any]) -> Film:  # Any: parsed JSON, checked here
    """The film a JSON object describes; raises ``DataError`` naming the first wrong field."""
    unknown = record.keys() - _KNOWN
    if unknown:
        raise DataError(f"unknown field {sorted(unknown)[0]!r}")
    _check_text(record, "id", required=True)
    _check_text(record, "title", required=True)
    for name in ("certificate", "original_title", "synopsis", "source"):
        _check_text(record, name, required=False)
    year = record.get("year")
    if type(year) is not int or not 1870 <= year <= 2100:
        raise DataError(f"year is {year!r}, not a whole number from 1870 to 2100")
    runtime = record.get("runtime_min")
    if runtime is not None and (type(runtime) is not int or not 1 <= runtime <= 1000):
        raise DataError(f"runtime_min is {runtime!r}, not a whole number from 1 to 1000")
    values = dict(record)
    for name in _TEXT_LISTS:
        if name in record:
            values[name] = _text_tuple(name, record[name])
    foreign = set(values.get("genres", ())) - _GENRES
    if foreign:
        raise DataError(f"genres holds {sorted(foreign)[0]!r}, not one of GENRES")
    for name in ("popularity", "acclaim"):
        score = record.get(name, 0.0)
        if type(score) not in (int, float) or not 0 <= score <= 1:
            raise DataError(f"{name} is {score!r}, not a number from 0 to 1")
    for name, length, most in (("tone", len(TONES), 10.0), ("renown", len(RENOWN), RENOWN_MOST)):
        values[name] = _numbers(name, record.get(name, []), length, most)
    titles = record.get("titles", {})
    if not isinstance(titles, dict) or not all(isinstance(t, str) and t for t in titles.values()):
        raise DataError("titles is not an object of titles by language code")
    return Film(**values)


def _check_text(record: Mapping[str, Any], name: str, *, required: bool) -> None:
    value = record.get(name)
    if value is None and not required:
        return
    if not isinstance(value, str) or (required and not value.strip()):
        raise DataError(f"{name} is {value!r}, not a text")


def _text_tuple(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(x, str) and x for x in value):
        raise DataError(f"{name} is not a list of texts")
    return tuple(value)


def _numbers(name: str, value: object, length: int, most: float) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) not in (0, length):
        raise DataError(f"{name} is not a list of {length} numbers")
    if any(type(x) not in (int, float) or not 0 <= x <= most for x in value):
        raise DataError(f"{name} holds something other than numbers from 0 to {most:g}")
    return tuple(value)


def to_line(film: Film) -> bytes:
    """One JSON object, fields at their defaults left out, ending in a newline."""
    record: dict[str, object] = {"id": film.id, "title": film.title, "year": film.year}
    for name, spec in Film.__dataclass_fields__.items():
        value = getattr(film, name)
        if name in record or not value or value == spec.default:
            continue
        record[name] = dict(value) if name == "titles" else value
    return orjson.dumps(record) + b"\n"


def write_films(path: Path, films: Sequence[Film]) -> None:
    """Write ``films`` to ``path``, beside the old file first and then in its place."""
    beside = path.with_suffix(path.suffix + ".new")
    with beside.open("wb") as out:
        out.writelines(to_line(film) for film in films)
    beside.replace(path)


def read_films(path: Path) -> tuple[list[Film], list[str]]:
    """The films of one file, and a line for every problem (``"file:line: what"``)."""
    films: list[Film] = []
    problems: list[str] = []
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                where = f"{path.name}:{number}"
                if not line.strip():
                    continue
                if len(line) > _MAX_LINE_BYTES:
                    problems.append(f"{where}: line of {len(line):,} bytes is too long for a film")
                    continue
                try:
                    record = orjson.loads(line)
                    if not isinstance(record, dict):
                        raise DataError("not a JSON object")
                    films.append(parse_film(record))
                except orjson.JSONDecodeError as error:
                    problems.append(f"{where}: not JSON ({error})")
                except DataError as error:
                    problems.append(f"{where}: {error}")
    except OSError as error:
        problems.append(f"{path.name}: {error.strerror or error}")
    return films, problems


def load_catalogue(folders: Iterable[Path]) -> Catalogue:
    """The films of every ``*.jsonl`` in ``folders``; of equal ids the earlier folder's stays.

    Raises ``ProblemsError`` with every problem of every file, and ``DataError`` where there is no
    film at all.
    """
    films: dict[str, Film] = {}
    problems: list[str] = []
    for folder in folders:
        here: dict[str, str] = {}
        for path in sorted(folder.glob("*.jsonl")):
            found, wrong = read_films(path)
            problems += wrong
            for film in found:
                if film.id in here:
                    problems.append(f"{path.name}: {film.id} is in {here[film.id]} too")
                here[film.id] = path.name
                films.setdefault(film.id, film)
    if problems:
        raise ProblemsError(
            "the catalogue has problems; restore data/films or run `matinee catalogue check`:",
            problems,
        )
    if not films:
        raise DataError("no films found; restore data/films or run `matinee catalogue build`")
    return Catalogue(films.values())
