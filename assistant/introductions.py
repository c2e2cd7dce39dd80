"""What is said before a list: how the request was taken, what changed, a guess, a question back.

Knows nothing of how the films were found. Next in the flow: ``speech`` puts it among what else a
turn says.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.answers import tell
from assistant.catalogue import Film
from assistant.moment import Moment, Said, Words
from assistant.parsing.request import Act, Wants
from assistant.wording import fill

_TOLD_CHANGES = 3
"""Changes named in a sentence; the chips show them all."""
_MANY_READINGS = 4
"""A name as common as this is not worth asking about: the best known is meant."""
_OPEN_END = 9999
_DECADE = 10
_OPEN = ("opening", "open_intro")
_NAMED = tuple(
    frozenset(some.split("+"))
    for some in ("mood+genre", "genre+decade", "director", "actor", "genre", "mood", "decade")
)
"""What an introduction can say together, richest first."""
_QUOTES = " 《》〈〉\"'“”‘’「」"


def listed(words: Words, moment: Moment) -> list[Said]:
    """Everything that goes with a list, or with none."""
    if not moment.picks:
        return [_nothing_left(words, moment)]
    guess = words.catalogue.get(moment.after.guesses[0]) if moment.after.guesses else None
    if guess is not None:
        said = [_proposed("guess_clear", guess, words, moment)]
        said += [words.line("guess_others", moment)] if len(moment.picks) > 1 else []
    else:
        said = [_introduction(words, moment)]
    wanted = moment.after.wants.count
    if wanted is not None and len(moment.picks) < wanted:
        said.append(words.line("fewer_than_asked", moment))
    return [*said, *_asked_back(words, moment)]


def guessed(words: Words, moment: Moment) -> Said:
    """The likeliest film of a description, the next one after a no, or that there is none."""
    denied = Act.DENY in moment.request.acts
    guesses = moment.after.guesses
    if not guesses:
        return words.line("guess_none" if denied else "guess_nothing", moment)
    name = "guess_next" if denied else "guess"
    return _proposed(name, words.catalogue[guesses[0]], words, moment)


def confirmed(words: Words, moment: Moment) -> list[Said]:
    """The film that was meant, told about, and what one may want of it next."""
    film = words.catalogue[moment.request.films[0]]
    title = words.title(film, moment)
    names = ("choice_more_like", "choice_seen", "choice_save")
    choices = tuple(words.text(name, moment, film=title) for name in names)
    return [Said(words.text("guess_right", moment), choices=choices), *tell(words, moment)]


def taken_as(words: Words, moment: Moment) -> Said:
    """Which film an ambiguous or misspelt name was taken for, others as buttons."""
    request = moment.request
    asked = request.wants
    used = {*asked.like, *asked.unlike, *asked.around, *request.films}
    used |= {opinion.film for opinion in request.opinions}
    for mention in request.mentions:
        others = [words.catalogue[i] for i in mention.others if i in words.catalogue]
        named = request.text[mention.start : mention.end].strip(_QUOTES)
        film = words.catalogue[mention.film]
        whole = mention.exact and named.casefold() == film.title_in(request.language).casefold()
        if whole:  # Who gives a whole title means no other film of the series.
            others = [o for o in others if o.title.casefold() == film.title.casefold()]
        unclear = 0 < len(others) <= _MANY_READINGS or not mention.exact
        told = mention.exact and str(film.year) in named
        if film.id not in used or not unclear or told:
            continue
        meant = [_labelled(other, words, moment) for other in others[:3]]
        choices = tuple(words.text("choice_meant", moment, film=label) for label in meant)
        if whole:
            year, title = str(film.year), words.title(film, moment)
            return Said(words.text("taken_year", moment, film=title, year=year), choices)
        taken = _labelled(film, words, moment)
        return Said(words.text("disambiguation", moment, words=named, film=taken), choices)
    return Said("")


def _proposed(name: str, film: Film, words: Words, moment: Moment) -> Said:
    choices = (words.text("choice_yes", moment), words.text("choice_no", moment))
    return Said(words.text(name, moment, film=_labelled(film, words, moment)), choices, film=film)


def _labelled(film: Film, words: Words, moment: Moment) -> str:
    """Title and year: two films may share a title."""
    title, year = words.title(film, moment), str(film.year)
    return words.text("form_film_year", moment, film=title, year=year)


def _introduction(words: Words, moment: Moment) -> Said:
    wants, language = moment.after.wants, moment.request.language
    if Act.MORE in moment.request.acts:
        return words.drafted("more", {}, "more_intro", moment)
    if Act.REFINE in moment.request.acts and moment.before.shown and moment.changed:
        said = {"change": words.joined(moment.changed[:_TOLD_CHANGES], moment)}
        return words.drafted("refined", said, "refined_intro", moment, **said)
    if len(moment.picks) == 1:
        return words.drafted("single", {}, "list_intro_one", moment)
    seed = words.catalogue.get(wants.like[-1]) if wants.like else None
    voice = words.explainer.voice
    if seed is not None:
        said = {"seed": words.title(seed, moment)}
        tones = [f"{tone}{'+' if shift > 0 else '-'}" for tone, shift in wants.tone.items()]
        more = {"tone": voice.tones(tones, language)} if len(tones) == 1 else {}
        return words.drafted("introduction", said | more, "list_intro_seed", moment, **said)
    if wants == Wants(count=wants.count):
        purpose, name = ("taste", "list_intro_taste") if moment.taste.likes else _OPEN
        return words.drafted(purpose, {}, name, moment)
    if wants.limits.collections and moment.changed:
        conditions = words.joined(moment.changed[:_TOLD_CHANGES], moment)
        return words.line("list_intro_conditions", moment, conditions=conditions)
    said = voice.dressed(_asked(wants), language)
    if not said and wants.themes:
        said = {"theme1": voice.lexicons[language].name("themes", wants.themes[0])}
    return words.drafted("introduction", said, "list_intro", moment)


def _asked(wants: Wants) -> dict[str, str]:
    """What of a request its introduction names: the conditions all films meet, or else a mood."""
    limits = wants.limits
    named: dict[str, str] = {}
    for name, groups in (
        ("genre", limits.genres),
        ("director", limits.directed_by),
        ("actor", limits.starring),
    ):
        if len(groups) == 1 and len(groups[0]) == 1:
            named |= dict.fromkeys([name], *groups[0])
    moods = [tone for tone, shift in wants.tone.items() if shift > 0]
    if len(moods) == 1 and len(wants.tone) == 1:
        named["mood"] = moods[0]
    if len(limits.years) == 1:
        low, high = limits.years[0]
        if low % _DECADE == 0 and high == low + _DECADE - 1:
            named["decade"] = str(low)
    return next(
        ({name: named[name] for name in some} for some in _NAMED if some <= named.keys()), {}
    )


def _asked_back(words: Words, moment: Moment) -> list[Said]:
    question = moment.question
    if question is None:
        return []
    choices = tuple(_answer(question.about, key, words, moment) for key in question.answers)
    name = f"ask_{question.about}"
    return [replace(words.drafted(name, {}, name, moment), choices=choices)]


def _answer(about: str, key: str, words: Words, moment: Moment) -> str:
    """An answer as the person would type it."""
    voice, language = words.explainer.voice, moment.request.language
    if about in ("mood", "genre"):
        # ``fill`` mends "a" and "an"; answers begin as they would be typed.
        plain = words.prompts.lines(f"answer_{about}", language)[0]
        answer = fill(plain, voice.dressed({about: key}, language))
        return plain[:1] + answer[1:] if plain[:1] != "{" else answer
    if about == "origin":
        return words.text(f"answer_{key}", moment)
    low, high = (int(end) for end in key.split("-"))
    if high >= _OPEN_END:
        return words.text(f"answer_{about}_from", moment, low=str(low))
    if low <= 0:
        return words.text(f"answer_{about}_to", moment, high=str(high))
    return words.text(f"answer_{about}_between", moment, low=str(low), high=str(high))


def _nothing_left(words: Words, moment: Moment) -> Said:
    if not moment.emptied:
        return words.line("nothing_more" if moment.before.shown else "nothing_at_all", moment)
    names = [words.joined(labels, moment) for labels in moment.emptied]
    name = "nothing_left" if len(moment.emptied[0]) == 1 else "nothing_left_two"
    singles = dict.fromkeys(label for labels in moment.emptied for label in labels)
    return Said(
        words.text(name, moment, limit=names[0]),
        choices=tuple(words.text("drop_choice", moment, limit=n) for n in [*singles][:2]),
    )
