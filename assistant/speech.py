"""What a turn says: acknowledgements, answers, introductions to a list, a question back.

Walks the request's acts in order and says one thing for each; the list itself was made before.
What goes with a list comes from ``introductions``, answers from ``answers``; the phraser then
writes what it may. Knows nothing of storage or of how films were scored. Next in the flow:
``chat`` puts the reply together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace

from assistant.answers import compare, count, stance_of, tell, why, why_not
from assistant.catalogue import Catalogue, Film
from assistant.conversation import LISTING
from assistant.explanation import Explainer
from assistant.history import taste_summary
from assistant.introductions import confirmed, guessed, listed, taken_as
from assistant.moment import Moment, Said, Words
from assistant.parsing.request import Act, Opinion, Stance
from assistant.prompts import Prompts
from assistant.wording import LANGUAGES, fill, unfill

__all__ = ["Moment", "Said", "Speech"]

_ANSWERS: Mapping[Act, Callable[[Words, Moment], list[Said]]] = {
    Act.WHY: why,
    Act.WHY_NOT: why_not,
    Act.COMPARE: compare,
    Act.TELL: tell,
    Act.CONFIRM: confirmed,
    Act.COUNT: lambda words, moment: [count(words, moment)],
    Act.GUESS: lambda words, moment: [guessed(words, moment)],
    Act.DENY: lambda words, moment: [guessed(words, moment)],
}
_UNRESOLVED: Mapping[str, str] = {
    "film": "unknown_film",
    "person": "unknown_person",
    "reference": "unknown_reference",
    "award": "unknown_award",
    "service": "unknown_service",
    "music": "unknown_music",
    "words": "unknown_words",
}
_PURPOSES: Mapping[str, str] = {
    "acknowledged_loved": "loved",
    "acknowledged_liked": "liked",
    "acknowledged_fine": "fine",
    "acknowledged_disliked": "disliked",
    "acknowledged_seen": "seen",
    "acknowledged_watchlist": "saved",
    "acknowledged_hidden": "hidden",
    "acknowledged_rated": "rated",
}
"""What the phraser may say to an opinion instead of a prompt."""
_BEYOND = frozenset({"award", "service", "music"})
"""Kinds of what no record holds."""
_TOPICS = frozenset({"privacy", "which_language", "how_it_works"})
"""What a call for help can be about; anything else is told in general."""
_LONGEST_QUOTE = 60
_TOLD_UNRESOLVED = 2
_REACTIONS = frozenset({Act.SEEN, Act.RATE, Act.HIDE, Act.WATCHLIST})


class Speech:
    """Sentences for every act, in every language there are prompts for."""

    def __init__(self, explainer: Explainer, prompts: Prompts, catalogue: Catalogue) -> None:
        self._words = Words(explainer, prompts, catalogue)

    def say(self, moment: Moment) -> tuple[Said, ...]:
        """What this turn says, one thing after the other, in template wording; acts in order, then
        what was not understood."""
        parts = [taken_as(self._words, moment), *self._unresolved(moment, ("film",))]
        listed_once = False
        for act in dict.fromkeys(moment.request.acts):
            if act in LISTING:
                parts += [] if listed_once else listed(self._words, moment)
                listed_once = True
            else:
                parts += self._for_act(act, moment)
        parts += [self._replaced(moment)] if not listed_once else []
        parts += self._unresolved(moment, [kind for kind in _UNRESOLVED if kind != "film"])
        if moment.cut:
            parts.append(self._words.line("too_long", moment))
        return tuple(part for part in parts if part != Said(""))

    def whole(self, parts: Sequence[Said], language: str) -> Said:
        """The parts as one."""
        texts = [part.text for part in parts if part.text]
        paragraph = self._words.explainer.voice.paragraph
        models = any(part.wording == "model" for part in parts)
        return Said(
            text=_stopped(paragraph(texts, language)) if texts else "",
            choices=tuple(dict.fromkeys(c for part in parts for c in part.choices)),
            chart=next((part.chart for part in parts if part.chart), ()),
            film=next((part.film for part in parts if part.film is not None), None),
            wording="model" if models else "template",
        )

    def written(
        self, parts: Sequence[Said], language: str, seed: int, heard: Sequence[str] = ()
    ) -> tuple[Said, ...]:
        """The parts as the phraser says them, in one batch; those it fails at stay as they are.

        Where it can be helped, none sounds like a text in ``heard``.
        """
        phraser = self._words.explainer.phraser
        plans = [part.plan for part in parts if part.plan is not None]
        if phraser is None or not plans or language not in LANGUAGES:
            return tuple(parts)
        known = {name: value for part in parts for name, value in part.values.items()}
        lately = [unfill(text, known) for text in heard]
        texts = iter(phraser.write(plans, seed, lately).texts)
        return tuple(
            self._worded(part, next(texts), language) if part.plan else part for part in parts
        )

    def _worded(self, part: Said, text: str | None, language: str) -> Said:
        """A part in the phraser's words, where it found any."""
        if text is None:
            return part
        said = [fill(text, part.values), *([part.closing] if part.closing else [])]
        whole = self._words.explainer.voice.paragraph(said, language)
        return replace(part, text=whole, wording="model")

    def button(self, action: str, film_id: str | None, value: object, language: str) -> str:
        """What the person would have typed instead of pressing a button."""
        values: dict[str, str] = {}
        film = self._words.catalogue.get(film_id) if film_id else None
        if film is not None and action not in ("drop", "undo"):
            values["film"] = film.title_in(language)
        if action == "rate":
            values["stars"] = f"{value:g}" if isinstance(value, float) else str(value)
        if action == "drop":
            values["what"] = str(value)
        return self._words.prompts.render(f"button_{action}", language, values)

    def _for_act(self, act: Act, moment: Moment) -> list[Said]:
        request = moment.request
        if act in (Act.RATE, Act.SEEN, Act.WATCHLIST, Act.HIDE):
            return self._acknowledged(act, moment)
        if act is Act.TELL and not request.asked and _BEYOND & {u.kind for u in request.unresolved}:
            return []  # "is it on Netflix?": that this is unknown is said already
        if act in _ANSWERS:
            return _ANSWERS[act](self._words, moment)
        if act is Act.UNDO:
            return [self._undone(moment)]
        if act is Act.RESET:
            # What follows in the same message answers "what are you in the mood for?".
            more = LISTING | {Act.GUESS}
            return [] if more & set(request.acts) else [self._words.line("reset_done", moment)]
        if act is Act.TASTE:
            taste = taste_summary(moment.taste, self._words.catalogue)
            return [Said(self._words.explainer.taste_text(taste, request.language))]
        if act is Act.HELP:
            topic = next((a for a in request.asked if a in _TOPICS), "help")
            return [self._words.line(topic if request.text.strip() else "empty_message", moment)]
        if act is Act.SMALLTALK:
            known = self._words.prompts.names()
            kind = next((a for a in request.asked if f"smalltalk_{a}" in known), "hello")
            return [self._words.line(f"smalltalk_{kind}", moment)]
        return [self._words.line("off_topic", moment)]

    # Opinions

    def _acknowledged(self, act: Act, moment: Moment) -> list[Said]:
        request, words = moment.request, self._words
        if act is Act.SEEN and Act.RATE in request.acts:
            return []
        if act is Act.HIDE and {Act.SEEN, Act.RATE} & set(request.acts):
            return []
        told = [o.film for o in request.opinions if _act_of(o) is act]
        ids = told or ([] if act is Act.RATE else list(request.films))
        films = [film for i in ids if (film := words.catalogue.get(i)) is not None]
        alike: dict[tuple[str, float | None], list[Film]] = {}
        for film in films:
            stance, stars = stance_of(moment, film.id)
            alike.setdefault((_acknowledgement(act, stance, stars), stars), []).append(film)
        said = []
        for (name, stars), some in alike.items():
            values = {"film": words.titles(some, moment)}
            if name == "acknowledged_rated":
                values["stars"] = f"{stars:g}/5"
            purpose = _PURPOSES.get(name)
            if purpose and len(some) == 1:  # Its texts speak of one film.
                said.append(words.drafted(purpose, values, name, moment, **values))
            else:
                said.append(words.line(name, moment, **values))
        return said

    def _replaced(self, moment: Moment) -> Said:
        """Films that fill the places of those that went."""
        if not _REACTIONS & set(moment.request.acts):
            return Said("")
        new = [pick.film for pick in moment.picks if pick.film.id not in moment.before.shown]
        films = self._words.titles(new, moment)
        return self._words.line("replaced", moment, film=films) if new else Said("")

    def _undone(self, moment: Moment) -> Said:
        film = self._words.catalogue.get(moment.undone) if moment.undone else None
        if film is not None:
            return self._words.line("undone", moment, what=self._words.title(film, moment))
        return self._words.line("went_back" if moment.picks else "undone_nothing", moment)

    def _unresolved(self, moment: Moment, kinds: Container[str]) -> list[Said]:
        return [
            self._words.line(_UNRESOLVED[u.kind], moment, words=u.text[:_LONGEST_QUOTE])
            for u in moment.request.unresolved[:_TOLD_UNRESOLVED]
            if u.kind in kinds
        ]


def _stopped(text: str) -> str:
    """A sentence that ends in a title with a full stop of its own needs no second one."""
    return re.sub(r"(?<![.])\.\.(?![.])|(?<=[!?])\.", lambda m: "." if m[0] == ".." else "", text)


def _act_of(opinion: Opinion) -> Act:
    if opinion.stance is Stance.WANT:
        return Act.WATCHLIST
    if opinion.stars is None and opinion.stance in (Stance.SEEN, Stance.UNSEEN):
        return Act.SEEN
    return Act.RATE


def _acknowledgement(act: Act, stance: Stance | None, stars: float | None) -> str:
    """Name of the sentence that answers an opinion."""
    if act is Act.HIDE:
        return "acknowledged_hidden"
    if act is Act.WATCHLIST:
        return "acknowledged_watchlist"
    if stars is not None:
        return "acknowledged_rated"
    return {
        Stance.LOVED: "acknowledged_loved",
        Stance.LIKED: "acknowledged_liked",
        Stance.FINE: "acknowledged_fine",
        Stance.DISLIKED: "acknowledged_disliked",
        Stance.HATED: "acknowledged_disliked",
        Stance.UNSEEN: "acknowledged_unseen",
    }.get(stance or Stance.SEEN, "acknowledged_seen")
