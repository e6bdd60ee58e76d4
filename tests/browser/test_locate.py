"""A click on the map and `hetao_geo.locate` answer alike."""

from collections.abc import Callable

import numpy as np
from playwright.sync_api import Page

import hetao_geo

COUNT = 1000
ANSWERS = {"near": "uncertain", "inside": "inside", "outside": "outside"}
# The page has positions to 1e-5 degrees: a metre, of limits known to 12 m and more.
METRES, CHANCE = 2.0, 0.05


def test_the_page_and_python_agree_on_a_thousand_points(show: Callable[..., Page]) -> None:
    chance = np.random.default_rng(7)
    lon, lat = chance.uniform(114.03, 114.09, COUNT), chance.uniform(22.497, 22.54, COUNT)
    found = hetao_geo.locate((lon, lat))
    answers = show().evaluate(
        "points => points.map(([lon, lat]) => { const { park } = hetao.locate(lon, lat);"
        " return [park.feature.id, park.answer, park.inside, park.metres, park.chance]; })",
        np.column_stack([lon, lat]).tolist(),
    )
    park, answer, inside, metres, probability = (
        np.array(column) for column in zip(*answers, strict=True)
    )
    sure = np.abs(found["distance_m"]) > METRES
    assert (inside == (found["distance_m"] > 0))[sure].all()
    assert np.abs(metres - np.abs(found["distance_m"])).max() < METRES
    assert np.abs(probability - found["probability"]).max() < CHANCE
    # Half way between the parks a metre may change which one is the nearest.
    assert (park == found["park"]).sum() > COUNT - 5
    margin = np.abs(np.abs(found["probability"] - 0.5) - 0.475)
    told = np.array([ANSWERS[word] for word in answer.tolist()])
    assert (told == found["status"])[margin > CHANCE / 2].all()
    assert {"inside", "outside", "uncertain"} == set(told)
