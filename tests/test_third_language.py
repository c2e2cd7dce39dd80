"""A third language comes by files alone: a made-up one is written to disk and spoken."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assistant.catalogue import Catalogue
from assistant.errors import DataError
from assistant.explanation import Explainer
from assistant.film_answers import Standing
from assistant.history import Profile
from assistant.lexicon import load_lexicons
from assistant.parsing.moves import Moves
from assistant.parsing.parser import Parser
from assistant.parsing.request import Act, Context, Wants
from assistant.parsing.tongues import Tongues
from assistant.prompts import Prompts
from assistant.ranking import Part, Pick
from assistant.texts import load_texts

SMALL = ["mi", "volu", "un", "filmo", "pri", "kon", "ne", "tu"]
"""Small words of Zamic, which nobody speaks."""


@pytest.fixture(scope="module")
def data(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with Zamic in it: every file ``docs/languages.md`` asks for, none more."""
    data = tmp_path_factory.mktemp("zamic") / "data"
    shutil.copytree(project / "data", data, ignore=shutil.ignore_patterns("vectors", "phraser"))
    english, zamic = data / "languages" / "en", data / "languages" / "zm"
    (zamic / "grammar").mkdir(parents=True)
    _write(zamic / "script.json", {"letters": "[a-z]+", "words": SMALL})
    for kind in ("genres", "themes", "countries", "languages", "collections"):
        _write(zamic / f"{kind}.json", {})
    _write(zamic / "genres.json", {"Horror": {"name": "timoro", "words": ["timoro"]}})
    tones = json.loads((english / "tones.json").read_bytes())
    words = {"funny": ["ridulo"]}
    _write(
        zamic / "tones.json",
        {
            tone: {"name": f"{tone}o", "more": f"plu {tone}o", "less": f"min {tone}o"}
            | {"words": words.get(tone, [])}
            for tone in tones
        },
    )
    for path in sorted((english / "grammar").glob("*.json")):
        _write(zamic / "grammar" / path.name, {})
    _write(zamic / "grammar" / "style.json", {"words": ["stilo"]})
    _write(zamic / "grammar" / "pieces.json", {"film": ["filmo"]})
    _write(zamic / "grammar" / "stop.json", {"words": SMALL, "film_word": r"\s*filmo"})
    _write(zamic / "grammar" / "answers.json", {"yes": ["ja ja"], "no": ["ne ne"], "filler": []})
    _write(
        zamic / "grammar" / "acts.json", {"recommend": [r"\bmi volu\b"], "more": [r"\bplupli\b"]}
    )
    page = json.loads((english / "page.json").read_bytes())
    _write(zamic / "page.json", page)
    prompts = data / "prompts"
    shutil.copytree(project / "prompts", prompts)
    (prompts / "zm").mkdir()
    for path in (prompts / "en").glob("*.txt"):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line]
        joins = path.stem.startswith(("list_", "form_", "word_", "part_"))
        text = "\n".join(line if joins else f"zo {line}" for line in lines)
        (prompts / "zm" / path.name).write_text(text, encoding="utf-8")
    return data


def _write(path: Path, record: object) -> None:
    path.write_text(json.dumps(record), encoding="utf-8")


def test_a_message_in_it_is_told_and_understood(data: Path, tiny_catalogue: Catalogue) -> None:
    parser = Parser(tiny_catalogue, load_lexicons(data / "languages"), data)
    request = parser.parse("mi volu un timoro filmo", Context())
    assert request.language == "zm"
    assert Act.RECOMMEND in request.acts
    assert request.wants.limits.genres == (frozenset({"Horror"}),)
    assert parser.parse("un ridulo filmo", Context()).wants.tone["funny"] > 0


def test_other_languages_are_told_as_before(data: Path) -> None:
    tongues = Tongues(data / "languages", ("en", "zh", "zm"))
    assert tongues.of("I want a horror film", "zm") == "en"
    assert tongues.of("推荐一部 horror 电影", "zm") == "zh"
    assert tongues.of("123 🙂", "zm") == "zm"


def test_it_answers_a_guess(data: Path) -> None:
    moves = Moves(data / "languages", ("en", "zh", "zm"))
    assert moves.read("ja ja", guessing=True).kind == "yes"


def test_it_is_spoken(data: Path, tiny_catalogue: Catalogue) -> None:
    lexicons = load_lexicons(data / "languages")
    explainer = Explainer(Prompts(data / "prompts"), lexicons, tiny_catalogue)
    pick = Pick(tiny_catalogue["tt5"], 0.5, (Part("popularity", 0.5),))
    said = explainer.reasons([pick], Wants(), Profile(), "zm", 0)
    assert said[0].text.startswith("Zo ")
    late = explainer.why_not(Standing(pick, 9, (), "", ()), "zm")
    assert late.startswith("Zo It fits") and "9" in late


def test_its_page_loads(data: Path) -> None:
    assert set(load_texts(data / "languages")) == {"en", "zh", "zm"}


def test_a_missing_script_file_is_told(data: Path, tmp_path: Path) -> None:
    (tmp_path / "zm").mkdir()
    with pytest.raises(DataError, match=r"docs/languages\.md"):
        Tongues(tmp_path, ("zm",))


def test_the_guide_names_every_file(project: Path) -> None:
    guide = (project / "docs" / "languages.md").read_text(encoding="utf-8")
    english = project / "data" / "languages" / "en"
    for path in (*english.glob("script.json"), *english.glob("grammar/*.json")):
        assert path.name in guide, path.name
