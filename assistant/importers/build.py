"""The bundled catalogue, made from public facts and from our own descriptions.

Joins both by id, puts names and numbers into our form, turns written neighbours into ids, and
lets ``estimates`` fill in tone and themes for films nobody described. Votes, ratings and other
people's keywords are read here and never leave. Next in the flow: ``catalogue.shelf`` reads what
this wrote.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.catalogue import Film, parse_film, write_films
from assistant.config import Settings
from assistant.embedding import Encoder
from assistant.errors import DataError, ProblemsError
from assistant.importers import estimates
from assistant.importers.facts import GenreNames, language_names, load_genre_names
from assistant.importers.memberships import load_memberships
from assistant.importers.titles import Known, Titles
from assistant.importers.written import (
    Record,
    read_descriptions,
    read_renown,
    read_rows,
    read_themes,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BuildReport:
    """What went into a catalogue, and what did not."""

    films: int
    described: int
    files: tuple[Path, ...]
    neighbours: int
    """Written neighbours of all described films."""
    resolved: int
    """Those that name a film of the catalogue."""
    unresolved: tuple[tuple[str, int], ...]
    """"Title (Year)" and how often, most often first: films that the facts do not hold."""
    refused: tuple[str, ...]
    """Rows left out: file, line and why."""


def build_catalogue(
    facts: Path,
    authored: Path,
    themes: Path,
    out: Path,
    encoder: Encoder | None = None,
    genres: Path | None = None,
    collections: Path | None = None,
    later: Path | None = None,
) -> BuildReport:
    """Write ``out/<decade>.jsonl`` and report; the same input gives the same bytes.

    ``facts`` is one ``*.jsonl``, ``authored`` a folder of them, ``themes`` the vocabulary file,
    ``genres`` and ``collections`` the bundled files where None, ``later`` the folder of what was
    written later, if any. Without ``encoder`` undescribed
    films get no tone or themes. Raises ``ProblemsError`` where a description is wrong (ours to
    mend), ``DataError`` where a file cannot be read; a row of facts that cannot be used is left
    out and reported.
    """
    names = load_genre_names(genres or Settings().data / "genres.json")
    fact_rows, refused = read_rows(facts)
    written = read_descriptions(authored, later)
    vocabulary = read_themes(themes)
    titles = Titles(
        Known(
            row["id"],
            row["year"],
            float(row.get("votes") or 0),
            (row["title"], *written.get(row["id"], {}).get("aliases", ())),
        )
        for row in fact_rows
    )
    films, wrong, unresolved = _join(fact_rows, written, vocabulary, names, titles)
    refused += wrong
    if encoder is not None:
        by_id = {row["id"]: row for row in fact_rows}
        films = estimates.estimate(films, by_id, vocabulary, encoder)
    belongs = load_memberships(collections or Settings().data / "collections.json")
    renown = {} if later is None else read_renown(later)
    films = [
        replace(film, collections=belongs.get(film.id, ()), renown=renown.get(film.id, ()))
        for film in films
    ]
    films = [
        replace(film, subgenres=names.told_of(film)) if film.described else film for film in films
    ]  # after estimating: only described films have them
    given = sum(len(row["similar"]) for row in written.values())
    return BuildReport(
        films=len(films),
        described=sum(film.described for film in films),
        files=_write(films, out),
        neighbours=given,
        resolved=given - sum(unresolved.values()),
        unresolved=tuple(sorted(unresolved.items(), key=lambda item: (-item[1], item[0]))),
        refused=tuple(refused),
    )


def measure_estimates(
    facts: Path,
    authored: Path,
    themes: Path,
    encoder: Encoder,
    genres: Path | None = None,
    seed: int = 7,
    later: Path | None = None,
) -> estimates.EstimateReport:
    """How well tone and themes are estimated, on a tenth of the described films held out."""
    names = load_genre_names(genres or Settings().data / "genres.json")
    fact_rows, _ = read_rows(facts)
    written = read_descriptions(authored, later)
    vocabulary = read_themes(themes)
    films, _, _ = _join(fact_rows, written, vocabulary, names, Titles(()))
    by_id = {row["id"]: row for row in fact_rows}
    return estimates.measure(films, by_id, vocabulary, encoder, seed)


def decade_name(year: int) -> str:
    """Stem of the file a film of this year stands in: ``"1990s"``, ``"before-1930"``."""
    return "before-1930" if year < 1930 else f"{year // 10 * 10}s"


def _join(
    fact_rows: Sequence[Record],
    written: Mapping[str, Record],
    vocabulary: frozenset[str],
    names: GenreNames,
    titles: Titles,
) -> tuple[list[Film], list[str], Counter[str]]:
    """Films, rows refused with the reason, and neighbours that name no film."""
    popularity = _ranks([float(row.get("votes") or 0) for row in fact_rows])
    acclaim = _ranks(_shrunk_ratings(fact_rows))
    films: list[Film] = []
    refused: list[str] = []
    wrong: list[str] = []
    unresolved: Counter[str] = Counter()
    for row, known, liked in zip(fact_rows, popularity, acclaim, strict=True):
        try:
            film = _film_of(row, names)
            film = replace(film, popularity=round(known, 3), acclaim=round(liked, 2))
        except DataError as error:
            refused.append(f"{row.get('id')}: {error}")
            continue
        if film.id in written:
            try:
                film, missing = _describe(film, written[film.id], vocabulary, titles)
                unresolved.update(missing)
            except DataError as error:
                wrong.append(f"{film.id}: {error}")
        films.append(film)
    wrong += [
        f"{i}: described but not among the facts" for i in written.keys() - {f.id for f in films}
    ]
    if wrong:
        raise ProblemsError("descriptions that cannot be used:", sorted(wrong))
    return films, refused, unresolved


def _film_of(row: Record, names: GenreNames) -> Film:
    genres, subgenres = names.split(row.get("genres") or ())
    return parse_film(
        {
            "id": row["id"],
            "title": row["title"],
            "year": row["year"],
            "runtime_min": row.get("runtime_min") or None,
            "certificate": row.get("certificate"),
            "genres": list(genres),
            "subgenres": list(subgenres),
            "directors": row.get("directors") or [],
            "cast": (row.get("cast") or [])[:8],
            "countries": row.get("countries") or [],
            "languages": list(language_names(row.get("languages") or ())),
        }
    )


def _describe(
    film: Film, text: Record, vocabulary: frozenset[str], titles: Titles
) -> tuple[Film, list[str]]:
    """``film`` with our description, and its neighbours that name no film."""
    for name in ("synopsis", "themes", "tone", "requests", "similar"):
        if not text.get(name):
            raise DataError(f"{name} is missing")
    strange = [theme for theme in text["themes"] if theme not in vocabulary]
    if strange:
        raise DataError(f"theme {strange[0]!r} is not in the vocabulary")
    found = [(label, titles.find(label)) for label in text["similar"]]
    ids = dict.fromkeys(i for _, i in found if i is not None and i != film.id)
    own = film.title.casefold()
    aliases = [a for a in dict.fromkeys(text.get("aliases") or ()) if a.casefold() != own]
    described = parse_film(
        {
            "id": film.id,
            "title": film.title,
            "year": film.year,
            "synopsis": text["synopsis"].strip(),
            "themes": list(dict.fromkeys(text["themes"])),
            "keywords": list(dict.fromkeys(text.get("keywords") or ())),
            "tone": text["tone"],
            "requests": text["requests"],
            "similar": list(ids),
            "titles": {"zh": text["zh"]} if text.get("zh") else {},
            "aliases": aliases,
        }
    )
    return (
        replace(
            film,
            **{n: getattr(described, n) for n in _DESCRIPTION},
            source="described",
        ),
        [label for label, film_id in found if film_id is None],
    )


_DESCRIPTION = (
    "synopsis",
    "themes",
    "keywords",
    "tone",
    "requests",
    "similar",
    "titles",
    "aliases",
)


def _shrunk_ratings(rows: Sequence[Record]) -> list[float]:
    """Ratings pulled towards the mean by few votes: (v r + m c) / (v + m), m the median votes.

    The IMDb top-250 formula with another m; a film without a rating gets the mean.
    """
    rated = [float(row["rating"]) for row in rows if row.get("rating")]
    mean = float(np.mean(rated)) if rated else 0.0
    middle = float(np.median([float(row.get("votes") or 0) for row in rows])) if rows else 0.0
    shrunk = []
    for row in rows:
        votes = float(row.get("votes") or 0) if row.get("rating") else 0.0
        rating = float(row.get("rating") or mean)
        total = votes + middle
        shrunk.append((votes * rating + middle * mean) / total if total else mean)
    return shrunk


def _ranks(values: Sequence[float]) -> list[float]:
    """0 for the lowest to 1 for the highest; equal values share their mean rank."""
    if len(values) < 2:
        return [1.0] * len(values)
    array: npt.NDArray[np.float64] = np.asarray(values, np.float64)
    _, place, count = np.unique(array, return_inverse=True, return_counts=True)
    last = np.cumsum(count) - 1
    mean = last - (count - 1) / 2
    return [float(x) for x in mean[place] / (len(values) - 1)]


def _write(films: Sequence[Film], out: Path) -> tuple[Path, ...]:
    decades: dict[str, list[Film]] = defaultdict(list)
    for film in sorted(films, key=lambda f: (f.year, f.id)):
        decades[decade_name(film.year)].append(film)
    out.mkdir(parents=True, exist_ok=True)
    for name, group in decades.items():
        write_films(out / f"{name}.jsonl", group)
    return tuple(out / f"{name}.jsonl" for name in sorted(decades))
