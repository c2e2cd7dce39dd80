"""The shape of the package: imports go down the layers, heavy libraries have one door each."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "assistant"
LAYERS: tuple[tuple[str, ...], ...] = (
    ("errors",),
    (
        "config",
        "catalogue",
        "screening",
        "standing",
        "typicality",
        "timeline",
        "metrics",
        "pictures",
        "lexicon",
        "prompts",
        "wording",
        "texts",
        "phrases",
        "phrasing",
    ),
    ("echoes",),
    (
        "importers",
        "embedding",
        "index",
        "drafts",
        "decoding",
        "borrowed",
        "generation",
        "parsing",
        "store",
        "space",
        "taste_map",
        "request_map",
        "crowd",
        "rendering",
    ),
    ("history", "retrieval", "chips", "posters", "recall", "asking"),
    ("ranking", "scoring", "personal", "grounds", "facts", "taste_panel", "fitting", "weights"),
    ("conversation", "voice", "buttons", "superlatives"),
    ("dialogue", "selection", "counterfactual"),
    ("crossfitting", "baselines", "learning", "weighing"),
    ("film_answers", "explanation", "tellings"),
    ("moment", "answers", "introductions", "speech", "reply", "memory"),
    ("chat",),
    ("opening",),
    (
        "cards",
        "training",
        "curves",
        "training_heads",
        "evaluation",
        "evaluation_acts",
        "evaluation_halves",
        "evaluation_limits",
        "evaluation_history",
        "evaluation_similar",
        "evaluation_requests",
        "evaluation_variety",
        "evaluation_space",
        "evaluation_stability",
        "evaluation_dialogues",
        "evaluation_mentions",
        "evaluation_opinions",
        "training_titles",
        "evaluation_slots",
        "proof",
        "word_cases",
        "repetition",
        "evaluation_words",
        "evaluation_faithfulness",
        "benchmarks",
        "benchmark_ranking",
        "doctor",
    ),
    ("web",),
    ("cli",),
)
"""Lowest first. A module may import from its own layer where that makes no circle, and from any
layer below it."""
DOORS = {
    "sentence_transformers": {"embedding"},
    "chromadb": {"index"},
    "transformers": {"generation", "borrowed", "training", "embedding"},
    "torch": {"generation", "decoding", "borrowed", "training", "embedding", "benchmarks"},
    "tokenizers": {"generation", "training"},
    "gradio": {"web"},
    "fastapi": {"web"},
    "uvicorn": {"web"},
    "opencc": {"parsing"},
    "rapidfuzz": {"parsing", "cli"},
    "typer": {"cli"},
    "rich": {"cli"},
    "sklearn": {"importers", "training", "training_titles"},
    "matplotlib": {"curves", "pictures"},
    "sqlite3": {"store", "doctor", "index"},
    "filelock": {"store"},
    "jinja2": {"rendering"},
}
"""Which of our modules may import a library. embedding and training also touch torch and
transformers to set threads, quiet them and train; doctor reads the history without the
store; index catches what Chroma's own database raises."""
HEAVY = ("torch", "transformers", "sentence_transformers", "chromadb", "gradio", "sklearn")
LIGHT = (
    "assistant",
    "assistant.catalogue",
    "assistant.config",
    "assistant.parsing",
    "assistant.store",
    "assistant.history",
    "assistant.ranking",
    "assistant.explanation",
    "assistant.generation",
    "assistant.embedding",
    "assistant.index",
    "assistant.chat",
    "assistant.opening",
    "assistant.cli",
    "assistant.web",
)
LONGEST_FILE = 400


def unit_of(module: str) -> str:
    """Our module or package below ``assistant`` that a dotted name lies in."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports_of(path: Path) -> Iterator[tuple[str, bool]]:
    """(dotted name, whether it is for type checkers only) of everything a file imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    only_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, id(node) in only_types
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it goes"
            if node.module == "assistant":
                for name in node.names:
                    yield f"assistant.{name.name}", id(node) in only_types
            else:
                yield node.module or "", id(node) in only_types


def modules() -> list[tuple[Path, str]]:
    """(file, unit) of every file of ours that belongs to a layer."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        unit = inside.parts[0].removesuffix(".py")
        if unit not in ("__init__", "__main__"):
            found.append((path, unit))
    return found


def test_every_module_has_a_layer() -> None:
    placed = [unit for layer in LAYERS for unit in layer]
    assert len(placed) == len(set(placed))
    assert {unit for _, unit in modules()} <= set(placed)


def test_imports_go_down_the_layers() -> None:
    height = {unit: level for level, layer in enumerate(LAYERS) for unit in layer}
    upward = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path, unit in modules()
        for name, only_types in imports_of(path)
        if name.startswith("assistant.")
        and not only_types
        and height.get(unit_of(name), 99) > height[unit]
    ]
    assert upward == []


def test_modules_of_one_layer_make_no_circle() -> None:
    below: dict[str, set[str]] = {}
    for path, unit in modules():
        names = {unit_of(name) for name, only in imports_of(path) if not only and "." in name}
        below.setdefault(unit, set()).update(names & {u for _, u in modules()} - {unit})
    left = dict(below)
    while left:
        free = [unit for unit, needs in left.items() if not needs & left.keys()]
        assert free, f"these import each other in a circle: {sorted(left)}"
        for unit in free:
            del left[unit]


def test_each_heavy_library_has_its_door() -> None:
    elsewhere = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path, unit in modules()
        for name, only_types in imports_of(path)
        if (library := name.split(".")[0]) in DOORS
        and not only_types
        and unit not in DOORS[library]
    ]
    assert elsewhere == []


def test_what_is_imported_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {
        _plain(line.split(">")[0].split("=")[0].split("<")[0])
        for line in [*project["dependencies"], *project["optional-dependencies"]["training"]]
    } | {"starlette", "anyio"}  # both are FastAPI's own faces
    homes = packages_distributions()
    undeclared = {
        f"{library} in {path.relative_to(ROOT)}"
        for path, _ in modules()
        for name, _ in imports_of(path)
        if (library := name.split(".")[0]) not in sys.stdlib_module_names
        and library != "assistant"
        and not declared & {_plain(home) for home in homes.get(library, [library])}
    }
    assert undeclared == set()


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(".", "-").split("[")[0]


def test_importing_our_modules_loads_no_heavy_library() -> None:
    """In one new process: what one module pulls in would hide behind another's otherwise."""
    code = (
        "import importlib, sys\n"
        f"for name in {LIGHT!r}:\n"
        "    importlib.import_module(name)\n"
        f"    loaded = sorted(set({HEAVY!r}) & set(sys.modules))\n"
        "    assert not loaded, f'{name} loads {loaded}'\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def test_no_file_is_too_long_to_read() -> None:
    sizes = {p.name: len(p.read_text(encoding="utf-8").splitlines()) for p, _ in modules()}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path.name
        for path in PACKAGE.rglob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_only_the_command_line_prints() -> None:
    printing = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, unit in modules()
        if unit != "cli"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "eval", "exec")
    ]
    assert printing == []


def test_only_settings_read_the_environment() -> None:
    reading = [
        str(path.relative_to(ROOT))
        for path, unit in modules()
        if unit != "config"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("os.getenv", "os.environ.get")
    ]
    assert reading == []
