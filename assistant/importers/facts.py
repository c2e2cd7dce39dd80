"""Genre and language names as other people write them, made into ours.

Reads ``data/genres.json``: which main genres a subgenre belongs to, other spellings, and names
that are no genre. Knows nothing of films. Next in the flow: ``build`` and the other importers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from assistant.catalogue import GENRES, Film
from assistant.errors import DataError

_LANGUAGE_CODES: Mapping[str, str] = {
    "ar": "Arabic",
    "bn": "Bengali",
    "cn": "Cantonese",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "la": "Latin",
    "ml": "Malayalam",
    "nb": "Norwegian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sr": "Serbian",
    "sv": "Swedish",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Mandarin",
}
"""English names of ISO 639-1 codes (and ``cn``, which film databases use for Cantonese)."""
_OTHER_LANGUAGES: Mapping[str, str] = {
    "Chinese": "Mandarin",
    "Filipino": "Tagalog",
    "Greek, Ancient (to 1453)": "Ancient Greek",
    "Norse, Old": "Old Norse",
    "Egyptian (Ancient)": "Ancient Egyptian",
    "Apache languages": "Apache",
    "Athapascan languages": "Athapascan",
    "Berber languages": "Berber",
    "Saami": "Sami",
    "Central Khmer": "Khmer",
    "Pashtu": "Pashto",
}
_NO_LANGUAGE = frozenset({"None", "", "xx", "No Language", "Silent"})


@dataclass(frozen=True)
class Told:
    """What our own description of a film says of its subgenre."""

    themes: frozenset[str]
    """Any one of them makes a film one of the subgenre."""
    within: frozenset[str] = frozenset()
    """Main genres of which it must have one; empty where any will do."""


@dataclass(frozen=True)
class GenreNames:
    """How genre names are read; a value."""

    parents: Mapping[str, tuple[str, ...]]
    """Main genres by subgenre; empty where it can be any."""
    loose: frozenset[str]
    """Subgenres whose parents hold only for a film that names no main genre itself."""
    other_names: Mapping[str, str]
    not_genres: frozenset[str]
    told: Mapping[str, Told]
    """Subgenres that a description tells; the lists of others are far from complete."""

    def told_of(self, film: Film) -> tuple[str, ...]:
        """Subgenres of ``film``: those it has, then those its written themes tell."""
        found = (
            name
            for name, told in self.told.items()
            if not told.themes.isdisjoint(film.themes)
            and (not told.within or not told.within.isdisjoint(film.genres))
        )
        return tuple(dict.fromkeys((*film.subgenres, *found)))

    def split(self, names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Main genres and subgenres among ``names``, parents of subgenres added after the named.

        Raises ``DataError`` for a name that is none of ours.
        """
        plain = [self.other_names.get(name, name) for name in names]
        plain = [name for name in dict.fromkeys(plain) if name not in self.not_genres]
        main = [name for name in plain if name in GENRES]
        subgenres = [name for name in plain if name not in GENRES]
        derived: list[str] = []
        for name in subgenres:
            if name not in self.parents:
                raise DataError(f"unknown genre {name!r}; add it to data/genres.json")
            if name not in self.loose or not main:
                derived += self.parents[name]
        return tuple(dict.fromkeys(main + derived)), tuple(subgenres)


def load_genre_names(path: Path) -> GenreNames:
    """The names in ``path`` (``data/genres.json``); raises ``DataError``."""
    try:
        record = orjson.loads(path.read_bytes())
        names = GenreNames(
            parents={name: tuple(parents) for name, parents in record["subgenres"].items()},
            loose=frozenset(record["loose"]),
            other_names=dict(record["other_names"]),
            not_genres=frozenset(record["not_genres"]),
            told={
                name: Told(frozenset(told["themes"]), frozenset(told.get("within", ())))
                for name, told in record.get("from_themes", {}).items()
            },
        )
    except (OSError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise DataError(f"cannot read {path} ({error!r}); restore it") from error
    for name, parents in names.parents.items():
        foreign = {*parents, *(names.told[name].within if name in names.told else ())} - {*GENRES}
        if foreign:
            raise DataError(f"{path}: {name} belongs to {sorted(foreign)[0]!r}, no main genre")
    strange = names.told.keys() - names.parents.keys()
    if strange:
        raise DataError(f"{path}: from_themes names {sorted(strange)[0]!r}, no subgenre")
    return names


def language_names(names: Iterable[str]) -> tuple[str, ...]:
    """English language names, order kept, codes spelled out, "None" dropped.

    >>> language_names(["en", "None", "French"])
    ('English', 'French')
    """
    plain = (_OTHER_LANGUAGES.get(n, _LANGUAGE_CODES.get(n, n)) for n in map(str.strip, names))
    return tuple(dict.fromkeys(name for name in plain if name not in _NO_LANGUAGE))
