"""Films, the limits a request can put on them, and the shelf they stand on."""

from assistant.catalogue.film import CERTIFICATE_AGE, GENRES, RENOWN, RENOWN_MOST, TONES, Film
from assistant.catalogue.limits import Limits
from assistant.catalogue.shelf import Catalogue, load_catalogue, parse_film, write_films

__all__ = [
    "CERTIFICATE_AGE",
    "GENRES",
    "RENOWN",
    "RENOWN_MOST",
    "TONES",
    "Catalogue",
    "Film",
    "Limits",
    "load_catalogue",
    "parse_film",
    "write_films",
]
