"""Training the phraser: corpus in, a folder of weights, tokenizer and sums out.

The own model is a small GPT-2 made from nothing on recombined texts; ``base`` fine-tunes any other
causal model on the same texts in plain words. A tenth of the fact combinations is held out and
measured at the end. Knows nothing of films. Next in the flow: ``generation`` loads the folder.
"""

from __future__ import annotations

import csv
import hashlib
import math
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from assistant.curves import draw_curve
from assistant.drafts import (
    END,
    SPECIAL,
    begin,
    plain_prompt,
    plan_tokens,
    purpose_token,
)
from assistant.errors import ModelError
from assistant.generation import Phraser
from assistant.phrases import Phrases, dataset, load_phrases
from assistant.phrasing import write_phrasing
from assistant.wording import Plan

VOCABULARY = 4096
"""Tokens; with 128 wide and 4 layers the weights are 2.7 MB as float16."""
SHAPE: Mapping[str, int] = {"n_layer": 4, "n_embd": 128, "n_head": 4, "n_positions": 112}
BATCH = 24
LEARNING_RATE = 3e-3
BASE_LEARNING_RATE = 5e-5
WARM_UP = 100
HELD_OUT = 10
"""One fact combination in this many is never trained on."""
_SALT = 0
"""Chosen so that no combination a card can rest on alone is held out, only richer ones."""
TEXTS = 60_000
VARIANTS = 40
"""Choices made of one line for the phrasing; few lines have more."""
CHECK_EVERY = 100
"""Steps between two looks at the held-out loss, each followed by a checkpoint."""
Example = tuple[list[int], int]
"""Token ids, and how many of them are the prompt (no loss there)."""


@dataclass(frozen=True)
class TrainingReport:
    """What a training run did and how good its result is."""

    steps: int
    seconds: float
    texts: int
    held_out_texts: int
    loss: float
    held_out_loss: float
    """Mean cross-entropy a token, nats, on texts of combinations never trained on."""
    passed: Mapping[str, float]
    """Share 0-1 of first draws that pass the checker on held-out combinations, by language."""
    curve: Path


def held_out(combination: str) -> bool:
    """Whether texts with this combination of facts are kept from training, always the same."""
    digest = hashlib.blake2b(f"{_SALT}:{combination}".encode(), digest_size=4).digest()
    return "+" in combination and int.from_bytes(digest) % HELD_OUT == 0


def train_phraser(
    corpus: Path,
    out: Path,
    minutes: float | None = None,
    steps: int = 6000,
    seed: int = 7,
    resume: bool = False,
    base: str | None = None,
    progress: Callable[[int, int, float], None] | None = None,
    texts: int = TEXTS,
) -> TrainingReport:
    """Train on ``corpus`` until ``steps`` or ``minutes`` are over; the phraser is then in ``out``.

    ``progress`` gets (step, steps, loss). A run that was cut off goes on from its checkpoint with
    ``resume``. Raises ``ProblemsError`` for a faulty corpus, ``ModelError`` for a faulty base.
    """
    import torch

    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    phrases = load_phrases(corpus)
    pairs = dataset(phrases, texts, seed)
    kept = [pair for pair in pairs if not held_out(pair[0].combination)]
    left = [pair for pair in pairs if held_out(pair[0].combination)]
    if base is None:
        model, encode, save = _own(kept, phrases, out, resume)
    else:
        model, encode, save = _borrowed(base, out)
    run = _Run(
        model=model,
        examples=[encode(plan, text) for plan, text in kept],
        held=[encode(plan, text) for plan, text in left[:200]],
        out=out,
        rate=LEARNING_RATE if base is None else BASE_LEARNING_RATE,
        seed=seed,
    )
    started = time.monotonic()
    done, loss, held_loss = run.train(steps, minutes, resume, progress)
    save(model)
    draw_curve(out / "loss.csv", out / "loss.png")
    plans = list(dict.fromkeys(plan for plan, _ in left))
    return TrainingReport(
        steps=done,
        seconds=time.monotonic() - started,
        texts=len(kept),
        held_out_texts=len(left),
        loss=loss,
        held_out_loss=held_loss,
        passed=first_try(Phraser(out, torch.get_num_threads()), plans[:200], seed),
        curve=out / "loss.csv",
    )


def first_try(phraser: Phraser, plans: Sequence[Plan], seed: int) -> dict[str, float]:
    """Share 0-1 of first draws that pass the checker, by language; one draw for each plan."""
    rates = {}
    for language in sorted({plan.language for plan in plans}):
        own = [plan for plan in plans if plan.language == language]
        problems = [
            bool(wrong)
            for start in range(0, len(own), 20)
            for wrong in phraser.try_out(own[start : start + 20], seed + start)
        ]
        rates[language] = 1 - sum(problems) / len(problems)
    return rates


