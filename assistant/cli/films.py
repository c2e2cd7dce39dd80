"""The commands about films and vectors: ``catalogue``, ``import``, ``index``.

Knows nothing of taste or conversations. Next in the flow: ``importers``, ``index``.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import orjson
import typer

from assistant.catalogue import RENOWN, TONES, Catalogue, Film
from assistant.catalogue.shelf import read_films, to_line
from assistant.cli.edge import AsJson, bar, catalogue_of, clean, print_pairs, shell_of
from assistant.errors import DataError, RequestError

_SHOWN_PROBLEMS = 20
_CLOSE_ENOUGH = 75
"""Of 100, how alike a title must be (rapidfuzz WRatio) to be offered instead."""


def add_to(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    group = typer.Typer(no_args_is_help=True, help="Build, check and look into the catalogue.")
    group.command("build")(build)
    group.command("check")(check)
    group.command("show")(show)
    group.command("stats")(stats)
    app.add_typer(group, name="catalogue")
    app.command("import")(import_)
    app.command("index")(index)


def build(
    context: typer.Context,
    facts: Annotated[Path, typer.Option(help="Films as facts, one JSON object a line.")],
    authored: Annotated[Path, typer.Option(help="Folder of our own texts, *.jsonl.")],
    themes: Annotated[Path | None, typer.Option(help="The theme vocabulary.")] = None,
    later: Annotated[
        Path | None, typer.Option(help="Folder of what was written later; else data/written.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write; else data/films.")] = None,
    estimate: Annotated[
        bool, typer.Option(help="Estimate tone and themes where unwritten.")
    ] = True,
) -> None:
    """Join facts and our own texts into data/films/*.jsonl; the same files give the same films."""
    from assistant.embedding import Encoder
    from assistant.importers.build import build_catalogue

    shell = shell_of(context)
    settings = shell.settings
    report = build_catalogue(
        facts,
        authored,
        themes or facts.parent / "themes.txt",
        out or settings.data / "films",
        Encoder(settings.encoder, settings.threads) if estimate else None,
        later=later or settings.data / "written",
    )
    print_pairs(
        shell,
        [
            ("films", f"{report.films:,}, {report.described:,} of them described"),
            ("neighbours", f"{report.resolved:,} of {report.neighbours:,} resolved"),
            ("rows refused", f"{len(report.refused):,}"),
            *(("refused", line) for line in report.refused[:_SHOWN_PROBLEMS]),
            *(
                ("not in the facts", f"{label} ({count} times)")
                for label, count in report.unresolved[:_SHOWN_PROBLEMS]
            ),
            ("written", ", ".join(path.name for path in report.files)),
        ],
    )


def check(context: typer.Context) -> None:
    """Read every film file and tell every problem; exit status 1 where there is one."""
    shell = shell_of(context)
    settings = shell.settings
    problems: list[str] = []
    films: dict[str, Film] = {}
    for folder in (settings.data / "films", settings.home / "films"):
        for path in sorted(folder.glob("*.jsonl")):
            found, wrong = read_films(path)
            problems += wrong
            for film in found:
                if film.id in films:
                    problems.append(f"{path.name}: {film.id} ({film.label}) is given twice")
                films.setdefault(film.id, film)
    if not films and not problems:
        raise DataError(f"no films in {settings.data / 'films'}; run `matinee catalogue build`")
    for film in films.values():
        problems += _doubts(film, films)
    for line in problems[:_SHOWN_PROBLEMS]:
        shell.out.print(line, markup=False)
    if len(problems) > _SHOWN_PROBLEMS:
        shell.out.print(f"... and {len(problems) - _SHOWN_PROBLEMS:,} more")
    shell.out.print(f"{len(films):,} films, {len(problems):,} problems")
    if problems:
        raise typer.Exit(1)


def _doubts(film: Film, films: dict[str, Film]) -> list[str]:
    """What reading a film alone cannot find wrong."""
    doubts = []
    strangers = [other for other in film.similar if other not in films]
    if strangers:
        doubts.append(f"{film.id} ({film.label}): no film {strangers[0]} for its similar list")
    if film.id in film.similar:
        doubts.append(f"{film.id} ({film.label}) is similar to itself")
    if film.described and not (film.synopsis and film.tone and film.themes):
        doubts.append(f"{film.id} ({film.label}) is described but lacks synopsis, tone or themes")
    return doubts


def show(
    context: typer.Context,
    film: Annotated[str, typer.Argument(help="An id or a title.")],
    as_json: AsJson = False,
) -> None:
    """Tell everything the catalogue holds about one film."""
    shell = shell_of(context)
    catalogue = catalogue_of(shell.settings)
    found = film_named(catalogue, clean(film))
    if as_json:
        sys.stdout.write(to_line(found).decode())
        return
    print_pairs(shell, _rows(found, catalogue))


def _rows(film: Film, catalogue: Catalogue) -> list[tuple[str, str]]:
    tone = sorted(zip(TONES, film.tone, strict=False), key=lambda pair: (-pair[1], pair[0]))
    near = [other.label for i in film.similar if (other := catalogue.get(i)) is not None]
    rows = [
        ("film", f"{film.label}  {film.id}"),
        ("titles", ", ".join(f"{title} ({code})" for code, title in film.titles.items())),
        ("also", ", ".join(film.aliases)),
        ("genres", ", ".join(film.all_genres)),
        ("runtime", f"{film.runtime_min} min" if film.runtime_min else ""),
        ("certificate", film.certificate or ""),
        ("director", ", ".join(film.directors)),
        ("cast", ", ".join(film.cast)),
        ("country", ", ".join(film.countries)),
        ("language", ", ".join(film.languages)),
        ("belongs to", ", ".join(film.collections)),
        ("known, praised", f"{film.popularity:.3f}, {film.acclaim:.2f}"),
        (
            "renown",
            ", ".join(f"{name} {mark:g}" for name, mark in zip(RENOWN, film.renown, strict=False)),
        ),
        ("synopsis", film.synopsis),
        ("themes", ", ".join(film.themes)),
        ("tone", ", ".join(f"{name} {score:g}" for name, score in tone)),
        ("near it", "; ".join(near)),
        ("source", film.source),
    ]
    return [(name, value) for name, value in rows if value]


def stats(context: typer.Context, as_json: AsJson = False) -> None:
    """Count the catalogue."""
    shell = shell_of(context)
    catalogue = catalogue_of(shell.settings)
    films = catalogue.films
    genres = Counter(genre for film in films for genre in film.genres)
    counts = {
        "films": len(films),
        "described": sum(film.described for film in films),
        "with_tone": sum(bool(film.tone) for film in films),
        "with_themes": sum(bool(film.themes) for film in films),
        "with_chinese_title": sum("zh" in film.titles for film in films),
        "neighbour_links": sum(len(film.similar) for film in films),
        "themes": len(catalogue.by_theme),
        "people": len(catalogue.by_person),
        "earliest": min(film.year for film in films),
        "latest": max(film.year for film in films),
    }
    if as_json:
        whole = {**counts, "genres": dict(genres.most_common())}
        sys.stdout.write(orjson.dumps(whole).decode() + "\n")
        return
    pairs = [(name.replace("_", " "), f"{count}") for name, count in counts.items()]
    pairs.append(("genres", ", ".join(f"{name} {n}" for name, n in genres.most_common(8))))
    print_pairs(shell, pairs)


def film_named(catalogue: Catalogue, words: str) -> Film:
    """The film with this id, title, alias or "Title (Year)"; the best known of several.

    Raises ``RequestError`` with the closest titles where there is none.
    """
    if (film := catalogue.get(words)) is not None:
        return film
    wanted = words.casefold().strip()
    for film in catalogue:
        names = (film.title, film.label, film.original_title or "", *film.titles.values())
        if wanted in (name.casefold() for name in (*names, *film.aliases)):
            return film
    from rapidfuzz import process

    close = process.extract(
        words, [film.label for film in catalogue], limit=3, score_cutoff=_CLOSE_ENOUGH
    )
    hint = f"; close: {', '.join(label for label, _, _ in close)}" if close else ""
    raise RequestError(f"no film {words[:80]!r} in the catalogue{hint}")


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV, JSON or JSONL with films.")],
    name: Annotated[str, typer.Option(help="What to call the source; else the file's name.")] = "",
) -> None:
    """Add films from a file to your catalogue; refused rows are counted and shown."""
    from assistant.importers import import_films, save_import
    from assistant.store import HomeLock

    shell = shell_of(context)
    settings = shell.settings
    source = clean(name) or re.sub(r"[^\w-]+", "-", file.stem)
    with HomeLock(settings.home):
        report = import_films(file, source, catalogue_of(settings))
        for where, why in report.refused:
            shell.err.print(f"  {where}: {why}", markup=False)
        for note in report.notes:
            shell.err.print(f"  {note}", markup=False)
        saved = save_import(report, settings.home, source)
    shell.out.print(
        f"{report.rows:,} rows: {saved.films:,} films added, {len(report.duplicates):,} already "
        f"there, {report.refused_count:,} refused"
    )
    shell.out.print(
        f"written to {saved.path}; the index takes them in at the next start", markup=False
    )


def index(
    context: typer.Context,
    rebuild: Annotated[bool, typer.Option(help="Throw the index away first.")] = False,
    ship: Annotated[
        bool, typer.Option(help="Encode the bundled films into data/vectors instead.")
    ] = False,
) -> None:
    """Make the vector index ready, or rebuild it."""
    from assistant.embedding import Encoder
    from assistant.index import Index, build_vectors, remove_index
    from assistant.store import HomeLock

    shell = shell_of(context)
    settings = shell.settings
    catalogue = catalogue_of(settings)
    with bar(shell, "Building the index") as progress:
        if ship:
            encoder = Encoder(settings.encoder, settings.threads)
            build_vectors(catalogue, encoder, settings.data / "vectors", progress)
            shell.err.print(f"vectors written to {settings.data / 'vectors'}", markup=False)
            return
        with HomeLock(settings.home):
            folder = settings.home / "index"
            if rebuild:
                remove_index(folder)
            opened = Index.open(
                folder,
                catalogue,
                lambda: Encoder(settings.encoder, settings.threads),
                progress,
            )
            opened.close()
    shell.err.print(f"the index in {folder} is ready: {len(catalogue):,} films", markup=False)
