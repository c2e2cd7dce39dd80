"""Answers about films already named: why, why not, how two compare, who made it, what it is about.

Every clause is a template of ``prompts/`` filled from a pick's parts or the film's record; what
the record lacks is said to be unknown. Knows nothing of the model that phrases card reasons.
Next in the flow: ``chat`` puts the answer into its reply.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.catalogue import TONES, Film
from assistant.facts import MEANINGFUL, theme_names
from assistant.history import Taste
from assistant.parsing.request import Wants
from assistant.voice import Voice

if TYPE_CHECKING:
    from assistant.ranking import Part, Pick

WHY_PARTS = 4
"""Parts a why names: more read like a bill."""
SHOWN = 3
"""Names, themes or cast members a clause lists."""
COMPARE_GAP = 2.0
"""Points of 10 between two tones from which a comparison mentions them."""
DETAILS = (
    "director",
    "cast",
    "plot",
    "year",
    "runtime",
    "country",
    "language",
    "certificate",
    "collections",
    "genre",
    "similar",
    "regard",
    "reception",
)
"""What can be asked about a film (``Request.asked``)."""
REGARD = ((0.9, "best"), (0.7, "well"), (0.35, "mixed"), (0.0, "poor"))
"""Least rank of acclaim, and what that is called; the ranks are among the films here."""
CROWDS = ((7.0, "hit"), (5.0, "well"), (3.0, "modest"), (0.0, "few"))
LIKED = ((8.0, "loved"), (6.5, "liked"), (4.5, "mixed"), (0.0, "poor"))
"""Least mark of how widely a film was seen and how well it was liked when new, and its name."""
OUTGROWN = 1.5
"""Marks by which a film has come to be seen more, or less, than when it was new, to be worth a
word."""
IN_SHORT = ("year", "director", "genre", "plot")
"""What is told where nothing in particular was asked."""


@dataclass(frozen=True)
class Standing:
    """Where a film stands that somebody misses in the list."""

    pick: Pick
    """The film, scored for the request."""
    place: int
    """From 1 among all that fit."""
    broken: tuple[str, ...]
    """Limits it breaks, named as ``Limits.broken_by`` does."""
    held_back: str
    """ "listed", "seen", "hidden", "seed", "unlike" or "offered"; empty where nothing holds it."""
    shown: tuple[str, ...]
    """Ids of the list on screen, first to last."""
    above: Pick | None = None
    """The last film of that list."""


class FilmAnswers:
    """Paragraphs about films; a value once made."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    def why(
        self, pick: Pick, wants: Wants, language: str, rank: int
    ) -> tuple[str, tuple[tuple[str, float], ...]]:
        """A paragraph naming the parts that put ``pick`` at place ``rank`` (1 is first), and the
        chart: a label and what it added (or took) for every part, largest absolute value first."""
        said = [self._voice.say("why_intro", language, film=pick.film, rank=str(rank))]
        said += self.why_said(pick, wants, language).values()
        chart = tuple((self._voice.label(part.name, language), part.value) for part in pick.parts)
        return self._voice.paragraph(said, language), chart

    def why_said(self, pick: Pick, wants: Wants, language: str) -> dict[str, str]:
        """A sentence for each of the first parts that moved the score, by the part's name."""
        said: dict[str, str] = {}
        for part in pick.parts:
            if len(said) < WHY_PARTS and abs(part.value) >= MEANINGFUL:
                sentence = self._why_part(part, pick, wants, language)
                if sentence and sentence not in said.values():
                    said[part.name] = sentence
        return said

    def why_not(self, standing: Standing, language: str) -> str:
        """Why a film is not in the list: what keeps it out, or its place and what it lacks."""
        film, say = standing.pick.film, self._voice.say
        if standing.held_back == "listed":
            rank = str(standing.shown.index(film.id) + 1)
            return say("why_not_listed", language, film=film, rank=rank)
        said = []
        if standing.held_back:
            said.append(say(f"why_not_{standing.held_back}", language, film=film))
        elif standing.broken:
            said.append(say("why_not_intro", language, film=film))
        said += [
            say(f"broken_{name}", language, **self._record(name, film, language))
            for name in standing.broken
        ]
        return self._voice.paragraph(said or self._ranked(standing, language), language)

    def _ranked(self, standing: Standing, language: str) -> list[str]:
        """Where a film that fits came in, what it has and what it lacks."""
        pick, voice = standing.pick, self._voice
        if not pick.parts:
            return [voice.say("why_not_unknown", language, film=pick.film)]
        name = "why_not_varied" if standing.place <= len(standing.shown) else "why_not_rank"
        said = [voice.say(name, language, film=pick.film, rank=str(standing.place))]
        best = max(pick.parts, key=lambda part: (part.value, part.name))
        worst = min(pick.parts, key=lambda part: (part.value, part.name))
        said.append(voice.say("why_not_best", language, part=voice.label(best.name, language)))
        if worst.value < -MEANINGFUL:
            label = voice.label(worst.name, language)
            said.append(voice.say("why_not_worst", language, part=label))
        elif standing.above is not None:
            lacks = _lacks(pick, standing.above)
            if lacks:
                parts = voice.join([voice.label(lack, language) for lack in lacks], language)
                other = standing.above.film
                said.append(voice.say("why_not_behind", language, other=other, parts=parts))
        return said

    def compare(self, a: Film, b: Film, language: str) -> str:
        """How two films differ and what they share, from their records."""
        return self._voice.paragraph([*self.compared(a, b, language).values()], language)

    def compared(self, a: Film, b: Film, language: str) -> dict[str, str]:
        """Its sentences, by what they tell: years, shared, tone_a, tone_b (what of either there is
        more), length, people, or nothing."""
        say, years = self._voice.say, {"year_a": str(a.year), "year_b": str(b.year)}
        said = {"years": say("compare_intro", language, a=a, b=b, **years)}
        shared = theme_names(a, b)[:SHOWN]
        if shared:
            themes = self._voice.names("themes", shared, language)
            said["shared"] = say("compare_shared", language, themes=themes)
        for name, film, other in (("tone_a", a, b), ("tone_b", b, a)):
            tones = self.tones_more(film, other, language)
            if tones:
                said[name] = say("compare_tone", language, film=film, tones=tones)
        if a.runtime_min and b.runtime_min and a.runtime_min != b.runtime_min:
            longer, shorter = (a, b) if a.runtime_min > b.runtime_min else (b, a)
            minutes = str(abs(a.runtime_min - b.runtime_min))
            said["length"] = say(
                "compare_length", language, longer=longer, shorter=shorter, minutes=minutes
            )
        people = [n for n in (*a.directors, *a.cast) if n in (*b.directors, *b.cast)]
        if people:
            who = self._voice.join(list(dict.fromkeys(people))[:SHOWN], language)
            said["people"] = say("compare_people", language, who=who)
        if len(said) == 1:
            said["nothing"] = say("compare_nothing", language)
        return said

    def tones_more(self, film: Film, other: Film, language: str) -> str:
        """The two tones of which ``film`` has most more than ``other``, as comparatives joined;
        empty for none."""
        if not film.tone or not other.tone:
            return ""
        gaps = sorted(
            (y - x, name) for name, x, y in zip(TONES, film.tone, other.tone, strict=True)
        )
        more = [name for gap, name in gaps if -gap >= COMPARE_GAP][:2]
        return self._voice.tones([f"{name}+" for name in more], language)

    def tell(self, film: Film, asked: Sequence[str], language: str) -> str:
        """What the record says about ``asked`` (names from ``DETAILS``; empty: all in short).

        What the record lacks is said to be unknown. A synopsis is only given in English; other
        languages get a sentence made of genre, themes and tone.
        """
        details = [d for d in asked if d in DETAILS] or list(IN_SHORT)
        # Named once, then "it": a title in every sentence reads like a form.
        pronoun = self._voice.prompts.render("word_it", language)
        said = [
            self._tell_one(film, detail, pronoun if place else film, language)
            for place, detail in enumerate(details)
        ]
        return self._voice.paragraph(said, language)

    def taste(self, taste: Taste, language: str) -> str:
        """A person's taste told back to them, with the films it rests on."""
        liked = [i for i in taste.liked if i in self._voice.catalogue]
        if not liked:
            films = self._voice.titles(taste.disliked[:SHOWN], language)
            values = {"films": films} if films else {}
            prompt = "taste_disliked" if films else "taste_nothing"
            return self._voice.say(prompt, language, **values)
        said = [
            self._voice.say(
                "taste_intro", language, films=self._voice.titles(liked[:SHOWN], language)
            )
        ]
        themes = [lean.name for lean in taste.themes][:SHOWN]
        genres = [lean.name for lean in taste.genres][:SHOWN]
        people = [lean.name for lean in taste.people if len(lean.films) > 1][:SHOWN]
        tones = [lean.name for lean in taste.tones][:2]
        for prompt, key, words in (
            ("taste_themes", "themes", self._voice.names("themes", themes, language)),
            ("taste_genres", "genres", self._voice.names("genres", genres, language)),
            ("taste_people", "who", self._voice.join(people, language)),
            ("taste_tones", "tones", self._voice.tones(tones, language)),
        ):
            if words:
                said.append(self._voice.say(prompt, language, **{key: words}))
        return self._voice.paragraph(said, language)

    def _why_part(self, part: Part, pick: Pick, wants: Wants, language: str) -> str:
        """One sentence for one part; empty where it has nothing to name."""
        name, voice = part.name, self._voice
        if part.value < 0 and name != "dislike":
            return self._voice.say("why_minus", language, part=self._voice.label(name, language))
        if name in ("neighbours", "circle", "seed", "era", "profile", "dislike", "company"):
            films = voice.titles(part.because[:2], language)
            return self._voice.say(f"why_{name}", language, films=films) if films else ""
        if name in ("about", "requests"):
            return (
                self._voice.say(f"why_{name}", language, about=wants.about) if wants.about else ""
            )
        if name == "themes":
            held = [t for t in part.because if t in pick.film.themes]
            themes = voice.names("themes", held[:SHOWN], language)
            return self._voice.say("why_themes", language, themes=themes) if themes else ""
        if name == "tone":
            if not part.because:
                return voice.say("why_tone_same", language)
            tones = voice.tones(part.because[:SHOWN], language)
            return voice.say("why_tone", language, tones=tones)
        if name == "people":
            who = self._voice.join(part.because[:SHOWN], language)
            return self._voice.say("why_people", language, who=who) if who else ""
        if name == "genre":
            genres = voice.names("genres", pick.film.genres[:SHOWN], language)
            return voice.say("why_genre", language, genres=genres) if genres else ""
        return self._voice.say(f"why_{name}", language)

    def _record(self, limit: str, film: Film, language: str) -> dict[str, str]:
        """Values of the ``broken_…`` prompts: what the record holds where the limit asks."""
        main = film.languages[:1]
        voice = self._voice
        known = {
            "genres": voice.names("genres", film.genres[:SHOWN], language) or "?",
            "not_genres": voice.names("genres", film.genres[:SHOWN], language) or "?",
            "countries": voice.names("countries", film.home[:SHOWN], language) or "?",
            "not_countries": voice.names("countries", film.claimed[:SHOWN], language) or "?",
            "directed_by": voice.join(film.directors[:SHOWN], language) or "?",
            "starring": voice.join(film.cast[:SHOWN], language) or "?",
            "people": voice.join((*film.directors[:1], *film.cast[:2]), language) or "?",
            "not_collections": voice.names("collections", film.collections, language) or "?",
            "years": str(film.year),
            "runtime_min": str(film.runtime_min or "?"),
            "maximum_age": film.certificate or "?",
            "languages": self._voice.names("languages", main, language) or "?",
            "not_languages": self._voice.names("languages", main, language) or "?",
        }
        return {"value": known[limit]} if limit in known else {}

    def _tell_one(self, film: Film, detail: str, called: Film | str, language: str) -> str:
        if detail == "regard":
            level = next(name for least, name in REGARD if film.acclaim >= least)
            return self._voice.say(f"tell_regard_{level}", language, film=called)
        if detail == "reception" and film.renown:
            return self._reception(film, called, language)
        value = "" if detail == "reception" else self._detail(film, detail, language)
        if not value:
            return self._voice.say(f"tell_{detail}_unknown", language, film=called)
        if detail == "plot" and film.synopsis and language == "en":
            return value
        return self._voice.say(f"tell_{detail}", language, film=called, value=value)

    def _reception(self, film: Film, called: Film | str, language: str) -> str:
        """How a film with marks did when it came out, and what time has made of that."""
        then, liked, since, _ = film.renown
        seen = next(name for least, name in CROWDS if then >= least)
        thought = next(name for least, name in LIKED if liked >= least)
        said = [
            self._voice.say(f"reception_{seen}", language, film=called),
            self._voice.say(f"reception_{thought}", language),
        ]
        if abs(since - then) >= OUTGROWN:
            said.append(
                self._voice.say(f"reception_{'grown' if since > then else 'faded'}", language)
            )
        return self._voice.paragraph(said, language)

    def _detail(self, film: Film, detail: str, language: str) -> str:
        """What the record holds for one of ``DETAILS``, ready to show; empty where nothing."""
        voice = self._voice
        if detail in ("director", "cast"):
            return voice.join(film.directors if detail == "director" else film.cast[:4], language)
        if detail == "plot":
            if film.synopsis and language == "en":
                return film.synopsis
            return voice.names("themes", theme_names(film)[:SHOWN], language)
        if detail == "country":
            return voice.names("countries", film.countries[:SHOWN], language)
        if detail == "language":
            return voice.names("languages", film.languages[:SHOWN], language)
        if detail == "genre":
            return voice.names("genres", film.all_genres[:SHOWN], language)
        if detail == "collections":
            return voice.names("collections", film.collections, language)
        if detail == "similar":
            return voice.titles(film.similar[:SHOWN], language)
        if detail == "runtime":
            return str(film.runtime_min or "")
        return str(film.year) if detail == "year" else film.certificate or ""


def _lacks(pick: Pick, above: Pick) -> list[str]:
    """The parts on which ``pick`` falls furthest behind, at most two."""
    own = {part.name: part.value for part in pick.parts}
    gaps = [(own.get(part.name, 0.0) - part.value, part.name) for part in above.parts]
    return [name for gap, name in sorted(gaps)[:2] if gap < -MEANINGFUL]
