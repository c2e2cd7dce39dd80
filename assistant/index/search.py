"""The index: what of the catalogue is nearest to a vector.

Chroma finds the nearest texts; a matrix of the same vectors beside it gives exact likeness of
every film. Both are a cache under the home folder, made from the catalogue and the shipped
vectors, checked when opened and brought up to date or rebuilt when they do not match:

    index/<encoder>-<schema>/ chroma/ rows.safetensors own/ (vectors made here) manifest.json

Knows nothing of wishes or scores. Next in the flow: ``retrieval`` collects candidates from it.
"""

from __future__ import annotations

import logging
import shutil
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from assistant.catalogue import Catalogue
from assistant.config import Settings
from assistant.embedding import Encoder, Floats, Progress
from assistant.errors import VectorIndexError
from assistant.index import chroma
from assistant.index.chroma import Vault
from assistant.index.rows import Ints, Layout, Matrix, Rows, fill, film_and_kind, lay_out
from assistant.index.texts import KINDS
from assistant.index.vectors import (
    Vectors,
    encode_missing,
    read_vectors,
    replace_file,
    restore,
    write_vectors,
)

log = logging.getLogger(__name__)

SCHEMA = 1
"""Raised whenever texts, rows or files change their form."""


@dataclass(frozen=True)
class Hit:
    """A text of a film near to what was asked."""

    film_id: str
    kind: str
    """From ``index.texts.KINDS``."""
    similarity: float
    """Cosine, -1 to 1."""


class Index:
    """An open index over a catalogue. Safe to share by threads; ``close`` when done."""

    def __init__(self, place: Path, matrix: Matrix, vault: Vault) -> None:
        self._place = place
        self._matrix = matrix
        self._vault = vault
        self.film_vectors: Floats = matrix.film_vectors
        """(n, dim) float32: unit mean of each film's vectors, in ``catalogue.films`` order."""

    @classmethod
    def open(
        cls,
        folder: Path,
        catalogue: Catalogue,
        encoder: Callable[[], Encoder],
        progress: Progress | None = None,
        *,
        shipped: Path | None = None,
        fingerprint: str | None = None,
    ) -> Index:
        """The index in ``folder``, made, mended or brought up to date where that is needed.

        ``encoder`` is called only when texts must be encoded, or to learn its fingerprint where
        ``fingerprint`` is None. ``shipped`` is the folder of ready vectors (default: the bundled
        one). ``progress`` gets (done, total) steps while there is work. The caller holds the home
        lock. Raises ``VectorIndexError``.
        """
        fingerprint = fingerprint or encoder().fingerprint
        place = _place(folder, fingerprint)
        manifest = _read_manifest(place)
        rows = None
        if _matches(manifest, catalogue):
            rows = _read_rows(place, manifest)
        if rows is not None:
            vault = _trusted_vault(place, len(rows.films), manifest.get("stamp"))
            if vault is not None:
                return cls(place, Matrix(rows, len(catalogue)), vault)
        builder = _Builder(place, catalogue, fingerprint, shipped or Settings().data / "vectors")
        rows, vault = builder.build(encoder, progress)
        _remove_others(folder, place)
        return cls(place, Matrix(rows, len(catalogue)), vault)

    def search(self, vector: Floats, limit: int) -> list[Hit]:
        """About the ``limit`` texts nearest to a (dim,) unit vector, best first."""
        if limit < 1:
            return []
        return [
            Hit(*film_and_kind(name), similarity)
            for name, similarity in self._vault.nearest(vector, limit)
        ]

    def similarity(self, vector: Floats, rows: Ints | None = None) -> Floats:
        """Exact cosine of each film's best text: (n,) float32, or of the films at ``rows``."""
        best = self._matrix.best(vector)
        return best if rows is None else best[rows]

    def similarity_by_kind(self, vector: Floats) -> Mapping[str, Floats]:
        """The same for each kind of text, (n,) float32 each; 0 where a film has none."""
        return self._matrix.by_kind(vector)

    def means_by_kind(self) -> Mapping[str, tuple[Ints, Floats]]:
        """By kind of text: the rows of the films that have any, ascending, and the mean of each
        one's vectors, (k,) and (k, dim) float32, not scaled."""
        return {kind: self._matrix.kind_means(kind) for kind in KINDS}

    def close(self) -> None:
        """Let go of the files, and note their state so that the next opening can trust them."""
        self._vault.close()
        manifest = _read_manifest(self._place)
        if manifest:
            _write_manifest(
                self._place, {**manifest, "stamp": chroma.stamp(_vault_of(self._place))}
            )


def is_current(folder: Path, catalogue: Catalogue, encoder: Encoder) -> bool:
    """Whether ``folder`` holds the whole index of this catalogue and encoder."""
    place = _place(folder, encoder.fingerprint)
    manifest = _read_manifest(place)
    return _matches(manifest, catalogue) and _read_rows(place, manifest) is not None


def remove_index(folder: Path) -> None:
    """Throw the index away; the next ``Index.open`` makes it anew."""
    if folder.exists():
        chroma.wipe(folder)


