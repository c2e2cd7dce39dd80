"""From a message to a ``Request``: the one path every message takes.

Names first, then marks, their signs, acts, and what they add up to. A message is a new request
where it asks for something by itself ("I want a French comedy", "recommend something like Heat")
and a refinement where it only bends the running one ("funnier", "with Tom Hanks", "more like the
first"). Keeps no state. Next in the flow: ``chat`` folds the request into the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from assistant.catalogue import Catalogue
from assistant.lexicon import Lexicon
from assistant.parsing.acts import ANSWERS, POINTING
from assistant.parsing.composing import acts_of, is_off_topic, is_strong_wish, unusable
from assistant.parsing.corrections import corrected, dropped_label, dropping, forms_of
from assistant.parsing.fuzzy import Fuzzy
from assistant.parsing.grammar import Topic
from assistant.parsing.heads import Heads
from assistant.parsing.makers import SAME, THAT, with_makers
from assistant.parsing.marks import Mark
from assistant.parsing.message import (
    Span,
)
from assistant.parsing.opinions import read_opinions
from assistant.parsing.patterns import Match
from assistant.parsing.pointing import (
    is_strong,
    pointed_films,
    unresolved_references,
)
from assistant.parsing.reading import Read, Reader
from assistant.parsing.remainder import Remainder, remainder
from assistant.parsing.replies import answered
from assistant.parsing.request import (
    Act,
    Context,
    Request,
    Unresolved,
    Wants,
)
from assistant.parsing.scope import Scope, scope_of
from assistant.parsing.signs import JUDGING, Signed
from assistant.parsing.spans import has_cjk, keys_of
from assistant.parsing.style import StyleWords
from assistant.parsing.tongues import Tongues
from assistant.parsing.unknowns import ruled_out
from assistant.parsing.wishes import conditions, film_ids, seeds
from assistant.parsing.years import EARLIEST, LATEST, Years

_REACTIONS = frozenset({Act.UNDO, Act.SEEN, Act.RATE, Act.HIDE, Act.WATCHLIST})
_NAMES = re.compile(r"[¤§]+")
"""Names of films and people, as the reader masks them."""
_COPULA = re.compile(r"\s*(?:is|was|are|were|'s)\s+(?:\w+\s+){0,3}|(?:很|太|真|挺|有点|是)*")
_DESCRIPTION = 9
"""Words of a question that describes a film rather than asks about one."""
_TOLD_WORDS = 7
"""Words of a sentence that may be a remark although it names a theme."""
_VERDICT_TAIL = 14
"""Characters after a verb that may hold its object."""

_YEAR_BEFORE = re.compile(r"(?:\bthe )?\b(\d{4}) (?:film |movie )?$", re.IGNORECASE)


class Parser:
    """Understands messages; a value once made, safe to share by threads."""

    def __init__(
        self,
        catalogue: Catalogue,
        lexicons: Mapping[str, Lexicon],
        data: Path,
        heads: Heads | None = None,
    ) -> None:
        """Without ``heads`` the grammar alone decides. Raises ``DataError`` where a grammar file
        in ``data`` is missing or wrong."""
        self._heads = heads
        self._catalogue = catalogue
        self._style = StyleWords(data / "languages")
        self._tongues = Tongues(data / "languages", lexicons)
        self._read = Reader(catalogue, lexicons, data, self._tongues)

    def parse(self, text: str, context: Context) -> Request:
        """The message understood against ``context``; any text at all has an answer."""
        language = self._tongues.of(text, context.language)
        taken_back = self._taken_back(text, language, context)
        if taken_back is not None:
            return taken_back
        read = _as_search(self._read(text, language, context), context)
        asking = read.said.questions(read.sentences)
        wishing = _wishing(read, asking)
        pointed = pointed_films(read.said, read.signed, read.sentences, context, self._catalogue)
        announced = bool(read.said.acts & {Act.HIDE, Act.WATCHLIST})
        strong = [item.mark.span for item in read.signed if is_strong(item)]
        pointing = [s for s in read.sentences if any(map(s.overlaps, strong))]
        answers = answered(read.text, read.grammars, context, announced, pointing)
        opinions = read_opinions(wishing, _verdicts(read), read.said.has("seen"), pointed, answers)
        shut = tuple(ruled_out(read.text, read.marks, read.grammars))
        closed = [*asking, *(span for span, _ in shut)]
        left = _left(read, closed)
        fuzzy = Fuzzy(read, self._heads, language, needed=_is_fuzzy(read, left, shut))
        if fuzzy.remarks:
            left = _left(read, [*closed, *fuzzy.remarks])
            wishing = tuple(item for item in wishing if not _within(item, fuzzy.chatter))
        wants = fuzzy.with_occasion(_wants(read, wishing, left, context))
        plain = self._compared(wants, read, wants.like)
        wants = with_makers(plain, read, context, self._catalogue)
        scope = scope_of(read.text, read.said, wishing, wants, context, read.grammars)
        if not scope.fresh and not scope.wants.like:
            scope = replace(scope, wants=self._compared(scope.wants, read, context.shown))
        same = read.said.has(*SAME, *THAT)
        if same and wants != plain and not plain.limits.set_names():  # "what else did he direct?"
            scope = Scope(wants, fresh=True)
        if read.said.has("meant") and not opinions:
            scope = self._mended(scope, read, wants, context)
        guessed = fuzzy.act(context)
        if guessed is None and any(words is not None for _, words in shut):
            guessed = Act.RECOMMEND if context.wants == Wants() else Act.REFINE
        acts = acts_of(read, scope, opinions, pointed, context, guessed)
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
            asked=read.said.details(_IN_KINDS.intersection(acts)) or fuzzy.details(acts, context),
            unresolved=(
                *read.unknown_films,
                *unusable(read),
                *unresolved_references(read.text, read.signed, acts, pointed),
                *(words for _, words in shut if words is not None),
                *(Unresolved(words, "words") for words in left.not_understood),
            ),
        )

    def _taken_back(self, text: str, language: str, context: Context) -> Request | None:
        """What "Drop: LABEL" forgets of the running wants, or that it names none of them; None
        where the message is something else."""
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
        if label is None:
            return None
        act = Act.HELP if context.wants == Wants() else Act.REFINE
        return Request(text, language, (act,), unresolved=(Unresolved(label, "words"),))

    def _mended(self, scope: Scope, read: Read, wants: Wants, context: Context) -> Scope:
        swapped = corrected(read.text, wants, read.names.films, context, self._catalogue)
        return scope if swapped is None else Scope(swapped, drop=frozenset({"like", "around"}))

    def _compared(self, wants: Wants, read: Read, films: Sequence[str]) -> Wants:
        """ "Like The Matrix but older" asks for films from before it, not for old ones; "something
        older", said of the films shown, for what is older than half of them."""
        sides = [m.value.compared for m in read.marks if isinstance(m.value, Years)]
        years = [self._catalogue[film].year for film in films if film in self._catalogue]
        if not years or wants.limits.years or not any(sides):
            return wants
        if not wants.like:
            years = [int(median(years))]
        span = (EARLIEST, min(years) - 1) if "older" in sides else (max(years) + 1, LATEST)
        limits = replace(wants.limits, years=(span,))
        return replace(wants, limits=limits, prefer=wants.prefer.without(frozenset({"years"})))

    def _in_style(self, wants: Wants, text: str) -> Wants:
        seeds = wants.like or wants.around
        return replace(wants, style=True) if seeds and self._style.in_text(text) else wants


