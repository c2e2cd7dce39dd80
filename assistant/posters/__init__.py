"""Poster art for a film, drawn from its genre, tone and title: no picture is ever shipped.

The same film always gets the same poster. ``palette`` chooses colours from the tone, ``motifs``
draws what the genre suggests, ``lettering`` sets the title. Next in the flow: ``web`` serves it.
"""

from assistant.posters.poster import draw, edge

__all__ = ["draw", "edge"]
