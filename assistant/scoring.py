"""What each part of a score is worth for each candidate, before any weight.

Every column is scaled to about 0-1. Knows nothing of weights, order or words. Next in the flow:
``weights`` says how much each counts, ``ranking`` picks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.catalogue import TONES
from assistant.crowd import Crowd
from assistant.index import Index
from assistant.personal import ERA_YEARS, TONE_GAP, disliking, dot, liking, tone_gaps
from assistant.retrieval import Candidates, Query, companions
from assistant.space import Floats, Rows, Space

PARTS = (
    "about",
    "requests",
    "neighbours",
    "circle",
    "seed",
    "themes",
    "tone",
    "genre",
    "people",
    "era",
    "prefer",
    "profile",
    "dislike",
    "popularity",
    "acclaim",
    "freshness",
    "reception",
    "often",
    "company",
    "exploration",
)
SMALL_TALK = 0.2
"""Cosine of a request to a film that has nothing to do with it: MiniLM's usual floor here."""
TONE_STEP = 0.25
"""A wish ("funnier") is met by this much more of the 0-1 tone scale than the seeds have."""
PLAIN_STEP = 0.5
"""Without a seed it is met by this much more than the average film has."""
WISH = 2.0
"""How much a tone somebody asked for counts."""
KEPT_TONE = 1.0
"""How much it counts beside it that the tone is the seeds' otherwise: "like that, but funnier"."""
SAME_TONE = 0.5
"""How much likeness of tone to the seeds counts where no tone is wished."""
STYLE_SUBJECT = 0.4
STYLE_TONE = 2.0
STYLE_STANDING = 1.6
"""For "the same style": how much subject still counts, likeness of tone, and how films stand: the
manner of a famous film is more often that of other famous ones. The last was raised until one
request kept in the tests (films in the style of The Shawshank Redemption) found its company."""
EXPECTED = (0.16, 0.19, 0.56)
"""Cosine of a request to the nearest request of a film: a constant, and so much of its likeness to
the film's synopsis and to its themes. Least squares over 100 requests held out of the index."""
OWN = 0.9
"""How far likeness to a request written for a film is believed beside what is foretold for it: a
film has but three, and those of many films lie near any request by chance."""
FACTS = 0.75
"""How far the likeness of title and names is believed: "time" in a title is no time loop."""
WORDS_LEAD, WORDS_ENOUGH = 8.0, 3
"""How many times likeness to the requests of a film counts where at least so many words describe
it: then they, and not tone or fame, tell which it is."""
ABOUT_SHARE = 0.37
"""How much of that goes for what films are about: people ask in other words than films are told."""
TONE_SHARE = 0.1
"""How much of it goes for a tone wished besides, so that "funnier" still turns the list."""
THEMES_SHARE = 0.25
"""How much of it goes for asked themes: few films have just these, and they are what was said."""
TOLD_FAME = 0.5
"""Where a tone is wished of films named, fame counts this much: what was said leads."""
STANDING = 0.4
"""What fame and acclaim count beside seeds nobody knows; three times that beside the best known."""
FIND_KNOWN = 0.35
"""How well known a find is: fame counts for nothing where something unknown is wanted, and the
further a film is from here the less it is one. What everybody knows is no find, and what hardly
anybody has seen is seldom one for somebody who has not told much of their taste."""
DARING = 8.0
"""How many times chance grows for a full "surprise me"."""