_IN_KINDS = frozenset({Act.TELL, Act.HELP, Act.SMALLTALK, Act.COMPARE})
"""Acts whose details are told to whoever answers."""


def _is_fuzzy(read: Read, left: Remainder, shut: Collection[object]) -> bool:
    """Whether the grammar leaves something open: no act and no mark, words in a sentence that does
    not plainly ask, or a long one that names a theme or a mood in passing."""
    asks = read.said.has("recommend", "more", "topic")
    if left.about:
        return len(read.sentences) > 1 or not asks
    if read.said.acts or shut:
        return False
    told = len(read.text.split()) >= _TOLD_WORDS and not any(_is_cue(m) for m in read.marks)
    return not read.signed or (told and all(map(_is_gentle, read.signed)))


def _as_search(read: Read, context: Context) -> Read:
    """ "What's that film where …" asks for a film, not about one on the table.

    So does any question that describes something while no film is on the table.
    """
    asked = ANSWERS & POINTING
    if not (read.said.acts & asked) or any(map(is_strong, read.signed)):
        return read
    bare = not context.shown and context.focus is None
    described = any(m.kind in ("person", "years", "runtime", "topic") for m in read.marks)
    lengthy = len(read.text.split()) >= _DESCRIPTION
    unnamed = bare and not read.names.films
    if read.said.has("seeking") or (unnamed and (described or lengthy)):
        return replace(read, said=read.said.without(asked))
    return read


