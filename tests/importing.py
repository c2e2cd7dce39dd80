"""Writes a file of somebody's films and imports it: what the importer tests share."""

import json
from pathlib import Path

from assistant.catalogue import Catalogue, Film
from assistant.importers import ImportReport, import_films

_GENRES = {
    "subgenres": {"Romantic Comedy": ["Romance", "Comedy"]},
    "loose": [],
    "other_names": {"Science Fiction": "Sci-Fi"},
    "not_genres": ["Short"],
}

HEAT = "title,year,genres,director,runtime\nHeat,1995,Crime|Drama,Michael Mann,170\n"

CATALOGUE = Catalogue(
    [
        Film("tt0113277", "Heat", 1995, directors=("Michael Mann",)),
        Film("tt0111161", "The Shawshank Redemption", 1994, aliases=("Shawshank",)),
        Film("tt0078748", "Alien", 1979),
    ]
)


class Importing:
    """``importing(content, name)``: the report on a file of that content."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.genres = folder / "genres.json"
        self.genres.write_text(json.dumps(_GENRES))

    def __call__(
        self, content: str | bytes, name: str = "films.csv", catalogue: Catalogue | None = None
    ) -> ImportReport:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return import_films(path, None, catalogue, self.genres)


def only(report: ImportReport) -> Film:
    """The single film of a report without refusals."""
    assert (len(report.films), report.refused) == (1, ())
    return report.films[0]
