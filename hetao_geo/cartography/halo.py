"""The colour behind the letters: that of the ground below them."""

from __future__ import annotations

import shapely
from shapely.geometry import Point

from hetao_geo import style
from hetao_geo.cartography import ground
from hetao_geo.cartography.frame import Frame


class Halos:
    """Knows the colour of the ground at each place of a map.

    Parameters
    ----------
    frame : Frame
        The window of the map.
    layers : mapping
        Features by name of the layer, in points.
    scheme : str
        light, dark or print.
    """

    def __init__(self, frame: Frame, layers: ground.Layers, scheme: str) -> None:
        colours = style.ground(scheme)
        self._land = colours["land"]
        north = ground.territories(frame, layers).get("shenzhen")
        shapes = [(north, colours["land_shenzhen"])] if north else []
        for name in ("landcover", "wetland", "river"):
            for feature in layers.get(name, ()):
                fill = style.role(feature.properties["role"], scheme).fill or self._land
                shapes.append((ground.near(frame, feature.geometry), fill))
        for park in layers.get("parks", ()):
            look = style.role(park.properties["role"], scheme)
            fill = mix(look.fill or self._land, self._land, look.fill_opacity)
            shapes.append((park.geometry, fill))
        self._shapes = shapes
        for shape, _ in shapes:
            shapely.prepare(shape)

    def at(self, place: Point) -> str:
        """Return the colour at a place in points."""
        return next(
            (fill for shape, fill in reversed(self._shapes) if shape.contains(place)), self._land
        )


def mix(colour: str, under: str, opacity: float) -> str:
    """Return the colour that one sRGB colour over another gives.

    Examples
    --------
    >>> mix("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = [(int(colour[n : n + 2], 16), int(under[n : n + 2], 16)) for n in (1, 3, 5)]
    return "#" + "".join(f"{round(a * opacity + b * (1 - opacity)):02x}" for a, b in pairs)
