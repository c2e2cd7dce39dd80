"""Numbers as people write them: "8", "eight", "twenty-five", "八", "两", "半".

Knows nothing of what is counted. Next in the flow: ``years`` and ``amounts``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_ENGLISH: Mapping[str, float] = {
    **{
        word: value
        for value, word in enumerate(
            [
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
                "thirteen",
                "fourteen",
                "fifteen",
                "sixteen",
                "seventeen",
                "eighteen",
                "nineteen",
                "twenty",
            ]
        )
    },
    **{
        word: 30 + 10 * tens
        for tens, word in enumerate(
            ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
        )
    },
    "a": 1,
    "an": 1,
    "couple": 2,
    "a couple": 2,
    "a couple of": 2,
    "couple of": 2,
    "few": 3,
    "a few": 3,
    "several": 5,
    "dozen": 12,
    "a dozen": 12,
    "half": 0.5,
    "hundred": 100,
    "a hundred": 100,
}
_CHINESE: Mapping[str, int] = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    "〇": 0,
    "两": 2,
    "俩": 2,
    "几": 3,
}


def read_number(words: str) -> float | None:
    """The number ``words`` say; None where they say none.

    >>> read_number("twenty-five"), read_number("二十"), read_number("4.5")
    (25.0, 20.0, 4.5)
    """
    words = words.strip().lower()
    if re.fullmatch(r"\d{1,6}(?:\.\d+)?", words, re.ASCII):
        return float(words)
    if words in _ENGLISH:
        return float(_ENGLISH[words])
    parts = re.split(r"[\s-]+", words)
    if len(parts) == 2 and all(part in _ENGLISH for part in parts):
        tens, ones = (_ENGLISH[part] for part in parts)
        if tens in range(20, 100, 10) and 0 < ones < 10:
            return float(tens + ones)
    return _read_chinese(words)


def _read_chinese(words: str) -> float | None:
    if words == "半":
        return 0.5
    if "十" in words:
        tens, _, ones = words.partition("十")
        high = _CHINESE.get(tens, None if tens else 1)
        low = _CHINESE.get(ones, None if ones else 0)
        return None if high is None or low is None else float(10 * high + low)
    if words and all(character in _CHINESE for character in words):
        return float("".join(str(_CHINESE[character]) for character in words))
    return None
