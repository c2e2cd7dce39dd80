"""What a text must say, whether it says just that, and how its placeholders become real names.

A ``Plan`` lists placeholders and bare claims; ``check`` reads a text against it; ``fill`` puts
titles, names and numbers in, mending "a" and "an". Knows nothing of films, facts or models.
Next in the flow: ``generation`` writes texts for plans, ``explanation`` makes the plans.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

PLACEHOLDERS = (
    "film",
    "seed",
    "theme1",
    "theme2",
    "tone",
    "mood",
    "director",
    "actor",
    "genre",
    "decade",
    "year",
    "runtime",
    "country",
    "language",
    "about",
    "liked",
    "change",
    "stars",
)
"""What a text may leave open, in the order a plan lists them. ``theme1`` and ``theme2`` beside
``seed`` are themes the two films share; ``tone`` is a comparative ("funnier") that holds against
``seed``; ``mood`` an adjective; ``genre`` a noun without article; ``change`` labels of conditions,
as on chips; ``stars`` a mark out of five."""
PEOPLE = frozenset({"director", "actor"})
CLAIMS = ("acclaim", "hidden", "popular", "era")
"""What a text may claim without a placeholder: well thought of; good and little seen; widely
known; from about the same years as ``seed``."""
LANGUAGES = ("en", "zh")
ASKED = ("ask_mood", "ask_genre", "ask_era", "ask_length", "ask_origin")
"""Questions back, one for each thing that can be asked."""
PURPOSES = (
    "reason",
    "introduction",
    "opening",
    "taste",
    "more",
    "refined",
    "single",
    "why",
    "comparison",
    "absence",
    *ASKED,
    "loved",
    "liked",
    "fine",
    "disliked",
    "seen",
    "saved",
    "hidden",
    "rated",
)
"""What a text is for: a card's reason; the line above a list, and that above one for somebody still
unknown, for a known taste, above more of the same, after a change, above a single film; why a film
is in it; ``film`` beside ``seed``; why a film is not in it (the placeholder holds what breaks a
condition); questions back; and what is said to an opinion."""

LENGTHS = {"en": (3, 32), "zh": (4, 60)}
"""Fewest and most words (en) or characters (zh) of a card reason, placeholders counting one."""
OPENING_WORDS = 2
"""Two texts open the same way where their first words are the same: this many (en)..."""
OPENING_CHARACTERS = 3
"""...or characters (zh), a placeholder counting as one."""
ONCE: Mapping[str, str] = {"en": ", and"}
"""A joint that a text holds once at most: with two it runs on."""
_HOLE = re.compile(r"\{([a-z_0-9]*)\}")
_OPENING_HOLE = re.compile(r"(^|(?<=[.!?]) )?\{([a-z_0-9]*)\}")
_SPELT = frozenset({"film", "seed", "liked", "actor", "director"})
"""Titles and names, which keep their own capitals: "eXistenZ", "k.d. lang"."""
_ARTICLE = re.compile(r"\b([Aa])n?( )(?=\{([a-z_0-9]+)\})")
_CLAUSES = re.compile(r", and |[;，；]")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_SINGLE = frozenset({"I", "I'd", "I'm", "I've", "I'll", "OK"})
_UNPROVEN: Mapping[str, tuple[str, ...]] = {
    "acclaim": (
        *("well regarded", "highly rated", "highly thought", "acclaim", "critics", "high regard"),
        *("admire", "well thought of", "think highly", "speaks well of", "high standing"),
        *("口碑", "评价很高", "好评"),
    ),
    "hidden": (
        *("hidden gem", "overlooked", "underseen", "little-seen", "little seen", "little known"),
        *("hardly known", "few people know", "few have seen", "small audience", "too few people"),
        *("冷门", "遗珠", "被低估"),
    ),
    "popular": (
        *("famous", "everyone knows", "best-known", "widely known", "well known"),
        *("家喻户晓", "人尽皆知", "知名度"),
    ),
    "recent": ("recent", "brand new", "new release", "新片", "近年"),
    "era": ("same years", "same era", "同一年代", "同一时期"),
}
"""Words that make a claim: they may stand only where the plan holds it, and there one must."""
_WISHED: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("asked", "you wanted", "described", "terms", "condition", "request", "within bounds"),
        *("wishes", "you set", "you drew", "you said", "told me", "you named"),
    ),
    "zh": (
        "你要",
        "你说",
        "你提",
        "要求",
        "条件",
        "你划",
        "你没有排除",
        "都合",
        "对得上",
        "哪条不合",
        "你的范围",
    ),
}
"""Words that say a wish is met: never of a card that only claims something or names people, for
there may have been no wish."""
_NEVER = (
    "award",
    "oscar",
    "masterpiece",
    "must-see",
    "must see",
    "best film",
    "greatest",
    "guarantee",
    "获奖",
    "奥斯卡",
    "杰作",
    "神作",
    "必看",
    "最伟大",
)


@dataclass(frozen=True)
class Plan:
    """What one text must say: every placeholder once, every claim, nothing else."""

    purpose: str
    """From ``PURPOSES``."""
    language: str
    """From ``LANGUAGES``."""
    placeholders: tuple[str, ...]
    """Demanded, each exactly once, in ``PLACEHOLDERS`` order."""
    claims: tuple[str, ...] = ()
    """From ``CLAIMS``."""

    @property
    def optional(self) -> tuple[str, ...]:
        """Placeholders that may stand once though nobody demands them."""
        return ("film",) if self.purpose == "reason" and "film" not in self.placeholders else ()

    @property
    def bare(self) -> bool:
        """Whether a card names nothing but people, if anything, and says something."""
        named = PEOPLE.issuperset(self.placeholders)
        return self.purpose == "reason" and named and bool(self.placeholders or self.claims)

    @property
    def combination(self) -> str:
        """A key for what is said, whatever the language: ``"seed+theme1+acclaim"``."""
        return "+".join(p for p in self.placeholders + self.claims if p != "film")


def make_plan(purpose: str, language: str, said: frozenset[str]) -> Plan:
    """The plan that says ``said`` (placeholders and claims mixed), in canonical order."""
    return Plan(
        purpose,
        language,
        tuple(p for p in PLACEHOLDERS if p in said),
        tuple(c for c in CLAIMS if c in said),
    )


def check(text: str, plan: Plan) -> list[str]:
    """Everything wrong with ``text`` as a text for ``plan``; empty where nothing is."""
    return [
        *_placeholder_problems(text, plan),
        *_shape_problems(text, plan),
        *_claim_problems(text, plan),
    ]


def _placeholder_problems(text: str, plan: Plan) -> list[str]:
    found = _HOLE.findall(text)
    problems = [f"{{{name}}} is missing" for name in plan.placeholders if name not in found]
    allowed = set(plan.placeholders) | set(plan.optional)
    problems += [f"{{{name}}} is not in the plan" for name in set(found) - allowed]
    problems += [f"{{{name}}} stands twice" for name in set(found) if found.count(name) > 1]
    if text.count("{") != len(found) or text.count("}") != len(found):
        problems.append("a brace stands alone")
    return sorted(problems)


def _shape_problems(text: str, plan: Plan) -> list[str]:
    bare = _HOLE.sub("X", text)
    problems = []
    if any(c.isdigit() for c in _HOLE.sub("", text)):
        problems.append("a digit of its own")
    low, high = LENGTHS[plan.language]
    chinese = bool(_CJK.search(text))
    size = len(bare) if plan.language == "zh" else len(bare.split())
    if not low <= size <= high:
        problems.append(f"{size} long, not {low} to {high}")
    if chinese != (plan.language == "zh"):
        problems.append(f"not in {plan.language}")
    if not text.rstrip().endswith((".", "。", "!", "！", "?", "？")):
        problems.append("does not end a sentence")
    if plan.language == "zh" and re.search(r"[A-Za-z]", _HOLE.sub("", text)):
        problems.append("Latin letters in a Chinese text")
    if re.search(r"(\b\w+\b) \1\b|\.\.|,,|，，|。。", text):
        problems.append("stutters")
    if plan.language == "en":
        problems += _capital_problems(text)
    joint = ONCE.get(plan.language)
    if joint is not None and text.count(f"{joint} ") > 1:
        problems.append("runs on")
    return problems


def _capital_problems(text: str) -> list[str]:
    """Capitalised words that open no sentence: names the text made up."""
    problems = []
    opening = True
    for word in text.split():
        plain = word.strip("“”\"'(),.;:!?")
        if plain[:1].isupper() and not opening and plain not in _SINGLE:
            problems.append(f"a name of its own: {plain}")
        if opening and plain[:1].islower() and not plain.startswith("{"):
            problems.append("a sentence opens in lower case")
        opening = word.endswith((".", "!", "?"))
    return problems


def _claim_problems(text: str, plan: Plan) -> list[str]:
    low = text.lower()
    problems = [f"claims {word!r}" for word in _NEVER if word in low]
    for claim, words in _UNPROVEN.items():
        if claim not in plan.claims:
            problems += [f"claims {word!r}" for word in words if word in low]
        elif not claims(text, claim):
            problems.append(f"does not say {claim!r}")
        elif sum(claims(clause, claim) for clause in _CLAUSES.split(text)) > 1:
            problems.append(f"says {claim!r} twice")
    if plan.bare and wishes(text, plan.language):
        problems.append("speaks of wishes")
    return problems


def claims(text: str, claim: str) -> bool:
    """Whether the words of ``claim`` (from ``CLAIMS``) stand in a text or a part of one."""
    low = text.lower()
    return any(word in low for word in _UNPROVEN[claim])


def wishes(text: str, language: str) -> bool:
    """Whether a text or a part of one says that it meets a wish."""
    low = text.lower()
    return any(word in low for word in _WISHED[language])


def words_of(claim: str, language: str) -> str:
    """Words that make ``claim`` (from ``CLAIMS``) in ``language``, for asking another model."""
    return next(w for w in _UNPROVEN[claim] if bool(_CJK.search(w)) == (language == "zh"))


def placeholders_of(text: str) -> tuple[str, ...]:
    """Names of the placeholders in ``text``, in order of appearance."""
    return tuple(_HOLE.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with its placeholders filled, "a"/"an" before them mended, sentences capitalised.

    Raises ``KeyError`` for a placeholder without a value: a text that passed ``check`` has none.
    """

    def article(match: re.Match[str]) -> str:
        value = values[match[3]].lstrip("“\"'")
        return match[1] + ("n" if value[:1].lower() in tuple("aeiou") else "") + match[2]

    def value(match: re.Match[str]) -> str:
        opens = match[1] is not None and match[2] not in _SPELT
        found = values[match[2]]
        return (match[1] or "") + (found[:1].upper() + found[1:] if opens else found)

    # Sentences are told before names are in: "Your Name." ends none.
    opened = re.sub(r"(^|(?<=[.!?] ))[a-z]", lambda m: m[0].upper(), _ARTICLE.sub(article, text))
    return _OPENING_HOLE.sub(value, opened)


def unfill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with what fills placeholders now put back into them, longest first: how it was said,
    whatever it was said of."""
    for name, value in sorted(values.items(), key=lambda item: (-len(item[1]), item[0])):
        edge = r"(?<!\w)", r"(?!\w)"
        before, after = edge if value.isascii() else ("", "")
        if value:
            pattern = f"{before}{re.escape(value)}{after}"
            text = re.sub(pattern, f"{{{name}}}", text, flags=re.IGNORECASE)
    return text


def opening(text: str, language: str) -> str:
    """How a text starts, for telling whether two start alike: first words or characters."""
    if language == "zh":
        return "".join(re.findall(r"\{[^}]*\}|.", text)[:OPENING_CHARACTERS])
    return " ".join(text.split()[:OPENING_WORDS]).lower()
