"""What a turn says: acknowledgements, answers, introductions to a list, a question back.

Walks the request's acts in order and says one thing for each; the list itself was made before,
and what is said of single films comes from ``film_answers``. Knows nothing of storage or of how
films were scored. Next in the flow: ``chat`` puts the reply together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.catalogue import Catalogue, Film
from assistant.conversation import LISTING, Conversation
from assistant.explanation import Explainer
from assistant.facts import show_title
from assistant.history import Profile, taste_summary
from assistant.parsing.request import Act, Opinion, Request, Stance, Wants
from assistant.prompts import Prompts
from assistant.ranking import Pick

Judge = Callable[[str], tuple[Pick, int]]
"""A film's pick and its place from 1 among all that fit, by film id."""

_UNRESOLVED: Mapping[str, str] = {
    "film": "unknown_film",
    "person": "unknown_person",
    "reference": "unknown_reference",
    "award": "unknown_award",
    "service": "unknown_service",
    "music": "unknown_music",
    "words": "unknown_words",
}
_LONGEST_QUOTE = 60
_TOLD_CHANGES = 3
"""Changes named in a sentence; the chips show them all."""
_MANY_READINGS = 4
"""A name as common as this is not worth asking about: the best known is meant."""


@dataclass(frozen=True)
class Said:
    """The words of a turn and what goes with them."""

    text: str
    choices: tuple[str, ...] = ()
    chart: tuple[tuple[str, float], ...] = ()
    film: Film | None = None


@dataclass(frozen=True)
class Moment:
    """All a turn may speak of."""

    request: Request
    before: Conversation
    after: Conversation
    picks: tuple[Pick, ...]
    """This turn's list."""
    earlier: tuple[Pick, ...]
    """The list on screen before this turn."""
    undone: str | None
    """Id of the film whose opinion an undo took back."""
    taste: Profile
    judge: Judge
    emptied: tuple[str, ...] = ()
    """For an empty list: conditions that would free films if dropped, most freeing first."""
    changed: tuple[str, ...] = ()
    """Labels of what this message asked for."""
    cut: bool = False
    """Whether the message was too long to be read whole."""


