"""How typical films are of each main genre they have: Se7en is more of a thriller than Jurassic
Park is, and both are filed as one.

Genre names say yes or no. What films of a genre are like is learned from the films described by
hand, by ridge regression from tone and themes to genre names. Knows nothing of what anybody wants.
Next in the flow: ``space`` holds the columns, ``scoring`` reads those of an asked genre.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float32]

RIDGE = 3.0
"""Keeps themes that few films have from deciding alone."""
LEAST, MOST = 0.1, 0.9
"""Quantiles, among the films that have a genre, of what counts as 0 and as 1."""
ENOUGH = 30
"""Films of a genre from which it is learned what is typical of it; with fewer, all are."""


def typicality(
    tone: Floats, themes: sparse.csr_array, genres: Floats, described: npt.NDArray[np.bool_]
) -> Floats:
    """(n, genres) 0-1, 0 where a film does not have a genre.

    ``tone`` is (n, tones) 0-1, ``themes`` (n, themes) with rows of unit length, ``genres``
    (n, genres) 0 or 1; it is learned from the rows that are ``described``.
    """
    known = sparse.csr_array(
        sparse.hstack([np.ones((len(tone), 1), np.float32), sparse.csr_array(tone), themes])
    )
    taught = known[described]
    gram = (taught.T @ taught).toarray() + RIDGE * np.eye(known.shape[1])
    slopes = np.linalg.solve(gram, taught.T @ genres[described])
    likely = known @ slopes
    typical = np.zeros(genres.shape, np.float32)
    for column in range(genres.shape[1]):
        has = genres[:, column] > 0
        sure = has & described
        if sure.sum() < ENOUGH:
            typical[has, column] = 1.0
            continue
        low, high = np.quantile(likely[sure, column], (LEAST, MOST))
        typical[has, column] = np.clip((likely[has, column] - low) / max(high - low, 1e-6), 0, 1)
    return typical
