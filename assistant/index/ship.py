"""The vectors that ship with the catalogue, so that a first start encodes nothing.

Knows nothing of Chroma or of the home folder. ``search`` reads what this wrote.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from assistant.catalogue import Catalogue
from assistant.embedding import Encoder, Progress
from assistant.index.texts import film_texts, text_keys
from assistant.index.vectors import Vectors, encode_missing, read_vectors, write_vectors

SHARDS = 4
"""Files of about 3 MB each for 33,000 texts."""


def build_vectors(
    catalogue: Catalogue, encoder: Encoder, folder: Path, progress: Progress | None = None
) -> int:
    """Bring ``folder`` up to date for all texts of ``catalogue``; how many texts it now holds.

    Only texts without a vector are encoded; vectors of texts that are gone are dropped. A run
    that is cut off is continued by the next.
    """
    texts = sorted({text for film in catalogue for _, text in film_texts(film)})
    known = read_vectors(folder, encoder.fingerprint)

    def keep(made: Vectors) -> None:
        so_far = made if known is None else known.merged(made)
        write_vectors(folder, so_far, encoder.fingerprint, SHARDS)

    vectors = encode_missing(texts, known, lambda: encoder, keep, progress)
    keys = np.unique(text_keys(texts))
    kept = vectors.only(keys)
    if len(kept.keys) != len(vectors.keys) or known is None or len(known.keys) != len(keys):
        write_vectors(folder, kept, encoder.fingerprint, SHARDS)
    return len(kept.keys)
