"""Messages that mend what was understood: "I meant the 1954 one", "Drop: comedy".

A correction swaps a seed for another film, mostly one of the same title; a dropped label is a
condition as the page words it, taken back by what it means. Knows nothing of how the message was
read. Next in the flow: ``parser``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from assistant.catalogue import Catalogue, Film, Limits
from assistant.parsing.request import Context, Mention, Wants

V = TypeVar("V", Wants, Limits)

_LABEL = re.compile(
    r"\W*(?:(?:drop|remove)(?: the condition)?|(?:去掉|删掉|取消)(?:条件)?)\s*"
    r"(?:[:：]\s*|(?=[\"“「]))(?P<label>.{1,80}?)\s*",
    re.IGNORECASE | re.DOTALL,
)
_FIRST = re.compile(
    r"(?<![^\W_])(?:original|old(?:er|est)?|first|earli(?:er|est))(?![^\W_])|原版|老版"
)
_LAST = re.compile(r"(?<![^\W_])(?:remake|new(?:er|est)?|latest|recent)(?![^\W_])|新版|翻拍")
_DRAWN = re.compile(r"(?<![^\W_])(?:cartoon|animated|animation|anime)(?![^\W_])|动画")
_FILMED = re.compile(r"(?<![^\W_])live[- ]action(?![^\W_])|真人")
_PEOPLE = frozenset({"people", "directed_by", "starring"})
_SOFT = ("themes", "like", "unlike", "around", "tone", "novelty", "hit", "count")
_WHOLE = frozenset({"years", "runtime_min"})
"""Limits that are dropped as one, though their values are tuples."""


def dropped_label(text: str) -> str | None:
    """The label in "Drop: LABEL" or "drop “LABEL”"; None for every other message."""
    match = _LABEL.fullmatch(text)
    return None if match is None else match["label"]


def forms_of(label: str) -> tuple[str, ...]:
    """Ways to say a label as a wish, likeliest first: a country's bare name is "from" it."""
    bare = label.strip('"“”「」 ')
    place = re.sub(r"^no\s", "not from ", bare)
    return (bare, place if place != bare else f"from {bare}")


def dropping(running: Wants, named: Wants) -> tuple[Wants, frozenset[str]]:
    """What to forget of ``running`` where ``named`` is taken back, and what to say again of it.

    Of two genres only the named one goes: the field is dropped and the other said again.
    """
    names = set(named.limits.set_names())
    if "maximum_age" in names:
        named = Wants(limits=named.limits)  # an age also asks for a gentler film
    people = [g for n in _PEOPLE for g in getattr(named.limits, n)]
    kept: dict[str, object] = {}
    for name in (names | _PEOPLE if people else names) & set(running.limits.set_names()):
        said = people if name in _PEOPLE else getattr(named.limits, name)
        old = getattr(running.limits, name)
        kept[name] = None if name in _WHOLE else _less(old, said)
    soft: dict[str, object] = {}
    for name in _SOFT:
        if getattr(named, name) and getattr(running, name):
            soft[name] = _less(getattr(running, name), getattr(named, name))
    if named.prefer != Limits() and running.prefer != Limits():
        soft["prefer"] = None
    kept = {n: v for n, v in kept.items() if v != getattr(running.limits, n)}
    soft = {n: v for n, v in soft.items() if v != getattr(running, n)}
    drop = frozenset(kept | soft)
    if soft.get("like") and running.style:
        soft["style"] = True  # a seed said again would lift it
    again = Wants(limits=_with(Limits(), kept))
    return _with(again, soft), drop


def _with(value: V, fields: Mapping[str, object]) -> V:
    """``value`` with the fields that are left of a condition."""
    left: Any = {name: field for name, field in fields.items() if field is not None}
    return replace(value, **left)


def _less(running: Any, said: Any) -> object | None:  # Any: the same field of two wants
    """``running`` without the items of ``said``; None where it is one value."""
    if isinstance(running, tuple):
        left = tuple(x for x in running if x not in said)
        return left if left != running else tuple(x for x in running if not _meets(x, said))
    if isinstance(running, frozenset):
        return running - frozenset(said)
    if isinstance(running, Mapping):
        return {k: v for k, v in running.items() if k not in said}
    return None


def _meets(item: object, named: Sequence[object]) -> bool:
    groups = [group for group in named if isinstance(group, frozenset)]
    return isinstance(item, frozenset) and any(item & group for group in groups)


def corrected(
    text: str, wants: Wants, mentions: Sequence[Mention], context: Context, catalogue: Catalogue
) -> Wants | None:
    """The seeds to go on with where the message corrects one, and its other wants; else None.

    The newest seed that has another version the words describe is replaced; a film named
    outright replaces the seed of its title, or the newest one.
    """
    seeds = [i for i in (context.wants.like or context.wants.around) if i in catalogue]
    if not seeds:
        return None
    for seed in reversed(seeds):
        if mentions:
            meant = catalogue[mentions[0].film]
            found = meant if _title(meant) == _title(catalogue[seed]) else None
        else:
            found = _version(text, wants, catalogue[seed], catalogue)
        if found is not None:
            return _swapped(wants, seeds, seed, found.id)
    return _swapped(wants, seeds, seeds[-1], mentions[0].film) if mentions else None


def _swapped(wants: Wants, seeds: Sequence[str], old: str, new: str) -> Wants:
    like = tuple(dict.fromkeys(new if seed == old else seed for seed in seeds))
    described = frozenset({"years", "genres", "people", "directed_by", "starring", "not_genres"})
    plain = wants.without(described | {"about", "around", "unlike"})
    return replace(plain, like=like)


def _version(text: str, wants: Wants, seed: Film, catalogue: Catalogue) -> Film | None:
    """The other film of the seed's title that the words describe."""
    films = sorted(
        (f for f in catalogue if _title(f) == _title(seed)), key=lambda f: (f.year, f.id)
    )
    others = [film for film in films if film.id != seed.id]
    limits = replace(wants.limits, genres=())
    if limits.years or limits.people or limits.directed_by:
        return next((film for film in others if limits.allow(film)), None)
    if _DRAWN.search(text) or _FILMED.search(text):
        drawn = _DRAWN.search(text) is not None
        return next((film for film in others if ("Animation" in film.all_genres) == drawn), None)
    pick = films[0] if _FIRST.search(text) else films[-1] if _LAST.search(text) else seed
    return None if pick.id == seed.id else pick


def _title(film: Film) -> str:
    words = re.findall(r"[^\W_]+", film.title.casefold())
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("the", "a", "an") else words)
