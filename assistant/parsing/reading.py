"""Everything read in one message, before it is added up: names, marks, signs, announced acts.

The one place where names, grammar and context meet. What the message asks for is not decided here.
Next in the flow: ``parser`` adds up what was read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.catalogue import Catalogue
from assistant.lexicon import Lexicon
from assistant.parsing.acts import Said, find_acts
from assistant.parsing.amounts import find_amounts
from assistant.parsing.grammar import Grammar, Topic, grammars_for, load_grammars
from assistant.parsing.latintitles import latin_titles
from assistant.parsing.marks import Mark, Names, find_marks, mask_names, without_amounts
from assistant.parsing.message import Span, fold, free_of, masked, sentences
from assistant.parsing.people import PeopleFinder, PersonMention
from assistant.parsing.pointing import resolve_pronouns
from assistant.parsing.request import Context, Mention, Unresolved
from assistant.parsing.roles import ABOUT, SUBJECT, WRITTEN, roles_of
from assistant.parsing.signs import Signed, sign
from assistant.parsing.spans import has_cjk
from assistant.parsing.titles import TitleFinder
from assistant.parsing.tongues import Tongues
from assistant.parsing.unknowns import unknown_titles
from assistant.parsing.versions import Setting

_NEAR = 24
"""Characters round a film's name in which a longer condition is looked for."""
_FEW_CREDITS = 5
"""Films in the catalogue below which somebody a film is "about" is not one of its actors."""
_AFTER_FILM, _BEFORE_FILM = 14, 5
"""Characters between a film and somebody named to tell it: "(directed by", "in"."""
_CONDITIONS = frozenset({"genre", "place", "language", "collection"})
"""Kinds of topic that a title may be part of ("Hammer horror")."""
_OPENING = ("《", "〈", "“", "「")
_STUDIOS = frozenset({"collection"})
_STOP = re.compile(r"[.!?;。！？；\n]")
_YEAR_BEFORE = re.compile(r"(?:\bthe )?\b(\d{4}) (?:film |movie )?$", re.IGNORECASE)


@dataclass(frozen=True)
class Read:
    """Everything read in one message, before it is added up."""

    text: str
    """The folded message with names masked."""
    names: Names
    grammars: tuple[Grammar, ...]
    said: Said
    marks: tuple[Mark, ...]
    signed: tuple[Signed, ...]
    sentences: tuple[Span, ...]
    unknown_films: tuple[Unresolved, ...]
    unknown_spans: tuple[Span, ...]
    """Where ``unknown_films`` stand."""


