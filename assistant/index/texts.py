"""What of a film is embedded: its texts by kind, and the short key each text is known by.

Knows nothing of vectors. Next in the flow: ``vectors`` keeps a vector for each key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from assistant.catalogue import Film
from assistant.embedding import standardise

Keys = npt.NDArray[np.uint64]

KINDS = ("synopsis", "themes", "request", "facts")
"""Kinds of text: a described film has the first three (each typical request is a text of its
own), any other film has "facts"."""


def film_texts(film: Film) -> tuple[tuple[str, str], ...]:
    """(kind, text) of every text of ``film``, cleaned, none empty, none twice.

    A film with a synopsis, themes or requests of its own is embedded by those; another by one
    line of facts: title, year, genres, themes, directors.
    """
    texts = [("synopsis", standardise(film.synopsis))]
    if film.described:
        texts.append(("themes", standardise(", ".join(film.themes + film.keywords))))
    texts += [("request", standardise(request)) for request in film.requests]
    kept = tuple(dict.fromkeys((kind, text) for kind, text in texts if text))
    return kept or (("facts", standardise(_facts_line(film))),)


def text_keys(texts: Sequence[str]) -> Keys:
    """(n,) 64-bit keys: the first 8 bytes of each text's sha256, big-endian."""
    digests = b"".join(hashlib.sha256(text.encode()).digest()[:8] for text in texts)
    return np.frombuffer(digests, ">u8").astype(np.uint64)


def _facts_line(film: Film) -> str:
    parts = [f"{film.title} ({film.year})"]
    for words in (film.all_genres, film.themes + film.keywords):
        if words:
            parts.append(", ".join(words))
    if film.directors:
        parts.append(f"directed by {', '.join(film.directors)}")
    return ". ".join(parts)
