"""Why a film is in the list, in words: facts, a plan for each card, text, real names put in.

All cards of a list are planned together, so that no two open the same way; the phraser writes
them in one batch, ``check`` reads them, and the templates in ``prompts/`` stand in where it
refuses. Knows nothing of parsing or storage. Next in the flow: ``film_answers`` for why, why not,
compare and tell; ``chat`` shows it all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from assistant.catalogue import Catalogue, Film
from assistant.facts import Fact, facts, show_title, theme_names
from assistant.film_answers import FilmAnswers, Standing
from assistant.history import Profile, Taste
from assistant.lexicon import Lexicon
from assistant.parsing.request import Wants
from assistant.prompts import Prompts
from assistant.voice import Voice
from assistant.wording import (
    CLAIMS,
    LANGUAGES,
    PLACEHOLDERS,
    Plan,
    fill,
    make_plan,
    opening,
    unfill,
)

if TYPE_CHECKING:
    from assistant.generation import Written
    from assistant.ranking import Pick

CORES: tuple[frozenset[str], ...] = tuple(
    frozenset(said.split("+"))
    for said in (
        "seed+theme1+theme2",
        "seed+tone",
        "theme1+theme2",
        "seed+tone+theme1",
        "seed+theme1",
        "liked+theme1",
        "director+theme1",
        "actor+theme1",
        "mood+theme1",
        "mood+genre",
        "about",
        "about+theme1",
        "seed",
        "director",
        "actor",
        "liked",
        "theme1",
        "genre+decade",
        "genre",
        "mood",
        "acclaim",
        "hidden",
        "popular",
    )
)
"""What a card's sentence can rest on, richest first. Each has its own template and corpus texts."""
TAILS = (
    "actor",
    "director",
    "runtime",
    "decade",
    "country",
    "language",
    "hidden",
    "acclaim",
    "era",
)
"""What may be added to a core, most asked-for first."""


@dataclass(frozen=True)
class Reason:
    """Why a pick is in the list, in words."""

    text: str
    wording: str
    """"model" or "template"."""


@dataclass(frozen=True)
class _Card:
    core: frozenset[str]
    plan: Plan
    values: Mapping[str, str]


class Writer(Protocol):
    """Whatever writes texts for plans: a phraser, loaded now or later."""

    def write(self, plans: Sequence[Plan], seed: int, heard: Sequence[str] = ()) -> Written:
        """See ``Phraser.write``."""
        ...


Causes = Callable[["Pick", Fact], bool]
"""Whether a pick's score really falls without what a fact rests on."""


def believed(pick: Pick, fact: Fact) -> bool:
    """Every fact is taken for a cause: where nothing can be scored anew."""
    return True


