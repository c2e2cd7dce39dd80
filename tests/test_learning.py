"""What an installation's own people teach, on two made-up circles of taste."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assistant.history import Profile
from assistant.learning import films_rated, learn_taste, liked_by
from assistant.parsing.request import Wants
from assistant.ranking import PARTS
from assistant.selection import Selector
from assistant.store import Entry
from assistant.weights import Ranker
from tests.test_fitting import selector

__all__ = ["selector"]
IN_2010_S = 1.27e9
FLAT = Ranker(dict.fromkeys(PARTS, 0.0) | {"popularity": 0.1}, 0.0, "tests")


def circles(people: int = 60, films: int = 12) -> dict[str, tuple[Entry, ...]]:
    """Half of the people like films of the first twenty alone, half of the last twenty."""
    rng = np.random.default_rng(5)
    made = {}
    for n in range(people):
        liked = rng.permutation(20)[:films] + 20 * (n % 2)
        made[f"p{n}"] = tuple(
            Entry("rate", f"tt{film}", 5.0, IN_2010_S + at)
            for at, film in enumerate(liked.tolist())
        )
    return made


def test_company_gets_weight_where_people_keep_to_their_circle(selector: Selector) -> None:
    learned = learn_taste(circles(), replace(selector, ranker=FLAT))
    assert learned.ranker.weights["company"] > 0.0
    assert "people" in learned.ranker.trained_on
    assert learned.ranker.weights["popularity"] == 0.1


def test_the_profile_keeps_its_place_beside_what_others_taught(selector: Selector) -> None:
    own = 0.4
    ranker = replace(FLAT, weights=FLAT.weights | {"profile": own})
    learned = learn_taste(circles(), replace(selector, ranker=ranker))
    assert own <= learned.ranker.weights["profile"] <= 2 * own


def test_a_list_after_learning_stays_in_the_circle(selector: Selector) -> None:
    people = circles()
    taught = learn_taste(people, replace(selector, ranker=FLAT))
    ours = replace(selector, crowd=taught.crowd, ranker=taught.ranker)
    _, picks = ours.recommend(Wants(like=("tt25", "tt31")), Profile(), count=8, as_of=2010.5)
    assert all(int(pick.film.id[2:]) >= 20 for pick in picks)


def test_everybody_teaches_the_links_that_are_kept(selector: Selector) -> None:
    assert learn_taste(circles(), selector).crowd.lists == 60


def test_the_weights_stay_where_nobody_judges(selector: Selector) -> None:
    nobody = learn_taste({}, selector)
    assert nobody.ranker == selector.ranker
    assert nobody.crowd.lists == 0


def test_what_is_liked_is_told_from_what_is_rated() -> None:
    people = {"ann": (Entry("rate", "tt1", 2.0, 1.0), Entry("rate", "tt2", 4.0, 2.0))}
    assert liked_by(people) == [["tt2"]]
    assert films_rated(people) == {"tt1", "tt2"}