@dataclass
class _Run:
    """One training run; mutable because an optimiser is."""

    model: Any  # Any: transformers has no stubs here
    examples: Sequence[Example]
    held: Sequence[Example]
    out: Path
    rate: float
    seed: int

    def train(
        self,
        steps: int,
        minutes: float | None,
        resume: bool,
        progress: Callable[[int, int, float], None] | None,
    ) -> tuple[int, float, float]:
        """Steps done, last mean training loss, held-out loss."""
        import torch

        optimiser = torch.optim.AdamW(
            self.model.parameters(), lr=self.rate, betas=(0.9, 0.98), weight_decay=0.05
        )
        first = self._resume(optimiser) if resume else 0
        started, losses = time.monotonic(), [0.0]
        step, share = first, first / steps
        log = self._log(append=resume)
        batches = self._batches(first)
        while step < steps and share < 1.0:
            spent = 0.0 if minutes is None else (time.monotonic() - started) / (60 * minutes)
            share = max(step / steps, spent)
            rate = self.rate * min(1.0, (step + 1) / WARM_UP) * _cooled(share)
            for group in optimiser.param_groups:
                group["lr"] = rate
            self.model.train()
            loss = self._loss(next(batches))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            losses = [*losses[-49:], float(loss.detach())]
            step += 1
            if step % CHECK_EVERY == 0 or step == steps:
                mean = sum(losses) / len(losses)
                log.append((step, mean, self._held_loss()))
                self._write_log(log)
                self._checkpoint(optimiser, step)
                if progress is not None:
                    progress(step, steps, mean)
        return step, sum(losses) / len(losses), self._held_loss()

    def _batches(self, first: int) -> Iterator[list[Example]]:
        """Batches of like length, for ever, in an order that depends on seed and epoch alone."""
        size = min(BATCH, len(self.examples))
        per_epoch = max(1, len(self.examples) // size)
        epoch, skip = divmod(first, per_epoch)
        while True:
            rng = random.Random(f"{self.seed}:{epoch}")
            order = sorted(
                range(len(self.examples)), key=lambda i: len(self.examples[i][0]) + rng.random() * 6
            )
            batches = [order[k * size : (k + 1) * size] for k in range(per_epoch)]
            rng.shuffle(batches)
            for batch in batches[skip:]:
                yield [self.examples[i] for i in batch]
            epoch, skip = epoch + 1, 0

    def _loss(self, batch: Sequence[Example]) -> Any:
        import torch

        width = max(len(ids) for ids, _ in batch)
        tokens = torch.zeros((len(batch), width), dtype=torch.long)
        labels = torch.full((len(batch), width), -100)
        for row, (ids, prompt) in enumerate(batch):
            tokens[row, : len(ids)] = torch.tensor(ids)
            labels[row, prompt : len(ids)] = torch.tensor(ids[prompt:])
        # float32: without AVX-512 or AMX, bfloat16 is emulated and twenty times slower.
        mask = (torch.arange(width) < torch.tensor([[len(ids)] for ids, _ in batch])).long()
        logits = self.model(input_ids=tokens, attention_mask=mask).logits
        return torch.nn.functional.cross_entropy(
            logits[:, :-1].float().flatten(0, 1), labels[:, 1:].flatten(), ignore_index=-100
        )

    def _held_loss(self) -> float:
        import torch

        if not self.held:
            return math.nan
        self.model.eval()
        with torch.inference_mode():
            losses = [
                float(self._loss(self.held[start : start + BATCH]))
                for start in range(0, len(self.held), BATCH)
            ]
        return sum(losses) / len(losses)

    def _log(self, append: bool) -> list[tuple[int, float, float]]:
        path = self.out / "loss.csv"
        if not append or not path.is_file():
            return []
        with path.open(encoding="utf-8") as rows:
            return [(int(s), float(a), float(b)) for s, a, b in list(csv.reader(rows))[1:]]

    def _write_log(self, log: Sequence[tuple[int, float, float]]) -> None:
        with (self.out / "loss.csv").open("w", encoding="utf-8", newline="") as rows:
            writer = csv.writer(rows)
            writer.writerow(("step", "loss", "held_out_loss"))
            writer.writerows((step, f"{a:.4f}", f"{b:.4f}") for step, a, b in log)

    def _checkpoint(self, optimiser: Any, step: int) -> None:
        from safetensors.torch import save_file

        tensors = {}
        for name, value in self.model.named_parameters():
            tensors[f"value.{name}"] = value.detach().clone()
            for key, moment in optimiser.state[value].items():
                tensors[f"{key}.{name}"] = moment.detach().clone()
        beside = self.out / "checkpoint.new"
        save_file(tensors, beside, metadata={"step": str(step)})
        beside.replace(self.out / "checkpoint.safetensors")

    def _resume(self, optimiser: Any) -> int:
        """Load the checkpoint; the step it was taken at, 0 where there is none."""
        import torch
        from safetensors import safe_open

        path = self.out / "checkpoint.safetensors"
        if not path.is_file():
            return 0
        with safe_open(path, framework="pt") as saved, torch.no_grad():
            for name, value in self.model.named_parameters():
                value.copy_(saved.get_tensor(f"value.{name}"))
                optimiser.state[value] = {
                    key: saved.get_tensor(f"{key}.{name}")
                    for key in ("step", "exp_avg", "exp_avg_sq")
                }
            return int(saved.metadata()["step"])


def _cooled(share: float) -> float:
    """Cosine from 1 to 0.02 over the run."""
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, share)))


