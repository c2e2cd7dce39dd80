"""One step of a GPT-2 for a batch of growing texts: the library's arithmetic without its overhead.

For a model this small, transformers spends most of a step outside the matrices (measured: 5.7 ms a
step of ten texts, 1.0 ms here). Weights are shared with the model given; its logits are the same up
to rounding. Knows nothing of tokens or plans. Next in the flow: ``generation`` draws from the
logits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from assistant.drafts import Logits
from assistant.phrasing import Flags, Ids

_EPSILON = 1e-5
"""GPT-2's layer norm (its config's ``layer_norm_epsilon``)."""


class Decoder:
    """A GPT-2 language model that remembers what each text of one batch has said."""

    def __init__(self, model: Any, rows: int, columns: int) -> None:
        """``model`` is a ``GPT2LMHeadModel``; at most ``columns`` tokens can be fed to each row."""
        import torch

        self._torch = torch
        self._core = model.transformer
        self._heads: int = model.config.n_head
        self._wide: int = model.config.n_embd
        shape = (len(self._core.h), 2, rows, self._heads, columns, self._wide // self._heads)
        self._kept = torch.empty(shape)
        """Keys and values: (layers, 2, rows, heads, columns, head width)."""
        self._fed = 0

    def feed(self, tokens: Ids, places: Ids, own: Flags, seen: Flags) -> list[Logits]:
        """Natural logs of the next token's probability after each new token: for each row
        (its new tokens, vocab) float32.

        ``tokens``, ``places`` (positions in their texts): (rows, new), those that are a row's
        ``own`` at its right end; ``seen``: (rows, columns so far), what they may look at.
        """
        torch = self._torch
        rows, new = own.shape
        earlier = np.tril(np.ones((new, new), bool)) & own[:, None] | np.eye(new, dtype=bool)
        before = np.broadcast_to(seen[:, None], (rows, new, seen.shape[1]))
        look = np.concatenate((before, earlier), 2)  # (rows, new, columns)
        with torch.inference_mode():
            mask, real = torch.from_numpy(look)[:, None], torch.from_numpy(own)
            ids, at = (torch.from_numpy(values[own]) for values in (tokens, places))  # (own,)
            x = self._core.wte.weight[ids] + self._core.wpe.weight[at]  # (own, wide)
            for number, block in enumerate(self._core.h):
                x = self._block(block, self._kept[number], x, mask, real)
            self._fed += new
            logs = torch.log_softmax(self._norm(x, self._core.ln_f) @ self._core.wte.weight.T, -1)
        ends: list[int] = own.sum(1).cumsum().tolist()
        return np.split(logs.numpy(), ends[:-1])

    def _block(self, block: Any, kept: Any, x: Any, mask: Any, real: Any) -> Any:
        """One layer; only attention needs the tokens in rows, with padding."""
        torch = self._torch
        rows, new = real.shape
        till = self._fed + new
        mixed = x.new_zeros((rows, new, 3 * self._wide))
        mixed[real] = _affine(torch, self._norm(x, block.ln_1), block.attn.c_attn)
        asked, keys, values = mixed.view(rows, new, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
        kept[0, :, :, self._fed : till] = keys
        kept[1, :, :, self._fed : till] = values
        heard = torch.nn.functional.scaled_dot_product_attention(
            asked, kept[0, :, :, :till], kept[1, :, :, :till], attn_mask=mask
        )  # (rows, heads, new, head width)
        heard = heard.transpose(1, 2)[real].reshape(-1, self._wide)
        x = x + _affine(torch, heard, block.attn.c_proj)
        inner = _affine(torch, self._norm(x, block.ln_2), block.mlp.c_fc)
        inner = torch.nn.functional.gelu(inner, approximate="tanh")
        return x + _affine(torch, inner, block.mlp.c_proj)

    def _norm(self, x: Any, norm: Any) -> Any:
        return self._torch.nn.functional.layer_norm(
            x, (self._wide,), norm.weight, norm.bias, _EPSILON
        )


def token_logs(model: Any, prompt: Sequence[int], text: Sequence[int]) -> list[float]:
    """Log-probability of each token of ``text`` after ``prompt``, of any causal model."""
    import torch

    ids = torch.tensor([[*prompt, *text]])
    with torch.inference_mode():
        logs = model(input_ids=ids).logits[0].float().log_softmax(-1)
    places = range(len(prompt) - 1, len(prompt) + len(text) - 1)
    return [float(logs[place, token]) for place, token in zip(places, text, strict=True)]


def replay(model: Any, rows: int, steps: int) -> None:
    """The library's own forward passes for ``rows`` texts of ``steps`` tokens, one token a step
    and nothing else: what writing them costs at least where nobody looks ahead; for measuring."""
    import torch

    tokens, cache = torch.ones((rows, 1), dtype=torch.long), None
    with one_thread(), torch.inference_mode():
        for step in range(steps):
            mask = torch.ones((rows, step + 1), dtype=torch.long)
            out = model(input_ids=tokens, attention_mask=mask, cache=cache, use_cache=True)
            cache = out.cache


@contextmanager
def one_thread() -> Iterator[None]:
    """Torch on one thread of this one's: matrices this small lose more to waiting for another,
    above all where other work keeps the cores busy (measured there: 40 times slower on two)."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _affine(torch: Any, x: Any, layer: Any) -> Any:
    """``x @ weight + bias``: transformers keeps GPT-2's weights as (in, out)."""
    return torch.addmm(layer.bias, x, layer.weight)
