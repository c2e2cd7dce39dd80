"""The command line: what it prints where, what it exits with, and what bad input gets."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.catalogue import Film, write_films
from assistant.catalogue.shelf import read_films
from assistant.cli import globals_first, main
from assistant.config import Settings
from assistant.store import HomeLock, Store

COMMANDS = (
    "run",
    "ask",
    "chat",
    "index",
    "catalogue",
    "import",
    "history",
    "train",
    "evaluate",
    "bench",
    "doctor",
)
MATINEE = [sys.executable, "-m", "assistant"]


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def few_films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the real everything and a handful of the real films."""
    real = Settings().data
    folder = tmp_path_factory.mktemp("data")
    for part in real.iterdir():
        if part.name != "films":
            (folder / part.name).symlink_to(part)
    films, _ = read_films(real / "films" / "1990s.jsonl")
    kept = [film for film in films if film.title in ("Heat", "The Shawshank Redemption", "Se7en")]
    (folder / "films").mkdir()
    write_films(folder / "films" / "1990s.jsonl", kept)
    return folder


@pytest.fixture
def run(
    tmp_path: Path,
    few_films: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Runs a command in this process on a home of its own; ``stdin`` is bytes."""
    monkeypatch.setenv("MATINEE_DATA", str(few_films))

    def call(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--home", str(tmp_path / "home"), *arguments])
        told = capsys.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, told.out, told.err)

    return call


@pytest.fixture(scope="session")
def lasting_home(tmp_path_factory: pytest.TempPathFactory, furnish: Callable[[Path], Path]) -> Path:
    """A home with a ready index, shared by the commands that answer messages."""
    return furnish(tmp_path_factory.mktemp("cli"))


def process(home: Path, *arguments: str, stdin: bytes | None = None) -> Ran:
    """Runs a command as people do: a process of its own."""
    done = subprocess.run(
        [*MATINEE, "--home", str(home), *arguments],
        input=stdin if stdin is not None else b"",
        capture_output=True,
        timeout=240,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def is_one_plain_sentence(text: str) -> bool:
    """Whether stderr holds one line of ours and no traceback."""
    lines = text.strip().splitlines()
    return len(lines) == 1 and lines[0].startswith("matinee: ") and "Traceback" not in text


# ── usage ────────────────────────────────────────────────────────────────────────────────────────


def test_the_version_is_told(run: Run) -> None:
    ran = run("--version")
    assert (ran.status, ran.out) == (0, "matinee 0.1.0\n")


def test_help_lists_every_command(run: Run) -> None:
    told = run("--help").out
    missing = [command for command in COMMANDS if f"  {command} " not in told]
    assert missing == []


def test_a_mistyped_command_is_met_with_the_likely_one(run: Run) -> None:
    ran = run("histry")
    assert ran.status == 2
    assert "Did you mean 'history'?" in ran.err
    assert ran.out == ""


def test_a_mistyped_subcommand_is_met_with_the_likely_one(run: Run) -> None:
    assert "'export'" in run("history", "exprot").err


def test_global_options_may_stand_after_the_command() -> None:
    assert globals_first(["ask", "hi", "--home", "/h", "-v"]) == ["--home", "/h", "-v", "ask", "hi"]


def test_words_after_two_dashes_are_no_options() -> None:
    assert globals_first(["ask", "--", "--home"]) == ["ask", "--", "--home"]


def test_an_unknown_setting_is_told_with_the_known_ones(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_COLOUR", "red")
    ran = run("catalogue", "stats")
    assert ran.status == 1
    assert is_one_plain_sentence(ran.err)
    assert "'colour'" in ran.err


# ── films ────────────────────────────────────────────────────────────────────────────────────────


def test_a_film_is_found_by_title_id_and_chinese_title(run: Run) -> None:
    ids = [
        json.loads(run("catalogue", "show", words, "--json").out)["id"]
        for words in ("Heat", "tt0113277", "heat (1995)", "盗火线")
    ]
    assert ids == ["tt0113277"] * 4


def test_an_unknown_film_is_met_with_close_titles(run: Run) -> None:
    ran = run("catalogue", "show", "Shawshenk Redemtion")
    assert ran.status == 1
    assert is_one_plain_sentence(ran.err)
    assert "The Shawshank Redemption (1994)" in ran.err


def test_the_bundled_catalogue_has_no_problem(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MATINEE_DATA")
    ran = run("catalogue", "check")
    assert (ran.status, ran.out.strip().rsplit(", ", 1)[-1]) == (0, "0 problems")


def test_a_catalogue_with_a_bad_line_says_where(run: Run, tmp_path: Path) -> None:
    films = tmp_path / "home" / "films"
    films.mkdir(parents=True)
    write_films(films / "mine.jsonl", [Film("mine:1", "Mine", 2001)])
    with (films / "mine.jsonl").open("ab") as out:
        out.write(b'{"id":"mine:2","title":"Half"')
    checked = run("catalogue", "check")
    assert checked.status == 1
    assert "mine.jsonl:2" in checked.out
    shown = run("catalogue", "show", "Mine")
    assert shown.status == 1
    assert "mine.jsonl:2" in shown.err
    assert "Traceback" not in shown.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nothing.csv", b""),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
        ("cut.json", b'[{"title": "One", "year": 19'),
        ("no-films.csv", b"colour,weight\nred,3\n"),
    ],
)
def test_a_file_that_holds_no_films_is_refused_in_a_sentence(
    run: Run, tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    ran = run("import", str(file))
    assert ran.status == 1
    assert "Traceback" not in ran.err
    assert "something inside Matinee went wrong" not in ran.err
    assert not list((tmp_path / "home").glob("films/*.jsonl"))


def test_a_missing_file_is_told_by_name(run: Run, tmp_path: Path) -> None:
    ran = run("import", str(tmp_path / "no-such.csv"))
    assert ran.status == 1
    assert is_one_plain_sentence(ran.err)
    assert "no-such.csv" in ran.err


def test_good_rows_are_imported_and_bad_ones_counted(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "club.csv"
    file.write_text("title,year\nThe Film Club Cut,2001\nNo Year,\n", encoding="utf-8")
    ran = run("import", str(file))
    assert ran.status == 0
    assert "2 rows: 1 films added, 0 already there, 1 refused" in ran.out
    assert "The Film Club Cut" in run("catalogue", "show", "The Film Club Cut").out


# ── history ──────────────────────────────────────────────────────────────────────────────────────


def test_a_rating_is_kept_shown_exported_and_taken_back(run: Run) -> None:
    assert run("history", "rate", "Heat", "4.5").status == 0
    assert "Heat (1995)" in run("history", "show").out
    exported = json.loads(run("history", "export").out)
    assert "tt0113277" in json.dumps(exported)
    assert "tt0113277" in run("history", "export", "--format", "csv").out
    assert run("history", "undo").status == 0
    assert run("history", "undo").status == 1


@pytest.mark.parametrize("stars", ["0", "5.5", "3.3", "nan"])
def test_stars_out_of_range_are_refused(run: Run, stars: str) -> None:
    ran = run("history", "rate", "Heat", stars)
    assert ran.status == 1
    assert is_one_plain_sentence(ran.err)


def test_an_unknown_profile_is_met_with_those_there_are(run: Run) -> None:
    run("history", "rate", "Heat", "4", "--user", "Ada")
    ran = run("history", "show", "--user", "Adam")
    assert ran.status == 1
    assert "profiles: Ada" in ran.err


def test_forgetting_asks_first_and_then_leaves_nothing(run: Run, tmp_path: Path) -> None:
    run("history", "rate", "Heat", "4", "--user", "Ada")
    assert run("history", "forget", "--user", "Ada", stdin=b"n\n").status == 1
    assert run("history", "show", "--user", "Ada").status == 0
    assert run("history", "forget", "--user", "Ada", "--yes").status == 0
    assert run("history", "show", "--user", "Ada").status == 1
    home = tmp_path / "home"
    assert not any(b"tt0113277" in file.read_bytes() for file in home.glob("history*"))


def test_a_letterboxd_export_becomes_history(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text(
        "Date,Name,Year,Letterboxd URI,Rating\n2024-05-01,Heat,1995,https://boxd.it/x,4.5\n",
        encoding="utf-8",
    )
    ran = run("history", "import", str(file), "--user", "Ada")
    assert ran.status == 0, ran.err
    assert "Heat (1995)" in run("history", "show", "--user", "Ada").out


def test_a_corrupt_history_is_told_and_kept(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    path = home / "history.sqlite3"
    path.write_bytes(b"\x00garbage" * 900)
    ran = run("history", "show")
    assert ran.status == 1
    assert is_one_plain_sentence(ran.err)
    assert str(path) in ran.err
    assert path.read_bytes() == b"\x00garbage" * 900


def test_a_second_process_on_the_same_home_is_turned_away(run: Run, tmp_path: Path) -> None:
    with HomeLock(tmp_path / "home"):
        ran = run("history", "show")
        assert ran.status == 1
        assert is_one_plain_sentence(ran.err)
        assert "--home" in ran.err
        assert run("ask", "hi").status == 1


def test_a_home_that_is_a_file_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    ran = run("history", "rate", "Heat", "4")
    assert ran.status == 1
    assert is_one_plain_sentence(ran.err)


def test_the_log_keeps_the_traceback_that_nobody_was_shown(run: Run, tmp_path: Path) -> None:
    run("history", "rate", "Heat", "4")
    run("history", "show", "--user", "nobody")
    log = (tmp_path / "home" / "matinee.log").read_text(encoding="utf-8")
    assert "Traceback" in log
    assert "RequestError" in log


def test_a_fault_of_ours_is_one_sentence_with_an_id_to_look_up(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()

    def broken(path: Path) -> Store:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(Store, "open", broken)
    ran = run("history", "show")
    assert ran.status == 1
    assert is_one_plain_sentence(ran.err)
    known_as = ran.err.split("error ")[1].split(";")[0]
    assert known_as in (tmp_path / "home" / "matinee.log").read_text(encoding="utf-8")


# ── a message ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "stdin",
    [b"\xff\xfe\x00binary\x80", b"a\x00b", b"films " * 200_000],
    ids=["not UTF-8", "NUL", "a megabyte"],
)
def test_standard_input_that_is_no_message_gets_a_sentence(run: Run, stdin: bytes) -> None:
    ran = run("ask", "-", stdin=stdin)
    assert ran.status == 1
    assert is_one_plain_sentence(ran.err)
    assert ran.out == ""


def test_ask_json_prints_one_object_and_nothing_else(lasting_home: Path) -> None:
    ran = process(lasting_home, "ask", "something like The Shawshank Redemption", "--json")
    assert ran.status == 0, ran.err
    record = json.loads(ran.out)
    assert {"reply", "language", "wants", "picks"} <= record.keys()
    assert record["language"] == "en"
    assert "tt0111161" in record["wants"]["like"]
    assert len(record["picks"]) == 5
    for pick in record["picks"]:
        assert {"id", "title", "year", "reason", "score", "parts"} <= pick.keys()
        assert pick["reason"]
        assert sum(pick["parts"].values()) == pytest.approx(pick["score"], abs=1e-4)
    assert "tt0111161" not in {pick["id"] for pick in record["picks"]}


def test_a_follow_up_goes_on_from_the_last_conversation(lasting_home: Path) -> None:
    first = process(lasting_home, "ask", "a heist film", "--json", "--user", "Bo")
    ran = process(
        lasting_home, "ask", "after 2000", "--json", "--user", "Bo", "--conversation", "last"
    )
    assert ran.status == 0, ran.err
    record = json.loads(ran.out)
    assert record["conversation"] == json.loads(first.out)["conversation"]
    assert record["picks"]
    assert all(pick["year"] > 2000 for pick in record["picks"])


def test_piped_words_are_plain(lasting_home: Path) -> None:
    ran = process(lasting_home, "ask", "-", stdin="推荐一部喜剧".encode())
    assert ran.status == 0, ran.err
    assert "\x1b" not in ran.out
    assert "╭" not in ran.out
    assert "1. " in ran.out


def test_a_terminal_conversation_can_be_piped_in(lasting_home: Path) -> None:
    lines = "something scary\n\n/why 1\n/why 99\n/nonsense\n/help\n/new\n/quit\n"
    ran = process(lasting_home, "chat", "--user", "Cy", stdin=lines.encode())
    assert ran.status == 0, ran.err
    assert "1. " in ran.out
    assert "/why needs the number of a film in the list" in ran.err
    assert "no command /nonsense" in ran.err


@contextmanager
def talking(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A terminal conversation that waits for its next line."""
    with subprocess.Popen(
        [*MATINEE, "--home", str(home), "chat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    ) as started:
        assert started.stderr is not None
        try:
            line = b""
            while b"What would you like" not in line:
                line = started.stderr.readline()
                assert line, "it ended early"
            yield started
        finally:
            started.kill()


def test_ctrl_c_ends_quietly(lasting_home: Path) -> None:
    with talking(lasting_home) as started:
        time.sleep(0.1)
        started.send_signal(signal.SIGINT)
        out, err = started.communicate(timeout=20)
    assert started.returncode == 130
    assert b"Traceback" not in err
    assert out == b""


def test_after_a_killed_process_the_home_is_usable_at_once(lasting_home: Path) -> None:
    with talking(lasting_home) as started:
        assert process(lasting_home, "ask", "hi").status == 1
        started.kill()
        started.wait(20)
    ran = process(lasting_home, "ask", "a quiet drama", "--json")
    assert ran.status == 0, ran.err
    assert json.loads(ran.out)["picks"]
