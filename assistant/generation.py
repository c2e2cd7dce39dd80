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

from assistant.borrowed import Borrowed
from assistant.decoding import Decoder, one_thread, replay, token_logs
from assistant.drafts import (
    END,
    JOINT,
    SPECIAL,
    Row,
    begin,
    belongs,
    claim_id,
    enough,
    holes,
    plan_tokens,
    purpose_token,
)
from assistant.echoes import Echoes, Openings, freshest
from assistant.errors import ModelError
from assistant.phrasing import Flags, Ids, Left, Offer, Phrasing, Ways
from assistant.wording import (
    CLAIMS,
    LANGUAGES,
    ONCE,
    PEOPLE,
    Plan,
    check,
    claims,
    opening,
    wishes,
)

COPIES = 3
"""Texts begun for each plan in one batch..."""
WHOLE = 2
"""...and finished: of so many the one is kept that repeats least."""
ROUNDS = 3
"""Batches at most: what fails in all of them gets a template."""
COLUMNS = 256
"""Tokens fed for each text at most, padding and those taken back among them."""
AHEAD = 8
"""Tokens at most that are fed to the model together."""
OPENING_TOKENS = 10
"""By then a text's opening is whole."""
KEPT_WAYS = 128
"""Plans whose ways stay in memory, 0.3 MB each; a turn has five."""
MEND = "restore data/phraser or run `matinee train phraser`"


@dataclass(frozen=True)
class Written:
    """Texts for plans, in order, None where no draw passed, and how the drawing went."""

    texts: tuple[str | None, ...]
    drawn: int
    passed: int
    problems: Mapping[str, int]
    """How often the checker said what, and how often no draft was made."""


class _Model(Protocol):
    def draw(
        self,
        plans: Sequence[Plan],
        copies: int,
        seed: int,
        openings: Openings | None = None,
        heard: Sequence[str] = (),
    ) -> list[list[str]]:
        """For each plan at least one and at most ``copies`` texts."""
        ...

    def score(self, texts: Sequence[tuple[Plan, str]]) -> list[list[float]]:
        """See ``Phraser.score``."""
        ...

    def tokens(self, text: str) -> list[int]:
        """See ``Phraser.tokens``."""
        ...

    def replay(self, rows: int, steps: int) -> None:
        """See ``decoding.replay``."""
        ...


