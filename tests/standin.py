"""A scripted assistant for the page's tests: real films and value types, no models."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.catalogue import Catalogue, Film
from assistant.chips import Chip
from assistant.errors import RequestError
from assistant.history import Leaning, Profile, Taste
from assistant.ranking import Part, Pick
from assistant.reply import Line, Reason, Reply


@dataclass
class Person:
    """What the stand-in keeps about one visitor."""

    name: str | None = None
    ratings: dict[str, float] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    watchlist: list[str] = field(default_factory=list)
    talks: dict[str, list[Line]] = field(default_factory=dict)
    last: dict[str, Reply] = field(default_factory=dict)


class StandIn:
    """Answers every message with the first films, and every button as the contract says."""

    def __init__(self, catalogue: Catalogue, pause_s: float = 0.0) -> None:
        self.catalogue = catalogue
        self.people: dict[str, Person] = {}
        self.pressed: list[tuple[str, str | None, Any]] = []
        self.store = self
        self.fail: Exception | None = None
        self._pause_s = pause_s

    def user(self, user: str) -> Person:
        if user not in self.people:
            raise RequestError(f"no user {user!r}")
        return self.people[user]

    def stream(self, text: str, user: str, conversation: str) -> Iterator[Reply]:
        if self.fail is not None:
            raise self.fail
        person = self.user(user)
        lines = person.talks[conversation]
        gone = person.seen | person.hidden
        films = [f for f in self.catalogue.films if f.id not in gone]
        offset = (len(lines) // 2) * 5 % max(len(films) - 5, 1)
        picks = tuple(
            Pick(f, 1.0, (Part("about", 0.7), Part("popularity", 0.3)))
            for f in films[offset : offset + 5]
        )
        first = Reply(
            text=f"You said: {text}",
            picks=picks,
            chips=(Chip("years", "after 2000"), Chip("tone:funny", "funnier")),
            done=False,
            conversation=conversation,
        )
        yield first
        time.sleep(self._pause_s)
        reasons = tuple(
            Reason(
                f"It has the same patient hope as what you named, and {p.film.title} never "
                "rushes to its ending.",
                "template",
            )
            for p in picks
        )
        whole = replace(
            first, reasons=reasons, done=True, choices=("Shorter", "Something older", "Surprise me")
        )
        lines += [Line("user", text), Line("assistant", whole.text)]
        person.last[conversation] = replace(whole, choices=())
        yield whole

    def press(
        self, action: str, user: str, conversation: str, film: str | None = None, value: Any = None
    ) -> Reply:
        person = self.user(user)
        self.pressed.append((action, film, value))
        if film is not None and film not in self.catalogue:
            raise RequestError(f"no film {film!r} in the catalogue")
        about = self.catalogue[film] if film else None
        if action == "rate":
            person.ratings[str(film)] = float(value)
        elif action == "seen":
            person.seen.add(str(film))
        elif action == "hide":
            person.hidden.add(str(film))
        elif action == "watchlist":
            person.watchlist.insert(0, str(film))
        elif action == "unwatchlist":
            person.watchlist.remove(str(film))
            return Reply("")
        elif action == "more_like":
            return list(
                self.stream(f"More like {about.title if about else ''}", user, conversation)
            )[-1]
        chart: tuple[tuple[str, float], ...] = ()
        if action == "why":
            chart = (
                ("Neighbour of The Shawshank Redemption", 0.82),
                ("Shares its themes", 0.41),
                ("Its tone", 0.22),
                ("Well known", 0.1),
                ("More violent than you like", -0.18),
            )
        text = f"{action}: {about.title if about else value}"
        person.talks[conversation] += [Line("user", text), Line("assistant", f"Noted. {text}")]
        last = person.last.get(conversation)
        return Reply(
            f"Noted. {text}",
            chart=chart,
            film=about if chart else None,
            chips=last.chips if last else (),
        )

    def new_conversation(self, user: str) -> str:
        person = self.user(user)
        name = f"c{user}-{len(person.talks)}"
        person.talks[name] = []
        return name

    def transcript(self, user: str, conversation: str) -> tuple[Line, ...]:
        person = self.people.get(user)
        if person is None or conversation not in person.talks:
            raise RequestError(f"no conversation {conversation!r}")
        return tuple(person.talks[conversation])

    def last_reply(self, user: str, conversation: str) -> Reply | None:
        return self.user(user).last.get(conversation)

    def profile(self, user: str) -> Profile:
        p = self.user(user)
        return Profile(
            likes={film: s / 5 for film, s in p.ratings.items()},
            seen=frozenset(p.seen | set(p.ratings)),
            hidden=frozenset(p.hidden),
            watchlist=tuple(p.watchlist),
            ratings=dict(p.ratings),
        )

    def taste(self, user: str) -> Taste:
        films: list[Film] = [self.catalogue[i] for i in self.user(user).ratings]
        ids = tuple(f.id for f in films[:5])
        if not films:
            return Taste()
        return Taste(
            themes=tuple(Leaning(n, 1.0, ids) for n in dict.fromkeys(films[0].themes)),
            genres=tuple(Leaning(n, 1.0, ids) for n in films[0].genres),
            people=tuple(Leaning(n, 1.0, ids) for n in films[0].directors),
            tones=(Leaning("uplifting+", 0.6, ids), Leaning("violent-", 0.4, ids)),
            liked=ids,
        )

    def profiles(self) -> list[tuple[str, str]]:
        return [(key, p.name) for key, p in self.people.items() if p.name]

    def add_profile(self, name: str | None = None) -> str:
        if name is not None and name in {p.name for p in self.people.values()}:
            raise RequestError(f"the name {name!r} is taken")
        key = f"u{len(self.people) + 1}"
        self.people[key] = Person(name)
        return key

    def export(self, user: str) -> dict[str, Any]:
        return {"user": user, "ratings": dict(self.user(user).ratings)}

    def export_csv(self, user: str) -> str:
        return "film,stars\n" + "".join(f"{f},{s}\n" for f, s in self.user(user).ratings.items())

    def forget(self, user: str) -> None:
        del self.people[user]

    def warm(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        self.people.clear()
