"""Vectors by text key, in files: the ones shipped with the catalogue and the ones made here.

A vector is kept as one signed byte a number and one scale a row (cosine to the original above
0.9999), so that a film that changed costs only its own texts, and a killed run loses little.
Knows nothing of films or Chroma. Next in the flow: ``rows`` lines vectors up with the catalogue.
"""

from __future__ import annotations

import logging
import os
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.embedding import Encoder, Floats, Progress
from assistant.errors import VectorIndexError
from assistant.index.texts import Keys, text_keys

log = logging.getLogger(__name__)

Codes = npt.NDArray[np.int8]
CHECKPOINT = 1024
"""Texts encoded between two writes: about ten seconds of work to lose."""


@dataclass(frozen=True)
class Vectors:
    """Quantised unit vectors (n of them) by key, keys ascending."""

    keys: Keys
    """(n,) uint64."""
    codes: Codes
    """(n, dim) int8."""
    scales: Floats
    """(n,) float32; codes times scale is the unit vector."""

    def places(self, keys: Keys) -> npt.NDArray[np.int64]:
        """(m,) row of each key, -1 where there is none."""
        if not len(self.keys):
            return np.full(len(keys), -1, np.int64)
        found = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[found] == keys, found, -1)

    def merged(self, other: Vectors) -> Vectors:
        """Both together; where both hold a key, ours stays."""
        keys = np.concatenate([self.keys, other.keys])
        kept_keys, first = np.unique(keys, return_index=True)
        if not len(self.keys) or not len(other.keys):
            return other if not len(self.keys) else self
        codes = np.concatenate([self.codes, other.codes])[first]
        return Vectors(kept_keys, codes, np.concatenate([self.scales, other.scales])[first])

    def only(self, keys: Keys) -> Vectors:
        """Those whose key is among ``keys``."""
        kept = np.isin(self.keys, keys)
        return Vectors(self.keys[kept], self.codes[kept], self.scales[kept])


def no_vectors(dim: int) -> Vectors:
    """Nothing yet, of this width."""
    return Vectors(np.zeros(0, np.uint64), np.zeros((0, dim), np.int8), np.zeros(0, np.float32))


def quantise(vectors: Floats) -> tuple[Codes, Floats]:
    """(n, dim) int8 codes and (n,) scales of unit rows; the largest number becomes 127."""
    scales = np.maximum(np.abs(vectors).max(axis=1, initial=0.0), 1e-12) / 127.0
    codes = np.rint(vectors / scales[:, None]).astype(np.int8)
    return codes, scales.astype(np.float32)


def restore(codes: Codes, scales: Floats) -> Floats:
    """(n, dim) float32 unit rows."""
    vectors = codes.astype(np.float32)
    vectors *= scales[:, None]
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    vectors /= np.maximum(lengths, 1e-12)[:, None]
    return vectors


def read_vectors(folder: Path, fingerprint: str) -> Vectors | None:
    """All vectors of this encoder in ``folder``; None where there are none.

    A file that is damaged or of another encoder is passed over with a warning in the log: its
    texts are encoded again.
    """
    from safetensors import SafetensorError, safe_open

    found: Vectors | None = None
    for path in sorted(folder.glob("*.safetensors")):
        try:
            with safe_open(path, framework="numpy") as file:
                about = file.metadata() or {}
                part = Vectors(*(file.get_tensor(n) for n in ("keys", "codes", "scales")))
        except (OSError, SafetensorError) as error:
            log.warning("%s cannot be read (%s); its texts are encoded again", path, error)
            continue
        if about.get("encoder") != fingerprint:
            log.warning("%s is of another encoder; its texts are encoded again", path)
        elif about.get("sum") != _sum(part):
            log.warning("%s is damaged; its texts are encoded again", path)
        else:
            found = part if found is None else found.merged(part)
    return found


def write_vectors(folder: Path, vectors: Vectors, fingerprint: str, shards: int = 1) -> None:
    """Write ``vectors`` as ``shards`` files by key range; each replaces its old self at once.

    Raises ``VectorIndexError`` where the disk does not take them.
    """
    from safetensors.numpy import save

    folder.mkdir(parents=True, exist_ok=True)
    bounds = [(shard << 64) // shards for shard in range(1, shards)]
    cuts = np.searchsorted(vectors.keys, np.array(bounds, np.uint64))
    edges = [0, *cuts.tolist(), len(vectors.keys)]
    for shard in range(shards):
        begin, end = edges[shard], edges[shard + 1]
        part = Vectors(vectors.keys[begin:end], vectors.codes[begin:end], vectors.scales[begin:end])
        about = {"encoder": fingerprint, "sum": _sum(part)}
        blob = save({"keys": part.keys, "codes": part.codes, "scales": part.scales}, about)
        replace_file(folder / f"vectors-{shard + 1}-of-{shards}.safetensors", blob)


def replace_file(path: Path, blob: bytes) -> None:
    """Put ``blob`` at ``path``, whole or not at all; raises ``VectorIndexError``."""
    beside = path.with_name(path.name + ".new")
    try:
        with beside.open("wb") as out:
            out.write(blob)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise VectorIndexError(
            f"cannot write {path}: {error.strerror or error}; make room there, or set another "
            "place with --home"
        ) from error


def encode_missing(
    texts: Sequence[str],
    known: Vectors | None,
    encoder: Callable[[], Encoder],
    keep: Callable[[Vectors], None],
    progress: Progress | None = None,
) -> Vectors:
    """Vectors of at least all ``texts``: ``known`` ones, and the others encoded now.

    ``keep`` gets all vectors made so far, every ``CHECKPOINT`` texts and at the end; it is not
    called where nothing was missing.
    """
    keys = text_keys(texts)
    missing = np.flatnonzero(known.places(keys) < 0) if known is not None else np.arange(len(keys))
    if not len(missing) and known is not None:
        return known
    ready = encoder()
    made = no_vectors(ready.dim)
    unique = missing[np.unique(keys[missing], return_index=True)[1]]
    for start in range(0, len(unique), CHECKPOINT):
        rows = unique[start : start + CHECKPOINT]
        fresh = ready.encode([texts[row] for row in rows])
        codes, scales = quantise(fresh)
        made = made.merged(_sorted(keys[rows], codes, scales))
        keep(made)
        if progress is not None:
            progress(start + len(rows), len(unique))
    return made if known is None else known.merged(made)


def _sorted(keys: Keys, codes: Codes, scales: Floats) -> Vectors:
    order = np.argsort(keys)
    return Vectors(keys[order], codes[order], scales[order])


def _sum(vectors: Vectors) -> str:
    total = 0
    for array in (vectors.keys, vectors.codes, vectors.scales):
        total = zlib.crc32(array.tobytes(), total)
    return f"{total:08x}"
