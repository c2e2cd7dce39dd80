"""A small shelf of real films and the reading of ``requests.jsonl``, shared by parser tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from assistant.catalogue import Catalogue, Film, Limits
from assistant.lexicon import load_lexicons
from assistant.parsing import Context, Parser, Request, Wants

DATA = Path(__file__).parent.parent / "data"
CASES = Path(__file__).parent / "requests.jsonl"
YEAR_NOW = 2026

# title | year | directors | cast | genres | countries | languages | Chinese title | minutes
_SHELF = """
The Shawshank Redemption|1994|Frank Darabont|Tim Robbins;Morgan Freeman|Drama|United States|English|肖申克的救赎|142
Forrest Gump|1994|Robert Zemeckis|Tom Hanks;Robin Wright|Drama;Romance|United States|English|阿甘正传|142
Inception|2010|Christopher Nolan|Leonardo DiCaprio|Action;Sci-Fi|United States|English|盗梦空间|148
Amélie|2001|Jean-Pierre Jeunet|Audrey Tautou|Comedy;Romance|France|French|天使爱美丽|122
Memento|2000|Christopher Nolan|Guy Pearce|Mystery;Thriller|United States|English|记忆碎片|113
The Shining|1980|Stanley Kubrick|Jack Nicholson|Horror|United Kingdom|English|闪灵|146
Heat|1995|Michael Mann|Al Pacino;Robert De Niro|Crime;Drama|United States|English|盗火线|170
Titanic|1997|James Cameron|Leonardo DiCaprio;Kate Winslet|Drama;Romance|United States|English|泰坦尼克号|194
The Dark Knight|2008|Christopher Nolan|Christian Bale;Heath Ledger|Action;Crime|United States|English|蝙蝠侠：黑暗骑士|152
Parasite|2019|Bong Joon Ho|Song Kang-ho|Drama;Thriller|South Korea|Korean|寄生虫|132
Spirited Away|2001|Hayao Miyazaki|Rumi Hiiragi|Animation;Fantasy|Japan|Japanese|千与千寻|125
Tenet|2020|Christopher Nolan|John David Washington|Action;Sci-Fi|United States|English|信条|150
Interstellar|2014|Christopher Nolan|Matthew McConaughey|Adventure;Sci-Fi|United States|English|星际穿越|169
Pulp Fiction|1994|Quentin Tarantino|John Travolta;Uma Thurman|Crime|United States|English|低俗小说|154
The Matrix|1999|Lana Wachowski|Keanu Reeves|Action;Sci-Fi|United States|English|黑客帝国|136
Notting Hill|1999|Roger Michell|Julia Roberts;Hugh Grant|Comedy;Romance|United Kingdom|English|诺丁山|124
When Harry Met Sally...|1989|Rob Reiner|Billy Crystal;Meg Ryan|Comedy;Romance|United States|English||95
You've Got Mail|1998|Nora Ephron|Tom Hanks;Meg Ryan|Comedy;Romance|United States|English|电子情书|119
Toy Story|1995|John Lasseter|Tom Hanks;Tim Allen|Animation;Family|United States|English|玩具总动员|81
Alien|1979|Ridley Scott|Sigourney Weaver|Horror;Sci-Fi|United Kingdom|English|异形|117
Gladiator|2000|Ridley Scott|Russell Crowe|Action;Drama|United States|English|角斗士|155
Zodiac|2007|David Fincher|Jake Gyllenhaal|Crime;Mystery|United States|English|十二宫|157
Arrival|2016|Denis Villeneuve|Amy Adams|Drama;Sci-Fi|United States|English|降临|116
The Godfather|1972|Francis Ford Coppola|Marlon Brando;Al Pacino|Crime;Drama|United States|English|教父|175
Farewell My Concubine|1993|Chen Kaige|Leslie Cheung;Gong Li|Drama|China|Mandarin|霸王别姬|171
""".strip()


def shelf() -> Catalogue:
    """25 films everybody knows, the first the best known."""
    films = []
    for place, line in enumerate(_SHELF.splitlines()):
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
    return Parser(catalogue, load_lexicons(DATA / "languages"), DATA)


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
    for name in ("about", "novelty", "count"):
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
        if name in ("genres", "people", "directed_by", "starring"):
            value = [sorted(group) for group in value]
        elif name == "years":
            value = [list(pair) for pair in value]
        elif name == "runtime_min":
            value = list(value)
        elif isinstance(value, frozenset):
            value = sorted(value)
        plain[name] = value
    return plain