class _Builder:
    """Makes what is missing; whatever a killed run finished is found again and kept."""

    def __init__(self, place: Path, catalogue: Catalogue, fingerprint: str, shipped: Path) -> None:
        self._place = place
        self._catalogue = catalogue
        self._fingerprint = fingerprint
        self._shipped = shipped

    def build(
        self, encoder: Callable[[], Encoder], progress: Progress | None
    ) -> tuple[Rows, Vault]:
        """Rows and an open vault that hold the catalogue, and the manifest that says so."""
        try:
            self._place.mkdir(parents=True, exist_ok=True)
            (self._place / "manifest.json").unlink(missing_ok=True)
        except OSError as error:
            raise VectorIndexError(
                f"cannot use {self._place}: {error.strerror or error}"
            ) from error
        layout = lay_out(self._catalogue)
        known = self._known()
        vault = _mended_vault(self._place)
        try:
            have = set(vault.names())
            new = np.array([i for i, name in enumerate(layout.ids) if name not in have], np.int64)
            steps = _Steps(progress, _missing(layout, known), len(new))
            vectors = encode_missing(layout.texts, known, encoder, self._keep, steps.encoded)
            rows = fill(layout, vectors)
            vault.remove(sorted(have.difference(layout.ids)))
            for start in range(0, len(new), chroma.BATCH):
                batch = new[start : start + chroma.BATCH]
                names = [layout.ids[row] for row in batch.tolist()]
                vault.add(names, restore(rows.codes[batch], rows.scales[batch]))
                steps.stored(start + len(batch))
            if vault.count() != len(layout.ids):
                raise VectorIndexError(f"the vector index lost films; {chroma.MEND}")
            self._finish(rows)
        except BaseException:
            vault.close()
            raise
        return rows, vault

    def _known(self) -> Vectors | None:
        """Shipped vectors and those made here, of this encoder."""
        ready = read_vectors(self._shipped, self._fingerprint)
        self._own = read_vectors(self._place / "own", self._fingerprint)
        if ready is None or self._own is None:
            return ready or self._own
        return ready.merged(self._own)

    def _keep(self, made: Vectors) -> None:
        own = made if self._own is None else self._own.merged(made)
        write_vectors(self._place / "own", own, self._fingerprint)

    def _finish(self, rows: Rows) -> None:
        from safetensors.numpy import save

        arrays = {
            "codes": rows.codes,
            "scales": rows.scales,
            "films": rows.films,
            "kinds": rows.kinds,
        }
        blob = save({name: np.ascontiguousarray(array) for name, array in arrays.items()})
        replace_file(self._place / "rows.safetensors", blob)
        _write_manifest(
            self._place,
            {
                "schema": SCHEMA,
                "catalogue": self._catalogue.fingerprint,
                "encoder": self._fingerprint,
                "rows": len(rows.films),
                "sum": zlib.crc32(blob),
            },
        )
        log.info("index ready: %d texts of %d films", len(rows.films), len(self._catalogue))


class _Steps:
    """One count over both kinds of work: texts to encode, then vectors to store."""

    def __init__(self, progress: Progress | None, to_encode: int, to_store: int) -> None:
        self._progress = progress
        self._to_encode = to_encode
        self._total = to_encode + to_store

    def encoded(self, done: int, _: int) -> None:
        if self._progress is not None:
            self._progress(done, self._total)

    def stored(self, done: int) -> None:
        self.encoded(self._to_encode + done, 0)


def _missing(layout: Layout, known: Vectors | None) -> int:
    keys = np.unique(layout.keys)
    return len(keys) if known is None else int((known.places(keys) < 0).sum())


def _place(folder: Path, fingerprint: str) -> Path:
    return folder / f"{fingerprint[:12]}-{SCHEMA}"


def _vault_of(place: Path) -> Path:
    return place / "chroma"


def _remove_others(folder: Path, place: Path) -> None:
    """Remove what other encoders and older versions left behind."""
    for other in folder.iterdir():
        if other != place and other.is_dir():
            shutil.rmtree(other, ignore_errors=True)


def _read_manifest(place: Path) -> Mapping[str, object]:
    """The manifest; empty where there is none or it makes no sense."""
    try:
        manifest = orjson.loads((place / "manifest.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _write_manifest(place: Path, manifest: Mapping[str, object]) -> None:
    replace_file(place / "manifest.json", orjson.dumps(manifest))


def _matches(manifest: Mapping[str, object], catalogue: Catalogue) -> bool:
    """Whether the manifest is of this catalogue; the place already tells encoder and schema."""
    return manifest.get("catalogue") == catalogue.fingerprint


def _read_rows(place: Path, manifest: Mapping[str, object]) -> Rows | None:
    """The rows the manifest speaks of; None where they are missing or damaged."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        blob = (place / "rows.safetensors").read_bytes()
        if zlib.crc32(blob) != manifest.get("sum"):
            log.warning("%s is damaged and made again", place / "rows.safetensors")
            return None
        arrays = load(blob)
        return Rows(arrays["codes"], arrays["scales"], arrays["films"], arrays["kinds"])
    except (OSError, SafetensorError, KeyError):
        return None


def _trusted_vault(place: Path, expected: int, stamp: object) -> Vault | None:
    """The vault, where its files are as the last run left them or a probe finds them sound."""
    folder = _vault_of(place)
    if not folder.is_dir():
        return None
    if stamp != chroma.stamp(folder) and not chroma.is_sound(folder, expected):
        log.warning("%s is damaged and made again", folder)
        chroma.wipe(folder)
        return None
    try:
        vault = Vault(folder)
        if vault.count() == expected:
            return vault
        vault.close()
    except VectorIndexError as error:
        log.warning("%s cannot be used and is made again: %s", folder, error)
        chroma.wipe(folder)
    return None


def _mended_vault(place: Path) -> Vault:
    """The vault as far as it was built, or an empty one where it is damaged."""
    folder = _vault_of(place)
    if folder.is_dir() and not chroma.is_sound(folder, expected=None):
        log.warning("%s is damaged and made again", folder)
        chroma.wipe(folder)
    return Vault(folder)
