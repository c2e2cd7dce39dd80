"""Signed marks made into one message's ``Wants``: limits, preferences, seeds, tones.

Conditions are hard unless the message softens them ("ideally") or only tells a fondness ("I love
horror"). Genres side by side must all
hold ("romantic comedy"), genres in a list are alternatives ("comedy or drama"). Knows nothing of
acts or of earlier messages. Next in the flow: ``remainder`` adds the words that are left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.catalogue import Limits
from assistant.catalogue.limits import Group
from assistant.parsing import runtime, years
from assistant.parsing.amounts import Amount
from assistant.parsing.attributes import is_told
from assistant.parsing.grammar import Grammar, Topic
from assistant.parsing.people import PersonMention
from assistant.parsing.references import Reference
from assistant.parsing.request import Mention, Wants
from assistant.parsing.roles import DIRECTED, STARRING, roles_of
from assistant.parsing.runtime import Runtime
from assistant.parsing.signs import Signed
from assistant.parsing.years import Years

CEILINGS: Mapping[str, float] = {"scary": 3.0, "violent": 3.0, "sad": 4.0, "dark": 4.0}
"""Highest score allowed by "nothing scary": tones people must be able to shut out for sure.
"Not funny", "not slow" and the like only push the other way."""
NOT_TOO_CEILING = 5.0
"""What "not too scary" still allows: the middle of the scale."""
FACTORS: Mapping[str | None, float] = {"slight_more": 0.5, "much": 1.5, "much_more": 1.5}
"""How "a bit" and "much" scale a shift; a shift never leaves -1..1."""
SHIFT = 0.6
GENRE_TONES: Mapping[str, str] = {
    "Action": "action",
    "Comedy": "funny",
    "Family": "family",
    "Horror": "scary",
    "Romance": "romantic",
}
"""Genres one can ask more or less of: "less action" is a tone, "no action" a limit."""
_LESS_OF = frozenset({"less", "complaint", "too"})
_AMOUNTS_OF = _LESS_OF | {"slight_more", "much_more"}
CHILD_FAMILY_TONE = 0.5
"""A child in the room asks for more than a certificate."""

_FILLER = re.compile(
    r"(?<![^\W_])(?:a|an|the|maybe|even|some|with|something|anything|either)(?![^\W_])|\s"
)
_PRAISE = re.compile(
    r"(?:\.?\s*(?:,|and|&)\s*§+)*\.?\s*(?:is|was|are|were|'s)\b(?! (?:in|starring|directing))"
)
"""A remark on people ("Bill Murray is great") prefers them; it does not demand them."""
_KINDS = re.compile(
    r"(?:\s*(?P<films>movies|films|flicks|ones))?\s*(?:,|&|,?\s*and)\s*(?:some\s+|maybe\s+)*"
)
"""What stands between two kinds of film that are both welcome ("westerns and war films")."""
_FOND = frozenset({"loved", "liked"})
_LIKES = frozenset({"loved", "liked", "like"})
_UNLIKES = frozenset({"disliked", "hated", "unlike"})


@dataclass
class _Draft:
    """Conditions collected so far, for limits or for preferences."""

    genres: list[Group] = field(default_factory=list)
    not_genres: set[str] = field(default_factory=set)
    people: list[Group] = field(default_factory=list)
    directed_by: list[Group] = field(default_factory=list)
    starring: list[Group] = field(default_factory=list)
    not_people: set[str] = field(default_factory=set)
    collections: list[Group] = field(default_factory=list)
    not_collections: set[str] = field(default_factory=set)
    years: list[tuple[int, int]] = field(default_factory=list)
    vague_years: list[tuple[int, int]] = field(default_factory=list)
    """Used where no others are said."""
    not_years: list[tuple[int, int]] = field(default_factory=list)
    runtimes: list[tuple[int, int]] = field(default_factory=list)
    countries: set[str] = field(default_factory=set)
    not_countries: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    not_languages: set[str] = field(default_factory=set)
    age: int | None = None
    acclaim: float | None = None
    not_themes: set[str] = field(default_factory=set)
    tone_max: dict[str, float] = field(default_factory=dict)

    def limits(self) -> Limits:
        wanted = years.combine(self.years or self.vague_years)
        if self.not_years and not wanted:
            wanted = years.outside(self.not_years)
        return Limits(
            genres=tuple(dict.fromkeys(self.genres)),
            not_genres=frozenset(self.not_genres),
            people=tuple(dict.fromkeys(self.people)),
            directed_by=tuple(dict.fromkeys(self.directed_by)),
            starring=tuple(dict.fromkeys(self.starring)),
            not_people=frozenset(self.not_people),
            collections=tuple(dict.fromkeys(self.collections)),
            not_collections=frozenset(self.not_collections),
            years=wanted,
            runtime_min=runtime.combine(self.runtimes),
            countries=frozenset(self.countries),
            not_countries=frozenset(self.not_countries),
            languages=frozenset(self.languages),
            not_languages=frozenset(self.not_languages),
            maximum_age=self.age,
            acclaim_min=self.acclaim,
            not_themes=frozenset(self.not_themes),
            tone_max=dict(self.tone_max),
        )


@dataclass
class _Whole:
    hard: _Draft = field(default_factory=_Draft)
    soft: _Draft = field(default_factory=_Draft)
    themes: list[str] = field(default_factory=list)
    tone: dict[str, float] = field(default_factory=dict)
    leaning: list[tuple[int, int]] = field(default_factory=list)
    """What "old" and "modern" prefer; nothing where years are said too ("a classic 80s film")."""
    novelty: float = 0.0
    hit: float = 0.0
    count: int | None = None

    def shift(self, tone: str, by: float) -> None:
        """Say ``by`` of ``tone``: twice the same way counts once, the stronger time."""
        said = self.tone.get(tone, 0.0)
        total = max(said, by, key=abs) if said * by > 0 else said + by
        self.tone[tone] = _within(total)


def _within(wish: float) -> float:
    return round(max(-1.0, min(1.0, wish)), 2)


def conditions(plain: str, signed: Sequence[Signed], grammars: Sequence[Grammar]) -> Wants:
    """Wants without films and without ``about``."""
    whole = _Whole()
    before: Signed | None = None
    roles = _roles(plain, signed, grammars)
    marks = [item.mark for item in signed]
    for item in signed:
        told = not item.negative and is_told(plain, item.mark, marks, grammars)
        draft = whole.soft if item.soft or told or _is_fondness(item) else whole.hard
        value = item.mark.value
        if isinstance(value, Topic):
            _add_topic(whole, draft, item, value, _joined(plain, before, item))
        elif isinstance(value, PersonMention):
            gentle = item.soft or told
            joined = _joined(plain, before, item)
            _add_person(whole, plain, item, value, joined, roles[value.start], gentle)
        elif isinstance(value, Years):
            if value.soft and not item.negative:
                whole.leaning.append((value.low, value.high))
            elif value.vague and not item.negative:
                draft.vague_years.append((value.low, value.high))
            else:
                (draft.not_years if item.negative else draft.years).append((value.low, value.high))
            whole.novelty += value.novelty
        elif isinstance(value, Runtime):
            _add_runtime(draft, item, value)
        elif isinstance(value, Amount) and not (item.negative and value.kind == "age"):
            _add_amount(whole, draft, value)
        before = item
    if not any((d.years or d.vague_years) for d in (whole.hard, whole.soft)):
        whole.soft.years = whole.leaning
    return Wants(
        themes=tuple(dict.fromkeys(whole.themes)),
        tone={name: shift for name, shift in whole.tone.items() if shift},
        limits=whole.hard.limits(),
        prefer=whole.soft.limits(),
        novelty=_within(whole.novelty),
        hit=_within(whole.hit),
        count=whole.count,
    )


def _is_fondness(item: Signed) -> bool:
    """Whether a subject is praised ("I love horror") rather than asked for ("a horror film").

    What somebody is fond of leads; it does not rule everything else out. Nor does a studio that
    films should only be like ("something like Pixar").
    """
    topic = item.mark.value
    if isinstance(topic, Years):
        return topic.vague and item.stance in _FOND and not item.negative
    if not isinstance(topic, Topic) or item.negative:
        return False
    return item.stance in _FOND or (topic.kind == "collection" and item.stance == "like")


def _roles(plain: str, signed: Sequence[Signed], grammars: Sequence[Grammar]) -> Mapping[int, str]:
    """Roles by where the person's name begins."""
    people = [item.mark.value for item in signed if isinstance(item.mark.value, PersonMention)]
    roles = roles_of(plain, people, grammars)
    return {person.start: role for person, role in zip(people, roles, strict=True)}


