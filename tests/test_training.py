"""Training writes a phraser that loads, from our own corpus or another model."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.generation import COPIES, ROUNDS, Phraser
from assistant.training import held_out, train_phraser
from assistant.wording import make_plan

TINY = {
    "en": ["Like {seed}, it is about {theme1}.", "A [quiet|short] story of {theme1}."],
    "zh": ["和{seed}一样讲{theme1}。", "讲的是{theme1}。"],
}
TAILS = {"en": [", and {actor} is in it"], "zh": ["，还有{actor}出演"]}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "phrases"
    for language, lines in TINY.items():
        reasons = folder / language / "reason"
        reasons.mkdir(parents=True)
        (reasons / "all.txt").write_text("\n".join(lines), encoding="utf-8")
        (reasons / "tails.txt").write_text("\n".join(TAILS[language]), encoding="utf-8")
        joints = {"stop": "." if language == "en" else "。", "joint": "; ", "joints": 1}
        found = json.dumps({**joints, "closed": [" too."], "halves": ["…"]})
        (folder / language / "joints.json").write_text(found, encoding="utf-8")
    return folder


def test_about_a_tenth_of_the_combinations_is_held_out_whatever_the_run() -> None:
    names = ["seed", "theme1", "theme2", "tone", "actor", "runtime", "hidden", "era", "decade"]
    plans = [
        make_plan("reason", "en", frozenset(said))
        for n in (3, 4)
        for said in combinations(names, n)
    ]
    share = sum(held_out(plan.combination) for plan in plans) / len(plans)
    assert 0.04 < share < 0.2


def test_a_trained_phraser_loads_and_a_cut_off_run_goes_on(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "phraser"
    report = train_phraser(corpus, out, steps=2, texts=40)
    assert report.steps == 2 and report.loss > 0
    Phraser(out, 1)
    assert (out / "loss.csv").read_text(encoding="utf-8").startswith("step,loss,held_out_loss\n2,")
    steps: list[int] = []
    train_phraser(
        corpus, out, steps=4, texts=40, resume=True, progress=lambda step, *_: steps.append(step)
    )
    assert steps == [4]
    assert "\n2," in (out / "loss.csv").read_text(encoding="utf-8")


def test_another_causal_model_is_trained_on_the_same_texts(corpus: Path, tmp_path: Path) -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

    letters = {letter: n for n, letter in enumerate(pre_tokenizers.ByteLevel.alphabet())}
    letters["<|end|>"] = len(letters)
    tokenizer = Tokenizer(models.BPE(vocab=letters, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>")
    ends = {"bos_token_id": 256, "eos_token_id": 256}
    config = GPT2Config(vocab_size=257, n_layer=1, n_embd=16, n_head=2, n_positions=512, **ends)
    base = tmp_path / "base"
    GPT2LMHeadModel(config).save_pretrained(base)
    fast.save_pretrained(base)
    report = train_phraser(corpus, tmp_path / "out", steps=2, texts=20, base=str(base))
    assert report.steps == 2
    written = Phraser(tmp_path / "out", 1).write(
        [make_plan("reason", "en", frozenset({"seed"}))], 1
    )
    assert (
        written.texts == (None,) and written.drawn == ROUNDS * COPIES
    )  # untrained: refused, not shown


def test_a_base_that_is_no_model_is_refused(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    with pytest.raises(ModelError, match="nothing"):
        train_phraser(corpus, tmp_path / "out", steps=1, texts=10, base=str(tmp_path / "nothing"))