class Phraser:
    """Writes texts for plans. Same plans and seed, same texts on the same machine."""

    def __init__(self, folder: Path | str, threads: int = 2) -> None:
        """Raises ``ModelError`` where files are missing or altered, or nothing can be loaded."""
        path = Path(folder)
        own = (path / "tokenizer.json").is_file() and (path / "sha256").is_file()
        if not own and path.name == "phraser" and not (path / "config.json").is_file():
            raise ModelError(f"no phraser in {path}; {MEND}")
        self._model: _Model = _Own(path, threads) if own else Borrowed(str(folder), threads)

    def write(self, plans: Sequence[Plan], seed: int, heard: Sequence[str] = ()) -> Written:
        """A text for each plan that passes ``check`` and opens like no other of the batch.

        Texts in ``heard`` were said lately: what they say is rather said otherwise, and only the
        last round opens as they do.
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
            avoid = _openings(heard, plans) if attempt < ROUNDS - 1 else frozenset[str]()
            taken = Openings(avoid | openings)
            around = [*heard, *(text for text in texts if text is not None)]
            drafts = self._model.draw(wanted, COPIES, seed + 7919 * attempt, taken, around)
            for row, own in zip(open_rows, drafts, strict=True):
                fit = []
                for text in own:
                    if not text:  # led into a corner before its first word: no draft was made
                        problems["stuck"] += 1
                        continue
                    wrong = check(text, plans[row])
                    drawn += 1
                    passed += not wrong
                    problems.update(wrong)
                    start = opening(text, plans[row].language)
                    if not wrong and start not in openings and start not in avoid:
                        fit.append(text)
                if fit:
                    texts[row] = freshest(fit, [*heard, *filter(None, texts)], plans[row].language)
                    openings.add(opening(texts[row] or "", plans[row].language))
        return Written(tuple(texts), drawn, passed, problems)

    def score(self, texts: Sequence[tuple[Plan, str]]) -> list[list[float]]:
        """Natural log of the probability of each token of each text, its end among them."""
        return self._model.score(texts)

    def tokens(self, text: str) -> list[int]:
        """The ids that ``score`` counts for a text."""
        return self._model.tokens(text)

    def replay(self, texts: Sequence[str]) -> None:
        """The bare forward passes that these texts need, as many drafts of each; for measuring."""
        steps = max(len(self.tokens(text)) for text in texts)
        self._model.replay(COPIES * len(texts), steps)

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
        self._wishes = {name: np.array([wishes(text, name) for text in runs]) for name in LANGUAGES}
        """(edges,) bool by language: edges whose run of tokens says that a wish is met."""
        self._people = {SPECIAL.index(f"{{{name}}}") for name in PEOPLE}
        self._end = SPECIAL.index(END)
        self._joints = np.array([text.endswith(tuple(ONCE.values())) for text in runs])
        """(edges,) bool: edges whose run of tokens ends in a joint."""
        self._ways = lru_cache(maxsize=KEPT_WAYS)(self._find_ways)

    def draw(
        self,
        plans: Sequence[Plan],
        copies: int,
        seed: int,
        openings: Openings | None = None,
        heard: Sequence[str] = (),
    ) -> list[list[str]]:
        """Texts sampled together, until every plan has ``WHOLE``; others may be cut off."""
        with one_thread():
            rows = self._sample(plans, copies, seed, openings, heard)
        drafts = []
        for first in range(0, len(rows), copies):
            own = rows[first : first + copies]
            ended = [row for row in own if row.ended and not row.spare] or own[:1]
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
            found.append(token_logs(self._model, prompt, self.tokens(text)))
        return found

    def replay(self, rows: int, steps: int) -> None:
        """See ``decoding.replay``."""
        replay(self._model, rows, steps)

    def _find_ways(
        self, start: int, needed: Left, optional: Left, language: str, claimed: tuple[str, ...]
    ) -> Ways:
        others = [flags for claim, flags in self._claims.items() if claim not in claimed]
        barred = np.any(others, axis=0) if others else np.zeros(len(self._phrasing.runs), bool)
        if needed and all(item < 0 or item in self._people for item in needed):
            barred |= self._wishes[language]
        making = {claim_id(claim): self._claims[claim] for claim in claimed}
        costing = {JOINT: self._joints} if JOINT in optional else {}
        usual = self._usual[language]
        return self._phrasing.ways(start, needed, optional, usual, barred, making, costing)

    def _sample(
        self,
        plans: Sequence[Plan],
        copies: int,
        seed: int,
        openings: Openings | None,
        heard: Sequence[str],
    ) -> list[Row]:
        rng = np.random.default_rng(seed)
        echoes = Echoes(self._tokenizer.encode(text).ids for text in heard)
        rows = [
            Row(
                self._phrasing.start(purpose_token(plan.purpose), begin(plan)),
                *holes(plan),
                plan,
                number,
            )
            for number, plan in enumerate(plans)
            for _ in range(copies)
        ]
        new = [self._tokenizer.encode(plan_tokens(row.plan)).ids for row in rows]
        prompts = [len(ids) for ids in new]
        decoder = Decoder(self._model, len(rows), COLUMNS)
        seen = np.zeros((len(rows), COLUMNS), bool)
        """What in the decoder's memory is a row's own: no padding, nothing it took back."""
        column = 0
        while column + (width := max(map(len, new))) <= COLUMNS:
            places = [n + len(row.columns) for n, row in zip(prompts, rows, strict=True)]
            tokens, at, own = _ragged(new, places if column else [0] * len(rows), width)
            logs = decoder.feed(tokens, at, own, seen[:, :column])
            seen[:, column : column + width] = own
            for n, row in enumerate(rows):
                columns = range(column + width - len(new[n]), column + width)
                if column:
                    seen[n, row.hear(columns, logs[n])] = False
                else:
                    row.logs.append(logs[n][-1])
                seen[n, self._advance(row, rng, openings, echoes)] = False
            column += width
            for first in range(0, len(rows), copies):
                if enough(drafts := rows[first : first + copies], WHOLE):
                    for row in drafts:
                        row.give_up()
            if all(row.ended for row in rows):
                break
            new = [row.unfed for row in rows]
        return rows

    def _advance(
        self, row: Row, rng: np.random.Generator, openings: Openings | None, echoes: Echoes
    ) -> list[int]:
        """Go on with a text until the model must listen; columns of what was taken back.

        After a token that was drawn come those that have no other way.
        """
        gone: list[int] = []
        while not row.ended and not row.unfed:
            offer = self._offer(row)
            place = row.draw(offer, rng.random(), echoes)
            if place is None:
                gone += row.turn_back()
                continue
            row.take(place, offer, self._end)
            echoes.note(row.said, row.number)
            while not row.ended and len(row.unfed) < AHEAD:
                if not self._opens_anew(row, openings):
                    gone += row.turn_back()
                    break
                offer = self._offer(row)
                if len(offer[0]) != 1 or offer[0][0] == self._end:
                    break
                row.take(0, offer, self._end)
                echoes.note(row.said, row.number)
        return gone

    def _opens_anew(self, row: Row, openings: Openings | None) -> bool:
        """False where a draft opens, now that its opening is whole, in a way that is taken."""
        if openings is None or len(row.said) > OPENING_TOKENS:
            return True
        start, before = (
            opening(self._tokenizer.decode(ids, skip_special_tokens=False), row.plan.language)
            for ids in (row.said, row.said[:-1])
        )
        return start != before or openings.free(start, row.number)

    def _offer(self, row: Row) -> Offer:
        plan = row.plan
        ways = self._ways(row.been[0], row.needed, row.optional, plan.language, plan.claims)
        return row.open(ways.next(row.state, row.left))

    def _text(self, ids: Sequence[int]) -> str:
        kept = ids[: list(ids).index(self._end)] if self._end in ids else []
        return str(self._tokenizer.decode(kept, skip_special_tokens=False)).strip()


def _openings(texts: Sequence[str], plans: Sequence[Plan]) -> frozenset[str]:
    """How texts open, in the languages of ``plans``."""
    languages = {plan.language for plan in plans}
    return frozenset(opening(text, language) for text in texts for language in languages)


def _ragged(
    rows: Sequence[Sequence[int]], firsts: Sequence[int], width: int
) -> tuple[Ids, Ids, Flags]:
    """Rows of tokens side by side, right-aligned, with places from ``firsts`` on: tokens, places,
    and which are no padding, each (rows, width)."""
    tokens, places = np.zeros((2, len(rows), width), np.int64)
    own = np.zeros((len(rows), width), bool)
    for n, (row, first) in enumerate(zip(rows, firsts, strict=True)):
        if row:
            tokens[n, -len(row) :] = row
            places[n, -len(row) :] = range(first, first + len(row))
            own[n, -len(row) :] = True
    return tokens, places, own


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
