"""The border map for print: PNG, SVG or PDF, drawn with matplotlib (extra ``figure``).

The same ground, names and colours as the page, in the Hong Kong 1980 Grid. The same input, fonts
and matplotlib give the same bytes.
"""

from __future__ import annotations

from hetao_geo.figure.building import build_figure
from hetao_geo.figure.saving import FORMATS, save_figure

__all__ = ["FORMATS", "build_figure", "save_figure"]
