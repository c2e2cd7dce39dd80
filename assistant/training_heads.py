"""Trains the small heads that tell what a sentence does (``parsing.heads``) on our own examples.

``data/examples/<language>/<head>.jsonl`` holds a line a kind: ``{"kind": …, "said": [sentences]}``
with ``{slots}`` that ``slots.json`` fills. A head is multinomial logistic regression with an L2
penalty, every kind weighing the same, fitted by L-BFGS: same examples, same heads. A fifth of the
sentences (with all their fillings) is kept out to measure, then the head is fitted on all.
Next in the flow: ``parsing.heads`` reads what this writes.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from assistant.errors import DataError
from assistant.parsing.heads import Encode, Head, Tongue

HEADS = ("doing", "occasions")
ENCODED = frozenset({"en"})
"""Languages the bundled encoder reads."""
FILLINGS = 12
"""Fillings made of a sentence with slots."""
PENALTY = 0.0001
"""L2 penalty; of 0.0005, 0.0001 and 0.00003 the best on the sentences kept out."""
KEPT_OUT = 5
"""One sentence in so many is kept out."""
_SLOT = re.compile(r"\{(\w+)\}")
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """One filled sentence."""

    text: str
    sentence: str
    """As written, slots unfilled."""
    kind: str
    kept_out: bool


@dataclass(frozen=True)
class HeadReport:
    """How a head does on the sentences kept out."""

    language: str
    head: str
    kinds: int
    sentences: int
    """As written, before filling."""
    examples: int
    kept_out: int
    """Examples measured on."""
    accuracy: float
    macro_f1: float
    majority: float
    """Accuracy of always saying the commonest kind."""


def train_heads(examples: Path, out: Path, encode: Encode, seed: int) -> tuple[HeadReport, ...]:
    """Fit every head and write ``out``; raises ``DataError`` where examples are wrong."""
    reports = []
    languages: dict[str, Any] = {}  # Any: JSON
    for folder in sorted(path for path in examples.iterdir() if path.is_dir()):
        slots = _read(folder / "slots.json")
        tongue = Tongue(
            film=slots["film"][0],
            person=slots["person"][0],
            joints=re.compile(slots["joints"][0]),
            encoded=folder.name in ENCODED,
            heads={},
        )
        heads: dict[str, Any] = {}
        for name in HEADS:
            path = folder / f"{name}.jsonl"
            if path.exists():
                made = list(read_examples(path, slots, seed))
                head, report = _train(made, tongue, encode)
                reports.append(HeadReport(folder.name, name, len(head.kinds), *report))
                heads[name] = _record(head)
        entry = {"film": tongue.film, "person": tongue.person, "encoded": tongue.encoded}
        entry |= {"joints": tongue.joints.pattern}
        languages[folder.name] = entry | {"heads": heads}
    beside = out.with_suffix(".new")
    beside.write_bytes(orjson.dumps({"seed": seed, "languages": languages}))
    beside.replace(out)
    return tuple(reports)


def read_examples(path: Path, slots: Mapping[str, Sequence[str]], seed: int) -> Iterator[Example]:
    """The filled sentences of one file, the same for the same seed."""
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            entry = orjson.loads(line)
            kind, said = entry["kind"], entry["said"]
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(f"{path}:{number}: not a kind with sentences ({error!r})") from error
        for sentence in said:
            digest = int(hashlib.sha256(sentence.encode()).hexdigest(), 16)
            for text in _filled(sentence, slots, random.Random(f"{seed} {sentence}")):
                yield Example(text, sentence, kind, digest % KEPT_OUT == 0)


def _filled(
    sentence: str, slots: Mapping[str, Sequence[str]], chance: random.Random
) -> Sequence[str]:
    times = FILLINGS if _SLOT.search(sentence) else 1
    made = (_SLOT.sub(lambda m: chance.choice(slots[m[1]]), sentence) for _ in range(times))
    return tuple(dict.fromkeys(made))


def _train(
    examples: Sequence[Example], tongue: Tongue, encode: Encode
) -> tuple[Head, tuple[int, int, int, float, float, float]]:
    kinds = tuple(dict.fromkeys(example.kind for example in examples))
    rows = tongue.vectors([example.text for example in examples], encode).astype(np.float64)
    truth = np.array([kinds.index(example.kind) for example in examples])
    kept = np.array([example.kept_out for example in examples])
    tried = _fit(rows[~kept], truth[~kept], kinds)
    said = tried.shares(rows[kept].astype(np.float32)).argmax(axis=1)
    measured = [k for k in range(len(kinds)) if (truth[kept] == k).any()]
    scores = [_f1(truth[kept] == k, said == k) for k in measured]
    report = (
        len({example.sentence for example in examples}),
        len(examples),
        int(kept.sum()),
        float((said == truth[kept]).mean()) if kept.any() else 0.0,
        float(np.mean(scores)) if measured else 0.0,
        float(np.bincount(truth[kept]).max() / kept.sum()) if kept.any() else 0.0,
    )
    return _fit(rows, truth, kinds), report


def _fit(rows: Doubles, truth: npt.NDArray[Any], kinds: Sequence[str]) -> Head:
    """Multinomial logistic regression; every kind has the same weight in sum."""
    from scipy.optimize import minimize

    wanted = np.eye(len(kinds))[truth]  # (n, kinds)
    share = wanted / wanted.sum(axis=0) / len(kinds)
    weight = share.sum(axis=1)  # (n,)
    dim = rows.shape[1]

    def loss(flat: Doubles) -> tuple[float, Doubles]:
        table = flat.reshape(dim + 1, len(kinds))
        scores = rows @ table[:-1] + table[-1]
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        slope = np.exp(logs) * weight[:, None] - share
        grown = np.vstack([rows.T @ slope + PENALTY * table[:-1], slope.sum(axis=0)])
        value = -(share * logs).sum() + PENALTY / 2 * (table[:-1] ** 2).sum()
        return float(value), grown.ravel()

    start = np.zeros((dim + 1) * len(kinds))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    table = np.round(found.x.reshape(dim + 1, len(kinds)), 3).astype(np.float32)
    return Head(tuple(kinds), table[:-1], table[-1])


def _f1(wanted: npt.NDArray[Any], given: npt.NDArray[Any]) -> float:
    total = wanted.sum() + given.sum()
    return float(2 * (wanted & given).sum() / total) if total else 0.0


def _record(head: Head) -> dict[str, Any]:  # Any: JSON
    return {
        "kinds": list(head.kinds),
        "weights": [[round(float(x), 3) for x in row] for row in head.weights],
        "bias": [round(float(x), 3) for x in head.bias],
    }


def _read(path: Path) -> Any:  # Any: parsed JSON
    try:
        return orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise DataError(f"cannot read {path}: {error}") from error
