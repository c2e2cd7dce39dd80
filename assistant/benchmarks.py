"""How fast and how large Matinee is on this machine, beside the raw calls it stands on.

Every function measures the real product and returns a ``Bench``: a table of values with what is
needed to read it (n, machine). Knows nothing of printing. Next in the flow: ``cli`` shows it.
"""

from __future__ import annotations

import os
import platform
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from assistant.catalogue import Catalogue, Film
from assistant.chat import Assistant
from assistant.config import Settings

CONVERSATIONS: tuple[tuple[str, ...], ...] = (
    ("recommend something like Shawshank", "funnier, and after 2000", "why the second one?"),
    ("a slow, rainy detective story", "older please", "more"),
    ("我最喜欢的电影是《肖申克的救赎》，请给我推荐一些类似风格的电影。", "轻松一点的"),
    ("I want a French comedy under two hours", "no romance", "something darker"),
    ("something with Tom Hanks from the 90s", "more like the first one"),
    ("a heist gone wrong, ten films", "only from the last five years"),
    ("not too scary horror for a first date", "what is the first one about?"),
    ("films about chess or obsession with perfection", "surprise me"),
    ("I loved Arrival and hated Prometheus", "something calmer"),
    ("an animated film for my 6-year-old", "no talking animals", "one from Japan"),
    ("feel-good films about cooking", "nothing in English"),
    ("space, loneliness, big ideas", "with a woman in the lead", "before 2010"),
)
"""What people say, varied in act, language, length and conditions; 29 messages."""
WARM_UP = 5
"""Messages before the clock counts: first calls load pages of models and index."""
SHOWN = 5
"""Films in the list whose words the raw generation is compared with."""
SYNTHETIC_TITLES = 100_000
"""Titles in the parse bench's large catalogue: more films than anyone imports."""


@dataclass(frozen=True)
class Bench:
    """One measurement, as a table."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]
    n: int
    """Repetitions behind each row."""
    machine: str


def machine() -> str:
    """Processor, cores, Python and the libraries that matter, in one line."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
        model = next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), model)
    libraries = ", ".join(
        f"{name} {version(name)}" for name in ("torch", "chromadb", "sentence-transformers")
    )
    cores = len(os.sched_getaffinity(0))
    return f"{model}, {cores} cores, Python {platform.python_version()}, {libraries}"


