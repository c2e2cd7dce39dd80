"""Parts of a series that we do not hold: "Toy Story 7" is not Toy Story.

A number after a title names another film where the title has numbered parts and this is none of
those we know. Knows nothing of what a title is worth. Next in the flow: ``titles`` says such a
film is unknown instead of guessing the first one.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.parsing.evidence import RUNS_ON, Evidence, Scene
from assistant.parsing.spans import compact
from assistant.parsing.titlekeys import TitleKeys

_PARTS = range(2, 31)
"""Numbers a part may have; higher ones are years, marks or amounts."""


def unheld_part(
    scene: Scene, start: int, end: int, keys: TitleKeys, evidence: Evidence
) -> int | None:
    """One past the word that makes ``start`` to ``end`` an unknown part of a known series; None
    where it is what it says: of "seen toy story 7" words 1 to 3 give 4, and "toy story 4 times"
    runs on behind the number.
    """
    words = scene.words
    if end >= len(words) or not words[end].key.isdigit() or int(words[end].key) not in _PARTS:
        return None
    after = end + 1
    if evidence.after(scene, after) == RUNS_ON or scene.text[
        words[end].end : words[end].end + 1
    ] in ("/", "%"):
        return None
    base = compact(word.key for word in words[start:end])
    numbered = any(keys.get(f"{base}{part}") for part in _numbers(base))
    return after if numbered and not keys.get(f"{base}{words[end].key}") else None


def _numbers(base: str) -> Sequence[str]:
    """The second and third part; none for a title that ends in a number itself."""
    return () if base[-1:].isdigit() else ("2", "3")
