"""Which films a question, a verdict or a "save it" is about.

Named films and references of the same sentence first, then those of the whole message, then the
film last talked about, then the only film shown. Next in the flow: ``opinions`` and ``parser``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.catalogue import Catalogue
from assistant.parsing.acts import POINTING, Said
from assistant.parsing.message import Span
from assistant.parsing.references import Reference
from assistant.parsing.request import Act, Context, Mention, Unresolved
from assistant.parsing.signs import Signed
from assistant.parsing.wishes import film_ids


def resolve_pronouns(signed: Sequence[Signed]) -> tuple[Signed, ...]:
    """Let "it" and "that" stand for the film named before them in the same message, if any."""
    last: tuple[str, ...] = ()
    resolved = []
    for item in signed:
        value = item.mark.value
        if isinstance(value, Reference) and value.weak:
            if last:
                mark = replace(item.mark, value=replace(value, films=last))
                item = replace(item, mark=mark)
        elif film_ids(item):
            last = film_ids(item)
        resolved.append(item)
    return tuple(resolved)


def pointed_films(
    said: Said,
    signed: Sequence[Signed],
    sentences: Sequence[Span],
    context: Context,
    catalogue: Catalogue,
) -> tuple[str, ...]:
    """Ids the message's pointing acts are about, in the order said; empty where none fit."""
    compares = Act.COMPARE in said.acts
    near = said.sentences_of(POINTING, sentences)
    here = [item for item in signed if any(item.mark.span.overlaps(span) for span in near)]
    found = _strong(here) or _any(here) or _strong(signed) or _any(signed)
    if not found and not (compares or said.has("why")):
        found = _on_the_table(context)
    elif not found and said.has("why") and context.focus is not None and _any_weak(here):
        found = (context.focus,)
    elif compares and not found:
        found = context.shown
    elif compares and len(found) == 1:
        found = tuple(dict.fromkeys([*found, *_on_the_table(context), *context.shown]))[:2]
    return tuple(film for film in found if film in catalogue)


def _on_the_table(context: Context) -> tuple[str, ...]:
    if context.focus is not None:
        return (context.focus,)
    return context.shown if len(context.shown) == 1 else ()


def is_strong(item: Signed) -> bool:
    """Whether it points by itself ("the second one"), unlike a mere "it"."""
    return isinstance(item.mark.value, Reference) and not item.mark.value.weak


def _strong(items: Iterable[Signed]) -> tuple[str, ...]:
    return _ids(i for i in items if not _is_weak(i))


def _any(items: Iterable[Signed]) -> tuple[str, ...]:
    return _ids(items)


def _any_weak(items: Iterable[Signed]) -> bool:
    return any(_is_weak(item) for item in items)


def _is_weak(item: Signed) -> bool:
    return isinstance(item.mark.value, Reference) and item.mark.value.weak


def _ids(items: Iterable[Signed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(film for item in items for film in film_ids(item)))


def unresolved_references(
    text: str, signed: Sequence[Signed], acts: Sequence[Act], pointed: Sequence[str]
) -> tuple[Unresolved, ...]:
    """References that point at nothing shown, and acts that need a film and got none."""
    missing = []
    for item in signed:
        value = item.mark.value
        wished = Act.RECOMMEND in acts or Act.REFINE in acts
        claimed = isinstance(value, Reference) and (
            not value.weak or (item.stance is not None and not wished)
        )
        if claimed and not film_ids(item) and not pointed:
            span = item.mark.span
            missing.append(Unresolved(text[span.start : span.end].strip(), "reference"))
    needs = POINTING.intersection(acts) - {Act.WHY}
    named = any(isinstance(item.mark.value, Mention) for item in signed)
    if needs and not pointed and not missing and not named:
        missing.append(Unresolved(text.strip()[:80], "reference"))
    return tuple(missing)
