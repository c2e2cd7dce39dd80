"""What is said before a list: how the request was taken, what changed, a guess, a question back.

Knows nothing of how the films were found. Next in the flow: ``speech`` puts it among what else a
turn says.
"""

from __future__ import annotations

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
    wants = moment.after.wants
    if Act.MORE in moment.request.acts:
        return words.line("more_intro", moment)
    if Act.REFINE in moment.request.acts and moment.before.shown and moment.changed:
        change = words.joined(moment.changed[:_TOLD_CHANGES], moment)
        return words.line("refined_intro", moment, change=change)
    if len(moment.picks) == 1:
        return words.line("list_intro_one", moment)
    seed = words.catalogue.get(wants.like[-1]) if wants.like else None
    if seed is not None:
        return words.line("list_intro_seed", moment, seed=words.title(seed, moment))
    if wants == Wants(count=wants.count):
        return words.line("list_intro_taste" if moment.taste.likes else "open_intro", moment)
    return words.line("list_intro", moment)


def _asked_back(words: Words, moment: Moment) -> list[Said]:
    question = moment.question
    if question is None:
        return []
    choices = tuple(_answer(question.about, key, words, moment) for key in question.answers)
    return [Said(words.text(f"ask_{question.about}", moment), choices=choices)]


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
