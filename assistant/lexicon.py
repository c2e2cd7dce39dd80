"""What genres, themes, tones, places, languages and collections are called, in each language.

Read from ``data/languages/<language>/<kind>.json``: an object from canonical name to
``{"name": what to show, "words": [what people type], ...}``. Adding a language means adding a
folder. Knows nothing of grammar (``parsing``). Next in the flow: ``parsing`` and ``explanation``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from assistant.errors import DataError

KINDS = ("genres", "themes", "tones", "countries", "languages", "collections")


class Lexicon:
    """The words of one language; a value once loaded."""

    def __init__(self, folder: Path) -> None:
        """Raises ``DataError`` where a file is missing or an entry has no name."""
        self.language = folder.name
        self.entries: Mapping[str, Mapping[str, Mapping[str, Any]]] = {  # Any: lists and texts
            kind: _read(folder / f"{kind}.json") for kind in KINDS
        }

    def name(self, kind: str, canonical: str) -> str:
        """What to show for ``canonical``; itself where the lexicon does not hold it."""
        entry = self.entries[kind].get(canonical)
        return canonical if entry is None else str(entry["name"])

    def name_of_any(self, kind: str, canonical: frozenset[str]) -> str | None:
        """What to show for several that one word stands for ("Oscar winners"); None for others."""
        for entry in self.entries[kind].values():
            if len(canonical) > 1 and canonical == frozenset(entry.get("any", ())):
                return str(entry["name"])
        return None

    def text(self, kind: str, canonical: str, form: str) -> str:
        """Another form of a name ("more" of tone "funny": "funnier"); raises ``DataError``."""
        try:
            return str(self.entries[kind][canonical][form])
        except KeyError:
            raise DataError(f"{self.language}/{kind}.json: {canonical} has no {form!r}") from None

    def words(self, kind: str, form: str = "words") -> Mapping[str, str]:
        """Canonical name by what people type, lower case; the first entry wins."""
        typed: dict[str, str] = {}
        for canonical, entry in self.entries[kind].items():
            for word in entry.get(form, ()):
                typed.setdefault(word.lower(), canonical)
        return typed


def load_lexicons(folder: Path) -> Mapping[str, Lexicon]:
    """Every language's lexicon by language code; raises ``DataError`` where there is none."""
    lexicons = {path.name: Lexicon(path) for path in sorted(folder.iterdir()) if path.is_dir()}
    if not lexicons:
        raise DataError(f"no languages in {folder}")
    return lexicons


def _read(path: Path) -> Mapping[str, Mapping[str, Any]]:  # Any: as above
    try:
        entries = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise DataError(f"cannot read {path}: {error}") from error
    if not isinstance(entries, dict):
        raise DataError(f"{path} is not an object")
    for canonical, entry in entries.items():
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            raise DataError(f"{path}: {canonical} has no name")
    return entries
