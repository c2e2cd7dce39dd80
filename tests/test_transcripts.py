"""Whole conversations, word for word: what was understood, said and shown, turn by turn.

``python -m tests.test_transcripts`` writes the files anew after a change that is meant; read the
difference before keeping it. Reasons are in template wording, so that a transcript depends on no
sampling; ``test_generation`` looks after the model's.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from assistant.catalogue import Limits
from assistant.chat import Assistant, Reply
from assistant.config import Settings
from assistant.conversation import wants_record
from assistant.opening import open_assistant

FOLDER = Path(__file__).parent / "transcripts"
FILES = sorted(FOLDER.glob("*.txt"))
NOW_S = 1_790_000_000.0
"""A September day of 2026: "the last ten years" must not depend on when the tests run."""


def messages(text: str) -> list[str]:
    """What the person says in a transcript."""
    return [line[2:] for line in text.splitlines() if line.startswith("> ")]


def play(assistant: Assistant, said: list[str]) -> Iterator[tuple[str, Reply]]:
    """A new person's conversation, turn by turn."""
    user = assistant.add_profile(None)
    conversation = assistant.new_conversation(user)
    for message in said:
        yield message, assistant.reply(message, user, conversation)


def written(turns: Iterator[tuple[str, Reply]]) -> str:
    """A transcript as text."""
    lines: list[str] = []
    for message, reply in turns:
        lines.append(f"> {message}")
        lines.append(f"  [{' '.join(reply.acts)}] {reply.language}")
        if wants := wants_record(reply.wants):
            lines.append(f"  wants {json.dumps(wants, ensure_ascii=False, sort_keys=True)}")
        lines += [f"  {line}" for line in reply.text.splitlines()]
        lines += [
            f"  - {pick.film.label} [{pick.film.id}] {reason.text}"
            for pick, reason in zip(reply.picks, reply.reasons, strict=True)
        ]
        lines += [f"  ~ {label}" for label, _ in reply.chart[:6]]
        lines += [f"  ? {choice}" for choice in reply.choices]
        lines.append("")
    return "\n".join(lines)


def open_for_transcripts(home: Path) -> Assistant:
    """The real product, its clock stopped and its wording the templates'."""
    return open_assistant(Settings(home=home, phraser="off"), now=lambda: NOW_S)


@pytest.fixture(scope="module")
def played(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[Path], list[tuple[str, Reply]]]]:
    """The turns of a transcript's conversation, each conversation played once."""
    opened = open_for_transcripts(tmp_path_factory.mktemp("transcripts"))

    @cache
    def turns(path: Path) -> list[tuple[str, Reply]]:
        return list(play(opened, messages(path.read_text(encoding="utf-8"))))

    yield turns
    opened.close()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_conversation_goes_as_written(
    played: Callable[[Path], list[tuple[str, Reply]]], path: Path
) -> None:
    assert written(iter(played(path))) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_shown_film_breaks_a_limit_or_comes_back(
    played: Callable[[Path], list[tuple[str, Reply]]], path: Path
) -> None:
    gone: set[str] = set()
    for _, reply in played(path):
        limits: Limits = reply.wants.limits
        for pick in reply.picks:
            if "guess" not in reply.acts:  # A guess is the film somebody means, wanted or not.
                assert limits.allow(pick.film), (pick.film.label, limits)
                assert pick.film.id not in reply.wants.like + reply.wants.unlike
        shown = {pick.film.id for pick in reply.picks}
        assert len(shown) == len(reply.picks)
        assert not shown & gone or "guess" in reply.acts
        if set(reply.acts) & {"seen", "rate", "hide"}:
            gone |= {reply.film.id} if reply.film else set()


def test_there_are_sixty_conversations_of_five_to_twelve_turns_in_two_languages() -> None:
    texts = [path.read_text(encoding="utf-8") for path in FILES]
    turns = [len(messages(text)) for text in texts]
    assert len(texts) >= 60
    assert min(turns) >= 5
    assert max(turns) <= 12
    spoken = [re.findall(r"[\u4e00-\u9fff]", "".join(messages(text))) for text in texts]
    assert sum(bool(found) for found in spoken) >= 20


def test_no_reply_stumbles() -> None:
    """Templates once made "Superheroes is at the heart of it" and "Your Name..", and worse."""
    for path in FILES:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith(("> ", "  [", "  wants ")):
                continue
            said = line.partition("] ")[2] if line.startswith("  - ") else line
            assert not re.search(r"(?<!\.)\.\.(?!\.)|\ba [aeio]\w|\{|\}| ,|  \S", said[2:]), line
            assert not re.search(r"s is at the heart|s meets |与与|和和", said), line


def main() -> None:
    """Write every transcript anew from its messages."""
    names = sys.argv[1:]
    with tempfile.TemporaryDirectory() as home:
        opened = open_for_transcripts(Path(home))
        for path in FILES:
            if not names or any(name in path.stem for name in names):
                text = path.read_text(encoding="utf-8")
                path.write_text(written(play(opened, messages(text))), encoding="utf-8")
        opened.close()


if __name__ == "__main__":
    main()
