"""The commands about how films are ranked: ``evaluate history|similar|requests|variety|space`` (and
``stability``, in its own module) and ``train taste|space|requests``.

Knows nothing of how any of it is computed. Next in the flow: ``assistant.evaluation_history`` and
its like for the figures, ``assistant.learning`` for what is learned.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.table import Table

from assistant.cli.edge import AsJson, Shell, bar, opened, shell_of
from assistant.cli.panels import plain
from assistant.cli.stability import stability
from assistant.metrics import Interval
from assistant.timeline import years_at

if TYPE_CHECKING:
    from assistant.evaluation_history import HistoryHalf
    from assistant.history import Profile

Ratings = Annotated[Path, typer.Option(help="MovieLens folder, or its ratings.csv or u.data.")]


def add_to(evaluate: typer.Typer, train: typer.Typer) -> None:
    """Add this module's commands to ``evaluate`` and ``train``."""
    evaluate.command("history")(history)
    evaluate.command("similar")(similar)
    evaluate.command("requests")(requests)
    evaluate.command("variety")(variety)
    evaluate.command("space")(space)
    evaluate.command("stability")(stability)
    train.command("taste")(train_taste)
    train.command("space")(train_space)
    train.command("requests")(train_requests)


def train_taste(context: typer.Context, ratings: Ratings) -> None:
    """Learn from many people's ratings which films keep company, and how much that counts; kept in
    the home folder."""
    from assistant.crowd import CROWD_FILE, save_crowd
    from assistant.importers.ratings import everybodys_ratings
    from assistant.learning import learn_taste
    from assistant.weights import save_ranker

    shell = shell_of(context)
    with opened(shell) as assistant:
        people = everybodys_ratings(ratings, assistant.catalogue)
        learned = learn_taste(people, assistant.selector)
        path = shell.settings.home / CROWD_FILE
        save_crowd(learned.crowd, assistant.catalogue, path)
        save_ranker(learned.ranker, path.with_name("ranker.json"))
    films = int((learned.crowd.often > 0).sum())
    weights = learned.ranker.weights
    shell.out.print(
        f"learned from {learned.crowd.lists:,} people and {films:,} films; kept in {path} and "
        f"ranker.json beside it (beside a wish: often {weights['often']:g}, company "
        f"{weights['company']:g}, profile {weights['profile']:g}; where nothing is asked, by how "
        "much somebody likes). Remove both files to forget it.",
        markup=False,
    )


def train_space(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option(help="Else data/space.npz.")] = None,
) -> None:
    """Draw the map of taste from the written lists of neighbours; it gives neighbours to films
    that have no list."""
    from assistant.space import Space
    from assistant.taste_map import MAP_FILE, draw_map, save_map

    shell = shell_of(context)
    path = out or shell.settings.data / MAP_FILE
    with opened(shell) as assistant:
        selector = assistant.selector
        graph = Space(assistant.catalogue).graph
        drawn = draw_map(assistant.catalogue, graph, selector.index.film_vectors, selector.encode)
        save_map(drawn, path)
    shell.out.print(
        f"drawn from the lists of {len(drawn.ids):,} films; kept in {path}", markup=False
    )


def train_requests(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option(help="Else data/requests.npz.")] = None,
) -> None:
    """Draw the map of requests from the written ones; it foretells what people ask for any film.

    It reads neighbours, so draw the map of taste first.
    """
    from assistant.request_map import REQUEST_MAP_FILE, draw_requests, save_request_map

    shell = shell_of(context)
    path = out or shell.settings.data / REQUEST_MAP_FILE
    with opened(shell) as assistant:
        selector = assistant.selector
        kinds = selector.index.means_by_kind()
        graph = selector.space.graph
        drawn = draw_requests(assistant.catalogue, kinds, graph, selector.encode)
        save_request_map(drawn, path)
    films = len(kinds["request"][0])
    shell.out.print(f"drawn from the requests of {films:,} films; kept in {path}", markup=False)


