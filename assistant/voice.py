"""One way of putting names, lists and templates into words, shared by reasons and answers.

Knows the prompts, the lexicons and the catalogue's titles; nothing of picks or scores. Next in
the flow: ``film_answers`` and ``explanation`` speak with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.catalogue import Catalogue, Film
from assistant.errors import DataError
from assistant.facts import show_title
from assistant.lexicon import Lexicon
from assistant.prompts import Prompts

_NEEDS_THE = ("United ", "Netherlands", "Philippines", "Czech Republic", "Soviet Union", "Bahamas")


@dataclass(frozen=True)
class Voice:
    """Templates and names in every language."""

    prompts: Prompts
    lexicons: Mapping[str, Lexicon]
    catalogue: Catalogue

    def check(self, language: str) -> None:
        """Raises ``DataError`` for a language there are no words for."""
        if language not in self.lexicons or language not in self.prompts.languages:
            raise DataError(f"no words for language {language!r}; known: {sorted(self.lexicons)}")

    def say(self, prompt: str, language: str, variant: int = 0, /, **values: Film | str) -> str:
        """One template filled; films are shown by their title in the language."""
        shown = {
            key: value if isinstance(value, str) else show_title(value, language)
            for key, value in values.items()
        }
        text = self.prompts.render(prompt, language, shown, variant)
        return text[:1].upper() + text[1:]

    def join(self, items: Sequence[str], language: str) -> str:
        """``"A, B and C"`` as the language writes it; empty for no items."""
        if len(items) < 2:
            return "".join(items)
        first = items[0]
        for item in items[1:-1]:
            first = self.prompts.render("list_more", language, {"a": first, "b": item})
        return self.prompts.render("list_two", language, {"a": first, "b": items[-1]})

    def paragraph(self, sentences: Sequence[str], language: str) -> str:
        """The sentences one after the other, spaced as the language does."""
        text = sentences[0]
        for sentence in sentences[1:]:
            text = self.prompts.render("list_sentence", language, {"a": text, "b": sentence})
        return text

    def names(self, kind: str, canonical: Sequence[str], language: str) -> str:
        """Names of one lexicon kind, joined."""
        lexicon = self.lexicons[language]
        names = [lexicon.name(kind, name) for name in canonical]
        if language == "en" and kind == "countries":
            names = [f"the {n}" if n.startswith(_NEEDS_THE) else n for n in names]
        if language == "en" and kind == "genres":
            names = [_lower(name) for name in names]
        return self.join(names, language)

    def titles(self, ids: Sequence[str], language: str) -> str:
        """Titles of those films the catalogue holds, joined."""
        films = [self.catalogue.get(film_id) for film_id in ids]
        return self.join([show_title(f, language) for f in films if f is not None], language)

    def label(self, part: str, language: str) -> str:
        """A score part's name for people."""
        return self.prompts.render(f"part_{part}", language)

    def tones(self, signed: Sequence[str], language: str) -> str:
        """Comparatives of tones given as ``"funny+"`` or ``"slow-"``, joined."""
        lexicon = self.lexicons[language]
        forms = [(tone[:-1], "more" if tone.endswith("+") else "less") for tone in signed]
        words = [lexicon.text("tones", tone, form) for tone, form in forms]
        text = words[0] if words else ""
        for word in words[1:]:
            text = self.prompts.render("list_tones", language, {"a": text, "b": word})
        return text

    def dressed(self, values: Mapping[str, str], language: str) -> dict[str, str]:
        """Canonical fact values in the language's words (runtime "97" to "97 minutes")."""
        shown = dict(values)
        if "mood" in shown:
            shown["mood"] = self.prompts.render(f"mood_{_slug(shown['mood'])}", language)
        if "genre" in shown:
            noun = f"noun_{_slug(shown['genre'])}"
            if noun in self.prompts.names():
                shown["genre"] = self.prompts.render(noun, language)
            else:
                shown["genre"] = self.names("genres", [shown["genre"]], language)
        for name in ("decade", "runtime"):
            if name in shown:
                shown[name] = self.prompts.render(f"form_{name}", language, {name: shown[name]})
        if "country" in shown:
            shown["country"] = self.names("countries", [shown["country"]], language)
        return shown


def _slug(name: str) -> str:
    return name.lower().replace(" ", "_").replace("-", "_")


def _lower(name: str) -> str:
    """A genre name inside an English sentence; abbreviations such as "B-Movie" stay."""
    return name if name.isupper() else name.lower()
