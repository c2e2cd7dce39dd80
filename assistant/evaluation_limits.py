"""Whether a film ever breaks a condition: random requests in words, checked on films by themselves.

Conditions are drawn, put into English or Chinese words, sometimes over two messages, and taken
through the product's own path (``parse``, ``follow``, ``recommend``). Each comes with its own
check on a film's facts, written here and not with ``Limits``, so that a misread condition counts
as broken too. Next in the flow: ``cli.understanding`` prints what this returns.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.catalogue import Film
from assistant.chat import Assistant
from assistant.conversation import Conversation, follow
from assistant.history import Profile

Check = Callable[[Film], bool]
SHOWN = 5
"""Films looked at of each list."""
YEAR = 2026

_GENRES = (
    ("Comedy", "comedy", "喜剧"),
    ("Horror", "horror film", "恐怖片"),
    ("Thriller", "thriller", "惊悚片"),
    ("Western", "western", "西部片"),
    ("Drama", "drama", "剧情片"),
    ("Sci-Fi", "science fiction film", "科幻片"),
    ("Documentary", "documentary", "纪录片"),
    ("Animation", "animated film", "动画片"),
)
_BANNED = (
    ("Horror", "horror", "恐怖片"),
    ("Romance", "romance", "爱情片"),
    ("Musical", "musicals", "歌舞片"),
    ("Animation", "animation", "动画片"),
    ("War", "war", "战争片"),
)
_PLACES = (
    ("France", "French", "法国"),
    ("Japan", "Japanese", "日本"),
    ("Italy", "Italian", "意大利"),
    ("Spain", "Spanish", "西班牙"),
    ("South Korea", "Korean", "韩国"),
    ("Sweden", "Swedish", "瑞典"),
)
_PEOPLE = (
    ("Tom Hanks", "汤姆·汉克斯"),
    ("Meryl Streep", "梅丽尔·斯特里普"),
    ("Denzel Washington", "丹泽尔·华盛顿"),
    ("Cate Blanchett", "凯特·布兰切特"),
    ("Brad Pitt", "布拉德·皮特"),
    ("Nicole Kidman", "妮可·基德曼"),
)
_DIRECTORS = ("Steven Spielberg", "Martin Scorsese", "Clint Eastwood", "Ridley Scott", "Spike Lee")
_STUDIOS = (
    ("Pixar", "by Pixar", "皮克斯的"),
    ("Disney", "from Disney", "迪士尼的"),
    ("Marvel", "from Marvel", "漫威的"),
    ("A24", "by A24", "A24的"),
    ("Best Picture", "that won best picture", "奥斯卡最佳影片奖"),
    ("Palme d'Or", "that won the Palme d'Or", "获得金棕榈的"),
)
_ADULT = frozenset({"R", "NC-17", "X"})


@dataclass(frozen=True)
class Condition:
    """One condition in words, and what it means."""

    kind: str
    """At most one of a kind is drawn; "genre" and "place" open the request."""
    english: str
    chinese: str
    """Empty where it is only said in English."""
    check: Check
    genre: str = ""
    """The genre it asks for or rules out."""


@dataclass(frozen=True)
class Breach:
    """A film shown although it breaks a condition."""

    messages: tuple[str, ...]
    film: str
    condition: str


@dataclass(frozen=True)
class LimitsReport:
    """What random requests showed."""

    requests: int
    conditions: int
    shown: int
    """Films looked at."""
    empty: int
    """Requests that nothing fits, honestly answered with nothing."""
    breaches: tuple[Breach, ...]


def evaluate_limits(
    assistant: Assistant,
    n: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> LimitsReport:
    """Shows ``n`` random requests to the product; every breach is listed."""
    chance = random.Random(seed)
    said = shown = empty = 0
    breaches: list[Breach] = []
    for done in range(1, n + 1):
        conditions = draw(chance)
        messages = tuple(in_words(conditions, chance))
        stand = Conversation()
        for message in messages:
            stand = follow(stand, assistant.parser.parse(message, stand.context(YEAR)))
        _, picks = assistant.recommend(stand.wants, Profile(), count=SHOWN, as_of=YEAR + 0.5)
        said += len(conditions)
        shown += len(picks)
        empty += not picks
        breaches += [
            Breach(messages, pick.film.label, condition.english)
            for pick in picks
            for condition in conditions
            if not condition.check(pick.film)
        ]
        if progress is not None:
            progress(done, n)
    return LimitsReport(n, said, shown, empty, tuple(breaches))


def draw(chance: random.Random) -> tuple[Condition, ...]:
    """One to five conditions of different kinds; none rules out the genre that another asks for,
    since the later of the two would rightly replace the earlier."""
    makers = (
        _genre,
        _place,
        _years,
        _length,
        _person,
        _director,
        _ban,
        _certificate,
        _calm,
        _studio,
    )
    chosen = chance.sample(makers, chance.randint(1, 5))
    made = [make(chance) for make in makers if make in chosen]
    asked = {condition.genre for condition in made if condition.kind == "genre"}
    return tuple(c for c in made if c.kind != "ban" or c.genre not in asked)


def in_words(conditions: Sequence[Condition], chance: random.Random) -> Iterator[str]:
    """One message or two that say all of ``conditions``."""
    chinese = all(condition.chinese for condition in conditions) and chance.random() < 0.3
    later = conditions[-1:] if len(conditions) > 2 and chance.random() < 0.3 else ()
    yield (_chinese if chinese else _english)(conditions[: len(conditions) - len(later)])
    for condition in later:
        yield condition.chinese if chinese else condition.english + chance.choice(("", " please"))


def _english(conditions: Sequence[Condition]) -> str:
    opening = [c.english for kind in ("place", "genre") for c in conditions if c.kind == kind]
    if not any(c.kind == "genre" for c in conditions):
        opening.append("film")
    rest = [c.english for c in conditions if c.kind not in ("place", "genre")]
    return ", ".join(["a " + " ".join(opening), *rest])


def _chinese(conditions: Sequence[Condition]) -> str:
    opening = [c.chinese for kind in ("place", "genre") for c in conditions if c.kind == kind]
    if not any(c.kind == "genre" for c in conditions):
        opening.append("电影")
    rest = [c.chinese for c in conditions if c.kind not in ("place", "genre")]
    return "，".join(["来一部" + "".join(opening), *rest])


def _genre(chance: random.Random) -> Condition:
    name, english, chinese = chance.choice(_GENRES)
    return Condition("genre", english, chinese, lambda film: name in film.all_genres, name)


def _place(chance: random.Random) -> Condition:
    name, english, chinese = chance.choice(_PLACES)
    return Condition("place", english, chinese, lambda film: name in film.home)


def _years(chance: random.Random) -> Condition:
    year = chance.randint(1950, 2015)
    decade = year - year % 10
    return chance.choice(
        (
            Condition("years", f"after {year}", f"{year}年以后的", lambda f: f.year > year),
            Condition("years", f"before {year}", f"{year}年以前的", lambda f: f.year < year),
            Condition(
                "years",
                f"from the {decade}s",
                f"{decade}年代的",
                lambda f: decade <= f.year <= decade + 9,
            ),
            Condition("years", f"from {year}", f"{year}年的", lambda f: f.year == year),
            Condition(
                "years",
                f"between {year - 15} and {year}",
                f"{year - 15}年到{year}年之间",
                lambda f: year - 15 <= f.year <= year,
            ),
        )
    )


def _length(chance: random.Random) -> Condition:
    most = chance.choice((85, 90, 100, 110, 120, 150))
    return chance.choice(
        (
            Condition(
                "length",
                f"under {most} minutes",
                f"{most}分钟以内",
                lambda f: f.runtime_min is not None and f.runtime_min <= most,
            ),
            Condition(
                "length",
                f"at least {most} minutes",
                f"至少{most}分钟",
                lambda f: f.runtime_min is not None and f.runtime_min >= most,
            ),
        )
    )


def _person(chance: random.Random) -> Condition:
    name, chinese = chance.choice(_PEOPLE)
    if chance.random() < 0.5:
        return Condition("person", f"without {name}", "", lambda f: name not in f.cast)
    return Condition("person", f"starring {name}", f"{chinese}主演", lambda f: name in f.cast)


def _director(chance: random.Random) -> Condition:
    name = chance.choice(_DIRECTORS)
    return Condition("director", f"directed by {name}", "", lambda f: name in f.directors)


def _ban(chance: random.Random) -> Condition:
    name, english, chinese = chance.choice(_BANNED)
    return Condition(
        "ban", f"no {english}", f"不要{chinese}", lambda film: name not in film.all_genres, name
    )


def _studio(chance: random.Random) -> Condition:
    name, english, chinese = chance.choice(_STUDIOS)
    if " " not in name and chance.random() < 0.5:
        return Condition(
            "studio", f"nothing from {name}", f"不要{chinese}", lambda f: name not in f.collections
        )
    return Condition("studio", english, chinese, lambda film: name in film.collections)


def _certificate(chance: random.Random) -> Condition:
    def mild(film: Film) -> bool:
        return bool(film.certificate) and film.certificate not in _ADULT

    return Condition("certificate", "nothing R-rated", "", mild)


def _calm(chance: random.Random) -> Condition:
    name = chance.choice(("scary", "violent"))

    def calm(film: Film) -> bool:
        score = film.tone_of(name)
        return score is not None and score <= 3.0

    return Condition("calm", f"nothing {name}", "", calm)