def space(context: typer.Context, as_json: AsJson = False) -> None:
    """How many written neighbours the map of taste finds for films whose description is hidden, and
    how many of their requests find them by the map of requests."""
    from assistant.evaluation_space import evaluate_space

    shell = shell_of(context)
    with opened(shell) as assistant:
        selector = assistant.selector
        kinds = selector.index.means_by_kind()
        report = evaluate_space(
            assistant.catalogue,
            selector.index.film_vectors,
            kinds,
            selector.encode,
            selector.seed,
        )
    if as_json:
        sys.stdout.write(orjson.dumps(plain(report)).decode() + "\n")
        return
    _print_recall(shell, report.found)
    shell.out.print(f"{report.films:,} films hidden, {report.neighbours:,} written neighbours")
    _print_recall(shell, report.asked)
    shell.out.print(f"{report.requests:,} requests of theirs")


def history(
    context: typer.Context,
    ratings: Ratings,
    limit: Annotated[int | None, typer.Option(min=2, help="Only so many people.")] = None,
    as_json: AsJson = False,
) -> None:
    """What a person liked next, foretold from their first likes, beside usual methods."""
    from assistant.evaluation_history import evaluate_history
    from assistant.importers.ratings import everybodys_ratings
    from assistant.learning import Histories, Learned, learn_taste
    from assistant.parsing.request import Wants
    from assistant.weighing import DEPTH

    shell = shell_of(context)
    with opened(shell) as assistant, bar(shell, "People") as progress:
        people = everybodys_ratings(ratings, assistant.catalogue)
        some = dict(sorted(people.items())[:limit])
        unseen = replace(assistant.selector, crowd=None)

        def recommend(
            taste: Profile, as_of: float, only: frozenset[str], learned: Learned | None
        ) -> Sequence[str]:
            selector = unseen
            if learned is not None:
                selector = replace(unseen, crowd=learned.crowd, ranker=learned.ranker)
            _, picks = selector.recommend(Wants(), taste, count=DEPTH, as_of=as_of, only=only)
            return [pick.film.id for pick in picks]

        def learn(others: Histories) -> Learned:
            return learn_taste(others, unseen)

        vectors = assistant.index.film_vectors
        report = evaluate_history(some, assistant.catalogue, vectors, recommend, learn, progress)
    if as_json:
        sys.stdout.write(orjson.dumps(plain(report)).decode() + "\n")
        return
    for name, half in report.halves.items():
        _print_half(shell, name, half)
    shell.out.print(f"columns: likes given; {report.seconds:.0f} s")


def _print_half(shell: Shell, name: str, half: HistoryHalf) -> None:
    from assistant.weighing import DEPTH

    shell.out.print(
        f"{name}: {half.people:,} people, moments "
        f"{', '.join(f'{n:,}' for n in half.moments.values())}"
    )
    for measure, figures in (("NDCG", half.gain), ("recall", half.recall)):
        table = Table(f"{measure}@{DEPTH}", *map(str, figures), box=None, padding=(0, 1))
        for system in next(iter(figures.values()), {}):
            table.add_row(system, *(_cell(by[system]) for by in figures.values()))
        shell.out.print(table)


def similar(
    context: typer.Context,
    pairs: Annotated[Path, typer.Option(help="Judged pairs, tab separated.")],
    as_json: AsJson = False,
) -> None:
    """Whether people find alike what the product finds alike (area under the ROC curve)."""
    from assistant.evaluation_similar import evaluate_similar, read_pairs

    shell = shell_of(context)
    with opened(shell) as assistant:
        judged, missing = read_pairs(pairs, assistant.catalogue)
        report = evaluate_similar(judged, missing, assistant.selector)
    if as_json:
        sys.stdout.write(orjson.dumps(plain(report)).decode() + "\n")
        return
    table = Table("AUC", "all", "both described", *report.halves, box=None, padding=(0, 1))
    for system, area in report.area.items():
        halves = (_cell(by[system]) for by in report.area_by_half.values())
        table.add_row(system, _cell(area), _cell(report.area_described[system]), *halves)
    shell.out.print(table)
    shell.out.print(
        f"{report.pairs} pairs, {report.alike} found alike by people, {report.missing} left out "
        f"(a film the catalogue lacks), {report.described} with both films described; "
        f"{', '.join(f'{n} {half}' for half, n in report.halves.items())}"
    )


