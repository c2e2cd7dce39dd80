"""Texts to unit vectors, with the bundled encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.embedding import BUNDLED_SHA256, Encoder, check_weights, standardise
from assistant.errors import ModelError


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def test_rows_are_unit_vectors_in_the_order_of_the_texts(encoder: Encoder) -> None:
    texts = ["a car chase", "a quiet film about grief and what comes after it", "love"]
    together = encoder.encode(texts)
    assert together.shape == (3, encoder.dim)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    for row, text in zip(together, texts, strict=True):
        assert np.allclose(row, encoder.encode([text])[0], atol=1e-5)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dim)


def test_texts_that_mean_alike_are_nearer(encoder: Encoder) -> None:
    sad, sorrow, cars = encoder.encode(["a sad film", "a movie full of sorrow", "fast cars"])
    assert sad @ sorrow > sad @ cars + 0.2


@pytest.mark.parametrize("text", ["", "x" * 1_000_000, "🎬" * 50, "肖申克的救赎", "שלום"])
def test_any_text_has_a_vector(encoder: Encoder, text: str) -> None:
    assert np.isfinite(encoder.encode([standardise(text)])).all()


def test_progress_ends_at_the_total(encoder: Encoder) -> None:
    steps: list[tuple[int, int]] = []
    encoder.encode(["word"] * 40, lambda done, total: steps.append((done, total)))
    assert steps == [(32, 40), (40, 40)]


def test_the_bundled_encoder_is_the_published_one(encoder: Encoder) -> None:
    assert encoder.fingerprint == BUNDLED_SHA256


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(ModelError, match="altered"):
        check_weights(tmp_path / "model.safetensors", BUNDLED_SHA256)


def test_missing_weights_name_the_command_that_helps(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="pip install"):
        check_weights(tmp_path / "model.safetensors", BUNDLED_SHA256)


def test_a_folder_that_holds_no_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="encoder"):
        Encoder(str(tmp_path))


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  a \n quiet\tfilm ", "a quiet film"),
        ("Ｆｕｌｌ width", "Full width"),
        ("nul\x00 and \u200bzero", "nul and zero"),
        ("broken \ud800 half", "broken half"),
        ("", ""),
    ],
)
def test_text_is_cleaned(raw: str, clean: str) -> None:
    assert standardise(raw) == clean
