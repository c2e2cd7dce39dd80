"""The index on a tiny catalogue: built, opened again, mended, kept up to date."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from assistant.catalogue import Catalogue, Film
from assistant.config import Settings
from assistant.embedding import BUNDLED_SHA256, Encoder, Floats, Progress
from assistant.errors import VectorIndexError
from assistant.index import Index, build_vectors, film_texts, is_current, remove_index
from assistant.index.rows import lay_out
from assistant.index.texts import text_keys
from assistant.index.vectors import (
    CHECKPOINT,
    Vectors,
    encode_missing,
    quantise,
    read_vectors,
    restore,
    write_vectors,
)
from tests.conftest import tiny_films

DIM = 16


class WordEncoder:
    """A light encoder: each word has a fixed direction, a text is the sum of its words'."""

    dim = DIM

    def __init__(self, fingerprint: str = "f" * 64, fail_after: int | None = None) -> None:
        self.fingerprint = fingerprint
        self.encoded: list[str] = []
        self._fail_after = fail_after

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        if self._fail_after is not None and len(self.encoded) >= self._fail_after:
            raise KeyboardInterrupt
        self.encoded += texts
        rows = np.zeros((len(texts), DIM), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split() or [""]:
                seed = int(text_keys([word])[0])
                row += np.random.default_rng(seed).normal(size=DIM).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


Opening = Callable[..., Index]


@pytest.fixture
def films() -> Catalogue:
    return Catalogue(tiny_films())


@pytest.fixture
def opening(tmp_path: Path) -> Iterator[Opening]:
    """Opens the index of this test; everything opened is closed at the end."""
    opened: list[Index] = []

    def open_(
        catalogue: Catalogue, encoder: WordEncoder, progress: Progress | None = None
    ) -> Index:
        index = Index.open(
            tmp_path / "index",
            catalogue,
            lambda: cast(Encoder, encoder),
            progress,
            shipped=tmp_path / "shipped",
        )
        opened.append(index)
        return index

    yield open_
    for index in opened:
        index.close()


def everything(catalogue: Catalogue) -> set[str]:
    return {text for film in catalogue for _, text in film_texts(film)}


def ids(index: Index, vector: Floats) -> list[str]:
    return [hit.film_id for hit in index.search(vector, 50)]


def test_a_described_film_has_a_text_of_each_kind_and_another_one_line_of_facts() -> None:
    described, other = tiny_films()[0], tiny_films()[3]
    assert [kind for kind, _ in film_texts(described)] == ["synopsis", "themes", "request"]
    assert film_texts(other) == (
        ("facts", "Night Harbour (1982). Horror, Thriller. haunted places. directed by Sam Voss"),
    )


def test_texts_are_cleaned_and_none_is_given_twice() -> None:
    film = Film(
        "x", "X", 2000, synopsis="A\n\x00 b", requests=("same", "same "), source="described"
    )
    assert film_texts(film) == (("synopsis", "A b"), ("request", "same"))


def test_the_text_that_is_asked_for_is_found_first(opening: Opening, films: Catalogue) -> None:
    encoder = WordEncoder()
    index = opening(films, encoder)
    hit = index.search(encoder.encode(["a prison drama that leaves you hopeful"])[0], 3)[0]
    assert (hit.film_id, hit.kind) == ("tt1", "request")
    assert hit.similarity == pytest.approx(1.0, abs=1e-3)


def test_chroma_and_the_matrix_agree(opening: Opening, films: Catalogue) -> None:
    encoder = WordEncoder()
    index = opening(films, encoder)
    vector = encoder.encode(["a family of haunted places"])[0]
    exact = index.similarity(vector)
    best: dict[str, float] = {}
    for hit in index.search(vector, 50):
        best.setdefault(hit.film_id, hit.similarity)
    assert best.keys() == films.row.keys()
    for film_id, likeness in best.items():
        assert exact[films.row[film_id]] == pytest.approx(likeness, abs=1e-3)


def test_likeness_by_kind_is_that_of_the_films_own_texts(
    opening: Opening, films: Catalogue
) -> None:
    encoder = WordEncoder()
    index = opening(films, encoder)
    vector = encoder.encode(["hope and friendship"])[0]
    kinds = index.similarity_by_kind(vector)
    for row, film in enumerate(films):
        own = film_texts(film)
        for kind, found in kinds.items():
            of_kind = [text for k, text in own if k == kind]
            wanted = float((encoder.encode(of_kind) @ vector).max()) if of_kind else 0.0
            assert found[row] == pytest.approx(wanted, abs=0.02)


def test_film_vectors_are_unit_rows_in_catalogue_order(opening: Opening, films: Catalogue) -> None:
    encoder = WordEncoder()
    vectors = opening(films, encoder).film_vectors
    assert vectors.shape == (len(films), DIM)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    last = encoder.encode([text for _, text in film_texts(films.films[-1])])[0]
    assert vectors[-1] @ last == pytest.approx(1.0, abs=1e-3)


def test_a_second_opening_encodes_nothing(opening: Opening, films: Catalogue) -> None:
    opening(films, WordEncoder()).close()
    again = WordEncoder()
    opening(films, again)
    assert again.encoded == []


def test_an_added_film_costs_only_its_own_texts(opening: Opening, films: Catalogue) -> None:
    opening(films, WordEncoder()).close()
    new = Film("x:1", "Brand New", 2020)
    encoder = WordEncoder()
    index = opening(films.with_films([new]), encoder)
    assert encoder.encoded == [film_texts(new)[0][1]]
    assert "x:1" in ids(index, encoder.encode(["brand new"])[0])


def test_a_removed_film_is_gone_and_a_changed_one_is_found_by_its_new_text(
    opening: Opening, films: Catalogue
) -> None:
    opening(films, WordEncoder()).close()
    changed = replace(films["tt1"], synopsis="An octopus learns chess.")
    encoder = WordEncoder()
    index = opening(Catalogue([changed, *films.films[2:]]), encoder)
    assert encoder.encoded == ["An octopus learns chess."]
    found = index.search(encoder.encode(["An octopus learns chess."])[0], 50)
    assert (found[0].film_id, found[0].kind) == ("tt1", "synopsis")
    assert "tt2" not in {hit.film_id for hit in found}


def test_another_encoder_means_other_vectors(
    opening: Opening, films: Catalogue, tmp_path: Path
) -> None:
    opening(films, WordEncoder("a" * 64)).close()
    other = WordEncoder("b" * 64)
    opening(films, other)
    assert set(other.encoded) == everything(films)
    assert len(list((tmp_path / "index").iterdir())) == 1


def test_a_killed_build_is_continued(opening: Opening) -> None:
    many = Catalogue(Film(f"x:{n}", f"Film {n}", 2000) for n in range(CHECKPOINT + 10))
    with pytest.raises(KeyboardInterrupt):
        opening(many, WordEncoder(fail_after=1))
    rest = WordEncoder()
    opening(many, rest)
    assert len(rest.encoded) == 10


def test_progress_counts_up_to_its_total(opening: Opening, films: Catalogue) -> None:
    steps: list[tuple[int, int]] = []
    opening(films, WordEncoder(), lambda done, total: steps.append((done, total)))
    totals = {total for _, total in steps}
    assert len(totals) == 1
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]


