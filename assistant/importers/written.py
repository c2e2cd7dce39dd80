"""What was written about films by hand, read from its files: descriptions, neighbours, marks.

Descriptions stand in a folder of ``*.jsonl``; what was written after them stands in a folder of its
own: ``descriptions.jsonl`` of more films, ``neighbours.jsonl`` with further neighbours of films
described before, ``renown.jsonl`` with marks. Knows nothing of facts. Next in the flow: ``build``
joins them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from assistant.catalogue import RENOWN, RENOWN_MOST
from assistant.errors import DataError, ProblemsError

Record = Mapping[str, Any]  # Any: parsed JSON; ``parse_film`` checks every field


def read_themes(path: Path) -> frozenset[str]:
    """The theme vocabulary: one theme a line, lines that begin with # are headings."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error
    return frozenset(line.strip() for line in lines if line.strip() and line[0] != "#")


def read_descriptions(authored: Path, later: Path | None) -> dict[str, Record]:
    """Our descriptions by film id: those of the folder ``authored``, then those of the folder
    ``later``, if any, for other films; further neighbours stand behind a film's own.

    Raises ``DataError`` where there is none, ``ProblemsError`` with every line that is no record,
    is given twice, or gives no list of neighbours or gives it to a film without a description.
    """
    written: dict[str, Record] = {}
    for path in sorted(authored.glob("*.jsonl")):
        written.update(_by_id(path))
    if not written:
        raise DataError(f"no *.jsonl in {authored}")
    if later is None:
        return written
    more, further = later / "descriptions.jsonl", later / "neighbours.jsonl"
    if more.exists():
        written = {**_by_id(more), **written}
    if further.exists():
        rows = _by_id(further)
        bare = [i for i, row in rows.items() if not isinstance(row.get("similar"), list)]
        if bare:
            raise ProblemsError(f"{further} has problems:", [f"{i}: no similar" for i in bare])
        if strange := sorted(rows.keys() - written.keys()):
            raise ProblemsError(
                f"{further} has problems:", [f"{i}: no description" for i in strange]
            )
        for film_id, row in rows.items():
            text = written[film_id]
            written[film_id] = {**text, "similar": [*text["similar"], *row["similar"]]}
    return written


def read_renown(later: Path) -> Mapping[str, tuple[float, ...]]:
    """Marks by film id from the folder ``later``; empty where it has none.

    Raises ``ProblemsError`` with every film whose marks are not as ``RENOWN`` has them.
    """
    path = later / "renown.jsonl"
    if not path.exists():
        return {}
    marks = {film_id: row.get("renown") for film_id, row in _by_id(path).items()}
    wrong = [f"{film_id}: {found!r}" for film_id, found in marks.items() if not _are_marks(found)]
    if wrong:
        raise ProblemsError(f"{path} has marks that are not {len(RENOWN)} numbers:", wrong)
    return {film_id: tuple(found) for film_id, found in marks.items() if found}


def _are_marks(found: object) -> bool:
    return (
        isinstance(found, list)
        and len(found) == len(RENOWN)
        and all(type(mark) in (int, float) and 0 <= mark <= RENOWN_MOST for mark in found)
    )


def read_rows(path: Path) -> tuple[list[Record], list[str]]:
    """The JSON objects of one file, and a line for each that has no id, title or year."""
    rows: dict[str, Record] = {}
    problems: list[str] = []
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error
    for number, line in enumerate(lines, start=1):
        where = f"{path.name}:{number}"
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            problems.append(f"{where}: not JSON ({error})")
            continue
        if not isinstance(row, dict) or not all(row.get(n) for n in ("id", "title", "year")):
            problems.append(f"{where}: no id, title or year")
        elif row["id"] in rows:
            problems.append(f"{where}: {row['id']} was given before")
        else:
            rows[row["id"]] = row
    return list(rows.values()), problems


def _by_id(path: Path) -> dict[str, Record]:
    rows, wrong = read_rows(path)
    if wrong:
        raise ProblemsError(f"{path} has problems:", wrong)
    return {str(row["id"]): row for row in rows}
