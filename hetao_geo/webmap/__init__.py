"""The border map: one HTML file that works offline, and a folium map.

page        measure, build, render: the document, from a jinja2 template and data
border_map  the folium map, an adapter over the page
additions   what somebody adds to it; tree walks folium's elements, markup reads HTML
payload   what the scripts of the page draw, as JSON
panel     what the page says in words; entries are its pieces, wording its languages
drawing   the map as one SVG: still for readers without scripts, moved by them otherwise
chart     stated against measured areas, as a small drawing
locator   the Greater Bay Area, and the four zones by size
swatch    the symbols of the legend
own       polygons of a reader's file in place of the parks
differences  two sets of polygons, and what only one of them has
basemap   base maps that the reader may choose, each a basemap_model with a credit; tile_address
          checks where they come from
theme     style sheet and scripts; looks follow ``style.toml``
policy    the Content-Security-Policy
"""

from __future__ import annotations

from hetao_geo.webmap.border_map import BorderMap, build_map

__all__ = ["BorderMap", "build_map"]
