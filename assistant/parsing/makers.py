"""Films by the same people as one on the table: "the same director", "anything else she made".

The film is the one named beside it, else the one talked about, else what the list is like. Knows
nothing of how the words are read (``acts``). Next in the flow: ``parser`` folds the wants in.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.catalogue import Catalogue, Film
from assistant.parsing.reading import Read
from assistant.parsing.request import Context, Wants

SAME = ("same_director", "same_lead")
"""Readings that ask for makers of the film one asked by or named."""
THAT = ("that_director", "that_lead")
"""Readings that ask for makers of the film just spoken of."""
_OTHER = "other_lead"


def with_makers(wants: Wants, read: Read, context: Context, catalogue: Catalogue) -> Wants:
    """``wants`` with the director or the lead of that film asked for and the film itself left
    out, or with its lead ruled out; as they are where nothing asks so or no film is on the
    table."""
    asked = read.said.has(*SAME, *THAT, _OTHER)
    film = _meant(read, context, catalogue) if asked else None
    if film is None:
        return wants
    if read.said.has(_OTHER):
        unwanted = wants.limits.not_people | frozenset(film.cast[:1])
        return replace(wants, limits=replace(wants.limits, not_people=unwanted))
    limits = replace(wants.limits, exclude=wants.limits.exclude | {film.id})
    if read.said.has("same_director", "that_director") and film.directors:
        limits = replace(limits, directed_by=(*limits.directed_by, frozenset(film.directors)))
    if read.said.has("same_lead", "that_lead") and film.cast:
        limits = replace(limits, starring=(*limits.starring, frozenset(film.cast[:1])))
    like = tuple(i for i in wants.like if i != film.id)
    around = tuple(i for i in wants.around if i != film.id)
    return replace(wants, limits=limits, like=like, around=around)


def _meant(read: Read, context: Context, catalogue: Catalogue) -> Film | None:
    """The film whose makers are asked for.

    The focus is the first of a list until a film is spoken of: "the same director" then means
    what the list is like, "anything else he directed" the film in focus all the same.
    """
    named = [mention.film for mention in read.names.films]
    focus = [context.focus] if context.focus else []
    spoken_of = [i for i in focus if read.said.has(*THAT) or i not in context.shown[:1]]
    seeds = context.wants.like[-1:] or context.wants.around[-1:]
    table = (*named[-1:], *spoken_of, *seeds, *focus)
    return next((catalogue[i] for i in table if i in catalogue), None)