def _own(
    pairs: Sequence[tuple[Plan, str]], phrases: Sequence[Phrases], out: Path, resume: bool
) -> tuple[Any, Callable[[Plan, str], Example], Callable[[Any], None]]:
    """A new small GPT-2, how it reads an example, and how it is saved."""
    from transformers import GPT2Config, GPT2LMHeadModel

    tokenizer = _tokenizer([text for _, text in pairs], out / "tokenizer.json", resume)
    config = {
        "vocab_size": tokenizer.get_vocab_size(),
        **SHAPE,
        "bos_token_id": 1,
        "eos_token_id": 1,
        "pad_token_id": 0,
        "embd_pdrop": 0.0,
        "attn_pdrop": 0.0,
        "resid_pdrop": 0.0,
    }
    (out / "config.json").write_bytes(orjson.dumps(config, option=orjson.OPT_INDENT_2))
    model = GPT2LMHeadModel(GPT2Config(**config))

    def encode(plan: Plan, text: str) -> Example:
        prompt = tokenizer.encode(plan_tokens(plan)).ids
        ids = prompt + tokenizer.encode(f"{text}{END}").ids
        return list(ids[: SHAPE["n_positions"]]), len(prompt)

    def save(trained: Any) -> None:
        from safetensors.torch import save_file

        weights = {
            name: value.detach().half().contiguous()
            for name, value in trained.state_dict().items()
            if name != "lm_head.weight"  # tied to the token embedding
        }
        save_file(weights, out / "model.safetensors")
        keep_phrasing(phrases, tokenizer, out / "phrasing.npy")
        names = ("model.safetensors", "tokenizer.json", "config.json", "phrasing.npy")
        sums = [f"{hashlib.sha256((out / n).read_bytes()).hexdigest()}  {n}" for n in names]
        (out / "sha256").write_text("\n".join(sums) + "\n", encoding="utf-8")

    return model, encode, save


def keep_phrasing(phrases: Sequence[Phrases], tokenizer: Any, path: Path) -> None:
    """Write the runs of every text that may be learned from, and where a tail may follow."""
    texts: list[tuple[int, list[int], list[int]]] = []
    tails: list[tuple[int, int, list[int]]] = []
    reason = purpose_token("reason")
    for own in phrases:
        stop, tongue = own.joints.stop, SPECIAL.index(f"<{own.language}>")
        for plan, text in own.whole(VARIANTS):
            if held_out(plan.combination):
                continue
            purpose = purpose_token(plan.purpose)
            texts.append((purpose, begin(plan), tokenizer.encode(f"{text}{END}").ids))
            if plan.purpose == "reason" and own.joints.opens(text):
                ids = tokenizer.encode(text.removesuffix(stop)).ids
                texts.append((reason, begin(plan), [*ids, tongue]))
        for tail in own.tails:
            for text in tail.some(VARIANTS):
                tails.append((reason, tongue, tokenizer.encode(f"{text}{stop}{END}").ids))
    write_phrasing(texts, tails, path)


def _tokenizer(texts: Sequence[str], path: Path, resume: bool) -> Any:
    """A byte-level BPE in which control tokens and placeholders are whole."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    if resume and path.is_file():
        return Tokenizer.from_file(str(path))
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.save(str(path))
    return tokenizer


def _borrowed(
    base: str, out: Path
) -> tuple[Any, Callable[[Plan, str], Example], Callable[[Any], None]]:
    """Another causal model, how it reads an example, and how it is saved."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(base)
        model = AutoModelForCausalLM.from_pretrained(base)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"cannot load {base!r} to train from ({error})") from error

    def encode(plan: Plan, text: str) -> Example:
        prompt = tokenizer(plain_prompt(plan))["input_ids"]
        ids = prompt + tokenizer(f" {text}\n{tokenizer.eos_token or ''}")["input_ids"]
        return list(ids), len(prompt)

    def save(trained: Any) -> None:
        trained.save_pretrained(out)
        tokenizer.save_pretrained(out)

    return model, encode, save