class Explainer:
    """Words about films; a value once made. ``phraser`` None: templates only."""

    def __init__(
        self,
        prompts: Prompts,
        lexicons: Mapping[str, Lexicon],
        catalogue: Catalogue,
        phraser: Writer | None = None,
    ) -> None:
        self.voice = Voice(prompts, lexicons, catalogue)
        self.answers = FilmAnswers(self.voice)
        self.phraser = phraser

    def reasons(
        self,
        picks: Sequence[Pick],
        wants: Wants,
        profile: Profile,
        language: str,
        seed: int,
        heard: Sequence[str] = (),
        causes: Causes = believed,
    ) -> tuple[Reason, ...]:
        """One reason for each pick, in order, written in one batch; same arguments, same words.

        Only ``causes`` are named. Where it can be helped, none sounds like a text in ``heard``:
        what was said in turns before.

        A text the checker refused, or that opens like an earlier one, is replaced by a template,
        and its ``wording`` says so.
        """
        cards = self._cards(picks, wants, profile, language, causes)
        if self.phraser is None or not cards or language not in LANGUAGES:
            return self._templates(cards, seed)
        known = {name: value for card in cards for name, value in card.values.items()}
        lately = [unfill(text, known) for text in heard]
        written = self.phraser.write([card.plan for card in cards], seed, lately).texts
        reasons: list[Reason] = []
        openings: set[str] = set()
        for number, (card, text) in enumerate(zip(cards, written, strict=True)):
            if text is None or opening(text, language) in openings:
                reason = self._template(card, seed + number, openings)
            else:
                openings.add(opening(text, language))
                reason = Reason(fill(text, card.values), "model")
            reasons.append(reason)
        return tuple(reasons)

    def template_reasons(
        self, picks: Sequence[Pick], wants: Wants, profile: Profile, language: str, seed: int = 0
    ) -> tuple[Reason, ...]:
        """Like ``reasons``, from the templates alone: microseconds a card."""
        return self._templates(self._cards(picks, wants, profile, language), seed)

    def named(
        self,
        picks: Sequence[Pick],
        wants: Wants,
        profile: Profile,
        language: str,
        causes: Causes = believed,
    ) -> tuple[tuple[Fact, ...], ...]:
        """For each pick the facts that its reason names, for the same arguments as ``reasons``."""
        cards = self._cards(picks, wants, profile, language, causes)
        return tuple(
            tuple(f for f in self.facts(pick, wants, profile, language) if _names(card, f))
            for pick, card in zip(picks, cards, strict=True)
        )

    def facts(self, pick: Pick, wants: Wants, profile: Profile, language: str) -> tuple[Fact, ...]:
        """True facts about ``pick``, strongest first, with values ready to show."""
        found = facts(pick, wants, profile, self.voice.catalogue, self.voice.lexicons[language])
        return tuple(replace(f, values=self.voice.dressed(f.values, language)) for f in found)

    def why(
        self, pick: Pick, wants: Wants, profile: Profile, language: str, rank: int
    ) -> tuple[str, tuple[tuple[str, float], ...]]:
        """See ``FilmAnswers.why``. ``profile`` is there so that words and chart stay reproducible
        from a turn's own values; the parts already carry what they took from it."""
        return self.answers.why(pick, wants, language, rank)

    def why_not(self, standing: Standing, language: str) -> str:
        """See ``FilmAnswers.why_not``."""
        return self.answers.why_not(standing, language)

    def compare(self, a: Film, b: Film, language: str) -> str:
        """See ``FilmAnswers.compare``."""
        return self.answers.compare(a, b, language)

    def tell(self, film: Film, asked: Sequence[str], language: str) -> str:
        """See ``FilmAnswers.tell``."""
        return self.answers.tell(film, asked, language)

    def taste_text(self, taste: Taste, language: str) -> str:
        """See ``FilmAnswers.taste``."""
        return self.answers.taste(taste, language)

    def _cards(
        self,
        picks: Sequence[Pick],
        wants: Wants,
        profile: Profile,
        language: str,
        causes: Causes = believed,
    ) -> list[_Card]:
        self.voice.check(language)
        used: dict[frozenset[str], int] = {}
        cards = []
        for number, pick in enumerate(picks):
            known = self.facts(pick, wants, profile, language)
            barred: frozenset[str] = frozenset()
            card = self._card(pick.film, known, barred, language, used, number)
            while idle := [
                f for f in known if f.rests and _touches(card, f) and not causes(pick, f)
            ]:
                known = tuple(fact for fact in known if fact not in idle)
                barred = barred.union(*(fact.values.values() for fact in idle))
                card = self._card(pick.film, known, barred, language, used, number)
            used[card.core] = used.get(card.core, 0) + 1
            cards.append(card)
        return cards

    def _card(
        self,
        film: Film,
        known: Sequence[Fact],
        barred: frozenset[str],
        language: str,
        used: Mapping[frozenset[str], int],
        number: int,
    ) -> _Card:
        """Card ``number`` of a list, without themes that are ``barred``."""
        themes = self._themes(film, known, barred, language)
        core = self._core(known, themes, used)
        said = core | self._tail(core, known, number)
        values = {"film": show_title(film, language)}
        values.update(themes["seed" in said])
        for fact in known:
            if said & {fact.kind, *fact.values}:
                values = {**fact.values, **values}
        return _Card(core, make_plan("reason", language, said), values)

    def _themes(
        self, film: Film, known: Sequence[Fact], barred: frozenset[str], language: str
    ) -> Mapping[bool, Mapping[str, str]]:
        """Themes to name: under True those shared with the seed, under False the film's own.

        The film's own come asked-for first, then shared, then in its own order.
        """
        said = {fact.kind: fact.values for fact in known}
        shared = said.get("shared", {})
        lexicon = self.voice.lexicons[language]
        names = [lexicon.name("themes", t) for t in theme_names(film)]
        listed = dict.fromkeys([*said.get("themes", {}).values(), *shared.values(), *names])
        own = [name for name in listed if name not in barred]
        return {True: shared, False: {f"theme{i}": n for i, n in enumerate(own[:2], 1)}}

    def _core(
        self,
        known: Sequence[Fact],
        themes: Mapping[bool, Mapping[str, str]],
        used: Mapping[frozenset[str], int],
    ) -> frozenset[str]:
        """The richest core the facts allow that this list has used least."""
        kinds = {fact.kind for fact in known}
        usable = [core for core in CORES if core <= kinds | themes["seed" in core].keys()]
        asked = {f.kind for f in known if f.source in ("limits", "prefer", "tone")}
        asked -= {"genre"}  # says least: the whole list is of that genre

        def cost(core: frozenset[str]) -> tuple[int, int, int]:
            return (used.get(core, 0), -len(asked & core), usable.index(core))

        return min(usable, key=cost, default=frozenset())

    def _tail(self, core: frozenset[str], known: Sequence[Fact], number: int) -> frozenset[str]:
        """At most one more thing to say, on every other card what was asked for: said on each, a
        condition that all of them meet tells nothing."""
        if len(core) > 2:
            return frozenset()
        kinds = {fact.kind: fact for fact in known}
        for kind in TAILS:
            fact = kinds.get(kind)
            if fact is None or kind in core or (kind == "era" and "seed" not in core):
                continue
            if kind in ("acclaim", "hidden") and core & {"acclaim", "hidden", "popular"}:
                continue
            if kind in ("actor", "director") and core & {"actor", "director"}:
                continue
            if (fact.source in ("limits", "prefer")) != number % 2:
                return frozenset({kind})
        return frozenset()

    def _templates(self, cards: Sequence[_Card], seed: int) -> tuple[Reason, ...]:
        openings: set[str] = set()
        return tuple(self._template(card, seed + n, openings) for n, card in enumerate(cards))

    def _template(self, card: _Card, turn: int, openings: set[str]) -> Reason:
        """The first template, from number ``turn`` on, that opens like none before it."""
        choices = list(self._lines(card, turn))
        text = next(
            (t for t in choices if opening(t, card.plan.language) not in openings), choices[0]
        )
        openings.add(opening(text, card.plan.language))
        return Reason(fill(text, card.values), "template")

    def _lines(self, card: _Card, turn: int) -> Iterator[str]:
        """Every template for a card, from number ``turn`` on."""
        plan = card.plan
        core = card.core or {"plain"}
        said = {*plan.placeholders, *plan.claims}
        name = "reason_" + "_".join(p for p in (*PLACEHOLDERS, *CLAIMS, "plain") if p in core)
        leads = self.voice.prompts.lines(name, plan.language)
        for number in range(len(leads)):
            text = leads[(turn + number) % len(leads)]
            for tail in sorted(said - core):
                text += self._tail_line(f"tail_{tail}", plan.language, turn)
            yield text + self.voice.prompts.render("form_stop", plan.language)

    def _tail_line(self, name: str, language: str, turn: int) -> str:
        lines = self.voice.prompts.lines(name, language)
        line = lines[turn % len(lines)]
        return line if line[0] in ",;，；" else " " + line


def _names(card: _Card, fact: Fact) -> bool:
    """Whether a card's text says a fact: the claim itself, or just these values."""
    said = {*card.plan.placeholders, *card.plan.claims}
    if not fact.values:
        return fact.kind in said
    return all(name in said and card.values[name] == value for name, value in fact.values.items())


def _touches(card: _Card, fact: Fact) -> bool:
    """Whether a card's text says a fact or a part of it."""
    said = {*card.plan.placeholders, *card.plan.claims}
    values = {card.values[name] for name in said & card.values.keys()}
    return fact.kind in said or not values.isdisjoint(fact.values.values())
