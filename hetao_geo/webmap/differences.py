"""The page with two sets of polygons, and what only one of them has."""

from __future__ import annotations

import os
from collections.abc import Sequence

import folium
import shapely

from hetao_geo import style, text
from hetao_geo.catalog import Feature
from hetao_geo.comparison import Comparison, differences
from hetao_geo.text import printable
from hetao_geo.webmap.border_map import BorderMap, build_map


def difference_map(
    comparison: Comparison, reference: str | os.PathLike[str] | None = None, language: str = "en"
) -> BorderMap:
    """Return the page of the reference, with the other outlines and the differences above it.

    Parameters
    ----------
    comparison : Comparison
    reference : path, optional
        The file of the reference; without it the parks.
    language : str
        The language shown first.
    """
    page = build_map(language, parks=reference)
    words = text.labels("roles", language)
    _add(page, comparison.sets[1], "own-polygon", words["own-polygon"])
    found = differences(comparison)
    for role in ("only-reference", "only-file"):
        _add(page, [row for row in found if row.properties["role"] == role], role, words[role])
    return page


def _add(page: BorderMap, rows: Sequence[Feature], role: str, title: str) -> None:
    if not rows:
        return
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"{title}: {printable(row.id)}"},
            "geometry": shapely.geometry.mapping(row.geometry),
        }
        for row in rows
    ]
    look = style.role(role)
    options = {"color": look.stroke, "weight": look.width, "fillColor": look.fill}
    options["fillOpacity"] = 0 if role == "own-polygon" else look.fill_opacity
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        name=title,
        style_function=lambda _: options,
    ).add_to(page)
