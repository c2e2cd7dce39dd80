"""The one door to transformers: a small GPT-2 that writes texts for plans.

The bundled phraser has its own weights and its own tokenizer, in which every placeholder is one
token; a rule on the logits lets it use only the plan's placeholders, each once, and no digit, and
lets it stop only when all are used. Any other causal model is asked in plain words. Either way
``wording.check`` has the last word. Knows nothing of films. Next in the flow: ``explanation``.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import orjson

from assistant.errors import ModelError
from assistant.wording import CLAIMS, LANGUAGES, PLACEHOLDERS, Plan, check, opening

PAD, END, SAY = "<pad>", "<end>", "<say>"
PURPOSES = ("reason",)
SPECIAL = (
    PAD,
    END,
    SAY,
    *(f"<{name}>" for name in (*PURPOSES, *LANGUAGES, *CLAIMS)),
    *(f"{{{name}}}" for name in PLACEHOLDERS),
)
"""Tokens that stand for one thing each, in id order from 0."""
COPIES = 2
"""Texts drawn for each plan in one batch: one spare costs less than a second round."""
ROUNDS = 2
"""Batches at most: what fails twice gets a template."""
TEMPERATURE = 0.8
"""Below 1 the phrasing keeps to what it knows best; at 0.8 openings still vary."""
LONGEST = 64
"""New tokens at most; the longest text of the corpus has about 50."""
MEND = "restore data/phraser or run `matinee train phraser`"


@dataclass(frozen=True)
class Written:
    """Texts for plans, in order, None where no draw passed, and how the drawing went."""

    texts: tuple[str | None, ...]
    drawn: int
    passed: int
    problems: Mapping[str, int]
    """How often the checker said what."""


class _Model(Protocol):
    def draw(self, plans: Sequence[Plan], seed: int) -> list[str]: ...


class Phraser:
    """Writes texts for plans. Same plans and seed, same texts on the same machine."""

    def __init__(self, folder: Path | str, threads: int = 2) -> None:
        """Raises ``ModelError`` where files are missing or altered, or nothing can be loaded."""
        path = Path(folder)
        own = (path / "tokenizer.json").is_file() and (path / "sha256").is_file()
        if not own and path.name == "phraser" and not (path / "config.json").is_file():
            raise ModelError(f"no phraser in {path}; {MEND}")
        self._model: _Model = _Own(path, threads) if own else _Foreign(str(folder), threads)

    def write(self, plans: Sequence[Plan], seed: int) -> Written:
        """A text for each plan that passes ``check`` and opens like no other of the batch."""
        texts: list[str | None] = [None] * len(plans)
        openings: set[str] = set()
        drawn = passed = 0
        problems: Counter[str] = Counter()
        for attempt in range(ROUNDS):
            open_rows = [row for row, text in enumerate(texts) if text is None]
            if not open_rows:
                break
            rows = [row for row in open_rows for _ in range(COPIES)]
            for row, text in zip(
                rows,
                self._model.draw([plans[row] for row in rows], seed + 7919 * attempt),
                strict=True,
            ):
                wrong = check(text, plans[row])
                drawn += 1
                passed += not wrong
                problems.update(wrong)
                start = opening(text, plans[row].language)
                if texts[row] is None and not wrong and start not in openings:
                    texts[row] = text
                    openings.add(start)
        return Written(tuple(texts), drawn, passed, problems)

    def try_out(self, plans: Sequence[Plan], seed: int) -> list[list[str]]:
        """What the checker says to one draw for each plan; for measuring."""
        texts = self._model.draw(plans, seed)
        return [check(text, plan) for text, plan in zip(texts, plans, strict=True)]


def plan_tokens(plan: Plan) -> str:
    """The control tokens a text for ``plan`` starts from."""
    claims = "".join(f"<{claim}>" for claim in plan.claims)
    holes = "".join(f"{{{name}}}" for name in plan.placeholders)
    return f"<{plan.purpose}><{plan.language}>{holes}{claims}{SAY}"


class _Own:
    """The bundled GPT-2 with its own tokenizer."""

    def __init__(self, folder: Path, threads: int) -> None:
        import torch
        from tokenizers import Tokenizer
        from transformers import GPT2Config, GPT2LMHeadModel

        _check_sums(folder)
        torch.set_num_threads(threads)
        try:
            config = GPT2Config(**orjson.loads((folder / "config.json").read_bytes()))
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._model: Any = GPT2LMHeadModel(config)  # Any: transformers has no stubs here
            self._model.load_state_dict(read_weights(folder / "model.safetensors"), strict=False)
        except (OSError, ValueError, RuntimeError, TypeError) as error:
            raise ModelError(f"cannot load the phraser in {folder} ({error}); {MEND}") from error
        self._model.tie_weights()
        self._model.eval()
        self._torch = torch
        size = config.vocab_size
        texts = [self._tokenizer.decode([i], skip_special_tokens=False) for i in range(size)]
        banned = [i < len(SPECIAL) or any(c.isdigit() for c in t) for i, t in enumerate(texts)]
        self._never = torch.tensor(banned)
        """(vocab,) bool: tokens no plan allows by itself."""
        self._end = SPECIAL.index(END)
        self._longest = min(LONGEST, config.n_positions - 24)

    def draw(self, plans: Sequence[Plan], seed: int) -> list[str]:
        """One text for each plan, sampled together."""
        torch = self._torch
        prompts = [self._tokenizer.encode(plan_tokens(plan)).ids for plan in plans]
        width = max(len(ids) for ids in prompts)
        tokens = torch.tensor([[0] * (width - len(ids)) + ids for ids in prompts])
        mask = torch.tensor([[0] * (width - len(ids)) + [1] * len(ids) for ids in prompts])
        needed = torch.zeros((len(plans), len(SPECIAL)), dtype=torch.bool)
        allowed = self._never.repeat(len(plans), 1).logical_not()  # (rows, vocab)
        for row, plan in enumerate(plans):
            for name in plan.placeholders:
                needed[row, SPECIAL.index(f"{{{name}}}")] = True
            for name in plan.placeholders + plan.optional:
                allowed[row, SPECIAL.index(f"{{{name}}}")] = True
        with torch.inference_mode():
            written = self._sample(tokens, mask, needed, allowed, seed)
        return [self._text(ids) for ids in written]

    def _sample(self, tokens: Any, mask: Any, needed: Any, allowed: Any, seed: int) -> Any:
        torch = self._torch
        generator = torch.Generator().manual_seed(seed)
        rows = torch.arange(len(tokens))
        ended = torch.zeros(len(tokens), dtype=torch.bool)
        positions = (mask.cumsum(1) - 1).clamp(min=0)
        cache, written = None, []
        for _ in range(self._longest):
            out = self._model(
                input_ids=tokens,
                attention_mask=mask,
                position_ids=positions,
                cache=cache,
                use_cache=True,
            )
            cache = out.cache
            allowed[:, self._end] = ~needed.any(1)
            scores = (out.logits[:, -1].float() / TEMPERATURE).masked_fill(~allowed, -torch.inf)
            picked = torch.multinomial(scores.softmax(-1), 1, generator=generator)[:, 0]
            picked = torch.where(ended, torch.zeros_like(picked), picked)
            ended |= picked == self._end
            special = picked < len(SPECIAL)
            needed[rows[special], picked[special]] = False
            allowed[rows[special], picked[special]] = False
            written.append(picked)
            if bool(ended.all()):
                break
            tokens = picked[:, None]  # (rows, 1)
            mask = torch.cat([mask, torch.ones_like(tokens)], 1)
            positions = positions[:, -1:] + 1
        return torch.stack(written, 1).tolist()

    def _text(self, ids: Sequence[int]) -> str:
        kept = ids[: list(ids).index(self._end)] if self._end in ids else []
        return str(self._tokenizer.decode(kept, skip_special_tokens=False)).strip()


class _Foreign:
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

    def draw(self, plans: Sequence[Plan], seed: int) -> list[str]:
        """One text for each plan: the first line after the prompt."""
        prompts = [plain_prompt(plan) for plan in plans]
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
        return [str(text).strip().split("\n")[0].strip() for text in texts]


def plain_prompt(plan: Plan) -> str:
    """What a model that does not know our control tokens is asked."""
    holes = " ".join(f"{{{name}}}" for name in plan.placeholders)
    tongue = {"en": "English", "zh": "Chinese"}[plan.language]
    claims = f" Also say: {', '.join(plan.claims)}." if plan.claims else ""
    return (
        f"One short {tongue} sentence on why to see a film. Use each of these placeholders once, "
        f"unchanged: {holes}. No names, no numbers.{claims}\nSentence:"
    )


def read_weights(path: Path) -> dict[str, Any]:
    """Tensors by name, as float32."""
    from safetensors.torch import load_file

    return {name: tensor.float() for name, tensor in load_file(path).items()}


def _check_sums(folder: Path) -> None:
    for line in (folder / "sha256").read_text(encoding="utf-8").splitlines():
        expected, name = line.split()
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError as error:
            raise ModelError(f"the phraser's {name} is missing from {folder}; {MEND}") from error
        if found != expected:
            raise ModelError(f"the phraser's {name} in {folder} was altered; {MEND}")
