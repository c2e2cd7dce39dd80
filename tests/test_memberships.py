"""Which studio, series and prize lists films belong to, and the lists that are kept."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from assistant.catalogue import load_catalogue
from assistant.errors import DataError
from assistant.importers.memberships import load_memberships
from assistant.lexicon import load_lexicons


def test_a_film_on_two_lists_belongs_to_both(tmp_path: Path) -> None:
    path = tmp_path / "collections.json"
    path.write_text('{"Pixar": ["tt1", "tt2", "tt1"], "Disney": ["tt1"]}')
    assert load_memberships(path) == {"tt1": ("Pixar", "Disney"), "tt2": ("Pixar",)}


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"Pixar": "tt1"}', '{"Pixar": [1]}', '{"Pixar": [""]}']
)
def test_a_file_that_holds_no_lists_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "collections.json"
    path.write_text(text)
    with pytest.raises(DataError, match=r"collections\.json"):
        load_memberships(path)
    with pytest.raises(DataError, match="gone"):
        load_memberships(tmp_path / "gone.json")


def test_the_bundled_films_belong_where_the_lists_put_them(project: Path) -> None:
    """The lists were changed, or the catalogue built, without the other."""
    kept = load_memberships(project / "data" / "collections.json")
    catalogue = load_catalogue([project / "data" / "films"])
    assert {film.id: film.collections for film in catalogue if film.collections} == kept


def test_every_list_has_a_name_in_every_language(project: Path) -> None:
    names = set(orjson.loads((project / "data" / "collections.json").read_bytes()))
    for lexicon in load_lexicons(project / "data" / "languages").values():
        entries = lexicon.entries["collections"]
        assert names <= entries.keys()
        assert {name for entry in entries.values() for name in entry.get("any", ())} <= names
