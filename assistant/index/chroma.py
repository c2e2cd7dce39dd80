"""The one door to Chroma: a folder with one collection of named vectors.

Knows nothing of films: names and vectors in, names and likeness out. The folder is a cache that
``search`` rebuilds whenever it cannot be trusted; a damaged one can end the process that opens
it, so ``is_sound`` looks from a process of its own. Only our own folders are ever opened: Chroma
can load a model that a stranger's folder names. Next in the flow: ``search``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.embedding import Floats
from assistant.errors import VectorIndexError

COLLECTION = "films"
BATCH = 4000
"""Vectors an insert; Chroma takes at most 5,461."""
HNSW = {
    "space": "cosine",
    "ef_construction": 80,
    "max_neighbors": 16,
    "ef_search": 400,
    "batch_size": 1000,
    "sync_threshold": 1000,
}
"""Recall at 400 above 0.97 on the bundled catalogue; larger ``ef_construction`` gains little and
builds slower. What is not yet synced is indexed again at every opening, so syncs are frequent."""
PROBE_S = 60
"""Seconds a probe may take before its folder counts as damaged."""
MEND = "run `matinee index --rebuild`"


class Vault:
    """An open collection. Not to be opened by two processes: the home lock sees to that."""

    def __init__(self, folder: Path) -> None:
        """Open or make the collection in ``folder``; raises ``VectorIndexError``."""
        import chromadb
        from chromadb.config import Settings

        folder.mkdir(parents=True, exist_ok=True)
        with _translated("open"):
            self._client = chromadb.PersistentClient(
                path=str(folder), settings=Settings(anonymized_telemetry=False)
            )
        try:
            with _translated("open"):
                self._films = self._client.get_or_create_collection(
                    COLLECTION, embedding_function=None, configuration={"hnsw": HNSW}
                )
        except VectorIndexError:
            self._client.close()
            raise

    def names(self) -> list[str]:
        """Every vector's name."""
        with _translated("read the names in"):
            return list(self._films.get(include=[])["ids"])

    def add(self, names: Sequence[str], vectors: Floats) -> None:
        """Store (n, dim) vectors under new names, at most ``BATCH`` of them."""
        with _translated("write to"):
            self._films.add(ids=list(names), embeddings=vectors)

    def remove(self, names: Sequence[str]) -> None:
        """Forget these names."""
        for start in range(0, len(names), BATCH):
            with _translated("remove from"):
                self._films.delete(ids=list(names[start : start + BATCH]))

    def count(self) -> int:
        """How many vectors there are."""
        with _translated("count"):
            return int(self._films.count())

    def nearest(self, vector: Floats, limit: int) -> list[tuple[str, float]]:
        """(name, cosine) of about the ``limit`` nearest, best first, ties by name."""
        with _translated("query"):
            found = self._films.query(
                query_embeddings=[vector], n_results=limit, include=["distances"]
            )
        distances = found["distances"] or [[]]
        pairs = [
            (name, 1.0 - float(distance))
            for name, distance in zip(found["ids"][0], distances[0], strict=True)
        ]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()


def is_sound(folder: Path, expected: int | None) -> bool:
    """Whether the collection in ``folder`` opens, answers and holds ``expected`` vectors (None:
    however many). Asks a process of its own, about a second.
    """
    probe = str(Path(__file__).with_name("probe.py"))
    held = "-1" if expected is None else str(expected)
    try:
        done = subprocess.run(  # noqa: S603  # our own file and folder
            [sys.executable, "-P", probe, str(folder), COLLECTION, held],
            capture_output=True,
            timeout=PROBE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def stamp(folder: Path) -> dict[str, list[int]]:
    """Size of every file by its path in ``folder``, with its time where opening keeps that."""
    stamps: dict[str, list[int]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            about = path.stat()
            touched = path.suffix.startswith(".sqlite3")  # by every opening
            stamps[str(path.relative_to(folder))] = [
                about.st_size,
                0 if touched else about.st_mtime_ns,
            ]
    return stamps


def wipe(folder: Path) -> None:
    """Remove ``folder``; no vault may be open on it."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        raise VectorIndexError(f"cannot remove {folder}; remove it by hand and start again")


@contextmanager
def _translated(doing: str) -> Iterator[None]:
    """Chroma's exceptions as ours."""
    import sqlite3

    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, OSError, sqlite3.Error, RuntimeError, ValueError) as error:
        text = " ".join(str(error).split())[:200]
        raise VectorIndexError(f"cannot {doing} the vector index ({text}); {MEND}") from error