@pytest.mark.parametrize("name", ["rows.safetensors", "manifest.json"])
@pytest.mark.parametrize("harm", ["missing", "cut short", "overwritten"])
def test_a_damaged_file_is_made_again(
    opening: Opening, films: Catalogue, tmp_path: Path, name: str, harm: str
) -> None:
    opening(films, WordEncoder()).close()
    path = next((tmp_path / "index").glob(f"*/{name}"))
    whole = path.read_bytes()
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(whole[: len(whole) // 2] if harm == "cut short" else b"x" * len(whole))
    encoder = WordEncoder()
    index = opening(films, encoder)
    assert encoder.encoded == []
    assert set(ids(index, encoder.encode(["hope"])[0])) == set(films.row)


@pytest.mark.parametrize("name", ["chroma.sqlite3", "data_level0.bin"])
def test_damaged_chroma_files_are_made_again(
    opening: Opening, films: Catalogue, tmp_path: Path, name: str
) -> None:
    opening(films, WordEncoder()).close()
    path = next((tmp_path / "index").rglob(name))
    path.write_bytes(b"\xff" * 100)
    encoder = WordEncoder()
    index = opening(films, encoder)
    assert set(ids(index, encoder.encode(["hope"])[0])) == set(films.row)


def test_a_full_disk_is_told_and_counts_nothing_as_done(
    opening: Opening, films: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(VectorIndexError, match="No space left"):
        patch.setattr("os.fsync", full)
        opening(films, WordEncoder())
    assert not is_current(tmp_path / "index", films, cast(Encoder, WordEncoder()))
    opening(films, WordEncoder())
    assert is_current(tmp_path / "index", films, cast(Encoder, WordEncoder()))


def test_a_removed_index_is_made_anew(opening: Opening, films: Catalogue, tmp_path: Path) -> None:
    opening(films, WordEncoder()).close()
    remove_index(tmp_path / "index")
    assert not (tmp_path / "index").exists()
    encoder = WordEncoder()
    opening(films, encoder)
    assert set(encoder.encoded) == everything(films)


def test_shipped_vectors_spare_the_encoding(
    opening: Opening, films: Catalogue, tmp_path: Path
) -> None:
    shipper = cast(Encoder, WordEncoder())
    assert build_vectors(films, shipper, tmp_path / "shipped") == len(everything(films))
    encoder = WordEncoder()
    opening(films, encoder)
    assert encoder.encoded == []


def test_shipping_again_encodes_what_changed_and_drops_what_is_gone(
    films: Catalogue, tmp_path: Path
) -> None:
    build_vectors(films, cast(Encoder, WordEncoder()), tmp_path)
    fewer = Catalogue([*films.films[1:], Film("x:1", "Brand New", 2020)])
    encoder = WordEncoder()
    assert build_vectors(fewer, cast(Encoder, encoder), tmp_path) == len(everything(fewer))
    assert len(encoder.encoded) == 1


def test_a_damaged_shipped_file_costs_its_texts_and_nothing_else(
    opening: Opening, films: Catalogue, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    build_vectors(films, cast(Encoder, WordEncoder()), tmp_path / "shipped")
    path = max((tmp_path / "shipped").iterdir(), key=lambda path: path.stat().st_size)
    whole = bytearray(path.read_bytes())
    whole[-3] ^= 1
    path.write_bytes(bytes(whole))
    encoder = WordEncoder()
    opening(films, encoder)
    assert 0 < len(encoder.encoded) < len(everything(films))
    assert "damaged" in caplog.text


def test_vectors_come_back_from_their_bytes_nearly_unchanged(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(50, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    keys = np.sort(rng.integers(0, 2**63, 50).astype(np.uint64))
    write_vectors(tmp_path, Vectors(keys, *quantise(vectors)), "enc", shards=3)
    back = read_vectors(tmp_path, "enc")
    assert back is not None
    assert (back.keys == keys).all()
    assert ((restore(back.codes, back.scales) * vectors).sum(axis=1) > 0.9999).all()
    assert read_vectors(tmp_path, "another") is None


def test_one_text_given_twice_is_encoded_once() -> None:
    encoder = WordEncoder()
    encode_missing(["same", "same"], None, lambda: cast(Encoder, encoder), lambda _: None)
    assert encoder.encoded == ["same"]


def test_every_text_of_the_bundled_catalogue_has_a_shipped_vector() -> None:
    from assistant.catalogue import load_catalogue

    data = Settings().data
    shipped = read_vectors(data / "vectors", BUNDLED_SHA256)
    assert shipped is not None
    layout = lay_out(load_catalogue([data / "films"]))
    assert (shipped.places(layout.keys) >= 0).all()
