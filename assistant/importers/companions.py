"""Files that lie beside a film list and hold what it lacks: TMDB's credits, MovieLens's links.

Knows nothing of films as values. Next in the flow: ``films`` joins them row by row.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from assistant.importers.columns import imdb_id
from assistant.importers.rows import read_rows

_CAST = 8


class TmdbCredits:
    """Directors and first-billed cast by TMDB id, read from ``tmdb_5000_credits.csv``."""

    def __init__(self, path: Path) -> None:
        """Raises ``DataError`` where the file cannot be read at all; bad rows become a note."""
        self._people: dict[str, tuple[list[str], list[str]]] = {}
        bad: list[str] = []
        for row in read_rows(path):
            try:
                crew = orjson.loads(row.record["crew"])
                cast = orjson.loads(row.record["cast"])
                directors = [str(p["name"]) for p in crew if p.get("job") == "Director"]
                billed = sorted(cast, key=lambda p: int(p.get("order", 999)))[:_CAST]
                self._people[row.record["movie_id"]] = (directors, [str(p["name"]) for p in billed])
            except (KeyError, TypeError, ValueError, AttributeError):
                bad.append(row.where)
        self.notes: tuple[str, ...] = ()
        """A sentence where rows could not be read."""
        if bad:
            self.notes = (f"{len(bad):,} rows of credits could not be read, first {bad[0]}",)

    def joined(self, record: Mapping[str, Any]) -> Mapping[str, Any]:  # Any: CSV texts
        """``record`` with its directors and cast."""
        directors, cast = self._people.get(record.get("id", ""), ([], []))
        return {**record, "directors": directors, "cast": cast}


def movielens_links(path: Path) -> Mapping[str, str]:
    """IMDb id by MovieLens id; empty where ``path`` is not there."""
    if not path.is_file():
        return {}
    pairs = (
        (row.record.get("movieId"), imdb_id(row.record.get("imdbId"))) for row in read_rows(path)
    )
    return {movie: imdb for movie, imdb in pairs if movie and imdb}
