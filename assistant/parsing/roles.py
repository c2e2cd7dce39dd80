"""What the people named in a message are wanted for: to direct, to star, or not at all.

The words are those of ``grammar/roles.json``: "directed by" and "starring" before a name, "'s
novel" after one. Who wrote the book or is what the film tells of is no condition on its makers.
Knows nothing of limits. Next in the flow: ``wishes``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.parsing.grammar import Grammar
from assistant.parsing.people import PersonMention

DIRECTED, STARRING, WRITTEN, SUBJECT, ABOUT = "directed", "starring", "written", "subject", "about"
_AFTER = "_after"
_BEFORE_CHARS, _AFTER_CHARS = 60, 30
_LIST = re.compile(
    r"[\s,、/&-]*(?:(?<![^\W_])(?:and|or|with)(?![^\W_])|和|与|或者?|还是)?[\s,、]*(?:the )?"
)


def roles_of(
    plain: str, people: Sequence[PersonMention], grammars: Sequence[Grammar]
) -> tuple[str, ...]:
    """One role a person, "" where nothing tells; in a list the role of the first holds for all.

    ``plain`` is folded text with the names masked.
    """
    roles: list[str] = []
    before: PersonMention | None = None
    for person in people:
        role = _role(plain, person, grammars)
        if not role and before is not None:
            listed = _LIST.fullmatch(plain, before.end, person.start)
            role = roles[-1] if listed else ""
        roles.append(role)
        before = person
    return tuple(roles)


def _role(plain: str, person: PersonMention, grammars: Sequence[Grammar]) -> str:
    before = plain[max(0, person.start - _BEFORE_CHARS) : person.start]
    after = plain[person.end : person.end + _AFTER_CHARS]
    said_before = said_after = ""
    for grammar in grammars:
        for match in grammar.roles.find(after):
            if match.span.start == 0 and match.reading.endswith(_AFTER):
                said_after = said_after or match.reading.removesuffix(_AFTER)
        for match in grammar.roles.find(before):
            if match.span.end == len(before) and not match.reading.endswith(_AFTER):
                said_before = said_before or match.reading
    passive = said_before == DIRECTED and said_after == STARRING  # "由…出演"
    if passive or said_after in (DIRECTED, SUBJECT):  # "with X directing"
        return said_after
    return said_before or said_after
