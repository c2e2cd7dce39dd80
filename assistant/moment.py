"""What a turn may speak of and what it says, as values; and sentences in the turn's language.

Knows the prompts and nothing of acts. Next in the flow: ``answers``, ``introductions`` and
``speech`` say things with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.asking import Question
from assistant.catalogue import Catalogue, Film
from assistant.conversation import Conversation
from assistant.counterfactual import Without
from assistant.explanation import Explainer
from assistant.facts import show_title
from assistant.history import Profile
from assistant.parsing.request import Act, Request, Wants
from assistant.prompts import Prompts
from assistant.ranking import Pick
from assistant.wording import Plan, make_plan


def _unknown(film_id: str) -> Iterable[Without]:
    """Nothing is known of other lists."""
    return ()


Judge = Callable[[str], tuple[Pick, int]]
"""A film's pick and its place from 1 among all that fit, by film id."""


@dataclass(frozen=True)
class Said:
    """The words of a turn, or one thing among them, and what goes with them."""

    text: str
    """In template wording."""
    choices: tuple[str, ...] = ()
    chart: tuple[tuple[str, float], ...] = ()
    film: Film | None = None
    plan: Plan | None = None
    """What the phraser may say instead of ``text``..."""
    values: Mapping[str, str] = field(default_factory=dict)
    """...what its placeholders stand for..."""
    closing: str = ""
    """...and what follows its words, in template wording."""
    wording: str = "template"
    """"model" where the phraser wrote any of it."""


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
    without: Callable[[str], Iterable[Without]] = _unknown
    """A film's place without each wish, by film id."""
    emptied: tuple[tuple[str, ...], ...] = ()
    """For an empty list: what would free films if dropped, most freeing first; one condition
    each, or two where one alone frees nothing."""
    changed: tuple[str, ...] = ()
    """Labels of what this message asked for."""
    question: Question | None = None
    """What to ask back."""
    cut: bool = False
    """Whether the message was too long to be read whole."""


def told(before: Conversation, after: Conversation, moment: Moment, said: Said) -> Conversation:
    """Where the conversation stands once this has been said and shown."""
    shown = tuple(pick.film.id for pick in moment.picks)
    if shown:
        after = replace(after, shown=shown, offered=after.offered.union(shown), focus=shown[0])
    if said.film is not None:
        after = replace(after, focus=said.film.id)
    if moment.question is not None:
        after = replace(after, asked=(*after.asked, moment.question.about))
    # A description of one film is no wish for the next list.
    if Act.GUESS not in moment.request.acts:
        return after
    return replace(after, wants=Wants() if Act.RESET in moment.request.acts else before.wants)


@dataclass(frozen=True)
class Words:
    """Sentences of a turn; a value once made."""

    explainer: Explainer
    prompts: Prompts
    catalogue: Catalogue

    def line(self, name: str, moment: Moment, **values: str) -> Said:
        """One prompt as the whole of something said."""
        return Said(self.text(name, moment, **values))

    def drafted(
        self, purpose: str, said: Mapping[str, str], name: str, moment: Moment, **values: str
    ) -> Said:
        """One prompt as the whole of something said, or what the phraser makes of ``said``: the
        values of its placeholders."""
        plan = make_plan(purpose, moment.request.language, frozenset(said))
        return Said(self.text(name, moment, **values), plan=plan, values=said)

    def text(self, name: str, moment: Moment, **values: str) -> str:
        """One prompt filled; the turn's number picks the alternative, so that two turns in a row
        never sound the same."""
        return self.prompts.render(name, moment.request.language, values, moment.after.turn)

    def joined(self, names: Sequence[str], moment: Moment) -> str:
        """ "A, B and C"."""
        return self.explainer.voice.join(names, moment.request.language)

    def title(self, film: Film, moment: Moment) -> str:
        """The film's title as the turn's language writes it."""
        return show_title(film, moment.request.language)

    def titles(self, films: Sequence[Film], moment: Moment) -> str:
        """Their titles, joined."""
        return self.joined([self.title(film, moment) for film in films], moment)
