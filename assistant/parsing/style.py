"""Whether films are wanted for their manner ("the same vibe as …") rather than their subject.

The words are those of ``grammar/style.json`` of every language. Knows nothing of which films.
Next in the flow: ``parser`` marks the wants.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import orjson

from assistant.errors import DataError


class StyleWords:
    """The words that ask for manner, of all languages; a value once loaded."""

    def __init__(self, languages: Path) -> None:
        """Raises ``DataError`` where a language's list is missing or empty."""
        patterns: list[str] = []
        for folder in sorted(path for path in languages.iterdir() if path.is_dir()):
            patterns += _read(folder / "grammar" / "style.json")
        self._pattern = re.compile("|".join(patterns), re.IGNORECASE)

    def in_text(self, text: str) -> bool:
        """Whether any of the words stands in ``text``."""
        return self._pattern.search(text) is not None


def _read(path: Path) -> Sequence[str]:
    try:
        words = orjson.loads(path.read_bytes())["words"]
    except (OSError, KeyError, TypeError, orjson.JSONDecodeError) as error:
        raise DataError(f"cannot read {path} ({error!r}); restore it") from error
    if not words or not all(isinstance(word, str) and word for word in words):
        raise DataError(f"{path} holds no words")
    # Letters of spaced scripts must end at a word's edge; Chinese has none.
    return [rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w) for w in words]
