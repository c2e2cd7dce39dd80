"""The page's own texts in every language, from ``data/languages/<language>/page.json``.

Layer 0. What the assistant says is in ``prompts``; what things in films are called is in
``lexicon``. Next in the flow: ``cards`` puts these texts round films.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from assistant.errors import DataError

DEFAULT = "en"


class Texts:
    """The texts of one language; a value once loaded."""

    def __init__(self, language: str, entries: Mapping[str, Any]) -> None:  # Any: text or list
        self.language = language
        self._entries = entries

    def __getitem__(self, name: str) -> str:
        """The text called ``name``; raises ``DataError`` where there is none."""
        try:
            return str(self._entries[name])
        except KeyError:
            raise DataError(f"{self.language}/page.json has no text {name!r}") from None

    def fill(self, name: str, **values: object) -> str:
        """The text with its ``{variables}`` filled, in one pass: values are never filled again."""
        try:
            return self[name].format_map(values)
        except (KeyError, ValueError) as error:
            raise DataError(f"{self.language}/page.json {name}: {error!r}") from error

    def many(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self._entries.get(name)
        if not isinstance(value, list):
            raise DataError(f"{self.language}/page.json: {name!r} is not a list")
        return tuple(str(item) for item in value)

    def names(self) -> frozenset[str]:
        """Every text's name."""
        return frozenset(self._entries)


def load_texts(folder: Path) -> Mapping[str, Texts]:
    """Texts by language code, English first.

    Raises ``DataError`` where a file cannot be read, English is missing, or two languages do not
    hold the same names.
    """
    found: dict[str, Texts] = {}
    for path in sorted(folder.glob("*/page.json")):
        try:
            entries = orjson.loads(path.read_bytes())
        except (OSError, orjson.JSONDecodeError) as error:
            raise DataError(f"cannot read {path} ({error}); restore it") from error
        if not isinstance(entries, dict):
            raise DataError(f"{path} is not an object of texts")
        found[path.parent.name] = Texts(path.parent.name, entries)
    if DEFAULT not in found:
        raise DataError(f"{folder}/{DEFAULT}/page.json is missing; restore it")
    for language, texts in found.items():
        differing = texts.names() ^ found[DEFAULT].names()
        if differing:
            raise DataError(f"{language}/page.json and {DEFAULT}'s differ in {sorted(differing)}")
    return found


def choose(languages: Mapping[str, Texts], header: str, wish: str | None = None) -> Texts:
    """Texts in the wished language, else the best of an ``Accept-Language`` header, else English.

    ``header`` follows RFC 9110: "zh-CN,zh;q=0.9,en;q=0.8". Anything unreadable counts for nothing.
    """
    if wish is not None and wish in languages:
        return languages[wish]
    ranked: list[tuple[float, int, str]] = []
    for place, item in enumerate(header[:500].split(",")):
        tag, _, quality = item.strip().partition(";")
        code = tag.strip().lower().partition("-")[0]
        try:
            weight = float(quality.strip().removeprefix("q=")) if quality else 1.0
        except ValueError:
            continue
        if code in languages and weight > 0:
            ranked.append((-weight, place, code))
    return languages[min(ranked)[2]] if ranked else languages[DEFAULT]
