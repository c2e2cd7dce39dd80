"""From a message to a ``Request``: the one path every message takes.

Names first, then marks, their signs, acts, and what they add up to. A message is a new request
where it asks for something by itself ("I want a French comedy", "recommend something like Heat")
and a refinement where it only bends the running one ("funnier", "with Tom Hanks", "more like the
first"). Keeps no state. Next in the flow: ``chat`` folds the request into the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.catalogue import Catalogue
from assistant.lexicon import Lexicon
from assistant.parsing.acts import POINTING, Said, find_acts, in_order
from assistant.parsing.amounts import find_amounts
from assistant.parsing.corrections import corrected, dropped_label, dropping, forms_of
from assistant.parsing.grammar import Grammar, Topic, grammars_for, load_grammars
from assistant.parsing.latintitles import latin_titles
from assistant.parsing.marks import Mark, Names, find_marks, mask_names, without_amounts
from assistant.parsing.message import (
    Span,
    fold,
    free_of,
    language_of,
    languages_in,
    masked,
    sentences,
)
from assistant.parsing.opinions import read_opinions
from assistant.parsing.patterns import Match
from assistant.parsing.people import PeopleFinder
from assistant.parsing.pointing import (
    is_strong,
    pointed_films,
    resolve_pronouns,
    unresolved_references,
)
from assistant.parsing.remainder import Remainder, remainder
from assistant.parsing.request import (
    Act,
    Context,
    Mention,
    Opinion,
    Request,
    Stance,
    Unresolved,
    Wants,
)
from assistant.parsing.scope import Scope, scope_of
from assistant.parsing.signs import JUDGING, Signed, sign
from assistant.parsing.style import StyleWords
from assistant.parsing.titles import TitleFinder
from assistant.parsing.unknowns import ruled_out, unknown_titles
from assistant.parsing.wishes import conditions, film_ids, seeds

_REACTIONS = frozenset({Act.UNDO, Act.SEEN, Act.RATE, Act.HIDE, Act.WATCHLIST, Act.SMALLTALK})
_COPULA = re.compile(r"\s*(?:is|was|are|were|'s)\s+(?:\w+\s+){0,3}|(?:很|太|真|挺|有点|是)*")
_VERDICT_TAIL = 14
"""Characters after a verb that may hold its object."""

_YEAR_BEFORE = re.compile(r"(?:\bthe )?\b(\d{4}) (?:film |movie )?$", re.IGNORECASE)


@dataclass(frozen=True)
class _Read:
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


class Parser:
    """Understands messages; a value once made, safe to share by threads."""

    def __init__(self, catalogue: Catalogue, lexicons: Mapping[str, Lexicon], data: Path) -> None:
        """Raises ``DataError`` where a grammar file in ``data`` is missing or wrong."""
        self._catalogue = catalogue
        self._style = StyleWords(data / "languages")
        self._grammars = load_grammars(data, lexicons)
        self._titles = TitleFinder(catalogue, data)
        self._people = PeopleFinder(catalogue, data)

    def parse(self, text: str, context: Context) -> Request:
        """The message understood against ``context``; any text at all has an answer."""
        language = language_of(text, context.language)
        taken_back = self._taken_back(text, language, context)
        if taken_back is not None:
            return taken_back
        read = self._read(text, language, context)
        asking = read.said.questions(read.sentences)
        wishing = _wishing(read, asking)
        pointed = pointed_films(read.said, read.signed, read.sentences, context, self._catalogue)
        opinions = read_opinions(wishing, _verdicts(read), read.said.has("seen"), pointed)
        shut = tuple(ruled_out(read.text, read.marks))
        left = _left(read, asking, [span for span, _ in shut])
        wants = _wants(read, wishing, left, context)
        scope = scope_of(read.text, read.said, wishing, wants, context, read.grammars)
        if read.said.has("meant") and not opinions:
            scope = self._mended(scope, read, wants, context)
        acts = _acts(read, scope, opinions, pointed, context)
        return Request(
            text=text,
            language=language,
            acts=acts,
            wants=self._in_style(scope.wants, text),
            fresh=scope.fresh,
            drop=scope.drop,
            opinions=opinions,
            mentions=read.names.films,
            films=pointed if POINTING.intersection(acts) else (),
            asked=read.said.details({Act.TELL, Act.HELP, Act.SMALLTALK}.intersection(acts)),
            unresolved=(
                *read.unknown_films,
                *_unusable(read),
                *unresolved_references(read.text, read.signed, acts, pointed),
                *(words for _, words in shut if words is not None),
                *(Unresolved(words, "words") for words in left.not_understood),
            ),
        )

    def _taken_back(self, text: str, language: str, context: Context) -> Request | None:
        """What "Drop: LABEL" forgets of the running wants; None where it is something else."""
        label = dropped_label(text)
        for form in () if label is None else forms_of(label):
            if context.wants.about and form in context.wants.about:
                return Request(text, language, (Act.REFINE,), drop=frozenset({"about"}))
            read = self.parse(form, Context(language=language, year_now=context.year_now))
            named = read.wants
            if named.like:  # the films that share a name count as named
                others = tuple(i for mention in read.mentions for i in mention.others)
                named = replace(named, like=named.like + others)
            again, drop = dropping(context.wants, named)
            if context.wants.style and self._style.in_text(form):
                drop |= {"style"}
            if drop:
                return Request(text, language, (Act.REFINE,), again, drop=drop)
        return None

    def _mended(self, scope: Scope, read: _Read, wants: Wants, context: Context) -> Scope:
        swapped = corrected(read.text, wants, read.names.films, context, self._catalogue)
        return scope if swapped is None else Scope(swapped, drop=frozenset({"like", "around"}))

    def _with_their_years(self, plain: str, films: Sequence[Mention]) -> tuple[Mention, ...]:
        """A year that only tells which film is meant ("the 1995 Jumanji") belongs to its name."""
        whole = []
        for film in films:
            year = _YEAR_BEFORE.search(plain, 0, film.start)
            ours = year is not None and int(year[1]) == self._catalogue[film.film].year
            whole.append(replace(film, start=year.start()) if year and ours else film)
        return tuple(whole)

    def _in_style(self, wants: Wants, text: str) -> Wants:
        seeds = wants.like or wants.around
        return replace(wants, style=True) if seeds and self._style.in_text(text) else wants

    def _read(self, text: str, language: str, context: Context) -> _Read:
        plain = fold(text)
        clipped = text[: len(plain)]
        grammars = grammars_for(self._grammars, languages_in(plain))
        people = self._people.find(clipped, language)
        whole_names = [(p.start, p.end) for p in people if p.full and p.exact]
        found = self._titles.find(_without_stars(clipped, plain, grammars), language, whole_names)
        found = replace(found, mentions=self._with_their_years(plain, found.mentions))
        films = without_amounts(plain, found.mentions, grammars, context.year_now)
        taken = [(m.start, m.end) for m in films]
        if "zh" in languages_in(plain):
            closed = [Span(*span) for span in (*taken, *whole_names)]
            films = (*films, *latin_titles(clipped, self._titles, closed))
            taken = [(m.start, m.end) for m in films]
        if taken:
            people = self._people.find(clipped, language, taken)
        names = Names(films, people)
        nameless = mask_names(plain, names)
        said = find_acts(nameless, grammars)
        marks = tuple(
            mark
            for mark in find_marks(plain, names, grammars, context, self._catalogue)
            if mark.kind not in ("topic", "cue") or free_of(mark.span, said.closed_spans)
        )
        strange = [
            (span, film)
            for span, film in unknown_titles(clipped, marks, grammars)
            if not any(film.text in known.text for known in found.unresolved)
        ]
        return _Read(
            text=nameless,
            names=names,
            grammars=grammars,
            said=said,
            marks=marks,
            signed=resolve_pronouns(sign(nameless, marks, grammars)),
            sentences=sentences(nameless),
            unknown_films=(*found.unresolved, *(film for _, film in strange)),
            unknown_spans=(
                *(span for span, _ in strange),
                *(Span(*m.span()) for u in found.unresolved for m in _places(u.text, clipped)),
            ),
        )


def _without_stars(text: str, plain: str, grammars: Sequence[Grammar]) -> str:
    """``text`` with ratings blanked, so that "Memento 9/10" is a title standing alone."""
    stars = [
        amount.span
        for grammar in grammars
        for amount in find_amounts(plain, grammar.amounts)
        if amount.kind == "stars"
    ]
    return masked(text, stars, " ")


def _places(words: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(re.escape(words), text) if words else iter(())


def _within(item: Signed, spans: Sequence[Span]) -> bool:
    return any(item.mark.span.overlaps(span) for span in spans)


def _wishing(read: _Read, asking: Sequence[Span]) -> tuple[Signed, ...]:
    """What may be a wish: nothing in a question, no mood in a verdict ("it was so funny")."""
    wishing = []
    before: Signed | None = None
    for item in read.signed:
        if not _within(item, asking) and not _is_verdict(read, before, item):
            wishing.append(item)
        before = item
    return tuple(wishing)


def _is_verdict(read: _Read, before: Signed | None, item: Signed) -> bool:
    """Whether a mood word is said of a film ("it was funny"); "too sad" is a wish all the same."""
    if before is None or before.mark.kind not in ("film", "reference"):
        return False
    gap = read.text[before.mark.span.end : item.mark.span.start]
    tonal = isinstance(item.mark.value, Topic) and item.mark.value.tone
    return bool(tonal and item.modifier != "complaint" and _COPULA.fullmatch(gap))


def _judges(read: _Read, sentence: Span) -> bool:
    """Whether a sentence tells what somebody made of a film: its other words are no wish."""
    judged = any(
        item.stance in JUDGING and film_ids(item) and item.mark.span.overlaps(sentence)
        for item in read.signed
    )
    return judged or bool(read.said.sentences_of(_REACTIONS, (sentence,)))


def _asks(read: _Read, sentence: Span) -> bool:
    asking = ("recommend", "more", "topic")
    return any(m.reading in asking and m.span.overlaps(sentence) for m in read.said.matches)


def _verdicts(read: _Read) -> list[str]:
    """Verdicts that name no film, with the words just after them ("loved" + " it")."""
    return [
        read.text[m.span.start : m.span.end + _VERDICT_TAIL]
        for m in read.said.matches
        if m.reading == "rate"
    ]


def _left(read: _Read, asking: Sequence[Span], shut: Sequence[Span]) -> Remainder:
    """The words nothing claimed; ``shut`` are those of subjects ruled out."""
    hard = [*read.said.spans, *asking, *shut, *read.unknown_spans]
    hard += [mark.span for mark in read.marks if _is_cue(mark)]
    hard += [span for span in read.said.chat_spans if not _asks(read, span)]
    hard += [s for s in read.sentences if _judges(read, s) and not _asks(read, s)]
    soft: list[Span] = []
    for item in read.signed:
        (soft if _is_gentle(item) else hard).append(item.mark.span)
    return remainder(read.text, hard, soft, read.grammars)


def _is_cue(mark: Mark) -> bool:
    """Whether a mark is a cue whose words say nothing else; "must" may be part of a plot."""
    return mark.kind == "cue" and isinstance(mark.value, Match) and mark.value.reading != "hard"


def _is_gentle(item: Signed) -> bool:
    """Whether the words may stay in ``about``: plain themes and moods."""
    topic = item.mark.value
    return (
        isinstance(topic, Topic)
        and topic.kind in ("theme", "tone")
        and not item.negative
        and item.modifier is None
    )


def _wants(read: _Read, wishing: Sequence[Signed], left: Remainder, context: Context) -> Wants:
    only_titles = (
        all(item.mark.kind == "film" for item in read.signed)
        and not left.about
        and not read.said.acts
    )
    recorded = read.said.sentences_of((Act.HIDE, Act.WATCHLIST), read.sentences)
    seeding = [i for i in wishing if i.stance is not None or not _within(i, recorded)]
    wants = conditions(read.text, wishing, read.grammars)
    if wants != Wants() and not POINTING.intersection(read.said.acts):
        seeding = [_as_seed(item) for item in seeding]
    like, unlike, around = seeds(seeding, context.shown, only_titles)
    if _is_off_topic(read, wants) and not _strong(replace(wants, like=like, unlike=unlike)):
        return Wants()
    idle = read.said.acts & {Act.HELP, Act.TASTE} or _takes_leave(read)
    about = "" if idle else left.about
    return replace(wants, about=about, like=like, unlike=unlike, around=around)


def _takes_leave(read: _Read) -> bool:
    """Whether somebody thanks or says goodbye and asks for nothing: the rest is a remark."""
    leaving = read.said.has("smalltalk_thanks", "smalltalk_bye")
    return leaving and not read.said.has("recommend", "more", "topic", "filmish")


def _as_seed(item: Signed) -> Signed:
    """ "The first one, but funnier" means one like it."""
    bare = is_strong(item) and item.stance is None
    return replace(item, stance="unlike" if item.negative else "like") if bare else item


def _is_off_topic(read: _Read, wants: Wants) -> bool:
    """Words of another trade, or a question in which nothing is about films."""
    if Act.OFF_TOPIC in read.said.acts:
        return True
    asks = read.said.has("question") and not read.said.has("filmish")
    named = read.names.films or read.names.people
    return asks and not (named or read.said.acts or _strong(wants) or wants.tone)


def _acts(
    read: _Read,
    scope: Scope,
    opinions: Sequence[Opinion],
    pointed: Sequence[str],
    context: Context,
) -> tuple[Act, ...]:
    acts = set(read.said.acts) - {Act.RATE, Act.SEEN, Act.RECOMMEND}
    stances = {opinion.stance for opinion in opinions}
    watched = any(item.stance == "seen" and film_ids(item) for item in read.signed)
    if Stance.SEEN in stances or ((watched or Act.SEEN in read.said.acts) and opinions):
        acts.add(Act.SEEN)
    if stances - {Stance.SEEN, Stance.UNSEEN, Stance.WANT}:
        acts.add(Act.RATE)
    pointless = read.said.acts & {Act.RATE, Act.SEEN} and not opinions
    if pointless and not (scope.wants != Wants() or acts):
        acts |= read.said.acts & {Act.RATE, Act.SEEN}
    asked = scope.wants != Wants() or scope.drop or scope.fresh
    answered = acts & {Act.HELP, Act.TASTE, Act.WHY, Act.WHY_NOT, Act.COMPARE, Act.TELL}
    plain_request = Act.RECOMMEND in read.said.acts or any(m.kind == "unusable" for m in read.marks)
    plain_request = plain_request and not answered and Act.RESET not in acts
    bare_reset = Act.RESET in acts and scope.wants == Wants()
    if (asked or plain_request) and not bare_reset:
        acts.add(Act.RECOMMEND if scope.fresh or context.wants == Wants() else Act.REFINE)
    if not acts:
        acts.add(_when_silent(read, pointed))
    return in_order(acts)


def _strong(wants: Wants) -> bool:
    """Whether there is a wish besides leftover words and themes."""
    return replace(wants, about="", themes=(), tone={}) != Wants()


def _when_silent(read: _Read, pointed: Sequence[str]) -> Act:
    """The act of a message that announces none: a film pointed at is one to hear about."""
    if read.names.films or any(is_strong(item) for item in read.signed):
        return Act.TELL
    words = read.text.strip()
    if not words:
        return Act.HELP
    if read.unknown_films:
        return Act.RECOMMEND
    off_topic = read.said.has("question") and not read.said.has("filmish")
    return Act.OFF_TOPIC if off_topic else Act.SMALLTALK


def _unusable(read: _Read) -> tuple[Unresolved, ...]:
    return tuple(
        Unresolved(read.text[m.span.start : m.span.end].strip(), m.value.reading)
        for m in read.marks
        if m.kind == "unusable" and isinstance(m.value, Match)
    )
