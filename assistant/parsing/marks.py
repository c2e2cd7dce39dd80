"""Everything read in a message, in text order: films, people, topics, numbers, cue words.

Where two readings claim the same characters the longer one stands. What a mark is worth (wanted,
unwanted, merely preferred) is decided by ``signs``, next in the flow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.catalogue import Catalogue
from assistant.parsing.amounts import Amount, find_amounts
from assistant.parsing.dates import release_years
from assistant.parsing.grammar import Grammar, Topic
from assistant.parsing.message import FILM_MARK, PERSON_MARK, Span, masked, sentences
from assistant.parsing.patterns import Match
from assistant.parsing.people import PersonMention
from assistant.parsing.references import Reference, find_references
from assistant.parsing.request import Context, Mention
from assistant.parsing.runtime import Runtime, find_runtimes
from assistant.parsing.years import Years, find_years

_PLOT_WORDS = 5
"""Words that make a plot: "about the mafia" is short of one."""
_SET_IN = re.compile(r"(?<![^\W_])(?:set|takes place|taking place) in\s+\Z")

_TOLD_OF = re.compile(r"(?<![^\W_])(?:movies?|films?|story|stories|something|one|tale)\s+\Z")
_GOES_ON = re.compile(r"\s+(?:who|whose|that|which|and|with|in|from|on|\w+ing)(?![^\W_])")
_ABOUT_OR_END = re.compile(r"\s*|[\w\s]{0,24}(?<![^\W_])(?:about|involving)\s+(?:the |a |any )?")
_CLAUSE_END = re.compile(r"\s*(?:[.,;!?]|please|$|(?:and|or) no )")
_ABOUT = re.compile(r"[\w\s]{0,24}(?<![^\W_])(?:about|involving)\s+(?:the |a |any )?")

_LINK = re.compile(r"(?<![^\W_])(?:from|by|or|and|nor)\s+\Z")
_CITY = re.compile(r"(?<![^\W_])washington,?\s+\Z")
"""What makes of a studio's name a part of a city's: Washington DC."""
_JOIN = re.compile(r"\s*(?:,|/|&|(?<![^\W_])(?:or|and))\s*")
_VERB = re.compile(r"\s+(?:at|that|how)(?![^\W_])")
"""What makes of a studio's name a verb ("sit back and marvel at")."""

Value = Mention | PersonMention | Reference | Topic | Years | Runtime | Amount | Match


@dataclass(frozen=True)
class Mark:
    """One thing read, and where."""

    span: Span
    kind: str
    """ "film", "person", "reference", "topic", "years", "runtime", "amount", "drop", "unusable"
    or "cue"."""
    value: Value


@dataclass(frozen=True)
class Names:
    """The films and people a message names."""

    films: tuple[Mention, ...] = ()
    people: tuple[PersonMention, ...] = ()

    def spans(self) -> tuple[Span, ...]:
        """Where they stand."""
        films = (Span(film.start, film.end) for film in self.films)
        people = (Span(person.start, person.end) for person in self.people)
        return (*films, *people)


def mask_names(plain: str, names: Names) -> str:
    """``plain`` with films and people replaced by their marks."""
    films = [Span(m.start, m.end) for m in names.films]
    people = [Span(p.start, p.end) for p in names.people]
    return masked(masked(plain, films, FILM_MARK), people, PERSON_MARK)


def without_amounts(
    plain: str, films: Sequence[Mention], grammars: Sequence[Grammar], year_now: int
) -> tuple[Mention, ...]:
    """``films`` less those that are part of a year, a length ("The Last Five Years") or a set
    phrase ("no rush"), and less places ("set in Tokyo") or a plot ("a movie about a boy who …").
    """
    if not films:
        return ()
    spans: list[Span] = []
    for grammar in grammars:
        spans += [y.span for y in find_years(plain, grammar.years, year_now) if not y.bare]
        spans += [r.span for r in find_runtimes(plain, grammar.runtime)]
        spans += [Span(*m.span()) for m in grammar.idioms.finditer(plain)]
    return tuple(
        film
        for film in films
        if not any(s.start <= film.start and film.end <= s.end for s in spans)
        and not _SET_IN.search(plain, 0, film.start)
        and not _is_plot(plain, film)
    )


def _is_plot(plain: str, film: Mention) -> bool:
    """Whether a title is "about …" after a film word, with the plot going on behind it."""
    words = plain[film.start : film.end]
    opens = words.startswith("about ") and _TOLD_OF.search(plain, 0, film.start)
    return bool(opens and _GOES_ON.match(plain, film.end))


