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
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import orjson

from assistant.drafts import (
    END,
    LEAST_SHARE,
    SPECIAL,
    Row,
    begin,
    belongs,
    claim_id,
    enough,
    holes,
    plain_prompt,
    plan_tokens,
)
from assistant.errors import ModelError
from assistant.phrasing import NOTHING, Left, Offer, Phrasing, Ways
from assistant.wording import (
    CLAIMS,
    LANGUAGES,
    Plan,
    check,
    claims,
    opening,
)

COPIES = 2
"""Texts drawn for each plan in one batch: one spare costs less than a second round."""
ROUNDS = 3
"""Batches at most: what fails in all of them gets a template."""
TEMPERATURE = 0.9
MIN_SHARE = 0.15
"""Tokens less likely than this share of the likeliest are not drawn (min-p sampling, Nguyen et al.
2024): where many openings are alike likely all stay possible, inside a phrase only what fits."""
LONGEST = 88
"""Steps at most, those taken back among them; the longest text has about 50 tokens."""
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

    def score(self, texts: Sequence[tuple[Plan, str]]) -> list[list[float]]:
        """See ``Phraser.score``."""
        ...

    def tokens(self, text: str) -> list[int]:
        """See ``Phraser.tokens``."""
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

    def write(
        self, plans: Sequence[Plan], seed: int, avoid: frozenset[str] = frozenset()
    ) -> Written:
        """A text for each plan that passes ``check`` and opens like no other of the batch.

        Openings in ``avoid`` (see ``opening``) were heard lately: only the last round takes them.
        """
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
                stale = start in openings or (start in avoid and attempt < ROUNDS - 1)
                if texts[row] is None and not wrong and not stale:
                    texts[row] = text
                    openings.add(start)
        return Written(tuple(texts), drawn, passed, problems)

    def score(self, texts: Sequence[tuple[Plan, str]]) -> list[list[float]]:
        """Natural log of the probability of each token of each text, its end among them."""
        return self._model.score(texts)

    def tokens(self, text: str) -> list[int]:
        """The ids that ``score`` counts for a text."""
        return self._model.tokens(text)

    def try_out(self, plans: Sequence[Plan], seed: int) -> list[list[str]]:
        """What the checker says to one draw for each plan; for measuring."""
        drafts = self._model.draw(plans, 1, seed)
        return [check(own[0], plan) for own, plan in zip(drafts, plans, strict=True)]


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
            tongues = [SPECIAL.index(f"<{name}>") for name in LANGUAGES]
            self._phrasing = Phrasing(folder / "phrasing.npy", SPECIAL.index(END), tongues)
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
                [i >= len(SPECIAL) and belongs(t, language) for i, t in enumerate(texts)]
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
        """Steps of one batch, those taken back among them."""

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

    def tokens(self, text: str) -> list[int]:
        """Ids of a text and its end."""
        return list(self._tokenizer.encode(f"{text}{END}").ids)

    def score(self, texts: Sequence[tuple[Plan, str]]) -> list[list[float]]:
        """Log-probabilities, one text at a time."""
        found = []
        for plan, text in texts:
            prompt = self._tokenizer.encode(plan_tokens(plan)).ids
            found.append(_logs(self._torch, self._model, prompt, self.tokens(text)))
        return found

    def _find_ways(
        self, needed: Left, optional: Left, language: str, claimed: tuple[str, ...]
    ) -> Ways:
        others = [flags for claim, flags in self._claims.items() if claim not in claimed]
        barred = np.any(others, axis=0) if others else np.zeros(len(self._phrasing.runs), bool)
        making = {claim_id(claim): self._claims[claim] for claim in claimed}
        return self._phrasing.ways(needed, optional, self._usual[language], barred, making)

    def _sample(
        self, tokens: Any, mask: Any, plans: Sequence[Plan], copies: int, seed: int
    ) -> list[Row]:
        torch = self._torch
        generator = torch.Generator().manual_seed(seed)
        starts = [self._phrasing.start(begin(plan)) for plan in plans]
        rows = [Row(s, *holes(plan), plan) for s, plan in zip(starts, plans, strict=True)]
        first = tokens[:, -1:].clone()  # (rows, 1)
        positions = (mask.cumsum(1) - 1).clamp(min=0)
        for row in rows:
            row.columns.append(tokens.shape[1] - 1)
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
            picked, agreed = self._pick(out.logits[:, -1].float(), offers, generator)
            positions = positions[:, -1:] + 1
            for n, row in enumerate(rows):
                if row.ended:
                    continue
                if agreed[n] >= (LEAST_SHARE if row.said else 0.0) and len(offers[n][0]):
                    row.take(int(picked[n, 0]), offers[n], self._end, mask.shape[1])
                elif (gone := row.turn_back()) is not None:
                    # The token before is fed again, at its old place; its old column is forgotten.
                    mask[n, list(gone)] = 0
                    picked[n, 0] = row.said[-1] if row.said else first[n, 0]
                    positions[n, 0] -= 2
                    row.columns[-1] = mask.shape[1]
            if all(enough(rows[k : k + copies]) for k in range(0, len(rows), copies)):
                break
            tokens = picked  # (rows, 1)
            mask = torch.cat([mask, torch.ones_like(tokens)], 1)
        return rows

    def _pick(
        self, logits: Any, offers: Sequence[Offer], generator: Any
    ) -> tuple[Any, list[float]]:
        """A token for each row, (rows, 1), and what share 0-1 the model gave all on offer."""
        torch = self._torch
        fit = torch.zeros_like(logits, dtype=torch.bool)
        for number, offer in enumerate(offers):
            fit[number, offer[0]] = True
        agreed = (logits.softmax(-1) * fit).sum(-1).tolist()
        for number, offer in enumerate(offers):
            fit[number, self._end] |= not len(offer[0])  # drawn from, and then not taken
        shares = (logits / TEMPERATURE).masked_fill(~fit, -torch.inf).softmax(-1)
        shares = shares * (shares >= MIN_SHARE * shares.amax(-1, keepdim=True))
        return torch.multinomial(shares, 1, generator=generator), agreed

    def _offer(self, row: Row) -> Offer:
        """Tokens a row may take and the states after them; none where it has no way on."""
        if row.ended:
            return np.array([self._end]), np.array([-1]), np.array([NOTHING])
        plan = row.plan
        ways = self._ways(row.needed, row.optional, plan.language, plan.claims)
        return row.open(ways.next(row.state, row.left))

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

    def tokens(self, text: str) -> list[int]:
        """Ids of a text as it follows the prompt."""
        return list(self._tokenizer(f" {text}\n", add_special_tokens=False)["input_ids"])

    def score(self, texts: Sequence[tuple[Plan, str]]) -> list[list[float]]:
        """Log-probabilities after the plain prompt."""
        return [
            _logs(
                self._torch,
                self._model,
                self._tokenizer(plain_prompt(plan))["input_ids"],
                self.tokens(text),
            )
            for plan, text in texts
        ]


def _logs(torch: Any, model: Any, prompt: Sequence[int], text: Sequence[int]) -> list[float]:
    """Log-probability of each token of ``text`` after ``prompt``."""
    ids = torch.tensor([[*prompt, *text]])
    with torch.inference_mode():
        logs = model(input_ids=ids).logits[0].float().log_softmax(-1)
    places = range(len(prompt) - 1, len(prompt) + len(text) - 1)
    return [float(logs[place, token]) for place, token in zip(places, text, strict=True)]


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
