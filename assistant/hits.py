"""Which films everybody went to see in their year: the biggest in cinemas and the talk of prizes.

Written from what is common knowledge of film history, year by year, the biggest first; no chart,
count or rating of anyone is kept. Today's fame cannot tell it: a film can be loved more with the
years, as many are that hardly anybody saw at first, and another be forgotten that filled every
cinema. Knows nothing of wants or scores. Next in the flow: ``space`` keeps it as a column.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson

from assistant.catalogue import Catalogue
from assistant.errors import DataError

Floats = npt.NDArray[np.float32]

HITS_FILE = "hits.json"
"""Year to film ids, the biggest first."""
DEPTH = 60
"""Places of a year's list that count; hardly anybody could name the hit behind them."""


def load_hits(path: Path, catalogue: Catalogue) -> Floats:
    """(n,) 0-1 in the order of ``catalogue.films``: 1 the biggest hit of its year, 0 no hit.

    Falls off with the logarithm of the place. Ids that the catalogue lacks only take a place.
    Raises ``DataError`` for a file that is missing or no lists of ids by year.
    """
    hits = np.zeros(len(catalogue), np.float32)
    try:
        years = {int(year): list(ids) for year, ids in orjson.loads(path.read_bytes()).items()}
    except (OSError, AttributeError, TypeError, ValueError) as error:
        raise DataError(f"cannot read {path} ({error!r}); restore it") from error
    for year, ids in years.items():
        for place, film_id in enumerate(ids[:DEPTH]):
            if not isinstance(film_id, str):
                raise DataError(f"{path} holds {film_id!r} for {year}, not a film id; restore it")
            if film_id in catalogue:
                hits[catalogue.row[film_id]] = 1.0 - np.log1p(place) / np.log1p(DEPTH)
    return hits
