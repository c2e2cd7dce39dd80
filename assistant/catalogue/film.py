"""One film, as everything else sees it, and the fixed vocabularies a film is described in.

Knows nothing of files (``shelf`` reads and writes them) or of what anyone wants (``limits``).
Next in the flow: ``limits``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.catalogue.places import claimed_by, home_of

TONES = (
    "funny",
    "romantic",
    "scary",
    "violent",
    "tense",
    "sad",
    "uplifting",
    "dark",
    "cerebral",
    "weird",
    "action",
    "slow",
    "spectacle",
    "family",
)
"""The 14 tone scores of a film, in the order of ``Film.tone``."""

RENOWN = ("seen_new", "liked_new", "seen", "talked")
"""The four marks of how a film stands with people, in the order of ``Film.renown``: how widely it
was seen and how well it was liked within two years of coming out, how widely it has been seen
since, and how readily people bring it up when they talk of films."""
RENOWN_MOST = 9.0
"""The highest mark: nearly everybody, loved, or among the first that come to mind."""

GENRES = (
    "Action",
    "Adventure",
    "Animation",
    "Biography",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Family",
    "Fantasy",
    "Film Noir",
    "History",
    "Horror",
    "Music",
    "Musical",
    "Mystery",
    "Romance",
    "Sci-Fi",
    "Sport",
    "Thriller",
    "War",
    "Western",
)
"""The main genres; every other genre name in the data is a subgenre of one or more of these."""

CERTIFICATE_AGE: Mapping[str, int] = {
    "G": 0,
    "TV-G": 0,
    "TV-Y7": 7,
    "TV-Y7-FV": 7,
    "Passed": 8,
    "Approved": 8,
    "PG": 8,
    "GP": 8,
    "M/PG": 8,
    "M": 8,
    "TV-PG": 8,
    "PG-13": 13,
    "TV-13": 13,
    "13+": 13,
    "TV-14": 14,
    "16+": 16,
    "R": 17,
    "TV-MA": 17,
    "MA-17": 17,
    "NC-17": 18,
    "X": 18,
    "18+": 18,
}
"""Youngest age a certificate is meant for, after the MPA and TV Parental Guidelines texts;
certificates of the Production Code years count as PG. Absent: unknown."""
GENTLE_AGE = 5
"""From when a PG cartoon does no harm that is made for families and neither scary nor violent:
most of what families watch with a five-year-old is rated PG."""
FAMILY_LEAST, HARSH_MOST = 9.0, 2.0
"""Tone scores of such a film."""


@dataclass(frozen=True, slots=True)
class Film:
    """A film of the catalogue. Facts, our description of it, and two ranks.

    Undescribed films have an empty synopsis, requests and similar list; their themes and tone
    are estimated (``described`` tells which).
    """

    id: str
    """IMDb ``tt…`` id, or ``source:id`` for films that have none."""
    title: str
    year: int
    runtime_min: int | None = None
    certificate: str | None = None
    """As issued (``"PG-13"``); None where unknown."""
    genres: tuple[str, ...] = ()
    """Main genres, names from ``GENRES``."""
    subgenres: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    """Billing order, at most eight."""
    countries: tuple[str, ...] = ()
    """All that had a hand in it, the foremost first."""
    languages: tuple[str, ...] = ()
    """English names; the first is the main language."""
    popularity: float = 0.0
    """0-1, rank among the catalogue by how many people know it."""
    acclaim: float = 0.0
    """0-1, rank among the catalogue by how well it is thought of."""
    renown: tuple[float, ...] = ()
    """Four marks from 0 to ``RENOWN_MOST`` in ``RENOWN`` order, written by hand; empty where
    nobody marked it."""
    synopsis: str = ""
    themes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    tone: tuple[float, ...] = ()
    """14 scores 0-10 in ``TONES`` order, or empty where not even an estimate exists."""
    requests: tuple[str, ...] = ()
    """What somebody would type who wants this film."""
    similar: tuple[str, ...] = ()
    """Ids of taste neighbours, best first."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Title by language code, e.g. ``{"zh": "肖申克的救赎"}``."""
    collections: tuple[str, ...] = ()
    """Studios, series and prizes it belongs to, names of ``data/collections.json``."""
    aliases: tuple[str, ...] = ()
    original_title: str | None = None
    source: str = "facts"
    """``"described"`` (facts and our texts), ``"facts"``, or the importer's name."""

    @property
    def described(self) -> bool:
        """Whether synopsis, tone and neighbours were written by hand rather than estimated."""
        return self.source == "described"

    @property
    def all_genres(self) -> tuple[str, ...]:
        """Main genres, then subgenres."""
        return self.genres + self.subgenres

    @property
    def home(self) -> tuple[str, ...]:
        """The countries it is at home in: what "a French film" means."""
        return home_of(self.countries, self.languages)

    @property
    def claimed(self) -> tuple[str, ...]:
        """The countries it counts as of for whoever wants none of theirs."""
        return claimed_by(self.countries, self.languages)

    @property
    def label(self) -> str:
        """``"Title (Year)"``."""
        return f"{self.title} ({self.year})"

    @property
    def minimum_age(self) -> int | None:
        """Youngest age the certificate is meant for; None where unknown.

        A cartoon rated PG that our description calls gentle ("Frozen") is meant for five.
        """
        age = CERTIFICATE_AGE.get(self.certificate or "")
        return GENTLE_AGE if age == CERTIFICATE_AGE["PG"] and self._is_gentle() else age

    def _is_gentle(self) -> bool:
        if not (self.described and self.tone and "Animation" in self.genres):
            return False
        tone = dict(zip(TONES, self.tone, strict=True))
        return tone["family"] >= FAMILY_LEAST and max(tone["scary"], tone["violent"]) <= HARSH_MOST

    def tone_of(self, name: str) -> float | None:
        """One tone score 0-10 by its name in ``TONES``; None where the film has no tone."""
        return self.tone[TONES.index(name)] if self.tone else None

    def renown_of(self, name: str) -> float | None:
        """One mark by its name in ``RENOWN``; None where the film has none."""
        return self.renown[RENOWN.index(name)] if self.renown else None

    def title_in(self, language: str) -> str:
        """The title to show in ``language``: that language's where there is one."""
        return self.titles.get(language, self.title)