def columns(
    query: Query,
    candidates: Candidates,
    space: Space,
    index: Index,
    seed: int,
    crowd: Crowd | None = None,
) -> dict[str, Floats]:
    """Every part's unweighted value for every candidate: ``PARTS`` names to (m,) float32.

    Without a ``crowd``, "often" and "company" are 0.
    """
    rows = candidates.rows
    wants = query.wants
    parts = dict.fromkeys(PARTS, np.zeros(len(rows), np.float32))
    if query.vector is not None:
        parts |= _told(query, candidates)
    parts["themes"] = _themes(query, space, rows) * np.float32(_leading(query, THEMES_SHARE))
    parts["tone"] = _tone(query, space, rows) * np.float32(_leading(query, TONE_SHARE))
    if len(query.seeds):
        parts |= _seeded(query, candidates, space, index)
    elif wants.limits.genres:
        parts["genre"] = _typical(wants.limits.genres, space, rows)
    if wants.style and len(query.seeds):
        for name in ("neighbours", "circle", "seed", "themes", "genre"):
            parts[name] = parts[name] * STYLE_SUBJECT
    if wants.prefer.set_names():
        parts["prefer"] = space.screen.share_met(wants.prefer, rows)
    # A seed's pull is counted already: a film loved just now must not count twice.
    likes = {i: s for i, s in query.profile.likes.items() if i not in wants.like}
    parts["profile"] = liking(likes, space, index, rows)
    parts["dislike"] = disliking(query, space, index, rows)
    parts |= _standing(query, space, rows)
    if wants.hit:
        parts["reception"] = space.standing.reception(wants.hit, rows)
    if wants.style and len(query.seeds):
        for name in ("popularity", "acclaim"):
            parts[name] = parts[name] * np.float32(STYLE_STANDING)
    if crowd is not None:
        parts |= crowd_columns(query, crowd, space, rows)
    parts["exploration"] = space.chance(seed)[rows] * (1.0 + DARING * max(wants.novelty, 0.0))
    return parts


def crowd_columns(query: Query, crowd: Crowd, space: Space, rows: Rows) -> dict[str, Floats]:
    """How often a film comes up at all, as far as the request cares, and in the company of the
    seeds and of past likes."""
    company = crowd.company(*companions(query, space), rows)
    often = crowd.often_at(query.as_of)[rows] * (1.0 - query.wants.novelty)
    return {"often": _float(often), "company": company}


def _told(query: Query, candidates: Candidates) -> dict[str, Floats]:
    """Likeness of what was said to what films are about and to what is said of them.

    The requests foretold for a film tell better what people ask it for than the few written for
    it; these lead where they say nearly the same. Without a map of them the written ones count,
    and a film for which nobody wrote any gets the likeness that its synopsis and themes let
    expect, so that having none speaks neither for it nor against it.
    """
    kinds = {name: values[candidates.rows] for name, values in candidates.kinds.items()}
    whole = (kinds["synopsis"] + kinds["themes"]) / 2
    about = np.maximum(whole, kinds["facts"] * FACTS)
    own = kinds["request"]
    if "foretold" in kinds:
        asked = np.maximum(kinds["foretold"], OWN * own)
    else:
        floor, synopsis, themes = EXPECTED
        expected = floor + synopsis * kinds["synopsis"] + themes * kinds["themes"]
        asked = np.where(own == 0, expected, own)
    return {
        "about": _telling(about) * np.float32(_leading(query, ABOUT_SHARE)),
        "requests": _telling(_float(asked)) * np.float32(_leading(query)),
    }


def _leading(query: Query, share: float = 1.0) -> float:
    """How many times words, or what goes along with them for a ``share``, count: once where none
    tell the film, ``WORDS_LEAD`` where a whole sentence does."""
    return 1.0 + (WORDS_LEAD - 1.0) * _described(query) * share


def _described(query: Query) -> float:
    """0-1, how far words, themes and moods tell the film: 1 where a sentence does and no other film
    is named, 0 where at most one is said: of "vampire movies" people want the known ones first."""
    wants = query.wants
    words = len(wants.about.split()) + len(wants.themes) + len(wants.tone)
    return 0.0 if len(query.seeds) else min(1.0, max(0, words - 1) / (WORDS_ENOUGH - 1))


def _seeded(query: Query, candidates: Candidates, space: Space, index: Index) -> dict[str, Floats]:
    """Likeness to the seeds, weighted as they are."""
    rows = candidates.rows
    share = query.seed_weights / query.seed_weights.sum()
    two = candidates.near_two
    centre = share @ index.film_vectors[query.seeds]
    gaps = np.abs(space.years[rows][:, None] - space.years[query.seeds][None, :])
    shared_people = dot(space.people, rows, share @ space.people[query.seeds])
    return {
        "neighbours": np.minimum(candidates.near_one[rows], 2.0) / 2.0,
        "circle": _float(np.sqrt(two[rows] / max(float(two.max()), 1e-9))),
        "seed": np.clip(index.film_vectors[rows] @ centre, 0, 1),
        "genre": _genre(query.seeds, share, space, rows),
        "people": np.clip(shared_people, 0, 1),
        "era": _float(np.exp(-gaps / ERA_YEARS) @ share),
    }


