"""Which studio, series or prize list a film belongs to, as ``data/collections.json`` has it.

The file holds ids by collection, written by hand; this turns it round. Ids of films that a
catalogue does not hold are no mistake. Next in the flow: ``build`` writes the names into films.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import orjson

from assistant.errors import DataError


def load_memberships(path: Path) -> Mapping[str, tuple[str, ...]]:
    """Names of the collections by film id, in the file's order; raises ``DataError``."""
    try:
        record = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise DataError(f"cannot read {path}: {error}; restore it") from error
    if not isinstance(record, dict):
        raise DataError(f"{path} is not an object of collections; restore it")
    names: dict[str, list[str]] = defaultdict(list)
    for name, ids in record.items():
        if not isinstance(ids, list) or not all(isinstance(i, str) and i for i in ids):
            raise DataError(f"{path}: {name} is not a list of film ids; restore it")
        for film_id in dict.fromkeys(ids):
            names[film_id].append(name)
    return {film_id: tuple(held) for film_id, held in names.items()}
