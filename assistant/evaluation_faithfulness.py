"""Whether reasons are true causes: each named one is taken away and the film is scored anew.

Random requests (films to start from, tones, words, a history) go through the product's own list
and reasons. What a reason names and the request or the history can lose is taken out, one thing at
a time; the film's score should fall. Whole conversations then ask why: the place a reply says a
film would have must be the one it has once the wish is really dropped. Knows nothing of words.
Next in the flow: ``cli.words`` prints it.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.catalogue import Film
from assistant.chat import Assistant
from assistant.counterfactual import LOOKED, causes
from assistant.facts import Fact, seed_of, show_title
from assistant.history import Profile
from assistant.parsing.request import Wants
from assistant.ranking import Pick
from assistant.retrieval import make_query

SHOWN = 5
AS_OF = 2026.5
TONES_ASKED = ("funny", "scary", "sad", "uplifting", "weird", "action", "slow", "dark")
KNOWN = 800
"""Requests start from this many best-known films that were described by hand."""
LIST = 20
"""Films of a conversation's list: the most a list can have, so that most places can be seen."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class FaithfulnessReport:
    """What taking reasons away showed."""

    recommendations: int
    reasons: int
    """Named reasons that the request or the history could lose."""
    fell: int
    """Those without which the film's score was lower."""
    standing: int
    """Other named things, which are true of the film whoever asks: acclaim, fame, conditions."""
    by_kind: Mapping[str, tuple[int, int]]
    """By kind of fact: fell, of how many."""
    stated: int
    """Places that replies stated for a film without a wish..."""
    exact: int
    """...and those that the list then had."""
    exceptions: tuple[str, ...]
    """Some of what did not hold."""


def measure_faithfulness(
    assistant: Assistant,
    n: int,
    seed: int,
    talks: int,
    progress: Callable[[int, int], None] | None = None,
) -> FaithfulnessReport:
    """Figures over ``n`` recommendations and ``talks`` conversations; same seed, same requests."""
    rng = random.Random(seed)
    films = [f for f in assistant.catalogue if f.requests and f.similar][:KNOWN]
    fell: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    done = standing = 0
    exceptions: list[str] = []
    while done < n:
        wants, taste = _request(rng, films)
        _, picks = assistant.recommend(wants, taste, count=SHOWN, as_of=AS_OF)
        told = causes(assistant.selector, picks, wants, taste, AS_OF)
        named = assistant.explainer.named(picks, wants, taste, "en", told)
        for pick, said in list(zip(picks, named, strict=True))[: n - done]:
            done += 1
            for fact in said:
                left = _without(fact, pick, wants, taste, assistant)
                if left is None:
                    standing += 1
                    continue
                tried[fact.kind] += 1
                score = _score(assistant, pick.film, *left)
                if score < pick.score:
                    fell[fact.kind] += 1
                else:
                    exceptions.append(f"{pick.film.label}, {fact.kind} {dict(fact.values)}")
            if progress is not None:
                progress(done, n)
    stated, exact = 0, 0
    for _ in range(talks):
        held = list(_stated(assistant, rng, films))
        stated, exact = stated + len(held), exact + sum(ok for ok, _ in held)
        exceptions += [text for ok, text in held if not ok]
    return FaithfulnessReport(
        recommendations=done,
        reasons=tried.total(),
        fell=fell.total(),
        standing=standing,
        by_kind={kind: (fell[kind], tried[kind]) for kind in sorted(tried)},
        stated=stated,
        exact=exact,
        exceptions=tuple(exceptions[:10]),
    )


def _request(rng: random.Random, films: Sequence[Film]) -> tuple[Wants, Profile]:
    """A random request: up to two films, a tone, words, themes, and some films liked before."""
    start = rng.choice(films)
    like = [f.id for f in (start, *rng.sample(films, 1))][: rng.choice((0, 1, 1, 2))]
    alone = not like
    wants = Wants(
        about=rng.choice(start.requests) if alone and rng.random() < 0.6 else "",
        themes=start.themes[:1] if alone or rng.random() < 0.2 else (),
        like=tuple(like),
        tone={rng.choice(TONES_ASKED): rng.choice((0.6, -0.6))} if rng.random() < 0.6 else {},
    )
    history = rng.sample(films, rng.choice((0, 2, 4)))
    return wants, Profile(likes={f.id: 1.0 for f in history}, seen=frozenset(f.id for f in history))


def _without(
    fact: Fact, pick: Pick, wants: Wants, taste: Profile, assistant: Assistant
) -> tuple[Wants, Profile] | None:
    """Request and history without what a fact names; None where neither holds it."""
    catalogue = assistant.catalogue
    if fact.kind in ("seed", "shared", "era"):
        seed = seed_of(pick, wants, catalogue)
        gone = {seed.id} if seed is not None else set()
        return replace(wants, like=tuple(i for i in wants.like if i not in gone)), taste
    if fact.kind in ("director", "actor") and fact.source == "people":
        (name,) = fact.values.values()
        known = {i for i in wants.like if name in catalogue[i].directors + catalogue[i].cast}
        return replace(wants, like=tuple(i for i in wants.like if i not in known)), taste
    if fact.kind in ("tone", "mood"):
        return replace(wants, tone={}), taste
    if fact.kind == "about":
        return replace(wants, about=""), taste
    if fact.kind == "themes":
        return replace(wants, themes=()), taste
    if fact.kind == "liked":
        title = fact.values["liked"]
        likes = {i: s for i, s in taste.likes.items() if show_title(catalogue[i], "en") != title}
        return wants, replace(taste, likes=likes)
    return None


def _score(assistant: Assistant, film: Film, wants: Wants, taste: Profile) -> float:
    selector = assistant.selector
    query = make_query(wants, taste, selector.space, selector.encode, AS_OF)
    return selector.score(film.id, query).score


def _stated(
    assistant: Assistant, rng: random.Random, films: Sequence[Film]
) -> Iterator[tuple[bool, str]]:
    """One conversation: whether a place that a why states is the one after dropping the wish."""
    film, tone = rng.choice(films), rng.choice(("funnier", "darker", "scarier", "sadder"))
    user = assistant.add_profile(None)
    try:
        talk = assistant.new_conversation(user)
        assistant.reply(f"{LIST} films like {film.title} ({film.year}) but {tone}", user, talk)
        reply = assistant.reply(
            f"why the {rng.choice(('first', 'second', 'third'))} one?", user, talk
        )
        chips = assistant.reply("", user, talk).chips
        wish = next((c for c in chips if f"“{c.label.strip('“”')}”" in reply.text), None)
        if reply.film is None or wish is None:
            return
        said = reply.text.rpartition(wish.label.strip("“”"))[2]
        number = int(_NUMBER.findall(said)[-1])
        shown = assistant.press("drop", user, talk, value=wish.key).picks
        place = next((k for k, p in enumerate(shown, 1) if p.film.id == reply.film.id), None)
        seen = number <= len(shown) and number != LOOKED
        ok = place == number if seen else place is None
        yield ok, f"{film.label}, {tone}: said {number} without {wish.label}, was {place}"
    finally:
        assistant.forget(user)
