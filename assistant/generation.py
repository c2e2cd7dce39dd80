"""The one door to transformers: a small GPT-2 that writes texts for plans.

The bundled phraser has its own weights and its own tokenizer, in which every placeholder is one
token; at every step ``phrasing`` says which tokens keep to the plan and to the corpus's phrasing.
Any other causal model is asked in plain words. Either way ``wording.check`` has the last word.
Knows nothing of films. Next in the flow: ``explanation``.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import orjson

from assistant.errors import ModelError
from assistant.phrasing import Ids, Left, Phrasing, Ways
from assistant.wording import CLAIMS, LANGUAGES, PLACEHOLDERS, Plan, check, claims, opening

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
ROUNDS = 3
"""Batches at most: what fails in all of them gets a template."""
TEMPERATURE = 0.9
MIN_SHARE = 0.15
"""Tokens less likely than this share of the likeliest are not drawn (min-p sampling, Nguyen et al.
2024): where many openings are alike likely all stay possible, inside a phrase only what fits."""
LEAST_SHARE = 0.02
"""Where the model itself gives all that is on offer less than this, a draft has talked itself into
a corner: it is dropped rather than forced on."""
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
    def draw(self, plans: Sequence[Plan], copies: int, seed: int) -> list[list[str]]:
        """For each plan at least one and at most ``copies`` texts."""
        ...


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
            wanted = [plans[row] for row in open_rows]
            drafts = self._model.draw(wanted, COPIES, seed + 7919 * attempt)
            for row, text in (
                (r, t) for r, own in zip(open_rows, drafts, strict=True) for t in own
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
        drafts = self._model.draw(plans, 1, seed)
        return [check(own[0], plan) for own, plan in zip(drafts, plans, strict=True)]


def plan_tokens(plan: Plan) -> str:
    """The control tokens a text for ``plan`` starts from."""
    claims = "".join(f"<{claim}>" for claim in plan.claims)
    holes = "".join(f"{{{name}}}" for name in plan.placeholders)
    return f"<{plan.purpose}><{plan.language}>{holes}{claims}{SAY}"


@dataclass
class _Row:
    """One text on its way; mutable because it grows."""

    state: int
    needed: Left
    optional: Left
    plan: Plan
    left: Left = frozenset()
    ended: bool = False
    said: list[int] = field(default_factory=list)
    been: list[int] = field(default_factory=list)
    """States passed, so that no run of words comes twice."""

    def __post_init__(self) -> None:
        self.left = self.needed | self.optional

    def take(self, token: int, offer: tuple[Ids, Ids], end: int) -> None:
        if self.ended:
            return
        self.said.append(token)
        self.ended = token == end
        self.left -= {token}
        self.state = int(offer[1][offer[0] == token][0])
        self.been.append(self.state)

    def drop_below(self, share: float) -> None:
        if share < LEAST_SHARE and not self.ended:
            self.ended, self.said = True, []


def _enough(copies: Sequence[_Row]) -> bool:
    """Whether one of a plan's drafts is whole, or none is left to wait for."""
    return any(r.ended and r.said for r in copies) or all(r.ended for r in copies)


