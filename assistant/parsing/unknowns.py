"""Words a message relies on that nothing here can use: titles we lack, subjects to stay away from.

They must not reach ``about``: the encoder would look for them word by word, and would look for
what was ruled out. Knows nothing of what is said back. Next in the flow: ``parser``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.parsing.grammar import Grammar
from assistant.parsing.marks import Mark
from assistant.parsing.message import Span
from assistant.parsing.patterns import Match
from assistant.parsing.request import Unresolved

_CAPITAL = r"[A-ZÀ-Þ0-9][\w'’-]*"
_TITLE = re.compile(
    rf"\s*(?:the (?:film|movie) )?(?P<title>{_CAPITAL}"
    rf"(?:\s+(?:(?:of|the|and|in|a|an|to|for|on|at|from|with|de|la|&)\s+)*{_CAPITAL})*)"
)
"""Capitalised words with small words between them."""
_SUBJECT = re.compile(
    r"\s*(?:(?:a|an|any|another)\s+)?(?:(?:movies?|films?|something|anything|stuff|ones?)\s+)?"
    r"(?:(?:that|which)(?:'s| is| are)?\s+)?(?:about|where|involving|featuring|in which|set in"
    r"|(?:has |have )?to do with)(?![^\W_])(?P<subject>[^,.;:!?\n]*?)"
    r"(?=\s(?:but|just|please|though)(?![^\W_])|[,.;:!?\n]|$)"
)
"""What follows "not" and "nothing" up to the end of the clause: "about cancer"."""


_THING = re.compile(
    r"\s*(?:(?:any|more|those|these|with(?: any)?)\s+)?"
    r"(?P<subject>[^\W\d_]{3,}(?:\s[^\W\d_]{3,})??)"
    r"(?=\s*(?:please|pls|plz|thanks|though|[,.;:!?\n]|$))"
)
"""One or two words after "no" that end the clause: "clowns"."""


_OPENS = re.compile(r"(?:^|[,.;:!?\n]|(?<![^\W_])(?:but|and|with))\s*$")
"""Ends where a clause begins: "not bad" rules out nothing."""


def unknown_titles(
    text: str, marks: Sequence[Mark], grammars: Sequence[Grammar]
) -> Iterator[tuple[Span, Unresolved]]:
    """Capitalised words after "like" in a message in small letters, which no mark claims."""
    stop = frozenset().union(*(grammar.stop for grammar in grammars))
    for cue in _cues(marks, "like"):
        match = _TITLE.match(text, cue.span.end)
        if match is None or not any(c.islower() for c in text[cue.span.start : cue.span.end]):
            continue
        span = Span(*match.span("title"))
        words = match["title"].casefold().split()
        claimed = any(mark.span.overlaps(span) for mark in marks)
        if not claimed and not (len(words) == 1 and (words[0] in stop or len(words[0]) < 3)):
            yield span, Unresolved(match["title"], "film")


def ruled_out(
    plain: str, marks: Sequence[Mark], grammars: Sequence[Grammar]
) -> Iterator[tuple[Span, Unresolved | None]]:
    """Spans of subjects to stay away from; with what to own up to where no mark reads them."""
    stop = frozenset().union(*(grammar.stop for grammar in grammars))
    for cue in _cues(marks, "no"):
        match = _SUBJECT.match(plain, cue.span.end)
        if match is None and _OPENS.search(plain, 0, cue.span.start):
            match = _THING.match(plain, cue.span.end)
        if match is not None and match["subject"].strip():
            span = Span(*match.span("subject"))
            read = any(mark.kind != "cue" and mark.span.overlaps(span) for mark in marks)
            thing = match.re is _THING
            if thing and (read or not stop.isdisjoint(match["subject"].split())):
                continue
            yield span, None if read else Unresolved(match["subject"].strip(), "words")


def _cues(marks: Sequence[Mark], reading: str) -> list[Mark]:
    return [m for m in marks if isinstance(m.value, Match) and m.value.reading == reading]
