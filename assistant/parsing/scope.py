"""Whether a message starts afresh, and what it forgets of the running request.

Fresh: no request runs yet; "start over"; a verb of wanting with a subject of its own (a film, a
genre, a theme, a plot, a person) and no sign of bending ("funnier", "instead", "more"); the same
without a verb where a genre comes with an article and another condition ("a French comedy"). A
bare "a comedy" or "comedies" bends the running request.
A change of topic ("now something scary") forgets mood, plot, genres and seeds, and keeps years,
length, ages, places and exclusions. "More like the first one" replaces the seeds and keeps the
conditions. Everything else refines. Next in the flow: ``parser``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.catalogue import Limits
from assistant.parsing.acts import Said
from assistant.parsing.grammar import Grammar, Topic
from assistant.parsing.patterns import Match
from assistant.parsing.references import Reference
from assistant.parsing.request import Context, Wants
from assistant.parsing.signs import Signed

TOPIC_FIELDS = frozenset(
    {"about", "themes", "tone", "genres", "collections", "like", "around", "tone_max"}
)
"""What a change of topic forgets."""
SEED_FIELDS = frozenset({"like", "around"})
LIMIT_FIELDS = frozenset(
    {"genres", "not_genres", "people", "directed_by", "starring", "not_people", "years"}
    | {"runtime_min", "countries", "not_countries", "languages", "not_languages", "maximum_age"}
    | {"not_themes", "tone_max", "prefer", "acclaim_min", "collections", "not_collections"}
)
_DROPS = {
    "countries": frozenset({"countries", "languages", "not_countries", "not_languages"}),
    "languages": frozenset({"languages", "not_languages"}),
    "people": frozenset({"people", "directed_by", "starring"}),
    "limits": LIMIT_FIELDS,
}
"""Fields a drop forgets besides the one it is named after."""
_BENDS = re.compile(
    r"(?<![^\W_])(?:but|instead|more|less|too|also|ones?|them|these|those|it|same|still|another)"
    r"(?![^\W_])|更|一点|再|也|还"
)
_ARTICLE = re.compile(r"\W*(?:an?|some)\s")
_NEW_SEED = re.compile(r"^\W*(?:(?:something|anything|movies?|films?|similar|stuff)\b|类似|像)")


@dataclass(frozen=True)
class Scope:
    """How a message's wants meet the running ones."""

    wants: Wants
    """The message's own, as they should be folded in."""
    fresh: bool = False
    drop: frozenset[str] = frozenset()


def scope_of(
    text: str,
    said: Said,
    signed: Sequence[Signed],
    wants: Wants,
    context: Context,
    grammars: Sequence[Grammar],
) -> Scope:
    """The scope of a message with these wants."""
    drop = _dropped(signed, grammars)
    running = context.wants != Wants()
    if said.has("reset", "different"):
        novelty = wants.novelty or (0.5 if said.has("different") else 0.0)
        return Scope(replace(wants, novelty=novelty), fresh=True)
    if said.has("opposite"):
        return _opposite(wants, context)
    if wants == Wants() and not drop:
        return Scope(wants)
    if not running:
        return Scope(wants, fresh=True)
    if said.has("topic") and _has_subject(wants):
        return Scope(wants, drop=drop | TOPIC_FIELDS)
    if _seeded_by_reference(signed, wants):
        return Scope(wants, drop=drop | SEED_FIELDS)
    if not drop and _is_new(text, said, signed, wants):
        return Scope(wants, fresh=True)
    return Scope(wants, drop=drop)


def _is_new(text: str, said: Said, signed: Sequence[Signed], wants: Wants) -> bool:
    shifts = any(isinstance(i.mark.value, Topic) and i.mark.value.kind == "shift" for i in signed)
    if _NEW_SEED.search(text) and any(item.stance == "like" for item in signed) and wants.like:
        return True
    if _stands_alone(text, signed, wants) and not (shifts or _BENDS.search(text)):
        return True
    if not said.has("recommend") or shifts or _BENDS.search(text):
        return False
    limits = wants.limits
    subject = wants.like or limits.genres or limits.collections or wants.themes or wants.about
    people = limits.people or limits.directed_by or limits.starring
    mood = wants.tone and "mood" in text
    return bool(subject or people or mood)


def _stands_alone(text: str, signed: Sequence[Signed], wants: Wants) -> bool:
    """Whether a message is a whole request without a verb: "a French comedy", not "a comedy"."""
    plain = Wants(limits=Limits(genres=wants.limits.genres), count=wants.count)
    more = wants != plain or any(item.mark.kind == "unusable" for item in signed)
    return bool(_ARTICLE.match(text) and wants.limits.genres and more)


def _has_subject(wants: Wants) -> bool:
    limits = wants.limits.genres or wants.limits.collections
    return bool(wants.tone or limits or wants.themes or wants.about or wants.like)


def _seeded_by_reference(signed: Sequence[Signed], wants: Wants) -> bool:
    return any(
        isinstance(item.mark.value, Reference)
        and (item.stance == "like" or (item.stance is None and not item.mark.value.weak))
        and set(item.mark.value.films) & set(wants.like)
        for item in signed
    )


def _opposite(wants: Wants, context: Context) -> Scope:
    """The other way round: flipped tones, or away from the seeds where no tone was asked."""
    if context.wants.tone:
        flipped = {name: -shift for name, shift in context.wants.tone.items()}
        return Scope(replace(wants, tone={**flipped, **wants.tone}), drop=frozenset({"tone"}))
    return Scope(replace(wants, unlike=wants.unlike + context.wants.like), drop=frozenset({"like"}))


def _dropped(signed: Sequence[Signed], grammars: Sequence[Grammar]) -> frozenset[str]:
    drops = [item.mark.value for item in signed if item.mark.kind == "drop"]
    fields = [_fields(drop, grammars) for drop in drops if isinstance(drop, Match)]
    return frozenset().union(*fields)


def _fields(drop: Match, grammars: Sequence[Grammar]) -> frozenset[str]:
    if "what" in drop.groups:
        what = drop.groups["what"]
        topics = [topic for grammar in grammars for _, _, topic in grammar.topics.find(what)]
        return frozenset().union(*map(_topic_fields, topics))
    return _DROPS.get(drop.reading, frozenset({drop.reading}))


def _topic_fields(topic: Topic) -> frozenset[str]:
    if topic.countries or topic.languages:
        return _DROPS["countries"]
    if topic.collections:
        return frozenset({"collections", "not_collections"})
    if topic.kind == "genre":
        return frozenset({"genres"})
    if topic.hit:
        return frozenset({"hit"})
    return frozenset({"tone", "themes", "tone_max"})
