"""The quick forward pass: the same figures as the library's, whatever order tokens come in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assistant.decoding import Decoder, one_thread, replay, token_logs


@pytest.fixture(scope="module")
def model() -> Any:  # Any: transformers has no stubs
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    shape = {"vocab_size": 50, "n_layer": 2, "n_embd": 16, "n_head": 2, "n_positions": 24}
    return GPT2LMHeadModel(GPT2Config(**shape, bos_token_id=1, eos_token_id=1)).eval()


def test_rows_fed_piece_by_piece_hear_what_the_library_says_of_the_whole(model: Any) -> None:
    texts = [[3, 7, 9, 11, 2], [5, 8, 30, 4, 17]]
    decoder = Decoder(model, 2, 10)
    # Row 0 in pieces of 2 and 3, row 1 in pieces of 1 and 4: both padded on the left.
    tokens = np.array([[3, 7], [0, 5]])
    own = np.array([[True, True], [False, True]])
    first = decoder.feed(tokens, np.array([[0, 1], [0, 0]]), own, np.zeros((2, 0), bool))
    tokens = np.array([[0, 9, 11, 2], [8, 30, 4, 17]])
    places = np.array([[0, 2, 3, 4], [1, 2, 3, 4]])
    more = np.array([[False, True, True, True], [True, True, True, True]])
    second = decoder.feed(tokens, places, more, own)
    for row, text in enumerate(texts):
        logs = np.concatenate((first[row], second[row]))  # (5, vocab)
        ours = [float(logs[place, token]) for place, token in enumerate(text[1:])]
        assert ours == pytest.approx(token_logs(model, text[:1], text[1:]), abs=1e-5)


def test_what_was_taken_back_is_not_heard(model: Any) -> None:
    decoder = Decoder(model, 1, 10)
    row = np.ones((1, 3), bool)
    decoder.feed(np.array([[3, 7, 40]]), np.array([[0, 1, 2]]), row, np.zeros((1, 0), bool))
    seen = np.array([[True, True, False]])  # 40 was taken back
    after = decoder.feed(np.array([[9]]), np.array([[2]]), np.ones((1, 1), bool), seen)[0]
    assert float(after[0, 11]) == pytest.approx(token_logs(model, [3, 7, 9], [11])[0], abs=1e-5)


def test_bare_passes_can_be_replayed_for_comparison(model: Any) -> None:
    replay(model, 3, 5)
    with pytest.raises(IndexError):
        replay(model, 1, 30)  # the model has 24 positions: it was really run


def test_other_work_gets_its_threads_back() -> None:
    import torch

    threads = torch.get_num_threads()
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == threads
