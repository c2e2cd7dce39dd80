"""Any other causal model as the phraser, asked in plain words.

Set by ``phraser`` in the settings: a folder, or a hub name where there is a network. Knows nothing
of the corpus or its phrasing; the checker alone guards what it writes. Next in the flow:
``generation``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.decoding import replay, token_logs
from assistant.drafts import LONGEST, plain_prompt
from assistant.echoes import Openings
from assistant.errors import ModelError
from assistant.wording import Plan

TEMPERATURE = 0.9
"""Nothing keeps such a model to any phrasing: it is drawn from more coolly than our own."""


class Borrowed:
    """Any other causal model, asked in plain words."""

    def __init__(self, name: str, threads: int) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        torch.set_num_threads(threads)
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(name, padding_side="left")
            self._model: Any = AutoModelForCausalLM.from_pretrained(name)
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(
                f"cannot load the language model {name!r}; set `phraser` to a folder or hub name"
            ) from error
        if self._tokenizer.pad_token is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token
        self._model.eval()
        self._torch = torch

    def draw(
        self,
        plans: Sequence[Plan],
        copies: int,
        seed: int,
        openings: Openings | None = None,
        heard: Sequence[str] = (),
    ) -> list[list[str]]:
        """For each text the first line after the prompt."""
        prompts = [plain_prompt(plan) for plan in plans for _ in range(copies)]
        batch = self._tokenizer(prompts, return_tensors="pt", padding=True)
        with self._torch.random.fork_rng(), self._torch.inference_mode():
            self._torch.manual_seed(seed)
            out = self._model.generate(
                **batch,
                do_sample=True,
                temperature=TEMPERATURE,
                max_new_tokens=LONGEST,
                pad_token_id=self._tokenizer.pad_token_id,
            )
        new = out[:, batch["input_ids"].shape[1] :]
        texts = self._tokenizer.batch_decode(new, skip_special_tokens=True)
        lines = [str(text).strip().split("\n")[0].strip() for text in texts]
        return [lines[first : first + copies] for first in range(0, len(lines), copies)]

    def tokens(self, text: str) -> list[int]:
        """Ids of a text as it follows the prompt."""
        return list(self._tokenizer(f" {text}\n", add_special_tokens=False)["input_ids"])

    def replay(self, rows: int, steps: int) -> None:
        """See ``decoding.replay``."""
        replay(self._model, rows, steps)

    def score(self, texts: Sequence[tuple[Plan, str]]) -> list[list[float]]:
        """Log-probabilities after the plain prompt."""
        return [
            token_logs(
                self._model,
                self._tokenizer(plain_prompt(plan))["input_ids"],
                self.tokens(text),
            )
            for plan, text in texts
        ]
