"""What a sentence does, told by the small heads; and how they are trained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pytest

from assistant.embedding import Encoder
from assistant.errors import DataError
from assistant.parsing.heads import Heads, characters
from assistant.training_heads import train_heads

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def heads() -> Heads:
    return Heads(DATA / "heads.json", Encoder(threads=1).encode)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Could you find us something for movie night?", ["ask"]),
        ("I'll definitely check it out tomorrow evening. Bye!", ["accept", "bye"]),
        ("Yes, I watched it with my sister but it was really dull", ["yes", "seen", "pan"]),
        ("¤¤¤¤ is far too bloody for me", ["critique"]),
        ("how do I bake sourdough bread?", ["offtopic"]),
        ("you useless pile of junk", ["abuse"]),
        ("do you keep my messages?", ["itself"]),
    ],
)
def test_each_sentence_gets_its_kind(heads: Heads, text: str, kinds: list[str]) -> None:
    assert [guess.kind for guess in heads.guess(text, "en")] == kinds


def test_guesses_say_where_their_sentence_stands(heads: Heads) -> None:
    text = "thanks! any other ideas?"
    spans = [text[guess.start : guess.end] for guess in heads.guess(text, "en")]
    assert spans == ["thanks", " any other ideas"]


def test_an_unknown_language_and_an_empty_message_get_no_guess(heads: Heads) -> None:
    assert heads.guess("Guten Abend", "de") == ()
    assert heads.guess(" ... ", "en") == ()


def test_characters_make_unit_rows() -> None:
    rows = characters(["你好", "再见"])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1)
    assert rows[0] @ rows[1] < 0.9


def test_a_file_that_holds_no_heads_is_refused(tmp_path: Path) -> None:
    (tmp_path / "heads.json").write_text("{}")
    with pytest.raises(DataError, match="matinee train heads"):
        Heads(tmp_path / "heads.json", characters)


def test_training_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "examples" / "zh"
    folder.mkdir(parents=True)
    slots = {"joints": ["但是"], "film": ["这部"], "person": ["他"], "day": ["今天", "明天"]}
    (folder / "slots.json").write_bytes(orjson.dumps(slots))
    said = {
        "greet": ["你好", "早上好", "您好呀", "嗨"],
        "ask": ["{day}看什么", "推荐", "想看", "求片"],
    }
    lines = [orjson.dumps({"kind": k, "said": v}) for k, v in said.items()]
    (folder / "doing.jsonl").write_bytes(b"\n".join(lines))
    for name in ("a.json", "b.json"):
        (report,) = train_heads(tmp_path / "examples", tmp_path / name, characters, 7)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert (report.sentences, report.examples) == (8, 9)
    told = Heads(tmp_path / "a.json", characters).guess("你好", "zh")
    assert told[0].kind == "greet"


def test_a_line_that_is_no_kind_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "zh"
    folder.mkdir()
    (folder / "slots.json").write_text('{"joints": ["但"], "film": ["a"], "person": ["b"]}')
    (folder / "doing.jsonl").write_text('{"kind": "ask"}\n')
    with pytest.raises(DataError, match=r"doing\.jsonl:1"):
        train_heads(tmp_path, tmp_path / "heads.json", characters, 7)