class Speech:
    """Sentences for every act, in every language there are prompts for."""

    def __init__(self, explainer: Explainer, prompts: Prompts, catalogue: Catalogue) -> None:
        self._explainer = explainer
        self._prompts = prompts
        self._catalogue = catalogue

    def say(self, moment: Moment) -> Said:
        """The whole of what this turn says; acts in order, then what was not understood."""
        parts: list[Said] = []
        listed = False
        for act in dict.fromkeys(moment.request.acts):
            if act in LISTING:
                parts += [] if listed else self._list(moment)
                listed = True
            else:
                parts += self._for_act(act, moment)
        parts += self._unresolved(moment)
        if moment.cut:
            parts.append(self._line("too_long", moment))
        texts = [part.text for part in parts if part.text]
        return Said(
            text=self._explainer.voice.paragraph(texts, moment.request.language) if texts else "",
            choices=tuple(dict.fromkeys(c for part in parts for c in part.choices)),
            chart=next((part.chart for part in parts if part.chart), ()),
            film=next((part.film for part in parts if part.film is not None), None),
        )

    def button(self, action: str, film_id: str | None, value: object, language: str) -> str:
        """What the person would have typed instead of pressing a button."""
        values: dict[str, str] = {}
        film = self._catalogue.get(film_id) if film_id else None
        if film is not None and action not in ("drop", "undo"):
            values["film"] = film.title_in(language)
        if action == "rate":
            values["stars"] = f"{value:g}" if isinstance(value, float) else str(value)
        if action == "drop":
            values["what"] = str(value)
        return self._prompts.render(f"button_{action}", language, values)

    def _for_act(self, act: Act, moment: Moment) -> list[Said]:
        request = moment.request
        if act in (Act.RATE, Act.SEEN, Act.WATCHLIST, Act.HIDE):
            return self._acknowledged(act, moment)
        if act is Act.WHY:
            return self._why(moment)
        if act is Act.WHY_NOT:
            return self._why_not(moment)
        if act is Act.COMPARE:
            return self._compare(moment)
        if act is Act.TELL:
            return self._tell(moment)
        if act is Act.UNDO:
            return [self._undone(moment)]
        if act is Act.RESET:
            # What follows in the same message answers "what are you in the mood for?".
            return [] if LISTING & set(request.acts) else [self._line("reset_done", moment)]
        if act is Act.TASTE:
            taste = taste_summary(moment.taste, self._catalogue)
            return [Said(self._explainer.taste_text(taste, request.language))]
        if act is Act.HELP:
            topic = next((a for a in request.asked if a in ("privacy", "how_it_works")), "help")
            return [self._line(topic if request.text.strip() else "empty_message", moment)]
        if act is Act.SMALLTALK:
            kind = next((a for a in request.asked if a in ("thanks", "bye")), "hello")
            return [self._line(f"smalltalk_{kind}", moment)]
        return [self._line("off_topic", moment)]

    # Lists

    def _list(self, moment: Moment) -> list[Said]:
        if not moment.picks:
            return [self._nothing_left(moment)]
        said = [self._taken_as(moment), self._introduction(moment)]
        wanted = moment.after.wants.count
        if wanted is not None and len(moment.picks) < wanted:
            said.append(self._line("fewer_than_asked", moment))
        if moment.after.wants == Wants(count=wanted) and Act.MORE not in moment.request.acts:
            choices = self._prompts.lines("ask_back_choices", moment.request.language)
            said.append(Said(self._text("ask_back", moment), choices=choices))
        return said

    def _introduction(self, moment: Moment) -> Said:
        wants = moment.after.wants
        if Act.MORE in moment.request.acts:
            return self._line("more_intro", moment)
        if Act.REFINE in moment.request.acts and moment.before.shown and moment.changed:
            return self._line(
                "refined_intro", moment, change=self._joined(moment.changed[:_TOLD_CHANGES], moment)
            )
        if len(moment.picks) == 1:
            return self._line("list_intro_one", moment)
        seed = self._catalogue.get(wants.like[-1]) if wants.like else None
        if seed is not None:
            return self._line("list_intro_seed", moment, seed=self._title(seed, moment))
        if wants == Wants(count=wants.count):
            return self._line("list_intro_taste" if moment.taste.likes else "open_intro", moment)
        return self._line("list_intro", moment)

    def _taken_as(self, moment: Moment) -> Said:
        """Which film an ambiguous or misspelt name was taken for, others as buttons."""
        for mention in moment.request.mentions:
            others = [self._catalogue[i] for i in mention.others if i in self._catalogue]
            unclear = 0 < len(others) <= _MANY_READINGS or not mention.exact
            words = moment.request.text[mention.start : mention.end]
            film = self._catalogue[mention.film]
            told = mention.exact and str(film.year) in words
            if film.id in moment.after.wants.like and unclear and not told:
                return Said(
                    self._text("disambiguation", moment, words=words, film=film.label),
                    choices=tuple(
                        self._text("choice_meant", moment, film=other.label) for other in others[:3]
                    ),
                )
        return Said("")

    def _nothing_left(self, moment: Moment) -> Said:
        if not moment.emptied:
            return self._line("nothing_more", moment)
        return Said(
            self._text("nothing_left", moment, limit=moment.emptied[0]),
            choices=tuple(
                self._text("drop_choice", moment, limit=limit) for limit in moment.emptied[:3]
            ),
        )

    # Opinions

    def _acknowledged(self, act: Act, moment: Moment) -> list[Said]:
        request = moment.request
        if act is Act.SEEN and Act.RATE in request.acts:
            return []
        told = [o.film for o in request.opinions if _act_of(o) is act]
        ids = told or ([] if act is Act.RATE else list(request.films))
        found = [film for i in ids if (film := self._catalogue.get(i)) is not None]
        if not found:
            return []
        stance = next((o.stance for o in request.opinions if o.film == found[0].id), None)
        stars = next((o.stars for o in request.opinions if o.film == found[0].id), None)
        values = {"film": self._joined([self._title(film, moment) for film in found], moment)}
        name = _acknowledgement(act, stance, stars)
        if name == "acknowledged_rated":
            values["stars"] = f"{stars:g}/5"
        said = [self._line(name, moment, **values)]
        new = [pick for pick in moment.picks if pick.film.id not in moment.before.shown]
        if new and not LISTING & set(request.acts):
            said.append(self._line("replaced", moment, film=self._title(new[0].film, moment)))
        return said

    def _undone(self, moment: Moment) -> Said:
        film = self._catalogue.get(moment.undone) if moment.undone else None
        if film is not None:
            return self._line("undone", moment, what=self._title(film, moment))
        return self._line("went_back" if moment.picks else "undone_nothing", moment)

    # Questions

    def _why(self, moment: Moment) -> list[Said]:
        said = []
        places = {pick.film.id: place for place, pick in enumerate(moment.earlier, start=1)}
        for film_id in self._asked_about(moment):
            if film_id in places:
                pick, place = moment.earlier[places[film_id] - 1], places[film_id]
            else:
                pick, place = moment.judge(film_id)
            text, chart = self._explainer.why(
                pick, moment.before.wants, moment.taste, moment.request.language, place
            )
            said.append(Said(text, chart=chart, film=pick.film))
        return said or [self._line("ask_back_which", moment)]

    def _why_not(self, moment: Moment) -> list[Said]:
        said = []
        for film_id in self._asked_about(moment):
            film = self._catalogue[film_id]
            broken = tuple(moment.before.wants.limits.broken_by(film))
            if film_id in moment.taste.seen | moment.taste.hidden:
                broken = ("exclude", *broken)
            pick, place = moment.judge(film_id)
            text = self._explainer.why_not(film, pick, broken, place, moment.request.language)
            said.append(Said(text, film=film))
        return said or [self._line("ask_back_which", moment)]

    def _compare(self, moment: Moment) -> list[Said]:
        films = [self._catalogue[i] for i in moment.request.films if i in self._catalogue]
        if len(films) < 2:
            return [self._line("ask_back_two", moment)]
        text = self._explainer.compare(films[0], films[1], moment.request.language)
        return [Said(text, film=films[1])]

    def _tell(self, moment: Moment) -> list[Said]:
        request = moment.request
        said = []
        for film_id in self._asked_about(moment):
            film = self._catalogue[film_id]
            text = self._explainer.tell(film, request.asked, request.language)
            said.append(Said(text, film=film))
        return said or [self._line("ask_back_which", moment)]

    def _asked_about(self, moment: Moment) -> tuple[str, ...]:
        """Up to three films pointed at; else the one talked about, else the first shown."""
        before = moment.before
        ids = moment.request.films or ((before.focus,) if before.focus else before.shown[:1])
        return tuple(i for i in ids if i in self._catalogue)[:3]

    def _unresolved(self, moment: Moment) -> list[Said]:
        return [
            self._line(_UNRESOLVED[u.kind], moment, words=u.text[:_LONGEST_QUOTE])
            for u in moment.request.unresolved[:2]
        ]

    # Words

    def _line(self, name: str, moment: Moment, **values: str) -> Said:
        return Said(self._text(name, moment, **values))

    def _text(self, name: str, moment: Moment, **values: str) -> str:
        # The turn's number picks the alternative: two turns in a row never sound the same.
        return self._prompts.render(name, moment.request.language, values, moment.after.turn)

    def _joined(self, names: Sequence[str], moment: Moment) -> str:
        return self._explainer.voice.join(names, moment.request.language)

    def _title(self, film: Film, moment: Moment) -> str:
        return show_title(film, moment.request.language)


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
