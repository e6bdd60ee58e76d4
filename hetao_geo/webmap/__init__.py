"""The border map: one HTML file that works offline, built with folium.

page      the folium map and the figure that renders it
tree      the folium elements under a map
payload   what the scripts of the page draw, as JSON
panel     what the page says in words; entries are its pieces, wording its languages
picture   the still map for readers without scripts
chart     stated against measured areas, as a small drawing
locator   the Greater Bay Area, and the four zones by size
swatch    the symbols of the legend
own       polygons of a reader's file in place of the parks
basemap   base maps that the reader may choose; tile_address checks where they come from
theme     style sheet and scripts; looks follow ``style.toml``
policy    the Content-Security-Policy
"""

from __future__ import annotations

from hetao_geo.webmap.page import BorderMap, build_map

__all__ = ["BorderMap", "build_map"]
