"""From replies to the page's HTML: the deck of cards, the tray of suggestions, the taste panel.

Everything that comes from films or people passes Jinja's autoescape. Pure: values in, text out.
Knows nothing of requests, cookies or Gradio (``web`` comes next), nor how posters are drawn
(``posters``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.catalogue import Catalogue, Film
from assistant.chips import Chip
from assistant.history import Profile, Taste
from assistant.lexicon import Lexicon
from assistant.posters import edge
from assistant.rendering import make_environment
from assistant.reply import Reply
from assistant.taste_panel import view_taste
from assistant.texts import Texts

MAX_BARS = 7
"""Bars in a why chart; what is left out is smaller than anything shown."""
LEAST_BAR = 0.005
"""A smaller contribution would be shown as 0.00."""
HERO_POSTERS = 6


@dataclass(frozen=True)
class Bar:
    """One contribution in a why chart."""

    label: str
    value: float
    share: float
    """0-100, length against the longest bar."""
    negative: bool


@dataclass(frozen=True)
class Card:
    """One film as shown."""

    film: Film
    title: str
    """In the page's language where the film has a title in it."""
    second_title: str
    """The other title; empty where they are the same."""
    genres: tuple[str, ...]
    reason: str
    """Empty while it is still being phrased."""
    edge: str
    """``#rrggbb``, the poster's lower edge."""
    stars: float
    """0.5-5, or 0 where unrated."""
    seen: bool = False
    listed: bool = False
    bars: tuple[Bar, ...] = ()
    """Not empty where the card shows why."""


@dataclass(frozen=True)
class Deck:
    """All that stands beside the conversation."""

    cards: tuple[Card, ...] = ()
    chips: tuple[Chip, ...] = ()
    aside: Card | None = None
    """A film talked about that is not in the list."""
    hero: tuple[Film, ...] = field(default=())
    """Films whose posters decorate an empty deck."""


class Pages:
    """Renders the page's parts; holds the compiled templates."""

    def __init__(self, lexicons: Mapping[str, Lexicon] | None = None) -> None:
        self._lexicons = lexicons or {}
        self._templates = make_environment()

    def render(self, name: str, **values: Any) -> str:  # Any: whatever the template shows
        """A template of ``assistant/templates``, rendered."""
        return self._templates.get_template(name).render(**values)

    def deck(self, deck: Deck, texts: Texts) -> str:
        """The chips and cards, or the greeting where there are none."""
        return self.render("deck.html", deck=deck, t=texts)

    def tray(self, choices: Sequence[str], texts: Texts, *, examples: bool = False) -> str:
        """Messages to tap; ``examples`` where the conversation has not begun."""
        label = texts["examples_label" if examples else "choices_label"]
        return self.render(
            "tray.html", choices=tuple(choices), label=label, examples=examples, t=texts
        )

    def card(
        self,
        film: Film,
        profile: Profile,
        texts: Texts,
        *,
        reason: str = "",
        chart: Sequence[tuple[str, float]] = (),
        spoken: str = "",
    ) -> Card:
        """One film's card; ``chart`` opens its why view.

        ``spoken`` is the language of the conversation, where it may differ from the page's.
        """
        own = title_in(film, texts.language)
        other = title_in(film, spoken or texts.language)
        return Card(
            film=film,
            title=own,
            second_title=next((t for t in (other, film.title) if t != own), ""),
            genres=tuple(self._genre(name, texts.language) for name in film.genres[:3]),
            reason=reason,
            edge=edge(film),
            stars=profile.ratings.get(film.id, 0.0),
            seen=film.id in profile.seen,
            listed=film.id in profile.watchlist,
            bars=bars(chart),
        )

    def taste(
        self,
        taste: Taste,
        profile: Profile,
        catalogue: Catalogue,
        texts: Texts,
        *,
        profiles: Sequence[tuple[str, str]],
        user: str,
    ) -> str:
        """The taste panel of one person; ``profiles`` are those this visitor may switch to."""
        lexicon = self._lexicons.get(texts.language)
        view = view_taste(
            taste,
            profile,
            catalogue,
            lexicon,
            language=texts.language,
            profiles=profiles,
            user=user,
        )
        return self.render("taste.html", view=view, t=texts)

    def _genre(self, name: str, language: str) -> str:
        lexicon = self._lexicons.get(language)
        return name if lexicon is None else lexicon.name("genres", name)


def title_in(film: Film, language: str) -> str:
    """The film's title in a language; its own where it has none there."""
    return film.titles.get(language, film.title)


def bars(chart: Sequence[tuple[str, float]]) -> tuple[Bar, ...]:
    """The longest ``MAX_BARS`` contributions in the order given, scaled to the longest (100)."""
    seen = [item for item in chart if abs(item[1]) >= LEAST_BAR]
    shown = sorted(seen, key=lambda item: -abs(item[1]))[:MAX_BARS]
    kept = [item for item in seen if item in shown][:MAX_BARS]
    longest = max((abs(value) for _, value in kept), default=0.0) or 1.0
    return tuple(
        Bar(label, value, round(100 * abs(value) / longest, 1), value < 0) for label, value in kept
    )


def make_deck(
    pages: Pages,
    texts: Texts,
    profile: Profile,
    *,
    listed: Reply | None,
    latest: Reply | None = None,
    hero: Sequence[Film] = (),
) -> Deck:
    """The deck after ``latest``, whose list is ``listed`` (the same reply, or an earlier one)."""
    chart = latest.chart if latest else ()
    about = latest.film if latest else None
    spoken = latest.language if latest else listed.language if listed else ""
    cards = []
    for place, pick in enumerate(listed.picks if listed else ()):
        reasons = listed.reasons if listed else ()
        reason = reasons[place].text if place < len(reasons) else ""
        opened = about is not None and about.id == pick.film.id
        cards.append(
            pages.card(
                pick.film,
                profile,
                texts,
                reason=reason,
                chart=chart if opened else (),
                spoken=spoken,
            )
        )
    aside = None
    if about is not None and about.id not in {card.film.id for card in cards}:
        aside = pages.card(about, profile, texts, chart=chart, spoken=spoken)
    chips = latest.chips if latest else listed.chips if listed else ()
    return Deck(tuple(cards), chips, aside, () if cards or aside else tuple(hero[:HERO_POSTERS]))