def bench_turn(
    assistant: Assistant,
    settings: Settings,
    n: int,
    progress: Callable[[int, int], None] | None = None,
) -> Bench:
    """Milliseconds of ``n`` turns: to the cards, to the first words, to the last, by stage, beside
    raw calls.

    The last column is the median over that of the raw call a stage stands on.
    """
    with _visitor(assistant) as user:
        for text in _messages(WARM_UP):
            assistant.reply(text, user, assistant.new_conversation(user))
        spent = _turns(assistant, user, n, progress)
    texts = [text for talk in CONVERSATIONS for text in talk]
    raw = {
        "raw encoder call": _times(lambda i: assistant.encode([texts[i % len(texts)]]), n),
        "raw Chroma query": _raw_query(assistant, texts, n),
    }
    if (writings := _raw_generation(settings)) is not None:
        for name, write in writings.items():
            raw[f"raw generation, {name}"] = _times(write, max(5, n // 4))
    sums = [raw_name for raw_name in raw if "generation" not in raw_name]
    base_cards = sum(statistics.median(raw[name]) for name in sums)
    base_words = sum(statistics.median(times) for times in raw.values())
    rows: list[tuple[str | float, ...]] = []
    for name, times in spent.items():
        base = {"cards": base_cards, "all words": base_words}.get(name)
        rows.append(_row(name, times, base))
    rows += [_row(name, times, None) for name, times in raw.items()]
    columns = ("what", "median ms", "p95 ms", "n", "median / raw calls")
    return Bench("turn", columns, tuple(rows), n, machine())


def _turns(
    assistant: Assistant, user: str, n: int, progress: Callable[[int, int], None] | None
) -> dict[str, list[float]]:
    """Seconds by what was timed: "cards", "first words" (after them), "all words", every stage."""
    spent: dict[str, list[float]] = {"cards": [], "first words": [], "all words": []}
    stages: dict[str, list[float]] = defaultdict(list)
    done = 0
    while done < n:
        for talk in CONVERSATIONS:
            conversation = assistant.new_conversation(user)
            for text in talk:
                if done == n:
                    break
                started = time.perf_counter()
                replies = assistant.stream(text, user, conversation)
                reply = next(replies)
                cards = time.perf_counter() - started
                after = [(time.perf_counter() - started, reply) for reply in replies]
                if after:
                    words, reply = after[0][0], after[-1][1]
                if after and len(reply.picks) >= SHOWN:
                    spent["cards"].append(cards)
                    spent["first words"].append(words - cards)
                    spent["all words"].append(time.perf_counter() - started)
                for stage, seconds in reply.seconds.items():
                    stages[f"  {stage}"].append(seconds)
                done += 1
                if progress is not None:
                    progress(done, n)
    return {**spent, **stages}


def _raw_query(assistant: Assistant, texts: Sequence[str], n: int) -> list[float]:
    vectors = assistant.encode(list(texts))
    return _times(lambda i: assistant.index.search(vectors[i % len(texts)], 50), n)


def _raw_generation(settings: Settings) -> dict[str, Callable[[int], object]] | None:
    """The batches of texts of a turn by a phraser alone; None where it is switched off."""
    from assistant.generation import Phraser
    from assistant.wording import Plan

    if settings.phraser == "off":
        return None
    phraser = Phraser(settings.phraser or settings.data / "phraser", settings.threads)
    reasons = [Plan("reason", "en", ("seed", "theme1"))] * SHOWN
    return {
        "introduction": lambda seed: phraser.write([Plan("introduction", "en", ("seed",))], seed),
        f"{SHOWN} reasons": lambda seed: phraser.write(reasons, seed),
    }


def bench_parse(catalogue: Catalogue, settings: Settings, n: int) -> Bench:
    """Milliseconds to understand a message, with this catalogue and with a very large one."""
    large = catalogue.with_films(synthetic_films(SYNTHETIC_TITLES))
    rows = tuple(_parse_row(shelf, settings, n) for shelf in (catalogue, large))
    columns = ("catalogue", "median ms", "p95 ms", "n", "parser made in s")
    return Bench("parse", columns, rows, n, machine())


def _parse_row(catalogue: Catalogue, settings: Settings, n: int) -> tuple[str | float, ...]:
    from assistant.lexicon import load_lexicons
    from assistant.parsing.parser import Parser
    from assistant.parsing.request import Context

    started = time.perf_counter()
    parser = Parser(catalogue, load_lexicons(settings.data / "languages"), settings.data)
    made = time.perf_counter() - started
    texts, context = _messages(n), Context()
    for text in texts[:WARM_UP]:
        parser.parse(text, context)
    times = _times(lambda turn: parser.parse(texts[turn], context), n)
    return (*_row(f"{len(catalogue):,} films", times, None)[:4], round(made, 2))


def synthetic_films(count: int, seed: int = 7) -> Iterator[Film]:
    """Films with made-up titles of one to four words, the same for the same seed."""
    draw = random.Random(seed)
    heads = ["Silent", "Last", "Red", "Broken", "Golden", "Lost", "Second", "Winter", "Paper"]
    tails = ["River", "Letter", "Garden", "Signal", "Harbour", "Witness", "Summer", "Bridge"]
    for number in range(count):
        words = [draw.choice(heads), draw.choice(tails)][draw.randrange(2) :]
        words += [f"of {draw.choice(tails)}"] * draw.randrange(2)
        words.append("".join(draw.choices("bdklmnrst", k=3)) + draw.choice("aeiou") + "n")
        yield Film(f"synthetic:{number}", " ".join(words).title(), 1950 + number % 75)


def bench_index(settings: Settings, progress: Callable[[int, int], None] | None = None) -> Bench:
    """Seconds to build the index from nothing in a new folder, and to open it again."""
    from assistant.catalogue import load_catalogue
    from assistant.embedding import Encoder
    from assistant.index import Index

    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory(dir=_made(settings.home)) as folder:
        with _clocked(seconds, "load the catalogue"):
            films = load_catalogue((settings.data / "films", settings.home / "films"))
        with _clocked(seconds, "load the encoder"):
            encoder = Encoder(settings.encoder, settings.threads)
        for label in ("build the index", "open it again"):
            with _clocked(seconds, label):
                index = Index.open(Path(folder) / "index", films, lambda: encoder, progress)
            index.close()
    rows = tuple((name, round(spent, 2)) for name, spent in seconds.items())
    return Bench("index", ("what", "seconds"), rows, 1, machine())


def bench_memory(assistant: Assistant, n: int) -> Bench:
    """Resident megabytes of this process, warm and after ``n`` more messages."""
    rows = [("opened", _resident_mb())]
    with _visitor(assistant) as user:
        for label, count in (("after 5 messages", 5), (f"after {n} more", n)):
            conversation = assistant.new_conversation(user)
            for text in _messages(count):
                assistant.reply(text, user, conversation)
            rows.append((label, _resident_mb()))
    rows.append(("peak", _resident_mb("VmHWM")))
    return Bench("memory", ("when", "resident MB"), tuple(rows), n, machine())


def _resident_mb(field: str = "VmRSS") -> float:
    """Megabytes from /proc (Linux); 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0.0
    line = next(x for x in status.read_text(encoding="ascii").splitlines() if x.startswith(field))
    return round(int(line.split()[1]) / 1000, 1)


def _messages(n: int) -> list[str]:
    texts = [text for talk in CONVERSATIONS for text in talk]
    return [texts[i % len(texts)] for i in range(n)]


@contextmanager
def _visitor(assistant: Assistant) -> Iterator[str]:
    """A person who is forgotten afterwards, so that a bench leaves no taste behind."""
    user = assistant.add_profile(None)
    try:
        yield user
    finally:
        assistant.forget(user)


@contextmanager
def _clocked(seconds: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - started


def _times(call: Callable[[int], object], n: int) -> list[float]:
    times = []
    for turn in range(n):
        started = time.perf_counter()
        call(turn)
        times.append(time.perf_counter() - started)
    return times


def _row(name: str, times: Sequence[float], base: float | None) -> tuple[str | float, ...]:
    if not times:
        return (name, 0.0, 0.0, 0, "")
    ordered = sorted(times)
    median = statistics.median(ordered)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    ratio: str | float = "" if base is None else round(median / base, 2)
    return (name, round(median * 1000, 2), round(p95 * 1000, 2), len(times), ratio)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
