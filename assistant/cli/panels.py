"""A reply for people at a terminal, for a pipe, and for a program.

Knows nothing of how a reply comes about, and never reads markup in what it shows: titles and
sentences are plain text. Next in the flow: ``talk`` prints what this makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from assistant.catalogue import Film
    from assistant.ranking import Pick
    from assistant.reply import Reply

_BAR_CELLS = 24


def as_record(reply: Reply) -> dict[str, Any]:  # Any: JSON
    """What ``--json`` prints: reply, language, wants, picks, and what a follow-up needs."""
    return {
        "reply": reply.text,
        "language": reply.language,
        "acts": list(reply.acts),
        "wants": plain(reply.wants),
        "picks": [
            {
                "id": pick.film.id,
                "title": pick.film.title,
                "year": pick.film.year,
                "reason": reason_of(reply, place),
                "score": round(pick.score, 6),
                "parts": {part.name: round(part.value, 6) for part in pick.parts},
            }
            for place, pick in enumerate(reply.picks)
        ],
        "choices": list(reply.choices),
        "wording": reply.wording,
        "conversation": reply.conversation,
    }


def plain(value: object) -> Any:  # Any: JSON
    """A value of ours as JSON: dataclasses to objects, sets to sorted lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {spec.name: plain(getattr(value, spec.name)) for spec in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def as_lines(reply: Reply) -> str:
    """The reply as plain text, one line a fact, for a pipe."""
    lines = [reply.text] if reply.text else []
    for place, pick in enumerate(reply.picks):
        film = pick.film
        lines += ["", f"{place + 1}. {film.title_in(reply.language)} ({film.year})"]
        lines += [f"   {text}" for text in (facts_line(film), reason_of(reply, place)) if text]
    if reply.chart:
        lines += ["", *(f"   {value:+.3f}  {label}" for label, value in reply.chart)]
    if reply.choices:
        lines += ["", *(f" > {choice}" for choice in reply.choices)]
    return "\n".join(lines)


def as_panels(reply: Reply) -> RenderableType:
    """The reply as rich panels, for a terminal."""
    shown: list[RenderableType] = []
    if reply.text:
        shown.append(Text(reply.text))
    shown += [_card(reply, place, pick) for place, pick in enumerate(reply.picks)]
    if reply.chart:
        shown.append(_chart(reply.chart))
    if reply.chips:
        shown.append(Text("  ".join(f"[{chip.label}]" for chip in reply.chips), style="dim"))
    if reply.choices:
        shown.append(Text("\n".join(f"> {choice}" for choice in reply.choices), style="cyan"))
    return Group(*shown)


def reason_of(reply: Reply, place: int) -> str:
    """The reason of the pick at ``place``; empty while it is still being written."""
    return reply.reasons[place].text if place < len(reply.reasons) else ""


def facts_line(film: Film) -> str:
    """Runtime, certificate, genres and director, as far as they are known."""
    facts = [
        f"{film.runtime_min} min" if film.runtime_min else "",
        film.certificate or "",
        ", ".join(film.genres),
        ", ".join(film.directors[:2]),
    ]
    return " · ".join(fact for fact in facts if fact)


def _card(reply: Reply, place: int, pick: Pick) -> Panel:
    title = Text(f"{place + 1}. {pick.film.title_in(reply.language)} ({pick.film.year})", "bold")
    inside = Text(reason_of(reply, place) or "...")
    return Panel(
        inside,
        title=title,
        title_align="left",
        subtitle=Text(facts_line(pick.film), "dim"),
        subtitle_align="right",
        border_style="yellow",
    )


def _chart(chart: tuple[tuple[str, float], ...]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1))
    largest = max((abs(value) for _, value in chart), default=1.0) or 1.0
    for label, value in chart:
        cells = round(_BAR_CELLS * abs(value) / largest)
        bar = Text("█" * cells, "green" if value >= 0 else "red")
        table.add_row(Text(label), bar, Text(f"{value:+.3f}", "dim"))
    return table
