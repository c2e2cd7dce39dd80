"""A small shelf of real films and the reading of ``requests.jsonl``, shared by parser tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from assistant.catalogue import Catalogue, Film, Limits
from assistant.embedding import Encoder
from assistant.lexicon import load_lexicons
from assistant.parsing import Context, Parser, Request, Wants
from assistant.parsing.heads import Heads

DATA = Path(__file__).parent.parent / "data"
CASES = Path(__file__).parent / "requests.jsonl"
YEAR_NOW = 2026
SHELF = Path(__file__).parent / "parsing_shelf.txt"


def shelf() -> Catalogue:
    """25 films everybody knows, the first the best known."""
    films = []
    lines = SHELF.read_text(encoding="utf-8").splitlines()[1:]
    for place, line in enumerate(lines):
        title, year, directors, cast, genres, countries, languages, zh, minutes = line.split("|")
        films.append(
            Film(
                id=f"tt{place:07d}",
                title=title,
                year=int(year),
                runtime_min=int(minutes),
                directors=tuple(directors.split(";")),
                cast=tuple(cast.split(";")),
                genres=tuple(genres.split(";")),
                countries=tuple(countries.split(";")),
                languages=tuple(languages.split(";")),
                titles={"zh": zh} if zh else {},
                popularity=round(1 - place / 100, 2),
                acclaim=0.9,
                tone=(5.0,) * 14,
            )
        )
    return Catalogue(films)


def make_parser(catalogue: Catalogue) -> Parser:
    heads = Heads(DATA / "heads.json", Encoder(threads=1).encode)
    return Parser(catalogue, load_lexicons(DATA / "languages"), DATA, heads)


SHOWN = ("Forrest Gump", "The Dark Knight", "Memento", "Amélie", "Notting Hill")
"""The list on the table in cases that say "list" or "focus"; the second film has the focus."""


def context_of(kind: str, ids: Mapping[str, str]) -> Context:
    """ "new": nothing yet; "list": five films shown for Shawshank; "focus": and one in talk."""
    if kind == "new":
        return Context(year_now=YEAR_NOW)
    return Context(
        shown=tuple(ids[title] for title in SHOWN),
        focus=ids[SHOWN[1]] if kind == "focus" else None,
        wants=Wants(like=(ids["The Shawshank Redemption"],), tone={"funny": 0.6}),
        year_now=YEAR_NOW,
    )


def read_cases() -> Iterator[dict[str, Any]]:
    for line in CASES.read_bytes().splitlines():
        yield orjson.loads(line)


def plain_request(request: Request, titles: Mapping[str, str]) -> dict[str, Any]:
    """Everything a request says, ids as titles, defaults left out, ready to compare with a case."""
    wants = request.wants
    record: dict[str, Any] = {"acts": [str(act) for act in request.acts]}
    for name in ("about", "novelty", "hit", "count"):
        record[name] = getattr(wants, name)
    record["themes"] = list(wants.themes)
    record["tone"] = dict(wants.tone)
    for name in ("like", "unlike", "around"):
        record[name] = [titles[film] for film in getattr(wants, name)]
    record |= {f"limits.{k}": v for k, v in _plain_limits(wants.limits).items()}
    record |= {f"prefer.{k}": v for k, v in _plain_limits(wants.prefer).items()}
    record["fresh"] = request.fresh
    record["drop"] = sorted(request.drop)
    record["films"] = [titles[film] for film in request.films]
    record["asked"] = list(request.asked)
    record["opinions"] = [
        [titles[o.film], str(o.stance), *([o.stars] if o.stars is not None else [])]
        for o in request.opinions
    ]
    record["unresolved"] = [[u.text, u.kind] for u in request.unresolved]
    return {k: v for k, v in record.items() if v not in (None, "", [], {}, 0.0, False)}


def _plain_limits(limits: Limits) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name in limits.set_names():
        value = getattr(limits, name)
        if name in ("genres", "people", "directed_by", "starring", "collections"):
            value = [sorted(group) for group in value]
        elif name == "years":
            value = [list(pair) for pair in value]
        elif name == "runtime_min":
            value = list(value)
        elif isinstance(value, frozenset):
            value = sorted(value)
        plain[name] = value
    return plain
