"""Weights learned from choices that are known, and kept apart by conversation."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.catalogue import Catalogue, Film
from assistant.crossfitting import CrossFit, listed, sheet_of
from assistant.fitting import Example, fit_weights
from assistant.history import Profile
from assistant.parsing.request import Wants
from assistant.ranking import PARTS
from assistant.selection import Selector
from assistant.space import Space
from assistant.weights import Ranker
from tests.test_ranking import FakeIndex

START = dict.fromkeys(PARTS, 0.5)
ERA, TONE = PARTS.index("era"), PARTS.index("tone")


def examples(count: int = 60) -> list[Example]:
    """Lists of ten in which the film of the right era is always chosen."""
    rng = np.random.default_rng(3)
    made = []
    for _ in range(count):
        columns = rng.random((10, len(PARTS))).astype(np.float32)
        chosen = np.zeros(10, bool)
        chosen[int(np.argmax(columns[:, ERA]))] = True
        made.append(Example(columns, chosen))
    return made


def test_the_part_that_tells_the_choice_gets_the_weight() -> None:
    weights = fit_weights(examples(), START)
    assert max(weights, key=lambda name: weights[name]) == "era"
    assert weights["era"] > 3.0


def test_no_weight_falls_below_zero() -> None:
    backwards = [Example(-e.columns, e.chosen) for e in examples()]
    assert min(fit_weights(backwards, START).values()) >= 0.0


def test_a_part_that_no_list_moves_keeps_its_weight() -> None:
    still = [Example(e.columns * (np.arange(len(PARTS)) != TONE), e.chosen) for e in examples()]
    assert fit_weights(still, START)["tone"] == pytest.approx(0.5, abs=1e-3)


def test_without_lists_the_weights_stay() -> None:
    assert fit_weights([], START) == START


# Cross-fitting

FILMS = Catalogue(
    [Film(f"tt{n}", f"Film {n}", 2000 + n % 5, popularity=1 - n / 50) for n in range(40)]
)
SPACE = Space(FILMS)


@pytest.fixture(scope="module")
def selector() -> Selector:
    index = FakeIndex(FILMS)
    return Selector(
        catalogue=FILMS,
        space=SPACE,
        index=index,  # type: ignore[arg-type]  # the few methods a list needs
        encode=lambda texts: index.film_vectors[: len(texts)],
        ranker=Ranker(dict(START, company=0.0), 0.2, "tests"),
        crowd=None,
        recall=lambda: pytest.fail("nothing is described here"),
        count=5,
        seed=7,
    )


def cross_fit(selector: Selector, targets: dict[str, str]) -> CrossFit:
    """A fit over conversations that each name tt0 and then settle on one film."""
    query, candidates = selector.candidates(Wants(like=("tt0",)), Profile(), 2026)
    return CrossFit(
        [
            sheet_of(name, query, candidates, selector, [target], ["tt0"])
            for name, target in targets.items()
        ],
        selector,
        folds=4,
    )


def test_a_sheet_gives_the_very_list_the_product_gives(selector: Selector) -> None:
    wants = Wants(like=("tt3", "tt9"))
    query, candidates = selector.candidates(wants, Profile(), 2026)
    sheet = sheet_of("talk", query, candidates, selector, [], [])
    _, picks = selector.recommend(wants, Profile(), count=12, as_of=2026)
    assert listed(sheet, selector.ranker, None, selector, 12) == [p.film.id for p in picks]


def test_what_others_chose_moves_the_list(selector: Selector) -> None:
    fit = cross_fit(selector, {f"talk/{n}": "tt30" for n in range(24)})
    assert fit.best(fit.sheets[0], 3)[0] == "tt30"


def test_a_conversations_own_choice_is_never_learned_for_it(selector: Selector) -> None:
    """The odd one out chose tt35, nobody else did: its own list must not know."""
    others = {f"talk/{n}": "tt30" for n in range(24)}
    odd = cross_fit(selector, {**others, "odd": "tt35"})
    same = cross_fit(selector, {**others, "odd": "tt30"})
    assert odd.best(odd.sheets[-1], 20) == same.best(same.sheets[-1], 20)
