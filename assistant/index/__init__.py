"""Several vectors a film, nearest first: Chroma, and an exact matrix beside it."""

from assistant.index.search import Hit, Index, is_current, remove_index
from assistant.index.ship import build_vectors
from assistant.index.texts import KINDS, film_texts

__all__ = [
    "KINDS",
    "Hit",
    "Index",
    "build_vectors",
    "film_texts",
    "is_current",
    "remove_index",
]
