"""The corpus holds to its plans, and training writes a phraser that loads."""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

import pytest

from assistant.errors import ModelError, ProblemsError
from assistant.generation import COPIES, ROUNDS, Phraser
from assistant.phrases import dataset, load_phrases
from assistant.training import held_out, train_phraser
from assistant.wording import check, make_plan

TINY = {
    "en": ["Like {seed}, it is about {theme1}.", "A [quiet|short] story of {theme1}."],
    "zh": ["和{seed}一样讲{theme1}。", "讲的是{theme1}。"],
}
TAILS = {"en": [", and {actor} is in it"], "zh": ["，还有{actor}出演"]}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "phrases"
    for language, lines in TINY.items():
        (folder / language).mkdir(parents=True)
        (folder / language / "texts.txt").write_text("\n".join(lines), encoding="utf-8")
        tails = "\n".join(TAILS[language])
        (folder / language / "tails.txt").write_text(tails, encoding="utf-8")
    return folder


def test_every_bundled_text_holds_to_its_plan(project: Path) -> None:
    """``load_phrases`` raises with every line that does not."""
    english, chinese = load_phrases(project / "data" / "phrases")
    assert len(english.texts) > 600 and len(chinese.texts) > 300


def test_recombined_texts_hold_to_their_plans_and_do_not_repeat(project: Path) -> None:
    texts = dataset(load_phrases(project / "data" / "phrases"), 1500, 3)
    assert len({text for _, text in texts}) == len(texts)
    for plan, text in texts:
        assert check(text, plan) == [], text


def test_the_same_seed_draws_the_same_texts(corpus: Path) -> None:
    phrases = load_phrases(corpus)
    assert dataset(phrases, 50, 1) == dataset(phrases, 50, 1)


def test_a_text_that_breaks_a_rule_is_told_with_its_line(corpus: Path) -> None:
    path = corpus / "en" / "texts.txt"
    path.write_text("Like {seed}, it won 3 prizes.\nAn award for {theme1}.\n", encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_phrases(corpus)
    assert [p.split(":")[1] for p in caught.value.problems] == ["1", "2"]


def test_a_repeated_text_is_told(corpus: Path) -> None:
    path = corpus / "en" / "texts.txt"
    path.write_text("It is about {theme1}.\nIt is about {theme1}.\n", encoding="utf-8")
    with pytest.raises(ProblemsError, match="repeats"):
        load_phrases(corpus)


def test_a_tail_never_says_again_what_the_sentence_says(corpus: Path) -> None:
    english = load_phrases(corpus)[0]
    rng = random.Random(0)
    for _ in range(200):
        plan, text = english.draw(rng)
        assert text.count("{actor}") <= 1 and check(text, plan) == []


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