def _within(item: Signed, spans: Sequence[Span]) -> bool:
    return any(item.mark.span.overlaps(span) for span in spans)


def _wishing(read: Read, asking: Sequence[Span]) -> tuple[Signed, ...]:
    """What may be a wish: nothing in a question, no mood in a verdict ("it was so funny")."""
    wishing = []
    before: Signed | None = None
    for item in read.signed:
        if not _within(item, asking) and not _is_verdict(read, before, item):
            wishing.append(item)
        before = item
    return tuple(wishing)


def _is_verdict(read: Read, before: Signed | None, item: Signed) -> bool:
    """Whether a mood word is said of a film ("it was funny"); "too sad" is a wish all the same."""
    if before is None or before.mark.kind not in ("film", "reference"):
        return False
    gap = read.text[before.mark.span.end : item.mark.span.start]
    tonal = isinstance(item.mark.value, Topic) and item.mark.value.tone
    return bool(tonal and item.modifier != "complaint" and _COPULA.fullmatch(gap))


def _judges(read: Read, sentence: Span) -> bool:
    """Whether a sentence tells what somebody made of a film: its other words are no wish."""
    judged = any(
        item.stance in JUDGING and film_ids(item) and item.mark.span.overlaps(sentence)
        for item in read.signed
    )
    if read.said.sentences_of((Act.SMALLTALK,), (sentence,)):  # "thanks, a film where …"
        judged = judged or not any(
            m.reading == "filmish" and m.span.overlaps(sentence) for m in read.said.matches
        )
    return judged or bool(read.said.sentences_of(_REACTIONS, (sentence,)))


def _asks(read: Read, sentence: Span) -> bool:
    asking = ("recommend", "more", "topic")
    return any(m.reading in asking and m.span.overlaps(sentence) for m in read.said.matches)


def _verdicts(read: Read) -> list[str]:
    """Verdicts that name no film, with the words just after them ("loved" + " it")."""
    return [
        read.text[m.span.start : m.span.end + _VERDICT_TAIL]
        for m in read.said.matches
        if m.reading == "rate"
    ]


def _left(read: Read, closed: Sequence[Span]) -> Remainder:
    """The words nothing claimed, outside ``closed``: questions, subjects ruled out, remarks."""
    hard = [*read.said.spans, *closed, *read.unknown_spans]
    hard += [mark.span for mark in read.marks if _is_cue(mark)]
    hard += [span for span in read.said.chat_spans if not _asks(read, span)]
    hard += [Span(*m.span()) for g in read.grammars for m in g.idioms.finditer(read.text)]
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


def _wants(read: Read, wishing: Sequence[Signed], left: Remainder, context: Context) -> Wants:
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
    if is_off_topic(read, wants) and not is_strong_wish(replace(wants, like=like, unlike=unlike)):
        return Wants()
    idle = read.said.acts & {Act.HELP, Act.TASTE} or _takes_leave(read)
    about = "" if idle else left.about
    said = "" if idle else _said(read, about, wishing)
    return replace(wants, about=about, said=said, like=like, unlike=unlike, around=around)


def _said(read: Read, about: str, wishing: Sequence[Signed]) -> str:
    """The sentences with words of ``about`` or wished themes and moods in them, names masked out;
    ``about`` itself where there are none or the encoder could not read them."""
    words = set(keys_of(about))
    topics = [item.mark.span for item in wishing if _is_gentle(item)]
    telling = [
        sentence
        for sentence in read.sentences
        if any(span.overlaps(sentence) for span in topics)
        or not words.isdisjoint(keys_of(read.text[sentence.start : sentence.end]))
    ]
    told = ". ".join(read.text[span.start : span.end].strip() for span in telling)
    return about if has_cjk(told) or not told else _NAMES.sub(" ", told)


def _takes_leave(read: Read) -> bool:
    """Whether somebody thanks or says goodbye and asks for nothing: the rest is a remark."""
    leaving = read.said.has("smalltalk_thanks", "smalltalk_bye")
    return leaving and not read.said.has("recommend", "more", "topic", "filmish")


def _as_seed(item: Signed) -> Signed:
    """ "The first one, but funnier" means one like it."""
    bare = is_strong(item) and item.stance is None
    return replace(item, stance="unlike" if item.negative else "like") if bare else item