def _standing(query: Query, space: Space, rows: Rows) -> dict[str, Floats]:
    """How well known, well thought of and new films are, as far as the request cares."""
    standing = space.standing
    ripe = standing.ripe(query.as_of, rows)
    known, esteemed = standing.known[rows] * ripe, standing.esteemed[rows]
    if len(query.seeds):
        # Who names a famous, acclaimed film wants its like; who names a hidden one does not.
        share = query.seed_weights / query.seed_weights.sum()
        known = known * (STANDING + 2 * STANDING * float(share @ standing.fame[query.seeds]))
        if query.wants.tone:
            known = known * TOLD_FAME
        esteemed = esteemed * (
            STANDING + 2 * STANDING * float(share @ standing.esteem[query.seeds])
        )
    novelty, far = query.wants.novelty, np.abs(standing.known[rows] - FIND_KNOWN)
    new = standing.fresh(query.as_of, rows) * ripe * (1.0 - _described(query))
    return {
        "popularity": _float(known * (1.0 - novelty) - far * max(novelty, 0.0)),
        "acclaim": _float(esteemed),
        "freshness": _float(new * (1.0 - abs(novelty))),
    }


def _float(values: object) -> Floats:
    return np.asarray(values, np.float32)


def _telling(cosines: Floats) -> Floats:
    """Cosines 0-1 with what any two texts about films have in common taken off."""
    return np.asarray(np.clip((cosines - SMALL_TALK) / (1 - SMALL_TALK), 0, 1), np.float32)


def _themes(query: Query, space: Space, rows: Rows) -> Floats:
    """Shared themes with the seeds, plus the share of asked themes a film has."""
    value = np.zeros(len(rows), np.float32)
    if len(query.seeds):
        share = query.seed_weights / query.seed_weights.sum()
        value = dot(space.themes, rows, share @ space.themes[query.seeds])
    asked = [space.theme_column[t] for t in query.wants.themes if t in space.theme_column]
    if asked:
        has = np.asarray((space.themes[rows][:, asked] > 0).sum(axis=1)).ravel()
        value = np.asarray(value + has / len(asked), np.float32)
    return value


def _genre(seeds: Rows, share: Floats, space: Space, rows: Rows) -> Floats:
    """0-1: half how far the main genres coincide (Jaccard), half all genres, rare ones heavier."""
    own, theirs = space.main_genres[rows], space.main_genres[seeds]
    both = own @ theirs.T
    either = own.sum(axis=1)[:, None] + theirs.sum(axis=1)[None, :] - both
    rare = dot(space.genres, rows, share @ space.genres[seeds])
    return _float(((both / np.maximum(either, 1.0)) @ share + rare) / 2)


def _typical(asked: Sequence[frozenset[str]], space: Space, rows: Rows) -> Floats:
    """0-1, how typical films are of the asked main genres: of each group, whichever they are most
    typical of; groups of subgenres alone do not count."""
    column = space.main_genre_column
    groups = [[column[name] for name in group if name in column] for group in asked]
    told = [space.typical[rows[:, None], group].max(axis=1) for group in groups if group]
    return _float(np.mean(told, axis=0) if told else np.zeros(len(rows)))


def _tone(query: Query, space: Space, rows: Rows) -> Floats:
    """How well a film's tone meets the wish, about -WISH..WISH + 1; 0 without a wish or seed.

    With seeds: closeness to their mean tone moved by the wished shifts, and how far the film went
    the wished way. Without seeds: the latter alone, counted from the catalogue's mean.
    """
    shifts = np.array([query.wants.tone.get(name, 0.0) for name in TONES], np.float32)
    tone = space.tone[rows]
    strength = max(float(np.abs(shifts).sum()), 1e-9)
    if not len(query.seeds):
        wished = (tone - space.mean_tone) @ shifts / (strength * PLAIN_STEP)
        return np.asarray(WISH * np.clip(wished, -1, 1), np.float32)
    share = query.seed_weights / query.seed_weights.sum()
    base = share @ space.tone[query.seeds]
    target = np.clip(base + TONE_STEP * np.sign(shifts), 0, 1)
    gap = tone_gaps(tone, target[None, :])[:, 0]
    gained = np.clip((tone - base) @ shifts / (strength * TONE_STEP), -1, 1)
    alike = STYLE_TONE if query.wants.style else KEPT_TONE if shifts.any() else SAME_TONE
    return np.asarray(alike * (1.0 - TONE_GAP * gap) + WISH * gained, np.float32)