def _holes(plan: Plan) -> tuple[Left, Left]:
    """Token ids of the placeholders a plan demands, and of those it merely allows."""
    needed, optional = (
        frozenset(SPECIAL.index(f"{{{name}}}") for name in names)
        for names in (plan.placeholders, plan.optional)
    )
    return needed, optional


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
            self._phrasing = Phrasing(
                folder / "phrasing.npy", SPECIAL.index(SAY), SPECIAL.index(END)
            )
            self._model.load_state_dict(read_weights(folder / "model.safetensors"), strict=False)
        except (OSError, ValueError, RuntimeError, TypeError) as error:
            raise ModelError(f"cannot load the phraser in {folder} ({error}); {MEND}") from error
        self._model.tie_weights()
        self._model.eval()
        self._torch = torch
        size = config.vocab_size
        texts = [self._tokenizer.decode([i], skip_special_tokens=False) for i in range(size)]
        self._usual = {
            language: np.array(
                [i >= len(SPECIAL) and _belongs(t, language) for i, t in enumerate(texts)]
            )
            for language in LANGUAGES
        }
        """(vocab,) bool by language: tokens every plan allows."""
        runs = self._tokenizer.decode_batch(self._phrasing.runs.tolist(), skip_special_tokens=False)
        self._claims = {claim: np.array([claims(text, claim) for text in runs]) for claim in CLAIMS}
        """(edges,) bool by claim: edges whose run of tokens makes it."""
        self._end = SPECIAL.index(END)
        self._ways = lru_cache(maxsize=256)(self._find_ways)
        self._longest = min(LONGEST, config.n_positions - 24)

    def draw(self, plans: Sequence[Plan], copies: int, seed: int) -> list[list[str]]:
        """Texts sampled together, until every plan has one; its other copies may be cut off."""
        torch = self._torch
        every = [plan for plan in plans for _ in range(copies)]
        prompts = [self._tokenizer.encode(plan_tokens(plan)).ids for plan in every]
        width = max(len(ids) for ids in prompts)
        tokens = torch.tensor([[0] * (width - len(ids)) + ids for ids in prompts])
        mask = torch.tensor([[0] * (width - len(ids)) + [1] * len(ids) for ids in prompts])
        with torch.inference_mode():
            rows = self._sample(tokens, mask, every, copies, seed)
        drafts = []
        for first in range(0, len(rows), copies):
            own = rows[first : first + copies]
            ended = [row for row in own if row.ended] or own[:1]
            drafts.append([self._text(row.said) for row in ended])
        return drafts

    def _find_ways(
        self, needed: Left, optional: Left, language: str, claimed: tuple[str, ...]
    ) -> Ways:
        others = [flags for claim, flags in self._claims.items() if claim not in claimed]
        barred = np.any(others, axis=0) if others else np.zeros(len(self._phrasing.runs), bool)
        return self._phrasing.ways(needed, optional, self._usual[language], barred)

    def _sample(
        self, tokens: Any, mask: Any, plans: Sequence[Plan], copies: int, seed: int
    ) -> list[_Row]:
        torch = self._torch
        generator = torch.Generator().manual_seed(seed)
        rows = [_Row(self._phrasing.start, *_holes(plan), plan) for plan in plans]
        positions = (mask.cumsum(1) - 1).clamp(min=0)
        cache = None
        for _ in range(self._longest):
            out = self._model(
                input_ids=tokens,
                attention_mask=mask,
                position_ids=positions,
                cache=cache,
                use_cache=True,
            )
            cache = out.cache
            offers = [self._offer(row) for row in rows]
            fit = torch.zeros_like(out.logits[:, -1], dtype=torch.bool)
            for number, offer in enumerate(offers):
                fit[number, offer[0]] = True
            agreed = (out.logits[:, -1].softmax(-1) * fit).sum(-1)
            for row, share in zip(rows, agreed.tolist(), strict=True):
                row.drop_below(share)
            scores = (out.logits[:, -1].float() / TEMPERATURE).masked_fill(~fit, -torch.inf)
            shares = scores.softmax(-1)
            shares = shares * (shares >= MIN_SHARE * shares.amax(-1, keepdim=True))
            picked = torch.multinomial(shares, 1, generator=generator)
            for row, offer, token in zip(rows, offers, picked[:, 0].tolist(), strict=True):
                row.take(token, offer, self._end)
            if all(_enough(rows[k : k + copies]) for k in range(0, len(rows), copies)):
                break
            tokens = picked  # (rows, 1)
            mask = torch.cat([mask, torch.ones_like(tokens)], 1)
            positions = positions[:, -1:] + 1
        return rows

    def _offer(self, row: _Row) -> tuple[Ids, Ids]:
        """Tokens a row may take and the states after them; only the end where it has no way on."""
        if not row.ended:
            plan = row.plan
            ways = self._ways(row.needed, row.optional, plan.language, plan.claims)
            tokens, targets = ways.next(row.state, row.left)
            new = ~np.isin(targets, row.been)  # never the same three words twice
            if new.any():
                return tokens[new], targets[new]
        return np.array([self._end]), np.array([-1])

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

    def draw(self, plans: Sequence[Plan], copies: int, seed: int) -> list[list[str]]:
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


def _belongs(text: str, language: str) -> bool:
    """Whether a token's text can stand in a text of the language: no digits, no other script."""
    if any(c.isdigit() for c in text):
        return False
    if language == "en":
        return all(c.isascii() or c in "“”’\ufffd" for c in text)  # the last: part of a quote mark
    return not any(c.isascii() and c.isalpha() for c in text)


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