def _joined(plain: str, before: Signed | None, item: Signed) -> str:
    """How ``item`` follows the mark before: "beside", "or", "and" or "apart"."""
    if before is None or before.negative != item.negative:
        return "apart"
    gap = plain[before.mark.span.end : item.mark.span.start]
    if re.fullmatch(r"[\s-]*", gap):
        return "beside"
    kinds = _KINDS.fullmatch(gap)
    if kinds and (kinds["films"] or plain[before.mark.span.end - 1] == "s"):
        return "or"
    bare = _FILLER.sub("", gap)
    if re.fullmatch(r"[,/、]?(?:or|或者?|还是)|/|,", bare):
        return "or"
    return "and" if re.fullmatch(r"[,、]?(?:and|&|和|与)|、", bare) else "apart"


def _add_topic(whole: _Whole, draft: _Draft, item: Signed, topic: Topic, joined: str) -> None:
    negative = item.negative
    tone = GENRE_TONES.get(topic.name) if topic.kind == "genre" else None
    if tone is not None and item.modifier in _AMOUNTS_OF:
        whole.shift(tone, -SHIFT if item.modifier in _LESS_OF else SHIFT)
        return
    if negative:
        main = len(topic.groups) == 1 and topic.kind == "genre" and not topic.leaning
        names = {name for group in topic.groups for name in group} if main else set()
        draft.not_genres |= (
            names | topic.leaning | ({topic.name} if topic.kind == "genre" else set())
        )
        if topic.kind in ("theme", "mood"):
            draft.not_themes |= set(topic.themes)
        draft.not_themes |= set(topic.subjects)
        draft.not_countries |= topic.countries
        draft.not_languages |= topic.languages
        draft.not_collections |= topic.collections
    else:
        for group in topic.groups:
            either = joined == "or" or (joined == "and" and item.stance in _LIKES)
            if either and draft.genres:
                draft.genres[-1] |= group
            else:
                draft.genres.append(group)
        if topic.collections and joined in ("or", "and") and draft.collections:
            draft.collections[-1] |= topic.collections
        elif topic.collections:
            draft.collections.append(topic.collections)
        if topic.leaning:
            whole.soft.genres.append(topic.leaning)
        if topic.acclaim is not None:
            draft.acclaim = topic.acclaim
        whole.themes += topic.themes
        draft.countries |= topic.countries
        draft.languages |= topic.languages
        draft.not_countries |= topic.not_countries
        draft.not_languages |= topic.not_languages
        draft.not_genres |= topic.not_genres
    whole.novelty += -topic.novelty if negative else topic.novelty
    whole.hit += -topic.hit if negative else topic.hit
    for tone, shift in topic.tone.items():
        _add_tone(whole, draft, item, topic, tone, shift)


