"""Films and people of one message, settled where both want the same words.

A full name of a person keeps a title from being read inside it ("Ray Liotta"); a title that
contains a whole name keeps its own ("Being John Malkovich"); a title found keeps a surname from
being read inside it. Next in the flow: ``parser``.
"""

from __future__ import annotations

from assistant.parsing.people import PeopleFinder, PersonMention
from assistant.parsing.titles import Found, TitleFinder
from assistant.parsing.versions import NOWHERE, Setting


def find_names(
    text: str,
    language: str,
    titles: TitleFinder,
    people: PeopleFinder,
    setting: Setting = NOWHERE,
) -> tuple[Found, tuple[PersonMention, ...]]:
    """The films and the people that ``text`` names; their spans never overlap."""
    full = [
        (p.start, p.end)
        for p in people.find(text, language)
        if p.full and not titles.famous(text[p.start : p.end])
    ]
    found = titles.find(text, language, full, setting)
    return found, people.find(text, language, [(m.start, m.end) for m in found.mentions])