def requests(
    context: typer.Context,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many requests.")] = None,
    show: Annotated[bool, typer.Option(help="Print some misses, to be read.")] = False,
    as_json: AsJson = False,
) -> None:
    """Whether films are found by requests written for them that the index never held."""
    from assistant.embedding import Encoder
    from assistant.evaluation_requests import evaluate_requests, without_requests
    from assistant.index import Index
    from assistant.opening import space_over
    from assistant.request_map import draw_requests

    shell = shell_of(context)
    settings = shell.settings
    with opened(shell) as assistant, bar(shell, "Requests") as progress:
        catalogue, held = without_requests(assistant.catalogue)
        index = Index.open(
            settings.home / "evaluation" / "requests-index",
            catalogue,
            lambda: Encoder(settings.encoder, settings.threads),
            progress,
            shipped=settings.data / "vectors",
        )
        encode, kinds = assistant.selector.encode, index.means_by_kind()
        graph = space_over(settings, catalogue, index).graph
        asked = draw_requests(catalogue, kinds, graph, encode)
        space = space_over(settings, catalogue, index, asked)
        selector = replace(assistant.selector, catalogue=catalogue, space=space, index=index)
        now = years_at(time.time())
        report = evaluate_requests(selector, assistant.parser, held, now, limit, progress)
        index.close()
    if as_json:
        sys.stdout.write(orjson.dumps(plain(report)).decode() + "\n")
        return
    _print_recall(shell, report.recall)
    shell.out.print(
        f"{report.requests:,} requests of {report.films:,} films, {report.seconds:.0f} s, "
        f"{report.ms_per_turn:.1f} ms a turn (median)"
    )
    for text, film, first in report.misses if show else ():
        shell.out.print(f"{text} | wanted {film} | gave {', '.join(first)}", markup=False)


def variety(
    context: typer.Context,
    n: Annotated[int, typer.Option(min=1, max=100_000, help="Requests.")] = 2000,
    plot: Annotated[Path | None, typer.Option(help="Draw the trade-off here (PNG).")] = None,
    as_json: AsJson = False,
) -> None:
    """What variety costs and brings, over many varied requests."""
    from assistant.evaluation_variety import evaluate_variety
    from assistant.pictures import Curve, draw

    shell = shell_of(context)
    with opened(shell) as assistant, bar(shell, "Requests") as progress:
        report = evaluate_variety(assistant.selector, n, years_at(time.time()), progress)
    if plot is not None:
        points = [
            (
                tried.kept.value,
                tried.alike.value,
                f"{tried.strength:g}{' shipped' if tried.strength == report.shipped else ''}",
            )
            for tried in report.tried
        ]
        title = f"Strength of variety, {report.requests:,} requests"
        across = "score kept, of ranking by score alone"
        draw(Curve(title, across, "likeness of two films of a list", points), plot)
    if as_json:
        sys.stdout.write(orjson.dumps(plain(report)).decode() + "\n")
        return
    table = Table(
        "variety", "alike in a list", "score kept", "films reached", "best-known 1 %", box=None
    )
    for tried in report.tried:
        mark = " (shipped)" if tried.strength == report.shipped else ""
        table.add_row(
            f"{tried.strength:g}{mark}",
            _cell(tried.alike),
            _cell(tried.kept),
            f"{tried.reached:.1%}",
            f"{tried.best_known:.1%}",
        )
    shell.out.print(table)
    shell.out.print(f"{report.requests:,} requests, lists of ten, {report.seconds:.0f} s")


def _print_recall(shell: Shell, recall: Mapping[str, Mapping[int, Interval]]) -> None:
    cutoffs = next(iter(recall.values()))
    table = Table("system", *(f"recall@{k}" for k in cutoffs), box=None, padding=(0, 1))
    for system, by in recall.items():
        table.add_row(system, *(_cell(interval) for interval in by.values()))
    shell.out.print(table)


def _cell(x: Interval) -> str:
    return f"{x.value:.3f} ({x.low:.3f}-{x.high:.3f})"
