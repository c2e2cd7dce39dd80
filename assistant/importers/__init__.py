"""From other people's files to films, ratings and the bundled catalogue."""

from assistant.importers.films import ImportReport, Saved, import_films, save_import
from assistant.importers.ratings import RatingsReport, import_ratings

__all__ = [
    "ImportReport",
    "RatingsReport",
    "Saved",
    "import_films",
    "import_ratings",
    "save_import",
]
