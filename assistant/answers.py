"""Answers to questions about films on the table and about what is kept: why, why not, compare,
tell, how many.

What is said of a film is worded by ``film_answers``; this finds the films meant and the figures.
Next in the flow: ``speech`` puts the answers among what else a turn says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.catalogue import Film
from assistant.counterfactual import LOOKED, furthest
from assistant.film_answers import Standing
from assistant.history import Profile
from assistant.moment import Moment, Said, Words
from assistant.parsing.request import Stance
from assistant.superlatives import MEASURES, foremost, tone_measure
from assistant.tellings import Telling, absence_telling, comparison_telling, why_telling

if TYPE_CHECKING:
    from assistant.ranking import Pick

_ASKS_TONE = frozenset({"genre"})
"""What the parser takes "is it funny?" to ask; a bare question about a film asks nothing else."""
_MUCH = 6.0
_SOME = 3.5
"""Points of 10 from which a film is, or partly is, as somebody asks."""
_ANY_FORM = ("most", "more", "comparatives", "words")
"""How a superlative names its tone: "funniest", "funnier", "most funny"."""
_EVEN = 0.75
"""Points of 10 below which two films are about as funny."""
_BEST_STARS = 3.5
"""Stars from which a rated film counts as liked, as in the profile."""


def why(words: Words, moment: Moment) -> list[Said]:
    """Why films are in the list, and where they stand."""
    said = []
    places = {pick.film.id: place for place, pick in enumerate(moment.earlier, start=1)}
    for film_id in _asked_about(words, moment):
        if film_id in places:
            pick, place = moment.earlier[places[film_id] - 1], places[film_id]
        else:
            pick, place = moment.judge(film_id)
        text, chart = words.explainer.why(
            pick, moment.before.wants, moment.taste, moment.request.language, place
        )
        told = _why_told(words, moment, pick, place)
        if film_id in places:
            change = _change(words, moment, film_id, place)
            text = _followed(words, moment, text, change)
            told = told and replace(told, closing=_followed(words, moment, told.closing, change))
        said.append(_told(Said(text, chart=chart, film=pick.film), told))
    return said or [words.line("ask_back_which", moment)]


def _why_told(words: Words, moment: Moment, pick: Pick, place: int) -> Telling | None:
    explainer, wants, language = words.explainer, moment.before.wants, moment.request.language
    known = explainer.facts(pick, wants, moment.taste, language)
    return why_telling(explainer.voice, explainer.answers, pick, known, wants, language, place)


def _told(said: Said, telling: Telling | None) -> Said:
    """``said``, which the phraser may say as ``telling`` has it."""
    if telling is None:
        return said
    return replace(said, plan=telling.plan, values=telling.values, closing=telling.closing)


def _followed(words: Words, moment: Moment, text: str, more: str) -> str:
    if not more:
        return text
    return words.explainer.voice.paragraph([text, more], moment.request.language)


def _change(words: Words, moment: Moment, film_id: str, place: int) -> str:
    """Where dropping a wish would move the film down, how far the worst would; else nothing."""
    worst = furthest(tuple(moment.without(film_id)), place)
    if worst is None:
        return ""
    if worst.place is None:
        return words.text("why_without_far", moment, wish=_bare(worst.wish), count=str(LOOKED))
    return words.text("why_without", moment, wish=_bare(worst.wish), rank=str(worst.place))


def _bare(wish: str) -> str:
    """A wish to be put between quotes."""
    return wish.strip("“”")


def why_not(words: Words, moment: Moment) -> list[Said]:
    """Why films are not in the list: limits, what was said of them, or their place."""
    answers, request = words.explainer.answers, moment.request
    said = []
    for film_id in _asked_about(words, moment):
        film = words.catalogue[film_id]
        broken = tuple(moment.before.wants.limits.broken_by(film))
        pick, place = moment.judge(film_id)
        shown = tuple(other.film.id for other in moment.earlier)
        last = moment.earlier[-1] if moment.earlier else None
        held = _held_back(film, moment)
        standing = Standing(pick, place, broken, held, shown, last)
        limits, voice, language = (
            moment.before.wants.limits,
            words.explainer.voice,
            request.language,
        )
        told = None if held else absence_telling(voice, film, limits, broken, language)
        said.append(_told(Said(answers.why_not(standing, language), film=film), told))
    return said or [words.line("ask_back_which", moment)]


def compare(words: Words, moment: Moment) -> list[Said]:
    """How two films differ and what they share."""
    films = [words.catalogue[i] for i in moment.request.films if i in words.catalogue]
    if len(films) < 2:
        return [words.line("ask_back_two", moment)]
    two = len(films) == 2 and "tone_most" in moment.request.asked  # told beside what else differs
    most = [] if two else _most(words, moment, films)
    if most:
        return most
    a, b, language = films[0], films[1], moment.request.language
    said = Said(words.explainer.compare(a, b, language), film=b)
    voice, answers = words.explainer.voice, words.explainer.answers
    told = comparison_telling(voice, answers, a, b, language)
    return [*_ahead(words, moment, a, b), _told(said, told)]


def _most(words: Words, moment: Moment, films: Sequence[Film]) -> list[Said]:
    """The shortest, newest or funniest of ``films``, where that was the question."""
    for asked in moment.request.asked:
        name, _, end = asked.rpartition("_")
        tone = _tone_named(words, moment, _ANY_FORM) if name == "tone" else None
        if name not in MEASURES and tone is None:
            continue
        measure = tone_measure(tone) if tone is not None else MEASURES[name]
        film = foremost(films, measure, least=end == "least")
        if film is None:
            continue
        values = {"film": words.title(film, moment)}
        if name in ("runtime", "year"):
            values["figure"] = str(film.runtime_min if name == "runtime" else film.year)
        elif tone is not None:
            lexicon = words.explainer.voice.lexicons[moment.request.language]
            dressed = words.explainer.voice.dressed({"mood": tone}, moment.request.language)
            values |= dressed if end == "least" else {"tone": lexicon.text("tones", tone, "more")}
        return [Said(words.text(f"most_{asked}", moment, **values), film=film)]
    return []


def _ahead(words: Words, moment: Moment, a: Film, b: Film) -> list[Said]:
    """Which of two films is funnier, where that was the question."""
    tone = _tone_named(words, moment, ("more", "comparatives"))
    if tone is None or not (a.tone and b.tone):
        return []
    more = words.explainer.voice.lexicons[moment.request.language].text("tones", tone, "more")
    gap = (a.tone_of(tone) or 0.0) - (b.tone_of(tone) or 0.0)
    if abs(gap) < _EVEN:
        return [words.line("compare_even", moment, tone=more.casefold())]
    film = words.title(a if gap > 0 else b, moment)
    return [words.line("compare_ahead", moment, film=film, tone=more.casefold())]


def _tone_named(words: Words, moment: Moment, forms: Sequence[str]) -> str | None:
    """The tone a question names first in one of these ``forms`` ("words": "funny", "more":
    "funnier", "most": "funniest"), if any."""
    text = moment.request.text.casefold()
    named = []
    for tone, entry in (
        words.explainer.voice.lexicons[moment.request.language].entries["tones"].items()
    ):
        for form in forms:
            said = entry.get(form, ())
            for word in (said,) if isinstance(said, str) else said:
                if _stands(word.casefold(), text):
                    named.append((text.index(word.casefold()), tone))
    return min(named)[1] if named else None


def tell(words: Words, moment: Moment) -> list[Said]:
    """What the records say about films."""
    request = moment.request
    said = []
    for film_id in _asked_about(words, moment):
        film = words.catalogue[film_id]
        text = _tone(words, moment, film) or words.explainer.tell(
            film, request.asked, request.language
        )
        said.append(Said(text, film=film))
    return said or [words.line("ask_back_which", moment)]


def _tone(words: Words, moment: Moment, film: Film) -> str:
    """The answer to "is it scary?"; empty where no tone is asked about, or none is known."""
    request = moment.request
    if not _ASKS_TONE.issuperset(request.asked) or not film.tone:
        return ""
    tone = _tone_named(words, moment, ("words",))
    if tone is None:
        return ""
    score = film.tone_of(tone) or 0.0
    name = "much" if score >= _MUCH else "some" if score >= _SOME else "little"
    mood = words.explainer.voice.dressed({"mood": tone}, request.language)["mood"]
    return words.text(f"tell_tone_{name}", moment, film=words.title(film, moment), mood=mood)


def _stands(word: str, text: str) -> bool:
    """Whether a word stands in a text by itself, where its script has spaces."""
    whole = rf"(?<![^\W_]){re.escape(word)}(?![^\W_])" if word.isascii() else re.escape(word)
    return re.search(whole, text) is not None


def count(words: Words, moment: Moment) -> Said:
    """How many films the person rated, saw, liked, saved or put away, or the catalogue holds; or
    which of those shown meet a condition."""
    what = moment.request.asked[0]
    limits = moment.request.wants.limits
    if what == "shown":
        shown = [words.catalogue[i] for i in moment.before.shown if i in words.catalogue]
        fits = [words.title(film, moment) for film in shown if limits.allow(film)]
        if not fits:
            name = "count_shown_unlisted" if limits.collections else "count_shown_none"
            return words.line(name, moment)
        return Said(words.text("count_shown", moment, films=words.joined(fits, moment)))
    ids = _kept(words, moment.taste, what)
    number = sum(limits.allow(words.catalogue[i]) for i in ids if i in words.catalogue)
    if not number:
        return words.line("count_none", moment)
    values = {"count": str(number)} if number > 1 else {}
    films = words.text("form_films" if number > 1 else "form_films_one", moment, **values)
    counted = words.text(f"count_{what}", moment, films=films)
    if not moment.changed:
        return Said(counted)
    conditions = words.joined(moment.changed, moment)
    kept = words.text("count_only", moment, conditions=conditions)
    return Said(words.explainer.voice.paragraph([counted, kept], moment.request.language))


def _kept(words: Words, taste: Profile, what: str) -> list[str]:
    if what == "known":
        return [film.id for film in words.catalogue.films]
    if what == "liked":
        return [i for i, strength in taste.likes.items() if _is_liked(taste, i, strength)]
    judged = {*taste.likes, *taste.dislikes} & taste.seen
    held = {
        "rated": {*taste.ratings, *judged},
        "seen": taste.seen,
        "saved": taste.watchlist,
        "hidden": taste.hidden,
    }[what]
    return list(held)


def _is_liked(taste: Profile, film_id: str, strength: float) -> bool:
    stars = taste.ratings.get(film_id)
    return strength >= 0.5 if stars is None else stars >= _BEST_STARS


def _held_back(film: Film, moment: Moment) -> str:
    """What keeps a film out whatever its score: a word for the prompts, empty where nothing."""
    before = moment.before
    if film.id in before.shown:
        return "listed"
    if film.id in moment.taste.hidden:
        return "hidden"
    if film.id in moment.taste.seen:
        return "seen"
    if film.id in before.wants.unlike:
        return "unlike"
    if film.id in before.wants.like + before.wants.around:
        return "seed"
    return "offered" if film.id in before.offered else ""


def _asked_about(words: Words, moment: Moment) -> tuple[str, ...]:
    """Up to three films pointed at; else the one talked about, else the first shown."""
    before = moment.before
    ids = moment.request.films or ((before.focus,) if before.focus else before.shown[:1])
    return tuple(i for i in ids if i in words.catalogue)[:3]


def stance_of(moment: Moment, film_id: str) -> tuple[Stance | None, float | None]:
    """What was just said of a film: a stance, and stars where a number was given."""
    for opinion in moment.request.opinions:
        if opinion.film == film_id:
            return opinion.stance, opinion.stars
    return None, None
