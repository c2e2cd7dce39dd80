"""What is learned of weights, on candidates made so that one column tells what was liked."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.metrics import discounted_gain
from assistant.scoring import PARTS
from assistant.weighing import LEARNED, MODEST, Sheet, _gains, sheet_of, weighed
from assistant.weights import VARIETY, Ranker, Unasked

OWN = 0.5
RANKER = Ranker(
    dict.fromkeys(PARTS, 1.0) | {"profile": OWN},
    0.4,
    "tests",
    (Unasked(0.0, {"popularity": 0.5, VARIETY: 0.2}),),
)
OFTEN, COMPANY = LEARNED.index("often"), LEARNED.index("company")


def sheets(given: int, telling: int, count: int = 30) -> list[Sheet]:
    """Moments after ``given`` likes where the film of the highest ``telling`` column is liked and
    all other parts of the score are noise."""
    rng = np.random.default_rng(given)
    made = []
    for _ in range(count):
        rest, learned = rng.random(60), rng.random((60, len(LEARNED)))
        chosen = learned[:, telling] >= np.sort(learned[:, telling])[-3]
        made.append(
            Sheet(rest.astype(np.float32), learned.astype(np.float32), chosen, 3, given, given)
        )
    return made


def test_what_tells_early_counts_early_and_what_tells_late_counts_late() -> None:
    ranker = weighed([*sheets(0, OFTEN), *sheets(20, COMPANY)], RANKER)
    nothing, much = ranker.unasked
    assert (nothing.likes, much.likes) == (0, 20)
    assert nothing.shares["often"] > much.shares["often"]
    assert nothing.shares["company"] < much.shares["company"]
    counts = [ranker.weights["often"] * u.shares["often"] for u in ranker.unasked]
    rest = nothing.shares["acclaim"]
    assert counts[0] > 3 * rest
    assert nothing.shares["popularity"] == pytest.approx(0.5 * rest, abs=1e-3)
    assert nothing.shares[VARIETY] == pytest.approx(0.2 * rest, abs=1e-3)


def test_beside_a_wish_what_is_learned_stays_modest() -> None:
    ranker = weighed([*sheets(0, OFTEN), *sheets(20, COMPANY)], RANKER)
    for name in ("often", "company"):
        assert MODEST[name][0] <= ranker.weights[name] <= MODEST[name][1]
    assert OWN <= ranker.weights["profile"] <= 2 * OWN
    assert all(0 <= share <= 1 for u in ranker.unasked for share in u.shares.values())
    untouched = set(PARTS) - set(LEARNED)
    assert all(ranker.weights[name] == RANKER.weights[name] for name in untouched)


def test_the_rest_counts_alike_after_however_many_likes() -> None:
    """Else one like more or less would move every score, whatever it has to do with the film."""
    ranker = weighed([*sheets(0, OFTEN), *sheets(20, COMPANY)], RANKER)
    assert ranker.unasked[0].shares["acclaim"] == ranker.unasked[1].shares["acclaim"]


def test_gains_are_those_of_the_lists() -> None:
    sheet = sheets(3, COMPANY, 1)[0]
    weights = np.array([[0.0, 2.0, 1.0], [1.0, 0.0, 0.0]], np.float32)
    for weight, gain in zip(weights, _gains(sheet, weights), strict=True):
        order = np.argsort(-(sheet.rest + sheet.learned @ weight), kind="stable")[:10]
        assert gain == pytest.approx(discounted_gain(sheet.chosen[order].tolist(), 3), abs=1e-6)


def test_a_sheet_sums_all_but_the_learned_parts_as_where_nothing_is_asked() -> None:
    parts = {name: np.full(4, n, np.float32) for n, name in enumerate(PARTS)}
    sheet = sheet_of(parts, np.array([True, False, False, False]), 1, 0, 0.0, RANKER)
    others = [n for n, name in enumerate(PARTS) if name not in LEARNED]
    assert sheet.rest[0] == pytest.approx(sum(others) - 0.5 * PARTS.index("popularity"))
    assert sheet.learned[0].tolist() == [PARTS.index(name) for name in LEARNED]