def _add_tone(
    whole: _Whole, draft: _Draft, item: Signed, topic: Topic, tone: str, shift: float
) -> None:
    modifier = item.modifier
    ceiling = CEILINGS.get(tone)
    if topic.kind == "tone" and modifier == "too":
        if ceiling is None:
            whole.shift(tone, -SHIFT)
        else:
            draft.tone_max[tone] = NOT_TOO_CEILING
    elif modifier in ("less", "complaint"):
        whole.shift(tone, -SHIFT)
    elif item.negative:
        if topic.kind == "tone" and ceiling is not None and modifier is None:
            draft.tone_max[tone] = ceiling
        else:
            whole.shift(tone, -abs(shift) if shift > 0 else abs(shift))
    else:
        if modifier in ("more", "slight_more", "much_more") and topic.kind == "tone":
            shift = SHIFT
        whole.shift(tone, shift * FACTORS.get(modifier, 1.0))


def _add_person(
    whole: _Whole,
    plain: str,
    item: Signed,
    person: PersonMention,
    joined: str,
    role: str,
    gentle: bool,
) -> None:
    group = frozenset(person.names[:1])
    if item.negative:
        whole.hard.not_people |= group
        return
    praised = item.stance in _FOND or _PRAISE.match(plain, person.end)
    alike = item.stance == "like"  # "something like Charlie Kaufman"
    draft = whole.soft if gentle or praised or person.told or alike else whole.hard
    into = {DIRECTED: draft.directed_by, STARRING: draft.starring}.get(role, draft.people)
    if into and (joined == "or" or (joined == "and" and into is draft.directed_by)):
        into[-1] |= group
    else:
        into.append(group)


def _add_runtime(draft: _Draft, item: Signed, value: Runtime) -> None:
    span = (value.low, value.high)
    if item.negative:
        outside = runtime.outside(*span)
        if outside is not None:
            draft.runtimes.append(outside)
    else:
        draft.runtimes.append(span)


def _add_amount(whole: _Whole, draft: _Draft, amount: Amount) -> None:
    if amount.kind == "count":
        whole.count = int(amount.value)
    elif amount.kind == "age":
        age = int(amount.value)
        draft.age = age if draft.age is None else min(draft.age, age)
        if amount.childlike:
            whole.shift("family", CHILD_FAMILY_TONE)


def film_ids(item: Signed) -> tuple[str, ...]:
    """Ids of the films a signed mark stands for; empty for everything else."""
    value = item.mark.value
    if isinstance(value, Mention):
        return (value.film,)
    return value.films if isinstance(value, Reference) else ()


def seeds(
    signed: Iterable[Signed], shown: Sequence[str], only_titles: bool
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Films to be like, unlike and around, in the order said.

    What is said of a film just shown is a verdict on it, not a new seed, unless it is "like …".
    """
    sides: dict[str, str] = {}
    named: set[str] = set()
    for item in signed:
        if isinstance(item.mark.value, Mention):
            named.add(item.mark.value.film)
        for film in film_ids(item):
            side = _side(item, film in named and film not in shown, only_titles)
            if side:
                sides.pop(film, None)
                sides[film] = side
    like, unlike, around = (
        tuple(film for film, side in sides.items() if side == wanted)
        for wanted in ("like", "unlike", "around")
    )
    return like, unlike, around


def _side(item: Signed, new: bool, only_titles: bool) -> str:
    stance = item.stance
    if stance == "like":
        return "like"
    if stance == "unlike" or (item.negative and stance is None and new):
        return "unlike"
    if not new:
        return ""
    if stance in _LIKES:
        return "like"
    if stance in _UNLIKES:
        return "unlike"
    return "like" if stance is None and only_titles else "around"