class Reader:
    """Reads messages; a value once made, safe to share by threads."""

    def __init__(
        self, catalogue: Catalogue, lexicons: Mapping[str, Lexicon], data: Path, tongues: Tongues
    ) -> None:
        """Raises ``DataError`` where a grammar file in ``data`` is missing or wrong."""
        self._catalogue = catalogue
        self._grammars = load_grammars(data, lexicons)
        self._tongues = tongues
        self._titles = TitleFinder(catalogue, data)
        self._people = PeopleFinder(catalogue, data)
        self._credits = Counter(
            name for film in catalogue for name in {*film.directors, *film.cast}
        )

    def __call__(self, text: str, language: str, context: Context) -> Read:
        """Everything read in ``text`` against ``context``."""
        plain = fold(text)
        clipped = text[: len(plain)]
        grammars = grammars_for(self._grammars, self._tongues.within(plain))
        people = self._people_in(clipped, plain, language)
        whole_names = [
            (p.start, p.end)
            for p in people
            if p.full and p.exact and not self._titles.famous(clipped[p.start : p.end])
        ]
        found = self._titles.find(
            _without_stars(clipped, plain, grammars), language, whole_names, _setting(context)
        )
        found = replace(found, mentions=self._with_their_years(plain, found.mentions))
        films = without_amounts(plain, found.mentions, grammars, context.year_now)
        taken = [(m.start, m.end) for m in films]
        if "zh" in self._tongues.within(plain):
            closed = [Span(*span) for span in (*taken, *whole_names)]
            latin = latin_titles(clipped, self._titles, closed)
            films = tuple(sorted((*films, *latin), key=lambda film: film.start))
            taken = [(m.start, m.end) for m in films]
        if taken:
            people = self._people_in(clipped, plain, language, taken)
        names = Names(films, self._makers(plain, Names(films, people), grammars))
        nameless = mask_names(plain, names)
        said = find_acts(nameless, grammars)
        announced = said.closed_spans
        marks = tuple(
            mark
            for mark in find_marks(plain, names, grammars, context, self._catalogue)
            if mark.kind not in ("topic", "cue") or free_of(mark.span, announced)
        )
        strange = [
            (span, film)
            for span, film in unknown_titles(clipped, marks, grammars)
            if not any(film.text in known.text for known in found.unresolved)
        ]
        return Read(
            text=nameless,
            names=names,
            grammars=grammars,
            said=said,
            marks=marks,
            signed=resolve_pronouns(sign(nameless, marks, grammars)),
            sentences=sentences(nameless),
            unknown_films=(
                *(film for film in found.unresolved if not _is_read(film, marks, plain)),
                *(film for _, film in strange),
            ),
            unknown_spans=(
                *(span for span, _ in strange),
                *(Span(*m.span()) for u in found.unresolved for m in _places(u.text, clipped)),
            ),
        )

    def _people_in(
        self, text: str, plain: str, language: str, taken: Sequence[tuple[int, int]] = ()
    ) -> tuple[PersonMention, ...]:
        """The people named outside ``taken``; "James Bond" is what films are known by."""
        people = self._people.find(text, language, taken)
        return tuple(p for p in people if not self._is_whole(plain[p.start : p.end], _STUDIOS))

    def _makers(
        self, plain: str, names: Names, grammars: Sequence[Grammar]
    ) -> tuple[PersonMention, ...]:
        """The people wanted for making films, not for being told of or for a book of theirs.

        Of those a film is "about" only people with few films are its subject: "a film about
        Tom Hanks lost on an island" tells who plays.
        """
        roles = roles_of(mask_names(plain, names), names.people, grammars)
        return tuple(
            replace(person, told=self._tells(plain, person, names.films))
            for person, role in zip(names.people, roles, strict=True)
            if role not in (WRITTEN, SUBJECT)
            and not (role == ABOUT and self._credits[person.names[0]] < _FEW_CREDITS)
        )

    def _tells(self, plain: str, person: PersonMention, films: Sequence[Mention]) -> bool:
        """Whether somebody stands right beside a film of theirs: "Hanks in Big"."""
        for film in films:
            made = self._catalogue[film.film]
            gap = plain[film.end : person.start] if film.end <= person.start else None
            near = gap is not None and len(gap) <= _AFTER_FILM
            if person.end <= film.start:
                gap = plain[person.end : film.start]
                near = len(gap) <= _BEFORE_FILM
            if near and gap and not _STOP.search(gap):
                return person.names[0] in made.directors + made.cast
        return False

    def _with_their_years(self, plain: str, films: Sequence[Mention]) -> tuple[Mention, ...]:
        """A year that only tells which film is meant ("the 1995 Jumanji") belongs to its name.

        But "a 2012 comedy" is a comedy, whatever title is found in it.
        """
        whole = []
        films = [film for film in films if not self._is_in_condition(plain, film)]
        for film in films:
            year = _YEAR_BEFORE.search(plain, 0, film.start)
            ours = year is not None and int(year[1]) == self._catalogue[film.film].year
            if not (year and self._is_whole(plain[film.start : film.end], _CONDITIONS)):
                whole.append(replace(film, start=year.start()) if year and ours else film)
        return tuple(whole)

    def _is_in_condition(self, plain: str, film: Mention) -> bool:
        """Whether a film's name is part of a longer genre or place ("from France"), or in Chinese,
        which writes titles in brackets, bare and a genre ("超级英雄")."""
        words = plain[film.start : film.end]
        bare = has_cjk(words) and plain[film.start - 1 : film.start] not in _OPENING
        if bare and self._is_whole(words, _CONDITIONS):
            return True
        near = plain[max(0, film.start - _NEAR) : film.end + _NEAR]
        shift = max(0, film.start - _NEAR)
        return any(
            topic.kind in _CONDITIONS
            and start + shift <= film.start
            and film.end <= end + shift
            and end - start > film.end - film.start
            for grammar in self._grammars.values()
            for start, end, topic in grammar.topics.find(near)
        )

    def _is_whole(self, words: str, kinds: frozenset[str]) -> bool:
        """Whether ``words`` as a whole are a topic of one of these kinds."""
        return any(
            (start, end) == (0, len(words)) and topic.kind in kinds
            for grammar in self._grammars.values()
            for start, end, topic in grammar.topics.find(words)
        )


def _setting(context: Context) -> Setting:
    """The year, and the films on the table."""
    wants = context.wants
    named = {*context.shown, *wants.like, *wants.unlike, *wants.around}
    if context.focus is not None:
        named.add(context.focus)
    return Setting(context.year_now, frozenset(named))


def _without_stars(text: str, plain: str, grammars: Sequence[Grammar]) -> str:
    """``text`` with ratings blanked, so that "Memento 9/10" is a title standing alone."""
    stars = [
        amount.span
        for grammar in grammars
        for amount in find_amounts(plain, grammar.amounts)
        if amount.kind == "stars"
    ]
    return masked(text, stars, " ")


def _is_read(film: Unresolved, marks: Sequence[Mark], plain: str) -> bool:
    """Whether an unknown title is but a number in a range of years ("from 1978 to 1984"), or a
    studio that films should be like ("like Pixar")."""
    years = [m for m in marks if m.kind == "years" and film.text.isdigit()]
    studios = [m for m in marks if isinstance(m.value, Topic) and m.value.collections]
    words = (plain[m.span.start : m.span.end] for m in (*years, *studios))
    return any(film.text.casefold() in told for told in words)


def _places(words: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(re.escape(words), text) if words else iter(())
