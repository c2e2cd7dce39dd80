"""Every sentence the program says itself, from ``prompts/<language>/<name>.txt``.

A file holds alternatives, one a line; lines that begin with ``#`` are comments. ``{name}`` marks
a variable. A missing or unused variable raises: at load time where alternatives of one file
disagree, at render time where the caller's values do not match. Knows nothing of facts or films.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import DataError

_VARIABLE = re.compile(r"\{([a-z_0-9]+)\}")


class Prompts:
    """Sentences by language and name; a value once loaded."""

    def __init__(self, folder: Path) -> None:
        """Raises ``DataError`` where files are missing, empty or disagree about variables."""
        self.languages = tuple(sorted(p.name for p in folder.iterdir() if p.is_dir()))
        self._lines: dict[tuple[str, str], tuple[str, ...]] = {}
        for language in self.languages:
            for path in sorted((folder / language).glob("*.txt")):
                self._lines[language, path.stem] = _read(path)
        names = {name for _, name in self._lines}
        for name in sorted(names):
            variables = set()
            for language in self.languages:
                if (language, name) not in self._lines:
                    raise DataError(f"prompts/{language}/{name}.txt is missing")
                variables.add(frozenset(_VARIABLE.findall(self._lines[language, name][0])))
            if len(variables) > 1:
                raise DataError(f"prompts/*/{name}.txt use different variables: {variables}")

    def names(self) -> frozenset[str]:
        """Names that can be rendered."""
        return frozenset(name for _, name in self._lines)

    def lines(self, name: str, language: str) -> tuple[str, ...]:
        """All alternatives of one sentence; raises ``DataError`` for an unknown name."""
        try:
            return self._lines[language, name]
        except KeyError:
            raise DataError(f"no prompt {name!r} in language {language!r}") from None

    def render(
        self, name: str, language: str, values: Mapping[str, str] | None = None, pick: int = 0
    ) -> str:
        """One alternative (number ``pick`` modulo how many there are) with its variables filled.

        Raises ``DataError`` where ``values`` and the sentence's variables are not the same set.
        """
        lines = self.lines(name, language)
        line = lines[pick % len(lines)]
        given = values or {}
        wanted = set(_VARIABLE.findall(line))
        if wanted != given.keys():
            raise DataError(
                f"prompt {language}/{name} takes {sorted(wanted)}, was given {sorted(given)}"
            )
        return _VARIABLE.sub(lambda match: given[match[1]], line)


def _read(path: Path) -> tuple[str, ...]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot read {path}: {error}") from error
    lines = tuple(
        line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")
    )
    if not lines:
        raise DataError(f"{path} holds no sentence")
    if len({frozenset(_VARIABLE.findall(line)) for line in lines}) > 1:
        raise DataError(f"the alternatives in {path} use different variables")
    return lines