def find_marks(
    plain: str,
    names: Names,
    grammars: Sequence[Grammar],
    context: Context,
    catalogue: Catalogue,
) -> tuple[Mark, ...]:
    """All marks of a message, none overlapping, in text order."""
    text = mask_names(plain, names)
    films_masked = mask_names(plain, Names(names.films))
    named = names.spans()
    found = [Mark(Span(m.start, m.end), "film", m) for m in names.films]
    found += [Mark(Span(p.start, p.end), "person", p) for p in names.people]
    for grammar in grammars:
        found += [Mark(m.span, "drop", m) for m in grammar.drops.find(text)]
        found += [Mark(m.span, "unusable", m) for m in grammar.unusable.find(text)]
        found += _numbers(text, grammar, context, named)
        found += [
            Mark(reference.span, "reference", reference)
            for reference in find_references(films_masked, grammar, context, catalogue)
        ]
        found += _topics(text, grammar)
        found += [Mark(m.span, "cue", m) for m in _cues(text, grammar, found)]
    return _longest_first(found)


def _numbers(
    text: str, grammar: Grammar, context: Context, named: Sequence[Span]
) -> Iterator[Mark]:
    for years in release_years(
        text, find_years(text, grammar.years, context.year_now, named), grammar
    ):
        yield Mark(years.span, "years", years)
    for runtime in find_runtimes(text, grammar.runtime, named):
        yield Mark(runtime.span, "runtime", runtime)
    for amount in find_amounts(text, grammar.amounts, named):
        yield Mark(amount.span, "amount", amount)


def _cues(text: str, grammar: Grammar, found: Sequence[Mark]) -> Sequence[Match]:
    """Cue words outside counts: "three films like" counts films and says "like"."""
    counts = [m.span for m in found if isinstance(m.value, Amount) and m.value.kind == "count"]
    return grammar.cues.find(masked(text, counts, "|"))


def _topics(text: str, grammar: Grammar) -> Iterator[Mark]:
    told = tuple(_plots(text, grammar))
    for start, end, topic in grammar.topics.find(text):
        if topic.kind not in ("genre", "collection"):
            yield Mark(Span(start, end), "topic", topic)
        elif topic.loose:
            if _is_meant(text, start, end, topic, grammar):
                yield Mark(Span(start, end), "topic", topic)
        elif not _is_told(text, start, end, told, grammar):
            yield Mark(Span(start, end), "topic", topic)


def _is_meant(text: str, start: int, end: int, topic: Topic, grammar: Grammar) -> bool:
    """Whether a word that is an everyday word too is meant as a topic here."""
    if topic.kind == "collection" and _CITY.search(text, 0, start):
        return False
    linked = topic.kind == "collection" and _LINK.search(text, 0, start)
    return bool(
        grammar.is_genre_here(text, start, end)
        or _is_ruled_out(text, start, end, grammar)
        or (linked and not _VERB.match(text, end))
        or (topic.kind == "collection" and _is_joined(text, start, end, grammar))
    )


def _is_joined(text: str, start: int, end: int, grammar: Grammar) -> bool:
    """Whether a word stands beside another studio or series: "DC or Marvel"."""
    others = [
        (at, until)
        for at, until, topic in grammar.topics.find(text)
        if topic.kind == "collection" and at != start
    ]
    return any(
        _JOIN.fullmatch(text, until, start) or _JOIN.fullmatch(text, end, at)
        for at, until in others
    )


def _plots(text: str, grammar: Grammar) -> Iterator[Span]:
    """Where plots are told: from "about", "where" and the like to the end of the sentence."""
    for sentence in sentences(text):
        opening = grammar.plot_opening.search(text, sentence.start, sentence.end)
        if opening is not None:
            words = text[opening.end() : sentence.end].split()
            if len(words) >= _PLOT_WORDS:
                yield Span(opening.end(), sentence.end)


def _is_told(text: str, start: int, end: int, plots: Sequence[Span], grammar: Grammar) -> bool:
    """Whether a genre word is part of a plot ("about a cop who joins the mafia").

    It is not where a film word follows, nor after "this": "… in this 1988 comedy".
    """
    if not any(plot.start <= start < plot.end for plot in plots):
        return False
    return not (
        grammar.named_here.search(text, 0, start) or grammar.is_genre_here(text, start, end)
    )


def _is_ruled_out(text: str, start: int, end: int, grammar: Grammar) -> bool:
    """Whether a word is what a film must not be ("no war") or be about ("nothing about war")."""
    gap = _ABOUT_OR_END if _CLAUSE_END.match(text, end) else _ABOUT
    return any(
        cue.reading == "no" and cue.span.end <= start and gap.fullmatch(text, cue.span.end, start)
        for cue in grammar.cues.find(text)
    )


_ORDER = ("film", "person", "drop", "runtime", "amount", "years", "reference", "topic", "unusable")


def _longest_first(found: Sequence[Mark]) -> tuple[Mark, ...]:
    """Of overlapping marks the longer; of equal ones the kind listed first in ``_ORDER``."""
    rank = {kind: place for place, kind in enumerate((*_ORDER, "cue"))}
    by_length = sorted(found, key=lambda m: (m.span.start - m.span.end, rank[m.kind], m.span.start))
    claimed: set[int] = set()
    kept = []
    for mark in by_length:
        characters = range(mark.span.start, mark.span.end)
        if claimed.isdisjoint(characters):
            claimed.update(characters)
            kept.append(mark)
    return tuple(sorted(kept, key=lambda mark: mark.span.start))
