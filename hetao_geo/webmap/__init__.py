"""The border map: one HTML file that works offline, built with folium.

page      the folium map and the figure that renders it
payload   what the scripts of the page draw, as JSON
panel     what the page says in words
places    what is said about each park, part and crossing
picture   the still map for readers without scripts
chart     stated against measured areas, and zones by size, as small drawings
basemap   base maps that the reader may choose
theme     the style sheet that follows ``style.toml``
policy    the Content-Security-Policy
"""

from __future__ import annotations

from hetao_geo.webmap.page import BorderMap, build_map

__all__ = ["BorderMap", "build_map"]
